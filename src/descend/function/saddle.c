/* saddle: down along y, up along x; at 0, 0 the gradient is zero and it is no minimum. */
#include "descend/function.h"

const sl_landscape sl_landscape_saddle = {
    .name = "saddle",
    .summary = "up along x, down along y: the gradient is 0 in the middle, which is no minimum",
    .formula = "x^2 - y^2",
    .source = "the simplest saddle point",
    .start = { -2, 0.001 },
    .lr = 0.1,
    .low = { -2.5, -2.5 },
    .high = { 2.5, 2.5 },
};
