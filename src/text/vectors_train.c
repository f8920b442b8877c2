/* vectors_train.c - from texts to word vectors. */
#include "core/os.h"
#include "text/corpus.h"
#include "text/vectors.h"

#include <string.h>

typedef struct {
    const sl_vectors_options *options;
    size_t words;
    double began;
} train_state;

static int train_progress(void *user, double done, double all, double loss)
{
    const train_state *s = user;
    const sl_vectors_progress now = { done, all, sl_os_seconds() - s->began, loss, s->words };
    return s->options->progress(s->options->user, &now) != SL_OK;
}

static void train_tell(sl_ctx *ctx, const char *name, double normal)
{
    char number[32];
    sl_decided(ctx, name, sl_number_text(number, normal), "the default");
}

static sl_status train_whole(sl_ctx *ctx, const char *name, int *value, int normal, int low, int high)
{
    if (!*value)
        train_tell(ctx, name, normal);
    *value = *value ? *value : normal;
    if (*value >= low && *value <= high)
        return SL_OK;
    return sl_fail(ctx, SL_EINVAL, "word vectors: %s is %d: wanted is %d to %d", name, *value, low, high);
}

/* The options with their defaults. */
static sl_status train_options(sl_ctx *ctx, sl_vectors_options *o, sl_skipgram_options *to)
{
    if (!o->model)
        sl_decided(ctx, "model", "skipgram", "the default");
    if (!o->tokenizer)
        sl_decided(ctx, "tokenizer", "words, and marks", "the default: letters lose their case");
    o->model = o->model ? o->model : "skipgram";
    const bool cbow = strcmp(o->model, "cbow") == 0;
    if (!cbow && strcmp(o->model, "skipgram") != 0)
        return sl_fail(ctx, SL_EINVAL, "word vectors: model '%s': there are skipgram and cbow", o->model);
    train_whole(ctx, "size", &o->size, 100, 1, 4096);
    train_whole(ctx, "window", &o->window, 5, 1, SL_SKIPGRAM_MOST);
    train_whole(ctx, "negatives", &o->negatives, 5, 1, SL_SKIPGRAM_MOST);
    train_whole(ctx, "epochs", &o->epochs, 5, 1, 100000);
    train_whole(ctx, "least", &o->least, 5, 1, INT32_MAX);
    if (o->subwords_from || o->subwords_to) {
        train_whole(ctx, "the shortest subword", &o->subwords_from, 0, 1, 20);
        train_whole(ctx, "the longest subword", &o->subwords_to, 0, o->subwords_from, 20);
    }
    char number[32];
    if (o->sample == 0)
        train_tell(ctx, "sample", 1e-3);
    o->sample = o->sample != 0 ? o->sample : 1e-3;
    if (!(o->sample > 0 && o->sample <= 1))
        sl_fail(ctx, SL_EINVAL, "word vectors: sample is %s: wanted is a number above 0, at most 1",
                sl_number_text(number, o->sample));
    if (o->lr == 0)
        sl_decided(ctx, "lr", cbow ? "0.05" : "0.025", "the default of %s", o->model);
    o->lr = o->lr != 0 ? o->lr : cbow ? 0.05 : 0.025;
    if (!(o->lr > 0 && o->lr <= 10))
        sl_fail(ctx, SL_EINVAL, "word vectors: lr is %s: wanted is a number above 0, at most 10",
                sl_number_text(number, o->lr));
    *to = (sl_skipgram_options){ .cbow = cbow,
                                 .size = o->size,
                                 .window = o->window,
                                 .negatives = o->negatives,
                                 .epochs = o->epochs,
                                 .sample = o->sample < 1 ? o->sample : 0,
                                 .rate = o->lr };
    return ctx->status;
}

static sl_vectors *train_corpus(sl_ctx *ctx, const sl_corpus *corpus, const sl_vectors_options *options,
                                sl_skipgram_options how)
{
    sl_skipgram_text text = { .id = corpus->id,
                              .count = corpus->count,
                              .times = corpus->times,
                              .words = corpus->words.count,
                              .rows = corpus->words.count };
    int *feature = NULL;
    size_t *start = NULL;
    if (options->subwords_from) {
        sl_subwords(ctx, &corpus->words, options->subwords_from, options->subwords_to, &feature, &start,
                    &text.rows);
        text.feature = feature;
        text.from = start;
    }
    train_state state = { options, corpus->words.count, sl_os_seconds() };
    how.progress = options->progress ? train_progress : NULL;
    how.user = &state;
    sl_vectors *v = ctx->status ? NULL : sl_vectors_new(ctx, options->size, corpus->words.count);
    for (size_t word = 0; v && word < corpus->words.count && !ctx->status; word++)
        sl_vectors_add(v, sl_dictionary_word(&corpus->words, word),
                       sl_dictionary_length(&corpus->words, word));
    if (!ctx->status)
        sl_skipgram_train(ctx, &text, &how, v->value);
    sl_free(ctx, feature);
    sl_free(ctx, start);
    if (!ctx->status)
        return v;
    sl_vectors_free(v);
    return NULL;
}

sl_vectors *sl_vectors_train(sl_ctx *ctx, const char *const *sources, size_t count,
                             const sl_vectors_options *options)
{
    sl_vectors_options o = options ? *options : (sl_vectors_options){ 0 };
    sl_skipgram_options how;
    sl_tokenizer tokenizer;
    if (!ctx || ctx->status)
        return NULL;
    if (!sources || !count)
        sl_fail(ctx, SL_EINVAL, "word vectors: no texts are given to learn them from");
    if (ctx->status || train_options(ctx, &o, &how) || sl_tokenizer_read(ctx, o.tokenizer, &tokenizer))
        return NULL;
    sl_corpus corpus;
    sl_corpus_init(&corpus, ctx, &tokenizer);
    for (size_t i = 0; i < count && !ctx->status; i++)
        sl_corpus_read(&corpus, sources[i]);
    sl_vectors *v = NULL;
    if (!ctx->status && sl_corpus_rank(&corpus, (uint64_t)o.least) == SL_OK)
        v = train_corpus(ctx, &corpus, &o, how);
    sl_corpus_free(&corpus);
    return v;
}
