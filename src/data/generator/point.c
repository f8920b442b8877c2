/* point.c - regression: a single row. The worked example of gradient descent: a net without biases whose two
 * weights multiply, with x = 2 and y = 3, has curvature 8 (w1^2 + w2^2), 24 at least, at every minimum. */
#include "data/generator.h"

static sl_data *point_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    sl_data *data = sl_generator_data(ctx, 1, 1, 0);
    if (data) {
        data->store->reals[0] = (sl_real)values[0];
        data->store->targets[0] = (sl_real)values[1];
    }
    return data;
}

static const sl_option point_options[] = {
    { .name = "x", .summary = "the input", .normal = 2, .low = -1e6, .high = 1e6 },
    { .name = "y", .summary = "the target", .normal = 3, .low = -1e6, .high = 1e6 },
    { 0 }
};

const sl_generator sl_generator_point = {
    .name = "point",
    .summary = "regression: one row, one input x and the target y",
    .formula = "(x) y",
    .source = "the smallest set there is",
    .options = point_options,
    .make = point_make,
};
