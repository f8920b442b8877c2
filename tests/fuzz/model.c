/* model.c - fuzz: what is taken for a model predicts rows of a table, written for columns such as those of
 * the corpus, and is saved; what is taken for baselines answers the same rows. Any number may come out. */
#include "made.h"

#include "../../bench/mixed_table.h"
#include "baseline/baseline.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_ROWS = 12 };

/* A table for the model's columns: known words in some rows, holes and new words in others. */
static sl_data *fuzz_model_table(sl_ctx *ctx, const sl_model *model)
{
    static const char *const fields[] = { "", "1", "-2.5", "2024-02-29", "red", "yes", "1e308", "new" };
    const sl_columns *columns = model->columns;
    sl_text text;
    sl_text_init(&text, ctx);
    for (int row = -1; row < FUZZ_ROWS; row++)
        for (int i = 0; i < columns->count; i++) {
            const sl_column *c = &columns->column[i];
            const char *field = row < 0 ? c->name : fields[(row + i) % 8];
            if (row >= 0 && c->words.count && row % 2)
                field = sl_dictionary_word(&c->words, (size_t)row % c->words.count);
            sl_text_put(&text, i ? ",\"" : "\"");
            for (; *field; field++)
                sl_text_put(&text, *field == '"' ? "\"\"" : (char[]){ *field, 0 });
            sl_text_put(&text, i == columns->count - 1 ? "\"\n" : "\"");
        }
    sl_data *table = sl_data_from_text(ctx, sl_text_string(&text), text.length, model);
    sl_text_free(&text);
    return table;
}

static void fuzz_model_use(sl_ctx *ctx, const sl_model *model)
{
    static char mixed[120 * (FUZZ_ROWS + 1)];
    for (int way = 0; model->columns && way < 3; way++) {
        sl_data *data = way == 0
                            ? fuzz_model_table(ctx, model)
                            : sl_data_from_text(ctx, mixed, mixed_table(mixed, FUZZ_ROWS, way - 1), model);
        sl_outside outside;
        if (data) {
            sl_tensor_free(sl_predict_data(ctx, model, data, 0, sl_data_rows(data)));
            for (int input = 0; !sl_error(ctx); input++)
                sl_data_outside(ctx, model, data, input, &outside);
        }
        sl_data_free(data);
        sl_clear(ctx);
    }
    sl_text net;
    sl_text_init(&net, ctx);
    if (model->columns)
        sl_columns_describe(model->columns, &net);
    for (int i = 0; model->columns && i < model->columns->count; i++)
        sl_column_describe(model->columns, i, &net);
    sl_text_free(&net);
    sl_clear(ctx);
}

static void fuzz_model_answer(sl_ctx *ctx, const sl_baselines *baselines)
{
    const size_t rows = FUZZ_ROWS, features = baselines->design.features;
    if (features > 1000 || baselines->outputs > 100)
        return;
    sl_tensor *x = sl_tensor_new(ctx, (sl_shape){ 2, { (int)rows, (int)features } }, NULL);
    size_t row[FUZZ_ROWS];
    for (size_t i = 0; i < rows; i++)
        row[i] = i;
    for (size_t i = 0; x && i < x->count; i++)
        x->v[i] = (sl_real)(i % 7) - 3;
    sl_data *data = x ? sl_data_from(ctx, x, NULL) : NULL;
    for (int i = 0; data && i < baselines->count; i++) {
        const sl_fitted *f = &baselines->fitted[i];
        if (*f->why || f->width > 1000)
            continue;
        sl_real *to = sl_alloc_array(ctx, rows * f->width, sizeof *to);
        if (to)
            sl_baselines_predict(baselines, ctx, i, data, row, rows, to);
        sl_free(ctx, to);
    }
    sl_data_free(data);
    sl_tensor_free(x);
    sl_clear(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    unsigned char *bytes = fuzz_made(ctx, data, size, &size);
    const sl_safetensors *file = sl_safetensors_read(&arena, "fuzz", bytes, size);
    const sl_json *description = file ? sl_model_description(&arena, file) : NULL;
    sl_model *model = description ? sl_model_take(ctx, file, description) : NULL;
    if (description && (model == NULL) != (sl_error(ctx) != SL_OK))
        abort();
    if (model)
        fuzz_model_use(ctx, model);
    sl_model_free(model);
    sl_clear(ctx);
    sl_baselines *baselines = file ? sl_baselines_take(ctx, &arena, file) : NULL;
    if (file && (baselines == NULL) != (sl_error(ctx) != SL_OK))
        abort();
    if (baselines)
        fuzz_model_answer(ctx, baselines);
    sl_baselines_free(baselines);
    sl_arena_free(&arena);
    sl_ctx_free(ctx);
    free(bytes);
    return 0;
}
