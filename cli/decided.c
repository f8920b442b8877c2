/* decided.c - see decided.h */
#include "decided.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "terminal.h"

enum { DECIDED_COLUMNS = 3, DECIDED_GAP = 2, DECIDED_LEAST = 60, DECIDED_MOST = 100 };

typedef struct {
    char *cell[DECIDED_COLUMNS];
} decided_line;

/* global: the contexts of a command are made in many places, and all report to one table */
static struct {
    const cli_call *call; /* NULL: nobody wants to know */
    decided_line *lines;
    size_t count, room, shown;
    const char *only;           /* which of the library's; NULL: all */
    int width[DECIDED_COLUMNS]; /* of the last table: the next one is no narrower */
    bool recorded, failed;
} decided_all;

void cli_decided_begin(const cli_call *call)
{
    decided_all.call = call->why ? call : NULL;
}

static bool decided_known(char *const cell[DECIDED_COLUMNS])
{
    for (size_t i = 0; i < decided_all.count; i++) {
        bool same = true;
        for (int c = 0; c < DECIDED_COLUMNS; c++)
            same = same && strcmp(decided_all.lines[i].cell[c], cell[c]) == 0;
        if (same)
            return true;
    }
    return false;
}

/* Takes the cells, which come from malloc. */
static void decided_keep(char *const cell[DECIDED_COLUMNS])
{
    if (decided_all.count == decided_all.room) {
        const size_t room = decided_all.room ? decided_all.room * 2 : 64;
        decided_line *grown = realloc(decided_all.lines, room * sizeof *grown);
        decided_all.failed = !grown;
        if (!grown)
            return;
        decided_all.lines = grown;
        decided_all.room = room;
    }
    memcpy(decided_all.lines[decided_all.count++].cell, cell, sizeof decided_all.lines->cell);
}

static void decided_add(const char *const cell[DECIDED_COLUMNS])
{
    char *clean[DECIDED_COLUMNS];
    const size_t before = decided_all.count;
    if (!decided_all.call || decided_all.failed)
        return;
    for (int c = 0; c < DECIDED_COLUMNS; c++) {
        clean[c] = cli_clean_copy(cell[c]);
        decided_all.failed = decided_all.failed || !clean[c];
    }
    if (!decided_all.failed && !decided_known(clean))
        decided_keep(clean);
    for (int c = 0; c < DECIDED_COLUMNS && decided_all.count == before; c++)
        free(clean[c]);
}

/* Is the word one of a list with commas between them? */
static bool decided_listed(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, word, length) == 0 && (!at[length] || at[length] == ','))
            return true;
    return false;
}

void cli_decided_only(const char *names)
{
    decided_all.only = names;
}

static void decided_listen(void *user, const char *what, const char *chosen, const char *reason)
{
    (void)user;
    if (decided_all.only && !decided_listed(decided_all.only, what))
        return;
    decided_add((const char *const[]){ what, chosen, reason });
}

void cli_decided_listen(sl_ctx_options *options)
{
    if (decided_all.call)
        options->decided = decided_listen;
}

void cli_decided(const char *what, const char *chosen, const char *format, ...)
{
    char reason[1024];
    if (!decided_all.call)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    decided_add((const char *const[]){ what, chosen, reason });
}

void cli_decided_recorded(void)
{
    decided_all.recorded = true;
}

/* --- the table ---------------------------------------------------------------------------------------- */

/* The bytes of the next line of a cell: as many words as fit into `width` columns, of a longer word as much
 * of it. *skip: with the blanks behind them. */
static size_t decided_piece(const char *text, int width, size_t *skip)
{
    size_t end = 0, word = 0;
    int columns = 0;
    for (; text[end]; end++) {
        const bool begins = ((unsigned char)text[end] & 0xC0) != 0x80;
        if (text[end] == ' ' && end)
            word = end;
        if (begins && ++columns > width)
            break;
    }
    if (text[end] && text[end] != ' ' && word)
        end = word;
    *skip = end + strspn(text + end, " ");
    return end;
}

