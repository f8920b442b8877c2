/* checkpoint.c - fuzz: last.safetensors of a run that was stopped is this file (made.h). It is refused with a
 * sentence, or training goes on from it to its end. */
#include "run_place.h"

#include "made.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length;
    fuzz_run(true);
    sl_ctx *ctx = sl_ctx_new(NULL);
    unsigned char *file = fuzz_made(ctx, data, size, &length);
    fuzz_place_write("last.safetensors", file, length);
    free(file);
    sl_run *run = sl_run_open(ctx, fuzz_place, NULL);
    if (!run == !sl_error(ctx) || (!run && !*sl_message(ctx)))
        abort();
    if (run && sl_run_train(run) && !*sl_message(ctx))
        abort();
    const bool trained = run;
    sl_run_free(run);
    if (sl_ctx_peak_bytes(ctx) > (1u << 22) + length * 20)
        abort();
    sl_ctx_free(ctx);
    for (int i = 0; trained && i < FUZZ_RUN_FILES; i++)
        fuzz_run_again(i);
    return 0;
}
