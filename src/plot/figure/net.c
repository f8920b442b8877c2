/* net - the network itself: of small ones every unit and weight, of others a block a layer with the shapes of
 * what flows between them. */
#include "data/columns.h"
#include "plot/kind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NET_UNITS = 60, NET_EDGES = 400, NET_COLUMN = 12, NET_LABELLED = 16, NET_ALIKE = 5 };

/* --- every unit -------------------------------------------------------------------------------------------
 */

/* The first layer that does something: `input` says how wide a row is. */
static int net_first(const sl_model *model)
{
    return model->count && model->layers[0].kind == &sl_layer_input;
}

/* Dense layers in a row, few enough of them. */
static bool net_is_small(const sl_model *model)
{
    size_t units = 0, edges = 0;
    const int first = net_first(model);
    if (model->views)
        return false;
    for (int i = first; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        if (layer->kind != &sl_layer_dense || layer->depth || layer->shares >= 0 || !layer->param[0])
            return false;
        const size_t out = (size_t)layer->param[0]->shape.dim[0], in = layer->param[0]->count / out;
        units += out + (i > first ? 0 : in);
        edges += out * in;
    }
    return model->count > first && units <= NET_UNITS && edges <= NET_EDGES;
}

/* "0.31", "-2.4": short enough for a line's side */
static const char *net_short(sl_figure *figure, double value)
{
    return sl_figure_number(figure, floor(value * 100 + 0.5) / 100);
}

static const char *net_input_name(sl_figure *figure, const sl_model *model, size_t input)
{
    for (int e = 0; model->columns && model->columns->encoded && e < model->columns->encoded_count; e++) {
        const sl_encoded *encoded = &model->columns->encoded[e];
        if (input < encoded->first || input >= encoded->first + encoded->width)
            continue;
        const char *name = model->columns->column[encoded->columns[0]].name;
        return encoded->width == 1
                   ? name
                   : sl_figure_format(figure, "%s %zu/%zu", name, input - encoded->first + 1, encoded->width);
    }
    return sl_figure_format(figure, "x%zu", input);
}

static const char *net_output_name(sl_figure *figure, const sl_model *model, size_t output, size_t outputs)
{
    if (model->classes == 2 && outputs == 1)
        return sl_figure_format(figure, "p(%s)", sl_model_class_name(model, 1));
    if (model->classes && outputs == (size_t)model->classes)
        return sl_figure_format(figure, "%s", sl_model_class_name(model, (int)output));
    if (model->columns && model->columns->target >= 0 && outputs == 1)
        return model->columns->column[model->columns->target].name;
    return outputs == 1 ? "y" : sl_figure_format(figure, "y%zu", output);
}

/* The units of one column: nodes[i] is unit i's, -1 where it is left out, and dots stand for those. */
static void net_column(sl_figure *figure, const sl_model *model, int layer, size_t count, int *nodes,
                       int *dots)
{
    const sl_built *built = layer < 0 ? NULL : &model->layers[layer];
    const sl_tensor *bias = built && built->wants > 1 ? built->param[1] : NULL;
    const char *group = built ? sl_figure_format(figure, "%s: %s", built->name, built->text) : "inputs";
    const size_t shown = count > NET_COLUMN ? NET_COLUMN - 1 : count;
    *dots = -1;
    for (size_t i = 0; i < count; i++) {
        nodes[i] = -1;
        if (i >= shown)
            continue;
        const char *text = !built                      ? net_input_name(figure, model, i)
                           : layer == model->count - 1 ? net_output_name(figure, model, i, count)
                                                       : "";
        nodes[i] = sl_figure_node(figure, group, text);
        if (nodes[i] >= 0 && built)
            figure->nodes[nodes[i]].value = bias ? (double)bias->v[i] : 0;
    }
    if (shown < count)
        *dots =
            sl_figure_node(figure, group, sl_figure_format(figure, "\xE2\x80\xA6 %zu more", count - shown));
    if (*dots >= 0)
        figure->nodes[*dots].dots = true;
}

