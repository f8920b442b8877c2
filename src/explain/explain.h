/* explain.h - what the files share that say why a model on texts answers as it does. */
#ifndef SL_EXPLAIN_EXPLAIN_H
#define SL_EXPLAIN_EXPLAIN_H

#include "train/measure.h"

/* A trained model that reads texts, and data that fit it; else why not. */
sl_status sl_explain_ready(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *what);
/* Of several numbers, one a class: this class's less the mean of the others'; of one for two classes: it, or
 * less it. */
double sl_explain_lead(const sl_real *outputs, size_t width, size_t class_index);

#endif
