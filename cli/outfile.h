/* outfile.h - a result that goes to the standard output, or into a file that appears when it is complete. */
#ifndef CLI_OUTFILE_H
#define CLI_OUTFILE_H

#include "cli.h"
#include "system.h"

typedef struct {
    FILE *stream;
    const char *name;    /* of the command, for complaints                                        */
    char *path, *beside; /* beside NULL: written straight to path (a device, a pipe)                 */
} cli_outfile;

/* path NULL: stdout. false: it cannot be written there (said). */
bool cli_outfile_open(cli_outfile *out, const char *name, const char *path);
/* false: the disk is full or the like (said); what was there before stays as it was. */
bool cli_outfile_close(cli_outfile *out);
void cli_outfile_discard(cli_outfile *out);

/* Why something could not be written (an errno), and what helps: "the disk is full: make room there, ...". */
const char *cli_outfile_reason(int error);

/* The same for what the library writes: a link goes on to point, and what is replaced keeps its mode. */
typedef struct {
    char *path; /* where to; NULL: memory ran out */
    cli_mode mode;
    bool there;
} cli_outfile_kept;
const char *cli_outfile_keep(cli_outfile_kept *kept, const char *path); /* gives kept->path */
void cli_outfile_keep_end(cli_outfile_kept *kept);

#endif
