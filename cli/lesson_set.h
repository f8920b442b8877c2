/* lesson_set.h - the lessons there are: those of the program, or those of a folder. */
#ifndef CLI_LESSON_SET_H
#define CLI_LESSON_SET_H

#include "lesson.h"

/* The pages of docs/course, written by script/embed; they end with file NULL. */
typedef struct {
    const char *file;
    const char *const *lines; /* each with its line end; they end with NULL */
} cli_lesson_page;
extern const cli_lesson_page cli_lesson_pages[];

typedef struct {
    cli_lesson *lessons; /* in the order of their numbers */
    size_t count;
} cli_lesson_set;

/* Reads them all; from NULL: SLOPE_LESSONS if it is set, else those of the program. Gives the exit status;
 * what is wrong was said. Free in any case. */
int cli_lesson_set_open(cli_lesson_set *set, const char *from);
void cli_lesson_set_free(cli_lesson_set *set);
/* By number or name; length: of the word without a task. NULL, said: none such. */
const cli_lesson *cli_lesson_set_find(const cli_lesson_set *set, const char *word, size_t length);

#endif
