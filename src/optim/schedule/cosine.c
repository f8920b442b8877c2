/* cosine: half a wave from lr down to 0 (or `end`): slow at both ends, half of lr in the middle. The first
 * step behind the warm-up has p = 0, and p = 1 lies behind the last step, so that no step is wasted on a step
 * size of 0. */
#include "kernel/math.h"
#include "optim/schedule/schedule.h"

static double cosine_share(const sl_course *course, double at, double left)
{
    const double end = course->values[0], p = sl_schedule_progress(at, left);
    return end + (1 - end) * (0.5 * (1 + sl_cos_d(0x1.921fb54442d18p+1 * p))); /* pi */
}

static const sl_option cosine_options[] = {
    { .name = "end", .summary = "the share of lr at the end", .low = 0, .high = 1 },
    { 0 },
};

const sl_schedule sl_schedule_cosine = {
    .name = "cosine",
    .summary = "falls from lr to 0 at the end of training, along half a cosine",
    .formula = "lr (end + (1 - end)/2 (1 + cos(pi p))), p = (step - 1 - warmup) / (steps - warmup)",
    .source = "Loshchilov, Hutter, ICLR 2017 (SGDR), without restarts",
    .options = cosine_options,
    .ends = true,
    .share = cosine_share,
    .written = "p = min(done/left, 1); lr = lr0*(end + (1 - end)*(1 + cos(pi*p))/2)",
};
