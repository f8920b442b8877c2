/* layers_row.c - what the layers of a net make of one row: a panel a layer. */
#include "plot/numbers/curve.h"
#include "plot/numbers/layers.h"

#include <math.h>
#include <string.h>

enum { ROW_BARS = 40, ROW_PANELS = 12, ROW_BINS = 20, ROW_WORDS = 160 };

typedef struct {
    sl_figure *figure;
    sl_ctx *ctx;
    const sl_model *model;
    const sl_data *data;
    size_t row;
} row_look;

/* --- the panels ----------------------------------------------------------------------------------------- */

/* A name for a place below the panel: shortened, so that many have room. */
static const char *row_short(sl_figure *figure, const char *name)
{
    char text[24];
    const size_t length = sl_text_fit(name, text, sizeof text);
    return sl_figure_format(figure, "%s%s", text, length >= sizeof text ? ".." : "");
}

static sl_status row_bars(sl_figure *figure, const char *title, const char *what, const char *value,
                          const sl_real *v, size_t count, const char *const *names)
{
    sl_panel *panel = sl_figure_panel(figure, title, what, value);
    sl_series *bars = sl_panel_add(figure, panel, SL_DRAW_BARS, NULL, count);
    if (!bars)
        return figure->ctx->status;
    panel->x.whole = true;
    panel->x.low = 0.4;
    panel->x.high = (double)count + 0.6;
    for (size_t i = 0; i < count; i++) {
        bars->x[i] = (double)i + 1;
        bars->y[i] = (double)v[i];
        if (names)
            sl_axis_name(figure, &panel->x, bars->x[i], row_short(figure, names[i]));
    }
    return figure->ctx->status;
}

/* Rows from the top. */
static sl_status row_image(sl_figure *figure, const char *title, const sl_real *v, size_t rows,
                           size_t columns, size_t count, sl_tint tint)
{
    sl_panel *panel = sl_figure_panel(figure, title, NULL, NULL);
    sl_series *image =
        sl_panel_grid(figure, panel, SL_DRAW_IMAGE, rows, columns, 0, (double)columns, 0, (double)rows);
    if (!image)
        return figure->ctx->status;
    panel->x.none = panel->y.none = panel->square = true;
    panel->tint = tint;
    panel->no_scale = tint == SL_GREYS;
    panel->z.label = "output";
    for (size_t i = 0; i < rows * columns; i++)
        image->y[(rows - 1 - i / columns) * columns + i % columns] = i < count ? (double)v[i] : NAN;
    return figure->ctx->status;
}

static sl_status row_histogram(sl_figure *figure, const char *title, const sl_real *v, size_t count)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = (double)v[i] < low ? (double)v[i] : low;
        high = (double)v[i] > high ? (double)v[i] : high;
    }
    sl_panel *panel = sl_figure_panel(figure, title, "output", "units");
    sl_series *bars = sl_panel_add(figure, panel, SL_DRAW_BARS, NULL, ROW_BINS);
    if (!bars || !(high - low >= 0)) /* nothing finite: an empty panel */
        return figure->ctx->status;
    const double width = high > low ? (high - low) / ROW_BINS : 1;
    for (size_t i = 0; i < ROW_BINS; i++)
        bars->x[i] = low + ((double)i + 0.5) * width;
    for (size_t i = 0; i < count; i++) {
        const double at = ((double)v[i] - low) / width;
        bars->y[at < ROW_BINS ? (size_t)at : ROW_BINS - 1]++;
    }
    return figure->ctx->status;
}

/* A picture of so many numbers is square, or up to twice as wide as high where it comes out even then. */
static size_t row_columns(size_t width)
{
    size_t square = 1;
    while (square * square < width)
        square++;
    for (size_t c = square; c * c <= 2 * width; c++)
        if (width % c == 0)
            return c;
    return square;
}

/* A probability to three places. */
static const char *row_probability(sl_figure *figure, double p)
{
    return sl_figure_number(figure, floor(p * 1000 + 0.5) / 1000);
}

/* Those of a last layer that gives a number a class are named after the classes. */
static sl_status row_layer_bars(const row_look *look, int layer, const char *title, const sl_real *v,
                                size_t width)
{
    const sl_model *model = look->model;
    const bool classes = &model->layers[layer] == sl_model_last(model) && width > 1 &&
                         (size_t)sl_model_kinds(model) == width && model->class_names &&
                         (size_t)model->classes == width;
    return row_bars(look->figure, title, classes ? "class" : "unit", "output", v, width,
                    classes ? (const char *const *)model->class_names : NULL);
}

