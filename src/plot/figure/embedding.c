/* embedding - the outputs of a layer in two dimensions: the principal components of what a net makes of rows;
 * or of the vectors it has learned for words. */
#include "core/sort.h"
#include "plot/numbers/curve.h"
#include "plot/numbers/layers.h"
#include "text/vectors.h"

#include <math.h>
#include <string.h>

enum {
    EMBEDDING_ROWS = 2000,
    EMBEDDING_WORDS = 50,
    EMBEDDING_LOOKED = 200,
    EMBEDDING_CLASSES = 20

};

static const double embedding_work = 5e8; /* differences of numbers: a good part of a second */

/* --- the plane ------------------------------------------------------------------------------------------ */

static const char *embedding_axis(sl_figure *figure, int which, double share)
{
    char percent[32];
    return sl_figure_format(figure, "principal component %d (%s %% of the variance)", which + 1,
                            sl_number_text(percent, floor(share * 1000 + 0.5) / 10));
}

static sl_panel *embedding_panel(sl_figure *figure, const double *share)
{
    sl_panel *panel = sl_figure_panel(figure, NULL, embedding_axis(figure, 0, share[0]),
                                      embedding_axis(figure, 1, share[1]));
    if (panel)
        panel->square = false;
    return panel;
}

/* The points whose group is `group`, or, below 0, of all groups from -group on. */
static sl_status embedding_series(sl_figure *figure, sl_panel *panel, const char *name, const double *xy,
                                  const int *groups, size_t rows, int group, sl_series **series)
{
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        count += group < 0 ? groups[i] >= -group : groups[i] == group;
    *series = count ? sl_panel_add(figure, panel, SL_DRAW_POINTS, name, count) : NULL;
    for (size_t i = 0, at = 0; *series && i < rows; i++)
        if (group < 0 ? groups[i] >= -group : groups[i] == group) {
            (*series)->x[at] = xy[2 * i];
            (*series)->y[at++] = xy[2 * i + 1];
        }
    return figure->ctx->status;
}

/* --- groups: classes, or equal shares of a number ------------------------------------------------------- */

static int embedding_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static sl_status embedding_by_class(sl_figure *figure, sl_panel *panel, const sl_model *model,
                                    const double *targets, const double *xy, int *groups, size_t rows)
{
    const int kinds = sl_model_kinds(model), shown = kinds <= EMBEDDING_CLASSES ? kinds : EMBEDDING_CLASSES;
    sl_series *series;
    for (size_t i = 0; i < rows; i++)
        groups[i] = (int)targets[i];
    for (int c = 0; c < shown && !figure->ctx->status; c++) {
        const char *name = model->class_names && c < model->classes ? model->class_names[c]
                                                                    : sl_figure_format(figure, "%d", c);
        if (!embedding_series(figure, panel, name, xy, groups, rows, c, &series) && series) {
            series->colour = sl_figure_class_colour(c);
            series->mark = c / SL_COLOURS % 5;
        }
    }
    if (shown < kinds &&
        !embedding_series(figure, panel, sl_figure_format(figure, "%d other classes", kinds - shown), xy,
                          groups, rows, -shown, &series) &&
        series)
        series->colour = SL_GREY;
    return figure->ctx->status;
}

/* As many rows in each of seven bins, or fewer bins where values are equal. */
static sl_status embedding_by_number(sl_figure *figure, sl_panel *panel, const double *targets,
                                     const double *xy, int *groups, size_t rows)
{
    double edge[SL_SHADES + 1], *sorted = sl_figure_numbers(figure, rows);
    int bins = 0;
    if (!sorted)
        return figure->ctx->status;
    memcpy(sorted, targets, rows * sizeof *sorted);
    sl_sort(sorted, rows, sizeof *sorted, embedding_compare);
    edge[0] = sorted[0];
    for (int b = 1; b <= SL_SHADES; b++) {
        const double next = sorted[(rows - 1) * (size_t)b / SL_SHADES];
        if (next > edge[bins] || (b == SL_SHADES && !bins))
            edge[++bins] = next;
    }
    for (size_t i = 0; i < rows; i++)
        for (groups[i] = 0; groups[i] < bins - 1 && targets[i] > edge[groups[i] + 1];)
            groups[i]++;
    for (int b = 0; b < bins && !figure->ctx->status; b++) {
        sl_series *series;
        char from[32], to[32];
        const char *name = sl_figure_format(figure, "%s to %s", sl_curve_figures(edge[b], 3, from),
                                            sl_curve_figures(edge[b + 1], 3, to));
        if (!embedding_series(figure, panel, name, xy, groups, rows, b, &series) && series)
            series->colour =
                (sl_colour)(SL_SHADE + (bins > 1 ? b * (SL_SHADES - 1) / (bins - 1) : SL_SHADES / 2));
    }
    return figure->ctx->status;
}

/* --- how far apart the classes are ---------------------------------------------------------------------- */

/* The share of the first `asked` rows whose nearest other row, in all dimensions of the layer, is of the same
 * class. */
