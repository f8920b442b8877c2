/* judge.c - where a model can be trusted: calibration of probabilities, residuals by prediction, and the rows
 * that cost most. */
#include "metric/metric.h"
#include "train/average.h"

#include <math.h>

enum { JUDGE_BINS = 10, JUDGE_MOST_BINS = 1000 };

sl_status sl_judge_ready(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *what)
{
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!model || !data)
        return sl_fail(ctx, SL_EINVAL, "%s: wants a model and data, given NULL", what);
    if (!model->built || !model->loss)
        return sl_fail(ctx, SL_EINVAL, "%s: the model is not trained", what);
    if (sl_check_inputs(ctx, model, data, "the data") || sl_check_targets(ctx, model, data, "the data"))
        return ctx->status;
    if (data->outputs != 1)
        return sl_fail(ctx, SL_EINVAL, "%s: the data has %zu targets a row: wants one", what, data->outputs);
    return SL_OK;
}

/* Predictions and targets of all rows. */
static sl_status judge_measure(sl_ctx *ctx, const sl_several *several, sl_measured *m)
{
    if (sl_measured_open(m, ctx, several->models[0], several->data[0], several->data[0]->rows))
        return ctx->status;
    return sl_several_measure(ctx, several, m, NULL);
}

static sl_status judge_several_ready(sl_ctx *ctx, const sl_several *several, const char *what)
{
    if (ctx && several && several->count == 1 && several->models && several->data)
        return sl_judge_ready(ctx, several->models[0], several->data[0], what);
    if (sl_several_check(ctx, several, what, true))
        return sl_error(ctx);
    return sl_judge_ready(ctx, several->models[0], several->data[0], what);
}

static sl_report *judge_report(sl_ctx *ctx, const char *const *columns, int count)
{
    sl_report *report = sl_report_new(ctx);
    for (int i = 0; report && i < count && !ctx->status; i++)
        sl_report_add_column(report, columns[i]);
    return report;
}

static int judge_bins(sl_ctx *ctx, int bins, const char *what)
{
    if (bins >= 0 && bins <= JUDGE_MOST_BINS)
        return bins ? bins : JUDGE_BINS;
    sl_fail(ctx, SL_EINVAL, "%s: %d bins: wants 1 to %d (0: %d)", what, bins, JUDGE_MOST_BINS, JUDGE_BINS);
    return 0;
}

