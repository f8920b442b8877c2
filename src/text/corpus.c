/* corpus.c - see corpus.h */
#include "core/sort.h"
#include "text/corpus.h"
#include "core/file.h"
#include "core/json.h"
#include "core/os.h"
#include "data/data.h"

#include <string.h>

void sl_corpus_init(sl_corpus *c, sl_ctx *ctx, const sl_tokenizer *tokenizer)
{
    *c = (sl_corpus){ .ctx = ctx, .tokenizer = *tokenizer };
    sl_tokens_init(&c->tokens, ctx);
    sl_dictionary_init(&c->words, ctx);
}

void sl_corpus_free(sl_corpus *c)
{
    sl_tokens_free(&c->tokens);
    sl_dictionary_free(&c->words);
    sl_free(c->ctx, c->times);
    sl_free(c->ctx, c->id);
}

/* Room for one more. */
static bool corpus_room(sl_ctx *ctx, void *array, size_t *room, size_t count, size_t size)
{
    void **at = array;
    if (count < *room)
        return true;
    const size_t more = *room ? *room * 2 : 1024;
    void *larger = more < SIZE_MAX / size ? sl_resize(ctx, *at, more * size) : NULL;
    if (!larger) {
        sl_fail(ctx, SL_ENOMEM, "out of memory for %zu words of text", more);
        return false;
    }
    *at = larger;
    *room = more;
    return true;
}

static bool corpus_put(sl_corpus *c, int id)
{
    if (!corpus_room(c->ctx, &c->id, &c->room, c->count, sizeof *c->id))
        return false;
    c->id[c->count++] = id;
    return true;
}

sl_status sl_corpus_add(sl_corpus *c, const char *text, size_t length)
{
    if (sl_tokenize(&c->tokenizer, text, length, &c->tokens))
        return c->ctx->status;
    c->texts++;
    for (size_t i = 0; i < c->tokens.count; i++) {
        const sl_token *token = &c->tokens.token[i];
        if (token->kind == SL_TOKEN_BREAK) {
            if (!corpus_put(c, SL_SKIPGRAM_BREAK))
                return c->ctx->status;
            continue;
        }
        const size_t code = sl_dictionary_add(&c->words, token->text, token->length);
        if (code == SIZE_MAX || !corpus_room(c->ctx, &c->times, &c->times_room, code, sizeof *c->times) ||
            !corpus_put(c, (int)code))
            return c->ctx->status ? c->ctx->status : SL_ENOMEM;
        c->times[code]++;
    }
    corpus_put(c, SL_SKIPGRAM_BREAK);
    return c->ctx->status;
}

/* --- sources -------------------------------------------------------------------------------------------- */

static bool corpus_ends_with(const char *name, size_t length, const char *ending)
{
    const size_t n = strlen(ending);
    return length > n && memcmp(name + length - n, ending, n) == 0;
}

/* Is it for sl_data_open: a folder, or a file that says so by its name? */
static bool corpus_is_data(const char *source)
{
    static const char *const endings[] = { ".csv", ".tsv", ".json", ".jsonl", ".ndjson" };
    size_t length = strlen(source);
    if (sl_os_path_kind(source) == SL_PATH_FOLDER || strncmp(source, "builtin:", 8) == 0)
        return true;
    if (corpus_ends_with(source, length, ".gz"))
        length -= 3;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (corpus_ends_with(source, length, endings[i]))
            return true;
    return false;
}

static sl_status corpus_data(sl_corpus *c, const char *source)
{
    sl_data *data = sl_data_open(c->ctx, source, NULL);
    if (!data)
        return c->ctx->status;
    if (!sl_data_has_words(data))
        sl_fail(c->ctx, SL_EINVAL,
                "%s: none of its columns holds texts: word vectors are learned from texts of several words",
                source);
    const size_t rows = sl_data_rows(data);
    for (size_t row = 0; row < rows && !c->ctx->status; row++) {
        size_t length;
        const char *text = sl_data_words(data, row, &length);
        sl_corpus_add(c, text, length);
    }
    sl_data_free(data);
    return c->ctx->status;
}

