/* lesson.c - slope lesson */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../cli.h"
#include "../lesson_grade.h"
#include "../lesson_quiz.h"
#include "../lesson_run.h"
#include "../lesson_set.h"
#include "../lesson_show.h"

typedef struct {
    const char *what, *from;
    char *rest;    /* words: the lesson, and an answer */
    uint64_t seed; /* 0: not given */
    bool json, markdown, page, reveal;
} lesson_settings;

static const cli_option lesson_operands[] = {
    { .name = "WHAT",
      .kind = CLI_TEXT, /* not CLI_CHOICE: to a lesson's number the refusal has more to say */
      .normal = "",
      .at = offsetof(lesson_settings, what),
      .help = "list: all lessons; show: read one; run: its commands; check: grade an answer; quiz: what is "
              "wrong with a training whose settings are hidden; seal: for those who write lessons" },
    { .name = "LESSON",
      .kind = CLI_TEXT,
      .normal = "",
      .repeats = true,
      .at = offsetof(lesson_settings, rest),
      .help = "its number or name; 12.2 is the second task of lesson 12. Behind it the answer: numbers, a "
              "file, a run, a digest, letters. quiz: which case, 1 and on; without it one is drawn" },
    { 0 },
};

static const cli_option lesson_options[] = {
    { .name = "from",
      .kind = CLI_TEXT,
      .value = "FOLDER",
      .words = "file",
      .normal = "SLOPE_LESSONS in the environment, else the course",
      .group = "lessons",
      .at = offsetof(lesson_settings, from),
      .help = "lessons of your own, in place of the course (docs/lessons.md)" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      .at = offsetof(lesson_settings, json),
      .help = "list, run, check: print one line of JSON" },
    { .name = "markdown",
      .kind = CLI_FLAG,
      .group = "result",
      .at = offsetof(lesson_settings, markdown),
      .help = "show: the page as Markdown" },
    { .name = "page",
      .kind = CLI_FLAG,
      .group = "result",
      .at = offsetof(lesson_settings, page),
      .help = "run: print the page with its outputs as they are now, checks and all (script/lessons)" },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .normal = "the clock's, which is said",
      .told = true,
      .group = "quiz",
      .at = offsetof(lesson_settings, seed),
      .help = "which case is drawn" },
    { .name = "reveal",
      .kind = CLI_FLAG,
      .group = "quiz",
      .at = offsetof(lesson_settings, reveal),
      .help = "show the case with its commands, and its cause" },
    { 0 },
};

static const cli_example lesson_examples[] = {
    { "slope lesson list", "the course" },
    { "slope lesson show gradient-descent-by-hand", "a lesson to read, by its name or number" },
    { "slope lesson run step-sizes", "its commands, with what they print now" },
    { "slope lesson check step-sizes.1 0.5", "is 0.5 the answer to its first task?" },
    { "slope lesson check xor-by-a-net.1 runs/xor-1", "an answer may be a net" },
    { "slope lesson quiz", "a training, broken or healthy: what is wrong with it?" },
    { "slope lesson list --from my-lessons", "lessons of your own" },
    { 0 },
};

/* --- check, seal ------------------------------------------------------------------------------------ */

/* Which task "12.2" asks for, from 0; -1: said. */
static int lesson_task(const cli_lesson *lesson, const char *dot)
{
    double task = 1;
    if (!lesson->check_count) {
        cli_say("lesson", "lesson %d has no task to check", lesson->number);
        return -1;
    }
    if (dot ? sl_number_parse(dot + 1, &task) && task >= 1 && task <= (double)lesson->check_count &&
                  task == (double)(int)task
            : lesson->check_count == 1)
        return (int)task - 1;
    if (lesson->check_count == 1)
        cli_say("lesson", "lesson %d has one task: wants %d or %d.1", lesson->number, lesson->number,
                lesson->number);
    else
        cli_say("lesson", "lesson %d has %zu tasks: wants one of %d.1 to %d.%zu", lesson->number,
                lesson->check_count, lesson->number, lesson->number, lesson->check_count);
    return -1;
}

