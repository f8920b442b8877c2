/* lesson_list.c - which lessons there are. */
#include <string.h>

#include "cli.h"
#include "lesson_quiz.h"
#include "lesson_show.h"
#include "terminal.h"

static void list_json(const cli_lesson_set *set)
{
    putchar('[');
    for (size_t i = 0; i < set->count; i++) {
        const cli_lesson *lesson = &set->lessons[i];
        printf("%s{\"number\": %d, \"name\": ", i ? ", " : "", lesson->number);
        cli_json_string(stdout, lesson->name);
        fputs(", \"title\": ", stdout);
        cli_json_string(stdout, lesson->title);
        fputs(", \"topic\": ", stdout);
        cli_json_string(stdout, lesson->topic);
        fputs(", \"tasks\": [", stdout);
        for (size_t c = 0; c < lesson->check_count; c++)
            printf("%s\"%s\"", c ? ", " : "", cli_check_names[lesson->checks[c].kind]);
        fputs("]}", stdout);
    }
    puts("]");
}

static int list_wider(int width, const char *text)
{
    const int columns = cli_columns(text);
    return columns > width ? columns : width;
}

/* A title that begins in column `indent`, over as many lines as it takes. */
static void list_title(const char *title, int indent, int width)
{
    int at = indent;
    for (const char *word = title; *word; word += strspn(word, " ")) {
        char text[256];
        const size_t length = strcspn(word, " ");
        snprintf(text, sizeof text, "%.*s", (int)(length < 255 ? length : 255), word);
        if (at > indent && at + 1 + cli_columns(text) > width) {
            printf("\n%*s", indent, "");
            at = indent;
        }
        printf("%s%s", at > indent ? " " : "", text);
        at += (at > indent) + cli_columns(text);
        word += length;
    }
    putchar('\n');
}

/* How many lessons from `first` on are cases, which stand in one line: what they are is not to be told. */
static size_t list_cases(const cli_lesson_set *set, size_t first)
{
    size_t count = 0;
    while (first + count < set->count && cli_lesson_is_case(&set->lessons[first + count]))
        count++;
    return count > 2 ? count : 0;
}

int cli_lesson_list(const cli_lesson_set *set, bool json)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    int name = 4, topic = 5, title = 5;
    if (json) {
        list_json(set);
        return CLI_DONE;
    }
    for (size_t i = 0; i < set->count; i++) {
        const cli_lesson *lesson = &set->lessons[i];
        name = list_wider(name, lesson->name);
        topic = list_wider(topic, lesson->topic);
        if (!cli_lesson_is_case(lesson))
            title = list_wider(title, lesson->title);
    }
    if (5 + name + 2 + topic + 2 + title > terminal.width)
        topic = 0;
    printf("%s %-*s  ", terminal.bold, name + 4, "  #  name");
    if (topic)
        printf("%-*s  ", topic, "topic");
    printf("title%s\n", terminal.plain);
    for (size_t i = 0; i < set->count; i++) {
        const cli_lesson *lesson = &set->lessons[i];
        printf("%3d  %-*s  ", lesson->number, name, lesson->name);
        if (topic)
            printf("%s%*s  ", lesson->topic, topic - cli_columns(lesson->topic), "");
        const size_t cases = list_cases(set, i);
        char together[200];
        if (cases) {
            i += cases - 1;
            snprintf(together, sizeof together,
                     "to %s, number %d: %zu trainings, broken or healthy: slope lesson quiz",
                     set->lessons[i].name, set->lessons[i].number, cases);
        }
        list_title(cases ? together : lesson->title, 5 + name + 2 + (topic ? topic + 2 : 0), terminal.width);
    }
    return CLI_DONE;
}

/* slope lesson alone. */
int cli_lesson_start(const cli_lesson_set *set)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const char *first = set->lessons[0].name;
    printf("%sStart here%s\n\n", terminal.bold, terminal.plain);
    for (size_t i = 0; i < set->count && i < 5; i++) {
        printf("%3d  ", set->lessons[i].number);
        list_title(set->lessons[i].title, 5, terminal.width);
    }
    if (set->count > 5)
        printf("     and %zu more: slope lesson list\n", set->count - 5);
    printf("\nslope lesson show %s\n    reads it; slope lesson run %s runs its commands\n", first, first);
    for (size_t i = 0; i < set->count; i++)
        if (set->lessons[i].check_count) {
            printf("slope lesson check %s.1 ANSWER\n    grades your answer to its first task\n",
                   set->lessons[i].name);
            break;
        }
    return CLI_DONE;
}
