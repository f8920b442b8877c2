/* stage.c - what surrounds the rule: clipping before it; thresholds, the norm of rows and the average of the
 * weights behind it. The loops here are elementwise, or reductions in the order of the parameters. */
#include "kernel/kernel.h"
#include "optim/optim.h"

#define STAGE_EACH for (size_t i = 0; i < n; i++)

SL_INLINE void sl_stage_scale_body(sl_real *g, sl_real factor, size_t n)
{
    STAGE_EACH g[i] *= factor;
}
SL_CLONES(, sl_stage_scale, (sl_real * g, sl_real factor, size_t n), (g, factor, n))

SL_INLINE void sl_stage_l1_body(sl_real *restrict g, const sl_real *restrict w, sl_real l1, size_t n)
{
    STAGE_EACH g[i] += l1 * sl_sign(w[i]);
}
SL_CLONES(, sl_stage_l1, (sl_real * g, const sl_real *w, sl_real l1, size_t n), (g, w, l1, n))

/* What is not a number stays so: it is found where the loss is. */
SL_INLINE sl_real stage_nearer(sl_real w, sl_real threshold)
{
    const sl_real down = w > threshold ? w - threshold : 0;
    const sl_real moved = w < -threshold ? w + threshold : down;
    return w == w ? moved : w;
}

SL_INLINE void sl_stage_prox_body(sl_real *w, sl_real threshold, size_t n)
{
    STAGE_EACH w[i] = stage_nearer(w[i], threshold);
}
SL_CLONES(, sl_stage_prox, (sl_real * w, sl_real threshold, size_t n), (w, threshold, n))

/* How many numbers lay outside. */
SL_INLINE size_t stage_limit_body(sl_real *g, sl_real limit, size_t n)
{
    size_t outside = 0;
    STAGE_EACH
    {
        const sl_real x = g[i], below = x > limit ? limit : x, inside = below < -limit ? -limit : below;
        g[i] = inside;
        outside += (size_t)(x > limit) + (size_t)(x < -limit);
    }
    return outside;
}
SL_CLONES_VALUE(static, size_t, stage_limit, (sl_real * g, sl_real limit, size_t n), (g, limit, n))

SL_INLINE void stage_follow_body(sl_real *restrict a, const sl_real *restrict w, sl_real rate, size_t n)
{
    STAGE_EACH a[i] = sl_settle(a[i] + rate * (w[i] - a[i]));
}
SL_CLONES(static, stage_follow, (sl_real * a, const sl_real *w, sl_real rate, size_t n), (a, w, rate, n))

typedef struct { /* pieces of parameter i that move: all of it, or its touched rows, one run after the other
                  */
    size_t row, first, n;
} stage_walk;

static bool stage_next(const sl_step *step, int i, stage_walk *walk)
{
    const sl_step_part *part = &step->parts[i];
    const size_t count = step->params[i]->count;
    if (!part->moves)
        return false;
    if (!part->rows) {
        *walk = (stage_walk){ .row = walk->row + 1, .n = count };
        return walk->row == 1 && count > 0;
    }
    size_t end;
    const size_t rows = part->rows->rows, row = sl_rows_next(part->rows, walk->row, rows, &end);
    if (row >= rows)
        return false;
    const size_t width = count / rows;
    *walk = (stage_walk){ .row = end, .first = row * width, .n = (end - row) * width };
    return true;
}

sl_real sl_stage_clip(sl_step *step)
{
    const sl_real limit = step->set.clip_value;
    const double most = (double)step->set.clip_norm;
    double squares = 0;
    bool clipped = false;
    for (int i = 0; i < step->count; i++) {
        stage_walk walk = { 0 };
        while (stage_next(step, i, &walk)) {
            sl_real *g = step->params[i]->g + walk.first;
            if (limit > 0 && stage_limit(step->isa, g, limit, walk.n))
                clipped = true;
            const double norm = most > 0 ? sl_norm(step->isa, g, walk.n) : 0;
            squares += norm * norm;
        }
    }
    const double norm = sqrt(squares);
    const bool scale = most > 0 && norm > most && norm - norm == 0; /* else: the loss will tell */
    step->clipped += clipped || scale;
    return scale ? (sl_real)(most / norm) : 1;
}

/* A row of a weight is all that one unit reads, or one row of a table. */
void sl_stage_max_norm(sl_step *step)
{
    const double most = (double)step->set.max_norm;
    for (int i = 0; i < step->count; i++) {
        const sl_tensor *t = step->params[i];
        const size_t width = sl_shape_row(t->shape);
        stage_walk walk = { 0 };
        while (step->parts[i].weight && width && stage_next(step, i, &walk))
            for (size_t at = walk.first; at < walk.first + walk.n; at += width) {
                const double norm = sl_norm(step->isa, t->v + at, width);
                if (norm > most && norm - norm == 0)
                    sl_stage_scale(step->isa, t->v + at, (sl_real)(most / norm), width);
            }
    }
}

/* The average with its correction: a_t = (1 - d) sum d^(t-i) w_i / (1 - d^t) is a_t-1 + r (w_t - a_t-1),
 * r = (1 - d) / (1 - d^t), which is 1 in the first step. */
void sl_stage_average(sl_step *step)
{
    const double keep = (double)step->set.average;
    step->average_power = sl_settle_product(step->average_power * keep);
    const sl_real rate = (sl_real)((1 - keep) / (1 - step->average_power));
    for (int i = 0; i < step->count; i++) {
        const sl_tensor *t = step->params[i];
        stage_follow(step->isa, step->state[i * SL_MAX_STATES + step->rule->states], t->v, rate, t->count);
    }
}

sl_status sl_step_average_swap(sl_step *step)
{
    if (!step)
        return SL_EINVAL;
    if (!(step->set.average > 0))
        return sl_fail(step->ctx, SL_EINVAL,
                       "sl_step_average_swap: this step keeps no average: give it .average, as 0.999");
    for (int k = 0; k < step->count && step->steps > 0;
         k++) { /* back in the other order: one may be there twice */
        const int i = step->averaged ? step->count - 1 - k : k;
        sl_real *average = step->state[i * SL_MAX_STATES + step->rule->states], *w = step->params[i]->v;
        for (size_t j = 0; j < step->params[i]->count; j++) {
            const sl_real kept = w[j];
            w[j] = average[j];
            average[j] = kept;
        }
    }
    step->averaged = !step->averaged;
    return SL_OK;
}

size_t sl_step_clipped(const sl_step *step)
{
    return step ? (size_t)step->clipped : 0;
}

double sl_step_penalty(const sl_step *step)
{
    const double l1 = step ? (double)step->set.l1 + (double)step->set.l1_prox : 0;
    double sum = 0;
    for (int i = 0; step && i < step->count; i++) {
        const sl_tensor *t = step->params[i];
        const sl_step_part *part = &step->parts[i];
        if (!t->learns) /* frozen: nothing is made small */
            continue;
        if (part->decay > 0 && !step->rule->decoupled) {
            const double norm = sl_norm(step->isa, t->v, t->count);
            sum += (double)part->decay / 2 * (norm * norm);
        }
        double size = 0;
        for (size_t j = 0; l1 > 0 && part->weight && j < t->count; j++)
            size += fabs((double)t->v[j]);
        sum += l1 * size;
    }
    return sum;
}
