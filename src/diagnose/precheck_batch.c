/* precheck_batch.c - can the net learn a few rows by heart? Adam (Kingma, Ba 2015), all of these rows at each
 * step, on weights that are put back afterwards. A net that cannot is too small for them, or something keeps
 * its gradient from them: dead or saturated units, numbers of the wrong size, inputs that do not arrive.
 *
 * Penalties and clipping stay away: what is asked is whether it can. Dropout and noise draw the same at each
 * step. As many rows as a quarter of the weights at most, for a net can be too small for more. */
#include "diagnose/precheck.h"
#include "kernel/math.h"
#include "train/curvature.h"

#include <math.h>
#include <string.h>

enum { ONEBATCH_ROWS = 32, ONEBATCH_STEPS = 1000, ONEBATCH_LEAST = 100 };
static const double onebatch_work = 3e9;  /* weights times rows times steps, at most about */
static const double onebatch_share = 0.1; /* of the loss that may be left above the floor */

typedef struct {
    sl_case *c;
    sl_probe *probe;
    sl_model *model;
    size_t n;                /* weights that learn */
    double *moment, *square; /* [n] */
    sl_one_batch *found;
} onebatch_job;

/* --- what the rows allow -------------------------------------------------------------------------------- */

typedef struct {
    size_t rows, inputs, outputs;
    const sl_real *x, *y;
    size_t *group; /* [rows]: the first row with the same inputs */
} onebatch_rows;

static void onebatch_groups(onebatch_rows *r)
{
    for (size_t i = 0; i < r->rows; i++) {
        size_t j = 0;
        while (j < i && memcmp(r->x + i * r->inputs, r->x + j * r->inputs, r->inputs * sizeof *r->x) != 0)
            j++;
        r->group[i] = j;
    }
}

static bool onebatch_with(const onebatch_rows *r, size_t row, bool all, size_t group)
{
    return all || r->group[row] == group;
}

/* Of classes: the entropy of their shares, times the rows. */
static double onebatch_entropy(const onebatch_rows *r, bool all, size_t group)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < r->rows; i++)
        count += onebatch_with(r, i, all, group);
    for (size_t i = 0; i < r->rows; i++) {
        size_t alike = 0;
        for (size_t j = 0; onebatch_with(r, i, all, group) && j < r->rows; j++)
            alike += onebatch_with(r, j, all, group) && r->y[j] == r->y[i];
        sum += alike ? sl_log_d((double)count) - sl_log_d((double)alike) : 0;
    }
    return sum;
}

/* Of numbers: squares of differences to the mean, of each output, their mean, times the rows. */
static double onebatch_spread(const onebatch_rows *r, bool all, size_t group)
{
    double sum = 0;
    for (size_t k = 0; k < r->outputs; k++) {
        double mean = 0;
        size_t count = 0;
        for (size_t i = 0; i < r->rows; i++)
            if (onebatch_with(r, i, all, group)) {
                mean += (double)r->y[i * r->outputs + k];
                count++;
            }
        mean /= (double)count;
        for (size_t i = 0; i < r->rows; i++)
            if (onebatch_with(r, i, all, group)) {
                const double off = (double)r->y[i * r->outputs + k] - mean;
                sum += off * off / (double)r->outputs;
            }
    }
    return sum;
}

static size_t onebatch_alike(const onebatch_rows *r)
{
    size_t alike = 0;
    for (size_t i = 0; i < r->rows; i++) {
        bool other = false;
        for (size_t j = 0; j < r->rows; j++)
            other = other ||
                    (r->group[i] == r->group[j] &&
                     memcmp(r->y + i * r->outputs, r->y + j * r->outputs, r->outputs * sizeof *r->y) != 0);
        alike += other;
    }
    return alike;
}

/* Losses whose least value on given rows is known by a formula: cross-entropies and the mean squared error,
 * as they are without options. */
static void onebatch_floor(onebatch_job *job, const onebatch_rows *r)
{
    const sl_case *c = job->c;
    const sl_model *model = job->model;
    const sl_loss *loss = model->loss;
    sl_text text;
    sl_text_init(&text, c->ctx);
    sl_loss_describe(loss, &model->loss_values, &text);
    const bool plain = !strcmp(sl_text_string(&text), loss->name) && !c->own->trainer->row_weights;
    const bool classes =
        plain && c->classes && r->outputs == 1 &&
        (!strcmp(loss->name, "cross_entropy") || !strcmp(loss->name, "binary_cross_entropy"));
    const bool squares = plain && !c->classes && !strcmp(loss->name, "mean_squared");
    sl_text_free(&text);
    if (!classes && !squares)
        return;
    double (*const least)(const onebatch_rows *, bool, size_t) = classes ? onebatch_entropy : onebatch_spread;
    job->found->chance = least(r, true, 0) / (double)r->rows;
    job->found->floor = 0;
    for (size_t i = 0; i < r->rows && r->inputs; i++)
        if (r->group[i] == i)
            job->found->floor += least(r, false, i) / (double)r->rows;
    job->found->alike = r->inputs ? onebatch_alike(r) : 0;
}

