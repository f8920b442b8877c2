/* line.h - a line of results: key=value words, or an object of a JSON list. */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include <stdbool.h>

typedef struct {
    bool json;
    int fields, lines; /* written: in this line, in all */
} cli_line;

void cli_line_begin(cli_line *line);
void cli_line_word(cli_line *line, const char *key, const char *word);
void cli_line_number(cli_line *line, const char *key, double value); /* about four figures; JSON: all */
void cli_line_whole(cli_line *line, const char *key, double value);
void cli_line_end(cli_line *line);

#endif
