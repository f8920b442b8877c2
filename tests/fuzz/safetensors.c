/* safetensors.c - fuzz: the tensors of an accepted file cover its data once and wholly, and can be copied. */
#include "model/safetensors.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_safetensors *file = sl_safetensors_read(&arena, "fuzz", data, size);
    if ((file == NULL) != (sl_error(ctx) != SL_OK))
        abort();
    size_t bytes = 0;
    for (size_t i = 0; file && i < file->count; i++) {
        const sl_safetensor *t = &file->tensors[i];
        bytes += t->size;
        if (sl_safetensors_find(file, t->name) != t)
            abort();
        sl_real *reals = sl_alloc_array(ctx, t->count, sizeof *reals);
        int64_t *integers = sl_alloc_array(ctx, t->count, sizeof *integers);
        const bool real = !sl_safetensors_copy_reals(t, reals, t->count);
        if (real == !sl_safetensors_copy_integers(t, integers, t->count)) /* exactly one of them */
            abort();
    }
    if (file) {
        const size_t header = data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16 | (size_t)data[3] << 24;
        if (8 + header + bytes != size)
            abort();
        sl_safetensors_metadata(file, "slope");
    }
    sl_ctx_free(ctx);
    return 0;
}
