/* baseline.h - what a net must beat: simple models, fitted to the same rows. One baseline, one file. They
 * work in double on a matrix of standardised columns; every sum has a fixed order, so threads make no
 * difference. */
#ifndef SL_BASELINE_BASELINE_H
#define SL_BASELINE_BASELINE_H

#include "data/data.h"
#include "model/safetensors.h"
#include "text/views.h"

/* --- the matrix (design.c) -------------------------------------------------------------------------- */

typedef struct {              /* how a row of data becomes columns of numbers: (input - mean) / deviation */
    const sl_columns *table;  /* of a table, fitted: borrowed from the model; NULL: inputs as they are */
    size_t features;          /* prepared so */
    size_t columns;           /* inputs that were not all the same in the rows that were fitted */
    size_t *input;            /* [columns] which input */
    double *mean, *deviation; /* [columns] */
} sl_design;

enum { SL_BASELINE_PIECE = 256, SL_BASELINE_COLUMNS = 2000, SL_BASELINE_TEXTS = 4096 /* a piece of them */ };

/* Means and (biased) deviations over rows[0..count) of data (NULL: its first `count`), sums in row order. */
sl_status sl_design_fit(sl_ctx *ctx, sl_design *design, const sl_data *data, const size_t *rows,
                        size_t count);
void sl_design_free(sl_ctx *ctx, sl_design *design);
/* x [count, columns] of rows[0..count). The only way from data to the columns that baselines see. */
sl_status sl_baseline_matrix(sl_ctx *ctx, const sl_design *design, const sl_data *data, const size_t *rows,
                             size_t count, double *x);

/* --- one baseline ----------------------------------------------------------------------------------- */

enum { SL_FITTED_ARRAYS = 2, SL_FITTED_TEXT = 200 };

typedef struct {
    const char *name; /* in the file: "linear.weights"; NULL: not used */
    size_t rows, columns;
    double *v;
    bool single; /* the numbers are floats, and so they are kept */
} sl_fitted_array;

typedef struct sl_baseline sl_baseline;
typedef struct {
    const sl_baseline *kind;
    const sl_design *design;
    int classes;    /* 0: numbers */
    size_t outputs; /* targets a row */
    size_t width;   /* of a prediction: classes, or outputs */
    size_t rows;    /* that it was fitted to */
    sl_fitted_array array[SL_FITTED_ARRAYS];
    char text[SL_FITTED_TEXT]; /* what it is, in words, for people */
    char why[SL_FITTED_TEXT];  /* it was not computed: the reason; "": it was */
} sl_fitted;

typedef struct { /* what a baseline is fitted to */
    sl_ctx *ctx;
    const sl_data *data;
    const sl_design *design;
    const sl_views *views; /* of texts; NULL: none */
    uint64_t seed;
} sl_baseline_job;

struct sl_baseline {
    const char *name, *summary, *source;
    bool of_classes, of_numbers;
    bool of_inputs; /* looks at the inputs: not for images, and not without columns */
    bool of_texts;  /* looks at the texts: not without */
    /* Fills array and text; or why, and SL_OK: it would take too long, or has no solution. */
    sl_status (*fit)(sl_fitted *fitted, const sl_baseline_job *job);
    /* to [count, width]: probabilities or numbers of these rows; x: their matrix, NULL unless of_inputs. */
    sl_status (*predict)(sl_ctx *ctx, const sl_fitted *fitted, const double *x, size_t count, sl_real *to);
    /* The same of_texts; lists: the features of the first view. */
    sl_status (*predict_texts)(sl_ctx *ctx, const sl_fitted *fitted, const sl_bags *lists, sl_real *to);
    /* Do arrays, classes and columns fit together? They may come from a damaged file. */
    bool (*sound)(const sl_fitted *fitted);
    /* At most so many rows are predicted of so many; NULL: all. */
    size_t (*most)(const sl_fitted *fitted, size_t rows);
};

const sl_baseline *sl_baseline_at(size_t index); /* NULL behind the last */
/* An array of zeros of the fitted baseline; NULL: no memory. */
double *sl_fitted_add(sl_ctx *ctx, sl_fitted *fitted, int index, const char *name, size_t rows,
                      size_t columns);

/* Of baselines that answer array[0], [1, width], to every row (always.c). */
sl_status sl_constant_predict(sl_ctx *ctx, const sl_fitted *fitted, const double *x, size_t count,
                              sl_real *to);
bool sl_constant_sound(const sl_fitted *fitted);

/* --- shared arithmetic ------------------------------------------------------------------------------ */

