/* measure.c - see measure.h */
#include "train/measure.h"

#include <math.h>
#include <string.h>

sl_status sl_reader_open(sl_reader *reader, sl_ctx *ctx, const sl_model *model, const sl_data *data)
{
    const size_t outputs = data->outputs ? data->outputs : 1;
    *reader = (sl_reader){ .ctx = ctx, .model = model };
    reader->tape = sl_tape_new(ctx, SL_INFER);
    const sl_preparation how = sl_model_preparation(model);
    reader->features = sl_prepared_features(&how, data);
    reader->x = sl_model_inputs(ctx, model, SL_PIECE, reader->features);
    reader->y = sl_alloc_array(ctx, SL_PIECE * outputs, sizeof *reader->y);
    reader->rows = sl_alloc_array(ctx, SL_PIECE, sizeof *reader->rows);
    reader->weights = sl_alloc_array(ctx, SL_PIECE, sizeof *reader->weights);
    reader->losses = sl_alloc_array(ctx, SL_PIECE, sizeof *reader->losses);
    return ctx->status;
}

void sl_reader_close(sl_reader *reader)
{
    if (!reader->ctx)
        return;
    sl_tape_free(reader->tape);
    sl_tensor_free(reader->x);
    sl_free(reader->ctx, reader->y);
    sl_free(reader->ctx, reader->rows);
    sl_free(reader->ctx, reader->weights);
    sl_free(reader->ctx, reader->losses);
    sl_free(reader->ctx, reader->answers);
}

sl_real *sl_reader_outputs(sl_reader *reader, const sl_data *data, const size_t *rows, size_t first,
                           size_t count)
{
    if (!rows) {
        for (size_t i = 0; i < count; i++)
            reader->rows[i] = first + i;
        rows = reader->rows;
    }
    sl_tensor *x = reader->x;
    if (sl_model_gather(reader->ctx, reader->model, data, rows, count, false, x,
                        data->outputs ? reader->y : NULL))
        return NULL;
    sl_tape_reset(reader->tape);
    sl_tensor *y = sl_model_forward(reader->tape, reader->model, x);
    return y ? y->v : NULL;
}

int sl_model_kinds(const sl_model *model)
{
    return model->loss ? sl_loss_kinds(model->loss, sl_model_outputs(model)) : 0;
}

int sl_prediction_width(const sl_model *model)
{
    const int kinds = sl_model_kinds(model);
    return kinds ? kinds : sl_model_outputs(model);
}

void sl_outputs_to_predictions(const sl_model *model, const sl_real *outputs, size_t rows, sl_real *to)
{
    const size_t width = (size_t)sl_model_outputs(model);
    const bool two = width == 1 && sl_model_kinds(model) == 2;
    const sl_loss *loss = model->loss;
    if (two && loss->predict && loss->from_logits &&
        !loss->cut_included) {            /* 1 - p would be 0 from a logit of 17 on */
        for (size_t i = rows; i-- > 0;) { /* from the back: what is read was not overwritten yet */
            const sl_real x = outputs[i];
            to[2 * i] = -x;
            to[2 * i + 1] = x;
        }
        sl_sigmoid_n(model->ctx->isa, to, to, 2 * rows);
        return;
    }
    if (loss && loss->predict)
        loss->predict(model->ctx->isa, to, outputs, rows, width);
    else
        memmove(to, outputs, rows * width * sizeof *to);
    if (sl_loss_has_bounds(loss))
        sl_target_bounds(model, to, rows * (width / 3));
    sl_target_out(&model->target, to, rows * width);
    for (size_t i = rows; two && i-- > 0;) {
        const sl_real p = to[i];
        to[2 * i] = 1 - p;
        to[2 * i + 1] = p;
    }
}

/* The first of the largest; of one output, class 1 above the loss's cut: a logit of 0, a probability of a
 * half. */
static size_t measure_class(const sl_loss *loss, const sl_real *outputs, size_t width)
{
    if (width == 1)
        return loss->cut_included ? outputs[0] >= loss->cut : outputs[0] > loss->cut;
    size_t best = 0;
    for (size_t i = 1; i < width; i++)
        if (outputs[i] > outputs[best])
            best = i;
    return best;
}

/* Of one row: how its targets lie to the bounds that are answered, and to those that the net gave. */
static void measure_bounds(const sl_real *answer, const sl_real *target, const sl_real *out,
                           const sl_real *seen, sl_measured *m)
{
    const bool ordered = out[1] < out[2];
    const sl_real low = ordered ? out[1] : out[2], high = ordered ? out[2] : out[1];
    m->inside += target[0] >= answer[1] && target[0] <= answer[2];
    m->inside_before += seen[0] >= low && seen[0] <= high;
    m->width += (double)answer[2] - (double)answer[1];
}

