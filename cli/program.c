/* program.c - see program.h */
#define _XOPEN_SOURCE 700
#include "program.h"

#if !defined(_WIN32) /* there: program_windows.c */
#    include <errno.h>
#    include <fcntl.h>
#    include <poll.h>
#    include <signal.h>
#    include <spawn.h>
#    include <stdint.h>
#    include <stdlib.h>
#    include <string.h>
#    include <sys/wait.h>
#    include <time.h>
#    include <unistd.h>

#    include "stops.h"

extern char **environ;

enum { PROGRAM_IN, PROGRAM_OUT, PROGRAM_ERR, PROGRAM_PIPES };
enum { PROGRAM_MOST = 1 << 29 }; /* bytes that it may write */
enum {
    PROGRAM_LOOK = 100,
    PROGRAM_GRACE = 2000
}; /* milliseconds: a stop is seen, and it has ended by then */

static bool program_add(cli_bytes *to, const char *bytes, size_t count)
{
    if (to->room - to->length <= count) {
        const size_t room = (to->room ? to->room * 2 : 1 << 14) + count;
        char *grown = realloc(to->bytes, room);
        if (!grown)
            return false;
        to->bytes = grown;
        to->room = room;
    }
    memcpy(to->bytes + to->length, bytes, count);
    to->length += count;
    to->bytes[to->length] = 0;
    return true;
}

static void program_close(int *handle)
{
    if (*handle >= 0)
        close(*handle);
    *handle = -1;
}

/* Milliseconds of a clock that nobody sets. */
static long long program_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void program_feed(int ours[PROGRAM_PIPES], const char **input, size_t *length)
{
    const ssize_t put = *length ? write(ours[PROGRAM_IN], *input, *length) : 0;
    if (put > 0) {
        *input += put;
        *length -= (size_t)put;
    }
    if (!*length || (put < 0 && errno != EAGAIN && errno != EINTR))
        program_close(&ours[PROGRAM_IN]); /* it does not want the rest */
}

/* Feeds and reads at the same time: either pipe may be full. Until it has closed both of its own, or `end`.
 */
static bool program_talk(cli_program *program, int ours[PROGRAM_PIPES], const char *input, size_t length,
                         long long end)
{
    char piece[1 << 14];
    fcntl(ours[PROGRAM_IN], F_SETFL, O_NONBLOCK);
    while (ours[PROGRAM_OUT] >= 0 || ours[PROGRAM_ERR] >= 0) {
        struct pollfd wait[PROGRAM_PIPES];
        const long long left = end - program_now();
        for (int i = 0; i < PROGRAM_PIPES; i++)
            wait[i] = (struct pollfd){ .fd = ours[i], .events = i == PROGRAM_IN ? POLLOUT : POLLIN };
        if (left <= 0 || cli_stops_came()) {
            program->late = left <= 0;
            return false;
        }
        if (poll(wait, PROGRAM_PIPES, left < PROGRAM_LOOK ? (int)left : PROGRAM_LOOK) < 0) {
            if (errno != EINTR)
                return false;
            continue; /* nothing is known about the pipes */
        }
        if (wait[PROGRAM_IN].revents)
            program_feed(ours, &input, &length);
        for (int i = PROGRAM_OUT; i <= PROGRAM_ERR; i++) {
            if (!wait[i].revents)
                continue;
            const ssize_t got = read(ours[i], piece, sizeof piece);
            cli_bytes *to = i == PROGRAM_OUT ? &program->output : &program->complaints;
            if (got > 0 && !program_add(to, piece, (size_t)got))
                return false;
            if (got == 0 || (got < 0 && errno != EINTR))
                program_close(&ours[i]);
            program->endless = to->length > PROGRAM_MOST;
            if (program->endless)
                return false;
        }
    }
    return true;
}

