/* init.c - see init.h; and sl_param. */
#include "init/init.h"
#include "core/text.h"
#include "core/threads.h"
#include "kernel/math.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SL_INDEX(name) extern const sl_init sl_init_##name;
#include "init/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_init_##name,
static const sl_init *const init_registry[] = {
#include "init/index.inc"
    NULL
};
#undef SL_INDEX
enum { INIT_COUNT = sizeof init_registry / sizeof *init_registry - 1 };

const sl_init *sl_init_at(size_t index)
{
    return index < INIT_COUNT ? init_registry[index] : NULL;
}

double sl_draw_uniform(const sl_init_job *job, uint64_t element)
{
    return 2 * sl_random_uniform(job->seed, SL_FOR_INIT, job->parameter, job->kind, element) - 1;
}

double sl_draw_normal(const sl_init_job *job, uint64_t element)
{
    const sl_random4 r = sl_random_block(job->seed, SL_FOR_INIT, job->parameter, job->kind, element);
    const double u = ((double)r.word[0] + 1) * 0x1p-32; /* (0, 1] */
    const double v = (double)r.word[1] * 0x1p-32;
    return sqrt(-2 * sl_log_d(u)) * sl_cos_d(6.283185307179586 * v);
}

double sl_init_fans(double fans)
{
    return fans > 0 ? fans : 1;
}

static bool init_is(const char *name, const char *text, size_t length)
{
    return name && strlen(name) == length && !memcmp(name, text, length);
}

const sl_init *sl_init_find(sl_ctx *ctx, const char *text, sl_init_job *job)
{
    const size_t length = sl_option_name_length(text);
    const sl_init *init = NULL;
    const char *names[INIT_COUNT];
    for (size_t i = 0; i < INIT_COUNT; i++) {
        names[i] = init_registry[i]->name;
        if (init_is(names[i], text, length) || init_is(init_registry[i]->alias, text, length))
            init = init_registry[i];
    }
    job->ctx = ctx;
    char place[64];
    snprintf(place, sizeof place, "initialiser '%.32s'", init ? init->name : "");
    if (!init)
        sl_fail_word(ctx, "initialiser", text, names, INIT_COUNT);
    else if (text[length] == ':' && !text[length + 1])
        sl_fail(ctx, SL_EINVAL, "%s: wants a number behind the colon, or no colon", place);
    else if (!sl_options_read(ctx, place, init->options, text + length, job->values, NULL))
        return init;
    return NULL;
}

enum { INIT_PIECE = 1 << 14 };

typedef struct {
    const sl_init *init;
    const sl_init_job *job;
    sl_real *values;
    size_t count;
} init_run;

static void init_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const init_run *run = argument;
    const size_t first = task * INIT_PIECE,
                 end = run->count - first < INIT_PIECE ? run->count : first + INIT_PIECE;
    for (size_t i = first; i < end; i++)
        run->values[i] = (sl_real)run->init->draw(run->job, i);
}

/* A number follows from its place alone, so threads may share them. */
void sl_init_run(const sl_init *init, const sl_init_job *job, sl_real *values, size_t count)
{
    init_run run = { init, job, values, count };
    if (init->fill)
        init->fill(job, values, count);
    else
        sl_pool_run(job->ctx->pool, (count + INIT_PIECE - 1) / INIT_PIECE, init_task, &run);
}

sl_tensor *sl_param(sl_ctx *ctx, sl_shape shape, const char *init)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_init_job job = { .seed = ctx->options.seed, .parameter = ctx->params_made, .kind = SL_INIT_USER };
    const sl_init *found = sl_init_find(ctx, init ? init : "zeros", &job);
    sl_tensor *t = found ? sl_tensor_new(ctx, shape, NULL) : NULL;
    if (!t)
        return NULL;
    t->g = sl_alloc_array(ctx, t->count, sizeof *t->g);
    if (!t->g) {
        sl_tensor_free(t);
        return NULL;
    }
    t->learns = true;
    ctx->params_made++;
    job.fan_out = shape.rank ? shape.dim[0] : 1;
    job.fan_in = shape.rank > 1 ? (double)sl_shape_row(shape) : job.fan_out;
    sl_init_run(found, &job, t->v, t->count);
    if (!ctx->status)
        return t;
    sl_tensor_free(t);
    return NULL;
}
