/* infer.h - the two passes over one source. */
#ifndef SL_DATA_TABLE_INFER_H
#define SL_DATA_TABLE_INFER_H

#include "data/table/source.h"
#include "data/table/table.h"

/* As sl_table_infer and sl_table_read, from a source that stays the caller's: both passes then see the same
 * bytes, which sl_source_check verifies, and standard input can be read twice. */
sl_columns *sl_table_infer_from(sl_ctx *ctx, sl_source *source, const sl_table_options *options);
sl_data *sl_table_read_from(sl_ctx *ctx, sl_source *source, const sl_table_reading *how);

#endif
