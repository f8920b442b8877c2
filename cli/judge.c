/* judge.c - importance, calibration and residuals: tables for people, members of a JSON object. */
#include <string.h>

#include "baselines.h"

enum { JUDGE_INPUTS = 40 };

/* Rows as an array of objects, each member named as its column; a name for the column "input". */
static void judge_json(const char *name, const sl_report *report, const sl_data *data)
{
    printf(",\"%s\":[", name);
    for (int i = 0; i < sl_report_rows(report); i++) {
        fputs(i ? ",{" : "{", stdout);
        for (int c = 0; c < sl_report_columns(report); c++) {
            const char *column = sl_report_column(report, c);
            const double value = sl_report_at(report, i, column);
            printf("%s\"%s\":", c ? "," : "", column);
            if (strcmp(column, "input") == 0)
                cli_json_string(stdout, sl_data_input_name(data, (size_t)value));
            else
                cli_json_number(stdout, value);
        }
        putchar('}');
    }
    putchar(']');
}

static bool judge_print(cli_table *table)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const bool done = cli_table_print(table, stdout, 2, 3, &terminal);
    cli_table_free(table);
    return done;
}

static void judge_heads(cli_table *table, const char *const *heads, int count, const char *align)
{
    cli_table_begin(table, count, align);
    for (int i = 0; i < count; i++)
        cli_table_cell(table, heads[i]);
}

bool cli_show_importance(sl_ctx *ctx, const sl_model *model, const sl_data *data, bool json)
{
    const bool classes = sl_model_classes(model) > 0;
    const char *const heads[] = { "input", classes ? "accuracy falls by" : "rmse rises by", "spread" };
    sl_report *report = sl_importance(ctx, model, data, 0);
    cli_table table;
    if (!report)
        return false;
    const int rows = sl_report_rows(report), shown = rows < JUDGE_INPUTS ? rows : JUDGE_INPUTS;
    if (json) {
        judge_json("importance", report, data);
        sl_report_free(report);
        return true;
    }
    printf("\nimportance: what is lost when one input is shuffled, %s rows, 5 times\n",
           cli_count(sl_report_at(report, 0, "rows")).text);
    judge_heads(&table, heads, 3, "lr");
    for (int i = 0; i < shown; i++) {
        const double mean = sl_report_at(report, i, "mean"), spread = sl_report_at(report, i, "spread");
        cli_table_cell(&table, sl_data_input_name(data, (size_t)sl_report_at(report, i, "input")));
        cli_table_cell(&table, (classes ? cli_percent(mean) : cli_rounded(mean)).text);
        cli_table_cell(&table, (classes ? cli_percent(spread) : cli_rounded(spread)).text);
    }
    const bool done = judge_print(&table);
    if (shown < rows)
        printf("  ... and %d inputs more: --json has all\n", rows - shown);
    puts("  inputs that go together: shuffled alone, each is made up for by the others");
    sl_report_free(report);
    return done;
}

bool cli_show_calibration(sl_ctx *ctx, const sl_several *several, bool json)
{
    const sl_model *model = several->models[0];
    const bool two = sl_model_classes(model) == 2;
    const char *const heads[] = { two ? "probability" : "confidence", "mean", two ? "share" : "accuracy",
                                  "rows" };
    double error = 0;
    sl_report *report = sl_calibration_several(ctx, several, 0, &error);
    cli_table table;
    if (!report)
        return false;
    if (json) {
        judge_json("calibration", report, several->data[0]);
        fputs(",\"expected_calibration_error\":", stdout);
        cli_json_number(stdout, error);
        sl_report_free(report);
        return true;
    }
    fputs("\ncalibration: ", stdout);
    if (two) {
        fputs("how often '", stdout);
        cli_put_clean(stdout, sl_model_class_name(model, 1));
        fputs("' is true where it is said with so much probability\n", stdout);
    } else {
        puts("how often the predicted class is right where it is said with so much confidence");
    }
    judge_heads(&table, heads, 4, "lr");
    for (int i = 0; i < sl_report_rows(report); i++) {
        char bin[100];
        if (!(sl_report_at(report, i, "rows") > 0))
            continue;
        snprintf(bin, sizeof bin, "%s to %s", cli_fixed(sl_report_at(report, i, "low"), 1).text,
                 cli_fixed(sl_report_at(report, i, "high"), 1).text);
        cli_table_cell(&table, bin);
        cli_table_cell(&table, cli_percent(sl_report_at(report, i, "confidence")).text);
        cli_table_cell(&table, cli_percent(sl_report_at(report, i, "accuracy")).text);
        cli_table_cell(&table, cli_count(sl_report_at(report, i, "rows")).text);
    }
    const bool done = judge_print(&table);
    printf("  expected calibration error %s (the mean distance of the two, over rows)\n",
           cli_percent(error).text);
    sl_report_free(report);
    return done;
}

bool cli_show_residuals(sl_ctx *ctx, const sl_several *several, bool json)
{
    static const char *const heads[] = { "prediction", "rows", "mean residual", "rmse" };
    sl_report *report = sl_residuals_several(ctx, several, 0);
    cli_table table;
    if (!report)
        return false;
    if (json) {
        judge_json("residuals", report, several->data[0]);
        sl_report_free(report);
        return true;
    }
    puts("\nresiduals: target less prediction, in bins of as many rows each, by the prediction");
    judge_heads(&table, heads, 4, "lr");
    for (int i = 0; i < sl_report_rows(report); i++) {
        char bin[100];
        snprintf(bin, sizeof bin, "%s to %s", cli_rounded(sl_report_at(report, i, "low")).text,
                 cli_rounded(sl_report_at(report, i, "high")).text);
        cli_table_cell(&table, bin);
        cli_table_cell(&table, cli_count(sl_report_at(report, i, "rows")).text);
        cli_table_cell(&table, cli_rounded(sl_report_at(report, i, "residual")).text);
        cli_table_cell(&table, cli_rounded(sl_report_at(report, i, "rmse")).text);
    }
    const bool done = judge_print(&table);
    sl_report_free(report);
    return done;
}
