/* logistic.c - (multinomial) logistic regression to convergence: L-BFGS in double (Nocedal, Wright 2006,
 * algorithm 7.4) with halved steps (their condition 3.4). The loss is convex, so there is one end. The rows
 * lie in 16 parts, whose gradients are added in order: threads make no difference. */
#include "baseline/baseline.h"
#include "core/threads.h"
#include "kernel/math.h"

#include <math.h>

enum { LOGISTIC_PARTS = 16, LOGISTIC_PAIRS = 10, LOGISTIC_MOST = 500 };
#define LOGISTIC_FLAT 1e-9

typedef struct {
    const double *x;
    const int *y;
    size_t rows, columns, outputs, n; /* n: weights */
    double penalty;
    sl_pool *pool;
    const double *w;
    double *slopes, *losses, *z; /* a part: [n], [1], [outputs] */
} logistic_job;

/* The row's loss; z becomes its derivative. */
static double logistic_row(double *z, size_t outputs, int truth)
{
    if (outputs == 1) {
        const double t = truth ? 1 : 0, a = fabs(z[0]);
        const double loss = (z[0] > 0 ? z[0] : 0) - t * z[0] + sl_log1p_d(sl_exp_d(-a));
        z[0] = sl_sigmoid_d(z[0]) - t;
        return loss;
    }
    double most = z[0], sum = 0;
    for (size_t k = 1; k < outputs; k++)
        most = z[k] > most ? z[k] : most;
    const double own = z[truth] - most;
    for (size_t k = 0; k < outputs; k++)
        sum += z[k] = sl_exp_d(z[k] - most);
    for (size_t k = 0; k < outputs; k++)
        z[k] = z[k] / sum - (k == (size_t)truth);
    return sl_log_d(sum) - own;
}

static void logistic_part(void *argument, size_t part, int worker)
{
    (void)worker;
    const logistic_job *job = argument;
    const size_t columns = job->columns, first = job->rows * part / LOGISTIC_PARTS;
    const size_t end = job->rows * (part + 1) / LOGISTIC_PARTS;
    double *slope = job->slopes + part * job->n, *z = job->z + part * job->outputs, loss = 0;
    for (size_t i = 0; i < job->n; i++)
        slope[i] = 0;
    for (size_t row = first; row < end; row++) {
        const double *x = job->x + row * columns;
        sl_linear_row(job->w, job->outputs, x, columns, z);
        loss += logistic_row(z, job->outputs, job->y[row]);
        for (size_t k = 0; k < job->outputs; k++) {
            double *to = slope + k * (columns + 1);
            for (size_t j = 0; j < columns; j++)
                to[j] += z[k] * x[j];
            to[columns] += z[k];
        }
    }
    job->losses[part] = loss;
}

/* The mean loss at w with its penalty, and its gradient. */
static double logistic_loss(logistic_job *job, const double *w, double *gradient)
{
    const double rows = (double)job->rows;
    double loss = 0;
    job->w = w;
    sl_pool_run(job->pool, LOGISTIC_PARTS, logistic_part, job);
    for (size_t i = 0; i < job->n; i++)
        gradient[i] = 0;
    for (size_t part = 0; part < LOGISTIC_PARTS; part++) {
        loss += job->losses[part];
        for (size_t i = 0; i < job->n; i++)
            gradient[i] += job->slopes[part * job->n + i];
    }
    for (size_t i = 0; i < job->n; i++) {
        const double decayed = (i + 1) % (job->columns + 1) ? w[i] * job->penalty : 0;
        loss += decayed * w[i] / 2;
        gradient[i] = (gradient[i] + decayed) / rows;
    }
    return loss / rows;
}

static double logistic_dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

typedef struct {
    size_t n, pairs, next;
    double *s, *y, rho[LOGISTIC_PAIRS];
} logistic_memory;

/* d = -H g */
static void logistic_direction(const logistic_memory *m, const double *g, double *d)
{
    double share[LOGISTIC_PAIRS];
    const size_t n = m->n;
    for (size_t i = 0; i < n; i++)
        d[i] = -g[i];
    for (size_t k = 0; k < m->pairs; k++) {
        const size_t at = (m->next + LOGISTIC_PAIRS - 1 - k) % LOGISTIC_PAIRS;
        share[at] = m->rho[at] * logistic_dot(m->s + at * n, d, n);
        for (size_t i = 0; i < n; i++)
            d[i] -= share[at] * m->y[at * n + i];
    }
    if (m->pairs) {
        const size_t at = (m->next + LOGISTIC_PAIRS - 1) % LOGISTIC_PAIRS;
        const double scale = 1 / (m->rho[at] * logistic_dot(m->y + at * n, m->y + at * n, n));
        for (size_t i = 0; i < n; i++)
            d[i] *= scale;
    }
    for (size_t k = m->pairs; k-- > 0;) {
        const size_t at = (m->next + LOGISTIC_PAIRS - 1 - k) % LOGISTIC_PAIRS;
        const double back = share[at] - m->rho[at] * logistic_dot(m->y + at * n, d, n);
        for (size_t i = 0; i < n; i++)
            d[i] += back * m->s[at * n + i];
    }
}

