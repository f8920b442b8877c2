/* optimizer_options.h - the optimizer that settings with the fields of optimizer_rows.h make. */
#ifndef CLI_OPTIMIZER_OPTIONS_H
#define CLI_OPTIMIZER_OPTIONS_H

#include "cli.h"

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
