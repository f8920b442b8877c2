/* line.c - how far to go along a direction: to where the loss has fallen enough (by 1e-4 of what the slope
 * promised) and the slope along it is at most 0.9 of the one at the start. Nocedal, Wright 2006, algorithms
 * 3.5 (out) and 3.6 (zoom), with the cubic's minimum kept away from the ends of the interval. */
#include "optim/whole/whole.h"

#include <string.h>

enum { LINE_MOST = 25 };
static const double line_fall = 1e-4, line_slope = 0.9;

typedef struct { /* a place along the direction */
    double at, loss, slope;
} line_point;

typedef struct {
    sl_whole *whole;
    const double *x, *p;
    double *place, *kept; /* of the last evaluation; the gradient at the best point that falls enough */
    line_point start, best;
    int asked;
} line_search;

static sl_status line_look(line_search *s, double at, line_point *point)
{
    const size_t n = s->whole->n;
    for (size_t i = 0; i < n; i++)
        s->place[i] = s->x[i] + at * s->p[i];
    point->at = at;
    s->asked++;
    if (sl_whole_at(s->whole, s->place, true, &point->loss))
        return s->whole->ctx->status;
    point->slope = sl_whole_dot(s->whole->slope, s->p, n);
    return SL_OK;
}

static bool line_falls(const line_search *s, const line_point *point)
{
    return point->loss <= s->start.loss + line_fall * point->at * s->start.slope &&
           point->loss < s->start.loss;
}

/* The point found last is the best so far. */
static void line_keep(line_search *s, line_point point)
{
    s->best = point;
    memcpy(s->kept, s->whole->slope, s->whole->n * sizeof *s->kept);
}

/* Where the cubic through both points has its minimum; the middle where that is none, or near an end. */
static double line_cubic(line_point a, line_point b)
{
    const double width = b.at - a.at, middle = a.at + width / 2;
    const double d = a.slope + b.slope - 3 * (b.loss - a.loss) / width;
    const double square = d * d - a.slope * b.slope;
    if (!(square >= 0 && b.loss < INFINITY))
        return middle;
    const double root = width > 0 ? sqrt(square) : -sqrt(square);
    const double at = b.at - width * ((b.slope + root - d) / (b.slope - a.slope + 2 * root));
    const double share = (at - a.at) / width;
    return share >= 0.1 && share <= 0.9 ? at : middle;
}

static sl_status line_zoom(line_search *s, line_point low, line_point high)
{
    while (s->asked < LINE_MOST) {
        line_point middle;
        if (line_look(s, line_cubic(low, high), &middle))
            return s->whole->ctx->status;
        if (!line_falls(s, &middle) || middle.loss >= low.loss) {
            high = middle;
            continue;
        }
        line_keep(s, middle);
        if (fabs(middle.slope) <= -line_slope * s->start.slope)
            return SL_OK;
        if (middle.slope * (high.at - low.at) >= 0)
            high = low;
        low = middle;
    }
    return SL_OK; /* at the best place so far */
}

static sl_status line_out(line_search *s, double at)
{
    line_point before = s->start, point;
    while (s->asked < LINE_MOST) {
        if (line_look(s, at, &point))
            return s->whole->ctx->status;
        if (!line_falls(s, &point) || (s->asked > 1 && point.loss >= before.loss))
            return line_zoom(s, before, point);
        line_keep(s, point);
        if (fabs(point.slope) <= -line_slope * s->start.slope)
            return SL_OK;
        if (point.slope >= 0)
            return line_zoom(s, point, before);
        before = point;
        at *= 2;
    }
    return SL_OK;
}

sl_status sl_whole_line(sl_whole *whole, const double *x, double loss, double downhill, const double *p,
                        double *length, double *at, double *kept, double *found)
{
    line_search s = { .whole = whole, .x = x, .p = p, .place = at, .kept = kept };
    s.start = (line_point){ 0, loss, downhill };
    const double first = *length;
    *length = 0;
    if (line_out(&s, first))
        return whole->ctx->status;
    if (s.best.at == 0)
        return SL_OK;
    *length = s.best.at;
    *found = s.best.loss;
    for (size_t i = 0; i < whole->n; i++)
        at[i] = (double)(sl_real)(x[i] + s.best.at * p[i]);
    memcpy(whole->slope, kept, whole->n * sizeof *kept);
    return SL_OK;
}
