/* constant: the step size stays as it is. */
#include "optim/schedule/schedule.h"

static double constant_share(const sl_course *course, double at, double left)
{
    (void)course, (void)at, (void)left;
    return 1;
}

const sl_schedule sl_schedule_constant = {
    .name = "constant",
    .summary = "the step size stays as it is",
    .formula = "lr",
    .source = "Bottou, Curtis, Nocedal, SIAM Review 2018, section 4",
    .share = constant_share,
    .written = "lr = lr0",
};
