/* train.c - slope train */
#define _XOPEN_SOURCE 700
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "../cli.h"
#include "../profile.h"
#include "../progress.h"
#include "../result.h"

typedef struct {
    const char *data, *test, *validation, *task, *net, *init, *loss, *optimizer, *schedule, *out, *resume;
    double lr, warmup, momentum, beta1, beta2, epsilon, decay;
    int epochs, steps, batch, patience, threads;
    uint64_t seed;
    bool overwrite, json, quiet, profile;
} train_settings;

#define TRAIN_AT(field) .at = offsetof(train_settings, field)

static const cli_option train_operands[] = {
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .normal = "",
      TRAIN_AT(data),
      .help = "the data to train on: a folder of IDX files, or builtin:NAME; slope help data says more" },
    { 0 },
};

/* The defaults written here are the library's; a test compares them with what a run records. */
static const cli_option train_options[] = {
    { .name = "test",
      .kind = CLI_TEXT,
      .value = "DATA",
      .words = "data",
      .group = "data",
      TRAIN_AT(test),
      .normal = "DATA's own test part, if it has one",
      .help = "report how well the model does on this data" },
    { .name = "validation",
      .kind = CLI_TEXT,
      .value = "0.1|DATA",
      .words = "data",
      .group = "data",
      TRAIN_AT(validation),
      .normal = "0.1; none below 50 rows or 5 a class",
      .help =
          "rows kept out of training, by which the best epoch is chosen: a fraction, 0 for none, or data" },
    { .name = "task",
      .kind = CLI_CHOICE,
      .value = "TASK",
      .words = "classification|regression",
      .group = "data",
      TRAIN_AT(task),
      .normal = "follows the target",
      .help = "what is learned" },

    { .name = "net",
      .kind = CLI_TEXT,
      .value = "LAYERS",
      .group = "network",
      TRAIN_AT(net),
      .normal = "linear: none",
      .help = "hidden layers, such as \"128 relu, dropout 0.2, 64 relu\"; slope help net" },
    { .name = "init",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=init",
      .group = "network",
      TRAIN_AT(init),
      .normal = "he for the relu family, else xavier",
      .help = "how weights begin" },
    { .name = "loss",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=loss",
      .group = "network",
      TRAIN_AT(loss),
      .normal = "follows the task",
      .help = "what training makes small" },

    { .name = "epochs",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .group = "training",
      TRAIN_AT(epochs),
      .normal = "until 10 epochs bring nothing better, at least 2000 steps, at most 200 epochs",
      .help = "how often all rows are seen" },
    { .name = "steps",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .group = "training",
      TRAIN_AT(steps),
      .help = "instead: stop after so many updates" },
    { .name = "patience",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 0,
      .group = "training",
      TRAIN_AT(patience),
      .normal = "10 without --epochs and --steps, else 0",
      .help = "stop after so many epochs without improvement; 0: never" },
    { .name = "batch",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .group = "training",
      TRAIN_AT(batch),
      .normal = "32",
      .help = "rows a step" },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .group = "training",
      TRAIN_AT(seed),
      .normal = "1",
      .help = "what all random numbers follow from: weights, shuffle, dropout, validation rows" },

    { .name = "optimizer",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=optimizer",
      .group = "optimizer",
      TRAIN_AT(optimizer),
      .normal = "adam",
      .help = "the rule that changes the weights" },
    { .name = "lr",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .group = "optimizer",
      TRAIN_AT(lr),
      .normal = "0.001",
      .help = "step size, the learning rate" },
    { .name = "schedule",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=schedule",
      .group = "optimizer",
      TRAIN_AT(schedule),
      .normal = "constant",
      .help = "how the step size goes on" },
    { .name = "warmup",
      .kind = CLI_REAL,
      .value = "STEPS|FRACTION",
      .group = "optimizer",
      TRAIN_AT(warmup),
      .normal = "0: none",
      .help = "before it the step size grows from 0 to --lr: so many steps, or below 1 that share of all" },
    { .name = "momentum",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .high = 1,
      .below = true,
      .group = "optimizer",
      TRAIN_AT(momentum),
      .normal = "0.9",
      .help = "of the momentum rules" },
    { .name = "beta1",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .high = 1,
      .below = true,
      .group = "optimizer",
      TRAIN_AT(beta1),
      .normal = "0.9",
      .help = "of the adam rules: memory of the mean" },
    { .name = "beta2",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .high = 1,
      .below = true,
      .group = "optimizer",
      TRAIN_AT(beta2),
      .normal = "0.999",
      .help = "of the adam rules: memory of the square" },
    { .name = "epsilon",
      .kind = CLI_REAL,
      .value = "X",
      .above = true,
      .high = 1,
      .below = true,
      .group = "optimizer",
      TRAIN_AT(epsilon),
      .normal = "1e-8",
      .help = "of the adam rules: added to the root" },
    { .name = "decay",
      .kind = CLI_REAL,
      .value = "X",
      .group = "optimizer",
      TRAIN_AT(decay),
      .normal = "0.01 for adamw, else 0",
      .help = "weight decay; biases never decay" },

    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "RUN",
      .words = "run",
      .group = "result",
      TRAIN_AT(out),
      .normal = "runs/NAME-N",
      .help = "the run folder" },
    { .name = "overwrite",
      .kind = CLI_FLAG,
      .group = "result",
      TRAIN_AT(overwrite),
      .help = "replace a finished run in that folder" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      TRAIN_AT(json),
      .help = "print the result as one line of JSON" },

    { .name = "resume",
      .kind = CLI_TEXT,
      .value = "RUN",
      .words = "run",
      .group = "running",
      TRAIN_AT(resume),
      .help = "go on with a run that was stopped or killed; all settings are recorded in it" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .group = "running",
      TRAIN_AT(threads),
      .normal = "the usable cores",
      .help = "changes the speed, never a result" },
    { .name = "profile",
      .kind = CLI_FLAG,
      .group = "running",
      TRAIN_AT(profile),
      .help = "say afterwards where the time went, by layer and operator" },
    { .name = "quiet",
      .letter = 'q',
      .kind = CLI_FLAG,
      .group = "running",
      TRAIN_AT(quiet),
      .help = "no progress and no remarks, only the result" },
    { 0 },
};

