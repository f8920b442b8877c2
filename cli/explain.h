/* explain.h - what the files of slope explain share. All of it works in double. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli.h"

typedef struct {
    const char *run, *data, *part, *row, *rows;
    const char *net, *weights, *biases, *x, *y, *loss, *optimizer, *init, *freeze, *format, *out;
    double lr;
    int outputs, steps, depth, digits;
    uint64_t seed;
    bool forward, backward, update, json, predict;
} explain_settings;

typedef struct {     /* what a step is told of */
    sl_model *model; /* compiled */
    sl_tensor *x, *y, *weights;
    bool keep_biases;
    char *remark; /* lines above it, malloc'ed; NULL */
} explain_job;

/* A net of --net with numbers of --weights, .. (explain_net.c). The exit status; complaints are said. */
int cli_explain_net(const explain_settings *settings, sl_ctx *ctx, explain_job *job);
/* --freeze, of either net. */
int cli_explain_freeze(const explain_settings *settings, const sl_ctx *ctx, sl_model *model);
/* A trained model with rows of data (explain_run.c): *e, or the exit status; complaints are said. */
int cli_explain_rows(const explain_settings *settings, sl_ctx *ctx, const sl_explain_options *options,
                     sl_explanation **e);
int cli_explain_failed(const sl_ctx *ctx);
/* Where and how it is to be written (explain_write.c): CLI_DONE, or what contradicts is said. Then writes it.
 */
int cli_explain_form(const explain_settings *settings);
int cli_explain_write(const explain_settings *settings, const sl_ctx *ctx, sl_explanation *e);

#endif
