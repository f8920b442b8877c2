/* linreg_show.c - what came of the line: see linreg.h. */
#include <math.h>
#include <string.h>

#include "help.h"
#include "linreg.h"
#include "terminal.h"

double cli_linreg_spread(const sl_report *report, const char *column, int first, int last)
{
    const int count = last - first + 1;
    double mean = 0, sum = 0;
    for (int i = first; i <= last; i++)
        mean += sl_report_at(report, i, column) / count;
    for (int i = first; i <= last; i++) {
        const double off = sl_report_at(report, i, column) - mean;
        sum += off * off;
    }
    return count > 1 ? sqrt(sum / (count - 1)) : 0;
}

double cli_linreg_roughness(const sl_report *report)
{
    const int count = sl_report_rows(report) - 1;
    double mean = 0, sum = 0;
    for (int i = 0; i < count; i++)
        mean += (sl_report_at(report, i + 1, "loss") - sl_report_at(report, i, "loss")) / count;
    for (int i = 0; i < count; i++) {
        const double off = sl_report_at(report, i + 1, "loss") - sl_report_at(report, i, "loss") - mean;
        sum += off * off;
    }
    return count > 1 ? sqrt(sum / (count - 1)) : 0;
}

bool cli_linreg_falls(const sl_report *report)
{
    for (int i = 1; i < sl_report_rows(report); i++)
        if (!(sl_report_at(report, i, "loss") < sl_report_at(report, i - 1, "loss")))
            return false;
    return true;
}

int cli_linreg_row(const sl_report *report, int epoch)
{
    int row = 0;
    for (int i = 0; i < sl_report_rows(report); i++)
        if (sl_report_at(report, i, "epoch") <= epoch)
            row = i;
    return row;
}

static void linreg_cells(cli_table *table, const char *const *heads, int count)
{
    for (int i = 0; i < count; i++)
        cli_table_cell(table, heads[i]);
}

static bool linreg_print(cli_table *table, const cli_terminal *terminal)
{
    const bool done = cli_table_print(table, stdout, 0, 3, terminal);
    cli_table_free(table);
    printf("\n");
    return done;
}

/* The first steps with their numbers, and the update equations that these go into. */
static bool linreg_first(const linreg_work *work, const cli_terminal *terminal)
{
    static const char *const heads[] = { "step", "point", "x", "y", "e", "2e", "2xe", "w1", "w2" };
    cli_table table;
    printf("The first steps, one point each, lr %s: e = w1 + w2 x - y, gradient (2e, 2xe)\n\n",
           cli_rounded(work->lr_single).text);
    cli_table_begin(&table, 9, "r");
    linreg_cells(&table, heads, 9);
    for (int k = 1; k <= LINREG_SHOWN && k < sl_report_rows(work->single); k++) {
        const size_t point = (size_t)sl_report_at(work->single, k, "point") - 1;
        const double w1 = sl_report_at(work->single, k - 1, "w1"),
                     w2 = sl_report_at(work->single, k - 1, "w2");
        const double values[] = { work->x[point],
                                  work->y[point],
                                  w1 + w2 * work->x[point] - work->y[point],
                                  sl_report_at(work->single, k, "slope1"),
                                  sl_report_at(work->single, k, "slope2"),
                                  sl_report_at(work->single, k, "w1"),
                                  sl_report_at(work->single, k, "w2") };
        cli_table_cell(&table, cli_count(k).text);
        cli_table_cell(&table, cli_count((double)point + 1).text);
        for (int i = 0; i < 7; i++)
            cli_table_cell(&table, cli_rounded(values[i]).text);
    }
    if (!linreg_print(&table, terminal))
        return false;
    for (int k = 1; k <= LINREG_SHOWN && k < sl_report_rows(work->single); k++)
        for (int i = 0; i < 2; i++) {
            const char *name = i ? "w2" : "w1", *slope = i ? "slope2" : "slope1";
            printf("%s = %s - %s * %s = %s%s", name,
                   cli_rounded(sl_report_at(work->single, k - 1, name)).text,
                   cli_rounded(work->lr_single).text, cli_rounded(sl_report_at(work->single, k, slope)).text,
                   cli_rounded(sl_report_at(work->single, k, name)).text, i ? "\n" : "     ");
        }
    printf("\n");
    return true;
}

static bool linreg_epochs(const linreg_work *work, const cli_terminal *terminal)
{
    static const char *const heads[] = { "epoch", "w1", "w2", "loss", "distance", "spread of w2" };
    const sl_report *report = work->epochs;
    const int last = (int)sl_report_last(report, "epoch");
    cli_table table;
    printf("Lines behind epochs, one point a step, lr %s; distance to the least-squares line\n\n",
           cli_rounded(work->lr_epochs).text);
    cli_table_begin(&table, 6, "r");
    linreg_cells(&table, heads, 6);
    for (int epoch = 1; epoch <= last; epoch += 2) {
        const int row = cli_linreg_row(report, epoch), before = cli_linreg_row(report, epoch - 1);
        cli_table_cell(&table, cli_count(epoch).text);
        cli_table_cell(&table, cli_rounded(sl_report_at(report, row, "w1")).text);
        cli_table_cell(&table, cli_rounded(sl_report_at(report, row, "w2")).text);
        cli_table_cell(&table, cli_rounded(sl_report_at(report, row, "loss")).text);
        cli_table_cell(&table, cli_rounded(sl_report_at(report, row, "distance")).text);
        cli_table_cell(&table, cli_rounded(cli_linreg_spread(report, "w2", before + 1, row)).text);
    }
    return linreg_print(&table, terminal);
}

