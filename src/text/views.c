/* views.c - see views.h: what is asked of fitted views. */
#include "core/digest.h"
#include "text/views_parts.h"

#include <stdio.h>
#include <string.h>

static void views_free_view(sl_ctx *ctx, sl_view *view)
{
    sl_vocabulary_free(&view->words);
    sl_pairs_free(&view->pairs);
    sl_free(ctx, view->count);
    sl_free(ctx, view->weight);
    sl_free(ctx, view->vector);
}

void sl_views_free(sl_views *views)
{
    if (!views || --views->users)
        return;
    for (int v = 0; v < views->count; v++)
        views_free_view(views->ctx, &views->view[v]);
    sl_free(views->ctx, views);
}

static void *views_block(sl_ctx *ctx, const void *from, size_t count, size_t size)
{
    void *copy = from ? sl_alloc_array(ctx, count, size) : NULL;
    return copy ? memcpy(copy, from, count * size) : NULL;
}

sl_status sl_views_copy_view(sl_ctx *ctx, sl_view *to, const sl_view *from)
{
    *to = *from;
    to->count = NULL;
    to->weight = NULL;
    to->vector = NULL;
    to->pairs = (sl_pairs){
        .ctx = ctx, .count = from->pairs.count, .first = from->pairs.first, .bits = from->pairs.bits
    };
    if (sl_vocabulary_copy(&to->words, ctx, &from->words))
        return ctx->status;
    to->pairs.pair = views_block(ctx, from->pairs.pair, from->pairs.count, sizeof *to->pairs.pair);
    to->pairs.slot =
        views_block(ctx, from->pairs.slot, (size_t)1 << from->pairs.bits, sizeof *to->pairs.slot);
    to->count = views_block(ctx, from->count, from->level[VIEWS_LONGEST], sizeof *to->count);
    to->weight = views_block(ctx, from->weight, from->features, sizeof *to->weight);
    to->vector =
        views_block(ctx, from->vector, from->level[VIEWS_LONGEST], from->features * sizeof *to->vector);
    return ctx->status;
}

/* Fitted views do not change, so that copies within a context are the same ones. */
sl_views *sl_views_copy(sl_ctx *ctx, const sl_views *views)
{
    if (views->ctx == ctx) {
        sl_views *same = (sl_views *)views;
        same->users++;
        return same;
    }
    sl_views *copy = sl_alloc(ctx, sizeof *copy);
    if (!copy)
        return NULL;
    copy->ctx = ctx;
    copy->users = 1;
    copy->tokenizer = views->tokenizer;
    copy->digest = views->digest;
    for (int v = 0; v < views->count && !ctx->status; v++) {
        copy->count = v + 1;
        sl_views_copy_view(ctx, &copy->view[v], &views->view[v]);
    }
    if (!ctx->status)
        return copy;
    sl_views_free(copy);
    return NULL;
}

void sl_views_digest(sl_views *views)
{
    uint64_t digest =
        sl_digest_bytes(SL_DIGEST_START, views->tokenizer.option, sizeof views->tokenizer.option);
    for (int v = 0; v < views->count; v++) {
        const sl_view *view = &views->view[v];
        const uint64_t numbers[] = { digest, (uint64_t)view->kind, view->words.count, view->features };
        digest = sl_digest_bytes(SL_DIGEST_START, numbers, sizeof numbers);
        digest = sl_digest_bytes(digest, view->option, sizeof view->option);
        digest = sl_digest_bytes(digest, view->document, sizeof view->document);
        if (view->words.count) {
            digest = sl_text_hash_join(digest,
                                       sl_text_hash(view->words.text, view->words.offset[view->words.count]));
            digest =
                sl_text_hash_join(digest, sl_text_hash((const char *)view->words.offset,
                                                       (view->words.count + 1) * sizeof *view->words.offset));
        }
        if (view->pairs.count)
            digest = sl_text_hash_join(digest, sl_text_hash((const char *)view->pairs.pair,
                                                            view->pairs.count * sizeof *view->pairs.pair));
        if (view->vector)
            digest = sl_text_hash_join(
                digest, sl_text_hash((const char *)view->vector,
                                     view->level[VIEWS_LONGEST] * view->features * sizeof *view->vector));
        if (view->weight)
            digest = sl_text_hash_join(
                digest, sl_text_hash((const char *)view->weight, view->features * sizeof *view->weight));
    }
    views->digest = digest;
}

int sl_views_count(const sl_views *views)
{
    return views->count;
}

const char *sl_views_name(const sl_views *views, int view)
{
    return views->view[view].name;
}

size_t sl_views_size(const sl_views *views, int view)
{
    size_t all = 0;
    for (int v = 0; v < views->count; v++)
        all += view < 0 || v == view ? views->view[v].features : 0;
    return all;
}

sl_weigh sl_views_weigh(const sl_views *views, int view)
{
    return views->view[view].weigh;
}

const sl_tokenizer *sl_views_tokenizer(const sl_views *views)
{
    return &views->tokenizer;
}

bool sl_views_learns_documents(const sl_views *views)
{
    for (int v = 0; v < views->count; v++)
        if (views->view[v].kind == VIEWS_DOCUMENTS)
            return true;
    return false;
}

