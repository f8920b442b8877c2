/* hills.c - regression: three hills and three hollows.
 * x and y uniform in -6 .. 6. Centres (-4, 2.5), (4, 2.5) and (0, -2.5) are hills, (0, 2.5), (-4, -2.5) and
 * (4, -2.5) hollows: the target is s max(0, 1 - d/2), d the distance to the centre, s 1 or -1, of the centre
 * where that is largest in size; so 0 outside of all. With noise the target is that of the point moved by
 * noise * uniform(-6, 6) in each coordinate. The law of TensorFlow Playground (Smilkov, Carter 2016), slider
 * / 100, where it is called multi gaussian. */
#include "data/generator.h"

#include <math.h>

static double hills_height(double x, double y)
{
    static const double centres[][3] = { { -4, 2.5, 1 },   { 0, 2.5, -1 }, { 4, 2.5, 1 },
                                         { -4, -2.5, -1 }, { 0, -2.5, 1 }, { 4, -2.5, -1 } };
    double height = 0;
    for (size_t i = 0; i < sizeof centres / sizeof *centres; i++) {
        const double dx = x - centres[i][0], dy = y - centres[i][1];
        const double distance = sqrt(dx * dx + dy * dy), size = distance < 2 ? 1 - distance / 2 : 0;
        if (size > fabs(height))
            height = centres[i][2] * size;
    }
    return height;
}

static sl_data *hills_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double radius = 6.0, noise = values[1];
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 0);
    for (size_t row = 0; data && row < rows; row++) {
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_HILLS, row);
        const double x = sl_generator_between(&stream, -radius, radius);
        const double y = sl_generator_between(&stream, -radius, radius);
        const double mx = x + noise * sl_generator_between(&stream, -radius, radius);
        const double my = y + noise * sl_generator_between(&stream, -radius, radius);
        data->store->reals[2 * row] = (sl_real)x;
        data->store->reals[2 * row + 1] = (sl_real)y;
        data->store->targets[row] = (sl_real)hills_height(mx, my);
    }
    return data;
}

static const sl_option hills_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise", .summary = "how far targets stray (Playground's slider / 100)", .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_hills = {
    .name = "hills",
    .summary =
        "regression: three hills and three hollows over 2 inputs in -6 .. 6 (Playground's multi gaussian)",
    .formula =
        "target s max(0, 1 - d/2), d the distance to the nearest of six centres, s 1 or -1, after moving "
        "by noise",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .options = hills_options,
    .make = hills_make,
};
