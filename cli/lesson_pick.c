/* lesson_pick.c - see lesson_pick.h */
#include "lesson_pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slope.h"

static const char pick_blanks[] = " \t\r\n";

static bool pick_add(cli_picked *to, double value)
{
    if (to->count == to->room) {
        const size_t room = to->room ? to->room * 2 : 64;
        double *more = realloc(to->values, room * sizeof *more);
        if (!more)
            return false;
        to->values = more;
        to->room = room;
    }
    to->values[to->count++] = value;
    return true;
}

/* A number that ends before a comma, bracket or blank. NULL: none; else what follows it. */
static const char *pick_number(const char *at, double *value)
{
    char word[64];
    const size_t length = strcspn(at, " \t\r\n,;:]}[{\"");
    if (!length || length >= sizeof word)
        return NULL;
    memcpy(word, at, length);
    word[length] = 0;
    return sl_number_parse(word, value) && *value - *value == 0 ? at + length : NULL;
}

/* --- JSON: of slope's own commands, so it is well formed; what is not ends the search ------------------ */

static const char *pick_string_end(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        at += *at == '\\' && at[1];
    return *at ? at + 1 : NULL;
}

/* Behind the value at `at`. NULL: it does not end. */
static const char *pick_skip(const char *at)
{
    int depth = 0;
    at += strspn(at, pick_blanks);
    do {
        if (*at == '"') {
            at = pick_string_end(at);
            if (!at)
                return NULL;
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            depth--;
            at++;
        } else if (*at) {
            at += depth ? 1 : strcspn(at, ",]} \t\r\n");
        }
    } while (depth > 0 && *at);
    return depth ? NULL : at;
}

/* The next element of the list or object at *at (first: its bracket); NULL: no more. */
static const char *pick_next(const char *at, bool first)
{
    if (!first)
        at = pick_skip(at);
    if (!at)
        return NULL;
    at += first;
    at += strspn(at, pick_blanks);
    at += !first && *at == ',';
    at += strspn(at, pick_blanks);
    return *at && *at != ']' && *at != '}' ? at : NULL;
}

static const char *pick_member(const char *object, const char *key, size_t length)
{
    for (const char *at = pick_next(object, true); at && *at == '"'; at = pick_next(at, false)) {
        const char *end = pick_string_end(at);
        if (!end)
            return NULL;
        const bool found = (size_t)(end - at) == length + 2 && strncmp(at + 1, key, length) == 0;
        at = end + strspn(end, pick_blanks);
        if (*at++ != ':')
            return NULL;
        at += strspn(at, pick_blanks);
        if (found)
            return at;
    }
    return NULL;
}

/* The number or text at `at`, or all numbers of the list there. */
static bool pick_leaf(const char *at, cli_picked *to)
{
    double value;
    const char *end = pick_skip(at);
    if (!end)
        return false;
    if (*at == '"') {
        const size_t length = (size_t)(end - at) - 2;
        if (length >= sizeof to->word)
            return false;
        memcpy(to->word, at + 1, length);
        to->word[length] = 0;
        return true;
    }
    if (*at != '[')
        return pick_number(at, &value) && pick_add(to, value);
    while (at < end) {
        at += strspn(at, " \t\r\n,[]");
        if (at < end && !((at = pick_number(at, &value)) && pick_add(to, value)))
            return false;
    }
    return true;
}

/* "1-3": both from 0. false: not a place. */
static bool pick_range(const char *path, size_t length, size_t *first, size_t *last)
{
    char word[24];
    if (!length || length >= sizeof word || strspn(path, "0123456789-") < length)
        return false;
    memcpy(word, path, length);
    word[length] = 0;
    char *dash = strchr(word, '-');
    if (dash)
        *dash = 0;
    if (!*word || (dash && (!dash[1] || strchr(dash + 1, '-'))))
        return false;
    *first = (size_t)strtoull(word, NULL, 10);
    *last = dash ? (size_t)strtoull(dash + 1, NULL, 10) : *first;
    return *first <= *last;
}

static bool pick_json(const char *at, const char *path, size_t length, cli_picked *to)
{
    const char *dot = memchr(path, '.', length);
    const size_t part = dot ? (size_t)(dot - path) : length, rest = dot ? length - part - 1 : 0;
    size_t first, last, place = 0;
    if (!length)
        return pick_leaf(at, to);
    if (*at == '{') {
        at = pick_member(at, path, part);
        return at && pick_json(at, path + part + (dot != NULL), rest, to);
    }
    if (*at != '[' || !pick_range(path, part, &first, &last))
        return false;
    for (const char *e = pick_next(at, true); e && place <= last; e = pick_next(e, false), place++)
        if (place >= first && !pick_json(e, path + part + (dot != NULL), rest, to))
            return false;
    return place > last;
}

