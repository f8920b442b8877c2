/* train_options.h - what `slope train` can be asked for. */
#ifndef CLI_TRAIN_OPTIONS_H
#define CLI_TRAIN_OPTIONS_H

#include "cli.h"

typedef struct {
    const char *data, *test, *validation, *task, *net, *activation, *init, *weights, *biases, *loss,
        *sampling, *augment, *class_weight, *target_scale, *split, *group, *skip_checks;
    const char *optimizer, *schedule, *out, *record, *resume;
    const char *target, *numbers, *missing, *encoding, *delimiter, *decimal, *memory, *weight;
    const char *text, *tokenizer, *vectors, *unlabelled;
    char *columns; /* lines */
    double clip_norm, clip_value, l1, l1_prox, max_norm, average, interval;
    double rows, lr, warmup, momentum, beta1, beta2, epsilon, decay;
    int epochs, steps, batch, accumulate, lr_batch, patience, threads, folds;
    uint64_t seed;
    bool lr_range, overwrite, json, quiet, profile, no_watch;
} cli_train_settings;

extern const cli_option cli_train_options[];
/* The options of a table: CLI_GO_ON, or the exit status of a complaint. */
int cli_train_check_table(const char *name, const cli_train_settings *settings);
void cli_train_table(const cli_train_settings *settings, sl_table_options *table);
/* The run that was asked for, without its callbacks and its profile. */
sl_run_options cli_train_run(const cli_call *call);

#endif
