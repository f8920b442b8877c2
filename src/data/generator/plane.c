/* plane.c - regression: a plane over two inputs.
 * x and y uniform in -6 .. 6, target (x + y) / 10, so that -10 .. 10 becomes -1 .. 1. With noise the target
 * is that of the point moved by noise * uniform(-6, 6) in each coordinate. The law of TensorFlow Playground
 * (Smilkov, Carter 2016), slider / 100. */
#include "data/generator.h"

static sl_data *plane_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double radius = 6.0, noise = values[1];
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 0);
    for (size_t row = 0; data && row < rows; row++) {
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_PLANE, row);
        const double x = sl_generator_between(&stream, -radius, radius);
        const double y = sl_generator_between(&stream, -radius, radius);
        const double mx = x + noise * sl_generator_between(&stream, -radius, radius);
        const double my = y + noise * sl_generator_between(&stream, -radius, radius);
        data->store->reals[2 * row] = (sl_real)x;
        data->store->reals[2 * row + 1] = (sl_real)y;
        data->store->targets[row] = (sl_real)((mx + my) / 10.0);
    }
    return data;
}

static const sl_option plane_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise", .summary = "how far targets stray (Playground's slider / 100)", .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_plane = {
    .name = "plane",
    .summary = "regression: a plane over 2 inputs in -6 .. 6",
    .formula = "target (x + y) / 10, after moving by noise",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .options = plane_options,
    .make = plane_make,
};