static sl_report *judge_done(sl_ctx *ctx, sl_report *report)
{
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

/* --- calibration ----------------------------------------------------------------------------------- */

/* The confidence, and whether it came true: of two classes the second one's probability. */
static double judge_confidence(const sl_real *p, int classes, int truth, bool *right)
{
    int best = 0;
    for (int c = 1; c < classes; c++)
        best = p[c] > p[best] ? c : best;
    best = classes == 2 ? 1 : best;
    *right = best == truth;
    return (double)p[best];
}

sl_report *sl_calibration_several(sl_ctx *ctx, const sl_several *several, int bins, double *error)
{
    static const char *const columns[] = { "low", "high", "rows", "confidence", "accuracy" };
    if (judge_several_ready(ctx, several, "sl_calibration") ||
        !(bins = judge_bins(ctx, bins, "sl_calibration")))
        return NULL;
    const sl_data *data = several->data[0];
    const int classes = sl_model_kinds(several->models[0]);
    if (!classes) {
        sl_fail(ctx, SL_EINVAL,
                "calibration is of probabilities, and the model's answers are numbers: look at "
                "the residuals");
        return NULL;
    }
    struct {
        double rows, sum, right;
    } *bin = sl_alloc_array(ctx, (size_t)bins, sizeof *bin);
    sl_report *report = judge_report(ctx, columns, 5);
    sl_measured m = { 0 };
    double off = 0;
    if (!ctx->status)
        judge_measure(ctx, several, &m);
    const sl_scored scored = { .rows = m.rows, .width = classes, .output = m.predictions };
    if (!ctx->status && !sl_scored_probabilities(&scored))
        sl_fail(ctx, SL_EINVAL, "the model's answers are no probabilities: they are not all from 0 to 1");
    for (size_t i = 0; i < data->rows && !ctx->status; i++) {
        bool right;
        const double p =
            judge_confidence(m.predictions + i * (size_t)classes, classes, (int)m.targets[i], &right);
        const double edge = ceil(p * bins) - 1; /* on an edge: the bin below, as in calibration_error */
        const int at = edge > 0 ? (int)edge : 0;
        bin[at].rows++;
        bin[at].sum += p;
        bin[at].right += right;
    }
    for (int b = 0; b < bins && !ctx->status; b++) {
        const double rows = bin[b].rows;
        off += fabs(bin[b].right - bin[b].sum) / (double)data->rows;
        sl_report_add_row(report, (const double[]){ (double)b / bins, (double)(b + 1) / bins, rows,
                                                    rows > 0 ? bin[b].sum / rows : NAN,
                                                    rows > 0 ? bin[b].right / rows : NAN });
    }
    if (error)
        *error = off;
    sl_measured_close(&m, ctx);
    sl_free(ctx, bin);
    return judge_done(ctx, report);
}

sl_report *sl_calibration(sl_ctx *ctx, const sl_model *model, const sl_data *data, int bins, double *error)
{
    return sl_calibration_several(ctx, &(sl_several){ .models = &model, .data = &data, .count = 1 }, bins,
                                  error);
}

/* --- residuals ------------------------------------------------------------------------------------- */

typedef struct {
    double key;
    size_t row;
} judge_ranked;

static bool judge_before(judge_ranked a, judge_ranked b)
{
    return a.key < b.key || (a.key == b.key && a.row < b.row);
}

/* Ascending by key, then by row: heap sort, so that no order of the rows is slow. */
static void judge_sort(judge_ranked *v, size_t n)
{
    for (size_t end = n, start = n / 2; end > 1;) {
        if (start)
            start--;
        else {
            const judge_ranked swap = v[0];
            v[0] = v[--end];
            v[end] = swap;
        }
        const judge_ranked moved = v[start];
        size_t at = start;
        for (size_t child; (child = 2 * at + 1) < end; at = child) {
            child += child + 1 < end && judge_before(v[child], v[child + 1]);
            if (!judge_before(moved, v[child]))
                break;
            v[at] = v[child];
        }
        v[at] = moved;
    }
}

sl_report *sl_residuals_several(sl_ctx *ctx, const sl_several *several, int bins)
{
    static const char *const columns[] = { "low", "high", "rows", "residual", "rmse" };
    if (judge_several_ready(ctx, several, "sl_residuals") || !(bins = judge_bins(ctx, bins, "sl_residuals")))
        return NULL;
    const sl_model *model = several->models[0];
    const sl_data *data = several->data[0];
    if (sl_model_kinds(model)) {
        sl_fail(ctx, SL_EINVAL,
                "residuals are of numbers, and the model tells %d classes apart: look at the "
                "calibration",
                sl_model_kinds(model));
        return NULL;
    }
    const size_t rows = data->rows, width = (size_t)sl_prediction_width(model);
    sl_report *report = judge_report(ctx, columns, 5);
    judge_ranked *rank = sl_alloc_array(ctx, rows, sizeof *rank);
    sl_measured m = { 0 };
    if (!ctx->status)
        judge_measure(ctx, several, &m);
    for (size_t i = 0; i < rows && !ctx->status; i++)
        rank[i] = (judge_ranked){ (double)m.predictions[i * width], i };
    if (!ctx->status)
        judge_sort(rank, rows);
    for (int b = 0; b < bins && !ctx->status; b++) {
        const size_t first = rows * (size_t)b / (size_t)bins, end = rows * (size_t)(b + 1) / (size_t)bins;
        double sum = 0, squares = 0;
        for (size_t i = first; i < end; i++) {
            const double off = (double)m.targets[rank[i].row] - rank[i].key;
            sum += off;
            squares += off * off;
        }
        const double count = (double)(end - first);
        if (end > first)
            sl_report_add_row(report, (const double[]){ rank[first].key, rank[end - 1].key, count,
                                                        sum / count, sqrt(squares / count) });
    }
    sl_measured_close(&m, ctx);
    sl_free(ctx, rank);
    return judge_done(ctx, report);
}

sl_report *sl_residuals(sl_ctx *ctx, const sl_model *model, const sl_data *data, int bins)
{
    return sl_residuals_several(ctx, &(sl_several){ .models = &model, .data = &data, .count = 1 }, bins);
}

/* --- errors ---------------------------------------------------------------------------------------- */

/* Each row's loss, as key, negated: the largest comes first. */
static sl_status judge_losses(sl_ctx *ctx, const sl_model *model, const sl_data *data, judge_ranked *rank)
{
    sl_reader reader = { 0 };
    const size_t outputs = (size_t)sl_model_outputs(model);
    sl_reader_open(&reader, ctx, model, data);
    for (size_t first = 0; first < data->rows && !ctx->status; first += SL_PIECE) {
        const size_t piece = data->rows - first < SL_PIECE ? data->rows - first : SL_PIECE;
        sl_real *out = sl_reader_outputs(&reader, data, NULL, first, piece);
        for (size_t i = 0; out && i < piece; i++) {
            sl_real *target = reader.y + i * data->outputs;
            if (!sl_model_kinds(model)) /* as the loss sees it */
                sl_target_in(&model->target, target, data->outputs);
            const double loss = (double)sl_loss_of_row(ctx->isa, model->loss, &model->loss_values,
                                                       out + i * outputs, target, outputs);
            rank[first + i] = (judge_ranked){ loss == loss ? -loss : -HUGE_VAL, first + i };
        }
    }
    sl_reader_close(&reader);
    return ctx->status;
}

sl_report *sl_errors(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t most)
{
    static const char *const of_classes[] = {
        "row", "truth", "prediction", "probability", "p_truth", "loss"
    };
    static const char *const of_numbers[] = { "row", "truth", "prediction", "residual", "loss" };
    if (sl_judge_ready(ctx, model, data, "sl_errors"))
        return NULL;
    const int classes = sl_model_kinds(model);
    const size_t rows = data->rows, width = (size_t)sl_prediction_width(model);
    sl_report *report = judge_report(ctx, classes ? of_classes : of_numbers, classes ? 6 : 5);
    judge_ranked *rank = sl_alloc_array(ctx, rows, sizeof *rank);
    sl_measured m = { 0 };
    const sl_several one = { .models = &model, .data = &data, .count = 1 };
    if (!ctx->status && !judge_measure(ctx, &one, &m) && !judge_losses(ctx, model, data, rank))
        judge_sort(rank, rows);
    for (size_t i = 0; i < (most && most < rows ? most : rows) && !ctx->status; i++) {
        const size_t row = rank[i].row;
        const sl_real *p = m.predictions + row * width;
        const double truth = (double)m.targets[row];
        size_t best = 0;
        for (size_t c = 1; c < width && classes; c++)
            best = p[c] > p[best] ? c : best;
        if (classes)
            sl_report_add_row(report, (const double[]){ (double)row, truth, (double)best, (double)p[best],
                                                        (double)p[(size_t)truth], -rank[i].key });
        else
            sl_report_add_row(report, (const double[]){ (double)row, truth, (double)p[0],
                                                        truth - (double)p[0], -rank[i].key });
    }
    sl_measured_close(&m, ctx);
    sl_free(ctx, rank);
    return judge_done(ctx, report);
}
