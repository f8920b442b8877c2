/* lesson_show.h - a page on a terminal. */
#ifndef CLI_LESSON_SHOW_H
#define CLI_LESSON_SHOW_H

#include "lesson.h"
#include "terminal.h"

/* Without checks and other comments, in at most 80 columns but for blocks, which stay as they are. false:
 * memory ran out. */
bool cli_lesson_show(const cli_lesson *lesson, FILE *stream, const cli_terminal *terminal);
void cli_lesson_show_page(const cli_lesson *lesson, FILE *stream); /* as Markdown, likewise without */

#endif
