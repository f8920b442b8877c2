/* source.c - see source.h. Raw bytes come from a file by their place, from memory, from what was kept of an
 * input that can be read once, or from a maker; gzip data is inflated from them; what is given out is summed
 * up. */
#include "core/digest.h"
#include "core/os.h"
#include "data/table/source_own.h"

#include <string.h>

/* --- failures --------------------------------------------------------------------------------------- */

sl_status sl_source_unreadable(sl_source *source, int error)
{
    char reason[64];
    return sl_fail(source->ctx, SL_EFILE, "%s: cannot be read: %s", source->name,
                   sl_os_reason(error, reason, sizeof reason));
}

static sl_status source_changed(sl_source *source)
{
    return sl_fail(source->ctx, SL_EFILE, "%s: it changed while it was read: begin again when it is complete",
                   source->name);
}

/* --- raw bytes, and inflated ones -------------------------------------------------------------------- */

static sl_status source_make(sl_source *source, void *bytes, size_t size, size_t *got)
{
    if (source->made_at == source->made.length) {
        sl_text_clear(&source->made);
        source->made_at = 0;
        if (source->maker->more(source->user, &source->made) || source->made.failed)
            return source->ctx->status;
    }
    const size_t left = source->made.length - source->made_at;
    *got = left < size ? left : size;
    if (*got)
        memcpy(bytes, source->made.bytes + source->made_at, *got);
    source->made_at += *got;
    return SL_OK;
}

static sl_status source_raw(sl_source *source, void *bytes, size_t size, size_t *got)
{
    *got = 0;
    sl_status status = SL_OK;
    if (source->kind == SOURCE_MEMORY) {
        const uint64_t left = source->size - source->at;
        *got = left < size ? (size_t)left : size;
        if (*got)
            memcpy(bytes, source->bytes + source->at, *got);
    } else if (source->kind == SOURCE_MADE) {
        status = source_make(source, bytes, size, got);
    } else if (source->kind == SOURCE_KEPT) {
        status = sl_source_read_kept(source, bytes, size, got);
    } else {
        const int error = sl_os_read_at(source->handle, source->at, bytes, size, got);
        if (error)
            return sl_source_unreadable(source, error);
        if (!*got && source->at != source->size)
            return source_changed(source);
    }
    source->at += *got;
    return status;
}

static sl_status source_inflate(sl_source *source, void *bytes, size_t size, size_t *got)
{
    if (!source->inflater)
        source->inflater = sl_inflater_new(source->ctx, source->name);
    if (!source->inflater)
        return source->ctx->status;
    for (*got = 0;;) {
        if (source->packed_at == source->packed_length && !source->packed_last) {
            const sl_status status = source_raw(source, source->packed, SOURCE_BLOCK, &source->packed_length);
            if (status)
                return status;
            source->packed_at = 0;
            source->packed_last = source->packed_length == 0;
        }
        size_t used;
        const sl_status status = sl_inflater_run(source->inflater, source->packed + source->packed_at,
                                                 source->packed_length - source->packed_at,
                                                 source->packed_last, &used, bytes, size, got);
        source->packed_at += used;
        if (status || *got || source->packed_last)
            return status;
    }
}

sl_status sl_source_read(sl_source *source, void *bytes, size_t size, size_t *got)
{
    *got = 0;
    if (source->ctx->status || !size)
        return source->ctx->status;
    const sl_status status =
        source->gzip ? source_inflate(source, bytes, size, got) : source_raw(source, bytes, size, got);
    if (status) {
        *got = 0;
        return status;
    }
    source_sum_add(&source->sum, bytes, *got);
    if (!*got && !source->ended) {
        source->ended = true;
        if (!source->first_known)
            source->first = source->sum;
        source->first_known = true;
    }
    return SL_OK;
}

sl_status sl_source_rewind(sl_source *source)
{
    sl_inflater_free(source->inflater);
    source->inflater = NULL;
    source->at = 0;
    source->packed_at = source->packed_length = 0;
    source->packed_last = false;
    source->sum = (source_sum){ .length = 0 };
    source->ended = false;
    source->made_at = source->made.length;
    return source->maker ? source->maker->rewind(source->user) : source->ctx->status;
}

sl_status sl_source_check(sl_source *source)
{
    if (source->ctx->status)
        return source->ctx->status;
    if (source->kind == SOURCE_FILE) {
        uint64_t size;
        int64_t modified;
        int error = sl_os_size(source->handle, &size);
        error = error ? error : sl_os_modified(source->handle, &modified);
        if (error)
            return sl_source_unreadable(source, error);
        if (size != source->size || modified != source->modified)
            return source_changed(source);
    }
    if (source->maker && source->maker->check(source->user))
        return source->ctx->status;
    return source->ended && !source_sum_same(&source->sum, &source->first) ? source_changed(source) : SL_OK;
}

