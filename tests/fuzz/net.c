/* net.c - fuzz: the words of --net are refused with a sentence, or become layers, which read back from their
 * own words as the same; and where the memory allows it a row goes through the net. */
#include "lent.h"

#include "model/model.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_net_again(sl_ctx *ctx, const sl_model *model)
{
    const char *words = sl_model_net(model);
    sl_model *again = words && *words ? sl_model_parse(ctx, words) : NULL;
    if (words && *words && !again && sl_error(ctx) != SL_ENOMEM)
        abort();
    if (again && strcmp(words, sl_model_net(again)) != 0)
        abort();
    sl_model_free(again);
}

static void fuzz_net_row(sl_ctx *ctx, sl_model *model)
{
    static const sl_real values[6] = { 0.5f, -1, 2, 0, 1, -0.25f };
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(2, 3), values);
    const sl_tensor *y = sl_forward(tape, model, x);
    if (!y == !sl_error(ctx))
        abort();
    sl_layer_info info;
    for (int i = 0; y && i < sl_model_layers(model); i++)
        if (sl_model_layer(model, i, &info) || !info.name || info.end <= i)
            abort();
    sl_tensor_free(x);
    sl_tape_free(tape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_lent lent;
    sl_ctx *ctx = fuzz_lent_ctx(&lent, 1 << 20);
    char *text = fuzz_closed(data, size);
    sl_model *model = sl_model_parse(ctx, text);
    if (!model == !sl_error(ctx) || (!model && !*sl_message(ctx)))
        abort();
    if (model) {
        fuzz_net_again(ctx, model);
        sl_clear(ctx);
        fuzz_net_row(ctx, model);
    }
    sl_model_free(model);
    free(text);
    fuzz_lent_end(ctx, &lent);
    return 0;
}
