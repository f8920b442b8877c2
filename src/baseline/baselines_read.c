/* baselines_read.c - fitted baselines out of a file, which may be damaged. */
#include "baseline/baseline.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Doubles as they are; floats are all that a single array holds. Both at any address. */
static sl_status read_numbers(sl_ctx *ctx, const sl_safetensor *t, double *to)
{
    if (t->dtype != SL_F64 && t->dtype != SL_F32)
        return sl_fail(ctx, SL_EFORMAT, "%s: %s is %s: wants F64 or F32", t->file->name, t->name,
                       sl_dtype_name(t->dtype));
    const size_t size = t->dtype == SL_F64 ? 8 : 4;
    for (size_t i = 0; i < t->count; i++) {
        float single = 0;
        if (t->dtype == SL_F64)
            memcpy(&to[i], t->bytes + i * size, size);
        else
            memcpy(&single, t->bytes + i * size, size);
        if (t->dtype == SL_F32)
            to[i] = (double)single;
        if (to[i] - to[i] != 0)
            return sl_fail(ctx, SL_EFORMAT, "%s: number %zu of %s is not finite", t->file->name, i, t->name);
    }
    return SL_OK;
}

static sl_status read_design(sl_baselines *b, const sl_safetensors *file)
{
    sl_ctx *ctx = b->ctx;
    sl_design *d = &b->design;
    const sl_safetensor *input = sl_safetensors_find(file, "design.input");
    d->features = b->features;
    if (!input)
        return SL_OK; /* nothing here looks at inputs */
    const sl_safetensor *mean = sl_safetensors_need(file, "design.mean");
    const sl_safetensor *deviation = mean ? sl_safetensors_need(file, "design.deviation") : NULL;
    if (!deviation)
        return ctx->status;
    const size_t columns = input->count;
    if (mean->count != columns || deviation->count != columns || columns > b->features)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: %zu columns, %zu means and %zu deviations of %zu inputs: damaged", file->name,
                       columns, mean->count, deviation->count, b->features);
    int64_t *index = sl_alloc_array(ctx, columns, sizeof *index);
    d->input = sl_alloc_array(ctx, columns, sizeof *d->input);
    d->mean = sl_alloc_array(ctx, columns, sizeof *d->mean);
    d->deviation = sl_alloc_array(ctx, columns, sizeof *d->deviation);
    if (!ctx->status && !sl_safetensors_copy_integers(input, index, columns) &&
        !read_numbers(ctx, mean, d->mean))
        read_numbers(ctx, deviation, d->deviation);
    for (size_t j = 0; !ctx->status && j < columns; j++) {
        if (index[j] < 0 || (uint64_t)index[j] >= b->features || !(d->deviation[j] > 0))
            sl_fail(ctx, SL_EFORMAT, "%s: column %zu is of an input that is not there, or has no deviation",
                    file->name, j);
        else
            d->input[j] = (size_t)index[j];
    }
    d->columns = columns;
    sl_free(ctx, index);
    return ctx->status;
}

/* The arrays whose names begin with the baseline's, in the order of the alphabet, as they are numbered. */
static sl_status read_arrays(sl_baselines *b, sl_fitted *f, const sl_safetensors *file)
{
    static const char *const names[] = { "always.value",      "linear.weights",     "median.value",
                                         "naive_bayes.prior", "naive_bayes.scores", "nearest.x",
                                         "nearest.y" };
    const size_t length = strlen(f->kind->name);
    int taken = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && taken < SL_FITTED_ARRAYS; i++) {
        if (strncmp(names[i], f->kind->name, length) != 0 || names[i][length] != '.')
            continue;
        const sl_safetensor *t = sl_safetensors_need(file, names[i]);
        if (!t)
            return b->ctx->status;
        if (t->shape.rank != 2)
            return sl_fail(b->ctx, SL_EFORMAT, "%s: %s has %d dimensions: wants 2", file->name, t->name,
                           t->shape.rank);
        double *v =
            sl_fitted_add(b->ctx, f, taken, names[i], (size_t)t->shape.dim[0], (size_t)t->shape.dim[1]);
        f->array[taken++].single = t->dtype == SL_F32;
        if (!v || read_numbers(b->ctx, t, v))
            return b->ctx->status;
    }
    return f->kind->sound(f)
               ? SL_OK
               : sl_fail(b->ctx, SL_EFORMAT, "%s: the numbers of %s do not fit together: damaged", file->name,
                         f->kind->name);
}

