/* signals.c - runs a command as a terminal would start it, all signals at their defaults, and sends it some.
 *
 *   signals [-i SIGNAL] [-f FILE] [-d MILLISECONDS] [-k SIGNAL] ... COMMAND ...
 *
 * In the order they are written: -f waits until FILE is there and not empty, -d waits, -k sends a signal:
 * INT, TERM, HUP, TSTP or CONT. -i: it starts with this one ignored. stderr, at its end: "ended STATUS after
 * MILLISECONDS stopped N", from the last signal on; STATUS is 128 and more after a signal that killed it,
 * with "by N" behind it; stopped: was it stopped before a CONT? */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 60000 }; /* milliseconds: then it has hung */

static const struct {
    const char *name;
    int number;
} all[] = { { "INT", SIGINT },   { "TERM", SIGTERM }, { "HUP", SIGHUP },  { "TSTP", SIGTSTP },
            { "CONT", SIGCONT }, { "PIPE", SIGPIPE }, { "QUIT", SIGQUIT } };

static int number_of(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].number;
    fprintf(stderr, "signals: unknown %s\n", name);
    exit(3);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void wait_a_while(long milliseconds)
{
    struct timespec t = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

int main(int argc, char **argv)
{
    struct {
        int kind;
        const char *value;
    } event[32];
    int events = 0, option, status = 0, ignored[8], ignore = 0;
    bool was_stopped = false;
    while ((option = getopt(argc, argv, "+i:f:d:k:")) != -1) {
        if (option == '?' || events == 32 || ignore == 8)
            return 3;
        if (option == 'i')
            ignored[ignore++] = number_of(optarg);
        else
            event[events].kind = option, event[events++].value = optarg;
    }
    if (optind >= argc)
        return 3;
    const pid_t child = fork();
    if (child == 0) {
        if (tcgetpgrp(STDERR_FILENO) <
            0) /* Ctrl-Z stops nothing in a group whose parent is in another session */
            setpgid(0, 0);
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            signal(all[i].number, SIG_DFL);
        for (int i = 0; i < ignore; i++)
            signal(ignored[i], SIG_IGN);
        execvp(argv[optind], argv + optind);
        _exit(127);
    }
    double sent = now();
    pid_t gone = 0;
    for (int i = 0; i < events && gone == 0; i++) {
        struct stat there;
        if (event[i].kind == 'd')
            wait_a_while(atol(event[i].value));
        for (int t = 0; event[i].kind == 'f' && t < 6000 && gone == 0; t++) {
            if (stat(event[i].value, &there) == 0 && there.st_size > 0)
                break;
            wait_a_while(10);
            gone = waitpid(child, &status, WNOHANG);
        }
        if (event[i].kind == 'k' && gone == 0) {
            const int number = number_of(event[i].value);
            if (number == SIGCONT) {
                int stopped = 0;
                was_stopped = waitpid(child, &stopped, WUNTRACED | WNOHANG) == child && WIFSTOPPED(stopped);
            }
            kill(child, number);
            sent = now();
        }
    }
    while (gone == 0 && (gone = waitpid(child, &status, WNOHANG)) == 0) {
        if (now() - sent > PATIENCE) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        wait_a_while(2);
    }
    if (WIFSIGNALED(status))
        fprintf(stderr, "ended %d after %d stopped %d by %d\n", 128 + WTERMSIG(status), (int)(now() - sent),
                was_stopped, WTERMSIG(status));
    else
        fprintf(stderr, "ended %d after %d stopped %d\n", WEXITSTATUS(status), (int)(now() - sent),
                was_stopped);
    return 0;
}
