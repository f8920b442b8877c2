/* data.c - see data.h and slope.h */
#include "data/data.h"
#include "data/format.h"
#include "core/os.h"
#include "core/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { DATA_NAME = 24, DATA_NAMED = 1000 };

/* --- making --------------------------------------------------------------------------------------- */

static void data_store_free(sl_ctx *ctx, sl_store *store)
{
    if (!store || --store->users)
        return;
    sl_free(ctx, store->memory);
    sl_free(ctx, store->targets);
    sl_free(ctx, store->class_names);
    sl_free(ctx, store->kept);
    sl_free(ctx, store->kept_offset);
    for (int k = 0; k < store->kept_columns && store->kept_name; k++)
        sl_free(ctx, store->kept_name[k]);
    sl_free(ctx, store->kept_name);
    sl_free(ctx, store->texts);
    sl_free(ctx, store->text_offset);
    if (store->encoded)
        store->encoded_free(ctx, store->encoded);
    sl_packed_free(store->packed);
    sl_columns_free(store->columns);
    sl_free(ctx, store->input_names);
    sl_free(ctx, store);
}

/* Pointers and texts in one block; without names: before, and a number. */
static const char **data_names(sl_ctx *ctx, size_t count, const char *before, const char *const *names)
{
    size_t size = count * (sizeof(char *) + DATA_NAME);
    for (size_t i = 0; names && i < count; i++)
        size += strlen(names[i]) + 1;
    const char **made = sl_alloc(ctx, size);
    if (!made)
        return NULL;
    char *at = (char *)(made + count);
    for (size_t i = 0; i < count; i++) {
        made[i] = at;
        if (names)
            memcpy(at, names[i], strlen(names[i]) + 1);
        else
            snprintf(at, DATA_NAME, "%s%zu", before, i);
        at += strlen(at) + 1;
    }
    return made;
}

sl_data *sl_data_head(sl_ctx *ctx, const char *source, const char *part)
{
    sl_data *data = sl_alloc(ctx, sizeof *data);
    if (!data)
        return NULL;
    data->ctx = ctx;
    data->source = sl_strdup(ctx, source);
    data->part = sl_strdup(ctx, part);
    if (data->source && data->part)
        return data;
    sl_data_free(data);
    return NULL;
}

static size_t data_features(sl_shape shape)
{
    size_t features = 1;
    for (int i = 0; i < shape.rank; i++) {
        if (shape.dim[i] < 1 || features > INT_MAX / (size_t)shape.dim[i])
            return 0;
        features *= (size_t)shape.dim[i];
    }
    return features;
}

/* A table's shape, targets and classes follow from its columns. */
static sl_data *data_table(sl_data *data, const sl_data_plan *plan)
{
    sl_ctx *ctx = data->ctx;
    const sl_columns *columns = plan->columns;
    const sl_column *target = columns->target < 0 ? NULL : &columns->column[columns->target];
    sl_store *store = data->store;
    data->shape = (sl_shape){ 1, { columns->inputs } };
    data->features = (size_t)columns->inputs;
    data->rows = plan->rows;
    data->outputs = target ? 1 : 0;
    data->classes = target ? (int)target->words.count : 0;
    if (store->packed)
        data->owner = sl_packed_owner(store->packed);
    else if (!store->memory)
        store->memory = sl_alloc_array(ctx, plan->rows, (size_t)columns->cells * sizeof(double));
    store->cells = store->memory;
    if (data->classes && !ctx->status) {
        const char **names = sl_alloc_array(ctx, (size_t)data->classes, sizeof *names);
        for (int c = 0; names && c < data->classes; c++)
            names[c] = sl_dictionary_word(&target->words, (size_t)c);
        store->class_names = names; /* the words stay with the columns */
    }
    if (!ctx->status)
        return data;
    sl_data_free(data);
    return NULL;
}

