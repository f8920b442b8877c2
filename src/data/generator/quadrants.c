/* quadrants.c - TensorFlow Playground's "xor": four squares, opposite ones alike.
 * x and y uniform in -5 .. 5, moved 0.3 away from 0; class 1 where x y >= 0. With noise the label is that of
 * the point moved by noise * uniform(-5, 5) in each coordinate. The law of TensorFlow Playground (Smilkov,
 * Carter 2016), slider / 100. */
#include "data/generator.h"

static double quadrants_place(sl_stream *stream)
{
    const double x = sl_generator_between(stream, -5.0, 5.0);
    return x > 0 ? x + 0.3 : x - 0.3;
}

static sl_data *quadrants_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double noise = values[1];
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 2);
    for (size_t row = 0; data && row < rows; row++) {
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_QUADRANTS, row);
        const double x = quadrants_place(&stream), y = quadrants_place(&stream);
        const double mx = x + noise * sl_generator_between(&stream, -5.0, 5.0);
        const double my = y + noise * sl_generator_between(&stream, -5.0, 5.0);
        data->store->reals[2 * row] = (sl_real)x;
        data->store->reals[2 * row + 1] = (sl_real)y;
        data->store->targets[row] = mx * my >= 0;
    }
    return data;
}

static const sl_option quadrants_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise",
      .summary = "share of wrong labels near the borders (Playground's slider / 100)",
      .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_quadrants = {
    .name = "quadrants",
    .summary =
        "four squares, 2 inputs in -5.3 .. 5.3, class 1 where both have the same sign (Playground's xor)",
    .formula = "x, y uniform in -5 .. 5 and 0.3 away from 0; class 1 where x y >= 0, after moving by noise",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .options = quadrants_options,
    .make = quadrants_make,
};
