/* course.c - how a training's loss went. */
#include "diagnose/signs.h"

#include <math.h>

/* Losses of steps; where they were not recorded, train losses of epochs. */
static double course_loss(const sl_case *c, bool steps, size_t row)
{
    return steps ? sl_report_at(c->steps, (int)row, "loss") : sl_case_epoch(c, "train_loss", row + 1);
}

/* Up to the first that is not finite. */
static size_t course_finite(const sl_case *c, bool steps, size_t rows)
{
    size_t finite = 0;
    while (finite < rows && course_loss(c, steps, finite) - course_loss(c, steps, finite) == 0)
        finite++;
    return finite;
}

static void course_pieces(const sl_case *c, sl_loss_course *course, bool steps)
{
    const size_t rows = course->rows;
    course->pieces = rows >= 4 * SL_COURSE_PIECES ? SL_COURSE_PIECES : (int)(rows / 4);
    double together = 0, squares = 0, most = 0;
    size_t pairs = 0, singles = 0;
    for (int p = 0; p < course->pieces; p++) {
        const size_t from = rows * (size_t)p / (size_t)course->pieces,
                     to = rows * (size_t)(p + 1) / (size_t)course->pieces;
        double sum = 0, before = 0;
        for (size_t i = from; i < to; i++)
            sum += course_loss(c, steps, i);
        const double mean = sum / (double)(to - from);
        course->piece[p] = mean;
        for (size_t i = from; i < to; i++) {
            const double loss = course_loss(c, steps, i), off = loss - mean;
            most = loss > most ? loss : most;
            if (p < course->pieces / 3) /* the way down is no noise */
                continue;
            squares += off * off;
            singles++;
            if (i > from) {
                together += off * before;
                pairs++;
            }
            before = off;
        }
    }
    const double variance = singles ? squares / (double)singles : 0;
    course->jumps = most / course->chance;
    course->swing = sqrt(variance) / course->chance;
    course->echo = pairs && variance > 0 ? together / (double)pairs / variance : 0;
}

static void course_fall(sl_loss_course *course)
{
    const int n = course->pieces;
    double least = course->piece[0];
    for (int p = 1; p < n; p++)
        least = course->piece[p] < least ? course->piece[p] : least;
    const double first = course->piece[0], last = course->piece[n - 1];
    course->fall = (first - last) / first;
    /* A mean of few noisy losses moves by itself. */
    const double noise = 3 * course->swing / sqrt((double)(course->rows / (size_t)n));
    course->rise = (last - least) / course->chance - noise;
    course->rise = course->rise > 0 ? course->rise : 0;
    const int third = n / 3 ? n / 3 : 1;
    course->even = n > 1 && first > last
                       ? (course->piece[n - 1 - third] - last) / third / ((first - last) / (n - 1))
                       : 0;
}

static void course_epochs(const sl_case *c, sl_loss_course *course)
{
    double sum = 0, before = 0;
    size_t changes = 0, turns = 0;
    for (size_t e = course->epochs / 3 + 2; e <= course->epochs; e++) {
        const double change = sl_case_epoch(c, "train_loss", e) - sl_case_epoch(c, "train_loss", e - 1);
        sum += fabs(change);
        turns += change * before < 0;
        changes++;
        before = change;
    }
    course->rough = changes ? sum / (double)changes / course->chance : 0;
    course->turns = changes > 1 ? (double)turns / (double)(changes - 1) : 0;
}

void sl_loss_course_take(const sl_case *c, sl_loss_course *course)
{
    *course = (sl_loss_course){ .epochs = c->history ? (size_t)sl_report_rows(c->history) : 0 };
    const bool steps = c->steps && sl_report_rows(c->steps) >= 8;
    course->rows = steps ? (size_t)sl_report_rows(c->steps) : course->epochs;
    course->rows = course_finite(c, steps, course->rows);
    course->chance = c->data.chance;
    if (!(course->chance > 0))
        course->chance = c->start.known && c->start.loss > 0 ? c->start.loss : (double)NAN;
    course->best = course->epochs ? c->outcome.best : (double)NAN;
    course->gain = (course->chance - course->best) / course->chance;
    course_pieces(c, course, steps);
    if (course->pieces)
        course_fall(course);
    course_epochs(c, course);
    course->poor = c->outcome.diverged || !(course->gain > 1. / 3);
}

double sl_learnable(const sl_case *c)
{
    const sl_data_look *d = &c->data;
    const double wrong = c->classes ? 1 - d->commonest : 1;
    double most = (double)NAN;
    if (wrong > 0 && d->neighbours >= 0)
        most = 1 - d->neighbours / wrong;
    const double single = c->classes ? 1 - (1 - d->single) / wrong : d->single;
    if (wrong > 0 && d->single > 0 && !(most > single))
        most = single;
    return most < 0 ? 0 : most > 1 ? 1 : most;
}
