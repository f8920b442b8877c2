/* design.c - from data to a matrix of standardised columns. */
#include "baseline/baseline.h"

#include <math.h>
#include <string.h>

sl_preparation sl_design_preparation(const sl_design *design)
{
    return (sl_preparation){ .columns = design->table, .plain = true };
}

typedef struct {
    double sum, low, high, squares;
} design_column;

/* One pass over the rows, piece by piece: sums, or (squares) those of the squared distances to the mean. */
static sl_status design_pass(sl_ctx *ctx, const sl_data *data, const sl_preparation *how, const size_t *rows,
                             size_t count, design_column *column, bool squares)
{
    const size_t features = sl_prepared_features(how, data);
    sl_real *x = sl_alloc_array(ctx, SL_BASELINE_PIECE * sizeof *x, features);
    size_t own[SL_BASELINE_PIECE];
    for (size_t first = 0; x && first < count; first += SL_BASELINE_PIECE) {
        const size_t piece = count - first < SL_BASELINE_PIECE ? count - first : SL_BASELINE_PIECE;
        for (size_t i = 0; i < piece; i++)
            own[i] = rows ? rows[first + i] : first + i;
        if (sl_data_gather(ctx, data, own, piece, how, x, NULL))
            break;
        for (size_t i = 0; i < piece; i++)
            for (size_t j = 0; j < features; j++) {
                const double v = (double)x[i * features + j];
                design_column *c = &column[j];
                if (squares) {
                    const double off = v - c->sum / (double)count;
                    c->squares += off * off;
                    continue;
                }
                c->sum += v;
                c->low = first + i == 0 || v < c->low ? v : c->low;
                c->high = first + i == 0 || v > c->high ? v : c->high;
            }
    }
    sl_free(ctx, x);
    return ctx->status;
}

sl_status sl_design_fit(sl_ctx *ctx, sl_design *design, const sl_data *data, const size_t *rows, size_t count)
{
    const sl_preparation how = sl_design_preparation(design);
    const size_t features = sl_prepared_features(&how, data);
    *design = (sl_design){ .table = design->table, .features = features };
    design_column *column = sl_alloc_array(ctx, features, sizeof *column);
    design->input = sl_alloc_array(ctx, features, sizeof *design->input);
    design->mean = sl_alloc_array(ctx, features, sizeof *design->mean);
    design->deviation = sl_alloc_array(ctx, features, sizeof *design->deviation);
    if (!ctx->status && !design_pass(ctx, data, &how, rows, count, column, false))
        design_pass(ctx, data, &how, rows, count, column, true);
    for (size_t j = 0; !ctx->status && j < features; j++) {
        const double deviation = sqrt(column[j].squares / (double)count);
        if (!(column[j].high > column[j].low) ||
            !(deviation > 0)) /* always the same: nothing to learn from */
            continue;
        design->input[design->columns] = j;
        design->mean[design->columns] = column[j].sum / (double)count;
        design->deviation[design->columns++] = deviation;
    }
    sl_free(ctx, column);
    return ctx->status;
}

void sl_design_free(sl_ctx *ctx, sl_design *design)
{
    sl_free(ctx, design->input);
    sl_free(ctx, design->mean);
    sl_free(ctx, design->deviation);
    *design = (sl_design){ 0 };
}

sl_status sl_baseline_matrix(sl_ctx *ctx, const sl_design *design, const sl_data *data, const size_t *rows,
                             size_t count, double *x)
{
    const sl_preparation how = sl_design_preparation(design);
    const size_t features = sl_prepared_features(&how, data);
    sl_real *raw = sl_alloc_array(ctx, count * sizeof *raw, features);
    if (!raw)
        return ctx->status;
    if (!sl_data_gather(ctx, data, rows, count, &how, raw, NULL))
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < design->columns; j++)
                x[i * design->columns + j] =
                    ((double)raw[i * features + design->input[j]] - design->mean[j]) / design->deviation[j];
    sl_free(ctx, raw);
    return ctx->status;
}
