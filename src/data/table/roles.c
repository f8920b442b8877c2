/* roles.c - see decide.h: what each column is for, and which cell of a row it has. */
#include "data/table/decide.h"

#include <string.h>

enum {
    ROLES_CLASSES = 20, /* most values of whole numbers that are taken for classes */
    ROLES_ROWS = 10,    /* and least rows for each, on average */
    ROLES_MOST = 100000 /* classes at all, as many as a column has categories */
};

sl_status sl_decide_find(const sl_deciding *d, const char *option, const char *name, int *column)
{
    *column = -1;
    if (!name)
        return SL_OK;
    *column = sl_columns_find(d->columns, name);
    if (*column >= 0)
        return SL_OK;
    const size_t count = (size_t)d->columns->count;
    const char **names = sl_alloc_array(d->ctx, count + 1, sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[i] = d->columns->column[i].name;
    if (names && count == 1)
        sl_fail(d->ctx, SL_EINVAL,
                "%s: %s: there is no column '%s', but one alone, '%.200s': is another character between the "
                "fields (--delimiter)?",
                d->source, option, name, names[0]);
    else if (names) {
        sl_fail_word(d->ctx, "column", name, names, count);
        sl_fail_at(d->ctx, option);
        sl_fail_at(d->ctx, d->source);
    }
    sl_free(d->ctx, names);
    return d->ctx->status;
}

/* --- target ----------------------------------------------------------------------------------------- */

static sl_status roles_classes(const sl_deciding *d, const sl_column *c, const sl_look *look)
{
    char count[32];
    if (sl_look_distinct(look) <= ROLES_MOST && !look->many && !sl_look_more(look))
        return SL_OK;
    return sl_fail(d->ctx, SL_EINVAL,
                   "%s: --target %s: %s%s different values are too many for classes: at most 100,000%s",
                   d->source, c->name, sl_count_text(count, sl_look_distinct(look)),
                   sl_look_more(look) ? " or more" : "",
                   sl_decide_can(look, SL_COLUMN_NUMBER) ? ": --task regression learns them as amounts" : "");
}

/* Numbers: classes or amounts? Sets the type, and says why. */
static sl_status roles_target_numbers(const sl_deciding *d, int target)
{
    const sl_look *look = &d->look[target];
    const char *task = d->options->task;
    const int asked = d->asked[target].type <= SL_COLUMN_CATEGORY ? d->asked[target].type : -1;
    const bool whole = sl_decide_can(look, SL_COLUMN_INTEGER);
    const size_t distinct = sl_look_distinct(look);
    const bool few = whole && !sl_look_more(look) &&
                     (distinct == 2 || (distinct <= ROLES_CLASSES && distinct * ROLES_ROWS <= look->numbers));
    const bool amounts = task         ? !strcmp(task, "regression")
                         : asked >= 0 ? asked != SL_COLUMN_CATEGORY && asked != SL_COLUMN_BOOLEAN
                                      : !few;
    char values[32], different[32];
    sl_count_text(values, look->numbers);
    sl_count_text(different, distinct);
    if (amounts) {
        sl_decide_as(d, target, whole && asked != SL_COLUMN_NUMBER ? SL_COLUMN_INTEGER : SL_COLUMN_NUMBER);
        sl_decide_reason(d, target, "%s%s different %snumbers in %s rows: regression%s", different,
                         sl_look_more(look) ? " or more" : "", whole ? "whole " : "", values,
                         task || asked >= 0 ? ", as asked"
                         : whole            ? "; --task classification takes them as classes"
                                            : "");
        return SL_OK;
    }
    if (roles_classes(d, &d->columns->column[target], look))
        return d->ctx->status;
    sl_decide_as(d, target, SL_COLUMN_CATEGORY);
    sl_decide_reason(d, target, "%s different %snumbers in %s rows: classification%s", different,
                     whole ? "whole " : "", values,
                     task || asked >= 0 ? ", as asked" : "; --task regression takes them as amounts");
    return SL_OK;
}

static sl_status roles_target(const sl_deciding *d, int target)
{
    sl_ctx *ctx = d->ctx;
    const sl_look *look = &d->look[target];
    const sl_column *c = &d->columns->column[target];
    const char *task = d->options->task;
    char count[32];
    if (d->asked[target].how || d->asked[target].ignore)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: --column %s: it is the target, which is neither encoded nor left out", d->source,
                       c->name);
    if (!sl_look_values(look))
        return sl_fail(ctx, SL_EINVAL, "%s: --target %s: it has %s: there is nothing to learn", d->source,
                       c->name, c->reason);
    if (sl_look_distinct(look) == 1 && !sl_look_more(look))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: --target %s: all %s values are the same: there is nothing to learn", d->source,
                       c->name, sl_count_text(count, sl_look_values(look)));
    if (sl_decide_can(look, SL_COLUMN_NUMBER) && !look->codes)
        return roles_target_numbers(d, target);
    if (task && !strcmp(task, "regression"))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: --task regression wants a target of numbers, and of %s, %s: leave --task out",
                       d->source, c->name, c->reason);
    if (c->type == SL_COLUMN_TEXT)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: --target %s: it is text (%s), which can be learned from, and is never what is "
                       "learned: name the column that holds the answers",
                       d->source, c->name, c->reason);
    if (c->type != SL_COLUMN_CATEGORY && c->type != SL_COLUMN_BOOLEAN)
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: --target %s: it cannot be learned as %s (%s): --column %s=category makes classes of it",
            d->source, c->name, sl_column_type_name(c->type), c->reason, c->name);
    if (roles_classes(d, c, look))
        return ctx->status;
    char *reason = sl_strdup(ctx, c->reason);
    if (reason)
        sl_decide_reason(d, target, "%s: classification", reason);
    sl_free(ctx, reason);
    return ctx->status;
}

