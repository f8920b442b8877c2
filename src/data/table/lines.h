/* lines.h - the lines of a source, one after the other: for files whose rows are lines and no CSV. */
#ifndef SL_DATA_TABLE_LINES_H
#define SL_DATA_TABLE_LINES_H

#include "data/table/source.h"

enum { SL_LINE_MOST = 16 << 20 }; /* bytes of one */

typedef struct {
    sl_ctx *ctx;
    sl_source *from; /* the lines' own, closed with them */
    char *buffer;    /* [capacity] */
    size_t capacity, length, at;
    bool last, begun;
    uint32_t number; /* of the line that was given out last, from 1 */
} sl_lines;

/* from: taken over, also on failure. SL_ENOMEM. */
sl_status sl_lines_open(sl_lines *lines, sl_ctx *ctx, sl_source *from);
void sl_lines_close(sl_lines *lines);
/* The next line without its end (LF or CRLF), valid until the next call, in UTF-8 and without a NUL. False:
 * the end, or a failure, which the context then has: SL_EFORMAT of other bytes and of a line that is too
 * long. */
bool sl_lines_next(sl_lines *lines, const char **text, size_t *length);
sl_status sl_lines_rewind(sl_lines *lines);
/* A failure about the line that was given out last: "reviews.jsonl, line 17: ...". */
sl_status sl_lines_fail(const sl_lines *lines, const char *format, ...) SL_PRINTF(2, 3);

/* --- rows of CSV, which such files become ----------------------------------------------------------- */

/* A field in quotes, without blanks and line ends behind it. */
void sl_row_field(sl_text *to, const char *text, size_t length);
/* Are all bytes UTF-8, and none a NUL? Else SL_EFORMAT: "NAME, line 3, byte 17: ..."; line 0: it has none. */
sl_status sl_row_check(sl_ctx *ctx, const char *name, uint32_t line, const char *text, size_t length);

#endif
