/* report.c - see report.h and slope.h */
#include "train/report.h"

#include <math.h>
#include <string.h>

sl_report *sl_report_new(sl_ctx *ctx)
{
    sl_report *report = sl_alloc(ctx, sizeof *report);
    if (report) {
        report->ctx = ctx;
        report->best = -1;
    }
    return report;
}

sl_status sl_report_add_column(sl_report *report, const char *name)
{
    char **names = sl_resize(report->ctx, report->names, (size_t)(report->columns + 1) * sizeof *names);
    if (!names)
        return SL_ENOMEM;
    report->names = names;
    names[report->columns] = sl_strdup(report->ctx, name);
    if (!names[report->columns])
        return SL_ENOMEM;
    report->columns++;
    return SL_OK;
}

sl_status sl_report_add_row(sl_report *report, const double *values)
{
    const size_t width = (size_t)report->columns;
    if (report->rows == report->capacity) {
        const int capacity = report->capacity ? report->capacity * 2 : 16;
        double *larger = sl_resize(report->ctx, report->values, (size_t)capacity * width * sizeof *larger);
        if (!larger)
            return SL_ENOMEM;
        report->values = larger;
        report->capacity = capacity;
    }
    memcpy(report->values + (size_t)report->rows * width, values, width * sizeof *values);
    report->rows++;
    return SL_OK;
}

int sl_report_find(const sl_report *report, const char *column)
{
    for (int i = 0; report && column && i < report->columns; i++)
        if (!strcmp(report->names[i], column))
            return i;
    return -1;
}

sl_status sl_report_set_confusion(sl_report *report, int classes, const size_t *confusion)
{
    const size_t cells = (size_t)classes * (size_t)classes;
    sl_free(report->ctx, report->confusion);
    report->classes = 0;
    report->confusion = sl_alloc_array(report->ctx, cells, sizeof *confusion);
    if (!report->confusion)
        return SL_ENOMEM;
    report->classes = classes;
    memcpy(report->confusion, confusion, cells * sizeof *confusion);
    return SL_OK;
}

void sl_report_free(sl_report *report)
{
    if (!report)
        return;
    for (int i = 0; i < report->columns; i++)
        sl_free(report->ctx, report->names[i]);
    sl_free(report->ctx, report->names);
    sl_free(report->ctx, report->values);
    sl_free(report->ctx, report->confusion);
    sl_free(report->ctx, report);
}

int sl_report_rows(const sl_report *report)
{
    return report ? report->rows : 0;
}

int sl_report_columns(const sl_report *report)
{
    return report ? report->columns : 0;
}

const char *sl_report_column(const sl_report *report, int column)
{
    return report && column >= 0 && column < report->columns ? report->names[column] : NULL;
}

double sl_report_at(const sl_report *report, int row, const char *column)
{
    const int found = sl_report_find(report, column);
    if (found < 0 || row < 0 || row >= report->rows)
        return NAN;
    return report->values[(size_t)row * (size_t)report->columns + (size_t)found];
}

double sl_report_last(const sl_report *report, const char *column)
{
    return report ? sl_report_at(report, report->rows - 1, column) : NAN;
}

int sl_report_best(const sl_report *report)
{
    return report ? report->best : -1;
}

size_t sl_report_confusion(const sl_report *report, int truth, int prediction)
{
    if (!report || !report->confusion || truth < 0 || prediction < 0 || truth >= report->classes ||
        prediction >= report->classes)
        return 0;
    return report->confusion[(size_t)truth * (size_t)report->classes + (size_t)prediction];
}

int sl_report_classes(const sl_report *report)
{
    return report ? report->classes : 0;
}
