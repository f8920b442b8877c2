/* snapshot.c - see snapshot.h */
#include "train/snapshot.h"

#include <math.h>
#include <string.h>

static void *snapshot_copy(sl_ctx *ctx, void *into, const void *from, size_t bytes)
{
    void *copy = into ? into : sl_alloc(ctx, bytes);
    if (copy && from)
        memcpy(copy, from, bytes);
    return copy;
}

/* What stands in the trainer itself, without its memory. */
static void snapshot_counters(sl_trainer *to, const sl_trainer *from)
{
    to->steps = from->steps;
    to->epoch = from->epoch;
    to->step_in_epoch = from->step_in_epoch;
    to->best_loss = from->best_loss;
    to->best_epoch = from->best_epoch;
    to->waited = from->waited;
    to->last_loss = from->last_loss;
    to->finished = from->finished;
    to->stopped = from->stopped;
}

static void snapshot_products(sl_step *to, const sl_step *from)
{
    to->beta1_power = from->beta1_power;
    to->beta2_power = from->beta2_power;
    to->average_power = from->average_power;
    memcpy(to->product, from->product, sizeof to->product);
}

static void snapshot_judged(sl_course *to, const sl_course *from)
{
    to->best = from->best;
    to->scale = from->scale;
    to->waited = from->waited;
}

static void snapshot_whole(sl_whole *to, const sl_whole *from)
{
    to->first = from->first;
    to->known = from->known;
    to->random = from->random;
    to->sloped = from->sloped;
    to->why = from->why;
}

static size_t snapshot_array(const sl_whole_array *array)
{
    return array->rows * array->columns * sizeof *array->v;
}

sl_status sl_snapshot_take(sl_snapshot *s, const sl_trainer *t)
{
    sl_ctx *ctx = s->ctx = t->ctx;
    const size_t bytes = t->model->padded * sizeof *t->best,
                 row = (size_t)t->report->columns * sizeof *s->history;
    snapshot_counters(&s->at, t);
    s->at.model = t->model;
    s->target = t->model->target;
    s->values = snapshot_copy(ctx, s->values, t->model->values, bytes);
    s->best = snapshot_copy(ctx, s->best, t->best, bytes);
    for (int i = 0; i < SL_MAX_STATES; i++)
        if (t->step->flat[i])
            s->flat[i] =
                snapshot_copy(ctx, s->flat[i], t->step->flat[i], t->step->length * sizeof *s->flat[i]);
    s->step.steps = t->step->steps;
    s->step.clipped = t->step->clipped;
    snapshot_products(&s->step, t->step);
    snapshot_judged(&s->step.course, &t->step->course);
    const sl_whole *whole = t->step->whole;
    if (whole)
        snapshot_whole(&s->whole, whole);
    for (int i = 0; whole && i < whole->arrays; i++)
        s->array[i] = snapshot_copy(ctx, s->array[i], whole->array[i].v, snapshot_array(&whole->array[i]));
    sl_free(ctx, s->history);
    s->rows = t->report->rows;
    s->best_row = t->report->best;
    s->history = s->rows ? snapshot_copy(ctx, NULL, t->report->values, (size_t)s->rows * row) : NULL;
    return ctx->status;
}

sl_status sl_snapshot_put(const sl_snapshot *s, sl_trainer *t)
{
    const size_t bytes = t->model->padded * sizeof *t->best;
    snapshot_counters(t, &s->at);
    t->model->target = s->target;
    memcpy(t->model->values, s->values, bytes);
    memcpy(t->best, s->best, bytes);
    for (int i = 0; i < SL_MAX_STATES; i++)
        if (t->step->flat[i])
            memcpy(t->step->flat[i], s->flat[i], t->step->length * sizeof *s->flat[i]);
    t->step->steps = s->step.steps;
    t->step->clipped = s->step.clipped;
    t->step->averaged = false;
    snapshot_products(t->step, &s->step);
    snapshot_judged(&t->step->course, &s->step.course);
    sl_whole *whole = t->step->whole;
    if (whole)
        snapshot_whole(whole, &s->whole);
    for (int i = 0; whole && i < whole->arrays; i++)
        memcpy(whole->array[i].v, s->array[i], snapshot_array(&whole->array[i]));
    for (int i = 0; i < t->step->count; i++) { /* a step that failed half-way leaves some */
        sl_tensor *param = t->step->params[i];
        memset(param->g, 0, param->count * sizeof *param->g);
        if (param->touched)
            sl_rows_clear(param->touched);
    }
    t->report->rows = s->rows; /* never more than there are */
    t->report->best = s->best_row;
    if (!whole)
        t->order_epoch = 0;
    return t->ctx->status;
}

void sl_snapshot_free(sl_snapshot *s)
{
    sl_free(s->ctx, s->values);
    sl_free(s->ctx, s->best);
    sl_free(s->ctx, s->history);
    for (int i = 0; i < SL_MAX_STATES; i++)
        sl_free(s->ctx, s->flat[i]);
    for (int i = 0; i < SL_WHOLE_ARRAYS; i++)
        sl_free(s->ctx, s->array[i]);
    *s = (sl_snapshot){ 0 };
}

