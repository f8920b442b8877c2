/* asked.h - what --column asks of single columns. */
#ifndef SL_DATA_TABLE_ASKED_H
#define SL_DATA_TABLE_ASKED_H

#include "data/encoding/encoding.h"
#include "data/table/table.h"

typedef struct {
    bool given, ignore;
    int type;               /* an sl_column_type; -1: follows the values, or the encoding */
    int order;              /* an sl_date_order; -1: follows the values */
    const sl_encoding *how; /* NULL: the default */
    char *encoding;         /* its words */
    int together;           /* > 0: with the columns of the same number */
} sl_asked;

/* lines: as sl_table_options.columns, NULL: none -> asked [count], whose `encoding` the caller frees. names:
 * a 0-closed list of the table's. SL_EINVAL: a name or word that is not known, a column asked for twice. */
sl_status sl_asked_read(sl_ctx *ctx, const char *source, const char *lines, const char *const *names,
                        size_t count, sl_asked *asked);
void sl_asked_free(sl_ctx *ctx, size_t count, sl_asked *asked);

#endif
