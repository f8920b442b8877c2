/* stops.c - see stops.h */
#define _XOPEN_SOURCE 700
#if !defined(_WIN32)
#    include "stops.h"

#    include <stddef.h>
#    include <sys/types.h>

enum { STOPS = 3 };
static const int stops_numbers[STOPS] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction stops_before[STOPS];
static sigset_t stops_mask;
static volatile sig_atomic_t stops_process, stops_last;

static void stops_on(int number, siginfo_t *from, void *unused)
{
    (void)unused;
    stops_last = number;
    if (from->si_code <= 0 && stops_process > 0) /* a terminal tells all of its job by itself */
        kill((pid_t)stops_process, number);
}

const sigset_t *cli_stops_begin(void)
{
    struct sigaction ours = { .sa_sigaction = stops_on, .sa_flags = SA_SIGINFO };
    sigset_t held;
    stops_process = stops_last = 0;
    sigemptyset(&ours.sa_mask);
    sigemptyset(&held);
    for (int i = 0; i < STOPS; i++)
        sigaddset(&held, stops_numbers[i]);
    sigprocmask(SIG_BLOCK, &held, &stops_mask);
    for (int i = 0; i < STOPS; i++) {
        sigaction(stops_numbers[i], NULL, &stops_before[i]);
        if (stops_before[i].sa_handler != SIG_IGN)
            sigaction(stops_numbers[i], &ours, NULL);
    }
    return &stops_mask;
}

void cli_stops_forked(void)
{
    for (int i = 0; i < STOPS; i++)
        if (stops_before[i].sa_handler != SIG_IGN)
            signal(stops_numbers[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &stops_mask, NULL);
}

void cli_stops_pass(long process)
{
    stops_process = (sig_atomic_t)process;
    sigprocmask(SIG_SETMASK, &stops_mask, NULL);
}

int cli_stops_came(void)
{
    return stops_last;
}

int cli_stops_end(void)
{
    stops_process = 0;
    for (int i = 0; i < STOPS; i++)
        sigaction(stops_numbers[i], &stops_before[i], NULL);
    return stops_last;
}
#else
typedef int cli_stops_unused; /* ISO C wants a declaration */
#endif
