/* documents.c - see documents.h: what is drawn, and how the vectors move. For a document x and its n-grams v
 * the sum of log s(a x.v) is made large, and that of log s(-a x.u) for n-grams u drawn by chance. All have
 * length 1. */
#include "core/random.h"
#include "core/threads.h"
#include "kernel/prefetch.h"
#include "kernel/pull.h"
#include "text/documents_parts.h"

#include <math.h>
#include <string.h>

/* What random numbers are for. */
enum {
    DOCUMENTS_ORDER,
    DOCUMENTS_START_GRAMS,
    DOCUMENTS_START_DOCUMENTS,
    DOCUMENTS_VISITS,
    DOCUMENTS_BATCHES,
    DOCUMENTS_NOISE,
    DOCUMENTS_MEAN
};
enum {
    DOCUMENTS_MEANS = 512, /* n-grams whose mean stands for all */
    DOCUMENTS_AWAY = 256,  /* documents, at most, that an n-gram is pushed away from in a visit */
    DOCUMENTS_PIECE = 16,  /* documents of a task */
    DOCUMENTS_ROWS = 1024  /* vectors of a task that do not wait for others */
};
static const double documents_alpha = 6, documents_thin = 0.02, documents_rate = 0.015,
                    documents_gram_rate = 0.02;

void sl_documents_order(const sl_ctx *ctx, size_t *order, size_t n)
{
    sl_stream stream = { .seed = ctx->options.seed, .purpose = SL_FOR_DOCUMENTS, .a = DOCUMENTS_ORDER };
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    sl_stream_shuffle(&stream, order, n);
}

/* --- what is drawn -------------------------------------------------------------------------------------- */

/* A pair (document, n-gram) takes part in a visit if a number that follows from the three is small enough:
 * both phases see the same pairs. */
static inline uint64_t documents_mix(uint64_t h)
{
    h = (h ^ h >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ h >> 27) * UINT64_C(0x94D049BB133111EB);
    return h ^ h >> 31;
}

static inline uint64_t documents_key(uint64_t visit, size_t document)
{
    return documents_mix(visit + (document + 1) * UINT64_C(0x9E3779B97F4A7C15));
}

static inline bool documents_takes(uint64_t key, int gram, uint32_t keep)
{
    return (uint32_t)((key ^ (uint64_t)(uint32_t)gram) * UINT64_C(0x9E3779B97F4A7C15) >> 40) < keep;
}

/* Of n-grams in many documents only a share of the pairs is looked at. */
static void documents_keeps(documents_state *s)
{
    uint64_t sum = 0;
    for (size_t g = 0; g < s->job->grams; g++) {
        const double rare = documents_thin * (double)s->job->documents / (double)s->job->count[g];
        s->keep[g] = rare < 1 ? (uint32_t)(sqrt(rare) * DOCUMENTS_WHOLE) : DOCUMENTS_WHOLE;
        s->keep[g] += s->keep[g] == 0;
        sum += (uint64_t)s->keep[g] * (uint64_t)s->job->count[g];
        s->sum[g] = sum;
    }
}

/* An n-gram, as often as it stands in pairs that are looked at. */
static int documents_draw(const documents_state *s, sl_stream *stream)
{
    const uint64_t at = sl_stream_below(stream, s->sum[s->job->grams - 1]);
    size_t from = 0, to = s->job->grams - 1; /* the first whose sum is above */
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (s->sum[middle] > at)
            to = middle;
        else
            from = middle + 1;
    }
    return (int)from;
}

/* --- how vectors move ----------------------------------------------------------------------------------- */

/* Of the rows worker->pick[0..n) of table the first `positive` pull x, the others push with `share`. */
static void documents_pull(const documents_state *s, documents_worker *w, const sl_real *x,
                           const sl_real *table, size_t n, size_t positive, sl_real share)
{
    const sl_real *row[SL_PULL_MOST];
    sl_real shares[SL_PULL_MOST];
    memset(w->change, 0, s->width * sizeof *w->change);
    for (size_t at = 0; at < n; at += SL_PULL_MOST) {
        const size_t count = n - at < SL_PULL_MOST ? n - at : SL_PULL_MOST;
        for (size_t i = 0; i < count; i++) {
            row[i] = table + (size_t)w->pick[at + i] * s->width;
            shares[i] = at + i < positive ? 1 : share;
            if (at + i + SL_PULL_MOST < n)
                sl_prefetch(table + (size_t)w->pick[at + i + SL_PULL_MOST] * s->width, s->width);
        }
        sl_pull(s->isa, w->change, x, row, shares, count, (sl_real)documents_alpha, s->width);
    }
}

