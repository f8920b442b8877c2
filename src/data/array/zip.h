/* zip.h - the members of a ZIP archive (PKWARE, "APPNOTE.TXT - .ZIP File Format Specification"), stored or
 * deflated, with ZIP64 sizes, as numpy.savez writes them. Only what is asked for is read from the file. */
#ifndef SL_DATA_ARRAY_ZIP_H
#define SL_DATA_ARRAY_ZIP_H

#include "core/ctx.h"

typedef struct {
    char *name;
    int method;            /* 0: stored, 8: deflated */
    bool closed;           /* encrypted */
    uint32_t sum;          /* CRC-32 of the content */
    uint64_t packed, size; /* bytes in the file, and of the content */
    uint64_t offset;       /* of the member in the file */
} sl_zip_member;

typedef struct {
    sl_ctx *ctx;
    const char *path; /* borrowed */
    int handle;
    uint64_t size; /* of the file */
    sl_zip_member *member;
    size_t count;
} sl_zip;

/* The list of members. SL_EFILE, SL_EFORMAT. After a failure there is nothing to be closed. */
sl_status sl_zip_open(sl_ctx *ctx, const char *path, sl_zip *zip);
void sl_zip_close(sl_zip *zip); /* a zeroed one is allowed */
/* The first `count` bytes of a member, at most its size. name: for messages. */
sl_status sl_zip_peek(const sl_zip *zip, const sl_zip_member *member, const char *name, void *to,
                      size_t count);
/* All of it into to [member->size]; its checksum is checked. */
sl_status sl_zip_read(const sl_zip *zip, const sl_zip_member *member, const char *name, void *to);

#endif
