/* views_crew.c - workers that need memory whose size is not known before: a context each, which takes its
 * blocks from the allocator of the one they work for, one at a time. */
#include "core/os.h"
#include "text/views_parts.h"

struct sl_views_crew {
    sl_ctx *ctx, *worker; /* worker [size] */
    int size;
    sl_os_gate *gate;
};

static void *crew_realloc(void *user, void *block, size_t old_size, size_t new_size)
{
    const sl_views_crew *crew = user;
    sl_os_gate_lock(crew->gate);
    void *memory = crew->ctx->realloc(crew->ctx->memory, block, old_size, new_size);
    sl_os_gate_unlock(crew->gate);
    return memory;
}

sl_views_crew *sl_views_crew_new(sl_ctx *ctx)
{
    sl_views_crew *crew = sl_alloc(ctx, sizeof *crew);
    if (!crew)
        return NULL;
    crew->ctx = ctx;
    crew->size = sl_pool_threads(ctx->pool);
    crew->worker = sl_alloc_array(ctx, (size_t)crew->size, sizeof *crew->worker);
    crew->gate = sl_alloc(ctx, sl_os_gate_size());
    if (!crew->worker || !crew->gate) {
        sl_free(ctx, crew->worker);
        sl_free(ctx, crew->gate);
        sl_free(ctx, crew);
        return NULL;
    }
    sl_os_gate_init(crew->gate);
    for (int w = 0; w < crew->size; w++) {
        sl_ctx *worker = &crew->worker[w];
        worker->options = ctx->options;
        worker->realloc = crew_realloc;
        worker->memory = crew;
        worker->options.log = NULL;
        worker->options.decided = NULL;
        worker->isa = ctx->isa;
    }
    return crew;
}

sl_ctx *sl_views_crew_ctx(sl_views_crew *crew, int worker)
{
    return &crew->worker[worker];
}

int sl_views_crew_size(const sl_views_crew *crew)
{
    return crew->size;
}

sl_status sl_views_crew_run(sl_views_crew *crew, size_t tasks, sl_task *run, void *argument)
{
    sl_pool_run(crew->ctx->pool, tasks, run, argument);
    for (int w = 0; w < crew->size; w++)
        if (crew->worker[w].status)
            sl_fail(crew->ctx, crew->worker[w].status, "%s", crew->worker[w].message);
    return crew->ctx->status;
}

void sl_views_crew_free(sl_views_crew *crew)
{
    if (!crew)
        return;
    sl_ctx *ctx = crew->ctx;
    for (int w = 0; w < crew->size; w++)
        sl_ctx_dry_end(&crew->worker[w]);
    sl_os_gate_free(crew->gate);
    sl_free(ctx, crew->gate);
    sl_free(ctx, crew->worker);
    sl_free(ctx, crew);
}
