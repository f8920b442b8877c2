/* epochs.c - see epochs.h */
#include "epochs.h"

#include <string.h>

enum { EPOCHS_FULL = 20, EPOCHS_LINE = 1024, EPOCHS_STAR = 3 };

static bool epochs_has(const sl_report *report, const char *name)
{
    const double value = sl_report_last(report, name);
    return value == value;
}

static int epochs_width(const cli_epochs *epochs, int column)
{
    const int width = (int)strlen(epochs->head[column]);
    return width < 8 ? 8 : width;
}

static void epochs_choose(cli_epochs *epochs, const cli_screen *screen, const sl_report *report)
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
    const int wording = screen->terminal.width < 80 ? 2 : 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const bool train_twin = i == 3 || i == 5; /* only where there is no validation figure */
        if (!epochs_has(report, names[i][0]) || (train_twin && epochs_has(report, names[i - 1][0])))
            continue;
        epochs->column[epochs->columns] = names[i][0];
        epochs->head[epochs->columns++] = names[i][wording];
        if (epochs->columns == CLI_EPOCHS_MOST)
            break;
    }
}

/* Adds a cell to the line if the window has room for it, and for a star behind it. false: it has not. */
static bool epochs_cell(const cli_screen *screen, char line[EPOCHS_LINE], int width, const char *text)
{
    const size_t length = strlen(line);
    const int gap = length ? 2 : 0, taken = (int)strlen(text) > width ? (int)strlen(text) : width;
    if (length && (int)length + gap + taken + EPOCHS_STAR > screen->terminal.width)
        return false;
    snprintf(line + length, EPOCHS_LINE - length, "%*s%*s", gap, "", width, text);
    return true;
}

static void epochs_header(cli_epochs *epochs, cli_screen *screen, const sl_progress *now)
{
    const size_t each = now && now->steps_an_epoch ? now->steps_an_epoch : 1;
    const size_t count = now ? (now->step_limit + each - 1) / each : 0;
    static const int factors[] = { 2, 5, 10 };
    for (int i = 0; count > 40 * (size_t)epochs->every && i < 27; i++) {
        int tens = 1;
        for (int j = 0; j < i / 3; j++)
            tens *= 10;
        epochs->every = factors[i % 3] * tens;
    }
    /* where patience ends it, the limit is far off: most such runs are over after a few dozen epochs */
    epochs->full = now && now->patient ? EPOCHS_FULL : 1;
    char line[EPOCHS_LINE] = "* is the best so far", heads[EPOCHS_LINE] = "";
    if (epochs->every > 1) {
        snprintf(line, sizeof line, "* is the best so far; %sa row every %d epochs: metrics.csv has them all",
                 epochs->full > 1 ? "after epoch 20 " : "", epochs->every);
        if ((int)strlen(line) > screen->terminal.width)
            *strchr(line, ':') = 0;
        if ((int)strlen(line) > screen->terminal.width)
            *strchr(line, ';') = 0;
    }
    cli_screen_line(screen, line);
    epochs->epoch_width = (int)strlen(cli_fixed((double)count, 0).text);
    epochs->epoch_width = epochs->epoch_width < 6 ? 6 : epochs->epoch_width;
    epochs->step_width = (int)strlen(cli_count(now ? (double)now->step_limit : 0).text);
    epochs->step_width = epochs->step_width < 9 ? 9 : epochs->step_width;
    epochs_cell(screen, heads, epochs->epoch_width, "epoch");
    bool room = epochs_cell(screen, heads, epochs->step_width, "step");
    for (int i = 0; i < epochs->columns && room; i++)
        room = epochs_cell(screen, heads, epochs_width(epochs, i), epochs->head[i]);
    snprintf(line, sizeof line, "%s%s%s", screen->terminal.bold, heads, screen->terminal.plain);
    cli_screen_line(screen, line);
}

static void epochs_row(cli_epochs *epochs, cli_screen *screen, const sl_report *report, int row)
{
    const double epoch = sl_report_at(report, row, "epoch"), step = sl_report_at(report, row, "step");
    const bool best = sl_report_best(report) == row;
    char line[EPOCHS_LINE] = "";
    epochs_cell(screen, line, epochs->epoch_width, cli_fixed(epoch == epoch ? epoch : row + 1, 0).text);
    bool room = epochs_cell(screen, line, epochs->step_width, cli_count(step).text);
    for (int i = 0; i < epochs->columns && room; i++) {
        const char *name = epochs->column[i];
        const double value = sl_report_at(report, row, name);
        const cli_figure figure = strstr(name, "accuracy")       ? cli_percent(value)
                                  : strcmp(name, "seconds") == 0 ? cli_fixed(value, 2)
                                                                 : cli_rounded(value);
        room = epochs_cell(screen, line, epochs_width(epochs, i), figure.text);
    }
    if (best) {
        const size_t length = strlen(line);
        snprintf(line + length, sizeof line - length, "  %s*%s", screen->terminal.good,
                 screen->terminal.plain);
    }
    cli_screen_line(screen, line);
    epochs->shown = row + 1;
}

void cli_epochs_show(cli_epochs *epochs, cli_screen *screen, const sl_report *report, const sl_progress *now)
{
    const int row = sl_report_rows(report) - 1;
    if (row < 0)
        return;
    if (!epochs->headed) {
        epochs->every = 1;
        cli_terminal_measure(&screen->terminal, stderr);
        epochs_choose(epochs, screen, report);
        epochs_header(epochs, screen, now);
        epochs->headed = true;
    }
    if (!now || (row + 1) % epochs->every == 0 || row < epochs->full) {
        cli_terminal_measure(&screen->terminal, stderr);
        epochs_row(epochs, screen, report, row);
    }
}