static bool linreg_curves(const linreg_work *work, const cli_terminal *terminal)
{
    static const char *const heads[] = { "descent",   "lr",        "batch",       "steps",
                                         "last loss", "roughness", "always falls" };
    cli_table table;
    printf("Losses over steps; roughness: deviation of the change from step to step\n\n");
    cli_table_begin(&table, 7, "lr");
    linreg_cells(&table, heads, 7);
    for (int i = 0; i < LINREG_CURVES; i++) {
        const sl_report *curve = work->curves[i];
        const size_t batch = (size_t)cli_linreg_curves[i].batch;
        cli_table_cell(&table, cli_linreg_curves[i].name);
        cli_table_cell(&table, cli_rounded(cli_linreg_curves[i].lr).text);
        cli_table_cell(&table, cli_count((double)(batch && batch < work->n ? batch : work->n)).text);
        cli_table_cell(&table, cli_count(sl_report_rows(curve) - 1).text);
        cli_table_cell(&table, cli_rounded(sl_report_last(curve, "loss")).text);
        cli_table_cell(&table, cli_rounded(cli_linreg_roughness(curve)).text);
        cli_table_cell(&table, cli_linreg_falls(curve) ? "yes" : "no");
    }
    return linreg_print(&table, terminal);
}

bool cli_linreg_show(const linreg_work *work)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    cli_put_clean(stdout, work->name);
    printf(": %s points, y = w1 + w2 x\n", cli_count((double)work->n).text);
    printf("least squares, the closed form: w1 = %s, w2 = %s, loss %s\n", cli_rounded(work->best[0]).text,
           cli_rounded(work->best[1]).text, cli_rounded(work->least).text);
    if (work->truth)
        printf("the points were made by: w1 = %s, w2 = %s, and noise\n", cli_rounded(work->truth[0]).text,
               cli_rounded(work->truth[1]).text);
    putchar('\n');
    if (!linreg_first(work, &terminal))
        return false;
    const int steps = sl_report_rows(work->single) - 1;
    printf("In that epoch of %s steps the line swings: the slope w2 has a deviation of %s between steps.\n\n",
           cli_count(steps).text, cli_rounded(cli_linreg_spread(work->single, "w2", 1, steps)).text);
    if (!linreg_epochs(work, &terminal) || !linreg_curves(work, &terminal))
        return false;
    if (!(sl_report_last(work->epochs, "loss") < 1e12) || work->lr_epochs > work->limit)
        printf("Step sizes above 2/curvature = %s lead away from the minimum of this loss.\n",
               cli_rounded(work->limit).text);
    return true;
}

/* --- JSON ----------------------------------------------------------------------------------------- */

static void linreg_json_number(const char *key, double value)
{
    printf(", \"%s\": ", key);
    cli_json_number(stdout, value);
}

static void linreg_json_columns(const char *key, const sl_report *report)
{
    printf(", \"%s\": {", key);
    for (int c = 0; c < sl_report_columns(report); c++) {
        const char *name = sl_report_column(report, c);
        printf("%s\"%s\": [", c ? ", " : "", name);
        for (int i = 0; i < sl_report_rows(report); i++) {
            fputs(i ? ", " : "", stdout);
            cli_json_number(stdout, sl_report_at(report, i, name));
        }
        putchar(']');
    }
    putchar('}');
}

static void linreg_json_list(const char *key, const double *values, size_t count)
{
    printf(", \"%s\": [", key);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", " : "", stdout);
        cli_json_number(stdout, values[i]);
    }
    putchar(']');
}

void cli_linreg_json(const linreg_work *work)
{
    printf("{\"data\": ");
    cli_json_string(stdout, work->name);
    linreg_json_list("x", work->x, work->n);
    linreg_json_list("y", work->y, work->n);
    linreg_json_number("w1", work->best[0]);
    linreg_json_number("w2", work->best[1]);
    linreg_json_number("loss", work->least);
    linreg_json_number("limit", work->limit);
    linreg_json_columns("single", work->single);
    linreg_json_columns("epochs", work->epochs);
    fputs(", \"curves\": [", stdout);
    for (int i = 0; i < LINREG_CURVES; i++) {
        fputs(i ? ", {\"name\": " : "{\"name\": ", stdout);
        cli_json_string(stdout, cli_linreg_curves[i].name);
        linreg_json_number("lr", cli_linreg_curves[i].lr);
        linreg_json_number("roughness", cli_linreg_roughness(work->curves[i]));
        printf(", \"falls\": %s", cli_linreg_falls(work->curves[i]) ? "true" : "false");
        linreg_json_columns("path", work->curves[i]);
        putchar('}');
    }
    puts("]}");
}
