/* weights - how the weights of each layer are spread, epoch by epoch; and of a first layer that looks at
 * pictures, the weights of each unit as a picture. */
#include "core/sort.h"
#include "plot/numbers/runs.h"
#include "train/records.h"

#include <math.h>
#include <string.h>

enum { WEIGHTS_PANELS = 6, WEIGHTS_EPOCHS = 200, WEIGHTS_BINS = 48, WEIGHTS_UNITS = 64 };
static const double weights_tail = 0.001; /* so much of all is left out at either end */

typedef struct {
    sl_figure *figure;
    const sl_figure_job *job;
    const sl_weights_record *record;
} weights_plan;

/* --- the spread over epochs -------------------------------------------------------------------------------
 */

typedef struct {
    double low, high, count;
} weights_bin;

static int weights_compare(const void *a, const void *b)
{
    const weights_bin *x = a, *y = b;
    return x->low != y->low ? (x->low > y->low) - (x->low < y->low)
                            : (x->high > y->high) - (x->high < y->high);
}

/* The values between which nearly all of a layer's weights lie, over all epochs. */
static sl_status weights_range(const weights_plan *p, int layer, double *low, double *high)
{
    const sl_weights_record *r = p->record;
    size_t count = 0;
    double all = 0, below = 0;
    weights_bin *bins = sl_alloc_array(p->job->ctx, (size_t)r->rows * SL_WEIGHT_BINS, sizeof *bins);
    if (!bins)
        return p->job->ctx->status;
    for (int i = 0; i < r->rows; i++)
        for (int b = 0; r->row[i].layer == layer && b < SL_WEIGHT_BINS; b++) {
            const sl_weights_row *row = &r->row[i];
            const double width = (row->high - row->low) / SL_WEIGHT_BINS, low_edge = row->low + width * b;
            if (!(width - width == 0) || row->count[b] <= 0)
                continue;
            bins[count++] = (weights_bin){ low_edge, b + 1 < SL_WEIGHT_BINS ? low_edge + width : row->high,
                                           row->count[b] };
            all += r->row[i].count[b];
        }
    sl_sort(bins, count, sizeof *bins, weights_compare);
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        const double end = below + bins[i].count;
        if (end > all * weights_tail && bins[i].low < *low)
            *low = bins[i].low;
        if (below < all * (1 - weights_tail) && bins[i].high > *high)
            *high = bins[i].high;
        below = end;
    }
    sl_free(p->job->ctx, bins);
    if (*low > *high)
        *low = *high = 0;
    if (*low == *high) {
        *low -= 0.5;
        *high += 0.5;
    }
    return SL_OK;
}

/* A row's histogram on the grid of WEIGHTS_BINS from low to high: each old bin is spread evenly over where it
 * lies, so shares of areas stay. Returns what lies outside. */
static double weights_spread(const sl_weights_row *row, double low, double high, double *share)
{
    const double width = (high - low) / WEIGHTS_BINS, old = (row->high - row->low) / SL_WEIGHT_BINS;
    double all = 0, inside = 0;
    for (int b = 0; b < SL_WEIGHT_BINS; b++)
        all += row->count[b];
    for (int b = 0; b < SL_WEIGHT_BINS && all > 0; b++) {
        const double from = row->low + old * b, to = from + old;
        for (int g = 0; g < WEIGHTS_BINS && row->count[b] > 0; g++) {
            const double left = low + width * g, right = g + 1 < WEIGHTS_BINS ? left + width : high;
            double part = 0;
            if (old > 0) {
                const double common = (to < right ? to : right) - (from > left ? from : left);
                part = common > 0 ? common / old : 0;
            } else { /* all are one value */
                part = from >= left && (from < right || (from == high && g + 1 == WEIGHTS_BINS));
            }
            share[g] += part * row->count[b] / all;
            inside += part * row->count[b] / all;
        }
    }
    return all > 0 && inside < 1 ? 1 - inside : 0;
}

