/* lesson_verdict.c - an answer graded, and what is said of it. */
#include <stdlib.h>
#include <string.h>

#include "lesson_grade.h"
#include "lesson_show.h"

/* The name of number `place` of a check; text holds those without one. */
static const char *verdict_wrong_name(const cli_lesson_check *check, size_t place, char text[64])
{
    if (check->kind == CHECK_NUMBERS && cli_lesson_word(check->names, place, text))
        return text;
    if (check->columns)
        snprintf(text, 64, "row %zu column %zu", place / (size_t)check->columns + 1,
                 place % (size_t)check->columns + 1);
    else
        snprintf(text, 64, "number %zu", place + 1);
    return text;
}

/* Hints for all, for each name that is wrong, for each option that was chosen. */
static bool verdict_hint_fits(const cli_lesson_check *check, const cli_grade *grade, int hint)
{
    const char *of = check->hints[hint].of;
    const size_t length = check->hints[hint].of_length;
    char text[64];
    if (!of)
        return true;
    for (int i = 0; grade->wrong && i < grade->of - grade->right; i++) {
        const char *name = verdict_wrong_name(check, grade->wrong[i], text);
        if (strlen(name) == length && strncmp(name, of, length) == 0)
            return true;
    }
    for (int i = 0; i < grade->chosen_count; i++)
        if (strlen(grade->chosen[i]) == length && strncmp(grade->chosen[i], of, length) == 0)
            return true;
    return false;
}

/* For people broken at the window's width; for others a line, as pages have it. */
static void verdict_words(const char *text)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (terminal.terminal)
        cli_lesson_show_text(text, stdout, &terminal);
    else
        printf("%s\n", text);
}

static void verdict_text(const cli_lesson_check *check, const cli_grade *grade)
{
    const int wrong = grade->of - grade->right;
    char text[64];
    if (grade->reached)
        printf("%.*s %s: ", (int)strcspn(grade->reached, " "), grade->reached,
               cli_rounded(grade->value).text);
    if (!wrong) {
        printf("%s\n", grade->of > 1 ? "Right, all of them." : "Right.");
        if (check->right)
            verdict_words(check->right);
        return;
    }
    if (grade->of > 1)
        printf("%d of %d right. Wrong: ", grade->right, grade->of);
    for (int i = 0; i < wrong && grade->of > 1 && i < GRADE_WRONG_SHOWN; i++)
        printf("%s%s", i ? ", " : "", verdict_wrong_name(check, grade->wrong[i], text));
    if (grade->of == 1)
        fputs(grade->reached ? "not there yet" : "Wrong", stdout);
    if (grade->of > 1 && wrong > GRADE_WRONG_SHOWN)
        printf(" and %d more", wrong - GRADE_WRONG_SHOWN);
    puts(".");
    for (int i = 0; i < check->hint_count; i++)
        if (verdict_hint_fits(check, grade, i)) {
            char hint[1000];
            snprintf(hint, sizeof hint, "Hint: %s", check->hints[i].text);
            verdict_words(hint);
        }
}

static void verdict_json(const cli_lesson *lesson, int task, const cli_grade *grade)
{
    const cli_lesson_check *check = &lesson->checks[task];
    char text[64];
    bool first = true;
    printf("{\"lesson\": %d, \"name\": \"%s\", \"task\": %d, \"kind\": \"%s\", \"of\": %d, \"right\": %d, "
           "\"wrong\": [",
           lesson->number, lesson->name, task + 1, cli_check_names[check->kind], grade->of, grade->right);
    for (int i = 0; grade->wrong && i < grade->of - grade->right; i++) {
        fputs(i ? ", " : "", stdout);
        cli_json_string(stdout, verdict_wrong_name(check, grade->wrong[i], text));
    }
    fputs("], \"hints\": [", stdout);
    for (int i = 0; i < check->hint_count && grade->right < grade->of; i++)
        if (verdict_hint_fits(check, grade, i)) {
            fputs(first ? "" : ", ", stdout);
            cli_json_string(stdout, check->hints[i].text);
            first = false;
        }
    putchar(']');
    if (grade->reached) {
        printf(", \"%.*s\": ", (int)strcspn(grade->reached, " "), grade->reached);
        cli_json_number(stdout, grade->value);
    }
    puts("}");
}

int cli_lesson_verdict(const cli_lesson *lesson, int task, const char *const *words, int count, bool json)
{
    cli_grade grade = { 0 };
    int status = cli_lesson_grade(lesson, task, words, count, &grade);
    if (status == CLI_DONE) {
        if (json)
            verdict_json(lesson, task, &grade);
        else
            verdict_text(&lesson->checks[task], &grade);
        status = grade.right == grade.of ? CLI_DONE : CLI_FAILED;
    }
    free(grade.wrong);
    return status;
}
