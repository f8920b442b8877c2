/* source.h - the bytes of a file, of a .gz (recognised by its first two bytes), of standard input ("-") or of
 * memory, in order, and again from the start. A file is never held whole. */
#ifndef SL_DATA_TABLE_SOURCE_H
#define SL_DATA_TABLE_SOURCE_H

#include "core/text.h"

typedef struct sl_source sl_source;

/* name: "-" is standard input. That, and what can be read only once (a pipe, a device), is kept as it is
 * read: in memory while it takes at most `memory` bytes (0: no limit), else in a temporary file without a
 * name in the context's options.scratch. NULL and SL_EFILE: there is no such file, or it cannot be read.   */
sl_source *sl_source_open(sl_ctx *ctx, const char *name, size_t memory);
/* Bytes that stay the caller's, and as they are until the source is closed; `name` is for messages. */
sl_source *sl_source_memory(sl_ctx *ctx, const char *name, const void *bytes, size_t size);
/* Bytes that are made of others: of another file's, a table's rows; of a folder's files, a row each. */
typedef enum {
    SL_LINES_OWN,     /* lines are those that the user's file has */
    SL_LINES_RECORDS, /* behind a line of names each record is one line of the user's file, whatever it holds
                       */
    SL_LINES_NONE     /* records have no lines */
} sl_source_lines;
typedef struct {
    /* Adds the next bytes to `to`, which is empty; none: the end. Called again behind the end, too. */
    sl_status (*more)(void *user, sl_text *to);
    sl_status (*rewind)(void *user);
    sl_status (*check)(void *user); /* as sl_source_check */
    void (*free)(void *user);
    sl_source_lines lines;
} sl_source_maker;
/* user: taken over, also on failure. Not of lines of its own, the bytes are CSV with commas. */
sl_source *sl_source_made(sl_ctx *ctx, const char *name, const sl_source_maker *maker, void *user);
sl_source_lines sl_source_numbers(const sl_source *source);
void sl_source_close(sl_source *source); /* NULL is fine */

/* At most `size` bytes, perhaps fewer; *got 0: the end. SL_EFILE: the system cannot read on; SL_EFORMAT: the
 * gzip data is cut short, damaged, or followed by something else; SL_EWRITE: no room to keep it.       */
sl_status sl_source_read(sl_source *source, void *bytes, size_t size, size_t *got);
/* Begins another pass, also before the end of this one. */
sl_status sl_source_rewind(sl_source *source);
/* At the end of a pass, and at any time. SL_EFILE: the file's size or time of change is another than when it
 * was opened, or this pass, read to its end, gave other bytes than the first such pass (their number and a
 * sum of 64 bits are compared: an accident shows, a forger may hide).                                  */
sl_status sl_source_check(sl_source *source);

/* Of the bytes, for telling whether they are the same as another time: their sum, their number and the time
 * of change. Known after a pass that was read to its end; before, 0. */
uint64_t sl_source_identity(const sl_source *source);
const char *sl_source_name(const sl_source *source); /* "standard input" for "-" */
uint64_t sl_source_size(const sl_source *source);    /* of the file, packed if it is; 0: not known */
double sl_source_progress(const sl_source *source);  /* of this pass, 0 .. 1; 0 where the size is not known */

#endif
