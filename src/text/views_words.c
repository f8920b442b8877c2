/* views_words.c - the words that say what a view is: "words ngrams=2 weight=nb, characters from=3". */
#include "text/views_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define VIEWS_COMMON                                                                                         \
    { .name = "weight",                                                                                      \
      .summary = "what a feature counts in a text: none: every time it occurs; the others: once, scaled",    \
      .choices = "none|binary|tfidf|nb",                                                                     \
      .high = 3,                                                                                             \
      .normally = "what suits the net's first layer" },                                                      \
        { .name = "least",                                                                                   \
          .summary = "how often a feature must occur in the training rows",                                  \
          .high = 1e9,                                                                                       \
          .whole = true,                                                                                     \
          .normally = "1; 2 without weights where there are 100,000 tokens" },                               \
        { .name = "most",                                                                                    \
          .summary = "the most frequent features are kept; 0: all",                                          \
          .high = 2147483647,                                                                                \
          .whole = true },                                                                                   \
        { .name = "hash",                                                                                    \
          .summary = "buckets that n-grams beyond single words share; 0: each has its own number",           \
          .high = 1073741824,                                                                                \
          .whole = true },                                                                                   \
        { .name = "alpha",                                                                                   \
          .summary = "added to the counts of weight=nb",                                                     \
          .normal = 1,                                                                                       \
          .high = 1e6,                                                                                       \
          .above_low = true },                                                                               \
        { .name = "tokens",                                                                                  \
          .summary = "only so many at a text's beginning; 0: all",                                           \
          .high = 2147483647,                                                                                \
          .whole = true },                                                                                   \
    {                                                                                                        \
        .name = "scale", .summary = "length of a text's weighted features: how much the view counts",        \
        .normal = 1, .high = 1e6, .above_low = true                                                          \
    }

const sl_option sl_views_word_options[] = {
    { .name = "ngrams",
      .summary = "the longest n-grams, in words; shorter ones are features too",
      .normal = 1,
      .low = 1,
      .high = VIEWS_LONGEST,
      .whole = true },
    VIEWS_COMMON,
    { 0 },
};

const sl_option sl_views_character_options[] = {
    { .name = "ngrams",
      .summary = "the longest n-grams, in characters, of a word with its ends",
      .normal = 5,
      .low = 1,
      .high = 8,
      .whole = true },
    VIEWS_COMMON,
    { .name = "from", .summary = "the shortest n-grams", .normal = 3, .low = 1, .high = 8, .whole = true },
    { 0 },
};

const sl_option sl_views_document_options[] = {
    { .name = "ngrams",
      .summary = "the longest n-grams that have vectors, in words",
      .normal = 3,
      .low = 1,
      .high = VIEWS_LONGEST,
      .whole = true },
    { .name = "least",
      .summary = "in how many texts, unlabelled ones too, an n-gram must be",
      .normal = 20,
      .low = 1,
      .high = 1e9,
      .whole = true },
    { .name = "size", .summary = "numbers of a text", .normal = 96, .low = 2, .high = 1024, .whole = true },
    { .name = "passes",
      .summary = "how often all texts are seen",
      .normal = 10,
      .low = 1,
      .high = 1000,
      .whole = true },
    { .name = "scale",
      .summary = "the length of a text's numbers; those of other views have length 1",
      .normal = 4,
      .high = 1e6,
      .above_low = true },
    { 0 },
};

const char *sl_views_kind_name(int kind)
{
    static const char *const names[] = { "words", "characters", "documents" };
    return names[kind];
}

bool sl_views_catalogue(size_t index, sl_word *word)
{
    static const sl_word words[] = {
        { .name = "words",
          .summary = "words and their n-grams, exact or hashed",
          .formula =
              "weight=tfidf: (1 + log tf) (1 + log((1 + n) / (1 + df))); weight=nb: log(p / |p| / (q / |q|))",
          .source = "Wang, Manning, Baselines and Bigrams, ACL 2012",
          .options = sl_views_word_options },
        { .name = "characters",
          .summary = "n-grams of a word's characters, with its ends",
          .formula = "<word> with from=3 ngrams=4: <wo wor ord rd> <wor word ord>",
          .source = "Bojanowski et al., Enriching Word Vectors with Subword Information, TACL 2017",
          .options = sl_views_character_options },
        { .name = "documents",
          .summary = "a text's direction among all texts, learned without labels, from unlabelled texts too",
          .formula =
              "scale z, z = s / |s|, s = sum of k (v - m) over its n-grams; v: sum of log s(6 x.v), texts x, "
              "against drawn n-grams; k = min(1, sqrt(0.02 n / df)); m: mean v; batches in two phases",
          .source = "after Thongtan, Phienthrakul, ACL SRW 2019, where texts have trained vectors",
          .options = sl_views_document_options },
    };
    if (index >= sizeof words / sizeof *words)
        return false;
    *word = words[index];
    return true;
}

