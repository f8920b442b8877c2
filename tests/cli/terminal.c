/* terminal.c - a terminal without a window: runs a command on one and writes what a person would see in the
 * end, with what has scrolled away above it. Knows what slope may write: text, CR, LF, CSI A, J, K, m and
 * synchronised output; all else ends it with status 3.
 *
 *   terminal [-s COLUMNSxLINES] [-x] [-z FRAME] [-r FRAME:COLUMNSxLINES] [-c FRAME] [-f FRAME:FILE] [-o RAW]
 * [-t TEXT] COMMAND ...
 *
 * -x: long lines are cut when the window gets narrower (xterm), else they are broken (most others). After so
 * many frames -r resizes the window (up to 4 times), -c types Ctrl-C, -f writes the visible screen to a file;
 * -z reads nothing for four seconds, as behind Ctrl-S, -o keeps all bytes; -t types a line as soon as
 * something is shown. stderr: "frames N seconds S status N colours N". Sits in 1 to 512 columns. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_LINES = 8192, WIDEST = 512, RESIZES = 4 };

typedef struct {
    unsigned cell[WIDEST];
    int length;
    bool joined; /* goes on in the next one */
} screen_line;

typedef struct {
    screen_line *line;
    int count, top, x, y, width, height;
    bool keeps; /* -x */
} screen;

static void die(const char *what)
{
    fprintf(stderr, "terminal: %s\n", what);
    exit(3);
}

static void next_line(screen *s)
{
    if (++s->y >= MOST_LINES)
        die("too many lines");
    if (s->y >= s->count) {
        memset(&s->line[s->y], 0, sizeof *s->line);
        s->count = s->y + 1;
    }
    if (s->y >= s->top + s->height)
        s->top = s->y - s->height + 1;
}

static void put(screen *s, unsigned code)
{
    if (s->x >= s->width) {
        s->line[s->y].joined = true;
        next_line(s);
        s->x = 0;
    }
    screen_line *line = &s->line[s->y];
    while (line->length < s->x)
        line->cell[line->length++] = ' ';
    line->cell[s->x++] = code;
    if (line->length < s->x)
        line->length = s->x;
}

static void erase_line(screen *s)
{
    if (s->line[s->y].length > s->x)
        s->line[s->y].length = s->x;
    s->line[s->y].joined = false;
}

static void resize(screen *s, int width, int height)
{
    screen_line *old = s->line;
    s->line = calloc(MOST_LINES, sizeof *s->line);
    int x = s->x, y = 0, out = 0;
    for (int i = 0; i < s->count; i++) { /* broken anew, or cut */
        if (i == s->y)
            y = out;
        for (int from = 0;; from += width) {
            screen_line *line = &s->line[out++];
            line->length = old[i].length - from < width ? old[i].length - from : width;
            memcpy(line->cell, old[i].cell + from,
                   (size_t)(line->length > 0 ? line->length : 0) * sizeof(unsigned));
            if (i == s->y && x > width && !s->keeps && from + width < old[i].length) {
                x -= width;
                y = out;
            }
            if (s->keeps || from + width >= old[i].length)
                break;
            line->joined = true;
        }
    }
    free(old);
    s->count = out;
    s->width = width;
    s->height = height;
    s->x = x > width ? width : x;
    s->y = y;
    s->top = s->count - height < s->top ? s->count - height : s->top;
    s->top = s->top < 0 ? 0 : s->top;
    if (s->y >= s->top + height)
        s->top = s->y - height + 1;
    if (s->count > s->top + height) /* what is below the cursor goes first */
        s->count = s->top + height > s->y + 1 ? s->top + height : s->y + 1;
}

static void print(FILE *file, const screen *s, int from)
{
    int end = s->count;
    while (end > from && s->line[end - 1].length == 0)
        end--;
    for (int i = from; i < end; i++) {
        const screen_line *line = &s->line[i];
        int length = line->length;
        while (length > 0 && line->cell[length - 1] == ' ')
            length--;
        for (int c = 0; c < length; c++) {
            const unsigned code = line->cell[c];
            if (code < 0x80)
                putc((int)code, file);
            else if (code < 0x800)
                fprintf(file, "%c%c", (int)(0xC0 | code >> 6), (int)(0x80 | (code & 63)));
            else
                fprintf(file, "%c%c%c", (int)(0xE0 | code >> 12), (int)(0x80 | (code >> 6 & 63)),
                        (int)(0x80 | (code & 63)));
        }
        putc('\n', file);
    }
}

/* --- what comes in, a byte at a time -------------------------------------------------------------- */

typedef struct {
    screen screen;
    int escape; /* 0 text, 1 behind ESC, 2 within CSI */
    char argument[32];
    int length;
    unsigned code;
    int more; /* bytes of a character to come */
    int frames, colours;
} reader;

/* true: a frame is complete */
static bool command(reader *r, char letter)
{
    screen *s = &r->screen;
    const int number = *r->argument ? atoi(r->argument) : 0;
    r->argument[r->length] = 0;
    if (letter == 'A') {
        s->y -= number ? number : 1;
        s->y = s->y < s->top ? s->top : s->y;
    } else if (letter == 'K' && number == 0) {
        erase_line(s);
    } else if (letter == 'J' && number == 0) {
        erase_line(s);
        s->count = s->y + 1;
    } else if (letter == 'm') {
        r->colours++;
    } else if (strcmp(r->argument, "?2026") == 0 && (letter == 'h' || letter == 'l')) {
        r->frames += letter == 'l';
        return letter == 'l';
    } else {
        fprintf(stderr, "terminal: CSI %s%c\n", r->argument, letter);
        exit(3);
    }
    return false;
}