/* Few outputs as bars; many as a picture of them all and how they are spread. */
static sl_status row_layer(const row_look *look, int layer, const sl_real *v)
{
    const sl_built *l = &look->model->layers[layer];
    const size_t width = sl_layers_width(look->model, layer);
    size_t zeros = 0;
    for (size_t i = 0; i < width; i++)
        zeros += v[i] == 0;
    const char *said = zeros ? sl_figure_format(look->figure, ", %zu at 0", zeros) : "";
    const char *title = sl_figure_format(look->figure, "%s: %zu output%s%s", l->name, width,
                                         width == 1 ? "" : "s", said ? said : "");
    if (width <= ROW_BARS)
        return row_layer_bars(look, layer, title, v, width);
    const bool picture = l->out.rank == 2;
    const size_t columns = picture ? (size_t)l->out.dim[1] : row_columns(width),
                 rows = (width + columns - 1) / columns;
    bool negative = false;
    for (size_t i = 0; i < width; i++)
        negative = negative || v[i] < 0;
    if (row_image(look->figure, title, v, rows, columns, width, negative ? SL_DIVERGING : SL_SEQUENTIAL))
        return look->ctx->status;
    return row_histogram(look->figure,
                         sl_figure_format(look->figure, "%s: how its outputs are spread", l->name), v, width);
}

static bool row_pictured(const sl_shape *shape)
{
    return shape->rank == 2 && shape->dim[0] > 1 && shape->dim[1] > 1;
}

static sl_status row_input(const row_look *look, const sl_real *v)
{
    const sl_data *data = look->data;
    const size_t width = sl_layers_width(look->model, SL_LAYER_INPUT);
    const char *names[ROW_BARS];
    char shown[32];
    const sl_shape shape = sl_data_shape(data);
    if (!width)
        return SL_OK;
    if (row_pictured(&shape) && !data->store->columns)
        return row_image(look->figure, "input", v, (size_t)shape.dim[0], (size_t)shape.dim[1], width,
                         SL_GREYS);
    const bool named = width <= ROW_BARS && width == data->features && sl_data_input_name(data, 0);
    for (size_t i = 0; named && i < width; i++) {
        char text[16] = "";
        double number;
        sl_data_input_text(data, look->row, i, text, sizeof text);
        names[i] =
            sl_figure_format(look->figure, "%s %s", sl_data_input_name(data, i),
                             sl_number_parse(text, &number) ? sl_curve_figures(number, 5, shown) : text);
    }
    if (width > ROW_BARS)
        return row_histogram(
            look->figure, sl_figure_format(look->figure, "input: %zu numbers, as the net sees them", width),
            v, width);
    return row_bars(look->figure, "input, as the net sees it", named ? NULL : "number", "value", v, width,
                    named ? names : NULL);
}

/* --- the answer ------------------------------------------------------------------------------------------
 */

static const char *row_class(const sl_model *model, double class_index)
{
    return class_index >= 0 && class_index < model->classes && model->class_names
               ? model->class_names[(int)class_index]
               : "?";
}

/* The panel of the answer, and what of it the title says. */
static const char *row_answer(const row_look *look, const sl_real *outputs, bool drawn)
{
    const sl_model *model = look->model;
    const int kinds = sl_model_kinds(model), width = sl_prediction_width(model);
    const double truth = look->data->outputs ? sl_data_target(look->data, look->row) : (double)NAN;
    sl_real *answer = sl_alloc_array(look->ctx, (size_t)width, sizeof *answer);
    if (!answer)
        return NULL;
    sl_outputs_to_predictions(model, outputs, 1, answer);
    const char *said;
    if (kinds) {
        int best = 0;
        for (int c = 1; c < kinds; c++)
            best = answer[c] > answer[best] ? c : best;
        const char *taken = row_class(model, best), *right = row_class(model, truth);
        const char *p = row_probability(look->figure, (double)answer[best]);
        said = truth - truth != 0
                   ? sl_figure_format(look->figure, "answer %s (p = %s)", taken, p)
                   : sl_figure_format(look->figure, "truth %s, answer %s (p = %s)", right, taken, p);
        if (drawn)
            row_bars(look->figure, "answer", width <= ROW_BARS ? NULL : "class", "probability", answer,
                     (size_t)width,
                     width <= ROW_BARS && model->class_names ? (const char *const *)model->class_names
                                                             : NULL);
    } else {
        said = truth - truth == 0 ? sl_figure_format(look->figure, "truth %s, answer %s",
                                                     sl_figure_number(look->figure, truth),
                                                     sl_figure_number(look->figure, (double)answer[0]))
                                  : sl_figure_format(look->figure, "answer %s",
                                                     sl_figure_number(look->figure, (double)answer[0]));
    }
    sl_free(look->ctx, answer);
    return said;
}

