/* views_documents.c - a view of documents: the vectors of its n-grams, and those of texts. */
#include "core/os.h"
#include "kernel/bags.h"
#include "text/documents.h"
#include "text/views_parts.h"

#include <math.h>
#include <string.h>

typedef struct {
    const sl_views_corpus *corpus;
    const sl_view *view;
    const int *became;
    const size_t *order;
} documents_lists;

static sl_status documents_row(void *argument, sl_views_row *row, int worker, size_t number)
{
    (void)worker;
    const documents_lists *lists = argument;
    return sl_views_corpus_features(lists->corpus, lists->view, lists->became, row, lists->order[number]) ||
                   sl_views_row_once(row)
               ? row->ctx->status
               : SL_OK;
}

static sl_status documents_enough(sl_ctx *ctx, const sl_views_corpus *corpus, const sl_view *view)
{
    const size_t grams = view->level[VIEWS_LONGEST];
    if (corpus->rows >= SL_DOCUMENTS_LEAST && grams >= SL_DOCUMENTS_LEAST)
        return SL_OK;
    return sl_fail(ctx, SL_EINVAL,
                   "view %s: %zu texts with %zu n-grams that are in %d of them or more: too little to learn "
                   "vectors from: wants %d of both: give more texts (unlabelled ones help), lower least=, or "
                   "leave the view out",
                   view->name, corpus->rows, grams, (int)view->option[VIEWS_LEAST], SL_DOCUMENTS_LEAST);
}

static sl_status documents_learn(sl_ctx *ctx, const sl_views_lists *lists, sl_view *view)
{
    char grams[32], texts[32], passes[32], seconds[32];
    const double begun = sl_os_seconds();
    const sl_documents_job job = { .documents = lists->rows,
                                   .grams = view->level[VIEWS_LONGEST],
                                   .size = view->features,
                                   .passes = (int)view->document[VIEWS_DOCUMENT_PASSES],
                                   .offset = lists->offset,
                                   .id = lists->id,
                                   .count = view->count };
    sl_log(ctx, "documents   learning vectors of %s n-grams from %s texts: %s passes",
           sl_count_text(grams, job.grams), sl_count_text(texts, job.documents),
           sl_count_text(passes, (size_t)job.passes));
    view->vector = sl_alloc_array(ctx, job.grams, job.size * sizeof *view->vector);
    if (!view->vector || sl_documents_learn(ctx, &job, view->vector))
        return ctx->status;
    sl_log(ctx, "            learned in %s seconds",
           sl_number_text(seconds, (double)(long)((sl_os_seconds() - begun) * 10) / 10));
    return SL_OK;
}

sl_status sl_views_fit_documents(sl_ctx *ctx, const sl_views_corpus *corpus, sl_view *view, const int *became)
{
    if (documents_enough(ctx, corpus, view))
        return ctx->status;
    sl_views_crew *crew = sl_views_crew_new(ctx);
    size_t *order = sl_alloc_array(ctx, corpus->rows, sizeof *order);
    documents_lists work = { corpus, view, became, order };
    sl_views_lists lists = { 0 };
    view->texts = corpus->rows;
    view->features = (size_t)view->document[VIEWS_DOCUMENT_SIZE];
    if (!ctx->status) {
        sl_documents_order(ctx, order, corpus->rows);
        if (!sl_views_lists_make(&lists, ctx, crew, corpus->rows, false, documents_row, &work))
            documents_learn(ctx, &lists, view);
    }
    sl_views_lists_free(&lists);
    sl_free(ctx, order);
    sl_views_crew_free(crew);
    return ctx->status;
}

sl_status sl_views_row_vector(sl_views_row *row, const sl_view *view)
{
    const size_t size = view->features;
    if (sl_views_row_feature_room(row, size) || sl_views_row_once(row))
        return row->ctx->status;
    const size_t offsets[] = { 0, row->features };
    const sl_bags bags = { .count = 1, .offsets = offsets, .ids = row->feature };
    sl_bags_sum(row->ctx, row->value, view->vector, &bags, size, false);
    double squares = 0;
    for (size_t k = 0; k < size; k++)
        squares += (double)row->value[k] * (double)row->value[k];
    row->features = row->features && squares > 0 ? size : 0;
    const double scale = view->document[VIEWS_DOCUMENT_SCALE] / sqrt(squares > 0 ? squares : 1);
    for (size_t k = 0; k < row->features; k++) {
        row->feature[k] = (int)k;
        row->value[k] = (sl_real)((double)row->value[k] * scale);
    }
    return SL_OK;
}

bool sl_views_is_documents(const sl_views *views, int view)
{
    return views->view[view].kind == VIEWS_DOCUMENTS;
}

sl_status sl_views_vector(sl_ctx *ctx, const sl_views *views, int view, const int *grams, size_t count,
                          sl_real *values, bool *known)
{
    sl_views_row row;
    sl_views_row_init(&row, ctx);
    *known = false;
    if (!sl_views_row_feature_room(&row, count + 1)) {
        memcpy(row.feature, grams, count * sizeof *grams);
        row.features = count;
        if (!sl_views_row_vector(&row, &views->view[view]) && row.features) {
            memcpy(values, row.value, row.features * sizeof *values);
            *known = true;
        }
    }
    sl_views_row_free(&row);
    return ctx->status;
}
