/* explain.h - what the files of slope explain share. All but explain_cost.c works in double. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli.h"
#include "explain_more.h"

typedef struct {
    const char *run, *data, *part;
    const char *net, *weights, *biases, *x, *y, *loss, *optimizer, *init, *freeze, *format, *out;
    double lr;
    int outputs, row, steps, depth, digits;
    uint64_t seed;
    bool forward, backward, update, json;
    explain_more_settings more;
} explain_settings;

typedef struct {     /* what a step is told of */
    sl_model *model; /* compiled */
    sl_tensor *x, *y, *weights;
    bool keep_biases;
    bool no_targets; /* asked for: y is not needed */
    char *remark;    /* lines above it, malloc'ed; NULL */
} explain_job;

/* A net of --net with numbers of --weights, .. (explain_net.c). The exit status; complaints are said. */
int cli_explain_net(const explain_settings *settings, sl_ctx *ctx, explain_job *job);
int cli_explain_failed(const sl_ctx *ctx);

/* Writes it as --format, -o and --json say, by sl_explanation_write and sl_explanation_line of the build that
 * it is from. */
typedef const char *explain_write(sl_explanation *e, const char *format, int width, bool colour);
typedef bool explain_line(const sl_explanation *e, size_t index, const char **name, const char **formula,
                          double *value);
int cli_explain_put(const explain_settings *settings, const sl_ctx *ctx, sl_explanation *e,
                    explain_write *write, explain_line *line);
/* --equation, --collapse (explain_more.c) and --cost (explain_cost.c, in float). The exit status. */
int cli_explain_more(const explain_settings *settings);
int cli_explain_cost(const explain_settings *settings);
/* Beside a step: none of their options was given. */
int cli_explain_step_only(const explain_settings *settings);

#endif
