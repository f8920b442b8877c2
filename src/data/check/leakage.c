/* leakage.c - a column that knows the answer: the target under another name, or something that was written
 * down only when the answer was known. */
#include "core/sort.h"
#include "data/check/check.h"

#include <math.h>

enum { LEAK_ROWS = 20000, LEAK_LEAST = 20, LEAK_BINS = 32, LEAK_FEW = 5, LEAK_SURE = 500, LEAK_RARE = 5 };

typedef struct {
    double x;
    size_t place; /* in the sample */
} leak_value;

typedef struct {
    const sl_check_job *job;
    size_t rows, *row; /* the sample: rows spread evenly */
    double *x, *y, *rank_x, *rank_y;
    leak_value *sorted; /* by x, what is missing last */
    leak_value *by_y, *some;
    size_t *bin;
} leak_work;

typedef struct {
    size_t bins, present, classes; /* values; rows that have one; classes that occur */
    size_t one_to_one;             /* in so many rows; 0: it is not */
    bool equal;
    bool holes;                                        /* score is of whether there is a value */
    size_t held;                                       /* rows that score was measured on */
    double score, base, correlation, rank_correlation; /* NaN: not defined */
} leak_column;

static int leak_compare(const void *a, const void *b)
{
    const leak_value *u = a, *v = b;
    const bool lost_u = u->x != u->x, lost_v = v->x != v->x;
    if (lost_u != lost_v)
        return lost_u - lost_v;
    if (!lost_u && u->x != v->x)
        return (u->x > v->x) - (u->x < v->x);
    return (u->place > v->place) - (u->place < v->place);
}

static bool leak_same(double a, double b)
{
    return a == b || (a != a && b != b);
}

/* Ranks of the values that are there, the mean one for equal ones. */
static void leak_ranks(const leak_value *sorted, size_t present, double *rank)
{
    for (size_t from = 0, to; from < present; from = to) {
        for (to = from + 1; to < present && sorted[to].x == sorted[from].x;)
            to++;
        for (size_t i = from; i < to; i++)
            rank[sorted[i].place] = ((double)from + (double)to - 1) / 2;
    }
}

/* Over the first `present` of `sorted`. */
static double leak_correlation(const leak_value *sorted, size_t present, const double *u, const double *v)
{
    double mean_u = 0, mean_v = 0, uu = 0, vv = 0, uv = 0;
    for (size_t i = 0; i < present; i++) {
        mean_u += (u[sorted[i].place] - mean_u) / (double)(i + 1);
        mean_v += (v[sorted[i].place] - mean_v) / (double)(i + 1);
    }
    for (size_t i = 0; i < present; i++) {
        const double a = u[sorted[i].place] - mean_u, b = v[sorted[i].place] - mean_v;
        uu += a * a;
        vv += b * b;
        uv += a * b;
    }
    return uu > 0 && vv > 0 ? uv / (sqrt(uu) * sqrt(vv)) : NAN;
}

/* A bin for each value, or, where there are many, for each 32nd of the rows (10 at least). */
static size_t leak_bins(const leak_work *w, size_t values)
{
    const bool exact = values * LEAK_FEW <= w->rows;
    const size_t most = w->rows / 10 < LEAK_BINS ? w->rows / 10 : LEAK_BINS;
    size_t bin = 0, begun = 0;
    for (size_t i = 0; i < w->rows; i++) {
        const bool other = i && !leak_same(w->sorted[i].x, w->sorted[i - 1].x);
        const bool full = exact || (i - begun) * most >= w->rows || w->sorted[i].x != w->sorted[i].x;
        if (other && full) {
            bin++;
            begun = i;
        }
        w->bin[w->sorted[i].place] = bin;
    }
    return bin + 1;
}

/* Does each value go with one class, and each class with one value? holes: in the rows that have a value, of
 * which enough are not of the most frequent class. The number of rows; 0: it does not. */
static size_t leak_one_to_one(const leak_work *w, size_t bins, bool holes, size_t *classes)
{
    const size_t kinds = (size_t)w->job->classes;
    sl_ctx *ctx = w->job->ctx;
    size_t *class_of = sl_alloc_array(ctx, bins, sizeof *class_of),
           *bin_of = sl_alloc_array(ctx, kinds, 2 * sizeof *bin_of), seen = 0, most = 0;
    bool pure = class_of && bin_of;
    *classes = 0;
    for (size_t i = 0; class_of && bin_of && i < w->rows; i++) { /* 0: not seen */
        const size_t class = (size_t)w->y[i], bin = w->bin[i];
        if (holes && w->x[i] != w->x[i])
            continue;
        const size_t rows = ++bin_of[kinds + class];
        *classes += !bin_of[class];
        pure = pure && (!class_of[bin] || class_of[bin] == class + 1) &&
               (!bin_of[class] || bin_of[class] == bin + 1);
        class_of[bin] = class + 1;
        bin_of[class] = bin + 1;
        seen++;
        most = rows > most ? rows : most;
    }
    sl_free(ctx, class_of);
    sl_free(ctx, bin_of);
    const bool enough = !holes || (seen >= LEAK_LEAST && seen - most >= LEAK_RARE);
    return pure && *classes > 1 && enough ? seen : 0;
}

