/* circle.c - a disc and a ring around it.
 * Class 1: radius uniform in 0 .. 2.5, class 0: in 3.5 .. 5; any angle. With noise the label is that of the
 * point moved by noise * uniform(-5, 5) in each coordinate: 1 where it lies within 2.5 of the middle, so that
 * some labels near the border are wrong. The law of TensorFlow Playground (Smilkov, Carter 2016), slider /
 * 100.     */
#include "data/generator.h"
#include "kernel/math.h"

static sl_data *circle_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double radius = 5.0, noise = values[1];
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 2);
    for (size_t row = 0; data && row < rows; row++) {
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_CIRCLE, row);
        const double u = sl_stream_uniform(&stream);
        const double r = row % 2 ? 0.5 * radius * u : radius * (0.7 + 0.3 * u);
        const double angle = sl_generator_between(&stream, 0.0, 0x1.921fb54442d18p+2);
        const double x = r * sl_sin_d(angle), y = r * sl_cos_d(angle);
        const double mx = x + noise * sl_generator_between(&stream, -radius, radius);
        const double my = y + noise * sl_generator_between(&stream, -radius, radius);
        data->store->reals[2 * row] = (sl_real)x;
        data->store->reals[2 * row + 1] = (sl_real)y;
        data->store->targets[row] = mx * mx + my * my < 0.25 * radius * radius;
    }
    return data;
}

static const sl_option circle_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise",
      .summary = "share of wrong labels near the border (Playground's slider / 100)",
      .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_circle = {
    .name = "circle",
    .summary = "a disc and a ring around it, 2 inputs in -5 .. 5, class 1 is the disc",
    .formula =
        "radius in 0 .. 2.5 (class 1) or 3.5 .. 5 (class 0), any angle; the label after moving by noise",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .options = circle_options,
    .make = circle_make,
};
