/* moons.c - two half circles that hold each other.
 * Class 0: (cos t, sin t), class 1: (1 - cos t, 1/2 - sin t), t from 0 to pi in equal steps; each coordinate
 * plus noise * normal. The "two moons" of the semi-supervised learning literature, in the form of
 * scikit-learn's make_moons (Pedregosa et al., JMLR 12, 2011). */
#include "data/generator.h"
#include "kernel/math.h"

static sl_data *moons_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const size_t rows = (size_t)values[0];
    const double noise = values[1];
    sl_data *data = sl_generator_data(ctx, rows, 2, 2);
    for (size_t row = 0; data && row < rows; row++) {
        const size_t class = row % 2, n = class ? rows / 2 : rows - rows / 2;
        const double t = 0x1.921fb54442d18p+1 * (double)(row / 2) / (double)(n > 1 ? n - 1 : 1);
        const double x = sl_cos_d(t), y = sl_sin_d(t);
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_MOONS, row);
        const double dx = noise * sl_generator_normal(&stream), dy = noise * sl_generator_normal(&stream);
        data->store->reals[2 * row] = (sl_real)((class ? 1.0 - x : x) + dx);
        data->store->reals[2 * row + 1] = (sl_real)((class ? 0.5 - y : y) + dy);
        data->store->targets[row] = (sl_real) class;
    }
    return data;
}

static const sl_option moons_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise", .summary = "standard deviation of what is added", .normal = 0.1, .high = 1 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_moons = {
    .name = "moons",
    .summary = "two half circles that hold each other, 2 inputs, class 0 is the upper one",
    .formula = "class 0 (cos t, sin t), class 1 (1 - cos t, 1/2 - sin t), t in 0 .. pi, + noise normal",
    .source = "scikit-learn's make_moons (Pedregosa et al. 2011)",
    .options = moons_options,
    .make = moons_make,
};
