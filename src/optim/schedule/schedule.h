/* schedule.h - how the step size goes on through training. One schedule, one file: sl_schedule_NAME. */
#ifndef SL_OPTIM_SCHEDULE_SCHEDULE_H
#define SL_OPTIM_SCHEDULE_SCHEDULE_H

#include "core/ctx.h"

typedef struct {
    const char *name, *summary, *formula, *source;
    const sl_option *options; /* what the word takes; NULL: nothing */
    bool ends;                /* how far training has come counts, so its length must be known */
    /* The share of lr at progress p: 0 in the first step behind the warm-up, 1 behind the last step. */
    double (*share)(double p);
} sl_schedule;

const sl_schedule *sl_schedule_at(size_t index); /* NULL behind the last */
/* The schedule that `wanted` names (NULL: constant); its warmup and steps checked, as far as they are known.
 */
const sl_schedule *sl_schedule_find(sl_ctx *ctx, const sl_optimizer *wanted);
/* Must `steps` be known? For the schedule itself, or for a warm-up that is a share of them. */
bool sl_schedule_wants_steps(const sl_schedule *schedule, double warmup);

typedef struct { /* a schedule with its numbers */
    const sl_schedule *schedule;
    double warmup, steps; /* in updates; steps 0: endless */
} sl_course;
/* SL_EINVAL when the length is wanted and not known. */
sl_status sl_course_plan(sl_ctx *ctx, const sl_optimizer *set, sl_course *course);
/* The step size of the update behind `done` others: in double, so that it is the same everywhere. */
double sl_course_rate(const sl_course *course, double lr, uint64_t done);

#endif
