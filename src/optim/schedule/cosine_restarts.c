/* cosine_restarts: the cosine again and again, each time `factor` times as long. */
#include "kernel/math.h"
#include "optim/schedule/schedule.h"

#include <math.h>

/* Where the period begins that `at` lies in, and its length. All whole numbers, so exact. */
static double cosine_restarts_period(const sl_course *course, double at, double *length)
{
    const double factor = course->values[1];
    double begin = 0;
    *length = course->values[0];
    if (factor == 1)
        return floor(at / *length) * *length;
    while (at >= begin + *length) {
        begin += *length;
        *length *= factor;
    }
    return begin;
}

static void cosine_restarts_place(const sl_course *course, double done, double *since, double *period)
{
    *since = done - cosine_restarts_period(course, done, period);
}

static double cosine_restarts_share(const sl_course *course, double at, double left)
{
    (void)left;
    double length;
    const double end = course->values[2], begin = cosine_restarts_period(course, at, &length);
    return end + (1 - end) * (0.5 * (1 + sl_cos_d(0x1.921fb54442d18p+1 * ((at - begin) / length)))); /* pi */
}

/* The last step of each period, and the first of the next. */
static double cosine_restarts_turn(const sl_course *course, double left, int index)
{
    (void)left;
    double begin = 0, length = course->values[0];
    for (int i = 0; i <= index / 2; i++, length *= course->values[1])
        begin += length;
    return index % 2 ? begin : begin - 1;
}

static const sl_option cosine_restarts_options[] = {
    { .name = "first",
      .summary = "steps of the first period, or below 1 that share of the steps behind the warm-up",
      .normal = 0.25,
      .low = 0,
      .high = HUGE_VAL,
      .above_low = true },
    { .name = "factor",
      .summary = "how many times as long as the one before a period is",
      .normal = 1,
      .low = 1,
      .high = 100,
      .whole = true },
    { .name = "end", .summary = "the share of lr at the end of a period", .low = 0, .high = 1 },
    { 0 },
};

const sl_schedule sl_schedule_cosine_restarts = {
    .name = "cosine_restarts",
    .summary = "falls from lr to 0 along half a cosine, then begins again at lr, and again",
    .formula =
        "lr (end + (1 - end)/2 (1 + cos(pi t / T))), t: steps since the restart, T: its period's length",
    .source = "Loshchilov, Hutter, ICLR 2017 (SGDR)",
    .options = cosine_restarts_options,
    .spans = 1,
    .never = "restarts",
    .share = cosine_restarts_share,
    .turn = cosine_restarts_turn,
    .written = "lr = lr0*(end + (1 - end)*(1 + cos(pi*since/period))/2)",
    .place = cosine_restarts_place,
};
