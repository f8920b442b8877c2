/* collapse.c - a dense layer without activation and the dense layer behind it are one: W2 (W1 x + b1) + b2 =
 * (W2 W1) x + (W2 b1 + b2). In double until the end. */
#include "model/slice.h"

#include <string.h>

typedef struct { /* a layer of the result */
    int from;    /* of the model: its words, and where nothing was merged its weights */
    int units, in;
    bool merged;
    double *weight, *bias; /* [units, in], [units], once merged */
} collapsed;

typedef struct {
    const sl_model *model;
    sl_ctx *ctx;
    sl_arena arena;
    sl_flat *flat;
    collapsed *rows;
    int count;
} collapse_job;

static bool collapse_is_dense(const sl_model *model, int i)
{
    return model->layers[i].kind == &sl_layer_dense;
}

/* Nothing happens to a row of numbers here in inference. */
static bool collapse_is_idle(const sl_built *layer)
{
    return layer->kind->idle || (layer->kind == &sl_layer_activation && !layer->activation);
}

/* The weights of a layer as doubles, where they are not yet. */
static void collapse_open(collapse_job *job, collapsed *c)
{
    const sl_built *layer = &job->model->layers[c->from];
    const size_t n = (size_t)c->units * (size_t)c->in;
    if (c->weight)
        return;
    c->weight = sl_arena_take(&job->arena, n * sizeof *c->weight);
    c->bias = sl_arena_take(&job->arena, (size_t)c->units * sizeof *c->bias);
    for (size_t i = 0; i < n && !job->ctx->status; i++)
        c->weight[i] = (double)layer->param[0]->v[i];
    for (size_t i = 0; i < (size_t)c->units && !job->ctx->status; i++)
        c->bias[i] = layer->wants > 1 ? (double)layer->param[1]->v[i] : 0;
}

/* c becomes c and then layer `next`. */
static void collapse_merge(collapse_job *job, collapsed *c, int next)
{
    const sl_built *layer = &job->model->layers[next];
    const size_t in = (size_t)c->in, inner = (size_t)c->units, units = (size_t)layer->spec.units;
    collapse_open(job, c);
    double *weight = sl_arena_take(&job->arena, units * in * sizeof *weight),
           *bias = sl_arena_take(&job->arena, units * sizeof *bias);
    if (job->ctx->status)
        return;
    for (size_t o = 0; o < units; o++) {
        const sl_real *w = layer->param[0]->v + o * inner;
        double *row = weight + o * in, sum = layer->wants > 1 ? (double)layer->param[1]->v[o] : 0;
        memset(row, 0, in * sizeof *row);
        for (size_t k = 0; k < inner; k++) {
            sum += (double)w[k] * c->bias[k];
            for (size_t i = 0; i < in; i++)
                row[i] += (double)w[k] * c->weight[k * in + i];
        }
        bias[o] = sum;
    }
    *c = (collapsed){
        .from = next, .units = (int)units, .in = (int)in, .merged = true, .weight = weight, .bias = bias
    };
}

/* Layers first .. last - 1, all of one depth or inside of these; returns how many come of them. */
static int collapse_span(collapse_job *job, int first, int last)
{
    const sl_model *model = job->model;
    const int begin = job->count;
    for (int i = first; i < last && !job->ctx->status; i = model->layers[i].end) {
        const sl_built *layer = &model->layers[i];
        const int at = job->count++;
        collapsed *c = &job->rows[at];
        *c = (collapsed){ .from = i };
        job->flat[at] = (sl_flat){ .spec = layer->spec };
        if (layer->end > i + 1)
            job->flat[at].inner = collapse_span(job, i + 1, layer->end);
        if (!collapse_is_dense(model, i))
            continue;
        c->units = layer->spec.units;
        c->in = layer->param[0]->shape.dim[1];
        for (;;) { /* as long as a dense layer follows, with nothing between them that does something */
            int next = model->layers[i].end;
            while (next < last && collapse_is_idle(&model->layers[next]))
                next = model->layers[next].end;
            if (model->layers[i].activation || next >= last || !collapse_is_dense(model, next) ||
                job->ctx->status)
                break;
            collapse_merge(job, c, next);
            i = next;
        }
        job->flat[at].spec = model->layers[c->from].spec;
        job->flat[at].spec.no_bias = c->merged ? false : layer->spec.no_bias;
    }
    return job->count - begin;
}

static sl_model *collapse_make(collapse_job *job)
{
    const sl_model *model = job->model;
    const sl_built **from = sl_alloc_array(job->ctx, (size_t)job->count, sizeof *from);
    for (int i = 0; i < job->count && from; i++) {
        from[i] = job->rows[i].merged ? NULL : &model->layers[job->rows[i].from];
        job->flat[i].spec.name = model->layers[job->rows[i].from].name;
        sl_model_own(model, job->rows[i].from, &job->flat[i].spec);
    }
    sl_model *result =
        from ? sl_model_of_copies(job->ctx, job->flat, from, job->count, model->input, model->views) : NULL;
    for (int i = 0; i < job->count && result; i++) {
        const collapsed *c = &job->rows[i];
        for (size_t k = 0; c->merged && k < (size_t)c->units * (size_t)c->in; k++)
            result->layers[i].param[0]->v[k] = (sl_real)c->weight[k];
        for (size_t k = 0; c->merged && k < (size_t)c->units; k++)
            result->layers[i].param[1]->v[k] = (sl_real)c->bias[k];
    }
    sl_free(job->ctx, (void *)(uintptr_t)from);
    return sl_model_finish_copy(result, model, model);
}

sl_model *sl_model_collapse(const sl_model *model)
{
    if (!model || model->ctx->status)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (!model->built) {
        sl_fail(ctx, SL_EINVAL,
                "sl_model_collapse: the model has no weights yet: begin it with sl_input, or run or fit it "
                "first");
        return NULL;
    }
    collapse_job job = { .model = model, .ctx = ctx };
    sl_arena_init(&job.arena, ctx);
    job.flat = sl_alloc_array(ctx, (size_t)model->count, sizeof *job.flat);
    job.rows = sl_alloc_array(ctx, (size_t)model->count, sizeof *job.rows);
    if (!ctx->status)
        collapse_span(&job, 0, model->count);
    sl_model *result = ctx->status ? NULL : collapse_make(&job);
    sl_free(ctx, job.flat);
    sl_free(ctx, job.rows);
    sl_arena_free(&job.arena);
    return result;
}
