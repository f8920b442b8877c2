/* records.h - what a run folder's tables hold, read back for figures; docs/files.md describes the files. The
 * losses of steps, steps.csv, are read by sl_run_read_steps (slope.h). Readers return NULL and the context's
 * error: SL_EFILE where the file is missing (the message says what records it), SL_EFORMAT where it is
 * damaged. A last line that is still being written is left out, so a run may be looked at while it trains.
 * What they return is freed by the function beside them, or with the context. */
#ifndef SL_TRAIN_RECORDS_H
#define SL_TRAIN_RECORDS_H

#include "model/model.h"

/* Is there a run.json in the folder? false: an error says what is there instead. run_there.c */
bool sl_run_there(sl_ctx *ctx, const char *folder);
/* Its tree, in the arena. NULL: SL_EFILE, SL_EFORMAT, or an error that was there before. */
const struct sl_json *sl_run_json(sl_ctx *ctx, sl_arena *arena, const char *folder);

/* The names of layers, in the model's order. */
typedef struct {
    int count;
    char **name; /* "dense_1" */
} sl_record_layers;

enum { SL_WEIGHT_BINS = 20 };
typedef struct {      /* a histogram of a layer's first parameter (weights, not biases) after an epoch */
    size_t epoch;     /* 0: the starting weights */
    int layer;        /* which of the names */
    double low, high; /* where the first bin begins and the last one ends; all of one width */
    double count[SL_WEIGHT_BINS];
} sl_weights_row;
typedef struct {
    sl_ctx *ctx;
    sl_record_layers layers;
    int rows;
    sl_weights_row *row; /* by epoch, then by layer */
} sl_weights_record;
/* weights.csv */
sl_weights_record *sl_run_read_weights(sl_ctx *ctx, const char *folder);
void sl_weights_record_free(sl_weights_record *record);

/* What a layer's activation gave on some training rows, always the same ones, in inference mode: every 16th
 * row, but 32 at least (all, where there are fewer) and 256 at most, drawn by the seed. */
typedef struct {
    size_t epoch; /* 0: the starting weights; epochs are thinned, the last one is there */
    int layer;
    double mean, deviation; /* of all its numbers (of n, not n - 1) */
    double saturated; /* share of its numbers where |f'| < 0.01; NaN: f has no slope of single numbers */
    double dead;      /* share of its units whose output is 0, or f' is, on every row */
} sl_activations_row;
typedef struct {
    sl_ctx *ctx;
    sl_record_layers layers; /* those with an activation */
    int rows;
    sl_activations_row *row; /* by epoch, then by layer */
} sl_activations_record;
/* activations.csv */
sl_activations_record *sl_run_read_activations(sl_ctx *ctx, const char *folder);
void sl_activations_record_free(sl_activations_record *record);

typedef struct {
    sl_ctx *ctx;
    size_t epoch;
    bool validation; /* of the validation rows; else there are none, and it is of training rows */
    int classes;
    char **name;   /* [classes], in the model's order */
    size_t *cells; /* [classes, classes]: truth, prediction */
} sl_confusion_record;
/* confusion.csv of one epoch; 0: of the best one. SL_EINVAL: no such epoch, or the answers are numbers. */
sl_confusion_record *sl_run_read_confusion(sl_ctx *ctx, const char *folder, size_t epoch);
void sl_confusion_record_free(sl_confusion_record *record);

/* The weights themselves at the start and after epochs. Recorded by --record path (every epoch), and without
 * being asked of nets of at most 2,000 parameters (epochs are thinned). */
typedef struct {
    sl_ctx *ctx;
    int points;
    size_t parameters;
    size_t *epoch, *step; /* [points]; the first is 0, the starting weights */
    float *values;        /* [points, parameters]: all that the model learns or has frozen, in model order,
                             without padding, without running statistics */
} sl_path_record;
/* path.bin. Where it is missing SL_EINVAL, and the sentence ends in "train with --record path". */
sl_path_record *sl_run_read_path(sl_ctx *ctx, const char *folder);
/* A point's weights into a model of this net; running statistics stay. SL_EINVAL: other parameters. */
sl_status sl_path_take(const sl_path_record *record, int point, sl_model *model);
void sl_path_record_free(sl_path_record *record);
/* Of the file (run_path.c has its layout): its first bytes, and what a point takes. */
enum { SL_PATH_HEADER = 64 };
void sl_path_header(unsigned char header[SL_PATH_HEADER], size_t parameters);
uint64_t sl_path_point_bytes(size_t parameters);

#endif