/* --- CSV -------------------------------------------------------------------------------------------- */

/* Field number `field` of the line at `at`. NULL: it has none such. */
static const char *pick_field(const char *at, size_t field, size_t *length)
{
    for (;; field--) {
        const bool quoted = *at == '"';
        const char *end = quoted ? strchr(at + 1, '"') : at + strcspn(at, ",\r\n");
        if (!end)
            return NULL;
        *length = (size_t)(end - at) - quoted;
        if (!field)
            return at + quoted;
        at = end + quoted;
        if (*at++ != ',')
            return NULL;
    }
}

static bool pick_csv(const char *text, const char *path, size_t length, cli_picked *to)
{
    size_t first = 0, last = (size_t)-1, part = length, column = 0, size, row = 0;
    for (size_t i = 0; i < length; i++)
        if (path[i] == '.' && pick_range(path + i + 1, length - i - 1, &first, &last)) {
            part = i;
            break;
        }
    const char *name;
    while ((name = pick_field(text, column, &size)) && (size != part || strncmp(name, path, part) != 0))
        column++;
    if (!name)
        return false;
    for (text += strcspn(text, "\n"); *text && text[1] && row <= last; text += strcspn(text, "\n"), row++) {
        const char *field = pick_field(++text, column, &size);
        double value;
        if (row < first)
            continue;
        if (!field || !pick_number(field, &value) || !pick_add(to, value))
            return false;
    }
    return row > (last == (size_t)-1 ? 0 : last);
}

bool cli_lesson_pick(const char *output, const char *path, cli_picked *to, char why[PICK_WHY])
{
    const char *at = output + strspn(output, pick_blanks);
    for (path += strspn(path, " "); *path; path += strspn(path, " ")) {
        const size_t length = strcspn(path, " ");
        if (!(*at == '{' || *at == '[' ? pick_json(at, path, length, to) : pick_csv(at, path, length, to))) {
            snprintf(why, PICK_WHY, "nothing stands at %.*s of what it prints",
                     (int)(length < 80 ? length : 80), path);
            return false;
        }
        path += length;
    }
    return true;
}

/* --- numbers that someone wrote --------------------------------------------------------------------- */

typedef struct {
    size_t rows, columns, in_row;
    bool ragged;
} pick_table;

static void pick_row_ends(pick_table *table)
{
    if (!table->in_row)
        return;
    table->ragged = table->ragged || (table->rows && table->columns != table->in_row);
    table->columns = table->in_row;
    table->rows++;
    table->in_row = 0;
}

static bool pick_refused(const char *text, const char *at, char why[PICK_WHY])
{
    size_t line = 1, length = strcspn(at, " \t\r\n,");
    for (const char *c = text; c < at; c++)
        line += *c == '\n';
    snprintf(why, PICK_WHY, "line %zu: '%.*s' is no number", line, (int)(length < 40 ? length : 40), at);
    for (char *c = why; *c; c++)
        if ((unsigned char)*c < 32 || *c == 127)
            *c = '?';
    return false;
}

bool cli_lesson_numbers(const char *text, size_t most, cli_picked *to, int *rows, int *columns,
                        char why[PICK_WHY])
{
    pick_table table = { 0 };
    const char *at = text + (strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    const bool json = at[strspn(at, pick_blanks)] == '{' || at[strspn(at, pick_blanks)] == '[';
    double value;
    if (!json && *at && !pick_number(at + strspn(at, pick_blanks), &value)) { /* a row of names */
        const char *second = at + strcspn(at, "\n");
        if (!*second || strcspn(at, ",;\t") > (size_t)(second - at)) /* of one column: a word alone */
            at = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_\r") ==
                             (size_t)(second - at) &&
                         *second
                     ? second
                     : at;
        else
            at = second;
    }
    while (*at) {
        const char *separators = json ? " \t\r\n,:" : " \t\r,;", *next;
        at += strspn(at, separators);
        if (!*at)
            break;
        if (*at == '\n' || (json && strchr("[]{}", *at))) {
            pick_row_ends(&table);
            at++;
        } else if (json && *at == '"') { /* a name: a colon has to follow */
            next = pick_string_end(at);
            if (!next || next[strspn(next, pick_blanks)] != ':')
                return pick_refused(text, at, why);
            at = next;
        } else if ((next = pick_number(at, &value))) {
            if (to->count >= most || !pick_add(to, value)) {
                snprintf(why, PICK_WHY, "more than %zu numbers", most);
                return false;
            }
            table.in_row++;
            at = next;
        } else {
            return pick_refused(text, at, why);
        }
    }
    pick_row_ends(&table);
    const bool shaped = !table.ragged && table.rows <= most && table.columns <= most;
    *rows = shaped ? (int)table.rows : 0;
    *columns = shaped ? (int)table.columns : 0;
    return true;
}
