/* report.h - a table of named columns, a row an epoch. */
#ifndef SL_TRAIN_REPORT_H
#define SL_TRAIN_REPORT_H

#include "core/text.h"

struct sl_report {
    sl_ctx *ctx;
    char **names;
    int columns, rows, capacity;
    double *values; /* [rows, columns]; NaN: not taken */
    int best;       /* row; -1: none */
    int classes;
    size_t *confusion; /* [classes, classes]: truth, prediction; NULL: none */
};

sl_report *sl_report_new(sl_ctx *ctx);
sl_status sl_report_add_column(sl_report *report, const char *name); /* before the first row */
/* values[columns]; copied. */
sl_status sl_report_add_row(sl_report *report, const double *values);
int sl_report_find(const sl_report *report, const char *column); /* -1: none */
/* Copies the matrix. */
sl_status sl_report_set_confusion(sl_report *report, int classes, const size_t *confusion);

#endif
