/* decide.c - see decide.h: the type of one column. */
#include "data/table/decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    DECIDE_ROWS = 20,      /* fewer say nothing about identifiers */
    DECIDE_SENTENCE = 3,   /* gaps a value, on average: four words and more are a text */
    DECIDE_PHRASE = 2,     /* where nearly all differ, three words are */
    DECIDE_LONG = 9,       /* and ten also where many values are there again, */
    DECIDE_AGAIN = 10,     /* so often at most */
    DECIDE_OF_HUNDRED = 95 /* different values of a hundred: identifiers */
};

void sl_decide_reason(const sl_deciding *d, int column, const char *format, ...)
{
    char sentence[320];
    sl_column *c = &d->columns->column[column];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    sl_free(d->ctx, c->reason);
    c->reason = sl_strdup(d->ctx, sentence);
}

/* "all 20,640 values are WHAT" or "20,433 of 20,640 values are WHAT, 207 missing". */
static void decide_say(const sl_deciding *d, int column, const char *what)
{
    const sl_look *look = &d->look[column];
    char values[32], rows[32], missing[32];
    sl_count_text(values, sl_look_values(look));
    if (look->missing)
        sl_decide_reason(d, column, "%s of %s values are %s, %s missing", values,
                         sl_count_text(rows, d->rows), what, sl_count_text(missing, look->missing));
    else
        sl_decide_reason(d, column, "all %s values are %s", values, what);
}

static bool decide_ends(const char *name, const char *end)
{
    const size_t length = strlen(name), tail = strlen(end);
    return length > tail && !strcmp(name + length - tail, end);
}

/* Names that people give to columns that only tell rows apart. */
static bool decide_id_name(const char *name)
{
    static const char *const names[] = { "id",   "ID",    "Id",     "uuid",   "UUID",       "guid",
                                         "GUID", "key",   "Key",    "index",  "Index",      "row",
                                         "Row",  "rowid", "row_id", "rownum", "row_number", "unnamed" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(name, names[i]))
            return true;
    const size_t length = strlen(name);
    return decide_ends(name, "_id") || decide_ends(name, "_ID") || decide_ends(name, "_Id") ||
           decide_ends(name, " id") || decide_ends(name, " ID") || decide_ends(name, "-id") ||
           decide_ends(name, "_uuid") || decide_ends(name, "_key") ||
           (length > 2 && (decide_ends(name, "Id") || decide_ends(name, "ID")) && name[length - 3] >= 'a' &&
            name[length - 3] <= 'z');
}

static bool decide_all_numbers(const sl_look *look)
{
    return look->numbers && look->numbers == sl_look_values(look);
}

static bool decide_codes(const sl_look *look)
{
    return look->codes && look->whole == look->numbers && decide_all_numbers(look);
}

static bool decide_nearly_all(const sl_look *look)
{
    return sl_look_values(look) >= DECIDE_ROWS &&
           sl_look_distinct(look) >=
               sl_look_values(look) - sl_look_values(look) * (100 - DECIDE_OF_HUNDRED) / 100;
}

bool sl_decide_can(const sl_look *look, sl_column_type type)
{
    switch (type) {
    case SL_COLUMN_NUMBER:
        return decide_all_numbers(look);
    case SL_COLUMN_INTEGER:
        return decide_all_numbers(look) && look->whole == look->numbers;
    case SL_COLUMN_BOOLEAN:
        return sl_look_pair(look) >= 0 || sl_look_binary(look);
    case SL_COLUMN_CATEGORY:
        return sl_look_values(look) && !look->many && !look->seen.more &&
               sl_look_distinct(look) <= SL_LOOK_WORDS;
    case SL_COLUMN_DATE:
        return sl_look_order(look) >= 0;
    default:
        return true;
    }
}

void sl_decide_as(const sl_deciding *d, int column, sl_column_type type)
{
    sl_column *c = &d->columns->column[column];
    c->type = type;
    if (type == SL_COLUMN_DATE)
        c->date_order =
            d->asked[column].order >= 0 ? d->asked[column].order : sl_look_order(&d->look[column]);
}

/* --- by its values ---------------------------------------------------------------------------------- */

