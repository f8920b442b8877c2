/* registry.c - the schedules of this folder by name; warm-up, and the step size of each step. */
#include "core/text.h"
#include "optim/schedule/schedule.h"

#include <math.h>
#include <string.h>

#define SL_INDEX(name) extern const sl_schedule sl_schedule_##name;
#include "optim/schedule/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_schedule_##name,
static const sl_schedule *const schedule_registry[] = {
#include "optim/schedule/index.inc"
    NULL
};
#undef SL_INDEX
enum { SCHEDULE_COUNT = sizeof schedule_registry / sizeof *schedule_registry - 1 };

const sl_schedule *sl_schedule_at(size_t index)
{
    return index < SCHEDULE_COUNT ? schedule_registry[index] : NULL;
}

static const sl_schedule *schedule_named(sl_ctx *ctx, const char *name)
{
    const char *names[SCHEDULE_COUNT];
    for (size_t i = 0; i < SCHEDULE_COUNT; i++) {
        names[i] = schedule_registry[i]->name;
        if (!strcmp(names[i], name))
            return schedule_registry[i];
    }
    sl_fail_word(ctx, "schedule", name, names, SCHEDULE_COUNT);
    return NULL;
}

/* In updates; a share of the steps is rounded. */
static double schedule_warmup(double warmup, double steps)
{
    return warmup < 1 ? floor(warmup * steps + 0.5) : warmup;
}

const sl_schedule *sl_schedule_find(sl_ctx *ctx, const sl_optimizer *wanted)
{
    const sl_schedule *schedule = schedule_named(ctx, wanted->schedule ? wanted->schedule : "constant");
    const double warmup = wanted->warmup, steps = (double)wanted->steps;
    char number[32];
    if (!schedule)
        return NULL;
    if (!(warmup >= 0 && warmup <= 0x1p53) || (warmup >= 1 && warmup != floor(warmup))) {
        sl_fail(
            ctx, SL_EINVAL,
            "warmup is %s: wants a whole number of steps, or a share of all steps, 0 or more and less than 1",
            sl_number_text(number, warmup));
        return NULL;
    }
    if (steps > 0 && schedule_warmup(warmup, steps) >= steps) {
        sl_fail(ctx, SL_EINVAL,
                "warmup lasts to step %s%s, and the training to step %zu: wants a shorter one, which leaves "
                "steps behind it",
                sl_number_text(number, schedule_warmup(warmup, steps)),
                warmup < 1 ? " (a share of all, rounded)" : "", wanted->steps);
        return NULL;
    }
    return schedule;
}

bool sl_schedule_wants_steps(const sl_schedule *schedule, double warmup)
{
    return schedule->ends || (warmup > 0 && warmup < 1);
}

sl_status sl_course_plan(sl_ctx *ctx, const sl_optimizer *set, sl_course *course)
{
    const sl_schedule *schedule = sl_schedule_find(ctx, set);
    if (!schedule)
        return ctx->status;
    char number[32];
    if (!set->steps && schedule->ends)
        return sl_fail(
            ctx, SL_EINVAL,
            "schedule %s ends with the training, and where that ends is not known: give epochs or steps "
            "(--epochs, --steps)",
            schedule->name);
    if (!set->steps && sl_schedule_wants_steps(schedule, set->warmup))
        return sl_fail(ctx, SL_EINVAL,
                       "warmup is %s of all steps, and how many there are is not known: give epochs or steps "
                       "(--epochs, --steps), or warmup as a number of steps",
                       sl_number_text(number, set->warmup));
    *course = (sl_course){ schedule, schedule_warmup(set->warmup, (double)set->steps), (double)set->steps };
    return SL_OK;
}

double sl_course_rate(const sl_course *course, double lr, uint64_t done)
{
    const double at = (double)done - course->warmup;
    if (at < 0)
        return lr * (((double)done + 1) / course->warmup);
    const double left = course->steps - course->warmup;
    return lr *
           course->schedule->share(at < left ? at / left : 1); /* behind the end it stays as it is there */
}
