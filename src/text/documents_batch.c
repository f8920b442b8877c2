/* documents_batch.c - the lists of documents turned round, batch by batch: the documents of each n-gram. */
#include "core/threads.h"
#include "text/documents_parts.h"

typedef struct {
    documents_state *s;
    int **count; /* [workers][grams], 0 between tasks */
} batch_work;

static void batch_documents(const documents_state *s, size_t batch, size_t *first, size_t *end)
{
    *first = batch * s->batch_size;
    *end = *first + s->batch_size < s->job->documents ? *first + s->batch_size : s->job->documents;
}

static void batch_size(void *argument, size_t task, int worker)
{
    const batch_work *work = argument;
    const sl_documents_job *job = work->s->job;
    int *count = work->count[worker];
    size_t first, end;
    batch_documents(work->s, task, &first, &end);
    for (size_t i = job->offset[first]; i < job->offset[end]; i++)
        work->s->batch[task].grams += !count[job->id[i]]++;
    for (size_t i = job->offset[first]; i < job->offset[end]; i++)
        count[job->id[i]] = 0;
}

/* Tasks of about as many places; an n-gram has more work than its places. */
static void batch_tasks(documents_batch *batch)
{
    enum { OWN = 2 };
    const uint64_t all = batch->start[batch->grams] + (uint64_t)OWN * batch->grams;
    size_t at = 0;
    for (size_t task = 0; task < DOCUMENTS_TASKS; task++) {
        while (at < batch->grams && batch->start[at] + (uint64_t)OWN * at < all * task / DOCUMENTS_TASKS)
            at++;
        batch->task[task] = at;
    }
    batch->task[DOCUMENTS_TASKS] = batch->grams;
}

static void batch_fill(void *argument, size_t task, int worker)
{
    const batch_work *work = argument;
    const sl_documents_job *job = work->s->job;
    documents_batch *batch = &work->s->batch[task];
    int *count = work->count[worker];
    size_t first, end, at = 0;
    uint32_t places = 0;
    batch_documents(work->s, task, &first, &end);
    for (size_t i = job->offset[first]; i < job->offset[end]; i++)
        count[job->id[i]]++;
    for (size_t g = 0; g < job->grams; g++)
        if (count[g]) {
            batch->gram[at] = (int)g;
            batch->start[at++] = places;
            places += (uint32_t)count[g];
            count[g] = (int)(places - (uint32_t)count[g]);
        }
    batch->start[at] = places;
    for (size_t d = first; d < end; d++)
        for (size_t i = job->offset[d]; i < job->offset[d + 1]; i++)
            batch->document[count[job->id[i]]++] = (uint16_t)(d - first);
    for (size_t i = 0; i < at; i++)
        count[batch->gram[i]] = 0;
    batch_tasks(batch);
}

static sl_status batch_make(batch_work *work)
{
    documents_state *s = work->s;
    sl_ctx *ctx = s->ctx;
    sl_pool_run(ctx->pool, s->batches, batch_size, work);
    for (size_t b = 0; b < s->batches && !ctx->status; b++) {
        documents_batch *batch = &s->batch[b];
        size_t first, end;
        batch_documents(s, b, &first, &end);
        const size_t places = s->job->offset[end] - s->job->offset[first];
        if (places > INT32_MAX)
            return sl_fail(ctx, SL_EINVAL,
                           "%zu texts have %zu n-grams: too many for a batch of document vectors: shorten "
                           "the texts",
                           end - first, places);
        batch->gram = sl_alloc_unset(ctx, batch->grams * sizeof *batch->gram);
        batch->start = sl_alloc_unset(ctx, (batch->grams + 1) * sizeof *batch->start);
        batch->document = sl_alloc_unset(ctx, places * sizeof *batch->document);
    }
    if (!ctx->status)
        sl_pool_run(ctx->pool, s->batches, batch_fill, work);
    return ctx->status;
}

sl_status sl_documents_batches(documents_state *s)
{
    sl_ctx *ctx = s->ctx;
    s->batch = sl_alloc_array(ctx, s->batches, sizeof *s->batch);
    batch_work work = { .s = s };
    work.count = sl_alloc_array(ctx, (size_t)s->workers, sizeof *work.count);
    for (int w = 0; w < s->workers && !ctx->status; w++)
        work.count[w] = sl_alloc_array(ctx, s->job->grams, sizeof *work.count[w]);
    if (!ctx->status)
        batch_make(&work);
    for (int w = 0; work.count && w < s->workers; w++)
        sl_free(ctx, work.count[w]);
    sl_free(ctx, work.count);
    return ctx->status;
}

void sl_documents_batches_free(documents_state *s)
{
    for (size_t b = 0; s->batch && b < s->batches; b++) {
        sl_free(s->ctx, s->batch[b].gram);
        sl_free(s->ctx, s->batch[b].start);
        sl_free(s->ctx, s->batch[b].document);
    }
    sl_free(s->ctx, s->batch);
}