static void logistic_remember(logistic_memory *m, const double *from, const double *to, const double *before,
                              const double *after)
{
    double *s = m->s + m->next * m->n, *y = m->y + m->next * m->n;
    for (size_t i = 0; i < m->n; i++) {
        s[i] = to[i] - from[i];
        y[i] = after[i] - before[i];
    }
    const double curve = logistic_dot(s, y, m->n);
    if (!(curve > 1e-12 * logistic_dot(y, y, m->n)))
        return;
    m->rho[m->next] = 1 / curve;
    m->next = (m->next + 1) % LOGISTIC_PAIRS;
    m->pairs += m->pairs < LOGISTIC_PAIRS;
}

static double logistic_largest(const double *g, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fabs(g[i]) > largest ? fabs(g[i]) : largest;
    return largest;
}

/* place = w + length d with a loss that is enough below; length 0: there is none. */
static double logistic_step(logistic_job *job, const double *w, double loss, const double *g, const double *d,
                            double length, double *place, double *after, double *found)
{
    const double downhill = logistic_dot(g, d, job->n);
    for (int tries = 0; downhill < 0 && tries < 40; tries++, length /= 2) {
        for (size_t i = 0; i < job->n; i++)
            place[i] = w[i] + length * d[i];
        *found = logistic_loss(job, place, after);
        /* close to the end the loss is flat but for rounding, and the gradient decides */
        if (*found <= loss + 1e-4 * length * downhill ||
            (*found <= loss + 4e-16 * fabs(loss) &&
             logistic_largest(after, job->n) < logistic_largest(g, job->n)))
            return length;
    }
    return 0;
}

static void logistic_minimise(logistic_job *job, logistic_memory *m, double *w, double *scratch,
                              sl_logistic_end *end)
{
    const size_t n = job->n;
    double *g = scratch, *d = g + n, *place = d + n, *after = place + n, found = 0;
    double loss = logistic_loss(job, w, g);
    for (;; end->iterations++) {
        end->gradient = logistic_largest(g, n);
        end->converged = end->gradient <= LOGISTIC_FLAT;
        if (end->converged || end->iterations >= LOGISTIC_MOST)
            return;
        logistic_direction(m, g, d);
        const double size = sqrt(logistic_dot(g, g, n));
        if (logistic_step(job, w, loss, g, d, !m->pairs && size > 1 ? 1 / size : 1, place, after, &found) <=
            0) {
            if (!m->pairs) { /* not even along the gradient: as far as rounding allows */
                end->converged = end->gradient <= 1e-6;
                return;
            }
            m->pairs = 0;
            continue;
        }
        logistic_remember(m, w, place, g, after);
        for (size_t i = 0; i < n; i++) {
            w[i] = place[i];
            g[i] = after[i];
        }
        loss = found;
    }
}

sl_status sl_logistic(sl_ctx *ctx, const double *x, const int *y, size_t count, size_t columns, int classes,
                      double penalty, double *weights, sl_logistic_end *end)
{
    const size_t outputs = classes == 2 ? 1 : (size_t)classes, n = outputs * (columns + 1);
    double *parts = sl_alloc_array(ctx, LOGISTIC_PARTS * sizeof *parts, n + outputs + 1);
    double *pairs = sl_alloc_array(ctx, 2 * LOGISTIC_PAIRS * sizeof *pairs, n);
    double *scratch = sl_alloc_array(ctx, 4 * sizeof *scratch, n);
    *end = (sl_logistic_end){ 0 };
    if (!ctx->status) {
        logistic_job job = { .x = x,
                             .y = y,
                             .rows = count,
                             .columns = columns,
                             .outputs = outputs,
                             .n = n,
                             .penalty = penalty,
                             .pool = ctx->pool,
                             .slopes = parts,
                             .losses = parts + LOGISTIC_PARTS * n,
                             .z = parts + LOGISTIC_PARTS * (n + 1) };
        logistic_memory memory = { .n = n, .s = pairs, .y = pairs + LOGISTIC_PAIRS * n };
        logistic_minimise(&job, &memory, weights, scratch, end);
    }
    sl_free(ctx, parts);
    sl_free(ctx, pairs);
    sl_free(ctx, scratch);
    return ctx->status;
}
