/* written.c - see written.h */
#include "explain/written.h"

#include <string.h>

/* "FORMULA if TEST" */
static sl_status written_way(sl_written_statement *statement, sl_explanation *e, const char *text,
                             size_t length)
{
    if (statement->ways == SL_WRITTEN_WAYS)
        return sl_fail(e->ctx, SL_EINVAL, "explain: more than %d ways in \"%s\"", SL_WRITTEN_WAYS, text);
    sl_written_way *way = &statement->way[statement->ways++];
    const char *all = sl_explanation_keep(e, "%.*s", (int)length, text), *test = strstr(all, " if ");
    way->formula = test ? sl_explanation_keep(e, "%.*s", (int)(test - all), all) : all;
    way->test = test ? test + 4 : NULL;
    if (!sl_expression_read(&way->read, e->ctx, way->formula) && way->test)
        sl_expression_read(&way->condition, e->ctx, way->test);
    return e->ctx->status;
}

sl_status sl_written_read(sl_written *written, sl_explanation *e, const char *text)
{
    while (text && !e->ctx->status) {
        const char *end = strstr(text, "; "), *equals = strstr(text, " = ");
        if (!equals || written->count == SL_WRITTEN_STATEMENTS)
            return sl_fail(e->ctx, SL_EINVAL, "explain: no statement, or one too many: \"%s\"", text);
        sl_written_statement *statement = &written->statement[written->count++];
        *statement =
            (sl_written_statement){ .name = sl_explanation_keep(e, "%.*s", (int)(equals - text), text),
                                    .last = true };
        for (int i = 0; i < written->count - 1; i++)
            if (!strcmp(written->statement[i].name, statement->name))
                written->statement[i].last = false;
        const char *stop = end ? end : text + strlen(text);
        for (const char *at = equals + 3; at && !e->ctx->status;) {
            const char *bar = strstr(at, " | ");
            bar = bar && bar < stop ? bar : NULL;
            written_way(statement, e, at, (size_t)((bar ? bar : stop) - at));
            at = bar ? bar + 3 : NULL;
        }
        text = end ? end + 2 : NULL;
    }
    return e->ctx->status;
}

void sl_written_free(sl_written *written)
{
    for (int s = 0; s < written->count; s++)
        for (int k = 0; k < written->statement[s].ways; k++) {
            sl_written_way *way = &written->statement[s].way[k];
            sl_expression_free(&way->read);
            if (way->condition.ctx)
                sl_expression_free(&way->condition);
        }
    *written = (sl_written){ .count = 0 };
}

void sl_written_set(sl_written_names *names, const char *name, double value)
{
    for (int i = 0; i < names->count; i++)
        if (!strcmp(names->named[i].name, name)) {
            names->named[i].value = value;
            return;
        }
    if (names->count < SL_WRITTEN_NAMES)
        names->named[names->count++] = (sl_named){ name, value };
}

const sl_written_way *sl_written_value(const sl_written_statement *statement, const sl_written_names *names,
                                       double *value)
{
    int chosen = statement->ways - 1;
    for (int k = statement->ways - 1; k >= 0; k--)
        if (!statement->way[k].test ||
            sl_expression_value(&statement->way[k].condition, names->named, names->count, NULL) != 0)
            chosen = k;
    *value = sl_expression_value(&statement->way[chosen].read, names->named, names->count, NULL);
    return &statement->way[chosen];
}

static bool written_reads(const sl_expression *read, const char *const *wanted)
{
    for (int n = 0; n < read->count; n++)
        for (const char *const *name = wanted; read->nodes[n].what == SL_EXPRESSION_NAME && *name; name++)
            if (strlen(*name) == (size_t)read->nodes[n].length &&
                !memcmp(*name, read->nodes[n].text, strlen(*name)))
                return true;
    return false;
}

bool sl_written_has(const sl_written_statement *statement, const char *const *wanted)
{
    for (int k = 0; k < statement->ways; k++)
        if (written_reads(&statement->way[k].read, wanted) ||
            (statement->way[k].test && written_reads(&statement->way[k].condition, wanted)))
            return true;
    return false;
}

void sl_written_tell(const sl_written_statement *statement, sl_explanation *e)
{
    for (int k = 0; k < statement->ways; k++) {
        const sl_written_way *way = &statement->way[k];
        sl_explanation_add(
            e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                               .name = statement->name,
                               .text = way->test ? sl_explanation_keep(e, "%s if %s", way->formula, way->test)
                                       : k       ? sl_explanation_keep(e, "%s otherwise", way->formula)
                                                 : way->formula });
    }
}
