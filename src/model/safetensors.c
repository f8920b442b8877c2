/* safetensors.c - reading; see safetensors.h */
#include "core/sort.h"
#include "model/safetensors.h"
#include "core/bits.h"

#include <limits.h>
#include <string.h>

enum { SAFETENSORS_HEADER_MOST = 100000000 }; /* the limit of the format's own library */

static const struct {
    const char *name;
    size_t size;
} safetensors_dtypes[SL_DTYPE_COUNT] = { { "F64", 8 }, { "F32", 4 }, { "F16", 2 }, { "BF16", 2 },
                                         { "I64", 8 }, { "I32", 4 }, { "I16", 2 }, { "I8", 1 },
                                         { "U8", 1 },  { "BOOL", 1 } };

size_t sl_dtype_size(sl_dtype dtype)
{
    return safetensors_dtypes[dtype].size;
}

const char *sl_dtype_name(sl_dtype dtype)
{
    return safetensors_dtypes[dtype].name;
}

bool sl_safetensors_size(sl_shape shape, size_t size, size_t *bytes)
{
    if (shape.rank < 0 || shape.rank > SL_MAX_DIMS)
        return false;
    bool empty = false;
    for (int i = 0; i < shape.rank; i++) {
        if (shape.dim[i] < 0)
            return false;
        empty = empty || shape.dim[i] == 0;
    }
    *bytes = empty ? 0 : size;
    for (int i = 0; i < shape.rank && !empty; i++) {
        if (*bytes > SIZE_MAX / 4 / (size_t)shape.dim[i])
            return false;
        *bytes *= (size_t)shape.dim[i];
    }
    return true;
}

/* A name from a file, fit for a message: short, and without control characters. */
static const char *safetensors_show(char out[64], const char *name)
{
    size_t length = 0;
    for (; name[length] && length < 60; length++)
        out[length] = name[length];
    while (name[length] && length && ((unsigned char)name[length] & 0xc0) == 0x80)
        length--; /* not through the middle of a character */
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f)
            out[i] = '?';
    out[length] = 0;
    return out;
}

static sl_status safetensors_shape(const sl_safetensors *file, const char *shown, const sl_json *list,
                                   sl_shape *shape)
{
    if (!list || list->kind != SL_JSON_ARRAY)
        return sl_fail(file->ctx, SL_EFORMAT, "%s: tensor '%s' has no list 'shape'", file->name, shown);
    if (list->count > SL_MAX_DIMS)
        return sl_fail(file->ctx, SL_EFORMAT, "%s: tensor '%s' has %zu dimensions, wants at most %d",
                       file->name, shown, list->count, SL_MAX_DIMS);
    shape->rank = 0;
    for (const sl_json *e = list->first; e; e = e->next) {
        uint64_t dimension;
        if (!sl_json_whole(e, &dimension) || dimension > INT_MAX)
            return sl_fail(file->ctx, SL_EFORMAT, "%s: dimension %d of tensor '%s' is %.40s, wants 0 to %d",
                           file->name, shape->rank, shown,
                           e->kind == SL_JSON_NUMBER ? e->text : "not a number", INT_MAX);
        shape->dim[shape->rank++] = (int)dimension;
    }
    return SL_OK;
}

static sl_status safetensors_dtype(const sl_safetensors *file, const char *shown, const sl_json *entry,
                                   sl_dtype *dtype)
{
    const char *name = sl_json_string(entry, "dtype", NULL);
    if (!name)
        return sl_fail(file->ctx, SL_EFORMAT, "%s: tensor '%s' has no text 'dtype'", file->name, shown);
    for (int i = 0; i < SL_DTYPE_COUNT; i++)
        if (!strcmp(name, safetensors_dtypes[i].name)) {
            *dtype = (sl_dtype)i;
            return SL_OK;
        }
    char found[64];
    return sl_fail(file->ctx, SL_EFORMAT,
                   "%s: tensor '%s' has dtype '%s', wants F64 F32 F16 BF16 I64 I32 I16 I8 U8 or BOOL",
                   file->name, shown, safetensors_show(found, name));
}

