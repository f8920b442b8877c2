/* curvature.c - gradients of training rows at the weights at hand, and what they tell: see curvature.h. */
#include "train/curvature.h"
#include "core/random.h"

#include <math.h>
#include <string.h>

enum {
    CURVATURE_ROWS = 1024,    /* by default */
    CURVATURE_TURNS = 30,     /* of the power iteration */
    CURVATURE_GROUPS = 32,    /* small batches whose gradients are compared, where there are rows enough */
    CURVATURE_LEAST_ROWS = 8, /* for a noise scale */
    CURVATURE_MOST_GROUPS = 2 * CURVATURE_GROUPS
};

/* How far from the weights gradients are taken, as a share of their length: the third root of what a number
 * is rounded by, about. Nearer where the loss is small and steep, but not so near that rounding is all. */
#ifdef SL_REAL_DOUBLE
static const double curvature_far = 1e-5, curvature_near = 1e-7;
#else
static const double curvature_far = 1e-3, curvature_near = 1e-4;
#endif
static const double curvature_same = 0.002, curvature_settled = 0.01;
static const double curvature_change = 0.01; /* of the loss, by a step aside */

/* --- gradients ------------------------------------------------------------------------------------------ */

/* Evenly spread, then shuffled: any of them that stand together are a sample of all. */
static sl_status probe_rows(sl_probe *p, size_t most)
{
    const size_t all = p->trainer->train->rows;
    sl_ctx *ctx = p->trainer->ctx;
    p->count = all < most ? all : most;
    p->rows = sl_alloc_array(ctx, p->count, sizeof *p->rows);
    size_t *order = sl_alloc_array(ctx, p->count, sizeof *order);
    if (!ctx->status) {
        sl_stream stream = { .seed = ctx->options.seed, .purpose = SL_FOR_CURVATURE };
        for (size_t i = 0; i < p->count; i++)
            order[i] = i;
        sl_stream_shuffle(&stream, order, p->count);
        for (size_t i = 0; i < p->count; i++)
            p->rows[i] = (size_t)((double)order[i] * ((double)all / (double)p->count));
    }
    sl_free(ctx, order);
    return ctx->status;
}

/* Rows at once at most; where they have statistics in common, at least, as training has them: then up to
 * twice as many. */
static size_t probe_piece_rows(const sl_probe *p)
{
    const size_t piece =
        p->trainer->model->running_count ? sl_trainer_piece(p->trainer, p->trainer->largest) : SL_PIECE;
    return piece < p->count ? piece : p->count;
}

static size_t probe_running(const sl_model *model)
{
    size_t numbers = 0;
    for (int i = 0; i < model->running_count; i++)
        numbers += model->running[i]->count;
    return numbers;
}

sl_status sl_probe_open(sl_probe *p, sl_trainer *t, size_t most)
{
    sl_ctx *ctx = t->ctx;
    *p = (sl_probe){ .trainer = t, .tape = sl_tape_new(ctx, SL_TRAIN) };
    if (!p->tape || probe_rows(p, most ? most : CURVATURE_ROWS))
        return ctx->status;
    const size_t running = probe_running(t->model), rows = probe_piece_rows(p) * (running ? 2 : 1),
                 piece = rows < p->count ? rows : p->count;
    if (sl_model_batch(ctx, t->model, (int)piece, &p->x, &p->y))
        return ctx->status;
    if (t->row_weights)
        p->weights = sl_tensor_new(ctx, sl_dims((int)piece), NULL);
    if (running)
        p->running = sl_alloc_array(ctx, running, sizeof *p->running);
    return ctx->status;
}

static void probe_keep(sl_probe *p, bool back)
{
    const sl_model *model = p->trainer->model;
    sl_real *at = p->running;
    for (int i = 0; i < model->running_count; i++) {
        const sl_tensor *running = model->running[i];
        const size_t bytes = running->count * sizeof *at;
        memcpy(back ? running->v : at, back ? at : running->v, bytes);
        at += running->count;
    }
}

