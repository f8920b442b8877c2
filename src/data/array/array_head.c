/* array_head.c - see array.h: what an array says of itself. */
#include "data/array/array.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_MAGIC = 6, HEAD_LETTERS = 1 << 16, HEAD_MOST = 1 << 20 };

bool sl_array_begins(const unsigned char *bytes, size_t size)
{
    static const unsigned char magic[HEAD_MAGIC] = { 0x93, 'N', 'U', 'M', 'P', 'Y' };
    return size >= HEAD_MAGIC && !memcmp(bytes, magic, HEAD_MAGIC);
}

static sl_status head_short(sl_ctx *ctx, const char *name, size_t total)
{
    return sl_fail(ctx, SL_EFORMAT, "%s: is cut short: its %zu bytes end inside the header: copy it again",
                   name, total);
}

sl_status sl_array_head_size(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                             size_t total, size_t *head)
{
    if (!sl_array_begins(bytes, size))
        return sl_fail(ctx, SL_EFORMAT, "%s: is no array of numpy: it does not begin with 93 NUMPY", name);
    if (size < HEAD_MAGIC + 4)
        return head_short(ctx, name, total);
    const unsigned char *b = bytes + HEAD_MAGIC;
    if (b[0] < 1 || b[0] > 3)
        return sl_fail(ctx, SL_EFORMAT, "%s: has format version %d.%d: versions 1, 2 and 3 can be read", name,
                       b[0], b[1]);
    if (b[0] > 1 && size < SL_ARRAY_START)
        return head_short(ctx, name, total);
    const size_t before = b[0] == 1 ? HEAD_MAGIC + 4 : HEAD_MAGIC + 6;
    size_t length = b[2] | (size_t)b[3] << 8;
    if (b[0] > 1)
        length |= (size_t)b[4] << 16 | (size_t)b[5] << 24;
    if (length > total - before)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: is cut short: the header says that it has %zu bytes, and %zu are there: copy it "
                       "again",
                       name, length, total - before);
    if (length > HEAD_MOST)
        return sl_fail(ctx, SL_EFORMAT, "%s: says that its header has %zu bytes: it is damaged", name,
                       length);
    *head = before + length;
    return SL_OK;
}

/* --- the dictionary ------------------------------------------------------------------------------- */

typedef struct {
    sl_ctx *ctx;
    const char *name;
    const char *at, *end;
    sl_array_head *head;
    bool has_type, has_order, has_shape;
} head_reader;

static char head_next(head_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
    return (char)(r->at < r->end ? *r->at : 0);
}

static sl_status head_damaged(const head_reader *r, const char *wants)
{
    char shown[24];
    size_t length = (size_t)(r->end - r->at);
    length = length < sizeof shown - 1 ? length : sizeof shown - 1;
    for (size_t i = 0; i < length; i++)
        shown[i] = (char)(r->at[i] >= 32 && r->at[i] < 127 ? r->at[i] : '?');
    shown[length] = 0;
    return sl_fail(r->ctx, SL_EFORMAT, "%s: the header is damaged: wants %s, found '%s'", r->name, wants,
                   shown);
}

static bool head_take(head_reader *r, char wanted)
{
    const bool there = head_next(r) == wanted;
    r->at += there;
    return there;
}

/* A quoted word, without escapes. */
static bool head_string(head_reader *r, const char **word, size_t *length)
{
    const char quote = head_next(r);
    if (quote != '\'' && quote != '"')
        return false;
    const char *from = r->at + 1, *to = from;
    while (to < r->end && *to != quote && *to != '\\' && *to != '\n')
        to++;
    if (to == r->end || *to != quote)
        return false;
    *word = from;
    *length = (size_t)(to - from);
    r->at = to + 1;
    return true;
}

