/* registry.c - the operators of this folder, found by name. */
#include "op/op.h"

#include <stdio.h>
#include <string.h>

#define SL_INDEX(name) extern const sl_op sl_op_##name;
#include "op/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_op_##name,
static const sl_op *const op_registry[] = {
#include "op/index.inc"
    NULL
};
#undef SL_INDEX

const sl_op *sl_op_at(size_t index)
{
    return index < sizeof op_registry / sizeof *op_registry ? op_registry[index] : NULL;
}

const sl_op *sl_op_find(const char *name)
{
    for (size_t i = 0; op_registry[i]; i++)
        if (!strcmp(op_registry[i]->name, name))
            return op_registry[i];
    return NULL;
}

bool sl_op_is_activation(const sl_op *op)
{
    return op->activate || op->activates_rows;
}

sl_status sl_activation_find(sl_ctx *ctx, const char *text, const sl_op **found, sl_real *number)
{
    *found = NULL;
    *number = 0;
    if (!text || !strcmp(text, "identity") || !strcmp(text, "linear"))
        return SL_OK;
    char name[64];
    const size_t length = sl_option_name_length(text);
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
    const sl_op *op = sl_op_find(name);
    if (op && sl_op_is_activation(op)) {
        double values[SL_MOST_OPTIONS] = { 0 };
        if (sl_options_read(ctx, name, op->options, text + length, values, NULL))
            return ctx->status;
        *found = op;
        *number = (sl_real)values[0];
        return SL_OK;
    }
    const char *names[sizeof op_registry / sizeof *op_registry];
    size_t count = 0;
    for (size_t i = 0; op_registry[i]; i++)
        if (sl_op_is_activation(op_registry[i]))
            names[count++] = op_registry[i]->name;
    return sl_fail_word(ctx, "activation", name, names, count);
}
