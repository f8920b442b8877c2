/* lesson_child.h - commands of lessons: run in a process of their own, in a folder of their own, without a
 * shell. */
#ifndef CLI_LESSON_CHILD_H
#define CLI_LESSON_CHILD_H

#include "cli.h"
#include "lesson.h"

typedef struct {
    char *output,
        *complaints; /* its standard output and error, closed by a 0; NULL: they were not kept. free() */
    int status;      /* how it ended; 128 + a signal */
} cli_child;

/* A line of a lesson (words of cli_lesson_words), in `folder`. keep: what it prints is kept, with a locale
 * and a width that are the same everywhere, else it goes where ours goes. CLI_DONE: it ran, whatever its
 * status; CLI_STOPPED after Ctrl-C; CLI_FAILED, said. */
int cli_child_run(char *const *words, const char *folder, bool keep, cli_child *child);
void cli_child_free(cli_child *child);

/* A new folder below TMPDIR; the path is freed by the caller. NULL, said. */
char *cli_child_folder(void);
void cli_child_remove(const char *folder); /* with all that is in it */

/* Puts the lesson's files there. false, said: a file of that name holds something else. */
bool cli_child_files(const cli_lesson *lesson, const char *folder);

#endif
