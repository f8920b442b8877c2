/* diagnose.c - slope diagnose */
#define _XOPEN_SOURCE 700
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../diagnose.h"
#include "../train_options.h"

typedef struct {
    cli_train_settings train; /* first: the rows of train_rows.h mean it */
    const char *budget, *function, *start;
    double noise, stop;
    bool precheck, apply, all;
} diagnose_settings;

#define TRAIN(what, called, takes, headline, field)                                                          \
    .name = called, .kind = CLI_##what, .value = takes, .group = headline,                                   \
    .at = offsetof(diagnose_settings, train.field)
#define SEVERAL TRAIN
#define SEVERAL_LONG TRAIN
#define TRAIN_ONLY(...)
#define DIAGNOSE(what, called, takes, field)                                                                 \
    .name = called, .kind = CLI_##what, .value = takes, .group = "diagnosis",                                \
    .at = offsetof(diagnose_settings, field)

#define WALK(what, called, takes, field)                                                                     \
    .name = called, .kind = CLI_##what, .value = takes, .group = "walk",                                     \
    .at = offsetof(diagnose_settings, field)

static const cli_option diagnose_options[] = {
    { DIAGNOSE(FLAG, "precheck", NULL, precheck),
      .help = "train nothing: a list of what was checked before the first step, with its numbers" },
    { DIAGNOSE(TEXT, "budget", "2x|30s|5m", budget), .normal = "2x: with the repetition three times the run",
      .help = "what the proofs may take: times the training's own work, or seconds or minutes by the clock, "
              "the repetition included" },
    { DIAGNOSE(FLAG, "apply", NULL, apply),
      .help = "train with the first proved fix, and keep that run (-o, else runs/NAME-N)" },
    { DIAGNOSE(FLAG, "all", NULL, all), .help = "show notes and what was not proved, too" },
    { DIAGNOSE(TEXT, "out", "RUN", train.out), .letter = 'o', .words = "run", .normal = "runs/NAME-N",
      .help = "the run folder of --apply" },
#include "../train_rows.h"
    { WALK(TEXT, "function", "NAME|FORMULA", function), .words = "=function",
      .help =
          "no training: a walk down a function, as slope descend makes it, with --lr, --steps, --optimizer, "
          "--schedule and --seed" },
    { WALK(TEXT, "start", "X[,Y]", start), .told = true, .normal = "the function's own; a formula has none",
      .help = "where it begins" },
    { WALK(REAL, "noise", "X", noise), .low = 0, .told = true, .normal = "0",
      .help = "normal numbers of this deviation are added to each gradient" },
    { WALK(REAL, "stop", "LENGTH", stop), .low = 0, .high = 1e6, .above = true,
      .help = "ends behind the first step that is not longer than this" },
    { 0 },
};

static const cli_option diagnose_operands[] = {
    { .name = "RUN|DATA",
      .kind = CLI_TEXT,
      .normal = "",
      .words = "run",
      .at = offsetof(diagnose_settings, train.data),
      .help = "the folder of a run, or data to train on with the options of slope train" },
    { 0 },
};

static const cli_example diagnose_examples[] = {
    { "slope diagnose runs/first", "what went wrong there, and what mends it" },
    { "slope diagnose builtin:moons --net \"8 tanh\" --optimizer sgd --lr 1e-4",
      "a training that is not kept" },
    { "slope diagnose houses.csv --target price --precheck", "before the first step" },
    { "slope diagnose runs/first --budget 30s --apply -o runs/mended", "and keep the mended run" },
    { "slope diagnose --function quartic --start 1 --lr 0.06", "a walk that goes to and fro" },
    { 0 },
};

static bool diagnose_is_run(const char *path)
{
    char file[4096];
    struct stat there;
    return snprintf(file, sizeof file, "%s/run.json", path) < (int)sizeof file && !stat(file, &there);
}