static void decide_numbers(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const char *name = d->columns->column[column].name;
    const bool whole = look->whole == look->numbers;
    char text[32], other[32];
    const bool distinct = !sl_look_more(look) && sl_look_distinct(look) == look->numbers && look->numbers > 1;
    sl_decide_as(d, column, whole ? SL_COLUMN_INTEGER : SL_COLUMN_NUMBER);
    decide_say(d, column, whole ? "whole numbers" : "numbers");
    if (whole && distinct && decide_id_name(name)) {
        sl_decide_as(d, column, SL_COLUMN_IDENTIFIER);
        sl_decide_reason(d, column, "%s different whole numbers, and its name: they only tell rows apart",
                         sl_count_text(text, look->numbers));
    } else if (whole && look->rising && !look->missing && look->numbers >= DECIDE_ROWS) {
        sl_decide_as(d, column, SL_COLUMN_IDENTIFIER);
        sl_decide_reason(d, column, "%s to %s, one by one: it only counts the rows",
                         sl_number_text(text, look->low), sl_number_text(other, look->high));
    }
}

static void decide_codes_as(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const bool identifier = decide_nearly_all(look) || !sl_decide_can(look, SL_COLUMN_CATEGORY);
    char codes[32], all[32];
    sl_decide_as(d, column, identifier ? SL_COLUMN_IDENTIFIER : SL_COLUMN_CATEGORY);
    sl_decide_reason(d, column, "%s of %s values begin with 0, such as %s: codes, not amounts%s",
                     sl_count_text(codes, look->codes), sl_count_text(all, sl_look_values(look)),
                     look->known.count ? sl_dictionary_word(&look->known, 0) : "0...",
                     identifier ? ", and nearly all are different" : "");
}

/* Sentences, and not the words that a category has, a name in two words, or an identifier? */
static bool decide_texts(const sl_look *look)
{
    const size_t values = sl_look_values(look), distinct = sl_look_distinct(look), gaps = look->gaps;
    if (gaps >= values * DECIDE_SENTENCE)
        return distinct > values / 2 || !sl_decide_can(look, SL_COLUMN_CATEGORY) ||
               (gaps >= values * DECIDE_LONG && distinct >= DECIDE_ROWS && distinct > values / DECIDE_AGAIN);
    return gaps >= values * DECIDE_PHRASE && decide_nearly_all(look);
}

static void decide_words(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const size_t values = sl_look_values(look), distinct = sl_look_distinct(look);
    char text[32], other[32], mean[32];
    sl_count_text(text, distinct);
    sl_count_text(other, values);
    if (decide_texts(look)) {
        sl_decide_as(d, column, SL_COLUMN_TEXT);
        sl_number_text(mean, (double)((look->gaps + values) * 10 / values) / 10);
        sl_decide_reason(d, column, "free text: %s%s different values of %s words on average", text,
                         sl_look_more(look) ? " or more" : "", mean);
    } else if (decide_nearly_all(look)) {
        sl_decide_as(d, column, SL_COLUMN_IDENTIFIER);
        sl_decide_reason(d, column, "%s of %s values are different words: they only tell rows apart", text,
                         other);
    } else if (!sl_decide_can(look, SL_COLUMN_CATEGORY)) {
        sl_decide_as(d, column, SL_COLUMN_IDENTIFIER);
        sl_decide_reason(d, column, "%s or more different words: too many to be categories", text);
    } else {
        sl_decide_as(d, column, SL_COLUMN_CATEGORY);
        sl_decide_reason(d, column,
                         sl_look_order(look) == -2 ? "%s different dates in %s values, and none says whether "
                                                     "its day or its month comes first: taken as words"
                                                   : "%s different words in %s values",
                         text, other);
    }
}

static void decide_by_values(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const size_t values = sl_look_values(look);
    char rows[32];
    if (!values) {
        sl_decide_as(d, column, SL_COLUMN_CONSTANT);
        sl_decide_reason(d, column, "no value in any of its %s rows", sl_count_text(rows, d->rows));
    } else if (sl_look_distinct(look) == 1 && !sl_look_more(look)) {
        sl_decide_as(d, column, SL_COLUMN_CONSTANT);
        decide_say(d, column, "the same");
    } else if (decide_codes(look)) {
        decide_codes_as(d, column);
    } else if (decide_all_numbers(look)) {
        decide_numbers(d, column);
    } else if (sl_look_order(look) >= 0) {
        sl_decide_as(d, column, SL_COLUMN_DATE);
        decide_say(d, column,
                   sl_look_order(look) == SL_DATE_ISO         ? "dates"
                   : sl_look_order(look) == SL_DATE_DAY_FIRST ? "dates, day first"
                                                              : "dates, month first");
    } else if (sl_look_pair(look) >= 0) {
        char what[32];
        snprintf(what, sizeof what, "%s or %s", sl_pair_word(sl_look_pair(look), true),
                 sl_pair_word(sl_look_pair(look), false));
        sl_decide_as(d, column, SL_COLUMN_BOOLEAN);
        decide_say(d, column, what);
    } else {
        decide_words(d, column);
    }
}

