/* lesson_show.c - a page for a terminal: lines broken between words, tables in columns, no checks. */
#include "lesson_show.h"

#include <stdlib.h>
#include <string.h>

enum { SHOW_COLUMNS = 80, SHOW_CELLS = 16 };

/* Text being broken into lines. What is written to the terminal but takes no column is not counted. */
typedef struct {
    FILE *stream;
    const cli_terminal *terminal;
    int width, indent, at; /* columns */
    bool word;             /* something stands in the line */
} show_flow;

static void show_put_word(show_flow *flow, const char *word, size_t length, int columns)
{
    if (flow->word && flow->at + 1 + columns > flow->width) {
        fprintf(flow->stream, "\n%*s", flow->indent, "");
        flow->at = flow->indent;
        flow->word = false;
    }
    if (flow->word) {
        putc(' ', flow->stream);
        flow->at++;
    }
    fwrite(word, 1, length, flow->stream);
    flow->at += columns;
    flow->word = true;
}

/* Is **, * or ` here a mark that has a partner? *: only between a blank and a letter, so that a * b stays. */
static const char *show_partner(const char *text, const char *at, const char *mark)
{
    const size_t length = strlen(mark);
    if (mark[0] == '*' && ((at > text && !strchr(" (\"", at[-1])) || strchr(" *", at[length])))
        return NULL;
    for (const char *end = at + length; (end = strstr(end, mark)); end++)
        if (mark[0] == '`' || (end[-1] != ' ' && strchr(" .,;:!?)\"", end[length])))
            return end;
    return NULL;
}

/* A paragraph's text without its marks: `code` and **strong** bold where there are colours, [text](place) as
 * text (place). Escape sequences take no columns, so they are put in as bytes 1 (bold) and 2 (plain). Returns
 * how much was written. */
static size_t show_plain(const char *text, char *to, bool colours)
{
    char *const start = to;
    const char *bold_end = NULL, *code_end = NULL;
    size_t bold_length = 0;
    for (const char *at = text; *at;) {
        if (at == code_end || at == bold_end) {
            const bool code = at == code_end;
            if (code && !colours)
                *to++ = '`';
            else if (colours)
                *to++ = 2;
            at += code ? 1 : bold_length;
            *(code ? &code_end : &bold_end) = NULL;
            continue;
        }
        const size_t stars = !code_end && !bold_end && *at == '*' ? strspn(at, "*") : 0;
        const char *end;
        if (!code_end && *at == '`' && (end = show_partner(text, at, "`"))) {
            code_end = end;
            *to++ = colours ? 1 : '`';
            at++;
        } else if ((stars == 1 || stars == 2) && (end = show_partner(text, at, stars == 2 ? "**" : "*"))) {
            bold_end = end;
            bold_length = stars;
            if (colours)
                *to++ = 1;
            at += stars;
        } else if (!code_end && *at == '\\' && at[1] && strchr("\\`*_{}[]()#+-.!|<>", at[1])) {
            *to++ = at[1];
            at += 2;
        } else {
            *to++ = *at++;
        }
    }
    *to = 0;
    return (size_t)(to - start);
}

static void show_words(show_flow *flow, const char *text)
{
    const bool colours = *flow->terminal->bold;
    char *plain = malloc(strlen(text) + 1), *out = malloc(strlen(text) * 8 + 8);
    if (!plain || !out) {
        free(plain);
        free(out);
        cli_say("lesson", "memory ran out");
        return;
    }
    show_plain(text, plain, colours);
    for (const char *at = plain + strspn(plain, " "); *at; at += strspn(at, " ")) {
        char *to = out;
        int columns = 0;
        for (; *at && *at != ' '; at++) {
            const char *code = *at == 1 ? flow->terminal->bold : *at == 2 ? flow->terminal->plain : NULL;
            if (code)
                to = memcpy(to, code, strlen(code) + 1), to += strlen(code);
            else
                *to++ = *at;
            columns += !code && ((unsigned char)*at & 0xC0) != 0x80;
        }
        show_put_word(flow, out, (size_t)(to - out), columns);
    }
    free(plain);
    free(out);
}

/* --- tables ----------------------------------------------------------------------------------------- */

