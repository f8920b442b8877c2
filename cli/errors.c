/* errors.c - see errors.h */
#include "errors.h"

#include <stdlib.h>
#include <string.h>

#include "errors_texts.h"
#include "why.h"

enum { ERRORS_INPUTS = 8, ERRORS_WRITTEN = 1000, ERRORS_PAIRS = 5, ERRORS_WORDS = 24 };

size_t cli_errors_inputs(const sl_data *data)
{
    const sl_shape shape = sl_data_shape(data);
    size_t inputs = 1;
    for (int i = 0; i < shape.rank; i++)
        inputs *= (size_t)shape.dim[i];
    return inputs;
}

/* The table's column that is input number `input`; false: not a table. */
static bool errors_column(const cli_errors *e, size_t input, sl_column_info *info)
{
    for (int c = 0; sl_model_column(e->model, c, info); c++)
        if (strcmp(info->role, "input") == 0 && !input--)
            return true;
    return false;
}

const char *cli_errors_cell(const cli_errors *e, size_t row, size_t input, char text[CLI_ERRORS_CELL])
{
    sl_column_info info;
    double value;
    sl_data_input_text(e->data, row, input, text, CLI_ERRORS_CELL);
    if ((!errors_column(e, input, &info) || strcmp(info.type, "number") == 0) &&
        sl_number_parse(text, &value))
        snprintf(text, CLI_ERRORS_CELL, "%s", cli_rounded(value).text);
    return text;
}

static double errors_at(const cli_errors *e, int i, const char *column)
{
    return sl_report_at(e->report, i, column);
}

static int errors_count(const cli_errors *e)
{
    return e->top < sl_report_rows(e->report) ? e->top : sl_report_rows(e->report);
}

/* A class by its name, a number with about four figures, or all of them. */
static const char *errors_answer(const cli_errors *e, char text[64], int i, const char *column, bool exact)
{
    char number[32];
    const double value = errors_at(e, i, column);
    if (sl_model_classes(e->model))
        snprintf(text, 64, "%.60s", cli_class_name(number, e->model, (int)value));
    else
        snprintf(text, 64, "%s",
                 exact ? sl_number_text_float(number, (float)value) : cli_rounded(value).text);
    return text;
}

size_t cli_errors_wrong(const cli_errors *e)
{
    size_t wrong = 0;
    for (int i = 0; i < sl_report_rows(e->report) && sl_model_classes(e->model); i++)
        wrong += errors_at(e, i, "truth") != errors_at(e, i, "prediction");
    return wrong;
}

/* "162 of 2,000 rows are wrong; 5 of 43 confusions make up 31 % of them", and these. */
static void errors_confusions(const cli_errors *e)
{
    const int classes = sl_report_classes(e->figures);
    size_t wrong = 0, rows = 0, kinds = 0, sum = 0, last = SIZE_MAX;
    for (int t = 0; t < classes; t++)
        for (int p = 0; p < classes; p++) {
            const size_t count = sl_report_confusion(e->figures, t, p);
            rows += count;
            wrong += t == p ? 0 : count;
            kinds += t != p && count;
        }
    printf("\n%s of %s rows are wrong", cli_count((double)wrong).text, cli_count((double)rows).text);
    if (!wrong) {
        putchar('\n');
        return;
    }
    puts("; most often (true -> predicted)");
    int shown = 0, last_pair = -1;
    while (shown < ERRORS_PAIRS && shown < (int)kinds) { /* the next largest, of equal ones the next */
        size_t most = 0;
        int pair = -1;
        for (int at = 0; at < classes * classes; at++) {
            const size_t count = at / classes == at % classes
                                     ? 0
                                     : sl_report_confusion(e->figures, at / classes, at % classes);
            const bool left = count < last || (count == last && at > last_pair);
            if (left && count > most) {
                most = count;
                pair = at;
            }
        }
        char from[16], to[16];
        fputs("  ", stdout);
        cli_put_clean(stdout, cli_class_name(from, e->model, pair / classes));
        fputs(" -> ", stdout);
        cli_put_clean(stdout, cli_class_name(to, e->model, pair % classes));
        printf("   %s, %s of the errors\n", cli_count((double)most).text,
               cli_percent((double)most / (double)wrong).text);
        last = most;
        last_pair = pair;
        sum += most;
        shown++;
    }
    printf("  these %d of %zu confusions are %s of all errors\n", shown, kinds,
           cli_percent((double)sum / (double)wrong).text);
}

