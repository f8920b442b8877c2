/* inputs.c - see inputs.h */
#include "core/sort.h"
#include "plot/numbers/inputs.h"
#include "train/measure.h"

#include <math.h>
#include <string.h>

enum {
    INPUTS_POINTS = 1500, /* of training rows; of others a third */
    INPUTS_SCAN = 100000,
    INPUTS_MEDIAN = 1000,
    INPUTS_NUMBERS = 4000000,
    INPUTS_HELD = 6,
    INPUTS_LISTED = 30,
    INPUTS_PIECE = 256,
    INPUTS_TICKS = 4
};

/* --- which inputs ------------------------------------------------------------------------------------ */

static int inputs_column(const sl_inputs *inputs, size_t input)
{
    return inputs->model->columns ? sl_columns_input(inputs->model->columns, (int)input) : -1;
}

static bool inputs_is_words(const sl_inputs *inputs, size_t input)
{
    const int c = inputs_column(inputs, input);
    if (c < 0)
        return false;
    const sl_column_type type = inputs->model->columns->column[c].type;
    return type == SL_COLUMN_CATEGORY || type == SL_COLUMN_BOOLEAN;
}

static const char *inputs_name(const sl_inputs *inputs, size_t input)
{
    const char *name = sl_data_input_name(inputs->train, input);
    return name ? name : sl_figure_format(inputs->figure, "x%zu", input);
}

static bool inputs_find(const sl_inputs *inputs, const char *name, size_t length, size_t *input)
{
    for (size_t i = 0; i < inputs->features; i++) {
        const char *is = inputs_name(inputs, i);
        if (is && strlen(is) == length && !memcmp(is, name, length)) {
            *input = i;
            return true;
        }
    }
    return false;
}

static sl_status inputs_unknown(const sl_inputs *inputs, const char *name, size_t length)
{
    const char *names[INPUTS_LISTED];
    size_t count = 0;
    for (; count < inputs->features && count < INPUTS_LISTED; count++)
        names[count] = inputs_name(inputs, count);
    if (inputs->figure->ctx->status) /* no memory for names */
        return inputs->figure->ctx->status;
    return sl_fail_word(inputs->figure->ctx, "input",
                        sl_figure_format(inputs->figure, "%.*s", (int)(length < 200 ? length : 200), name),
                        names, count);
}

/* "a" or "a,b"; a name may have a comma in it: then another one divides. */
static sl_status inputs_named(sl_inputs *inputs, const char *columns, const char *kind)
{
    size_t *first = &inputs->axis[0].input, *second = &inputs->axis[1].input;
    const size_t length = strlen(columns);
    if (inputs->vary == 1)
        return inputs_find(inputs, columns, length, first) ? SL_OK : inputs_unknown(inputs, columns, length);
    const char *comma = strchr(columns, ',');
    if (!comma)
        return sl_fail(inputs->figure->ctx, SL_EINVAL,
                       "figure %s: --columns %s names one input: wants two, such as --columns %s,%s", kind,
                       columns, inputs_name(inputs, 0), inputs_name(inputs, 1));
    for (const char *at = comma; at; at = strchr(at + 1, ','))
        if (inputs_find(inputs, columns, (size_t)(at - columns), first) &&
            inputs_find(inputs, at + 1, length - (size_t)(at - columns) - 1, second))
            return *first != *second
                       ? SL_OK
                       : sl_fail(inputs->figure->ctx, SL_EINVAL,
                                 "figure %s: --columns %s: wants two different inputs", kind, columns);
    if (!inputs_find(inputs, columns, (size_t)(comma - columns), first))
        return inputs_unknown(inputs, columns, (size_t)(comma - columns));
    return inputs_unknown(inputs, comma + 1, strlen(comma + 1));
}

static sl_status inputs_first(sl_inputs *inputs, const char *kind)
{
    sl_ctx *ctx = inputs->figure->ctx;
    int found = 0;
    if (inputs->train->shape.rank > 1)
        return sl_fail(ctx, SL_EINVAL,
                       "figure %s: a row of %s is a picture of %zu numbers, and %s drawn: name %s (--columns "
                       "%s), or take embedding, which draws all of them in two directions",
                       kind, sl_job_folder(inputs->job, 0), inputs->features,
                       inputs->vary == 1 ? "one is" : "two are", inputs->vary == 1 ? "it" : "them",
                       inputs->vary == 1 ? "x300" : "x300,x301");
    for (size_t i = 0; i < inputs->features && found < inputs->vary; i++)
        if (!inputs_is_words(inputs, i))
            inputs->axis[found++].input = i;
    if (found < inputs->vary)
        return sl_fail(ctx, SL_EINVAL,
                       "figure %s: wants %d inputs that are numbers, and %s has %d: take importance or %s",
                       kind, inputs->vary, sl_job_folder(inputs->job, 0), found,
                       inputs->classes                 ? "confusion"
                       : inputs->vary > found && found ? "fit"
                                                       : "errors");
    return SL_OK;
}

