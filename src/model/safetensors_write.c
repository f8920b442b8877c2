/* safetensors_write.c - the writing half of safetensors.h */
#include "model/safetensors.h"
#include "core/bits.h"
#include "core/digest.h"

#include <string.h>

void sl_safetensors_begin(sl_safetensors_writer *writer, sl_ctx *ctx)
{
    *writer = (sl_safetensors_writer){ .ctx = ctx };
    sl_text_init(&writer->metadata, ctx);
    sl_text_init(&writer->header, ctx);
}

void sl_safetensors_put_metadata(sl_safetensors_writer *writer, const char *key, const char *value)
{
    sl_text_put(&writer->metadata, writer->metadata.length ? "," : "");
    sl_json_put_string(&writer->metadata, key);
    sl_text_put(&writer->metadata, ":");
    sl_json_put_string(&writer->metadata, value);
}

/* Room for one more tensor. */
static bool safetensors_room(sl_safetensors_writer *writer)
{
    if (writer->count < writer->capacity)
        return true;
    const size_t capacity = writer->capacity ? writer->capacity * 2 : 32;
    sl_piece *pieces = sl_resize(writer->ctx, writer->pieces, (capacity + 2) * sizeof *pieces);
    if (pieces)
        writer->pieces = pieces;
    uint64_t *digests = pieces ? sl_resize(writer->ctx, writer->digests, capacity * sizeof *digests) : NULL;
    if (!digests)
        return false;
    writer->digests = digests;
    writer->capacity = capacity;
    return true;
}

/* A name that can stand in the header; NULL, or why not. */
static const char *safetensors_bad_name(const sl_safetensors_writer *writer, const char *name,
                                        uint64_t digest)
{
    if (!strcmp(name, "__metadata__"))
        return "is reserved";
    for (size_t i = 0; i < writer->count; i++)
        if (writer->digests[i] == digest)
            return "is given twice";
    return NULL;
}

void sl_safetensors_put(sl_safetensors_writer *writer, const char *name, sl_dtype dtype, sl_shape shape,
                        const void *bytes)
{
    if (writer->status)
        return;
    const uint64_t digest = sl_digest_bytes(SL_DIGEST_START, name, strlen(name));
    const char *reason = safetensors_bad_name(writer, name, digest);
    size_t size;
    if (!reason &&
        (!sl_safetensors_size(shape, sl_dtype_size(dtype), &size) || size > SIZE_MAX / 2 - writer->offset))
        reason = "has a shape that is too large";
    if (reason) {
        writer->status = sl_fail(writer->ctx, SL_EINVAL, "a tensor to be saved: '%s' %s", name, reason);
        return;
    }
    if (!safetensors_room(writer)) {
        writer->status = SL_ENOMEM;
        return;
    }
    sl_text *header = &writer->header;
    sl_text_put(header, writer->count ? "," : "");
    sl_json_put_string(header, name);
    sl_text_add(header, ":{\"dtype\":\"%s\",\"shape\":[", sl_dtype_name(dtype));
    for (int i = 0; i < shape.rank; i++)
        sl_text_add(header, i ? ",%d" : "%d", shape.dim[i]);
    sl_text_add(header, "],\"data_offsets\":[%zu,%zu]}", writer->offset, writer->offset + size);
    if (SL_BIG_ENDIAN) { /* the caller's numbers stay as they are: turned around in a copy, until the writing
                          */
        void *turned = sl_alloc_unset(writer->ctx, size + 1);
        if (!turned) {
            writer->status = SL_ENOMEM;
            return;
        }
        memcpy(turned, bytes, size);
        sl_bits_little(turned, size / sl_dtype_size(dtype), sl_dtype_size(dtype));
        bytes = turned;
    }
    writer->digests[writer->count] = digest;
    writer->pieces[2 + writer->count++] = (sl_piece){ bytes, size };
    writer->offset += size;
}

static sl_status safetensors_finish(sl_safetensors_writer *writer, const char *path, bool sync)
{
    if (!safetensors_room(writer))
        return SL_ENOMEM;
    sl_text whole;
    sl_text_init(&whole, writer->ctx);
    sl_text_put(&whole, "{");
    if (writer->metadata.length) {
        sl_text_put(&whole, "\"__metadata__\":{");
        sl_text_bytes(&whole, writer->metadata.bytes, writer->metadata.length);
        sl_text_put(&whole, writer->count ? "}," : "}");
    }
    sl_text_bytes(&whole, writer->header.bytes, writer->header.length);
    sl_text_put(&whole, "}");
    while (whole.length % 8 && !whole.failed) /* so that the data begins where eight-byte numbers may lie */
        sl_text_put(&whole, " ");
    sl_status status = SL_ENOMEM;
    if (!whole.failed && !writer->header.failed && !writer->metadata.failed) {
        unsigned char length[8];
        for (int i = 0; i < 8; i++)
            length[i] = (unsigned char)((uint64_t)whole.length >> 8 * i);
        writer->pieces[0] = (sl_piece){ length, sizeof length };
        writer->pieces[1] = (sl_piece){ whole.bytes, whole.length };
        status = sl_file_write(writer->ctx, path, writer->pieces, writer->count + 2, sync);
    }
    sl_text_free(&whole);
    return status;
}

sl_status sl_safetensors_write(sl_safetensors_writer *writer, const char *path, bool sync)
{
    sl_status status = SL_OK;
    if (path)
        status = writer->status ? writer->status : safetensors_finish(writer, path, sync);
    for (size_t i = 0; SL_BIG_ENDIAN && i < writer->count; i++)
        sl_free(writer->ctx, (void *)(uintptr_t)writer->pieces[2 + i].bytes);
    sl_text_free(&writer->metadata);
    sl_text_free(&writer->header);
    sl_free(writer->ctx, writer->pieces);
    sl_free(writer->ctx, writer->digests);
    sl_safetensors_begin(writer, writer->ctx);
    return status;
}
