/* errors_texts.c - see errors_texts.h */
#include "errors_texts.h"

#include <stdlib.h>
#include <string.h>

enum { TEXTS_TAGS = 5 };
static const char *const texts_tags[TEXTS_TAGS] = { "short", "long", "negation", "unknown", "contrast" };
static const char *const texts_said[TEXTS_TAGS] = { "short", "long", "negation", "unknown words",
                                                    "contrast" };

const char *cli_errors_found(const cli_errors *e, size_t row, char text[CLI_TAGS_TEXT])
{
    char *at = text;
    *at = 0;
    for (int t = 0; t < TEXTS_TAGS; t++)
        if (sl_report_at(e->texts, (int)row, texts_tags[t]) > 0)
            at += snprintf(at, (size_t)(text + CLI_TAGS_TEXT - at), "%s%s", at == text ? "" : "; ",
                           texts_said[t]);
    return text;
}

typedef struct {
    size_t rows, wrong;
    double loss;
} texts_count;

/* count [TEXTS_TAGS + 1]: the last one of all rows. */
static void texts_counted(const cli_errors *e, texts_count count[TEXTS_TAGS + 1])
{
    memset(count, 0, (TEXTS_TAGS + 1) * sizeof *count);
    for (int i = 0; i < sl_report_rows(e->report); i++) {
        const int row = (int)sl_report_at(e->report, i, "row");
        const bool wrong = sl_model_classes(e->model) > 0 &&
                           sl_report_at(e->report, i, "truth") != sl_report_at(e->report, i, "prediction");
        for (int t = 0; t <= TEXTS_TAGS; t++)
            if (t == TEXTS_TAGS || sl_report_at(e->texts, row, texts_tags[t]) > 0) {
                count[t].rows++;
                count[t].wrong += wrong;
                count[t].loss += sl_report_at(e->report, i, "loss");
            }
    }
}

bool cli_errors_counts(const cli_errors *e)
{
    texts_count count[TEXTS_TAGS + 1];
    const bool classes = sl_model_classes(e->model) > 0;
    static const char *const heads[] = {
        "in the text", "rows", "share", "mean loss", "errors", "error rate"
    };
    const cli_terminal terminal = cli_terminal_of(stdout);
    cli_table table;
    texts_counted(e, count);
    cli_table_begin(&table, classes ? 6 : 4, "lr");
    for (int i = 0; i < (classes ? 6 : 4); i++)
        cli_table_cell(&table, heads[i]);
    for (int t = 0; t <= TEXTS_TAGS; t++) {
        const double rows = (double)count[t].rows;
        cli_table_cell(&table, t < TEXTS_TAGS ? texts_said[t] : "all rows");
        cli_table_cell(&table, cli_count(rows).text);
        cli_table_cell(&table, cli_percent(rows / (double)count[TEXTS_TAGS].rows).text);
        cli_table_cell(&table, rows > 0 ? cli_rounded(count[t].loss / rows).text : "-");
        if (classes) {
            cli_table_cell(&table, cli_count((double)count[t].wrong).text);
            cli_table_cell(&table, rows > 0 ? cli_percent((double)count[t].wrong / rows).text : "-");
        }
    }
    putchar('\n');
    const bool done = cli_table_print(&table, stdout, 2, 3, &terminal);
    cli_table_free(&table);
    return done;
}

void cli_errors_counts_json(const cli_errors *e)
{
    texts_count count[TEXTS_TAGS + 1];
    texts_counted(e, count);
    fputs(",\"text_tags\":[", stdout);
    for (int t = 0; t < TEXTS_TAGS; t++) {
        printf("%s{\"tag\":\"%s\",\"rows\":%zu", t ? "," : "", texts_said[t], count[t].rows);
        if (sl_model_classes(e->model))
            printf(",\"errors\":%zu", count[t].wrong);
        fputs(",\"loss\":", stdout);
        cli_json_number(stdout, count[t].rows ? count[t].loss / (double)count[t].rows : 0);
        putchar('}');
    }
    putchar(']');
}

const char *cli_errors_text_name(const cli_errors *e, int index)
{
    sl_column_info info;
    if (!e->texts)
        return NULL;
    for (int c = 0; sl_model_column(e->model, c, &info); c++)
        if (strcmp(info.role, "text") == 0 && !index--)
            return info.name;
    return NULL;
}

char *cli_errors_text(const cli_errors *e, size_t row, int index)
{
    size_t length;
    const char *text = sl_data_words(e->data, row, &length), *end = text + length;
    for (const char *join; index > 0; index--) {
        join = memchr(text, '\x1f', (size_t)(end - text));
        text = join ? join + 1 : end;
    }
    const char *join = memchr(text, '\x1f', (size_t)(end - text));
    const size_t own = (size_t)((join ? join : end) - text);
    char *copy = malloc(own + 1);
    if (!copy) {
        cli_say("errors", "memory ran out");
        return NULL;
    }
    memcpy(copy, text, own);
    copy[own] = 0;
    return copy;
}
