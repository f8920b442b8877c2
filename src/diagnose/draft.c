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
    if (draft->facts == SL_MOST_FACTS || value != value) /* it was not to be had */
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

/* --- changes as options --------------------------------------------------------------------------------- */

typedef struct {
    char *to;
    size_t at, size;
} draft_words;

static void draft_put(draft_words *words, char byte)
{
    if (words->at + 1 < words->size)
        words->to[words->at++] = byte;
    words->to[words->at] = 0;
}

static void draft_put_text(draft_words *words, const char *text)
{
    while (*text)
        draft_put(words, *text++);
}

static bool draft_has(const char *text, size_t length, const char *any)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(any, text[i]))
            return true;
    return false;
}

/* In double quotes, or in single ones where a shell would look into these. */
static void draft_put_quoted(draft_words *words, const char *text, size_t length)
{
    const bool plain = length && !draft_has(text, length, " ,=*|&;<>(){}$`\\\"'#~?[]!\t"),
               inside = draft_has(text, length, "$`\\\"!");
    if (!plain)
        draft_put(words, inside ? '\'' : '"');
    for (size_t i = 0; i < length; i++)
        if (inside && text[i] == '\'')
            draft_put_text(words, "'\\''");
        else
            draft_put(words, text[i]);
    if (!plain)
        draft_put(words, inside ? '\'' : '"');
}

/* --column stands once for each column, and those that were asked for stay. */
static const char *draft_new(const char *setting, const char *text, const sl_run_options *options)
{
    const char *asked = !strcmp(setting, "columns") && options ? options->table.columns : NULL;
    const size_t length = asked ? strlen(asked) : 0;
    return length && !strncmp(text, asked, length) && text[length] == '\n' ? text + length + 1 : text;
}

static void draft_put_option(draft_words *words, const char *name, const char *text, size_t length)
{
    draft_put_text(words, words->at ? " --" : "--");
    for (; *name; name++)
        draft_put(words, *name == '_' ? '-' : *name);
    draft_put(words, ' ');
    draft_put_quoted(words, text, length);
}

/* Is "lr=0.1" about a setting that the fix changes? */
static bool draft_changes(const sl_fix *fix, const char *word)
{
    for (int i = 0; i < fix->changes; i++) {
        const char *name = fix->change[i].setting;
        const size_t length = strlen(name);
        if (length > 10 && !strncmp(name, "optimizer.", 10) && !strncmp(word, name + 10, length - 10) &&
            word[length - 10] == '=')
            return true;
    }
    return false;
}

/* What stands behind the rule's name is not to be given twice: the rule without it. */
static void draft_put_rule(draft_words *words, const sl_fix *fix, const char *rule)
{
    char kept[SL_FIX_TEXT];
    size_t to = 0;
    bool less = false;
    for (const char *at = rule; *at && to < sizeof kept;) {
        const size_t blanks = strspn(at, " "), length = blanks + strcspn(at + blanks, " ");
        const bool drop = draft_changes(fix, at + blanks);
        for (size_t i = 0; !drop && i < length && to < sizeof kept; i++)
            kept[to++] = at[i];
        less = less || drop;
        at += length;
    }
    if (less)
        draft_put_option(words, "optimizer", kept, to);
}

void sl_fix_words(const sl_fix *fix, const sl_run_options *options, char *to, size_t size)
{
    draft_words words = { .to = to, .size = size };
    *to = 0;
    if (options && options->optimizer.rule)
        draft_put_rule(&words, fix, options->optimizer.rule);
    for (int i = 0; i < fix->changes; i++) {
        const char *name = fix->change[i].setting, *text = draft_new(name, fix->change[i].text, options);
        name = !strncmp(name, "optimizer.", 10) ? name + 10 : name;
        name = !strcmp(name, "rule") ? "optimizer" : !strcmp(name, "columns") ? "column" : name;
        for (bool more = true; more;) { /* a line each */
            const size_t length = strcspn(text, "\n");
            draft_put_option(&words, name, text, length);
            more = text[length] == '\n';
            text += length + more;
        }
    }
}
