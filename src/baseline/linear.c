/* linear: least squares for numbers, logistic regression for classes, on standardised columns. */
#include "baseline/baseline.h"

#include <stdio.h>

#include "kernel/math.h"

enum { LINEAR_ROWS = 50000 };
#define LINEAR_SUMS 4e9     /* rows * columns^2 of the normal equations */
#define LINEAR_PRODUCTS 5e6 /* rows * columns * classes of one pass over the rows */

/* How many rows the work allows, and are enough for so many columns; 0: why says why not. */
static size_t linear_rows(sl_fitted *f, const sl_baseline_job *job)
{
    const size_t columns = f->design->columns, all = job->data->rows;
    const double work = f->classes ? LINEAR_PRODUCTS / (double)f->classes : LINEAR_SUMS / (double)columns;
    size_t rows = all < LINEAR_ROWS ? all : LINEAR_ROWS;
    if (columns > SL_BASELINE_COLUMNS) {
        snprintf(f->why, sizeof f->why, "%zu columns are more than %d", columns, SL_BASELINE_COLUMNS);
        return 0;
    }
    if ((double)rows * (double)columns > work)
        rows = (size_t)(work / (double)columns);
    if (rows > columns)
        return rows;
    if (rows < all)
        snprintf(f->why, sizeof f->why, "%zu columns and %zu rows would take too long", columns, all);
    else
        snprintf(f->why, sizeof f->why, "%zu rows are too few for %zu columns", rows, columns);
    return 0;
}

static sl_status linear_numbers(sl_fitted *f, const sl_baseline_job *job, const size_t *rows, double *w)
{
    bool solved = false;
    const sl_status status = sl_least_squares(job->ctx, f->design, job->data, rows, f->rows, w, &solved);
    if (!status && !solved)
        snprintf(f->why, sizeof f->why, "the normal equations have no solution");
    return status;
}

static sl_status linear_classes(sl_fitted *f, const sl_baseline_job *job, const size_t *rows, double *w)
{
    sl_ctx *ctx = job->ctx;
    const size_t columns = f->design->columns;
    double *x = sl_alloc_array(ctx, f->rows, columns * sizeof *x);
    int *y = sl_alloc_array(ctx, f->rows, sizeof *y);
    sl_logistic_end end = { 0 };
    for (size_t i = 0; x && y && i < f->rows; i++) {
        sl_real truth;
        sl_data_gather(NULL, job->data, rows + i, 1, NULL, NULL, &truth);
        y[i] = (int)truth;
    }
    for (size_t first = 0; !ctx->status && first < f->rows; first += SL_BASELINE_PIECE) {
        const size_t piece = f->rows - first < SL_BASELINE_PIECE ? f->rows - first : SL_BASELINE_PIECE;
        sl_baseline_matrix(ctx, f->design, job->data, rows + first, piece, x + first * columns);
    }
    if (!ctx->status)
        sl_logistic(ctx, x, y, f->rows, columns, f->classes, 1, w, &end);
    sl_free(ctx, x);
    sl_free(ctx, y);
    if (!ctx->status && !end.converged) {
        char number[32];
        snprintf(f->why, sizeof f->why, "after %d iterations its gradient is still %s", end.iterations,
                 sl_number_text_float(number, (float)end.gradient));
    }
    return ctx->status;
}

static sl_status linear_fit(sl_fitted *f, const sl_baseline_job *job)
{
    sl_ctx *ctx = job->ctx;
    const size_t all = job->data->rows, columns = f->design->columns;
    f->rows = linear_rows(f, job);
    if (!f->rows)
        return SL_OK;
    const size_t outputs = f->classes == 2 ? 1 : f->width;
    double *w = sl_fitted_add(ctx, f, 0, "linear.weights", outputs, columns + 1);
    size_t *rows = sl_alloc_array(ctx, f->rows, sizeof *rows);
    if (!ctx->status) {
        sl_baseline_sample(job->seed, SL_SAMPLE_LINEAR, all, f->rows, rows);
        if (f->classes)
            linear_classes(f, job, rows, w);
        else
            linear_numbers(f, job, rows, w);
    }
    sl_free(ctx, rows);
    const char *kind = f->classes ? "logistic" : "linear";
    if (f->rows < all)
        snprintf(f->text, sizeof f->text, "%s regression, %zu rows", kind, f->rows);
    else
        snprintf(f->text, sizeof f->text, "%s regression, %zu column%s", kind, columns,
                 columns == 1 ? "" : "s");
    return ctx->status;
}

static sl_status linear_predict(sl_ctx *ctx, const sl_fitted *f, const double *x, size_t count, sl_real *to)
{
    const size_t columns = f->design->columns, outputs = f->array[0].rows;
    double *z = sl_alloc_array(ctx, outputs, sizeof *z);
    for (size_t i = 0; z && i < count; i++) {
        sl_real *out = to + i * f->width;
        double most, sum = 0;
        sl_linear_row(f->array[0].v, outputs, x + i * columns, columns, z);
        most = z[0];
        for (size_t j = 1; j < outputs; j++)
            most = z[j] > most ? z[j] : most;
        if (f->classes == 2) {
            out[0] = (sl_real)sl_sigmoid_d(-z[0]);
            out[1] = (sl_real)sl_sigmoid_d(z[0]);
            continue;
        }
        for (size_t j = 0; f->classes && j < outputs; j++)
            sum += z[j] = sl_exp_d(z[j] - most);
        for (size_t j = 0; j < outputs; j++)
            out[j] = (sl_real)(f->classes ? z[j] / sum : z[j]);
    }
    sl_free(ctx, z);
    return ctx->status;
}

static bool linear_sound(const sl_fitted *f)
{
    return f->array[0].v && f->design->columns && f->array[0].columns == f->design->columns + 1 &&
           f->array[0].rows == (f->classes == 2 ? 1 : f->width);
}

const sl_baseline sl_baseline_linear = {
    .name = "linear",
    .summary = "linear regression by least squares, or (multinomial) logistic regression",
    .source = "Gauss 1809; Cox 1958",
    .of_classes = true,
    .of_numbers = true,
    .of_inputs = true,
    .fit = linear_fit,
    .predict = linear_predict,
    .sound = linear_sound,
};
