/* skipgram.c - see skipgram.h: what is to be drawn, the parts, the rounds. */
#include "text/skipgram.h"
#include "core/random.h"
#include "core/threads.h"
#include "kernel/kernel.h"
#include "kernel/math.h"
#include "kernel/pairs.h"
#include "text/skipgram_part.h"

#include <string.h>

typedef struct {
    uint32_t parts, uses; /* of a row in a round: parts that changed it, windows it was in */
} skipgram_count;

#define SKIPGRAM_STEPS SL_R(1.0) /* steps of the rate that all parts together may go with a row */

typedef struct {
    skipgram_job job;
    skipgram_part part[SKIPGRAM_SHARDS];
    skipgram_finder *finder;              /* one a worker */
    size_t longest;                       /* words of the longest part */
    skipgram_count *in_count, *out_count; /* [rows], [words]; 0 between rounds */
} skipgram_state;

/* --- what is drawn -------------------------------------------------------------------------------------- */

/* Walker's alias method, as Vose has it ("A linear algorithm for generating random numbers with a given
 * distribution", 1991): every word has a place of the same size, which it shares with one other at most. */
static sl_status skipgram_draws(skipgram_state *s)
{
    sl_ctx *ctx = s->job.ctx;
    const size_t words = s->job.text->words;
    skipgram_draw *draw = sl_alloc_array(ctx, words, sizeof *draw);
    double *share = sl_alloc_array(ctx, words, sizeof *share), sum = 0;
    size_t *rest =
        sl_alloc_array(ctx, words, sizeof *rest); /* small ones from the front, others from behind */
    s->job.draw = draw;
    if (draw && share && rest) {
        for (size_t i = 0; i < words; i++)
            sum += share[i] = sl_pow_d((double)s->job.text->times[i], 0.75);
        size_t small = 0, large = words;
        for (size_t i = 0; i < words; i++) {
            share[i] = share[i] / sum * (double)words;
            draw[i] = (skipgram_draw){ UINT32_MAX, (uint32_t)i };
            if (share[i] < 1)
                rest[small++] = i;
            else
                rest[--large] = i;
        }
        while (small && large < words) {
            const size_t a = rest[--small], b = rest[large];
            draw[a] = (skipgram_draw){ (uint32_t)(share[a] * 0x1p32), (uint32_t)b };
            share[b] -= 1 - share[a];
            if (share[b] < 1) {
                large++;
                rest[small++] = b;
            }
        }
    }
    sl_free(ctx, share);
    sl_free(ctx, rest);
    return ctx->status;
}

/* A word that is more than `sample` of the text is read with the probability sqrt(sample / share) + sample /
 * share, as word2vec has it. */
static sl_status skipgram_keeps(skipgram_state *s)
{
    const sl_skipgram_text *text = s->job.text;
    uint32_t *keep = sl_alloc_array(s->job.ctx, text->words, sizeof *keep);
    double sum = 0;
    s->job.keep = keep;
    for (size_t i = 0; i < text->words; i++)
        sum += (double)text->times[i];
    for (size_t i = 0; keep && i < text->words; i++) {
        const double rare = s->job.options->sample * sum / (double)text->times[i];
        const double p = sl_pow_d(rare, 0.5) + rare;
        keep[i] = !(s->job.options->sample > 0) || p >= 1 ? UINT32_MAX : (uint32_t)(p * 0x1p32);
    }
    return s->job.ctx->status;
}

/* --- memory --------------------------------------------------------------------------------------------- */

static sl_status skipgram_tables(skipgram_state *s)
{
    sl_ctx *ctx = s->job.ctx;
    const size_t size = (size_t)s->job.options->size, width = s->job.width;
    s->job.in = sl_alloc_array(ctx, s->job.text->rows, width * sizeof *s->job.in);
    s->job.out = sl_alloc_array(ctx, s->job.text->words, width * sizeof *s->job.out);
    for (size_t row = 0; !ctx->status && row < s->job.text->rows; row++)
        for (size_t k = 0; k < size; k++)
            s->job.in[row * width + k] = (sl_real)((sl_random_uniform(ctx->options.seed, SL_FOR_VECTORS,
                                                                      SKIPGRAM_START, 0, row * size + k) -
                                                    0.5) /
                                                   (double)size);
    return ctx->status;
}

static sl_status skipgram_rows_new(sl_ctx *ctx, skipgram_rows *rows, const sl_real *table, size_t width,
                                   size_t room)
{
    *rows = (skipgram_rows){ .table = table, .width = width, .room = room };
    rows->row = sl_alloc_array(ctx, room, sizeof *rows->row);
    rows->uses = sl_alloc_array(ctx, room, sizeof *rows->uses);
    rows->place = sl_alloc_array(ctx, room, sizeof *rows->place);
    rows->own = sl_alloc_array(ctx, room, width * sizeof *rows->own);
    return ctx->status;
}

