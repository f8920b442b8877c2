/* source_kept.c - see source.h: an input that can be read only once, kept for the passes behind the first. */
#include "core/os.h"
#include "data/table/source_own.h"

#include <string.h>

static const char *source_scratch(const sl_source *source)
{
    const char *folder = source->ctx->options.scratch;
    return folder ? folder : "/tmp";
}

static sl_status source_unwritable(sl_source *source, int error)
{
    char reason[64];
    return sl_fail(
        source->ctx, SL_EWRITE,
        "%s: a temporary file in %s is to hold it, and cannot be written: %s: save it as a file and "
        "name that, or let TMPDIR name a folder with room",
        source->name, source_scratch(source), sl_os_reason(error, reason, sizeof reason));
}

void sl_source_drop_kept(sl_source *source)
{
    for (size_t i = 0; i < source->blocks_made; i++)
        sl_free(source->ctx, source->blocks[i]);
    sl_free(source->ctx, source->blocks);
    source->blocks = NULL;
    source->blocks_made = source->blocks_room = 0;
}

/* The kept bytes move from memory to a temporary file. */
static sl_status source_spill(sl_source *source)
{
    int error = sl_os_temporary(source_scratch(source), &source->scratch);
    uint64_t left = source->kept;
    for (size_t i = 0; !error && left; i++) {
        const size_t part = left < SOURCE_BLOCK ? (size_t)left : SOURCE_BLOCK;
        error = sl_os_write(source->scratch, source->blocks[i], part);
        left -= part;
    }
    if (error)
        return source_unwritable(source, error);
    sl_source_drop_kept(source);
    return SL_OK;
}

static sl_status source_keep_block(sl_source *source)
{
    if (source->blocks_made == source->blocks_room) {
        const size_t room = source->blocks_room ? source->blocks_room * 2 : 16;
        unsigned char **larger = sl_resize(source->ctx, source->blocks, room * sizeof *larger);
        if (!larger)
            return SL_ENOMEM;
        source->blocks = larger;
        source->blocks_room = room;
    }
    unsigned char *block = sl_alloc_unset(source->ctx, SOURCE_BLOCK);
    if (!block)
        return SL_ENOMEM;
    source->blocks[source->blocks_made++] = block;
    return SL_OK;
}

static sl_status source_keep(sl_source *source, const unsigned char *bytes, size_t size)
{
    if (source->scratch < 0 && source->limit && source->kept + size > source->limit &&
        source_spill(source) != SL_OK)
        return source->ctx->status;
    if (source->scratch >= 0) {
        const int error = sl_os_write(source->scratch, bytes, size);
        if (error)
            return source_unwritable(source, error);
        source->kept += size;
        return SL_OK;
    }
    while (size) {
        const size_t held = (size_t)(source->kept % SOURCE_BLOCK), room = SOURCE_BLOCK - held;
        const size_t part = size < room ? size : room;
        if (!held && source_keep_block(source) != SL_OK)
            return SL_ENOMEM;
        memcpy(source->blocks[source->blocks_made - 1] + held, bytes, part);
        source->kept += part;
        bytes += part;
        size -= part;
    }
    return SL_OK;
}

sl_status sl_source_read_kept(sl_source *source, void *bytes, size_t size, size_t *got)
{
    int error;
    const uint64_t left = source->kept - source->at;
    if (left && source->scratch < 0) {
        const size_t from = (size_t)(source->at % SOURCE_BLOCK);
        size_t part = SOURCE_BLOCK - from < size ? SOURCE_BLOCK - from : size;
        part = left < part ? (size_t)left : part;
        memcpy(bytes, source->blocks[source->at / SOURCE_BLOCK] + from, part);
        *got = part;
    } else if (left) {
        error = sl_os_read_at(source->scratch, source->at, bytes, left < size ? (size_t)left : size, got);
        if (error || !*got)
            return sl_source_unreadable(source, error);
    } else if (!source->complete) {
        error = sl_os_read(source->handle, bytes, size, got);
        if (error)
            return sl_source_unreadable(source, error);
        source->complete = !*got;
        return source_keep(source, bytes, *got);
    }
    return SL_OK;
}
