/* one_cycle: up to lr, then far down, in two pieces of a cosine. The peak is a step of its own and the last
 * step has the least step size, as in PyTorch's OneCycleLR (momentum stays as it is). */
#include "kernel/math.h"
#include "optim/schedule/schedule.h"

/* From a at p = 0 to b at p = 1. */
static double one_cycle_piece(double a, double b, double p)
{
    return b + (a - b) * (0.5 * (1 + sl_cos_d(0x1.921fb54442d18p+1 * p))); /* pi */
}

static double one_cycle_peak(const sl_course *course, double left)
{
    const double peak = course->values[0] * left - 1;
    return peak > 0 ? peak : 0;
}

static double one_cycle_share(const sl_course *course, double at, double left)
{
    const double low = course->values[1], end = course->values[2], peak = one_cycle_peak(course, left),
                 last = left - 1;
    if (at < peak)
        return one_cycle_piece(low, 1, at / peak);
    return one_cycle_piece(1, end, at < last ? (at - peak) / (last - peak) : at > peak);
}

static double one_cycle_turn(const sl_course *course, double left, int index)
{
    const double peak = one_cycle_peak(course, left), whole = (double)(uint64_t)(peak + 0.5);
    return index == 0 ? whole / 2 : index == 1 ? whole : -1;
}

static const sl_option one_cycle_options[] = {
    { .name = "up",
      .summary = "the share of all steps in which it rises",
      .normal = 0.3,
      .low = 0,
      .high = 1,
      .above_low = true,
      .below_high = true },
    { .name = "start",
      .summary = "the share of lr in the first step",
      .normal = 0.04,
      .low = 0,
      .high = 1,
      .normally = "0.04: lr/25" },
    { .name = "end", .summary = "the share of lr in the last step", .normal = 1e-4, .low = 0, .high = 1 },
    { 0 },
};

const sl_schedule sl_schedule_one_cycle = {
    .name = "one_cycle",
    .summary = "rises from lr/25 to lr, then falls to lr/10000 at the end of training, along cosines",
    .formula =
        "lr (b + (a - b)/2 (1 + cos(pi q))), q from 0 to 1: first a = start, b = 1; then a = 1, b = end",
    .source = "Smith, Topin, 2018, arXiv:1708.07120; Smith, 2018, arXiv:1803.09820",
    .options = one_cycle_options,
    .ends = true,
    .rises = true,
    .share = one_cycle_share,
    .turn = one_cycle_turn,
    .written = "peak = max(up*left - 1, 0); q = done/peak if done < peak | (done - peak)/(left - 1 - peak) "
               "if done < left - 1 | 1 if done > peak | 0; lr = lr0*(1 + (start - 1)*(1 + cos(pi*q))/2) if "
               "done < peak | lr0*(end + (1 - end)*(1 + cos(pi*q))/2)",
};
