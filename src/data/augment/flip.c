/* flip: left and right change places, with probability chance. */
#include "data/augment/augmentation.h"

static const sl_option flip_options[] = {
    { "chance", "how likely it is", 0.5, 0, .high = 1 },
    { 0 },
};

static void flip_move(const double *values, const double u[4], sl_warp *warp)
{
    if (u[0] < 2 * values[0] - 1) /* u < 1, always: uniform in [-1, 1) */
        sl_warp_then(warp, (sl_warp){ -1, 0, 0, 0, 1, 0 });
}

const sl_augmentation sl_augmentation_flip = {
    .name = "flip",
    .summary = "mirrors the picture, left for right",
    .formula = "y(q) = x(-q_x, q_y) with probability chance",
    .source = "Krizhevsky, Sutskever, Hinton, NIPS 2012, section 4.1",
    .options = flip_options,
    .draws = SL_DRAWS_FLIP,
    .images = true,
    .move = flip_move,
};
