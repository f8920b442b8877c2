/* scale: the picture becomes 1 + u times as large, in both directions alike, u uniform in -by .. by. */
#include "data/augment/augmentation.h"

static const sl_option scale_options[] = {
    { "by", "the largest share that it grows or shrinks by", 0.1, 0, 1, .below_high = true },
    { 0 },
};

static void scale_move(const double *values, const double u[4], sl_warp *warp)
{
    const double back = 1 / (1 + values[0] * u[0]);
    sl_warp_then(warp, (sl_warp){ back, 0, 0, 0, back, 0 });
}

const sl_augmentation sl_augmentation_scale = {
    .name = "scale",
    .summary = "makes the picture larger or smaller around its middle",
    .formula = "y(q) = x(q / f), f uniform in [1 - by, 1 + by]",
    .source = "LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE 86, 1998",
    .options = scale_options,
    .draws = SL_DRAWS_SCALE,
    .images = true,
    .move = scale_move,
};