/* The cells of "| a | b |", cut and trimmed in a copy; how many. */
static int show_cells(char *line, char *cells[SHOW_CELLS])
{
    int count = 0;
    char *at = line + strspn(line, " ") + 1;
    while (*at && count < SHOW_CELLS) {
        char *end = at;
        while (*end && (*end != '|' || end[-1] == '\\'))
            end++;
        const bool closed = *end == '|';
        *end = 0;
        at += strspn(at, " ");
        char *last = end;
        while (last > at && last[-1] == ' ')
            *--last = 0;
        if (closed || *at)
            cells[count++] = at;
        at = closed ? end + 1 : end;
    }
    return count;
}

static bool show_rule(char *const *cells, int count)
{
    for (int i = 0; i < count; i++)
        if (!*cells[i] || strspn(cells[i], "-:") != strlen(cells[i]))
            return false;
    return count > 0;
}

/* Lines first .. last - 1. A table that is wider than the terminal has its last column broken. */
static bool show_table(FILE *stream, char *const *lines, size_t first, size_t last, int width,
                       const cli_terminal *terminal)
{
    int wide[SHOW_CELLS] = { 0 };
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = first; i < last; i++) {
            char *cells[SHOW_CELLS], *line = malloc(strlen(lines[i]) + 1),
                                     *plain = malloc(strlen(lines[i]) + 1);
            if (!line || !plain) {
                free(line);
                free(plain);
                return false;
            }
            strcpy(line, lines[i]);
            const int count = show_cells(line, cells);
            const bool rule = show_rule(cells, count);
            show_flow flow = { .stream = stream, .terminal = terminal, .width = width, .indent = 2, .at = 2 };
            if (pass)
                fputs("  ", stream);
            for (int c = 0; c < count; c++) {
                show_plain(cells[c], plain, false);
                const int columns = cli_columns(plain);
                if (!pass) {
                    if (!rule && columns > wide[c])
                        wide[c] = columns;
                } else if (rule) {
                    const int left = width - flow.at > wide[c] ? wide[c] : width - flow.at;
                    for (int d = 0; d < left; d++)
                        putc('-', stream);
                    fputs(c + 1 < count ? "  " : "", stream);
                    flow.at += wide[c] + 2;
                } else {
                    const int behind = flow.at + wide[c];
                    flow.indent = flow.at;
                    flow.word = false;
                    show_words(&flow, cells[c]);
                    if (c + 1 < count) {
                        fprintf(stream, "%*s", behind + 2 > flow.at ? behind + 2 - flow.at : 1, "");
                        flow.at = behind + 2;
                    }
                }
            }
            if (pass)
                putc('\n', stream);
            free(line);
            free(plain);
        }
    return true;
}

/* --- lines ------------------------------------------------------------------------------------------ */

/* "- ", "12. ": how many columns a list's mark takes; 0: none. */
static int show_mark(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    if (digits && digits < 4 && (text[digits] == '.' || text[digits] == ')') && text[digits + 1] == ' ')
        return (int)digits + 2;
    return (*text == '-' || *text == '*' || *text == '+') && text[1] == ' ' ? 2 : 0;
}

static bool show_joins(const char *line)
{
    const char *text = line + strspn(line, " ");
    return *text && *text != '#' && *text != '|' && *text != '>' && !show_mark(text) &&
           strncmp(text, "```", 3) != 0 && strncmp(text, "<!--", 4) != 0;
}

static void show_heading(FILE *stream, const char *line, const cli_terminal *terminal)
{
    const size_t level = strspn(line, "#");
    const char *text = line + level + strspn(line + level, " ");
    fprintf(stream, "%s%s%s\n", terminal->bold, text, terminal->plain);
    for (int i = cli_columns(text); level <= 2 && i; i--)
        putc(level == 1 ? '=' : '-', stream);
    fputs(level <= 2 ? "\n" : "", stream);
}

static size_t show_paragraph(FILE *stream, char *const *lines, size_t line, size_t count, int width,
                             const cli_terminal *terminal)
{
    const char *text = lines[line] + strspn(lines[line], " ");
    const int blanks = (int)(text - lines[line]), mark = show_mark(text), quote = *text == '>' ? 2 : 0;
    show_flow flow = { .stream = stream, .terminal = terminal, .width = width, .at = blanks + mark + quote };
    flow.indent = flow.at;
    if (quote)
        text += 1 + strspn(text + 1, " ");
    fprintf(stream, "%*s%.*s", blanks + quote, "", mark, text);
    size_t last = line + 1, room = strlen(text) + 1;
    for (; last < count && (quote ? lines[last][0] == '>' : show_joins(lines[last])); last++)
        room += strlen(lines[last]) + 1;
    char *whole = malloc(room); /* a mark may have its partner in another line */
    if (whole) {
        strcpy(whole, text + mark);
        while (++line < last)
            strcat(strcat(whole, " "), lines[line] + (quote ? 1 : 0));
        show_words(&flow, whole);
    }
    free(whole);
    putc('\n', stream);
    return last;
}

