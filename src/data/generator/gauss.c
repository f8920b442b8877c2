/* gauss.c - two round clouds.
 * Class 1 around (2, 2), class 0 around (-2, -2), each coordinate normal with variance 0.5 + 7 noise (0.5 to
 * 4 as noise goes from 0 to 0.5). The law of TensorFlow Playground (Smilkov, Carter 2016), slider / 100. */
#include "data/generator.h"

#include <math.h>

static sl_data *gauss_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const double deviation = sqrt(0.5 + 7.0 * values[1]);
    const size_t rows = (size_t)values[0];
    sl_data *data = sl_generator_data(ctx, rows, 2, 2);
    for (size_t row = 0; data && row < rows; row++) {
        const double middle = row % 2 ? 2.0 : -2.0;
        sl_stream stream = sl_generator_row(values[2], SL_STREAM_GAUSS, row);
        data->store->reals[2 * row] = (sl_real)(middle + deviation * sl_generator_normal(&stream));
        data->store->reals[2 * row + 1] = (sl_real)(middle + deviation * sl_generator_normal(&stream));
        data->store->targets[row] = (sl_real)(row % 2);
    }
    return data;
}

static const sl_option gauss_options[] = {
    SL_OPTION_ROWS(500),
    { .name = "noise", .summary = "how wide the clouds are (Playground's slider / 100)", .high = 0.5 },
    SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_gauss = {
    .name = "gauss",
    .summary = "two round clouds, 2 inputs, class 1 around (2, 2), class 0 around (-2, -2)",
    .formula = "normal with variance 0.5 + 7 noise around (2, 2) and (-2, -2)",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .options = gauss_options,
    .make = gauss_make,
};
