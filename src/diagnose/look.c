/* look.c - a net at some weights: what its layers do on a few training rows, and the loss around it. */
#include "core/os.h"
#include "core/sort.h"
#include "diagnose/diagnose.h"
#include "train/curvature.h"

#include <math.h>
#include <string.h>

static const sl_real look_flat = (sl_real)0.01; /* |f'| below it: saturated */

typedef struct {
    sl_ctx *ctx;
    const sl_model *model;
    sl_net_look *look;
    int at; /* the entry of the layer seen last */
} look_job;

typedef struct {
    double mean, deviation;
} look_spread;

static look_spread look_spread_of(const sl_real *v, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)v[i];
    const double mean = count ? sum / (double)count : 0;
    for (size_t i = 0; i < count; i++)
        squares += ((double)v[i] - mean) * ((double)v[i] - mean);
    return (look_spread){ mean, count ? sqrt(squares / (double)count) : 0 };
}

static int look_compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Share of columns that have a twin, to the bit. */
static double look_alike(sl_ctx *ctx, const sl_real *y, size_t rows, size_t units)
{
    if (units < 2)
        return 0;
    uint64_t *hash = sl_alloc_array(ctx, units, sizeof *hash);
    size_t twins = 0;
    for (size_t u = 0; hash && u < units; u++) {
        uint64_t h = 14695981039346656037u;
        for (size_t r = 0; r < rows; r++) {
            const float value = (float)y[r * units + u] + 0.0f; /* -0 is 0 */
            uint32_t bits;
            memcpy(&bits, &value, sizeof bits);
            h = (h ^ bits) * 1099511628211u;
        }
        hash[u] = h;
    }
    if (hash)
        sl_sort(hash, units, sizeof *hash, look_compare);
    for (size_t u = 0; hash && u < units; u++)
        twins += (u && hash[u - 1] == hash[u]) || (u + 1 < units && hash[u + 1] == hash[u]);
    sl_free(ctx, hash);
    return (double)twins / (double)units;
}

static sl_net_look_layer *look_entry(sl_net_look *look, const sl_built *layer)
{
    for (int i = 0; i < look->layers; i++)
        if (look->layer[i].built == layer)
            return &look->layer[i];
    return NULL;
}

static void look_see(void *user, int index, const sl_tensor *z, const sl_tensor *y)
{
    look_job *job = user;
    const sl_built *layer = &job->model->layers[index];
    sl_net_look_layer *entry = look_entry(job->look, layer);
    const size_t rows = (size_t)y->shape.dim[0], units = rows ? y->count / rows : 0;
    sl_real *slope = sl_alloc_array(job->ctx, y->count, sizeof *slope);
    unsigned char *alive = sl_alloc_array(job->ctx, units, sizeof *alive);
    const sl_op *f = layer->activation;
    if (!job->ctx->status && entry && units) {
        for (size_t i = 0; i < y->count; i++)
            slope[i] = 1;
        const bool slopes = f->derive && !f->flat; /* flat: none anywhere, which is no sign */
        if (slopes)
            f->derive(job->ctx->isa, layer->slope, slope, slope, y->v, z->v, y->count);
        size_t flat = 0, dead = 0;
        for (size_t i = 0; i < y->count; i++) {
            flat += slope[i] < look_flat && slope[i] > -look_flat;
            alive[i % units] |= (y->v[i] != 0) & (slope[i] != 0);
        }
        for (size_t u = 0; u < units; u++)
            dead += !alive[u];
        const look_spread out = look_spread_of(y->v, y->count);
        entry->units = units;
        entry->z = look_spread_of(z->v, z->count).deviation;
        entry->mean = out.mean;
        entry->y = out.deviation;
        entry->saturated = slopes ? (double)flat / (double)y->count : (double)NAN;
        entry->dead = (double)dead / (double)units;
        entry->alike = look_alike(job->ctx, y->v, rows, units);
    }
    sl_free(job->ctx, alive);
    sl_free(job->ctx, slope);
}

static double look_rms(const sl_tensor *t, const sl_real *v)
{
    double squares = 0;
    for (size_t i = 0; i < t->count; i++)
        squares += (double)v[i] * (double)v[i];
    return t->count ? sqrt(squares / (double)t->count) : (double)NAN;
}

