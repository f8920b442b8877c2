/* field.c - a formula on the tape, at many points at once: see formula.h. */
#include "autograd/tape.h"
#include "descend/formula.h"

sl_descend_field *sl_field_new(sl_ctx *ctx, const sl_formula *formula, size_t n)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_descend_field *field = sl_alloc(ctx, sizeof *field);
    if (!field)
        return NULL;
    *field = (sl_descend_field){ .ctx = ctx, .formula = formula, .n = n, .tape = sl_tape_new(ctx, SL_TRAIN) };
    field->theta = sl_param(ctx, sl_dims((int)n, formula->dims), "zeros");
    field->numbers = sl_alloc_array(ctx, (size_t)formula->count, sizeof *field->numbers);
    field->made = sl_alloc_array(ctx, (size_t)formula->count, sizeof *field->made);
    for (int i = 0; i < formula->count && field->numbers; i++) {
        const sl_formula_node *node = &formula->nodes[i];
        if (node->what != SL_FORMULA_NUMBER)
            continue;
        sl_tensor *number = field->numbers[i] = sl_tensor_new(ctx, sl_dims((int)n, 1), NULL);
        for (size_t j = 0; number && j < n; j++)
            number->v[j] = (sl_real)node->number;
    }
    if (!ctx->status)
        return field;
    sl_field_free(field);
    return NULL;
}

void sl_field_free(sl_descend_field *field)
{
    if (!field)
        return;
    for (int i = 0; i < field->formula->count && field->numbers; i++)
        sl_tensor_free(field->numbers[i]);
    sl_tape_free(field->tape);
    sl_tensor_free(field->theta);
    sl_free(field->ctx, field->numbers);
    sl_free(field->ctx, field->made);
    sl_free(field->ctx, field);
}

static sl_tensor *field_node(sl_tape *tape, const sl_descend_field *field, int i)
{
    const sl_formula_node *node = &field->formula->nodes[i];
    sl_tensor *a = field->made[node->a], *b = field->made[node->b];
    switch (node->what) {
    case SL_FORMULA_NUMBER:
        return field->numbers[i];
    case SL_FORMULA_X:
        return field->formula->dims == 1 ? field->theta : sl_columns_of(tape, field->theta, 0, 1);
    case SL_FORMULA_Y:
        return sl_columns_of(tape, field->theta, 1, 1);
    case SL_FORMULA_ADD:
        return sl_add(tape, a, b);
    case SL_FORMULA_SUB:
        return sl_sub(tape, a, b);
    case SL_FORMULA_MUL:
        return sl_mul(tape, a, b);
    case SL_FORMULA_DIV:
        return sl_div(tape, a, b);
    case SL_FORMULA_SCALE:
        return sl_scale(tape, a, (sl_real)node->number);
    case SL_FORMULA_POWER:
        return node->number == 2 ? sl_square(tape, a) : sl_pow(tape, a, (sl_real)node->number);
    case SL_FORMULA_APPLY:
        return sl_apply(tape, node->op, &a, NULL);
    }
    return NULL;
}

sl_tensor *sl_field_sum(sl_tape *tape, sl_descend_field *field)
{
    sl_tape_reset(tape);
    const int count = field->formula->count;
    for (int i = 0; i < count; i++)
        field->made[i] = field_node(tape, field, i);
    field->value = field->made[count - 1];
    return sl_sum(tape, field->value);
}

sl_status sl_field_run(sl_descend_field *field, bool slopes)
{
    sl_tensor *sum = sl_field_sum(field->tape, field);
    if (sum && slopes) {
        sl_tensor_clear_gradient(field->theta);
        sl_backward(field->tape, sum);
    }
    return field->ctx->status;
}
