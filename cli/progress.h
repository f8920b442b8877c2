/* progress.h - what train shows while it runs, and how Ctrl-C reaches it. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "epochs.h"

typedef struct {
    cli_screen screen;
    cli_epochs epochs;
    bool quiet;
    char what[64]; /* before the epoch in the bar's line: "fold 2/5 "; "" */
    size_t first_step, next_look, last_step, last_epoch;
    size_t stride; /* steps between two looks at the clock                                  */
    double started, looked_at;
    sl_watcher *watcher; /* what it says is shown; NULL: nobody watches */
} cli_progress;

void cli_progress_begin(cli_progress *progress, bool quiet);
/* Callbacks; user is the cli_progress. */
void cli_progress_log(void *user, const char *line);
sl_status cli_progress_step(void *user, const sl_progress *now);
sl_status cli_progress_epoch(void *user, const sl_progress *now);
/* In place of the latter where no rows are shown. */
sl_status cli_progress_watch(void *user, const sl_progress *now);
/* Shows the last row if it was thinned out, and leaves the curves alone on the screen; history NULL: leaves
 * nothing. */
void cli_progress_end(cli_progress *progress, const sl_report *history);

/* From now on Ctrl-C, SIGTERM and SIGHUP (the terminal was closed) are noted; a second one ends the program
 * at once. */
void cli_catch_stop(void);
bool cli_stop_wanted(void);

#endif
