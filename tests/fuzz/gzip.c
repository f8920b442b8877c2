/* gzip.c - fuzz: inflating either fails with a sentence or gives a closed text. */
#include "core/file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    unsigned char *bytes;
    size_t length;
    const sl_status status = sl_gzip_inflate(ctx, "fuzz", data, size, &bytes, &length);
    if (status != sl_error(ctx) || (status == SL_OK) != (bytes != NULL) || (bytes && bytes[length] != 0))
        abort();
    sl_free(ctx, bytes);
    if (sl_ctx_bytes(ctx) != 0)
        abort();
    sl_ctx_free(ctx);
    return 0;
}
