/* optimizer_options.h - the options around an optimizer, for every command that takes steps: rows of an
 * option table, whose settings have fields of these names, and the optimizer that they make. */
#ifndef CLI_OPTIMIZER_OPTIONS_H
#define CLI_OPTIMIZER_OPTIONS_H

#include <stddef.h>

#include "cli.h"

#define CLI_OPTIMIZER_ROW(type, what, called, takes, headline, field)                                        \
    .name = called, .kind = CLI_##what, .value = takes, .group = headline, .at = offsetof(type, field)
#define CLI_OPTIMIZER_NUMBER(type, called, headline, field)                                                  \
    CLI_OPTIMIZER_ROW(type, REAL, called, "X", headline, field)
#define CLI_OPTIMIZER_SHARE(type, called, headline, field)                                                   \
    CLI_OPTIMIZER_NUMBER(type, called, headline, field), .above = true, .high = 1, .below = true

#define CLI_OPTIMIZER_SCHEDULE(type)                                                                         \
    {                                                                                                        \
        CLI_OPTIMIZER_ROW(type, TEXT, "schedule", "NAME", "optimizer", schedule),                            \
            .words = "=schedule", .normal = "constant",                                                      \
            .help = "how the step size goes on, also with options: \"step every=1000\"; slope catalogue "    \
                    "schedule"                                                                               \
    }
#define CLI_OPTIMIZER_WARMUP(type)                                                                           \
    {                                                                                                        \
        CLI_OPTIMIZER_ROW(type, REAL, "warmup", "STEPS|FRACTION", "optimizer", warmup),                      \
            .normal = "0: none",                                                                             \
            .help =                                                                                          \
                "before it the step size grows from 0 to --lr: so many steps, or below 1 that share of all"  \
    }
#define CLI_OPTIMIZER_MEMORIES(type)                                                                         \
    { CLI_OPTIMIZER_SHARE(type, "momentum", "optimizer", momentum), .normal = "0.9",                         \
      .help = "of momentum, momentum_ema and nesterov" },                                                    \
        { CLI_OPTIMIZER_SHARE(type, "beta1", "optimizer", beta1), .normal = "0.9",                           \
          .help = "of the adam rules and lion: memory of the mean" },                                        \
        { CLI_OPTIMIZER_SHARE(type, "beta2", "optimizer", beta2), .normal = "0.999; lion 0.99",              \
          .help = "of the adam rules: memory of the square; of lion: of the mean" },                         \
        { CLI_OPTIMIZER_SHARE(type, "epsilon", "optimizer", epsilon),                                        \
          .normal = "1e-8; adagrad 1e-10, adadelta 1e-6",                                                    \
          .help = "of the adam rules, rmsprop, adagrad, adadelta: keeps the divisor away from 0" },          \
    {                                                                                                        \
        CLI_OPTIMIZER_NUMBER(type, "decay", "optimizer", decay),                                             \
            .normal = "0.01 for adamw, else 0",                                                              \
            .help =                                                                                          \
                "weight decay: L2, half X times the squares in the loss; decoupled with adamw and lion; "    \
                "biases and norms never decay"                                                               \
    }
#define CLI_OPTIMIZER_STAGES(type)                                                                           \
    { CLI_OPTIMIZER_NUMBER(type, "clip-norm", "care", clip_norm), .above = true, .normal = "none",           \
      .help = "a gradient longer than this is cut to it; clipped steps are counted" },                       \
        { CLI_OPTIMIZER_NUMBER(type, "clip-value", "care", clip_value), .above = true, .normal = "none",     \
          .help = "no number of a gradient is further from 0" },                                             \
        { CLI_OPTIMIZER_NUMBER(type, "l1", "care", l1), .above = true, .normal = "none",                     \
          .help = "adds X times the sum of the sizes of the weights to the loss; not of biases" },           \
        { CLI_OPTIMIZER_NUMBER(type, "l1-prox", "care", l1_prox), .above = true, .normal = "none",           \
          .help = "the same by shrinking after each step, to zeros that are exact" },                        \
        { CLI_OPTIMIZER_NUMBER(type, "max-norm", "care", max_norm), .above = true, .normal = "none",         \
          .help = "no unit's weights are longer than this" },                                                \
    {                                                                                                        \
        CLI_OPTIMIZER_SHARE(type, "average", "care", average),                                               \
            .normal = "none",                                                                                \
            .help = "judges and keeps a moving average of the weights with this memory, such as 0.999"       \
    }

/* Of an sl_optimizer: 0 is the default to the library, so a decay of 0 that was given is to become -1. */
#define CLI_OPTIMIZER_OF(settings)                                                                           \
    .lr = (sl_real)(settings)->lr, .momentum = (sl_real)(settings)->momentum,                                \
    .beta1 = (sl_real)(settings)->beta1, .beta2 = (sl_real)(settings)->beta2,                                \
    .epsilon = (sl_real)(settings)->epsilon, .decay = (sl_real)(settings)->decay,                            \
    .clip_norm = (sl_real)(settings)->clip_norm, .clip_value = (sl_real)(settings)->clip_value,              \
    .l1 = (sl_real)(settings)->l1, .l1_prox = (sl_real)(settings)->l1_prox,                                  \
    .max_norm = (sl_real)(settings)->max_norm, .average = (sl_real)(settings)->average,                      \
    .schedule = (settings)->schedule, .warmup = (settings)->warmup

#endif
