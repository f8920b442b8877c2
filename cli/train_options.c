/* train_options.c - see train_options.h */
#include "train_options.h"
#include "optimizer_options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define TRAIN(what, called, takes, headline, field)                                                          \
    .name = called, .kind = CLI_##what, .value = takes, .group = headline,                                   \
    .at = offsetof(cli_train_settings, field)

#define SEVERAL TRAIN
#define SEVERAL_LONG TRAIN
#define TRAIN_ONLY(...) __VA_ARGS__,

const cli_option cli_train_options[] = {
#include "train_rows.h"
    { 0 },
};