sl_data *sl_data_new(sl_ctx *ctx, const sl_data_plan *plan)
{
    sl_data *data = sl_data_head(ctx, plan->source, plan->part);
    sl_store *store = data ? sl_alloc(ctx, sizeof *store) : NULL;
    if (!store) {
        sl_free(ctx, plan->memory);
        sl_packed_free(plan->packed);
        sl_columns_free(plan->columns);
        sl_data_free(data);
        return NULL;
    }
    store->users = 1;
    store->memory = plan->memory;
    store->packed = plan->packed;
    store->columns = plan->columns;
    data->store = store;
    if (plan->columns)
        return data_table(data, plan);
    data->shape = plan->shape;
    data->features = data_features(plan->shape);
    data->rows = plan->rows;
    data->outputs = plan->outputs;
    data->classes = plan->classes;
    const size_t size = plan->bytes ? 1 : sizeof(sl_real);
    bool made = true;
    if (!data->features || plan->rows > SIZE_MAX / sizeof(sl_real) / data->features) {
        char shape[96];
        sl_fail(ctx, SL_ESHAPE, "%s: %zu rows of %s inputs are more than can be handled", plan->source,
                plan->rows, sl_shape_text(shape, plan->shape));
        made = false;
    }
    if (made && !store->memory)
        made = (store->memory = sl_alloc_array(ctx, plan->rows * data->features, size)) != NULL;
    if (made && plan->outputs)
        made = (store->targets = sl_alloc_array(ctx, plan->rows, plan->outputs * sizeof(sl_real))) != NULL;
    if (made && plan->classes > 0)
        made = (store->class_names = data_names(ctx, (size_t)plan->classes, "", plan->class_names)) != NULL;
    if (made && data->features <= DATA_NAMED)
        made = (store->input_names = data_names(ctx, data->features, "x", plan->input_names)) != NULL;
    if (!made) {
        sl_data_free(data);
        return NULL;
    }
    if (plan->bytes)
        store->bytes = (unsigned char *)store->memory + plan->skip;
    else
        store->reals = store->memory;
    return data;
}

void sl_data_free(sl_data *data)
{
    if (!data)
        return;
    data_store_free(data->ctx, data->store);
    sl_free(data->ctx, data->order);
    sl_chosen_free(data->chosen);
    sl_free(data->ctx, data->weights);
    sl_free(data->ctx, data->source);
    sl_free(data->ctx, data->part);
    sl_free(data->ctx, data);
}

/* The first number that is not finite ends it: `what` is "x" or "y". */
static bool data_finite(sl_ctx *ctx, const char *what, const sl_real *values, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows * columns; i++) {
        if (values[i] - values[i] != 0) { /* nan, or inf - inf */
            char number[32];
            sl_fail(ctx, SL_EINVAL,
                    "sl_data_from: row %zu, column %zu of %s is %s: every number must be finite", i / columns,
                    i % columns, what, sl_number_text(number, (double)values[i]));
            return false;
        }
    }
    return true;
}

sl_data *sl_data_from(sl_ctx *ctx, const sl_tensor *x, const sl_tensor *y)
{
    const sl_shape xs = sl_shape_of(x), ys = sl_shape_of(y);
    /* Only read; sl_values has no form for const. */
    const sl_real *xv = sl_values((sl_tensor *)x), *yv = sl_values((sl_tensor *)y);
    char found[96], wanted[96];
    if (!ctx || ctx->status)
        return NULL;
    if (!x || !xv || (y && !yv)) {
        sl_fail(ctx, SL_EINVAL,
                "sl_data_from: wants inputs x [rows, ...], given NULL or a tensor of an old graph");
        return NULL;
    }
    if (xs.rank < 1 || !sl_count(x)) {
        sl_fail(ctx, SL_ESHAPE, "sl_data_from: wants x [rows, ...] with at least one row, given %s",
                sl_shape_text(found, xs));
        return NULL;
    }
    if (y && (ys.rank < 1 || ys.rank > 2 || ys.dim[0] != xs.dim[0] || !sl_count(y))) {
        sl_fail(ctx, SL_ESHAPE, "sl_data_from: x is %s, so y must be [%d] or [%d, outputs], given %s",
                sl_shape_text(wanted, xs), xs.dim[0], xs.dim[0], sl_shape_text(found, ys));
        return NULL;
    }
    const size_t rows = (size_t)xs.dim[0];
    sl_data_plan plan = { .source = "data in memory", .part = "all", .rows = rows, .shape = { 1, { 1 } } };
    for (int i = 1; i < xs.rank; i++) {
        plan.shape.rank = i;
        plan.shape.dim[i - 1] = xs.dim[i];
    }
    plan.outputs = y ? sl_count(y) / rows : 0;
    const size_t features = sl_count(x) / rows;
    if (!data_finite(ctx, "x", xv, rows, features) || (y && !data_finite(ctx, "y", yv, rows, plan.outputs)))
        return NULL;
    sl_data *data = sl_data_new(ctx, &plan);
    if (!data)
        return NULL;
    memcpy(data->store->reals, xv, rows * features * sizeof(sl_real));
    if (y)
        memcpy(data->store->targets, yv, rows * plan.outputs * sizeof(sl_real));
    return data;
}

