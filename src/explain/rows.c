/* rows.c - a trained model explained with rows of its data: what came in, a step of training or the
 * prediction, and what the answer means. */
#include "explain/rows.h"

#include <string.h>

/* "row 7 of iris.csv (test)" */
static void rows_title(const sl_told_rows *t)
{
    sl_explanation *e = t->e;
    sl_text text;
    sl_text_init(&text, e->ctx);
    sl_text_put(&text, t->count == 1 ? "row " : "rows ");
    for (size_t i = 0; i < t->count; i++) {
        size_t last = i;
        while (last + 1 < t->count && t->rows[last + 1] == t->rows[last] + 1)
            last++;
        if (text.length > 60) {
            sl_text_add(&text, ", .. %zu more ..", t->count - i);
            break;
        }
        sl_text_add(&text, last > i + 1 ? "%s%zu to %zu" : "%s%zu", i ? ", " : "", t->rows[i] + 1,
                    t->rows[last] + 1);
        i = last > i + 1 ? last : i;
    }
    sl_text_add(&text, " of %s%s%s%s", t->data->source, strcmp(t->data->part, "all") != 0 ? " (" : "",
                strcmp(t->data->part, "all") != 0 ? t->data->part : "",
                strcmp(t->data->part, "all") != 0 ? ")" : "");
    sl_explanation_add(e,
                       (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                                       .text = sl_told_clean(e, sl_text_string(&text), text.length, 400) });
    sl_text_free(&text);
}

static void rows_remarks(sl_explanation *e, const char *remarks)
{
    for (const char *at = remarks; at && *at;) {
        const size_t length = strcspn(at, "\n");
        sl_told_note(e, sl_told_clean(e, at, length, 1000));
        at += length + (at[length] == '\n');
    }
}

/* In a step of training some layers work otherwise than in predictions. */
static void rows_training(sl_explanation *e, const sl_model *model)
{
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        const char *kind = layer->kind->name;
        const bool drops = layer->spec.drop > 0 || !strcmp(kind, "dropout");
        if (drops || !strcmp(kind, "noise"))
            sl_told_note(e, sl_explanation_keep(
                                e, "%s draws at random here, as in training; in predictions it does not",
                                layer->name));
        else if (!strcmp(kind, "batch_norm"))
            sl_told_note(
                e, sl_explanation_keep(e,
                                       "%s takes the mean and deviation of these rows, as in training; in "
                                       "predictions those that it kept",
                                       layer->name));
    }
}

/* A row whose target is not known; false: all are. */
static bool rows_unknown(const sl_told_rows *t, size_t *row)
{
    for (size_t i = 0; t->data->outputs && i < t->count; i++)
        for (size_t j = 0; j < t->data->outputs; j++) {
            const sl_real y = t->targets[i * t->data->outputs + j];
            if (y - y != 0) {
                *row = t->rows[i];
                return true;
            }
        }
    return false;
}

/* Inputs and targets of the view's rows: as the data have them, and as net and loss take them. */
static sl_status rows_fill(sl_told_rows *t, sl_real *targets)
{
    const sl_model *model = t->model;
    sl_ctx *ctx = model->ctx;
    size_t *order = sl_alloc_array(ctx, t->count, sizeof *order);
    size_t features, row;
    if (!order)
        return ctx->status;
    for (size_t i = 0; i < t->count; i++)
        order[i] = i;
    if (!sl_shape_check(ctx, model->input, &features) &&
        (t->x = sl_model_inputs(ctx, model, (int)t->count, features)))
        sl_model_gather(ctx, model, t->data, order, t->count, false, t->x, t->data->outputs ? targets : NULL);
    sl_free(ctx, order);
    if (ctx->status || !t->data->outputs)
        return ctx->status;
    t->targets = targets;
    if (rows_unknown(t, &row)) {
        sl_told_note(t->e,
                     sl_explanation_keep(
                         t->e, "row %zu has no target, so there is no loss: the way forward alone", row + 1));
        t->targets = NULL;
        return SL_OK;
    }
    if (sl_check_targets(ctx, model, t->data, t->data->source))
        return ctx->status;
    t->y =
        sl_tensor_new(ctx,
                      model->loss->target == SL_TARGET_CLASS ? sl_dims((int)t->count)
                                                             : sl_dims((int)t->count, (int)t->data->outputs),
                      targets);
    if (t->y)
        sl_target_in(&model->target, t->y->v, t->y->count);
    return ctx->status;
}

