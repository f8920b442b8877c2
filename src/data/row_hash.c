/* row_hash.c - which rows are the same: see parts.h */
#include "core/digest.h"
#include "core/sort.h"
#include "data/parts.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

uint64_t sl_cell_identity(const sl_column *column, double cell)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000); /* of all that is missing */
    if (cell != cell)
        return bits;
    if (column->words.count && cell >= 0 && cell < (double)column->words.count) {
        const char *word = sl_dictionary_word(&column->words, (size_t)cell);
        return sl_digest_bytes(SL_DIGEST_START, word, sl_dictionary_length(&column->words, (size_t)cell));
    }
    cell = cell == 0 ? 0 : cell; /* -0 is the same number */
    memcpy(&bits, &cell, sizeof bits);
    return bits;
}

static uint64_t hash_real(uint64_t hash, sl_real value)
{
    const float narrow = value == 0 ? 0 : (float)value; /* the same in both builds */
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    return hash_mix(hash, narrow == narrow ? bits : 0x7fc00000u);
}

static uint64_t hash_bytes(uint64_t hash, const unsigned char *bytes, size_t count)
{
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word = 0;
        for (size_t j = 0; j < 8; j++) /* one load where bytes lie in this order */
            word |= (uint64_t)bytes[i + j] << 8 * j;
        hash = hash_mix(hash, word);
    }
    for (; i < count; i++)
        hash = hash_mix(hash, bytes[i]);
    return hash;
}

/* Cells a column at a time: a look at words is dear, so the names of a dictionary's words are made once. */
static sl_status hash_column(const sl_data *data, const sl_column *column, double *cells, uint64_t *hashes)
{
    sl_ctx *ctx = data->ctx;
    const size_t words = column->words.count;
    uint64_t *names = words ? sl_alloc_array(ctx, words, sizeof *names) : NULL;
    if (words && !names)
        return ctx->status;
    for (size_t w = 0; w < words; w++)
        names[w] = sl_cell_identity(column, (double)w);
    sl_status status = sl_data_cells(data, column->cell, NULL, data->rows, cells);
    for (size_t i = 0; i < data->rows && !status; i++) {
        const bool word = cells[i] >= 0 && cells[i] < (double)words;
        hashes[i] = hash_mix(hashes[i], word ? names[(size_t)cells[i]] : sl_cell_identity(column, cells[i]));
    }
    sl_free(ctx, names);
    return status;
}

sl_status sl_data_hash_rows(const sl_data *data, uint64_t *hashes)
{
    const sl_store *store = data->store;
    const sl_columns *columns = store->columns;
    memset(hashes, 0, data->rows * sizeof *hashes);
    if (columns) {
        double *cells = sl_alloc_array(data->ctx, data->rows, sizeof *cells);
        sl_status status = cells ? SL_OK : SL_ENOMEM;
        for (int i = 0; i < columns->count && !status; i++)
            if (columns->column[i].role == SL_ROLE_INPUT || columns->column[i].role == SL_ROLE_TEXT)
                status = hash_column(data, &columns->column[i], cells, hashes);
        if (!status && data->outputs)
            status = hash_column(data, &columns->column[columns->target], cells, hashes);
        sl_free(data->ctx, cells);
        return status;
    }
    for (size_t i = 0; i < data->rows; i++) {
        const size_t row = sl_data_at(data, i);
        uint64_t hash = 0;
        if (store->bytes)
            hash = hash_bytes(hash, store->bytes + row * data->features, data->features);
        for (size_t j = 0; j < data->features && !store->bytes; j++)
            hash = hash_real(hash, store->reals[row * data->features + j]);
        hashes[i] = data->outputs ? hash_real(hash, store->targets[row * data->outputs]) : hash;
    }
    return SL_OK;
}

static int hash_compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void sl_hashes_sort(uint64_t *hashes, size_t count)
{
    sl_sort(hashes, count, sizeof *hashes, hash_compare);
}

size_t sl_hashes_repeated(const uint64_t *sorted, size_t count)
{
    size_t repeated = 0;
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && sorted[next] == sorted[i];)
            next++;
        repeated += next - i > 1 ? next - i : 0;
    }
    return repeated;
}

bool sl_hashes_have(const uint64_t *sorted, size_t count, uint64_t hash)
{
    return count && bsearch(&hash, sorted, count, sizeof *sorted, hash_compare);
}
