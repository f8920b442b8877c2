/* views_fit.c - vocabularies out of the training rows: words and n-grams of characters. */
#include "core/sort.h"
#include "text/views_parts.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *text;
    size_t length, number;
    uint64_t count;
} fit_entry;

/* The frequent first; as often: by their bytes. */
static int fit_by_count(const void *a, const void *b)
{
    const fit_entry *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    const size_t least = x->length < y->length ? x->length : y->length;
    const int order = memcmp(x->text, y->text, least);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static int fit_count(uint64_t count)
{
    return count < INT32_MAX ? (int)count : INT32_MAX;
}

/* The words that occur often enough become the view's, in their order. became: NULL, or [words]. */
static sl_status fit_keep(sl_ctx *ctx, sl_view *view, const sl_vocabulary *words, const uint64_t *count,
                          int *became)
{
    const uint64_t least = (uint64_t)view->option[VIEWS_LEAST];
    fit_entry *entry = sl_alloc_array(ctx, words->count, sizeof *entry);
    size_t kept = 0;
    for (size_t i = 0; entry && i < words->count; i++) {
        if (became)
            became[i] = VIEWS_UNKNOWN;
        view->occurring += count[i] > 0;
        if (count[i] > 0 && count[i] >= least) {
            entry[kept] = (fit_entry){ .number = i, .count = count[i] };
            entry[kept].text = sl_vocabulary_word(words, i, &entry[kept].length);
            kept++;
        }
    }
    view->count = ctx->status ? NULL : sl_alloc_array(ctx, kept, sizeof *view->count);
    if (kept && entry)
        sl_sort(entry, kept, sizeof *entry, fit_by_count);
    for (size_t i = 0; i < kept && !ctx->status; i++) {
        const uint64_t hash = sl_text_hash(entry[i].text, entry[i].length);
        if (sl_vocabulary_add(&view->words, hash, entry[i].text, entry[i].length) == SIZE_MAX)
            break;
        view->count[i] = fit_count(entry[i].count);
        if (became)
            became[entry[i].number] = (int)i;
    }
    sl_free(ctx, entry);
    for (int n = 1; n <= VIEWS_LONGEST; n++)
        view->level[n] = view->words.count;
    view->features = view->words.count;
    return ctx->status;
}

/* How often each different word occurs where the view looks; of documents in how many rows. */
static uint64_t *fit_occurrences(const sl_views_corpus *corpus, const sl_view *view)
{
    sl_ctx *ctx = corpus->ctx;
    const bool by_rows = view->kind == VIEWS_DOCUMENTS;
    uint64_t *count = sl_alloc_array(ctx, corpus->distinct, sizeof *count);
    size_t *last = by_rows ? sl_alloc_array(ctx, corpus->distinct, sizeof *last) : NULL; /* the row plus 1 */
    for (size_t row = 0; !ctx->status && row < corpus->rows; row++) {
        const size_t end = sl_views_corpus_most(corpus, view, row);
        for (size_t i = corpus->offset[row]; i < end; i++) {
            const int id = corpus->id[i];
            if (id < 0 || (by_rows && last[id] == row + 1))
                continue;
            count[id]++;
            if (by_rows)
                last[id] = row + 1;
        }
    }
    sl_free(ctx, last);
    return count;
}

sl_status sl_views_fit_words(const sl_views_corpus *corpus, sl_view *view, int *became)
{
    uint64_t *count = fit_occurrences(corpus, view);
    if (count)
        fit_keep(corpus->ctx, view, &corpus->words, count, became);
    sl_free(corpus->ctx, count);
    return corpus->ctx->status;
}

typedef struct {
    sl_vocabulary grams;
    uint64_t *count;
    size_t room;
} fit_grams;

/* A word's n-grams of characters, `times` each. */
static sl_status fit_spell(fit_grams *to, const sl_view *view, const char *word, size_t length,
                           uint64_t times)
{
    sl_ctx *ctx = to->grams.ctx;
    const size_t from = (size_t)view->option[VIEWS_FROM], most = (size_t)view->option[VIEWS_NGRAMS];
    char spelt[VIEWS_SPELT];
    size_t place[VIEWS_SPELT + 1];
    if (length + 2 > VIEWS_SPELT)
        return SL_OK;
    const size_t letters = sl_views_spell(word, length, spelt, place);
    for (size_t start = 0; start < letters; start++)
        for (size_t n = from; n <= most && start + n <= letters; n++) {
            if (n == 1 && (start == 0 || start == letters - 1))
                continue;
            const char *gram = spelt + place[start];
            const size_t bytes = place[start + n] - place[start];
            const size_t number = sl_vocabulary_add(&to->grams, sl_text_hash(gram, bytes), gram, bytes);
            if (number == SIZE_MAX)
                return ctx->status;
            if (number >= to->room) {
                uint64_t *count = sl_resize(ctx, to->count, (number * 2 + 1024) * sizeof *count);
                if (!count)
                    return ctx->status;
                to->count = count;
                to->room = number * 2 + 1024;
            }
            to->count[number] += times;
        }
    return SL_OK;
}

sl_status sl_views_fit_characters(const sl_views_corpus *corpus, sl_view *view)
{
    sl_ctx *ctx = corpus->ctx;
    fit_grams grams = { { 0 }, NULL, 0 };
    sl_vocabulary_init(&grams.grams, ctx);
    uint64_t *count = fit_occurrences(corpus, view);
    for (size_t i = 0; count && i < corpus->distinct && !ctx->status; i++) {
        size_t length;
        const char *word = sl_vocabulary_word(&corpus->words, i, &length);
        if (count[i])
            fit_spell(&grams, view, word, length, count[i]);
    }
    if (!ctx->status)
        fit_keep(ctx, view, &grams.grams, grams.count, NULL);
    sl_free(ctx, count);
    sl_free(ctx, grams.count);
    sl_vocabulary_free(&grams.grams);
    return ctx->status;
}

/* --- all of it --- */

static sl_status fit_classes(sl_ctx *ctx, const sl_data *train, int **y)
{
    *y = sl_alloc_array(ctx, train->rows, sizeof **y);
    for (size_t row = 0; *y && row < train->rows; row++)
        (*y)[row] = (int)sl_data_target(train, row);
    return ctx->status;
}

static sl_status fit_buckets(sl_ctx *ctx, sl_view *view)
{
    const double buckets = view->option[VIEWS_HASH];
    const bool any = view->kind == VIEWS_CHARACTERS || view->option[VIEWS_NGRAMS] > 1;
    if (buckets + (double)view->features > INT32_MAX)
        return sl_fail(ctx, SL_EINVAL,
                       "view %s: more than %d features: take a smaller hash=, or set most=", view->name,
                       INT32_MAX);
    view->features += any ? (size_t)buckets : 0;
    return SL_OK;
}

static sl_status fit_view(const sl_views_corpus *corpus, sl_view *view, const int *y, int classes)
{
    enum { MANY = 100000 };
    sl_ctx *ctx = corpus->ctx;
    int *became = sl_alloc_array(ctx, corpus->distinct, sizeof *became);
    const bool counted = view->option[VIEWS_HASH] == 0;
    if (view->option[VIEWS_LEAST] == 0)
        view->option[VIEWS_LEAST] = view->weigh == SL_WEIGH_NONE && corpus->tokens >= MANY ? 2 : 1;
    if (ctx->status)
        return ctx->status;
    if (view->kind != VIEWS_CHARACTERS)
        sl_views_fit_words(corpus, view, became);
    else if (counted)
        sl_views_fit_characters(corpus, view);
    if (!ctx->status && view->kind != VIEWS_CHARACTERS && counted && view->option[VIEWS_NGRAMS] > 1)
        sl_views_fit_levels(ctx, corpus, view, became);
    const size_t most = (size_t)view->option[VIEWS_MOST];
    if (!ctx->status && most && most < view->features) {
        sl_views_cut(ctx, view, most);
        for (size_t i = 0; i < corpus->distinct; i++)
            became[i] = became[i] < (int)view->words.count ? became[i] : VIEWS_UNKNOWN;
    }
    bool unique;
    if (!ctx->status && view->pairs.count)
        sl_pairs_index(&view->pairs, &unique);
    if (!ctx->status)
        fit_buckets(ctx, view);
    if (!ctx->status && !corpus->tokens && view->kind != VIEWS_DOCUMENTS)
        sl_fail(ctx, SL_EINVAL,
                "view %s: its vocabulary is empty: there is no word in the texts of the %zu training rows",
                view->name, corpus->rows);
    if (!ctx->status && !view->features && view->kind != VIEWS_DOCUMENTS)
        sl_fail(ctx, SL_EINVAL,
                "view %s: its vocabulary is empty: no word occurs %d times in the %zu training rows (%zu "
                "tokens); "
                "lower least=, or look at the texts",
                view->name, (int)view->option[VIEWS_LEAST], corpus->rows, corpus->tokens);
    if (!ctx->status && (view->weigh == SL_WEIGH_TFIDF || view->weigh == SL_WEIGH_NB))
        sl_views_fit_weights(ctx, corpus, view, became, y, classes);
    if (!ctx->status && view->kind == VIEWS_DOCUMENTS)
        sl_views_fit_documents(ctx, corpus, view, became);
    sl_free(ctx, became);
    return ctx->status;
}

/* The view of documents that stands at the same place with the same options: it uses no labels, so what other
 * rows taught it is as good. */
static const sl_view *fit_earlier(const sl_views *views, int v, const sl_views *earlier)
{
    if (views->view[v].kind != VIEWS_DOCUMENTS || !earlier || v >= earlier->count ||
        earlier->view[v].kind != VIEWS_DOCUMENTS ||
        memcmp(views->view[v].document, earlier->view[v].document, sizeof earlier->view[v].document) != 0 ||
        memcmp(&views->tokenizer, &earlier->tokenizer, sizeof views->tokenizer) != 0)
        return NULL;
    return &earlier->view[v];
}

/* Rows of `train` make the vocabularies, `more` too those of documents. */
static sl_status fit_views(sl_ctx *ctx, sl_views *views, const sl_data *train, const sl_data *more,
                           const sl_views *earlier, const int *y)
{
    sl_views_corpus corpus = { 0 };
    bool learns = false;
    for (int v = 0; v < views->count; v++)
        learns = learns || (views->view[v].kind == VIEWS_DOCUMENTS && !fit_earlier(views, v, earlier));
    sl_views_corpus_read(&corpus, ctx, views, train, learns ? more : NULL);
    const size_t rows = corpus.rows;
    for (int v = 0; v < views->count && !ctx->status; v++) {
        sl_view *view = &views->view[v];
        const sl_view *same = fit_earlier(views, v, earlier);
        sl_views_corpus_take(&corpus, view->kind == VIEWS_DOCUMENTS ? rows : train->rows);
        if (same)
            sl_views_copy_view(ctx, view, same);
        else
            fit_view(&corpus, view, y, train->classes);
    }
    sl_views_corpus_free(&corpus);
    return ctx->status;
}

sl_status sl_views_check_size(sl_ctx *ctx, const sl_views *views)
{
    const size_t all = sl_views_size(views, -1);
    return all <= INT32_MAX ? SL_OK
                            : sl_fail(ctx, SL_EINVAL,
                                      "the %d views have %zu features together: wants at most %d: take a "
                                      "smaller hash=, or set most=",
                                      views->count, all, INT32_MAX);
}

sl_status sl_views_learn(sl_ctx *ctx, sl_views *views, const sl_data *train, const sl_data *more,
                         const sl_views *earlier)
{
    enum { CLASSES = 1000 };
    int *y = NULL;
    bool ratios = false;
    for (int v = 0; v < views->count; v++)
        ratios = ratios || views->view[v].weigh == SL_WEIGH_NB;
    if (ratios && (train->classes < 2 || train->classes > CLASSES))
        return sl_fail(ctx, SL_EINVAL,
                       "weight=nb compares classes, 2 to %d of them; the target has %d: take weight=tfidf",
                       CLASSES, train->classes);
    if (!ratios || !fit_classes(ctx, train, &y))
        fit_views(ctx, views, train, more, earlier, y);
    sl_free(ctx, y);
    if (!ctx->status && !sl_views_check_size(ctx, views))
        sl_views_digest(views);
    return ctx->status;
}

static void fit_tell(sl_ctx *ctx, const sl_views *views, const char *words, const char *tokenizer)
{
    char count[32], what[64];
    if (!words)
        sl_decided(ctx, "text", views->view[0].name, "the default of the layers that read texts");
    if (!tokenizer)
        sl_decided(ctx, "tokenizer", "words, and marks", "the default: letters lose their case");
    for (int v = 0; v < views->count; v++) {
        snprintf(what, sizeof what, "features of %.40s", views->view[v].name);
        sl_decided(ctx, what, sl_count_text(count, sl_views_size(views, v)),
                   "so many occur in the rows that are fitted, %d times at least",
                   (int)views->view[v].option[VIEWS_LEAST]);
    }
}

sl_views *sl_views_refit(sl_ctx *ctx, const sl_data *train, const char *words, const char *tokenizer,
                         sl_weigh normal, const sl_data *more, const sl_views *earlier)
{
    sl_views *views = sl_alloc(ctx, sizeof *views);
    if (!views)
        return NULL;
    views->ctx = ctx;
    views->users = 1;
    if (!sl_data_has_words(train))
        sl_fail(ctx, SL_EINVAL, "%s has no texts: a view needs a column of text", train->source);
    else if (more && !sl_data_has_words(more))
        sl_fail(ctx, SL_EINVAL,
                "%s has no texts: unlabelled texts stand one in a line, or in a table's column of text",
                more->source);
    else if (!sl_views_read(ctx, views, words, tokenizer, normal) && more &&
             !sl_views_learns_documents(views))
        sl_fail(ctx, SL_EINVAL,
                "there are unlabelled texts (%s), and none of the views learns from them: add documents to "
                "the views, as in \"%s, documents\"",
                more->source, words ? words : "words");
    else if (!ctx->status)
        sl_views_learn(ctx, views, train, more, earlier);
    if (!ctx->status && sl_decides(ctx))
        fit_tell(ctx, views, words, tokenizer);
    if (!ctx->status)
        return views;
    sl_views_free(views);
    return NULL;
}

sl_views *sl_views_fit(sl_ctx *ctx, const sl_data *train, const char *words, const char *tokenizer,
                       sl_weigh normal, const sl_data *more)
{
    return sl_views_refit(ctx, train, words, tokenizer, normal, more, NULL);
}
