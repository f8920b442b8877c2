/* class_weights.c - how much the rows of each class count in the loss. */
#include "train/measure.h"

#include <string.h>

/* n / (K n_c): then every class has the same share in the loss, and the mean weight is 1. */
static sl_status weights_balanced(sl_ctx *ctx, const sl_data *data, int classes, sl_real *weights)
{
    size_t *counts = sl_alloc_array(ctx, (size_t)classes, sizeof *counts);
    if (!counts)
        return ctx->status;
    for (size_t i = 0; i < data->rows; i++) {
        sl_real y;
        if (sl_data_gather(NULL, data, &i, 1, NULL, NULL, &y))
            break;
        if (!(y >= 0 && y < (sl_real)classes)) {
            char number[32];
            sl_fail(ctx, SL_EINVAL, "class weights: the target of row %zu is %s: wants a class from 0 to %d",
                    i, sl_real_text(number, y), classes - 1);
            break;
        }
        counts[(size_t)y]++;
    }
    for (int c = 0; c < classes && !ctx->status; c++) {
        if (!counts[c])
            sl_fail(
                ctx, SL_EINVAL,
                "class weights: balanced wants rows of every class: the training rows have none of class %s",
                sl_data_class_name(data, c) ? sl_data_class_name(data, c) : "that a unit stands for");
        else
            weights[c] = (sl_real)((double)data->rows / ((double)classes * (double)counts[c]));
    }
    sl_free(ctx, counts);
    return ctx->status;
}

/* The class of this name; else -1 and a sentence that lists them. */
static int weights_class(sl_ctx *ctx, const sl_data *data, int classes, const char *name)
{
    const char **names = sl_alloc_array(ctx, (size_t)classes, sizeof *names);
    char(*numbers)[16] = sl_alloc_array(ctx, (size_t)classes, sizeof *numbers);
    int found = -1;
    for (int c = 0; c < classes && names && numbers; c++) {
        char text[32];
        memcpy(numbers[c], sl_number_text(text, c), sizeof numbers[c]);
        names[c] = sl_data_class_name(data, c) ? sl_data_class_name(data, c) : numbers[c];
        if (!strcmp(names[c], name))
            found = c;
    }
    if (found < 0 && !ctx->status) {
        sl_fail_word(ctx, "class", name, names, (size_t)classes);
        sl_fail_at(ctx, "class weights");
    }
    sl_free(ctx, names);
    sl_free(ctx, numbers);
    return found;
}

static sl_status weights_take(sl_ctx *ctx, const char *class_name, const char *text, sl_real *weight)
{
    double value;
    if (!sl_number_parse(text, &value) || !(value >= 0) || value - value != 0)
        return sl_fail(ctx, SL_EINVAL,
                       "class weights: '%.40s' for class %.40s: wants a finite number of at least 0", text,
                       class_name);
    *weight = (sl_real)value;
    return SL_OK;
}

/* "2,1,1" or "cat=2,dog=0.5"; a class that is not named counts 1. */
static sl_status weights_listed(sl_ctx *ctx, const sl_data *data, int classes, const char *text,
                                sl_real *weights)
{
    char *list = sl_strdup(ctx, text), *next = list;
    int given = 0, named = 0;
    bool *seen = sl_alloc_array(ctx, (size_t)classes, sizeof *seen);
    while (next && seen && !ctx->status) {
        char *item = next, *comma = strchr(item, ','), *equals;
        next = comma ? comma + 1 : NULL;
        if (comma)
            *comma = 0;
        item += strspn(item, " ");
        for (size_t end = strlen(item); end && item[end - 1] == ' ';)
            item[--end] = 0;
        equals = strrchr(item, '=');
        int c = given++;
        char number[32];
        if (equals) {
            *equals = 0;
            c = weights_class(ctx, data, classes, item);
            named++;
        }
        if (ctx->status || c >= classes)
            continue;
        if (seen[c])
            sl_fail(ctx, SL_EINVAL, "class weights: class %.60s is given twice", item);
        seen[c] = true;
        weights_take(ctx, equals ? item : sl_number_text(number, c), equals ? equals + 1 : item, &weights[c]);
    }
    if (!ctx->status && named && named != given)
        sl_fail(ctx, SL_EINVAL,
                "class weights: '%.60s': either each with its class, name=weight, or one number for each "
                "class in "
                "order",
                text);
    if (!ctx->status && !named && given != classes)
        sl_fail(ctx, SL_EINVAL, "class weights: '%.60s' has %d numbers: there are %d classes", text, given,
                classes);
    sl_free(ctx, list);
    sl_free(ctx, seen);
    return ctx->status;
}

sl_status sl_class_weights(sl_ctx *ctx, const sl_data *data, int classes, const char *text, sl_real *weights)
{
    if (!classes)
        return sl_fail(ctx, SL_EINVAL,
                       "class weights: the target is a number, so there are no classes: weigh rows instead "
                       "(sl_data_set_weights)");
    for (int c = 0; c < classes; c++)
        weights[c] = 1;
    if (!strcmp(text, "balanced"))
        return weights_balanced(ctx, data, classes, weights);
    if (weights_listed(ctx, data, classes, text, weights))
        return ctx->status;
    for (int c = 0; c < classes; c++)
        if (weights[c] > 0)
            return SL_OK;
    return sl_fail(ctx, SL_EINVAL, "class weights: '%.60s': all are 0: no row would count", text);
}

sl_status sl_row_weights(const sl_data *data, const size_t *rows, size_t count, const sl_real *class_weights,
                         const sl_real *targets, sl_real *w)
{
    if (sl_data_gather_weights(data, rows, count, w))
        return data->ctx->status;
    for (size_t i = 0; class_weights && i < count; i++)
        w[i] *= class_weights[(size_t)targets[i]];
    return SL_OK;
}
