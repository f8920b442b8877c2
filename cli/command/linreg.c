/* linreg.c - slope linreg. Works in double, as slope gradcheck does. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../decided.h"
#include "../descend.h"
#include "../linreg.h"
#include "../picture.h"
#include "../terminal.h"

static const cli_option linreg_operands[] = {
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .normal = "builtin:line?rows=10&noise=0.5",
      .help = "rows with one input and a number to learn (slope help data)",
      .at = offsetof(linreg_settings, data) },
    { 0 },
};

static const cli_option linreg_options[] = {
    { .name = "target",
      .kind = CLI_TEXT,
      .value = "COLUMN",
      .help = "of a table: y; the one other column is x",
      .group = "data",
      .at = offsetof(linreg_settings, target) },
    { .name = "lr",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .told = true,
      .normal = "0.1 in the single epoch, 0.02 in the others",
      .help = "step size with one point a step",
      .group = "walk",
      .at = offsetof(linreg_settings, lr) },
    { .name = "epochs",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 1000,
      .normal = "9",
      .help = "so many with one point a step",
      .group = "walk",
      .at = offsetof(linreg_settings, epochs) },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .normal = "1",
      .help = "draws the order of the points in each epoch",
      .group = "walk",
      .at = offsetof(linreg_settings, seed) },
    { .name = "figure",
      .kind = CLI_CHOICE,
      .value = "NAME",
      .words = "space|epoch|epochs|losses",
      .told = true,
      .normal = "space, where the output is a terminal",
      .help = "what to draw below the numbers",
      .group = "result",
      .at = offsetof(linreg_settings, figure) },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .help = "draws it as .svg, .png or .pdf",
      .group = "result",
      .at = offsetof(linreg_settings, output) },
    { .name = "json",
      .kind = CLI_FLAG,
      .help = "one line of JSON on the standard output",
      .group = "result",
      .at = offsetof(linreg_settings, json) },
    { 0 },
};

static const cli_example linreg_examples[] = {
    { "slope linreg", "ten points with noise" },
    { "slope linreg --figure losses -o losses.svg", "the three losses, drawn" },
    { "slope linreg heights.csv --target weight --lr 1e-5", "a table with two columns of numbers" },
    { 0 },
};

const struct linreg_curve cli_linreg_curves[LINREG_CURVES] = { { "one point", 0.1, 1 },
                                                               { "five points", 0.05, 5 },
                                                               { "all points", 0.025, 0 } };
enum { LINREG_STEPS = 100, LINREG_EPOCHS = 9, LINREG_MOST = 10000 };

static int linreg_failed(const sl_ctx *ctx)
{
    const sl_status status = sl_error(ctx);
    cli_say("linreg", "%s", sl_message(ctx));
    return cli_exit_status(status);
}

/* Number of row `row`'s one input; false: none there. */
static bool linreg_input(const sl_data *data, size_t row, double *x)
{
    sl_real value = 0;
    char text[64];
    if (!sl_data_columns(data)) {
        if (sl_data_row(data, row, &value, NULL))
            return false;
        *x = (double)value;
        return true;
    }
    return sl_data_input_text(data, row, 0, text, sizeof text) && sl_number_parse(text, x) && *x - *x == 0;
}

static int linreg_shape(const sl_data *data, const char *name)
{
    const sl_shape shape = sl_data_shape(data);
    int inputs = shape.rank ? 1 : 0;
    for (int i = 0; i < shape.rank && !sl_data_columns(data); i++)
        inputs *= shape.dim[i];
    sl_column_info column;
    if (sl_data_columns(data))
        inputs = 0;
    for (int i = 0; sl_data_column(data, i, &column); i++)
        inputs += strcmp(column.role, "input") == 0;
    if (!sl_data_has_targets(data))
        return cli_wrong("linreg", "%s has no targets: of a table --target names the column that is y", name);
    if (sl_data_classes(data))
        return cli_wrong("linreg", "the targets of %s are classes: wants numbers", name);
    if (inputs != 1)
        return cli_wrong("linreg", "%s has %d inputs: a line wants one, x", name, inputs);
    if (sl_data_rows(data) < 2 || sl_data_rows(data) > LINREG_MOST)
        return cli_wrong("linreg", "%s has %zu rows: wants 2 to %d", name, sl_data_rows(data), LINREG_MOST);
    return CLI_DONE;
}

static int linreg_read(const linreg_settings *settings, sl_ctx *ctx, linreg_work *work)
{
    static const double made_by[] = { 2, 3 }; /* builtin:line */
    work->name = settings->data ? settings->data : linreg_operands[0].normal;
    if (strncmp(work->name, "builtin:line", 12) == 0 && (!work->name[12] || work->name[12] == '?'))
        work->truth = made_by;
    const sl_table_options table = { .target = settings->target, .task = "regression" };
    const sl_data *data = settings->target ? sl_data_open_table(ctx, work->name, NULL, &table)
                                           : sl_data_open(ctx, work->name, NULL);
    if (!data)
        return linreg_failed(ctx);
    const int status = linreg_shape(data, work->name);
    if (status)
        return status;
    work->n = sl_data_rows(data);
    work->x = calloc(2 * work->n, sizeof *work->x);
    work->y = work->x + work->n;
    for (size_t row = 0; work->x && row < work->n; row++) {
        sl_real y = 0;
        if (!linreg_input(data, row, &work->x[row]) || sl_data_row(data, row, NULL, &y))
            return sl_error(ctx) ? linreg_failed(ctx)
                                 : cli_wrong("linreg", "row %zu of %s has no number as x: wants one in each",
                                             row + 1, work->name);
        work->y[row] = (double)y;
    }
    if (work->x)
        return CLI_DONE;
    cli_say("linreg", "memory ran out");
    return CLI_FAILED;
}