/* --- the others ------------------------------------------------------------------------------------- */

static sl_status roles_wrong(const sl_deciding *d, int column, const char *option, const char *wants)
{
    const sl_column *c = &d->columns->column[column];
    return sl_fail(d->ctx, SL_EINVAL, "%s: %s %s: wants %s, and it is a column of type %s: %s", d->source,
                   option, c->name, wants, sl_column_type_name(c->type), c->reason);
}

/* Asked to be an input besides? */
static bool roles_input_too(const sl_deciding *d, int column)
{
    const int type = d->asked[column].type;
    return d->asked[column].how || (type >= 0 && type != SL_COLUMN_TEXT && type != SL_COLUMN_IDENTIFIER);
}

static sl_status roles_time(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    if (d->columns->column[column].type != SL_COLUMN_DATE && !sl_decide_can(look, SL_COLUMN_NUMBER))
        return roles_wrong(d, column, "--time", "dates or numbers");
    if (d->columns->column[column].type != SL_COLUMN_DATE && !roles_input_too(d, column))
        sl_decide_as(d, column,
                     sl_decide_can(look, SL_COLUMN_INTEGER) ? SL_COLUMN_INTEGER : SL_COLUMN_NUMBER);
    return SL_OK;
}

static sl_status roles_group(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    const sl_column *c = &d->columns->column[column];
    if (roles_input_too(d, column) || c->type == SL_COLUMN_DATE || c->type == SL_COLUMN_BOOLEAN)
        return SL_OK;
    if (!sl_look_values(look))
        return roles_wrong(d, column, "--group", "values");
    if (sl_decide_can(look, SL_COLUMN_NUMBER) && !look->codes)
        sl_decide_as(d, column,
                     sl_decide_can(look, SL_COLUMN_INTEGER) ? SL_COLUMN_INTEGER : SL_COLUMN_NUMBER);
    else
        sl_decide_as(d, column, SL_COLUMN_CATEGORY);
    return SL_OK;
}

static sl_status roles_weight(const sl_deciding *d, int column)
{
    const sl_look *look = &d->look[column];
    if (!sl_decide_can(look, SL_COLUMN_NUMBER) || look->low < 0 || look->high <= 0)
        return roles_wrong(d, column, "--weight", "numbers of at least 0, one above it");
    if (look->missing)
        return roles_wrong(d, column, "--weight", "a number in every row");
    sl_decide_as(d, column, SL_COLUMN_NUMBER);
    return SL_OK;
}

/* Identifier and constant are left out; others are inputs, a text by way of its words. */
static void roles_plain(const sl_deciding *d, int column)
{
    sl_column *c = &d->columns->column[column];
    const bool out =
        d->asked[column].ignore || c->type == SL_COLUMN_IDENTIFIER || c->type == SL_COLUMN_CONSTANT;
    c->role = out ? SL_ROLE_NONE : c->type == SL_COLUMN_TEXT ? SL_ROLE_TEXT : SL_ROLE_INPUT;
}

static int roles_inputs(const sl_columns *columns)
{
    int inputs = 0;
    for (int i = 0; i < columns->count; i++)
        inputs += columns->column[i].role == SL_ROLE_INPUT || columns->column[i].role == SL_ROLE_TEXT;
    return inputs;
}

