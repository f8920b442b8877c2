/* lesson_grade.c - see lesson_grade.h */
#define _XOPEN_SOURCE 700
#include "lesson_grade.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lesson_child.h"

/* Counts number `place` as right or wrong. */
static void grade_put(cli_grade *grade, size_t place, bool right, size_t *wrong)
{
    grade->right += right;
    if (!right && grade->wrong)
        grade->wrong[(*wrong)++] = place;
}

void cli_lesson_seal(char seal[17], const cli_lesson *lesson, int task, size_t place, const char *answer)
{
    char text[1200];
    uint64_t hash = 14695981039346656037u;
    snprintf(text, sizeof text, "slope lesson %s.%d %zu %s", lesson->name, task + 1, place, answer);
    for (const char *at = text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    for (int i = 0; i < 3; i++) { /* FNV-1a alone leaves the last letter to be seen */
        hash = (hash ^ hash >> 32) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    snprintf(seal, 17, "%016" PRIx64, hash);
}

/* --- the right numbers ------------------------------------------------------------------------------ */

static int grade_pair(const cli_lesson *lesson, const cli_lesson_check *check, int pair, const char *folder,
                      cli_picked *right)
{
    const char *line = check->pairs[pair].command, *path = check->pairs[pair].pick, *why = "";
    char *words[LESSON_WORDS], *store = malloc(strlen(line) + 1), sentence[PICK_WHY];
    cli_child child = { 0 };
    int status = CLI_FAILED;
    if (!store || cli_lesson_words(line, store, words, &why) < 0)
        cli_say("lesson", "memory ran out");
    else
        status = cli_child_run(words, folder, true, &child);
    if (status == CLI_DONE && child.status != CLI_DONE) {
        cli_say("lesson", "lesson %d cannot be checked: %s ended with status %d: %s", lesson->number, line,
                child.status, child.complaints);
        status = CLI_FAILED;
    } else if (status == CLI_DONE && path && !cli_lesson_pick(child.output, path, right, sentence)) {
        cli_say("lesson", "lesson %d cannot be checked: %s: %s", lesson->number, line, sentence);
        status = CLI_FAILED;
    }
    cli_child_free(&child);
    free(store);
    return status;
}

/* Runs the commands of a check; what they give has to be `wanted` numbers, or (0) a digest. */
static int grade_right(const cli_lesson *lesson, const cli_lesson_check *check, size_t wanted,
                       cli_picked *right)
{
    char *folder = cli_child_folder();
    int status = folder && cli_child_files(lesson, folder) ? CLI_DONE : CLI_FAILED;
    for (int i = 0; i < check->pair_count && status == CLI_DONE; i++)
        status = grade_pair(lesson, check, i, folder, right);
    if (folder)
        cli_child_remove(folder);
    free(folder);
    const bool digest = strspn(right->word, "0123456789abcdef") == 16 && !right->word[16];
    if (status != CLI_DONE || (wanted ? right->count == wanted : digest))
        return status;
    cli_say("lesson", "lesson %d cannot be checked: line %zu: its commands give %zu number%s%s, and %s",
            lesson->number, check->line, right->count, right->count == 1 ? "" : "s",
            *right->word ? " and a text" : "",
            wanted ? "another count is wanted" : "a digest of 16 hex digits is wanted");
    return CLI_FAILED;
}

static bool grade_near(const cli_lesson_check *check, double value, double right)
{
    const double off = value < right ? right - value : value - right, size = right < 0 ? -right : right;
    if (check->tolerance > 0)
        return off <= (check->relative ? check->tolerance * size : check->tolerance);
    return off <= 1e-6 * size;
}

static int grade_memory(void)
{
    cli_say("lesson", "memory ran out");
    return CLI_FAILED;
}

static int grade_compare(const cli_lesson_check *check, const cli_picked *answer, const cli_picked *right,
                         cli_grade *grade)
{
    size_t wrong = 0;
    grade->of = (int)right->count;
    grade->wrong = malloc((right->count + 1) * sizeof *grade->wrong);
    if (!grade->wrong)
        return grade_memory();
    for (size_t i = 0; i < right->count; i++)
        grade_put(grade, i, grade_near(check, answer->values[i], right->values[i]), &wrong);
    return CLI_DONE;
}

/* --- numbers ---------------------------------------------------------------------------------------- */

/* "12.1 THETA1 THETA2": how an answer is given. */
static void grade_usage(const cli_lesson *lesson, int task, char *text, size_t room)
{
    const cli_lesson_check *check = &lesson->checks[task];
    char word[64];
    size_t length = (size_t)snprintf(text, room, "slope lesson check %d", lesson->number);
    if (lesson->check_count > 1)
        length += (size_t)snprintf(text + length, room - length, ".%d", task + 1);
    for (size_t i = 0; cli_lesson_word(check->names, i, word) && length + 80 < room; i++)
        length += (size_t)snprintf(text + length, room - length, " %s=%zu.5", word, i + 1);
}

static int grade_numbers_form(const cli_lesson *lesson, int task, const char *what, const char *word)
{
    char usage[1024];
    const size_t count = cli_lesson_word_count(lesson->checks[task].names);
    grade_usage(lesson, task, usage, sizeof usage);
    return cli_wrong("lesson", "%s%s: wants %zu number%s: %s (with or without the names)", what, word, count,
                     count == 1 ? "" : "s", usage);
}

/* Values in the order of the names. */
static int grade_read_numbers(const cli_lesson *lesson, int task, const char *const *words, int count,
                              double values[LESSON_NUMBERS])
{
    const char *names = lesson->checks[task].names;
    const size_t wanted = cli_lesson_word_count(names);
    bool have[LESSON_NUMBERS] = { false };
    char what[48];
    snprintf(what, sizeof what, "%d given", count);
    if (count < 0 || (size_t)count != wanted)
        return grade_numbers_form(lesson, task, what, "");
    for (int i = 0; i < count; i++) {
        const char *equals = strchr(words[i], '=');
        size_t place = (size_t)i;
        char name[64];
        if (equals)
            for (place = 0; cli_lesson_word(names, place, name); place++)
                if (strlen(name) == (size_t)(equals - words[i]) && strncmp(name, words[i], strlen(name)) == 0)
                    break;
        double value;
        if (place >= wanted || have[place] || !sl_number_parse(equals ? equals + 1 : words[i], &value) ||
            value - value != 0)
            return grade_numbers_form(lesson, task, "not understood: ", words[i]);
        have[place] = true;
        values[place] = value;
    }
    return CLI_DONE;
}

static int grade_numbers(const cli_lesson *lesson, int task, const char *const *words, int count,
                         cli_grade *grade)
{
    const cli_lesson_check *check = &lesson->checks[task];
    const size_t wanted = cli_lesson_word_count(check->names);
    double values[LESSON_NUMBERS];
    cli_picked right = { 0 }, answer = { .values = values, .count = wanted };
    int status = grade_read_numbers(lesson, task, words, count, values);
    if (status != CLI_DONE)
        return status;
    if (!check->seal) {
        status = grade_right(lesson, check, wanted, &right);
        if (status == CLI_DONE)
            status = grade_compare(check, &answer, &right, grade);
        free(right.values);
        return status;
    }
    size_t wrong = 0;
    grade->of = (int)wanted;
    grade->wrong = malloc((wanted + 1) * sizeof *grade->wrong);
    if (!grade->wrong)
        return grade_memory();
    for (size_t i = 0; i < wanted; i++) {
        char text[32], seal[17], wanted_seal[64];
        cli_lesson_seal(seal, lesson, task, i, sl_number_text(text, values[i]));
        grade_put(grade, i, cli_lesson_word(check->seal, i, wanted_seal) && strcmp(seal, wanted_seal) == 0,
                  &wrong);
    }
    return CLI_DONE;
}

/* --- a file ------------------------------------------------------------------------------------------ */

int cli_lesson_answer_file(const char *path, size_t most, cli_picked *numbers, int *rows, int *columns)
{
    enum { ANSWER_MOST = 1 << 24 };
    struct stat there;
    char why[PICK_WHY];
    FILE *file = stat(path, &there) == 0 && S_ISREG(there.st_mode) ? fopen(path, "rb") : NULL;
    if (!file)
        return cli_wrong("lesson", "%s: wants a file of numbers: %s", path,
                         errno ? strerror(errno) : "it is not a file");
    char *text = malloc(ANSWER_MOST);
    const size_t length = text ? fread(text, 1, ANSWER_MOST - 1, file) : 0;
    const bool broken = ferror(file);
    fclose(file);
    if (!text)
        return grade_memory();
    text[length] = 0;
    int status = CLI_DONE;
    if (broken || length == ANSWER_MOST - 1 || strlen(text) != length)
        status =
            cli_wrong("lesson", "%s: wants numbers as CSV, JSON or with blanks between, at most 16 MB", path);
    else if (!cli_lesson_numbers(text, most, numbers, rows, columns, why))
        status = cli_wrong("lesson", "%s: %s: wants numbers as CSV, JSON or with blanks between", path, why);
    free(text);
    return status;
}

static int grade_file(const cli_lesson *lesson, int task, const char *const *words, int count,
                      cli_grade *grade)
{
    const cli_lesson_check *check = &lesson->checks[task];
    const size_t wanted = (size_t)check->rows * (size_t)(check->columns ? check->columns : 1);
    cli_picked answer = { 0 }, right = { 0 };
    int rows, columns;
    if (count != 1)
        return cli_wrong("lesson", "wants one file of %zu numbers: slope lesson check %d.%d numbers.csv",
                         wanted, lesson->number, task + 1);
    int status = cli_lesson_answer_file(words[0], LESSON_FILE_NUMBERS, &answer, &rows, &columns);
    if (status == CLI_DONE && answer.count != wanted)
        status = cli_wrong("lesson", "%s: %zu numbers: wants %zu%s", words[0], answer.count, wanted,
                           check->columns ? ", row by row" : "");
    else if (status == CLI_DONE && check->columns && rows > 1 && columns > 1 &&
             (rows != check->rows || columns != check->columns))
        status = cli_wrong("lesson", "%s: %d rows of %d: wants %d rows of %d", words[0], rows, columns,
                           check->rows, check->columns);
    if (status == CLI_DONE)
        status = grade_right(lesson, check, wanted, &right);
    if (status == CLI_DONE)
        status = grade_compare(check, &answer, &right, grade);
    free(answer.values);
    free(right.values);
    return status;
}

/* --- digests and choices ----------------------------------------------------------------------------- */

static int grade_digest(const cli_lesson *lesson, int task, const char *const *words, int count,
                        cli_grade *grade)
{
    cli_picked right = { 0 };
    if (count != 1 || strlen(words[0]) != 16 || strspn(words[0], "0123456789abcdef") != 16)
        return cli_wrong("lesson",
                         "%s: wants a digest, 16 hex digits: slope lesson check %d.%d 0123456789abcdef",
                         count == 1 ? words[0] : "not one word", lesson->number, task + 1);
    const int status = grade_right(lesson, &lesson->checks[task], 0, &right);
    grade->of = 1;
    grade->right = status == CLI_DONE && strcmp(right.word, words[0]) == 0;
    free(right.values);
    return status;
}

bool cli_lesson_chosen(const cli_lesson *lesson, int task, const char *const *words, int count,
                       char answer[1024])
{
    const char *options = lesson->checks[task].options;
    char option[64], wants[1100];
    size_t length = 0;
    int found = 0;
    answer[0] = 0;
    for (size_t i = 0; cli_lesson_word(options, i, option) && length + 70 < 1024; i++) {
        bool chosen = false;
        for (int w = 0; w < count; w++)
            chosen = chosen || strcmp(words[w], option) == 0;
        if (chosen)
            length += (size_t)snprintf(answer + length, 1024 - length, length ? " %s" : "%s", option);
        found += chosen;
    }
    if (count && found == count)
        return true;
    snprintf(wants, sizeof wants, "%s", options);
    cli_wrong("lesson", "%s: wants one of %s, or several, each once: slope lesson check %d.%d %.*s",
              count == 1 ? words[0] : "not understood", wants, lesson->number, task + 1,
              (int)strcspn(options, " "), options);
    return false;
}

bool cli_lesson_unseal(const cli_lesson *lesson, int task, char option[64])
{
    const cli_lesson_check *check = &lesson->checks[task];
    char seal[17];
    for (size_t i = 0; cli_lesson_word(check->options, i, option); i++) {
        cli_lesson_seal(seal, lesson, task, 0, option);
        if (strcmp(seal, check->seal) == 0)
            return true;
    }
    return false;
}

/* A seal that fits no choice at all calls every answer wrong: that of another name or task, or never written.
 * Each subset of the options is tried; of more than 16 there are too many, so one of them alone has to fit.
 */
static int grade_seal(const cli_lesson *lesson, int task)
{
    enum { GRADE_OPTIONS = 16 };
    const cli_lesson_check *check = &lesson->checks[task];
    const size_t count = cli_lesson_word_count(check->options);
    char answer[1024], option[64], seal[17];
    if (cli_lesson_unseal(lesson, task, option))
        return CLI_DONE;
    for (unsigned chosen = 1; count <= GRADE_OPTIONS && chosen < 1u << count; chosen++) {
        size_t length = 0;
        answer[0] = 0;
        for (size_t i = 0; i < count; i++)
            if (chosen >> i & 1 && cli_lesson_word(check->options, i, option) && length + 70 < 1024)
                length += (size_t)snprintf(answer + length, 1024 - length, length ? " %s" : "%s", option);
        cli_lesson_seal(seal, lesson, task, 0, answer);
        if (strcmp(seal, check->seal) == 0)
            return CLI_DONE;
    }
    return cli_wrong("lesson",
                     "%d-%s.md line %zu: the seal fits none of the options: was the lesson renamed? slope "
                     "lesson seal %s.%d ANSWER prints the right one",
                     lesson->number, lesson->name, check->line, lesson->name, task + 1);
}

static int grade_choice(const cli_lesson *lesson, int task, const char *const *words, int count,
                        cli_grade *grade)
{
    char answer[1024], seal[17];
    if (!cli_lesson_chosen(lesson, task, words, count, answer))
        return CLI_WRONG;
    cli_lesson_seal(seal, lesson, task, 0, answer);
    grade->of = 1;
    grade->right = strcmp(seal, lesson->checks[task].seal) == 0;
    if (!grade->right && grade_seal(lesson, task) != CLI_DONE)
        return CLI_WRONG;
    for (int i = 0; i < count && i < LESSON_NUMBERS; i++)
        grade->chosen[grade->chosen_count++] = words[i];
    return CLI_DONE;
}

int cli_lesson_grade(const cli_lesson *lesson, int task, const char *const *words, int count,
                     cli_grade *grade)
{
    *grade = (cli_grade){ 0 };
    switch (lesson->checks[task].kind) {
    case CHECK_NUMBERS:
        return grade_numbers(lesson, task, words, count, grade);
    case CHECK_FILE:
        return grade_file(lesson, task, words, count, grade);
    case CHECK_DIGEST:
        return grade_digest(lesson, task, words, count, grade);
    case CHECK_CHOICE:
        return grade_choice(lesson, task, words, count, grade);
    case CHECK_WEIGHTS:
    case CHECK_KINDS:
        break;
    }
    if (count != 1)
        return cli_wrong("lesson",
                         "wants one run folder, .safetensors file or file of numbers: slope lesson check "
                         "%d.%d runs/xor-1",
                         lesson->number, task + 1);
    return cli_lesson_grade_weights(lesson, task, words[0], grade);
}

int cli_lesson_try(const cli_lesson *lesson, int task)
{
    const cli_lesson_check *check = &lesson->checks[task];
    const size_t wanted = check->kind == CHECK_NUMBERS ? cli_lesson_word_count(check->names)
                          : check->kind == CHECK_FILE
                              ? (size_t)check->rows * (size_t)(check->columns ? check->columns : 1)
                              : 0;
    cli_picked right = { 0 };
    int status = CLI_DONE;
    if (check->kind == CHECK_WEIGHTS)
        return cli_lesson_grade_weights(lesson, task, NULL, NULL);
    if (check->kind == CHECK_CHOICE)
        return grade_seal(lesson, task);
    if (!check->seal)
        status = grade_right(lesson, check, wanted, &right);
    free(right.values);
    return status;
}
