/* stops.h - Ctrl-C and the like while another process does the work (POSIX): it ends first, and leaves
 * nothing.
 *
 *     cli_stops_begin(); start it; cli_stops_pass(process); wait for it; int signal = cli_stops_end(); */
#ifndef CLI_STOPS_H
#define CLI_STOPS_H

#include <signal.h>

/* From here they wait. What is ignored stays so. Gives the mask that a new process begins with. */
const sigset_t *cli_stops_begin(void);
/* In a process that was forked: they are its own, as at the begin of a program. */
void cli_stops_forked(void);
/* From here they reach this process, and what was sent to us alone also the other; 0: it could not start. */
void cli_stops_pass(long process);
int cli_stops_came(void); /* the last one; 0: none */
/* All as it was before; the last one that came, which nobody has heeded yet; 0: none. */
int cli_stops_end(void);

#endif
