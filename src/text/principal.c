/* principal.c - principal components: a few directions of largest variance, by turning a block of directions
 * towards them until it stays (subspace iteration with Rayleigh and Ritz's step; Golub, Van Loan: "Matrix
 * computations", 8.2.4). Everything is in double, every sum in one order. */
#include "core/threads.h"
#include "text/vectors.h"

#include <math.h>
#include <string.h>

enum {
    PRINCIPAL_EXTRA = 8, /* directions beside those wanted: how fast it is goes by the first one left out */
    PRINCIPAL_TURNS = 2000,
    PRINCIPAL_ROWS = 128, /* of x at once */
    PRINCIPAL_TASK = 8    /* rows of the covariance a task */
};

typedef struct {
    const sl_real *x;
    const double *mean;
    double *covariance, *centred; /* [columns, columns], of which the upper half is filled; [ROWS, columns] */
    size_t columns, rows;         /* rows: of `centred` */
} principal_job;

static void principal_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const principal_job *job = argument;
    const size_t n = job->columns, end = (task + 1) * PRINCIPAL_TASK < n ? (task + 1) * PRINCIPAL_TASK : n;
    for (size_t i = task * PRINCIPAL_TASK; i < end; i++)
        for (size_t row = 0; row < job->rows; row++) {
            const double *x = job->centred + row * n, share = x[i];
            double *to = job->covariance + i * n;
            for (size_t j = i; j < n; j++)
                to[j] += share * x[j];
        }
}

/* The sums of products of x without its means, both halves. */
static void principal_covariance(sl_ctx *ctx, principal_job *job, size_t rows)
{
    const size_t n = job->columns;
    for (size_t at = 0; at < rows; at += job->rows) {
        job->rows = rows - at < PRINCIPAL_ROWS ? rows - at : PRINCIPAL_ROWS;
        for (size_t i = 0; i < job->rows * n; i++)
            job->centred[i] = (double)job->x[at * n + i] - job->mean[i % n];
        sl_pool_run(ctx->pool, (n + PRINCIPAL_TASK - 1) / PRINCIPAL_TASK, principal_task, job);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            job->covariance[i * n + j] = job->covariance[j * n + i];
}

static double principal_dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Each of q's rows at right angles to those before it (twice, for rounding), of length 1; 0 where nothing is
 * left. */
static void principal_square(double *q, size_t block, size_t n)
{
    for (size_t k = 0; k < block; k++) {
        const double before = sqrt(principal_dot(q + k * n, q + k * n, n));
        for (size_t l = 0; l < 2 * k; l++) {
            const double *other = q + l % k * n, share = principal_dot(q + k * n, other, n);
            for (size_t i = 0; i < n; i++)
                q[k * n + i] -= share * other[i];
        }
        const double length = sqrt(principal_dot(q + k * n, q + k * n, n));
        for (size_t i = 0; i < n; i++)
            q[k * n + i] = length > before * 1e-14 ? q[k * n + i] / length : 0;
    }
}

/* One of Jacobi's rotations of the symmetric a [block, block], which makes a[p, q] 0; v's rows go along. */
static void principal_rotate(double *a, double *v, size_t block, size_t p, size_t q)
{
    const double apq = a[p * block + q];
    if (!(fabs(apq) > 1e-300))
        return;
    const double theta = (a[q * block + q] - a[p * block + p]) / (2 * apq);
    const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    const double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < block; k++) {
        const double x = a[k * block + p], y = a[k * block + q];
        a[k * block + p] = c * x - s * y;
        a[k * block + q] = s * x + c * y;
    }
    for (size_t k = 0; k < block; k++) {
        const double x = a[p * block + k], y = a[q * block + k];
        a[p * block + k] = c * x - s * y;
        a[q * block + k] = s * x + c * y;
        const double z = v[p * block + k], w = v[q * block + k];
        v[p * block + k] = c * z - s * w;
        v[q * block + k] = s * z + c * w;
    }
}

typedef struct {
    size_t n, block;
    const double *covariance;
    double *q, *image, *small, *turn, *value; /* [block, n] twice; [block, block] twice; [block] */
} principal_state;

/* q's rows become the best directions within them, largest first; value: the variance sums along them. */
static void principal_ritz(principal_state *s)
{
    const size_t n = s->n, block = s->block;
    for (size_t k = 0; k < block; k++)
        for (size_t l = 0; l < block; l++) {
            s->small[k * block + l] = principal_dot(s->q + k * n, s->image + l * n, n);
            s->turn[k * block + l] = k == l;
        }
    for (int sweep = 0; sweep < 30; sweep++)
        for (size_t p = 0; p < block; p++)
            for (size_t q = p + 1; q < block; q++)
                principal_rotate(s->small, s->turn, block, p, q);
    for (size_t k = 0; k < block; k++) { /* by selection: the first of equal ones stays first */
        size_t best = k;
        for (size_t l = k + 1; l < block; l++)
            best = s->small[l * block + l] > s->small[best * block + best] ? l : best;
        const double value = s->small[best * block + best];
        s->small[best * block + best] = s->small[k * block + k];
        s->small[k * block + k] = s->value[k] = value;
        for (size_t l = 0; l < block; l++) {
            const double swap = s->turn[k * block + l];
            s->turn[k * block + l] = s->turn[best * block + l];
            s->turn[best * block + l] = swap;
        }
    }
    memset(s->image, 0, block * n * sizeof *s->image);
    for (size_t k = 0; k < block; k++)
        for (size_t l = 0; l < block; l++)
            for (size_t i = 0; i < n; i++)
                s->image[k * n + i] += s->turn[k * block + l] * s->q[l * n + i];
    memcpy(s->q, s->image, block * n * sizeof *s->q);
}

