/* walk_rules.c - what can be wrong with a walk: too long steps, too short ones, a place that is no minimum.
 */
#include "diagnose/walk.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

enum { WALK_MOST_STEPS = 100000, WALK_ON = 5000 };

/* --- what there is to know ------------------------------------------------------------------------------ */

typedef struct {
    const sl_descent_facts *f;
    bool steady;           /* no noise */
    bool bounces, arrives; /* or would, of a walk that went on */
    double bounce[2][2];
    int rows;
    bool has_valley, flat;                            /* curved by nothing: 2 / curvature is no limit there */
    double valley[2], valley_value, curvature, limit; /* downhill from the end, or else from the start */
    double sharpest;                                  /* the largest curvature along the walk, 0: none */
    double least;                                     /* the valley's smallest curvature */
    double width;                                     /* of the function's range */
} walk_seen;

/* Of the whole walk; of one that was lost, up to where it first rose: what lies beyond is not its cause. */
static void walkrule_curvatures(const sl_walk_diagnosis *d, walk_seen *seen)
{
    seen->rows = sl_diagwalk_rows(d->walk);
    const bool lost = !strcmp(seen->f->place, "away");
    const int last = !lost ? seen->rows : seen->f->rise ? seen->f->rise : 1;
    for (int i = 0; i < last && i < seen->rows; i++) {
        const double c = sl_diagwalk_cell(d->walk, i, "curvature");
        if (c - c == 0 && c > seen->sharpest)
            seen->sharpest = c;
    }
}

/* Downhill from the start, of a walk that was lost: one so short that it stays there says it. */
static sl_status walkrule_valley(sl_walk_diagnosis *d, walk_seen *seen)
{
    const sl_descent_facts *f = seen->f;
    sl_descent *near = NULL;
    if (!f->has_valley && !strcmp(f->place, "away")) {
        const sl_descend_options o = { .start = d->options->start,
                                       .optimizer = { .rule = "sgd", .lr = (sl_real)1e-12 },
                                       .steps = 1 };
        near = sl_descend(d->function, &o);
        if (!near)
            return d->ctx->status;
        f = sl_descent_found(near);
    }
    if (f->has_valley) {
        double bend[3];
        seen->has_valley = true;
        memcpy(seen->valley, f->valley, sizeof seen->valley);
        seen->valley_value = f->valley_value;
        seen->curvature = seen->least = f->valley_curvature;
        seen->limit = f->limit;
        if (d->dims == 2 && !sl_function_at(d->function, 1, seen->valley, NULL, NULL, bend))
            seen->least = bend[0] + bend[2] - seen->curvature; /* the trace is both */
    }
    sl_descent_free(near);
    const double from[2] = { sl_diagwalk_cell(d->walk, 0, "x"),
                             d->dims > 1 ? sl_diagwalk_cell(d->walk, 0, "y") : 0 };
    seen->flat = seen->has_valley && !(seen->curvature > 1e-4 * seen->sharpest);
    if (seen->flat && sl_diagwalk_falls_behind(d, from, seen->valley, seen->valley_value))
        seen->has_valley = false;
    return d->ctx->status;
}

static sl_status walkrule_look(sl_walk_diagnosis *d, walk_seen *seen)
{
    double low[2] = { 0 }, high[2] = { 0 };
    *seen = (walk_seen){ .f = sl_descent_found(d->walk), .steady = d->options->noise == 0 };
    walkrule_curvatures(d, seen);
    sl_function_range(d->function, low, high);
    for (int axis = 0; axis < d->dims; axis++)
        seen->width = high[axis] - low[axis] > seen->width ? high[axis] - low[axis] : seen->width;
    return walkrule_valley(d, seen);
}

/* Up and down without getting calmer: in the last half of the walk f rises often, and swings in the last
 * quarter at least half as far as in the one before. */
