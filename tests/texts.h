/* texts.h - data with texts, made by hand. */
#ifndef SL_TESTS_TEXTS_H
#define SL_TESTS_TEXTS_H

#include "data/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows with one number that says nothing, class y[row] (NULL: 0) and a text each. NULL: out of memory. */
static inline sl_data *texts_of(sl_ctx *ctx, const char *const *text, const float *y, int classes, int rows)
{
    sl_tensor *input = sl_tensor_new(ctx, sl_dims(rows, 1), NULL);
    sl_tensor *target = sl_tensor_new(ctx, sl_dims(rows), NULL);
    for (int i = 0; input && target && i < rows && y; i++)
        sl_values(target)[i] = (sl_real)y[i];
    sl_data *data = input && target ? sl_data_from(ctx, input, target) : NULL;
    sl_tensor_free(input);
    sl_tensor_free(target);
    if (!data)
        return NULL;
    sl_store *store = data->store;
    size_t length = 0;
    for (int i = 0; i < rows; i++)
        length += strlen(text[i]);
    data->classes = classes;
    store->text_offset = sl_alloc_array(ctx, (size_t)rows + 1, sizeof *store->text_offset);
    store->texts = sl_alloc(ctx, length + 1);
    for (int i = 0; store->texts && store->text_offset && i < rows; i++) {
        const size_t at = store->text_offset[i], own = strlen(text[i]);
        memcpy(store->texts + at, text[i], own);
        store->text_offset[i + 1] = at + own;
    }
    if (!sl_error(ctx))
        return data;
    sl_data_free(data);
    return NULL;
}

/* Texts of few different words, the same ones each time. */
static inline char **texts_made(int rows, int kinds)
{
    uint32_t seed = 12345;
    char **text = calloc((size_t)rows, sizeof *text);
    for (int r = 0; r < rows; r++) {
        text[r] = calloc(1, 2048);
        seed = seed * 1664525 + 1013904223;
        const int words = (int)(seed >> 24) % 40;
        for (int w = 0; w < words; w++) {
            seed = seed * 1664525 + 1013904223;
            const int skewed = (int)((seed >> 16 & 255) * (seed >> 24) >> 8) * kinds / 256;
            sprintf(text[r] + strlen(text[r]), "%sw%d", w ? " " : "", skewed);
        }
    }
    return text;
}

static inline void texts_free(char **text, int rows)
{
    for (int r = 0; r < rows; r++)
        free(text[r]);
    free(text);
}

#endif
