/* views_weights.c - what features weigh: inverse document frequencies, and log-count ratios of classes. */
#include "kernel/math.h"
#include "text/views_parts.h"

#include <string.h>

typedef struct {
    const sl_views_corpus *corpus;
    sl_view *view;
    const int *became, *y;
    int classes; /* 1: rows alone are counted */
    sl_views_crew *crew;
    sl_views_lists lists;
    size_t chunk;
    uint64_t *all;  /* [classes] features of all rows of a class, each once a row */
    uint64_t *part; /* [tasks, classes] */
} weights_work;

sl_status sl_views_corpus_features(const sl_views_corpus *corpus, const sl_view *view, const int *became,
                                   sl_views_row *row, size_t number)
{
    const size_t from = corpus->offset[number];
    if (sl_views_row_room(row, corpus->offset[number + 1] - from))
        return row->ctx->status;
    for (size_t i = 0; i < row->count; i++) {
        const int id = corpus->id[from + i];
        row->word[i] = id < 0 ? VIEWS_BREAK : view->kind != VIEWS_CHARACTERS ? became[id] : VIEWS_UNKNOWN;
        row->hash[i] = id < 0 ? 0 : corpus->hash[id];
        row->text[i] = "";
        row->length[i] = 0;
        if (id >= 0 && view->kind == VIEWS_CHARACTERS)
            row->text[i] = sl_vocabulary_word(&corpus->words, (size_t)id, &row->length[i]);
    }
    return sl_views_row_features(row, view);
}

static sl_status weights_row(void *argument, sl_views_row *row, int worker, size_t number)
{
    (void)worker;
    const weights_work *work = argument;
    return sl_views_corpus_features(work->corpus, work->view, work->became, row, number);
}

/* In how many rows of each class the features from .. to occur: count [to - from, classes]. */
static int *weights_count(const weights_work *work, sl_ctx *ctx, size_t from, size_t to)
{
    const size_t classes = (size_t)work->classes;
    int *count = sl_alloc_array(ctx, (to - from) * classes, sizeof *count);
    int *last = sl_alloc_array(ctx, to - from, sizeof *last); /* the row plus 1 */
    for (size_t row = 0; count && last && row < work->lists.rows; row++) {
        const size_t y = classes > 1 ? (size_t)work->y[row] : 0;
        for (size_t i = work->lists.offset[row]; i < work->lists.offset[row + 1]; i++) {
            const size_t feature = (size_t)work->lists.id[i] - from;
            if (feature >= to - from || last[feature] == (int)row + 1)
                continue;
            last[feature] = (int)row + 1;
            count[feature * classes + y]++;
        }
    }
    sl_free(ctx, last);
    return count;
}

static size_t weights_end(const weights_work *work, size_t task)
{
    const size_t end = (task + 1) * work->chunk;
    return end < work->view->features ? end : work->view->features;
}

static void weights_total(void *argument, size_t task, int worker)
{
    weights_work *work = argument;
    sl_ctx *ctx = sl_views_crew_ctx(work->crew, worker);
    const size_t from = task * work->chunk, to = weights_end(work, task), classes = (size_t)work->classes;
    int *count = weights_count(work, ctx, from, to);
    for (size_t i = 0; count && i < (to - from) * classes; i++)
        work->part[task * classes + i % classes] += (uint64_t)count[i];
    sl_free(ctx, count);
}

/* r = log(p / |p| / (q / |q|)), p and q the counts plus alpha (Wang and Manning 2012): of two classes those
 * of the second against the first, of more the class whose ratio to the others is largest in size. */
double sl_views_ratio(const int *count, const uint64_t *all, int classes, double features, double alpha)
{
    uint64_t sum = 0, whole = 0;
    double largest = 0;
    for (int c = 0; c < classes; c++) {
        sum += (uint64_t)count[c];
        whole += all[c];
    }
    for (int c = classes == 2; c < classes; c++) {
        const double p = (alpha + (double)count[c]) / (alpha * features + (double)all[c]);
        const double q =
            (alpha + (double)(sum - (uint64_t)count[c])) / (alpha * features + (double)(whole - all[c]));
        const double ratio = sl_log_d(p / q);
        if ((ratio < 0 ? -ratio : ratio) > (largest < 0 ? -largest : largest))
            largest = ratio;
    }
    return largest;
}

static void weights_weigh(void *argument, size_t task, int worker)
{
    weights_work *work = argument;
    sl_ctx *ctx = sl_views_crew_ctx(work->crew, worker);
    const size_t from = task * work->chunk, to = weights_end(work, task), classes = (size_t)work->classes;
    int *count = weights_count(work, ctx, from, to);
    const double rows = (double)work->corpus->rows, alpha = work->view->option[VIEWS_ALPHA];
    for (size_t f = from; count && f < to; f++) {
        const int *mine = count + (f - from) * classes;
        work->view->weight[f] =
            (sl_real)(work->view->weigh == SL_WEIGH_NB ? sl_views_ratio(mine, work->all, work->classes,
                                                                        (double)work->view->features, alpha)
                                                       : sl_log_d((1 + rows) / (1 + (double)*mine)) + 1);
    }
    sl_free(ctx, count);
}

static sl_status weights_run(weights_work *work, sl_ctx *ctx)
{
    enum { ROOM = 1 << 22 };
    const size_t features = work->view->features, classes = (size_t)work->classes;
    work->chunk = ROOM / (classes + 1) + 1;
    const size_t tasks = (features + work->chunk - 1) / work->chunk;
    if (work->view->weigh == SL_WEIGH_NB) {
        work->part = sl_alloc_array(ctx, tasks * classes, sizeof *work->part);
        work->all = sl_alloc_array(ctx, classes, sizeof *work->all);
        if (ctx->status || sl_views_crew_run(work->crew, tasks, weights_total, work))
            return ctx->status;
        for (size_t i = 0; i < tasks * classes; i++)
            work->all[i % classes] += work->part[i];
    }
    return sl_views_crew_run(work->crew, tasks, weights_weigh, work);
}

sl_status sl_views_fit_weights(sl_ctx *ctx, const sl_views_corpus *corpus, sl_view *view, const int *became,
                               const int *y, int classes)
{
    weights_work work = { .corpus = corpus,
                          .view = view,
                          .became = became,
                          .y = y,
                          .classes = view->weigh == SL_WEIGH_NB ? classes : 1,
                          .crew = sl_views_crew_new(ctx) };
    view->weight = sl_alloc_array(ctx, view->features, sizeof *view->weight);
    if (!ctx->status &&
        !sl_views_lists_make(&work.lists, ctx, work.crew, corpus->rows, false, weights_row, &work))
        weights_run(&work, ctx);
    sl_views_lists_free(&work.lists);
    sl_free(ctx, work.part);
    sl_free(ctx, work.all);
    sl_views_crew_free(work.crew);
    return ctx->status;
}
