/* rosenbrock: a curved valley with steep sides and a floor that is nearly level. */
#include "descend/function.h"

static int rosenbrock_minima(const double *values, double (*at)[2])
{
    at[0][0] = values[0];
    at[0][1] = values[0] * values[0];
    return 1;
}

static const sl_option rosenbrock_options[] = {
    { .name = "a", .summary = "where the minimum is: x = a, y = a^2", .normal = 1, .low = -1.5, .high = 1.5 },
    { .name = "b", .summary = "how steep the sides are", .normal = 100, .high = 1e6, .above_low = true },
    { 0 },
};

const sl_landscape sl_landscape_rosenbrock = {
    .name = "rosenbrock",
    .summary = "a curved valley with steep sides: quickly found, slowly walked",
    .formula = "(a - x)^2 + b*(y - x^2)^2",
    .source = "Rosenbrock, The Computer Journal 3, 1960",
    .options = rosenbrock_options,
    .start = { -1.2, 1 },
    .lr = 0.001,
    .low = { -2, -1 },
    .high = { 2, 3 },
    .minima = rosenbrock_minima,
};
