/* report_metrics.c - how good a run is, beside what it must beat. */
#include <string.h>

#include "baselines.h"
#include "report.h"

static const char *const report_parts[] = { "train", "validation", "test" };

const char *cli_report_fact(const cli_report *report, const char *key)
{
    const char *text = sl_run_read(report->ctx, report->run, key);
    return text ? text : "";
}

bool cli_report_number(const cli_report *report, const char *key, double *value)
{
    return sl_number_parse(cli_report_fact(report, key), value);
}

static bool report_result(const cli_report *report, const char *part, const char *metric, const char *end,
                          double *value)
{
    char key[128];
    snprintf(key, sizeof key, "result.%s_%s%s", part, metric, end);
    return cli_report_number(report, key, value);
}

static bool report_is_share(const char *metric)
{
    return strstr(metric, "accuracy") || strcmp(metric, "coverage") == 0;
}

static void report_figure(const cli_report *report, const char *part, const char *metric, char *text,
                          size_t room)
{
    double value, low, high;
    text[0] = 0;
    if (!report_result(report, part, metric, "", &value))
        return;
    const bool share = report_is_share(metric);
    snprintf(text, room, "%s", (share ? cli_percent(value) : cli_rounded(value)).text);
    if (report_result(report, part, metric, "_low", &low) &&
        report_result(report, part, metric, "_high", &high)) {
        const size_t length = strlen(text);
        snprintf(text + length, room - length, " (95 %%: %s)", cli_interval(low, high, share).text);
    }
}

/* The part that says most: rows that neither fitted nor chose anything, where there are such. */
static const char *report_best_part(const cli_report *report)
{
    double value;
    for (int p = 2; p >= 0; p--)
        if (report_result(report, report_parts[p], "loss", "", &value))
            return report_parts[p];
    return "train";
}

void cli_report_lead(const cli_report *report)
{
    FILE *out = report->stream;
    char figure[160];
    const char *part = report_best_part(report);
    const bool classes = strcmp(cli_report_fact(report, "used.task"), "classification") == 0;
    double rows = 0, epochs = 0;
    cli_report_number(report, "used.rows", &rows);
    cli_report_number(report, "result.epochs", &epochs);
    fputs("<p class=\"lead\">The net <code>", out);
    cli_html_text(out, cli_report_fact(report, "used.net"));
    fputs("</code>, trained on ", out);
    fprintf(out, "%s rows of <code>", cli_count(rows).text);
    cli_html_text(out, cli_report_fact(report, "settings.data"));
    fprintf(out, "</code> for %s epochs", cli_count(epochs).text);
    report_figure(report, part, classes ? "accuracy" : "rmse", figure, sizeof figure);
    if (*figure)
        fprintf(out, ": %s on the %s rows %s", classes ? "accuracy" : "root mean squared error", part,
                figure);
    fputs(".", out);
    const char *status = cli_report_fact(report, "status");
    if (strcmp(status, "finished") != 0) {
        fputs(" The run has not finished (its status is ", out);
        cli_html_text(out, status);
        fputs("): figures are those so far.", out);
    } else if (strcmp(part, "test") != 0) {
        fprintf(out, " There was no test part: the %s rows %s, so new rows may fare worse.", part,
                strcmp(part, "train") ? "chose the epoch" : "are those that it learned from");
    }
    fputs("</p>\n", out);
}

static void report_parts_table(const cli_report *report)
{
    FILE *out = report->stream;
    sl_word metric = { .name = "loss" };
    char text[3][160];
    const char *shown[3], *cells[6] = { "" };
    int parts = 0;
    double value;
    for (int p = 2; p >= 0; p--)
        if (report_result(report, report_parts[p], "loss", "", &value)) {
            cells[1 + parts] = report_parts[p];
            shown[parts++] = report_parts[p];
        }
    cells[1 + parts] = NULL;
    cli_html_table_begin(out, NULL);
    cli_html_row(out, true, cells);
    for (int i = -1; i < 0 || sl_catalogue("metric", i, &metric); i++) {
        bool any = false;
        cells[0] = i < 0 ? "loss" : metric.name;
        for (int p = 0; p < parts; p++) {
            report_figure(report, shown[p], cells[0], text[p], sizeof text[p]);
            cells[1 + p] = text[p];
            any = any || text[p][0];
        }
        if (any)
            cli_html_row(out, false, cells);
    }
    cli_html_table_end(out);
}

static void report_baselines(const cli_report *report)
{
    FILE *out = report->stream;
    sl_baselines *baselines = sl_baselines_load(report->ctx, report->run);
    if (!baselines || sl_baselines_measure(baselines, report->model, report->data)) {
        sl_baselines_free(baselines);
        if (sl_error(report->ctx)) {
            fputs("<p class=\"soft\">Baselines cannot be measured: ", out);
            cli_html_text(out, sl_message(report->ctx));
            fputs("</p>\n", out);
        }
        sl_clear(report->ctx);
        return;
    }
    const bool classes = sl_model_classes(report->model) > 0;
    char title[96];
    sl_baseline_row row;
    snprintf(title, sizeof title, "The same rows (%s, %s of them) answered by others", report->part,
             cli_count((double)sl_data_rows(report->data)).text);
    cli_html_table_begin(out, title);
    cli_html_row(out, true, (const char *[]){ "", classes ? "accuracy" : "rmse", "95 % interval", NULL });
    for (int i = 0; sl_baselines_at(baselines, i, &row); i++) {
        const cli_figure figure = row.why   ? (cli_figure){ "not computed" }
                                  : classes ? cli_percent(row.figure)
                                            : cli_rounded(row.figure);
        const char *cells[] = { row.text && *row.text ? row.text : row.name, figure.text,
                                row.why ? row.why : cli_interval(row.low, row.high, classes).text, NULL };
        cli_html_row(out, false, cells);
    }
    cli_html_table_end(out);
    const char *verdict = sl_baselines_verdict(baselines);
    if (*verdict) { /* a sentence of its own here */
        fprintf(out, "<p>%c", *verdict >= 'a' && *verdict <= 'z' ? *verdict - 'a' + 'A' : *verdict);
        cli_html_text(out, verdict + 1);
        fputs(".</p>\n", out);
    }
    sl_baselines_free(baselines);
}

void cli_report_metrics(const cli_report *report)
{
    cli_html_section(report->stream, "How good it is");
    report_parts_table(report);
    if (report->data) {
        report_baselines(report);
        return;
    }
    fputs("<p class=\"soft\">Baselines, figures of rows and the worst errors are missing: ", report->stream);
    cli_html_text(report->stream, report->why);
    fputs("</p>\n", report->stream);
}
