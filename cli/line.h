/* line.h - lines of results: key=value words, or JSON, an object a line. */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include <stdbool.h>

typedef struct {
    bool json, list;   /* list: JSON in brackets, however many there will be */
    bool broken;       /* stdout takes no more                               */
    int fields, lines; /* written: in this line, in all                      */
} cli_line;

void cli_line_begin(cli_line *line);
void cli_line_word(cli_line *line, const char *key, const char *word);
void cli_line_number(cli_line *line, const char *key, double value); /* about four figures; JSON: all */
void cli_line_whole(cli_line *line, const char *key, double value);
/* Written out, as the next one may take a while. CLI_FAILED: that could not be done (which is said for the
 * command `name`), and nobody needs the next one.                                                   */
int cli_line_end(cli_line *line, const char *name);
void cli_line_close(cli_line *line); /* behind the last one, if there was one */

#endif