/* The most rows of the input table that words of a part may touch in a round. */
static size_t skipgram_most_rows(const skipgram_state *s, size_t from, size_t end)
{
    const sl_skipgram_text *text = s->job.text;
    size_t most = 0;
    for (size_t at = from; at < end; at += s->job.chunk) {
        size_t rows = 0;
        const size_t first = at < s->job.margin ? 0 : at - s->job.margin,
                     last = at + s->job.chunk + s->job.margin;
        for (size_t i = first; i < last && i < text->count; i++)
            if (text->id[i] >= 0)
                rows += 1 + (text->from ? text->from[text->id[i] + 1] - text->from[text->id[i]] : 0);
        most = rows > most ? rows : most;
    }
    return most < text->rows ? most : text->rows;
}

static sl_status skipgram_parts(skipgram_state *s)
{
    sl_ctx *ctx = s->job.ctx;
    const sl_skipgram_text *text = s->job.text;
    const size_t width = s->job.width, slots = 2 * (size_t)s->job.options->window + 1,
                 targets = s->job.chunk * (size_t)(1 + s->job.options->negatives);
    for (size_t i = 0; i < SKIPGRAM_SHARDS && !ctx->status; i++) {
        skipgram_part *part = &s->part[i];
        const size_t from = text->count * i / SKIPGRAM_SHARDS, end = text->count * (i + 1) / SKIPGRAM_SHARDS;
        s->longest = end - from > s->longest ? end - from : s->longest;
        part->word = sl_alloc_array(ctx, s->job.chunk + 2 * s->job.margin, sizeof *part->word);
        part->position = sl_alloc_array(ctx, s->job.chunk + 2 * s->job.margin, sizeof *part->position);
        part->mean = sl_alloc_array(ctx, 2 * slots + 2, width * sizeof *part->mean);
        skipgram_rows_new(ctx, &part->in, s->job.in, width, skipgram_most_rows(s, from, end));
        skipgram_rows_new(ctx, &part->out, s->job.out, width, targets < text->words ? targets : text->words);
    }
    s->in_count = sl_alloc_array(ctx, text->rows, sizeof *s->in_count);
    s->out_count = sl_alloc_array(ctx, text->words, sizeof *s->out_count);
    const size_t workers = (size_t)sl_pool_threads(ctx->pool);
    s->finder = sl_alloc_array(ctx, workers, sizeof *s->finder);
    for (size_t i = 0; i < workers && !ctx->status; i++) {
        s->finder[i].in = sl_alloc_array(ctx, text->rows, sizeof(int));
        s->finder[i].out = sl_alloc_array(ctx, text->words, sizeof(int));
    }
    return ctx->status;
}

static void skipgram_rows_free(sl_ctx *ctx, skipgram_rows *rows)
{
    sl_free(ctx, rows->row);
    sl_free(ctx, rows->place);
    sl_free(ctx, rows->uses);
    sl_free(ctx, rows->own);
}

static void skipgram_free(skipgram_state *s)
{
    sl_ctx *ctx = s->job.ctx;
    skipgram_draw *draw;
    uint32_t *keep;
    memcpy(&draw, &s->job.draw, sizeof draw);
    memcpy(&keep, &s->job.keep, sizeof keep);
    sl_free(ctx, draw);
    sl_free(ctx, keep);
    sl_free(ctx, s->job.in);
    sl_free(ctx, s->job.out);
    for (size_t i = 0; i < SKIPGRAM_SHARDS; i++) {
        sl_free(ctx, s->part[i].word);
        sl_free(ctx, s->part[i].position);
        sl_free(ctx, s->part[i].mean);
        skipgram_rows_free(ctx, &s->part[i].in);
        skipgram_rows_free(ctx, &s->part[i].out);
    }
    for (size_t i = 0; s->finder && i < (size_t)sl_pool_threads(ctx->pool); i++) {
        sl_free(ctx, s->finder[i].in);
        sl_free(ctx, s->finder[i].out);
    }
    sl_free(ctx, s->finder);
    sl_free(ctx, s->in_count);
    sl_free(ctx, s->out_count);
    sl_free(ctx, s);
}

/* --- rounds --------------------------------------------------------------------------------------------- */

static void skipgram_part_task(void *argument, size_t task, int worker)
{
    skipgram_state *s = argument;
    sl_skipgram_part(&s->job, &s->part[task], &s->finder[worker]);
}

/* The share of what the parts have changed a row by. Each started from the same numbers: where so many
 * windows have used the row that every part has gone a long way, the sum of all would be too long a step, and
 * their mean is taken, or something between the two. */
static sl_real skipgram_share(const skipgram_state *s, const skipgram_count *count)
{
    const sl_real steps = (sl_real)count->uses * s->job.rate, least = 1 / (sl_real)count->parts;
    const sl_real share = steps > SKIPGRAM_STEPS ? SKIPGRAM_STEPS / steps : 1;
    return share < least ? least : share;
}

