/* several.h - RUN ... DATA: one model, or several whose answers are averaged, and the data of each. */
#ifndef CLI_SEVERAL_H
#define CLI_SEVERAL_H

#include "cli.h"

typedef struct {
    int count;          /* runs; 1: nothing is averaged */
    const char **run;   /* [count] */
    const char *source; /* DATA as it was given; NULL: none was */
    const sl_model **model;
    const sl_data **data; /* [count]: the rows as each model reads them */
    sl_several all;       /* the same for the library */
} cli_several;

/* From RUN and the words behind it (cli_words): the last is DATA, "-" wherever it
 * stands. CLI_GO_ON, or the exit status of what was said. */
int cli_several_read(cli_several *several, const char *command, const char *run, const char *rest);
/* Loads the models of all runs; then the data of each: its part, with targets; or (cli_several_inputs) what
 * cli_open_inputs opens. The standard input is read once. CLI_GO_ON, or the exit status, said. */
int cli_several_open(cli_several *several, const char *command, sl_ctx *ctx, const char *part,
                     const char **opened);
int cli_several_inputs(cli_several *several, const char *command, sl_ctx *ctx, const char *part,
                       const char *keep);
void cli_several_free(cli_several *several);

#endif