/* The text of report row i, shortened. false: the context knows why. */
static bool errors_text_cell(const cli_errors *e, int i, int columns, cli_table *table)
{
    char *text = malloc(4 * (size_t)columns + 8);
    const bool done =
        text && cli_why_short(e->ctx, e->model, e->data, (size_t)errors_at(e, i, "row"), columns, text);
    cli_table_cell(table, done ? text : "");
    free(text);
    return done;
}

/* The table with the first `shown` inputs, and so many columns of the text; 0: none. */
static bool errors_table(const cli_errors *e, size_t shown, int columns, cli_table *table)
{
    const bool classes = sl_model_classes(e->model) > 0;
    const char *const heads[] = { "row", "true", "predicted",
                                  classes ? (e->texts ? "p" : "probability") : "residual", "loss" };
    char text[CLI_ERRORS_CELL];
    bool done = true;
    cli_table_begin(table, 5 + (int)shown + (columns > 0), shown || !columns ? "rllrr" : "rllrrl");
    for (int i = 0; i < 5; i++)
        cli_table_cell(table, heads[i]);
    for (size_t j = 0; j < shown; j++)
        cli_table_cell(table, sl_data_input_name(e->data, j));
    if (columns)
        cli_table_cell(table, "text");
    for (int i = 0; i < errors_count(e) && done; i++) {
        const size_t row = (size_t)errors_at(e, i, "row");
        snprintf(text, sizeof text, "%zu", row);
        cli_table_cell(table, text);
        cli_table_cell(table, errors_answer(e, text, i, "truth", false));
        cli_table_cell(table, errors_answer(e, text, i, "prediction", false));
        cli_table_cell(table, classes ? cli_percent(errors_at(e, i, "probability")).text
                                      : cli_rounded(errors_at(e, i, "residual")).text);
        cli_table_cell(table, cli_rounded(errors_at(e, i, "loss")).text);
        for (size_t j = 0; j < shown; j++)
            cli_table_cell(table, cli_errors_cell(e, row, j, text));
        if (columns)
            done = errors_text_cell(e, i, columns, table);
    }
    return done;
}

bool cli_errors_show(const cli_errors *e)
{
    enum { INDENT = 2 };
    const int gap = e->texts ? 2 : 3;
    const cli_terminal terminal = cli_terminal_of(stdout);
    const size_t inputs = cli_errors_inputs(e->data);
    const size_t most = inputs <= ERRORS_INPUTS ? inputs : sl_data_columns(e->data) ? ERRORS_INPUTS : 0;
    const int text = e->texts ? gap + ERRORS_WORDS : 0; /* the least columns for it */
    size_t shown = most;
    cli_table table;
    double sum = 0, all = 0;
    errors_table(e, shown, 0, &table);
    while (shown && cli_table_width(&table, INDENT, gap) + text > terminal.width) {
        cli_table_free(&table);
        errors_table(e, --shown, 0, &table);
    }
    if (e->texts) {
        const int left = terminal.width - cli_table_width(&table, INDENT, gap) - gap;
        cli_table_free(&table);
        if (!errors_table(e, shown, left > ERRORS_WORDS ? left : ERRORS_WORDS, &table)) {
            cli_table_free(&table);
            cli_failed("errors", e->ctx);
            return false;
        }
    }
    for (int i = 0; i < sl_report_rows(e->report); i++) {
        all += errors_at(e, i, "loss");
        sum += i < errors_count(e) ? errors_at(e, i, "loss") : 0;
    }
    const bool done = cli_table_print(&table, stdout, INDENT, gap, &terminal);
    cli_table_free(&table);
    if (shown < inputs && most)
        printf("  ... and %zu more input%s: -o FILE writes all\n", inputs - shown,
               inputs - shown == 1 ? "" : "s");
    if (all > 0)
        printf("\nthese %s of %s rows are %s of the whole loss\n", cli_count(errors_count(e)).text,
               cli_count(sl_report_rows(e->report)).text, cli_percent(sum / all).text);
    if (sl_model_classes(e->model))
        errors_confusions(e);
    return done && (!e->texts || cli_errors_counts(e));
}

