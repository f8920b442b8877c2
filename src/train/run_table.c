/* run_table.c - a run on a table: what its columns are, said, and fitted on the rows that are fitted. */
#include "train/run.h"

#include <stdio.h>
#include <string.h>

enum { TABLE_SHOWN = 60, TABLE_NAME = 32 };

/* Characters, not bytes; *bytes: those of the first TABLE_NAME of them. */
static int run_characters(const char *text, int *bytes)
{
    int count = 0, at = 0;
    for (; text[at] && count <= TABLE_NAME; at++)
        if (((unsigned char)text[at] & 0xc0) != 0x80 && count++ == TABLE_NAME)
            break;
    *bytes = at;
    return count < TABLE_NAME ? count : TABLE_NAME;
}

static int run_wider(int width, const char *text)
{
    int bytes;
    const int length = run_characters(text, &bytes);
    return length > width ? length : width;
}

void sl_run_log_table(const sl_run *run, const sl_data *data, const char *source, const char *role)
{
    char classes[64] = "";
    const sl_columns *columns = data->store->columns;
    if (data->classes)
        snprintf(classes, sizeof classes, ", %d classes", data->classes);
    sl_log(run->ctx, "%-10s  %s: %zu rows, %d column%s%s", role, source, data->rows, columns->count,
           columns->count == 1 ? "" : "s", data->outputs ? classes : ", no target");
}

sl_status sl_run_fit_columns(sl_run *run)
{
    if (!run->train->store->columns || run->columns)
        return SL_OK;
    run->columns = sl_data_fit_columns(run->train, run->options.table.numbers, true);
    return run->ctx->status;
}

/* A line a column: name, type, what it becomes, why it was taken for that. */
void sl_run_log_columns(const sl_run *run)
{
    const sl_columns *columns = run->columns;
    int name = 0, type = 0;
    sl_text line;
    if (!columns)
        return;
    for (int i = 0; i < columns->count; i++) {
        name = run_wider(name, columns->column[i].name);
        type = run_wider(type, sl_column_type_name(columns->column[i].type));
    }
    sl_text_init(&line, run->ctx);
    for (int i = 0; i < columns->count && i < TABLE_SHOWN; i++) {
        const sl_column *c = &columns->column[i];
        sl_text_clear(&line);
        if (c->role == SL_ROLE_GROUP || c->role == SL_ROLE_TIME || c->role == SL_ROLE_WEIGHT)
            sl_text_put(&line, c->role == SL_ROLE_GROUP ? "no input: rows with the same value stay together"
                               : c->role == SL_ROLE_TIME
                                   ? "no input: the parts follow one another in its order"
                                   : "no input: how much a row counts in the loss");
        else
            sl_column_describe(columns, i, &line);
        int bytes;
        const int blanks = name - run_characters(c->name, &bytes);
        sl_log(run->ctx, "%-10s  %.*s%*s  %-*s  %s%s%s", i ? "" : "columns", bytes, c->name, blanks, "", type,
               sl_column_type_name(c->type), sl_text_string(&line), line.length && c->reason ? "; " : "",
               c->reason ? c->reason : "");
    }
    if (columns->count > TABLE_SHOWN) {
        sl_text_clear(&line);
        sl_text_shell(&line, run->folder, true);
        sl_log(run->ctx, "            ... and %d more columns: slope show %s names them all",
               columns->count - TABLE_SHOWN, sl_text_string(&line));
    }
    sl_text_free(&line);
}
