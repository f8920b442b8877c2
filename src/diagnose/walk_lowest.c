/* walk_lowest.c - a walk that arrived: whether a lower minimum is known, and from where it is reached. */
#include "diagnose/walk.h"

#include <math.h>
#include <string.h>

enum { LOWEST_STEPS = 1000, LOWEST_LINE = 41, LOWEST_SIDE = 7, LOWEST_PLACES = LOWEST_SIDE * LOWEST_SIDE };

typedef struct {
    int tried, arrived;
    double nearest, start[2]; /* of those that arrive the one nearest to the walk's own start */
} lowest_starts;

/* The same walk, of not too many steps, from places evenly spread over the range; how many come to a minimum
 * that is as low. */
static sl_status lowest_search(const sl_walk_diagnosis *d, double value, lowest_starts *found)
{
    const int count = d->dims == 1 ? LOWEST_LINE : LOWEST_PLACES,
              side = d->dims == 1 ? LOWEST_LINE : LOWEST_SIDE;
    double low[2] = { 0, 0 }, high[2] = { 0, 0 };
    const double x = sl_diagwalk_cell(d->walk, 0, "x"),
                 y = d->dims > 1 ? sl_diagwalk_cell(d->walk, 0, "y") : 0;
    sl_function_range(d->function, low, high);
    *found = (lowest_starts){ .nearest = HUGE_VAL };
    for (int i = 0; i < count && !d->ctx->status; i++) {
        const sl_walk_fix fix = { .starts = true,
                                  .steps = d->options->steps > LOWEST_STEPS ? LOWEST_STEPS : 0,
                                  .start = { low[0] + (high[0] - low[0]) * (i % side) / (side - 1),
                                             low[1] + (high[1] - low[1]) * (i / side) / (side - 1) } };
        sl_descent *walk = sl_diagwalk_with(d, &fix);
        if (!walk && d->ctx->status == SL_EINVAL) { /* f is not finite there */
            sl_clear(d->ctx);
            continue;
        }
        const sl_descent_facts *f = walk ? sl_descent_found(walk) : NULL;
        found->tried++;
        double near = 0; /* a start that is the minimum itself shows nothing */
        for (int axis = 0; f && axis < d->dims; axis++)
            near += fabs(fix.start[axis] - f->valley[axis]) / (high[axis] - low[axis]);
        if (f && f->has_valley && near > 0.02 && !f->bounces && sl_diagwalk_arrived(f) &&
            f->valley_value <= value + 1e-6 * (1 + fabs(value))) {
            const double far = fabs(fix.start[0] - x) + fabs(fix.start[1] - y) * (d->dims > 1);
            found->arrived++;
            if (far < found->nearest) {
                found->nearest = far;
                memcpy(found->start, fix.start, sizeof fix.start);
            }
        }
        sl_descent_free(walk);
    }
    return d->ctx->status;
}

sl_status sl_diagwalk_lowest(sl_walk_diagnosis *d)
{
    const sl_descent_facts *f = sl_descent_found(d->walk);
    double at[4][2], value[4], points[8];
    const int minima = sl_function_lowest(d->function, at);
    if (minima <= 0 || !f->has_valley)
        return d->ctx->status;
    for (int i = 0; i < minima; i++)
        memcpy(points + i * d->dims, at[i], (size_t)d->dims * sizeof *points);
    if (sl_function_at(d->function, (size_t)minima, points, value, NULL, NULL))
        return d->ctx->status;
    int best = 0;
    for (int i = 1; i < minima; i++)
        best = value[i] < value[best] ? i : best;
    lowest_starts starts;
    if (!(value[best] < f->valley_value - 1e-6 * (1 + fabs(f->valley_value))) ||
        lowest_search(d, value[best], &starts))
        return d->ctx->status;
    sl_walk_entry *entry = sl_diagwalk_find(d, "higher_minimum");
    if (!entry)
        return SL_OK;
    sl_draft *draft = &entry->draft;
    sl_text_add(&draft->sentence, "it ends in a minimum, %s, f = %s, and a lower one is known: %s, f = %s",
                sl_diagwalk_place(d, f->valley), sl_diagwalk_number(d, f->valley_value),
                sl_diagwalk_place(d, at[best]), sl_diagwalk_number(d, value[best]));
    sl_text_put(&draft->otherwise, "a step size would show as a walk that has not come to rest");
    sl_draft_fact(draft, "f at this minimum", f->valley_value, NULL);
    sl_draft_fact(draft, "f at the lowest known one", value[best], NULL);
    sl_draft_fact(draft, "share of starts from where this walk finds it",
                  starts.tried ? (double)starts.arrived / starts.tried : (double)NAN, NULL);
    if (starts.arrived)
        sl_diagwalk_fix_add(entry,
                            (sl_walk_fix){ .starts = true, .start = { starts.start[0], starts.start[1] } });
    else
        sl_text_put(&draft->advice, "from no start that was tried do these steps lead there");
    return SL_OK;
}