static double embedding_neighbours(const sl_real *v, size_t width, const double *targets, size_t rows,
                                   size_t asked)
{
    size_t same = 0;
    for (size_t i = 0; i < asked; i++) {
        double best = INFINITY;
        size_t nearest = i;
        for (size_t j = 0; j < rows; j++) {
            double distance = 0;
            for (size_t k = 0; k < width && distance < best; k++) {
                const double d = (double)v[i * width + k] - (double)v[j * width + k];
                distance += d * d;
            }
            if (j != i && distance < best) {
                best = distance;
                nearest = j;
            }
        }
        same += nearest != i && targets[nearest] == targets[i];
    }
    return (double)same / (double)asked;
}

/* --- rows ----------------------------------------------------------------------------------------------- */

/* Where not asked for: of nets that read texts what the pool gives; else the last hidden layer, or the inputs
 * where there is none. */
static int embedding_usual(const sl_model *model)
{
    const int last = (int)(sl_model_last(model) - model->layers);
    int found = SL_LAYER_INPUT;
    for (int i = 0; i < last; i = model->layers[i].end)
        if (sl_layers_shown(model, i)) {
            if (model->layers[i].kind->pools)
                return i;
            found = i;
        }
    return found;
}

static sl_status embedding_draw(sl_figure *figure, const sl_model *model, const sl_data *data, int layer,
                                const sl_real *v)
{
    const size_t rows = data->rows, width = sl_layers_width(model, layer);
    const bool targets_known = data->outputs > 0;
    double share[2] = { 0, 0 }, *xy = sl_figure_numbers(figure, 2 * rows),
           *targets = sl_figure_numbers(figure, rows);
    int *groups = sl_alloc_array(figure->ctx, rows, sizeof *groups);
    if (xy && targets && groups && (!targets_known || !sl_data_targets(data, 0, rows, targets)) &&
        !sl_principal(figure->ctx, v, rows, width, 2, xy, share)) {
        sl_panel *panel = embedding_panel(figure, share);
        sl_series *series;
        const int kinds = sl_model_kinds(model);
        if (!targets_known)
            embedding_series(figure, panel, NULL, xy, groups, rows, 0, &series);
        else if (kinds)
            embedding_by_class(figure, panel, model, targets, xy, groups, rows);
        else
            embedding_by_number(figure, panel, targets, xy, groups, rows);
        if (targets_known && kinds) {
            char percent[32], count[32];
            const double most = embedding_work / ((double)rows * (double)width);
            const size_t asked = (double)rows <= most ? rows : (size_t)most + 1;
            const double same = embedding_neighbours(v, width, targets, rows, asked);
            sl_figure_note(
                figure,
                "Of %s %% of %s rows the nearest other row, in all %zu dimensions of %s, is of the "
                "same class.",
                sl_number_text(percent, floor(same * 1000 + 0.5) / 10), sl_count_text(count, asked), width,
                sl_layers_name(model, layer));
        }
    }
    sl_free(figure->ctx, groups);
    return figure->ctx->status;
}

static sl_status embedding_rows(sl_figure *figure, const sl_figure_job *job, const sl_model *model)
{
    sl_ctx *ctx = job->ctx;
    const char *part = NULL;
    int layer = embedding_usual(model);
    if (job->request->layer && sl_layers_find(ctx, model, "embedding", job->request->layer, &layer))
        return ctx->status;
    if (!job->request->layer)
        sl_decided(ctx, "layer", sl_layers_name(model, layer),
                   "the first that pools texts, else the last before the output");
    sl_data *data = sl_job_data(job, 0, NULL, &part), *some = NULL;
    const size_t width = sl_layers_width(model, layer);
    if (!data)
        return ctx->status;
    if (width < 2 || width > SL_PRINCIPAL_MOST)
        return sl_fail(
            ctx, SL_EINVAL,
            "figure embedding: layer %s gives %zu numbers a row: two dimensions are made of 2 to %d; "
            "--layer NAME takes another layer",
            sl_layers_name(model, layer), width, SL_PRINCIPAL_MOST);
    if (data->rows < 3)
        return sl_fail(ctx, SL_EINVAL, "figure embedding: %zu rows: wants at least 3", data->rows);
    some = data->rows > EMBEDDING_ROWS ? sl_data_some(data, EMBEDDING_ROWS) : data;
    sl_real *v = some ? sl_alloc_array(ctx, some->rows * width, sizeof *v) : NULL;
    if (v && !sl_layers_outputs(ctx, model, some, layer, 0, some->rows, v)) {
        char shown[32], all[32];
        figure->title =
            sl_figure_format(figure, "%s: %s of %s, %zu dimensions in two, %s rows (%s)", sl_job_name(job, 0),
                             layer == SL_LAYER_INPUT ? "inputs" : "outputs", sl_layers_name(model, layer),
                             width, sl_count_text(shown, some->rows), part);
        if (some != data)
            sl_figure_note(figure, "%s of %s rows, drawn by the seed.", sl_count_text(shown, some->rows),
                           sl_count_text(all, data->rows));
        embedding_draw(figure, model, some, layer, v);
    }
    sl_free(ctx, v);
    if (some != data)
        sl_data_free(some);
    return ctx->status;
}