static sl_status weights_panel(const weights_plan *p, int layer)
{
    const sl_weights_record *r = p->record;
    sl_figure *f = p->figure;
    size_t epochs = 0, first = 0, last = 0;
    double low = 0, high = 0, outside = 0;
    for (int i = 0; i < r->rows; i++)
        if (r->row[i].layer == layer) {
            first = epochs ? first : r->row[i].epoch;
            last = r->row[i].epoch;
            epochs++;
        }
    const size_t stride = sl_figure_stride(last - first + 1, WEIGHTS_EPOCHS);
    const size_t columns = (last - first) / stride + 1;
    if (weights_range(p, layer, &low, &high))
        return p->job->ctx->status;
    sl_panel *panel = sl_figure_panel(f, sl_figure_format(f, "weights of %s", r->layers.name[layer]), "epoch",
                                      "value of the weight");
    sl_series *image =
        sl_panel_grid(f, panel, SL_DRAW_IMAGE, WEIGHTS_BINS, columns, (double)first - 0.5 * (double)stride,
                      (double)first + ((double)columns - 0.5) * (double)stride, low, high);
    double share[WEIGHTS_BINS];
    for (size_t i = 0; image && i < WEIGHTS_BINS * columns; i++)
        image->y[i] = NAN; /* an epoch that is not there */
    for (int i = 0; image && i < r->rows; i++) {
        const size_t column = (r->row[i].epoch - first) / stride;
        if (r->row[i].layer != layer || (r->row[i].epoch - first) % stride || column >= columns)
            continue;
        memset(share, 0, sizeof share);
        const double left = weights_spread(&r->row[i], low, high, share);
        outside = left > outside ? left : outside;
        for (size_t b = 0; b < WEIGHTS_BINS; b++)
            image->y[b * columns + column] = share[b];
    }
    if (!image)
        return p->job->ctx->status;
    panel->x.whole = true;
    panel->z.label = "share of the weights";
    panel->z.zero = true;
    const sl_weights_row *begin = NULL, *end = NULL;
    for (int i = 0; i < r->rows; i++)
        if (r->row[i].layer == layer) {
            begin = begin ? begin : &r->row[i];
            end = &r->row[i];
        }
    if (begin)
        sl_figure_note(f, "%s: from %s to %s %s, from %s to %s after epoch %s.", r->layers.name[layer],
                       sl_figure_number(f, begin->low), sl_figure_number(f, begin->high),
                       begin->epoch
                           ? sl_figure_format(f, "after epoch %s", sl_figure_number(f, (double)begin->epoch))
                           : "at the start",
                       sl_figure_number(f, end->low), sl_figure_number(f, end->high),
                       sl_figure_number(f, (double)end->epoch));
    if (outside > 0.01)
        sl_figure_note(f, "%s: in some epochs up to %s %% of the weights lie outside the range shown.",
                       r->layers.name[layer], sl_figure_number(f, floor(outside * 1000 + 0.5) / 10));
    if (stride > 1)
        sl_figure_note(f, "%s: of its epochs one in %zu is drawn.", r->layers.name[layer], stride);
    return p->job->ctx->status;
}

/* --- pictures ---------------------------------------------------------------------------------------------
 */

/* Inputs [height, width], with one channel at most, and the layer is the first that multiplies them. */
static const sl_built *weights_pictured(const sl_model *model, const char *layer, size_t *height,
                                        size_t *width)
{
    const sl_shape in = model->input;
    const int rank = in.rank == 3 && in.dim[2] == 1 ? 2 : in.rank;
    if (rank != 2 || in.dim[0] < 2 || in.dim[1] < 2)
        return NULL;
    *height = (size_t)in.dim[0];
    *width = (size_t)in.dim[1];
    for (int i = 0; i < model->count; i++)
        if (!strcmp(model->layers[i].kind->name, "dense")) {
            const sl_tensor *w = model->layers[i].param[0];
            return !strcmp(model->layers[i].name, layer) && w->shape.rank == 2 &&
                           (size_t)w->shape.dim[1] == *height * *width
                       ? &model->layers[i]
                       : NULL;
        }
    return NULL;
}

static int weights_by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of 1,000 weights only the two farthest from 0 would be darker. */
static double weights_full(sl_ctx *ctx, const sl_tensor *w, size_t count)
{
    double *size = sl_alloc_array(ctx, count, sizeof *size), full;
    for (size_t i = 0; size && i < count; i++)
        size[i] = fabs((double)w->v[i]);
    if (size)
        sl_sort(size, count, sizeof *size, weights_by_size);
    full = size ? size[count - 1 - count / 500] : 0;
    sl_free(ctx, size);
    return full > 0 ? full : 1;
}

