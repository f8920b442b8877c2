/* data_look.c - the training rows in numbers: how their inputs lie, what their targets are, in which order
 * they stand. What takes neighbours or single inputs is in data_near.c and data_single.c. */
#include "diagnose/diagnose.h"
#include "kernel/math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_LOOK_ROWS = 4096, LOOK_NUMBERS = 1 << 24 };

static bool datalook_finite(double x)
{
    return x - x == 0;
}

/* Row `i` of the sample, among the training rows. */
static size_t datalook_at(const sl_case *c, size_t rows, size_t i)
{
    return (size_t)((uint64_t)i * c->train->rows / rows);
}

/* --- reading -------------------------------------------------------------------------------------------- */

static sl_status datalook_inputs(sl_case *c, sl_data_sample *s)
{
    size_t rows[SL_PIECE];
    sl_tensor *x = sl_model_inputs(c->ctx, c->model, SL_PIECE, s->inputs);
    s->x = sl_alloc_array(c->ctx, s->rows * s->inputs, sizeof *s->x);
    for (size_t first = 0; first < s->rows && !c->ctx->status; first += SL_PIECE) {
        const size_t count = s->rows - first < SL_PIECE ? s->rows - first : SL_PIECE;
        for (size_t i = 0; i < count; i++)
            rows[i] = datalook_at(c, s->rows, first + i);
        if (!sl_model_gather(c->ctx, c->model, c->train, rows, count, false, x, NULL))
            memcpy(s->x + first * s->inputs, x->v, count * s->inputs * sizeof *s->x);
    }
    sl_tensor_free(x);
    return c->ctx->status;
}

static sl_status datalook_targets(sl_case *c, sl_data_sample *s)
{
    s->y = sl_alloc_array(c->ctx, s->rows * s->outputs, sizeof *s->y);
    s->next = sl_alloc_array(c->ctx, s->rows, sizeof *s->next);
    sl_real *two = sl_alloc_array(c->ctx, s->outputs, sizeof *two);
    for (size_t i = 0; i < s->rows && !c->ctx->status; i++) {
        const size_t at = datalook_at(c, s->rows, i), behind = at + 1 < c->train->rows ? at + 1 : at;
        sl_real *y = s->y + i * s->outputs;
        if (sl_data_gather(c->ctx, c->train, &at, 1, NULL, NULL, y) ||
            sl_data_gather(c->ctx, c->train, &behind, 1, NULL, NULL, two))
            break;
        if (!c->classes && c->model) {
            sl_target_in(&c->model->target, y, s->outputs);
            sl_target_in(&c->model->target, two, s->outputs);
        }
        s->next[i] = two[0];
    }
    sl_free(c->ctx, two);
    return c->ctx->status;
}

static void datalook_broken(const sl_case *c, const sl_data_sample *s, sl_data_look *look)
{
    for (size_t i = 0; i < s->rows; i++) {
        bool broken = false;
        for (size_t j = 0; j < s->inputs; j++)
            broken = broken || !datalook_finite((double)s->x[i * s->inputs + j]);
        for (size_t j = 0; j < s->outputs; j++)
            broken = broken || !datalook_finite((double)s->y[i * s->outputs + j]);
        if (broken && !look->broken++)
            look->broken_at = datalook_at(c, s->rows, i);
    }
    look->not_finite = look->broken > 0;
}

/* --- inputs --------------------------------------------------------------------------------------------- */

/* Mean and deviation of every `step`-th number of v[0..count * step). */
static void datalook_spread(const sl_real *v, size_t count, size_t step, double *mean, double *deviation)
{
    double sum = 0, squares = 0;
    size_t seen = 0;
    for (size_t i = 0; i < count; i++)
        if (datalook_finite((double)v[i * step])) {
            sum += (double)v[i * step];
            seen++;
        }
    *mean = seen ? sum / (double)seen : (double)NAN;
    for (size_t i = 0; i < count; i++)
        if (datalook_finite((double)v[i * step]))
            squares += ((double)v[i * step] - *mean) * ((double)v[i * step] - *mean);
    *deviation = seen ? sqrt(squares / (double)seen) : (double)NAN;
}

static void datalook_scale(sl_data_sample *s, sl_data_look *look)
{
    double squares = 0;
    size_t seen = 0;
    look->most = look->largest = look->offset = 0;
    for (size_t j = 0; j < s->inputs; j++) {
        datalook_spread(s->x + j, s->rows, s->inputs, &s->mean[j], &s->dev[j]);
        const double deviation = s->dev[j], off = fabs(s->mean[j]);
        if (deviation > 0 && !(look->least <= deviation)) {
            look->least = deviation;
            look->least_at = j;
        }
        if (deviation > look->most) {
            look->most = deviation;
            look->most_at = j;
        }
        const double offset = deviation > 0 ? off / deviation : off;
        look->offset = offset > look->offset ? offset : look->offset;
    }
    for (size_t i = 0; i < s->rows * s->inputs; i++) {
        const double x = fabs((double)s->x[i]);
        if (!datalook_finite(x))
            continue;
        look->largest = x > look->largest ? x : look->largest;
        squares += x * x;
        seen++;
    }
    look->in_rms = seen ? sqrt(squares / (double)seen) : (double)NAN;
}

