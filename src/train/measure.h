/* measure.h - a model's answers to rows of data, and how good they are. Always in inference mode. */
#ifndef SL_TRAIN_MEASURE_H
#define SL_TRAIN_MEASURE_H

#include "data/data.h"
#include "metric/metric.h"
#include "model/model.h"
#include "train/report.h"

/* Works through rows in pieces of 256 with memory of its own, so that one model serves several contexts. */
typedef struct {
    sl_ctx *ctx;
    const sl_model *model;
    sl_tape *tape;
    sl_tensor *x;     /* [256, features] prepared inputs */
    sl_real *y;       /* their targets */
    size_t features;  /* prepared, a row */
    size_t *rows;     /* which rows */
    sl_real *weights; /* theirs */
    sl_real *losses;  /* theirs */
    sl_real *answers; /* predictions of a piece, where they are numbers other than the outputs; else NULL */
} sl_reader;

enum { SL_PIECE = 256 };

sl_status sl_reader_open(sl_reader *reader, sl_ctx *ctx, const sl_model *model, const sl_data *data);
void sl_reader_close(sl_reader *reader);
/* Outputs of the last layer for `count` <= SL_PIECE rows rows[0..count) of data (NULL: first, first + 1,
 * ...), borrowed until the next call; targets are then in reader->y. NULL on failure. */
sl_real *sl_reader_outputs(sl_reader *reader, const sl_data *data, const size_t *rows, size_t first,
                           size_t count);
/* Outputs -> predictions in place [rows, sl_prediction_width]: probabilities of each class, or numbers. `to`
 * may be `outputs` only when the width is that of the outputs. */
void sl_outputs_to_predictions(const sl_model *model, const sl_real *outputs, size_t rows, sl_real *to);
int sl_prediction_width(const sl_model *model);

typedef struct {
    size_t rows;
    double loss;    /* mean over rows, each times its weight, also where training makes their sum small */
    double squared; /* numbers: mean squared error, in the target's units */
    /* Where the loss has bounds: targets inside, those inside before the correction, sum of the widths. */
    size_t inside, inside_before;
    double width;
    size_t right;         /* classes: rows whose class was predicted */
    size_t *confusion;    /* given by the caller or NULL; [classes, classes], added to */
    sl_real *predictions; /* likewise; [rows, width] */
    sl_real *targets;     /* likewise; [rows] or [rows, outputs] */
} sl_measured;

/* rows NULL: all rows of data. */
sl_status sl_measure(sl_reader *reader, const sl_data *data, const size_t *rows, size_t count,
                     sl_measured *m);

/* Memory for all that a report is made of; sl_measure then fills it. */
sl_status sl_measured_open(sl_measured *m, sl_ctx *ctx, const sl_model *model, const sl_data *data,
                           size_t count);
void sl_measured_close(sl_measured *m, sl_ctx *ctx);
sl_report *sl_measured_report(sl_ctx *ctx, const sl_model *model, const sl_measured *m);

/* How many classes the model tells apart; 0: its answers are numbers. */
int sl_model_kinds(const sl_model *model);

/* All metrics that apply, on these rows: a report of one row with the confusion matrix. */
sl_report *sl_measure_all(sl_ctx *ctx, const sl_model *model, const sl_data *data, const size_t *rows,
                          size_t count);

/* Baselines on checked data without the model and without intervals, which takes no time. In compare.c. */
sl_status sl_baselines_glance(sl_baselines *baselines, const sl_model *model, const sl_data *data);

/* A trained model and data that fit it, with one target a row; else why not. In judge.c. */
sl_status sl_judge_ready(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *what);

/* "balanced" (n / (K n_c), counted in data's rows), "2,1,1" or "cat=2,dog=0.5" (others 1) -> weights
 * [classes]; each at least 0, not all 0. classes 0, an unknown class or another number of weights: SL_EINVAL.
 */
sl_status sl_class_weights(sl_ctx *ctx, const sl_data *data, int classes, const char *text, sl_real *weights);
/* What a batch's loss is given: w [count] = each row's own weight times its class's (NULL: 1 each); targets
 * [count] are then class numbers. Fails (SL_EFILE) only where rows lie in a file. */
sl_status sl_row_weights(const sl_data *data, const size_t *rows, size_t count, const sl_real *class_weights,
                         const sl_real *targets, sl_real *w);

/* Before step 1 and before evaluating: do these targets fit this model's loss and last layer? A sentence with
 * the numbers if not. `role`: "the training data", ...                                                    */
sl_status sl_check_targets(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role);
sl_status sl_check_inputs(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *role);

#endif
