/* sink.h - where the rows of a table go while they are read. */
#ifndef SL_DATA_TABLE_SINK_H
#define SL_DATA_TABLE_SINK_H

#include "core/ctx.h"

typedef struct {
    sl_ctx *ctx;
    const char *source; /* for messages; borrowed */
    size_t width;       /* cells a row, at least 1 */
    size_t rows, room, most;
    double *cells; /* [room, width], [rows, width] after sl_table_sink_end */
} sl_table_sink;

/* memory: bytes that the rows may take, 0: no limit. How many rows will come is not known. */
void sl_table_sink_begin(sl_table_sink *sink, sl_ctx *ctx, const char *source, size_t width, size_t memory);
/* A finished row, cells [width], which is copied. SL_ENOMEM: no memory, or more than the limit. */
sl_status sl_table_sink_row(sl_table_sink *sink, const double *cells);
/* sink->cells is cut to the rows that came, and is the caller's. */
sl_status sl_table_sink_end(sl_table_sink *sink);
void sl_table_sink_free(sl_table_sink *sink); /* what the caller has not taken */

#endif
