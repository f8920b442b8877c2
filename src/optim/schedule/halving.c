/* halving: the sum of all steps is finite (2 every lr), so it can stop short of a minimum that is farther. */
#include "kernel/math.h"
#include "optim/schedule/schedule.h"

#include <math.h>

static double halving_share(const sl_course *course, double at, double left)
{
    (void)left;
    const double times = floor(at / course->values[0]);
    return times <= 1022 ? math_double((uint64_t)(1023 - times) << 52) : 0; /* 2^-times, exactly */
}

static double halving_turn(const sl_course *course, double left, int index)
{
    (void)left;
    return course->values[0] * (index + 1);
}

static const sl_option halving_options[] = {
    { .name = "every",
      .summary = "steps between two halvings, or below 1 that share of the steps behind the warm-up",
      .normal = 1,
      .low = 0,
      .high = HUGE_VAL,
      .above_low = true,
      .normally = "1: in each step" },
    { 0 },
};

const sl_schedule sl_schedule_halving = {
    .name = "halving",
    .summary =
        "halves again and again, with each update if nothing else is said: can stop short of a minimum",
    .formula = "lr / 2^floor(t / every), t = step - 1 - warmup",
    .source =
        "Nocedal, Wright, Numerical Optimization, 2006, section 3.1 (why steps that shrink too fast stop)",
    .options = halving_options,
    .spans = 1,
    .never = "falls",
    .share = halving_share,
    .turn = halving_turn,
    .written = "lr = lr0/2^floor(done/every)",
};
