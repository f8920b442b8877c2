/* decide_told.c - what was decided about a table's columns, told (core/ctx.h) where all of it is known. */
#include "data/table/decide.h"

#include <stdio.h>
#include <string.h>

static const char *decide_told_role(sl_role role)
{
    switch (role) {
    case SL_ROLE_INPUT:
    case SL_ROLE_TEXT:
        return "an input";
    case SL_ROLE_TARGET:
        return "the target";
    case SL_ROLE_GROUP:
        return "the groups";
    case SL_ROLE_TIME:
        return "the time";
    case SL_ROLE_WEIGHT:
        return "the weights";
    default:
        return "left out";
    }
}

static void decide_told_column(const sl_deciding *d, int at)
{
    const sl_column *c = &d->columns->column[at];
    char what[128], chosen[64];
    snprintf(what, sizeof what, "column %.100s", c->name);
    snprintf(chosen, sizeof chosen, "%s, %s", sl_column_type_name(c->type), decide_told_role(c->role));
    sl_decided(d->ctx, what, chosen, "%s", c->reason ? c->reason : "its values");
}

/* What stands for a value that is not there, and how many of them. */
static void decide_told_missing(const sl_deciding *d)
{
    size_t missing = 0;
    char count[32], fields[32];
    for (int i = 0; i < d->columns->count; i++)
        missing += d->look[i].missing;
    sl_count_text(count, missing);
    sl_count_text(fields, d->rows * (size_t)d->columns->count);
    sl_decided(d->ctx, "missing", "the usual words",
               "the default, beside the empty field; %s of %s fields have no value", count, fields);
}

void sl_decide_tell(const sl_deciding *d)
{
    const sl_columns *columns = d->columns;
    if (!sl_decides(d->ctx) || d->ctx->status || d->problems->count)
        return;
    if (!d->options->missing)
        decide_told_missing(d);
    for (int i = 0; i < columns->count; i++)
        if (!d->asked[i].ignore && d->asked[i].type < 0)
            decide_told_column(d, i);
}