/* The loss of p->rows[first] .. on the tape, as sl_trainer_loss has it. */
static sl_tensor *probe_loss(sl_probe *p, size_t first, size_t count)
{
    const sl_trainer *t = p->trainer;
    const size_t *rows = p->rows + first;
    p->y->shape.dim[0] = (int)count;
    p->y->count = count * t->train->outputs;
    if (sl_model_gather(t->ctx, t->model, t->train, rows, count, true, p->x, p->y->v))
        return NULL;
    sl_target_in(&t->model->target, p->y->v, p->y->count);
    if (t->augment)
        sl_augment_rows(t->augment, 0, first, count, p->x->v);
    sl_tape_reset(p->tape);
    p->tape->step = 0;
    p->tape->first_row = (uint32_t)first;
    if (p->weights) {
        p->weights->shape.dim[0] = (int)count;
        p->weights->count = count;
        if (sl_row_weights(t->train, rows, count, t->class_weights, p->y->v, p->weights->v))
            return NULL;
    }
    return sl_loss_apply(p->tape, t->model->loss, &t->model->loss_values,
                         sl_model_forward(p->tape, t->model, p->x), p->y, p->weights);
}

/* The mean loss of rows first .. first + count - 1, and its gradient on top of what is there. A loss that is
 * a sum is one over a batch: what training steps by. */
static sl_status probe_part(sl_probe *p, size_t first, size_t count, double *loss)
{
    const sl_trainer *t = p->trainer;
    const sl_loss_values *values = &t->model->loss_values;
    const size_t outputs = (size_t)sl_model_outputs(t->model), most = probe_piece_rows(p),
                 pieces = p->running && count >= most ? count / most : (count + most - 1) / most;
    *loss = 0;
    for (size_t k = 0, done = 0, n; k < pieces; k++, done += n) { /* all of nearly the same size */
        n = (count - done) / (pieces - k);
        sl_tensor *own = probe_loss(p, first + done, n);
        if (!own)
            return t->ctx->status;
        const double share = (double)n / (double)count, value = (double)own->v[0];
        *loss += share * sl_loss_mean(t->model->loss, values, value, n, outputs);
        if (!(*loss - *loss == 0))
            return SL_OK; /* there is no gradient */
        if (sl_backward_share(p->tape, own,
                              (sl_real)(values->sum ? (double)t->batch / (double)count : share)))
            return t->ctx->status;
    }
    return SL_OK;
}

static sl_status probe_gradient_of(sl_probe *p, size_t first, size_t count, double *loss)
{
    if (p->running)
        probe_keep(p, false);
    probe_part(p, first, count, loss);
    if (p->running)
        probe_keep(p, true);
    return p->trainer->ctx->status;
}

sl_status sl_probe_gradient(sl_probe *p, double *loss)
{
    return probe_gradient_of(p, 0, p->count, loss);
}

const sl_built *sl_probe_flat(const sl_model *model)
{
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        if (layer->activation && layer->activation->flat)
            return layer;
    }
    return NULL;
}

void sl_probe_clear(sl_probe *p)
{
    const sl_model *model = p->trainer->model;
    for (int i = 0; i < model->param_count; i++)
        if (model->params[i]->has_grad)
            sl_tensor_clear_gradient(model->params[i]);
}

void sl_probe_close(sl_probe *p)
{
    sl_ctx *ctx = p->trainer->ctx;
    sl_tape_free(p->tape);
    sl_free(ctx, p->rows);
    sl_tensor_free(p->x);
    sl_tensor_free(p->y);
    sl_tensor_free(p->weights);
    sl_free(ctx, p->running);
    *p = (sl_probe){ .trainer = p->trainer };
}

/* --- curvature ------------------------------------------------------------------------------------------ */

typedef struct {
    sl_probe *probe;
    sl_model *model;
    size_t n;                     /* weights that learn */
    sl_real *base, *way, *beyond; /* [n]: weights, direction, gradient on its far side */
    double length;                /* of base */
    sl_curvature *found;
} curvature_work;

