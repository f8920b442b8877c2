/* losses_options.c - what the words of losses take. */
#include "op/op.h"

#include <math.h>

#define LOSSES_OPTIONS_REDUCTION                                                                             \
    {                                                                                                        \
        .name = "reduction", .summary = "what is made of the losses of all rows", .choices = "mean|sum"      \
    }

const sl_option sl_loss_options[] = { LOSSES_OPTIONS_REDUCTION, { 0 } };
const sl_option sl_huber_options[] = {
    { .name = "delta",
      .summary = "errors up to it count squared, larger ones by their size",
      .normal = 1,
      .high = HUGE_VAL,
      .above_low = true },
    LOSSES_OPTIONS_REDUCTION,
    { 0 },
};
const sl_option sl_quantile_options[] = {
    { .name = "q",
      .summary = "the share of targets that lie below the prediction",
      .normal = 0.5,
      .high = 1,
      .above_low = true,
      .below_high = true },
    LOSSES_OPTIONS_REDUCTION,
    { 0 },
};
const sl_option sl_smoothing_options[] = {
    { .name = "smoothing",
      .summary = "the share of each target that is spread evenly over all classes",
      .high = 1,
      .below_high = true },
    LOSSES_OPTIONS_REDUCTION,
    { 0 },
};

const sl_option sl_interval_options[] = {
    { .name = "coverage",
      .summary = "percent of the targets that lie between the bounds",
      .normal = 90,
      .low = 50,
      .high = 99.9 },
    LOSSES_OPTIONS_REDUCTION,
    { 0 },
};
