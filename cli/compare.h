/* compare.h - several runs beside one another: what differs, and what came of it. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli.h"

enum { CLI_COMPARE_COLUMNS = 8 };

typedef struct {
    const char *name;   /* "validation accuracy" */
    const char *key;    /* in the result of run.json */
    bool share, more;   /* a share of rows; more is better (else less), for the mark */
    bool plain;         /* neither is better: seconds, epochs                        */
    double *value;      /* [runs]; NaN: it has none */
    double *low, *high; /* [runs] of its 95 % interval; NaN: none */
    int best;           /* -1 */
} cli_compare_column;

typedef struct {
    sl_ctx *ctx;
    const char *const *runs;
    int count;
    sl_differences *differences;
    cli_compare_column column[CLI_COMPARE_COLUMNS];
    int columns;
    bool same_start, same_data; /* weights before the first step; the digest of the data */
    const char *start;          /* that digest */
} cli_compare;

/* false: said why. */
bool cli_compare_open(cli_compare *compare, const char *command, sl_ctx *ctx, const char *const *runs,
                      int count);
void cli_compare_close(cli_compare *compare);
/* "97.20 % (96.10..98.00 %)"; interval false: without. */
const char *cli_compare_cell(const cli_compare_column *column, int run, bool interval, char text[96]);
/* Sentences: the same start or not, whose data, which difference is within the intervals. A line each. */
void cli_compare_remarks(const cli_compare *compare, char *text, size_t room);

#endif
