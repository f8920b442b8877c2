/* images.c - see images.h */
#include "data/array/images.h"
#include "data/table/problems.h"

#include <limits.h>
#include <string.h>

void sl_images_free(sl_ctx *ctx, sl_images *images)
{
    sl_array_close(ctx, &images->x);
    sl_numbers_free(&images->y);
}

/* Codes of other classes than these: by their words. */
static sl_status images_recode(sl_numbers *y, const sl_numbers *known)
{
    sl_ctx *ctx = y->ctx;
    for (size_t row = 0; row < y->rows; row++) {
        const size_t code = (size_t)y->values[row];
        const char *word = sl_dictionary_word(&y->classes, code);
        const size_t place =
            sl_dictionary_find(&known->classes, word, sl_dictionary_length(&y->classes, code));
        if (place == SIZE_MAX)
            return sl_fail(ctx, SL_EFORMAT,
                           "%s: the class of row %zu, '%.60s', is none of the %zu of the training part",
                           y->source, row, word, known->classes.count);
        y->values[row] = (double)place;
    }
    return SL_OK;
}

sl_status sl_images_classify(sl_images *images, const char *task, const sl_numbers *known)
{
    sl_numbers *y = &images->y;
    sl_ctx *ctx = y->ctx;
    if (!y->outputs)
        return SL_OK;
    for (size_t i = 0; i < y->rows * y->outputs; i++)
        if (y->values[i] != y->values[i])
            return sl_fail(ctx, SL_EFORMAT, "%s: the target of row %zu is missing: leave the row out",
                           y->source, i / y->outputs);
    const bool amounts = task && !strcmp(task, "regression");
    if (sl_numbers_check(y) || sl_numbers_fold(y))
        return ctx->status;
    if (y->classes.count && amounts)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: --task regression: its target is one of %zu classes: leave it out", y->source,
                       y->classes.count);
    const bool classes =
        known ? known->classes.count != 0
              : y->outputs == 1 && !amounts && (y->whole || task || sl_numbers_are(y) != SL_NUMBERS_AMOUNTS);
    if (classes && y->outputs == 1 && sl_numbers_classify(y))
        return ctx->status;
    if (classes && y->outputs == 1 && y->classes.count > 10000)
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: %zu different targets are too many for classes, at most 10,000: --task regression "
            "takes them as amounts",
            y->source, y->classes.count);
    if (known && (known->classes.count != 0) != (y->classes.count != 0))
        return sl_fail(ctx, SL_EFORMAT, "%s: the test part's targets are of another kind than the training's",
                       y->source);
    return known && known->classes.count ? images_recode(y, known) : SL_OK;
}

static sl_status images_reals(sl_ctx *ctx, const char *source, const sl_array *x, sl_real *to)
{
    const size_t count = x->head.rows * x->head.features;
    double *values = sl_alloc_array(ctx, count, sizeof *values);
    if (!values || sl_array_numbers(ctx, x, values, x->head.features)) {
        sl_free(ctx, values);
        return ctx->status;
    }
    for (size_t i = 0; i < count && !ctx->status; i++) {
        char text[32];
        to[i] = (sl_real)values[i];
        if (to[i] - to[i] != 0)
            sl_fail(ctx, SL_EFORMAT, "%s: value %zu of row %zu is %s: wants numbers that a float can hold",
                    source, i % x->head.features, i / x->head.features, sl_number_text(text, values[i]));
    }
    sl_free(ctx, values);
    return ctx->status;
}

/* Bytes in the order of rows. */
static sl_status images_bytes(sl_ctx *ctx, const sl_array *x, unsigned char *to)
{
    const size_t count = x->head.rows * x->head.features;
    if (!x->head.fortran) {
        memcpy(to, x->values, count);
        return SL_OK;
    }
    double *values = sl_alloc_array(ctx, count, sizeof *values);
    if (values && !sl_array_numbers(ctx, x, values, x->head.features))
        for (size_t i = 0; i < count; i++)
            to[i] = (unsigned char)values[i];
    sl_free(ctx, values);
    return ctx->status;
}

