/* inverse: 1/t. The steps sum up to infinity and their squares do not: what the proof for noisy gradients
 * asks for. */
#include "optim/schedule/schedule.h"

#include <math.h>

static double inverse_share(const sl_course *course, double at, double left)
{
    (void)left;
    return 1 / (1 + course->values[0] * at);
}

static double inverse_turn(const sl_course *course, double left, int index)
{
    (void)course, (void)left;
    return sl_schedule_power(10, index) - (index > 0); /* steps 2, 10, 100, ... */
}

static const sl_option inverse_options[] = {
    { .name = "rate",
      .summary = "how fast: lr is half in step 1 + 1/rate",
      .normal = 1,
      .low = 0,
      .high = HUGE_VAL,
      .above_low = true },
    { 0 },
};

const sl_schedule sl_schedule_inverse = {
    .name = "inverse",
    .summary = "falls as 1/t: lr, lr/2, lr/3, ... at rate 1",
    .formula = "lr / (1 + rate t), t = step - 1 - warmup",
    .source = "Robbins, Monro, Annals of Mathematical Statistics 1951",
    .options = inverse_options,
    .share = inverse_share,
    .turn = inverse_turn,
    .written = "lr = lr0/(1 + rate*done)",
};