/* answers: predictions [count, width], for numbers; outputs and the reader's targets are overwritten. */
static void measure_piece(const sl_reader *reader, const sl_data *data, sl_real *outputs,
                          const sl_real *answers, size_t count, sl_measured *m, double *loss)
{
    const sl_model *model = reader->model;
    const size_t width = (size_t)sl_model_outputs(model), kinds = (size_t)sl_model_kinds(model);
    const size_t each = (size_t)sl_loss_per_target(model->loss), targets = width / each;
    for (size_t i = 0; i < count; i++) {
        sl_real *target = reader->y + i * data->outputs;
        sl_real *out = outputs + i * width;
        if (kinds) {
            const size_t truth = (size_t)target[0], answer = measure_class(model->loss, out, width);
            m->right += truth == answer;
            if (m->confusion)
                m->confusion[truth * kinds + answer]++;
        } else {
            const sl_real *answer = answers + i * width, own = target[0];
            for (size_t j = 0; j < targets; j++) {
                const double error = (double)answer[j * each] - (double)target[j];
                m->squared += error * error / (double)targets;
            }
            sl_target_in(&model->target, target, targets);
            if (sl_loss_has_bounds(model->loss))
                measure_bounds(answer, &own, out, target, m);
        }
    }
    sl_loss_of_rows(model->ctx->isa, model->loss, &model->loss_values, outputs, reader->y, count, width,
                    reader->losses);
    for (size_t i = 0; i < count; i++) {
        const double row = (double)reader->losses[i], weight = (double)reader->weights[i];
        *loss += weight != 0 ? row * weight : 0; /* 0 times infinity: the row does not count */
    }
}

/* Where predictions are numbers and not what the net gives, memory for those of a piece. */
static sl_status measure_answers(sl_reader *reader)
{
    const sl_model *model = reader->model;
    const bool other =
        model->loss->predict || model->target.way != SL_UNSCALED || sl_loss_has_bounds(model->loss);
    if (!reader->answers && other && !sl_model_kinds(model))
        reader->answers = sl_alloc_array(reader->ctx, (size_t)SL_PIECE * sizeof *reader->answers,
                                         (size_t)sl_model_outputs(model));
    return reader->ctx->status;
}

sl_status sl_measure(sl_reader *reader, const sl_data *data, const size_t *rows, size_t count, sl_measured *m)
{
    const size_t width = (size_t)sl_prediction_width(reader->model);
    double loss = 0;
    m->right = 0;
    m->squared = m->width = 0;
    m->inside = m->inside_before = 0;
    if (measure_answers(reader))
        return reader->ctx->status;
    for (size_t first = 0; first < count; first += SL_PIECE) {
        const size_t piece = count - first < SL_PIECE ? count - first : SL_PIECE;
        sl_real *outputs = sl_reader_outputs(reader, data, rows ? rows + first : NULL, first, piece);
        if (!outputs)
            return reader->ctx->status;
        if (m->predictions)
            sl_outputs_to_predictions(reader->model, outputs, piece, m->predictions + first * width);
        if (m->targets)
            memcpy(m->targets + first * data->outputs, reader->y, piece * data->outputs * sizeof *m->targets);
        const sl_real *answers = outputs;
        if (reader->answers) {
            sl_outputs_to_predictions(reader->model, outputs, piece, reader->answers);
            answers = reader->answers;
        }
        if (sl_data_gather_weights(data, rows ? rows + first : reader->rows, piece, reader->weights))
            return sl_error(data->ctx);
        measure_piece(reader, data, outputs, answers, piece, m, &loss);
    }
    m->rows = count;
    m->loss = count ? loss / (double)count : NAN;
    m->squared = count ? m->squared / (double)count : NAN;
    return SL_OK;
}

/* What answering always the same gives: the commonest class, or the mean. */
static double measure_baseline(const sl_scored *s)
{
    if (s->classes) {
        size_t most = 0;
        for (int c = 0; c < s->classes; c++) {
            const size_t truth = sl_confusion_truth(s, c);
            most = truth > most ? truth : most;
        }
        return s->rows ? (double)most / (double)s->rows : NAN;
    }
    double squared = 0;
    const size_t width = (size_t)s->width, count = s->rows * width;
    for (size_t j = 0; j < width; j++) { /* each output has a mean of its own */
        double mean = 0;
        for (size_t i = j; i < count; i += width)
            mean += (double)s->target[i] / (double)s->rows;
        for (size_t i = j; i < count; i += width) {
            const double error = (double)s->target[i] - mean;
            squared += error * error / (double)count;
        }
    }
    return count ? sqrt(squared) : NAN;
}

sl_status sl_measured_open(sl_measured *m, sl_ctx *ctx, const sl_model *model, const sl_data *data,
                           size_t count)
{
    const size_t kinds = (size_t)sl_model_kinds(model), width = (size_t)sl_prediction_width(model);
    *m = (sl_measured){ .confusion = sl_alloc_array(ctx, kinds * kinds, sizeof *m->confusion),
                        .predictions = sl_alloc_array(ctx, count, width * sizeof *m->predictions),
                        .targets = sl_alloc_array(ctx, count, data->outputs * sizeof *m->targets) };
    return ctx->status;
}

void sl_measured_close(sl_measured *m, sl_ctx *ctx)
{
    sl_free(ctx, m->confusion);
    sl_free(ctx, m->predictions);
    sl_free(ctx, m->targets);
    *m = (sl_measured){ 0 };
}