/* One text; a wrong byte is named. */
static sl_status corpus_line(sl_corpus *c, const char *name, size_t line, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        const size_t bytes = (unsigned char)text[at] < 0x80 ? 1 : sl_utf8_length(text + at, length - at);
        if (!bytes)
            return sl_fail(c->ctx, SL_EFORMAT,
                           "%s: line %zu: byte %zu, 0x%02x, is no UTF-8: convert the file, for example with "
                           "iconv -f latin1 -t utf-8",
                           name, line, at + 1, (unsigned)(unsigned char)text[at]);
        at += bytes;
    }
    return sl_corpus_add(c, text, length);
}

static sl_status corpus_lines(sl_corpus *c, const char *source)
{
    static const char label[] = "__label__";
    unsigned char *bytes;
    size_t size, line = 1;
    if (sl_file_read_gz(c->ctx, strcmp(source, "-") == 0 ? "/dev/stdin" : source, &bytes, &size))
        return c->ctx->status;
    const char *at = (const char *)bytes, *end = at + size;
    at += size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (; at < end && !c->ctx->status; line++) {
        const char *next = memchr(at, '\n', (size_t)(end - at)), *stop = next ? next : end;
        /* fastText's labels are no words */
        while ((size_t)(stop - at) > sizeof label && memcmp(at, label, sizeof label - 1) == 0) {
            while (at < stop && *at != ' ' && *at != '\t')
                at++;
            while (at < stop && (*at == ' ' || *at == '\t'))
                at++;
        }
        corpus_line(c, source, line, at, (size_t)(stop - at));
        at = next ? next + 1 : end;
    }
    sl_free(c->ctx, bytes);
    return c->ctx->status;
}

sl_status sl_corpus_read(sl_corpus *c, const char *source)
{
    return corpus_is_data(source) ? corpus_data(c, source) : corpus_lines(c, source);
}

/* --- the words that stay -------------------------------------------------------------------------------- */

typedef struct {
    uint64_t times;
    size_t code;
} corpus_rank;

static int corpus_by_times(const void *a, const void *b)
{
    const corpus_rank *x = a, *y = b;
    return x->times != y->times ? (x->times < y->times) - (x->times > y->times)
                                : (x->code > y->code) - (x->code < y->code);
}

sl_status sl_corpus_rank(sl_corpus *c, uint64_t least)
{
    const size_t all = c->words.count;
    corpus_rank *rank = sl_alloc_array(c->ctx, all, sizeof *rank);
    int *became = sl_alloc_array(c->ctx, all, sizeof *became);
    uint64_t *times = sl_alloc_array(c->ctx, all, sizeof *times);
    sl_dictionary words;
    sl_dictionary_init(&words, c->ctx);
    for (size_t i = 0; i < all && !c->ctx->status; i++) {
        rank[i] = (corpus_rank){ c->times[i], i };
        became[i] = -2; /* goes */
    }
    if (!c->ctx->status && all)
        sl_sort(rank, all, sizeof *rank, corpus_by_times);
    for (size_t i = 0; i < all && !c->ctx->status && rank[i].times >= least; i++) {
        const size_t code = rank[i].code;
        times[i] = rank[i].times;
        became[code] = (int)i;
        sl_dictionary_add(&words, sl_dictionary_word(&c->words, code), sl_dictionary_length(&c->words, code));
    }
    if (!c->ctx->status && words.count < 2)
        sl_fail(
            c->ctx, SL_EINVAL,
            "%zu of the %zu words of %zu texts occur %llu times or more: two at least are wanted; give more "
            "text, or a smaller --least",
            words.count, all, c->texts, (unsigned long long)least);
    if (!c->ctx->status) {
        size_t kept = 0;
        for (size_t i = 0; i < c->count; i++) {
            const int id = c->id[i] < 0 ? c->id[i] : became[c->id[i]];
            if (id != -2)
                c->id[kept++] = id;
        }
        c->count = kept;
        sl_dictionary_free(&c->words);
        sl_free(c->ctx, c->times);
        c->words = words;
        c->times = times;
        c->times_room = all;
    } else {
        sl_dictionary_free(&words);
        sl_free(c->ctx, times);
    }
    sl_free(c->ctx, rank);
    sl_free(c->ctx, became);
    return c->ctx->status;
}
