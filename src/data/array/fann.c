/* fann.c - see fann.h */
#include "data/array/fann.h"
#include "core/number.h"
#include "data/table/problems.h"

#include <string.h>

typedef struct {
    const char *at, *end, *line_start;
    uint32_t line;
} fann_place;

typedef struct {
    sl_numbers *n;
    fann_place place;
    sl_problems problems;
    size_t wanted, count; /* numbers behind the header */
    /* The first line that does not hold a row's inputs, or its outputs: where numbers are missing, most
     * likely there. */
    uint32_t odd_line;
    size_t odd_found, odd_wanted;
    size_t lines, in_line; /* lines with numbers, and numbers in this one */
} fann_reader;

static bool fann_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* The next word; false: there is none. */
static bool fann_word(fann_place *p, const char **word, size_t *length)
{
    while (p->at < p->end && fann_blank(*p->at)) {
        if (*p->at == '\n') {
            p->line++;
            p->line_start = p->at + 1;
        }
        p->at++;
    }
    *word = p->at;
    while (p->at < p->end && !fann_blank(*p->at))
        p->at++;
    *length = (size_t)(p->at - *word);
    return *length > 0;
}

static bool fann_whole(const char *word, size_t length, uint64_t *value)
{
    char text[24];
    if (length >= sizeof text)
        return false;
    memcpy(text, word, length);
    text[length] = 0;
    return sl_integer_parse(text, value);
}

bool sl_fann_begins(const char *text, size_t size)
{
    fann_place p = { .at = text, .end = text + size, .line_start = text, .line = 1 };
    const char *word;
    size_t length;
    uint64_t value;
    for (int i = 0; i < 3; i++)
        if (!fann_word(&p, &word, &length) || !fann_whole(word, length, &value) || p.line != 1)
            return false;
    if (!fann_word(&p, &word, &length))
        return true;
    return p.line > 1 && strchr("+-.0123456789", *word) != NULL;
}

/* --- the header --------------------------------------------------------------------------------------- */

static sl_status fann_head(fann_reader *r, size_t size)
{
    static const char *const names[] = { "rows", "inputs", "outputs" };
    sl_numbers *n = r->n;
    uint64_t counts[3];
    const char *word;
    size_t length;
    for (int i = 0; i < 3; i++) {
        if (!fann_word(&r->place, &word, &length))
            return sl_fail(n->ctx, SL_EFORMAT,
                           "%s: wants how many rows, inputs and outputs there are first, and ends before",
                           n->source);
        if (!fann_whole(word, length, &counts[i]))
            return sl_fail(n->ctx, SL_EFORMAT,
                           "%s, line %u, column %zu: '%.*s' is no whole number: wants how many %s there are",
                           n->source, r->place.line, (size_t)(word - r->place.line_start) + 1,
                           (int)(length < 40 ? length : 40), word, names[i]);
        if (i < 2 && !counts[i])
            return sl_fail(n->ctx, SL_EFORMAT, "%s: says that it has 0 %s: there is nothing to learn from",
                           n->source, names[i]);
    }
    const uint64_t most = size / 2; /* a number and what separates it take two bytes */
    if (counts[1] > most || counts[2] > most || counts[0] > most / (counts[1] + counts[2]))
        return sl_fail(n->ctx, SL_EFORMAT,
                       "%s: says %llu rows of %llu inputs and %llu outputs, and its %zu bytes cannot hold as "
                       "many numbers: the header is wrong, or the file is cut short",
                       n->source, (unsigned long long)counts[0], (unsigned long long)counts[1],
                       (unsigned long long)counts[2], size);
    n->rows = (size_t)counts[0];
    n->inputs = (size_t)counts[1];
    n->outputs = (size_t)counts[2];
    r->wanted = n->rows * (n->inputs + n->outputs);
    return SL_OK;
}

/* --- the numbers -------------------------------------------------------------------------------------- */

/* Lines hold inputs and outputs in turn, when they are written as FANN does, or both. */
static void fann_line(fann_reader *r, uint32_t line)
{
    const sl_numbers *n = r->n;
    const size_t width = n->inputs + n->outputs;
    if (!r->in_line)
        return;
    const size_t wanted = r->lines % 2 && n->outputs ? n->outputs : n->inputs;
    if (!r->odd_line && r->count - r->in_line < r->wanted && r->in_line != wanted && r->in_line != width) {
        r->odd_line = line;
        r->odd_found = r->in_line;
        r->odd_wanted = wanted;
    }
    r->lines += r->in_line == width && n->outputs ? 2 : 1;
    r->in_line = 0;
}

static void fann_number(fann_reader *r, const char *word, size_t length)
{
    size_t used = 0;
    double value = 0;
    const uint32_t column = (uint32_t)(word - r->place.line_start) + 1;
    const int shown = (int)(length < 40 ? length : 40);
    const bool number = sl_number_scan(word, length, &used, &value) && used == length;
    if (!number)
        sl_problems_add(&r->problems, r->place.line, column, "'%.*s' is no number%s", shown, word,
                        used && used < length && word[used] == ',' ? ": wants a decimal point, no comma"
                                                                   : "");
    else if (value - value != 0)
        sl_problems_add(&r->problems, r->place.line, column,
                        "'%.*s' is too large: a net cannot count with it", shown, word);
    if (r->count < r->wanted)
        r->n->values[r->count] = value;
    r->count++;
    r->in_line++;
}

static sl_status fann_count(const fann_reader *r, const fann_place *extra)
{
    const sl_numbers *n = r->n;
    sl_text text;
    if (r->count == r->wanted)
        return SL_OK;
    sl_text_init(&text, n->ctx);
    if (r->odd_line)
        sl_text_add(&text, ": line %u has %zu, where %zu were to be expected", r->odd_line, r->odd_found,
                    r->odd_wanted);
    else if (extra->line)
        sl_text_add(&text, ": from line %u, column %zu on they are too many", extra->line,
                    (size_t)(extra->at - extra->line_start) + 1);
    else
        sl_text_add(&text, ": it ends in line %u", r->place.line);
    sl_fail(n->ctx, SL_EFORMAT,
            "%s: has %zu numbers behind the header, which says %zu rows of %zu inputs and %zu outputs, %zu "
            "numbers%s",
            n->source, r->count, n->rows, n->inputs, n->outputs, r->wanted, sl_text_string(&text));
    sl_text_free(&text);
    return n->ctx->status;
}

sl_status sl_fann_read(sl_numbers *n, const char *text, size_t size)
{
    fann_reader r = { .n = n, .place = { .at = text, .end = text + size, .line_start = text, .line = 1 } };
    fann_place extra = { .line = 0 };
    const char *word;
    size_t length;
    uint32_t line = 0;
    if (fann_head(&r, size))
        return n->ctx->status;
    n->values = sl_alloc_array(n->ctx, r.wanted, sizeof *n->values);
    if (!n->values)
        return n->ctx->status;
    sl_problems_init(&r.problems, n->ctx, n->source);
    while (fann_word(&r.place, &word, &length)) {
        if (r.place.line != line)
            fann_line(&r, line);
        line = r.place.line;
        if (r.count == r.wanted) {
            extra = r.place;
            extra.at = word;
        }
        fann_number(&r, word, length);
    }
    fann_line(&r, line);
    if (r.problems.count)
        sl_problems_fail(&r.problems);
    else
        fann_count(&r, &extra);
    sl_problems_free(&r.problems);
    return n->ctx->status;
}
