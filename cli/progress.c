/* progress.c - see progress.h */
#define _XOPEN_SOURCE 700
#include "progress.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "help.h"

enum { PROGRESS_FULL = 20 }; /* epochs that are all shown */

static volatile sig_atomic_t progress_stop; /* the one global: a signal handler can reach nothing else */

static void progress_on_signal(int signal_number)
{
    (void)signal_number;
    if (progress_stop)
        _exit(CLI_STOPPED);
    progress_stop = 1;
}

void cli_catch_stop(void)
{
    static const int signals[] = { SIGINT, SIGTERM };
    struct sigaction action = { .sa_handler = progress_on_signal, .sa_flags = SA_RESTART }, before;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < 2; i++) { /* what a background job of a script ignores stays ignored */
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

bool cli_stop_wanted(void)
{
    return progress_stop;
}

static double progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_progress_begin(cli_progress *progress, bool quiet)
{
    *progress = (cli_progress){ .quiet = quiet, .stride = 1, .every = 1 };
    progress->terminal = cli_terminal_of(stderr);
    progress->unicode = progress->terminal.terminal && cli_unicode();
}

static void progress_erase(cli_progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

void cli_progress_log(void *user, const char *line)
{
    cli_progress *progress = user;
    if (progress->quiet)
        return;
    progress_erase(progress);
    char clean[1024]; /* a line of the header: a headline of 12 columns, then a sentence */
    snprintf(clean, sizeof clean, "%s", line);
    for (char *byte = clean; *byte; byte++)
        *byte = (unsigned char)*byte < 32 || *byte == 127 ? '?' : *byte;
    cli_terminal_measure(&progress->terminal, stderr);
    cli_help_hanging(stderr, clean, 12, progress->terminal.terminal ? progress->terminal.width : 1024);
    fflush(stderr);
}

/* --- the progress line ---------------------------------------------------------------------------- */

/* A bar of `width` columns; in Unicode the last cell is filled by eighths. */
static void progress_bar(char *text, int width, double part, bool unicode)
{
    static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
    part = part < 0 ? 0 : part > 1 ? 1 : part;
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

static void progress_draw(cli_progress *progress, const sl_progress *now, double clock)
{
    char epoch[64], step[96], rate[64], left[64], loss[64], bar[256];
    const double passed = clock - progress->started, done = (double)(now->step - progress->first_step);
    const double speed = passed > 0 ? done / passed : 0;
    const size_t each = now->steps_an_epoch ? now->steps_an_epoch : 1, limit = now->step_limit;
    cli_terminal_measure(&progress->terminal, stderr);
    snprintf(epoch, sizeof epoch, limit && !now->patient ? "epoch %zu/%zu " : "epoch %zu ", now->epoch,
             (limit + each - 1) / each);
    snprintf(step, sizeof step, "  step %s", cli_count((double)now->step).text);
    snprintf(rate, sizeof rate, "  %s steps/s", cli_count(speed).text);
    left[0] = 0;
    if (limit >= now->step && speed > 0)
        snprintf(left, sizeof left, "  %s%s left", now->patient ? "at most " : "",
                 cli_duration((double)(limit - now->step) / speed).text);
    snprintf(loss, sizeof loss, "  loss %s", cli_rounded(now->loss).text);
    /* where patience may end it, the bar is the epoch's: nobody knows how far the end is */
    const double part = limit && !now->patient ? (double)now->step / (double)limit
                                               : (double)((now->step - 1) % each + 1) / (double)each;
    char *const less_wanted[] = { step, rate, epoch, left };
    int room = 0;
    for (int i = 0; i <= 4; i++) {
        room = progress->terminal.width - 1 -
               (int)(strlen(epoch) + strlen(step) + strlen(rate) + strlen(left) + strlen(loss));
        if (room >= 12 || i == 4)
            break;
        less_wanted[i][0] = 0;
    }
    bar[0] = 0;
    if (room >= 6)
        progress_bar(bar, room > 42 ? 40 : room - 2, part, progress->unicode);
    const bool ascii = !progress->unicode && bar[0];
    fprintf(stderr, "\r%s%s%s%s%s%s%s%s%s%s\033[K", epoch, ascii ? "[" : "", progress->terminal.good, bar,
            progress->terminal.plain,
            ascii    ? "]"
            : bar[0] ? "▏"
                     : "",
            step, rate, left, loss);
    fflush(stderr);
    progress->drawn = true;
    progress->drawn_at = clock;
}

sl_status cli_progress_step(void *user, const sl_progress *now)
{
    cli_progress *progress = user;
    progress->last_step = now->step;
    progress->last_epoch = now->epoch;
    if (progress_stop)
        return SL_ESTOPPED;
    if (progress->quiet || !progress->terminal.moves || now->step < progress->next_look)
        return SL_OK;
    const double clock = progress_clock();
    if (progress->started <= 0) {
        progress->started = progress->drawn_at = clock;
        progress->first_step = now->step;
    } else {
        /* tiny steps take a microsecond: look at the clock about a hundred times a second */
        const double since = clock - progress->looked_at;
        if (since < 0.005 && progress->stride < 65536)
            progress->stride *= 2;
        else if (since > 0.02 && progress->stride > 1)
            progress->stride /= 2;
    }
    progress->looked_at = clock;
    progress->next_look = now->step + progress->stride;
    if (clock - progress->drawn_at >= 0.1)
        progress_draw(progress, now, clock);
    return SL_OK;
}

/* --- a row an epoch ------------------------------------------------------------------------------- */

static bool progress_has(const sl_report *report, const char *name)
{
    const double value = sl_report_last(report, name);
    return value == value;
}

static int progress_head_width(const char *head)
{
    const int width = (int)strlen(head);
    return width < 8 ? 8 : width;
}

static void progress_choose(cli_progress *progress, const sl_report *report)
{
    static const char *const names[][3] = {
        { "train_loss", "train loss", "train" },
        { "validation_loss", "validation loss", "val. loss" },
        { "validation_accuracy", "validation accuracy", "val. acc." },
        { "train_accuracy", "train accuracy", "accuracy" },
        { "validation_rmse", "validation rmse", "val. rmse" },
        { "train_rmse", "train rmse", "rmse" },
        { "seconds", "seconds", "seconds" },
    };
    const int wording = progress->terminal.width < 80 ? 2 : 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const bool train_twin = i == 3 || i == 5; /* only where there is no validation figure */
        if (!progress_has(report, names[i][0]) || (train_twin && progress_has(report, names[i - 1][0])))
            continue;
        progress->column[progress->columns] = names[i][0];
        progress->head[progress->columns++] = names[i][wording];
        if (progress->columns == 6)
            break;
    }
    for (;;) { /* a narrow window: the last ones go */
        int width = 6 + 11 + 3;
        for (int i = 0; i < progress->columns; i++)
            width += 2 + progress_head_width(progress->head[i]);
        if (width <= progress->terminal.width || progress->columns == 1)
            break;
        progress->columns--;
    }
}

static void progress_header(cli_progress *progress, const sl_progress *now)
{
    const size_t each = now && now->steps_an_epoch ? now->steps_an_epoch : 1;
    const size_t epochs = now ? (now->step_limit + each - 1) / each : 0;
    static const int factors[] = { 2, 5, 10 };
    for (int i = 0; epochs > 40 * (size_t)progress->every && i < 27; i++) {
        int tens = 1;
        for (int j = 0; j < i / 3; j++)
            tens *= 10;
        progress->every = factors[i % 3] * tens;
    }
    /* where patience ends it, the limit is far off: most such runs are over after a few dozen epochs */
    progress->full = now && now->patient ? PROGRESS_FULL : 1;
    if (progress->every > 1)
        fprintf(stderr, "* is the best so far; %sa row every %d epochs: metrics.csv has them all\n",
                progress->full > 1 ? "after epoch 20 " : "", progress->every);
    else
        fputs("* is the best so far\n", stderr);
    fprintf(stderr, "%s%6s  %9s", progress->terminal.bold, "epoch", "step");
    for (int i = 0; i < progress->columns; i++)
        fprintf(stderr, "  %*s", progress_head_width(progress->head[i]), progress->head[i]);
    fprintf(stderr, "%s\n", progress->terminal.plain);
}

static void progress_row(cli_progress *progress, const sl_report *report, int row)
{
    const double epoch = sl_report_at(report, row, "epoch"), step = sl_report_at(report, row, "step");
    const bool best = sl_report_best(report) == row;
    fprintf(stderr, "%6s  %9s", cli_fixed(epoch == epoch ? epoch : row + 1, 0).text, cli_count(step).text);
    for (int i = 0; i < progress->columns; i++) {
        const char *name = progress->column[i];
        const double value = sl_report_at(report, row, name);
        const cli_figure figure = strstr(name, "accuracy")       ? cli_percent(value)
                                  : strcmp(name, "seconds") == 0 ? cli_fixed(value, 2)
                                                                 : cli_rounded(value);
        fprintf(stderr, "  %*s", progress_head_width(progress->head[i]), figure.text);
    }
    if (best)
        fprintf(stderr, "  %s*%s", progress->terminal.good, progress->terminal.plain);
    putc('\n', stderr);
    progress->rows_shown = row + 1;
}

static void progress_show(cli_progress *progress, const sl_report *report, const sl_progress *now, bool last)
{
    const int row = sl_report_rows(report) - 1;
    if (row < 0 || progress->quiet)
        return;
    progress_erase(progress);
    if (!progress->rows_headed) {
        progress_choose(progress, report);
        progress_header(progress, now);
        progress->rows_headed = 1;
    }
    if (last || (row + 1) % progress->every == 0 || row < progress->full)
        progress_row(progress, report, row);
    fflush(stderr);
}

sl_status cli_progress_epoch(void *user, const sl_progress *now)
{
    progress_show(user, now->report, now, false);
    return progress_stop ? SL_ESTOPPED : SL_OK;
}

void cli_progress_end(cli_progress *progress, const sl_report *history)
{
    progress_erase(progress);
    if (history && progress->rows_headed && sl_report_rows(history) > progress->rows_shown)
        progress_show(progress, history, NULL, true);
    fflush(stderr);
}