/* The text of the row, as a sentence. */
static void row_words(const row_look *look)
{
    size_t length = 0;
    const char *words = sl_data_has_words(look->data) ? sl_data_words(look->data, look->row, &length) : NULL;
    char text[ROW_WORDS + 1], whole[ROW_WORDS + 1];
    if (!words || !length)
        return;
    size_t kept = length < ROW_WORDS ? length : ROW_WORDS;
    memcpy(whole, words, kept);
    whole[kept] = 0;
    for (size_t i = 0; i < kept; i++)
        whole[i] = (unsigned char)whole[i] < 32 ? ' ' : whole[i];
    sl_text_fit(whole, text, length > ROW_WORDS ? ROW_WORDS - 3 : sizeof text);
    sl_figure_note(look->figure, "The row's text: %s%s", text, length > ROW_WORDS ? " .." : "");
}

/* --- all of it -------------------------------------------------------------------------------------------
 */

static sl_status row_layers(const row_look *look, const char *only, const char **said)
{
    const sl_model *model = look->model;
    const int last = (int)(sl_model_last(model) - model->layers);
    int wanted = SL_LAYER_INPUT, left_out = 0;
    if (only && sl_layers_find(look->ctx, model, "activations", only, &wanted))
        return look->ctx->status;
    row_words(look);
    for (int i = SL_LAYER_INPUT; i < model->count && !look->ctx->status;
         i = i == SL_LAYER_INPUT ? 0 : model->layers[i].end) {
        if (i != SL_LAYER_INPUT && !sl_layers_shown(model, i))
            continue;
        const bool drawn = only ? i == wanted : i == last || look->figure->count < ROW_PANELS;
        const size_t width = sl_layers_width(model, i);
        sl_real *v = sl_alloc_array(look->ctx, width + 1, sizeof *v);
        if (v && !sl_layers_outputs(look->ctx, model, look->data, i, look->row, 1, v)) {
            if (drawn && i == SL_LAYER_INPUT)
                row_input(look, v);
            else if (drawn)
                row_layer(look, i, v);
            if (i == last)
                *said = row_answer(look, v, !only);
        }
        left_out += !drawn && !only;
        sl_free(look->ctx, v);
    }
    if (left_out)
        sl_figure_note(look->figure, "%d layers between are left out; --layer NAME shows one.", left_out);
    return look->ctx->status;
}

sl_status sl_layers_of_row(sl_figure *figure, const sl_figure_job *job)
{
    const sl_figure_request *r = job->request;
    const char *part = NULL, *said = NULL;
    if (r->span != 0)
        return sl_fail(job->ctx, SL_EINVAL,
                       "figure activations: span is of the functions alone: slope plot activations --span 2");
    row_look look = { .figure = figure, .ctx = job->ctx };
    look.model = sl_job_model(job, 0);
    look.data = look.model ? sl_job_data(job, 0, NULL, &part) : NULL;
    if (!look.data)
        return job->ctx->status;
    if ((size_t)r->row > look.data->rows)
        return sl_fail(job->ctx, SL_EINVAL, "figure activations: row %d of %zu: they count from 1", r->row,
                       look.data->rows);
    look.row = r->row ? (size_t)r->row - 1 : 0;
    if (row_layers(&look, r->layer, &said))
        return job->ctx->status;
    char rows[32], row[32];
    figure->title = sl_figure_format(figure, "%s, row %s of %s (%s): %s", sl_job_name(job, 0),
                                     sl_count_text(row, look.row + 1), sl_count_text(rows, look.data->rows),
                                     part, said ? said : "");
    return job->ctx->status;
}
