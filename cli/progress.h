/* progress.h - what train shows while it runs, and how Ctrl-C reaches it. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli.h"
#include "terminal.h"

typedef struct {
    cli_terminal terminal; /* of stderr                                                           */
    bool quiet;
    bool drawn; /* the progress line stands on the screen                               */
    bool unicode;
    int rows_shown;  /* of the report                                                       */
    int rows_headed; /* the header was printed: columns are chosen                            */
    int every;       /* a row every so many epochs                                            */
    int full;        /* but so many first ones are all shown                                  */
    size_t first_step, next_look, last_step, last_epoch;
    size_t stride; /* steps between two looks at the clock                                  */
    double started, drawn_at, looked_at;
    const char *column[6]; /* of the report                                                       */
    const char *head[6];   /* above it                                                            */
    int columns;
} cli_progress;

void cli_progress_begin(cli_progress *progress, bool quiet);
/* Callbacks; user is the cli_progress. */
void cli_progress_log(void *user, const char *line);
sl_status cli_progress_step(void *user, const sl_progress *now);
sl_status cli_progress_epoch(void *user, const sl_progress *now);
/* Erases the line, and shows the last row if it was thinned out. history NULL: there is none. */
void cli_progress_end(cli_progress *progress, const sl_report *history);

/* From now on Ctrl-C and SIGTERM are noted; a second one ends the program at once. */
void cli_catch_stop(void);
bool cli_stop_wanted(void);

#endif