static int lesson_seal(const cli_lesson *lesson, int task, const char **words, int count)
{
    const cli_lesson_check *check = &lesson->checks[task];
    char answer[1024], seal[17];
    if (check->kind == CHECK_CHOICE) {
        if (!cli_lesson_chosen(lesson, task, words, count, answer))
            return CLI_WRONG;
        cli_lesson_seal(seal, lesson, task, 0, answer);
        printf("seal: %s\n", seal);
        return CLI_DONE;
    }
    if (check->kind != CHECK_NUMBERS || (size_t)count != cli_lesson_word_count(check->names))
        return cli_wrong("lesson", "seal: wants a task of the kind choice, or numbers and all of them");
    for (int i = 0; i < count; i++) {
        double value;
        if (!sl_number_parse(words[i], &value) || !(value > -1e15 && value < 1e15) ||
            value != (double)(long long)value)
            return cli_wrong("lesson", "seal: %s: wants whole numbers; others are computed by a command",
                             words[i]);
    }
    fputs("seal:", stdout);
    for (int i = 0; i < count; i++) {
        double value = 0;
        char text[32];
        sl_number_parse(words[i], &value);
        cli_lesson_seal(seal, lesson, task, (size_t)i, sl_number_text(text, value));
        printf(" %s", seal);
    }
    putchar('\n');
    return CLI_DONE;
}

/* --- which ------------------------------------------------------------------------------------------ */

static int lesson_one(const lesson_settings *settings, const cli_lesson_set *set, const cli_lesson *lesson,
                      const char *dot, const char **words, int count)
{
    const bool check = strcmp(settings->what, "check") == 0, show = strcmp(settings->what, "show") == 0;
    if (!check && strcmp(settings->what, "seal") != 0) {
        const cli_terminal terminal = cli_terminal_of(stdout);
        if (dot || count)
            return cli_wrong("lesson", "%s: wants a lesson and nothing behind it", settings->what);
        if (show && settings->markdown)
            cli_lesson_show_page(lesson, stdout);
        else if (show && !cli_lesson_show(lesson, stdout, &terminal))
            return CLI_FAILED;
        else if (show && lesson + 1 < set->lessons + set->count)
            printf("\nNext: slope lesson show %s\n", lesson[1].name);
        else if (show)
            return CLI_DONE;
        else
            return settings->page ? cli_lesson_run_page(lesson) : cli_lesson_run(lesson, settings->json);
        return CLI_DONE;
    }
    const int task = lesson_task(lesson, dot);
    if (task < 0)
        return CLI_WRONG;
    return check ? cli_lesson_verdict(lesson, task, words, count, settings->json)
                 : lesson_seal(lesson, task, words, count);
}

