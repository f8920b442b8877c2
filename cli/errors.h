/* errors.h - the rows that a model gets most wrong: as a table, as CSV, as JSON, and counted by tags. */
#ifndef CLI_ERRORS_H
#define CLI_ERRORS_H

#include "cli.h"
#include "metrics.h"
#include "tags.h"

typedef struct {
    const sl_model *model;
    const sl_data *data;
    const sl_report *report; /* sl_errors: all rows, worst first */
    const sl_report *figures;
    int top;
    sl_ctx *ctx;            /* for what explains texts */
    const sl_report *texts; /* sl_text_tags; NULL: the model reads no texts */
} cli_errors;

/* Each gives false when memory ran out (said). */
bool cli_errors_show(const cli_errors *errors);
void cli_errors_json(const cli_errors *errors);
/* A line a row, its inputs by name, and a column `tag`: empty, of texts with what was counted in them. */
bool cli_errors_csv(FILE *stream, const cli_errors *errors);
size_t cli_errors_wrong(const cli_errors *errors); /* rows of another class than predicted */
/* The file is of this data: CLI_DONE, or said why not. */
int cli_errors_check(const cli_errors *errors, const cli_tags *tags, const char *path);
/* Rows, errors and mean loss of each tag, in a checked file, whose texts are cut up. CLI_DONE, or the exit
 * status. */
int cli_errors_tags(const cli_errors *errors, cli_tags *tags, bool json);

enum { CLI_ERRORS_CELL = 256 };
size_t cli_errors_inputs(const sl_data *data); /* numbers of a row */
/* What a row has as this input, for people: numbers to about four figures, words and dates as they are. */
const char *cli_errors_cell(const cli_errors *e, size_t row, size_t input, char text[CLI_ERRORS_CELL]);

#endif
