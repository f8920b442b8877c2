/* skipgram_part.c - a part's words of one round, in their order. */
#include "text/skipgram_part.h"
#include "core/random.h"
#include "kernel/math.h"
#include "kernel/pairs.h"

#include <string.h>

enum { PART_MOST = SL_SKIPGRAM_MOST, PART_WORDS = 2 * PART_MOST, PART_TARGETS = PART_MOST + 1 };

typedef struct {
    const skipgram_job *job;
    skipgram_part *part;
    skipgram_finder finder;
    sl_isa isa;
    uint64_t seed;
    size_t blocks;  /* of random numbers, a window */
    bool several;   /* words are made of several rows */
    size_t slots;   /* in part->mean: 2 window + 1 */
    size_t count;   /* words that are read */
    size_t entered; /* words whose rows are in `mean`, or were */
    size_t left;    /* words whose changes went back to their rows */
} part_state;

/* The part's own copy of a row. */
static sl_real *part_row(skipgram_rows *rows, int *place, int row, int uses)
{
    const size_t known = (size_t)place[row];
    if (known < rows->count && rows->row[known] == row) {
        rows->uses[known] += uses;
        return rows->own + known * rows->width;
    }
    const size_t at = rows->count++;
    rows->row[at] = row;
    rows->uses[at] = uses;
    place[row] = (int)at;
    memcpy(rows->own + at * rows->width, rows->table + (size_t)row * rows->width,
           rows->width * sizeof *rows->own);
    return rows->own + at * rows->width;
}

/* Which words are read: of frequent ones only some. */
static void part_read(part_state *s)
{
    const skipgram_job *job = s->job;
    skipgram_part *part = s->part;
    const size_t end = part->end - part->at < job->chunk ? part->end : part->at + job->chunk,
                 begin = part->at < job->margin ? 0 : part->at - job->margin,
                 stop = job->text->count - end < job->margin ? job->text->count : end + job->margin;
    part->first = part->last = 0;
    sl_random4 random = { { 0 } };
    size_t block = SIZE_MAX;
    for (size_t at = begin; at < stop; at++) {
        const int id = job->text->id[at];
        if (id >= 0 && job->keep[id] < UINT32_MAX) {
            if (at / 4 != block) {
                block = at / 4;
                random = sl_random_block(s->seed, SL_FOR_VECTORS, SKIPGRAM_KEEP, (uint32_t)job->epoch, block);
            }
            if (random.word[at % 4] > job->keep[id])
                continue;
        }
        part->first += at < part->at;
        part->last += at < end;
        part->word[s->count] = id;
        part->position[s->count++] = at;
    }
    part->at = end;
}

/* --- words made of several rows: their mean, which takes the steps, and gives them back in the end
 * ----------- */

static sl_real *part_mean(const part_state *s, size_t i, bool start)
{
    return s->part->mean + (i % s->slots + (start ? s->slots : 0)) * s->job->width;
}

static void part_enter(part_state *s, size_t until)
{
    const sl_skipgram_text *text = s->job->text;
    const size_t width = s->job->width;
    const int uses = 1 + s->job->options->window; /* the windows a word is in, on the average */
    for (; s->entered < until && s->entered < s->count; s->entered++) {
        const int word = s->part->word[s->entered];
        if (word < 0)
            continue;
        sl_real *mean = part_mean(s, s->entered, false);
        memcpy(mean, part_row(&s->part->in, s->finder.in, word, uses), width * sizeof *mean);
        for (size_t k = text->from[word]; k < text->from[word + 1]; k++)
            sl_pairs_add(s->isa, mean, part_row(&s->part->in, s->finder.in, text->feature[k], uses), width);
        const sl_real rows = (sl_real)(1 + text->from[word + 1] - text->from[word]);
        for (size_t k = 0; k < width; k++)
            mean[k] /= rows;
        memcpy(part_mean(s, s->entered, true), mean, width * sizeof *mean);
    }
}