static sl_status read_fitted(sl_baselines *b, sl_fitted *f, const sl_safetensors *file, const sl_json *json)
{
    const char *why = sl_json_string(json, "why", NULL);
    f->outputs = b->outputs;
    f->width = b->classes ? (size_t)b->classes : b->outputs;
    f->rows = (size_t)sl_json_uint64(json, "rows", 0);
    snprintf(f->text, sizeof f->text, "%s", sl_json_string(json, "text", f->kind->name));
    if (!json || why) { /* a baseline that was not there yet when the file was written */
        snprintf(f->why, sizeof f->why, "%s", why ? why : "the run was made before there was this baseline");
        return SL_OK;
    }
    return read_arrays(b, f, file);
}

static sl_baselines *read_file(sl_ctx *ctx, const sl_safetensors *file, const sl_json *json)
{
    const uint64_t format = sl_json_uint64(json, "format", 0), classes = sl_json_uint64(json, "classes", 0);
    const uint64_t outputs = sl_json_uint64(json, "outputs", 0),
                   features = sl_json_uint64(json, "features", 0);
    if (format != 1 || classes > INT_MAX || classes == 1 || outputs < 1 || outputs > INT_MAX ||
        features > INT_MAX) {
        sl_fail(ctx, SL_EFORMAT, "%s: format %llu, %llu classes, %llu targets, %llu inputs: slope %s reads 1",
                file->name, (unsigned long long)format, (unsigned long long)classes,
                (unsigned long long)outputs, (unsigned long long)features, SLOPE_VERSION);
        return NULL;
    }
    const sl_json *all = sl_json_get(json, "baselines");
    const bool texts = sl_json_get(all, "naive_bayes") != NULL;
    sl_baselines *b = sl_baselines_make_texts(ctx, NULL, NULL, texts, NULL, (int)classes, NULL);
    if (!b)
        return NULL;
    b->outputs = (size_t)outputs;
    b->features = (size_t)features;
    b->rows = (size_t)sl_json_uint64(json, "rows", 0);
    b->seed = sl_json_uint64(json, "seed", 1);
    read_design(b, file);
    for (int i = 0; i < b->count && !ctx->status; i++)
        read_fitted(b, &b->fitted[i], file, sl_json_get(all, b->fitted[i].kind->name));
    if (!ctx->status)
        return b;
    sl_baselines_free(b);
    return NULL;
}

sl_baselines *sl_baselines_take(sl_ctx *ctx, sl_arena *arena, const sl_safetensors *file)
{
    const char *text = sl_safetensors_metadata(file, "slope");
    const sl_json *json = text ? sl_json_read(arena, file->name, text, strlen(text)) : NULL;
    if (!text && !ctx->status)
        sl_fail(ctx, SL_EFORMAT, "%s: there is no metadata key \"slope\": no file of baselines", file->name);
    return json ? read_file(ctx, file, json) : NULL;
}

sl_baselines *sl_baselines_read(sl_ctx *ctx, const char *path)
{
    unsigned char *bytes = NULL;
    size_t size;
    sl_arena arena;
    sl_baselines *b = NULL;
    sl_arena_init(&arena, ctx);
    if (!ctx->status && !sl_file_read(ctx, path, &bytes, &size)) {
        const sl_safetensors *file = sl_safetensors_read(&arena, path, bytes, size);
        b = file ? sl_baselines_take(ctx, &arena, file) : NULL;
    }
    sl_arena_free(&arena);
    sl_free(ctx, bytes);
    return b;
}
