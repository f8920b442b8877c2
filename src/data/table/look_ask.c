/* look_ask.c - see look.h: what the values of a column are together. */
#include "data/table/look.h"

#include <string.h>

size_t sl_look_values(const sl_look *look)
{
    return look->numbers + look->infinite + look->words;
}

size_t sl_look_distinct(const sl_look *look)
{
    return look->seen.count + look->known.count;
}

bool sl_look_more(const sl_look *look)
{
    return look->seen.more;
}

int sl_look_order(const sl_look *look)
{
    const size_t values = sl_look_values(look), *dates = look->dates;
    if (!values || look->words != values)
        return -1;
    if (dates[SL_DATE_ISO] == values)
        return SL_DATE_ISO;
    const bool day = dates[SL_DATE_DAY_FIRST] == values, month = dates[SL_DATE_MONTH_FIRST] == values;
    if (day && month) /* points stand between day, month and year; elsewhere both orders are usual */
        return strchr(look->first.text, '.') ? SL_DATE_DAY_FIRST : -2;
    return day ? SL_DATE_DAY_FIRST : month ? SL_DATE_MONTH_FIRST : -1;
}

int sl_look_pair(const sl_look *look)
{
    const size_t values = sl_look_values(look);
    for (int pair = 0; pair < SL_PAIRS; pair++)
        if (values && look->pairs[pair] == values && look->both[pair][0] && look->both[pair][1])
            return pair;
    return -1;
}

bool sl_look_binary(const sl_look *look)
{
    return look->numbers == sl_look_values(look) && look->whole == look->numbers && !look->codes &&
           look->low >= 0 && look->high <= 1 && look->seen.count == 2;
}

/* The numbers, each as it is written shortest. */
static sl_status look_add_numbers(const sl_look *look, sl_dictionary *words)
{
    const sl_seen *seen = &look->seen;
    char text[32];
    if (seen->zero)
        sl_dictionary_add(words, "0", 1);
    for (size_t i = 0; i < seen->slots && !look->ctx->status; i++)
        if (seen->key[i]) {
            double value;
            memcpy(&value, &seen->key[i], sizeof value);
            sl_number_text(text, value);
            sl_dictionary_add(words, text, strlen(text));
        }
    return look->ctx->status;
}

/* No before yes, each as the file writes it first. */
static sl_status look_add_pair(const sl_look *look, sl_dictionary *words)
{
    for (int wanted = 0; wanted < 2; wanted++) {
        bool yes;
        for (size_t i = 0; i < look->known.count; i++) {
            const char *word = sl_dictionary_word(&look->known, i);
            const size_t length = sl_dictionary_length(&look->known, i);
            if (sl_pair_find(word, length, &yes) >= 0 && yes == (bool)wanted) {
                sl_dictionary_add(words, word, length);
                break;
            }
        }
    }
    return look->ctx->status;
}

sl_status sl_look_dictionary(const sl_look *look, const char *place, sl_column *column)
{
    sl_ctx *ctx = look->ctx;
    char count[32];
    if (look->many || look->seen.more || sl_look_distinct(look) > SL_LOOK_WORDS)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: column %s cannot be a category: it has %s or more different values, and at most "
                       "%d, and few million letters, can be told apart: leave it out (--column %s=ignore)",
                       place, column->name, sl_count_text(count, sl_look_distinct(look)), SL_LOOK_WORDS,
                       column->name);
    sl_dictionary_init(&column->words, ctx);
    if (column->type == SL_COLUMN_BOOLEAN && sl_look_pair(look) >= 0)
        return look_add_pair(look, &column->words);
    for (size_t i = 0; i < look->known.count && !ctx->status; i++)
        sl_dictionary_add(&column->words, sl_dictionary_word(&look->known, i),
                          sl_dictionary_length(&look->known, i));
    if (look_add_numbers(look, &column->words))
        return ctx->status;
    return sl_dictionary_sort(&column->words, NULL);
}
