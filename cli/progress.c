/* progress.c - see progress.h */
#include "progress.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "decided.h"
#include "help.h"
#include "system.h"

/* Below this window there is the bar alone. Curves are 5 to 9 lines high, with three around them. */
enum { PROGRESS_LEAST_WIDTH = 50, PROGRESS_LEAST_HEIGHT = 16, PROGRESS_LINES = 32768 };

static volatile sig_atomic_t progress_stop; /* global: a signal handler can reach nothing else */

static void progress_on_signal(int signal_number)
{
    (void)signal_number;
    if (progress_stop) {
        cli_screen_abandon();
        _Exit(CLI_STOPPED);
    }
    progress_stop = 1;
}

void cli_catch_stop(void)
{
    cli_system_on_stop(progress_on_signal, false);
}

bool cli_stop_wanted(void)
{
    return progress_stop;
}

void cli_progress_begin(cli_progress *progress, bool quiet)
{
    *progress = (cli_progress){ .quiet = quiet, .stride = 1 };
    cli_screen_begin(&progress->screen);
}

void cli_progress_log(void *user, const char *line)
{
    cli_progress *progress = user;
    if (progress->quiet)
        return;
    cli_screen_clear(&progress->screen);
    char clean[1024]; /* a line of the header: a headline of 12 columns, then a sentence */
    cli_clean(clean, sizeof clean, line);
    cli_terminal *terminal = &progress->screen.terminal;
    cli_terminal_measure(terminal, stderr);
    cli_help_hanging(stderr, clean, 12, terminal->terminal ? terminal->width : 1024);
    fflush(stderr);
}

/* --- what is drawn again and again -------------------------------------------------------------------- */

static void progress_bar(const cli_progress *progress, const sl_progress *now, double clock,
                         char line[CLI_BAR_SIZE])
{
    enum { EPOCH, STEP, RATE, LEFT, LOSS, PIECES };
    cli_piece piece[PIECES] = { [STEP] = { .rank = 0 },
                                [RATE] = { .rank = 1 },
                                [EPOCH] = { .rank = 2 },
                                [LEFT] = { .rank = 3 },
                                [LOSS] = { .rank = -1 } };
    enum { ROOM = sizeof piece->text };
    const double passed = clock - progress->started, done = (double)(now->step - progress->first_step);
    const double speed = passed > 0 ? done / passed : 0;
    const size_t each = now->steps_an_epoch ? now->steps_an_epoch : 1, limit = now->step_limit;
    if (limit && limit < each) /* it ends within the first epoch */
        snprintf(piece[EPOCH].text, ROOM, "%sstep %zu/%zu ", progress->what, now->step, limit);
    else
        snprintf(piece[EPOCH].text, ROOM, limit && !now->patient ? "%sepoch %zu/%zu " : "%sepoch %zu ",
                 progress->what, now->epoch, (limit + each - 1) / each);
    if (limit == 0 || limit >= each)
        snprintf(piece[STEP].text, ROOM, "  step %s", cli_count((double)now->step).text);
    snprintf(piece[RATE].text, ROOM, "  %s steps/s", cli_count(speed).text);
    if (limit >= now->step && speed > 0)
        snprintf(piece[LEFT].text, ROOM, "  %s%s left", now->patient ? "at most " : "",
                 cli_duration((double)(limit - now->step) / speed).text);
    snprintf(piece[LOSS].text, ROOM, "  loss %s", cli_rounded(now->loss).text);
    /* where patience may end it, the bar is the epoch's: nobody knows how far the end is */
    const double part = limit && !now->patient ? (double)now->step / (double)limit
                                               : (double)((now->step - 1) % each + 1) / (double)each;
    cli_screen_bar(line, &progress->screen, part, piece, PIECES);
}

