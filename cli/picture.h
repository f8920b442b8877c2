/* picture.h - figures as files, by gnuplot and graphviz. */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include "cli.h"
#include "program.h"

/* "svg", "png" or "pdf", by the end of the path; NULL, said: another. */
const char *cli_picture_format(const char *command, const char *path);
/* The picture that a script of sl_figure_script draws; an svg is tidied (svg.h). diagram: by dot. false: said
 * why (not installed). */
bool cli_picture_make(const char *command, const char *script, bool diagram, const char *format,
                      cli_bytes *picture);
/* An svg to stand inside an HTML page: its ids begin with the prefix, another one for each of the page. */
bool cli_picture_inline(const char *command, const char *script, bool diagram, const char *prefix,
                        cli_bytes *picture);
/* The same into a file, whole or not at all. Gives the exit status: 2, the file cannot be written; 1, the
 * program is missing or failed, the disk is full. */
int cli_picture_write(const char *command, const char *script, bool diagram, const char *path);

#endif
