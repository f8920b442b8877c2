/* problems.h - what is wrong with a file, collected while it is read: the first 20, and how many there are.
 */
#ifndef SL_DATA_TABLE_PROBLEMS_H
#define SL_DATA_TABLE_PROBLEMS_H

#include "core/text.h"

enum { SL_PROBLEMS_SHOWN = 20 };

typedef struct {
    sl_ctx *ctx;
    const char *name; /* of the file; borrowed */
    size_t count;
    sl_text list; /* a line each of the first SL_PROBLEMS_SHOWN */
} sl_problems;

void sl_problems_init(sl_problems *problems, sl_ctx *ctx, const char *name);
/* Lines and byte columns from 1; 0: it has none. One sentence without the place and a full stop; at most 300
 * bytes of it are kept, and control characters (a line end out of a field) become '?'.                 */
void sl_problems_add(sl_problems *problems, uint32_t line, uint32_t column, const char *format, ...)
    SL_PRINTF(4, 5);
/* SL_OK without problems; else the failure SL_EFORMAT: "houses.csv, line 12, column 7: ..." of one, and of
 * more a headline with a line for each of the first 20.                                               */
sl_status sl_problems_fail(sl_problems *problems);
void sl_problems_clear(sl_problems *problems); /* count 0, memory kept */
void sl_problems_free(sl_problems *problems);

#endif
