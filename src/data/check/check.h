/* check.h - what a file of data/check/ provides: `const sl_check sl_check_NAME`, a look at the data before
 * the first step. */
#ifndef SL_DATA_CHECK_CHECK_H
#define SL_DATA_CHECK_CHECK_H

#include "data/parts.h"

typedef struct {
    sl_ctx *ctx;
    const char *name;      /* of the data, as it was given */
    const sl_data *train;  /* rows to learn from; those of validation too, where they are cut off later */
    const sl_data *test;   /* of a source of its own; NULL: none, or cut off the same data */
    const char *test_name; /* of that source */
    int classes;           /* 0: the target is a number */
    bool weighted;         /* class weights were asked for */
} sl_check_job;

typedef enum { SL_FINDS_NOTHING, SL_FINDS_REMARK, SL_FINDS_ERROR } sl_severity;

typedef struct {
    const char *name, *summary, *formula, *source; /* formula: what counts as a finding */
    const sl_option *options;                      /* NULL: none takes any */
    /* Appends a sentence with numbers and the fix, without a full stop. What fails is in the context. */
    sl_severity (*look)(const sl_check_job *job, sl_text *sentence);
} sl_check;

const sl_check *sl_check_at(size_t index); /* NULL behind the last */
/* All checks but those named in `skip` (separated by commas; NULL: none). Remarks go to the log; the first
 * error is SL_EINVAL, when all have looked. */
sl_status sl_checks_run(const sl_check_job *job, const char *skip);
/* SL_EINVAL where `skip` names one that is not there. */
sl_status sl_checks_skip(sl_ctx *ctx, const char *skip);

/* --- for several of them, in common.c --------------------------------------------------------------- */

/* The column of input `input` of a table (behind the inputs its columns of text), and its cells of the
 * training rows in to [train->rows]. NULL: not a
 * table, no such input, or the context failed. */
const sl_column *sl_check_cells(const sl_check_job *job, int input, double *to);
/* "a, b and 3 more": call with found = 0, 1, ... for each name. */
void sl_check_name(sl_text *list, size_t found, const char *name);
void sl_check_more(sl_text *list, size_t found);
/* "2.5 %". Returns text. */
char *sl_check_percent(char text[32], double share);
/* A class as people call it. Returns text. */
char *sl_check_class(char text[64], const sl_data *data, int class_index);

/* How well the target follows from which of `bins` a row is in, learned on one half of the rows (the mean, or
 * the most frequent class, of each) and measured on the other: share of right answers, or R squared. *base:
 * the same for one bin (classes only). *held: rows that it was measured on. NaN where a half is too small, or
 * the context failed. */
double sl_check_lookup(sl_ctx *ctx, const size_t *bin, size_t bins, const double *y, size_t rows, int classes,
                       double *base, size_t *held);

#endif