bool sl_views_weighs(const sl_view *view)
{
    return view->weigh != SL_WEIGH_NONE;
}

/* Its n-grams are made as those of words are. */
static void views_document(sl_view *view)
{
    memcpy(view->document, view->option, sizeof view->document);
    memset(view->option, 0, sizeof view->option);
    view->option[VIEWS_NGRAMS] = view->document[VIEWS_DOCUMENT_NGRAMS];
    view->option[VIEWS_LEAST] = view->document[VIEWS_DOCUMENT_LEAST];
    view->option[VIEWS_SCALE] = 1;
    view->weigh = SL_WEIGH_BINARY;
}

void sl_views_put_words(const sl_view *view, sl_text *to)
{
    sl_options_describe(to, sl_views_kind_name(view->kind), sl_views_options(view->kind),
                        view->kind == VIEWS_DOCUMENTS ? view->document : view->option);
}

static sl_status views_word(sl_ctx *ctx, sl_views *views, const char *word, sl_weigh normal)
{
    const char *names[VIEWS_KINDS];
    char first[64], place[96];
    const size_t length = sl_option_name_length(word);
    int same = 1;
    snprintf(first, sizeof first, "%.*s", length < 60 ? (int)length : 60, word);
    sl_view *view = &views->view[views->count];
    for (view->kind = 0; view->kind < VIEWS_KINDS; view->kind++) {
        names[view->kind] = sl_views_kind_name(view->kind);
        if (!strcmp(names[view->kind], first))
            break;
    }
    if (view->kind == VIEWS_KINDS)
        return sl_fail_word(ctx, "view", first, names, VIEWS_KINDS);
    snprintf(place, sizeof place, "view %s", first);
    unsigned given = 0;
    if (sl_options_read(ctx, place, sl_views_options(view->kind), word + length, view->option, &given))
        return ctx->status;
    if (view->kind == VIEWS_CHARACTERS && view->option[VIEWS_FROM] > view->option[VIEWS_NGRAMS])
        return sl_fail(ctx, SL_EINVAL,
                       "view characters: from=%d is more than ngrams=%d: shortest before longest",
                       (int)view->option[VIEWS_FROM], (int)view->option[VIEWS_NGRAMS]);
    if (!(given >> VIEWS_WEIGHT & 1) && view->kind != VIEWS_DOCUMENTS)
        view->option[VIEWS_WEIGHT] = normal;
    view->weigh = (sl_weigh)view->option[VIEWS_WEIGHT];
    if (view->kind == VIEWS_DOCUMENTS)
        views_document(view);
    if (view->option[VIEWS_SCALE] != 1 && view->weigh == SL_WEIGH_NONE)
        return sl_fail(
            ctx, SL_EINVAL,
            "view %s: scale is for weighted features, and weight=none counts every occurrence as 1: "
            "leave it out, or give a weight",
            first);
    for (int v = 0; v < views->count; v++)
        same += views->view[v].kind == view->kind;
    snprintf(view->name, sizeof view->name, same > 1 ? "%s_%d" : "%s", first, same);
    view->words.ctx = view->pairs.ctx = ctx;
    views->count++;
    return SL_OK;
}

sl_status sl_views_read(sl_ctx *ctx, sl_views *views, const char *words, const char *tokenizer,
                        sl_weigh normal)
{
    if (sl_tokenizer_read(ctx, tokenizer, &views->tokenizer))
        return ctx->status;
    char *copy = sl_strdup(ctx, words ? words : "words");
    for (char *at = copy; at && !ctx->status;) {
        at += strspn(at, " \t\r\n");
        char *next = strchr(at, ',');
        if (next)
            *next++ = 0;
        if (views->count == SL_MOST_VIEWS)
            sl_fail(ctx, SL_EINVAL, "more than %d views: leave some out", SL_MOST_VIEWS);
        else
            views_word(ctx, views, at, normal);
        at = next;
    }
    sl_free(ctx, copy);
    return ctx->status;
}

sl_status sl_views_check_words(sl_ctx *ctx, const char *words, const char *tokenizer)
{
    sl_views views = { .ctx = ctx };
    return sl_views_read(ctx, &views, words, tokenizer, SL_WEIGH_BINARY); /* allows a scale */
}

bool sl_views_words_learn_documents(sl_ctx *ctx, const char *words)
{
    sl_views views = { .ctx = ctx };
    return !sl_views_read(ctx, &views, words, NULL, SL_WEIGH_NONE) && sl_views_learns_documents(&views);
}

sl_status sl_views_find(sl_ctx *ctx, const sl_views *views, const char *name, int *view)
{
    const char *names[SL_MOST_VIEWS];
    *view = -1;
    if (!name)
        return SL_OK;
    for (int v = 0; v < views->count; v++) {
        names[v] = views->view[v].name;
        if (!strcmp(names[v], name)) {
            *view = v;
            return SL_OK;
        }
    }
    return sl_fail_word(ctx, "view", name, names, (size_t)views->count);
}
