/* html.h - pages of one file: nothing is fetched from anywhere, light and dark, for a phone and for paper. */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include <stdio.h>

#include "cli.h"

void cli_html_text(FILE *stream, const char *text); /* escaped for content and attributes */
void cli_html_begin(FILE *stream, const char *title);
void cli_html_end(FILE *stream);
void cli_html_section(FILE *stream, const char *title); /* its headline; sections are not closed */
/* A row of a table: cells until NULL; head: <th> for all, else for the first alone. */
void cli_html_row(FILE *stream, bool head, const char *const *cells);
void cli_html_table_begin(FILE *stream, const char *caption); /* caption NULL: none */
void cli_html_table_end(FILE *stream);

/* A figure, each panel a picture of its own, with title, notes and the command that draws it; by gnuplot or
 * dot, or, where these are missing, as text. figure NULL: the context's failure as a sentence, and it is
 * cleared. */
typedef struct {
    FILE *stream;
    const char *command; /* of slope, for complaints */
    sl_ctx *ctx;
    int pictures;            /* so far: prefixes */
    bool no_gnuplot, no_dot; /* found missing, said once */
} cli_html_figures;
void cli_html_figure(cli_html_figures *figures, sl_figure *figure, const char *kind, const char *made_by);

#endif