static const cli_example train_examples[] = {
    { "slope train builtin:digits --net \"128 relu\" --epochs 5",
      "12,000 digits drawn by the program, five times over" },
    { "slope train mnist --net \"128 relu, dropout 0.2\" -o runs/first", "a folder with MNIST's four files" },
    { "slope train builtin:spiral --net \"16 tanh, 16 tanh\" --json > spiral.json",
      "the result for another program; the progress stays on the screen" },
    { "slope train --resume runs/first", "go on after Ctrl-C" },
    { 0 },
};

/* What the table cannot say: which options exclude each other. */
static int train_check(const cli_call *call)
{
    const train_settings *settings = call->settings;
    double fraction;
    if (settings->resume && settings->data)
        return cli_wrong("train", "--resume goes on with the recorded data: leave out %s", settings->data);
    for (const cli_option *option = call->command->options; settings->resume && option->name; option++) {
        if (cli_given(call, option->name) && strcmp(option->group, "running") != 0 &&
            strcmp(option->name, "json") != 0)
            return cli_wrong("train", "--resume goes on with the recorded settings: leave out --%s",
                             option->name);
    }
    if (!settings->resume && !settings->data)
        return cli_wrong("train", "DATA is missing: wants %s", train_operands[0].help);
    if (settings->epochs && settings->steps)
        return cli_wrong("train", "--epochs and --steps both say when to stop: give one of them");
    if (settings->overwrite && !settings->out)
        return cli_wrong("train", "--overwrite wants -o RUN: without it a new folder is taken anyway");
    if (settings->validation && sl_number_parse(settings->validation, &fraction) &&
        !(fraction >= 0 && fraction < 1))
        return cli_wrong("train",
                         "--validation is %s: wants a fraction of the rows, 0 or more and below 1, or data",
                         settings->validation);
    return CLI_GO_ON;
}