static void part_leave(part_state *s, size_t until)
{
    const sl_skipgram_text *text = s->job->text;
    const size_t width = s->job->width;
    for (; s->left < until; s->left++) {
        const int word = s->part->word[s->left];
        if (word < 0)
            continue;
        sl_real *change = part_mean(s, s->left, false);
        sl_pairs_subtract(s->isa, change, part_mean(s, s->left, true), width);
        sl_pairs_add(s->isa, part_row(&s->part->in, s->finder.in, word, 0), change, width);
        for (size_t k = text->from[word]; k < text->from[word + 1]; k++)
            sl_pairs_add(s->isa, part_row(&s->part->in, s->finder.in, text->feature[k], 0), change, width);
    }
}

/* --- a window ------------------------------------------------------------------------------------------- */

typedef struct {
    sl_real *a[PART_WORDS], *b[PART_TARGETS]; /* the words around; the one in the middle, then others */
    size_t n, m;
} part_window;

static sl_real *part_word(const part_state *s, size_t i)
{
    return s->several ? part_mean(s, i, false) : part_row(&s->part->in, s->finder.in, s->part->word[i], 1);
}

/* Is the word among the first `count`? Each stands in a window once: where a text has few words, the steps of
 * one word's many places would add up to one that is too long. */
static bool part_has(const int *word, size_t count, int wanted)
{
    bool there = false;
    for (size_t i = 0; i < count; i++)
        there |= word[i] == wanted;
    return there;
}

static void part_around(const part_state *s, size_t middle, size_t reach, part_window *w)
{
    const int *word = s->part->word;
    int seen[PART_WORDS];
    w->n = 0;
    for (int side = -1; side <= 1; side += 2)
        for (size_t i = 1; i <= reach; i++) {
            const size_t at = side < 0 ? middle - i : middle + i;
            if ((side < 0 && i > middle) || at >= s->count || word[at] < 0)
                break;
            if (part_has(seen, w->n, word[at]))
                continue;
            seen[w->n] = word[at];
            w->a[w->n++] = part_word(s, at);
        }
}

/* The word in the middle, and others drawn by their share of the text ^ 0.75. */
static void part_targets(const part_state *s, int word, const uint32_t *random, part_window *w)
{
    const skipgram_job *job = s->job;
    int seen[PART_TARGETS] = { word };
    w->b[0] = part_row(&s->part->out, s->finder.out, word, 1);
    w->m = 1;
    for (int i = 0; i < job->options->negatives; i++) {
        const uint64_t place = (uint64_t)random[i] * job->text->words;
        const skipgram_draw *draw = &job->draw[place >> 32];
        const int other = (int)((uint32_t)place < draw->share ? (uint32_t)(place >> 32) : draw->other);
        if (part_has(seen, w->m, other))
            continue;
        seen[w->m] = other;
        w->b[w->m++] = part_row(&s->part->out, s->finder.out, other, 1);
    }
}

static void part_loss(const part_state *s, const sl_real *dot, const part_window *w, size_t n)
{
    sl_real loss[PART_WORDS * PART_TARGETS];
    for (size_t i = 0; i < n * w->m; i++)
        loss[i] = i % w->m ? dot[i] : -dot[i];
    sl_log1p_exp_n(s->isa, loss, loss, n * w->m);
    for (size_t i = 0; i < n * w->m; i++)
        s->part->loss += (double)loss[i];
    s->part->pairs += n;
}