static bool take(reader *r, unsigned char byte)
{
    screen *s = &r->screen;
    if (r->escape == 1) {
        if (byte != '[')
            die("ESC without [");
        r->escape = 2;
        r->length = 0;
        memset(r->argument, 0, sizeof r->argument);
    } else if (r->escape == 2) {
        if (byte >= '@') {
            r->escape = 0;
            return command(r, (char)byte);
        }
        if (r->length + 1 >= (int)sizeof r->argument)
            die("a long CSI");
        r->argument[r->length++] = (char)byte;
    } else if (r->more) {
        if ((byte & 0xC0) != 0x80)
            die("half a character");
        r->code = r->code << 6 | (byte & 63);
        if (--r->more == 0)
            put(s, r->code);
    } else if (byte >= 0xE0 || (byte >= 0xC0 && byte < 0xE0)) {
        r->more = byte >= 0xE0 ? 2 : 1;
        r->code = byte >= 0xE0 ? byte & 15 : byte & 31;
    } else if (byte == 27) {
        r->escape = 1;
    } else if (byte == '\r') {
        s->x = 0;
    } else if (byte == '\n') {
        next_line(s);
    } else if (byte >= 32 && byte < 127) {
        put(s, byte);
    } else {
        die("a control character");
    }
    return false;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void set_size(int terminal, int width, int height)
{
    struct winsize size = { .ws_col = (unsigned short)width, .ws_row = (unsigned short)height };
    if (ioctl(terminal, TIOCSWINSZ, &size) != 0)
        die("the window's size cannot be set");
}

static void start(const char *name, char **argv)
{
    static const int signals[] = { SIGINT, SIGQUIT, SIGTSTP, SIGPIPE };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL); /* a background job's Ctrl-C is ignored: this one's is not */
    setsid();
    const int slave = open(name, O_RDWR); /* a session's first terminal becomes its own */
    ioctl(slave, TIOCSCTTY, 0);
    for (int i = 0; i < 3; i++)
        dup2(slave, i);
    close(slave);
    execvp(argv[0], argv);
    _exit(127);
}

int main(int argc, char **argv)
{
    int width = 80, height = 24, interrupt = -1, keep = -1, still = -1, resizes = 0, option;
    int at[RESIZES], new_width[RESIZES], new_height[RESIZES];
    char keep_file[512] = "";
    FILE *raw = NULL;
    const char *typed = NULL;
    reader r = { .frames = 0 };
    while ((option = getopt(argc, argv, "+s:xr:c:f:o:t:z:")) != -1) {
        bool good = option != '?';
        if (option == 's')
            good = sscanf(optarg, "%dx%d", &width, &height) == 2;
        else if (option == 'r' && resizes < RESIZES)
            good = sscanf(optarg, "%d:%dx%d", &at[resizes], &new_width[resizes], &new_height[resizes]) == 3,
            resizes++;
        else if (option == 'c')
            interrupt = atoi(optarg);
        else if (option == 'z')
            still = atoi(optarg);
        else if (option == 'f')
            good = sscanf(optarg, "%d:%511s", &keep, keep_file) == 2;
        else if (option == 'o')
            good = (raw = fopen(optarg, "wb")) != NULL;
        else if (option == 't')
            typed = optarg;
        r.screen.keeps = r.screen.keeps || option == 'x';
        if (!good)
            die("wrong usage");
    }
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (optind >= argc || terminal < 0 || grantpt(terminal) || unlockpt(terminal))
        die("no pseudo-terminal, or no command");
    screen *s = &r.screen;
    s->line = calloc(MOST_LINES, sizeof *s->line);
    s->count = 1;
    s->width = width;
    s->height = height;
    set_size(terminal, width, height);
    char name[256];
    snprintf(name, sizeof name, "%s", ptsname(terminal));
    const double began = now();
    fcntl(terminal, F_SETFD, FD_CLOEXEC); /* it is closed with this program */
    const pid_t child = fork();
    if (child == 0)
        start(name, argv + optind);
    char bytes[4096];
    alarm(120); /* ends this program, and then the command, whose terminal is gone */
    for (;;) {
        const ssize_t count = read(terminal, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) /* EIO: the command has ended */
            break;
        if (typed && (write(terminal, typed, strlen(typed)) < 0 || write(terminal, "\n", 1) != 1))
            die("a line cannot be typed");
        typed = NULL;
        if (raw)
            fwrite(bytes, 1, (size_t)count, raw);
        for (ssize_t i = 0; i < count; i++) {
            if (!take(&r, (unsigned char)bytes[i]))
                continue;
            if (r.frames == keep) {
                FILE *file = fopen(keep_file, "w");
                if (!file)
                    die("a file cannot be written");
                print(file, s, s->top);
                fclose(file);
            }
            if (r.frames == still)
                sleep(4);
            for (int k = 0; k < resizes; k++)
                if (r.frames == at[k]) {
                    resize(s, new_width[k], new_height[k]);
                    set_size(terminal, new_width[k], new_height[k]);
                }
            if (r.frames == interrupt && write(terminal, "\003", 1) != 1)
                die("Ctrl-C cannot be typed");
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    print(stdout, s, 0);
    fprintf(stderr, "frames %d seconds %d status %d colours %d\n", r.frames, (int)(now() - began + 0.999),
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), r.colours);
    if (raw)
        fclose(raw);
    return 0;
}
