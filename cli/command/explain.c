/* explain.c - slope explain. Compiled against the build with sl_real = double: what a pencil gives. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../decided.h"
#include "../explain.h"
#include "../optimizer_options.h"

static const cli_option explain_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .told = true,
      .words = "run",
      .normal = "none: the net is --net",
      .help = "a run folder or a model file",
      .at = offsetof(explain_settings, run) },
    { .name = "DATA",
      .kind = CLI_TEXT,
      .told = true,
      .words = "data",
      .normal = "the run's",
      .help = "where the row is from",
      .at = offsetof(explain_settings, data) },
    { 0 },
};

#define SEVERAL(what, called, takes, headline, field)                                                        \
    .name = called, .kind = CLI_##what, .value = takes, .group = headline,                                   \
    .at = offsetof(explain_settings, field)

static const cli_option explain_options[] = {
    { .name = "net",
      .kind = CLI_TEXT,
      .value = "WORDS",
      .normal = "linear",
      .help = "hidden layers (slope help net)",
      .group = "network",
      .at = offsetof(explain_settings, net) },
    { .name = "weights",
      .told = true,
      .kind = CLI_TEXT,
      .value = "X,X,..",
      .normal = "drawn by --init",
      .help = "the weight matrices in layer order, row by row, [outputs, inputs]",
      .group = "network",
      .at = offsetof(explain_settings, weights) },
    { .name = "biases",
      .told = true,
      .kind = CLI_TEXT,
      .value = "X,X,..",
      .normal = "0, and they stay so",
      .help = "the biases in layer order; given ones learn",
      .group = "network",
      .at = offsetof(explain_settings, biases) },
    { .name = "init",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=init",
      .normal = "follows the activation",
      .help = "how weights that are not given begin",
      .group = "network",
      .at = offsetof(explain_settings, init) },
    { .name = "outputs",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 1000,
      .normal = "as --y has",
      .help = "of the output layer, such as the number of classes",
      .group = "network",
      .at = offsetof(explain_settings, outputs) },
    { .name = "x",
      .kind = CLI_TEXT,
      .value = "X,..;X,..",
      .help = "inputs: the numbers of a row with commas, rows with ;",
      .group = "row",
      .at = offsetof(explain_settings, x) },
    { .name = "y",
      .kind = CLI_TEXT,
      .value = "Y;Y",
      .help = "targets: numbers, or class numbers from 0",
      .group = "row",
      .at = offsetof(explain_settings, y) },
    { .name = "row",
      .told = true,
      .kind = CLI_TEXT,
      .value = "N,..",
      .normal = "1",
      .help = "of a RUN: which row of DATA, from 1; several (3,7 or 3-6) are a batch",
      .group = "row",
      .at = offsetof(explain_settings, row) },
    { .name = "rows",
      .told = true,
      .kind = CLI_TEXT,
      .value = "N-N",
      .help = "the same as --row",
      .group = "row",
      .at = offsetof(explain_settings, rows) },
    { .name = "part",
      .told = true,
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .normal = "test, where there is one",
      .help = "which part of DATA",
      .group = "row",
      .at = offsetof(explain_settings, part) },
    { .name = "loss",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=loss",
      .normal = "mean_squared",
      .help = "what the step makes smaller",
      .group = "step",
      .at = offsetof(explain_settings, loss) },
    { .name = "freeze",
      .kind = CLI_TEXT,
      .value = "LAYER[,LAYER]",
      .help = "layers whose weights stay as they are: dense_1, output",
      .group = "step",
      .at = offsetof(explain_settings, freeze) },
    { .name = "steps",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 10000,
      .normal = "1",
      .help = "so many steps, one after the other",
      .group = "step",
      .at = offsetof(explain_settings, steps) },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .normal = "1",
      .help = "draws weights that are not given, and dropout",
      .group = "step",
      .at = offsetof(explain_settings, seed) },
    { .name = "optimizer",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=optimizer",
      .normal = "sgd; of --cost adam; of a RUN its own",
      .help = "the rule that changes the weights, also with options",
      .group = "optimizer",
      .at = offsetof(explain_settings, optimizer) },
    { .name = "lr",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .normal = "the rule's",
      .help = "step size",
      .group = "optimizer",
      .at = offsetof(explain_settings, lr) },
#include "../optimizer_rows.h"
    { .name = "depth",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 4,
      .normal = "2",
      .help =
          "1: a line a quantity; 2: a line a number, of long lists some; 3: all numbers; 4: every product",
      .group = "result",
      .at = offsetof(explain_settings, depth) },
    { .name = "digits",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 15,
      .normal = "7",
      .help = "of numbers that do not end before the tenth",
      .group = "result",
      .at = offsetof(explain_settings, digits) },
    { .name = "forward",
      .kind = CLI_FLAG,
      .help = "the way forward and the loss alone",
      .group = "result",
      .at = offsetof(explain_settings, forward) },
    { .name = "backward",
      .kind = CLI_FLAG,
      .help = "the way back alone",
      .group = "result",
      .at = offsetof(explain_settings, backward) },
    { .name = "update",
      .kind = CLI_FLAG,
      .help = "the update alone",
      .group = "result",
      .at = offsetof(explain_settings, update) },
    { .name = "predict",
      .kind = CLI_FLAG,
      .help = "of a RUN: no step, the answer as slope predict gives it",
      .group = "result",
      .at = offsetof(explain_settings, predict) },
    { .name = "format",
      .kind = CLI_CHOICE,
      .value = "NAME",
      .words = "text|markdown|html|latex",
      .normal = "text, or as FILE ends",
      .help = "how it is written",
      .group = "result",
      .at = offsetof(explain_settings, format) },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .help = "into a file (.txt, .md, .html, .tex, .json)",
      .group = "result",
      .at = offsetof(explain_settings, out) },
    { .name = "json",
      .kind = CLI_FLAG,
      .help = "one line of JSON: the numbers of each step by their names, unrounded",
      .group = "result",
      .at = offsetof(explain_settings, json) },
    EXPLAIN_MORE_OPTIONS(explain_settings),
    { 0 },
};

static const cli_example explain_examples[] = {
    { "slope explain --net \"1 relu\" --weights 0.5,1.0 --x 2 --y 3 --lr 0.1",
      "one step of the smallest net" },
    { "slope explain --net \"3 tanh\" --x \"1,-2;0,3\" --y \"1;0\" --loss bce --steps 3",
      "two rows, three steps" },
    { "slope explain runs/houses-1 new.csv --row 7", "a trained net: a step of training with row 7" },
    { "slope explain runs/digits-1 --row 3 --predict", "how the answer came about" },
    { "slope explain runs/iris-1 --equation --syntax python", "a trained net as a function in Python" },
    { "slope explain --net \"4, 4\" --inputs 3 --collapse", "two linear layers are one" },
    { "slope explain runs/digits-1 --cost --epochs 5 --watts 65", "what a training costs" },
    { 0 },
};

int cli_explain_failed(const sl_ctx *ctx)
{
    const sl_status status = sl_error(ctx);
    const char *said = sl_message(ctx);
    cli_say("explain", "%s", strncmp(said, "explain: ", 9) ? said : said + 9);
    return cli_exit_status(status);
}

/* What belongs to a RUN. */
static int explain_check_net(const explain_settings *s)
{
    const char *given = s->row ? "row" : s->rows ? "rows" : s->part ? "part" : s->predict ? "predict" : NULL;
    return given ? cli_wrong("explain", "--%s is of a trained model: wants slope explain RUN --%s ..", given,
                             given)
                 : CLI_DONE;
}