static sl_run_options train_run_options(const cli_call *call, cli_progress *progress)
{
    const train_settings *settings = call->settings;
    sl_run_options options = {
        .data = settings->data,
        .test = settings->test,
        .validation = settings->validation,
        .net = settings->net,
        .task = settings->task,
        .loss = settings->loss,
        .init = settings->init,
        .optimizer = { .rule = settings->optimizer,
                       .lr = (sl_real)settings->lr,
                       .momentum = (sl_real)settings->momentum,
                       .beta1 = (sl_real)settings->beta1,
                       .beta2 = (sl_real)settings->beta2,
                       .epsilon = (sl_real)settings->epsilon,
                       .decay = (sl_real)settings->decay,
                       .schedule = settings->schedule,
                       .warmup = settings->warmup },
        .epochs = settings->epochs,
        .steps = settings->steps,
        .batch = settings->batch,
        .patience = settings->patience,
        .out = settings->out,
        .overwrite = settings->overwrite,
        .on_step = cli_progress_step,
        .on_epoch = cli_progress_epoch,
        .user = progress,
    };
    /* 0 means the default to the library, and none to the user */
    if (cli_given(call, "decay") && settings->decay <= 0)
        options.optimizer.decay = -1;
    if (cli_given(call, "patience") && !settings->patience)
        options.patience = -1;
    return options;
}

static int train_job(const cli_call *call, sl_ctx *ctx, cli_progress *progress)
{
    const train_settings *settings = call->settings;
    sl_run_options options = train_run_options(call, progress);
    sl_profile *profile = options.profile = settings->profile ? sl_profile_new(ctx) : NULL;
    /* a log that nobody reads any more must not end training; the result is another matter */
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    sigaction(SIGPIPE, &ignore, &before);
    sl_run *run = settings->resume ? sl_run_open(ctx, settings->resume, &options) : sl_run_new(ctx, &options);
    if (!run) {
        const int status = cli_failed("train", ctx);
        return sl_error(ctx) == SL_EWRITE ? CLI_WRONG : status; /* a folder that cannot be written */
    }
    cli_catch_stop();
    const sl_status trained = sl_run_train(run);
    cli_progress_end(progress, sl_run_history(run));
    if (profile && !(settings->json && settings->quiet && trained == SL_OK)) /* then the JSON has it alone */
        cli_show_profile(stderr, profile);
    sigaction(SIGPIPE, &before, NULL);
    if (trained == SL_ESTOPPED) {
        cli_show_stopped(run, progress->last_step, progress->last_epoch);
        return CLI_STOPPED;
    }
    if (trained != SL_OK) {
        const int status = cli_failed("train", ctx);
        return trained == SL_EWRITE && !progress->last_step ? CLI_WRONG : status;
    }
    if (settings->json)
        cli_put_result(run, profile);
    else
        cli_show_result(run);
    return CLI_DONE;
}

static int train_run(const cli_call *call)
{
    const train_settings *settings = call->settings;
    cli_progress progress;
    int status = train_check(call);
    if (status != CLI_GO_ON)
        return status;
    cli_progress_begin(&progress, settings->quiet);
    sl_ctx *ctx = cli_context("train",
                              (sl_ctx_options){ .seed = settings->seed,
                                                .threads = settings->threads,
                                                .log = cli_progress_log,
                                                .user = &progress },
                              &status);
    if (!ctx)
        return status;
    status = train_job(call, ctx, &progress);
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_train = {
    .name = "train",
    .summary = "train a network on DATA and keep its best epoch in a run folder",
    .usage = "train DATA [--net LAYERS] [--epochs N] [-o RUN] [OPTION ...]\ntrain --resume RUN",
    .about =
        "Trains on DATA's train part, keeps the weights of the best epoch (by validation loss), and reports "
        "the test part. Every default that was taken is named before the first step. All is recorded in "
        "the run folder; slope help files says what it holds.\n\n"
        "Ctrl-C stops after the step and saves; slope train --resume RUN goes on, to the same bits.",
    .examples = train_examples,
    .operands = train_operands,
    .options = train_options,
    .size = sizeof(train_settings),
    .run = train_run,
    .place = 1,
};
