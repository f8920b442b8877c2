/* metric.h - figures of merit. One metric, one file. */
#ifndef SL_METRIC_METRIC_H
#define SL_METRIC_METRIC_H

#include "core/ctx.h"

typedef struct { /* predictions beside the truth */
    sl_ctx *ctx; /* memory for a metric that sorts */
    size_t rows;
    int classes;             /* 0: numbers */
    int width;               /* columns of output: classes, or numbers a row */
    const sl_real *output;   /* [rows, width]: probabilities, or numbers */
    const sl_real *target;   /* [rows]: class numbers; or [rows, width] */
    const size_t *confusion; /* [classes, classes]: truth, prediction; NULL for numbers */
} sl_scored;

typedef struct {
    const char *name, *summary, *formula, *source;
    const sl_option *options; /* what the word takes; NULL: nothing */
    bool of_classes, of_numbers;
    bool two_classes_only;
    int classes_from;                    /* only for so many classes, or more; 0: for any */
    double (*value)(const sl_scored *s); /* NaN: not defined here (one class only, ...) */
} sl_metric;

const sl_metric *sl_metric_at(size_t index); /* NULL behind the last */
bool sl_metric_applies(const sl_metric *metric, int classes);

/* From a confusion matrix: rows of class c, predictions of class c, right ones. */
size_t sl_confusion_truth(const sl_scored *s, int c);
size_t sl_confusion_predicted(const sl_scored *s, int c);
size_t sl_confusion_right(const sl_scored *s, int c);

/* Every output is a probability, 0 to 1, and there is at least one row. */
bool sl_scored_probabilities(const sl_scored *s);
/* Ascending; no NaN among them. */
void sl_scored_sort(double *v, size_t n);
/* auc of one class against the rest (metric/auc.c) */
double sl_auc_of_class(const sl_scored *s, int class_index);

#endif
