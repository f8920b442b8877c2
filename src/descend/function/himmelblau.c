/* himmelblau: four valleys, equally deep. The three minima beside (3, 2) are roots of both brackets, to the
 * last digit of double. */
#include "descend/function.h"

#include <string.h>

static int himmelblau_minima(const double *values, double (*at)[2])
{
    static const double places[4][2] = { { 3, 2 },
                                         { -2.805118086952745, 3.131312518250573 },
                                         { -3.779310253377747, -3.283185991286169 },
                                         { 3.584428340330492, -1.848126526964404 } };
    (void)values;
    memcpy(at, places, sizeof places);
    return 4;
}

const sl_landscape sl_landscape_himmelblau = {
    .name = "himmelblau",
    .summary = "four valleys, equally deep: where one starts decides where one ends",
    .formula = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    .source = "Himmelblau, Applied Nonlinear Programming, 1972",
    .start = { -0.5, -0.5 },
    .lr = 0.01,
    .low = { -5, -5 },
    .high = { 5, 5 },
    .minima = himmelblau_minima,
};