/* A program may have closed its pipes and stay nevertheless. */
static int program_wait(cli_program *program, pid_t child, bool ended, long long end)
{
    int status = 0;
    for (;;) {
        const pid_t gone = waitpid(child, &status, ended ? 0 : WNOHANG);
        if (gone == child || (gone < 0 && errno != EINTR))
            return status;
        if (gone == 0 && program_now() > end) {
            program->late = ended = true;
            kill(child, SIGKILL);
        }
        if (gone == 0)
            nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
}

/* What could change the picture from outside; the rest (PATH, HOME for the fonts' cache, ..) stays. */
static char **program_environment(void)
{
    static const char *const dropped[] = { "LC_",     "LANG",        "TZ=",         "GNUTERM",
                                           "GNUPLOT", "GNUFITLOG",   "FIT_",        "XDG_CONFIG_HOME=",
                                           "PAGER=",  "GDFONTPATH=", "DOTFONTPATH=" };
    static char locale[] = "LC_ALL=C", zone[] = "TZ=UTC0";
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **mine = malloc((count + 3) * sizeof *mine);
    for (size_t i = 0; mine && i < count; i++) {
        bool keep = true;
        for (size_t d = 0; d < sizeof dropped / sizeof *dropped; d++)
            keep = keep && strncmp(environ[i], dropped[d], strlen(dropped[d])) != 0;
        if (keep)
            mine[kept++] = environ[i];
    }
    if (mine) {
        mine[kept++] = locale;
        mine[kept++] = zone;
        mine[kept] = NULL;
    }
    return mine;
}

static int program_start(pid_t *child, const char *const *argv, const int theirs[PROGRAM_PIPES],
                         const sigset_t *mask)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    char **environment = program_environment();
    if (!environment)
        return ENOMEM;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < PROGRAM_PIPES; i++)
        posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    const int error =
        posix_spawnp(child, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return error;
}

bool cli_program_run(cli_program *program, const char *const *argv, const char *input, size_t length)
{
    int ours[PROGRAM_PIPES] = { -1, -1, -1 }, theirs[PROGRAM_PIPES] = { -1, -1, -1 };
    *program = (cli_program){ 0 };
    for (int i = 0; i < PROGRAM_PIPES; i++) {
        int ends[2];
        if (pipe(ends) != 0)
            break;
        ours[i] = ends[i == PROGRAM_IN];
        theirs[i] = ends[i != PROGRAM_IN];
        fcntl(ours[i], F_SETFD, FD_CLOEXEC);
        fcntl(theirs[i], F_SETFD, FD_CLOEXEC);
    }
    pid_t child = -1;
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    sigaction(SIGPIPE, &ignore, &before);
    const sigset_t *mask = cli_stops_begin();
    const int error = theirs[PROGRAM_ERR] < 0 ? EMFILE : program_start(&child, argv, theirs, mask);
    cli_stops_pass(error ? 0 : child);
    for (int i = 0; i < PROGRAM_PIPES; i++)
        program_close(&theirs[i]);
    long long end = program_now() + CLI_PROGRAM_SECONDS * 1000LL;
    bool done = error == 0 && program_talk(program, ours, input, length, end);
    const int reason = errno;
    for (int i = 0; i < PROGRAM_PIPES; i++)
        program_close(&ours[i]);
    if (error == 0) {
        const bool stopped = !done && cli_stops_came(); /* it was told, and may tidy up */
        if (stopped)
            end = program_now() + PROGRAM_GRACE;
        else if (!done)
            kill(child, SIGKILL);
        const int status = program_wait(program, child, !done && !stopped, end);
        program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        done = done && !program->late;
    }
    const int stop = cli_stops_end();
    sigaction(SIGPIPE, &before, NULL);
    if (stop)
        raise(stop);
    program->missing = error == ENOENT || error == EACCES;
    errno = error ? error : reason;
    return done;
}

void cli_program_free(cli_program *program)
{
    free(program->output.bytes);
    free(program->complaints.bytes);
    *program = (cli_program){ 0 };
}

bool cli_program_leave(const char *const *argv)
{
    enum { PATIENCE = 2000 };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t child = -1;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, PROGRAM_IN, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, PROGRAM_OUT, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, PROGRAM_ERR, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP); /* Ctrl-C here does not end it */
    const int error =
        posix_spawnp(&child, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    pid_t gone = 0;
    for (int waited = 0; !error && gone == 0 && waited < PATIENCE; waited += 10) {
        gone = waitpid(child, &status, WNOHANG);
        if (gone == 0)
            nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    }
    return !error && (gone == 0 || (gone == child && WIFEXITED(status) && WEXITSTATUS(status) == 0));
}
#endif
