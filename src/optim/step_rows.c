/* step_rows.c - see step_rows.h */
#include "optim/step_rows.h"
#include "kernel/prefetch.h"

enum {
    STEP_PIECE = 32,    /* numbers of a touched row that are updated at once, and ... */
    STEP_AHEAD = 16,    /* ... how many such pieces before memory is asked for them */
    STEP_NARROW = 4,    /* rows of fewer numbers are brought together, ... */
    STEP_TOGETHER = 256 /* ... so many numbers, and updated as one piece */
};

/* Parameters with an lr of their own. */
static void step_rescale(const sl_step *step, sl_step_job *job, sl_real scale)
{
    job->scale = scale;
    job->update.lr = job->lr * scale;
    if (step->rule->prepare)
        step->rule->prepare(&job->update);
}

/* Numbers of the span, which may stand elsewhere. Writes into job->update, which is the worker's own. */
static void step_numbers(sl_step_job *job, const sl_step_span *span, sl_real *w, sl_real *g,
                         sl_real *const *state, size_t n)
{
    const sl_step *step = job->step;
    sl_update *u = &job->update;
    u->decay = span->decay;
    if (span->scale != job->scale)
        step_rescale(step, job, span->scale);
    if (job->stages) {
        if (job->clip < 1)
            sl_stage_scale(step->isa, g, job->clip, n);
        if (step->set.l1 > 0 && span->weight)
            sl_stage_l1(step->isa, g, w, step->set.l1, n);
    }
    step->rule->update(step->isa, u, w, g, state, n);
    if (job->stages && step->set.l1_prox > 0 && span->weight)
        sl_stage_prox(step->isa, w, u->lr * step->set.l1_prox, n);
}

void sl_step_update(sl_step_job *job, const sl_step_span *span, size_t first, size_t n)
{
    sl_real *state[SL_MAX_STATES];
    for (int s = 0; s < SL_MAX_STATES; s++)
        state[s] = job->step->flat[s] ? job->step->flat[s] + span->at + first : NULL;
    step_numbers(job, span, span->w + first, span->g + first, state, n);
}

typedef struct { /* touched rows of a span, ascending, in pieces of at most STEP_PIECE numbers */
    const sl_step_span *span;
    size_t row, to, first, end; /* the next row to look at; what is left of the row before */
} step_walk;

/* Inline: gcc leaves out the call of a function that does nothing but this. */
SL_INLINE void step_ask(const sl_step *step, const sl_step_span *span, size_t first, size_t n)
{
    sl_prefetch(span->w + first, n);
    sl_prefetch(span->g + first, n);
    for (int s = 0; s < SL_MAX_STATES && step->flat[s]; s++)
        sl_prefetch(step->flat[s] + span->at + first, n);
}

/* The next piece, and asks for its memory: rows lie scattered, and each array is far from the others. */
static bool step_piece(const sl_step *step, step_walk *walk, size_t *first, size_t *n)
{
    const sl_step_span *span = walk->span;
    if (walk->first == walk->end) {
        size_t end;
        walk->row = sl_rows_next(span->rows, walk->row, walk->to, &end);
        if (walk->row >= walk->to)
            return false;
        walk->first = walk->row * span->width;
        walk->end = end * span->width;
        walk->row = end;
    }
    *first = walk->first;
    *n = walk->end - *first < STEP_PIECE ? walk->end - *first : STEP_PIECE;
    walk->first += *n;
    step_ask(step, span, *first, *n);
    return true;
}

/* to[k] = from[row[k], ..], rows of `width` numbers, and back. */
static void step_gather(sl_real *to, const sl_real *from, const size_t *row, size_t rows, size_t width)
{
    for (size_t k = 0; k < rows && width == 1; k++)
        to[k] = from[row[k]];
    for (size_t k = 0; k < rows && width > 1; k++)
        for (size_t j = 0; j < width; j++)
            to[k * width + j] = from[row[k] * width + j];
}

static void step_scatter(sl_real *to, const sl_real *from, const size_t *row, size_t rows, size_t width)
{
    for (size_t k = 0; k < rows && width == 1; k++)
        to[row[k]] = from[k];
    for (size_t k = 0; k < rows && width > 1; k++)
        for (size_t j = 0; j < width; j++)
            to[row[k] * width + j] = from[k * width + j];
}

/* Narrow rows first .. end - 1: a call of the rule for each would cost more than its work. */
static void step_together(sl_step_job *job, const sl_step_span *span, size_t first, size_t end)
{
    const sl_step *step = job->step;
    const size_t width = span->width, most = STEP_TOGETHER / width;
    sl_real w[STEP_TOGETHER], g[STEP_TOGETHER], kept[SL_RULE_STATES][STEP_TOGETHER];
    sl_real *state[SL_MAX_STATES] = { 0 };
    size_t row[STEP_TOGETHER], n;
    while ((n = sl_rows_list(span->rows, &first, end, row, most)) > 0) {
        step_gather(w, span->w, row, n, width);
        step_gather(g, span->g, row, n, width);
        for (int s = 0; s < step->rule->states; s++) {
            state[s] = kept[s];
            step_gather(kept[s], step->flat[s] + span->at, row, n, width);
        }
        step_numbers(job, span, w, g, state, n * width);
        step_scatter(span->w, w, row, n, width);
        step_scatter(span->g, g, row, n, width);
        for (int s = 0; s < step->rule->states; s++)
            step_scatter(step->flat[s] + span->at, kept[s], row, n, width);
    }
}

void sl_step_rows(sl_step_job *job, const sl_step_span *span, size_t low, size_t high)
{
    const size_t width = span->width;
    if (!width)
        return;
    const size_t past = (high + width - 1) / width;
    step_walk walk = { .span = span,
                       .row = (low + width - 1) / width,
                       .to = past < span->rows->rows ? past : span->rows->rows };
    size_t first[STEP_AHEAD], n[STEP_AHEAD], asked = 0, done = 0;
    if (width < STEP_NARROW) {
        step_together(job, span, walk.row, walk.to);
        return;
    }
    do {
        while (asked - done < STEP_AHEAD &&
               step_piece(job->step, &walk, &first[asked % STEP_AHEAD], &n[asked % STEP_AHEAD]))
            asked++;
        if (asked > done) {
            sl_step_update(job, span, first[done % STEP_AHEAD], n[done % STEP_AHEAD]);
            done++;
        }
    } while (asked > done);
}
