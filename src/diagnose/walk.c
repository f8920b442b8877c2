/* walk.c - what is wrong with a walk down a function, and the walk made again with one change: see slope.h.
 */
#include "core/number.h"
#include "diagnose/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- the walk and its fixes ----------------------------------------------------------------------------- */

static const double walk_small = 1e-9; /* of 1 + |f|: differences below it are none */

double sl_diagwalk_cell(const sl_descent *walk, int row, const char *column)
{
    const sl_report *path = sl_descent_path(walk);
    return sl_report_at(path, row, column);
}

int sl_diagwalk_rows(const sl_descent *walk)
{
    return sl_report_rows(sl_descent_path(walk));
}

const char *sl_diagwalk_number(sl_walk_diagnosis *d, double value)
{
    return sl_number_rounded(d->number[d->numbers++ % SL_WALK_NUMBERS], value, 5);
}

const char *sl_diagwalk_place(sl_walk_diagnosis *d, const double at[2])
{
    char *text = d->place[d->places++ % SL_WALK_PLACES];
    if (d->dims == 1)
        snprintf(text, sizeof d->place[0], "x = %s", sl_diagwalk_number(d, at[0]));
    else
        snprintf(text, sizeof d->place[0], "x = %s, y = %s", sl_diagwalk_number(d, at[0]),
                 sl_diagwalk_number(d, at[1]));
    return text;
}

bool sl_diagwalk_arrived(const sl_descent_facts *facts)
{
    return !strcmp(facts->place, "minimum") || (!strcmp(facts->place, "flat") && facts->has_valley);
}

sl_walk_entry *sl_diagwalk_find(sl_walk_diagnosis *d, const char *name)
{
    if (d->count == SL_WALK_FINDINGS)
        return NULL;
    sl_walk_entry *entry = &d->entry[d->count++];
    entry->name = name;
    sl_text_init(&entry->draft.sentence, d->ctx);
    sl_text_init(&entry->draft.otherwise, d->ctx);
    sl_text_init(&entry->draft.advice, d->ctx);
    return entry;
}

void sl_diagwalk_fix_add(sl_walk_entry *entry, sl_walk_fix fix)
{
    if (entry && entry->fixes < SL_WALK_FIXES)
        entry->fix[entry->fixes++] = fix;
}

const char *sl_diagwalk_steps(sl_walk_diagnosis *d, int steps)
{
    char *text = d->number[d->numbers++ % SL_WALK_NUMBERS];
    snprintf(text, sizeof d->number[0], "%d step%s", steps, steps == 1 ? "" : "s");
    return text;
}

bool sl_diagwalk_falls_behind(const sl_walk_diagnosis *d, const double from[2], const double valley[2],
                              double valley_value)
{
    double behind[2], value;
    for (int axis = 0; axis < 2; axis++)
        behind[axis] = valley[axis] + 0.1 * (valley[axis] - from[axis]);
    return !sl_function_at(d->function, 1, behind, &value, NULL, NULL) && value < valley_value;
}

double sl_diagwalk_straight(const sl_walk_diagnosis *d)
{
    double all = 0, x[2] = { 0, 0 }, from[2] = { 0, 0 };
    for (int i = 0; i < sl_diagwalk_rows(d->walk); i++) {
        const double at[2] = { sl_diagwalk_cell(d->walk, i, "x"),
                               d->dims > 1 ? sl_diagwalk_cell(d->walk, i, "y") : 0 };
        if (!i)
            memcpy(from, at, sizeof at);
        else
            all += sqrt((at[0] - x[0]) * (at[0] - x[0]) + (at[1] - x[1]) * (at[1] - x[1]));
        memcpy(x, at, sizeof at);
    }
    const double line = sqrt((x[0] - from[0]) * (x[0] - from[0]) + (x[1] - from[1]) * (x[1] - from[1]));
    return all > 0 ? line / all : 1;
}

/* To two figures, downwards: half of a limit must not become more. */
double sl_diagwalk_lr(double value)
{
    char text[32];
    double rounded = value;
    sl_number_parse(sl_number_rounded(text, value, 2), &rounded);
    return rounded;
}