/* Layers with weights (their first parameter), and those with an activation. */
static sl_status look_layers(sl_net_look *look, sl_ctx *ctx, const sl_model *model)
{
    int count = 0;
    look->layer = sl_alloc_array(ctx, (size_t)model->count + 1, sizeof *look->layer);
    if (!look->layer)
        return ctx->status;
    const sl_built *last = sl_model_last(model);
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        if (!layer->wants && !layer->activation)
            continue;
        sl_net_look_layer *entry = &look->layer[count++];
        size_t units = 0;
        sl_shape_count(layer->out, &units);
        *entry = (sl_net_look_layer){ .name = layer->name,
                                      .built = layer,
                                      .units = units,
                                      .last = layer == last,
                                      .in = NAN,
                                      .z = NAN,
                                      .mean = NAN,
                                      .y = NAN,
                                      .saturated = NAN,
                                      .dead = NAN,
                                      .alike = NAN,
                                      .gradient = NAN,
                                      .weight = NAN };
        if (layer->wants)
            entry->weight = look_rms(layer->param[0], layer->param[0]->v);
    }
    look->layers = count;
    return SL_OK;
}

/* Deviation of each output over the rows, their mean. */
static double look_answers(const sl_real *v, size_t rows, size_t units)
{
    double all = 0;
    for (size_t u = 0; u < units; u++) {
        double mean = 0, squares = 0;
        for (size_t r = 0; r < rows; r++)
            mean += (double)v[r * units + u] / (double)rows;
        for (size_t r = 0; r < rows; r++)
            squares += ((double)v[r * units + u] - mean) * ((double)v[r * units + u] - mean);
        all += sqrt(squares / (double)rows);
    }
    return units ? all / (double)units : (double)NAN;
}

/* Forward on a few rows, with a look at each activation. */
static sl_status look_forward(sl_net_look *look, sl_trainer *t, const sl_probe *probe)
{
    sl_ctx *ctx = t->ctx;
    sl_reader *reader = &t->reader;
    look_job job = { .ctx = ctx, .model = t->model, .look = look };
    const sl_watch watch = { .see = look_see, .user = &job };
    const size_t rows = probe->count < SL_PIECE ? probe->count : SL_PIECE;
    size_t *some = sl_alloc_array(ctx, rows, sizeof *some);
    for (size_t i = 0; some && i < rows; i++)
        some[i] = probe->rows[(size_t)((uint64_t)i * probe->count / rows)];
    if (some && !sl_model_gather(ctx, t->model, t->train, some, rows, false, reader->x, NULL)) {
        const size_t features = rows ? reader->x->count / rows : 0;
        double in = look_spread_of(reader->x->v, features * rows).deviation;
        sl_tape_reset(reader->tape);
        const sl_tensor *out = sl_model_forward_watched(reader->tape, t->model, reader->x, &watch);
        const size_t units = out && rows ? out->count / rows : 0;
        for (int i = 0; out && i < look->layers; i++) {
            sl_net_look_layer *entry = &look->layer[i];
            entry->in = in;
            if (entry->last && entry->y != entry->y) {
                const look_spread all = look_spread_of(out->v, out->count);
                entry->z = entry->y = all.deviation;
                entry->mean = all.mean;
                entry->alike = look_alike(ctx, out->v, rows, units);
            }
            in = entry->y == entry->y ? entry->y : in;
        }
        look->answers = out ? look_answers(out->v, rows, units) : (double)NAN;
    }
    sl_free(ctx, some);
    return ctx->status;
}

static sl_status look_gradients(sl_net_look *look, sl_probe *probe)
{
    const sl_model *model = probe->trainer->model;
    double loss = NAN, squares = 0;
    if (sl_probe_gradient(probe, &loss))
        return probe->trainer->ctx->status;
    for (int i = 0; i < look->layers; i++) {
        sl_net_look_layer *entry = &look->layer[i];
        if (entry->built->wants && entry->built->param[0]->learns)
            entry->gradient = look_rms(entry->built->param[0], entry->built->param[0]->g);
    }
    for (int i = 0; i < model->param_count; i++)
        for (size_t j = 0; model->params[i]->learns && j < model->params[i]->count; j++)
            squares += (double)model->params[i]->g[j] * (double)model->params[i]->g[j];
    sl_probe_clear(probe);
    look->loss = loss;
    look->gradient = sqrt(squares);
    return SL_OK;
}

enum {
    LOOK_ROWS = 1024,
    LOOK_LEAST_ROWS = 64,
    LOOK_TURNS = 30,
    LOOK_LEAST_TURNS = 8,
    LOOK_STEPS = 400,
    LOOK_PASSES = 2 * LOOK_TURNS + 2
};
static const double look_free = 1e9, look_share = 0.2;

static size_t look_within(double rows)
{
    return rows < LOOK_LEAST_ROWS ? LOOK_LEAST_ROWS : rows < LOOK_ROWS ? (size_t)rows : LOOK_ROWS;
}

