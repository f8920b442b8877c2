/* packed.h - rows of cells in a file, for tables larger than memory: written once, in order, then read at any
 * place. A file that was not finished, or belongs to other data, is known as such by its header, which is
 * written last. Numbers lie as this machine holds them: a pack is no file to be given away. */
#ifndef SL_DATA_PACKED_H
#define SL_DATA_PACKED_H

#include "core/ctx.h"

typedef struct sl_packed sl_packed;

typedef struct {
    const char *source; /* of the rows, for messages; copied */
    const char *path;   /* of the pack; NULL: a temporary file without a name in the context's scratch */
    size_t width;       /* cells a row, at least 1 */
    uint64_t identity;  /* of the source's bytes and of the columns: rows of others are not these */
    size_t memory;      /* bytes that blocks of rows may take while they are read */
    size_t block;       /* rows of such a block; 0: 4,096, the blocks of an epoch's order */
} sl_packed_plan;

/* An empty one. NULL and SL_EWRITE: the sentence names the file. */
sl_packed *sl_packed_new(sl_ctx *ctx, const sl_packed_plan *plan);
/* The finished pack that is at plan->path already; NULL without an error: none, or of something else, or not
 * finished. */
sl_packed *sl_packed_open(sl_ctx *ctx, const sl_packed_plan *plan);
/* rows [rows, width] behind those that are there. SL_EWRITE: the disk is full, ... */
sl_status sl_packed_add(sl_packed *packed, const double *cells, size_t rows);
/* Nothing is added any more: from here on it is read. */
sl_status sl_packed_finish(sl_packed *packed);
size_t sl_packed_rows(const sl_packed *packed);
size_t sl_packed_memory(const sl_packed *packed);
/* Its file stays when it is freed. Without this a new one's is removed, and one that was there stays. */
void sl_packed_keep(sl_packed *packed, bool keep);
void sl_packed_free(sl_packed *packed); /* NULL is allowed */

/* --- reading: between lock and unlock; errors (SL_EFILE) go to `ctx` --- */

void sl_packed_lock(sl_packed *packed);
void sl_packed_unlock(sl_packed *packed);
/* to [count, width] = the rows at these places, in the pack's order where that is possible: neighbours are
 * read at once. */
sl_status sl_packed_read(sl_packed *packed, sl_ctx *ctx, const size_t *places, size_t count, double *to);
/* Some memory for rows on their way, and how many (at least 1) have room there. */
double *sl_packed_scratch(sl_packed *packed, size_t *rows);

/* Blocks that stay in memory as long as there is room, the longest unused goes first. Of whom they are says
 * `owner`, a number from sl_packed_owner. */
uint64_t sl_packed_owner(sl_packed *packed);
bool sl_packed_caches(const sl_packed *packed);  /* false: not even the blocks of one window have room */
size_t sl_packed_block(const sl_packed *packed); /* rows */
/* The cells of that block; *fresh: they are not there yet, and the caller writes them at once (or calls
 * sl_packed_forget). Only where sl_packed_caches. */
double *sl_packed_hold(sl_packed *packed, uint64_t owner, size_t block, bool *fresh);
void sl_packed_forget(sl_packed *packed, const double *cells);

#endif