/* --- words ---------------------------------------------------------------------------------------------- */

/* Marks are no words: something of a letter, a figure or beyond ASCII must be there. */
static bool embedding_is_word(const char *text)
{
    for (; *text; text++)
        if ((*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') ||
            (*text >= 'a' && *text <= 'z') || (unsigned char)*text > 127)
            return true;
    return false;
}

/* The most frequent words of the training texts, as features of the table. */
static size_t embedding_frequent(sl_ctx *ctx, const sl_model *model, size_t rows, size_t *features)
{
    sl_report *frequent = sl_frequent_features(ctx, model, EMBEDDING_LOOKED);
    size_t count = 0;
    for (int i = 0; frequent && i < frequent->rows && count < EMBEDDING_WORDS; i++) {
        char word[64];
        const size_t feature = (size_t)sl_report_at(frequent, i, "feature");
        sl_feature_text(model, feature, word, sizeof word);
        if (feature < rows && embedding_is_word(word))
            features[count++] = feature;
    }
    sl_report_free(frequent);
    return count;
}

static sl_status embedding_words_draw(sl_figure *figure, const sl_model *model, const size_t *features,
                                      size_t count, const sl_real *v, size_t width)
{
    double share[2] = { 0, 0 }, *xy = sl_figure_numbers(figure, 2 * count);
    if (!xy || sl_principal(figure->ctx, v, count, width, 2, xy, share))
        return figure->ctx->status;
    sl_panel *panel = embedding_panel(figure, share);
    sl_series *words = sl_panel_add(figure, panel, SL_DRAW_TEXTS, NULL, count);
    for (size_t i = 0; words && i < count; i++) {
        char word[24];
        sl_feature_text(model, features[i], word, sizeof word);
        words->x[i] = xy[2 * i];
        words->y[i] = xy[2 * i + 1];
        words->texts[i] = sl_figure_format(figure, "%s", word);
    }
    if (words) {
        words->colour = SL_BLACK;
        words->thin = true;
    }
    return figure->ctx->status;
}

/* The table of vectors, of the words that are most frequent in the training texts. */
static sl_status embedding_words(sl_figure *figure, const sl_figure_job *job, const sl_model *model,
                                 const sl_built *layer)
{
    sl_ctx *ctx = job->ctx;
    const sl_tensor *table = layer->param[0];
    const size_t width = (size_t)table->shape.dim[1], all = (size_t)table->shape.dim[0];
    if (job->request->data || job->request->part)
        return sl_fail(
            ctx, SL_EINVAL,
            "figure embedding: %s is a table of words, which is of no data: leave data and part out",
            layer->name);
    if (width < 2 || width > SL_PRINCIPAL_MOST || layer->view > 0)
        return sl_fail(ctx, SL_EINVAL,
                       "figure embedding: %s: drawn are vectors of the first view, of 2 to %d numbers",
                       layer->name, SL_PRINCIPAL_MOST);
    size_t features[EMBEDDING_WORDS];
    const size_t count = embedding_frequent(ctx, model, all, features);
    sl_real *v = sl_alloc_array(ctx, count * width, sizeof *v);
    for (size_t i = 0; v && i < count; i++)
        memcpy(v + i * width, table->v + features[i] * width, width * sizeof *v);
    if (v && count < 3)
        sl_fail(ctx, SL_EINVAL, "figure embedding: %s: %zu words: wants at least 3", layer->name, count);
    else if (v && !embedding_words_draw(figure, model, features, count, v, width)) {
        char number[32];
        figure->title = sl_figure_format(figure, "%s: vectors of %s, %zu dimensions in two, %zu words",
                                         sl_job_name(job, 0), layer->name, width, count);
        sl_figure_note(figure, "The %zu words, of %s features, that are most frequent in the training texts.",
                       count, sl_count_text(number, all));
    }
    sl_free(ctx, v);
    return ctx->status;
}

static sl_status embedding_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    const sl_model *model = sl_job_model(job, 0);
    const char *wanted = job->request->layer;
    for (int i = 0; model && wanted && i < model->count; i++)
        if (!strcmp(model->layers[i].name, wanted) && model->layers[i].kind == &sl_layer_embedding)
            return embedding_words(figure, job, model, &model->layers[i]);
    return model ? embedding_rows(figure, job, model) : job->ctx->status;
}

const sl_figure_kind sl_figure_embedding = {
    .name = "embedding",
    .summary = "what a layer makes of rows, in two dimensions",
    .formula = "the two principal components of a layer's outputs",
    .source = "Pearson 1901; Hotelling 1933",
    .takes = "data part layer",
    .most_runs = 1,
    .of_runs = embedding_of_runs,
};
