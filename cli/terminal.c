/* terminal.c - see terminal.h */
#define _XOPEN_SOURCE 700
#include "terminal.h"

#include <stdlib.h>
#include <string.h>

#include "system.h"

bool cli_unicode(void)
{
    return cli_system_unicode();
}

void cli_terminal_measure(cli_terminal *terminal, FILE *stream)
{
    int width, height;
    terminal->width = 80;
    terminal->height = 24;
    if (terminal->terminal && cli_system_window(stream, &width, &height)) {
        terminal->width = width < 20 ? 20 : width > 400 ? 400 : width;
        terminal->height = height;
        terminal->tiny = width < 20;
    }
}

cli_terminal cli_terminal_of(FILE *stream)
{
    cli_terminal terminal = { .bold = "", .dim = "", .good = "", .plain = "", .train = "", .validation = "" };
    const char *type = getenv("TERM"), *plain = getenv("NO_COLOR");
    terminal.terminal = cli_system_terminal(stream);
    terminal.moves = terminal.terminal && type && *type && strcmp(type, "dumb") != 0;
    cli_terminal_measure(&terminal, stream);
    if (terminal.moves && !(plain && *plain)) {
        terminal.bold = "\033[1m";
        terminal.dim = "\033[2m";
        terminal.good = "\033[32m";
        terminal.plain = "\033[0m";
        const char *more = getenv("COLORTERM");
        const bool many = strstr(type, "256color") || (more && *more); /* else blue may be too dark to see */
        terminal.train = many ? "\033[38;5;32m" : "\033[36m";
        terminal.validation = many ? "\033[38;5;208m" : "\033[33m";
    }
    return terminal;
}

int cli_columns(const char *text)
{
    int columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xC0) != 0x80;
    return columns;
}

void cli_table_begin(cli_table *table, int columns, const char *align)
{
    *table = (cli_table){ .align = align, .columns = columns };
}

void cli_table_cell(cli_table *table, const char *text)
{
    if (table->failed)
        return;
    if (table->count == table->room) {
        const size_t room = table->room ? table->room * 2 : 64;
        char **cells = realloc(table->cells, room * sizeof *cells);
        if (!cells) {
            table->failed = true;
            return;
        }
        table->cells = cells;
        table->room = room;
    }
    char *copy = cli_clean_copy(text ? text : "");
    if (!copy) {
        table->failed = true;
        return;
    }
    table->cells[table->count++] = copy;
}

static int table_column_width(const cli_table *table, int column)
{
    int widest = 0;
    for (size_t i = (size_t)column; i < table->count; i += (size_t)table->columns) {
        const int width = cli_columns(table->cells[i]);
        if (width > widest)
            widest = width;
    }
    return widest;
}

int cli_table_width(const cli_table *table, int indent, int gap)
{
    int width = indent + gap * (table->columns - 1);
    for (int column = 0; column < table->columns; column++)
        width += table_column_width(table, column);
    return width;
}

bool cli_table_print(cli_table *table, FILE *stream, int indent, int gap, const cli_terminal *terminal)
{
    int *widths = table->failed ? NULL : malloc((size_t)table->columns * sizeof *widths);
    if (!widths) {
        cli_say(NULL, "memory ran out");
        return false;
    }
    for (int column = 0; column < table->columns; column++)
        widths[column] = table_column_width(table, column);
    const size_t letters = strlen(table->align);
    for (size_t i = 0; i < table->count; i += (size_t)table->columns) {
        int blanks = indent; /* held back, so that no line ends with blanks */
        fputs(i ? "" : terminal->bold, stream);
        for (int column = 0; column < table->columns && i + (size_t)column < table->count; column++) {
            const char *cell = table->cells[i + (size_t)column];
            const int free_columns = widths[column] - cli_columns(cell);
            const bool right = table->align[(size_t)column < letters ? (size_t)column : letters - 1] == 'r';
            blanks += column ? gap : 0;
            if (*cell)
                fprintf(stream, "%*s%s", blanks + (right ? free_columns : 0), "", cell);
            blanks = *cell ? (right ? 0 : free_columns) : blanks + widths[column];
        }
        fprintf(stream, "%s\n", i ? "" : terminal->plain);
    }
    free(widths);
    return true;
}

void cli_table_free(cli_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (cli_table){ .columns = table->columns, .align = table->align };
}
