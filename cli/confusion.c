/* confusion.c - who is taken for whom: see metrics.h */
#include "metrics.h"

#include <math.h>
#include <string.h>

enum { CONFUSION_PAIRS = 12, CONFUSION_CLASSES = 60 };

size_t cli_confusion_sum(const sl_report *report, int truth, int prediction)
{
    size_t sum = 0; /* -1: all of them */
    for (int t = truth < 0 ? 0 : truth; t <= (truth < 0 ? sl_report_classes(report) - 1 : truth); t++) {
        const int last = prediction < 0 ? sl_report_classes(report) - 1 : prediction;
        for (int p = prediction < 0 ? 0 : prediction; p <= last; p++)
            sum += sl_report_confusion(report, t, p);
    }
    return sum;
}

/* At most 16 columns of a name, cut between characters. */
static void confusion_cut(char text[72], const char *name)
{
    const bool fits = cli_columns(name) <= 16;
    size_t bytes = 0;
    int columns = 0;
    for (; name[bytes] && bytes < 68; bytes++) {
        columns += ((unsigned char)name[bytes] & 0xC0) != 0x80;
        if (columns > (fits ? 16 : 15))
            break;
    }
    memcpy(text, name, bytes);
    strcpy(text + bytes, fits ? "" : "~");
}

static void confusion_matrix(cli_table *table, const sl_report *report, const sl_model *model)
{
    const int classes = sl_report_classes(report);
    char number[16], name[72];
    cli_table_cell(table, "");
    for (int p = 0; p < classes; p++) {
        confusion_cut(name, cli_class_name(number, model, p));
        cli_table_cell(table, name);
    }
    for (int t = 0; t < classes; t++) {
        confusion_cut(name, cli_class_name(number, model, t));
        cli_table_cell(table, name);
        for (int p = 0; p < classes; p++) {
            const size_t count = sl_report_confusion(report, t, p);
            snprintf(number, sizeof number, "%zu", count);
            cli_table_cell(table, count ? number : ".");
        }
    }
}

/* The pairs that are confused most, for a matrix too wide to print. */
static bool confusion_pairs(const sl_report *report, const sl_model *model, const cli_terminal *terminal)
{
    struct {
        size_t count;
        int truth, prediction;
    } worst[CONFUSION_PAIRS] = { { 0 } };
    const int classes = sl_report_classes(report);
    for (int t = 0; t < classes; t++) {
        for (int p = 0; p < classes; p++) {
            const size_t count = t == p ? 0 : sl_report_confusion(report, t, p);
            int place = CONFUSION_PAIRS;
            while (place > 0 && worst[place - 1].count < count)
                place--;
            if (place == CONFUSION_PAIRS)
                continue;
            memmove(&worst[place + 1], &worst[place], (size_t)(CONFUSION_PAIRS - 1 - place) * sizeof *worst);
            worst[place].count = count;
            worst[place].truth = t;
            worst[place].prediction = p;
        }
    }
    cli_table table;
    cli_table_begin(&table, 3, "llr");
    cli_table_cell(&table, "truth");
    cli_table_cell(&table, "prediction");
    cli_table_cell(&table, "rows");
    char number[16], name[72];
    for (int i = 0; i < CONFUSION_PAIRS && worst[i].count; i++) {
        confusion_cut(name, cli_class_name(number, model, worst[i].truth));
        cli_table_cell(&table, name);
        confusion_cut(name, cli_class_name(number, model, worst[i].prediction));
        cli_table_cell(&table, name);
        cli_table_cell(&table, cli_count((double)worst[i].count).text);
    }
    const bool done = cli_table_print(&table, stdout, 2, 3, terminal);
    cli_table_free(&table);
    return done;
}

static void confusion_class_line(cli_table *table, const char *name, double rows, const double *figure)
{
    cli_table_cell(table, name);
    cli_table_cell(table, cli_count(rows).text);
    cli_table_cell(table, cli_percent(figure[0]).text);
    cli_table_cell(table, cli_percent(figure[1]).text);
    cli_table_cell(table, cli_fixed(figure[2], 4).text);
}

static bool confusion_classes(const sl_report *report, const sl_model *model, const cli_terminal *terminal)
{
    static const char *const heads[] = { "class", "rows", "precision", "recall", "F1" };
    const int classes = sl_report_classes(report);
    const int shown = classes < CONFUSION_CLASSES ? classes : CONFUSION_CLASSES;
    double of_rows[3] = { 0 }, all = 0;
    bool blank = false;
    cli_table table;
    cli_table_begin(&table, 5, "lr");
    for (int i = 0; i < 5; i++)
        cli_table_cell(&table, heads[i]);
    for (int c = 0; c < classes; c++) {
        const double right = (double)sl_report_confusion(report, c, c);
        const double rows = (double)cli_confusion_sum(report, c, -1),
                     said = (double)cli_confusion_sum(report, -1, c);
        const double figure[] = { said > 0 ? right / said : NAN, rows > 0 ? right / rows : NAN,
                                  rows + said > 0 ? 2 * right / (rows + said) : NAN };
        char number[16], name[72];
        confusion_cut(name, cli_class_name(number, model, c));
        if (c < shown) {
            confusion_class_line(&table, name, rows, figure);
            blank = blank || rows <= 0 || said <= 0;
        }
        all += rows;
        for (int i = 0; i < 3; i++)
            of_rows[i] += rows > 0 && said > 0 ? rows * figure[i] : 0;
    }
    const double of_classes[] = { sl_report_at(report, 0, "macro_precision"),
                                  sl_report_at(report, 0, "macro_recall"),
                                  sl_report_at(report, 0, "macro_f1") };
    for (int i = 0; i < 3; i++)
        of_rows[i] /= all;
    confusion_class_line(&table, "mean over classes", all, of_classes);
    confusion_class_line(&table, "mean over rows", all, of_rows);
    const bool done = cli_table_print(&table, stdout, 2, 3, terminal);
    cli_table_free(&table);
    if (shown < classes)
        printf("  ... and %d classes more: --json has every count\n", classes - shown);
    if (blank)
        puts("  - : never predicted, or no such row");
    return done;
}

bool cli_show_confusion(const sl_report *report, const sl_model *model, const cli_terminal *terminal)
{
    const int classes = sl_report_classes(report);
    cli_table table;
    cli_table_begin(&table, classes + 1, "lr");
    bool done = true, fits = false;
    if (classes <= 64) {
        confusion_matrix(&table, report, model);
        fits = cli_table_width(&table, 2, 2) <= terminal->width;
    }
    if (fits) {
        printf("\n%sconfusion%s: a row is the true class, a column the predicted one\n", terminal->bold,
               terminal->plain);
        done = cli_table_print(&table, stdout, 2, 2, terminal);
    } else {
        printf("\n%sconfused most%s (the matrix of %d x %d is too wide to show here: --json has it)\n",
               terminal->bold, terminal->plain, classes, classes);
        done = confusion_pairs(report, model, terminal);
    }
    cli_table_free(&table);
    putchar('\n');
    return done && confusion_classes(report, model, terminal);
}
