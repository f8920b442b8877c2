/* gzip.c - inflating .gz, through zlib when the build has it. With libdeflate beside it the usual file, one
 * whole member, takes the fast way; whatever that does not take, zlib inflates, or says what is wrong with
 * it. */
#include "core/file.h"

#ifdef SL_HAVE_ZLIB
#    include <string.h>
#    include <zlib.h>
#    ifdef SL_HAVE_LIBDEFLATE
#        include <libdeflate.h>
#    endif

static voidpf gzip_alloc(voidpf ctx, uInt count, uInt size)
{
    return sl_alloc_array(ctx, count, size);
}

static void gzip_free(voidpf ctx, voidpf memory)
{
    sl_free(ctx, memory);
}

/* Data sets pack 2 to 30 times. Beyond both of these a file is made to fill the memory: deflate can do 1032.
 */
enum { GZIP_TIMES = 100, GZIP_MUCH = 256 << 20 };

/* The last four bytes of a member hold its size modulo 2^32: a first guess, not a promise. */
static size_t gzip_guess(const unsigned char *bytes, size_t size)
{
    if (size < 18)
        return 1024;
    const unsigned char *last = bytes + size - 4;
    const size_t claimed = last[0] | (size_t)last[1] << 8 | (size_t)last[2] << 16 | (size_t)last[3] << 24;
    return claimed / GZIP_TIMES <= size ? claimed : size * 4; /* of rare ones the memory grows as they do */
}

#    ifdef SL_HAVE_LIBDEFLATE
/* One member, perhaps with zeros behind it, that fits into `capacity` bytes; its length, or SIZE_MAX. */
static size_t gzip_whole(const unsigned char *bytes, size_t size, unsigned char *memory, size_t capacity)
{
    enum { FLAGS = 3, HEADER_CHECKED = 2 };
    if (size < 18 || bytes[FLAGS] & HEADER_CHECKED) /* libdeflate passes over the header's own checksum */
        return SIZE_MAX;
    /* A few kilobytes of its own; its interface would share an allocator among all contexts. */
    struct libdeflate_decompressor *way = libdeflate_alloc_decompressor();
    size_t read = 0, written = 0;
    const enum libdeflate_result result =
        way ? libdeflate_gzip_decompress_ex(way, bytes, size, memory, capacity, &read, &written)
            : LIBDEFLATE_BAD_DATA;
    libdeflate_free_decompressor(way);
    while (read < size && bytes[read] == 0)
        read++;
    return result == LIBDEFLATE_SUCCESS && read == size ? written : SIZE_MAX;
}
#    endif

sl_status sl_gzip_inflate(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                          unsigned char **inflated, size_t *inflated_size)
{
    *inflated = NULL;
    *inflated_size = 0;
    z_stream stream = { .zalloc = gzip_alloc, .zfree = gzip_free, .opaque = ctx };
    size_t capacity = gzip_guess(bytes, size) + 1, length = 0, at = 0;
    unsigned char *memory = sl_alloc_unset(ctx, capacity + 1);
    if (!memory)
        return SL_ENOMEM;
#    ifdef SL_HAVE_LIBDEFLATE
    const size_t whole = gzip_whole(bytes, size, memory, capacity);
    if (whole != SIZE_MAX) {
        memory[whole] = 0;
        *inflated = memory;
        *inflated_size = whole;
        return SL_OK;
    }
#    endif
    int code = inflateInit2(&stream, 16 + MAX_WBITS);
    bool ended = false, full = false,
         bomb = false; /* the last member is complete; memory ran out; see above */
    while (code == Z_OK) {
        bomb = length > GZIP_MUCH && length / GZIP_TIMES > size;
        if (bomb)
            break;
        if (length == capacity) {
            unsigned char *larger = sl_resize(ctx, memory, capacity * 2 + 1);
            full = !larger;
            if (full)
                break;
            memory = larger;
            capacity *= 2;
        }
        const size_t in = size - at < 1 << 30 ? size - at : 1 << 30;
        const size_t out = capacity - length < 1 << 30 ? capacity - length : 1 << 30;
        /* zlib does not write through next_in; its interface is older than const. */
        memcpy(&stream.next_in, &(const unsigned char *){ bytes + at }, sizeof stream.next_in);
        stream.avail_in = (uInt)in;
        stream.next_out = memory + length;
        stream.avail_out = (uInt)out;
        code = inflate(&stream, Z_NO_FLUSH);
        at += in - stream.avail_in;
        length += out - stream.avail_out;
        if (code != Z_STREAM_END)
            continue;
        while (at < size &&
               bytes[at] == 0) /* members may be padded with zeros, by tapes and by disk blocks */
            at++;
        ended = at == size;
        if (!ended) /* another member */
            code = inflateReset(&stream);
    }
    inflateEnd(&stream);
    if (!ended) {
        sl_free(ctx, memory);
        if (bomb)
            return sl_fail(
                ctx, SL_EFORMAT,
                "%s: its %zu bytes of gzip data hold more than %zu, over %d times as many: no data "
                "set packs so well; where it is meant, unpack it first (gunzip), and give that file",
                name, size, length, GZIP_TIMES);
        if (full || code == Z_MEM_ERROR)
            return sl_fail(ctx, SL_ENOMEM, "%s: out of memory while inflating", name);
        if (code == Z_BUF_ERROR || code == Z_OK)
            return sl_fail(ctx, SL_EFORMAT,
                           "%s: the gzip data is cut short after %zu bytes: copy the file again", name, size);
        return sl_fail(ctx, SL_EFORMAT, "%s: the gzip data is damaged near byte %zu: copy the file again",
                       name, at);
    }
    memory[length] = 0;
    *inflated = memory;
    *inflated_size = length;
    return SL_OK;
}