static sl_status onebatch_limits(onebatch_job *job)
{
    sl_case *c = job->c;
    sl_probe *p = job->probe;
    sl_one_batch *found = job->found;
    onebatch_rows r = { .rows = p->count, .outputs = c->train->outputs, .x = p->x->v, .y = p->y->v };
    if (p->count > (size_t)p->x->shape.dim[0]) /* they do not stand there at once */
        return SL_OK;
    r.inputs = c->data.inputs ? p->x->count / (size_t)p->x->shape.dim[0] : 0;
    r.group = sl_alloc_array(c->ctx, r.rows, sizeof *r.group);
    if (r.group && !sl_model_gather(c->ctx, job->model, c->train, p->rows, p->count, true, p->x, p->y->v)) {
        sl_target_in(&job->model->target, p->y->v, p->count * r.outputs);
        onebatch_groups(&r);
        onebatch_floor(job, &r);
    }
    sl_free(c->ctx, r.group);
    const double from =
        found->chance > found->floor && found->chance < found->first ? found->chance : found->first;
    if (found->floor == found->floor && from > found->floor)
        found->wanted = found->floor + onebatch_share * (from - found->floor);
    return c->ctx->status;
}

/* --- learning ------------------------------------------------------------------------------------------- */

static void onebatch_update(onebatch_job *job, double lr, double one, double two)
{
    size_t at = 0;
    for (int i = 0; i < job->model->param_count; i++) {
        const sl_tensor *t = job->model->params[i];
        for (size_t j = 0; t->learns && j < t->count; j++, at++) {
            const double g = (double)t->g[j];
            job->moment[at] = 0.9 * job->moment[at] + 0.1 * g;
            job->square[at] = 0.999 * job->square[at] + 0.001 * g * g;
            t->v[j] = (sl_real)((double)t->v[j] -
                                lr * (job->moment[at] / one) / (sqrt(job->square[at] / two) + 1e-8));
        }
    }
}

/* true: learned, or there is nothing more to be tried. */
static bool onebatch_try(onebatch_job *job, double lr, size_t steps)
{
    sl_one_batch *found = job->found;
    double one = 1, two = 1, loss;
    memset(job->moment, 0, job->n * sizeof *job->moment);
    memset(job->square, 0, job->n * sizeof *job->square);
    for (size_t step = 0; step <= steps; step++) {
        if (sl_probe_gradient(job->probe, &loss))
            return true;
        if (!(loss - loss == 0)) {
            sl_probe_clear(job->probe);
            return false;
        }
        found->last = loss < found->last ? loss : found->last;
        if (loss <= found->wanted || step == steps) {
            sl_probe_clear(job->probe);
            return loss <= found->wanted;
        }
        one *= 0.9;
        two *= 0.999;
        onebatch_update(job, lr * (1 - (double)step / (double)steps), 1 - one, 1 - two);
        sl_probe_clear(job->probe);
        found->steps++;
    }
    return false;
}

static sl_status onebatch_learn(onebatch_job *job)
{
    static const double rates[] = { 0.01, 0.001, 0.1 };
    sl_ctx *ctx = job->c->ctx;
    sl_one_batch *found = job->found;
    const size_t bytes = job->model->padded * sizeof *job->model->values;
    const double room = onebatch_work / ((double)job->n * (double)found->rows);
    const size_t steps = room > ONEBATCH_STEPS   ? ONEBATCH_STEPS
                         : room < ONEBATCH_LEAST ? ONEBATCH_LEAST
                                                 : (size_t)room;
    sl_real *before = sl_alloc(ctx, bytes);
    job->moment = sl_alloc_array(ctx, job->n, sizeof *job->moment);
    job->square = sl_alloc_array(ctx, job->n, sizeof *job->square);
    if (!ctx->status) {
        memcpy(before, job->model->values, bytes);
        found->last = found->first;
        bool over = false;
        const size_t tries = found->wanted == found->wanted ? sizeof rates / sizeof *rates : 1;
        for (size_t i = 0; i < tries && !over && !ctx->status; i++) {
            over = onebatch_try(job, rates[i], steps);
            memcpy(job->model->values, before, bytes);
        }
    }
    sl_free(ctx, before);
    sl_free(ctx, job->moment);
    sl_free(ctx, job->square);
    return ctx->status;
}

sl_status sl_precheck_batch(sl_case *c, sl_one_batch *found)
{
    const double none = (double)NAN;
    sl_ctx *ctx = c->ctx;
    sl_model *model = c->own->model;
    sl_probe probe;
    *found = (sl_one_batch){ .first = none, .last = none, .chance = none, .floor = none, .wanted = none };
    onebatch_job job = { .c = c, .probe = &probe, .model = model, .found = found };
    for (int i = 0; i < model->param_count; i++)
        job.n += model->params[i]->learns ? model->params[i]->count : 0;
    found->weights = job.n;
    if (!job.n)
        return SL_OK;
    size_t most = c->batch < ONEBATCH_ROWS ? c->batch : ONEBATCH_ROWS;
    most = job.n / 4 < most ? job.n / 4 : most;
    if (!sl_probe_open(&probe, c->own->trainer, most > 2 ? most : 2)) {
        found->rows = probe.count;
        if (!sl_probe_gradient(&probe, &found->first)) {
            sl_probe_clear(&probe);
            if (found->first - found->first == 0 && !onebatch_limits(&job))
                onebatch_learn(&job);
        }
    }
    sl_probe_close(&probe);
    return ctx->status;
}