static void part_learn(const part_state *s, size_t middle, part_window *w)
{
    const size_t width = s->job->width;
    sl_real share[PART_WORDS * PART_TARGETS];
    sl_real *mean = s->part->mean + 2 * s->slots * width,
            *change = mean + width, *const means[1] = { mean }, *const changes[1] = { change };
    const bool cbow = s->job->options->cbow;
    const size_t n = cbow ? 1 : w->n;
    if (cbow) {
        memcpy(mean, w->a[0], width * sizeof *mean);
        for (size_t i = 1; i < w->n; i++)
            sl_pairs_add(s->isa, mean, w->a[i], width);
        for (size_t k = 0; k < width; k++)
            mean[k] /= (sl_real)w->n;
        memset(change, 0, width * sizeof *change);
    }
    sl_real *const *a = cbow ? means : w->a;
    sl_pairs_dots(s->isa, share, (const sl_real *const *)a, n, (const sl_real *const *)w->b, w->m, width);
    if (s->part->position[middle] % SKIPGRAM_LOOK == 0)
        part_loss(s, share, w, n);
    sl_sigmoid_n(s->isa, share, share, n * w->m);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < w->m; j++)
            share[i * w->m + j] = ((sl_real)(j == 0) - share[i * w->m + j]) * s->job->rate;
    sl_pairs_step(s->isa, share, (const sl_real *const *)a, cbow ? changes : a, n, w->b, w->m, width);
    for (size_t i = 0; cbow && i < w->n; i++)
        sl_pairs_add(s->isa, w->a[i], change, width);
}

static void part_windows(part_state *s)
{
    const skipgram_job *job = s->job;
    const size_t window = (size_t)job->options->window;
    uint32_t random[PART_MOST + 8];
    part_window w;
    s->entered = s->left = s->part->first < window ? 0 : s->part->first - window;
    for (size_t i = s->part->first; i < s->part->last; i++) {
        const int word = s->part->word[i];
        if (s->several)
            part_enter(s, i + window + 1);
        if (word >= 0) {
            for (size_t k = 0; k < s->blocks; k++) {
                const sl_random4 block =
                    sl_random_block(s->seed, SL_FOR_VECTORS, SKIPGRAM_WINDOW, (uint32_t)job->epoch,
                                    s->part->position[i] * s->blocks + k);
                memcpy(random + 4 * k, block.word, sizeof block.word);
            }
            part_around(s, i, 1 + (size_t)((uint64_t)random[0] * window >> 32), &w);
            if (w.n) {
                part_targets(s, word, random + 1, &w);
                part_learn(s, i, &w);
            }
        }
        if (s->several && i - s->left >= window)
            part_leave(s, i - window + 1);
    }
    if (s->several)
        part_leave(s, s->entered);
}

/* Rows become what has been added to them, and are put in order by bucket. */
static void part_changes(sl_isa isa, skipgram_rows *rows)
{
    size_t next[SKIPGRAM_BUCKETS] = { 0 };
    for (size_t i = 0; i < rows->count; i++) {
        sl_pairs_subtract(isa, rows->own + i * rows->width, rows->table + (size_t)rows->row[i] * rows->width,
                          rows->width);
        next[rows->row[i] % SKIPGRAM_BUCKETS]++;
    }
    rows->bucket[0] = 0;
    for (size_t b = 0; b < SKIPGRAM_BUCKETS; b++) {
        rows->bucket[b + 1] = rows->bucket[b] + next[b];
        next[b] = rows->bucket[b];
    }
    for (size_t i = 0; i < rows->count; i++)
        rows->place[next[rows->row[i] % SKIPGRAM_BUCKETS]++] = (int)i;
}

void sl_skipgram_part(const skipgram_job *job, skipgram_part *part, const skipgram_finder *finder)
{
    part_state s = { .job = job,
                     .part = part,
                     .finder = *finder,
                     .isa = job->ctx->isa,
                     .seed = job->ctx->options.seed,
                     .blocks = 1 + (size_t)job->options->negatives / 4,
                     .several = job->text->from != NULL,
                     .slots = 2 * (size_t)job->options->window + 1 };
    part->in.count = part->out.count = 0;
    part_read(&s);
    part_windows(&s);
    part_changes(s.isa, &part->in);
    part_changes(s.isa, &part->out);
}
