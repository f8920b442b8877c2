/* lesson_quiz.c - see lesson_quiz.h */
#include "lesson_quiz.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "decided.h"
#include "lesson_grade.h"
#include "lesson_run.h"
#include "lesson_show.h"
#include "system.h"

enum { QUIZ_ANSWER = 200 };

bool cli_lesson_is_case(const cli_lesson *lesson)
{
    return strcmp(lesson->topic, "cases") == 0 && lesson->check_count &&
           lesson->checks[0].kind == CHECK_CHOICE;
}

static const cli_lesson *quiz_at(const cli_lesson_set *set, size_t index)
{
    for (size_t i = 0; i < set->count; i++)
        if (cli_lesson_is_case(&set->lessons[i]) && index-- == 0)
            return &set->lessons[i];
    return NULL;
}

static size_t quiz_count(const cli_lesson_set *set)
{
    size_t count = 0;
    while (quiz_at(set, count))
        count++;
    return count;
}

/* A number is a lesson's where that is a case, else which case it is. NULL, said. */
static const cli_lesson *quiz_find(const cli_lesson_set *set, const char *word)
{
    const size_t count = quiz_count(set);
    double number;
    if (sl_number_parse(word, &number)) {
        for (size_t i = 0; i < count; i++)
            if (quiz_at(set, i)->number == number)
                return quiz_at(set, i);
        if (number >= 1 && number <= (double)count && number == (double)(size_t)number)
            return quiz_at(set, (size_t)number - 1);
    }
    const cli_lesson *lesson = cli_lesson_set_find(set, word, strlen(word));
    if (!lesson || cli_lesson_is_case(lesson))
        return lesson;
    cli_say("lesson", "quiz: %s is no case: wants 1 to %zu, or %s", word, count, quiz_at(set, 0)->name);
    return NULL;
}

/* Neighbouring seeds should draw cases that are far apart. */
static const cli_lesson *quiz_draw(const cli_lesson_set *set, uint64_t seed)
{
    const bool clock = !seed;
    char text[32];
    if (clock)
        seed = (uint64_t)time(NULL);
    uint64_t mixed = seed * 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93u;
    mixed ^= mixed >> 32;
    const cli_lesson *lesson = quiz_at(set, (size_t)(mixed % quiz_count(set)));
    if (clock)
        cli_decided("seed", sl_number_text(text, (double)seed), "none was given: the clock's seconds");
    printf("%s, drawn by %sseed %" PRIu64 " (--seed %" PRIu64 " draws it again)\n\n", lesson->name,
           clock ? "the clock's " : "", seed, seed);
    return lesson;
}

/* The options in columns as wide as the longest. */
static void quiz_options(const cli_lesson_check *check)
{
    char word[64];
    int wide = 0, before = 0, column = 0;
    for (size_t i = 0; cli_lesson_word(check->options, i, word); i++)
        wide = cli_columns(word) > wide ? cli_columns(word) : wide;
    const int columns = wide + 2 < 78 ? 78 / (wide + 2) : 1;
    for (size_t i = 0; cli_lesson_word(check->options, i, word); i++, column++) {
        printf("%*s  %s", column % columns ? wide - before : 0, "", word);
        before = cli_columns(word);
        if ((column + 1) % columns == 0)
            putchar('\n');
    }
    fputs(column % columns ? "\n" : "", stdout);
}

/* One line from whoever sits there. false: none. */
static bool quiz_ask(char answer[QUIZ_ANSWER])
{
    fputs("\nYour answer (nothing: later): ", stdout);
    fflush(stdout);
    if (!fgets(answer, QUIZ_ANSWER, stdin)) {
        putchar('\n');
        return false;
    }
    char *from = answer + strspn(answer, " \t");
    from[strcspn(from, " \t\r\n")] = 0;
    memmove(answer, from, strlen(from) + 1);
    return *answer;
}

static int quiz_reveal(const cli_lesson *lesson)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    char option[64];
    if (!cli_lesson_unseal(lesson, 0, option))
        return cli_wrong("lesson",
                         "%d-%s.md line %zu: the seal fits none of the options, so there is nothing to "
                         "reveal",
                         lesson->number, lesson->name, lesson->checks[0].line);
    if (!cli_lesson_show(lesson, stdout, &terminal))
        return CLI_FAILED;
    printf("\n%sIt is %s%s\n", terminal.bold, option, terminal.plain);
    if (lesson->checks[0].right)
        cli_lesson_show_text(lesson->checks[0].right, stdout, &terminal);
    return CLI_DONE;
}

int cli_lesson_quiz(const cli_lesson_set *set, const char *word, uint64_t seed, bool reveal)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    char answer[QUIZ_ANSWER];
    const char *words[] = { answer };
    if (!quiz_count(set))
        return cli_wrong("lesson", "quiz: none of these lessons is a case: wants pages with 'Topic: cases' "
                                   "whose first task is a choice");
    const cli_lesson *lesson = word ? quiz_find(set, word) : quiz_draw(set, seed);
    if (!lesson)
        return CLI_WRONG;
    if (reveal)
        return quiz_reveal(lesson);
    printf("%sThis training is %s. What is wrong with it, if anything?%s\n\n", terminal.bold, lesson->name,
           terminal.plain);
    cli_lesson_show_quotes(lesson, stdout, &terminal);
    const int status = cli_lesson_run_hidden(lesson);
    if (status != CLI_DONE)
        return status;
    printf("\n%sOne of these:%s\n", terminal.bold, terminal.plain);
    quiz_options(&lesson->checks[0]);
    if (terminal.terminal && cli_system_terminal(stdin) && quiz_ask(answer))
        return cli_lesson_verdict(lesson, 0, words, 1, false);
    printf(
        "\nslope lesson check %s.1 ANSWER\n    grades your answer; slope lesson quiz %s --reveal shows the "
        "training\n    and the cause\n",
        lesson->name, lesson->name);
    return CLI_DONE;
}
