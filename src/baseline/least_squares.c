/* least_squares.c - the normal equations, summed in row order, and Cholesky's decomposition. A ridge of 1e-9
 * (of the mean squares, which are 1) keeps columns that follow from each other solvable. */
#include "baseline/baseline.h"
#include "core/threads.h"
#include "kernel/clones.h"

#include <math.h>

enum { SQUARES_BLOCK = 16 };
#define SQUARES_RIDGE 1e-9

typedef struct {
    const double *z; /* [rows, wide]: columns, the constant 1, targets */
    size_t rows, unknowns, wide;
    double *sums; /* [unknowns, wide], from the diagonal on */
    sl_isa isa;
} squares_job;

/* to[0..n) += four rows, one after the other, so that each element stays one chain in row order. */
SL_INLINE void squares_add4_body(double *to, const double *z, size_t wide, size_t i, size_t n)
{
    const double a = z[i], b = z[wide + i], c = z[2 * wide + i], d = z[3 * wide + i];
    const double *za = z + i, *zb = za + wide, *zc = zb + wide, *zd = zc + wide;
    for (size_t j = 0; j < n; j++)
        to[j] = (((to[j] + a * za[j]) + b * zb[j]) + c * zc[j]) + d * zd[j];
}
SL_CLONES(static, squares_add4, (double *to, const double *z, size_t wide, size_t i, size_t n),
          (to, z, wide, i, n))

static void squares_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const squares_job *job = argument;
    const size_t wide = job->wide, first = task * SQUARES_BLOCK;
    const size_t end = job->unknowns - first < SQUARES_BLOCK ? job->unknowns : first + SQUARES_BLOCK;
    for (size_t i = first; i < end; i++) {
        double *to = job->sums + i * wide + i;
        size_t row = 0;
        for (; row + 4 <= job->rows; row += 4)
            squares_add4(job->isa, to, job->z + row * wide, wide, i, wide - i);
        for (; row < job->rows; row++) {
            const double *z = job->z + row * wide + i;
            for (size_t j = 0; j < wide - i; j++)
                to[j] += z[0] * z[j];
        }
    }
}

/* In place: the upper triangle of a [n, wide] becomes U with U'U = a. */
static bool squares_factor(double *a, size_t n, size_t wide)
{
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * wide;
        for (size_t k = 0; k < i; k++) {
            const double *above = a + k * wide;
            const double factor = above[i];
            for (size_t j = i; j < n; j++)
                row[j] -= factor * above[j];
        }
        if (!(row[i] > 0))
            return false;
        const double root = sqrt(row[i]);
        for (size_t j = i; j < n; j++)
            row[j] /= root;
    }
    return true;
}

/* U'U w = b, b being a column behind U. */
static void squares_solve(const double *u, size_t n, size_t wide, size_t column, double *w)
{
    for (size_t i = 0; i < n; i++) {
        double sum = u[i * wide + column];
        for (size_t k = 0; k < i; k++)
            sum -= u[k * wide + i] * w[k];
        w[i] = sum / u[i * wide + i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = w[i];
        for (size_t k = i + 1; k < n; k++)
            sum -= u[i * wide + k] * w[k];
        w[i] = sum / u[i * wide + i];
    }
}

/* z [count, wide] of some rows. */
static sl_status squares_rows(sl_ctx *ctx, const sl_design *design, const sl_data *data, const size_t *rows,
                              size_t count, double *z)
{
    const size_t columns = design->columns, outputs = data->outputs, wide = columns + 1 + outputs;
    double *x = sl_alloc_array(ctx, count * sizeof *x, columns);
    sl_real *y = sl_alloc_array(ctx, count * sizeof *y, outputs);
    if (!ctx->status && !sl_baseline_matrix(ctx, design, data, rows, count, x))
        sl_data_gather(ctx, data, rows, count, NULL, NULL, y);
    for (size_t i = 0; !ctx->status && i < count; i++) {
        for (size_t j = 0; j < columns; j++)
            z[i * wide + j] = x[i * columns + j];
        z[i * wide + columns] = 1;
        for (size_t j = 0; j < outputs; j++)
            z[i * wide + columns + 1 + j] = (double)y[i * outputs + j];
    }
    sl_free(ctx, x);
    sl_free(ctx, y);
    return ctx->status;
}

sl_status sl_least_squares(sl_ctx *ctx, const sl_design *design, const sl_data *data, const size_t *rows,
                           size_t count, double *weights, bool *solved)
{
    const size_t unknowns = design->columns + 1, wide = unknowns + data->outputs;
    double *z = sl_alloc_array(ctx, SL_BASELINE_PIECE * sizeof *z, wide);
    double *sums = sl_alloc_array(ctx, unknowns * sizeof *sums, wide);
    squares_job job = { z, 0, unknowns, wide, sums, ctx->isa };
    for (size_t first = 0; !ctx->status && first < count; first += SL_BASELINE_PIECE) {
        job.rows = count - first < SL_BASELINE_PIECE ? count - first : SL_BASELINE_PIECE;
        if (!squares_rows(ctx, design, data, rows + first, job.rows, z))
            sl_pool_run(ctx->pool, (unknowns + SQUARES_BLOCK - 1) / SQUARES_BLOCK, squares_task, &job);
    }
    if (!ctx->status) {
        for (size_t i = 0; i + 1 < unknowns; i++)
            sums[i * wide + i] += SQUARES_RIDGE * (double)count;
        *solved = squares_factor(sums, unknowns, wide);
        for (size_t j = 0; *solved && j < data->outputs; j++)
            squares_solve(sums, unknowns, wide, unknowns + j, weights + j * unknowns);
    }
    sl_free(ctx, z);
    sl_free(ctx, sums);
    return ctx->status;
}

void sl_linear_row(const double *weights, size_t outputs, const double *x, size_t columns, double *z)
{
    for (size_t k = 0; k < outputs; k++) {
        const double *w = weights + k * (columns + 1);
        double lane[4] = { 0 };
        for (size_t j = 0; j < columns; j++)
            lane[j % 4] += w[j] * x[j];
        z[k] = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + w[columns];
    }
}
