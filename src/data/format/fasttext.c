/* fasttext.c - the text format of fastText: a line a text, which begins with __label__NAME. */
#include "data/format.h"
#include "data/table/lines.h"

#include <string.h>

#define FASTTEXT_MARK "__label__"
enum { FASTTEXT_MARK_LENGTH = sizeof FASTTEXT_MARK - 1 };

typedef struct {
    sl_ctx *ctx;
    sl_lines lines;
    sl_rows_names names;
    bool header, inputs; /* inputs: lines without a label are fine */
} fasttext_user;

static bool fasttext_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where a label begins: at the begin, or behind a blank; `end`: nowhere. */
static const char *fasttext_label(const char *text, const char *end)
{
    for (const char *at = text; (at = memchr(at, '_', (size_t)(end - at))); at++)
        if ((at == text || fasttext_blank(at[-1])) && end - at > FASTTEXT_MARK_LENGTH &&
            !memcmp(at, FASTTEXT_MARK, FASTTEXT_MARK_LENGTH))
            return at;
    return end;
}

static sl_status fasttext_line(fasttext_user *u, const char *text, size_t length, sl_text *to)
{
    const char *end = text + length, *label = text, *stop = text;
    while (label < end && fasttext_blank(*label))
        label++;
    if (label == end) { /* an empty line: passed over, and counted */
        sl_text_put(to, "\n");
        return SL_OK;
    }
    if (fasttext_label(label, end) == label) {
        label += FASTTEXT_MARK_LENGTH;
        stop = label;
        while (stop < end && !fasttext_blank(*stop))
            stop++;
        sl_row_field(to, label, (size_t)(stop - label));
    } else if (!u->inputs) {
        return sl_lines_fail(&u->lines, "it begins with '%.*s': __label__NAME is wanted before the text",
                             (int)(end - label < 20 ? end - label : 20), label);
    }
    const char *second = fasttext_label(stop, end);
    if (second != end && !u->inputs)
        return sl_lines_fail(&u->lines,
                             "it has a second label, '%.*s': one a text is what can be learned: keep one of "
                             "them, or write the line once for each",
                             (int)(end - second < 40 ? end - second : 40), second);
    sl_text_put(to, ",");
    while (stop < end && fasttext_blank(*stop))
        stop++;
    sl_row_field(to, stop, (size_t)(end - stop));
    sl_text_put(to, "\n");
    return SL_OK;
}

static sl_status fasttext_more(void *user, sl_text *to)
{
    fasttext_user *u = user;
    const char *text;
    size_t length;
    if (!u->header) {
        sl_rows_header(to, u->names, true);
        sl_text_put(to, "\n");
        u->header = true;
    } else if (sl_lines_next(&u->lines, &text, &length)) {
        fasttext_line(u, text, length, to);
    }
    return u->ctx->status;
}

static sl_status fasttext_rewind(void *user)
{
    fasttext_user *u = user;
    u->header = false;
    return sl_lines_rewind(&u->lines);
}

static sl_status fasttext_check(void *user)
{
    return sl_source_check(((fasttext_user *)user)->lines.from);
}

static void fasttext_free(void *user)
{
    fasttext_user *u = user;
    sl_lines_close(&u->lines);
    sl_free(u->ctx, u);
}

static sl_source *fasttext_rows(sl_ctx *ctx, sl_source *from, const sl_opening *how)
{
    static const sl_source_maker maker = { fasttext_more, fasttext_rewind, fasttext_check, fasttext_free,
                                           SL_LINES_RECORDS };
    fasttext_user *user = sl_alloc(ctx, sizeof *user);
    if (!user) {
        sl_source_close(from);
        return NULL;
    }
    user->ctx = ctx;
    user->names = sl_rows_named(how);
    user->inputs = how->inputs;
    sl_lines_open(&user->lines, ctx, from);
    return sl_source_made(ctx, sl_source_name(from), &maker, user);
}

static bool fasttext_begins(const char *bytes, size_t size)
{
    size_t at = size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < size && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    return size - at > FASTTEXT_MARK_LENGTH && !memcmp(bytes + at, FASTTEXT_MARK, FASTTEXT_MARK_LENGTH);
}

extern const sl_format sl_format_fasttext;
static bool fasttext_recognises(sl_ctx *ctx, const char *source)
{
    return sl_table_begins(ctx, source, &sl_format_fasttext);
}

const sl_format sl_format_fasttext = {
    .name = "fasttext",
    .summary = "fastText's lines (__label__NAME and a text; also .gz)",
    .recognises = fasttext_recognises,
    .has_part = sl_table_no_part,
    .open = sl_table_open,
    .begins = fasttext_begins,
    .rows = fasttext_rows,
    .texts = true,
    .labelled = true,
};