static bool walkrule_restless(const sl_walk_diagnosis *d, const walk_seen *seen)
{
    const int half = seen->rows / 2, quarter = seen->rows - seen->rows / 4;
    if (!seen->steady || seen->rows < 12)
        return false;
    int rises = 0;
    double low[2] = { HUGE_VAL, HUGE_VAL }, high[2] = { -HUGE_VAL, -HUGE_VAL };
    for (int i = half; i < seen->rows; i++) {
        const double value = sl_diagwalk_cell(d->walk, i, "f");
        rises += i > half && value > sl_diagwalk_cell(d->walk, i - 1, "f");
        const int k = i >= quarter;
        low[k] = value < low[k] ? value : low[k];
        high[k] = value > high[k] ? value : high[k];
    }
    return 4 * rises >= seen->rows - half && high[1] - low[1] >= 0.5 * (high[0] - low[0]) &&
           high[1] - low[1] > 1e-9 * (1 + fabs(low[1]));
}

/* A walk that goes up and down: what it would come to if it went on. */
static sl_status walkrule_go_on(const sl_walk_diagnosis *d, walk_seen *seen)
{
    sl_descent *longer = seen->f->bounces ? NULL : sl_diagwalk_with(d, &(sl_walk_fix){ .steps = WALK_ON });
    const sl_descent_facts *f = longer ? sl_descent_found(longer) : seen->f;
    seen->bounces = f->bounces;
    seen->arrives = sl_diagwalk_arrived(f) && !f->bounces;
    memcpy(seen->bounce, f->bounce, sizeof seen->bounce);
    sl_descent_free(longer);
    return d->ctx->status;
}

/* --- too long ------------------------------------------------------------------------------------------- */

static void walkrule_elsewhere(sl_walk_entry *entry, const walk_seen *seen)
{
    if (seen->f->has_valley && seen->f->knows_global && !seen->f->global)
        sl_text_put(&entry->draft.advice, "the minimum downhill from here is not the lowest one: that takes "
                                          "another start");
}

static int walkrule_times(int steps, int by)
{
    return steps < WALK_MOST_STEPS / by ? steps * by : WALK_MOST_STEPS;
}

static void walkrule_long_fixes(sl_walk_entry *entry, const walk_seen *seen)
{
    const double lr = seen->f->lr;
    if (seen->f->plain && seen->has_valley && seen->limit / 2 < lr)
        sl_diagwalk_fix_add(entry, (sl_walk_fix){ .lr = sl_diagwalk_lr(seen->limit / 2) });
    if (seen->f->plain && seen->sharpest > 1.2 * seen->curvature && 1 / seen->sharpest < lr)
        sl_diagwalk_fix_add(entry, (sl_walk_fix){ .lr = sl_diagwalk_lr(1 / seen->sharpest) });
    if (!seen->f->plain && !entry->fixes)
        sl_diagwalk_fix_add(entry, (sl_walk_fix){ .lr = sl_diagwalk_lr(lr / 3) });
    sl_diagwalk_fix_add(
        entry, (sl_walk_fix){ .lr = sl_diagwalk_lr(lr / 10), .steps = walkrule_times(seen->f->steps, 10) });
    sl_diagwalk_fix_add(
        entry, (sl_walk_fix){ .lr = sl_diagwalk_lr(lr / 100), .steps = walkrule_times(seen->f->steps, 100) });
}

static void walkrule_long_facts(sl_walk_diagnosis *d, sl_walk_entry *entry, const walk_seen *seen)
{
    const sl_descent_facts *f = seen->f;
    sl_draft *draft = &entry->draft;
    const bool limited = f->plain && seen->has_valley && f->lr >= seen->limit * (1 - 1e-6);
    if (limited)
        sl_draft_fact(draft, "curvature at the minimum", seen->curvature, "below %s",
                      sl_diagwalk_number(d, 2 / f->lr));
    if (limited)
        sl_draft_fact(draft, "2 / curvature", seen->limit, "above %s", sl_diagwalk_number(d, f->lr));
    if (f->plain && seen->sharpest > 1.2 * seen->curvature)
        sl_draft_fact(draft, "largest curvature on the way", seen->sharpest, "below %s",
                      sl_diagwalk_number(d, 2 / f->lr));
    const int first = seen->bounce[0][0] < seen->bounce[1][0] ? 0 : 1;
    if (seen->bounces) {
        sl_draft_fact(draft, "one end of the cycle, x", seen->bounce[first][0], NULL);
        sl_draft_fact(draft, "the other end, x", seen->bounce[!first][0], NULL);
    }
    if (seen->bounces && d->dims > 1) {
        sl_draft_fact(draft, "one end of the cycle, y", seen->bounce[first][1], NULL);
        sl_draft_fact(draft, "the other end, y", seen->bounce[!first][1], NULL);
    }
    if (f->rise)
        sl_draft_fact(draft, "first step upwards", f->rise, "none");
}

