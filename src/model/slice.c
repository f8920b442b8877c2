/* slice.c - pieces of a model, and models in a row: new models with copied weights. */
#include "model/slice.h"

#include <stdio.h>
#include <string.h>

void sl_model_own(const sl_model *model, int layer, sl_layer *spec)
{
    const int owner = model->layers[layer].shares;
    spec->share = NULL;
    if (owner < 0)
        return;
    spec->frozen = model->layers[owner].spec.frozen;
    spec->lr_scale = model->layers[owner].spec.lr_scale;
    spec->decay = model->layers[owner].spec.decay;
}

static bool slice_built(sl_ctx *ctx, const char *what, const sl_model *model)
{
    if (!model->built)
        sl_fail(ctx, SL_EINVAL,
                "%s: the model has no weights yet: begin it with sl_input, or run or fit it first", what);
    return model->built;
}

sl_model *sl_model_of_copies(sl_ctx *ctx, const sl_flat *flat, const sl_built *const *from, int count,
                             sl_shape input, const sl_views *views)
{
    sl_model *model = sl_model_make_flat(ctx, flat, count);
    if (!model)
        return NULL;
    model->blank = true;
    model->views = views ? sl_views_copy(ctx, views) : NULL; /* layers may name some of them */
    const sl_status built = ctx->status ? ctx->status : sl_model_build(model, input);
    sl_views_free(model->views);
    model->views = NULL;
    if (built) {
        sl_model_free(model);
        return NULL;
    }
    for (int i = 0; i < count; i++)
        for (int w = 0; from[i] && w < from[i]->wants + from[i]->runs; w++)
            memcpy(model->layers[i].param[w]->v, from[i]->param[w]->v,
                   from[i]->param[w]->count * sizeof(sl_real));
    return model;
}

/* What the raw inputs and the outputs mean goes with the first and the last layer. */
static sl_status slice_ends(sl_model *to, const sl_model *first, const sl_model *last)
{
    if (first && first->divisor != 0)
        sl_model_set_preprocessing(to, first->divisor, first->preprocessing);
    if (first && first->columns)
        sl_model_set_columns(to, first->columns);
    if (first && first->views && sl_model_reads_texts(to))
        sl_model_set_views(to, first->views);
    if (last && last->classes)
        sl_model_set_classes(to, last->classes, (const char *const *)last->class_names);
    if (last && last->loss)
        sl_compile(to, .loss = last->loss_text, .optimizer = last->optimizer);
    if (last) {
        to->target = last->target;
        to->correction = last->correction;
        to->corrected_by = last->corrected_by;
    }
    return to->ctx->status;
}

sl_model *sl_model_finish_copy(sl_model *to, const sl_model *first, const sl_model *last)
{
    if (to && slice_ends(to, first, last)) {
        sl_model_free(to);
        return NULL;
    }
    return to;
}

/* The first of layers first .. at - 1 with the same weights as layer `at`; `at`: none. */
static int slice_owner(const sl_model *model, int first, int at)
{
    int i = first;
    while (i < at && (i != model->layers[at].shares && model->layers[i].shares != model->layers[at].shares))
        i++;
    return i;
}

sl_model *sl_model_slice(const sl_model *model, int first, int last)
{
    if (!model || model->ctx->status)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (!slice_built(ctx, "sl_model_slice", model))
        return NULL;
    bool whole = first >= 0 && first < last && last <= model->count;
    for (int i = 0; i < model->count && whole; i++) /* a group begins and ends inside or outside */
        if (model->layers[i].end > i + 1) {
            const int end = model->layers[i].end;
            whole = (i >= first && end <= last) || end <= first || i >= last || (i < first && end >= last);
        }
    if (!whole) {
        sl_fail(ctx, SL_EINVAL,
                "sl_model_slice: from layer %d to before %d of %d: wants first < last, and no layer that has "
                "others inside cut in two",
                first, last, model->count);
        return NULL;
    }
    const int count = last - first;
    sl_flat *flat = sl_model_flat(ctx, model);
    const sl_built **from = sl_alloc_array(ctx, (size_t)count, sizeof *from);
    for (int i = first; i < last && flat && from; i++) {
        from[i - first] = &model->layers[i];
        if (model->layers[i].shares < 0)
            continue;
        const int owner = slice_owner(model, first, i);
        flat[i].spec.share = owner < i ? model->layers[owner].name : NULL;
        if (owner == i)
            sl_model_own(model, i, &flat[i].spec);
    }
    sl_model *piece = flat && from ? sl_model_of_copies(ctx, flat + first, from, count,
                                                        model->layers[first].in, model->views)
                                   : NULL;
    sl_free(ctx, flat);
    sl_free(ctx, (void *)(uintptr_t)from);
    return sl_model_finish_copy(piece, first == 0 ? model : NULL, last == model->count ? model : NULL);
}

static bool slice_taken(const sl_flat *flat, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(flat[i].spec.name, name))
            return true;
    return false;
}

/* Layer `at` keeps its name where no layer before it has that; else type_1, type_2, ... which is free. */
static const char *slice_name(sl_arena *arena, const sl_flat *flat, int count, int at)
{
    enum { ROOM = 64 };
    const char *name = flat[at].spec.name;
    char *fresh = slice_taken(flat, at, name) ? sl_arena_take(arena, ROOM) : NULL;
    if (!fresh)
        return name;
    int number = 0;
    do
        snprintf(fresh, ROOM, "%s_%d", flat[at].spec.type, ++number);
    while (slice_taken(flat, count, fresh));
    return fresh;
}

sl_model *sl_model_chain(sl_ctx *ctx, const sl_model *a, const sl_model *b)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!a || !b) {
        sl_fail(ctx, SL_EINVAL, "sl_model_chain: the %s model is NULL", a ? "second" : "first");
        return NULL;
    }
    if (!slice_built(ctx, "sl_model_chain", a) || !slice_built(ctx, "sl_model_chain", b))
        return NULL;
    size_t gives, wants;
    char out[96], in[96];
    if (sl_shape_check(ctx, sl_model_last(a)->out, &gives) || sl_shape_check(ctx, b->input, &wants))
        return NULL;
    if (gives != wants) {
        sl_fail(ctx, SL_ESHAPE, "sl_model_chain: the first model gives rows of %s, and the second wants %s",
                sl_shape_text(out, sl_model_last(a)->out), sl_shape_text(in, b->input));
        return NULL;
    }
    const int count = a->count + b->count;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    sl_flat *flat = sl_alloc_array(ctx, (size_t)count, sizeof *flat);
    const sl_built **from = sl_alloc_array(ctx, (size_t)count, sizeof *from);
    sl_flat *first = sl_model_flat(ctx, a), *second = sl_model_flat(ctx, b);
    for (int i = 0; i < count && !ctx->status; i++) {
        flat[i] = i < a->count ? first[i] : second[i - a->count];
        from[i] = i < a->count ? &a->layers[i] : &b->layers[i - a->count];
    }
    for (int i = a->count; i < count && !ctx->status; i++) {
        flat[i].spec.name = slice_name(&arena, flat, count, i);
        if (from[i]->shares >= 0)
            flat[i].spec.share = flat[a->count + from[i]->shares].spec.name;
    }
    const sl_views *views = a->views ? a->views : b->views;
    sl_model *both = ctx->status ? NULL : sl_model_of_copies(ctx, flat, from, count, a->input, views);
    sl_free(ctx, flat);
    sl_free(ctx, first);
    sl_free(ctx, second);
    sl_free(ctx, (void *)(uintptr_t)from);
    sl_arena_free(&arena);
    return sl_model_finish_copy(both, a, b);
}