static sl_status images_check(sl_ctx *ctx, const char *source, const sl_images *images, int count)
{
    char one[160], other[160];
    const sl_array_head *h = &images[0].x.head;
    if (h->kind == 'U')
        return sl_fail(ctx, SL_EFORMAT, "%s: is %s: texts cannot be inputs", images[0].x.name,
                       sl_array_text(one, h));
    bool fits = h->rank - 1 <= SL_MAX_DIMS && h->features <= INT_MAX;
    for (int i = 1; i < h->rank && fits; i++)
        fits = h->dim[i] <= INT_MAX;
    if (!fits)
        return sl_fail(ctx, SL_ESHAPE, "%s: is %s: rows of up to %d dimensions and %d values can be handled",
                       images[0].x.name, sl_array_text(one, h), SL_MAX_DIMS, INT_MAX);
    for (int p = 0; p < count; p++) {
        const sl_images *part = &images[p];
        if (part->y.outputs && part->y.rows != part->x.head.rows)
            return sl_fail(ctx, SL_EFORMAT,
                           "%s: has %zu rows, and there are %zu targets: they do not belong "
                           "together",
                           part->x.name, part->x.head.rows, part->y.rows);
        bool same = part->x.head.rank == h->rank && part->x.head.kind == h->kind &&
                    part->x.head.size == h->size && part->y.outputs == images[0].y.outputs;
        for (int i = 1; i < h->rank && same; i++)
            same = part->x.head.dim[i] == h->dim[i];
        if (!same)
            return sl_fail(ctx, SL_EFORMAT,
                           "%s: the training part is %s, the test part %s: they do not belong together",
                           source, sl_array_text(one, h), sl_array_text(other, &part->x.head));
    }
    return SL_OK;
}

sl_data *sl_images_data(sl_ctx *ctx, const char *source, const char *part, sl_images *images, int count)
{
    sl_array *x = &images[0].x;
    const sl_numbers *y = &images[0].y;
    if (images_check(ctx, source, images, count))
        return NULL;
    const size_t classes = y->classes.count;
    sl_data_plan plan = { .source = source,
                          .part = part,
                          .shape = { .rank = x->head.rank - 1 },
                          .outputs = y->outputs,
                          .classes = (int)classes,
                          .bytes = x->head.kind == 'u' && x->head.size == 1 };
    for (int i = 1; i < x->head.rank; i++)
        plan.shape.dim[i - 1] = (int)x->head.dim[i];
    for (int p = 0; p < count; p++)
        plan.rows += images[p].x.head.rows;
    const char **names = sl_alloc_array(ctx, classes + 1, sizeof *names);
    for (size_t c = 0; names && c < classes; c++)
        names[c] = sl_dictionary_word(&y->classes, c);
    plan.class_names = classes ? names : NULL;
    const bool take = plan.bytes && count == 1 && !x->head.fortran; /* the file's own bytes, not copied */
    if (take && names) {
        plan.memory = x->memory;
        plan.skip = x->head.head;
        x->memory = NULL;
    }
    sl_data *data = names ? sl_data_new(ctx, &plan) : NULL;
    sl_free(ctx, names);
    for (size_t p = 0, row = 0; data && p < (size_t)count && !ctx->status; row += images[p++].x.head.rows) {
        const sl_images *one = &images[p];
        for (size_t i = 0; i < one->y.rows * one->y.outputs; i++) {
            data->store->targets[row * y->outputs + i] = (sl_real)one->y.values[i];
        }
        if (!plan.bytes)
            images_reals(ctx, source, &one->x, data->store->reals + row * data->features);
        else if (!take)
            images_bytes(ctx, &one->x, data->store->bytes + row * data->features);
    }
    if (data && !ctx->status)
        return data;
    sl_data_free(data);
    return NULL;
}
