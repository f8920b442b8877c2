/* lesson_run.h - the commands of a lesson, one after the other. */
#ifndef CLI_LESSON_RUN_H
#define CLI_LESSON_RUN_H

#include "lesson.h"
#include "terminal.h"

/* Each command with what it prints, as it prints it; json: one line, with all of it. Gives the exit status:
 * CLI_FAILED where a command ended otherwise than the page says. */
int cli_lesson_run(const cli_lesson *lesson, bool json);
/* What they print, as much of it as the page shows, and no command. */
int cli_lesson_run_hidden(const cli_lesson *lesson);
/* The page, its output blocks as they are now. Checks whose right answers cannot be computed are said too. */
int cli_lesson_run_page(const cli_lesson *lesson);

#endif
