/* bowl: a quadratic with curvature a along x and b along y; its condition number is the larger over the
 * smaller. */
#include "descend/function.h"

static int bowl_minima(const double *values, double (*at)[2])
{
    (void)values;
    at[0][0] = at[0][1] = 0;
    return 1;
}

static const sl_option bowl_options[] = {
    { .name = "a", .summary = "curvature along x", .normal = 1, .high = 1e6, .above_low = true },
    { .name = "b", .summary = "curvature along y", .normal = 10, .high = 1e6, .above_low = true },
    { 0 },
};

const sl_landscape sl_landscape_bowl = {
    .name = "bowl",
    .summary = "a quadratic bowl, round where a = b, else a long valley: the larger over the smaller is its "
               "condition number",
    .formula = "(a*x^2 + b*y^2)/2",
    .source = "Goodfellow, Bengio, Courville, Deep Learning, 2016, section 4.3.1",
    .options = bowl_options,
    .start = { -4, 1.5 },
    .lr = 0.1,
    .low = { -5, -3 },
    .high = { 5, 3 },
    .minima = bowl_minima,
};