static const char *head_what(char kind)
{
    switch (kind) {
    case 'c':
        return "complex numbers";
    case 'O':
        return "Python objects, which would have to be run to be read";
    case 'S':
    case 'a':
        return "texts in bytes";
    case 'V':
        return "records";
    case 'M':
    case 'm':
        return "dates or times";
    default:
        return "not known here";
    }
}

static sl_status head_type_refused(const head_reader *r, const char *word, int length, char kind)
{
    return sl_fail(r->ctx, SL_EFORMAT,
                   "%s: its values are '%.*s' (%s): wants numbers, f2 f4 f8, i1 to i8, u1 to u8 or b1: save "
                   "array.astype('float64'), or names of classes as array.astype(str)",
                   r->name, length, word, head_what(kind));
}

static sl_status head_type(head_reader *r)
{
    const char *word;
    size_t length, at = 0, number = 0;
    sl_array_head *h = r->head;
    if (head_next(r) == '[')
        return sl_fail(r->ctx, SL_EFORMAT,
                       "%s: is an array of records with named fields: wants one of numbers: save the fields "
                       "side by side, as numpy.lib.recfunctions.structured_to_unstructured gives them",
                       r->name);
    if (!head_string(r, &word, &length))
        return head_damaged(r, "the type of values in quotes");
    const int shown = (int)(length < 24 ? length : 24);
    const bool order = length && strchr("<>|=", word[0]);
    const char first = (char)(order ? word[0] : 0), kind = (char)(length > order ? word[order] : 0);
    for (at = (size_t)order + 1; at < length && word[at] >= '0' && word[at] <= '9' && number <= HEAD_LETTERS;)
        number = number * 10 + (size_t)(word[at++] - '0');
    const bool size = kind == 'f'                  ? number == 2 || number == 4 || number == 8
                      : kind == 'i' || kind == 'u' ? number == 1 || number == 2 || number == 4 || number == 8
                      : kind == 'b'                ? number == 1
                                                   : kind == 'U' && number >= 1 && number <= HEAD_LETTERS;
    if (!size || at != length || (number > 1 && first != '<' && first != '>') ||
        (kind == 'U' && first != '<' && first != '>'))
        return head_type_refused(r, word, shown, kind);
    h->kind = kind;
    h->size = kind == 'U' ? 4 * number : number;
    h->big = first == '>';
    return SL_OK;
}

static sl_status head_order(head_reader *r)
{
    const char c = head_next(r);
    const char *word = c == 'T' ? "True" : "False";
    if ((size_t)(r->end - r->at) < strlen(word) || memcmp(r->at, word, strlen(word)) != 0)
        return head_damaged(r, "True or False behind 'fortran_order'");
    r->at += strlen(word);
    r->head->fortran = c == 'T';
    return SL_OK;
}

static sl_status head_shape(head_reader *r)
{
    sl_array_head *h = r->head;
    if (!head_take(r, '('))
        return head_damaged(r, "the shape in brackets");
    while (!head_take(r, ')')) {
        size_t number = 0;
        const char c = head_next(r);
        if (c == '-')
            return head_damaged(r, "a shape of whole numbers, none of them negative");
        if (c < '0' || c > '9')
            return head_damaged(r, "a shape of whole numbers");
        for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
            if (number > (SIZE_MAX - 9) / 10)
                return head_damaged(r, "a shape of numbers that this machine can count");
            number = number * 10 + (size_t)(*r->at - '0');
        }
        if (r->at < r->end && *r->at == 'L') /* Python 2's long numbers */
            r->at++;
        if (h->rank == SL_ARRAY_DIMS)
            return head_damaged(r, "at most 32 dimensions");
        h->dim[h->rank++] = number;
        if (!head_take(r, ',') && head_next(r) != ')')
            return head_damaged(r, "a comma or ) behind a number of the shape");
    }
    return SL_OK;
}