static void walkrule_long(sl_walk_diagnosis *d, const walk_seen *seen)
{
    const sl_descent_facts *f = seen->f;
    sl_walk_entry *entry = sl_diagwalk_find(d, "lr_too_high");
    if (!entry)
        return;
    sl_text *text = &entry->draft.sentence;
    const bool above = f->plain && seen->has_valley && f->lr >= seen->limit * (1 - 1e-6);
    const int first = seen->bounce[0][0] < seen->bounce[1][0] ? 0 : 1;
    sl_text_add(text, "the step size %s is ", sl_diagwalk_number(d, f->lr));
    if (above)
        sl_text_add(text, "%s 2 / curvature = %s at the minimum %s",
                    f->lr > seen->limit * (1 + 1e-6) ? "above" : "no less than",
                    sl_diagwalk_number(d, seen->limit), sl_diagwalk_place(d, seen->valley));
    else if (f->plain && seen->sharpest > 0 && f->lr > 2 / seen->sharpest)
        sl_text_add(text, "above 2 / curvature = %s, which there is on the way",
                    sl_diagwalk_number(d, 2 / seen->sharpest));
    else
        sl_text_put(text, "too large");
    if (!strcmp(f->place, "away"))
        sl_text_add(text, ": it diverges, after %s it is out of all bounds", sl_diagwalk_steps(d, f->steps));
    else if (seen->bounces)
        sl_text_add(text, ": it goes to and fro between %s and %s%s",
                    sl_diagwalk_place(d, seen->bounce[first]), sl_diagwalk_place(d, seen->bounce[!first]),
                    f->bounces ? "" : " in the end");
    else
        sl_text_put(text, f->value > 2 * sl_diagwalk_cell(d->walk, 0, "f") && f->value > 0
                              ? ": it goes to and fro, farther each time"
                              : ": f goes up and down and does not settle");
    if (seen->has_valley)
        sl_text_put(&entry->draft.otherwise, "with steps too short f would fall at each step");
    else
        sl_text_put(&entry->draft.otherwise, "of a function without a minimum f would fall at each step");
    walkrule_elsewhere(entry, seen);
    walkrule_long_facts(d, entry, seen);
    walkrule_long_fixes(entry, seen);
}

/* It fell all the way: there is nothing to arrive at. */
static void walkrule_no_minimum(sl_walk_diagnosis *d, const walk_seen *seen)
{
    sl_walk_entry *entry = sl_diagwalk_find(d, "no_minimum");
    if (!entry)
        return;
    const bool lost = !strcmp(seen->f->place, "away"),
               faster = seen->f->slope > sl_diagwalk_cell(d->walk, 0, "slope");
    entry->certain = lost || faster;
    entry->note = !entry->certain;
    if (lost)
        sl_text_add(&entry->draft.sentence, "f falls without end this way: after %s it is out of all bounds",
                    sl_diagwalk_steps(d, seen->f->steps));
    else if (faster)
        sl_text_put(&entry->draft.sentence,
                    "f falls faster and faster, and downhill from the end there is no minimum in sight");
    else
        sl_text_put(&entry->draft.sentence, "downhill from the end there is no minimum in sight");
    sl_text_put(&entry->draft.otherwise,
                "with steps too long f would rise on the way, and with short ones arrive");
    sl_text_put(&entry->draft.advice,
                "begin elsewhere, or look at another function: no step size mends this");
    sl_draft_fact(&entry->draft, "f at the start", sl_diagwalk_cell(d->walk, 0, "f"), NULL);
    sl_draft_fact(&entry->draft, "f behind the last step", seen->f->value, NULL);
    sl_draft_fact(&entry->draft, "|gradient| at the start", sl_diagwalk_cell(d->walk, 0, "slope"), NULL);
    sl_draft_fact(&entry->draft, "|gradient| behind the last step", seen->f->slope, "near 0");
}

/* --- too short ------------------------------------------------------------------------------------------ */

