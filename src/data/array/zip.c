/* zip.c - see zip.h */
#include "data/array/zip.h"
#include "core/file.h"
#include "core/os.h"

#include <string.h>

enum {
    ZIP_END = 22,       /* bytes of the record at the end, before its comment */
    ZIP_END64 = 56,     /* of ZIP64's */
    ZIP_LOCATOR = 20,   /* which says where that is */
    ZIP_ENTRY = 46,     /* of an entry in the list of members, before its name */
    ZIP_LOCAL = 30,     /* of the header before a member, before its name */
    ZIP_COMMENT = 65535 /* at most */
};
enum { ZIP_LIST_MOST = 16 << 20 }; /* bytes of a list of members that is worth reading */

static uint64_t zip_number(const unsigned char *b, int bytes)
{
    uint64_t number = 0;
    while (bytes--)
        number = number << 8 | b[bytes];
    return number;
}

static sl_status zip_damaged(const sl_zip *zip, const char *what)
{
    return sl_fail(zip->ctx, SL_EFORMAT, "%s: this ZIP archive is damaged: %s: copy it again", zip->path,
                   what);
}

static sl_status zip_bytes(const sl_zip *zip, uint64_t offset, void *to, size_t size)
{
    if (offset > zip->size || size > zip->size - offset)
        return zip_damaged(zip, "something in it lies behind its end");
    for (size_t done = 0, got; done < size; done += got) {
        char reason[64];
        const int error =
            sl_os_read_at(zip->handle, offset + done, (unsigned char *)to + done, size - done, &got);
        if (error)
            return sl_fail(zip->ctx, SL_EFILE, "%s: cannot be read: %s", zip->path,
                           sl_os_reason(error, reason, sizeof reason));
        if (!got)
            return sl_fail(zip->ctx, SL_EFILE, "%s: became shorter while it was read", zip->path);
    }
    return SL_OK;
}

/* --- the list of members ---------------------------------------------------------------------------- */

typedef struct {
    uint64_t offset, size, count; /* of the list */
} zip_list;

/* Sizes that do not fit are in a record of their own, which a locator just before the end names. */
static sl_status zip_find64(const sl_zip *zip, uint64_t end, zip_list *list)
{
    unsigned char b[ZIP_END64];
    if (end < ZIP_LOCATOR || zip_bytes(zip, end - ZIP_LOCATOR, b, ZIP_LOCATOR))
        return zip->ctx->status ? zip->ctx->status : SL_OK;
    if (zip_number(b, 4) != 0x07064b50)
        return SL_OK;
    const uint64_t at = zip_number(b + 8, 8);
    if (zip_bytes(zip, at, b, ZIP_END64))
        return zip->ctx->status;
    if (zip_number(b, 4) != 0x06064b50)
        return zip_damaged(zip, "the place of its list of members is wrong");
    *list = (zip_list){ .count = zip_number(b + 32, 8),
                        .size = zip_number(b + 40, 8),
                        .offset = zip_number(b + 48, 8) };
    return SL_OK;
}

static sl_status zip_find(const sl_zip *zip, zip_list *list)
{
    sl_ctx *ctx = zip->ctx;
    const size_t tail = zip->size < ZIP_END + ZIP_COMMENT ? (size_t)zip->size : ZIP_END + ZIP_COMMENT;
    unsigned char *b = sl_alloc_unset(ctx, tail + 1);
    if (!b || zip_bytes(zip, zip->size - tail, b, tail)) {
        sl_free(ctx, b);
        return ctx->status;
    }
    size_t at = tail < ZIP_END ? 0 : tail - ZIP_END + 1;
    bool found = false;
    while (at && !found) { /* the comment ends with the file */
        at--;
        found = zip_number(b + at, 4) == 0x06054b50 && zip_number(b + at + 20, 2) == tail - ZIP_END - at;
    }
    if (found) {
        *list = (zip_list){ .count = zip_number(b + at + 10, 2),
                            .size = zip_number(b + at + 12, 4),
                            .offset = zip_number(b + at + 16, 4) };
        zip_find64(zip, zip->size - tail + at, list);
    } else {
        sl_fail(ctx, SL_EFORMAT,
                "%s: is no whole ZIP archive: its end is not there: copy it again, or save it with "
                "numpy.savez",
                zip->path);
    }
    sl_free(ctx, b);
    return ctx->status;
}

