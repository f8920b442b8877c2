/* data.h - rows of inputs and targets in memory, views of them, and how they are made. */
#ifndef SL_DATA_DATA_H
#define SL_DATA_DATA_H

#include "core/ctx.h"

typedef struct { /* what all views of a data set share; freed with the last of them */
    size_t users;
    void *memory;             /* the block that the inputs lie in, a file's header before them included */
    unsigned char *bytes;     /* [rows, features], or NULL: images stay bytes, a quarter of the memory */
    sl_real *reals;           /* [rows, features], or NULL */
    sl_real *targets;         /* [rows, outputs], or NULL */
    const char **class_names; /* [classes], or NULL */
    const char **input_names; /* [features], or NULL: too many for names */
} sl_store;

struct sl_data {
    sl_ctx *ctx;
    sl_store *store;
    sl_shape shape;   /* of one row's input */
    size_t features;  /* its product */
    size_t rows;      /* of this view */
    size_t outputs;   /* targets a row; 0: none */
    int classes;      /* > 0: outputs is 1, and targets are class numbers below this */
    size_t *order;    /* [rows]: which row of the store; NULL: all, as they are */
    sl_real *weights; /* [rows] of this view: how much each counts in a loss; NULL: 1 */
    char *source;     /* as it was opened, for messages */
    char *part;       /* "train", "test", "all", "cut_off", "rest" */
};

/* --- making one ----------------------------------------------------------------------------------- */

typedef struct {
    const char *source, *part;      /* copied */
    sl_shape shape;                 /* of one row's input, every dimension at least 1 */
    size_t rows;                    /* at least 1 */
    size_t outputs;                 /* 0: no targets */
    int classes;                    /* > 0: outputs is 1 */
    const char *const *class_names; /* [classes], copied; NULL: "0", "1", ... */
    const char *const *input_names; /* [features], copied; NULL: "x0", "x1", ... */
    bool bytes;                     /* inputs are bytes, else sl_real */
    void *memory;                   /* a block of sl_alloc that holds the bytes already: taken over, also on
                                       failure; NULL: a new one, zero filled */
    size_t skip;                    /* of memory: bytes before the first row */
} sl_data_plan;

/* The maker writes store->bytes or ->reals, and store->targets. NULL and SL_ENOMEM on failure. */
sl_data *sl_data_new(sl_ctx *ctx, const sl_data_plan *plan);
/* A view of rows order[0..rows) of `all`; takes the block `order` over, also on failure. */
sl_data *sl_data_view(const sl_data *all, size_t *order, size_t rows, const char *part);

/* --- using one ------------------------------------------------------------------------------------ */

bool sl_data_is_bytes(const sl_data *data);
/* Do the targets rise, or fall, all the way, with two different ones among them? */
bool sl_data_is_sorted(const sl_data *data);
/* x [count, features] = the inputs of these rows, each divided by divisor (for bytes: exactly
 * (sl_real)byte / divisor); y [count, outputs] = their targets. x or y may be NULL. Rows must exist. Only
 * reads data, and allocates nothing.                                                               */
void sl_data_gather(const sl_data *data, const size_t *rows, size_t count, sl_real divisor, sl_real *x,
                    sl_real *y);
/* The same, many rows on the threads of ctx, which may be another context than the data's. */
void sl_data_gather_in(sl_ctx *ctx, const sl_data *data, const size_t *rows, size_t count, sl_real divisor,
                       sl_real *x, sl_real *y);

/* w [count] = the weights of these rows. */
void sl_data_gather_weights(const sl_data *data, const size_t *rows, size_t count, sl_real *w);

/* sl_data_digest on the threads of ctx. */
uint64_t sl_data_digest_in(sl_ctx *ctx, const sl_data *data);

/* --- splitting, in split.c ------------------------------------------------------------------------ */

/* sl_data_split for targets that are class numbers below `classes` although data->classes is 0 (the loss
 * decided so, and has checked them); 0: all rows are one class.                                     */
sl_status sl_data_split_as(sl_data *all, int classes, double fraction, sl_data **cut_off, sl_data **rest);
/* Is there enough to cut a validation part off by default: 50 rows, and 5 of every class that occurs? If
 * not, `why` says so ("4 rows are fewer than 50"). NULL and SL_ENOMEM as in sl_fail count as not.      */
bool sl_data_can_validate(const sl_data *data, int classes, char why[160]);

#endif
