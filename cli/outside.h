/* outside.h - rows to be predicted that are unlike what the model was trained on. */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include "cli.h"

/* A line to stderr for each input column with values outside of the training rows' range, words that these
 * did not have, or missing values where none was missing; nothing for models that were not trained on a
 * table. False: the context knows why. */
bool cli_say_outside(const char *name, sl_ctx *ctx, const sl_model *model, const sl_data *data);

#endif
