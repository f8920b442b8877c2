/* digest.c - sl_data_digest: a name for the content of a data set. */
#include "core/bits.h"
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
        sl_bits_little(bytes, 1, sizeof bytes);
        uint64_t *at = lanes + i * DIGEST_HALF % width;
        for (size_t lane = 0; lane < sizeof bytes; lane++)
            at[lane] = digest_mix(at[lane], bytes[lane]);
    }
}

/* A table's row: all its cells as doubles, a missing one as the one NaN that it is. */
static void digest_cells(uint64_t *lanes, size_t first, size_t width, const double *row, size_t cells)
{
    for (size_t c = 0; c < cells; c++) {
        uint64_t bits = UINT64_C(0x7ff8000000000000);
        if (row[c] == row[c])
            memcpy(&bits, &row[c], sizeof bits);
        unsigned char bytes[sizeof bits];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)(bits >> 8 * i);
        digest_bytes(lanes, first, width, bytes, sizeof bytes);
    }
}

typedef struct {
    const sl_data *data;
    const double *loaded; /* cells of the next rows, out of a file; NULL: all rows are in memory */
    size_t rows;
    uint64_t lanes[DIGEST_LANES];
} digest_job;

SL_INLINE void digest_rows(uint64_t *lanes, size_t first, size_t width, const digest_job *job)
{
    const sl_data *data = job->data;
    const size_t cells = data->store->columns ? (size_t)data->store->columns->cells : 0;
    for (size_t i = 0; i < job->rows; i++) {
        if (job->loaded) {
            digest_cells(lanes, first, width, job->loaded + i * cells, cells);
            continue;
        }
        const size_t row = data->order ? data->order[i] : i;
        if (data->store->cells)
            digest_cells(lanes, first, width, data->store->cells + row * cells, cells);
        else if (data->store->bytes)
            digest_bytes(lanes, first, width, data->store->bytes + row * data->features, data->features);
        else
            digest_reals(lanes, first, width, data->store->reals + row * data->features, data->features);
        if (data->outputs && !data->store->cells)
            digest_reals(lanes, first, width, data->store->targets + row * data->outputs, data->outputs);
    }
}

static void digest_task(void *argument, size_t half, int worker)
{
    (void)worker;
    digest_job *digest = argument;
    uint64_t lanes[DIGEST_HALF]; /* of its own: two tasks must not write to one cache line */
    memcpy(lanes, digest->lanes + half * DIGEST_HALF, sizeof lanes);
    digest_rows(lanes, half * DIGEST_HALF, DIGEST_HALF, digest);
    memcpy(digest->lanes + half * DIGEST_HALF, lanes, sizeof lanes);
}

static void digest_run(sl_ctx *ctx, digest_job *digest)
{
    enum { LARGE = 1 << 16 }; /* numbers: below it is not worth a round of the pool */
    if (ctx && ctx->pool && digest->rows > LARGE / (digest->data->features + 1))
        sl_pool_run(ctx->pool, 2, digest_task, digest);
    else
        digest_rows(digest->lanes, 0, DIGEST_LANES, digest);
}

static void digest_packed(sl_ctx *ctx, digest_job *digest)
{
    enum { BYTES = 1 << 20 };
    const sl_data *data = digest->data;
    const size_t row = (size_t)data->store->columns->cells * sizeof(double), most = BYTES / row + 1;
    double *cells = sl_alloc_unset(data->ctx, most * row);
    digest->loaded = cells;
    for (size_t first = 0; cells && first < data->rows; first += most) {
        digest->rows = data->rows - first < most ? data->rows - first : most;
        if (sl_data_load(data, NULL, first, digest->rows, cells))
            break;
        digest_run(ctx, digest);
    }
    sl_free(data->ctx, cells);
}

/* The weights of rows first .. first + count - 1, as floats: the same in both builds. */
static uint64_t digest_weights(const sl_data *data, uint64_t whole)
{
    enum { PIECE = 256 };
    size_t rows[PIECE];
    sl_real weights[PIECE];
    for (size_t first = 0; sl_data_weighted(data) && first < data->rows; first += PIECE) {
        const size_t count = data->rows - first < PIECE ? data->rows - first : PIECE;
        for (size_t i = 0; i < count; i++)
            rows[i] = first + i;
        if (sl_data_gather_weights(data, rows, count, weights))
            break;
        for (size_t i = 0; i < count; i++) {
            float weight = (float)weights[i];
            sl_bits_little(&weight, 1, sizeof weight);
            whole = sl_digest_bytes(whole, &weight, sizeof weight);
        }
    }
    return whole;
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
    uint64_t head[4 + SL_MAX_DIMS] = { 0 };
    if (!data)
        return 0;
    head[0] = data->rows;
    head[1] = data->outputs;
    head[2] = (uint64_t)data->classes;
    head[3] = (uint64_t)data->shape.rank;
    for (int i = 0; i < data->shape.rank; i++)
        head[4 + i] = (uint64_t)data->shape.dim[i];
    digest_job digest = { .data = data, .rows = data->rows };
    for (int lane = 0; lane < DIGEST_LANES; lane++)
        digest.lanes[lane] = SL_DIGEST_START;
    if (data->store->packed)
        digest_packed(ctx, &digest);
    else
        digest_run(ctx, &digest);
    uint64_t whole = sl_digest_words(SL_DIGEST_START, head, sizeof head / sizeof *head);
    whole = sl_digest_words(whole, digest.lanes, DIGEST_LANES);
    return digest_weights(data, digest_words(data->store->columns, whole));
}

uint64_t sl_data_digest(const sl_data *data)
{
    return sl_data_digest_in(NULL, data);
}