static sl_status inputs_choose(sl_inputs *inputs)
{
    const char *columns = inputs->job->request->columns, *kind = inputs->figure->name;
    if (inputs->features < (size_t)inputs->vary && columns)
        return sl_fail(inputs->figure->ctx, SL_EINVAL, "figure %s: --columns %s: there is one input", kind,
                       columns);
    if (columns ? inputs_named(inputs, columns, kind) : inputs_first(inputs, kind))
        return inputs->figure->ctx->status;
    for (int v = 0; v < inputs->vary; v++) {
        sl_varied *axis = &inputs->axis[v];
        axis->name = inputs_name(inputs, axis->input);
        if (!columns)
            sl_decided(inputs->figure->ctx, "columns", axis->name,
                       "input %d of the %d that %s draws: the first ones that are numbers", v + 1,
                       inputs->vary, kind);
        axis->column = inputs_column(inputs, axis->input);
        if (inputs_is_words(inputs, axis->input))
            return sl_fail(
                inputs->figure->ctx, SL_EINVAL,
                "figure %s: the input %s holds words, between which there is nothing to draw: wants "
                "inputs that are numbers (--columns)",
                kind, axis->name);
    }
    return SL_OK;
}

/* --- what the training rows are like ----------------------------------------------------------------- */

static int inputs_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Of `count` values without NaN: the median, or of codes the most frequent, of those the first. */
static double inputs_middle(double *values, size_t count, bool words)
{
    size_t most = 0, run = 0;
    double found = NAN;
    if (!count)
        return NAN;
    sl_sort(values, count, sizeof *values, inputs_compare);
    if (!words)
        return (values[(count - 1) / 2] + values[count / 2]) / 2;
    for (size_t i = 0; i < count; i++) {
        run = i && values[i] == values[i - 1] ? run + 1 : 1;
        if (run > most) {
            most = run;
            found = values[i];
        }
    }
    return found;
}

/* The columns of some rows, one after the other: values [features, rows]. */
static sl_status inputs_middles(sl_inputs *inputs)
{
    const size_t fit = INPUTS_NUMBERS / inputs->features + 1, all = inputs->train->rows;
    const size_t most = fit < INPUTS_MEDIAN ? fit : INPUTS_MEDIAN, rows = all < most ? all : most;
    sl_ctx *ctx = inputs->figure->ctx;
    double *values = sl_alloc_array(ctx, rows * inputs->features, sizeof *values);
    size_t *known = sl_alloc_array(ctx, inputs->features, sizeof *known);
    for (size_t i = 0; values && known && i < rows; i++) {
        if (sl_data_row(inputs->train, sl_answers_thin(i, all, most), inputs->row, NULL))
            break;
        for (size_t j = 0; j < inputs->features; j++)
            if (inputs->row[j] == inputs->row[j])
                values[j * rows + known[j]++] = (double)inputs->row[j];
    }
    for (size_t j = 0; j < inputs->features && !ctx->status; j++)
        inputs->middle[j] = (sl_real)inputs_middle(values + j * rows, known[j], inputs_is_words(inputs, j));
    sl_free(ctx, values);
    sl_free(ctx, known);
    return ctx->status;
}

static sl_status inputs_take(sl_inputs *inputs, const sl_data *data, size_t most, sl_inputs_points *points)
{
    points->rows = data->rows;
    points->count = data->rows < most ? data->rows : most;
    for (int v = 0; v < inputs->vary; v++)
        points->x[v] = sl_figure_numbers(inputs->figure, points->count);
    points->target = sl_figure_numbers(inputs->figure, points->count);
    for (size_t i = 0; i < points->count && !inputs->figure->ctx->status; i++) {
        sl_real y = 0;
        if (sl_data_row(data, sl_answers_thin(i, data->rows, most), inputs->row, &y))
            break;
        for (int v = 0; v < inputs->vary; v++)
            points->x[v][i] = (double)inputs->row[inputs->axis[v].input];
        points->target[i] = (double)y;
    }
    return inputs->figure->ctx->status;
}