static void errors_texts_json(const cli_errors *e, size_t row)
{
    char found[CLI_TAGS_TEXT];
    const char *name;
    if (!e->texts)
        return;
    fputs(",\"texts\":{", stdout);
    for (int k = 0; (name = cli_errors_text_name(e, k)); k++) {
        char *text = cli_errors_text(e, row, k);
        fputs(k ? "," : "", stdout);
        cli_json_string(stdout, name);
        putchar(':');
        cli_json_string(stdout, text);
        free(text);
    }
    fputs("},\"tag\":", stdout);
    cli_json_string(stdout, cli_errors_found(e, row, found));
}

void cli_errors_json(const cli_errors *e)
{
    const bool classes = sl_model_classes(e->model) > 0;
    const size_t inputs = cli_errors_inputs(e->data),
                 shown = inputs <= ERRORS_INPUTS || sl_data_columns(e->data) ? inputs : 0;
    char text[CLI_ERRORS_CELL];
    sl_column_info info;
    fputs(",\"errors\":[", stdout);
    for (int i = 0; i < errors_count(e); i++) {
        fputs(i ? ",{" : "{", stdout);
        for (int c = 0; c < sl_report_columns(e->report); c++) {
            const char *column = sl_report_column(e->report, c);
            char number[16];
            printf("%s\"%s\":", c ? "," : "", column);
            if (classes && (strcmp(column, "truth") == 0 || strcmp(column, "prediction") == 0))
                cli_json_string(stdout, cli_class_name(number, e->model, (int)errors_at(e, i, column)));
            else
                cli_json_number(stdout, errors_at(e, i, column));
        }
        fputs(shown ? ",\"inputs\":{" : "", stdout);
        for (size_t j = 0; j < shown; j++) {
            fputs(j ? "," : "", stdout);
            cli_json_string(stdout, sl_data_input_name(e->data, j));
            putchar(':');
            sl_data_input_text(e->data, (size_t)errors_at(e, i, "row"), j, text, sizeof text);
            const bool words = errors_column(e, j, &info) && strcmp(info.type, "number") != 0 &&
                               strcmp(info.type, "integer") != 0;
            if (words && *text)
                cli_json_string(stdout, text);
            else
                fputs(*text ? text : "null", stdout);
        }
        fputs(shown ? "}" : "", stdout);
        errors_texts_json(e, (size_t)errors_at(e, i, "row"));
        putchar('}');
    }
    putchar(']');
    if (e->texts)
        cli_errors_counts_json(e);
}

bool cli_errors_csv(FILE *stream, const cli_errors *e)
{
    const bool classes = sl_model_classes(e->model) > 0;
    const size_t inputs = cli_errors_inputs(e->data), shown = inputs <= ERRORS_WRITTEN ? inputs : 0;
    char text[CLI_ERRORS_CELL], found[CLI_TAGS_TEXT];
    const char *name;
    fprintf(stream, "row,truth,prediction,%s,loss", classes ? "probability" : "residual");
    for (size_t j = 0; j < shown; j++) {
        putc(',', stream);
        cli_put_csv(stream, "", sl_data_input_name(e->data, j));
    }
    for (int k = 0; (name = cli_errors_text_name(e, k)); k++) {
        putc(',', stream);
        cli_put_csv(stream, "", name);
    }
    fputs(",tag\n", stream);
    for (int i = 0; i < errors_count(e); i++) {
        const size_t row = (size_t)errors_at(e, i, "row");
        fprintf(stream, "%zu,", row);
        cli_put_csv(stream, "", errors_answer(e, text, i, "truth", true));
        putc(',', stream);
        cli_put_csv(stream, "", errors_answer(e, text, i, "prediction", true));
        fprintf(stream, ",%s",
                sl_number_text_float(text, (float)errors_at(e, i, classes ? "probability" : "residual")));
        fprintf(stream, ",%s", sl_number_text_float(text, (float)errors_at(e, i, "loss")));
        for (size_t j = 0; j < shown; j++) {
            putc(',', stream);
            sl_data_input_text(e->data, row, j, text, sizeof text);
            cli_put_csv(stream, "", text);
        }
        for (int k = 0; cli_errors_text_name(e, k); k++) {
            char *words = cli_errors_text(e, row, k);
            if (!words)
                return false;
            putc(',', stream);
            cli_put_csv(stream, "", words);
            free(words);
        }
        putc(',', stream);
        if (e->texts)
            cli_put_csv(stream, "", cli_errors_found(e, row, found));
        putc('\n', stream);
    }
    return true;
}
