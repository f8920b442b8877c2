/* picture.h - figures as files, by gnuplot and graphviz. */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include "cli.h"
#include "program.h"

/* "svg", "png" or "pdf", by the end of the path; NULL, said: another. */
const char *cli_picture_format(const char *command, const char *path);
/* The picture that a script of sl_figure_script draws. diagram: by dot. false: said why (not installed). */
bool cli_picture_make(const char *command, const char *script, bool diagram, const char *format,
                      cli_bytes *picture);
/* The same into a file, whole or not at all. Gives the exit status. */
int cli_picture_write(const char *command, const char *script, bool diagram, const char *path);

#endif
