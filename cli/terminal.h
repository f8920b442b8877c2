/* terminal.h - what a stream can show, and aligned tables. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdio.h>

#include "cli.h"

typedef struct {
    bool terminal; /* someone looks at it                                                         */
    bool moves;    /* a line can be drawn again in place                                           */
    int width;     /* columns; 80 where there is no terminal                                       */
    int height;    /* lines; 24 likewise                                                           */
    bool tiny;     /* narrower than 20 columns, which width says all the same                      */
    const char *bold, *dim, *good, *plain; /* "" without colours                                    */
    const char *train, *validation;        /* of curves: told apart by the colour-blind too; likewise */
} cli_terminal;

cli_terminal cli_terminal_of(FILE *stream);
bool cli_unicode(void); /* is the locale's character set UTF-8? */
/* Width and height again: a window may have changed. */
void cli_terminal_measure(cli_terminal *terminal, FILE *stream);
/* Columns that text takes (UTF-8, one a character). */
int cli_columns(const char *text);

/* A table is filled row by row, cell by cell, then printed at once. `align` has a letter a column, l or r;
 * the last one also stands for all columns behind it.                                             */
typedef struct {
    const char *align;
    int columns;
    char **cells;
    size_t count, room;
    bool failed; /* memory ran out */
} cli_table;
void cli_table_begin(cli_table *table, int columns, const char *align);
void cli_table_cell(cli_table *table, const char *text); /* NULL: an empty one */
int cli_table_width(const cli_table *table, int indent, int gap);
/* The first row is printed bold where there are colours. false: memory ran out (said). */
bool cli_table_print(cli_table *table, FILE *stream, int indent, int gap, const cli_terminal *terminal);
void cli_table_free(cli_table *table);

#endif
