/* boundary.c - two classes, one above a curve and one below it.
 * x and y uniform in -6 .. 6; class 1 where y > f(x). Each f is 0 on average, so the classes are about alike
 * in size. With noise the label is that of the point moved by noise * uniform(-6, 6) in each coordinate. */
#include "data/generator.h"
#include "kernel/math.h"

typedef enum { BOUNDARY_SINE, BOUNDARY_STEP, BOUNDARY_WEDGE, BOUNDARY_PARABOLA, BOUNDARY_CUBIC } boundary_f;

static double boundary_height(boundary_f f, double x)
{
    const double size = x < 0 ? -x : x;
    switch (f) {
    case BOUNDARY_SINE:
        return 3 * sl_sin_d(x);
    case BOUNDARY_STEP:
        return x < 0 ? -3 : 3;
    case BOUNDARY_WEDGE:
        return size - 3;
    case BOUNDARY_PARABOLA:
        return x * x / 4 - 3;
    default:
        return x * x * x / 36;
    }
}

static sl_data *boundary_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double radius = 6.0, noise = values[2];
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 2);
    for (size_t row = 0; data && row < rows; row++) {
        sl_stream stream = sl_generator_row(values[3], SL_STREAM_BOUNDARY, row);
        const double x = sl_generator_between(&stream, -radius, radius);
        const double y = sl_generator_between(&stream, -radius, radius);
        const double mx = x + noise * sl_generator_between(&stream, -radius, radius);
        const double my = y + noise * sl_generator_between(&stream, -radius, radius);
        data->store->reals[2 * row] = (sl_real)x;
        data->store->reals[2 * row + 1] = (sl_real)y;
        data->store->targets[row] = my > boundary_height((boundary_f)values[1], mx);
    }
    return data;
}

static const sl_option boundary_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "f",
      .summary = "the curve: 3 sin x; -3 or 3 by the sign of x; |x| - 3; x^2/4 - 3; x^3/36",
      .high = BOUNDARY_CUBIC,
      .whole = true,
      .choices = "sine|step|wedge|parabola|cubic" },
    { .name = "noise", .summary = "share of wrong labels near the curve", .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_boundary = {
    .name = "boundary",
    .summary = "two classes above and below a curve, 2 inputs in -6 .. 6",
    .formula = "class 1 where y > f(x), after moving by noise",
    .source = "-",
    .options = boundary_options,
    .make = boundary_make,
};