struct sl_inflater {
    sl_ctx *ctx;
    const char *name;
    z_stream stream;
    uint64_t taken; /* bytes, before the current call */
    bool between;   /* behind a member: zeros, another, or the end */
};

sl_inflater *sl_inflater_new(sl_ctx *ctx, const char *name)
{
    sl_inflater *inflater = sl_alloc(ctx, sizeof *inflater);
    if (!inflater)
        return NULL;
    *inflater = (sl_inflater){
        .ctx = ctx,
        .name = name,
        .stream = { .zalloc = gzip_alloc, .zfree = gzip_free, .opaque = ctx },
    };
    if (inflateInit2(&inflater->stream, 16 + MAX_WBITS) == Z_OK)
        return inflater;
    sl_fail(ctx, SL_ENOMEM, "%s: out of memory while inflating", name);
    sl_free(ctx, inflater);
    return NULL;
}

void sl_inflater_free(sl_inflater *inflater)
{
    if (!inflater)
        return;
    inflateEnd(&inflater->stream);
    sl_free(inflater->ctx, inflater);
}

static sl_status gzip_stream_failed(const sl_inflater *inflater, int code, uint64_t at)
{
    sl_ctx *ctx = inflater->ctx;
    const char *reason = inflater->stream.msg ? inflater->stream.msg : "";
    if (code == Z_MEM_ERROR)
        return sl_fail(ctx, SL_ENOMEM, "%s: out of memory while inflating", inflater->name);
    if (!strcmp(reason, "incorrect data check") || !strcmp(reason, "incorrect length check"))
        return sl_fail(
            ctx, SL_EFORMAT,
            "%s: the gzip data is damaged: its checksum near byte %llu is wrong: copy the file again",
            inflater->name, (unsigned long long)at);
    return sl_fail(ctx, SL_EFORMAT, "%s: the gzip data is damaged near byte %llu: copy the file again",
                   inflater->name, (unsigned long long)at);
}

/* Passes over the zeros between members, and begins another where one is. */
static sl_status gzip_stream_member(sl_inflater *inflater, const unsigned char *in, size_t in_size,
                                    size_t *used)
{
    while (*used < in_size && in[*used] == 0)
        ++*used;
    if (*used == in_size)
        return SL_OK;
    if (in[*used] != 0x1f)
        return sl_fail(
            inflater->ctx, SL_EFORMAT,
            "%s: something that is not gzip data follows the gzip data, from byte %llu: cut it off, or "
            "copy the file again",
            inflater->name, (unsigned long long)(inflater->taken + *used + 1));
    inflateReset(&inflater->stream);
    inflater->between = false;
    return SL_OK;
}

sl_status sl_inflater_run(sl_inflater *inflater, const unsigned char *in, size_t in_size, bool last,
                          size_t *used, unsigned char *out, size_t out_size, size_t *got)
{
    z_stream *stream = &inflater->stream;
    *used = *got = 0;
    while (*got < out_size) {
        if (inflater->between && gzip_stream_member(inflater, in, in_size, used) != SL_OK)
            return SL_EFORMAT;
        if (inflater->between)
            break;
        const size_t from = in_size - *used < 1 << 30 ? in_size - *used : 1 << 30;
        const size_t to = out_size - *got < 1 << 30 ? out_size - *got : 1 << 30;
        memcpy(&stream->next_in, &(const unsigned char *){ in + *used }, sizeof stream->next_in);
        stream->avail_in = (uInt)from;
        stream->next_out = out + *got;
        stream->avail_out = (uInt)to;
        const int code = inflate(stream, Z_NO_FLUSH);
        *used += from - stream->avail_in;
        *got += to - stream->avail_out;
        if (code == Z_STREAM_END)
            inflater->between = true;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            return gzip_stream_failed(inflater, code, inflater->taken + *used);
        else if (*used == in_size && stream->avail_out)
            break;
    }
    inflater->taken += *used;
    if (last && *used == in_size && *got < out_size && !inflater->between)
        return sl_fail(inflater->ctx, SL_EFORMAT,
                       "%s: the gzip data is cut short after %llu bytes: copy the file again", inflater->name,
                       (unsigned long long)inflater->taken);
    return SL_OK;
}
#else
sl_status sl_gzip_inflate(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                          unsigned char **inflated, size_t *inflated_size)
{
    (void)bytes, (void)size;
    *inflated = NULL;
    *inflated_size = 0;
    return sl_fail(ctx, SL_EFORMAT,
                   "%s: it is gzip data, and this slope was built without zlib: unpack it first", name);
}

sl_inflater *sl_inflater_new(sl_ctx *ctx, const char *name)
{
    sl_fail(ctx, SL_EFORMAT, "%s: it is gzip data, and this slope was built without zlib: unpack it first",
            name);
    return NULL;
}

void sl_inflater_free(sl_inflater *inflater)
{
    (void)inflater;
}

sl_status sl_inflater_run(sl_inflater *inflater, const unsigned char *in, size_t in_size, bool last,
                          size_t *used, unsigned char *out, size_t out_size, size_t *got)
{
    (void)inflater, (void)in, (void)in_size, (void)last, (void)out, (void)out_size;
    *used = *got = 0;
    return SL_EFORMAT; /* there is no inflater */
}
#endif