static void documents_move_documents(void *argument, size_t task, int worker)
{
    const documents_state *s = argument;
    const sl_documents_job *job = s->job;
    documents_worker *w = &s->worker[worker];
    const size_t first = s->first + task * DOCUMENTS_PIECE,
                 end = first + DOCUMENTS_PIECE < s->end ? first + DOCUMENTS_PIECE : s->end;
    for (size_t d = first; d < end; d++) {
        const uint64_t key = documents_key(s->visit, d - s->first);
        size_t n = 0;
        for (size_t i = job->offset[d]; i < job->offset[d + 1]; i++) {
            w->pick[n] = job->id[i];
            n += documents_takes(key, job->id[i], s->keep[job->id[i]]);
        }
        if (!n)
            continue;
        memcpy(w->pick + n, s->noise, sizeof s->noise);
        sl_real *x = s->document + d * s->width;
        documents_pull(s, w, x, s->gram, n + DOCUMENTS_NOISES, n, -(sl_real)n / DOCUMENTS_NOISES);
        sl_pull_step(s->isa, x, w->change, (sl_real)(documents_rate * documents_alpha), s->width);
    }
}

static void documents_move_gram(const documents_state *s, documents_worker *w, size_t place)
{
    const documents_batch *batch = &s->batch[s->at];
    const int gram = batch->gram[place];
    const size_t documents = s->end - s->first;
    size_t n = 0;
    for (size_t i = batch->start[place]; i < batch->start[place + 1]; i++) {
        w->pick[n] = batch->document[i];
        n += documents_takes(s->key[batch->document[i]], gram, s->keep[gram]);
    }
    if (!n)
        return;
    const size_t away = n < DOCUMENTS_AWAY ? n : DOCUMENTS_AWAY;
    uint64_t draw = documents_mix(s->visit ^ ((uint64_t)(uint32_t)gram << 32 | 1));
    for (size_t i = 0; i < away; i++, draw += UINT64_C(0x9E3779B97F4A7C15))
        w->pick[n + i] = (int)((documents_mix(draw) >> 32) * documents >> 32);
    sl_real *v = s->gram + (size_t)gram * s->width;
    documents_pull(s, w, v, s->document + s->first * s->width, n + away, n, -(sl_real)n / (sl_real)away);
    sl_pull_step(s->isa, v, w->change, s->rate, s->width);
}

static void documents_move_grams(void *argument, size_t task, int worker)
{
    enum { AHEAD = 3 };
    const documents_state *s = argument;
    const documents_batch *batch = &s->batch[s->at];
    for (size_t place = batch->task[task]; place < batch->task[task + 1]; place++) {
        if (place + AHEAD < batch->task[task + 1])
            sl_prefetch(s->gram + (size_t)batch->gram[place + AHEAD] * s->width, s->width);
        documents_move_gram(s, &s->worker[worker], place);
    }
}

/* First the batch's documents, then its n-grams. */
static void documents_visit(documents_state *s, size_t visit, size_t visits)
{
    sl_stream noise = {
        .seed = s->ctx->options.seed, .purpose = SL_FOR_DOCUMENTS, .a = DOCUMENTS_NOISE, .b = (uint32_t)visit
    };
    s->visit = sl_random_bits(noise.seed, SL_FOR_DOCUMENTS, DOCUMENTS_VISITS, 0, visit);
    s->first = s->at * s->batch_size;
    s->end = s->first + s->batch_size < s->job->documents ? s->first + s->batch_size : s->job->documents;
    s->rate = (sl_real)(documents_gram_rate * documents_alpha * (1 - (double)visit / (double)visits));
    for (size_t i = 0; i < DOCUMENTS_NOISES; i++)
        s->noise[i] = documents_draw(s, &noise);
    for (size_t d = 0; d < s->end - s->first; d++)
        s->key[d] = documents_key(s->visit, d);
    sl_pool_run(s->ctx->pool, (s->end - s->first + DOCUMENTS_PIECE - 1) / DOCUMENTS_PIECE,
                documents_move_documents, s);
    sl_pool_run(s->ctx->pool, DOCUMENTS_TASKS, documents_move_grams, s);
}

/* --- begin and end -------------------------------------------------------------------------------------- */

/* Uniform in a cube around 0, then length 1. */
static void documents_start(void *argument, size_t task, int worker)
{
    (void)worker;
    const documents_state *s = argument;
    const size_t grams = (s->job->grams + DOCUMENTS_ROWS - 1) / DOCUMENTS_ROWS, blocks = s->job->size / 4 + 1;
    const bool of_grams = task < grams;
    sl_real *vector = of_grams ? s->gram : s->document;
    const size_t count = of_grams ? s->job->grams : s->job->documents,
                 first = (of_grams ? task : task - grams) * DOCUMENTS_ROWS,
                 end = first + DOCUMENTS_ROWS < count ? first + DOCUMENTS_ROWS : count;
    for (size_t row = first; row < end; row++) {
        sl_real *x = vector + row * s->width;
        sl_random4 four = { { 0 } };
        for (size_t k = 0; k < s->job->size; k++) {
            if (k % 4 == 0)
                four = sl_random_block(s->ctx->options.seed, SL_FOR_DOCUMENTS,
                                       of_grams ? DOCUMENTS_START_GRAMS : DOCUMENTS_START_DOCUMENTS, 0,
                                       row * blocks + k / 4);
            x[k] = (sl_real)((double)(four.word[k % 4] >> 8) * 0x1p-24 - 0.5);
        }
        sl_pull_step(s->isa, x, x, 0, s->width);
    }
}

