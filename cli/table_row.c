/* table_row.c - see table_row.h: the row is written as the two lines of a CSV file, and read as one. */
#include "table_row.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    char *text;
    size_t length;
} row_text;

static void row_put(row_text *row, const char *bytes, size_t length)
{
    memcpy(row->text + row->length, bytes, length);
    row->length += length;
    row->text[row->length] = 0;
}

static void row_quoted(row_text *row, const char *bytes, size_t length)
{
    row_put(row, "\"", 1);
    for (size_t i = 0; i < length; i++)
        row_put(row, bytes[i] == '"' ? "\"\"" : bytes + i, bytes[i] == '"' ? 2 : 1);
    row_put(row, "\"", 1);
}

/* The column whose name stands before an equals sign of the line: names may hold equals signs themselves.
 * *value: what follows. -1: none. */
static int row_column(const sl_model *model, const char *line, size_t length, const char **value)
{
    sl_column_info info;
    for (int c = 0; sl_model_column(model, c, &info); c++) {
        const size_t name = strlen(info.name);
        if (name < length && line[name] == '=' && !memcmp(line, info.name, name)) {
            *value = line + name + 1;
            return c;
        }
    }
    return -1;
}

/* By its numbers or by its words. */
static bool row_is_input(const sl_column_info *info)
{
    return !strcmp(info->role, "input") || !strcmp(info->role, "text");
}

static int row_unknown(const sl_model *model, const char *line, size_t length)
{
    char word[64];
    const char *equals = memchr(line, '=', length);
    const int name = (int)(equals ? (size_t)(equals - line) : length);
    snprintf(word, sizeof word, "%.*s", name < 60 ? name : 60, line);
    if (!equals)
        return cli_wrong("predict", "--set is '%.*s': wants COLUMN=VALUE", (int)length, line);
    cli_nearest nearest = { .word = word };
    sl_column_info info;
    for (int c = 0; sl_model_column(model, c, &info); c++)
        if (row_is_input(&info))
            cli_nearest_try(&nearest, info.name);
    if (nearest.best)
        return cli_wrong("predict", "--set %s: the model has no such column: did you mean %s?", word,
                         nearest.best);
    return cli_wrong("predict", "--set %s: the model has no such column; slope show lists them", word);
}

/* What is wrong with the row, without its place in the text that the user has not seen. */
static int row_refused(const sl_ctx *ctx)
{
    const char *sentence = sl_message(ctx), *behind = strstr(sentence, ": ");
    cli_say("predict", "--set: %s", strncmp(sentence, "text", 4) == 0 && behind ? behind + 2 : sentence);
    return cli_exit_status(sl_error(ctx));
}

sl_data *cli_table_row(sl_ctx *ctx, const sl_model *model, const char *set, int *status)
{
    int columns = 0;
    size_t room = 16;
    for (const char *word = set; *word; word += strlen(word) + 1)
        room += 2 * strlen(word);
    sl_column_info info;
    for (; sl_model_column(model, columns, &info); columns++)
        room += 2 * strlen(info.name) + 16;
    if (!columns) {
        *status =
            cli_wrong("predict", "--set names columns of a table, and this model was not trained on one");
        return NULL;
    }
    row_text row = { .text = malloc(room) };
    const char **value = calloc((size_t)columns, sizeof *value);
    size_t *size = calloc((size_t)columns, sizeof *size);
    for (const char *line = set; row.text && value && size && *line;) {
        const size_t length = strlen(line);
        const char *behind;
        const int column = row_column(model, line, length, &behind);
        if (column < 0) {
            *status = row_unknown(model, line, length);
            break;
        }
        if (sl_model_column(model, column, &info) && !row_is_input(&info)) {
            *status = cli_wrong("predict",
                                strcmp(info.role, "target") == 0
                                    ? "--set %s: it is what is predicted: leave it out"
                                    : "--set %s: the model does not look at it: leave it out",
                                info.name);
            break;
        }
        if (value[column]) {
            *status =
                cli_wrong("predict", "--set %.*s: the column is set twice", (int)(behind - line) - 1, line);
            break;
        }
        value[column] = behind;
        size[column] = length - (size_t)(behind - line);
        line += length + 1;
    }
    sl_data *data = NULL;
    for (int part = 0; row.text && value && size && *status == CLI_DONE && part < 2; part++) {
        bool any = false;
        for (int c = 0; sl_model_column(model, c, &info); c++) {
            if (!row_is_input(&info))
                continue;
            row_put(&row, ",", any);
            any = true;
            if (!part)
                row_quoted(&row, info.name, strlen(info.name));
            else if (value[c])
                row_quoted(&row, value[c], size[c]);
        }
        row_put(&row, "\n", 1);
    }
    if (row.length)
        data = sl_data_from_text(ctx, row.text, row.length, model);
    else if (*status == CLI_DONE)
        *status = cli_exit_status(SL_ENOMEM);
    if (row.length && !data)
        *status = row_refused(ctx);
    free(row.text);
    free(value);
    free(size);
    return data;
}
