/* schedule.h - how the step size goes on through training. One schedule, one file: sl_schedule_NAME. */
#ifndef SL_OPTIM_SCHEDULE_SCHEDULE_H
#define SL_OPTIM_SCHEDULE_SCHEDULE_H

#include "core/option.h"

typedef struct sl_course sl_course;

typedef struct {
    const char *name, *summary, *formula, *source;
    const sl_option *options; /* what the word takes; NULL: nothing */
    /* So many first options are numbers of steps: whole, or below 1 a share of those behind the warm-up. */
    int spans;
    const char
        *never;  /* what the schedule never does where its span is as long as the training; NULL: fine */
    bool ends;   /* how far training has come counts, so its length must be known */
    bool rises;  /* it begins below lr by itself: a warm-up before it would be a second one */
    bool judged; /* it goes by the losses of epochs: sl_course_judge */
    /* The share of lr when `at` updates are done behind the warm-up, of `left` in all (below 1: endless). */
    double (*share)(const sl_course *course, double at, double left);
    /* Telling places, ascending from index 0, as `at`; below 0: no more of them. NULL: none. */
    double (*turn)(const sl_course *course, double left, int index);
    /* For explanations (explain/written.h): the step size, "p = ..; lr = ..", from lr0, the one that was
     * given, the options, `done` updates behind the warm-up of `left`, and what `place` tells: since, period.
     */
    const char *written;
    void (*place)(const sl_course *course, double done, double *since, double *period); /* NULL: nothing */
} sl_schedule;

struct sl_course { /* a schedule with its numbers */
    const sl_schedule *schedule;
    double warmup, steps;           /* in updates; steps 0: endless */
    double values[SL_MOST_OPTIONS]; /* of its options, spans in updates */
    bool by_length;                 /* steps count: for the schedule itself, or for a share of them */
    double best, scale;             /* judged: the loss to beat; the share of lr that is left */
    uint64_t waited;                /* ... and epochs since it was beaten */
};

const sl_schedule *sl_schedule_at(size_t index); /* NULL behind the last */
/* The schedule that `wanted` names (NULL: constant), its options, warmup and steps checked, as far as they
 * are known. */
const sl_schedule *sl_schedule_find(sl_ctx *ctx, const sl_optimizer *wanted);
/* The schedule and what differs from its defaults: reads back as the same. NULL: of NULL, or a failure. The
 * caller frees it. */
char *sl_schedule_text(sl_ctx *ctx, const char *schedule);
/* SL_EINVAL when the length is wanted and not known. */
sl_status sl_course_plan(sl_ctx *ctx, const sl_optimizer *set, sl_course *course);
/* The step size of the update behind `done` others: in double, so that it is the same everywhere. */
double sl_course_rate(const sl_course *course, double lr, uint64_t done);
/* An epoch has ended with this loss. true: the step size has fallen. */
bool sl_course_judge(sl_course *course, double loss);
/* Updates, from 1, at which a table of the course tells most, ascending: at most `most`; how many. */
int sl_course_points(const sl_course *course, uint64_t *points, int most);

/* 0 in the first step behind the warm-up, 1 behind the last step, and there it stays. */
static inline double sl_schedule_progress(double at, double left)
{
    return at < left ? at / left : 1;
}

/* x^n for whole n >= 0: exact where the products are. */
static inline double sl_schedule_power(double x, double n)
{
    double power = 1;
    for (uint64_t bits = (uint64_t)n; bits; bits >>= 1, x *= x)
        power *= bits & 1 ? x : 1;
    return power;
}

#endif
