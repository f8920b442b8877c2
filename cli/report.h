/* report.h - what slope report writes about a run, in its order. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "html.h"

typedef struct {
    FILE *stream;
    sl_ctx *ctx;
    const char *run;
    sl_model *model;
    const sl_data *data; /* rows that it is measured on; NULL: they cannot be read, see why */
    const char *part;    /* which those are */
    char why[1024];
    cli_html_figures figures;
} cli_report;

/* "result.test_accuracy" and the like of run.json; "" where there is none. */
const char *cli_report_fact(const cli_report *report, const char *key);
bool cli_report_number(const cli_report *report, const char *key, double *value);
void cli_report_lead(const cli_report *report);     /* what came of it, in a sentence or two */
void cli_report_metrics(const cli_report *report);  /* parts beside one another, intervals, baselines */
void cli_report_errors(const cli_report *report);   /* the worst rows */
void cli_report_settings(const cli_report *report); /* all of them, those asked for first */
void cli_report_columns(const cli_report *report);
void cli_report_layers(const cli_report *report);
void cli_report_again(const cli_report *report); /* the command, the digests */

#endif
