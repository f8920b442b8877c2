/* rotate: the picture turns around its middle by an angle that is uniform in -degrees .. degrees; counted
 * against the clock. */
#include "data/augment/augmentation.h"
#include "kernel/math.h"

static const sl_option rotate_options[] = {
    { "degrees", "the largest angle, to either side", 10, 0, .high = 180 },
    { 0 },
};

static void rotate_move(const double *values, const double u[4], sl_warp *warp)
{
    const double angle = values[0] * u[0] * (0x1.921fb54442d18p+1 / 180); /* pi */
    const double c = sl_cos_d(angle), s = sl_sin_d(angle);
    sl_warp_then(warp, (sl_warp){ c, -s, 0, s, c, 0 }); /* y points down */
}

const sl_augmentation sl_augmentation_rotate = {
    .name = "rotate",
    .summary = "turns the picture around its middle",
    .formula = "y(q) = x(R(-a) q), a uniform in [-degrees, degrees]",
    .source = "Simard, Steinkraus, Platt, ICDAR 2003",
    .options = rotate_options,
    .draws = SL_DRAWS_ROTATE,
    .images = true,
    .move = rotate_move,
};
