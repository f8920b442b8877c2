/* deflate.c - bare deflate data, as ZIP archives hold it, into memory whose size is known; and the checksum
 * that goes with it. */
#include "core/file.h"

#ifdef SL_HAVE_ZLIB
#    include <string.h>
#    include <zlib.h>
#    ifdef SL_HAVE_LIBDEFLATE
#        include <libdeflate.h>
#    endif

static voidpf deflate_alloc(voidpf ctx, uInt count, uInt size)
{
    return sl_alloc_array(ctx, count, size);
}

static void deflate_free(voidpf ctx, voidpf memory)
{
    sl_free(ctx, memory);
}

#    ifdef SL_HAVE_LIBDEFLATE
static bool deflate_whole(const unsigned char *bytes, size_t size, unsigned char *to, size_t to_size)
{
    /* A few kilobytes of its own; its interface would share an allocator among all contexts. */
    struct libdeflate_decompressor *way = libdeflate_alloc_decompressor();
    const enum libdeflate_result result =
        way ? libdeflate_deflate_decompress(way, bytes, size, to, to_size, NULL) : LIBDEFLATE_BAD_DATA;
    libdeflate_free_decompressor(way);
    return result == LIBDEFLATE_SUCCESS;
}
#    endif

/* How it ended; *length: bytes that came. One more than `to` holds is asked for, to see that none is left. */
static int deflate_run(z_stream *stream, const unsigned char *bytes, size_t size, unsigned char *to,
                       size_t to_size, bool whole, size_t *length)
{
    unsigned char spare[1];
    size_t at = 0;
    int code = Z_OK;
    while (code == Z_OK) {
        const bool full = *length == to_size;
        if (full && !whole)
            return Z_STREAM_END;
        const size_t in = size - at < 1 << 30 ? size - at : 1 << 30;
        const size_t out = full ? 1 : to_size - *length < 1 << 30 ? to_size - *length : 1 << 30;
        /* zlib does not write through next_in; its interface is older than const. */
        memcpy(&stream->next_in, &(const unsigned char *){ bytes + at }, sizeof stream->next_in);
        stream->avail_in = (uInt)in;
        stream->next_out = full ? spare : to + *length;
        stream->avail_out = (uInt)out;
        code = inflate(stream, Z_NO_FLUSH);
        at += in - stream->avail_in;
        *length += out - stream->avail_out;
        if (*length > to_size)
            return Z_DATA_ERROR;
    }
    return code;
}

sl_status sl_deflate_read(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                          unsigned char *to, size_t to_size, bool whole)
{
    z_stream stream = { .zalloc = deflate_alloc, .zfree = deflate_free, .opaque = ctx };
    size_t length = 0;
#    ifdef SL_HAVE_LIBDEFLATE
    if (whole && deflate_whole(bytes, size, to, to_size))
        return SL_OK;
#    endif
    int code = inflateInit2(&stream, -MAX_WBITS);
    if (code == Z_OK)
        code = deflate_run(&stream, bytes, size, to, to_size, whole, &length);
    inflateEnd(&stream);
    if (code == Z_STREAM_END && length == to_size)
        return SL_OK;
    if (code == Z_MEM_ERROR)
        return sl_fail(ctx, SL_ENOMEM, "%s: out of memory while inflating", name);
    if (code == Z_DATA_ERROR && length <= to_size)
        return sl_fail(ctx, SL_EFORMAT, "%s: its packed data is damaged: copy the file again", name);
    return sl_fail(ctx, SL_EFORMAT,
                   "%s: its packed data gives %s than the %zu bytes that it says: it is damaged: copy the "
                   "file again",
                   name, length < to_size ? "fewer" : "more", to_size);
}
#else
sl_status sl_deflate_read(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                          unsigned char *to, size_t to_size, bool whole)
{
    (void)bytes, (void)size, (void)to, (void)to_size, (void)whole;
    return sl_fail(ctx, SL_EFORMAT,
                   "%s: is packed, and this build has no zlib: unpack it, save it without compression, or "
                   "build with zlib",
                   name);
}
#endif

#ifdef SL_HAVE_LIBDEFLATE
uint32_t sl_crc32(const unsigned char *bytes, size_t size)
{
    return libdeflate_crc32(0, bytes, size);
}
#else
/* The reflected polynomial of ISO 3309, a byte at a time. */
uint32_t sl_crc32(const unsigned char *bytes, size_t size)
{
    uint32_t table[256], sum = UINT32_C(0xffffffff);
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
    }
    for (size_t i = 0; i < size; i++)
        sum = sum >> 8 ^ table[(sum ^ bytes[i]) & 255];
    return sum ^ UINT32_C(0xffffffff);
}
#endif
