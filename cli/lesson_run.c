/* lesson_run.c - see lesson_run.h */
#include "lesson_run.h"

#include <stdlib.h>
#include <string.h>

#include "lesson_child.h"
#include "lesson_grade.h"

typedef enum { RUN_SHOW, RUN_JSON, RUN_PAGE, RUN_HIDDEN } run_way;

typedef struct {
    const cli_lesson *lesson;
    const char *folder;
    run_way way;
    int count;    /* commands so far */
    char *output; /* RUN_PAGE, RUN_HIDDEN: of a block's commands so far */
    size_t length;
} run_state;

static bool run_keep(run_state *state, const char *text)
{
    const size_t size = strlen(text);
    char *more = realloc(state->output, state->length + size + 1);
    if (!more) {
        cli_say("lesson", "memory ran out");
        return false;
    }
    memcpy(more + state->length, text, size + 1);
    state->output = more;
    state->length += size;
    return true;
}

static void run_json(run_state *state, const char *line, const cli_child *child)
{
    fputs(state->count > 1 ? ", {\"command\": " : "{\"command\": ", stdout);
    cli_json_string(stdout, line);
    printf(", \"status\": %d, \"output\": ", child->status);
    cli_json_string(stdout, child->output);
    fputs(", \"complaints\": ", stdout);
    cli_json_string(stdout, child->complaints);
    putchar('}');
}

static int run_line(run_state *state, const cli_lesson_block *block, const char *line)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    char *words[LESSON_WORDS], *store = malloc(strlen(line) + 1);
    const char *why;
    cli_child child = { 0 };
    int status = CLI_FAILED;
    state->count++;
    if (state->way == RUN_SHOW)
        printf("%s%s$ %s%s\n", state->count > 1 ? "\n" : "", terminal.bold, line, terminal.plain);
    if (!store || cli_lesson_words(line, store, words, &why) < 0)
        cli_say("lesson", "memory ran out");
    else
        status = cli_child_run(words, state->folder, state->way != RUN_SHOW, &child);
    if (status == CLI_DONE && state->way == RUN_JSON)
        run_json(state, line, &child);
    if (status == CLI_DONE && (state->way == RUN_PAGE || state->way == RUN_HIDDEN) &&
        ((state->length && !run_keep(state, "\n")) || !run_keep(state, child.output) ||
         (block->status && !run_keep(state, child.complaints))))
        status = CLI_FAILED;
    if (status == CLI_DONE && child.status != block->status) {
        cli_say("lesson", "%s: ended with status %d, and the page says %d%s%s", line, child.status,
                block->status, child.complaints && *child.complaints ? ": " : "",
                child.complaints && *child.complaints ? child.complaints : "");
        status = CLI_FAILED;
    }
    cli_child_free(&child);
    free(store);
    return status;
}

static int run_block(run_state *state, const cli_lesson_block *block)
{
    size_t at = block->first + 1;
    int status = CLI_DONE;
    bool failed = false;
    for (char *line; status == CLI_DONE && (line = cli_lesson_command(state->lesson, block, &at, &failed));) {
        status = run_line(state, block, line);
        free(line);
    }
    return failed ? CLI_FAILED : status;
}

/* --- output blocks ---------------------------------------------------------------------------------- */

/* --- what is not the same each time --- */

/* Where the columns end that words of the mask stand above, in characters, from right to left. */
typedef struct run_columns {
    size_t ends[8];
    int count;
} run_columns;

static size_t run_word(const char *mask, const char **word)
{
    *word = *word ? *word + strcspn(*word, ",") : mask;
    *word += *word && **word == ',';
    return *word ? strcspn(*word, ",") : 0;
}

static size_t run_characters(const char *line, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)line[i] & 0xC0) != 0x80;
    return count;
}

/* Words of the mask that stand by themselves, with no number behind, are headings. */
static void run_find_columns(run_columns *columns, const char *line, size_t length, const char *mask)
{
    const char *word = NULL;
    for (size_t size; (size = run_word(mask, &word)) != 0;)
        for (size_t at = 1; at + size <= length && columns->count < 8; at++) {
            const size_t behind = at + size;
            if (strncmp(line + at, word, size) != 0 || line[at - 1] != ' ' ||
                (behind < length && strncmp(line + behind, "  ", 2) != 0))
                continue;
            int place = columns->count++;
            const size_t end = run_characters(line, behind);
            for (; place && columns->ends[place - 1] < end; place--)
                columns->ends[place] = columns->ends[place - 1];
            columns->ends[place] = end;
            break;
        }
}

/* In a column what is a number becomes #. At most two blanks are before it, since a column is as wide as its
 * widest number. The new length, at most the old one. */
static size_t run_mask_column(char *line, size_t length, size_t end)
{
    size_t behind = 0, begin, blank;
    while (behind < length && run_characters(line, behind) < end)
        behind++;
    for (begin = behind; begin && line[begin - 1] != ' ';)
        begin--;
    for (blank = begin; blank && line[blank - 1] == ' ';)
        blank--;
    if (begin == behind || !begin || (behind < length && line[behind] != ' '))
        return length;
    const size_t number = strspn(line + begin, "0123456789.:"), unit = strspn(line + begin + number, "ms");
    if (number && number + unit >= behind - begin) { /* "8.21ms" */
        line[begin] = '#';
        memmove(line + begin + 1, line + behind, length - behind);
        length -= behind - begin - 1;
    }
    if (begin - blank > 2) {
        memmove(line + blank + 2, line + begin, length - begin);
        length -= begin - blank - 2;
    }
    return length;
}

