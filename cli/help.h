/* help.h - every text about the command, made from the option tables, the topics and sl_catalogue. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "option.h"

typedef struct {
    const char *name, *summary;
    const char *text; /* paragraphs; a line that begins with a space is kept as it is               */
    const char *kind; /* of sl_catalogue: its words follow the text; NULL: none                      */
} cli_topic;
const cli_topic *cli_topic_at(int index); /* NULL behind the last */
const cli_topic *cli_topic_find(const char *name);

/* Each gives the exit status, CLI_DONE. */
int cli_help_overview(FILE *stream);
int cli_help_command(FILE *stream, const cli_command *command);
int cli_help_topic(FILE *stream, const cli_topic *topic);
int cli_help_man(FILE *stream); /* the man page, as roff */

/* Breaks paragraphs between words; each line begins with `indent` blanks. */
void cli_help_text(FILE *stream, const char *text, int indent, int width);
/* The same for one line whose first `indent` columns are a headline: they stay as they are. */
void cli_help_hanging(FILE *stream, const char *line, int indent, int width);
/* "step size (a number above 0; default 0.001)". Returns text. */
enum { CLI_EXPLAIN_SIZE = 1024 };
char *cli_option_explain(char text[CLI_EXPLAIN_SIZE], const cli_option *option);
/* A word of sl_catalogue with its other name, "mean_squared (mse)"; and its options, "delta (a number above
 * 0; default 1)": those that all words of the kind have, or (common false) the others. Return text. */
enum { CLI_OPTIONS_SIZE = 2048 };
char *cli_word_head(char text[96], const sl_word *word);
char *cli_word_options(char text[CLI_OPTIONS_SIZE], const char *kind, const sl_word *word, bool common);
/* "-o, --out RUN". Returns text. */
char *cli_option_spelling(char text[96], const cli_option *option);
/* --help, which every command has. */

#endif
