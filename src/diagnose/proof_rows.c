/* proof_rows.c - two trainings compared row by row. See diagnose.h. */
#include "diagnose/diagnose.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

enum { PROOF_ROWS = 8 };

/* Losses in the rows' order: -ln p of the truth, or the squared error. */
static double *proof_rows(sl_ctx *ctx, const sl_model *model, const sl_data *data, bool classes)
{
    sl_report *report = sl_errors(ctx, model, data, 0);
    double *loss = report ? sl_alloc_array(ctx, data->rows, sizeof *loss) : NULL;
    for (int i = 0; loss && i < sl_report_rows(report); i++) {
        const size_t row = (size_t)sl_report_at(report, i, "row");
        const double p = classes ? sl_report_at(report, i, "p_truth") : NAN,
                     residual = classes ? NAN : sl_report_at(report, i, "residual");
        if (row < data->rows)
            loss[row] = classes ? -sl_log_d(p > 1e-12 ? p : 1e-12) : residual * residual;
    }
    sl_report_free(report);
    if (ctx->status == SL_EINVAL || ctx->status == SL_ESHAPE) { /* answers that sl_errors does not know */
        sl_clear(ctx);
        sl_free(ctx, loss);
        return NULL;
    }
    return loss;
}

/* Of the training that was looked at, with the weights of its last epoch or of its best. */
static double *proof_rows_before(const sl_case *c, const sl_data *data, bool last)
{
    sl_model *model = c->own->model;
    const size_t bytes = model->padded * sizeof *model->values;
    sl_real *best = last && c->last ? sl_alloc(c->ctx, bytes) : NULL;
    if (best) {
        memcpy(best, model->values, bytes);
        memcpy(model->values, c->last, bytes);
    }
    double *loss = c->ctx->status ? NULL : proof_rows(c->ctx, model, data, c->classes > 0);
    if (best)
        memcpy(model->values, best, bytes);
    sl_free(c->ctx, best);
    return loss;
}

double sl_proof_losses(const sl_case *c, const sl_run *changed, bool last, bool train)
{
    sl_ctx *ctx = c->ctx;
    const sl_data *data = train ? c->train : c->validation,
                  *other = train ? changed->trainer->train : changed->trainer->validation;
    if (!data || !other || other->rows != data->rows || data->rows < PROOF_ROWS || data->outputs != 1)
        return NAN;
    double *before = proof_rows_before(c, data, last),
           *after = before ? proof_rows(ctx, changed->model, other, c->classes > 0) : NULL;
    double mean = 0, squares = 0, sure = NAN;
    const double n = (double)data->rows;
    for (size_t i = 0; after && i < data->rows; i++)
        mean += (before[i] - after[i]) / n;
    for (size_t i = 0; after && i < data->rows; i++) {
        const double off = before[i] - after[i] - mean;
        squares += off * off;
    }
    if (after)
        sure = squares > 0 ? mean / sqrt(squares / (n - 1) / n) : mean > 0 ? 1e9 : 0;
    sl_free(ctx, before);
    sl_free(ctx, after);
    return sure;
}

/* --- classes -------------------------------------------------------------------------------------------- */

static size_t proof_rarest(const sl_data *data, int classes)
{
    size_t least = data ? data->rows : 0;
    for (int k = 0; k < classes && data; k++) {
        size_t rows = 0;
        for (size_t i = 0; i < data->rows; i++)
            rows += (int)sl_data_target(data, i) == k;
        least = rows && rows < least ? rows : least;
    }
    return least;
}

bool sl_proof_classes(const sl_case *c, const sl_run *changed, sl_proof *proof)
{
    sl_ctx *ctx = c->ctx;
    const bool seen = c->validation && proof_rarest(c->validation, c->classes) >= PROOF_ROWS;
    const sl_data *data = seen ? c->validation : c->train,
                  *other = seen ? changed->trainer->validation : changed->trainer->train;
    if (c->classes < 2 || data->outputs != 1 || !other || other->rows != data->rows)
        return false;
    double *before = proof_rows_before(c, data, false),
           *after = before ? proof_rows(ctx, changed->model, other, true) : NULL;
    double was = 0, is = 0, variance = 0;
    int there = 0;
    for (int k = 0; k < c->classes && after; k++) {
        double n = 0, lost = 0, loses = 0, squares = 0;
        for (size_t i = 0; i < data->rows; i++) {
            if ((int)sl_data_target(data, i) != k)
                continue;
            const double off = before[i] - after[i];
            n++;
            lost += before[i];
            loses += after[i];
            squares += off * off;
        }
        if (n == 0)
            continue;
        const double mean = (lost - loses) / n;
        was += lost / n;
        is += loses / n;
        variance += n > 1 ? (squares / n - mean * mean) / (n - 1) : 0;
        there++;
    }
    if (after && there) {
        proof->seen = seen;
        proof->before = was / there;
        proof->after = is / there;
        proof->sure = variance > 0 ? (was - is) / sqrt(variance) : was > is ? 1e9 : 0;
    }
    sl_free(ctx, before);
    sl_free(ctx, after);
    return after && there;
}