static void decided_print(const char *const cell[DECIDED_COLUMNS], const int width[DECIDED_COLUMNS])
{
    const char *rest[DECIDED_COLUMNS] = { cell[0], cell[1], cell[2] };
    do {
        int blanks = 0;
        for (int c = 0; c < DECIDED_COLUMNS; c++) {
            size_t skip;
            const size_t length = decided_piece(rest[c], width[c], &skip);
            if (length)
                fprintf(stderr, "%*s", blanks, "");
            fwrite(rest[c], 1, length, stderr);
            int columns = 0;
            for (size_t i = 0; i < length; i++)
                columns += ((unsigned char)rest[c][i] & 0xC0) != 0x80;
            blanks = (length ? 0 : blanks) + width[c] - columns + DECIDED_GAP;
            rest[c] += skip;
        }
        putc('\n', stderr);
    } while (*rest[0] || *rest[1] || *rest[2]);
}

static int decided_width(int column, int most)
{
    static const char *const heads[DECIDED_COLUMNS] = { "decided", "chosen", "because" };
    int width = cli_columns(heads[column]);
    width = decided_all.width[column] > width ? decided_all.width[column] : width;
    for (size_t i = decided_all.shown; i < decided_all.count; i++) {
        const int columns = cli_columns(decided_all.lines[i].cell[column]);
        width = columns > width ? columns : width;
    }
    return width < most ? width : most;
}

void cli_decided_show(void)
{
    enum { WHAT = 20, CHOSEN = 22 };
    if (!decided_all.call || decided_all.shown == decided_all.count)
        return;
    const cli_terminal terminal = cli_terminal_of(stderr);
    const int all = terminal.width < DECIDED_LEAST  ? DECIDED_LEAST
                    : terminal.width > DECIDED_MOST ? DECIDED_MOST
                                                    : terminal.width;
    int width[DECIDED_COLUMNS] = { decided_width(0, WHAT), decided_width(1, CHOSEN), 0 };
    width[2] = all - width[0] - width[1] - 2 * DECIDED_GAP;
    memcpy(decided_all.width, width, sizeof width);
    fflush(stdout); /* results come first where both are seen */
    fputs(terminal.bold, stderr);
    decided_print((const char *const[]){ "decided", "chosen", "because" }, width);
    fputs(terminal.plain, stderr);
    for (; decided_all.shown < decided_all.count; decided_all.shown++) {
        char *const *cell = decided_all.lines[decided_all.shown].cell;
        decided_print((const char *const[]){ cell[0], cell[1], cell[2] }, width);
    }
    fflush(stderr);
}

/* --- defaults that stand in the table of options alone ------------------------------------------------- */

static bool decided_told(const char *what)
{
    for (size_t i = 0; i < decided_all.count; i++)
        if (strcmp(decided_all.lines[i].cell[0], what) == 0)
            return true;
    return false;
}

static bool decided_is_off(const char *normal)
{
    return strncmp(normal, "none", 4) == 0 || strcmp(normal, "0: none") == 0 ||
           strcmp(normal, "no limit") == 0;
}

static void decided_defaults(const cli_call *call)
{
    char off[1024] = "";
    size_t length = 0;
    for (const cli_option *operand = call->command->operands; operand->name; operand++) {
        const char *text;
        memcpy(&text, (const char *)call->settings + operand->at, sizeof text);
        if (!text && operand->normal && *operand->normal && !operand->told && !decided_told(operand->name))
            cli_decided(operand->name, operand->normal, "the default");
    }
    for (const cli_option *option = call->command->options; option->name; option++) {
        const char *normal = option->normal;
        if (!normal || !*normal || cli_given(call, option->name) || decided_told(option->name))
            continue;
        if (!decided_is_off(normal) && !option->told)
            cli_decided(option->name, normal, "the default");
        else if (decided_is_off(normal) && length + strlen(option->name) + 4 < sizeof off)
            length += (size_t)snprintf(off + length, sizeof off - length, "%s--%s", length ? ", " : "",
                                       option->name);
    }
    if (length)
        cli_decided("unused", "none", "%s: not used unless given", off);
}

void cli_decided_end(bool done)
{
    const cli_call *call = decided_all.call;
    if (!call)
        return;
    if (done && !decided_all.recorded)
        decided_defaults(call);
    cli_decided_show();
    if (!decided_all.count && done)
        cli_say(call->command->name, "--why: nothing was decided: all that was done was asked for");
    if (decided_all.failed)
        cli_say(call->command->name, "--why: memory ran out: some decisions are not shown");
    for (size_t i = 0; i < decided_all.count; i++)
        for (int c = 0; c < DECIDED_COLUMNS; c++)
            free(decided_all.lines[i].cell[c]);
    free(decided_all.lines);
    memset(&decided_all, 0, sizeof decided_all);
}