static void principal_image(principal_state *s)
{
    for (size_t k = 0; k < s->block; k++)
        for (size_t i = 0; i < s->n; i++)
            s->image[k * s->n + i] = principal_dot(s->covariance + i * s->n, s->q + k * s->n, s->n);
}

/* How far the images of the wanted directions are from lying along them, beside the largest. */
static bool principal_done(const principal_state *s, size_t wanted)
{
    double off = 0;
    for (size_t k = 0; k < wanted; k++) {
        const double along = principal_dot(s->image + k * s->n, s->q + k * s->n, s->n);
        for (size_t i = 0; i < s->n; i++) {
            const double rest = s->image[k * s->n + i] - along * s->q[k * s->n + i];
            off += rest * rest;
        }
    }
    return !(sqrt(off) > s->value[0] * 1e-13);
}

/* q: the directions, the largest weight of each above 0. */
static void principal_directions(principal_state *s, size_t wanted)
{
    for (size_t k = 0; k < s->block; k++)
        for (size_t i = 0; i < s->n;
             i++) /* columns of the covariance: within what it reaches, if anything is */
            s->q[k * s->n + i] = s->covariance[(k * s->n / s->block) * s->n + i] + (i == k * s->n / s->block);
    for (int turn = 0; turn < PRINCIPAL_TURNS; turn++) {
        principal_square(s->q, s->block, s->n);
        principal_image(s);
        principal_ritz(s);
        principal_image(s);
        if (principal_done(s, wanted))
            break;
        if (turn + 1 < PRINCIPAL_TURNS)
            memcpy(s->q, s->image, s->block * s->n * sizeof *s->q);
    }
    for (size_t k = 0; k < wanted; k++) {
        double *q = s->q + k * s->n;
        size_t largest = 0;
        for (size_t i = 1; i < s->n; i++)
            largest = fabs(q[i]) > fabs(q[largest]) * (1 + 1e-9) ? i : largest;
        const double sign = q[largest] < 0 ? -1 : 1;
        for (size_t i = 0; i < s->n; i++)
            q[i] *= sign;
    }
}

static void principal_points(const principal_state *s, const sl_real *x, const double *mean, size_t rows,
                             int dimensions, double *out, double *share)
{
    double all = 0;
    for (size_t i = 0; i < s->n; i++)
        all += s->covariance[i * s->n + i];
    for (int k = 0; k < dimensions; k++) {
        const size_t d = (size_t)dimensions;
        const bool there = (size_t)k < s->block && s->value[k] > all * 1e-14;
        if (share)
            share[k] = there ? s->value[k] / all : 0;
        for (size_t row = 0; row < rows; row++) {
            double sum = 0;
            for (size_t i = 0; there && i < s->n; i++)
                sum += ((double)x[row * s->n + i] - mean[i]) * s->q[(size_t)k * s->n + i];
            out[row * d + (size_t)k] = sum;
        }
    }
}

sl_status sl_principal(sl_ctx *ctx, const sl_real *x, size_t rows, size_t columns, int dimensions,
                       double *out, double *share)
{
    if (columns > SL_PRINCIPAL_MOST)
        return sl_fail(ctx, SL_ESHAPE, "principal components of %zu columns: at most %d are wanted", columns,
                       SL_PRINCIPAL_MOST);
    const size_t wanted = (size_t)dimensions < columns ? (size_t)dimensions : columns,
                 block = wanted + PRINCIPAL_EXTRA < columns ? wanted + PRINCIPAL_EXTRA : columns;
    double *memory =
        sl_alloc_array(ctx, columns * (columns + 1 + PRINCIPAL_ROWS + 2 * block) + 2 * block * block + block,
                       sizeof *memory);
    if (!memory)
        return ctx->status;
    double *mean = memory, *covariance = mean + columns, *centred = covariance + columns * columns;
    principal_state s = { .n = columns, .block = block, .covariance = covariance };
    s.q = centred + PRINCIPAL_ROWS * columns;
    s.image = s.q + block * columns;
    s.small = s.image + block * columns;
    s.turn = s.small + block * block;
    s.value = s.turn + block * block;
    for (size_t i = 0; i < rows * columns; i++)
        mean[i % columns] += (double)x[i];
    for (size_t i = 0; i < columns && rows; i++)
        mean[i] /= (double)rows;
    principal_job job = { x, mean, covariance, centred, columns, 1 };
    principal_covariance(ctx, &job, rows);
    principal_directions(&s, wanted);
    principal_points(&s, x, mean, rows, dimensions, out, share);
    sl_free(ctx, memory);
    return SL_OK;
}