/* 2 over the largest eigenvalue of the loss's second derivatives, 2/n [n, sum x; sum x, sum x^2]. */
static double linreg_limit(const linreg_work *work)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < work->n; i++) {
        mean += work->x[i] / (double)work->n;
        square += work->x[i] * work->x[i] / (double)work->n;
    }
    return 2 / (1 + square + sqrt((1 - square) * (1 - square) + 4 * mean * mean));
}

static sl_report *linreg_walk(sl_ctx *ctx, const linreg_work *work, double lr, int batch, int epochs)
{
    const sl_line_options options = {
        .x = work->x, .y = work->y, .n = work->n, .lr = lr, .batch = batch, .epochs = epochs
    };
    return sl_line_descend(ctx, &options);
}

static int linreg_draw(const linreg_settings *settings, sl_ctx *ctx, const linreg_work *work)
{
    const char *kind = settings->figure ? settings->figure : "space";
    const sl_line_options points = { .x = work->x, .y = work->y, .n = work->n, .truth = work->truth };
    const bool shown = cli_terminal_of(stdout).terminal;
    if (!settings->figure)
        cli_decided("figure", settings->output || (!settings->json && shown) ? kind : "none",
                    settings->output ? "the default in a file"
                    : settings->json ? "--json is for other programs"
                    : shown          ? "the standard output is a terminal"
                                     : "the standard output is no terminal");
    if (!settings->output && !settings->figure && (settings->json || !shown))
        return CLI_DONE;
    const bool losses = strcmp(kind, "losses") == 0;
    const sl_report *walks[LINREG_CURVES] = { strcmp(kind, "epoch") == 0 ? work->single : work->epochs };
    const char *names[LINREG_CURVES] = { NULL };
    char texts[LINREG_CURVES][96], lr[32];
    for (int i = 0; i < LINREG_CURVES && losses; i++) {
        snprintf(texts[i], sizeof texts[i], "%s a step, lr %s", cli_linreg_curves[i].name,
                 sl_number_text(lr, cli_linreg_curves[i].lr));
        names[i] = texts[i];
        walks[i] = work->curves[i];
    }
    sl_figure *figure = sl_line_figure(ctx, kind, &points, walks, names, losses ? LINREG_CURVES : 1);
    return cli_descend_figure("linreg", ctx, figure, settings->output);
}

static int linreg_all(const linreg_settings *settings, sl_ctx *ctx, linreg_work *work)
{
    if (!(settings->lr > 0))
        cli_decided("lr", "0.1, then 0.02",
                    "the defaults: of the single epoch, and of several, which want smaller steps");
    work->lr_single = settings->lr > 0 ? settings->lr : 0.1;
    work->lr_epochs = settings->lr > 0 ? settings->lr : 0.02;
    if (sl_line_fit(ctx, work->n, work->x, work->y, work->best))
        return linreg_failed(ctx);
    work->least = sl_line_loss(work->n, work->x, work->y, work->best[0], work->best[1]);
    work->limit = linreg_limit(work);
    work->single = linreg_walk(ctx, work, work->lr_single, 1, 1);
    work->epochs =
        linreg_walk(ctx, work, work->lr_epochs, 1, settings->epochs ? settings->epochs : LINREG_EPOCHS);
    for (int i = 0; i < LINREG_CURVES; i++) {
        const size_t asked = (size_t)cli_linreg_curves[i].batch;
        const size_t batch = asked && asked < work->n ? asked : work->n;
        const size_t each = (work->n + batch - 1) / batch; /* steps an epoch */
        work->curves[i] = linreg_walk(ctx, work, cli_linreg_curves[i].lr, (int)batch,
                                      (int)((LINREG_STEPS + each - 1) / each));
    }
    if (sl_error(ctx))
        return linreg_failed(ctx);
    if (settings->json)
        cli_linreg_json(work);
    else if (!cli_linreg_show(work))
        return CLI_FAILED;
    return linreg_draw(settings, ctx, work);
}

static int linreg_run(const cli_call *call)
{
    const linreg_settings *settings = call->settings;
    if (settings->json && settings->figure && !settings->output)
        return cli_wrong("linreg", "--figure draws below the numbers: leave --json out, or give -o");
    if (settings->output && !cli_picture_format("linreg", settings->output))
        return CLI_WRONG;
    sl_ctx_options listening = { .seed = settings->seed };
    cli_decided_listen(&listening);
    sl_ctx *ctx = sl_ctx_new(&listening);
    if (!ctx)
        return CLI_FAILED;
    linreg_work work = { 0 };
    int status = linreg_read(settings, ctx, &work);
    if (status == CLI_DONE)
        status = linreg_all(settings, ctx, &work);
    free(work.x);
    sl_ctx_free(ctx);
    return cli_flush("linreg", status);
}

const cli_command cli_command_linreg = {
    .name = "linreg",
    .summary = "fit a straight line by gradient descent, step by step",
    .usage = "linreg [DATA [--target COLUMN]] [--lr X] [--epochs N]",
    .about =
        "A line y = w1 + w2 x through points, from w1 = w2 = 0, by stochastic gradient descent in double: "
        "the "
        "first steps with the gradient (2e, 2xe) of a point and the update equations, how far the line "
        "swings "
        "within an epoch, how near it has come to the least-squares line behind epochs 1, 3, 5, .., and the "
        "loss over steps with one point a step, five, and all of them (lr 0.1, 0.05, 0.025).",
    .examples = linreg_examples,
    .operands = linreg_operands,
    .options = linreg_options,
    .size = sizeof(linreg_settings),
    .run = linreg_run,
    .place = 9,
};