/* Something that was written down only when the answer was known: that there is a value says all. */
static void leak_holes(const leak_work *w, leak_column *c)
{
    double base;
    size_t held;
    if (!c->present || c->present == w->rows)
        return;
    for (size_t i = 0; i < w->rows; i++)
        w->bin[i] = w->x[i] == w->x[i];
    const double score =
        sl_check_lookup(w->job->ctx, w->bin, 2, w->y, w->rows, w->job->classes, &base, &held);
    if (!(score > c->score) && c->score == c->score)
        return;
    c->holes = true;
    c->score = score;
    c->base = base;
    c->held = held;
    c->bins = 2;
}

static leak_column leak_measure(const leak_work *w, const sl_column *column)
{
    leak_column c = { .equal = true, .correlation = NAN, .rank_correlation = NAN };
    size_t values = 1;
    for (size_t i = 0; i < w->rows; i++) {
        w->sorted[i] = (leak_value){ w->x[i], i };
        c.present += w->x[i] == w->x[i];
        c.equal = c.equal && w->x[i] == w->y[i];
    }
    sl_sort(w->sorted, w->rows, sizeof *w->sorted, leak_compare);
    for (size_t i = 1; i < w->rows; i++)
        values += !leak_same(w->sorted[i].x, w->sorted[i - 1].x);
    const bool words = column->type == SL_COLUMN_CATEGORY || column->type == SL_COLUMN_BOOLEAN;
    if (!words && (!w->job->classes || w->job->classes == 2) && c.present >= LEAK_LEAST) {
        c.correlation = leak_correlation(w->sorted, c.present, w->x, w->y);
        leak_ranks(w->sorted, c.present, w->rank_x);
        size_t some = 0;
        for (size_t i = 0; i < w->rows; i++) /* ranks among the rows that have a value */
            if (w->x[w->by_y[i].place] == w->x[w->by_y[i].place])
                w->some[some++] = w->by_y[i];
        leak_ranks(w->some, some, w->rank_y);
        if (!w->job->classes)
            c.rank_correlation = leak_correlation(w->sorted, c.present, w->rank_x, w->rank_y);
    }
    c.equal = c.equal && !words && !w->job->classes;
    const bool few = values * LEAK_FEW <= w->rows;
    c.bins = leak_bins(w, values);
    c.score = few || !words ? sl_check_lookup(w->job->ctx, w->bin, c.bins, w->y, w->rows, w->job->classes,
                                              &c.base, &c.held)
                            : NAN;
    const bool holes = c.present < w->rows;
    if (w->job->classes && few)
        c.one_to_one = leak_one_to_one(w, c.bins, false, &c.classes);
    if (w->job->classes && few && holes && !c.one_to_one)
        c.one_to_one = leak_one_to_one(w, c.bins, true, &c.classes);
    c.bins = few ? c.bins : 0;
    leak_holes(w, &c);
    return c;
}

/* An input alone is what the target is to follow from: then only a copy is an error. */
static sl_severity leak_judge(const leak_work *w, const leak_column *c, const char *name, bool alone,
                              sl_text *text)
{
    char number[32], count[32];
    const size_t held = c->held;
    const bool classes = w->job->classes > 0, enough = w->rows >= LEAK_LEAST;
    const sl_severity severe = alone ? SL_FINDS_REMARK : SL_FINDS_ERROR;
    sl_count_text(count, w->rows);
    if (!enough)
        return SL_FINDS_NOTHING;
    if (c->equal) {
        sl_text_add(text, "column %s is the target itself in all %s rows looked at", name, count);
        return SL_FINDS_ERROR;
    }
    if (c->one_to_one) {
        sl_text_add(text,
                    "column %s has %zu values that stand for the %zu classes one to one, in all %s rows "
                    "looked at",
                    name, c->classes, c->classes, sl_count_text(count, c->one_to_one));
        return severe;
    }
    if (fabs(c->correlation) > 0.9999 || fabs(c->rank_correlation) > 0.9999) {
        const bool plain = fabs(c->correlation) > 0.9999;
        sl_text_add(text, "column %s follows the target: %scorrelation %s in %s rows", name,
                    plain ? "" : "rank ",
                    sl_number_text(number, (double)(float)(plain ? c->correlation : c->rank_correlation)),
                    sl_count_text(count, c->present));
        return severe;
    }
    const bool rare = classes && (double)held * (1 - c->base) < LEAK_RARE; /* luck is enough for so few */
    sl_count_text(count, held);
    if (c->bins && held >= 50 && !rare && (classes ? c->score >= 1 : c->score > 0.9999)) {
        if (c->holes)
            sl_text_add(text, "column %s determines the target: whether it has a value", name);
        else
            sl_text_add(text, "column %s determines the target: its %zu values", name, c->bins);
        sl_text_add(text, " give%s %s in %s rows that were not looked at before", c->holes ? "s" : "",
                    classes ? "every class" : "the number", count);
        return held >= LEAK_SURE ? severe : SL_FINDS_REMARK; /* of few rows some separate by luck: iris */
    }
    if (held < 20 || rare || !(c->score >= 0.99) || (classes && 1 - c->score > 0.1 * (1 - c->base)))
        return SL_FINDS_NOTHING;
    sl_text_add(text,
                "column %s nearly determines the target: %s gives %s%s in %s rows that were not looked at "
                "before",
                name, c->holes ? "whether it has a value" : "alone it", classes ? "" : "an R2 of ",
                classes ? sl_check_percent(number, c->score)
                        : sl_number_text(number, (double)(float)c->score),
                count);
    return SL_FINDS_REMARK;
}