/* --- into a training with other settings ---------------------------------------------------------------- */

static sl_status carry_check(const sl_trainer *to, const sl_trainer *from)
{
    const sl_model *a = from->model, *b = to->model;
    bool same =
        a->param_count == b->param_count && a->padded == b->padded && to->step->count == from->step->count;
    for (int i = 0; same && i < a->param_count; i++)
        same = sl_shape_equal(a->params[i]->shape, b->params[i]->shape) &&
               !strcmp(a->param_names[i], b->param_names[i]);
    if (!same)
        return sl_fail(to->ctx, SL_EINVAL,
                       "the change makes another net: it has the layers %s, and the run has %s: weights of "
                       "other shapes cannot go on from the run's; train the other net from its beginning",
                       b->net, a->net);
    if (to->train->rows != from->train->rows ||
        (to->validation ? to->validation->rows : 0) != (from->validation ? from->validation->rows : 0))
        return sl_fail(
            to->ctx, SL_EINVAL,
            "the change makes other parts: %zu rows to fit, and the run has %zu: train it from its "
            "beginning",
            to->train->rows, from->train->rows);
    const bool otherwise = to->batch != from->batch || to->sampling != from->sampling ||
                           to->steps_an_epoch != from->steps_an_epoch ||
                           !to->step->whole != !from->step->whole;
    const size_t begun = from->steps - from->step_in_epoch;
    if (otherwise && from->step_in_epoch)
        return sl_fail(to->ctx, SL_EINVAL,
                       "step %zu is amid an epoch, whose rows the change would take in other batches: wants "
                       "the end of one, step %zu or %zu",
                       from->steps, begun, begun + from->steps_an_epoch);
    return SL_OK;
}

/* The same texts, NULL for none. */
static bool carry_same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static void carry_history(sl_trainer *to, const sl_trainer *from)
{
    sl_report *r = to->report;
    double *row = sl_alloc_array(to->ctx, (size_t)r->columns, sizeof *row);
    for (int i = 0; row && i < from->report->rows; i++) {
        for (int c = 0; c < r->columns; c++) {
            const int at = sl_report_find(from->report, r->names[c]);
            row[c] = at < 0 ? (double)NAN : from->report->values[i * from->report->columns + at];
        }
        sl_report_add_row(r, row);
    }
    r->best = from->report->best;
    sl_free(to->ctx, row);
}

/* What is made small is the same to the bit: losses that a method remembers hold on. */
static bool carry_loss(const sl_trainer *to, const sl_trainer *from)
{
    const sl_optimizer *a = &from->step->set, *b = &to->step->set;
    return carry_same(to->model->loss_text, from->model->loss_text) && a->decay == b->decay &&
           a->l1 == b->l1 && a->l1_prox == b->l1_prox &&
           carry_same(to->options.class_weight, from->options.class_weight) &&
           carry_same(to->options.augment, from->options.augment);
}

static void carry_step(sl_step *to, const sl_step *from, bool same_loss)
{
    const char *name;
    to->steps = from->steps;
    to->clipped = from->clipped;
    if (carry_same(to->set.schedule, from->set.schedule))
        snapshot_judged(&to->course, &from->course);
    if (to->rule != from->rule || !to->whole != !from->whole)
        return;
    const double average_power = to->average_power; /* of an average that begins now */
    snapshot_products(to, from);
    if (!(from->set.average > 0))
        to->average_power = average_power;
    for (int i = 0; (name = sl_step_state_name(to, i)); i++)
        for (int k = 0; sl_step_state_name(from, k); k++)
            if (!strcmp(name, sl_step_state_name(from, k)))
                memcpy(to->flat[i], from->flat[k], to->length * sizeof *to->flat[i]);
    bool alike = to->whole && to->whole->arrays == from->whole->arrays;
    for (int i = 0; alike && i < to->whole->arrays; i++)
        alike = snapshot_array(&to->whole->array[i]) == snapshot_array(&from->whole->array[i]);
    for (int i = 0; alike && i < to->whole->arrays; i++)
        memcpy(to->whole->array[i].v, from->whole->array[i].v, snapshot_array(&to->whole->array[i]));
    if (alike && !same_loss)
        to->whole->number[SL_WHOLE_KNOWN] = 0;
}

sl_status sl_trainer_carry(sl_trainer *to, const sl_trainer *from)
{
    if (carry_check(to, from))
        return to->ctx->status;
    const size_t bytes = from->model->padded * sizeof *from->best;
    snapshot_counters(to, from);
    memcpy(to->model->values, from->model->values, bytes);
    memcpy(to->best, from->best, bytes);
    to->model->target = from->model->target;
    carry_step(to->step, from->step, carry_loss(to, from));
    carry_history(to, from);
    if (!carry_same(to->model->loss_text, from->model->loss_text)) { /* losses are not to be compared */
        to->best_loss = INFINITY;
        to->best_epoch = to->waited = 0;
        to->report->best = -1;
        to->step->course.best = INFINITY;
    }
    return to->ctx->status;
}