static void net_in_units(sl_figure *figure, const sl_model *model)
{
    int columns[2][NET_UNITS], dots[2];
    size_t edges = 0, before = model->layers[net_first(model)].param[0]->count /
                               (size_t)model->layers[net_first(model)].param[0]->shape.dim[0];
    double widest = 0, bias_most = 0, lowest = INFINITY, highest = -INFINITY;
    int *from = columns[0], *to = columns[1];
    net_column(figure, model, -1, before, from, &dots[0]);
    for (int i = net_first(model); i < model->count; i++)
        edges += model->layers[i].param[0]->count;
    for (int l = net_first(model); l < model->count && !figure->ctx->status; l++) {
        const sl_tensor *weight = model->layers[l].param[0];
        const size_t count = (size_t)weight->shape.dim[0];
        net_column(figure, model, l, count, to, &dots[1]);
        for (size_t o = 0; o < count; o++)
            for (size_t i = 0; i < before; i++) {
                const double w = (double)weight->v[o * before + i];
                widest = fabs(w) > widest ? fabs(w) : widest;
                lowest = w < lowest ? w : lowest;
                highest = w > highest ? w : highest;
                if (from[i] < 0 || to[o] < 0)
                    continue;
                sl_figure_edge(figure, from[i], to[o], w);
                if (edges <= NET_LABELLED && figure->edge_count)
                    figure->edges[figure->edge_count - 1].text = net_short(figure, w);
            }
        for (size_t o = 0; o < count && to[o] >= 0; o++)
            bias_most =
                fabs(figure->nodes[to[o]].value) > bias_most ? fabs(figure->nodes[to[o]].value) : bias_most;
        if (dots[0] >= 0)
            sl_figure_edge(figure, dots[0], to[0], NAN);
        if (dots[1] >= 0)
            sl_figure_edge(figure, from[0], dots[1], NAN);
        int *const swap = from;
        from = to;
        to = swap;
        dots[0] = dots[1];
        before = count;
    }
    figure->width_scale = widest;
    sl_figure_note(figure,
                   "Lines are weights: orange above 0, blue below, the widest %s; they go from %s to %s.",
                   net_short(figure, widest), net_short(figure, lowest), net_short(figure, highest));
    sl_figure_note(figure, "Units are filled by their bias, in the same colours: the strongest is %s.",
                   net_short(figure, bias_most));
}

/* --- blocks -----------------------------------------------------------------------------------------------
 */

/* "[batch, 28, 28]"; of texts before they are pooled there are `words` more */
static const char *net_shape(sl_figure *figure, sl_shape shape, bool words)
{
    sl_text text;
    sl_text_init(&text, figure->ctx);
    sl_text_put(&text, words ? "[batch, seq" : "[batch");
    for (int d = 0; d < shape.rank; d++)
        sl_text_add(&text, ", %d", shape.dim[d]);
    sl_text_put(&text, "]");
    const char *kept = sl_figure_format(figure, "%s", sl_text_string(&text));
    sl_text_free(&text);
    return kept;
}

static const char *net_block_text(sl_figure *figure, const sl_model *model, int layer)
{
    sl_layer_info info;
    char count[32];
    const sl_layer_kind *kind = model->layers[layer].kind;
    if (sl_model_layer(model, layer, &info))
        return NULL;
    const bool told = strncmp(info.text, info.type, strlen(info.type)) == 0;
    return sl_figure_format(figure, "%s\n%s%s%s%s%s%s%s%s", info.name, told ? "" : info.type, told ? "" : " ",
                            info.text, info.share ? "\nweights of " : "", info.share ? info.share : "",
                            info.parameters ? "\n"
                            : kind->idle    ? "\nin training only"
                                            : "",
                            info.parameters ? sl_count_text(count, info.parameters) : "",
                            info.parameters ? (info.frozen ? " parameters, frozen" : " parameters") : "");
}

static int net_box(sl_figure *figure, const char *group, const char *text)
{
    const int node = sl_figure_node(figure, group, text);
    if (node >= 0)
        figure->nodes[node].box = true;
    return node;
}

static void net_flow(sl_figure *figure, int from, int to, const char *text)
{
    const int before = figure->edge_count;
    sl_figure_edge(figure, from, to, NAN);
    if (figure->edge_count > before)
        figure->edges[before].text = text;
}

static bool net_alike(const sl_built *a, const sl_built *b)
{
    return a->kind == b->kind && a->end == b->end - 1 && !a->depth && !b->depth &&
           strcmp(a->text, b->text) == 0 && a->in.rank == b->in.rank &&
           !memcmp(a->in.dim, b->in.dim, (size_t)a->in.rank * sizeof *a->in.dim);
}

/* Layers of the same words in a row: how many from this one on; the middle ones are left out. */
static int net_run(const sl_model *model, int layer)
{
    int count = 1;
    while (layer + count < model->count &&
           net_alike(&model->layers[layer + count - 1], &model->layers[layer + count]))
        count++;
    return count;
}

