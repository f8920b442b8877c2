/* json.c - see json.h. Recursive descent; the depth limit keeps the stack small. */
#include "core/json.h"
#include "core/number.h"

#include <stdio.h>
#include <string.h>

enum {
    JSON_DEPTH = 64,
    JSON_SLAB = 32 /* nodes are taken from the arena so many at a time */
};

typedef struct {
    sl_arena *arena;
    const char *name;
    const char *start, *at, *end;
    char *strings; /* where the next decoded text goes: one block that holds all of them, as no text with its
                      closing 0 is longer than its source with quotes or what must follow a number */
    sl_json *slab;
    size_t slab_left;
    int depth;
    sl_json_misfit *misfit;
} json_reader;

/* --- errors ----------------------------------------------------------------------------------------- */

/* "'x'", "byte 0x07", "the end": what stands at a place. */
static const char *json_found(char out[32], const char *at, const char *end)
{
    if (at == end)
        return "the end";
    const unsigned char c = (unsigned char)*at;
    const size_t length = c < 0x20 || c == 0x7f ? 0 : sl_utf8_length(at, (size_t)(end - at));
    if (length)
        snprintf(out, 32, "'%.*s'", (int)length, at);
    else
        snprintf(out, 32, "byte 0x%02x", c);
    return out;
}

/* Keeps "NAME line L column C: SENTENCE". */
static void json_fail(const json_reader *r, const char *at, const char *sentence)
{
    size_t line = 1, column = 1;
    for (const char *p = r->start; p < at; p++) {
        if (*p == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*p & 0xc0) != 0x80) { /* a character's first byte */
            column++;
        }
    }
    sl_fail(r->arena->ctx, SL_EFORMAT, "%s line %zu column %zu: %s", r->name, line, column, sentence);
}

static void json_wants(const json_reader *r, const char *at, const char *what)
{
    char sentence[160], found[32];
    snprintf(sentence, sizeof sentence, "wants %s, found %s", what, json_found(found, at, r->end));
    json_fail(r, at, sentence);
}

/* --- texts ------------------------------------------------------------------------------------------ */

static char *json_put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

/* Four hex digits behind \u. */
static bool json_hex(json_reader *r, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = r->at < r->end && *r->at ? strchr(digits, *r->at) : NULL;
        if (!digit) {
            json_wants(r, r->at, "four hex digits behind \\u");
            return false;
        }
        *value = *value << 4 | (uint32_t)((digit - digits) & 15);
    }
    return true;
}

/* What follows a backslash. */
static bool json_escape(json_reader *r)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *place = r->at - 1;
    const char *name = r->at < r->end && *r->at ? strchr(names, *r->at) : NULL;
    if (name) {
        *r->strings++ = values[name - names];
        r->at++;
        return true;
    }
    if (r->at == r->end || *r->at != 'u') {
        json_wants(r, r->at, "one of \" \\ / b f n r t u behind a backslash");
        return false;
    }
    r->at++;
    uint32_t c, low = 0;
    if (!json_hex(r, &c))
        return false;
    if (c >= 0xd800 && c < 0xe000) { /* a surrogate: half of a character, its other half must follow */
        if (c < 0xdc00 && r->end - r->at >= 2 && r->at[0] == '\\' && r->at[1] == 'u') {
            r->at += 2;
            if (!json_hex(r, &low))
                return false;
        }
        if (low < 0xdc00 || low >= 0xe000) {
            json_wants(r, place, "surrogates in pairs, \\ud800 to \\udbff then \\udc00 to \\udfff");
            return false;
        }
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    r->strings = json_put_utf8(r->strings, c);
    return true;
}

/* A string, its opening quote at r->at. */
static bool json_read_string(json_reader *r, const char **text, size_t *length)
{
    char *begin = r->strings;
    const char *opening = r->at++;
    for (;;) {
        if (r->at == r->end) {
            json_fail(r, opening, "this string is never closed");
            return false;
        }
        const char c = *r->at;
        if (c == '"')
            break;
        if (c == '\\') {
            r->at++;
            if (!json_escape(r))
                return false;
            continue;
        }
        const size_t bytes = (unsigned char)c < 0x20 ? 0 : sl_utf8_length(r->at, (size_t)(r->end - r->at));
        if (!bytes) {
            json_wants(r, r->at,
                       (unsigned char)c < 0x20 ? "control characters in strings written as \\u00XX"
                                               : "UTF-8");
            return false;
        }
        memcpy(r->strings, r->at, bytes);
        r->strings += bytes;
        r->at += bytes;
    }
    r->at++;
    *text = begin;
    *length = (size_t)(r->strings - begin);
    *r->strings++ = 0;
    return true;
}

/* --- values ----------------------------------------------------------------------------------------- */

static bool json_is_digit(const json_reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool json_digits(json_reader *r, const char *what)
{
    if (!json_is_digit(r)) {
        json_wants(r, r->at, what);
        return false;
    }
    while (json_is_digit(r))
        r->at++;
    return true;
}

/* JSON's numbers are stricter than sl_number_scan's: no +, no 01, no .5, no 5. */
static bool json_read_number(json_reader *r, sl_json *value)
{
    const char *begin = r->at;
    r->at += *r->at == '-';
    if (r->at < r->end && *r->at == '0')
        r->at++;
    else if (!json_digits(r, "a digit behind '-'"))
        return false;
    if (json_is_digit(r)) {
        json_wants(r, begin, "a number without zeros before it");
        return false;
    }
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!json_digits(r, "a digit behind the decimal point"))
            return false;
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        r->at++;
        r->at += r->at < r->end && (*r->at == '+' || *r->at == '-');
        if (!json_digits(r, "a digit in the exponent"))
            return false;
    }
    value->kind = SL_JSON_NUMBER;
    value->length = (size_t)(r->at - begin);
    value->text = memcpy(r->strings, begin, value->length);
    r->strings += value->length;
    *r->strings++ = 0;
    size_t used;
    return sl_number_scan(begin, value->length, &used, &value->number);
}

