/* plot.c - slope plot */
#define _XOPEN_SOURCE 700
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../cli.h"
#include "../decided.h"
#include "../outfile.h"
#include "../picture.h"
#include "../terminal.h"

typedef struct {
    char *words; /* RUN and FIGURE: words */
    const char *out, *data, *part, *layer, *columns, *metric, *x, *weights;
    int row, width, height;
    double span;
    bool solid, csv, json;
} plot_settings;

#define PLOT_AT(field) .at = offsetof(plot_settings, field)

static const cli_option plot_operands[] = {
    { .name = "RUN|FIGURE",
      .kind = CLI_TEXT,
      .words = "figure",
      .repeats = true,
      PLOT_AT(words),
      .help = "run folders, then what to draw (else curves); or a figure without a run" },
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
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      PLOT_AT(json),
      .help = "print its name, title, notes and the digest of its numbers" },
    { .name = "width",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 30,
      .high = 10000,
      .group = "result",
      PLOT_AT(width),
      .told = true,
      .normal = "the terminal's; of a file 800",
      .help = "columns; of a file pixels" },
    { .name = "height",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 5,
      .high = 10000,
      .group = "result",
      PLOT_AT(height),
      .told = true,
      .normal = "follows",
      .help = "lines; of a file pixels" },
    { .name = "data",
      .kind = CLI_TEXT,
      .value = "DATA",
      .words = "data",
      .group = "what",
      PLOT_AT(data),
      .told = true,
      .normal = "the run's",
      .help = "rows to look at" },
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .group = "what",
      PLOT_AT(part),
      .told = true,
      .normal = "test, where there is one",
      .help = "which part of them" },
    { .name = "row",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .group = "what",
      PLOT_AT(row),
      .told = true,
      .normal = "1",
      .help = "which row" },
    { .name = "layer",
      .kind = CLI_TEXT,
      .value = "NAME",
      .group = "what",
      PLOT_AT(layer),
      .told = true,
      .normal = "follows the figure",
      .help = "which layer" },
    { .name = "columns",
      .kind = CLI_TEXT,
      .value = "A,B",
      .group = "what",
      PLOT_AT(columns),
      .told = true,
      .normal = "the first ones",
      .help = "two inputs of many" },
    { .name = "metric",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=metric",
      .group = "what",
      PLOT_AT(metric),
      .told = true,
      .normal = "follows the task",
      .help = "which figure of merit" },
    { .name = "x",
      .kind = CLI_TEXT,
      .value = "NAME",
      .group = "what",
      PLOT_AT(x),
      .told = true,
      .normal = "epoch",
      .help = "to the right: epoch, step, seconds; of compare a setting" },
    { .name = "weights",
      .kind = CLI_TEXT,
      .value = "A,B",
      .group = "what",
      PLOT_AT(weights),
      .told = true,
      .normal = "two random directions",
      .help = "two weights: dense_1.weight[0,1],output.bias[0]" },
    { .name = "span",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .high = 1000,
      .group = "what",
      PLOT_AT(span),
      .told = true,
      .normal = "1",
      .help = "how far out" },
    { .name = "solid", .kind = CLI_FLAG, .group = "what", PLOT_AT(solid), .help = "seen in perspective" },
    { 0 },
};

static const cli_example plot_examples[] = {
    { "slope plot runs/digits-1", "training and validation loss, as wide as the terminal" },
    { "slope plot runs/digits-1 confusion -o confusion.svg", "what is taken for what" },
    { "slope plot runs/xor-1 runs/xor-2 curves -o both.png", "two runs in one picture" },
    { "slope plot model.safetensors net -o net.pdf", "a model file alone will do for net" },
    { "slope plot activations", "a figure without a run" },
    { "slope plot runs/digits-1 curves --csv > curves.csv", "the numbers, for other tools" },
    { 0 },
};

typedef struct {
    const char *kind;
    const char **words; /* runs, or what stands behind the figure */
    int count;
    bool alone;
} plot_wanted;

