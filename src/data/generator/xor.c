/* xor.c - the truth table of exclusive or: the smallest set that no linear model can learn (Minsky, Papert:
 * "Perceptrons", 1969). */
#include "data/generator.h"

static sl_data *xor_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)values, (void)part;
    sl_data *data = sl_generator_data(ctx, 4, 2, 2);
    for (size_t row = 0; data && row < 4; row++) {
        data->store->reals[2 * row] = (sl_real)(row >> 1);
        data->store->reals[2 * row + 1] = (sl_real)(row & 1);
        data->store->targets[row] = (sl_real)((row >> 1) ^ (row & 1));
    }
    return data;
}

const sl_generator sl_generator_xor = {
    .name = "xor",
    .summary = "the truth table of exclusive or: 4 rows, class 1 where exactly one input is 1",
    .formula = "(0, 0) 0   (0, 1) 1   (1, 0) 1   (1, 1) 0",
    .source = "Minsky, Papert 1969",
    .make = xor_make,
};
