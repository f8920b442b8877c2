/* train.c - slope train */
#include <stddef.h>
#include <string.h>

#include "../cli.h"
#include "../decided.h"
#include "../folds.h"
#include "../lr_range.h"
#include "../profile.h"
#include "../progress.h"
#include "../result.h"
#include "../system.h"
#include "../train_options.h"

static const cli_option train_operands[] = {
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .normal = "",
      .at = offsetof(cli_train_settings, data),
      .help = "the data to train on: a CSV file, - for the standard input, a folder of IDX files, or "
              "builtin:NAME; slope "
              "help data says more" },
    { 0 },
};

static const cli_example train_examples[] = {
    { "slope train houses.csv --target price", "a table: numbers, words and holes; nothing to prepare" },
    { "slope train builtin:digits --net \"128 relu\" --epochs 5",
      "12,000 digits drawn by the program, five times over" },
    { "slope train mnist --net \"128 relu, dropout 0.2\" -o runs/first", "a folder with MNIST's four files" },
    { "slope train builtin:spiral --net \"16 tanh, 16 tanh\" --json > spiral.json",
      "the result for another program; the progress stays on the screen" },
    { "slope train builtin:moons --net \"16 tanh\" --folds 5",
      "five times, each row tested once: mean and deviation of the figures" },
    { "slope train --resume runs/first", "go on after Ctrl-C" },
    { 0 },
};

/* What the table cannot say: which options exclude each other. */
static int train_check(const cli_call *call)
{
    const cli_train_settings *settings = call->settings;
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
    const int table = cli_train_check_table("train", settings);
    if (table != CLI_GO_ON)
        return table;
    if (settings->epochs && settings->steps)
        return cli_wrong("train", "--epochs and --steps both say when to stop: give one of them");
    if (settings->lr_range && (settings->resume || settings->out || settings->record || settings->profile))
        return cli_wrong("train", "--lr-range keeps nothing: leave out %s",
                         settings->resume   ? "--resume"
                         : settings->out    ? "-o"
                         : settings->record ? "--record"
                                            : "--profile");
    if (settings->folds && settings->lr_range)
        return cli_wrong("train", "--folds trains %d times: leave out --lr-range", settings->folds);
    if (settings->folds && settings->data && strcmp(settings->data, "-") == 0)
        return cli_wrong("train",
                         "--folds reads DATA once a fold, and - can be read once: save it in a file");
    if (settings->overwrite && !settings->out)
        return cli_wrong("train", "--overwrite wants -o RUN: without it a new folder is taken anyway");
    if (settings->validation && sl_number_parse(settings->validation, &fraction) &&
        !(fraction >= 0 && fraction < 1))
        return cli_wrong("train",
                         "--validation is %s: wants a fraction of the rows, 0 or more and below 1, or data",
                         settings->validation);
    return CLI_GO_ON;
}

static int train_folds(const cli_call *call, sl_ctx *ctx, cli_folds *folds)
{
    const cli_train_settings *settings = call->settings;
    sl_run_options options = cli_train_run(call);
    cli_system_ignore_pipe();
    cli_catch_stop();
    const int status = cli_folds_train(folds, ctx, &options, settings->resume);
    cli_system_heed_pipe();
    if (status == CLI_DONE)
        cli_folds_show(folds, settings->json);
    cli_folds_free(folds);
    return status;
}

static int train_range(const cli_train_settings *settings, sl_ctx *ctx, sl_run *run, cli_progress *progress)
{
    snprintf(progress->what, sizeof progress->what, "looking for --lr: ");
    sl_report *range = sl_run_lr_range(run, 0, 0, 0);
    cli_progress_end(progress, NULL);
    if (cli_stop_wanted()) {
        cli_say("train", "stopped: --lr-range keeps nothing");
        return CLI_STOPPED;
    }
    if (!range)
        return cli_failed("train", ctx);
    cli_show_lr_range(range, settings->json);
    return cli_flush("train", CLI_DONE);
}

static int train_show(const cli_train_settings *settings, sl_ctx *ctx, sl_run *run, const sl_profile *profile,
                      const cli_progress *progress, sl_status trained)
{
    if (trained == SL_ESTOPPED) {
        sl_clear(ctx); /* to ask what the data were */
        const char *data = sl_run_read_data(ctx, sl_run_folder(run));
        cli_show_stopped(run, progress->last_step, progress->last_epoch, data && strcmp(data, "-") == 0);
        return CLI_STOPPED;
    }
    if (trained != SL_OK) {
        const int status = cli_failed("train", ctx);
        return status == CLI_WRONG && progress->last_step ? CLI_FAILED : status; /* it was right at first */
    }
    if (settings->json)
        cli_put_result(run, profile);
    else
        cli_show_result(run);
    return CLI_DONE;
}

static int train_job(const cli_call *call, sl_ctx *ctx, cli_progress *progress)
{
    const cli_train_settings *settings = call->settings;
    sl_run_options options = cli_train_run(call);
    options.on_step = cli_progress_step;
    options.on_epoch = cli_progress_epoch;
    options.user = progress;
    sl_profile *profile = options.profile = settings->profile ? sl_profile_new(ctx) : NULL;
    /* a log that nobody reads any more must not end training; the result is another matter */
    cli_system_ignore_pipe();
    sl_run *run = settings->resume ? sl_run_open(ctx, settings->resume, &options) : sl_run_new(ctx, &options);
    if (!run)
        return cli_failed("train", ctx);
    int status;
    cli_catch_stop();
    if (!settings->lr_range)
        sl_watcher_take(progress->watcher, run);
    if (settings->lr_range) {
        cli_system_heed_pipe();
        status = train_range(settings, ctx, run, progress);
    } else {
        const sl_status trained = sl_run_train(run);
        cli_progress_end(progress, sl_run_history(run));
        if (profile &&
            !(settings->json && settings->quiet && trained == SL_OK)) /* then the JSON has it alone */
            cli_show_profile(stderr, profile);
        cli_system_heed_pipe();
        status = train_show(settings, ctx, run, profile, progress, trained);
    }
    sl_run_free(run); /* not left to the context: its pack goes with it */
    return status;
}

static int train_run(const cli_call *call)
{
    const cli_train_settings *settings = call->settings;
    cli_progress progress;
    cli_folds folds = { .progress = &progress };
    int status = train_check(call);
    if (status != CLI_GO_ON)
        return status;
    const bool in_folds = settings->folds || (settings->resume && cli_folds_there(settings->resume));
    if (in_folds && settings->profile)
        return cli_wrong("train", "--folds trains several times: leave out --profile");
    if (settings->resume) {
        cli_decided_recorded();
        cli_decided("settings", "as recorded", "--resume: run.json of %s has what was asked for",
                    settings->resume);
    }
    cli_progress_begin(&progress, settings->quiet);
    sl_ctx *ctx = cli_context("train",
                              (sl_ctx_options){ .seed = settings->seed,
                                                .threads = settings->threads,
                                                .log = in_folds ? cli_folds_log : cli_progress_log,
                                                .user = in_folds ? (void *)&folds : &progress },
                              &status);
    if (!ctx)
        return status;
    if (!settings->no_watch && !settings->quiet)
        progress.watcher = sl_watcher_new(ctx);
    status = in_folds ? train_folds(call, ctx, &folds) : train_job(call, ctx, &progress);
    sl_watcher_free(progress.watcher);
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
    .options = cli_train_options,
    .size = sizeof(cli_train_settings),
    .run = train_run,
    .place = 1,
};
