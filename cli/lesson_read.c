/* lesson_read.c - a page becomes a lesson, or is refused with a line and what was wanted there. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson.h"

enum { READ_LONGEST = 1 << 20 }; /* bytes of a page */

bool cli_lesson_refuse(cli_lesson_error *error, size_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error->line = line;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

static bool read_memory(cli_lesson_error *error)
{
    return cli_lesson_refuse(error, 0, "memory ran out");
}

bool cli_lesson_file_name(const char *file, int *number, char name[64])
{
    const size_t digits = strspn(file, "0123456789");
    const char *from = file + digits + 1;
    if (!digits || digits > 5 || file[digits] != '-' || *from < 'a' || *from > 'z')
        return false;
    const size_t length = strspn(from, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (length >= 64 || strcmp(from + length, ".md") != 0)
        return false;
    *number = atoi(file);
    memcpy(name, from, length);
    name[length] = 0;
    return *number >= 1 && *number <= 999;
}

/* Cuts the bytes into lines; carriage returns before line ends go. */
static bool read_lines(cli_lesson *lesson, const char *bytes, size_t length, cli_lesson_error *error)
{
    size_t count = 1, line = 0;
    if (length > READ_LONGEST)
        return cli_lesson_refuse(error, 0, "more than 1 MB: a lesson is a page of text");
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        if ((byte < 32 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 127)
            return cli_lesson_refuse(error, count, "byte %u: wants text in UTF-8", byte);
        count += byte == '\n';
    }
    lesson->bytes = malloc(length + 1);
    lesson->values = malloc(length + 1);
    lesson->lines = malloc(count * sizeof *lesson->lines);
    lesson->blocks = malloc(count * sizeof *lesson->blocks);
    if (!lesson->bytes || !lesson->values || !lesson->lines || !lesson->blocks)
        return read_memory(error);
    if (length)
        memcpy(lesson->bytes, bytes, length);
    lesson->bytes[length] = 0;
    for (char *at = lesson->bytes; line < count; line++) {
        char *end = at + strcspn(at, "\n");
        lesson->lines[line] = at;
        at = *end ? end + 1 : end;
        if (end > lesson->lines[line] && end[-1] == '\r')
            end[-1] = 0;
        *end = 0;
    }
    lesson->line_count =
        *lesson->lines[count - 1] ? count : count - 1; /* behind the last line end is no line */
    return true;
}

static size_t read_empty(const cli_lesson *lesson, size_t line)
{
    while (line < lesson->line_count && !lesson->lines[line][strspn(lesson->lines[line], " \t")])
        line++;
    return line;
}

static const char *read_line(const cli_lesson *lesson, size_t line)
{
    return line < lesson->line_count ? lesson->lines[line] : "";
}

static bool read_head(cli_lesson *lesson, size_t *behind, cli_lesson_error *error)
{
    const char *line = read_line(lesson, 0);
    if (strncmp(line, "# ", 2) != 0 || !line[2])
        return cli_lesson_refuse(error, 1, "'%.60s': wants the title, '# Gradient descent by hand'", line);
    lesson->title = line + 2;
    size_t at = read_empty(lesson, 1);
    line = read_line(lesson, at);
    if (strncmp(line, "Topic: ", 7) != 0 || !line[7])
        return cli_lesson_refuse(error, at + 1, "'%.60s': wants the topic, 'Topic: optimization'", line);
    if (strlen(line + 7) > 24)
        return cli_lesson_refuse(error, at + 1, "'%.60s': wants a topic of at most 24 letters", line);
    lesson->topic = line + 7;
    at = read_empty(lesson, at + 1);
    line = read_line(lesson, at);
    if (strncmp(line, "Goal: ", 6) != 0 || !line[6])
        return cli_lesson_refuse(error, at + 1, "'%.60s': wants the goal, 'Goal: follow three updates'",
                                 line);
    lesson->goal = at;
    while (*read_line(lesson, at) && strncmp(read_line(lesson, at), "```", 3) != 0 &&
           strncmp(read_line(lesson, at), "<!--", 4) != 0)
        at++;
    lesson->goal_end = at;
    at = read_empty(lesson, at);
    if (strncmp(read_line(lesson, at), "Folder: ", 8) == 0) {
        lesson->here = strcmp(read_line(lesson, at), "Folder: current") == 0;
        if (!lesson->here)
            return cli_lesson_refuse(error, at + 1, "'%.60s': wants 'Folder: current', or no such line",
                                     read_line(lesson, at));
    }
    *behind = at;
    return true;
}

/* "head=6" among the words behind ```: what stands behind the =, copied; NULL: no such word. */
static const char *read_option(const char *words, const char *key, char value[64])
{
    char word[64];
    const size_t length = strlen(key);
    for (size_t i = 0; cli_lesson_word(words, i, word); i++)
        if (strncmp(word, key, length) == 0 && word[length] == '=') {
            memmove(value, word + length + 1, strlen(word + length + 1) + 1);
            return value;
        }
    return NULL;
}

/* A whole number of an option, 0 where it is not given. */
static bool read_count(const char *words, const char *key, size_t line, int *count, cli_lesson_error *error)
{
    char value[64];
    *count = 0;
    if (!read_option(words, key, value))
        return true;
    const size_t digits = strspn(value, "0123456789");
    if (!digits || digits > 4 || value[digits])
        return cli_lesson_refuse(error, line + 1, "%s=%s: wants a whole number up to 9999", key, value);
    *count = atoi(value);
    return true;
}

/* Only the options that the kind has: a misspelt one would else be ignored. */
static bool read_options_known(const char *words, const char *known, size_t line, cli_lesson_error *error)
{
    char word[64], name[64];
    for (size_t i = 1; i < cli_lesson_word_count(words); i++) {
        bool found = false;
        if (!cli_lesson_word(words, i, word))
            return cli_lesson_refuse(error, line + 1, "wants no word of more than 63 letters behind ```");
        for (size_t k = 0; cli_lesson_word(known, k, name); k++)
            found = found || (strncmp(word, name, strlen(name)) == 0 && word[strlen(name)] == '=');
        if (!found)
            return cli_lesson_refuse(error, line + 1, "'%s' behind ```: wants %s%s", word,
                                     *known ? "one of these with = and a value: " : "nothing here", known);
    }
    return true;
}

static bool read_file_name(const char *name)
{
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    return length && !name[length] && name[0] != '.' && name[0] != '-';
}

/* A text kept in lesson->values, which has as much room as the page has bytes; each text of the page comes
 * once. */
static const char *read_keep(char **values, const char *text)
{
    char *kept = *values;
    const size_t length = strlen(text) + 1;
    memcpy(kept, text, length);
    *values += length;
    return kept;
}

static bool read_commands(const cli_lesson *lesson, const cli_lesson_block *block, cli_lesson_error *error)
{
    size_t at = block->first + 1, count = 0, before = at;
    bool failed;
    for (char *line; (line = cli_lesson_command(lesson, block, &at, &failed)); before = at, count++) {
        char *words[LESSON_WORDS], *store = malloc(strlen(line) + 1);
        const char *why = "memory ran out";
        const int got = store ? cli_lesson_words(line, store, words, &why) : -1;
        if (got < 0)
            cli_lesson_refuse(error, before + 1, "'%.60s': %s", line, why);
        free(store);
        free(line);
        if (got < 0)
            return false;
    }
    if (failed)
        return read_memory(error);
    return count || cli_lesson_refuse(error, block->first + 1, "wants a command in a block of ```sh");
}

static bool read_fence(cli_lesson *lesson, size_t line, char **values, cli_lesson_error *error)
{
    cli_lesson_block *block = &lesson->blocks[lesson->block_count];
    const cli_lesson_block *before = block > lesson->blocks ? block - 1 : NULL;
    const char *words = lesson->lines[line] + 3;
    char kind[64] = "", value[64];
    *block = (cli_lesson_block){ .kind = LESSON_FENCE, .first = line, .last = line + 1 };
    while (block->last < lesson->line_count && strcmp(lesson->lines[block->last], "```") != 0)
        block->last++;
    if (block->last >= lesson->line_count)
        return cli_lesson_refuse(error, line + 1, "the block has no end: wants a line ``` behind it");
    cli_lesson_word(words, 0, kind);
    if (read_option(words, "file", value)) {
        if (!read_file_name(value))
            return cli_lesson_refuse(error, line + 1,
                                     "file=%s: wants a name of letters, digits, . _ and -, without folder",
                                     value);
        block->kind = LESSON_FILE;
        block->file = read_keep(values, value);
        lesson->block_count++;
        return read_options_known(words, "file", line, error);
    }
    if (strcmp(kind, "sh") == 0) {
        block->kind = LESSON_COMMANDS;
        lesson->block_count++;
        return read_options_known(words, "status", line, error) &&
               read_count(words, "status", line, &block->status, error) &&
               read_commands(lesson, block, error);
    }
    lesson->block_count++;
    if (strcmp(kind, "text") != 0 || !before || before->kind != LESSON_COMMANDS ||
        read_empty(lesson, before->last + 1) != line)
        return strcmp(kind, "text") != 0 || read_options_known(words, "", line, error);
    block->kind = LESSON_OUTPUT;
    block->mask = read_option(words, "mask", value) ? read_keep(values, value) : NULL;
    return read_options_known(words, "head tail mask", line, error) &&
           read_count(words, "head", line, &block->head, error) &&
           read_count(words, "tail", line, &block->tail, error);
}

static bool read_comment(cli_lesson *lesson, size_t line, cli_lesson_error *error)
{
    cli_lesson_block *block = &lesson->blocks[lesson->block_count++];
    *block = (cli_lesson_block){ .kind = LESSON_COMMENT, .first = line, .last = line };
    while (block->last < lesson->line_count && !strstr(lesson->lines[block->last], "-->"))
        block->last++;
    if (block->last >= lesson->line_count)
        return cli_lesson_refuse(error, line + 1, "the comment has no end: wants --> behind it");
    const char *mark = lesson->lines[line] + 4;
    mark += strspn(mark, " ");
    if (strncmp(mark, "check", 5) != 0 || (mark[5] && mark[5] != ' '))
        return true;
    char wanted[24];
    snprintf(wanted, sizeof wanted, "check %zu", lesson->check_count + 1);
    if (strcmp(mark, wanted) != 0 || strcmp(lesson->lines[block->last], "-->") != 0)
        return cli_lesson_refuse(
            error, line + 1,
            "'%.60s': wants '<!-- %s' alone on its line (tasks count from 1), and behind "
            "the fields a line -->",
            lesson->lines[line], wanted);
    cli_lesson_check *more = realloc(lesson->checks, (lesson->check_count + 1) * sizeof *more);
    if (!more)
        return read_memory(error);
    lesson->checks = more;
    more[lesson->check_count] = (cli_lesson_check){ .line = line + 1 };
    return cli_lesson_read_check(&more[lesson->check_count++], lesson->lines, line + 1, block->last, error);
}

bool cli_lesson_read(cli_lesson *lesson, const char *bytes, size_t length, cli_lesson_error *error)
{
    const bool marked = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0; /* a byte order mark */
    size_t line = 0;
    if (!read_lines(lesson, marked ? bytes + 3 : bytes, marked ? length - 3 : length, error) ||
        !read_head(lesson, &line, error))
        return false;
    char *values = lesson->values;
    for (; line < lesson->line_count; line++) {
        const char *text = lesson->lines[line];
        const bool fence = strncmp(text, "```", 3) == 0, comment = strncmp(text, "<!--", 4) == 0;
        if (fence ? !read_fence(lesson, line, &values, error) : comment && !read_comment(lesson, line, error))
            return false;
        if (fence || comment)
            line = lesson->blocks[lesson->block_count - 1].last;
    }
    return true;
}

void cli_lesson_free(cli_lesson *lesson)
{
    free(lesson->lines);
    free(lesson->blocks);
    free(lesson->checks);
    free(lesson->bytes);
    free(lesson->values);
    lesson->lines = NULL;
    lesson->blocks = NULL;
    lesson->checks = NULL;
    lesson->bytes = lesson->values = NULL;
    lesson->line_count = lesson->block_count = lesson->check_count = 0;
}
