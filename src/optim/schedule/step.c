/* step: falls by a factor, again and again, and stays level between. */
#include "optim/schedule/schedule.h"

#include <math.h>

static double step_share(const sl_course *course, double at, double left)
{
    (void)left;
    return sl_schedule_power(course->values[1], floor(at / course->values[0]));
}

static double step_turn(const sl_course *course, double left, int index)
{
    (void)left;
    return course->values[0] * (index + 1);
}

static const sl_option step_options[] = {
    { .name = "every",
      .summary = "steps between two falls, or below 1 that share of the steps behind the warm-up",
      .normal = 0.3,
      .low = 0,
      .high = HUGE_VAL,
      .above_low = true },
    { .name = "factor",
      .summary = "what lr is multiplied by",
      .normal = 0.1,
      .low = 0,
      .high = 1,
      .above_low = true,
      .below_high = true },
    { 0 },
};

const sl_schedule sl_schedule_step = {
    .name = "step",
    .summary = "falls by a factor, again and again, and stays level between",
    .formula = "lr factor^floor(t / every), t = step - 1 - warmup",
    .source = "He, Zhang, Ren, Sun, CVPR 2016, section 4",
    .options = step_options,
    .spans = 1,
    .never = "falls",
    .share = step_share,
    .turn = step_turn,
    .written = "lr = lr0*factor^floor(done/every)",
};