/* How much farther at this rate until the gradient is as small as at a minimum; 0: that cannot be said. */
static double walkrule_steps_left(const sl_walk_diagnosis *d, const walk_seen *seen)
{
    const int last = seen->rows - 1, back = last < 5 ? last : 5;
    const double least = seen->least > 0 ? seen->least : seen->curvature;
    const double now = seen->f->slope, before = back ? sl_diagwalk_cell(d->walk, last - back, "slope") : 0,
                 wanted = 1e-3 * seen->width * least;
    if (!(before > now) || !(now > wanted) || !(wanted > 0))
        return 0;
    return ceil(back * (sl_log_d(now) - sl_log_d(wanted)) / (sl_log_d(before) - sl_log_d(now)));
}

static int walkrule_more(double taken, double left)
{
    const double more = left > 0 ? 1.5 * (taken + left) : 10 * taken;
    return more < WALK_MOST_STEPS ? (int)ceil(more) : WALK_MOST_STEPS;
}

/* Plain: a quarter of the limit is short; others: they go straight on, and are not there yet. */
static bool walkrule_is_short(const sl_walk_diagnosis *d, const walk_seen *seen)
{
    return seen->f->plain ? !seen->flat && seen->f->lr < seen->limit / 4 : sl_diagwalk_straight(d) > 0.95;
}

static void walkrule_short_fixes(sl_walk_diagnosis *d, sl_walk_entry *entry, const walk_seen *seen,
                                 double left)
{
    const sl_descent_facts *f = seen->f;
    const bool steps = strcmp(f->ended, "stop") != 0;
    const double first = sl_diagwalk_cell(d->walk, 0, "lr");
    const sl_walk_fix more = { .steps = walkrule_more(f->steps, left) };
    if (walkrule_is_short(d, seen)) {
        const double lr = f->plain ? seen->limit / 2 : 10 * f->lr;
        sl_diagwalk_fix_add(
            entry, (sl_walk_fix){ .lr = sl_diagwalk_lr(lr), .schedule = first > f->lr ? "constant" : NULL });
        if (f->plain && steps && !(first > f->lr))
            sl_diagwalk_fix_add(entry,
                                (sl_walk_fix){ .lr = sl_diagwalk_lr(lr),
                                               .steps = walkrule_times(f->steps > 20 ? f->steps : 20, 10) });
    }
    if (steps)
        sl_diagwalk_fix_add(entry, more);
    else
        sl_diagwalk_fix_add(entry, (sl_walk_fix){ .stop = 1e-4 * d->options->stop });
    if (f->plain && steps)
        sl_diagwalk_fix_add(entry, (sl_walk_fix){ .rule = "momentum", .steps = more.steps });
}

static void walkrule_short(sl_walk_diagnosis *d, const walk_seen *seen)
{
    const sl_descent_facts *f = seen->f;
    const double left = walkrule_steps_left(d, seen), ill = seen->curvature / seen->least,
                 first = sl_diagwalk_cell(d->walk, 0, "lr");
    const bool small = walkrule_is_short(d, seen);
    sl_walk_entry *entry = sl_diagwalk_find(d, small ? "lr_too_low" : "stopped_too_early");
    if (!entry)
        return;
    sl_draft *draft = &entry->draft;
    if (small && f->plain)
        sl_text_add(&draft->sentence,
                    "the step size %s is %s of 2 / curvature = %s: ", sl_diagwalk_number(d, f->lr),
                    sl_diagwalk_number(d, f->lr / seen->limit), sl_diagwalk_number(d, seen->limit));
    else if (small)
        sl_text_add(&draft->sentence,
                    "the step size %s is small, and all steps lead one way: ", sl_diagwalk_number(d, f->lr));
    sl_text_add(&draft->sentence, "after %s f is %s, the minimum downhill has %s",
                sl_diagwalk_steps(d, f->steps), sl_diagwalk_number(d, f->value),
                sl_diagwalk_number(d, seen->valley_value));
    if (!strcmp(f->ended, "stop"))
        sl_text_put(&draft->sentence, "; --stop ended it");
    else if (left > 0)
        sl_text_add(&draft->sentence, "; at this rate about %s more are needed",
                    sl_diagwalk_steps(d, (int)left));
    if (first > f->lr)
        sl_text_add(&draft->sentence, "; the schedule began with step size %s", sl_diagwalk_number(d, first));
    if (ill > 20)
        sl_text_add(&draft->sentence,
                    "; the curvatures there differ by a factor of %s, so no step size suits both",
                    sl_diagwalk_number(d, ill));
    sl_text_put(&draft->otherwise, "with steps too long f would rise at some steps");
    sl_draft_fact(draft, "|gradient| at the end", f->slope, "near 0");
    sl_draft_fact(draft, "f above the minimum", f->value - seen->valley_value, "near 0");
    sl_draft_fact(draft, "2 / curvature at the minimum", seen->limit, NULL);
    if (left > 0)
        sl_draft_fact(draft, "steps more at this rate", left, "0");
    if (ill > 1 && ill < HUGE_VAL)
        sl_draft_fact(draft, "largest / smallest curvature", ill, NULL);
    walkrule_elsewhere(entry, seen);
    walkrule_short_fixes(d, entry, seen, left);
}

