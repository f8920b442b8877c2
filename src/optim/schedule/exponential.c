/* exponential: what step does in stairs, smoothly. */
#include "kernel/math.h"
#include "optim/schedule/schedule.h"

#include <math.h>

static double exponential_share(const sl_course *course, double at, double left)
{
    (void)left;
    return sl_pow_d(course->values[1], at / course->values[0]);
}

static double exponential_turn(const sl_course *course, double left, int index)
{
    (void)left;
    return course->values[0] * (index + 1);
}

static const sl_option exponential_options[] = {
    { .name = "every",
      .summary =
          "steps in which lr falls by the factor, or below 1 that share of the steps behind the warm-up",
      .normal = 0.5,
      .low = 0,
      .high = HUGE_VAL,
      .above_low = true },
    { .name = "factor",
      .summary = "what lr is multiplied by in so many steps",
      .normal = 0.1,
      .low = 0,
      .high = 1,
      .above_low = true,
      .below_high = true },
    { 0 },
};

const sl_schedule sl_schedule_exponential = {
    .name = "exponential",
    .summary = "falls smoothly, by the same factor in the same number of steps",
    .formula = "lr factor^(t / every), t = step - 1 - warmup",
    .source = "Goodfellow, Bengio, Courville, Deep Learning, 2016, section 8.3.1; PyTorch's ExponentialLR",
    .options = exponential_options,
    .spans = 1,
    .share = exponential_share,
    .turn = exponential_turn,
    .written = "lr = lr0*factor^(done/every)",
};
