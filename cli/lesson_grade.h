/* lesson_grade.h - is an answer right? Which part of it is wrong is said, never what would be right. */
#ifndef CLI_LESSON_GRADE_H
#define CLI_LESSON_GRADE_H

#include "cli.h"
#include "lesson.h"
#include "lesson_pick.h"

enum { GRADE_WRONG_SHOWN = 10 };

/* What came out; the texts live as long as the lesson and the answers. */
typedef struct {
    int of, right;                      /* so many numbers (1 of the other kinds), so many of them right */
    size_t *wrong;                      /* which, from 0; freed by the caller */
    const char *reached;                /* WEIGHTS: the metric that was looked at; NULL: none */
    double value;                       /* and what it is: the answer's own, so it may be said */
    const char *chosen[LESSON_NUMBERS]; /* CHOICE: the options that were chosen */
    int chosen_count;
} cli_grade;

/* Grades the answer (words, count of them) to check number `task` from 0. CLI_DONE: graded; CLI_WRONG: it has
 * the wrong form, said; CLI_FAILED, CLI_STOPPED. */
int cli_lesson_grade(const cli_lesson *lesson, int task, const char *const *words, int count,
                     cli_grade *grade);
/* The same, and says what came out, json: as a line of JSON. CLI_FAILED: something is wrong. */
int cli_lesson_verdict(const cli_lesson *lesson, int task, const char *const *words, int count, bool json);
/* The same for nets. */
int cli_lesson_grade_weights(const cli_lesson *lesson, int task, const char *path, cli_grade *grade);
/* Can the right answer be computed? Else says so; for those who write lessons. */
int cli_lesson_try(const cli_lesson *lesson, int task);
/* Numbers of a file, in an arena of its own. Says what is wrong. */
int cli_lesson_answer_file(const char *path, size_t most, cli_picked *numbers, int *rows, int *columns);

/* 16 hex digits of an answer, the place of which (from 0) is told for several. */
void cli_lesson_seal(char seal[17], const cli_lesson *lesson, int task, size_t place, const char *answer);
/* The one option that a CHOICE's seal is of. false: it is of several, or of none. */
bool cli_lesson_unseal(const cli_lesson *lesson, int task, char option[64]);
/* The answer to a CHOICE, as options in the check's order. false, said: not one of the options. */
bool cli_lesson_chosen(const cli_lesson *lesson, int task, const char *const *words, int count,
                       char answer[1024]);

#endif
