/* rastrigin: a bowl full of dents. */
#include "descend/function.h"

static int rastrigin_minima(const double *values, double (*at)[2])
{
    (void)values;
    at[0][0] = at[0][1] = 0;
    return 1;
}

static const sl_option rastrigin_options[] = {
    { .name = "depth", .summary = "how deep the dents are", .normal = 10, .high = 1e3 },
    { 0 },
};

const sl_landscape sl_landscape_rastrigin = {
    .name = "rastrigin",
    .summary = "a bowl full of dents: about a hundred local minima, one of them global",
    .formula = "2*depth + x^2 - depth*cos(2*pi*x) + y^2 - depth*cos(2*pi*y)",
    .source = "Rastrigin, Systems of Extremal Control, 1974",
    .options = rastrigin_options,
    .start = { 3.3, -2.2 },
    .lr = 0.002,
    .low = { -5.12, -5.12 },
    .high = { 5.12, 5.12 },
    .minima = rastrigin_minima,
};
