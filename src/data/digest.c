/* digest.c - sl_data_digest: a name for the content of a data set. */
#include "core/digest.h"
#include "core/threads.h"
#include "data/data.h"
#include "kernel/clones.h"

#include <string.h>

enum { DIGEST_LANES = 8, DIGEST_HALF = 4 };

/* FNV-1a in eight lanes, byte i of a row in lane i mod 8, and then over the lanes: each byte is multiplied in
 * as in the plain form, but several multiplications are under way at once, which counts for 47 MB of MNIST.
 * The lanes know nothing of each other: the first four are one task, the last four another. */
static uint64_t digest_mix(uint64_t lane, unsigned byte)
{
    return (lane ^ byte) * UINT64_C(0x100000001b3);
}

/* Lanes first .. first + width - 1, into lanes[0..width). */
SL_INLINE void digest_bytes(uint64_t *lanes, size_t first, size_t width, const unsigned char *bytes,
                            size_t count)
{
    uint64_t mixed[DIGEST_LANES];
    memcpy(mixed, lanes, width * sizeof *lanes);
    size_t i = first;
    for (; i + width <= count; i += DIGEST_LANES)
        for (size_t lane = 0; lane < width; lane++)
            mixed[lane] = digest_mix(mixed[lane], bytes[i + lane]);
    for (size_t lane = 0; lane < width && i + lane < count; lane++)
        mixed[lane] = digest_mix(mixed[lane], bytes[i + lane]);
    memcpy(lanes, mixed, width * sizeof *lanes);
}

/* A float has four bytes: those of even place lie in the first half of the lanes, the others in the last. */
SL_INLINE void digest_reals(uint64_t *lanes, size_t first, size_t width, const sl_real *values, size_t count)
{
    for (size_t i = first / DIGEST_HALF; i < count; i += DIGEST_LANES / width) {
        const float value = (float)values[i]; /* the same in both builds */
        unsigned char bytes[sizeof value];
        memcpy(bytes, &value, sizeof value);
        uint64_t *at = lanes + i * DIGEST_HALF % width;
        for (size_t lane = 0; lane < sizeof bytes; lane++)
            at[lane] = digest_mix(at[lane], bytes[lane]);
    }
}

/* A table's row: all its cells as doubles, a missing one as the one NaN that it is. */
static void digest_cells(uint64_t *lanes, size_t first, size_t width, const sl_data *data, size_t row)
{
    const size_t cells = (size_t)data->store->columns->cells;
    for (size_t c = 0; c < cells; c++) {
        const double cell = data->store->cells[row * cells + c];
        uint64_t bits = UINT64_C(0x7ff8000000000000);
        if (cell == cell)
            memcpy(&bits, &cell, sizeof bits);
        unsigned char bytes[sizeof bits];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)(bits >> 8 * i);
        digest_bytes(lanes, first, width, bytes, sizeof bytes);
    }
}

SL_INLINE void digest_rows(uint64_t *lanes, size_t first, size_t width, const sl_data *data)
{
    for (size_t lane = 0; lane < width; lane++)
        lanes[lane] = SL_DIGEST_START;
    for (size_t i = 0; i < data->rows; i++) {
        const size_t row = data->order ? data->order[i] : i;
        if (data->store->cells)
            digest_cells(lanes, first, width, data, row);
        else if (data->store->bytes)
            digest_bytes(lanes, first, width, data->store->bytes + row * data->features, data->features);
        else
            digest_reals(lanes, first, width, data->store->reals + row * data->features, data->features);
        if (data->outputs && !data->store->cells)
            digest_reals(lanes, first, width, data->store->targets + row * data->outputs, data->outputs);
    }
}

typedef struct {
    const sl_data *data;
    uint64_t lanes[DIGEST_LANES];
} digest_job;

static void digest_task(void *argument, size_t half, int worker)
{
    (void)worker;
    digest_job *digest = argument;
    uint64_t lanes[DIGEST_HALF]; /* of its own: two tasks must not write to one cache line */
    digest_rows(lanes, half * DIGEST_HALF, DIGEST_HALF, digest->data);
    memcpy(digest->lanes + half * DIGEST_HALF, lanes, sizeof lanes);
}

/* What the cells of a table mean: its columns' names, and the word of each code. */
static uint64_t digest_words(const sl_columns *columns, uint64_t whole)
{
    for (int i = 0; columns && i < columns->count; i++) {
        const sl_column *c = &columns->column[i];
        if (c->cell < 0)
            continue;
        whole = sl_digest_bytes(whole, c->name, strlen(c->name) + 1);
        if (c->words.count)
            whole = sl_digest_bytes(whole, c->words.text, c->words.offset[c->words.count]);
    }
    return whole;
}

uint64_t sl_data_digest_in(sl_ctx *ctx, const sl_data *data)
{
    enum { LARGE = 1 << 16 }; /* numbers: below it is not worth a round of the pool */
    uint64_t head[4 + SL_MAX_DIMS] = { 0 };
    if (!data)
        return 0;
    head[0] = data->rows;
    head[1] = data->outputs;
    head[2] = (uint64_t)data->classes;
    head[3] = (uint64_t)data->shape.rank;
    for (int i = 0; i < data->shape.rank; i++)
        head[4 + i] = (uint64_t)data->shape.dim[i];
    digest_job digest = { .data = data };
    if (ctx && ctx->pool && data->rows > LARGE / data->features)
        sl_pool_run(ctx->pool, 2, digest_task, &digest);
    else
        digest_rows(digest.lanes, 0, DIGEST_LANES, data);
    uint64_t whole = sl_digest_bytes(SL_DIGEST_START, head, sizeof head);
    whole = sl_digest_bytes(whole, digest.lanes, sizeof digest.lanes);
    whole = digest_words(data->store->columns, whole);
    for (size_t i = 0; data->weights && i < data->rows; i++) {
        const float weight = (float)data->weights[i];
        whole = sl_digest_bytes(whole, &weight, sizeof weight);
    }
    return whole;
}

uint64_t sl_data_digest(const sl_data *data)
{
    return sl_data_digest_in(NULL, data);
}
