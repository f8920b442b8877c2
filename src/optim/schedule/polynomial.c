/* polynomial: a straight line from lr down to 0 (or `end`), or a power of it. */
#include "kernel/math.h"
#include "optim/schedule/schedule.h"

#include <math.h>

static double polynomial_share(const sl_course *course, double at, double left)
{
    const double power = course->values[0], end = course->values[1],
                 rest = 1 - sl_schedule_progress(at, left);
    return end + (1 - end) * (power == 1 ? rest : sl_pow_d(rest, power));
}

static const sl_option polynomial_options[] = {
    { .name = "power",
      .summary = "1: a straight line; above 1: fast first, then slow",
      .normal = 1,
      .low = 0,
      .high = HUGE_VAL,
      .above_low = true },
    { .name = "end", .summary = "the share of lr at the end", .low = 0, .high = 1 },
    { 0 },
};

const sl_schedule sl_schedule_polynomial = {
    .name = "polynomial",
    .summary = "falls from lr to 0 at the end of training, in a straight line or as a power of it",
    .formula = "lr (end + (1 - end) (1 - p)^power), p = (step - 1 - warmup) / (steps - warmup)",
    .source = "Chen, Papandreou, Kokkinos, Murphy, Yuille, PAMI 2018 (DeepLab), section 4.1",
    .options = polynomial_options,
    .ends = true,
    .share = polynomial_share,
    .written = "p = min(done/left, 1); lr = lr0*(end + (1 - end)*(1 - p)^power)",
};
