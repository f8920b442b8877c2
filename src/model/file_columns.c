/* file_columns.c - the dictionaries of a table's columns in a model file: for column N, "columns.N.text" has
 * the bytes of all words, "columns.N.offsets" where each begins and the last ends. */
#include "model/model.h"

#include <stdio.h>
#include <string.h>

static void file_columns_name(char name[48], int column, const char *what)
{
    snprintf(name, 48, "columns.%d.%s", column, what);
}

sl_status sl_model_put_columns(const sl_model *model, sl_safetensors_writer *writer, sl_arena *memory)
{
    const sl_columns *columns = model->columns;
    char name[48];
    for (int i = 0; columns && i < columns->count && !model->ctx->status; i++) {
        const sl_dictionary *words = &columns->column[i].words;
        if (!words->count)
            continue;
        int64_t *offsets = sl_arena_take(memory, (words->count + 1) * sizeof *offsets);
        char *text = sl_arena_take(memory, words->offset[words->count]);
        if (!offsets || !text)
            return model->ctx->status;
        offsets[0] = 0;
        for (size_t w = 0; w < words->count; w++) {
            const size_t length = sl_dictionary_length(words, w);
            memcpy(text + offsets[w], sl_dictionary_word(words, w), length);
            offsets[w + 1] = offsets[w] + (int64_t)length;
        }
        file_columns_name(name, i, "text");
        sl_safetensors_put(writer, name, SL_U8, (sl_shape){ 1, { (int)offsets[words->count] } }, text);
        file_columns_name(name, i, "offsets");
        sl_safetensors_put(writer, name, SL_I64, (sl_shape){ 1, { (int)words->count + 1 } }, offsets);
    }
    return model->ctx->status;
}

static sl_status file_take_words(sl_ctx *ctx, sl_dictionary *words, const sl_safetensors *file, int column)
{
    char name[48];
    file_columns_name(name, column, "text");
    const sl_safetensor *text = sl_safetensors_need(file, name);
    file_columns_name(name, column, "offsets");
    const sl_safetensor *places = text ? sl_safetensors_need(file, name) : NULL;
    if (!places)
        return ctx->status;
    int64_t *offset = sl_alloc_array(ctx, places->count, sizeof *offset);
    sl_dictionary_init(words, ctx);
    if (offset && text->dtype == SL_U8 && !sl_safetensors_copy_integers(places, offset, places->count))
        for (size_t w = 0; w + 1 < places->count && !ctx->status; w++) {
            if (offset[w] < 0 || offset[w + 1] < offset[w] || (uint64_t)offset[w + 1] > text->size ||
                sl_dictionary_add(words, (const char *)text->bytes + offset[w],
                                  (size_t)(offset[w + 1] - offset[w])) != w)
                sl_fail(ctx, SL_EFORMAT, "%s: word %zu of %s makes no sense: it is damaged", file->name, w,
                        name);
        }
    sl_free(ctx, offset);
    return ctx->status;
}

sl_status sl_model_take_columns(sl_model *model, const sl_safetensors *file, const sl_json *json)
{
    sl_ctx *ctx = model->ctx;
    char name[48];
    sl_columns *columns = model->columns = sl_columns_take(ctx, file->name, json);
    for (int i = 0; columns && i < columns->count && !ctx->status; i++) {
        file_columns_name(name, i, "offsets");
        if (sl_safetensors_find(file, name))
            file_take_words(ctx, &columns->column[i].words, file, i);
    }
    return ctx->status ? ctx->status : sl_columns_check(columns, file->name);
}
