/* exercise: one weight x, one row: the squared error of y = input x. */
#include "descend/function.h"

#include <math.h>

static int exercise_minima(const double *values, double (*at)[2])
{
    at[0][0] = values[0] / values[1];
    return 1;
}

static const sl_option exercise_options[] = {
    { .name = "target", .summary = "what should come out", .normal = 10, .low = -1e6, .high = 1e6 },
    { .name = "input",
      .summary = "what the weight x is multiplied by",
      .normal = 2,
      .low = 1e-3,
      .high = 1e3 },
    { 0 },
};

const sl_landscape sl_landscape_exercise = {
    .name = "exercise",
    .summary = "the squared error of one weight on one row: a parabola with its minimum at target/input",
    .formula = "(target - input*x)^2",
    .source = "least squares with one weight: f' = 2 input (input x - target)",
    .options = exercise_options,
    .start = { 6 },
    .lr = 0.01,
    .low = { 2 },
    .high = { 8 },
    .minima = exercise_minima,
};
