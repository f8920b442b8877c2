/* decide.h - from what was found in the columns to types, roles and cells. */
#ifndef SL_DATA_TABLE_DECIDE_H
#define SL_DATA_TABLE_DECIDE_H

#include "data/table/asked.h"
#include "data/table/look.h"

typedef struct {
    sl_ctx *ctx;
    const char *source;
    const sl_table_options *options;
    size_t rows;
    char decimal;
    sl_columns *columns;
    sl_look *look;         /* [columns->count] */
    sl_asked *asked;       /* [columns->count] */
    sl_problems *problems; /* words among numbers are added to these */
} sl_deciding;

/* --- one column, decide.c ------------------------------------------------------------------------- */

/* Its type with the reason, by its values or as it was asked. Problems are added; SL_EINVAL for what was
 * asked and cannot be. */
sl_status sl_decide_column(const sl_deciding *d, int column);
/* Could the column's values be of this type? */
bool sl_decide_can(const sl_look *look, sl_column_type type);
/* Gives it this type, which it can have. */
void sl_decide_as(const sl_deciding *d, int column, sl_column_type type);
/* A new reason. */
void sl_decide_reason(const sl_deciding *d, int column, const char *format, ...) SL_PRINTF(3, 4);
/* Words among numbers or dates, and infinite numbers, as problems: decide_problems.c. */
void sl_decide_problems(const sl_deciding *d, int column);

/* --- all of them, roles.c ------------------------------------------------------------------------- */

/* Types, roles, the task, dictionaries, cells. */
sl_status sl_decide(const sl_deciding *d);
void sl_decide_tell(const sl_deciding *d); /* decide_told.c: what none of the options asked for */
/* A column by its name, for an option: --target. */
sl_status sl_decide_find(const sl_deciding *d, const char *option, const char *name, int *column);

#endif
