/* plateau: falls when epochs bring nothing more. What it goes by is the validation loss, or without
 * validation rows the train loss: sl_course_judge. */
#include "optim/schedule/schedule.h"

#include <math.h>

static double plateau_share(const sl_course *course, double at, double left)
{
    (void)at, (void)left;
    return course->scale;
}

/* An epoch is better when its loss lies below the best one by more than threshold times that. */
bool sl_course_judge(sl_course *course, double loss)
{
    if (!course->schedule->judged)
        return false;
    const double factor = course->values[0], patience = course->values[1], threshold = course->values[2],
                 least = course->values[3], before = course->scale;
    if (!(course->best < HUGE_VAL) || loss < course->best - threshold * fabs(course->best)) {
        course->best = loss;
        course->waited = 0;
        return false;
    }
    course->waited++;
    if ((double)course->waited <= patience)
        return false;
    course->waited = 0;
    course->scale = before * factor > least ? before * factor : least;
    return course->scale < before;
}

static const sl_option plateau_options[] = {
    { .name = "factor",
      .summary = "what lr is multiplied by",
      .normal = 0.1,
      .low = 0,
      .high = 1,
      .above_low = true,
      .below_high = true },
    { .name = "patience",
      .summary = "epochs without improvement that are waited for: it falls behind the next one",
      .normal = 10,
      .low = 0,
      .high = 1000000,
      .whole = true },
    { .name = "threshold",
      .summary = "the share of the best loss by which another must lie below it to be better",
      .normal = 1e-4,
      .low = 0,
      .high = 1,
      .below_high = true },
    { .name = "least", .summary = "the share of lr below which it does not fall", .low = 0, .high = 1 },
    { 0 },
};

const sl_schedule sl_schedule_plateau = {
    .name = "plateau",
    .summary =
        "falls by a factor when epochs bring nothing more, by the validation loss or else the train loss",
    .formula = "lr factor^k, k: how often more than `patience` epochs in a row were not better",
    .source = "PyTorch's ReduceLROnPlateau; He, Zhang, Ren, Sun, CVPR 2016, section 3.4",
    .options = plateau_options,
    .judged = true,
    .share = plateau_share,
    .written = "lr = lr0*scale",
};
