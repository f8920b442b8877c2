/* baselines.c - see baselines.h */
#include "baselines.h"

#include <string.h>

#include "help.h"

cli_range cli_interval(double low, double high, bool percent)
{
    cli_range range = { "" };
    if (low != low || high != high)
        return range;
    if (percent)
        snprintf(range.text, sizeof range.text, "%s..%s", cli_fixed(low * 100, 2).text,
                 cli_percent(high).text);
    else
        snprintf(range.text, sizeof range.text, "%s..%s", cli_rounded(low).text, cli_rounded(high).text);
    return range;
}

bool cli_show_baselines(const sl_baselines *baselines, bool classes, const char *title,
                        const cli_terminal *terminal)
{
    sl_baseline_row row;
    cli_table table;
    char text[320];
    cli_table_begin(&table, classes ? 3 : 5, "lr");
    cli_table_cell(&table, title);
    cli_table_cell(&table, classes ? "accuracy" : "rmse");
    cli_table_cell(&table, "95 % interval");
    if (!classes) {
        cli_table_cell(&table, "mae");
        cli_table_cell(&table, "r2");
    }
    size_t all = 0;
    for (int i = 0; sl_baselines_at(baselines, i, &row); i++) {
        all = i ? all : row.rows;
        if (row.why || row.figure != row.figure)
            continue;
        snprintf(text, sizeof text, row.rows < all ? "%s, on %s" : "%s", row.text,
                 cli_count((double)row.rows).text);
        cli_table_cell(&table, text);
        cli_table_cell(&table, (classes ? cli_percent(row.figure) : cli_rounded(row.figure)).text);
        cli_table_cell(&table, cli_interval(row.low, row.high, classes).text);
        if (!classes) {
            cli_table_cell(&table, cli_rounded(row.mae).text);
            cli_table_cell(&table, cli_fixed(row.r2, 4).text);
        }
    }
    const bool done = cli_table_print(&table, stdout, 2, 2, terminal);
    cli_table_free(&table);
    for (int i = 0; sl_baselines_at(baselines, i, &row); i++)
        if (row.why) {
            snprintf(text, sizeof text, "  %s: not computed: %s", row.name, row.why);
            cli_help_hanging(stdout, text, 4, terminal->width);
        }
    const char *verdict = sl_baselines_verdict(baselines);
    if (*verdict) {
        char sentence[640];
        snprintf(sentence, sizeof sentence, "%s; %s resamples of the rows", verdict,
                 cli_count((double)sl_baselines_difference(baselines).resamples).text);
        putchar('\n');
        cli_help_text(stdout, sentence, 0, terminal->width);
    }
    return done;
}

static void baselines_number(FILE *stream, const char *before, const char *name, const char *behind,
                             double value)
{
    if (value != value)
        return;
    fprintf(stream, ",\"%s%s%s\":", before, name, behind);
    cli_json_number(stream, value);
}

void cli_put_baselines(FILE *stream, const sl_baselines *baselines, bool classes)
{
    const char *figure = classes ? "accuracy" : "rmse";
    sl_baseline_row row;
    for (int i = 0; sl_baselines_at(baselines, i, &row); i++) {
        char before[64] = "";
        if (i)
            snprintf(before, sizeof before, "baseline_%s_", row.name);
        if (i && row.why) {
            fprintf(stream, ",\"%swhy\":", before);
            cli_json_string(stream, row.why);
            continue;
        }
        if (i)
            baselines_number(stream, before, figure, "", row.figure);
        baselines_number(stream, before, figure, "_low", row.low);
        baselines_number(stream, before, figure, "_high", row.high);
        if (i)
            baselines_number(stream, before, "mae", "", row.mae);
        if (i)
            baselines_number(stream, before, "r2", "", row.r2);
        baselines_number(stream, before, "r2", "_low", row.r2_low);
        baselines_number(stream, before, "r2", "_high", row.r2_high);
    }
    const sl_baseline_difference d = sl_baselines_difference(baselines);
    if (!d.known)
        return;
    char less[64];
    snprintf(less, sizeof less, "less_%s_", d.against);
    baselines_number(stream, less, figure, "", d.value);
    baselines_number(stream, less, figure, "_low", d.low);
    baselines_number(stream, less, figure, "_high", d.high);
    fprintf(stream, ",\"better_than_%s\":%s,\"resamples\":%zu", d.against, d.better ? "true" : "false",
            d.resamples);
}