static int lesson_options_fit(const lesson_settings *settings, int words)
{
    static const char *const known[] = { "list", "show", "run", "check", "quiz", "seal" };
    const char *what = settings->what;
    double number;
    if (!what) {
        if (settings->json || settings->markdown || settings->page || settings->seed || settings->reveal)
            return cli_wrong("lesson", "wants one of list, show, run, check, quiz before its options");
        return CLI_DONE;
    }
    cli_nearest nearest = { .word = what };
    bool found = false;
    for (int i = 0; i < 6; i++) {
        found = found || strcmp(what, known[i]) == 0;
        cli_nearest_try(&nearest, known[i]);
    }
    if (!found && sl_number_parse(what, &number))
        return cli_wrong("lesson", "%s alone: slope lesson show %s reads it, slope lesson run %s runs it",
                         what, what, what);
    if (!found && nearest.best)
        return cli_wrong("lesson", "WHAT is '%s': did you mean '%s'?", what, nearest.best);
    if (!found)
        return cli_wrong(
            "lesson",
            "WHAT is '%s': wants list, show, run, check, quiz or seal; of a lesson: slope lesson show "
            "%s",
            what, what);
    const bool list = strcmp(what, "list") == 0, show = strcmp(what, "show") == 0,
               run = strcmp(what, "run") == 0, quiz = strcmp(what, "quiz") == 0;
    if (list ? words > 0 : words == 0 && !quiz)
        return cli_wrong("lesson",
                         list ? "list takes no lesson: slope lesson show %s"
                              : "%s wants a lesson, by number or name",
                         list ? settings->rest : what);
    if (quiz && words > 1)
        return cli_wrong("lesson", "quiz takes one case: slope lesson check CASE.1 ANSWER grades an answer");
    if ((settings->seed || settings->reveal) && !quiz)
        return cli_wrong("lesson", "--%s is of slope lesson quiz", settings->seed ? "seed" : "reveal");
    if (settings->reveal && !words && !settings->seed)
        return cli_wrong("lesson", "quiz --reveal wants the case: slope lesson quiz 17 --reveal");
    if (settings->seed && words)
        return cli_wrong("lesson", "quiz: the case is given, so --seed has nothing to draw: leave one of "
                                   "them out");
    if (settings->json && (show || quiz || strcmp(what, "seal") == 0))
        return cli_wrong("lesson", "%s has no --json: it is of list, run and check", what);
    if (settings->markdown && !show)
        return cli_wrong("lesson", "--markdown is of slope lesson show");
    if (settings->page && (!run || settings->json))
        return cli_wrong("lesson", "--page is of slope lesson run, without --json");
    return CLI_DONE;
}

static int lesson_run(const cli_call *call)
{
    lesson_settings settings = *(const lesson_settings *)call->settings;
    cli_lesson_set set = { 0 };
    int count;
    const char **words = cli_words(settings.rest, &count);
    if (!words) {
        cli_say("lesson", "memory ran out");
        return CLI_FAILED;
    }
    int status = lesson_options_fit(&settings, count);
    if (status == CLI_DONE)
        status = cli_lesson_set_open(&set, settings.from);
    if (status == CLI_DONE && !settings.what) {
        status = cli_lesson_start(&set);
    } else if (status == CLI_DONE && strcmp(settings.what, "quiz") == 0) {
        status = cli_lesson_quiz(&set, count ? words[0] : NULL, settings.seed, settings.reveal);
    } else if (status == CLI_DONE && !count) {
        status = cli_lesson_list(&set, settings.json);
    } else if (status == CLI_DONE) {
        const char *dot = strchr(words[0], '.');
        const size_t length = dot ? (size_t)(dot - words[0]) : strlen(words[0]);
        const cli_lesson *lesson = cli_lesson_set_find(&set, words[0], length);
        status = lesson ? lesson_one(&settings, &set, lesson, dot, words + 1, count - 1) : CLI_WRONG;
    }
    cli_lesson_set_free(&set);
    free(words);
    return cli_flush("lesson", status);
}

const cli_command cli_command_lesson = {
    .name = "lesson",
    .summary = "a course to work through: lessons that run, tasks that are graded",
    .usage = "lesson\nlesson list\nlesson show LESSON\nlesson run LESSON\nlesson check LESSON "
             "ANSWER...\nlesson quiz [CASE]",
    .about =
        "Lessons are pages whose commands slope runs and whose tasks it grades. check says how much of an "
        "answer is right, and which part of it is wrong, but never what would be right. Exit status: 0 "
        "right, 1 wrong, 2 an answer in the wrong form.\n\n"
        "run starts slope's own commands alone, without a shell, in a new folder that it removes.",
    .examples = lesson_examples,
    .operands = lesson_operands,
    .options = lesson_options,
    .size = sizeof(lesson_settings),
    .run = lesson_run,
    .place = 10,
};