/* The outermost group that a layer lies in names its frame. */
static const char *net_frame(const sl_model *model, int layer)
{
    for (int i = 0; i <= layer; i++)
        if (!model->layers[i].depth && model->layers[i].end > i + 1 && layer < model->layers[i].end &&
            layer > i)
            return model->layers[i].name;
    return NULL;
}

typedef struct {
    sl_figure *figure;
    const sl_model *model;
    int last;          /* the node from which the next edge goes */
    const char *shape; /* what flows along it */
    bool words;        /* a vector a word, not one a text */
} net_chain;

static void net_step(net_chain *chain, int node, const char *shape)
{
    if (chain->last >= 0)
        net_flow(chain->figure, chain->last, node, chain->shape);
    chain->last = node;
    chain->shape = shape;
}

static void net_layers(net_chain *chain, int first, int end)
{
    sl_figure *figure = chain->figure;
    const sl_model *model = chain->model;
    for (int l = first; l < end && !figure->ctx->status; l = model->layers[l].end) {
        const sl_built *layer = &model->layers[l];
        if (layer->end > l + 1) { /* what goes in is added to what comes out */
            const int from = chain->last;
            const char *shape = chain->shape;
            net_layers(chain, l + 1, layer->end);
            const int sum =
                net_box(figure, net_frame(model, l + 1), sl_figure_format(figure, "+\n%s", layer->name));
            net_step(chain, sum, net_shape(figure, layer->out, false));
            net_flow(figure, from, sum, shape);
            continue;
        }
        chain->words = chain->words ? !layer->kind->pools : layer->kind == &sl_layer_embedding;
        const char *shape = net_shape(figure, layer->out, chain->words);
        net_step(chain, net_box(figure, net_frame(model, l), net_block_text(figure, model, l)), shape);
        const int alike = net_run(model, l);
        if (alike >= NET_ALIKE) {
            const int dots =
                net_box(figure, NULL, sl_figure_format(figure, "\xE2\x80\xA6 %d more like it", alike - 2));
            net_step(chain, dots, shape);
            l += alike - 2; /* the last one is drawn */
        }
    }
}

static void net_in_blocks(sl_figure *figure, const sl_model *model)
{
    char count[32], shape[96];
    const bool texts = model->views != NULL;
    const sl_built *last = sl_model_last(model);
    net_chain chain = { .figure = figure, .model = model };
    size_t inputs = 1;
    for (int d = 0; d < model->input.rank; d++)
        inputs *= (size_t)model->input.dim[d];
    chain.last = net_box(figure, NULL,
                         texts ? "text\nits words, as numbers"
                         : model->input.rank > 1
                             ? sl_figure_format(figure, "image\n%s", sl_shape_text(shape, model->input))
                             : sl_figure_format(figure, "%zu inputs", inputs));
    chain.shape = texts ? "[batch, seq]" : net_shape(figure, model->input, false);
    net_layers(&chain, net_first(model), model->count);
    const size_t outputs = last && last->out.rank ? (size_t)last->out.dim[last->out.rank - 1] : 1;
    const char *answer =
        !model->classes && outputs > 1 ? sl_figure_format(figure, "%zu numbers", outputs)
        : !model->classes ? sl_figure_format(figure, "%s", net_output_name(figure, model, 0, outputs))
        : outputs == 1 ? sl_figure_format(figure, "sigmoid\n%s", net_output_name(figure, model, 0, outputs))
                       : sl_figure_format(figure, "softmax\nprobabilities of %d classes", model->classes);
    net_step(&chain, net_box(figure, NULL, answer), NULL);
    sl_figure_note(
        figure, "%s parameters. What flows along an arrow is written at it: batch is the number of rows%s.",
        sl_count_text(count, sl_model_parameters(model)), texts ? ", seq the number of words of a text" : "");
}

static sl_status net_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    const sl_model *model = sl_job_model(job, 0);
    if (!model)
        return job->ctx->status;
    figure->title = sl_figure_format(figure, "The network of %s", sl_job_name(job, 0));
    if (net_is_small(model))
        net_in_units(figure, model);
    else
        net_in_blocks(figure, model);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_net = {
    .name = "net",
    .summary = "every unit and weight, or a block a layer with shapes",
    .formula = "the weights of model.safetensors",
    .source = "at most 60 units and 400 weights are drawn one by one",
    .most_runs = 1,
    .of_files = true,
    .of_runs = net_of_runs,
};
