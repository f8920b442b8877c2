/* asked.c - see asked.h */
#include "data/table/asked.h"
#include "core/text.h"

#include <string.h>

static const struct {
    const char *word;
    sl_asked means;
} asked_words[] = {
    { "number", { .type = SL_COLUMN_NUMBER, .order = -1 } },
    { "integer", { .type = SL_COLUMN_INTEGER, .order = -1 } },
    { "boolean", { .type = SL_COLUMN_BOOLEAN, .order = -1 } },
    { "category", { .type = SL_COLUMN_CATEGORY, .order = -1 } },
    { "date", { .type = SL_COLUMN_DATE, .order = -1 } },
    { "day_first", { .type = SL_COLUMN_DATE, .order = SL_DATE_DAY_FIRST } },
    { "month_first", { .type = SL_COLUMN_DATE, .order = SL_DATE_MONTH_FIRST } },
    { "text", { .type = SL_COLUMN_TEXT, .order = -1 } },
    { "identifier", { .type = SL_COLUMN_IDENTIFIER, .order = -1 } },
    { "ignore", { .type = -1, .order = -1, .ignore = true } },
};
enum { ASKED_WORDS = sizeof asked_words / sizeof asked_words[0], ASKED_TOGETHER = 16 };

typedef struct {
    sl_ctx *ctx;
    const char *source;
    const char *const *names;
    size_t count;
    sl_asked *asked;
    int groups; /* of columns encoded together, so far */
} asked_reader;

static bool asked_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next name of text[0..length), which ends at a comma outside of quotes; *used counts the comma too. */
static char *asked_name(sl_ctx *ctx, const char *text, size_t length, size_t *used)
{
    size_t i = 0;
    sl_text name;
    sl_text_init(&name, ctx);
    while (i < length && asked_blank(text[i]))
        i++;
    if (i < length && text[i] == '"') {
        for (i++; i < length && !(text[i] == '"' && !(i + 1 < length && text[i + 1] == '"')); i++) {
            i += text[i] == '"';
            sl_text_bytes(&name, text + i, 1);
        }
        i += i < length;
        while (i < length && text[i] != ',')
            i++;
    } else {
        const size_t first = i;
        while (i < length && text[i] != ',')
            i++;
        size_t end = i;
        while (end > first && asked_blank(text[end - 1]))
            end--;
        sl_text_bytes(&name, text + first, end - first);
    }
    *used = i + (i < length);
    char *copy = sl_strdup(ctx, sl_text_string(&name));
    sl_text_free(&name);
    return copy;
}

/* Where the '=' behind the names stands, outside of quotes; `length`: nowhere. */
static size_t asked_equals(const char *line, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted = quoted != (line[i] == '"');
        if (line[i] == '=' && !quoted)
            return i;
    }
    return length;
}

/* The word as a type, or as an encoding with its options. */
static sl_status asked_means(asked_reader *r, const char *words, sl_asked *means)
{
    sl_ctx *ctx = r->ctx;
    const char *list[ASKED_WORDS + 64];
    size_t count = 0;
    for (; count < ASKED_WORDS; count++) {
        if (!strcmp(words, asked_words[count].word)) {
            *means = asked_words[count].means;
            return SL_OK;
        }
        list[count] = asked_words[count].word;
    }
    const size_t length = sl_option_name_length(words);
    const sl_encoding *kind = NULL;
    for (size_t i = 0; sl_encoding_at(i) && count < sizeof list / sizeof list[0] - 1; i++) {
        const sl_encoding *each = sl_encoding_at(i);
        if (each->hidden)
            continue;
        if (strlen(each->name) == length && !strncmp(words, each->name, length))
            kind = each;
        bool there = false; /* date and boolean are both */
        for (size_t w = 0; w < ASKED_WORDS; w++)
            there = there || !strcmp(asked_words[w].word, each->name);
        if (!there)
            list[count++] = each->name;
    }
    list[count] = NULL;
    double values[SL_MOST_OPTIONS];
    if (!kind)
        sl_fail_word(ctx, "word", words, list, count);
    else
        sl_encoding_find(ctx, words, values);
    *means = (sl_asked){ .type = -1, .order = -1, .how = kind };
    return ctx->status;
}

static sl_status asked_one(asked_reader *r, const char *name, const char *words, const sl_asked *means)
{
    size_t at = 0;
    while (at < r->count && strcmp(r->names[at], name) != 0)
        at++;
    if (at == r->count) {
        sl_fail_word(r->ctx, "column", name, r->names, r->count);
        sl_fail_at(r->ctx, "--column");
        sl_fail_at(r->ctx, r->source);
        return SL_EINVAL;
    }
    if (r->asked[at].given)
        return sl_fail(r->ctx, SL_EINVAL, "%s: --column: %s is asked for twice: leave one out", r->source,
                       name);
    r->asked[at] = *means;
    r->asked[at].given = true;
    if (means->how)
        r->asked[at].encoding = sl_strdup(r->ctx, words);
    return r->ctx->status;
}

static sl_status asked_line(asked_reader *r, const char *line, size_t length)
{
    sl_ctx *ctx = r->ctx;
    const size_t equals = asked_equals(line, length);
    if (equals == length || !equals)
        return sl_fail(ctx, SL_EINVAL, "%s: --column: wants NAME=WORD, such as city=category, given '%.*s'",
                       r->source, (int)(length < 100 ? length : 100), line);
    size_t from = equals + 1, end = length;
    while (from < end && asked_blank(line[from]))
        from++;
    while (end > from && asked_blank(line[end - 1]))
        end--;
    char *words = sl_strndup(ctx, line + from, end - from);
    sl_asked means;
    if (!words || asked_means(r, words, &means)) {
        sl_free(ctx, words);
        sl_fail_at(ctx, "--column");
        sl_fail_at(ctx, r->source);
        return ctx->status;
    }
    int names = 0;
    for (size_t at = 0, used; at < equals; at += used, names++)
        sl_free(ctx, asked_name(ctx, line + at, equals - at, &used));
    if (names > 1 && means.how && (!means.how->together || names > ASKED_TOGETHER))
        sl_fail(ctx, SL_EINVAL, "%s: --column: %s takes %s, given %d: write a --column for each", r->source,
                means.how->name, means.how->together ? "at most 16 columns" : "one column", names);
    means.together = names > 1 && means.how ? ++r->groups : 0;
    for (size_t at = 0, used; at < equals && !ctx->status; at += used) {
        char *name = asked_name(ctx, line + at, equals - at, &used);
        if (name)
            asked_one(r, name, words, &means);
        sl_free(ctx, name);
    }
    sl_free(ctx, words);
    return ctx->status;
}

sl_status sl_asked_read(sl_ctx *ctx, const char *source, const char *lines, const char *const *names,
                        size_t count, sl_asked *asked)
{
    asked_reader r = { ctx, source, names, count, asked, 0 };
    for (size_t i = 0; i < count; i++)
        asked[i] = (sl_asked){ .type = -1, .order = -1 };
    while (lines && *lines && !ctx->status) {
        const size_t length = strcspn(lines, "\n");
        size_t blank = 0;
        while (blank < length && asked_blank(lines[blank]))
            blank++;
        if (blank < length)
            asked_line(&r, lines, length);
        lines += length + (lines[length] == '\n');
    }
    return ctx->status;
}

void sl_asked_free(sl_ctx *ctx, size_t count, sl_asked *asked)
{
    for (size_t i = 0; asked && i < count; i++)
        sl_free(ctx, asked[i].encoding);
    sl_free(ctx, asked);
}
