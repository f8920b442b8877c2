/* table_row.h - one row of a table from the command line. */
#ifndef CLI_TABLE_ROW_H
#define CLI_TABLE_ROW_H

#include "cli.h"

/* set: words "COLUMN=VALUE" (cli_words). Columns of the model that are not among them have no value. NULL:
 * *status is what to exit with, already said. */
sl_data *cli_table_row(sl_ctx *ctx, const sl_model *model, const char *set, int *status);

#endif