/* Nothing is left: a column that counts the rows is then what there is to learn from, 1, 2, 3, ... -> y. */
static sl_status roles_last_resort(const sl_deciding *d)
{
    sl_columns *columns = d->columns;
    for (int i = 0; i < columns->count && !roles_inputs(columns); i++) {
        sl_column *c = &columns->column[i];
        if (c->role == SL_ROLE_NONE && c->type == SL_COLUMN_IDENTIFIER && !d->asked[i].given &&
            d->look[i].rising && sl_decide_can(&d->look[i], SL_COLUMN_INTEGER)) {
            sl_decide_as(d, i, SL_COLUMN_INTEGER);
            sl_decide_reason(d, i, "whole numbers, one by one: the only input there is");
            c->role = SL_ROLE_INPUT;
        }
    }
    if (roles_inputs(columns))
        return SL_OK;
    sl_text list;
    sl_text_init(&list, d->ctx);
    for (int i = 0; i < columns->count && list.length < 600; i++)
        if (columns->column[i].role == SL_ROLE_NONE)
            sl_text_add(&list, "%s%s (%s)", list.length ? "; " : "", columns->column[i].name,
                        d->asked[i].ignore ? "ignored, as asked" : columns->column[i].reason);
    if (!list.length)
        sl_fail(d->ctx, SL_EINVAL, "%s: no column is left to learn from: it wants one besides the target",
                d->source);
    else
        sl_fail(d->ctx, SL_EINVAL,
                "%s: no column is left to learn from: %s: --column NAME=category or =number takes one in",
                d->source, sl_text_string(&list));
    sl_text_free(&list);
    return d->ctx->status;
}

static sl_status roles_cells(const sl_deciding *d)
{
    sl_columns *columns = d->columns;
    for (int i = 0; i < columns->count && !d->ctx->status; i++) {
        sl_column *c = &columns->column[i];
        const bool kept = c->role != SL_ROLE_NONE;
        c->cell = kept ? columns->cells++ : -1;
        c->input = c->role == SL_ROLE_INPUT ? columns->inputs++ : -1;
        columns->texts += c->role == SL_ROLE_TEXT;
        if (c->role == SL_ROLE_INPUT && d->asked[i].encoding) {
            c->encoding = sl_strdup(d->ctx, d->asked[i].encoding);
            c->together = d->asked[i].together;
        }
        if (kept && (c->type == SL_COLUMN_CATEGORY || c->type == SL_COLUMN_BOOLEAN))
            sl_look_dictionary(&d->look[i], d->source, c);
    }
    return d->ctx->status;
}

/* The columns that options name, none of them for two things. */
static sl_status roles_named(const sl_deciding *d)
{
    sl_columns *columns = d->columns;
    const sl_table_options *o = d->options;
    const struct {
        const char *option, *name;
        int *column;
        sl_role role;
    } named[] = { { "--target", o->target, &columns->target, SL_ROLE_TARGET },
                  { "--group", o->group, &columns->group, SL_ROLE_GROUP },
                  { "--time", o->time, &columns->time, SL_ROLE_TIME },
                  { "--weight", o->weight, &columns->weight, SL_ROLE_WEIGHT } };
    for (size_t i = 0; i < 4; i++) {
        if (sl_decide_find(d, named[i].option, named[i].name, named[i].column))
            return d->ctx->status;
        for (size_t k = 0; k < i; k++)
            if (*named[i].column >= 0 && *named[i].column == *named[k].column)
                return sl_fail(d->ctx, SL_EINVAL,
                               "%s: %s is asked for by %s and by %s: it can be one of them", d->source,
                               named[i].name, named[k].option, named[i].option);
    }
    for (size_t i = 0; i < 4; i++) {
        if (*named[i].column < 0)
            continue;
        const bool both = (named[i].role == SL_ROLE_GROUP || named[i].role == SL_ROLE_TIME) &&
                          roles_input_too(d, *named[i].column);
        columns->column[*named[i].column].role = both ? SL_ROLE_INPUT : named[i].role;
    }
    return SL_OK;
}

sl_status sl_decide(const sl_deciding *d)
{
    sl_columns *columns = d->columns;
    const char *task = d->options->task;
    if (task && strcmp(task, "classification") != 0 && strcmp(task, "regression") != 0)
        return sl_fail(d->ctx, SL_EINVAL, "unknown task '%s': classification or regression", task);
    for (int i = 0; i < columns->count; i++) {
        if (sl_decide_column(d, i))
            return d->ctx->status;
        roles_plain(d, i);
    }
    if (d->problems->count) /* types are not to be trusted: the reader says what is wrong */
        return SL_OK;
    if (roles_named(d) || (columns->target >= 0 && roles_target(d, columns->target)) ||
        (columns->time >= 0 && roles_time(d, columns->time)) ||
        (columns->group >= 0 && roles_group(d, columns->group)) ||
        (columns->weight >= 0 && roles_weight(d, columns->weight)) || roles_last_resort(d))
        return d->ctx->status;
    if (!roles_cells(d))
        sl_decide_tell(d);
    return d->ctx->status;
}
