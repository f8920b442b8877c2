/* features.c - what a model knows of texts: its features, the frequent ones, those that weigh most, and its
 * learned vectors by their words. */
#include "explain/explain.h"
#include "tensor/tensor.h"
#include "text/vectors.h"
#include "text/views_parts.h"

#include <string.h>

enum { FEATURES_TEXT = 1024 };

size_t sl_model_texts(const sl_model *model, char *to, size_t room)
{
    if (to && room)
        *to = 0;
    if (!model || !model->views)
        return 0;
    sl_text text;
    sl_text_init(&text, model->ctx);
    sl_views_describe(model->views, &text);
    const size_t length = sl_text_fit(sl_text_string(&text), to, room);
    sl_text_free(&text);
    return length;
}

size_t sl_model_tokenizer(const sl_model *model, char *to, size_t room)
{
    if (to && room)
        *to = 0;
    if (!model || !model->views)
        return 0;
    sl_text text;
    sl_text_init(&text, model->ctx);
    sl_tokenizer_describe(sl_views_tokenizer(model->views), &text);
    const size_t length = sl_text_fit(sl_text_string(&text), to, room);
    sl_text_free(&text);
    return length;
}

size_t sl_model_features(const sl_model *model)
{
    return model && model->views ? sl_views_size(model->views, -1) : 0;
}

size_t sl_feature_text(const sl_model *model, size_t feature, char *to, size_t room)
{
    if (to && room)
        *to = 0;
    return model && model->views ? sl_views_text(model->views, -1, feature, to, room) : 0;
}

/* --- the first ones by a figure ------------------------------------------------------------------- */

typedef struct {
    size_t feature;
    double value;
} features_ranked;

/* Kept: the `most` of the largest value, of equal ones the first. */
static void features_offer(features_ranked *kept, size_t *count, size_t most, size_t feature, double value)
{
    size_t at = *count;
    if (at == most && !(value > kept[at - 1].value))
        return;
    at -= at == most;
    for (; at && value > kept[at - 1].value; at--)
        kept[at] = kept[at - 1];
    kept[at] = (features_ranked){ feature, value };
    *count += *count < most;
}

static sl_report *features_report(sl_ctx *ctx, const char *figure, const features_ranked *kept, size_t count)
{
    sl_report *report = sl_report_new(ctx);
    if (report) {
        sl_report_add_column(report, "feature");
        sl_report_add_column(report, figure);
    }
    for (size_t i = 0; i < count && !ctx->status; i++)
        sl_report_add_row(report, (const double[]){ (double)kept[i].feature, kept[i].value });
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

static bool features_ready(sl_ctx *ctx, const sl_model *model, const char *what)
{
    if (!ctx || ctx->status)
        return false;
    if (model && model->built && model->views)
        return true;
    sl_fail(ctx, SL_EINVAL, "%s: wants a model that was trained on texts", what);
    return false;
}

/* The first view of words, else the first: where its features begin. */
static int features_view(const sl_views *views, size_t *before)
{
    int view = 0;
    *before = 0;
    while (view < views->count && views->view[view].kind != VIEWS_WORDS)
        *before += views->view[view++].features;
    if (view < views->count)
        return view;
    *before = 0;
    return 0;
}

sl_report *sl_frequent_features(sl_ctx *ctx, const sl_model *model, size_t most)
{
    size_t before, count = 0;
    if (!features_ready(ctx, model, "sl_frequent_features"))
        return NULL;
    const sl_view *view = &model->views->view[features_view(model->views, &before)];
    features_ranked *kept = sl_alloc_array(ctx, most + 1, sizeof *kept);
    for (size_t f = 0; kept && most && f < view->level[VIEWS_LONGEST]; f++)
        features_offer(kept, &count, most, before + f, (double)view->count[f]);
    sl_report *report = kept ? features_report(ctx, "count", kept, count) : NULL;
    sl_free(ctx, kept);
    return report;
}

/* --- a linear model's weights ---------------------------------------------------------------------- */

/* A bag with the layers behind it, all linear: what feature f gives output o is sum_k last[o, k] table[f, k].
 */
typedef struct {
    const sl_built *bag;
    const sl_real
        *last; /* [outputs, stride], from the bag's first number on; NULL: the bag gives the outputs */
    size_t stride;
} features_linear;

enum { FEATURES_BAGS = SL_MOST_VIEWS };

/* How many bags; 0: the model is not linear in its texts. */
static int features_bags(const sl_model *model, features_linear linear[FEATURES_BAGS])
{
    int bags = 0;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        if (layer->kind->idle)
            continue;
        const bool bag = layer->kind == &sl_layer_bag, ends = i == model->count - 1;
        if (layer->activation || (!bag && (layer->kind != &sl_layer_dense || !ends)) || bags == FEATURES_BAGS)
            return 0;
        if (bag && ends && i > 0 && bags > 0)
            return 0;
        if (bag)
            linear[bags++] = (features_linear){ .bag = layer };
        for (int b = 0; !bag && b < bags; b++) {
            size_t before, in;
            if (!sl_shape_count(linear[b].bag->in, &before) || !sl_shape_count(layer->in, &in))
                return 0;
            linear[b].last = layer->param[0]->v + before;
            linear[b].stride = in;
        }
    }
    return bags;
}