static bool leak_open(leak_work *w, const sl_check_job *job)
{
    sl_ctx *ctx = job->ctx;
    const size_t all = job->train->rows;
    w->job = job;
    w->rows = all < LEAK_ROWS ? all : LEAK_ROWS;
    w->row = sl_alloc_array(ctx, w->rows, sizeof *w->row);
    w->x = sl_alloc_array(ctx, w->rows, 4 * sizeof *w->x);
    w->sorted = sl_alloc_array(ctx, w->rows, 3 * sizeof *w->sorted);
    w->bin = sl_alloc_array(ctx, w->rows, sizeof *w->bin);
    if (ctx->status)
        return false;
    w->y = w->x + w->rows;
    w->rank_x = w->y + w->rows;
    w->rank_y = w->rank_x + w->rows;
    w->by_y = w->sorted + w->rows;
    w->some = w->by_y + w->rows;
    for (size_t i = 0; i < w->rows; i++) {
        w->row[i] = (size_t)((uint64_t)i * all / w->rows);
        w->y[i] = sl_data_target(job->train, w->row[i]);
        w->by_y[i] = (leak_value){ w->y[i], i };
    }
    sl_sort(w->by_y, w->rows, sizeof *w->by_y, leak_compare);
    return true;
}

static sl_severity leakage_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_columns *columns = job->train->store->columns;
    leak_work w = { 0 };
    sl_text texts[3] = { { 0 } }; /* of each severity */
    size_t found[3] = { 0 };
    if (!columns || job->train->outputs != 1)
        return SL_FINDS_NOTHING;
    for (int s = 1; s < 3; s++)
        sl_text_init(&texts[s], job->ctx);
    const bool open = leak_open(&w, job);
    for (int i = 0; open && i < columns->inputs && !job->ctx->status; i++) {
        const sl_column *column = &columns->column[sl_columns_input(columns, i)];
        if (sl_data_cells(job->train, column->cell, w.row, w.rows, w.x))
            break;
        const leak_column c = leak_measure(&w, column);
        sl_text line;
        sl_text_init(&line, job->ctx);
        const sl_severity severity =
            leak_judge(&w, &c, column->name, columns->inputs + columns->texts == 1, &line);
        if (severity && found[severity]++ < 3)
            sl_text_add(&texts[severity], "%s%s", found[severity] > 1 ? "; " : "", sl_text_string(&line));
        sl_text_free(&line);
    }
    const sl_severity worst = found[SL_FINDS_ERROR]    ? SL_FINDS_ERROR
                              : found[SL_FINDS_REMARK] ? SL_FINDS_REMARK
                                                       : SL_FINDS_NOTHING;
    if (worst) {
        sl_text_put(sentence, sl_text_string(&texts[worst]));
        if (found[worst] > 3)
            sl_text_add(sentence, "; and %zu more such columns", found[worst] - 3);
        if (worst == SL_FINDS_ERROR)
            sl_text_put(sentence, ": will it be known when a prediction is wanted? If not, leave it out with "
                                  "--column NAME=ignore");
    }
    for (int s = 1; s < 3; s++)
        sl_text_free(&texts[s]);
    sl_free(job->ctx, w.row);
    sl_free(job->ctx, w.x);
    sl_free(job->ctx, w.sorted);
    sl_free(job->ctx, w.bin);
    return worst;
}

const sl_check sl_check_leakage = {
    .name = "leakage",
    .summary = "a column of a table that gives the target away",
    .formula = "an error: equal, one to one, |r| > 0.9999, or no error in 500 rows; a remark: alone 99 % "
               "right, R2 >= "
               "0.99",
    .source = "Kaufman, Rosset, Perlich, Stitelman 2012, Leakage in data mining",
    .look = leakage_look,
};
