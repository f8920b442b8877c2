/* beale: a plain with steep edges; the gradient differs by four orders of magnitude between the two. */
#include "descend/function.h"

static int beale_minima(const double *values, double (*at)[2])
{
    (void)values;
    at[0][0] = 3;
    at[0][1] = 0.5;
    return 1;
}

const sl_landscape sl_landscape_beale = {
    .name = "beale",
    .summary = "a plain between steep edges: no one step size suits both",
    .formula = "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
    .source = "Beale, On an iterative method for finding a local minimum, Princeton, 1958",
    .start = { 1, 1.5 },
    .lr = 0.003,
    .low = { -1, -1.5 },
    .high = { 4.5, 2 },
    .minima = beale_minima,
};
