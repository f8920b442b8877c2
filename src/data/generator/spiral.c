/* spiral.c - two arms that wind around each other.
 * Arm i of n points: r = 5 i/n, t = 1.75 (2 pi) i/n + delta, x = r sin t, y = r cos t; delta = 0 for class 1,
 * pi for class 0; each coordinate plus noise * uniform(-1, 1). The law of TensorFlow Playground (Smilkov,
 * Carter 2016), whose slider 0 .. 50 is noise = 0 .. 0.5. */
#include "data/generator.h"
#include "kernel/math.h"

static sl_data *spiral_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double pi = 0x1.921fb54442d18p+1, noise = values[1];
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 2);
    for (size_t row = 0; data && row < rows; row++) {
        const size_t class = row % 2, n = class ? rows / 2 : rows - rows / 2;
        const double i = (double)(row / 2), r = 5.0 * i / (double)n;
        const double t = 1.75 * i / (double)n * 2.0 * pi + (class ? 0.0 : pi);
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_SPIRAL, row);
        const double dx = sl_generator_between(&stream, -1.0, 1.0),
                     dy = sl_generator_between(&stream, -1.0, 1.0);
        data->store->reals[2 * row] = (sl_real)(r * sl_sin_d(t) + dx * noise);
        data->store->reals[2 * row + 1] = (sl_real)(r * sl_cos_d(t) + dy * noise);
        data->store->targets[row] = (sl_real) class;
    }
    return data;
}

static const sl_option spiral_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise", .summary = "how far points stray (Playground's slider / 100)", .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_spiral = {
    .name = "spiral",
    .summary = "two arms that wind around each other, 2 inputs in about -6 .. 6, class 1 is the arm that "
               "starts upwards",
    .formula = "r = 5 i/n, t = 1.75 (2 pi) i/n + delta, (r sin t, r cos t) + noise uniform(-1, 1)",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .options = spiral_options,
    .make = spiral_make,
};
