/* lesson_quiz.h - what a training prints, without its settings: what is wrong with it? */
#ifndef CLI_LESSON_QUIZ_H
#define CLI_LESSON_QUIZ_H

#include "lesson_set.h"

/* Lessons of the topic "cases" are what is asked: their first task is a choice with one right option. */
bool cli_lesson_is_case(const cli_lesson *lesson);

/* word: a lesson's name or number, or which case it is, from 1; NULL: drawn by the seed, 0: by the clock,
 * which is said. reveal: the page with its commands, and the cause. Where someone sits at a terminal the
 * answer is asked for and graded. Gives the exit status. */
int cli_lesson_quiz(const cli_lesson_set *set, const char *word, uint64_t seed, bool reveal);

#endif