static size_t run_mask_columns(run_columns *columns, char *line, size_t length, const char *mask)
{
    const char *word = NULL;
    for (size_t size; (size = run_word(mask, &word)) != 0;)
        if (size == 1 && *word == '+')
            while (length && (line[length - 1] == '+' || line[length - 1] == ' '))
                length--;
    if (!length)
        columns->count = 0;
    else if (!columns->count)
        run_find_columns(columns, line, length, mask);
    for (int i = 0; i < columns->count; i++)
        length = run_mask_column(line, length, columns->ends[i]);
    return length;
}

static bool run_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* One line with the number behind each word of the mask as #. */
static void run_put_masked(const char *line, size_t length, const char *mask)
{
    char before = ' ';
    while (length) {
        size_t skip = 1, size;
        for (const char *word = NULL; !run_is_letter(before) && (size = run_word(mask, &word)) != 0;) {
            if (size > length || strncmp(line, word, size) != 0)
                continue;
            const size_t between = size + strspn(line + size, "\" :=");
            const size_t number = strspn(line + between, "0123456789.:");
            if (!number || between + number > length || line[between] < '0' || line[between] > '9')
                continue;
            fwrite(line, 1, between, stdout);
            putchar('#');
            skip = between + number;
            break;
        }
        if (skip == 1)
            putchar(*line);
        before = line[skip - 1];
        line += skip;
        length -= skip;
    }
}

/* Blanks at line ends and empty lines around are not seen in a page, so they are not in it. */
static void run_put_output(char *text, const cli_lesson_block *block)
{
    run_columns columns = { .count = 0 };
    size_t lines = 0, line = 0;
    text += strspn(text, "\n");
    const char *end = text + strlen(text);
    while (end > text && (end[-1] == '\n' || end[-1] == ' '))
        end--;
    for (const char *at = text; at < end; at += strcspn(at, "\n") + 1)
        lines++;
    const size_t head = (size_t)block->head, tail = (size_t)block->tail;
    const bool cut = head + tail && lines > head + tail;
    for (char *at = text; at < end; line++) {
        char *next = at + strcspn(at, "\n");
        size_t length = (size_t)((next < end ? next : end) - at);
        while (length && at[length - 1] == ' ')
            length--;
        if (block->mask)
            length = run_mask_columns(&columns, at, length, block->mask);
        if (!cut || line < head || line >= lines - tail) {
            run_put_masked(at, length, block->mask);
            putchar('\n');
        } else if (line == head) {
            puts("...");
        }
        at = next + 1;
    }
}

static void run_put_lines(const cli_lesson *lesson, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        puts(lesson->lines[i]);
}

static int run_blocks(run_state *state)
{
    const cli_lesson *lesson = state->lesson;
    size_t written = 0;
    int status = CLI_DONE;
    for (size_t b = 0; b < lesson->block_count && status == CLI_DONE; b++) {
        const cli_lesson_block *block = &lesson->blocks[b];
        if (block->kind == LESSON_COMMANDS) {
            free(state->output);
            state->output = NULL;
            state->length = 0;
            status = run_block(state, block);
        } else if (block->kind == LESSON_OUTPUT && state->way == RUN_PAGE) {
            run_put_lines(lesson, written, block->first + 1);
            if (state->output)
                run_put_output(state->output, block);
            written = block->last;
        } else if (block->kind == LESSON_OUTPUT && state->way == RUN_HIDDEN && state->output) {
            putchar('\n');
            run_put_output(state->output, block);
        }
    }
    if (state->way == RUN_PAGE && status == CLI_DONE)
        run_put_lines(lesson, written, lesson->line_count);
    return status;
}

static int run_all(const cli_lesson *lesson, run_way way)
{
    run_state state = { .lesson = lesson, .way = way };
    char *folder = lesson->here && way != RUN_PAGE ? NULL : cli_child_folder();
    int status = CLI_DONE;
    state.folder = folder ? folder : ".";
    if ((!folder && !(lesson->here && way != RUN_PAGE)) || !cli_child_files(lesson, state.folder))
        status = CLI_FAILED;
    if (way == RUN_JSON && status == CLI_DONE)
        printf("{\"number\": %d, \"name\": \"%s\", \"commands\": [", lesson->number, lesson->name);
    if (status == CLI_DONE)
        status = run_blocks(&state);
    if (way == RUN_JSON)
        printf("], \"done\": %s}\n", status == CLI_DONE ? "true" : "false");
    else if (way == RUN_SHOW && status == CLI_DONE && !state.count)
        cli_say("lesson", "%s has no commands to run: slope lesson show %d", lesson->name, lesson->number);
    free(state.output);
    if (folder)
        cli_child_remove(folder);
    free(folder);
    return status;
}

int cli_lesson_run(const cli_lesson *lesson, bool json)
{
    return run_all(lesson, json ? RUN_JSON : RUN_SHOW);
}

int cli_lesson_run_hidden(const cli_lesson *lesson)
{
    return run_all(lesson, RUN_HIDDEN);
}

int cli_lesson_run_page(const cli_lesson *lesson)
{
    int status = run_all(lesson, RUN_PAGE);
    for (size_t i = 0; i < lesson->check_count && status == CLI_DONE; i++)
        status = cli_lesson_try(lesson, (int)i);
    return status;
}