/* rows [wanted] = `wanted` of 0 .. all-1 in ascending order, drawn by the seed; `a` says what for. */
void sl_baseline_sample(uint64_t seed, uint32_t a, size_t all, size_t wanted, size_t *rows);
enum { SL_SAMPLE_LINEAR = 16, SL_SAMPLE_NEAREST, SL_SAMPLE_SHOWN, SL_SAMPLE_IMPORTANCE };

/* weights [outputs, columns + 1], the constant last: least squares of rows[0..count). false in *solved: no
 * solution (a pivot that is not positive). */
sl_status sl_least_squares(sl_ctx *ctx, const sl_design *design, const sl_data *data, const size_t *rows,
                           size_t count, double *weights, bool *solved);
typedef struct {
    double gradient; /* the largest |derivative| of the mean loss where it ended */
    int iterations;
    bool converged; /* that is below 1e-9, or the loss became no less */
} sl_logistic_end;
/* weights [classes, columns + 1] (two classes: [1, columns + 1], of the second), the constant last: minimises
 * (sum of the rows' cross entropies + penalty/2 |w|^2) / rows; constants are not penalised. x [count,
 * columns], y [count] class numbers. */
sl_status sl_logistic(sl_ctx *ctx, const double *x, const int *y, size_t count, size_t columns, int classes,
                      double penalty, double *weights, sl_logistic_end *end);
/* z [outputs] = weights [outputs, columns + 1] of one row x [columns]. */
void sl_linear_row(const double *weights, size_t outputs, const double *x, size_t columns, double *z);

/* --- intervals (bootstrap.c): Efron, Annals of Statistics 7, 1979 -------------------------------------- */

/* How often rows are drawn anew: 1,000 times, for many rows fewer, at least 200. */
size_t sl_bootstrap_resamples(size_t rows);
/* means [resamples, columns]: the columns' means over `rows` rows of v [rows, columns], drawn with
 * replacement: the same rows for all columns, so that differences can be taken. */
sl_status sl_bootstrap(sl_ctx *ctx, uint64_t seed, const double *v, size_t rows, size_t columns,
                       size_t resamples, double *means);
/* The 2.5th and 97.5th percentiles, between neighbours by a straight line; sorts values. */
void sl_bootstrap_interval(double *values, size_t count, double *low, double *high);

/* --- all of them ------------------------------------------------------------------------------------ */

enum { SL_BASELINES_MOST = 16 };

struct sl_baselines {
    sl_ctx *ctx;
    int classes;
    size_t outputs, features, rows; /* rows: that were fitted; 0: none were at hand */
    uint64_t seed;
    sl_design design;
    const sl_views *views; /* as design.table */
    sl_fitted fitted[SL_BASELINES_MOST];
    int count;
    /* after sl_baselines_measure; [0] is the model */
    sl_baseline_row row[SL_BASELINES_MOST + 1];
    int measured; /* rows of the table; 0: not yet */
    int model_width;
    size_t resamples;
    int against; /* the row that the model is compared with; 0: none */
    sl_baseline_difference difference;
    char verdict[512];
};

/* The inputs as baselines see them. */
sl_preparation sl_design_preparation(const sl_design *design);
/* Those that apply to so many classes (0: numbers), fitted to data; data NULL: why says why there is none. */
sl_baselines *sl_baselines_make(sl_ctx *ctx, const sl_data *data, const sl_columns *table, int classes,
                                const char *why);
/* The same of data with texts; texts: are there some? views: how they become features, NULL: data is too. */
sl_baselines *sl_baselines_make_texts(sl_ctx *ctx, const sl_data *data, const sl_columns *table, bool texts,
                                      const sl_views *views, int classes, const char *why);
/* compare_told.c: tells which of them stand beside the model, measured on so many rows, and why. */
void sl_baselines_tell(const sl_baselines *baselines, size_t rows);
/* The file: their numbers, and in the metadata key "slope" what they are. */
sl_status sl_baselines_write(const sl_baselines *baselines, const char *path);
sl_baselines *sl_baselines_read(sl_ctx *ctx, const char *path);
/* The same from a file that was read already. arena: for the time of the call. */
sl_baselines *sl_baselines_take(sl_ctx *ctx, sl_arena *arena, const sl_safetensors *file);
/* to [count, width]: what fitted baseline `index` answers to rows[0..count). */
sl_status sl_baselines_predict(const sl_baselines *baselines, sl_ctx *ctx, int index, const sl_data *data,
                               const size_t *rows, size_t count, sl_real *to);

#endif
