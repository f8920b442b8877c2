/* draft.c - what findings write: numbers for people, evidence, changes of settings. */
#include "data/parts.h"
#include "diagnose/diagnose.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* `value` to so many figures, as the nearest decimal. */
static double draft_round(double value, int figures)
{
    double size = fabs(value), unit = 1;
    if (!(size > 0) || !(size < 1e100) || size < 1e-100)
        return value;
    double most = 1;
    for (int i = 0; i < figures; i++)
        most *= 10;
    while (size * unit < most / 10)
        unit *= 10;
    double down = 1;
    while (size / down >= most)
        down *= 10;
    const double whole = floor(size * unit / down + 0.5);
    return (value < 0 ? -whole : whole) * down / unit;
}

const char *sl_case_number(sl_case *c, double value)
{
    char *text = c->number[c->numbers++ % 24];
    value = value == 0 ? 0 : value; /* not -0 */
    double size = fabs(value), unit = 1;
    const bool large = size >= 1e7 && size < 1e300, small = size < 1e-5 && size > 1e-300;
    if (!large && !small)
        return sl_number_text(text, draft_round(value, 4));
    int exponent = 0; /* 1.343e13: nobody counts the noughts of 13430000000000 */
    for (; large && size / unit >= 9.9995; exponent++)
        unit *= 10;
    for (; small && size * unit < 0.99995; exponent--)
        unit *= 10;
    sl_number_text(text, draft_round(large ? value / unit : value * unit, 4));
    const size_t length = strlen(text);
    snprintf(text + length, 32 - length, "e%d", exponent);
    return text;
}

const char *sl_case_percent(sl_case *c, double share)
{
    char *text = c->number[c->numbers++ % 24];
    sl_number_text(text, draft_round(share * 100, 3));
    strcat(text, " %");
    return text;
}

void sl_case_input_name(const sl_case *c, size_t input, char text[80])
{
    const sl_columns *columns = c->model ? c->model->columns : NULL;
    const char *name = NULL;
    for (int k = 0; columns && k < columns->encoded_count; k++) { /* several numbers a column, perhaps */
        const sl_encoded *e = &columns->encoded[k];
        if (input >= e->first && input < e->first + e->width && e->count > 0)
            name = columns->column[e->columns[0]].name;
    }
    if (!columns && c->train && c->train->features == c->data.inputs)
        name = sl_data_input_name(c->train, input);
    if (name)
        snprintf(text, 80, "%.60s", name);
    else
        snprintf(text, 80, "input %zu", input);
}

void sl_case_class_name(const sl_case *c, size_t class, char text[80])
{
    const char *name = c->train ? sl_data_class_name(c->train, (int)class) : NULL;
    if (name)
        snprintf(text, 80, "class %.60s", name);
    else
        snprintf(text, 80, "class %zu", class);
}

double sl_case_epoch(const sl_case *c, const char *name, size_t epoch)
{
    return c->history && epoch && epoch <= (size_t)sl_report_rows(c->history)
               ? sl_report_at(c->history, (int)epoch - 1, name)
               : (double)NAN;
}

double sl_case_judged(const sl_case *c, size_t epoch)
{
    return sl_case_epoch(c, c->validation ? "validation_loss" : "train_loss", epoch);
}

const sl_net_look_layer *sl_net_look_find(const sl_net_look *look,
                                          bool (*wanted)(const sl_net_look_layer *layer))
{
    for (int i = 0; look->known && i < look->layers; i++)
        if (wanted(&look->layer[i]))
            return &look->layer[i];
    return NULL;
}

/* --- evidence ------------------------------------------------------------------------------------------- */

void sl_draft_fact(sl_draft *draft, const char *name, double value, const char *wanted, ...)
{
    if (draft->facts == SL_MOST_FACTS)
        return;
    sl_fact *fact = &draft->fact[draft->facts++];
    fact->name = name;
    fact->value = value;
    if (!wanted)
        return;
    va_list arguments;
    va_start(arguments, wanted);
    vsnprintf(fact->wanted, sizeof fact->wanted, wanted, arguments);
    va_end(arguments);
}

/* --- changes -------------------------------------------------------------------------------------------- */

sl_fix *sl_draft_fix(sl_draft *draft, sl_proof_kind proof)
{
    if (draft->fixes == SL_MOST_FIXES)
        return NULL;
    sl_fix *fix = &draft->fix[draft->fixes++];
    *fix = (sl_fix){ .proof = proof };
    return fix;
}

void sl_fix_text(sl_fix *fix, const char *setting, const char *text)
{
    if (!fix || fix->changes == SL_MOST_CHANGES)
        return;
    fix->change[fix->changes].setting = setting;
    sl_text_fit(text, fix->change[fix->changes].text, SL_FIX_TEXT);
    fix->changes++;
}

void sl_fix_number(sl_fix *fix, const char *setting, double value)
{
    char text[32];
    sl_fix_text(fix, setting, sl_number_text(text, draft_round(value, 2)));
}

void sl_fix_whole(sl_fix *fix, const char *setting, size_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", value);
    sl_fix_text(fix, setting, text);
}
