/* plot.c - slope plot */
#define _XOPEN_SOURCE 700
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../cli.h"
#include "../outfile.h"
#include "../picture.h"
#include "../terminal.h"

typedef struct {
    char *words; /* lines */
    const char *out, *data, *part, *layer, *columns, *metric, *x, *weights;
    int row, width, height;
    double span;
    bool solid, csv;
} plot_settings;

#define PLOT_AT(field) .at = offsetof(plot_settings, field)

static const cli_option plot_operands[] = {
    { .name = "RUN|FIGURE",
      .kind = CLI_TEXT,
      .words = "run",
      .repeats = true,
      PLOT_AT(words),
      .help = "run folders, then what to draw (curves); or a figure without a run" },
    { 0 },
};

static const cli_option plot_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .group = "result",
      PLOT_AT(out),
      .help = "write it as .svg, .png or .pdf, not in the terminal" },
    { .name = "csv",
      .kind = CLI_FLAG,
      .group = "result",
      PLOT_AT(csv),
      .help = "print the numbers behind it" },
    { .name = "width",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 30,
      .high = 10000,
      .group = "result",
      PLOT_AT(width),
      .normal = "the terminal's; of a file 800",
      .help = "columns; of a file pixels" },
    { .name = "height",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 5,
      .high = 10000,
      .group = "result",
      PLOT_AT(height),
      .normal = "follows",
      .help = "lines; of a file pixels" },
    { .name = "data",
      .kind = CLI_TEXT,
      .value = "DATA",
      .words = "data",
      .group = "what",
      PLOT_AT(data),
      .normal = "the run's",
      .help = "rows to look at" },
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .group = "what",
      PLOT_AT(part),
      .normal = "test, where there is one",
      .help = "which part of them" },
    { .name = "row",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .group = "what",
      PLOT_AT(row),
      .normal = "1",
      .help = "which row" },
    { .name = "layer",
      .kind = CLI_TEXT,
      .value = "NAME",
      .group = "what",
      PLOT_AT(layer),
      .normal = "follows the figure",
      .help = "which layer" },
    { .name = "columns",
      .kind = CLI_TEXT,
      .value = "A,B",
      .group = "what",
      PLOT_AT(columns),
      .normal = "the first ones",
      .help = "two inputs of many" },
    { .name = "metric",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=metric",
      .group = "what",
      PLOT_AT(metric),
      .normal = "follows the task",
      .help = "which figure of merit" },
    { .name = "x",
      .kind = CLI_TEXT,
      .value = "NAME",
      .group = "what",
      PLOT_AT(x),
      .normal = "epoch",
      .help = "to the right: epoch, step, seconds; of compare a setting" },
    { .name = "weights",
      .kind = CLI_TEXT,
      .value = "A,B",
      .group = "what",
      PLOT_AT(weights),
      .normal = "two random directions",
      .help = "two weights: dense_1.weight[0,1],output.bias[0]" },
    { .name = "span",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .high = 1000,
      .group = "what",
      PLOT_AT(span),
      .normal = "1",
      .help = "how far out" },
    { .name = "solid", .kind = CLI_FLAG, .group = "what", PLOT_AT(solid), .help = "seen in perspective" },
    { 0 },
};

static const cli_example plot_examples[] = {
    { "slope plot runs/digits-1", "training and validation loss, as wide as the terminal" },
    { "slope plot runs/digits-1 confusion -o confusion.svg", "what is taken for what" },
    { 0 },
};

typedef struct {
    const char *kind;
    const char **words; /* runs, or what stands behind the figure */
    int count;
    bool alone;
} plot_wanted;

static bool plot_is_figure(const char *word)
{
    sl_word known;
    struct stat there;
    for (int i = 0; sl_catalogue("figure", i, &known); i++)
        if (strcmp(known.name, word) == 0)
            return stat(word, &there) != 0 || !S_ISDIR(there.st_mode);
    return false;
}

/* FIGURE WORD ..., or RUN ... [FIGURE] */
static void plot_sort(plot_wanted *wanted, char *lines, const char **words)
{
    *wanted = (plot_wanted){ .kind = "curves", .words = words };
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n"))
        words[wanted->count++] = line;
    if (wanted->count && plot_is_figure(words[0])) {
        wanted->alone = true;
        wanted->kind = words[0];
        wanted->words++;
        wanted->count--;
    } else if (wanted->count > 1 && plot_is_figure(words[wanted->count - 1])) {
        wanted->kind = words[--wanted->count];
    }
}

static int plot_draw(const plot_settings *s, sl_ctx *ctx, sl_figure *figure)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (s->out) {
        const char *format = cli_picture_format("plot", s->out);
        const char *script = format ? sl_figure_script(figure, format, s->width, s->height, -1) : NULL;
        return script   ? cli_picture_write("plot", script, !sl_figure_panels(figure), s->out)
               : format ? cli_failed("plot", ctx)
                        : CLI_WRONG;
    }
    const char *text = s->csv ? sl_figure_csv(figure)
                              : sl_figure_text(figure, s->width ? s->width : terminal.width, s->height,
                                               cli_unicode(), *terminal.plain != 0);
    if (!text)
        return cli_failed("plot", ctx);
    fputs(text, stdout);
    return CLI_DONE;
}

static int plot_run(const cli_call *call)
{
    const plot_settings *s = call->settings;
    int status = CLI_DONE;
    plot_wanted wanted;
    char *lines = strdup(s->words);
    const char **words = calloc(strlen(s->words) + 1, sizeof *words);
    sl_ctx *ctx = lines && words ? cli_context("plot", (sl_ctx_options){ 0 }, &status) : NULL;
    if (!ctx)
        return status ? status : CLI_FAILED;
    plot_sort(&wanted, lines, words);
    sl_figure_request request = { .data = s->data,
                                  .part = s->part,
                                  .row = s->row,
                                  .layer = s->layer,
                                  .columns = s->columns,
                                  .metric = s->metric,
                                  .x = s->x,
                                  .weights = s->weights,
                                  .span = s->span,
                                  .solid = s->solid };
    *(wanted.alone ? &request.words : &request.runs) = wanted.words;
    *(wanted.alone ? &request.word_count : &request.run_count) = wanted.count;
    sl_figure *figure = sl_figure_make(ctx, wanted.kind, &request);
    status = figure ? plot_draw(s, ctx, figure) : cli_failed("plot", ctx);
    sl_ctx_free(ctx);
    free(lines);
    free(words);
    return cli_flush("plot", status);
}

const cli_command cli_command_plot = {
    .name = "plot",
    .summary = "draw a figure of a run",
    .usage = "plot RUN [RUN ...] [FIGURE]\nplot FIGURE [WORD ...]",
    .about = "Draws in the terminal what the run folder has recorded, or with -o into a file, by gnuplot (of "
             "nets: "
             "graphviz). slope catalogue figure lists the figures.\n\n"
             "Lines are drawn in Unicode where the locale's character set is UTF-8, else in ASCII.",
    .examples = plot_examples,
    .operands = plot_operands,
    .options = plot_options,
    .size = sizeof(plot_settings),
    .run = plot_run,
    .place = 5,
};