static bool plot_known(const char *word)
{
    sl_word known;
    for (int i = 0; sl_catalogue("figure", i, &known); i++)
        if (strcmp(known.name, word) == 0)
            return true;
    return false;
}

static bool plot_there(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0;
}

/* Not a run, and nearly the name of a figure. */
static bool plot_misspelt(const char *word)
{
    cli_nearest nearest = { .word = word };
    sl_word known;
    for (int i = 0; sl_catalogue("figure", i, &known); i++)
        cli_nearest_try(&nearest, known.name);
    return !strchr(word, '/') && !plot_there(word) && nearest.best;
}

/* FIGURE WORD ..., or RUN ... [FIGURE]. A folder that is called like a figure: ./FIGURE. */
static void plot_sort(plot_wanted *wanted, const char **words, int count)
{
    *wanted = (plot_wanted){ .kind = "curves", .words = words, .count = count };
    const char *last = wanted->count ? words[wanted->count - 1] : "";
    if (wanted->count && !plot_there(words[0]) && (plot_known(words[0]) || plot_misspelt(words[0]))) {
        wanted->alone = true;
        wanted->kind = words[0];
        wanted->words++;
        wanted->count--;
    } else if (wanted->count > 1 && (plot_known(last) || !plot_there(last))) {
        wanted->kind = words[--wanted->count];
    }
}

static int plot_run_first(const char *run, const char *kind)
{
    char *word = cli_shell(run);
    const int status = cli_wrong("plot", "the run comes first: slope plot %s %s", word ? word : run, kind);
    free(word);
    return status;
}

/* What is asked for must count. */
static int plot_refuse(const cli_call *call, const plot_wanted *wanted)
{
    static const char *const fields[] = { "data",   "part", "row",     "layer", "columns",
                                          "metric", "x",    "weights", "span",  "solid" };
    const plot_settings *s = call->settings;
    char takes[160] = "";
    if (!plot_known(wanted->kind))
        return CLI_DONE; /* the library names the nearest */
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (sl_figure_takes(wanted->kind, fields[i]))
            snprintf(takes + strlen(takes), sizeof takes - strlen(takes), "%s--%s", *takes ? ", " : "",
                     fields[i]);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (cli_given(call, fields[i]) && !sl_figure_takes(wanted->kind, fields[i]))
            return cli_wrong("plot", "--%s is not for %s: it takes %s", fields[i], wanted->kind,
                             *takes ? takes : "none of these options");
    if (wanted->alone && wanted->count && plot_there(wanted->words[0]) &&
        !sl_figure_takes(wanted->kind, "words"))
        return plot_run_first(wanted->words[0], wanted->kind);
    if (s->csv && (s->out || s->json))
        return cli_wrong("plot", "--csv prints the numbers: leave out %s", s->out ? "--out" : "--json");
    if ((s->csv || (s->json && !s->out)) && (s->width || s->height))
        return cli_wrong("plot", "--%s counts where something is drawn: leave it out",
                         s->width ? "width" : "height");
    return CLI_DONE;
}

static void plot_print_json(sl_figure *figure, const char *kind)
{
    fputs("{\"figure\": ", stdout);
    cli_json_string(stdout, kind);
    fputs(", \"title\": ", stdout);
    cli_json_string(stdout, sl_figure_title(figure));
    printf(", \"panels\": %d, \"digest\": \"%016llx\", \"notes\": [", sl_figure_panels(figure),
           (unsigned long long)sl_figure_digest(figure));
    const char *note = sl_figure_notes(figure);
    for (bool first = true; *note; first = false) {
        const size_t length = strcspn(note, "\n");
        char *sentence = cli_copy(note, length);
        fputs(first ? "" : ", ", stdout);
        cli_json_string(stdout, sentence ? sentence : "");
        free(sentence);
        note += length + (note[length] == '\n');
    }
    fputs("]}\n", stdout);
}

