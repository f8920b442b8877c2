/* fann.c - fuzz: a training file of FANN. There is an answer or a sentence, and numbers are those that the
 * header promised. */
#include "data/array/fann.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_numbers numbers = { .ctx = ctx, .source = "fuzz" };
    const char *text = (const char *)data;
    sl_fann_begins(text, size);
    if ((sl_fann_read(&numbers, text, size) == SL_OK) != (sl_error(ctx) == SL_OK))
        abort();
    if (!sl_error(ctx)) {
        for (size_t i = 0; i < numbers.rows * (numbers.inputs + numbers.outputs); i++)
            if (numbers.values[i] - numbers.values[i] != 0)
                abort();
        sl_data *rows = sl_numbers_open(&numbers, "all", NULL, NULL);
        if (!rows == !sl_error(ctx))
            abort();
        sl_data_free(rows);
    }
    if (sl_ctx_peak_bytes(ctx) > (8u << 20) + size * 1000)
        abort();
    sl_numbers_free(&numbers);
    if (sl_ctx_bytes(ctx))
        abort();
    sl_ctx_free(ctx);
    return 0;
}
