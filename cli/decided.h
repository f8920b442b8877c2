/* decided.h - --why: what was decided and not asked for, with the reason, as the library tells it
 * (sl_ctx_options.decided) and as the command does itself. Kept, and shown on stderr as a table of three
 * columns; docs/decisions.md lists all of them. Without --why all of this does nothing. */
#ifndef CLI_DECIDED_H
#define CLI_DECIDED_H

#include "cli.h"

void cli_decided_begin(const cli_call *call);
/* Makes a context tell its decisions. */
void cli_decided_listen(sl_ctx_options *options);
/* One of the command's own; the same again is left out. what: as the option that decides otherwise. */
void cli_decided(const char *what, const char *chosen, const char *format, ...) CLI_PRINTF(3, 4);
/* Of what the library decides these alone count, names with commas between them: the rest is of no
 * consequence to this command. Borrowed. */
void cli_decided_only(const char *names);
/* Defaults of options are none of this call: what was recorded counts. */
void cli_decided_recorded(void);
/* Shows what was not shown yet: before something that takes long. */
void cli_decided_show(void);
/* Shows the rest. done: with the defaults that stand in the table of options alone. */
void cli_decided_end(bool done);

#endif