/* Copies what learns: weights or gradients, out of the model or into it. */
static void curvature_copy(const curvature_work *w, sl_real *to, bool gradient, const sl_real *from)
{
    size_t at = 0;
    for (int i = 0; i < w->model->param_count; i++) {
        const sl_tensor *t = w->model->params[i];
        if (!t->learns)
            continue;
        if (from)
            memcpy(t->v, from + at, t->count * sizeof *from);
        else
            memcpy(to + at, gradient ? t->g : t->v, t->count * sizeof *to);
        at += t->count;
    }
}

static double curvature_length(const sl_real *v, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (double)v[i] * (double)v[i];
    return sqrt(squares);
}

static sl_real curvature_aside(const curvature_work *w, size_t i, double far)
{
    return (sl_real)((double)w->base[i] + far * (double)w->way[i]);
}

/* The gradient so far along the way. false: failure, or not finite. */
static bool curvature_gradient(curvature_work *w, double far, sl_real *to)
{
    double loss;
    size_t at = 0;
    for (int i = 0; i < w->model->param_count; i++) {
        const sl_tensor *t = w->model->params[i];
        for (size_t j = 0; t->learns && j < t->count; j++, at++)
            t->v[j] = curvature_aside(w, at, far);
    }
    const sl_status status = sl_probe_gradient(w->probe, &loss);
    curvature_copy(w, to, true, NULL);
    sl_probe_clear(w->probe);
    w->found->passes++;
    return !status && loss - loss == 0;
}

/* One turn: *value = d H d / d d, and the way turns towards H d. d: the steps as they were made, rounded. */
static bool curvature_turn(curvature_work *w, sl_real *back, double far, double *value)
{
    if (!curvature_gradient(w, far, w->beyond) || !curvature_gradient(w, -far, back))
        return false;
    double along = 0, squares = 0, length = 0;
    for (size_t i = 0; i < w->n; i++) {
        const double d = (double)curvature_aside(w, i, far) - (double)curvature_aside(w, i, -far),
                     change = (double)w->beyond[i] - (double)back[i];
        along += d * change;
        squares += d * d;
        length += change * change;
    }
    *value = along / squares;
    length = sqrt(length);
    if (!(*value - *value == 0) || !(length - length == 0))
        return false;
    for (size_t i = 0; i < w->n && length > 0; i++)
        w->way[i] = (sl_real)(((double)w->beyond[i] - (double)back[i]) / length);
    return true;
}

/* So far aside that the loss changes by little, if its curvature is this. */
static double curvature_step(const curvature_work *w, double value)
{
    const double size = w->length > 0.1 ? w->length : 0.1, least = curvature_near * size,
                 most = curvature_far * size;
    const double far = value != 0 ? sqrt(2 * curvature_change * fabs(w->found->loss) / fabs(value)) : most;
    return far < least ? least : far < most ? far : most;
}

static void curvature_iterate(curvature_work *w, sl_real *back, int most)
{
    sl_ctx *ctx = w->probe->trainer->ctx;
    sl_curvature *found = w->found;
    sl_stream stream = { .seed = ctx->options.seed, .purpose = SL_FOR_CURVATURE, .a = 1 };
    for (size_t i = 0; i < w->n; i++)
        w->way[i] = (sl_real)(2 * sl_stream_uniform(&stream) - 1);
    const double length = curvature_length(w->way, w->n);
    for (size_t i = 0; i < w->n; i++)
        w->way[i] = (sl_real)((double)w->way[i] / length);
    double value = 0;
    bool finite = w->n > 0, over = false;
    for (int turn = 0; turn < most && finite && !over; turn++) {
        const double before = value;
        finite = curvature_turn(w, back, curvature_step(w, before), &value);
        const double change = fabs(value - before);
        found->settled = turn > 0 && change <= curvature_settled * fabs(value);
        over = turn > 2 && change <= curvature_same * fabs(value);
    }
    found->curvature = finite ? value : NAN;
    found->settled = found->settled && finite;
    curvature_copy(w, NULL, false, w->base);
}

