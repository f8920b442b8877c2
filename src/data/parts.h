/* parts.h - rows divided into those that are fitted, those that choose the best epoch, and those that are
 * kept for the end. At random every row has a key that depends on the seed and its place in the source alone:
 * validation is the smallest keys of each class, as in split.c, test the largest ones, so a row stays where
 * it is when the share of the other part changes. */
#ifndef SL_DATA_PARTS_H
#define SL_DATA_PARTS_H

#include "data/data.h"

enum { SL_FOLDS_LEAST = 2, SL_FOLDS_MOST = 50 };

typedef struct {
    double test, validation; /* shares of all rows, 0 or more and together below 1; 0: no such part */
    bool if_enough;          /* no validation part where sl_data_can_validate says so of the other rows */
    const char *group;       /* column: rows with the same value are in one part; NULL */
    const char *time;        /* column: train, validation, test follow one another in its order; NULL */
    int folds, fold; /* folds > 0: the test part is fold 0 .. folds - 1 of so many; `test` is 0 then */
} sl_parts_options;

/* Three views of `all`; *validation and *test are NULL where none was wanted. classes as in sl_data_split_as.
 * The log says what they are, and warns of classes that a part lacks. SL_EINVAL: options that exclude each
 * other, a column that is not there or lacks values, a part that would be empty. */
sl_status sl_data_parts(sl_data *all, int classes, const sl_parts_options *options, sl_data **train,
                        sl_data **validation, sl_data **test);

/* --- inside: the work on one call --------------------------------------------------------------- */

typedef enum { SL_PART_TRAIN, SL_PART_VALIDATION, SL_PART_TEST, SL_PARTS } sl_part;

typedef struct {
    sl_ctx *ctx;
    sl_data *all;
    int classes;
    sl_parts_options options;
    unsigned char *part; /* [rows], an sl_part each */
    double *values;      /* [rows]: of the group or time column; NULL */
    const sl_column *column;
    sl_text how; /* for the log: "drawn by seed 1, in each class alike" */
} sl_parts_job;

/* Each writes job->part, the test rows in a first call, the validation rows in a second. */
sl_status sl_parts_random(sl_parts_job *job, sl_part part); /* parts.c */
sl_status sl_parts_groups(sl_parts_job *job, sl_part part); /* parts_group.c */
sl_status sl_parts_times(sl_parts_job *job, sl_part part);  /* parts_time.c */

/* --- which rows are the same, in row_hash.c ------------------------------------------------------- */

/* A name for a cell's value that does not depend on the other rows: of a word its bytes, of a number itself.
 */
uint64_t sl_cell_identity(const sl_column *column, double cell);
/* hashes [rows] = a name for each row's inputs and first target: of two different rows two different ones,
 * but for one chance in 2^64. The names of tables do not depend on the codes of their words. SL_ENOMEM. */
sl_status sl_data_hash_rows(const sl_data *data, uint64_t *hashes);
/* Ascending, in place. */
void sl_hashes_sort(uint64_t *hashes, size_t count);
/* How many of these sorted ones are there more than once. */
size_t sl_hashes_repeated(const uint64_t *sorted, size_t count);
bool sl_hashes_have(const uint64_t *sorted, size_t count, uint64_t hash);

#endif