/* --- as asked --------------------------------------------------------------------------------------- */

/* The type for an encoding: the column's own, or another that its values can have. */
static sl_status decide_for(const sl_deciding *d, int column)
{
    static const sl_column_type types[] = { SL_COLUMN_INTEGER, SL_COLUMN_NUMBER, SL_COLUMN_DATE,
                                            SL_COLUMN_BOOLEAN, SL_COLUMN_CATEGORY };
    const sl_column *c = &d->columns->column[column];
    const sl_encoding *how = d->asked[column].how;
    if (how->takes & SL_TAKES(c->type))
        return SL_OK;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if ((how->takes & SL_TAKES(types[i])) && sl_decide_can(&d->look[column], types[i])) {
            sl_decide_as(d, column, types[i]);
            sl_decide_reason(d, column, "a %s, as --column %s=%s asks", sl_column_type_name(types[i]),
                             c->name, how->name);
            return SL_OK;
        }
    return sl_fail(d->ctx, SL_EINVAL,
                   "%s: --column %s=%s: its values cannot be encoded so: %s (a column of type %s)", d->source,
                   c->name, how->name, c->reason, sl_column_type_name(c->type));
}

static sl_status decide_asked(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const sl_asked *asked = &d->asked[column];
    const sl_column *c = &d->columns->column[column];
    const sl_column_type type = (sl_column_type)asked->type;
    if (asked->how)
        return decide_for(d, column);
    if (type == SL_COLUMN_DATE && asked->order >= 0 && look->dates[asked->order] == sl_look_values(look) &&
        sl_look_values(look))
        ;
    else if (type == SL_COLUMN_DATE && asked->order < 0 && sl_look_order(look) == -2)
        return sl_fail(d->ctx, SL_EINVAL,
                       "%s: column %s: '%s' and the others may be read with the day or with the month first: "
                       "say --column %s=day_first, or month_first",
                       d->source, c->name, look->first.text, c->name);
    else if (!sl_decide_can(look, type)) {
        if (type == SL_COLUMN_CATEGORY && sl_look_values(look))
            return sl_look_dictionary(look, d->source, &d->columns->column[column]);
        const char *word = look->first.line      ? look->first.text
                           : look->fraction.line ? look->fraction.text
                                                 : "";
        const uint32_t line = look->first.line ? look->first.line : look->fraction.line;
        return *word ? sl_fail(d->ctx, SL_EINVAL,
                               "%s: --column %s=%s: its values are not such: '%s' in line %u, for one: %s",
                               d->source, c->name, sl_column_type_name(type), word, line, c->reason)
                     : sl_fail(d->ctx, SL_EINVAL, "%s: --column %s=%s: its values are not such: %s",
                               d->source, c->name, sl_column_type_name(type), c->reason);
    }
    if (c->type == type)
        return SL_OK;
    sl_decide_as(d, column, type);
    sl_decide_reason(d, column, "as --column asks");
    return SL_OK;
}

sl_status sl_decide_column(const sl_deciding *d, int column)
{
    sl_column *c = &d->columns->column[column];
    const sl_look *look = &d->look[column];
    const sl_asked *asked = &d->asked[column];
    const size_t before = d->problems->count;
    c->missing = look->missing;
    c->distinct = sl_look_distinct(look);
    c->more = sl_look_more(look);
    decide_by_values(d, column);
    if (asked->ignore || asked->type == SL_COLUMN_TEXT || asked->type == SL_COLUMN_IDENTIFIER)
        ;
    else if (asked->how
                 ? (asked->how->takes & SL_TAKES_FILLED) != 0
                 : asked->type < 0 || asked->type == SL_COLUMN_NUMBER || asked->type == SL_COLUMN_INTEGER)
        sl_decide_problems(d, column);
    if (d->ctx->status || d->problems->count > before || asked->ignore || (asked->type < 0 && !asked->how))
        return d->ctx->status;
    return decide_asked(d, column);
}
