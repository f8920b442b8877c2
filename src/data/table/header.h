/* header.h - the names in the first line of a table. */
#ifndef SL_DATA_TABLE_HEADER_H
#define SL_DATA_TABLE_HEADER_H

#include "data/table/csv.h"

typedef struct {
    sl_ctx *ctx;
    char **name; /* [count + 1], closed by NULL */
    size_t count;
} sl_header;

/* Reads the first record. wanted: a name that may be there although all names are numbers; NULL: none.
 * SL_EFORMAT: there is none, or names are empty, twice there, or all numbers. sl_header_free in any case. */
sl_status sl_header_read(sl_header *header, sl_ctx *ctx, sl_csv *csv, const char *source, const char *wanted);
void sl_header_free(sl_header *header);
/* Its place; SIZE_MAX: it is not there. */
size_t sl_header_find(const sl_header *header, const char *name);
/* Is it among the names of this source, if it is a table with this delimiter (0: the one it seems to have)?
 * Of a first record that is none of a table: no. The source is rewound; failures other than SL_ENOMEM are
 * forgotten. */
bool sl_header_holds(sl_ctx *ctx, sl_source *source, char delimiter, const char *name);

#endif
