/* train_run.c - from the options of slope train to a run of the library. */
#include "train_options.h"
#include "optimizer_options.h"

sl_run_options cli_train_run(const cli_call *call)
{
    const cli_train_settings *settings = call->settings;
    sl_run_options options = {
        .data = settings->data,
        .test = settings->test,
        .validation = settings->validation,
        .split = settings->split,
        .group = settings->group,
        .folds = settings->folds,
        .rows = settings->rows,
        .skip_checks = settings->skip_checks,
        .net = settings->net,
        .activation = settings->activation,
        .task = settings->task,
        .text = settings->text,
        .tokenizer = settings->tokenizer,
        .vectors = settings->vectors,
        .unlabelled = settings->unlabelled,
        .loss = settings->loss,
        .init = settings->init,
        .weights = settings->weights,
        .biases = settings->biases,
        .optimizer = { .rule = settings->optimizer, CLI_OPTIMIZER_OF(settings) },
        .epochs = settings->epochs,
        .steps = settings->steps,
        .batch = settings->batch,
        .accumulate = settings->accumulate,
        .lr_batch = settings->lr_batch,
        .sampling = settings->sampling,
        .augment = settings->augment,
        .class_weight = settings->class_weight,
        .target_scale = settings->target_scale,
        .interval = settings->interval,
        .patience = settings->patience,
        .out = settings->out,
        .overwrite = settings->overwrite,
        .record = settings->record,
    };
    cli_train_table(settings, &options.table);
    /* 0 means the default to the library, and none to the user */
    if (cli_given(call, "decay") && settings->decay <= 0)
        options.optimizer.decay = -1;
    if (cli_given(call, "patience") && !settings->patience)
        options.patience = -1;
    return options;
}
