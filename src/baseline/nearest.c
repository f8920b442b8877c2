/* nearest: the answer of the training row that lies nearest (Euclid, standardised columns; of equal ones the
 * first), among at most 5,000 of them. */
#include "baseline/baseline.h"
#include "core/threads.h"
#include "kernel/clones.h"

#include <math.h>
#include <stdio.h>

enum { NEAREST_ROWS = 5000, NEAREST_SHOWN = 2000, NEAREST_LEAST = 200, NEAREST_LANES = 8 };
#define NEAREST_WORK 5e8 /* rows kept * rows asked for * columns */

static sl_status nearest_fit(sl_fitted *f, const sl_baseline_job *job)
{
    sl_ctx *ctx = job->ctx;
    const size_t all = job->data->rows, columns = f->design->columns;
    const double most = NEAREST_WORK / NEAREST_LEAST / (double)columns;
    if (columns > SL_BASELINE_COLUMNS) {
        snprintf(f->why, sizeof f->why, "%zu columns are more than %d", columns, SL_BASELINE_COLUMNS);
        return SL_OK;
    }
    size_t kept = all < NEAREST_ROWS ? all : NEAREST_ROWS;
    kept = (double)kept > most ? (size_t)most : kept;
    f->rows = kept;
    double *x = sl_fitted_add(ctx, f, 0, "nearest.x", kept, columns);
    double *y = sl_fitted_add(ctx, f, 1, "nearest.y", kept, f->outputs);
    f->array[0].single = true;
    size_t *rows = sl_alloc_array(ctx, kept, sizeof *rows);
    sl_real *target = sl_alloc_array(ctx, f->outputs, sizeof *target);
    if (!ctx->status)
        sl_baseline_sample(job->seed, SL_SAMPLE_NEAREST, all, kept, rows);
    for (size_t first = 0; !ctx->status && first < kept; first += SL_BASELINE_PIECE) {
        const size_t piece = kept - first < SL_BASELINE_PIECE ? kept - first : SL_BASELINE_PIECE;
        sl_baseline_matrix(ctx, f->design, job->data, rows + first, piece, x + first * columns);
        for (size_t i = first; i < first + piece; i++) {
            sl_data_gather(NULL, job->data, rows + i, 1, NULL, NULL, target);
            for (size_t j = 0; j < f->outputs; j++)
                y[i * f->outputs + j] = (double)target[j];
        }
    }
    for (size_t i = 0; !ctx->status && i < kept * columns; i++)
        x[i] = (double)(float)x[i]; /* what the file will hold */
    sl_free(ctx, rows);
    sl_free(ctx, target);
    snprintf(f->text, sizeof f->text, "nearest of %zu rows", kept);
    return ctx->status;
}

typedef struct {
    const sl_fitted *f;
    const double *x, *blocks; /* blocks: the kept rows, eight side by side: [rows / 8, columns, 8] */
    sl_real *to;
    sl_isa isa;
} nearest_job;

/* far [8] = squared distances, each one chain over the columns. */
SL_INLINE void nearest_block_body(double *far, const double *x, const double *block, size_t columns)
{
    for (size_t k = 0; k < NEAREST_LANES; k++)
        far[k] = 0;
    for (size_t j = 0; j < columns; j++)
        for (size_t k = 0; k < NEAREST_LANES; k++) {
            const double off = x[j] - block[j * NEAREST_LANES + k];
            far[k] += off * off;
        }
}
SL_CLONES(static, nearest_block, (double *far, const double *x, const double *block, size_t columns),
          (far, x, block, columns))

static void nearest_task(void *argument, size_t row, int worker)
{
    (void)worker;
    const nearest_job *job = argument;
    const sl_fitted *f = job->f;
    const size_t columns = f->array[0].columns, kept = f->array[0].rows;
    double far[NEAREST_LANES], least = HUGE_VAL;
    size_t best = 0;
    for (size_t first = 0; first < kept; first += NEAREST_LANES) {
        nearest_block(job->isa, far, job->x + row * columns, job->blocks + first * columns, columns);
        for (size_t k = 0; k < NEAREST_LANES && first + k < kept; k++)
            if (far[k] < least) {
                least = far[k];
                best = first + k;
            }
    }
    sl_real *out = job->to + row * f->width;
    const double *y = f->array[1].v + best * f->outputs;
    for (size_t j = 0; j < f->width; j++)
        out[j] = f->classes ? (size_t)y[0] == j : (sl_real)y[j];
}

static sl_status nearest_predict(sl_ctx *ctx, const sl_fitted *f, const double *x, size_t count, sl_real *to)
{
    const size_t columns = f->array[0].columns, kept = f->array[0].rows;
    const size_t blocks = (kept + NEAREST_LANES - 1) / NEAREST_LANES;
    double *block = sl_alloc_array(ctx, blocks * NEAREST_LANES, columns * sizeof *block);
    if (!block)
        return ctx->status;
    for (size_t i = 0; i < kept; i++)
        for (size_t j = 0; j < columns; j++)
            block[(i / NEAREST_LANES * columns + j) * NEAREST_LANES + i % NEAREST_LANES] =
                f->array[0].v[i * columns + j];
    nearest_job job = { f, x, block, to, ctx->isa };
    sl_pool_run(ctx->pool, count, nearest_task, &job);
    sl_free(ctx, block);
    return SL_OK;
}

static size_t nearest_most(const sl_fitted *f, size_t rows)
{
    const size_t work = (size_t)(NEAREST_WORK / (double)f->rows / (double)f->array[0].columns);
    const size_t most = rows < NEAREST_SHOWN ? rows : NEAREST_SHOWN;
    return most < work ? most : work;
}

static bool nearest_sound(const sl_fitted *f)
{
    const sl_fitted_array *x = &f->array[0], *y = &f->array[1];
    if (!x->v || !y->v || !x->rows || !f->design->columns || x->columns != f->design->columns ||
        y->rows != x->rows || y->columns != f->outputs || f->rows != x->rows)
        return false;
    for (size_t i = 0; i < y->rows && f->classes; i++)
        if (!(y->v[i] >= 0 && y->v[i] < f->classes && y->v[i] == floor(y->v[i])))
            return false;
    return true;
}

const sl_baseline sl_baseline_nearest = {
    .name = "nearest",
    .summary = "the answer of the nearest of at most 5,000 training rows",
    .source = "Fix, Hodges 1951; Cover, Hart, IEEE Transactions on Information Theory 13, 1967",
    .of_classes = true,
    .of_numbers = true,
    .of_inputs = true,
    .fit = nearest_fit,
    .predict = nearest_predict,
    .sound = nearest_sound,
    .most = nearest_most,
};
