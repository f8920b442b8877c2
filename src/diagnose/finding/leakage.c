/* leakage: one input gives the target away. */
#include "diagnose/diagnose.h"

#include <stdio.h>

static const char *giveaway_name(const sl_case *c, size_t input)
{
    const sl_data *data = c->train;
    return data && data->store->input_names && data->features == c->data.inputs
               ? data->store->input_names[input]
               : NULL;
}

/* One column a number, so that an input's place is a column's. */
static const char *giveaway_column(const sl_case *c, size_t input)
{
    const sl_columns *columns = c->train ? c->train->store->columns : NULL;
    if (!columns || (size_t)columns->inputs != c->data.inputs)
        return NULL;
    for (int i = 0; i < columns->count; i++)
        if (columns->column[i].input >= 0 && (size_t)columns->column[i].input == input)
            return columns->column[i].name;
    return NULL;
}

static void giveaway_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const double rest = 1 - d->single, others = 1 - d->second;
    if (d->inputs < 2 || d->rows < 30 || !(d->single >= 0.97))
        return;
    if (d->classes && !(1 - d->commonest > 4 * rest)) /* a class of 97 % is told by anything */
        return;
    /* A problem that is easy is told by more inputs than one. */
    draft->strength = others > 20 * rest && others > 0.1 ? 0.9 : others > 8 * rest && others > 0.1 ? 0.6 : 0;
    if (draft->strength == 0)
        return;
    const char *column = giveaway_column(c, d->single_at),
               *name = column ? column : giveaway_name(c, d->single_at);
    sl_text_add(&draft->sentence, "input %zu%s%.60s%s alone tells %s of the %s, the next best one %s",
                d->single_at, name ? " (" : "", name ? name : "", name ? ")" : "",
                sl_case_percent(c, d->single), d->classes ? "classes" : "target's variance",
                sl_case_percent(c, d->second));
    sl_draft_fact(draft, "told by this input alone", d->single, "below 0.97");
    sl_draft_fact(draft, "told by the next best", d->second, NULL);
    if (d->classes)
        sl_draft_fact(draft, "share of the commonest class", d->commonest, NULL);
    sl_text_put(&draft->otherwise,
                "in a problem that is easy several inputs tell nearly as much, and the net "
                "does as well without this one");
    sl_text_put(&draft->advice, "ask whether this number is known when a prediction is wanted");
    const char *asked = c->options ? c->options->table.columns : NULL; /* stays */
    char text[SL_FIX_TEXT];
    const int length =
        column ? snprintf(text, sizeof text, "%s%s%s=ignore", asked ? asked : "", asked ? "\n" : "", column)
               : SL_FIX_TEXT;
    if (length < SL_FIX_TEXT)
        sl_fix_text(sl_draft_fix(draft, SL_TELLS), "columns", text);
    else /* nothing can be left out of an array by an option */
        draft->certain = draft->strength > 0.8 && d->single >= 0.995;
}

const sl_finding_kind sl_finding_leakage = {
    .name = "leakage",
    .summary = "one input gives the target away",
    .formula = "share told by the best threshold, or R^2, of one input, against that of the next",
    .source = "Kaufman, Rosset, Perlich, Stitelman 2012",
    .place = 10,
    .look = giveaway_look,
};
