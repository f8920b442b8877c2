/* checks.c - wrong set-ups refused before step 1, with the numbers. */
#include "train/measure.h"

#include <math.h>
#include <string.h>

static const char *checks_reader(const sl_model *model)
{
    int i = 0;
    while (!model->layers[i].kind->read)
        i++;
    return model->layers[i].name;
}

sl_status sl_check_inputs(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role)
{
    size_t wanted;
    char found[96], shape[96];
    if (!data->rows)
        return sl_fail(ctx, SL_EINVAL, "%s has no rows", role);
    if (!sl_data_has_words(data) && sl_model_reads_texts(model))
        return sl_fail(
            ctx, SL_EINVAL,
            "%s has no texts, and the net reads some (%s): wants a column of texts, or another net", role,
            checks_reader(model));
    if (model->built && !model->views && sl_model_reads_texts(model))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the model reads lists of features that it was given by hand (sl_set_bags): data "
                       "cannot carry them",
                       role);
    if (model->columns && data->store->columns && !sl_columns_alike(model->columns, data->store->columns))
        return sl_fail(ctx, SL_EINVAL,
                       "%s is a table whose columns were not read as the model's: open it with "
                       "sl_data_open_for",
                       role);
    if (model->columns && (sl_data_is_bytes(data) || data->features != (size_t)model->columns->inputs))
        return sl_fail(ctx, SL_ESHAPE, "%s has rows of shape %s: the model wants a table's %d columns", role,
                       sl_shape_text(found, data->shape), model->columns->inputs);
    if (model->columns)
        return SL_OK;
    if (model->built && data->store->columns)
        return sl_fail(ctx, SL_EINVAL, "%s is a table, and the model was not trained on one", role);
    if (model->built && sl_shape_count(model->input, &wanted) && wanted != data->features)
        return sl_fail(
            ctx, SL_ESHAPE, "%s has rows of shape %s, %zu numbers: the model wants %s, %zu numbers", role,
            sl_shape_text(found, data->shape), data->features, sl_shape_text(shape, model->input), wanted);
    return SL_OK;
}

/* The first target that test(target) refuses: row and value for the sentence. */
static bool checks_outside(const sl_data *data, double low, double high, bool whole, size_t *row,
                           double *value)
{
    sl_real y[64];
    for (size_t i = 0; i < data->rows; i++) {
        if (data->outputs > sizeof y / sizeof *y)
            return false; /* too wide for a look at each: the operator looks at every batch */
        if (sl_data_gather(NULL, data, &i, 1, NULL, NULL, y))
            return false; /* the context has the error */
        for (size_t j = 0; j < data->outputs; j++) {
            const double t = (double)y[j];
            if (t >= low && t <= high && (!whole || t == (double)(long)t))
                continue;
            *row = i;
            *value = t;
            return true;
        }
    }
    return false;
}

/* Class 1 of a table that was opened by itself may be class 2 of the model. */
static sl_status checks_class_names(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role)
{
    const bool table = data->store->columns && model->columns;
    for (int c = 0; c < data->classes && c < model->classes && table; c++)
        if (strcmp(sl_data_class_name(data, c), model->class_names[c]) != 0)
            return sl_fail(ctx, SL_EINVAL,
                           "%s is a table with other classes than the model's: number %d is '%.60s', and the "
                           "model's is '%.60s': open it with sl_data_open_for",
                           role, c, sl_data_class_name(data, c), model->class_names[c]);
    return SL_OK;
}

static sl_status checks_classes(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role,
                                int outputs)
{
    const int kinds = sl_model_kinds(model);
    size_t row;
    double value;
    char number[32];
    if (data->outputs != 1)
        return sl_fail(ctx, SL_ESHAPE, "%s has %zu targets a row: %s wants one, the class number", role,
                       data->outputs, model->loss->name);
    if (data->classes > kinds && outputs == 1)
        return sl_fail(ctx, SL_EINVAL,
                       "%s has %d classes (%s to %s); the output has 1 unit, which tells two apart: end the "
                       "net with %d",
                       role, data->classes, sl_data_class_name(data, 0),
                       sl_data_class_name(data, data->classes - 1), data->classes);
    if (data->classes > kinds)
        return sl_fail(ctx, SL_EINVAL,
                       "%s has %d classes (%s to %s); the output has %d units: end the net with %d", role,
                       data->classes, sl_data_class_name(data, 0),
                       sl_data_class_name(data, data->classes - 1), outputs, data->classes);
    if (checks_outside(data, 0, kinds - 1, true, &row, &value))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the target of row %zu is %s: %s wants a whole number from 0 to %d, since the "
                       "output has %d unit%s",
                       role, row, sl_number_text(number, value), model->loss->name, kinds - 1, outputs,
                       outputs == 1 ? "" : "s");
    return SL_OK;
}

static sl_status checks_width(sl_ctx *ctx, const sl_loss *loss, const sl_data *data, const char *role,
                              int outputs)
{
    const int each = sl_loss_per_target(loss);
    if (data->outputs == (size_t)(outputs / each) && outputs % each == 0)
        return SL_OK;
    if (each > 1)
        return sl_fail(ctx, SL_ESHAPE, "%s has %zu targets a row, the net %d outputs: %s wants %d a target",
                       role, data->outputs, outputs, loss->name, each);
    return sl_fail(ctx, SL_ESHAPE, "%s has %zu targets a row, the net %d outputs: they must be as many", role,
                   data->outputs, outputs);
}

