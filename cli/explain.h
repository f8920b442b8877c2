/* explain.h - what the files of slope explain share. All but explain_cost.c works in double. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli.h"
#include "explain_more.h"

typedef struct {
    const char *run, *data, *part, *row, *rows;
    const char *net, *weights, *biases, *x, *y, *loss, *optimizer, *init, *freeze, *format, *out;
    const char *schedule;
    double lr, warmup, momentum, beta1, beta2, epsilon, decay; /* decay below 0: none */
    double clip_norm, clip_value, l1, l1_prox, max_norm, average;
    int outputs, steps, depth, digits;
    uint64_t seed;
    bool forward, backward, update, json, predict;
    explain_more_settings more;
} explain_settings;

typedef struct {     /* what a step is told of */
    sl_model *model; /* compiled */
    sl_tensor *x, *y, *weights;
    bool keep_biases;
    bool no_targets; /* asked for: y is not needed */
} explain_job;

/* A net of --net with numbers of --weights, .. (explain_net.c). The exit status; complaints are said. */
int cli_explain_net(const explain_settings *settings, sl_ctx *ctx, explain_job *job);
/* --freeze, of either net. */
int cli_explain_freeze(const explain_settings *settings, const sl_ctx *ctx, sl_model *model);
/* A trained model with rows of data (explain_run.c): *e, or the exit status; complaints are said. */
int cli_explain_rows(const explain_settings *settings, sl_ctx *ctx, const sl_explain_options *options,
                     sl_explanation **e);
int cli_explain_failed(const sl_ctx *ctx);
/* What -o FILE's ending makes of --equation: "python", "c", "latex"; NULL: nothing. */
const char *cli_explain_syntax(const explain_settings *settings);
/* Where and how it is to be written (explain_write.c): CLI_DONE, or what contradicts is said. Then writes it,
 * by the sl_explanation_write of the build that it is from. */
int cli_explain_form(const explain_settings *settings);
typedef const char *explain_writer(sl_explanation *e, const char *format, int width, bool colour);
int cli_explain_write(const explain_settings *settings, const sl_ctx *ctx, sl_explanation *e,
                      explain_writer *writer);
/* --equation, --collapse (explain_more.c) and --cost (explain_cost.c, in float). The exit status. */
int cli_explain_more(const explain_settings *settings);
int cli_explain_cost(const explain_settings *settings);
/* The first of --momentum .. --warmup that was given; NULL: none. */
const char *cli_explain_rule_given(const explain_settings *settings);
/* Beside a step: none of their options was given. */
int cli_explain_step_only(const explain_settings *settings);

#endif