static void json_space(json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

/* Jumps over `c` and the space behind it, if it is next. */
static bool json_skip(json_reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    json_space(r);
    return true;
}

static sl_json *json_node(json_reader *r)
{
    if (!r->slab_left) {
        r->slab = sl_arena_take(r->arena, JSON_SLAB * sizeof *r->slab);
        if (!r->slab)
            return NULL;
        r->slab_left = JSON_SLAB;
    }
    r->slab_left--;
    sl_json *node = r->slab++;
    *node = (sl_json){ .kind = SL_JSON_NULL };
    return node;
}

static sl_json *json_read_value(json_reader *r);

/* As it is written: that shows no control characters. */
static void json_name_twice(const json_reader *r, const char *at)
{
    char sentence[160];
    size_t length = (size_t)(r->at - at);
    if (length > 100)
        for (length = 100; ((unsigned char)at[length] & 0xc0) == 0x80;)
            length--;
    snprintf(sentence, sizeof sentence, "the name %.*s is given twice", (int)length, at);
    json_fail(r, at, sentence);
}

/* The name and colon before a member's value. */
static bool json_read_name(json_reader *r, const sl_json *object, const char **key, size_t *length)
{
    const char *place = r->at;
    if (r->at == r->end || *r->at != '"') {
        json_wants(r, r->at, "a name in double quotes");
        return false;
    }
    if (!json_read_string(r, key, length))
        return false;
    if (sl_json_find(object, *key, *length)) {
        json_name_twice(r, place);
        return false;
    }
    json_space(r);
    if (!json_skip(r, ':')) {
        json_wants(r, r->at, "':' behind the name");
        return false;
    }
    return true;
}

/* An array or object, its opening bracket at r->at. */
static bool json_read_many(json_reader *r, sl_json *value)
{
    const bool object = *r->at == '{';
    const char close = object ? '}' : ']';
    value->kind = object ? SL_JSON_OBJECT : SL_JSON_ARRAY;
    value->misfit = object ? r->misfit : NULL;
    if (r->depth == JSON_DEPTH) {
        json_wants(r, r->at, "at most 64 levels of brackets");
        return false;
    }
    r->depth++;
    json_skip(r, *r->at);
    sl_json *last = NULL;
    for (bool more = r->at == r->end || *r->at != close; more; more = json_skip(r, ',')) {
        const char *key = NULL;
        size_t key_length = 0;
        if (object && !json_read_name(r, value, &key, &key_length))
            return false;
        sl_json *element = json_read_value(r);
        if (!element)
            return false;
        element->key = key;
        element->key_length = key_length;
        if (last)
            last->next = element;
        else
            value->first = element;
        last = element;
        if (!object)
            value->count++;
        else if (!sl_json_enter(r->arena, value, element))
            return false;
    }
    if (r->at == r->end || *r->at != close) {
        json_wants(r, r->at, object ? "',' or '}' behind a member" : "',' or ']' behind an element");
        return false;
    }
    r->at++;
    r->depth--;
    return true;
}

static bool json_read_word(json_reader *r, sl_json *value)
{
    static const struct {
        const char *word;
        sl_json_kind kind;
        bool truth;
    } words[] = { { "null", SL_JSON_NULL, false },
                  { "true", SL_JSON_BOOL, true },
                  { "false", SL_JSON_BOOL, false } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i].word);
        if ((size_t)(r->end - r->at) >= length && !memcmp(r->at, words[i].word, length)) {
            value->kind = words[i].kind;
            value->truth = words[i].truth;
            r->at += length;
            return true;
        }
    }
    json_wants(r, r->at, "a value (a string, number, object, array, true, false or null)");
    return false;
}

/* A value and the space behind it. */
static sl_json *json_read_value(json_reader *r)
{
    sl_json *value = json_node(r);
    if (!value)
        return NULL;
    const char c = r->at < r->end ? *r->at : 0;
    bool good;
    if (c == '"') {
        value->kind = SL_JSON_STRING;
        good = json_read_string(r, &value->text, &value->length);
    } else if (c == '{' || c == '[') {
        good = json_read_many(r, value);
    } else if (c == '-' || json_is_digit(r)) {
        good = json_read_number(r, value);
    } else {
        good = json_read_word(r, value);
    }
    json_space(r);
    return good ? value : NULL;
}

const sl_json *sl_json_read(sl_arena *arena, const char *name, const char *bytes, size_t length)
{
    if (length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) {
        bytes += 3;
        length -= 3;
    }
    json_reader r = { .arena = arena, .name = name, .start = bytes, .at = bytes, .end = bytes + length };
    r.strings = sl_arena_take(arena, length + 1);
    r.misfit = sl_arena_take(arena, sizeof *r.misfit);
    if (!r.strings || !r.misfit)
        return NULL;
    *r.misfit = (sl_json_misfit){ 0 };
    json_space(&r);
    const sl_json *value = json_read_value(&r);
    if (value && r.at != r.end) {
        json_wants(&r, r.at, "nothing more behind the value");
        return NULL;
    }
    return value;
}
