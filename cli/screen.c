/* screen.c - see screen.h */
#define _XOPEN_SOURCE 700
#include "screen.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "system.h"

static volatile sig_atomic_t
    screen_drawn; /* a signal handler, which can reach nothing else, has to erase it */

double cli_screen_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_screen_abandon(void)
{
    static const char erase[] = "\r\033[J";
    if (screen_drawn)
        cli_system_erase(erase, sizeof erase - 1);
    screen_drawn = 0;
}

void cli_screen_begin(cli_screen *screen)
{
    screen->terminal = cli_terminal_of(stderr);
    screen->unicode = screen->terminal.terminal && cli_unicode();
    screen->drawn_at = 0;
    screen->waiting = 0;
    if (screen->terminal
            .moves) /* the shell's words get a clean place, the next drawing is where the cursor is then */
        cli_system_pause(cli_screen_abandon);
}

bool cli_screen_due(const cli_screen *screen, double clock)
{
    return screen->terminal.moves && clock - screen->drawn_at >= 0.1;
}

/* In one piece, as far as the system can. */
static void screen_write(const char *text, size_t length)
{
    fwrite(text, 1, length, stderr);
    fflush(stderr);
}

void cli_screen_clear(cli_screen *screen)
{
    cli_screen_abandon();
    screen_write(screen->frame, screen->waiting);
    screen->waiting = 0;
}

void cli_screen_line(cli_screen *screen, const char *line)
{
    const size_t length = strlen(line);
    const char *end = screen->terminal.moves ? "\033[K\n" : "\n";
    if (screen->waiting + length + 8 > sizeof screen->frame / 2)
        cli_screen_clear(screen);
    if (length + 8 > sizeof screen->frame / 2)
        return; /* no line is so long */
    screen->waiting += (size_t)snprintf(screen->frame + screen->waiting, length + 8, "%s%s", line, end);
    if (!screen->terminal.moves)
        cli_screen_clear(screen);
}

void cli_screen_draw(cli_screen *screen, const char *lines, double clock, bool stay)
{
    /* a terminal that knows it shows all between these two at once; others pass over it */
    static const char same[] = "\033[?2026h\r", other[] = "\033[?2026h\r\033[J", close[] = "\033[?2026l";
    size_t drawn = 0;
    /* in the background of a shell the terminal belongs to others: lines are printed there, nothing is drawn
     */
    if (!screen->terminal.moves || screen->terminal.tiny || !cli_system_front()) {
        cli_screen_clear(screen);
        return;
    }
    screen->drawn_at = clock;
    /* after a change of the window's size from nothing: a line that was broken in two stays one for tmux,
     * whatever is written over it */
    const bool changed = screen->width != screen->terminal.width || screen->height != screen->terminal.height;
    const char *open = changed ? other : same;
    screen->width = screen->terminal.width;
    screen->height = screen->terminal.height;
    memmove(screen->frame + strlen(open), screen->frame, screen->waiting);
    memcpy(screen->frame, open, strlen(open));
    size_t length = strlen(open) + screen->waiting;
    screen->waiting = 0;
    for (const char *at = lines; *at;) {
        const size_t line = strcspn(at, "\n");
        if (length + line + 64 > sizeof screen->frame)
            break;
        memcpy(screen->frame + length, at, line);
        length += line;
        at += line + (at[line] == '\n');
        drawn++;
        length += (size_t)snprintf(screen->frame + length, 8, *at || stay ? "\033[K\n" : "\033[K");
    }
    length += (size_t)snprintf(screen->frame + length, 32, "\033[J");
    if (!stay && drawn > 1)
        length += (size_t)snprintf(screen->frame + length, 32, "\033[%zuA", drawn - 1);
    length += (size_t)snprintf(screen->frame + length, 32, "\r%s", close);
    screen_drawn = !stay && drawn;
    screen_write(screen->frame, length);
}

/* --- a bar ---------------------------------------------------------------------------------------- */

/* `width` columns; in Unicode the last cell is filled by eighths. */
static void screen_put_bar(char *text, int width, double part, bool unicode)
{
    static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
    part = part > 1 ? 1 : part > 0 ? part : 0;
    const int filled = (int)(part * width * 8 + 0.5);
    int column = 0;
    *text = 0;
    for (; column < filled / 8; column++)
        strcat(text, unicode ? "█" : "#");
    if (unicode && filled % 8) {
        strcat(text, eighths[filled % 8]);
        column++;
    }
    for (; column < width; column++)
        strcat(text, unicode ? " " : ".");
}

/* Columns that are left beside all pieces; the last one stays free: some terminals would begin a new line. */
static int screen_room(const cli_screen *screen, const cli_piece *pieces, int count)
{
    int room = screen->terminal.width - 1;
    for (int i = 0; i < count; i++)
        room -= cli_columns(pieces[i].text);
    return room;
}

void cli_screen_bar(char line[CLI_BAR_SIZE], const cli_screen *screen, double part, cli_piece *pieces,
                    int count)
{
    char bar[256] = "";
    int room = screen_room(screen, pieces, count);
    for (int rank = 0; rank < count && room < 12; rank++) {
        for (int i = 0; i < count; i++)
            if (pieces[i].rank == rank)
                pieces[i].text[0] = 0;
        room = screen_room(screen, pieces, count);
    }
    for (int i = 0; i < count && room < 0; i++) {
        room += cli_columns(pieces[i].text);
        pieces[i].text[0] = 0;
    }
    if (room >= 6)
        screen_put_bar(bar, room > 42 ? 40 : room - 2, part, screen->unicode);
    const bool ascii = !screen->unicode && *bar;
    int length = snprintf(line, CLI_BAR_SIZE, "%s%s%s%s%s%s", pieces[0].text, ascii ? "[" : "",
                          *bar ? screen->terminal.good : "", bar, *bar ? screen->terminal.plain : "",
                          ascii  ? "]"
                          : *bar ? "▏"
                                 : "");
    for (int i = 1; i < count; i++)
        length += snprintf(line + length, (size_t)(CLI_BAR_SIZE - length), "%s", pieces[i].text);
    snprintf(line + length, (size_t)(CLI_BAR_SIZE - length), "\n");
}
