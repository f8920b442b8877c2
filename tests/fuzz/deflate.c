/* deflate.c - fuzz: bare deflate data of a size that is known, as ZIP archives hold it, fills its place or is
 * refused. The first two bytes are the size. */
#include "core/file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const size_t room = data[0] | (size_t)data[1] << 8;
    unsigned char *to = malloc(room + !room);
    if (!to)
        return 0;
    for (int whole = 0; whole < 2; whole++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        const sl_status status = sl_deflate_read(ctx, "fuzz", data + 2, size - 2, to, room, whole);
        if (status != sl_error(ctx) || (status && status != SL_EFORMAT) || sl_ctx_bytes(ctx))
            abort();
        sl_ctx_free(ctx);
    }
    free(to);
    return 0;
}
