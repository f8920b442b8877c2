/* sink.c - see sink.h: rows in memory. */
#include "data/table/sink.h"

#include <string.h>

void sl_table_sink_begin(sl_table_sink *sink, sl_ctx *ctx, const char *source, size_t width, size_t memory)
{
    const size_t row = width * sizeof(double);
    *sink = (sl_table_sink){ .ctx = ctx, .source = source, .width = width };
    sink->most = memory ? memory / row : SIZE_MAX / row;
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

sl_status sl_table_sink_row(sl_table_sink *sink, const double *cells)
{
    enum { FIRST = 256 };
    if (sink->rows == sink->room) {
        if (sink->rows == sink->most)
            return sl_fail(sink->ctx, SL_ENOMEM,
                           "%s: its rows take more memory than they may: after %zu rows of %zu cells the "
                           "limit is reached: allow more, or leave columns out",
                           sink->source, sink->rows, sink->width);
        const size_t larger = sink->room ? sink->room * 2 : FIRST;
        if (sink_room(sink, larger > sink->most ? sink->most : larger))
            return sink->ctx->status;
    }
    memcpy(sink->cells + sink->rows++ * sink->width, cells, sink->width * sizeof *cells);
    return SL_OK;
}

sl_status sl_table_sink_end(sl_table_sink *sink)
{
    return sink->rows < sink->room ? sink_room(sink, sink->rows) : SL_OK;
}

void sl_table_sink_free(sl_table_sink *sink)
{
    sl_free(sink->ctx, sink->cells);
    sink->cells = NULL;
}