/* How far the feature alone pushes the answer. */
static double features_push(const features_linear *linear, const sl_views *views, int view, size_t feature,
                            size_t row, sl_real *outputs, size_t width, size_t class_index)
{
    const size_t units = (size_t)linear->bag->spec.units;
    const sl_real *of = linear->bag->param[0]->v + row * units;
    const double value = views->view[view].weight ? (double)views->view[view].weight[feature] : 1;
    if (!linear->last)
        return value * sl_explain_lead(of, width, class_index);
    for (size_t o = 0; o < width; o++) {
        double sum = 0;
        for (size_t k = 0; k < units; k++)
            sum += (double)linear->last[o * linear->stride + k] * (double)of[k];
        outputs[o] = (sl_real)sum;
    }
    return value * sl_explain_lead(outputs, width, class_index);
}

sl_report *sl_heaviest_features(sl_ctx *ctx, const sl_model *model, int class_index, size_t most)
{
    features_linear linear[FEATURES_BAGS];
    size_t count = 0;
    if (!features_ready(ctx, model, "sl_heaviest_features"))
        return NULL;
    const int classes = sl_model_kinds(model), bags = features_bags(model, linear);
    const size_t width = (size_t)sl_model_outputs(model);
    if (class_index < 0 || class_index >= (classes ? classes : 2) || (!classes && width != 1)) {
        sl_fail(ctx, SL_EINVAL, "sl_heaviest_features: class %d of %d", class_index, classes);
        return NULL;
    }
    features_ranked *kept = sl_alloc_array(ctx, most + 1, sizeof *kept);
    sl_real *outputs = sl_alloc_array(ctx, width, sizeof *outputs);
    for (int b = 0; b < bags && most && !ctx->status; b++) {
        size_t row = 0, all = 0;
        for (int v = 0; v < model->views->count; v++)
            for (size_t f = 0; f < model->views->view[v].features; f++, all++) {
                if (linear[b].bag->view >= 0 && linear[b].bag->view != v)
                    continue;
                const double push =
                    features_push(&linear[b], model->views, v, f, row++, outputs, width, (size_t)class_index);
                if (push > 0)
                    features_offer(kept, &count, most, all, push);
            }
    }
    sl_report *report = ctx->status ? NULL : features_report(ctx, "push", kept, count);
    sl_free(ctx, kept);
    sl_free(ctx, outputs);
    return report;
}

/* --- learned vectors ------------------------------------------------------------------------------- */

/* The first embedding, else the first bag of several units. */
static const sl_built *features_table(const sl_model *model)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < model->count; i++) {
            const sl_built *layer = &model->layers[i];
            if (pass ? layer->kind == &sl_layer_bag && layer->spec.units > 1
                     : layer->kind == &sl_layer_embedding)
                return layer;
        }
    return NULL;
}

sl_vectors *sl_model_vectors(sl_ctx *ctx, const sl_model *model)
{
    if (!features_ready(ctx, model, "sl_model_vectors"))
        return NULL;
    const sl_built *layer = features_table(model);
    if (!layer) {
        sl_fail(ctx, SL_EINVAL,
                "the model has no table of vectors: its words have a weight each; wants an embedding, as in "
                "--net "
                "\"embedding 100, mean_pool\"");
        return NULL;
    }
    const size_t rows = sl_views_size(model->views, layer->view), size = (size_t)layer->spec.units;
    sl_vectors *vectors = sl_vectors_new(ctx, layer->spec.units, rows);
    const sl_real *from = layer->param[0]->v;
    for (size_t row = 0; vectors && row < rows && !ctx->status; row++, from += size) {
        char text[FEATURES_TEXT];
        size_t length = sl_views_text(model->views, layer->view, row, text, sizeof text);
        length = length < sizeof text ? length : sizeof text - 1;
        sl_real *to = sl_vectors_add(vectors, text, strlen(text) < length ? strlen(text) : length);
        if (to)
            memcpy(to, from, size * sizeof *to);
    }
    if (!ctx->status)
        return vectors;
    sl_vectors_free(vectors);
    return NULL;
}
