/* quartic: two valleys and a hill between them, f' = 3.3 (x + 2.5) (x - 0.4) (x - 2.6), f(-2.5) = -47.25.
 * Ours: made so that the walks which lectures draw on such a curve (from 0.1, 1 and -3.5, with steps of 0.05,
 * 0.025 and halved ones) do what they are said to do. */
#include "descend/function.h"

static int quartic_minima(const double *values, double (*at)[2])
{
    (void)values;
    at[0][0] = -2.5;
    return 1;
}

const sl_landscape sl_landscape_quartic = {
    .name = "quartic",
    .summary = "two valleys: the global minimum at x = -2.5, another at 2.6, and a hilltop at 0.4",
    .formula = "3.3*(x^4/4 - x^3/6 - 3.23*x^2 + 2.6*x)",
    .source = "slope's own: f' = 3.3 (x + 2.5) (x - 0.4) (x - 2.6)",
    .start = { -3.5 },
    .lr = 0.025,
    .low = { -4 },
    .high = { 4.5 },
    .minima = quartic_minima,
};
