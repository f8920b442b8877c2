/* baselines.c - all baselines that apply, fitted, in a file, and asked. */
#include "baseline/baseline.h"

#include <stdio.h>
#include <string.h>

static sl_baselines *baselines_new(sl_ctx *ctx, int classes, bool texts)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_baselines *b = sl_alloc(ctx, sizeof *b);
    if (!b)
        return NULL;
    b->ctx = ctx;
    b->classes = classes;
    b->seed = ctx->options.seed;
    const sl_baseline *kind;
    for (size_t i = 0; (kind = sl_baseline_at(i)) && b->count < SL_BASELINES_MOST; i++)
        if ((classes ? kind->of_classes : kind->of_numbers) && (texts || !kind->of_texts)) {
            b->fitted[b->count].kind = kind;
            b->fitted[b->count].design = &b->design;
            b->fitted[b->count++].classes = classes;
        }
    return b;
}

static void baselines_give_up(sl_ctx *ctx, sl_fitted *f, const char *why)
{
    for (int i = 0; i < SL_FITTED_ARRAYS; i++) {
        sl_free(ctx, f->array[i].v);
        f->array[i] = (sl_fitted_array){ 0 };
    }
    if (why)
        snprintf(f->why, sizeof f->why, "%s", why);
    f->rows = 0;
}

void sl_baselines_free(sl_baselines *b)
{
    if (!b)
        return;
    for (int i = 0; i < b->count; i++)
        baselines_give_up(b->ctx, &b->fitted[i], NULL);
    sl_design_free(b->ctx, &b->design);
    sl_free(b->ctx, b);
}

/* One target a row, which is a class number: else nothing can be counted. */
static bool baselines_classes(sl_baselines *b, const sl_data *data)
{
    for (size_t i = 0; b->classes && i < data->rows && data->outputs == 1; i++) {
        sl_real y;
        sl_data_gather(NULL, data, &i, 1, NULL, NULL, &y);
        if (!(y >= 0 && y < (sl_real)b->classes && y == (sl_real)(int)y))
            return false;
    }
    return data->outputs > 0 && (!b->classes || data->outputs == 1);
}

/* Why a baseline of inputs has no columns. */
static const char *baselines_bare(const sl_baselines *b)
{
    return b->features ? "every input is the same in all rows"
           : b->views  ? "there are no numbers or categories beside the texts"
                       : "every input is a category of very many words";
}

sl_baselines *sl_baselines_make(sl_ctx *ctx, const sl_data *data, const sl_columns *table, int classes,
                                const char *why)
{
    return sl_baselines_make_texts(ctx, data, table, false, NULL, classes, why);
}

sl_baselines *sl_baselines_make_texts(sl_ctx *ctx, const sl_data *data, const sl_columns *table, bool texts,
                                      const sl_views *views, int classes, const char *why)
{
    sl_baselines *b = baselines_new(ctx, classes, texts);
    if (!b)
        return NULL;
    b->views = views;
    if (data && !baselines_classes(b, data)) {
        why = classes ? "the targets are no class numbers" : "there are no targets";
        data = NULL;
    }
    const char *images = data && sl_data_is_bytes(data) ? "not for images" : NULL;
    b->rows = data ? data->rows : 0;
    b->outputs = data ? data->outputs : 0;
    b->design.table = table;
    const sl_preparation how = sl_design_preparation(&b->design);
    b->features = data ? sl_prepared_features(&how, data) : 0;
    if (data && !images)
        sl_design_fit(ctx, &b->design, data, NULL, data->rows);
    const sl_baseline_job job = { ctx, data, &b->design, views, b->seed };
    for (int i = 0; i < b->count && !ctx->status; i++) {
        sl_fitted *f = &b->fitted[i];
        f->outputs = b->outputs;
        f->width = classes ? (size_t)classes : b->outputs;
        f->rows = b->rows;
        if (!data || (f->kind->of_inputs && images)) {
            baselines_give_up(ctx, f, data ? images : why);
            continue;
        }
        if (f->kind->of_inputs && !b->design.columns) {
            baselines_give_up(ctx, f, baselines_bare(b));
            continue;
        }
        if (!f->kind->fit(f, &job) && *f->why)
            baselines_give_up(ctx, f, NULL);
    }
    if (!ctx->status)
        return b;
    sl_baselines_free(b);
    return NULL;
}

/* As sl_baselines_predict, of texts. */
static sl_status baselines_predict_texts(const sl_baselines *b, sl_ctx *ctx, const sl_fitted *f,
                                         const sl_data *data, const size_t *rows, size_t count, sl_real *to)
{
    const size_t wanted = f->array[1].columns, found = b->views ? sl_views_size(b->views, 0) : 0;
    if (found != wanted)
        return sl_fail(ctx, SL_EINVAL,
                       "the baseline %s was fitted to %zu features of texts, the model has %zu: they belong "
                       "to another run",
                       f->kind->name, wanted, found);
    sl_ragged *lists = sl_ragged_new(ctx, sl_views_count(b->views));
    for (size_t first = 0; !ctx->status && first < count; first += SL_BASELINE_TEXTS) {
        const size_t piece = count - first < SL_BASELINE_TEXTS ? count - first : SL_BASELINE_TEXTS;
        if (!sl_views_gather(ctx, b->views, data, rows + first, piece, lists))
            f->kind->predict_texts(ctx, f, &lists->view[0], to + first * f->width);
    }
    sl_ragged_free(lists);
    return ctx->status;
}