static sl_status head_entry(head_reader *r)
{
    const char *key;
    size_t length;
    if (!head_string(r, &key, &length))
        return head_damaged(r, "'descr', 'fortran_order' or 'shape'");
    if (!head_take(r, ':'))
        return head_damaged(r, "a colon behind a key");
    bool *has = length == 5 && !memcmp(key, "descr", 5)             ? &r->has_type
                : length == 13 && !memcmp(key, "fortran_order", 13) ? &r->has_order
                : length == 5 && !memcmp(key, "shape", 5)           ? &r->has_shape
                                                                    : NULL;
    if (!has || *has) {
        r->at = key;
        return head_damaged(r, "each of 'descr', 'fortran_order', 'shape' once, and nothing else");
    }
    *has = true;
    return has == &r->has_type ? head_type(r) : has == &r->has_order ? head_order(r) : head_shape(r);
}

static sl_status head_dictionary(head_reader *r)
{
    if (!head_take(r, '{'))
        return head_damaged(r, "a dictionary in {}");
    while (!head_take(r, '}')) {
        if (head_entry(r))
            return r->ctx->status;
        if (!head_take(r, ',') && head_next(r) != '}')
            return head_damaged(r, "a comma or }");
    }
    if (head_next(r) || r->at != r->end)
        return head_damaged(r, "nothing behind }");
    return r->has_type && r->has_order && r->has_shape
               ? SL_OK
               : head_damaged(r, "'descr', 'fortran_order' and 'shape' before the end");
}

/* --- sizes ------------------------------------------------------------------------------------------ */

char *sl_array_text(char text[160], const sl_array_head *h)
{
    int at = snprintf(text, 160, "[");
    for (int i = 0; i < h->rank && at < 100; i++)
        at += snprintf(text + at, 160 - (size_t)at, i ? ", %zu" : "%zu", h->dim[i]);
    snprintf(text + at, 160 - (size_t)at, "] of %c%zu", h->kind, h->kind == 'U' ? h->size / 4 : h->size);
    return text;
}

/* Shape and size must agree to the byte. */
static sl_status head_check(const head_reader *r, size_t total)
{
    sl_array_head *h = r->head;
    char text[160];
    const size_t held = total - h->head;
    size_t wanted = h->size;
    sl_array_text(text, h);
    h->features = 1;
    for (int i = 0; i < h->rank; i++) {
        if (!h->dim[i])
            return sl_fail(r->ctx, SL_EFORMAT, "%s: is %s: there is nothing in it", r->name, text);
        if (h->dim[i] > SIZE_MAX / wanted)
            return sl_fail(r->ctx, SL_EFORMAT, "%s: says %s, more than can be handled: it is damaged",
                           r->name, text);
        wanted *= h->dim[i];
        h->features *= i ? h->dim[i] : 1;
    }
    if (!h->rank)
        return sl_fail(r->ctx, SL_EFORMAT, "%s: is a single value: wants an array with a row or more",
                       r->name);
    h->rows = h->dim[0];
    if (held < wanted)
        return sl_fail(r->ctx, SL_EFORMAT,
                       "%s: is cut short: %zu bytes behind the header, wants %zu (%s): copy it again",
                       r->name, held, wanted, text);
    if (held > wanted)
        return sl_fail(r->ctx, SL_EFORMAT,
                       "%s: has %zu bytes too many: %zu behind the header, wants %zu (%s): it is damaged",
                       r->name, held - wanted, held, wanted, text);
    return SL_OK;
}

sl_status sl_array_read_head(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t total,
                             sl_array_head *head)
{
    *head = (sl_array_head){ 0 };
    if (sl_array_head_size(ctx, name, bytes, total, total, &head->head))
        return ctx->status;
    const size_t before = bytes[HEAD_MAGIC] == 1 ? HEAD_MAGIC + 4 : HEAD_MAGIC + 6;
    const char *text = (const char *)bytes;
    head_reader r = { .ctx = ctx, .name = name, .at = text + before, .end = text + head->head, .head = head };
    return head_dictionary(&r) ? ctx->status : head_check(&r, total);
}
