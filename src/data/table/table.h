/* table.h - a file with named columns: found out (infer.c), then read as rows of cells (read.c). */
#ifndef SL_DATA_TABLE_TABLE_H
#define SL_DATA_TABLE_TABLE_H

#include "data/columns.h"
#include "data/data.h"

/* What the columns of a file are, by a look at all of its rows: types with reasons, dictionaries, roles, and
 * what `options` say instead. options NULL: defaults. NULL and the context's error: SL_EINVAL for options
 * that do not fit the file, SL_EFORMAT for what is wrong in it (the first 20 places are listed), SL_EFILE. */
sl_columns *sl_table_infer(sl_ctx *ctx, const char *source, const sl_table_options *options);

/* All rows by known columns, which are found by the names in the first line: in any order, among others. The
 * columns are copied into the data. Missing input columns are SL_EINVAL, all of them named; a target column
 * is read where the file has one (role TARGET, else the data have no targets). Rows without a target are left
 * out and counted, in a remark, where `learning`; else kept (then the target is NaN). Words that a dictionary
 * does not have become SL_UNSEEN, in a class target SL_EINVAL. inputs: only input columns are looked at, so
 * that a target of any kind is none, and no row is left out. keep: names of columns, separated by commas,
 * whose texts are wanted as well (sl_data_text); NULL: none. memory, pack: as in sl_table_options. */
typedef struct {
    const sl_columns *columns;
    bool learning, inputs;
    const char *keep;
    size_t memory;
    const char *pack;
    bool foreign; /* the columns come from other rows than these */
} sl_table_reading;
sl_data *sl_table_read(sl_ctx *ctx, const char *source, const sl_table_reading *how);

/* A date or time by ISO 8601 ("2024-03-01", "2024-03-01T12:30:05", with Z or an offset), or as 3/1/2024,
 * 01.03.2024 where `order` says which is the day; false: it is none. Seconds since 1970-01-01, UTC. */
typedef enum { SL_DATE_ISO, SL_DATE_DAY_FIRST, SL_DATE_MONTH_FIRST } sl_date_order;
bool sl_date_parse(const char *text, size_t length, sl_date_order order, double *seconds);

/* The other way round, by ISO 8601 in whole seconds, without a time of day at midnight; "" outside of the
 * years 1 to 9999. Returns text. */
char *sl_date_text(char text[32], double seconds);

/* The columns of numbers that come without a header (npy, FANN): names "x0", "x1", .. or those given, all of
 * them numbers (or integer, boolean, constant as their values say). */
sl_columns *sl_table_infer_numbers(sl_ctx *ctx, const char *source, const double *values, size_t rows,
                                   size_t columns, const char *const *names, const sl_table_options *options);

#endif
