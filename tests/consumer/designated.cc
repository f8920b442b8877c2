// designated.cc - C++20: the options of slope.h with designated initialisers, in the order of their fields.
#include <slope.h>

int main()
{
    const sl_ctx_options options{.seed = 3, .threads = 1};
    sl_ctx *ctx = sl_ctx_new(&options);
    const sl_layer layers[] = {
        {.type = "input", .units = 2}, {.type = "dense", .units = 8, .activation = "relu"}, {.type = "dense", .units = 1}, {}};
    sl_model *net = sl_model_new(ctx, layers);
    const sl_plan plan{.loss = "mean_squared", .optimizer = {.rule = "adam", .lr = sl_real(0.01)}};
    const sl_status status = sl_model_compile(net, &plan);
    sl_ctx_free(ctx);
    return status != SL_OK;
}
