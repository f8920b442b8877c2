/* train_options.h - what `slope train` can be asked for. */
#ifndef CLI_TRAIN_OPTIONS_H
#define CLI_TRAIN_OPTIONS_H

#include "cli.h"

typedef struct {
    const char *data, *test, *validation, *task, *net, *activation, *init, *loss, *sampling, *augment,
        *class_weight, *split, *group, *skip_checks;
    const char *optimizer, *schedule, *out, *resume;
    double clip_norm, clip_value, l1, l1_prox, max_norm, average;
    double lr, warmup, momentum, beta1, beta2, epsilon, decay;
    int epochs, steps, batch, accumulate, lr_batch, patience, threads, folds;
    uint64_t seed;
    bool lr_range, overwrite, json, quiet, profile;
} cli_train_settings;

extern const cli_option cli_train_options[];
/* The run that was asked for, without its callbacks and its profile. */
sl_run_options cli_train_run(const cli_call *call);

#endif
