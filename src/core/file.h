/* file.h - whole files in and out. */
#ifndef SL_CORE_FILE_H
#define SL_CORE_FILE_H

#include "core/ctx.h"
#include "core/text.h"

/* The whole file, a 0 behind it (not counted); free with sl_free. Fails with SL_EFILE. */
sl_status sl_file_read(sl_ctx *ctx, const char *path, unsigned char **bytes, size_t *size);
/* The same, and gzip content is inflated (gzip is recognised by its first two bytes). */
sl_status sl_file_read_gz(sl_ctx *ctx, const char *path, unsigned char **bytes, size_t *size);

/* Inflates one or more gzip members. `name` is for messages. In gzip.c, beside deflate.c the only user of
 * zlib; SL_EFORMAT when the build has none, and says so.                                            */
sl_status sl_gzip_inflate(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                          unsigned char **inflated, size_t *inflated_size);

/* The same as a stream, in bounded memory. NULL and SL_EFORMAT when the build has no zlib. `name` is
 * borrowed. */
typedef struct sl_inflater sl_inflater;
sl_inflater *sl_inflater_new(sl_ctx *ctx, const char *name);
void sl_inflater_free(sl_inflater *inflater); /* NULL is fine */
/* Takes *used of in[0..in_size), gives *got of at most out_size > 0 bytes. last: nothing comes behind `in`.
 * *got is 0 when all of `in` is used and more is needed; with `last`, at the end of complete gzip data.
 * SL_EFORMAT: cut short, damaged, or followed by something else. */
sl_status sl_inflater_run(sl_inflater *inflater, const unsigned char *in, size_t in_size, bool last,
                          size_t *used, unsigned char *out, size_t out_size, size_t *got);

/* Bare deflate data, without a header, fills to[0..to_size). whole: it must end just there; else it may go
 * on. SL_EFORMAT: damaged, too short or too long, or the build has no zlib. In deflate.c.            */
sl_status sl_deflate_read(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                          unsigned char *to, size_t to_size, bool whole);
uint32_t sl_crc32(const unsigned char *bytes, size_t size); /* as in gzip, ZIP and PNG */

typedef struct {
    const void *bytes;
    size_t size;
} sl_piece;
/* Writes the pieces to path.tmp, then renames it to path: either the old content or the whole new one is
 * there. sync: also forces it to the disk. A device or pipe is written straight into. SL_EWRITE names the
 * file and the reason.                                                                                     */
sl_status sl_file_write(sl_ctx *ctx, const char *path, const sl_piece *pieces, size_t count, bool sync);
sl_status sl_file_write_text(sl_ctx *ctx, const char *path, const sl_text *text, bool sync);
/* The two halves of that, for files that are to change together: *.tmp, and its renaming; or no file.  */
sl_status sl_file_lay(sl_ctx *ctx, const char *path, const sl_piece *pieces, size_t count, bool sync);
sl_status sl_file_settle(sl_ctx *ctx, const char *path, bool sync);
void sl_file_unlay(sl_ctx *ctx, const char *path);
/* All of the bytes behind what is there, or none of them. *whole: how long the file then is, 0 before the
 * first time; what lies behind it is cut off, as a failure may leave a part that cannot be taken back. NULL:
 * not known.
 */
sl_status sl_file_append(sl_ctx *ctx, const char *path, const void *bytes, size_t size, uint64_t *whole);

/* "folder/name"; free with sl_free. */
char *sl_path_join(sl_ctx *ctx, const char *folder, const char *name);
sl_status sl_make_folders(sl_ctx *ctx, const char *path); /* and its parents */

#endif
