/* registry.c - the schedules of this folder by name, their options; warm-up, and the step size of each step.
 */
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

/* "step every=1000 factor=0.1" -> the schedule and its values; given: a bit for each that was. */
static const sl_schedule *schedule_read(sl_ctx *ctx, const char *text, double *values, unsigned *given)
{
    const char *names[SCHEDULE_COUNT];
    char name[48], place[64] = "schedule ";
    size_t length = sl_option_name_length(text);
    length = length < sizeof name ? length : sizeof name - 1;
    memcpy(name, text, length);
    name[length] = 0;
    for (size_t i = 0; i < SCHEDULE_COUNT; i++) {
        const sl_schedule *schedule = schedule_registry[i];
        names[i] = schedule->name;
        if (strcmp(names[i], name) != 0)
            continue;
        return sl_options_read(ctx, strcat(place, name), schedule->options, text + length, values, given)
                   ? NULL
                   : schedule;
    }
    sl_fail_word(ctx, "schedule", name, names, SCHEDULE_COUNT);
    return NULL;
}

/* In updates; a share of the steps is rounded. */
static double schedule_steps(double given, double steps)
{
    return given < 1 ? floor(given * steps + 0.5) : given;
}

static sl_status schedule_warmup(sl_ctx *ctx, const sl_schedule *schedule, double warmup, size_t steps)
{
    char number[32];
    if (!(warmup >= 0 && warmup <= 0x1p53) || (warmup >= 1 && warmup != floor(warmup)))
        return sl_fail(
            ctx, SL_EINVAL,
            "warmup is %s: wants a whole number of steps, or a share of all steps, 0 or more and less than 1",
            sl_number_text(number, warmup));
    if (warmup > 0 && schedule->rises)
        return sl_fail(
            ctx, SL_EINVAL,
            "warmup is %s, and schedule %s rises by itself: leave the warm-up out, or take another "
            "schedule, such as cosine",
            sl_number_text(number, warmup), schedule->name);
    if (steps && schedule_steps(warmup, (double)steps) >= (double)steps)
        return sl_fail(ctx, SL_EINVAL,
                       "warmup lasts to step %s%s, and the training to step %zu: wants a shorter one, which "
                       "leaves steps behind it",
                       sl_number_text(number, schedule_steps(warmup, (double)steps)),
                       warmup < 1 ? " (a share of all, rounded)" : "", steps);
    return SL_OK;
}

/* Spans in updates; what depends on the length is checked where that is known. */
static sl_status schedule_spans(sl_ctx *ctx, sl_course *course, unsigned given)
{
    const sl_schedule *schedule = course->schedule;
    const double left = course->steps - course->warmup;
    char number[32], other[32];
    for (int i = 0; i < schedule->spans; i++) {
        const sl_option *option = &schedule->options[i];
        double *value = &course->values[i];
        if (*value >= 1 && (*value != floor(*value) || *value > 0x1p53))
            return sl_fail(
                ctx, SL_EINVAL,
                "schedule %s: %s is %s: wants a whole number of steps, or a share of the steps behind "
                "the warm-up, above 0 and below 1 (default %s)",
                schedule->name, option->name, sl_number_text(number, *value),
                sl_number_text(other, option->normal));
        if (*value < 1)
            course->by_length = true;
        if (course->steps == 0)
            continue;
        *value = schedule_steps(*value, left);
        *value = *value < 1 ? 1 : *value;
        if (schedule->never && *value >= left && (left > 1 || given >> i & 1))
            return sl_fail(ctx, SL_EINVAL,
                           "schedule %s never %s: %s is %s steps, and the training has %s%s: wants fewer",
                           schedule->name, schedule->never, option->name, sl_number_text(number, *value),
                           sl_number_text(other, left), course->warmup > 0 ? " behind the warm-up" : "");
    }
    return SL_OK;
}