sl_status sl_baselines_predict(const sl_baselines *b, sl_ctx *ctx, int index, const sl_data *data,
                               const size_t *rows, size_t count, sl_real *to)
{
    const sl_fitted *f = &b->fitted[index];
    const size_t columns = f->kind->of_inputs ? b->design.columns : 0;
    if (f->kind->of_texts)
        return baselines_predict_texts(b, ctx, f, data, rows, count, to);
    double *x = columns ? sl_alloc_array(ctx, count, columns * sizeof *x) : NULL;
    for (size_t first = 0; x && !ctx->status && first < count; first += SL_BASELINE_PIECE) {
        const size_t piece = count - first < SL_BASELINE_PIECE ? count - first : SL_BASELINE_PIECE;
        sl_baseline_matrix(ctx, &b->design, data, rows + first, piece, x + first * columns);
    }
    if (!ctx->status)
        f->kind->predict(ctx, f, x, count, to);
    sl_free(ctx, x);
    return ctx->status;
}

/* --- in a file ------------------------------------------------------------------------------------- */

static void baselines_describe(const sl_baselines *b, sl_text *json)
{
    bool first = true;
    sl_text_add(json, "{\"format\": 1, \"version\": \"%s\", \"classes\": %d, \"outputs\": %zu, ",
                SLOPE_VERSION, b->classes, b->outputs);
    sl_text_add(json, "\"features\": %zu, \"rows\": %zu, \"seed\": ", b->features, b->rows);
    sl_json_put_uint64(json, b->seed);
    sl_text_put(json, ", \"baselines\": {");
    for (int i = 0; i < b->count; i++) {
        const sl_fitted *f = &b->fitted[i];
        sl_json_key(json, &first, f->kind->name);
        sl_text_add(json, "{\"rows\": %zu, \"text\": ", f->rows);
        sl_json_put_string(json, f->text);
        sl_text_put(json, ", \"why\": ");
        sl_json_put_string(json, *f->why ? f->why : NULL);
        sl_text_put(json, "}");
    }
    sl_text_put(json, "}}");
}

/* Numbers that are floats take half the room; the caller frees what is returned. */
static float *baselines_put_array(sl_ctx *ctx, sl_safetensors_writer *writer, const sl_fitted_array *a)
{
    const sl_shape shape = { 2, { (int)a->rows, (int)a->columns } };
    const size_t count = a->rows * a->columns;
    float *floats = a->single ? sl_alloc_array(ctx, count, sizeof *floats) : NULL;
    for (size_t i = 0; floats && i < count; i++)
        floats[i] = (float)a->v[i];
    if (!ctx->status)
        sl_safetensors_put(writer, a->name, a->single ? SL_F32 : SL_F64, shape,
                           a->single ? (const void *)floats : a->v);
    return floats;
}

sl_status sl_baselines_write(const sl_baselines *b, const char *path)
{
    sl_ctx *ctx = b->ctx;
    const sl_shape shape = { 1, { (int)b->design.columns } };
    float *floats[SL_BASELINES_MOST * SL_FITTED_ARRAYS] = { NULL };
    int64_t *input = sl_alloc_array(ctx, b->design.columns, sizeof *input);
    sl_safetensors_writer writer;
    sl_text json;
    sl_text_init(&json, ctx);
    sl_safetensors_begin(&writer, ctx);
    baselines_describe(b, &json);
    sl_safetensors_put_metadata(&writer, "slope", sl_text_string(&json));
    for (size_t j = 0; input && j < b->design.columns; j++)
        input[j] = (int64_t)b->design.input[j];
    if (input && b->design.columns) {
        sl_safetensors_put(&writer, "design.input", SL_I64, shape, input);
        sl_safetensors_put(&writer, "design.mean", SL_F64, shape, b->design.mean);
        sl_safetensors_put(&writer, "design.deviation", SL_F64, shape, b->design.deviation);
    }
    for (int i = 0; i < b->count; i++)
        for (int k = 0; k < SL_FITTED_ARRAYS && !ctx->status; k++)
            if (b->fitted[i].array[k].v)
                floats[i * SL_FITTED_ARRAYS + k] = baselines_put_array(ctx, &writer, &b->fitted[i].array[k]);
    sl_safetensors_write(&writer, ctx->status ? NULL : path, false);
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        sl_free(ctx, floats[i]);
    sl_free(ctx, input);
    sl_text_free(&json);
    return ctx->status;
}