/* What the parts have changed, part by part. */
static void skipgram_add_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const skipgram_state *s = argument;
    const bool in = task < SKIPGRAM_BUCKETS;
    const size_t bucket = task % SKIPGRAM_BUCKETS, width = s->job.width;
    sl_real *table = in ? s->job.in : s->job.out;
    skipgram_count *count = in ? s->in_count : s->out_count;
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < SKIPGRAM_SHARDS; i++) {
            const skipgram_rows *rows = in ? &s->part[i].in : &s->part[i].out;
            for (size_t k = rows->bucket[bucket]; k < rows->bucket[bucket + 1]; k++) {
                const size_t place = (size_t)rows->place[k], row = (size_t)rows->row[place];
                if (pass == 0) {
                    count[row].parts++;
                    count[row].uses += (uint32_t)rows->uses[place];
                } else if (pass == 1) {
                    sl_pairs_add_share(s->job.ctx->isa, table + row * width, rows->own + place * width,
                                       skipgram_share(s, &count[row]), width);
                } else {
                    count[row] = (skipgram_count){ 0, 0 };
                }
            }
        }
}

static double skipgram_loss(skipgram_state *s)
{
    double loss = 0, pairs = 0;
    for (size_t i = 0; i < SKIPGRAM_SHARDS; i++) {
        loss += s->part[i].loss;
        pairs += (double)s->part[i].pairs;
        s->part[i].loss = 0;
        s->part[i].pairs = 0;
    }
    return pairs > 0 ? loss / pairs : 0;
}

static sl_status skipgram_epoch(skipgram_state *s)
{
    sl_ctx *ctx = s->job.ctx;
    const sl_skipgram_options *options = s->job.options;
    const double each = (double)s->job.text->count, all = each * options->epochs;
    for (size_t i = 0; i < SKIPGRAM_SHARDS; i++) {
        s->part[i].at = s->job.text->count * i / SKIPGRAM_SHARDS;
        s->part[i].end = s->job.text->count * (i + 1) / SKIPGRAM_SHARDS;
    }
    for (size_t at = 0, round = 0; at < s->longest; at += s->job.chunk, round++) {
        const double done = s->job.epoch * each + each * (double)at / (double)s->longest;
        s->job.rate = (sl_real)(options->rate * (1 - done / all));
        sl_pool_run(ctx->pool, SKIPGRAM_SHARDS, skipgram_part_task, s);
        sl_pool_run(ctx->pool, (size_t)2 * SKIPGRAM_BUCKETS, skipgram_add_task, s);
        if (options->progress && round % 8 == 7 &&
            options->progress(options->user, done, all, skipgram_loss(s)))
            return sl_fail(ctx, SL_ESTOPPED, "stopped after %zu of %zu words", (size_t)done, (size_t)all);
    }
    return SL_OK;
}

static void skipgram_result(const skipgram_state *s, sl_real *out)
{
    const sl_skipgram_text *text = s->job.text;
    const size_t size = (size_t)s->job.options->size, width = s->job.width;
    for (size_t word = 0; word < text->words; word++) {
        sl_real *to = out + word * size;
        memcpy(to, s->job.in + word * width, size * sizeof *to);
        if (!text->from)
            continue;
        for (size_t k = text->from[word]; k < text->from[word + 1]; k++)
            for (size_t j = 0; j < size; j++)
                to[j] += s->job.in[(size_t)text->feature[k] * width + j];
        for (size_t j = 0; j < size; j++)
            to[j] /= (sl_real)(1 + text->from[word + 1] - text->from[word]);
    }
}

sl_status sl_skipgram_train(sl_ctx *ctx, const sl_skipgram_text *text, const sl_skipgram_options *options,
                            sl_real *out)
{
    skipgram_state *s = sl_alloc(ctx, sizeof *s);
    if (!s)
        return ctx->status;
    const size_t size = (size_t)options->size;
    s->job = (skipgram_job){ .ctx = ctx,
                             .text = text,
                             .options = options,
                             .width = (size + SL_PAIRS_WIDTH - 1) / SL_PAIRS_WIDTH * SL_PAIRS_WIDTH };
    s->job.margin = SKIPGRAM_REACH * (size_t)options->window;
    s->job.chunk = text->count / ((size_t)SKIPGRAM_SHARDS * SKIPGRAM_ROUNDS) + 1;
    if (s->job.chunk > SKIPGRAM_CHUNK)
        s->job.chunk = SKIPGRAM_CHUNK;
    if (!skipgram_draws(s) && !skipgram_keeps(s) && !skipgram_tables(s) && !skipgram_parts(s))
        for (s->job.epoch = 0; s->job.epoch < options->epochs && !ctx->status; s->job.epoch++)
            skipgram_epoch(s);
    size_t bad;
    if (!ctx->status && !sl_all_finite(ctx->isa, s->job.in, text->rows * s->job.width, &bad))
        sl_fail(ctx, SL_EDIVERGED, "word vectors are not finite any more: take a smaller --lr");
    if (!ctx->status)
        skipgram_result(s, out);
    skipgram_free(s);
    return ctx->status;
}