/* --- targets -------------------------------------------------------------------------------------------- */

/* The loss of answering `constant` ([width], what the net would give) to all rows. */
static double datalook_constant(const sl_case *c, const sl_data_sample *s, const sl_real *constant,
                                size_t width)
{
    double sum = 0;
    sl_real *out = sl_alloc_array(c->ctx, width, sizeof *out),
            *y = sl_alloc_array(c->ctx, s->outputs, sizeof *y);
    for (size_t i = 0; i < s->rows && out && y; i++) {
        memcpy(out, constant, width * sizeof *out);
        memcpy(y, s->y + i * s->outputs, s->outputs * sizeof *y);
        sum += (double)sl_loss_of_row(c->ctx->isa, c->model->loss, &c->model->loss_values, out, y, width);
    }
    sl_free(c->ctx, out);
    sl_free(c->ctx, y);
    return sum / (double)s->rows;
}

static int datalook_compare(const void *a, const void *b)
{
    const sl_real x = *(const sl_real *)a, y = *(const sl_real *)b;
    return (x > y) - (x < y);
}

/* Of numbers: the better one of their mean and their median, each output's own. */
static double datalook_chance_numbers(const sl_case *c, const sl_data_sample *s)
{
    const size_t width = s->outputs;
    if (sl_loss_per_target(c->model->loss) != 1 || (size_t)sl_model_outputs(c->model) != width ||
        c->model->loss->predict)
        return (double)NAN;
    sl_real *mean = sl_alloc_array(c->ctx, width, sizeof *mean),
            *median = sl_alloc_array(c->ctx, width, sizeof *median),
            *sorted = sl_alloc_array(c->ctx, s->rows, sizeof *sorted);
    double best = (double)NAN;
    for (size_t j = 0; j < width && !c->ctx->status; j++) {
        double middle, deviation;
        datalook_spread(s->y + j, s->rows, width, &middle, &deviation);
        for (size_t i = 0; i < s->rows; i++)
            sorted[i] = s->y[i * width + j];
        qsort(sorted, s->rows, sizeof *sorted, datalook_compare);
        mean[j] = (sl_real)middle;
        median[j] = sorted[s->rows / 2];
    }
    if (!c->ctx->status) {
        const double by_mean = datalook_constant(c, s, mean, width),
                     by_median = datalook_constant(c, s, median, width);
        best = by_median < by_mean ? by_median : by_mean;
    }
    sl_free(c->ctx, mean);
    sl_free(c->ctx, median);
    sl_free(c->ctx, sorted);
    return best;
}

/* Of classes: their shares, as the outputs that say them. */
static double datalook_chance_classes(const sl_case *c, const sl_data_sample *s, const double *share)
{
    const sl_loss *loss = c->model->loss;
    const size_t width = (size_t)sl_model_outputs(c->model);
    const bool one = width == 1 && s->classes == 2;
    if (!loss->predict || loss->target == SL_TARGET_NUMBER || !loss->from_logits || loss->cut_included ||
        (!one && width != s->classes))
        return (double)NAN;
    sl_real *out = sl_alloc_array(c->ctx, width, sizeof *out);
    double chance = (double)NAN;
    for (size_t k = 0; k < width && out; k++) {
        const double p = one ? share[1] : share[k], q = one ? share[0] : 1;
        const double logit = p > 0 && q > 0 ? sl_log_d(p) - sl_log_d(q) : p > 0 ? 30 : -30;
        out[k] = (sl_real)logit;
    }
    if (out)
        chance = datalook_constant(c, s, out, width);
    sl_free(c->ctx, out);
    return chance;
}

