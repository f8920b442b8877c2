/* shuffle.c - see shuffle.h. Streams: (SL_FOR_SHUFFLE, a = epoch, b = 0) orders the blocks, b = 1 + w
 * shuffles window w; (SL_FOR_SAMPLE, a = 1, b = epoch) draws with replacement. */
#include "data/shuffle.h"
#include "core/random.h"

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
