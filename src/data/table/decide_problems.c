/* decide_problems.c - see decide.h: columns that are numbers but for a few words. */
#include "data/table/decide.h"

#include <stdio.h>
#include <string.h>

/* Is a column of so many numbers (or dates) meant to be that, although so many words are in it? Up to one in
 * twenty, and one or two also in a short file. */
static bool decide_meant(size_t numbers, size_t words)
{
    return words && numbers && (words * 20 <= numbers + words || (words <= 2 && words * 8 <= numbers));
}

/* "column NAME: 'WORD' (and N more such values) TAIL"; more 0: without the bracket. */
static void decide_add(const sl_deciding *d, int column, const sl_place *place, size_t more, const char *tail)
{
    char count[32];
    if (more)
        sl_problems_add(d->problems, place->line, place->column,
                        "column %s: '%s' (and %s more such value%s) %s", d->columns->column[column].name,
                        place->text, sl_count_text(count, more), more == 1 ? "" : "s", tail);
    else
        sl_problems_add(d->problems, place->line, place->column, "column %s: '%s' %s",
                        d->columns->column[column].name, place->text, tail);
}

/* Each of the places, of `total` values. */
static void decide_add_all(const sl_deciding *d, int column, const sl_place *places, size_t count,
                           size_t total, const char *tail)
{
    for (size_t i = 0; i < count; i++) {
        decide_add(d, column, &places[i], places[i].times - 1, tail);
        total -= places[i].times;
    }
    d->problems->count += total; /* more than are shown anyway */
}

/* --missing with one word more: the words that are given replace the usual ones. */
static const char *decide_missing(const sl_deciding *d, const char *word, char option[160])
{
    const char *given = d->options->missing ? d->options->missing : "default";
    snprintf(option, 160, strlen(given) <= 80 ? "--missing \"%s,%.40s\"" : "--missing with it", given, word);
    return option;
}

static void decide_tail(const sl_deciding *d, int column, sl_odd odd, const sl_place *place, char tail[400])
{
    const sl_look *look = &d->look[column];
    const char *name = d->columns->column[column].name;
    char numbers[32], values[32], option[160];
    switch (odd) {
    case SL_ODD_DECIMAL:
        snprintf(tail, 400,
                 d->decimal == ',' ? "has a decimal point: --decimal . reads it"
                                   : "has a decimal comma: --decimal , reads it");
        break;
    case SL_ODD_THOUSANDS:
        snprintf(tail, 400,
                 "has marks between thousands: take them out, or say --decimal %c where that mark "
                 "begins the decimals",
                 d->decimal == ',' ? '.' : ',');
        break;
    case SL_ODD_PERCENT:
        snprintf(tail, 400, "is a percentage: take the %% off, or say --column %.60s=category", name);
        break;
    case SL_ODD_MONEY:
        snprintf(tail, 400, "has a currency sign: take it off, or say --column %.60s=category", name);
        break;
    default:
        snprintf(tail, 400,
                 "is no number, as %.26s of %.26s values are: say %s if it means none, --column "
                 "%.60s=category if it is one, or mend it",
                 sl_count_text(numbers, look->numbers), sl_count_text(values, sl_look_values(look)),
                 decide_missing(d, place->text, option), name);
    }
}

/* Words among numbers, one by one; those of one kind together when they are many. */
static void decide_odds(const sl_deciding *d, int column)
{
    enum { MANY = 3 };
    const sl_look *look = &d->look[column];
    bool said[SL_ODD_KINDS] = { false };
    size_t single = 0;
    for (int odd = 0; odd < SL_ODD_KINDS; odd++)
        single += odd == SL_ODD_WORD || look->odd[odd] <= MANY ? look->odd[odd] : 0;
    single -= look->dated < single ? look->dated : single; /* dates are words too, and told apart */
    for (size_t i = 0; i < look->odd_places; i++) {
        const sl_place *place = &look->odds[i];
        const sl_field f = { .text = place->text, .length = strlen(place->text) };
        const sl_odd odd = sl_field_odd(&f, d->decimal);
        const bool alone = odd == SL_ODD_WORD || look->odd[odd] <= MANY;
        char tail[400];
        if (alone || !said[odd]) {
            decide_tail(d, column, odd, place, tail);
            decide_add(d, column, place, (alone ? place->times : look->odd[odd]) - 1, tail);
        }
        if (alone)
            single -= place->times < single ? place->times : single;
        said[odd] = true;
    }
    d->problems->count += single;
}

static void decide_dates(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    int best = 0;
    for (int order = 1; order < 3; order++)
        best = look->dates[order] > look->dates[best] ? order : best;
    const size_t dates = look->dates[best], others = look->words - dates;
    char tail[260], count[32], values[32];
    if (!decide_meant(dates, others))
        return;
    sl_count_text(count, dates);
    sl_count_text(values, sl_look_values(look));
    snprintf(tail, sizeof tail, "is no date, as %s of %s values are: mend it, or say --column %.60s=ignore",
             count, values, d->columns->column[column].name);
    if (look->words > look->dated)
        decide_add_all(d, column, look->odds, look->odd_places, look->words - look->dated, tail);
    else
        sl_problems_add(d->problems, 0, 0,
                        "column %s: %s of %s values are dates by one order of day and month, and the others "
                        "by another: write them all alike, 2024-03-01, or say --column %s=ignore",
                        d->columns->column[column].name, count, values, d->columns->column[column].name);
}

void sl_decide_problems(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const size_t odd = look->odd[SL_ODD_DECIMAL] + look->odd[SL_ODD_THOUSANDS] + look->odd[SL_ODD_PERCENT] +
                       look->odd[SL_ODD_MONEY],
                 numbers = look->numbers + look->infinite, words = look->odd[SL_ODD_WORD];
    size_t infinite = look->infinite;
    const int type = d->asked[column].type;
    const bool asked = type == SL_COLUMN_NUMBER || type == SL_COLUMN_INTEGER;
    if (!numbers && !odd && !asked) {
        decide_dates(d, column);
        return;
    }
    if (!asked && words && !decide_meant(numbers + odd, words))
        return; /* words, some of which are numbers */
    decide_odds(d, column);
    char tail[400], option[160];
    if (look->dated) {
        decide_tail(d, column, SL_ODD_WORD, &look->first, tail);
        decide_add(d, column, &look->first, 0, tail);
        d->problems->count += look->dated - 1;
    }
    for (size_t i = 0; i < look->far_places; i++) {
        const sl_place *place = &look->far[i];
        snprintf(tail, sizeof tail, "is infinite, and a net cannot count with it: empty the field, or say %s",
                 decide_missing(d, place->text, option));
        decide_add(d, column, place, place->times - 1, tail);
        infinite -= place->times;
    }
    d->problems->count += infinite;
}