/* A word's bytes for people: its ends are < and >. */
static void views_put_word(sl_text *text, const sl_view *view, size_t number)
{
    size_t length;
    const char *word = sl_vocabulary_word(&view->words, number, &length);
    for (size_t i = 0; i < length; i++)
        sl_text_bytes(text, word[i] == VIEWS_BEGIN ? "<" : word[i] == VIEWS_END ? ">" : word + i, 1);
}

size_t sl_views_text(const sl_views *views, int view, size_t feature, char *to, size_t room)
{
    for (int v = 0; view < 0 && v < views->count; v++) {
        if (feature < views->view[v].features)
            view = v;
        else
            feature -= views->view[v].features;
    }
    if (to && room)
        *to = 0;
    if (view < 0 || feature >= views->view[view].features)
        return 0;
    const sl_view *of = &views->view[view];
    if (of->kind == VIEWS_DOCUMENTS) {
        char number[48];
        snprintf(number, sizeof number, "document number %zu", feature);
        return sl_text_fit(number, to, room);
    }
    if (feature >= of->level[VIEWS_LONGEST]) {
        char bucket[32];
        snprintf(bucket, sizeof bucket, "#%zu", feature - of->words.count);
        return sl_text_fit(bucket, to, room);
    }
    int word[VIEWS_LONGEST], count = 0;
    for (; feature >= of->words.count; feature = (size_t)of->pairs.pair[feature - of->words.count].prefix)
        word[count++] = of->pairs.pair[feature - of->words.count].word;
    sl_text text;
    sl_text_init(&text, views->ctx);
    views_put_word(&text, of, feature);
    while (count > 0) {
        sl_text_put(&text, " ");
        views_put_word(&text, of, (size_t)word[--count]);
    }
    const size_t length = sl_text_fit(sl_text_string(&text), to, room);
    sl_text_free(&text);
    return length;
}

size_t sl_views_word(const sl_views *views, int view, const char *word, size_t length)
{
    const sl_view *of = &views->view[view];
    return of->kind == VIEWS_WORDS ? sl_vocabulary_find(&of->words, sl_text_hash(word, length), word, length)
                                   : SIZE_MAX;
}

static void views_describe_documents(const sl_view *view, sl_text *text)
{
    char grams[32], texts[32];
    sl_text_add(
        text, "documents: %zu numbers a text, by 1-%d-grams of words: %s that are in at least %d of %s texts",
        view->features, (int)view->option[VIEWS_NGRAMS], sl_count_text(grams, view->level[VIEWS_LONGEST]),
        (int)view->option[VIEWS_LEAST], sl_count_text(texts, view->texts));
}

static void views_describe_view(const sl_view *view, sl_text *text)
{
    static const char *const weights[] = { "every occurrence counts", "each once a text, scaled to length 1",
                                           "weighted by tf-idf, scaled to length 1",
                                           "weighted by log-count ratios, scaled to length 1" };
    if (view->kind == VIEWS_DOCUMENTS) {
        views_describe_documents(view, text);
        return;
    }
    char kept[32], occurring[32];
    const int from = view->kind == VIEWS_WORDS ? 1 : (int)view->option[VIEWS_FROM];
    const int to = (int)view->option[VIEWS_NGRAMS];
    if (view->kind == VIEWS_WORDS && to == 1)
        sl_text_put(text, "words");
    else if (from == to)
        sl_text_add(text, "%d-grams of %s", to, sl_views_kind_name(view->kind));
    else
        sl_text_add(text, "%d-%d-grams of %s", from, to, sl_views_kind_name(view->kind));
    sl_text_add(text, ": %s", sl_count_text(kept, view->level[VIEWS_LONGEST]));
    sl_text_add(text, " of %s that occur", sl_count_text(occurring, view->occurring));
    if (view->features > view->level[VIEWS_LONGEST])
        sl_text_add(text, ", and %s buckets",
                    sl_count_text(kept, view->features - view->level[VIEWS_LONGEST]));
    sl_text_add(text, ", %s", weights[view->weigh]);
}

void sl_views_describe(const sl_views *views, sl_text *text)
{
    for (int v = 0; v < views->count; v++) {
        if (v)
            sl_text_put(text, "; ");
        views_describe_view(&views->view[v], text);
    }
}

/* {"tokenizer": "..", "views": [{"words": "words ngrams=2", "occurring": 123, "counts": [12, 34]}, ..]} */
void sl_views_put(const sl_views *views, sl_text *json)
{
    sl_text words;
    sl_text_init(&words, views->ctx);
    sl_tokenizer_describe(&views->tokenizer, &words);
    sl_text_put(json, "{\"tokenizer\": ");
    sl_json_put_string(json, sl_text_string(&words));
    sl_text_put(json, ", \"views\": [");
    for (int v = 0; v < views->count; v++) {
        const sl_view *view = &views->view[v];
        sl_text_clear(&words);
        sl_views_put_words(view, &words);
        sl_text_put(json, v ? ", {\"words\": " : "{\"words\": ");
        sl_json_put_string(json, sl_text_string(&words));
        sl_text_add(json, ", \"occurring\": %zu, \"levels\": [", view->occurring);
        for (int n = 1; n <= VIEWS_LONGEST; n++)
            sl_text_add(json, n > 1 ? ", %zu" : "%zu", view->level[n]);
        sl_text_put(json, "]");
        if (view->kind == VIEWS_DOCUMENTS)
            sl_text_add(json, ", \"texts\": %zu", view->texts);
        sl_text_put(json, "}");
    }
    sl_text_put(json, "]}");
    sl_text_free(&words);
}