static void walk_put_fix(const sl_walk_diagnosis *d, const sl_walk_fix *fix, char *text, size_t room)
{
    char a[32], b[32];
    size_t at = 0;
    text[0] = 0;
    if (fix->lr > 0)
        at += (size_t)snprintf(text + at, room - at, " --lr %s", sl_number_rounded(a, fix->lr, 6));
    if (fix->schedule)
        at += (size_t)snprintf(text + at, room - at, " --schedule %s", fix->schedule);
    if (fix->rule)
        at += (size_t)snprintf(text + at, room - at, " --optimizer %s", fix->rule);
    if (fix->steps)
        at += (size_t)snprintf(text + at, room - at, " --steps %d", fix->steps);
    if (fix->stop > 0)
        at += (size_t)snprintf(text + at, room - at, " --stop %s", sl_number_rounded(a, fix->stop, 2));
    if (fix->starts && d->dims == 1)
        snprintf(text + at, room - at, " --start %s", sl_number_rounded(a, fix->start[0], 6));
    else if (fix->starts)
        snprintf(text + at, room - at, " --start %s,%s", sl_number_rounded(a, fix->start[0], 6),
                 sl_number_rounded(b, fix->start[1], 6));
    memmove(text, text + 1, strlen(text)); /* the first blank; the closing 0 with it */
}

sl_descent *sl_diagwalk_with(const sl_walk_diagnosis *d, const sl_walk_fix *fix)
{
    sl_descend_options o = *d->options;
    if (fix->lr > 0)
        o.optimizer.lr = (sl_real)fix->lr;
    if (fix->schedule)
        o.optimizer.schedule = fix->schedule;
    if (fix->rule)
        o.optimizer.rule = fix->rule;
    o.steps = fix->steps ? fix->steps : o.steps;
    o.stop = fix->stop > 0 ? fix->stop : o.stop;
    o.start = fix->starts ? fix->start : o.start;
    return sl_descend(d->function, &o);
}

/* By so much lower that it counts; not finite is above all, but for a way down without end. */
static bool walk_lower(double after, double before)
{
    if (!(after < HUGE_VAL))
        return false;
    return !(before < HUGE_VAL) || after < before - walk_small * (1 + fabs(before));
}

/* The first fix that arrives lower is taken, else the one that comes lowest. */
static sl_status walk_prove(sl_walk_diagnosis *d, sl_walk_entry *entry)
{
    const sl_descent_facts *facts = sl_descent_found(d->walk);
    entry->before = facts->value;
    for (int i = 0; i < entry->fixes && !d->ctx->status; i++) {
        sl_descent *walk = sl_diagwalk_with(d, &entry->fix[i]);
        if (!walk)
            return d->ctx->status;
        const sl_descent_facts *now = sl_descent_found(walk);
        /* What leaves all bounds as the walk did is none the better for being slower. */
        const bool lower = walk_lower(now->value, entry->before) &&
                           (strcmp(now->place, "away") != 0 || strcmp(facts->place, "away") != 0),
                   arrives = lower && sl_diagwalk_arrived(now) && !now->bounces,
                   better = !entry->walk || arrives ||
                            (lower && (!entry->proved || walk_lower(now->value, entry->after)));
        if (!better) {
            sl_descent_free(walk);
            continue;
        }
        sl_descent_free(entry->walk);
        entry->walk = walk;
        entry->after = now->value;
        entry->steps = (size_t)now->steps;
        entry->proved = lower;
        walk_put_fix(d, &entry->fix[i], entry->fix_text, sizeof entry->fix_text);
        if (arrives)
            break;
    }
    entry->note = entry->note || (!entry->certain && !entry->proved);
    return d->ctx->status;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

/* Where the walk stands in relation to what it was made for. */
static sl_status walk_remark(sl_walk_diagnosis *d)
{
    const sl_descent_facts *f = sl_descent_found(d->walk);
    sl_text *text = &d->remarks;
    if (!strcmp(f->place, "away"))
        sl_text_add(text, "the walk diverged: after %s it is out of all bounds\n",
                    sl_diagwalk_steps(d, f->steps));
    else if (sl_diagwalk_arrived(f))
        sl_text_add(text, "the walk took %s and ends in a minimum, %s: f = %s\n",
                    sl_diagwalk_steps(d, f->steps), sl_diagwalk_place(d, f->end),
                    sl_diagwalk_number(d, f->value));
    else
        sl_text_add(text, "the walk took %s and ends at %s: f = %s, |gradient| %s\n",
                    sl_diagwalk_steps(d, f->steps), sl_diagwalk_place(d, f->end),
                    sl_diagwalk_number(d, f->value), sl_diagwalk_number(d, f->slope));
    if (d->options->noise > 0 && strcmp(f->place, "away") != 0)
        sl_text_add(text,
                    "noise of %s is added to each gradient, so it does not come to rest: how near it comes "
                    "and how long it takes are not judged\n",
                    sl_diagwalk_number(d, d->options->noise));
    return d->ctx->status;
}

sl_walk_diagnosis *sl_diagnose_walk(sl_ctx *ctx, sl_function *function, const sl_descend_options *options)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!function) {
        sl_fail(ctx, SL_EINVAL, "sl_diagnose_walk: the function is NULL");
        return NULL;
    }
    sl_walk_diagnosis *d = sl_alloc(ctx, sizeof *d);
    if (!d)
        return NULL;
    d->ctx = ctx;
    d->function = function;
    d->dims = sl_function_variables(function);
    const sl_descend_options none = { 0 };
    d->asked = options ? *options : none;
    d->options = &d->asked;
    sl_text_init(&d->remarks, ctx);
    d->walk = sl_descend(function, d->options);
    if (d->walk && !walk_remark(d) && !sl_diagwalk_rules(d))
        for (int i = 0; i < d->count && !ctx->status; i++)
            walk_prove(d, &d->entry[i]);
    d->options = NULL; /* its texts are the caller's */
    if (!ctx->status)
        return d;
    sl_walk_diagnosis_free(d);
    return NULL;
}