/* Lowest and highest of the training rows, of which a table knows; then the window. */
static sl_status inputs_range(sl_inputs *inputs)
{
    const sl_data *train = inputs->train;
    const size_t scan = train->rows < INPUTS_SCAN ? train->rows : INPUTS_SCAN, count = inputs->points.count;
    const double span = inputs->job->request->span > 0 ? inputs->job->request->span : 1;
    double *sorted = sl_figure_numbers(inputs->figure, count);
    for (int v = 0; v < inputs->vary; v++)
        inputs->axis[v].low = INFINITY, inputs->axis[v].high = -INFINITY;
    for (size_t i = 0; sorted && i < scan; i++) {
        if (sl_data_row(train, sl_answers_thin(i, train->rows, INPUTS_SCAN), inputs->row, NULL))
            break;
        for (int v = 0; v < inputs->vary; v++) {
            const double x = (double)inputs->row[inputs->axis[v].input];
            inputs->axis[v].low = x < inputs->axis[v].low ? x : inputs->axis[v].low;
            inputs->axis[v].high = x > inputs->axis[v].high ? x : inputs->axis[v].high;
        }
    }
    for (int v = 0; v < inputs->vary && !inputs->figure->ctx->status; v++) {
        sl_varied *axis = &inputs->axis[v];
        size_t known = 0;
        for (size_t i = 0; i < count; i++)
            if (inputs->points.x[v][i] == inputs->points.x[v][i])
                sorted[known++] = inputs->points.x[v][i];
        if (!known)
            return sl_fail(inputs->figure->ctx, SL_EINVAL,
                           "figure %s: no training row has a value of %s: choose others with --columns",
                           inputs->figure->name, axis->name);
        sl_sort(sorted, known, sizeof *sorted, inputs_compare);
        const size_t few = known / 100;
        const double room = sorted[known - 1 - few] - sorted[few]; /* without a hundredth at either end */
        double low = axis->low, high = axis->high;
        if (room > 0 && high - sorted[known - 1 - few] > room)
            high = sorted[known - 1 - few] + room / 4;
        if (room > 0 && sorted[few] - low > room)
            low = sorted[few] - room / 4;
        const double wide = high > low ? high - low : low == 0 ? 1 : fabs(low) / 5;
        axis->from = (low + high) / 2 - wide * 0.7 * span;
        axis->to = (low + high) / 2 + wide * 0.7 * span;
    }
    return inputs->figure->ctx->status;
}

bool sl_inputs_open(sl_figure *figure, const sl_figure_job *job, int vary, sl_inputs *inputs)
{
    static const char *const parts[] = { "test", "validation" };
    sl_ctx *ctx = job->ctx;
    *inputs = (sl_inputs){ .figure = figure, .job = job, .vary = vary, .model = sl_job_model(job, 0) };
    if (!inputs->model)
        return false;
    inputs->classes = sl_model_kinds(inputs->model);
    if (sl_model_reads_texts(inputs->model)) {
        sl_fail(ctx, SL_EINVAL,
                "figure %s: %s reads texts, and they are no axis: take errors, or embedding, which draws the "
                "texts "
                "as points",
                figure->name, sl_job_folder(job, 0));
        return false;
    }
    inputs->train = sl_job_data(job, 0, "train", NULL);
    for (int i = 0; i < 2 && inputs->train && !inputs->other && !ctx->status; i++)
        inputs->other = sl_job_data(job, 0, inputs->other_part = parts[i], NULL);
    if (!inputs->train && !ctx->status)
        sl_fail(ctx, SL_EINVAL, "%s: %s has no training rows to draw", sl_job_folder(job, 0),
                job->request->data ? job->request->data : "its data");
    if (ctx->status || sl_check_inputs(ctx, inputs->model, inputs->train, "the data") ||
        sl_check_targets(ctx, inputs->model, inputs->train, "the data"))
        return false;
    if (inputs->train->outputs != 1) {
        sl_fail(ctx, SL_EINVAL, "figure %s: draws one answer of a row, and %s gives %zu: take curves",
                figure->name, sl_job_folder(job, 0), inputs->train->outputs);
        return false;
    }
    inputs->features = inputs->train->features;
    inputs->row = sl_arena_take(&figure->arena, inputs->features * sizeof *inputs->row);
    inputs->middle = sl_arena_take(&figure->arena, inputs->features * sizeof *inputs->middle);
    return !ctx->status && !inputs_choose(inputs) && !inputs_middles(inputs) &&
           !inputs_take(inputs, inputs->train, INPUTS_POINTS, &inputs->points) &&
           !(inputs->other && inputs_take(inputs, inputs->other, INPUTS_POINTS / 3, &inputs->others)) &&
           !inputs_range(inputs);
}

/* --- asking ------------------------------------------------------------------------------------------ */

