/* sink.c - see sink.h */
#include "data/table/sink.h"

#include <string.h>

enum { SINK_SHARE = 3 }; /* of the memory: rows, then what holds them while they are used; the rest is work */

void sl_table_sink_begin(sl_table_sink *sink, sl_ctx *ctx, const char *source, size_t width, size_t memory,
                         const char *pack, uint64_t identity)
{
    const size_t row = width * sizeof(double);
    *sink = (sl_table_sink){
        .ctx = ctx, .source = source, .width = width, .memory = memory, .pack = pack, .identity = identity
    };
    sink->most = memory ? memory / SINK_SHARE / row : SIZE_MAX / row;
}

sl_packed_plan sl_table_sink_plan(const sl_table_sink *sink)
{
    return (sl_packed_plan){ .source = sink->source,
                             .path = sink->pack,
                             .width = sink->width,
                             .identity = sink->identity,
                             .memory = sink->memory / SINK_SHARE };
}

static sl_status sink_room(sl_table_sink *sink, size_t room)
{
    const size_t row = sink->width * sizeof(double);
    double *cells = sl_alloc_unset(sink->ctx, room * row);
    if (!cells)
        return sink->ctx->status;
    if (sink->rows)
        memcpy(cells, sink->cells, sink->rows * row);
    sl_free(sink->ctx, sink->cells);
    sink->cells = cells;
    sink->room = room;
    return SL_OK;
}

/* Those that came go into the file, and all others after them. */
static sl_status sink_pack(sl_table_sink *sink)
{
    const sl_packed_plan plan = sl_table_sink_plan(sink);
    sink->packed = sl_packed_new(sink->ctx, &plan);
    if (!sink->packed || sl_packed_add(sink->packed, sink->cells, sink->rows))
        return sink->ctx->status;
    sl_free(sink->ctx, sink->cells);
    sink->cells = NULL;
    sl_decided(sink->ctx, "packed rows", sink->pack ? sink->pack : "a temporary file",
               "%s: more than %zu rows of %zu bytes, a third of the memory that was given", sink->source,
               sink->most, sink->width * sizeof(double));
    return SL_OK;
}

sl_status sl_table_sink_row(sl_table_sink *sink, const double *cells)
{
    enum { FIRST = 256 };
    if (!sink->packed && sink->rows >= sink->most && sink_pack(sink))
        return sink->ctx->status;
    if (sink->packed) {
        sink->rows++;
        return sl_packed_add(sink->packed, cells, 1);
    }
    if (sink->rows == sink->room) {
        const size_t larger = sink->room ? sink->room * 2 : FIRST;
        if (sink_room(sink, larger > sink->most ? sink->most : larger))
            return sink->ctx->status;
    }
    memcpy(sink->cells + sink->rows++ * sink->width, cells, sink->width * sizeof *cells);
    return SL_OK;
}

sl_status sl_table_sink_end(sl_table_sink *sink)
{
    if (sink->packed)
        return sl_packed_finish(sink->packed);
    return sink->rows < sink->room ? sink_room(sink, sink->rows) : SL_OK;
}

void sl_table_sink_free(sl_table_sink *sink)
{
    sl_packed_free(sink->packed);
    sink->packed = NULL;
    sl_free(sink->ctx, sink->cells);
    sink->cells = NULL;
}
