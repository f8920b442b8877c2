/* plot.c - slope plot */
#include <stddef.h>

#include "../cli.h"
#include "../terminal.h"

typedef struct {
    const char *run, *figure;
} plot_settings;

static const cli_option plot_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      .help = "a run folder, made by slope train",
      .at = offsetof(plot_settings, run) },
    { .name = "FIGURE",
      .kind = CLI_CHOICE,
      .words = "curves",
      .normal = "curves",
      .help = "what to draw: curves, the loss an epoch",
      .at = offsetof(plot_settings, figure) },
    { 0 },
};

static const cli_option plot_options[] = { { 0 } };

static const cli_example plot_examples[] = {
    { "slope plot runs/digits-1", "training and validation loss, as wide as the terminal" },
    { 0 },
};

static int plot_run(const cli_call *call)
{
    const plot_settings *settings = call->settings;
    int status = CLI_DONE;
    sl_ctx *ctx = cli_context("plot", (sl_ctx_options){ .threads = 1 }, &status);
    if (!ctx)
        return status;
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int height = terminal.height < 12 ? 10 : terminal.height > 24 ? 20 : terminal.height - 4;
    sl_report *history = sl_run_read_history(ctx, settings->run);
    const char *lines = history ? sl_plot_curves(history, terminal.width, height, cli_unicode()) : NULL;
    if (lines)
        fputs(lines, stdout);
    else if (sl_error(ctx) != SL_OK || !history)
        status = cli_failed("plot", ctx);
    else
        status = cli_wrong("plot", "nothing to draw: %s has no finished epoch yet", settings->run);
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_plot = {
    .name = "plot",
    .summary = "draw the learning curves of a run in the terminal",
    .usage = "plot RUN [curves]",
    .about =
        "Draws what metrics.csv in the run folder has recorded. Where validation loss rises while training "
        "loss still falls, the network learns by heart; the epoch that was kept is the best one.\n\n"
        "Lines are drawn in Unicode where the locale's character set is UTF-8, else in ASCII.",
    .examples = plot_examples,
    .operands = plot_operands,
    .options = plot_options,
    .size = sizeof(plot_settings),
    .run = plot_run,
    .place = 5,
};