/* Of an entry's extra fields the one of ZIP64 holds what 32 bits do not, in this order. */
static sl_status zip_wide(const sl_zip *zip, const unsigned char *extra, size_t length, sl_zip_member *member)
{
    const uint64_t full = UINT32_C(0xffffffff);
    uint64_t *const wide[] = { &member->size, &member->packed, &member->offset };
    if (member->size != full && member->packed != full && member->offset != full)
        return SL_OK;
    for (size_t at = 0; at + 4 <= length;) {
        const size_t size = (size_t)zip_number(extra + at + 2, 2);
        const bool here = zip_number(extra + at, 2) == 1;
        at += 4;
        if (size > length - at)
            break;
        size_t used = 0;
        for (size_t i = 0; here && i < 3; i++)
            if (*wide[i] == full && used + 8 <= size) {
                *wide[i] = zip_number(extra + at + used, 8);
                used += 8;
            }
        if (here)
            return SL_OK;
        at += size;
    }
    return zip_damaged(zip, "a member says that it has large sizes, and they are missing");
}

static sl_status zip_entry(sl_zip *zip, const unsigned char *list, size_t size, size_t *at)
{
    const unsigned char *b = list + *at;
    if (size - *at < ZIP_ENTRY || zip_number(b, 4) != 0x02014b50)
        return zip_damaged(zip, "its list of members is cut short");
    const size_t name = (size_t)zip_number(b + 28, 2), extra = (size_t)zip_number(b + 30, 2),
                 comment = (size_t)zip_number(b + 32, 2);
    if (name + extra + comment > size - *at - ZIP_ENTRY)
        return zip_damaged(zip, "its list of members is cut short");
    sl_zip_member *member = &zip->member[zip->count];
    *member = (sl_zip_member){
        .method = (int)zip_number(b + 10, 2),
        .closed = zip_number(b + 8, 2) & 1,
        .sum = (uint32_t)zip_number(b + 16, 4),
        .packed = zip_number(b + 20, 4),
        .size = zip_number(b + 24, 4),
        .offset = zip_number(b + 42, 4),
    };
    member->name = sl_strndup(zip->ctx, (const char *)b + ZIP_ENTRY, name);
    if (!member->name)
        return zip->ctx->status;
    for (size_t i = 0; i < name; i++)
        if ((unsigned char)member->name[i] < 32 || (unsigned char)member->name[i] > 126)
            member->name[i] = '?'; /* such a name is only shown */
    zip->count++;
    *at += ZIP_ENTRY + name + extra + comment;
    return zip_wide(zip, b + ZIP_ENTRY + name, extra, member);
}

static sl_status zip_list_members(sl_zip *zip)
{
    sl_ctx *ctx = zip->ctx;
    zip_list list = { 0 };
    if (zip_find(zip, &list))
        return ctx->status;
    if (list.size > ZIP_LIST_MOST || list.size > zip->size || list.count > list.size / ZIP_ENTRY)
        return zip_damaged(zip, "its list of members is longer than there is room for");
    const size_t size = (size_t)list.size;
    unsigned char *bytes = sl_alloc_unset(ctx, size + 1);
    zip->member = sl_alloc_array(ctx, (size_t)list.count + 1, sizeof *zip->member);
    if (bytes && zip->member && !zip_bytes(zip, list.offset, bytes, size))
        for (size_t at = 0; zip->count < list.count && !ctx->status;)
            zip_entry(zip, bytes, size, &at);
    sl_free(ctx, bytes);
    return ctx->status;
}