static void datalook_classes(sl_case *c, const sl_data_sample *s, sl_data_look *look)
{
    double *share = sl_alloc_array(c->ctx, s->classes, sizeof *share), alike = 0, chance = 0;
    size_t *count = sl_alloc_array(c->ctx, s->classes, sizeof *count), counted = 0, pairs = 0;
    for (size_t i = 0; i < s->rows && share && count; i++) {
        const double y = (double)s->y[i * s->outputs];
        if (!(y >= 0 && y < (double)s->classes))
            continue;
        count[(size_t)y]++;
        counted++;
        if (datalook_at(c, s->rows, i) + 1 < c->train->rows) {
            alike += (double)s->next[i] == y;
            pairs++;
        }
    }
    look->commonest = 0;
    look->rarest = 2;
    for (size_t k = 0; k < s->classes && counted && count && share; k++) {
        share[k] = (double)count[k] / (double)counted;
        chance += share[k] * share[k];
        if (share[k] > look->commonest) {
            look->commonest = share[k];
            look->commonest_at = k;
        }
        if (share[k] < look->rarest) {
            look->rarest = share[k];
            look->rarest_at = k;
        }
    }
    look->in_order = pairs ? alike / (double)pairs : (double)NAN;
    look->in_chance = chance;
    look->uniform = sl_log_d((double)s->classes);
    if (c->model && c->model->loss && counted == s->rows && share)
        look->chance = datalook_chance_classes(c, s, share);
    sl_free(c->ctx, share);
    sl_free(c->ctx, count);
}

static void datalook_numbers(sl_case *c, const sl_data_sample *s, sl_data_look *look)
{
    double first, spread, products = 0;
    size_t pairs = 0;
    datalook_spread(s->y, s->rows * s->outputs, 1, &look->target_mean, &look->target_deviation);
    datalook_spread(s->y, s->rows, s->outputs, &first, &spread);
    for (size_t i = 0; i < s->rows; i++)
        if (datalook_at(c, s->rows, i) + 1 < c->train->rows) {
            const double a = (double)s->y[i * s->outputs] - first, b = (double)s->next[i] - first;
            products += datalook_finite(a * b) ? a * b : 0;
            pairs++;
        }
    look->in_order = pairs && spread > 0 ? products / (double)pairs / (spread * spread) : (double)NAN;
    look->in_chance = 0;
    if (c->model && c->model->loss && !look->not_finite)
        look->chance = datalook_chance_numbers(c, s);
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static bool datalook_has_inputs(const sl_case *c)
{
    if (!c->model || !c->model->built || sl_model_reads_texts(c->model))
        return false;
    for (int i = 0; i < c->model->count; i++) /* the first numbers of a row name categories */
        if (!strcmp(c->model->layers[i].kind->name, "category"))
            return false;
    return true;
}

static sl_status datalook_take(sl_case *c, bool inputs)
{
    const double none = (double)NAN;
    sl_data_look *look = &c->data;
    *look = (sl_data_look){ .least = none,
                            .most = none,
                            .largest = none,
                            .offset = none,
                            .in_rms = none,
                            .target_mean = none,
                            .target_deviation = none,
                            .rarest = none,
                            .commonest = none,
                            .chance = none,
                            .uniform = none,
                            .in_order = none,
                            .in_chance = none,
                            .copies = none,
                            .contradicting = none,
                            .neighbours = none,
                            .single = none,
                            .second = none,
                            .agreed = none,
                            .alone = none };
    if (!c->train || !c->train->rows)
        return c->ctx->status;
    sl_data_sample s = { .rows = c->train->rows < DATA_LOOK_ROWS ? c->train->rows : DATA_LOOK_ROWS,
                         .outputs = c->train->outputs,
                         .classes = (size_t)c->classes };
    if (inputs && datalook_has_inputs(c)) {
        const sl_preparation how = sl_model_preparation(c->model);
        s.inputs = sl_prepared_features(&how, c->train);
    }
    if (s.inputs && s.rows > LOOK_NUMBERS / s.inputs)
        s.rows = LOOK_NUMBERS / s.inputs ? LOOK_NUMBERS / s.inputs : 1;
    look->rows = s.rows;
    look->inputs = s.inputs;
    look->classes = s.classes;
    s.mean = sl_alloc_array(c->ctx, s.inputs, sizeof *s.mean);
    s.dev = sl_alloc_array(c->ctx, s.inputs, sizeof *s.dev);
    if (!c->ctx->status && (!s.inputs || !datalook_inputs(c, &s)) &&
        (!s.outputs || !datalook_targets(c, &s))) {
        datalook_broken(c, &s, look);
        if (s.inputs)
            datalook_scale(&s, look);
        if (s.outputs && s.classes)
            datalook_classes(c, &s, look);
        else if (s.outputs)
            datalook_numbers(c, &s, look);
        if (s.inputs && !look->not_finite && !sl_data_look_near(c->ctx, &s, look) && s.outputs)
            sl_data_look_single(c->ctx, &s, look);
    }
    sl_free(c->ctx, s.x);
    sl_free(c->ctx, s.y);
    sl_free(c->ctx, s.next);
    sl_free(c->ctx, s.mean);
    sl_free(c->ctx, s.dev);
    return c->ctx->status;
}

sl_status sl_data_look_take(sl_case *c)
{
    return datalook_take(c, true);
}

sl_status sl_data_look_targets(sl_case *c)
{
    return datalook_take(c, false);
}