/* Of predictions with bounds the first of each: what metrics go by. NULL where there are none. */
static sl_real *measure_points(sl_ctx *ctx, const sl_model *model, const sl_measured *m)
{
    const size_t each = (size_t)sl_loss_per_target(model->loss),
                 count = m->rows * (size_t)sl_prediction_width(model) / each;
    sl_real *points = each > 1 ? sl_alloc_array(ctx, count, sizeof *points) : NULL;
    for (size_t i = 0; i < count && points; i++)
        points[i] = m->predictions[i * each];
    return points;
}

sl_report *sl_measured_report(sl_ctx *ctx, const sl_model *model, const sl_measured *m)
{
    enum { MOST = 32 };
    const int kinds = sl_model_kinds(model);
    sl_real *points = measure_points(ctx, model, m);
    const sl_scored scored = { .ctx = ctx,
                               .rows = m->rows,
                               .classes = kinds,
                               .width = sl_prediction_width(model) / sl_loss_per_target(model->loss),
                               .output = points ? points : m->predictions,
                               .target = m->targets,
                               .confusion = m->confusion };
    sl_report *report = sl_report_new(ctx);
    double values[MOST];
    int taken = 0;
    if (!ctx->status) {
        values[taken++] = m->loss;
        sl_report_add_column(report, "loss");
        const sl_metric *metric;
        for (size_t i = 0; (metric = sl_metric_at(i)) && taken < MOST - 5; i++)
            if (sl_metric_applies(metric, kinds)) {
                values[taken++] = metric->value(&scored);
                sl_report_add_column(report, metric->name);
            }
        values[taken++] = measure_baseline(&scored);
        sl_report_add_column(report, kinds ? "majority_accuracy" : "mean_rmse");
        const double bounds[] = { (double)m->inside, (double)m->inside_before, m->width };
        static const char *const names[] = { "coverage", "coverage_uncorrected", "width" };
        for (int i = 0; i < 3 && sl_loss_has_bounds(model->loss); i++) {
            values[taken++] = m->rows ? bounds[i] / (double)m->rows : NAN;
            sl_report_add_column(report, names[i]);
        }
        values[taken++] = (double)m->rows;
        sl_report_add_column(report, "rows");
        if (!ctx->status)
            sl_report_add_row(report, values);
        if (kinds && !ctx->status)
            sl_report_set_confusion(report, kinds, m->confusion);
    }
    sl_free(ctx, points);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

static void measure_put(sl_report *report, const char *column, double value)
{
    const int at = sl_report_find(report, column);
    if (at >= 0)
        report->values[at] = value;
}

/* So many that the answers to all are not kept. Loss, accuracy and rmse are of all rows, other figures of
 * those that stand for them. */
static sl_report *measure_many(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t most)
{
    sl_reader reader = { 0 };
    sl_measured m = { 0 };
    const int kinds = sl_model_kinds(model);
    const size_t cells = (size_t)kinds * (size_t)kinds;
    m.confusion = sl_alloc_array(ctx, cells, sizeof *m.confusion);
    sl_data *some = m.confusion ? sl_data_some(data, most) : NULL;
    sl_report *report = NULL;
    if (some && !sl_reader_open(&reader, ctx, model, data) &&
        !sl_measure(&reader, data, NULL, data->rows, &m))
        report = sl_measure_all(ctx, model, some, NULL, some->rows);
    if (report) {
        sl_decided(
            ctx, "figures", "of some rows",
            "%zu of %zu, drawn by the seed: the answers to all take too much memory; loss and %s are of all",
            some->rows, data->rows, kinds ? "accuracy" : "rmse");
        sl_log(ctx, "measured    loss, %s of all %zu rows; other figures of %zu of them, drawn by the seed",
               kinds ? "accuracy, confusion" : "rmse", data->rows, some->rows);
        measure_put(report, "loss", m.loss);
        measure_put(report, "rows", (double)m.rows);
        measure_put(report, kinds ? "accuracy" : "rmse",
                    kinds ? (double)m.right / (double)m.rows : sqrt(m.squared));
        if (kinds)
            sl_report_set_confusion(report, kinds, m.confusion);
    }
    sl_reader_close(&reader);
    sl_data_free(some);
    sl_free(ctx, m.confusion);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

sl_report *sl_measure_all(sl_ctx *ctx, const sl_model *model, const sl_data *data, const size_t *rows,
                          size_t count)
{
    enum { MOST = 1 << 22 }; /* numbers of predictions and targets: 16 MB */
    const size_t wide = (size_t)sl_prediction_width(model) + data->outputs;
    if (!rows && count == data->rows && count > MOST / wide + 1)
        return measure_many(ctx, model, data, MOST / wide + 1);
    sl_reader reader = { 0 };
    sl_measured m;
    sl_report *report = NULL;
    if (!sl_measured_open(&m, ctx, model, data, count) && !sl_reader_open(&reader, ctx, model, data) &&
        !sl_measure(&reader, data, rows, count, &m))
        report = sl_measured_report(ctx, model, &m);
    sl_reader_close(&reader);
    sl_measured_close(&m, ctx);
    return report;
}
