/* sink.h - where the rows of a table go while they are read: into memory, and when they take too much of it,
 * all of them into a file. */
#ifndef SL_DATA_TABLE_SINK_H
#define SL_DATA_TABLE_SINK_H

#include "data/packed.h"

typedef struct {
    sl_ctx *ctx;
    const char *source; /* for messages; borrowed */
    size_t width;       /* cells a row, at least 1 */
    size_t rows, room, most;
    double *cells;     /* [room, width], [rows, width] after sl_table_sink_end */
    sl_packed *packed; /* NULL: they are in memory; else cells is NULL */
    const char *pack;  /* where to; borrowed */
    size_t memory;
    uint64_t identity;
} sl_table_sink;

/* memory: bytes that training on the rows may take, 0: no limit. A third of them is for rows in memory. How
 * many will come is not known. pack, identity: as in sl_packed_plan. */
void sl_table_sink_begin(sl_table_sink *sink, sl_ctx *ctx, const char *source, size_t width, size_t memory,
                         const char *pack, uint64_t identity);
/* What a pack of these rows is made by, or found. */
sl_packed_plan sl_table_sink_plan(const sl_table_sink *sink);
/* A finished row, cells [width], which is copied. SL_ENOMEM, SL_EWRITE. */
sl_status sl_table_sink_row(sl_table_sink *sink, const double *cells);
/* sink->cells is cut to the rows that came, or sink->packed finished; it is the caller's then. */
sl_status sl_table_sink_end(sl_table_sink *sink);
void sl_table_sink_free(sl_table_sink *sink); /* what the caller has not taken */

#endif