void sl_walk_diagnosis_free(sl_walk_diagnosis *d)
{
    if (!d)
        return;
    for (int i = 0; i < d->count; i++) {
        sl_text_free(&d->entry[i].draft.sentence);
        sl_text_free(&d->entry[i].draft.otherwise);
        sl_text_free(&d->entry[i].draft.advice);
        sl_descent_free(d->entry[i].walk);
    }
    sl_descent_free(d->walk);
    sl_text_free(&d->remarks);
    sl_free(d->ctx, d);
}

bool sl_walk_diagnosis_at(const sl_walk_diagnosis *d, int index, sl_finding *finding)
{
    if (!d || index < 0 || index >= d->count)
        return false;
    if (!finding)
        return true;
    const sl_walk_entry *entry = &d->entry[index];
    const bool tried = entry->walk != NULL;
    *finding = (sl_finding){ .name = entry->name,
                             .note = entry->note,
                             .sentence = sl_text_string(&entry->draft.sentence),
                             .otherwise = sl_text_string(&entry->draft.otherwise),
                             .advice = sl_text_string(&entry->draft.advice),
                             .fix = entry->fix_text,
                             .proved = entry->proved,
                             .tried = tried,
                             .measure = "f",
                             .before = tried ? entry->before : (double)NAN,
                             .after = tried ? entry->after : (double)NAN,
                             .epochs = entry->steps,
                             .sure = NAN,
                             .facts = entry->draft.facts };
    return true;
}

bool sl_walk_diagnosis_fact(const sl_walk_diagnosis *d, int index, int fact, const char **name, double *value,
                            const char **wanted)
{
    if (!d || index < 0 || index >= d->count || fact < 0 || fact >= d->entry[index].draft.facts)
        return false;
    const sl_fact *f = &d->entry[index].draft.fact[fact];
    if (name)
        *name = f->name;
    if (value)
        *value = f->value;
    if (wanted)
        *wanted = f->wanted;
    return true;
}

const char *sl_walk_diagnosis_remarks(const sl_walk_diagnosis *d)
{
    return d ? sl_text_string(&d->remarks) : "";
}

const sl_descent *sl_walk_diagnosis_walk(const sl_walk_diagnosis *d, int index)
{
    if (!d || index >= d->count)
        return NULL;
    return index < 0 ? d->walk : d->entry[index].walk;
}
