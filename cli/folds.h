/* folds.h - one data set trained on several times, so that each of its rows is tested once. */
#ifndef CLI_FOLDS_H
#define CLI_FOLDS_H

#include "progress.h"

enum { CLI_FOLDS_MOST = 50 };

typedef struct { /* zeros but for progress */
    cli_progress *progress;
    int folds, done;
    char *result[CLI_FOLDS_MOST]; /* lines of JSON */
    double rows[CLI_FOLDS_MOST];  /* that were tested */
    size_t *confusion;            /* of all test rows; NULL: numbers, or memory ran out */
    int classes;
} cli_folds;

/* A log callback, user a cli_folds: the first fold's header, of the others only what is a warning. */
void cli_folds_log(void *user, const char *line);
/* Does the folder hold the runs of folds, and none of its own? */
bool cli_folds_there(const char *folder);
/* Trains them one after the other; gives the exit status, and what went wrong is said. again: the folder of
 * folds that were stopped, which are gone on with; NULL: new ones. */
int cli_folds_train(cli_folds *folds, sl_ctx *ctx, const sl_run_options *options, const char *again);
/* To stdout: a row a fold, then mean, deviation, and the figure of all rows together; or one line of JSON. */
void cli_folds_show(const cli_folds *folds, bool json);
void cli_folds_free(cli_folds *folds);

#endif
