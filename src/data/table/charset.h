/* charset.h - what the bytes of a text mean: UTF-8, or what Windows and older systems wrote. */
#ifndef SL_DATA_TABLE_CHARSET_H
#define SL_DATA_TABLE_CHARSET_H

#include "data/table/source.h"

typedef enum {
    SL_CHARSET_UTF8, /* other bytes are an error */
    SL_CHARSET_LATIN1,
    SL_CHARSET_WINDOWS, /* windows-1252 */
    SL_CHARSET_REPLACE  /* UTF-8, and U+FFFD for each NUL and each byte that is none of it */
} sl_charset;
/* "utf8", "latin1", "windows-1252" or "replace"; NULL: utf8. SL_EINVAL. */
sl_status sl_charset_read(sl_ctx *ctx, const char *word, sl_charset *charset);
/* What a message about a byte that is not UTF-8 ends with: the ways out. */
const char *sl_charset_advice(void);

/* Adds the bytes as UTF-8, as they are where they are taken for that; returns how many it took: all, but of a
 * piece that is not the last perhaps not a character that it cuts. */
size_t sl_charset_put(sl_charset charset, const char *bytes, size_t size, bool last, sl_text *to);
/* A source's bytes as UTF-8; `from` is taken over, also on failure, and is the result itself of UTF-8. */
sl_source *sl_charset_source(sl_ctx *ctx, sl_charset charset, sl_source *from);

#endif