sl_status sl_zip_open(sl_ctx *ctx, const char *path, sl_zip *zip)
{
    char reason[64];
    *zip = (sl_zip){ .ctx = ctx, .path = path };
    int error = sl_os_open(path, 'r', &zip->handle);
    if (error) {
        zip->ctx = NULL;
        return sl_fail(ctx, SL_EFILE, "%s: cannot be opened: %s", path,
                       sl_os_reason(error, reason, sizeof reason));
    }
    error = sl_os_size(zip->handle, &zip->size);
    if (error)
        sl_fail(ctx, SL_EFILE, "%s: cannot be read: %s", path, sl_os_reason(error, reason, sizeof reason));
    if (error || zip_list_members(zip))
        sl_zip_close(zip);
    return ctx->status;
}

void sl_zip_close(sl_zip *zip)
{
    if (!zip->ctx)
        return;
    for (size_t i = 0; zip->member && i < zip->count; i++)
        sl_free(zip->ctx, zip->member[i].name);
    sl_free(zip->ctx, zip->member);
    sl_os_close(zip->handle);
    *zip = (sl_zip){ 0 };
}

/* --- a member ----------------------------------------------------------------------------------------- */

/* Where its bytes begin; nothing is allocated before sizes are known to be possible. */
static sl_status zip_find_bytes(const sl_zip *zip, const sl_zip_member *m, const char *name, uint64_t *start)
{
    sl_ctx *ctx = zip->ctx;
    unsigned char b[ZIP_LOCAL];
    if (m->closed)
        return sl_fail(ctx, SL_EFORMAT, "%s: is encrypted: save it without a password", name);
    if (m->method != 0 && m->method != 8)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: is packed by method %d: stored (0) and deflated (8) members can be read, as "
                       "numpy.savez and savez_compressed write them",
                       name, m->method);
    if (zip_bytes(zip, m->offset, b, ZIP_LOCAL))
        return ctx->status;
    if (zip_number(b, 4) != 0x04034b50)
        return zip_damaged(zip, "the place of a member is wrong");
    *start = m->offset + ZIP_LOCAL + zip_number(b + 26, 2) + zip_number(b + 28, 2);
    if (*start > zip->size || m->packed > zip->size - *start)
        return sl_fail(ctx, SL_EFORMAT, "%s: is cut short: copy the archive again", name);
    if (m->method ? m->size / 1032 > m->packed : m->size != m->packed) /* deflate packs at most 1:1032 */
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: says %llu bytes in %llu, which cannot be: the archive is damaged", name,
                       (unsigned long long)m->size, (unsigned long long)m->packed);
    if (m->size > SIZE_MAX / 2 || m->packed > SIZE_MAX / 2)
        return sl_fail(ctx, SL_ENOMEM, "%s: is too large for this machine's memory", name);
    return SL_OK;
}

static sl_status zip_content(const sl_zip *zip, const sl_zip_member *m, const char *name, void *to,
                             size_t count, bool whole)
{
    sl_ctx *ctx = zip->ctx;
    uint64_t start = 0;
    if (zip_find_bytes(zip, m, name, &start))
        return ctx->status;
    if (m->method == 0)
        return zip_bytes(zip, start, to, count);
    /* A deflated beginning: of a block with a table, or of stored ones, there is no more than this before. */
    const uint64_t enough = (uint64_t)count * 2 + 4096;
    const size_t size = (size_t)(whole || m->packed < enough ? m->packed : enough);
    unsigned char *packed = sl_alloc_unset(ctx, size + 1);
    if (packed && !zip_bytes(zip, start, packed, size))
        sl_deflate_read(ctx, name, packed, size, to, count, whole);
    sl_free(ctx, packed);
    return ctx->status;
}

sl_status sl_zip_peek(const sl_zip *zip, const sl_zip_member *member, const char *name, void *to,
                      size_t count)
{
    return zip_content(zip, member, name, to, count, false);
}

sl_status sl_zip_read(const sl_zip *zip, const sl_zip_member *member, const char *name, void *to)
{
    if (zip_content(zip, member, name, to, (size_t)member->size, true))
        return zip->ctx->status;
    return sl_crc32(to, (size_t)member->size) == member->sum
               ? SL_OK
               : sl_fail(zip->ctx, SL_EFORMAT, "%s: its checksum is wrong: copy the archive again", name);
}
