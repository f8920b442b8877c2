/* shift: the picture moves by u pixels to the right and v down, each uniform in -pixels .. pixels. */
#include "data/augment/augmentation.h"

static const sl_option shift_options[] = {
    { "pixels", "the farthest, in each direction; may be a fraction", 1, 0, .high = 1000 },
    { 0 },
};

static void shift_move(const double *values, const double u[4], sl_warp *warp)
{
    sl_warp_then(warp, (sl_warp){ 1, 0, -values[0] * u[0], 0, 1, -values[0] * u[1] });
}

const sl_augmentation sl_augmentation_shift = {
    .name = "shift",
    .summary = "moves the picture sideways and up or down",
    .formula = "y(q) = x(q - s), s uniform in [-pixels, pixels]^2",
    .source = "LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE 86, 1998",
    .options = shift_options,
    .draws = SL_DRAWS_SHIFT,
    .images = true,
    .move = shift_move,
};
