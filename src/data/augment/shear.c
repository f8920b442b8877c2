/* shear: the picture slants; a point y below the middle moves u y to the right, u uniform in -by .. by. */
#include "data/augment/augmentation.h"

static const sl_option shear_options[] = {
    { "by", "the largest slant: pixels sideways for each pixel of height", 0.1, 0, .high = 10 },
    { 0 },
};

static void shear_move(const double *values, const double u[4], sl_warp *warp)
{
    sl_warp_then(warp, (sl_warp){ 1, -values[0] * u[0], 0, 0, 1, 0 });
}

const sl_augmentation sl_augmentation_shear = {
    .name = "shear",
    .summary = "slants the picture, as handwriting does",
    .formula = "y(q) = x(q_x - u q_y, q_y), u uniform in [-by, by]",
    .source = "LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE 86, 1998",
    .options = shear_options,
    .draws = SL_DRAWS_SHEAR,
    .images = true,
    .move = shear_move,
};