double *sl_inputs_answers(sl_inputs *inputs, double *const *at, size_t count, int *width)
{
    sl_ctx *ctx = inputs->figure->ctx;
    *width = sl_prediction_width(inputs->model);
    double *answers = sl_figure_numbers(inputs->figure, count * (size_t)*width);
    for (size_t first = 0; first < count && !ctx->status; first += INPUTS_PIECE) {
        const size_t piece = count - first < INPUTS_PIECE ? count - first : INPUTS_PIECE;
        sl_tensor *x = sl_tensor_new(ctx, sl_dims((int)piece, (int)inputs->features), NULL);
        for (size_t i = 0; x && i < piece; i++) {
            sl_real *row = sl_values(x) + i * inputs->features;
            memcpy(row, inputs->middle, inputs->features * sizeof *row);
            for (int v = 0; v < inputs->vary; v++)
                row[inputs->axis[v].input] = (sl_real)at[v][first + i];
        }
        sl_tensor *said = x ? sl_predict(ctx, inputs->model, x) : NULL;
        for (size_t i = 0; said && i < piece * (size_t)*width; i++)
            answers[first * (size_t)*width + i] = (double)sl_values(said)[i];
        sl_tensor_free(said);
        sl_tensor_free(x);
    }
    return ctx->status ? NULL : answers;
}

static bool inputs_is_date(const sl_inputs *inputs, int axis)
{
    const int column = inputs->axis[axis].column;
    return column >= 0 && inputs->model->columns->column[column].type == SL_COLUMN_DATE;
}

const char *sl_inputs_text(const sl_inputs *inputs, int axis, double value)
{
    char text[64];
    if (!inputs_is_date(inputs, axis))
        return sl_answers_number(inputs->figure, value);
    sl_column_text(inputs->model->columns, inputs->axis[axis].column, value, text, sizeof text);
    return sl_figure_format(inputs->figure, "%.10s", text); /* the day */
}

void sl_inputs_ticks(const sl_inputs *inputs, int axis, sl_axis *ticks)
{
    const sl_varied *varied = &inputs->axis[axis];
    const double day = 86400, range = varied->to - varied->from;
    for (int i = 0; inputs_is_date(inputs, axis) && i < INPUTS_TICKS; i++) {
        const double at = floor((varied->from + range * (i + 0.5) / INPUTS_TICKS) / day) * day;
        sl_axis_name(inputs->figure, ticks, at, sl_inputs_text(inputs, axis, at));
    }
}

/* --- notes ------------------------------------------------------------------------------------------- */

static void inputs_outside(const sl_inputs *inputs)
{
    size_t outside = 0;
    for (size_t i = 0; i < inputs->points.count; i++) {
        bool in = true;
        for (int v = 0; v < inputs->vary; v++)
            in = in && inputs->points.x[v][i] >= inputs->axis[v].from &&
                 inputs->points.x[v][i] <= inputs->axis[v].to;
        outside += !in;
    }
    if (outside)
        sl_figure_note(
            inputs->figure,
            "%zu of the %zu training rows drawn lie outside the range shown, or lack a value: --span "
            "widens it.",
            outside, inputs->points.count);
}

void sl_inputs_notes(sl_inputs *inputs)
{
    sl_figure *figure = inputs->figure;
    const sl_inputs_points *all[] = { &inputs->points, &inputs->others };
    const char *parts[] = { "train", inputs->other_part };
    for (int i = 0; i < 2; i++)
        if (all[i]->count < all[i]->rows)
            sl_figure_note(figure, "%zu of %s of the %s part are drawn, evenly.", all[i]->count,
                           sl_answers_count(figure, all[i]->rows, "row"), parts[i]);
    inputs_outside(inputs);
    if (inputs->features == (size_t)inputs->vary)
        return;
    sl_text held;
    sl_text_init(&held, figure->ctx);
    size_t listed = 0, others = inputs->features - (size_t)inputs->vary;
    for (size_t i = 0; i < inputs->features && listed < INPUTS_HELD && inputs->features <= 1000; i++) {
        char word[64] = "";
        const int column = inputs_column(inputs, i);
        if (i == inputs->axis[0].input || (inputs->vary > 1 && i == inputs->axis[1].input))
            continue;
        if (column >= 0 && inputs->model->columns->column[column].type != SL_COLUMN_NUMBER)
            sl_column_text(inputs->model->columns, column, (double)inputs->middle[i], word, sizeof word);
        else if (!figure->ctx->status)
            sl_text_fit(sl_answers_number(figure, (double)inputs->middle[i]), word, sizeof word);
        sl_text_add(&held, "%s%.40s = %.40s", listed++ ? ", " : "", inputs_name(inputs, i), word);
    }
    sl_figure_note(figure,
                   "The other %zu inputs stay at the median of the training rows, words at the most "
                   "frequent%s%s%s; the rows drawn have their own.",
                   others, listed ? ": " : "", sl_text_string(&held), listed < others ? ", .." : "");
    sl_text_free(&held);
}