/* Groups of b rows each: the covariance of one row's gradient has the trace b times that of a group's. */
static sl_status curvature_noise(curvature_work *w, sl_real *sum)
{
    sl_probe *p = w->probe;
    const size_t least = p->running ? 2 : 1, piece = probe_piece_rows(p); /* one row has no statistics */
    size_t each = p->count / CURVATURE_GROUPS;
    each = each < least ? least : each < piece ? each : piece;
    size_t groups = p->count / each;
    groups = groups < CURVATURE_MOST_GROUPS ? groups : CURVATURE_MOST_GROUPS;
    double squares = 0, loss;
    memset(sum, 0, w->n * sizeof *sum);
    for (size_t k = 0; k < groups; k++) {
        if (probe_gradient_of(p, k * each, each, &loss))
            return p->trainer->ctx->status;
        curvature_copy(w, w->beyond, true, NULL);
        sl_probe_clear(p);
        const double length = curvature_length(w->beyond, w->n);
        squares += length * length;
        for (size_t i = 0; i < w->n; i++)
            sum[i] += w->beyond[i];
    }
    w->found->passes++;
    const double all = curvature_length(sum, w->n), count = (double)groups,
                 spread = (squares - all * all / count) / (count - 1) * (double)each,
                 gradient = w->found->gradient;
    const double noise = (spread > 0 ? spread : 0) / (gradient * gradient);
    w->found->hidden = !(noise < (double)p->count);
    w->found->noise = w->found->hidden ? NAN : noise;
    return SL_OK;
}

static void curvature_find(curvature_work *w, sl_real *back, int most)
{
    sl_probe *p = w->probe;
    sl_curvature *found = w->found;
    curvature_copy(w, w->base, false, NULL);
    w->length = curvature_length(w->base, w->n);
    if (!(w->length - w->length == 0)) /* relu answers 0 to what is not a number, and the loss looks well */
        return;
    const sl_status status = sl_probe_gradient(p, &found->loss);
    curvature_copy(w, w->beyond, true, NULL);
    sl_probe_clear(p);
    found->passes = 1;
    found->gradient = curvature_length(w->beyond, w->n);
    if (status || !(found->loss - found->loss == 0) || !(found->gradient - found->gradient == 0)) {
        found->loss = found->gradient = NAN;
        return;
    }
    if (p->count >= CURVATURE_LEAST_ROWS && found->gradient > 0 && curvature_noise(w, w->way))
        return;
    curvature_iterate(w, back, most);
}

sl_status sl_curvature_measure(sl_probe *p, int most, sl_curvature *found)
{
    sl_trainer *t = p->trainer;
    sl_ctx *ctx = t->ctx;
    *found = (sl_curvature){ .rows = p->count, .loss = NAN, .gradient = NAN, .curvature = NAN, .noise = NAN };
    if (ctx->status)
        return ctx->status;
    curvature_work w = { .probe = p, .model = t->model, .found = found };
    for (int i = 0; i < t->model->param_count; i++)
        w.n += t->model->params[i]->learns ? t->model->params[i]->count : 0;
    w.base = sl_alloc_array(ctx, w.n, sizeof *w.base);
    w.way = sl_alloc_array(ctx, w.n, sizeof *w.way);
    w.beyond = sl_alloc_array(ctx, w.n, sizeof *w.beyond);
    sl_real *back = sl_alloc_array(ctx, w.n, sizeof *back);
    if (!ctx->status)
        curvature_find(&w, back, most > 0 ? most : CURVATURE_TURNS);
    sl_free(ctx, back);
    sl_free(ctx, w.beyond);
    sl_free(ctx, w.way);
    sl_free(ctx, w.base);
    return ctx->status;
}

sl_status sl_trainer_curve(sl_trainer *t)
{
    sl_probe probe;
    sl_curvature found = { .curvature = NAN, .noise = NAN };
    if (!sl_probe_open(&probe, t, 0))
        sl_curvature_measure(&probe, 0, &found);
    sl_probe_close(&probe);
    t->curvature = found.curvature;
    t->noise = found.noise;
    if (t->ctx->status)
        sl_fail_at(t->ctx, "the curvature that is to be recorded");
    return t->ctx->status;
}
