/* documents.h - rows of two topics, and what views of documents make of them. */
#ifndef SL_TESTS_DOCUMENTS_H
#define SL_TESTS_DOCUMENTS_H

#include "engine.h"
#include "core/random.h"
#include "text/documents.h"
#include "text/views_parts.h"
#include "texts.h"
#include "topics.h"

enum { DOC_ROWS = 400, DOC_SIZE = 20 };
static const char doc_words[] = "documents size=20 ngrams=2 least=3 passes=6";

static inline sl_data *doc_data(sl_ctx *ctx, int rows, uint32_t seed)
{
    char **text = topics_made(rows, seed);
    float *y = calloc((size_t)rows, sizeof *y);
    for (int r = 0; r < rows; r++)
        y[r] = (float)(r % 2);
    sl_data *data = texts_of(ctx, (const char *const *)text, y, 2, rows);
    topics_free(text, rows);
    free(y);
    return data;
}

/* to [rows, DOC_SIZE]: what the views make of all rows, all of which have values. */
static inline void doc_values(sl_ctx *ctx, const sl_views *views, const sl_data *data, sl_real *to)
{
    sl_ragged *ragged = sl_ragged_new(ctx, 1);
    size_t *rows = calloc(data->rows, sizeof *rows);
    for (size_t r = 0; r < data->rows; r++)
        rows[r] = r;
    assert_int_equal(sl_views_gather(ctx, views, data, rows, data->rows, ragged), SL_OK);
    for (size_t r = 0; r < data->rows; r++) {
        assert_int_equal(ragged->all.offsets[r + 1] - ragged->all.offsets[r], DOC_SIZE);
        for (size_t k = 0; k < DOC_SIZE; k++) {
            assert_int_equal(ragged->all.ids[r * DOC_SIZE + k], k);
            to[r * DOC_SIZE + k] = ragged->all.values[r * DOC_SIZE + k];
        }
    }
    free(rows);
    sl_ragged_free(ragged);
}

#endif
