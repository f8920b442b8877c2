/* show_columns.h - the columns of a model that was trained on a table. */
#ifndef CLI_SHOW_COLUMNS_H
#define CLI_SHOW_COLUMNS_H

#include "cli.h"

/* A column each: name, type, what it becomes or why it is left out; nothing where there is no table. */
void cli_show_columns(const sl_model *model);
/* Words of text, in lines of at most `width`, those behind the first one indented; then a line's end. */
void cli_show_wrapped(const char *text, int indent, int width);
/* ,"columns":[{..}, ..] */
void cli_show_columns_json(const sl_model *model);

enum { CLI_COLUMN_TEXT = 1200 };
/* What is said of a column: an input's way into the net, of others what they are for, or why not. */
void cli_column_says(const sl_model *model, int column, const sl_column_info *info,
                     char text[CLI_COLUMN_TEXT]);

#endif