/* One member of the header; `data` holds `room` bytes. */
static sl_status safetensors_entry(const sl_safetensors *file, sl_safetensor *t, const sl_json *entry,
                                   const unsigned char *data, size_t room)
{
    char shown[64];
    safetensors_show(shown, entry->key);
    *t = (sl_safetensor){ .name = entry->key, .file = file };
    if (strlen(entry->key) != entry->key_length)
        return sl_fail(file->ctx, SL_EFORMAT, "%s: the name of tensor '%s' goes on behind a zero byte",
                       file->name, shown);
    if (safetensors_dtype(file, shown, entry, &t->dtype) ||
        safetensors_shape(file, shown, sl_json_get(entry, "shape"), &t->shape))
        return SL_EFORMAT;
    const sl_json *offsets = sl_json_get(entry, "data_offsets");
    uint64_t begin, end;
    if (!offsets || offsets->kind != SL_JSON_ARRAY || offsets->count != 2 ||
        !sl_json_whole(offsets->first, &begin) || !sl_json_whole(offsets->first->next, &end) || begin > end)
        return sl_fail(file->ctx, SL_EFORMAT,
                       "%s: tensor '%s' wants 'data_offsets' as [begin, end] with begin <= end", file->name,
                       shown);
    char shape[96];
    if (!sl_safetensors_size(t->shape, sl_dtype_size(t->dtype), &t->size))
        return sl_fail(file->ctx, SL_EFORMAT, "%s: tensor '%s' of shape %s is too large for this machine",
                       file->name, shown, sl_shape_text(shape, t->shape));
    if (t->size != end - begin)
        return sl_fail(file->ctx, SL_EFORMAT,
                       "%s: tensor '%s', %s %s, wants %zu bytes, its data_offsets hold %llu", file->name,
                       shown, sl_dtype_name(t->dtype), sl_shape_text(shape, t->shape), t->size,
                       (unsigned long long)(end - begin));
    if (end > room)
        return sl_fail(file->ctx, SL_EFORMAT,
                       "%s: cut short: tensor '%s' ends at byte %llu of the data, the file holds %zu of them",
                       file->name, shown, (unsigned long long)end, room);
    t->count = t->size / sl_dtype_size(t->dtype);
    t->bytes = data + (size_t)begin;
    return SL_OK;
}

static int safetensors_order(const void *a, const void *b)
{
    const sl_safetensor *s = a, *t = b;
    if (s->bytes != t->bytes)
        return s->bytes < t->bytes ? -1 : 1;
    if (s->size != t->size) /* empty ones first, so that they touch what comes before */
        return s->size < t->size ? -1 : 1;
    return strcmp(s->name, t->name);
}

/* The tensors, by their bytes, must cover the data once and wholly. */
static sl_status safetensors_cover(const sl_safetensors *file, const unsigned char *data, size_t room)
{
    size_t at = 0;
    char shown[64], before[64];
    for (size_t i = 0; i < file->count; i++) {
        const sl_safetensor *t = &file->tensors[i];
        const size_t begin = (size_t)(t->bytes - data);
        if (begin > at)
            return sl_fail(file->ctx, SL_EFORMAT, "%s: %zu bytes before tensor '%s' belong to no tensor",
                           file->name, begin - at, safetensors_show(shown, t->name));
        if (begin < at)
            return sl_fail(file->ctx, SL_EFORMAT, "%s: tensors '%s' and '%s' lie over one another",
                           file->name, safetensors_show(before, t[-1].name),
                           safetensors_show(shown, t->name));
        at += t->size;
    }
    if (at < room)
        return sl_fail(file->ctx, SL_EFORMAT, "%s: %zu bytes behind the last tensor belong to no tensor",
                       file->name, room - at);
    return SL_OK;
}

