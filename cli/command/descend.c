/* descend.c - slope descend. Works in double, as slope gradcheck does. */
#include <stddef.h>
#include <string.h>

#include "../decided.h"
#include "../descend.h"
#include "../picture.h"
#include "../terminal.h"

static const cli_option descend_operands[] = {
    { .name = "FUNCTION",
      .kind = CLI_TEXT,
      .words = "=function",
      .help = "a name, with options \"bowl b=50\" (slope catalogue function), or a formula of x, or of x and "
              "y: \"(x-1)^2 + 3*sin(2*x)\"",
      .at = offsetof(descend_settings, function) },
    { 0 },
};

static const cli_option descend_options[] = {
    { .name = "start",
      .kind = CLI_TEXT,
      .value = "X[,Y]",
      .repeats = true,
      .lines = true,
      .told = true,
      .normal = "the function's own; a formula has none",
      .help = "where to begin; may be given again, a walk each",
      .group = "walk",
      .at = offsetof(descend_settings, start) },
    { .name = "lr",
      .kind = CLI_TEXT,
      .value = "X[,X ...]",
      .told = true,
      .normal = "the function's own; of a formula 0.1",
      .help = "step size; several: a walk with each",
      .group = "walk",
      .at = offsetof(descend_settings, lr) },
    { .name = "steps",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 100000,
      .told = true,
      .normal = "20, with --stop 1000",
      .help = "how many, at most",
      .group = "walk",
      .at = offsetof(descend_settings, steps) },
    { .name = "stop",
      .kind = CLI_REAL,
      .value = "LENGTH",
      .low = 0,
      .high = 1e6,
      .above = true,
      .help = "ends behind the first step that is not longer than this",
      .group = "walk",
      .at = offsetof(descend_settings, stop) },
    { .name = "optimizer",
      .kind = CLI_TEXT,
      .value = "NAME[,NAME ...]",
      .words = "=optimizer",
      .told = true,
      .normal = "sgd",
      .help = "the rule, also with options \"momentum momentum=0.8\"; several: a walk with each",
      .group = "walk",
      .at = offsetof(descend_settings, optimizer) },
    { .name = "schedule",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=schedule",
      .told = true,
      .normal = "constant",
      .help = "how the step size goes on",
      .group = "walk",
      .at = offsetof(descend_settings, schedule) },
    { .name = "noise",
      .kind = CLI_TEXT,
      .value = "X[,X ...]",
      .normal = "0",
      .help = "normal numbers of this deviation are added to each gradient; several: a walk with each",
      .group = "walk",
      .at = offsetof(descend_settings, noise) },
    { .name = "starts",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 100000,
      .help = "so many walks from random places, and how many reach the global minimum",
      .group = "walk",
      .at = offsetof(descend_settings, starts) },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .normal = "1",
      .help = "draws the noise and the random places",
      .group = "walk",
      .at = offsetof(descend_settings, seed) },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .help = "draws the walks as .svg, .png or .pdf",
      .group = "result",
      .at = offsetof(descend_settings, output) },
    { .name = "figure",
      .kind = CLI_FLAG,
      .told = true,
      .normal = "where the output is a terminal",
      .help = "draws them below the numbers",
      .group = "result",
      .at = offsetof(descend_settings, figure) },
    { .name = "csv",
      .kind = CLI_FLAG,
      .help = "every place of every walk, as CSV",
      .group = "result",
      .at = offsetof(descend_settings, csv) },
    { .name = "json",
      .kind = CLI_FLAG,
      .help = "one line of JSON on the standard output",
      .group = "result",
      .at = offsetof(descend_settings, json) },
    { 0 },
};

static const cli_example descend_examples[] = {
    { "slope descend quartic --start -3.5 --lr 0.025 --steps 8", "down into the deeper valley" },
    { "slope descend quartic --start 1 --lr 0.06", "to and fro for ever, and why" },
    { "slope descend \"x^4 - 3*x^2 + x\" --start 2 --lr 0.02", "a formula of yours" },
    { "slope descend rosenbrock --optimizer sgd,momentum,adam --steps 200", "three optimizers compared" },
    { "slope descend himmelblau --start 0,0 --start -1,-1 -o walks.svg", "two walks, drawn" },
    { "slope descend quartic --starts 1000 --lr 0.01,0.025,0.05", "how many reach the global minimum" },
    { 0 },
};

static int descend_failed(const sl_ctx *ctx)
{
    const sl_status status = sl_error(ctx);
    cli_say("descend", "%s", sl_message(ctx));
    return cli_exit_status(status);
}