/* --- at rest, and no minimum ---------------------------------------------------------------------------- */

static void walkrule_rest(sl_walk_diagnosis *d, const walk_seen *seen)
{
    const sl_descent_facts *f = seen->f;
    const bool flat = !strcmp(f->place, "flat"), saddle = !strcmp(f->place, "saddle");
    sl_walk_entry *entry = sl_diagwalk_find(d, flat ? "plateau" : "saddle_point");
    if (!entry)
        return;
    sl_text_add(&entry->draft.sentence, "it rests at %s, where the gradient is 0 and ",
                sl_diagwalk_place(d, f->end));
    if (flat)
        sl_text_put(&entry->draft.sentence, "a curvature is too: nothing says which way to go");
    else if (saddle)
        sl_text_add(&entry->draft.sentence,
                    "f is curved upwards one way, by %s, and downwards another, by %s",
                    sl_diagwalk_number(d, f->largest), sl_diagwalk_number(d, f->least));
    else
        sl_text_put(&entry->draft.sentence, "f is curved downwards all ways: that is a maximum");
    sl_text_put(&entry->draft.otherwise, "at a minimum all curvatures would be above 0");
    sl_draft_fact(&entry->draft, "|gradient|", f->slope, NULL);
    sl_draft_fact(&entry->draft, "smallest curvature", f->least, "above 0");
    if (d->dims > 1)
        sl_draft_fact(&entry->draft, "largest curvature", f->largest, "above 0");
    const double aside = (flat ? 0.1 : 0.01) * seen->width, x = sl_diagwalk_cell(d->walk, 0, "x"),
                 y = d->dims > 1 ? sl_diagwalk_cell(d->walk, 0, "y") : 0;
    for (int sign = -1; sign <= 1; sign += 2)
        sl_diagwalk_fix_add(
            entry, (sl_walk_fix){ .starts = true, .start = { x + sign * aside, y + 0.7 * sign * aside } });
}

sl_status sl_diagwalk_rules(sl_walk_diagnosis *d)
{
    walk_seen seen;
    if (walkrule_look(d, &seen))
        return d->ctx->status;
    const sl_descent_facts *f = seen.f;
    if (!strcmp(f->place, "away")) {
        const double from = sl_diagwalk_cell(d->walk, 0, "f");
        if ((f->plain && !f->rise) || f->value < from)
            walkrule_no_minimum(d, &seen);
        else
            walkrule_long(d, &seen);
    } else if (f->bounces || (!sl_diagwalk_arrived(f) && walkrule_restless(d, &seen))) {
        if (walkrule_go_on(d, &seen))
            return d->ctx->status;
        if (seen.arrives && seen.has_valley)
            walkrule_short(d, &seen);
        else
            walkrule_long(d, &seen);
    } else if (sl_diagwalk_arrived(f)) {
        return sl_diagwalk_lowest(d);
    } else if (strcmp(f->place, "slope") != 0) {
        walkrule_rest(d, &seen);
    } else if (!seen.steady) {
        if (f->plain && seen.has_valley && f->lr > seen.limit)
            walkrule_long(d, &seen);
    } else if (seen.has_valley) {
        walkrule_short(d, &seen);
    } else {
        walkrule_no_minimum(d, &seen);
    }
    return d->ctx->status;
}