/* k (v - m), m the mean of n-grams as they are drawn: what all texts have in common says nothing. */
static void documents_table(const documents_state *s, sl_real *table)
{
    const size_t size = s->job->size;
    sl_real *mean = s->worker[0].change;
    sl_stream stream = { .seed = s->ctx->options.seed, .purpose = SL_FOR_DOCUMENTS, .a = DOCUMENTS_MEAN };
    memset(mean, 0, size * sizeof *mean);
    for (int i = 0; i < DOCUMENTS_MEANS; i++) {
        const sl_real *v = s->gram + (size_t)documents_draw(s, &stream) * s->width;
        for (size_t k = 0; k < size; k++)
            mean[k] += v[k];
    }
    for (size_t g = 0; g < s->job->grams; g++) {
        const sl_real share = (sl_real)s->keep[g] / (sl_real)DOCUMENTS_WHOLE;
        for (size_t k = 0; k < size; k++)
            table[g * size + k] = share * (s->gram[g * s->width + k] - mean[k] / DOCUMENTS_MEANS);
    }
}

static sl_status documents_open(documents_state *s)
{
    sl_ctx *ctx = s->ctx;
    const sl_documents_job *job = s->job;
    size_t longest = s->batch_size;
    for (size_t d = 0; d < job->documents; d++) {
        const size_t length = job->offset[d + 1] - job->offset[d];
        longest = length > longest ? length : longest;
    }
    s->keep = sl_alloc_array(ctx, job->grams, sizeof *s->keep);
    s->sum = sl_alloc_array(ctx, job->grams, sizeof *s->sum);
    s->key = sl_alloc_array(ctx, s->batch_size, sizeof *s->key);
    s->order = sl_alloc_array(ctx, s->batches, sizeof *s->order);
    s->gram = sl_alloc_array(ctx, job->grams, s->width * sizeof *s->gram);
    s->document = sl_alloc_array(ctx, job->documents, s->width * sizeof *s->document);
    s->worker = sl_alloc_array(ctx, (size_t)s->workers, sizeof *s->worker);
    for (int w = 0; w < s->workers && !ctx->status; w++) {
        s->worker[w].pick =
            sl_alloc_array(ctx, longest + DOCUMENTS_AWAY + DOCUMENTS_NOISES, sizeof *s->worker[w].pick);
        s->worker[w].change = sl_alloc_array(ctx, s->width, sizeof *s->worker[w].change);
    }
    return ctx->status ? ctx->status : sl_documents_batches(s);
}

static void documents_close(documents_state *s)
{
    sl_ctx *ctx = s->ctx;
    sl_documents_batches_free(s);
    sl_free(ctx, s->keep);
    sl_free(ctx, s->sum);
    sl_free(ctx, s->key);
    sl_free(ctx, s->order);
    sl_free(ctx, s->gram);
    sl_free(ctx, s->document);
    for (int w = 0; s->worker && w < s->workers; w++) {
        sl_free(ctx, s->worker[w].pick);
        sl_free(ctx, s->worker[w].change);
    }
    sl_free(ctx, s->worker);
    sl_free(ctx, s);
}

sl_status sl_documents_learn(sl_ctx *ctx, const sl_documents_job *job, sl_real *table)
{
    enum { BATCH = 1024, BATCHES = 16 };
    documents_state *s = sl_alloc(ctx, sizeof *s);
    if (!s)
        return ctx->status;
    s->ctx = ctx;
    s->job = job;
    s->isa = ctx->isa;
    s->workers = sl_pool_threads(ctx->pool);
    s->width = (job->size + SL_PULL_WIDTH - 1) / SL_PULL_WIDTH * SL_PULL_WIDTH;
    s->batch_size = job->documents >= BATCH * BATCHES ? BATCH : job->documents / BATCHES + 1;
    s->batches = (job->documents + s->batch_size - 1) / s->batch_size;
    if (!documents_open(s)) {
        documents_keeps(s);
        sl_pool_run(ctx->pool,
                    (job->grams + DOCUMENTS_ROWS - 1) / DOCUMENTS_ROWS +
                        (job->documents + DOCUMENTS_ROWS - 1) / DOCUMENTS_ROWS,
                    documents_start, s);
        const size_t visits = (size_t)job->passes * s->batches;
        for (size_t visit = 0; visit < visits; visit++) {
            if (visit % s->batches == 0) {
                sl_stream stream = { .seed = ctx->options.seed,
                                     .purpose = SL_FOR_DOCUMENTS,
                                     .a = DOCUMENTS_BATCHES,
                                     .b = (uint32_t)(visit / s->batches) };
                for (size_t b = 0; b < s->batches; b++)
                    s->order[b] = b;
                sl_stream_shuffle(&stream, s->order, s->batches);
            }
            s->at = s->order[visit % s->batches];
            documents_visit(s, visit, visits);
        }
        documents_table(s, table);
    }
    documents_close(s);
    return ctx->status;
}
