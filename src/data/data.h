/* data.h - rows of inputs and targets in memory, or packed in a file; views of them; how they are made. */
#ifndef SL_DATA_DATA_H
#define SL_DATA_DATA_H

#include "data/chosen.h"
#include "data/columns.h"
#include "data/packed.h"

/* Between the texts of a row's columns, where they are joined: no word and no n-gram reaches over it. */
#define SL_TEXT_JOIN '\x1f'

typedef struct { /* what all views of a data set share; freed with the last of them */
    size_t users;
    void *memory;         /* the block that the inputs lie in, a file's header before them included */
    unsigned char *bytes; /* [rows, features], or NULL: images stay bytes, a quarter of the memory */
    sl_real *reals;       /* [rows, features], or NULL */
    sl_real *targets;     /* [rows, outputs], or NULL */
    double *cells;        /* of a table: [rows, columns->cells]; then bytes, reals, targets are NULL */
    sl_packed *packed;    /* of a table: its rows, where they lie in a file; then cells is NULL too */
    sl_columns *columns;  /* of a table; NULL: none */
    char *kept;           /* texts of kept columns, each closed by a 0; NULL: none */
    size_t *kept_offset;  /* [rows, kept_columns] */
    int kept_columns;
    char **kept_name; /* [kept_columns] */
    /* Of a table with free text: what its text columns hold, one text a row, several joined by SL_TEXT_JOIN
     * (text/tokenizer.h). Valid UTF-8. NULL: none. */
    char *texts;
    size_t *text_offset; /* [rows + 1] */
    void *encoded;       /* these texts as features: text/views.h; NULL: not yet */
    void (*encoded_free)(sl_ctx *, void *);
    const char **class_names; /* [classes], or NULL */
    const char **input_names; /* [features], or NULL: too many for names */
} sl_store;

struct sl_data {
    sl_ctx *ctx;
    sl_store *store;
    sl_shape shape;  /* of one row's input; of a table [inputs] */
    size_t features; /* its product */
    size_t rows;     /* of this view */
    size_t outputs;  /* targets a row; 0: none */
    int classes;     /* > 0: outputs is 1, and targets are class numbers below this */
    /* Which row of the store: sl_data_at. Both NULL: all, as they are. */
    size_t *order;     /* [rows] */
    sl_chosen *chosen; /* a bit for each row of the store: 64 times less than `order` */
    uint64_t owner;    /* of blocks of packed rows */
    sl_real *weights;  /* [rows] of this view: how much each counts in a loss; NULL: 1 */
    bool weighs;       /* of packed rows: their weights lie in the weight column's cells */
    char *source;      /* as it was opened, for messages */
    char *part;        /* "train", "test", "all", "cut_off", "rest" */
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
    sl_packed *packed;              /* rows of a table in a file, instead of memory: likewise taken over */
    sl_columns *columns;            /* a table: `memory` is cells [rows, columns->cells]; taken over, also on
                                       failure. shape, outputs, classes and names follow from them */
} sl_data_plan;

/* The maker writes store->bytes or ->reals, and store->targets. NULL and SL_ENOMEM on failure. */
sl_data *sl_data_new(sl_ctx *ctx, const sl_data_plan *plan);
/* Its names alone, the rest 0. NULL and SL_ENOMEM. */
sl_data *sl_data_head(sl_ctx *ctx, const char *source, const char *part);
/* A view of rows order[0..rows) of `all`; takes the block `order` over, also on failure. */
sl_data *sl_data_view(const sl_data *all, size_t *order, size_t rows, const char *part);
/* The same of the chosen rows, in their order: of packed rows without 8 bytes a row. `chosen` has a place for
 * each row of `all`, is closed, and taken over, also on failure. */
sl_data *sl_data_view_chosen(const sl_data *all, sl_chosen *chosen, const char *part);

/* --- using one ------------------------------------------------------------------------------------ */

/* Where in the store a row lies. */
size_t sl_data_at(const sl_data *data, size_t row);
/* The same of rows[0..count), or, NULL, of rows first, first + 1, ...: quick where they follow one another.
 */