static int plot_write(const plot_settings *s, sl_ctx *ctx, sl_figure *figure)
{
    const bool diagram = !sl_figure_panels(figure);
    const char *format = cli_picture_format("plot", s->out);
    if (!format)
        return CLI_WRONG;
    if (diagram && (s->width || s->height))
        return cli_wrong("plot", "--%s: a diagram takes the room that its nodes need: leave it out",
                         s->width ? "width" : "height");
    cli_decided("format", format, "the name %s ends so", s->out);
    const char *script = sl_figure_script(figure, format, s->width, s->height, -1);
    if (!script)
        return cli_failed("plot", ctx);
    const int status = cli_picture_write("plot", script, diagram, s->out);
    if (status == CLI_DONE)
        cli_say("plot", "wrote %s: %s", s->out, sl_figure_title(figure));
    return status;
}

static void plot_tell(const plot_settings *s, const cli_terminal *terminal)
{
    if (!s->width)
        cli_decided("width", cli_count(terminal->width).text,
                    terminal->terminal ? "so many columns has the terminal"
                                       : "the default where there is no terminal");
    if (!s->height)
        cli_decided("height", "as it needs", "follows the panels at this width");
    cli_decided("characters", cli_unicode() ? "Unicode" : "ASCII", "the character set of the locale %s UTF-8",
                cli_unicode() ? "is" : "is not");
    cli_decided("colours", *terminal->plain ? "yes" : "no",
                *terminal->plain     ? "the terminal has them"
                : terminal->terminal ? "the terminal has none, or NO_COLOR is set"
                                     : "the standard output is no terminal");
}

static int plot_draw(const plot_settings *s, sl_ctx *ctx, sl_figure *figure, const char *kind)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int status = s->out ? plot_write(s, ctx, figure) : CLI_DONE;
    if (s->json && status == CLI_DONE)
        plot_print_json(figure, kind);
    if (s->json || s->out)
        return status;
    const char *text = s->csv ? sl_figure_csv(figure)
                              : sl_figure_text(figure, s->width ? s->width : terminal.width, s->height,
                                               cli_unicode(), *terminal.plain != 0);
    if (!text)
        return cli_failed("plot", ctx);
    if (!s->csv)
        plot_tell(s, &terminal);
    fputs(text, stdout);
    return CLI_DONE;
}

static int plot_run(const cli_call *call)
{
    const plot_settings *s = call->settings;
    int status = CLI_DONE;
    plot_wanted wanted;
    int given = 0;
    const char **words = cli_words(s->words, &given);
    sl_ctx *ctx = words ? cli_context("plot", (sl_ctx_options){ 0 }, &status) : NULL;
    if (!ctx) {
        free(words);
        return status ? status : CLI_FAILED;
    }
    plot_sort(&wanted, words, given);
    if (!wanted.alone && wanted.count == given)
        cli_decided("FIGURE", wanted.kind, "none was named");
    status = plot_refuse(call, &wanted);
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
    sl_figure *figure = status == CLI_DONE ? sl_figure_make(ctx, wanted.kind, &request) : NULL;
    if (status == CLI_DONE)
        status = figure ? plot_draw(s, ctx, figure, wanted.kind) : cli_failed("plot", ctx);
    sl_figure_free(figure);
    sl_ctx_free(ctx);
    free(words);
    return cli_flush("plot", status);
}

const cli_command cli_command_plot = {
    .name = "plot",
    .summary = "draw a figure of a run",
    .usage = "plot RUN [RUN ...] [FIGURE]\nplot FIGURE [WORD ...]",
    .about =
        "Draws in the terminal what the run folder has recorded, or with -o into a file. slope help "
        "figures lists what can be drawn. A run folder that is called like a figure is written ./NAME.\n\n"
        "Files are drawn by gnuplot 5 or later, diagrams (net) by graphviz: where that is not installed the "
        "exit status is 1. The same figure is the same file, to the byte, with the same gnuplot.\n\n"
        "Lines are drawn in Unicode where the locale's character set is UTF-8, else in ASCII; in colours "
        "where the terminal has them, unless NO_COLOR is set.",
    .examples = plot_examples,
    .operands = plot_operands,
    .options = plot_options,
    .size = sizeof(plot_settings),
    .run = plot_run,
    .place = 5,
};