static sl_status checks_probabilities(sl_ctx *ctx, const sl_model *model, const sl_data *data,
                                      const char *role, int outputs)
{
    const sl_loss *loss = model->loss;
    size_t row;
    double value;
    char number[32];
    if (data->classes > 2)
        return sl_fail(ctx, SL_EINVAL,
                       "%s has %d classes: %s tells two apart: take cross_entropy and %d outputs", role,
                       data->classes, loss->name, data->classes);
    if (checks_width(ctx, loss, data, role, outputs))
        return ctx->status;
    if (checks_outside(data, 0, 1, loss->whole, &row, &value))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the target of row %zu is %s: %s wants %s. For several classes take "
                       "cross_entropy, for numbers mean_squared",
                       role, row, sl_number_text(number, value), loss->name,
                       loss->whole ? "0 or 1" : "0 to 1");
    return SL_OK;
}

/* The first row whose targets are no distribution: one below 0, or a sum other than 1. */
static sl_status checks_distributions(sl_ctx *ctx, const sl_model *model, const sl_data *data,
                                      const char *role, int outputs)
{
    const char *loss = model->loss->name;
    if (data->classes || (data->outputs == 1 && outputs != 1))
        return sl_fail(
            ctx, SL_EINVAL,
            "%s has one target a row: %s wants %d, a probability for each class: for class numbers "
            "take cross_entropy",
            role, loss, outputs);
    if (checks_width(ctx, model->loss, data, role, outputs))
        return ctx->status;
    sl_real *y = sl_alloc_array(ctx, data->outputs, sizeof *y);
    for (size_t i = 0; i < data->rows && y && !ctx->status; i++) {
        double sum = 0, least = 0;
        char number[32];
        if (sl_data_gather(NULL, data, &i, 1, NULL, NULL, y))
            break;
        for (size_t j = 0; j < data->outputs; j++) {
            sum += (double)y[j];
            least = (double)y[j] < least ? (double)y[j] : least;
        }
        if (least < 0)
            sl_fail(ctx, SL_EINVAL, "%s: a target of row %zu is %s: %s wants probabilities, at least 0", role,
                    i, sl_number_text(number, least), loss);
        else if (!(fabs(sum - 1) <= SL_SHARES_OFF))
            sl_fail(
                ctx, SL_EINVAL,
                "%s: the targets of row %zu add up to %s: %s wants a distribution, whose sum is 1: divide "
                "each row by its sum",
                role, i, sl_number_text(number, sum), loss);
    }
    sl_free(ctx, y);
    return ctx->status;
}

static sl_status checks_numbers(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role,
                                int outputs)
{
    const sl_op *f = model->layers[model->count - 1].activation;
    size_t row;
    double value;
    char number[32], low[32], high[32];
    if (data->classes)
        return sl_fail(ctx, SL_EINVAL,
                       "%s has %d classes: their numbers are names, not amounts, so %s would learn nonsense: "
                       "take %s, or say that the task is regression",
                       role, data->classes, model->loss->name,
                       data->classes == 2 ? "binary_cross_entropy" : "cross_entropy");
    if (checks_width(ctx, model->loss, data, role, outputs))
        return ctx->status;
    if (sl_loss_has_bounds(model->loss) && data->outputs != 1)
        return sl_fail(ctx, SL_ESHAPE, "%s has %zu targets a row: %s wants one, whose bounds are corrected",
                       role, data->outputs, model->loss->name);
    if (model->target.way == SL_LOG && checks_outside(data, 5e-324, HUGE_VAL, false, &row, &value))
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: the target of row %zu is %s: its logarithm is learned, which wants numbers above 0: "
            "take target scale standard",
            role, row, sl_number_text(number, value));
    if (model->loss->from_0 && checks_outside(data, 0, HUGE_VAL, false, &row, &value))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the target of row %zu is %s: %s wants counts, which are never below 0: for other "
                       "numbers take mean_squared",
                       role, row, sl_number_text(number, value), model->loss->name);
    if (f && f->bounded && model->target.way == SL_UNSCALED &&
        checks_outside(data, f->low, f->high, false, &row, &value)) {
        if (f->high > 1e100)
            return sl_fail(ctx, SL_EINVAL,
                           "%s: the target of row %zu is %s, and the last layer's %s gives nothing below "
                           "%s: leave its activation out",
                           role, row, sl_number_text(number, value), f->name, sl_number_text(low, f->low));
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the target of row %zu is %s, and the last layer's %s gives %s to %s: leave its "
                       "activation out, or scale the targets",
                       role, row, sl_number_text(number, value), f->name, sl_number_text(low, f->low),
                       sl_number_text(high, f->high));
    }
    return SL_OK;
}

static sl_status checks_of_loss(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role)
{
    const int outputs = sl_model_outputs(model);
    if (model->loss->target <= SL_TARGET_PROBABILITY && checks_class_names(ctx, model, data, role))
        return ctx->status;
    switch (model->loss->target) {
    case SL_TARGET_CLASS:
        return checks_classes(ctx, model, data, role, outputs);
    case SL_TARGET_PROBABILITY:
        return checks_probabilities(ctx, model, data, role, outputs);
    case SL_TARGET_DISTRIBUTION:
        return checks_distributions(ctx, model, data, role, outputs);
    default:
        return checks_numbers(ctx, model, data, role, outputs);
    }
}

sl_status sl_check_targets(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role)
{
    if (!data->outputs)
        return sl_fail(ctx, SL_EINVAL, "%s has no targets: it can be predicted, not trained or evaluated on",
                       role);
    const sl_status status = checks_of_loss(ctx, model, data, role);
    return status ? status : sl_error(data->ctx); /* rows that cannot be read have nothing wrong in them */
}