void sl_data_places(const sl_data *data, const size_t *rows, size_t first, size_t count, size_t *to);
bool sl_data_is_bytes(const sl_data *data);
/* Do the targets rise, or fall, all the way, with two different ones among them? */
bool sl_data_is_sorted(const sl_data *data);
/* How raw inputs become what a net sees; a zeroed one: as they are. */
typedef struct {
    sl_real divisor;           /* 0: 1; of bytes exactly (sl_real)byte / divisor */
    const sl_columns *columns; /* fitted; NULL: inputs are not encoded */
    bool scattered;            /* rows are drawn from all: of packed ones no blocks are read for their sake */
    bool plain;                /* a table's columns in their simplest form: sl_columns_plain */
} sl_preparation;
/* Numbers a row that it makes of these data's inputs. */
size_t sl_prepared_features(const sl_preparation *how, const sl_data *data);
/* x [count, prepared features] = the inputs of these rows, prepared; y [count, outputs] = their targets. x or
 * y may be NULL, how too. Rows must exist. Allocates nothing. Fails (SL_EFILE) only where rows lie in a file.
 * On the threads of ctx, which may be another context than the data's and gets the error; NULL: on this one,
 * and the data's context gets it. */
sl_status sl_data_gather(sl_ctx *ctx, const sl_data *data, const size_t *rows, size_t count,
                         const sl_preparation *how, sl_real *x, sl_real *y);
/* The first target of a row: a class number, or a number. NaN where there is none, and where packed rows
 * cannot be read (then data's context has the error). */
double sl_data_target(const sl_data *data, size_t row);
/* The same of rows first .. first + count - 1. Fails (SL_EFILE) only where rows lie in a file. */
sl_status sl_data_targets(const sl_data *data, size_t first, size_t count, double *to);
/* Of a table, cell `cell` of rows first .. first + count - 1. */
sl_status sl_data_cell(const sl_data *data, int cell, size_t first, size_t count, double *to);
/* to [count, columns->cells] = all cells of these rows (NULL: first, first + 1, ...) of a table. */
sl_status sl_data_load(const sl_data *data, const size_t *rows, size_t first, size_t count, double *to);
/* to [count] = cell `cell` of these rows (NULL: rows 0 .. count - 1) of a table, exactly. */
sl_status sl_data_cells(const sl_data *data, int cell, const size_t *rows, size_t count, double *to);

/* Copies a table's columns and fits them on these rows, which are the training rows; at most SL_FIT_MOST of
 * them, drawn by the seed. numbers, layers: as in sl_columns_fit. */
enum { SL_FIT_MOST = 1 << 16 };
sl_columns *sl_data_fit_columns(const sl_data *train, const char *numbers, bool layers);

bool sl_data_has_words(const sl_data *data);

/* Do rows have weights of their own? */
bool sl_data_weighted(const sl_data *data);
/* w [count] = the weights of these rows. Fails (SL_EFILE) only where rows lie in a file. */
sl_status sl_data_gather_weights(const sl_data *data, const size_t *rows, size_t count, sl_real *w);

/* sl_data_digest on the threads of ctx. */
uint64_t sl_data_digest_in(sl_ctx *ctx, const sl_data *data);

/* --- splitting, in split.c ------------------------------------------------------------------------ */

/* Of each class the `wanted` rows with the smallest keys, which follow from the seed and the row's place in
 * the source: last[class] is the largest of them, so that a row is one of them unless `last` is less. wanted
 * 0: none is. No memory a row. SL_ENOMEM, SL_EFILE. */
typedef struct {
    uint64_t key;
    size_t row;
} sl_ranked;
sl_status sl_split_last(const sl_data *all, int classes, const size_t *wanted, sl_ranked *last);
static inline bool sl_ranked_less(sl_ranked a, sl_ranked b)
{
    return a.key != b.key ? a.key < b.key : a.row < b.row;
}
/* At most `most` rows of data, those with the smallest keys: a view. Packed ones come into memory, as many as
 * have room in half of what the pack may take. */
sl_data *sl_data_some(const sl_data *data, size_t most);
/* A copy of packed rows in memory. */
sl_data *sl_data_loaded(const sl_data *packed);
/* The keys of rows first .. first + count - 1. */
void sl_split_keys(const sl_data *all, size_t first, size_t count, uint64_t *keys);
/* sl_data_split for targets that are class numbers below `classes` although data->classes is 0 (the loss
 * decided so, and has checked them); 0: all rows are one class.                                     */
sl_status sl_data_split_as(sl_data *all, int classes, double fraction, sl_data **cut_off, sl_data **rest);
/* Is there enough to cut a validation part off by default: 50 rows, and 5 of every class that occurs? If
 * not, `why` says so ("4 rows are fewer than 50"). NULL and SL_ENOMEM as in sl_fail count as not.      */
bool sl_data_can_validate(const sl_data *data, int classes, char why[160]);
/* Tells the decision of the validation part: its share, or 0 and why there is none. */
void sl_validation_tell(const sl_data *data, int classes, double share, const char *why);

#endif
