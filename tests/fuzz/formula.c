/* formula.c - fuzz: whatever is typed as a formula is refused with a sentence, or can be computed, and its
 * gradient with it; the same text twice is the same function. */
#include "slope.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_formula_at(sl_function *f, double values[3], double slopes[6])
{
    static const double places[6] = { 0, 1, -1.5, 0.25, 3, -2 };
    if (sl_function_at(f, 3, places, values, slopes, NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    sl_ctx *ctx = sl_ctx_new(NULL);
    if (!text || !ctx)
        abort();
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    sl_function *f = sl_function_new(ctx, text);
    if (!f && (sl_error(ctx) != SL_EINVAL || !*sl_message(ctx)))
        abort();
    if (f) {
        double values[3], again[3], slopes[6] = { 0 }, slopes_again[6] = { 0 };
        const int variables = sl_function_variables(f);
        if (variables != 1 && variables != 2)
            abort();
        fuzz_formula_at(f, values, slopes);
        sl_function *other = sl_function_new(ctx, text);
        if (!other)
            abort();
        fuzz_formula_at(other, again, slopes_again);
        if (memcmp(values, again, sizeof values) || memcmp(slopes, slopes_again, sizeof slopes))
            abort();
        sl_function_free(other);
    }
    sl_function_free(f);
    sl_ctx_free(ctx);
    free(text);
    return 0;
}