/* --- opening ---------------------------------------------------------------------------------------- */

static sl_status source_open_path(sl_source *source, const char *path)
{
    int error = sl_os_open(path, 'r', &source->handle);
    if (!error)
        error = sl_os_size(source->handle, &source->size);
    if (!error)
        error = sl_os_modified(source->handle, &source->modified);
    if (error) {
        char reason[64];
        return sl_fail(source->ctx, SL_EFILE, "%s: cannot be opened: %s", path,
                       sl_os_reason(error, reason, sizeof reason));
    }
    /* Files without a size are the system's own: they have content, but at no place. */
    source->kind = source->size == 0 || sl_os_path_special(path) ? SOURCE_KEPT : SOURCE_FILE;
    return SL_OK;
}

/* The first two bytes tell gzip data. */
static sl_status source_begin(sl_source *source)
{
    unsigned char bytes[2] = { 0 };
    size_t length = 0, got = 1;
    while (length < sizeof bytes && got) {
        const sl_status status = source_raw(source, bytes + length, sizeof bytes - length, &got);
        if (status)
            return status;
        length += got;
    }
    source->gzip = length == 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
    source->packed = source->gzip ? sl_alloc_unset(source->ctx, SOURCE_BLOCK) : NULL;
    return sl_source_rewind(source);
}

static sl_source *source_new(sl_ctx *ctx, const char *name, source_kind kind)
{
    if (ctx->status)
        return NULL;
    sl_source *source = sl_alloc(ctx, sizeof *source);
    if (!source)
        return NULL;
    *source = (sl_source){ .ctx = ctx, .kind = kind, .handle = -1, .scratch = -1 };
    source->name = sl_strdup(ctx, name);
    return source;
}

static sl_source *source_opened(sl_source *source)
{
    if (source->ctx->status == SL_OK && source_begin(source) == SL_OK)
        return source;
    sl_source_close(source);
    return NULL;
}

sl_source *sl_source_open(sl_ctx *ctx, const char *name, size_t memory)
{
    const bool input = !strcmp(name, "-");
    sl_source *source = source_new(ctx, input ? "standard input" : name, SOURCE_KEPT);
    if (!source)
        return NULL;
    source->limit = memory;
    if (input)
        source->handle = SL_OS_INPUT;
    else if (!ctx->status)
        source_open_path(source, name);
    return source_opened(source);
}

sl_source *sl_source_memory(sl_ctx *ctx, const char *name, const void *bytes, size_t size)
{
    sl_source *source = source_new(ctx, name, SOURCE_MEMORY);
    if (!source)
        return NULL;
    source->bytes = bytes;
    source->size = size;
    return source_opened(source);
}

sl_source *sl_source_made(sl_ctx *ctx, const char *name, const sl_source_maker *maker, void *user)
{
    sl_source *source = source_new(ctx, name, SOURCE_MADE);
    if (!source) {
        maker->free(user);
        return NULL;
    }
    source->maker = maker;
    source->user = user;
    sl_text_init(&source->made, ctx);
    if (!ctx->status)
        return source;
    sl_source_close(source);
    return NULL;
}

sl_source_lines sl_source_numbers(const sl_source *source)
{
    return source->maker ? source->maker->lines : SL_LINES_OWN;
}

void sl_source_close(sl_source *source)
{
    if (!source)
        return;
    if (source->maker) {
        source->maker->free(source->user);
        sl_text_free(&source->made);
    }
    sl_inflater_free(source->inflater);
    sl_source_drop_kept(source);
    if (source->scratch >= 0)
        sl_os_close(source->scratch);
    if (source->handle > SL_OS_INPUT)
        sl_os_close(source->handle);
    sl_free(source->ctx, source->packed);
    sl_free(source->ctx, source->name);
    sl_free(source->ctx, source);
}

uint64_t sl_source_identity(const sl_source *source)
{
    if (!source->first_known)
        return 0;
    const source_sum *sum = &source->first;
    const uint64_t facts[2] = { sum->length, (uint64_t)source->modified };
    uint64_t identity = sl_digest_bytes(SL_DIGEST_START, facts, sizeof facts);
    identity = sl_digest_bytes(identity, sum->lane, sizeof sum->lane);
    return sl_digest_bytes(identity, sum->rest, (size_t)(sum->length % sizeof sum->rest)) | 1;
}

const char *sl_source_name(const sl_source *source)
{
    return source->name;
}

uint64_t sl_source_size(const sl_source *source)
{
    return source->kind == SOURCE_MADE   ? 0
           : source->kind != SOURCE_KEPT ? source->size
           : source->complete            ? source->kept
                                         : 0;
}

double sl_source_progress(const sl_source *source)
{
    const uint64_t size = sl_source_size(source);
    return size ? (double)source->at / (double)size : 0;
}
