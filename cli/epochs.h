/* epochs.h - a row an epoch, aligned, no wider than the window. */
#ifndef CLI_EPOCHS_H
#define CLI_EPOCHS_H

#include "cli.h"
#include "screen.h"

enum { CLI_EPOCHS_MOST = 6 };

typedef struct { /* zeros to begin with */
    int shown;   /* rows of the report, the last of which was shown */
    bool headed; /* the columns are chosen, and their heads printed */
    int every;   /* a row every so many epochs */
    int full;    /* but so many first ones are all shown */
    int columns; /* of the report */
    const char *column[CLI_EPOCHS_MOST], *head[CLI_EPOCHS_MOST];
    int epoch_width, step_width;
} cli_epochs;

/* The report's last row, if it is one of those that are shown or the last of all; now NULL: it is the last.
 */
void cli_epochs_show(cli_epochs *epochs, cli_screen *screen, const sl_report *report, const sl_progress *now);

#endif