sl_status sl_data_set_weights(sl_data *data, const sl_tensor *weights)
{
    if (!data || data->ctx->status)
        return data ? data->ctx->status : SL_EINVAL;
    sl_ctx *ctx = data->ctx;
    const sl_shape shape = sl_shape_of(weights);
    const sl_real *w = sl_values((sl_tensor *)weights); /* only read; it has no form for const */
    char found[96], number[32];
    sl_real largest = 0;
    if (weights && !w)
        return sl_fail(ctx, SL_EINVAL, "%s: the weights are a tensor of an old graph", data->source);
    if (weights && (shape.rank != 1 || (size_t)shape.dim[0] != data->rows))
        return sl_fail(ctx, SL_ESHAPE, "%s: the weights have shape %s: wants [%zu], one a row", data->source,
                       sl_shape_text(found, shape), data->rows);
    for (size_t i = 0; weights && i < data->rows; i++) {
        if (!(w[i] >= 0 && w[i] - w[i] == 0))
            return sl_fail(ctx, SL_EINVAL,
                           "%s: the weight of row %zu is %s: wants a finite number of at least 0",
                           data->source, i, sl_real_text(number, w[i]));
        largest = w[i] > largest ? w[i] : largest;
    }
    if (weights && largest == 0)
        return sl_fail(ctx, SL_EINVAL, "%s: all %zu weights are 0: no row would count", data->source,
                       data->rows);
    sl_real *copy = weights ? sl_alloc_array(ctx, data->rows, sizeof *copy) : NULL;
    if (weights && !copy)
        return ctx->status;
    if (weights)
        memcpy(copy, w, data->rows * sizeof *copy);
    sl_free(ctx, data->weights);
    data->weights = copy;
    data->weighs = false;
    return SL_OK;
}

bool sl_data_weighted(const sl_data *data)
{
    return data->weights || data->weighs;
}

/* --- asking --------------------------------------------------------------------------------------- */

size_t sl_data_rows(const sl_data *data)
{
    return data ? data->rows : 0;
}

sl_shape sl_data_shape(const sl_data *data)
{
    return data ? data->shape : (sl_shape){ 0 };
}

int sl_data_classes(const sl_data *data)
{
    return data ? data->classes : 0;
}

bool sl_data_has_targets(const sl_data *data)
{
    return data && data->outputs;
}

const char *sl_data_class_name(const sl_data *data, int class_index)
{
    return data && class_index >= 0 && class_index < data->classes && data->store->class_names
               ? data->store->class_names[class_index]
               : NULL;
}

const char *sl_data_input_name(const sl_data *data, size_t input)
{
    const sl_columns *columns = data ? data->store->columns : NULL;
    if (columns)
        return input < data->features ? columns->column[sl_columns_input(columns, (int)input)].name
               : input == data->features && data->store->texts ? "the texts"
                                                               : NULL;
    return data && data->store->input_names && input < data->features ? data->store->input_names[input]
                                                                      : NULL;
}

bool sl_data_has_words(const sl_data *data)
{
    return data && data->store->texts;
}

const char *sl_data_words(const sl_data *data, size_t row, size_t *length)
{
    size_t unwanted = 0;
    length = length ? length : &unwanted;
    *length = 0;
    const sl_store *store = data ? data->store : NULL;
    if (!store || !store->texts || row >= data->rows)
        return "";
    const size_t at = sl_data_at(data, row);
    *length = store->text_offset[at + 1] - store->text_offset[at];
    return store->texts + store->text_offset[at];
}

bool sl_data_is_bytes(const sl_data *data)
{
    return data && data->store->bytes;
}

bool sl_data_is_sorted(const sl_data *data)
{
    enum { PIECE = 512 };
    bool rises = false, falls = false;
    double target[PIECE], before = 0;
    for (size_t first = 0; first < data->rows && data->outputs; first += PIECE) {
        const size_t count = data->rows - first < PIECE ? data->rows - first : PIECE;
        if (sl_data_targets(data, first, count, target))
            return false;
        for (size_t i = 0; i < count; i++) {
            rises = rises || (first + i && target[i] > before);
            falls = falls || (first + i && target[i] < before);
            before = target[i];
        }
    }
    return rises != falls;
}

sl_status sl_data_row(const sl_data *data, size_t row, sl_real *x, sl_real *y)
{
    if (!data)
        return SL_EINVAL;
    if (row >= data->rows)
        return sl_fail(data->ctx, SL_EINVAL, "%s: there is no row %zu: the %zu rows count from 0",
                       data->source, row, data->rows);
    if (y && !data->outputs)
        return sl_fail(data->ctx, SL_EINVAL, "%s: there are no targets: ask for the inputs alone",
                       data->source);
    double target;
    if (y && sl_data_targets(data, row, 1, &target))
        return data->ctx->status;
    if (y)
        *y = (sl_real)target;
    return sl_data_gather(NULL, data, &row, 1, NULL, x, NULL);
}
