/* columns_check.c - do the columns of a model file fit together, so that rows can be read and encoded by
 * them?
 */
#include "data/columns.h"
#include "data/encoding/encoding.h"

#include <string.h>

static sl_status columns_wrong(const sl_columns *columns, const char *file, int column, const char *what)
{
    return sl_fail(columns->ctx, SL_EFORMAT, "%s: column %d: %s: the file is damaged", file, column, what);
}

static bool columns_check_words(const sl_column *c)
{
    const bool wants = c->cell >= 0 && (c->type == SL_COLUMN_CATEGORY || c->type == SL_COLUMN_BOOLEAN);
    return wants ? c->words.count > 0 && c->words.count <= INT32_MAX : c->words.count == 0;
}

/* What is wrong with a column by itself; NULL: nothing. input: the number that it must have as an input. */
static const char *columns_check_one(const sl_columns *columns, const sl_column *c, int input)
{
    if (!c->name || !c->reason || c->place < 0)
        return "its name, reason or place is missing";
    if (c->cell < -1 || c->cell >= columns->cells || (c->cell < 0 && c->role != SL_ROLE_NONE))
        return "its cell is none of a row";
    if (c->cell >= 0 && c->type > SL_COLUMN_DATE && !(c->type == SL_COLUMN_TEXT && c->role == SL_ROLE_TEXT))
        return "its type has no cells";
    if (c->role == SL_ROLE_TEXT && c->type != SL_COLUMN_TEXT)
        return "it is learned from as a text, and is none";
    if (c->input != (c->role == SL_ROLE_INPUT ? input : -1))
        return "it is not the input that it says";
    if (!columns_check_words(c))
        return "it has words, and should not, or has none";
    if (c->together < 0 || c->date_order < 0 || c->date_order > 2)
        return "'together' or 'order' makes no sense";
    return NULL;
}

static sl_status columns_check_all(const sl_columns *columns, const char *file, sl_dictionary *names,
                                   char *used)
{
    int input = 0;
    for (int i = 0; i < columns->count; i++) {
        const sl_column *c = &columns->column[i];
        const char *wrong = columns_check_one(columns, c, input);
        if (!wrong && c->cell >= 0 && used[c->cell]++)
            wrong = "its cell is another column's too";
        if (!wrong && sl_dictionary_add(names, c->name, strlen(c->name)) != (size_t)i)
            wrong = "its name is there already";
        if (wrong)
            return columns_wrong(columns, file, i, wrong);
        input += c->role == SL_ROLE_INPUT;
    }
    return input == columns->inputs
               ? SL_OK
               : columns_wrong(columns, file, 0, "there are not as many inputs as it says");
}

/* Is the column at this place what it is for? */
static bool columns_check_role(const sl_columns *columns, int at, sl_role role)
{
    if (at < -1 || at >= columns->count)
        return false;
    const sl_role has = at < 0 ? role : columns->column[at].role;
    const bool too = (role == SL_ROLE_GROUP || role == SL_ROLE_TIME) && has == SL_ROLE_INPUT;
    return has == role || too;
}

sl_status sl_columns_check(const sl_columns *columns, const char *file)
{
    sl_ctx *ctx = columns->ctx;
    if (columns->count < 1 || columns->cells < 1 || columns->cells > columns->count ||
        columns->inputs + columns->texts < 1 || !columns->missing ||
        (columns->decimal != '.' && columns->decimal != ',') ||
        !columns_check_role(columns, columns->target, SL_ROLE_TARGET) ||
        !columns_check_role(columns, columns->group, SL_ROLE_GROUP) ||
        !columns_check_role(columns, columns->time, SL_ROLE_TIME) ||
        !columns_check_role(columns, columns->weight, SL_ROLE_WEIGHT))
        return sl_fail(ctx, SL_EFORMAT, "%s: its columns do not fit together: the file is damaged", file);
    sl_dictionary names;
    sl_dictionary_init(&names, ctx);
    char *used = sl_alloc(ctx, (size_t)columns->cells);
    if (used)
        columns_check_all(columns, file, &names, used);
    sl_free(ctx, used);
    sl_dictionary_free(&names);
    return ctx->status ? ctx->status : sl_encodings_check(columns, file);
}
