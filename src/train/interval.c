/* interval.c - bounds that hold what they promise: corrected on rows that were not fitted (Romano, Patterson,
 * Candes, Conformalized quantile regression, NeurIPS 2019). */
#include "train/trainer.h"

#include <math.h>

size_t sl_conformal_place(size_t rows, double coverage)
{
    const double place = ((double)rows + 1) * coverage / 100;
    return (size_t)ceil(place - 1e-12 * place); /* 9.000000000000002 is 9 */
}

/* How far each target lies outside of its bounds; below 0: inside, so far from the nearer one. */
static sl_status interval_misses(sl_trainer *t, double *miss)
{
    sl_model *model = t->model;
    const size_t rows = t->validation->rows, width = (size_t)sl_model_outputs(model);
    for (size_t first = 0; first < rows; first += SL_PIECE) {
        const size_t piece = rows - first < SL_PIECE ? rows - first : SL_PIECE;
        const sl_real *y = sl_reader_outputs(&t->reader, t->validation, NULL, first, piece);
        if (!y)
            return t->ctx->status;
        sl_target_in(&model->target, t->reader.y, piece);
        for (size_t i = 0; i < piece; i++, y += width) {
            const double a = (double)y[1], b = (double)y[2], z = (double)t->reader.y[i];
            const double below = (a < b ? a : b) - z, above = z - (a < b ? b : a);
            miss[first + i] = below > above ? below : above;
        }
    }
    return SL_OK;
}

sl_status sl_trainer_correct(sl_trainer *t)
{
    sl_model *model = t->model;
    if (!sl_loss_has_bounds(model->loss) || !t->validation)
        return SL_OK;
    const size_t rows = t->validation->rows;
    const size_t place = sl_conformal_place(rows, sl_loss_coverage(model->loss, &model->loss_values));
    double *miss = sl_alloc_array(t->ctx, rows, sizeof *miss);
    if (miss && !interval_misses(t, miss)) {
        sl_scored_sort(miss, rows);
        model->correction = miss[(place < rows ? place : rows) - 1];
        model->corrected_by = rows;
        char number[32];
        sl_decided(t->ctx, "interval correction", sl_number_text(number, model->correction),
                   "target %zu of %zu that validate, in their order, lies so far out: the bounds then hold "
                   "their share",
                   place < rows ? place : rows, rows);
    }
    sl_free(t->ctx, miss);
    return t->ctx->status;
}

void sl_trainer_log_interval(const sl_trainer *t)
{
    const sl_model *model = t->model;
    const double coverage = model->loss ? sl_loss_coverage(model->loss, &model->loss_values) : 0;
    const size_t rows = model->corrected_by;
    char asked[32];
    if (!(coverage > 0))
        return;
    sl_number_text(asked, coverage);
    if (!rows) {
        sl_log(
            t->ctx,
            "interval    %s %% asked: there are no validation rows, so the bounds stay as they were learned",
            asked);
        return;
    }
    sl_text line;
    sl_text_init(&line, t->ctx);
    sl_text_rounded(&line, fabs(model->correction));
    sl_log(t->ctx, "interval    %s %% asked: by %zu validation rows both bounds are moved %s by %s%s", asked,
           rows, model->correction < 0 ? "in" : "out", sl_text_string(&line),
           model->target.way == SL_LOG        ? " deviations of the logarithm"
           : model->target.way == SL_STANDARD ? " deviations"
                                              : "");
    sl_text_free(&line);
    if (sl_conformal_place(rows, coverage) > rows)
        sl_log(t->ctx, "interval    so few validation rows promise no %s %%: wants %zu or more", asked,
               (size_t)ceil(coverage / (100 - coverage) - 1e-9));
}