static sl_status weights_pictures(const weights_plan *p, const char *layer)
{
    size_t height, width;
    sl_figure *f = p->figure;
    const sl_model *model = sl_job_model(p->job, 0);
    const sl_built *dense = model ? weights_pictured(model, layer, &height, &width) : NULL;
    if (!dense)
        return p->job->ctx->status;
    const sl_tensor *w = dense->param[0];
    const size_t all = (size_t)w->shape.dim[0], units = all < WEIGHTS_UNITS ? all : WEIGHTS_UNITS;
    const bool named = dense == sl_model_last(model) && (size_t)sl_model_classes(model) == all;
    size_t across = 1;
    while (across * across < units)
        across++;
    const size_t down = (units + across - 1) / across;
    const size_t gap = 1 + width / 14, top = named ? gap + height / 4 : gap;
    const size_t columns = across * (width + gap) + gap, rows = down * (height + top) + gap;
    sl_panel *panel = sl_figure_panel(f, sl_figure_format(f, "weights of %s as pictures", layer), NULL, NULL);
    sl_series *image =
        sl_panel_grid(f, panel, SL_DRAW_IMAGE, rows, columns, 0, (double)columns, 0, (double)rows);
    sl_series *text = named ? sl_panel_add(f, panel, SL_DRAW_TEXTS, NULL, units) : NULL;
    if (!image || p->job->ctx->status)
        return p->job->ctx->status;
    for (size_t u = 0; u < units; u++) {
        const size_t left = gap + u % across * (width + gap);
        const size_t above = rows - top - u / across * (height + top); /* rows count from the bottom */
        for (size_t i = 0; i < height * width; i++)
            image->y[(above - 1 - i / width) * columns + left + i % width] =
                (double)w->v[u * height * width + i];
        if (text) {
            text->x[u] = (double)left + (double)width / 2;
            text->y[u] = (double)above + (double)top / 2;
            text->texts[u] = sl_figure_format(f, "%s", sl_model_class_name(model, (int)u));
            text->colour = SL_BLACK;
        }
    }
    panel->tint = SL_DIVERGING; /* between the pictures is 0, which is white */
    panel->square = true;
    panel->x.none = panel->y.none = true;
    panel->z.label = "weight";
    const double full = weights_full(p->job->ctx, w, units * height * width);
    panel->z.low = -full;
    panel->z.high = full;
    sl_figure_note(
        f,
        "Each picture is a unit of %s: what of the input pushes it up is orange, down blue, in full "
        "colour by a weight of %s or more%s.",
        layer, sl_figure_number(f, full), named ? "" : "; units go by rows from the top left");
    if (units < all)
        sl_figure_note(f, "The first %zu of %zu units are shown.", units, all);
    return p->job->ctx->status;
}

/* --- the figure -------------------------------------------------------------------------------------------
 */

static int weights_layer(const weights_plan *p, const char *name)
{
    const sl_record_layers *layers = &p->record->layers;
    sl_text names;
    for (int i = 0; i < layers->count; i++)
        if (!strcmp(layers->name[i], name))
            return i;
    sl_text_init(&names, p->job->ctx);
    for (int i = 0; i < layers->count; i++)
        sl_text_add(&names, "%s%s", i ? ", " : "", layers->name[i]);
    sl_fail(p->job->ctx, SL_EINVAL, "figure weights: %s has no layer '%s' with weights: there are %s",
            sl_job_folder(p->job, 0), name, sl_text_string(&names));
    sl_text_free(&names);
    return -1;
}

static sl_status weights_draw(const weights_plan *p)
{
    sl_figure *f = p->figure;
    const sl_figure_job *job = p->job;
    const int count = p->record->layers.count;
    if (!p->record->rows)
        return sl_fail(job->ctx, SL_EINVAL, "%s/weights.csv: it has no epoch yet", sl_job_folder(job, 0));
    if (job->request->layer) {
        const int layer = weights_layer(p, job->request->layer);
        if (layer < 0 || weights_pictures(p, job->request->layer))
            return job->ctx->status;
        f->title = sl_figure_format(f, "Weights of %s: %s", sl_job_name(job, 0), job->request->layer);
        return weights_panel(p, layer);
    }
    f->title = sl_figure_format(f, "Weights of %s while training", sl_job_name(job, 0));
    const int panels = count < WEIGHTS_PANELS ? count : WEIGHTS_PANELS;
    char drawn[32];
    sl_decided(job->ctx, "layer", sl_number_text(drawn, panels), "so many of %d layers: none was named%s",
               count, panels < count ? "; evenly, with the first and the last" : "");
    sl_text left;
    sl_text_init(&left, job->ctx);
    for (int i = 0, next = 0; i < count && !job->ctx->status; i++) {
        const int wanted = panels > 1 ? next * (count - 1) / (panels - 1) : 0;
        if (i == wanted) {
            weights_panel(p, i);
            next++;
        } else {
            sl_text_add(&left, "%s%s", left.length ? ", " : "", p->record->layers.name[i]);
        }
    }
    if (left.length)
        sl_figure_note(f, "Not drawn: %s; --layer NAME draws one.", left.bytes);
    sl_text_free(&left);
    return job->ctx->status;
}

static sl_status weights_of_run(sl_figure *figure, const sl_figure_job *job)
{
    sl_weights_record *record = sl_run_read_weights(job->ctx, sl_job_folder(job, 0));
    const weights_plan plan = { figure, job, record };
    if (record)
        weights_draw(&plan);
    sl_weights_record_free(record);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_weights = {
    .name = "weights",
    .summary = "how weights spread over epochs; a first layer's pictures",
    .formula =
        "histograms of weights.csv, without biases; of a first dense layer on pictures, with layer=NAME, "
        "each unit's weights as a picture too",
    .takes = "layer",
    .most_runs = 1,
    .of_runs = weights_of_run,
};