/* The curves, and the bar below them; now NULL: the curves for good. */
static void progress_draw(cli_progress *progress, const sl_report *report, const sl_progress *now,
                          double clock)
{
    char lines[PROGRESS_LINES] = "", bar[CLI_BAR_SIZE] = "";
    cli_terminal *terminal = &progress->screen.terminal;
    cli_terminal_measure(terminal, stderr);
    size_t length = 0;
    if (terminal->width >= PROGRESS_LEAST_WIDTH && terminal->height >= PROGRESS_LEAST_HEIGHT) {
        const int high = terminal->height < 20 ? 5 : terminal->height < 40 ? 7 : 9;
        const sl_live live = { .width = terminal->width - 1,
                               .height = high + 3,
                               .unicode = progress->screen.unicode,
                               .train = terminal->train,
                               .validation = terminal->validation,
                               .best = terminal->good,
                               .plain = terminal->plain };
        length = sl_plot_live(report, &live, lines, sizeof lines - sizeof bar);
    }
    if (now)
        progress_bar(progress, now, clock, bar);
    memcpy(lines + length, bar, strlen(bar) + 1);
    cli_screen_draw(&progress->screen, lines, clock, !now);
}

/* Looks at the clock, and draws if it is time. Tiny steps take a microsecond: about a hundred looks a second
 * do. */
static void progress_look(cli_progress *progress, const sl_progress *now)
{
    const double clock = cli_screen_clock();
    if (progress->started <= 0) {
        progress->started = progress->screen.drawn_at = clock;
        progress->first_step = now->step;
    } else {
        const double since = clock - progress->looked_at;
        if (since < 0.005 && progress->stride < 65536)
            progress->stride *= 2;
        else if (since > 0.02 && progress->stride > 1)
            progress->stride /= 2;
    }
    progress->looked_at = clock;
    progress->next_look = now->step + progress->stride;
    if (cli_screen_due(&progress->screen, clock))
        progress_draw(progress, now->report, now, clock);
}

static void progress_warn(cli_progress *progress, const char *sentence)
{
    char line[1024];
    if (!sentence)
        return;
    snprintf(line, sizeof line, "watch       %s%s", progress->what, sentence);
    cli_progress_log(progress, line);
}

sl_status cli_progress_step(void *user, const sl_progress *now)
{
    cli_progress *progress = user;
    if (!progress->last_step) {
        cli_screen_clear(&progress->screen);
        cli_decided_show();
    }
    progress->last_step = now->step;
    progress->last_epoch = now->epoch;
    if (progress->watcher)
        progress_warn(progress, sl_watcher_step(progress->watcher, now));
    if (progress_stop)
        return SL_ESTOPPED;
    if (!progress->quiet && progress->screen.terminal.moves && now->step >= progress->next_look)
        progress_look(progress, now);
    return SL_OK;
}

sl_status cli_progress_watch(void *user, const sl_progress *now)
{
    cli_progress *progress = user;
    if (progress->watcher)
        progress_warn(progress, sl_watcher_epoch(progress->watcher, now));
    return progress_stop ? SL_ESTOPPED : SL_OK;
}

sl_status cli_progress_epoch(void *user, const sl_progress *now)
{
    cli_progress *progress = user;
    if (progress->quiet)
        return progress_stop ? SL_ESTOPPED : SL_OK;
    cli_epochs_show(&progress->epochs, &progress->screen, now->report, now);
    if (progress->screen.waiting && progress->stride == 1) { /* the next step may take its time */
        const double clock = cli_screen_clock();
        if (cli_screen_due(&progress->screen, clock))
            progress_draw(progress, now->report, now, clock);
    }
    return cli_progress_watch(user, now);
}

void cli_progress_end(cli_progress *progress, const sl_report *history)
{
    const bool rows = history && progress->epochs.headed && !progress->quiet;
    if (rows && sl_report_rows(history) > progress->epochs.shown)
        cli_epochs_show(&progress->epochs, &progress->screen, history, NULL);
    if (rows && progress->screen.terminal.moves)
        progress_draw(progress, history, NULL, cli_screen_clock());
    cli_screen_clear(&progress->screen);
}
