/* average.h - several models asked as one: the mean of what they answer. */
#ifndef SL_TRAIN_AVERAGE_H
#define SL_TRAIN_AVERAGE_H

#include "train/measure.h"

/* Trained models that can be averaged, each with data that fit it. targets: that are there too. */
sl_status sl_several_check(sl_ctx *ctx, const sl_several *several, const char *what, bool targets);
/* Predictions and targets of all rows into m, opened for the first model and its data, with their confusion;
 * its loss is NaN where they are several. alone [count]: each model's own accuracy or mean squared error;
 * NULL: not wanted. After sl_several_check. */
sl_status sl_several_measure(sl_ctx *ctx, const sl_several *several, sl_measured *m, double *alone);

#endif
