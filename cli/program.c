/* program.c - see program.h */
#define _XOPEN_SOURCE 700
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PROGRAM_IN, PROGRAM_OUT, PROGRAM_ERR, PROGRAM_PIPES };

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

/* Feeds and reads at the same time: either pipe may be full. */
static bool program_talk(cli_program *program, int ours[PROGRAM_PIPES], const char *input, size_t length)
{
    bool whole = true;
    char piece[1 << 14];
    fcntl(ours[PROGRAM_IN], F_SETFL, O_NONBLOCK);
    while (ours[PROGRAM_OUT] >= 0 || ours[PROGRAM_ERR] >= 0) {
        struct pollfd wait[PROGRAM_PIPES];
        for (int i = 0; i < PROGRAM_PIPES; i++)
            wait[i] = (struct pollfd){ .fd = ours[i], .events = i == PROGRAM_IN ? POLLOUT : POLLIN };
        if (poll(wait, PROGRAM_PIPES, -1) < 0 && errno != EINTR)
            return false;
        if (wait[PROGRAM_IN].revents) {
            const ssize_t put = length ? write(ours[PROGRAM_IN], input, length) : 0;
            if (put > 0) {
                input += put;
                length -= (size_t)put;
            }
            if (!length || (put < 0 && errno != EAGAIN && errno != EINTR))
                program_close(&ours[PROGRAM_IN]); /* it does not want the rest */
        }
        for (int i = PROGRAM_OUT; i <= PROGRAM_ERR; i++) {
            if (!wait[i].revents)
                continue;
            const ssize_t got = read(ours[i], piece, sizeof piece);
            if (got > 0)
                whole = program_add(i == PROGRAM_OUT ? &program->output : &program->complaints, piece,
                                    (size_t)got) &&
                        whole;
            else if (got == 0 || errno != EINTR)
                program_close(&ours[i]);
        }
    }
    return whole;
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
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    pid_t child = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < PROGRAM_PIPES; i++)
        posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    sigaction(SIGPIPE, &ignore, &before);
    const int error = theirs[PROGRAM_ERR] < 0 ? EMFILE
                                              : posix_spawnp(&child, argv[0], &actions, &attributes,
                                                             (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    for (int i = 0; i < PROGRAM_PIPES; i++)
        program_close(&theirs[i]);
    bool done = error == 0 && program_talk(program, ours, input, length);
    for (int i = 0; i < PROGRAM_PIPES; i++)
        program_close(&ours[i]);
    int status = 0;
    while (error == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGPIPE, &before, NULL);
    program->missing = error == ENOENT;
    program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (error != 0)
        errno = error;
    return done;
}

void cli_program_free(cli_program *program)
{
    free(program->output.bytes);
    free(program->complaints.bytes);
    *program = (cli_program){ 0 };
}
