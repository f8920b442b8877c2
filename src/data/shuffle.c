/* shuffle.c - see shuffle.h. Streams: (SL_FOR_SHUFFLE, a = epoch, b = 0) orders the blocks, b = 1 + w
 * shuffles window w; (SL_FOR_SAMPLE, a = 1, b = epoch) draws with replacement. */
#include "data/shuffle.h"

enum { SHUFFLE_WINDOW = SL_SHUFFLE_BLOCK * SL_SHUFFLE_WINDOW }; /* rows */

static size_t shuffle_blocks(size_t rows)
{
    return (rows + SL_SHUFFLE_BLOCK - 1) / SL_SHUFFLE_BLOCK;
}

sl_status sl_order_open(sl_order *order, sl_ctx *ctx, size_t rows)
{
    const size_t window = rows < SHUFFLE_WINDOW ? rows : SHUFFLE_WINDOW;
    *order = (sl_order){ .ctx = ctx, .rows = rows };
    order->window = sl_alloc_array(ctx, window, sizeof *order->window);
    if (rows > SHUFFLE_WINDOW)
        order->blocks = sl_alloc_array(ctx, shuffle_blocks(rows), sizeof *order->blocks);
    return ctx->status;
}

void sl_order_close(sl_order *order)
{
    if (!order->ctx)
        return;
    sl_free(order->ctx, order->blocks);
    sl_free(order->ctx, order->window);
    *order = (sl_order){ 0 };
}

void sl_order_begin(sl_order *order, uint64_t seed, uint32_t epoch, sl_sampling kind)
{
    order->kind = kind;
    order->which = 0;
    order->drawn = 0;
    order->stream = (sl_stream){ .seed = seed, .purpose = SL_FOR_SHUFFLE, .a = epoch };
    if (kind == SL_REPLACE)
        order->stream = (sl_stream){ .seed = seed, .purpose = SL_FOR_SAMPLE, .a = 1, .b = epoch };
    if (kind != SL_SHUFFLE || !order->blocks)
        return;
    const size_t blocks = shuffle_blocks(order->rows);
    for (size_t i = 0; i < blocks; i++)
        order->blocks[i] = i;
    sl_stream_shuffle(&order->stream, order->blocks, blocks);
}

/* Fills the window with the positions of window number `which`, from 1. Only the last block may be short. */
static void shuffle_window(sl_order *order, size_t which)
{
    const size_t blocks = shuffle_blocks(order->rows), slot = (which - 1) * SL_SHUFFLE_WINDOW;
    size_t count = 0;
    order->first = slot * SL_SHUFFLE_BLOCK;
    for (size_t i = 0; i < slot && order->blocks; i++)
        if (order->blocks[i] == blocks - 1)
            order->first -= blocks * SL_SHUFFLE_BLOCK - order->rows;
    for (size_t i = slot; i < slot + SL_SHUFFLE_WINDOW && i < blocks; i++) {
        const size_t first = (order->blocks ? order->blocks[i] : i) * SL_SHUFFLE_BLOCK;
        const size_t left = order->rows - first;
        for (size_t row = 0; row < SL_SHUFFLE_BLOCK && row < left; row++)
            order->window[count++] = first + row;
    }
    order->end = order->first + count;
    order->which = which;
    order->stream.index = 0;
    order->stream.b = (uint32_t)which;
    sl_stream_shuffle(&order->stream, order->window, count);
}

static void shuffle_draw(sl_order *order, size_t first, size_t count, size_t *to)
{
    if (first < order->drawn) {
        order->stream.index = 0;
        order->drawn = 0;
    }
    for (; order->drawn < first; order->drawn++) /* a draw may take more than one number of the stream */
        sl_stream_below(&order->stream, order->rows);
    for (size_t i = 0; i < count; i++, order->drawn++)
        to[i] = (size_t)sl_stream_below(&order->stream, order->rows);
}

void sl_order_take(sl_order *order, size_t first, size_t count, size_t *to)
{
    if (order->kind == SL_REPLACE) {
        shuffle_draw(order, first, count, to);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t at = first + i;
        if (order->kind == SL_ORDER) {
            to[i] = at;
            continue;
        }
        if (!order->which || at < order->first || at >= order->end)
            shuffle_window(order,
                           order->which && at == order->end ? order->which + 1 : at / SHUFFLE_WINDOW + 1);
        if (at >= order->end) /* a short block before it */
            shuffle_window(order, order->which + 1);
        to[i] = order->window[at - order->first];
    }
}

void sl_shuffle_order(uint64_t seed, uint32_t epoch, size_t rows, size_t *order)
{
    const size_t block = SL_SHUFFLE_BLOCK, window = SL_SHUFFLE_BLOCK * SL_SHUFFLE_WINDOW;
    sl_stream stream = { .seed = seed, .purpose = SL_FOR_SHUFFLE, .a = epoch };
    if (rows <= window) {
        for (size_t i = 0; i < rows; i++)
            order[i] = i;
        stream.b = 1;
        sl_stream_shuffle(&stream, order, rows);
        return;
    }
    /* The order of the blocks first stands at the front of `order`, and is spread to rows from the back: slot
     * k is written at k or behind it, so no slot is lost before it is read. Only the last block may be short.
     */
    const size_t blocks = (rows + block - 1) / block;
    for (size_t i = 0; i < blocks; i++)
        order[i] = i;
    sl_stream_shuffle(&stream, order, blocks);
    size_t end = rows, window_end = rows;
    for (size_t slot = blocks; slot-- > 0;) {
        const size_t first = order[slot] * block;
        const size_t count = rows - first < block ? rows - first : block;
        for (size_t i = 0; i < count; i++)
            order[end - count + i] = first + i;
        end -= count;
        if (slot % SL_SHUFFLE_WINDOW == 0) { /* this window is complete, and lies behind all slots to come */
            stream.index = 0;
            stream.b = 1 + (uint32_t)(slot / SL_SHUFFLE_WINDOW);
            sl_stream_shuffle(&stream, order + end, window_end - end);
            window_end = end;
        }
    }
}

void sl_sample_order(uint64_t seed, uint32_t epoch, size_t rows, size_t *order)
{
    sl_stream stream = { .seed = seed, .purpose = SL_FOR_SAMPLE, .a = 1, .b = epoch };
    for (size_t i = 0; i < rows; i++)
        order[i] = (size_t)sl_stream_below(&stream, rows);
}
