/* start.c - starting weights that are told, number by number, in place of drawn ones. */
#include "core/number.h"
#include "core/text.h"
#include "model/model.h"

#include <math.h>
#include <string.h>

enum { START_NUMBER = 64 }; /* characters of one, with its 0 */

sl_status sl_model_set_start(sl_model *model, const char *weights, const char *biases)
{
    sl_ctx *ctx = model->ctx;
    sl_free(ctx, model->start_weights);
    sl_free(ctx, model->start_biases);
    model->start_weights = sl_strdup(ctx, weights);
    model->start_biases = sl_strdup(ctx, biases);
    return ctx->status;
}

static bool start_is(const char *name, const char *kind)
{
    const size_t length = strlen(name), tail = strlen(kind);
    return length >= tail && !strcmp(name + length - tail, kind);
}

/* The next number of the text; false: there is none, or what is there is none (then SL_EINVAL). */
static bool start_number(sl_ctx *ctx, const char *option, const char **text, size_t index, double *value)
{
    char number[START_NUMBER];
    const char *at = *text + strspn(*text, " \t\n");
    const size_t length = strcspn(at, ",; \t\n");
    if (!length && !*at)
        return false;
    if (length >= sizeof number || (memcpy(number, at, length), number[length] = 0, !length) ||
        !sl_number_parse(number, value) || (sl_real)*value - (sl_real)*value != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: number %zu is '%.*s': wants numbers with commas between them: 0.5,-1,2",
                option, index + 1, (int)(length < 40 ? length : 40), at);
        return false;
    }
    at += length;
    at += strspn(at, " \t\n");
    *text = at + (*at == ',' || *at == ';');
    return true;
}

/* "dense_1 [3, 2], output [1, 3]" */
static void start_shapes(const sl_model *model, const char *kind, sl_text *text)
{
    for (int p = 0; p < model->param_count; p++) {
        const char *name = model->param_names[p];
        char shape[96];
        if (start_is(name, kind))
            sl_text_add(text, "%s%.*s %s", text->length ? ", " : "", (int)(strlen(name) - strlen(kind)), name,
                        sl_shape_text(shape, model->params[p]->shape));
    }
}

static sl_status start_fill(sl_model *model, const char *option, const char *text, const char *kind)
{
    sl_ctx *ctx = model->ctx;
    size_t wanted = 0, given = 0;
    double value;
    for (int p = 0; p < model->param_count; p++)
        wanted += start_is(model->param_names[p], kind) ? model->params[p]->count : 0;
    for (const char *at = text; start_number(ctx, option, &at, given, &value);)
        given++;
    if (ctx->status)
        return ctx->status;
    if (given != wanted || !wanted) {
        sl_text shapes;
        sl_text_init(&shapes, ctx);
        start_shapes(model, kind, &shapes);
        sl_fail(ctx, SL_EINVAL, "%s has %zu number%s: the net wants %zu, row by row, [outputs, inputs]%s%s",
                option, given, given == 1 ? "" : "s", wanted, shapes.length ? ": " : "",
                shapes.length ? sl_text_string(&shapes) : "");
        sl_text_free(&shapes);
        return ctx->status;
    }
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; start_is(model->param_names[p], kind) && i < model->params[p]->count; i++)
            if (start_number(ctx, option, &text, 0, &value))
                model->params[p]->v[i] = (sl_real)value;
    return ctx->status;
}

void sl_model_hold_biases(sl_model *model)
{
    model->biases_stay = true;
    for (int p = 0; p < model->param_count; p++)
        if (start_is(model->param_names[p], ".bias"))
            model->params[p]->learns = false;
}

sl_status sl_model_start(sl_model *model)
{
    sl_ctx *ctx = model->ctx;
    if (model->start_weights && start_fill(model, "--weights", model->start_weights, ".weight"))
        return ctx->status;
    if (model->start_biases)
        return start_fill(model, "--biases", model->start_biases, ".bias");
    for (int p = 0; p < model->param_count && model->start_weights; p++)
        if (start_is(model->param_names[p], ".bias"))
            memset(model->params[p]->v, 0, model->params[p]->count * sizeof *model->params[p]->v);
    if (model->start_weights)
        sl_model_hold_biases(model);
    return ctx->status;
}