static void show_block(FILE *stream, const cli_lesson *lesson, const cli_lesson_block *block,
                       const cli_terminal *terminal)
{
    const bool commands = block->kind == LESSON_COMMANDS;
    if (block->kind == LESSON_FILE)
        fprintf(stream, "  %s%s:%s\n", terminal->dim, block->file, terminal->plain);
    for (size_t i = block->first + 1; i < block->last; i++) {
        const bool starts = commands && strncmp(lesson->lines[i], "slope ", 6) == 0;
        fprintf(stream, "%s%s%s%s%s\n", *lesson->lines[i] ? "  " : "", commands ? terminal->bold : "",
                starts ? "$ " : "", lesson->lines[i], commands ? terminal->plain : "");
    }
}

bool cli_lesson_show(const cli_lesson *lesson, FILE *stream, const cli_terminal *terminal)
{
    const int width = terminal->width < SHOW_COLUMNS ? terminal->width : SHOW_COLUMNS;
    size_t block = 0, line = 0;
    bool empty = false; /* lines before; several are one, and those behind a comment that is left out too */
    while (line < lesson->line_count) {
        const char *text = lesson->lines[line] + strspn(lesson->lines[line], " ");
        const cli_lesson_block *here = block < lesson->block_count && lesson->blocks[block].first == line
                                           ? &lesson->blocks[block++]
                                           : NULL;
        if (!*text || (here && here->kind == LESSON_COMMENT)) {
            empty = empty || !*text;
            line = here ? here->last + 1 : line + 1;
            continue;
        }
        fputs(empty ? "\n" : "", stream);
        empty = false;
        if (here) {
            show_block(stream, lesson, here, terminal);
            line = here->last + 1;
        } else if (text - lesson->lines[line] >= 4 && !show_mark(text)) { /* as written: formulas */
            fprintf(stream, "%s\n", lesson->lines[line++]);
        } else if (*text == '#') {
            show_heading(stream, text, terminal);
            line++;
        } else if (*text == '|') {
            size_t last = line;
            while (last < lesson->line_count && lesson->lines[last][strspn(lesson->lines[last], " ")] == '|')
                last++;
            if (!show_table(stream, lesson->lines, line, last, width, terminal))
                return false;
            line = last;
        } else {
            line = show_paragraph(stream, lesson->lines, line, lesson->line_count, width, terminal);
        }
    }
    return true;
}

bool cli_lesson_show_quotes(const cli_lesson *lesson, FILE *stream, const cli_terminal *terminal)
{
    const int width = terminal->width < SHOW_COLUMNS ? terminal->width : SHOW_COLUMNS;
    size_t block = 0, line = 0;
    bool any = false;
    while (line < lesson->line_count) {
        if (block < lesson->block_count && lesson->blocks[block].first == line) {
            line = lesson->blocks[block++].last + 1;
        } else if (lesson->lines[line][0] == '>') {
            fputs(any ? "\n" : "", stream);
            line = show_paragraph(stream, lesson->lines, line, lesson->line_count, width, terminal);
            any = true;
        } else {
            line++;
        }
    }
    return any;
}

void cli_lesson_show_text(const char *text, FILE *stream, const cli_terminal *terminal)
{
    show_flow flow = { .stream = stream, .terminal = terminal };
    flow.width = terminal->width < SHOW_COLUMNS ? terminal->width : SHOW_COLUMNS;
    show_words(&flow, text);
    putc('\n', stream);
}

void cli_lesson_show_page(const cli_lesson *lesson, FILE *stream)
{
    size_t block = 0;
    bool empty = false;
    for (size_t line = 0; line < lesson->line_count; line++) {
        const cli_lesson_block *here = block < lesson->block_count && lesson->blocks[block].first == line
                                           ? &lesson->blocks[block++]
                                           : NULL;
        const size_t last = here ? here->last : line;
        if (here && here->kind == LESSON_COMMENT) {
            line = last;
            continue;
        }
        if (!here && !*lesson->lines[line]) {
            empty = true;
            continue;
        }
        fputs(empty ? "\n" : "", stream);
        empty = false;
        for (; line <= last; line++)
            fprintf(stream, "%s\n", lesson->lines[line]);
        line = last;
    }
}
