/* option.c - see option.h */
#include "core/option.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_WORD = 64 };

size_t sl_options_count(const sl_option *options)
{
    size_t count = 0;
    while (options && count < SL_MOST_OPTIONS && options[count].name)
        count++;
    return count;
}

size_t sl_option_name_length(const char *text)
{
    return strcspn(text, ": \t\r\n,");
}

/* Choice number `index` of "mean|sum"; its length, or 0 behind the last. */
static size_t option_choice(const char *choices, int index, const char **choice)
{
    while (index-- > 0) {
        choices += strcspn(choices, "|");
        if (!*choices)
            return 0;
        choices++;
    }
    *choice = choices;
    return strcspn(choices, "|");
}

char *sl_option_range(char text[160], const sl_option *o)
{
    enum { ROOM = 160 };
    if (!text)
        return NULL;
    text[0] = 0;
    if (!o)
        return text;
    if (o->choices) {
        const char *choice;
        size_t length, at = 0;
        for (int i = 0; at < ROOM && (length = option_choice(o->choices, i, &choice)); i++)
            at += (size_t)snprintf(text + at, ROOM - at, i ? " or %.*s" : "%.*s", (int)length, choice);
        return text;
    }
    const bool above = o->low > -HUGE_VAL, below = o->high < HUGE_VAL;
    char low[32], high[32];
    sl_number_text(low, o->low);
    sl_number_text(high, o->high);
    const char *from = o->above_low ? " above " : o->whole ? " from " : " of at least ";
    const char *to = o->below_high ? (above ? " and below " : " below ")
                     : !above      ? " of at most "
                     : o->whole    ? " to "
                                   : " and at most ";
    snprintf(text, ROOM, "%s%s%s%s%s", o->whole ? "a whole number" : "a number", above ? from : "",
             above ? low : "", below ? to : "", below ? high : "");
    return text;
}

char *sl_option_value(char text[160], const sl_option *o, double value)
{
    const char *choice;
    const size_t length = o->choices ? option_choice(o->choices, (int)value, &choice) : 0;
    if (length)
        snprintf(text, 160, "%.*s", (int)length, choice);
    else
        sl_number_text(text, value);
    return text;
}

char *sl_option_normal(char text[160], const sl_option *o)
{
    if (!text)
        return NULL;
    text[0] = 0;
    if (!o)
        return text;
    if (!o->normally)
        return sl_option_value(text, o, o->normal);
    snprintf(text, 160, "%s", o->normally);
    return text;
}

static sl_status option_wrong(sl_ctx *ctx, const char *place, const sl_option *o, const char *found)
{
    char range[160], normal[160];
    return sl_fail(ctx, SL_EINVAL, "%s: %s is %s: wants %s (default %s)", place, o->name, found,
                   sl_option_range(range, o), sl_option_normal(normal, o));
}

sl_status sl_option_check(sl_ctx *ctx, const char *place, const sl_option *o, double value)
{
    char number[32];
    const bool inside = (o->above_low ? value > o->low : value >= o->low) &&
                        (o->below_high ? value < o->high : value <= o->high);
    if (inside && value - value == 0 && (!o->whole || value == floor(value)))
        return SL_OK;
    return option_wrong(ctx, place, o, sl_number_text(number, value));
}

static sl_status option_take(sl_ctx *ctx, const char *place, const sl_option *o, const char *word,
                             double *value)
{
    if (o->choices) {
        const char *choice;
        size_t length;
        for (int i = 0; (length = option_choice(o->choices, i, &choice)); i++)
            if (strlen(word) == length && !memcmp(word, choice, length)) {
                *value = i;
                return SL_OK;
            }
        return option_wrong(ctx, place, o, word);
    }
    if (!sl_number_parse(word, value))
        return option_wrong(ctx, place, o, word);
    return sl_option_check(ctx, place, o, *value);
}

static sl_status option_unknown(sl_ctx *ctx, const char *place, const sl_option *options, const char *word)
{
    const char *names[SL_MOST_OPTIONS];
    const size_t count = sl_options_count(options);
    for (size_t i = 0; i < count; i++)
        names[i] = options[i].name;
    if (!count)
        return sl_fail(ctx, SL_EINVAL, "%s takes no options: found '%s'", place, word);
    sl_fail_word(ctx, "option", word, names, count);
    sl_fail_at(ctx, place);
    return ctx->status;
}

sl_status sl_options_read(sl_ctx *ctx, const char *place, const sl_option *options, const char *at,
                          double *values, unsigned *given)
{
    const size_t count = sl_options_count(options);
    unsigned seen = 0;
    for (size_t i = 0; i < count; i++)
        values[i] = options[i].normal;
    for (;;) {
        at += strspn(at, ": \t\r\n");
        char word[OPTION_WORD];
        const size_t length = strcspn(at, " \t\r\n");
        if (!length)
            break;
        if (length >= sizeof word)
            return sl_fail(ctx, SL_EINVAL, "%s: '%.20s...' is too long for an option", place, at);
        memcpy(word, at, length);
        word[length] = 0;
        at += length;
        char *value = strchr(word, '=');
        size_t which = 0;
        if (value) {
            *value++ = 0;
            while (which < count && strcmp(options[which].name, word) != 0)
                which++;
        } else {
            value = word; /* a bare value is that of the first option */
        }
        if (which >= count)
            return option_unknown(ctx, place, options, word);
        if (seen >> which & 1)
            return sl_fail(ctx, SL_EINVAL, "%s: %s is given twice", place, options[which].name);
        seen |= 1u << which;
        if (option_take(ctx, place, &options[which], value, &values[which]))
            return ctx->status;
    }
    if (given)
        *given = seen;
    return SL_OK;
}

void sl_options_describe(sl_text *text, const char *name, const sl_option *options, const double *values)
{
    sl_text_put(text, name);
    for (size_t i = 0; i < sl_options_count(options); i++)
        if (values[i] != options[i].normal) {
            char value[160];
            sl_text_add(text, " %s=%s", options[i].name, sl_option_value(value, &options[i], values[i]));
        }
}