/* How much each row counts, where the data or the classes say so. */
static sl_status rows_weights(const sl_told_rows *t, const sl_explain_rows_options *o, sl_tensor **weights)
{
    sl_ctx *ctx = t->model->ctx;
    const int kinds = sl_model_kinds(t->model);
    sl_real *classes = NULL;
    if (!t->y || (!sl_data_weighted(t->data) && !o->class_weight))
        return SL_OK;
    size_t *order = sl_alloc_array(ctx, t->count, sizeof *order);
    for (size_t i = 0; order && i < t->count; i++)
        order[i] = i;
    *weights = sl_tensor_new(ctx, sl_dims((int)t->count), NULL);
    if (o->class_weight && !ctx->status &&
        (classes = sl_alloc_array(ctx, (size_t)kinds + 1, sizeof *classes)))
        sl_class_weights(ctx, o->train ? o->train : t->data, kinds, o->class_weight, classes);
    if (!ctx->status)
        sl_row_weights(t->data, order, t->count, classes, t->targets, (*weights)->v);
    sl_free(ctx, classes);
    sl_free(ctx, order);
    return ctx->status;
}

static sl_status rows_tell(sl_told_rows *t, const sl_explain_rows_options *o, const sl_explain_options *step)
{
    sl_ctx *ctx = t->model->ctx;
    const bool all = !(step->forward || step->backward || step->update);
    sl_tensor *weights = NULL;
    sl_real *targets = sl_alloc_array(ctx, t->count, (t->data->outputs + 1) * sizeof *targets);
    if (!targets)
        return ctx->status;
    rows_title(t);
    rows_remarks(t->e, o->remarks);
    if (!rows_fill(t, targets) && !t->data->outputs && !o->predict)
        sl_told_note(t->e, "the data have no targets, so there is no loss: the way forward alone");
    if (!ctx->status && !t->y && (step->backward || step->update))
        sl_fail(ctx, SL_EINVAL,
                "%s: without a target there is no loss, and so no way back: leave --backward and "
                "--update out",
                t->data->source);
    const bool infer = t->infer = o->predict || !t->y;
    if (!ctx->status && !infer)
        rows_training(t->e, t->model);
    if (!ctx->status && !rows_weights(t, o, &weights)) {
        if (all || step->forward)
            sl_tell_inputs(t);
        sl_explain_steps(t->e, &(sl_step_asked){ .model = (sl_model *)(uintptr_t)t->model,
                                                 .x = t->x,
                                                 .y = infer ? NULL : t->y,
                                                 .weights = weights,
                                                 .options = step,
                                                 .infer = infer,
                                                 .answer = sl_tell_answer,
                                                 .user = t });
    }
    sl_tensor_free(weights);
    sl_tensor_free(t->x);
    sl_tensor_free(t->y);
    sl_free(ctx, t->before);
    sl_free(ctx, targets);
    return ctx->status;
}

static sl_status rows_check(sl_ctx *ctx, const sl_model *model, const sl_data *data,
                            const sl_explain_rows_options *o, const sl_explain_options *step)
{
    if (sl_step_check(ctx, model, step))
        return ctx->status;
    if (!model->built)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_rows: the model is not trained: fit it, or load one");
    if (!o->rows || !o->count)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_rows: no row is named: wants one or more");
    for (size_t i = 0; i < o->count; i++)
        if (o->rows[i] >= data->rows)
            return sl_fail(ctx, SL_EINVAL, "row %zu of %s: it has %zu", o->rows[i] + 1, data->source,
                           data->rows);
    if (o->count > SL_EXPLAIN_MOST)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_rows: %zu rows: wants at most %d", o->count,
                       SL_EXPLAIN_MOST);
    if (o->predict && (step->backward || step->update || step->steps > 1))
        return sl_fail(ctx, SL_EINVAL,
                       "sl_explain_rows: a prediction changes nothing: leave backward, update and steps out");
    return SL_OK;
}

sl_explanation *sl_explain_rows(sl_model *model, const sl_data *data, const sl_explain_rows_options *o,
                                const sl_explain_options *options)
{
    const sl_explain_options none = { 0 }, *step = options ? options : &none;
    if (!model)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (!data || !o || (o->count && !o->rows)) {
        sl_fail(ctx, SL_EINVAL, "sl_explain_rows: wants data, and which of their rows");
        return NULL;
    }
    if (rows_check(ctx, model, data, o, step))
        return NULL;
    size_t *order = sl_alloc_array(ctx, o->count, sizeof *order);
    if (!order)
        return NULL;
    memcpy(order, o->rows, o->count * sizeof *order);
    sl_data *view = sl_data_view(data, order, o->count, data->part);
    sl_explanation *e = view ? sl_explanation_new(ctx, step->depth, step->digits) : NULL;
    sl_told_rows t = { .e = e, .model = model, .data = view, .rows = o->rows, .count = o->count };
    if (e && !sl_check_inputs(ctx, model, view, view->source))
        rows_tell(&t, o, step);
    sl_data_free(view);
    if (!ctx->status)
        return e;
    sl_explanation_free(e);
    return NULL;
}
