/* lesson_pick.h - numbers out of what a command printed, or out of a file that someone wrote. */
#ifndef CLI_LESSON_PICK_H
#define CLI_LESSON_PICK_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double *values; /* freed by the caller */
    size_t count, room;
    char word[64]; /* the last text that was picked, such as a digest; "" none */
} cli_picked;

enum { PICK_WHY = 200 };

/* Adds what stands at a path (docs/lessons.md) of JSON or CSV. false: nothing there, and why says so. */
bool cli_lesson_pick(const char *output, const char *path, cli_picked *to, char why[PICK_WHY]);

/* All numbers of a text in CSV, JSON or with blanks between; *rows and *columns are those of a table (of
 * lists of equal length), else 0. At most `most` numbers. false: it holds something else, and why says what.
 */
bool cli_lesson_numbers(const char *text, size_t most, cli_picked *to, int *rows, int *columns,
                        char why[PICK_WHY]);

#endif
