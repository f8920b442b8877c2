/* source_own.h - what source.c and source_kept.c share. */
#ifndef SL_DATA_TABLE_SOURCE_OWN_H
#define SL_DATA_TABLE_SOURCE_OWN_H

#include "core/file.h"
#include "core/os.h"
#include "data/table/source.h"
#include "data/table/source_sum.h"

enum { SOURCE_BLOCK = SL_PIECE(1 << 18) };

typedef enum { SOURCE_FILE, SOURCE_KEPT, SOURCE_MEMORY, SOURCE_MADE } source_kind;

struct sl_source {
    sl_ctx *ctx;
    char *name;
    source_kind kind;
    int handle;                 /* file or input; -1: none */
    uint64_t size;              /* file, memory */
    int64_t modified;           /* file */
    const unsigned char *bytes; /* memory */
    unsigned char **blocks;     /* kept: SOURCE_BLOCK bytes each, until there is a temporary file */
    size_t blocks_made, blocks_room, limit;
    uint64_t kept;
    bool complete; /* kept: the input has ended */
    int scratch;   /* kept: the temporary file, or -1 */
    const sl_source_maker *maker;
    void *user;
    sl_text made; /* what the maker gave last, from made_at on still to be given out */
    size_t made_at;
    uint64_t at; /* of the raw bytes, in this pass */
    bool gzip;
    sl_inflater *inflater; /* of this pass */
    unsigned char *packed; /* [SOURCE_BLOCK] */
    size_t packed_at, packed_length;
    bool packed_last;
    source_sum sum, first; /* of this pass; of the first that was read to the end */
    bool ended, first_known;
};

sl_status sl_source_unreadable(sl_source *source, int error);
/* Of an input that can be read once: at most `size` bytes from `at` on, kept or fresh. */
sl_status sl_source_read_kept(sl_source *source, void *bytes, size_t size, size_t *got);
void sl_source_drop_kept(sl_source *source);

#endif