/* In a file, or below the numbers. */
static int descend_draw(const descend_settings *settings, sl_ctx *ctx, sl_function *function,
                        const descend_plan *plan, sl_descent *const *descents)
{
    const char *names[DESCEND_MOST];
    const bool numbers = settings->json || settings->csv;
    const bool shown = cli_terminal_of(stdout).terminal;
    if (!settings->figure && !settings->output)
        cli_decided("figure", shown && !numbers ? "drawn" : "none",
                    numbers ? "--json and --csv are for other programs"
                    : shown ? "the standard output is a terminal"
                            : "the standard output is no terminal");
    if (!settings->output && !settings->figure && (numbers || !shown))
        return CLI_DONE;
    for (int i = 0; i < plan->count; i++)
        names[i] = plan->walks[i].label[0] ? plan->walks[i].label : NULL;
    sl_figure *figure = sl_descent_figure(function, descents, names, plan->count);
    return cli_descend_figure("descend", ctx, figure, settings->output);
}

/* The walks one after the other, then what came of them. */
static int descend_single(const descend_settings *settings, sl_ctx *ctx, sl_function *function,
                          const descend_plan *plan)
{
    sl_descent *descents[DESCEND_MOST] = { NULL };
    for (int i = 0; i < plan->count; i++) {
        const sl_descend_options options = cli_descend_options(settings, &plan->walks[i]);
        descents[i] = sl_descend(function, &options);
        if (!descents[i])
            return descend_failed(ctx);
    }
    if (settings->json)
        cli_descend_json(function, plan, descents);
    else if (settings->csv)
        cli_descend_csv(plan, descents);
    else if (!cli_descend_show(function, settings, plan, descents))
        return CLI_FAILED;
    return descend_draw(settings, ctx, function, plan, descents);
}

static int descend_many(const descend_settings *settings, sl_ctx *ctx, sl_function *function,
                        const descend_plan *plan)
{
    sl_descend_share shares[DESCEND_MOST_SHARES];
    for (int i = 0; i < plan->count; i++) {
        const sl_descend_options options = cli_descend_options(settings, &plan->walks[i]);
        if (sl_descend_many(function, &options, settings->starts, &shares[i]))
            return descend_failed(ctx);
    }
    if (settings->json)
        cli_descend_json_shares(function, plan, shares);
    else if (!cli_descend_shares(settings, function, plan, shares))
        return CLI_FAILED;
    return CLI_DONE;
}

static int descend_run(const cli_call *call)
{
    const descend_settings *settings = call->settings;
    if (settings->starts && settings->start)
        return cli_wrong("descend",
                         "--starts draws random places, and --start gives one: leave one of them out");
    if (settings->starts && settings->csv)
        return cli_wrong("descend",
                         "--csv lists the places of single walks, --starts counts: leave one of them "
                         "out, or take --json");
    if (settings->json && settings->csv)
        return cli_wrong("descend", "--json and --csv are two forms of one result: leave one of them out");
    if (settings->figure && (settings->json || settings->csv || settings->output))
        return cli_wrong("descend", "--figure draws below the numbers: leave --json, --csv and -o out");
    if (settings->starts && (settings->figure || settings->output))
        return cli_wrong("descend", "--starts counts walks, which are not drawn: leave --figure and -o out");
    if (settings->output && !cli_picture_format("descend", settings->output))
        return CLI_WRONG;
    sl_ctx_options listening = { .seed = settings->seed };
    cli_decided_listen(&listening);
    sl_ctx *ctx = sl_ctx_new(&listening);
    if (!ctx)
        return CLI_FAILED;
    descend_plan plan;
    sl_function *function = sl_function_new(ctx, settings->function);
    int status =
        function ? cli_descend_plan(settings, sl_function_variables(function), &plan) : descend_failed(ctx);
    if (function && status == CLI_GO_ON)
        status = settings->starts ? descend_many(settings, ctx, function, &plan)
                                  : descend_single(settings, ctx, function, &plan);
    sl_ctx_free(ctx);
    return cli_flush("descend", status);
}

const cli_command cli_command_descend = {
    .name = "descend",
    .summary = "walk down a function of one or two variables",
    .usage = "descend FUNCTION|FORMULA [--start X[,Y]] [--lr X] [OPTION ...]\n"
             "descend FUNCTION|FORMULA --starts N [--lr X,X,..] [--noise X,X,..]",
    .about =
        "Gradient descent where it can be seen: from a start, each step goes against the gradient, by the "
        "same "
        "rules and schedules that train networks, in double. Of one walk every place is printed, and what "
        "the "
        "walk has come to: a minimum (the global one?), a saddle point, to and fro for ever because the step "
        "size is above 2/curvature, out of all bounds. Of several walks (several starts, optimizers, step "
        "sizes or noises, each with every other) a line each is printed.\n\n"
        "A formula has + - * / ^, brackets, numbers, pi, e, x, y and functions such as exp log sqrt sin cos "
        "tanh sigmoid relu abs. One that begins with - wants -- before it: slope descend --start 1 -- "
        "\"-x^2\".\n\n"
        "A walk that diverges is a result: the exit status is 0.",
    .examples = descend_examples,
    .operands = descend_operands,
    .options = descend_options,
    .size = sizeof(descend_settings),
    .run = descend_run,
    .place = 8,
};
