/* lesson_show.h - a page on a terminal. */
#ifndef CLI_LESSON_SHOW_H
#define CLI_LESSON_SHOW_H

#include "lesson_set.h"
#include "terminal.h"

/* Without checks and other comments, in at most 80 columns but for blocks, which stay as they are. false:
 * memory ran out. */
bool cli_lesson_show(const cli_lesson *lesson, FILE *stream, const cli_terminal *terminal);
/* Its paragraphs behind > alone. false: it has none. */
bool cli_lesson_show_quotes(const cli_lesson *lesson, FILE *stream, const cli_terminal *terminal);
void cli_lesson_show_text(const char *text, FILE *stream, const cli_terminal *terminal); /* a paragraph */
void cli_lesson_show_page(const cli_lesson *lesson, FILE *stream); /* as Markdown, likewise without */

/* All lessons in a table of the terminal's width, or as one line of JSON; the first ones and how to begin.
 * The exit status. */
int cli_lesson_list(const cli_lesson_set *set, bool json);
int cli_lesson_start(const cli_lesson_set *set);

#endif