/* "2x", "30s", "5m" */
static int diagnose_budget(const char *text, sl_diagnose_options *options)
{
    char number[32];
    double value;
    const size_t length = text ? strlen(text) : 0;
    if (!text)
        return CLI_GO_ON;
    const char unit = length ? text[length - 1] : 0;
    snprintf(number, sizeof number, "%.*s", length ? (int)length - 1 : 0, text);
    if (length > 30 || !unit || !strchr("xsm", unit) || !sl_number_parse(number, &value) || !(value > 0) ||
        value - value != 0)
        return cli_wrong(
            "diagnose",
            "--budget is '%s': wants a number above 0 and x, s or m: 2x is twice the training's own "
            "work, 30s are seconds, 5m minutes",
            text);
    if (unit == 'x')
        options->budget = value;
    else
        options->seconds = unit == 'm' ? value * 60 : value;
    return CLI_GO_ON;
}

/* With --function only what concerns a walk, and the other way round. */
static int diagnose_check_walk(const cli_call *call)
{
    const diagnose_settings *s = call->settings;
    static const char *const own[] = { "function",  "start",    "noise", "stop", "lr",  "steps",
                                       "optimizer", "schedule", "seed",  "json", "all", "why" };
    for (const cli_option *option = call->command->options; s->function && option->name; option++) {
        bool allowed = false;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            allowed = allowed || !strcmp(option->name, own[i]);
        if (!allowed && cli_given(call, option->name))
            return cli_wrong("diagnose", "--%s and --function: a walk has no use for it: leave --%s out",
                             option->name, option->name);
    }
    if (s->function && s->train.data)
        return cli_wrong("diagnose", "%s and --function: a walk has no data: leave one of them out",
                         s->train.data);
    for (int i = 1; !s->function && i <= 3; i++)
        if (cli_given(call, own[i]))
            return cli_wrong("diagnose", "--%s is for a walk: it wants --function", own[i]);
    if (!s->function && !s->train.data)
        return cli_wrong("diagnose", "wants RUN or DATA: slope diagnose runs/first; or --function");
    return CLI_GO_ON;
}

static int diagnose_check(const cli_call *call, bool run)
{
    const diagnose_settings *s = call->settings;
    static const char *const own[] = { "precheck", "budget",  "apply",     "all",    "out", "json",
                                       "quiet",    "threads", "overwrite", "record", "why" };
    for (const cli_option *option = call->command->options; run && option->name; option++) {
        bool allowed = false;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            allowed = allowed || !strcmp(option->name, own[i]);
        if (!allowed && cli_given(call, option->name))
            return cli_wrong("diagnose", "--%s and %s: a run has its settings: leave --%s out, or give DATA",
                             option->name, s->train.data, option->name);
    }
    if (s->train.data && !strcmp(s->train.data, "-"))
        return cli_wrong("diagnose", "-: the data are read several times: save them in a file");
    if (s->apply && s->precheck)
        return cli_wrong("diagnose",
                         "--apply and --precheck: a fix is proved by training: leave one of them out");
    if (!s->apply && (s->train.out || s->train.overwrite || s->train.record))
        return cli_wrong("diagnose", "--%s is for --apply: without it nothing is kept",
                         s->train.out         ? "out"
                         : s->train.overwrite ? "overwrite"
                                              : "record");
    if (s->train.out && !s->train.overwrite && diagnose_is_run(s->train.out)) /* before the work, not after */
        return cli_wrong("diagnose",
                         "%s holds a run: choose another folder with -o, or replace it with --overwrite",
                         s->train.out);
    if (s->train.epochs && s->train.steps)
        return cli_wrong("diagnose", "--epochs and --steps both say when to stop: give one of them");
    return run ? CLI_GO_ON : cli_train_check_table("diagnose", &s->train);
}