static int explain_run(const cli_call *call)
{
    explain_settings given = *(const explain_settings *)call->settings;
    const explain_settings *settings = &given;
    int status;
    if (cli_given(call, "decay") && given.decay <= 0) /* 0 is the rule's own to the library */
        given.decay = -1;
    if ((status = cli_explain_form(settings)))
        return status;
    if (settings->steps > 1 && settings->forward && !settings->backward && !settings->update)
        return cli_wrong("explain",
                         "--steps %d and --forward: the way forward alone changes nothing: leave one out",
                         settings->steps);
    if (settings->run || settings->more.equation || settings->more.collapse || settings->more.cost)
        cli_decided_recorded();
    if (settings->more.equation || settings->more.collapse || settings->more.cost)
        return cli_explain_more(settings);
    if ((status = cli_explain_step_only(settings)))
        return status;
    sl_ctx *ctx = cli_context("explain", (sl_ctx_options){ .seed = settings->seed, .threads = 1 }, &status);
    if (!ctx)
        return status;
    explain_job job = { .no_targets =
                            settings->forward && !settings->backward && !settings->update && !settings->y };
    status = settings->run ? CLI_DONE : explain_check_net(settings);
    if (!status && !settings->run)
        status = cli_explain_net(settings, ctx, &job);
    const sl_explain_options options = { .depth = settings->depth,
                                         .digits = settings->digits,
                                         .steps = settings->steps,
                                         .forward = settings->forward,
                                         .backward = settings->backward,
                                         .update = settings->update,
                                         .keep_biases = job.keep_biases };
    sl_explanation *e = NULL;
    if (settings->run)
        status = cli_explain_rows(settings, ctx, &options, &e);
    else if (!status)
        e = sl_explain_step(job.model, job.x, job.y, job.weights, &options);
    if (!status && !e)
        status = cli_explain_failed(ctx);
    if (e)
        status = cli_explain_write(settings, ctx, e, sl_explanation_write);
    sl_ctx_free(ctx);
    return cli_flush("explain", status);
}

const cli_command cli_command_explain = {
    .name = "explain",
    .summary = "show the arithmetic of a step of training, number by number",
    .usage = "explain --net WORDS --x X,.. --y Y [--weights W,..] [OPTION ...]\n"
             "explain RUN [DATA] [--row N] [--part PART] [--predict] [OPTION ...]",
    .about = "Forward, loss, backward and update of one step, each line with its numbers, to be followed "
             "with a pencil. "
             "Every line is computed again from the digits that it shows.\n",
    .examples = explain_examples,
    .operands = explain_operands,
    .options = explain_options,
    .size = sizeof(explain_settings),
    .run = explain_run,
};