/* Rows of which so many passes forward and backward take no longer than a fifth of the training, or about a
 * tenth of a second (rows times weights). */
static size_t look_rows(const sl_trainer *t, double passes)
{
    const size_t limit = t->steps ? t->steps : t->adaptive ? SL_LEAST_STEPS : sl_trainer_limit(t);
    const double each = t->model->parameters ? (double)t->model->parameters : 1,
                 share = look_share * (double)limit * (double)t->batch, work = look_free / each;
    return look_within((share > work ? share : work) / passes);
}

/* Curvature and noise, on a probe of fewer rows and with fewer turns where the training was short. most:
 * rows; 0: any. */
static sl_status look_deep(sl_net_look *look, sl_trainer *t, sl_probe *whole, size_t most)
{
    sl_curvature found;
    sl_probe part = { 0 };
    const size_t wanted = look_rows(t, LOOK_PASSES), rows = most && most < wanted ? most : wanted;
    const int turns = rows > LOOK_LEAST_ROWS ? LOOK_TURNS : LOOK_LEAST_TURNS;
    const bool all = rows >= whole->count;
    if (!(all ? SL_OK : sl_probe_open(&part, t, rows)) &&
        !sl_curvature_measure(all ? whole : &part, turns, &found)) {
        look->curvature = found.curvature;
        look->noise = found.hidden ? (double)found.rows : found.noise;
    }
    if (!all)
        sl_probe_close(&part);
    return t->ctx->status;
}

sl_status sl_net_look_take(sl_net_look *look, sl_trainer *trainer, bool deep, double seconds)
{
    sl_ctx *ctx = trainer->ctx;
    sl_probe probe;
    *look = (sl_net_look){
        .loss = NAN, .gradient = NAN, .answers = NAN, .curvature = NAN, .valley = NAN, .noise = NAN
    };
    if (look_layers(look, ctx, trainer->model))
        return ctx->status;
    if (!sl_probe_open(&probe, trainer, 0)) {
        look->rows = probe.count;
        const double before = seconds > 0 ? sl_os_seconds() : 0;
        if (!look_forward(look, trainer, &probe) && !sl_probe_flat(trainer->model) &&
            !look_gradients(look, &probe) && deep) {
            const double row = seconds > 0 ? (sl_os_seconds() - before) / (double)probe.count : 0,
                         rows = row > 0 ? seconds / row / LOOK_PASSES : LOOK_ROWS;
            if (rows >= LOOK_LEAST_ROWS * LOOK_LEAST_TURNS / LOOK_TURNS)
                look_deep(look, trainer, &probe, look_within(rows));
        }
        look->known = !ctx->status;
    }
    sl_probe_close(&probe);
    return ctx->status;
}

/* Short steps downhill from the weights at hand, each a half of what the curvature there bears, until the
 * gradient has nearly gone; what the valley's floor is like. */
sl_status sl_net_look_valley(sl_net_look *look, sl_trainer *t)
{
    enum { AGAIN = 20 };
    sl_ctx *ctx = t->ctx;
    sl_model *model = t->model;
    const size_t bytes = model->padded * sizeof *model->values;
    sl_probe probe;
    sl_curvature found = { .curvature = look->curvature };
    sl_real *before = sl_alloc(ctx, bytes);
    if (!before)
        return ctx->status;
    memcpy(before, model->values, bytes);
    double loss = NAN;
    const size_t rows = look_rows(t, (double)LOOK_STEPS / AGAIN * LOOK_PASSES + LOOK_STEPS);
    const bool opened = !sl_probe_open(&probe, t, rows);
    for (int step = 0; opened && step < LOOK_STEPS && !ctx->status; step++) {
        if ((step % AGAIN == 0 && sl_curvature_measure(&probe, 0, &found)) || !(fabs(found.curvature) > 0) ||
            sl_probe_gradient(&probe, &loss))
            break;
        for (int i = 0; i < model->param_count; i++)
            for (size_t j = 0; model->params[i]->learns && j < model->params[i]->count; j++)
                model->params[i]->v[j] -=
                    (sl_real)(0.5 / fabs(found.curvature) * (double)model->params[i]->g[j]);
        sl_probe_clear(&probe);
    }
    if (opened && !ctx->status && !sl_curvature_measure(&probe, 0, &found))
        look->valley = loss - loss == 0 ? found.curvature : (double)NAN;
    sl_probe_close(&probe);
    memcpy(model->values, before, bytes);
    sl_free(ctx, before);
    return ctx->status;
}

void sl_net_look_close(sl_ctx *ctx, sl_net_look *look)
{
    sl_free(ctx, look->layer);
    look->layer = NULL;
    look->layers = 0;
}