/* The first fix that was proved, trained and kept. */
static int diagnose_apply(const diagnose_settings *s, sl_ctx *ctx, sl_diagnosis *diagnosis)
{
    sl_finding f;
    int index = 0;
    while (sl_diagnosis_at(diagnosis, index, &f) && (f.note || !f.proved || f.tells))
        index++;
    if (!sl_diagnosis_at(diagnosis, index, &f)) {
        cli_say("diagnose", "--apply: no fix was proved, so none is applied");
        return CLI_FAILED;
    }
    const sl_run_options *fixed = sl_diagnosis_fixed(diagnosis, index);
    if (!fixed)
        return cli_failed("diagnose", ctx);
    sl_run_options options = *fixed;
    options.out = s->train.out;
    options.overwrite = s->train.overwrite;
    if (s->train.record)
        options.record = s->train.record;
    sl_run *run = sl_run_new(ctx, &options);
    if (!run || sl_run_train(run))
        return cli_failed("diagnose", ctx);
    if (!s->train.json)
        printf("Applied %s: %s\n", f.fix, sl_run_folder(run));
    else
        cli_say("diagnose", "applied %s: %s", f.fix, sl_run_folder(run));
    sl_run_free(run);
    return CLI_DONE;
}

static int diagnose_run(const cli_call *call)
{
    const diagnose_settings *s = call->settings;
    const bool is_run = s->train.data && diagnose_is_run(s->train.data);
    sl_diagnose_options options = { .precheck = s->precheck };
    int status = diagnose_check_walk(call);
    if (status == CLI_GO_ON && s->function)
        return cli_diagnose_walk(&(cli_walk_settings){ .function = s->function,
                                                       .start = s->start,
                                                       .optimizer = s->train.optimizer,
                                                       .schedule = s->train.schedule,
                                                       .lr = s->train.lr,
                                                       .noise = s->noise,
                                                       .stop = s->stop,
                                                       .steps = s->train.steps,
                                                       .seed = s->train.seed,
                                                       .json = s->train.json,
                                                       .all = s->all });
    if (status == CLI_GO_ON)
        status = diagnose_check(call, is_run);
    if (status == CLI_GO_ON)
        status = diagnose_budget(s->budget, &options);
    if (status != CLI_GO_ON)
        return status;
    sl_ctx *ctx = cli_context(
        "diagnose", (sl_ctx_options){ .seed = s->train.seed, .threads = s->train.threads }, &status);
    if (!ctx)
        return status;
    sl_run_options training = cli_train_run(call);
    options.run = is_run ? s->train.data : NULL;
    options.options = is_run ? NULL : &training;
    sl_diagnosis *diagnosis = sl_diagnose(ctx, &options);
    if (!diagnosis) {
        status = cli_failed("diagnose", ctx);
    } else {
        status = CLI_DONE;
        if (s->train.json)
            cli_diagnosis_json(diagnosis);
        else
            cli_diagnosis_show(diagnosis, s->all);
        if (s->apply)
            status = diagnose_apply(s, ctx, diagnosis);
    }
    sl_diagnosis_free(diagnosis);
    sl_ctx_free(ctx);
    return cli_flush("diagnose", status);
}

const cli_command cli_command_diagnose = {
    .name = "diagnose",
    .summary = "say what is wrong with a training, and prove what mends it",
    .usage = "diagnose RUN|DATA [--budget 2x] [--apply] [OPTION ...]\n"
             "diagnose RUN|DATA --precheck [OPTION ...]\n"
             "diagnose --function NAME|FORMULA [--start X[,Y]] [OPTION ...]",
    .about =
        "Repeats the training in memory, measures it, and for each suspicion trains again from the same seed "
        "with one change. A finding says what was seen, with its numbers, and what the change brought; those "
        "that no change proves are left out unless --all asks for them. Nothing is written without "
        "--apply.\n\n"
        "--precheck trains nothing and prints what was checked, each with its number: the loss against ln K, "
        "one batch learned by heart, slopes against differences of the loss, scales, labels, order. "
        "--function "
        "looks at a walk of slope descend instead of a training.\n\n"
        "Findings are in the order of what their fixes gain; of fixes that gain alike the one that causes "
        "the "
        "others comes first. slope catalogue finding says what each one goes by.",
    .examples = diagnose_examples,
    .operands = diagnose_operands,
    .options = diagnose_options,
    .size = sizeof(diagnose_settings),
    .run = diagnose_run,
    .place = 7,
};
