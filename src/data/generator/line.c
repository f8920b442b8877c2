/* line.c - regression: points around a straight line, y = 2 + 3 x + noise * normal, x uniform in -1 .. 1. */
#include "data/generator.h"

static sl_data *line_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 1, 0);
    for (size_t row = 0; data && row < rows; row++) {
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_LINE, row);
        const double x = sl_generator_between(&stream, -1.0, 1.0);
        data->store->reals[row] = (sl_real)x;
        data->store->targets[row] = (sl_real)(2.0 + 3.0 * x + values[1] * sl_generator_normal(&stream));
    }
    return data;
}

static const sl_option line_options[] = {
    SL_OPTION_ROWS(100),
    { .name = "noise", .summary = "standard deviation of what is added", .normal = 0.1, .high = 10 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_line = {
    .name = "line",
    .summary = "regression: points around the line y = 2 + 3 x, 1 input in -1 .. 1",
    .formula = "y = 2 + 3 x + noise normal",
    .source = "the model of simple linear regression",
    .options = line_options,
    .make = line_make,
};