static sl_status safetensors_metadata_check(const sl_safetensors *file, const sl_json *metadata)
{
    if (metadata->kind != SL_JSON_OBJECT)
        return sl_fail(file->ctx, SL_EFORMAT, "%s: __metadata__ wants an object of texts", file->name);
    char shown[64];
    for (const sl_json *m = metadata->first; m; m = m->next)
        if (m->kind != SL_JSON_STRING)
            return sl_fail(file->ctx, SL_EFORMAT, "%s: __metadata__ wants texts only, '%s' is none",
                           file->name, safetensors_show(shown, m->key));
    return SL_OK;
}

/* The header as JSON; *length: its bytes. */
static const sl_json *safetensors_header(sl_arena *arena, const char *name, const unsigned char *bytes,
                                         size_t size, size_t *length)
{
    sl_ctx *ctx = arena->ctx;
    if (size > 8 && bytes[8] != '{') {
        sl_fail(ctx, SL_EFORMAT, "%s: this is no safetensors file: byte 9 wants to be '{', found 0x%02x",
                name, (unsigned)bytes[8]);
        return NULL;
    }
    uint64_t promised = 0;
    for (size_t i = 8; i > 0 && size >= 8; i--)
        promised = promised << 8 | bytes[i - 1];
    if (promised > SAFETENSORS_HEADER_MOST) {
        sl_fail(ctx, SL_EFORMAT, "%s: this is no safetensors file: a header of %llu bytes, wants at most %d",
                name, (unsigned long long)promised, SAFETENSORS_HEADER_MOST);
        return NULL;
    }
    if (size <= 8 || promised > size - 8) {
        sl_fail(ctx, SL_EFORMAT,
                "%s: cut short: wants %llu bytes up to the end of the header, the file has %zu", name,
                (unsigned long long)promised + 8, size);
        return NULL;
    }
    *length = (size_t)promised;
    sl_text place;
    sl_text_init(&place, ctx);
    sl_text_add(&place, "%s: header", name);
    const sl_json *header =
        place.failed ? NULL : sl_json_read(arena, place.bytes, (const char *)bytes + 8, *length);
    sl_text_free(&place);
    return header;
}

sl_safetensors *sl_safetensors_read(sl_arena *arena, const char *name, const unsigned char *bytes,
                                    size_t size)
{
    size_t length;
    const sl_json *header = safetensors_header(arena, name, bytes, size, &length);
    sl_safetensors *file = header ? sl_arena_take(arena, sizeof *file) : NULL;
    if (!file)
        return NULL;
    *file = (sl_safetensors){ .ctx = arena->ctx, .name = name };
    /* header->count is less than the file's size, so the product is too */
    file->tensors = sl_arena_take(arena, (header->count + 1) * sizeof *file->tensors);
    if (!file->tensors)
        return NULL;
    const unsigned char *data = bytes + 8 + length;
    const size_t room = size - 8 - length;
    unsigned char *turned = SL_BIG_ENDIAN ? sl_arena_take(arena, room + 1) : NULL;
    if (SL_BIG_ENDIAN && !turned)
        return NULL;
    if (turned)
        data = memcpy(turned, data, room);
    for (const sl_json *m = header->first; m; m = m->next) {
        if (!strcmp(m->key, "__metadata__")) {
            file->metadata = m;
            if (safetensors_metadata_check(file, m))
                return NULL;
        } else if (safetensors_entry(file, &file->tensors[file->count++], m, data, room)) {
            return NULL;
        }
    }
    if (file->count)
        sl_sort(file->tensors, file->count, sizeof *file->tensors, safetensors_order);
    if (safetensors_cover(file, data, room))
        return NULL;
    for (size_t i = 0; turned && i < file->count; i++) {
        const sl_safetensor *t = &file->tensors[i];
        sl_bits_little(turned + (t->bytes - data), t->count, sl_dtype_size(t->dtype));
    }
    return file;
}
