/* views_corpus.c - the training rows as numbers of words: each worker numbers the words it meets, then all
 * numbers become one. Who met which row makes no difference: what follows counts and sorts. */
#include "text/views_parts.h"

#include <string.h>

typedef struct {
    const sl_views *views;
    const sl_data *data, *more;
    sl_vocabulary *words; /* [workers] */
    int **became;         /* [workers][their words] */
    int *worker;          /* [rows] who read it */
    sl_views_corpus *corpus;
} corpus_work;

enum { CORPUS_PIECE = 256 };

void sl_views_corpus_free(sl_views_corpus *corpus)
{
    if (!corpus->ctx)
        return;
    sl_free(corpus->ctx, corpus->offset);
    sl_free(corpus->ctx, corpus->id);
    sl_free(corpus->ctx, corpus->hash);
    sl_vocabulary_free(&corpus->words);
}

static sl_status corpus_row(void *argument, sl_views_row *row, int worker, size_t number)
{
    enum { AHEAD = 8 };
    corpus_work *work = argument;
    size_t length;
    const char *text = number < work->data->rows
                           ? sl_data_words(work->data, number, &length)
                           : sl_data_words(work->more, number - work->data->rows, &length);
    if (sl_views_row_text(row, work->views, text, length) || sl_views_row_feature_room(row, row->count))
        return row->ctx->status;
    sl_vocabulary *words = &work->words[worker];
    words->ctx = row->ctx;
    for (size_t i = 0; i < row->count; i++) {
        if (i + AHEAD < row->count)
            sl_vocabulary_prefetch(words, row->hash[i + AHEAD]);
        if (row->word[i] == VIEWS_BREAK) {
            row->feature[i] = VIEWS_BREAK;
            continue;
        }
        const size_t id = sl_vocabulary_add(words, row->hash[i], row->text[i], row->length[i]);
        if (id == SIZE_MAX)
            return row->ctx->status;
        row->feature[i] = (int)id;
    }
    row->features = row->count;
    work->worker[number] = worker;
    return SL_OK;
}

static void corpus_renumber(void *argument, size_t task, int worker)
{
    (void)worker;
    const corpus_work *work = argument;
    sl_views_corpus *corpus = work->corpus;
    const size_t end = (task + 1) * CORPUS_PIECE < corpus->rows ? (task + 1) * CORPUS_PIECE : corpus->rows;
    for (size_t row = task * CORPUS_PIECE; row < end; row++) {
        const int *became = work->became[work->worker[row]];
        for (size_t i = corpus->offset[row]; i < corpus->offset[row + 1]; i++)
            if (corpus->id[i] >= 0)
                corpus->id[i] = became[corpus->id[i]];
    }
}

/* All workers' words in one list. */
static sl_status corpus_merge(corpus_work *work, int workers)
{
    sl_views_corpus *corpus = work->corpus;
    sl_ctx *ctx = corpus->ctx;
    size_t most = 0;
    for (int w = 0; w < workers; w++)
        most += work->words[w].count;
    corpus->hash = sl_alloc_array(ctx, most, sizeof *corpus->hash);
    for (int w = 0; w < workers && !ctx->status; w++) {
        const sl_vocabulary *words = &work->words[w];
        int *became = work->became[w] = sl_alloc_array(ctx, words->count, sizeof *became);
        for (size_t i = 0; i < words->count && !ctx->status; i++) {
            size_t length;
            const char *word = sl_vocabulary_word(words, i, &length);
            const uint64_t hash = sl_text_hash(word, length);
            const size_t number = sl_vocabulary_add(&corpus->words, hash, word, length);
            if (number == SIZE_MAX)
                break;
            became[i] = (int)number;
            corpus->hash[number] = hash;
        }
    }
    corpus->distinct = corpus->words.count;
    if (!ctx->status)
        sl_pool_run(ctx->pool, (corpus->rows + CORPUS_PIECE - 1) / CORPUS_PIECE, corpus_renumber, work);
    for (int w = 0; w < workers; w++)
        sl_free(ctx, work->became[w]);
    return ctx->status;
}

sl_status sl_views_corpus_read(sl_views_corpus *corpus, sl_ctx *ctx, const sl_views *views,
                               const sl_data *data, const sl_data *more)
{
    *corpus = (sl_views_corpus){ .ctx = ctx, .rows = data->rows + (more ? more->rows : 0) };
    sl_vocabulary_init(&corpus->words, ctx);
    sl_views_crew *crew = sl_views_crew_new(ctx);
    const size_t workers = crew ? (size_t)sl_views_crew_size(crew) : 0;
    corpus_work work = { .views = views,
                         .data = data,
                         .more = more,
                         .words = sl_alloc_array(ctx, workers, sizeof *work.words),
                         .became = sl_alloc_array(ctx, workers, sizeof *work.became),
                         .worker = sl_alloc_array(ctx, corpus->rows, sizeof *work.worker),
                         .corpus = corpus };
    sl_views_lists lists;
    if (!ctx->status && !sl_views_lists_make(&lists, ctx, crew, corpus->rows, false, corpus_row, &work)) {
        corpus->offset = lists.offset;
        corpus->id = lists.id;
        corpus->tokens = corpus->offset[corpus->rows];
        corpus_merge(&work, (int)workers);
    }
    if (!ctx->status && corpus->tokens > UINT32_MAX)
        sl_fail(ctx, SL_EINVAL, "texts of %zu tokens: at most %u can be counted; take fewer rows",
                corpus->tokens, UINT32_MAX);
    sl_views_crew_free(crew);
    sl_free(ctx, work.words);
    sl_free(ctx, work.became);
    sl_free(ctx, work.worker);
    return ctx->status;
}

void sl_views_corpus_take(sl_views_corpus *corpus, size_t rows)
{
    corpus->rows = rows;
    corpus->tokens = corpus->offset[rows];
}

size_t sl_views_corpus_most(const sl_views_corpus *corpus, const sl_view *view, size_t row)
{
    size_t left = (size_t)view->option[VIEWS_TOKENS], at = corpus->offset[row];
    if (!left)
        return corpus->offset[row + 1];
    for (; at < corpus->offset[row + 1] && left; at++)
        left -= corpus->id[at] != VIEWS_BREAK;
    return at;
}