static sl_status schedule_course(sl_ctx *ctx, const sl_optimizer *wanted, sl_course *course)
{
    unsigned given = 0;
    *course = (sl_course){ .steps = (double)wanted->steps, .best = HUGE_VAL, .scale = 1 };
    course->schedule =
        schedule_read(ctx, wanted->schedule ? wanted->schedule : "constant", course->values, &given);
    if (!course->schedule || schedule_warmup(ctx, course->schedule, wanted->warmup, wanted->steps))
        return ctx->status;
    course->warmup = schedule_steps(wanted->warmup, course->steps);
    course->by_length = course->schedule->ends || (wanted->warmup > 0 && wanted->warmup < 1);
    return schedule_spans(ctx, course, given);
}

const sl_schedule *sl_schedule_find(sl_ctx *ctx, const sl_optimizer *wanted)
{
    sl_course course;
    return schedule_course(ctx, wanted, &course) ? NULL : course.schedule;
}

char *sl_schedule_text(sl_ctx *ctx, const char *schedule)
{
    double values[SL_MOST_OPTIONS];
    const sl_schedule *found = schedule ? schedule_read(ctx, schedule, values, NULL) : NULL;
    if (!found)
        return NULL;
    sl_text text;
    sl_text_init(&text, ctx);
    sl_options_describe(&text, found->name, found->options, values);
    char *copy = text.failed ? NULL : sl_strdup(ctx, sl_text_string(&text));
    sl_text_free(&text);
    return copy;
}

sl_status sl_course_plan(sl_ctx *ctx, const sl_optimizer *set, sl_course *course)
{
    if (schedule_course(ctx, set, course))
        return ctx->status;
    if (set->steps || !course->by_length)
        return SL_OK;
    const sl_schedule *schedule = course->schedule;
    char number[32];
    if (schedule->ends)
        return sl_fail(
            ctx, SL_EINVAL,
            "schedule %s ends with the training, and where that ends is not known: give epochs or steps "
            "(--epochs, --steps)",
            schedule->name);
    for (int i = 0; i < schedule->spans; i++)
        if (course->values[i] < 1)
            return sl_fail(
                ctx, SL_EINVAL,
                "schedule %s: %s is %s of all steps, and how many there are is not known: give epochs "
                "or steps (--epochs, --steps), or %s as a number of steps",
                schedule->name, schedule->options[i].name, sl_number_text(number, course->values[i]),
                schedule->options[i].name);
    return sl_fail(ctx, SL_EINVAL,
                   "warmup is %s of all steps, and how many there are is not known: give epochs or steps "
                   "(--epochs, --steps), or warmup as a number of steps",
                   sl_number_text(number, set->warmup));
}

double sl_course_rate(const sl_course *course, double lr, uint64_t done)
{
    const double at = (double)done - course->warmup;
    if (at < 0)
        return lr * (((double)done + 1) / course->warmup);
    return lr * course->schedule->share(course, at, course->steps - course->warmup);
}

static void course_point(uint64_t *points, int *count, int most, double step, double last)
{
    int at = *count;
    if (at == most || !(step >= 1) || (last > 0 && step > last))
        return;
    const uint64_t whole = (uint64_t)step;
    while (at > 0 && points[at - 1] > whole)
        at--;
    if (at > 0 && points[at - 1] == whole)
        return;
    memmove(points + at + 1, points + at, (size_t)(*count - at) * sizeof *points);
    points[at] = whole;
    ++*count;
}

int sl_course_points(const sl_course *course, uint64_t *points, int most)
{
    const sl_schedule *schedule = course->schedule;
    const double warmup = course->warmup, steps = course->steps, left = steps - warmup;
    int count = 0;
    course_point(points, &count, most, 1, steps);
    course_point(points, &count, most, warmup, steps);
    if (steps > 0) {
        course_point(points, &count, most, steps, steps);
        if (!schedule->judged)
            course_point(points, &count, most, warmup + floor(left / 2) + 1,
                         steps); /* p is half, if left is even */
    }
    double turn;
    for (int i = 0; i < 4 * most && schedule->turn && (turn = schedule->turn(course, left, i)) >= 0; i++) {
        if (steps > 0 && turn >= left)
            break;
        course_point(points, &count, most, warmup + floor(turn) + 1, steps);
    }
    return count;
}
