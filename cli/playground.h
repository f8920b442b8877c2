/* playground.h - the playground's page, which the build puts into the command: script/web. */
#ifndef CLI_PLAYGROUND_H
#define CLI_PLAYGROUND_H

extern const char cli_playground_none[];        /* why this build has no page; empty: it has one */
extern const char *const cli_playground_page[]; /* its pieces, one behind the other; NULL behind the last */

#endif
