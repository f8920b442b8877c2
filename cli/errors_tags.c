/* errors_tags.c - errors counted by the tags that someone gave them. */
#include <stdlib.h>
#include <string.h>

#include "errors.h"

typedef struct {
    const char *tag;
    size_t rows, wrong;
    double loss;
} tags_count;

/* Where each row of the data stands in the report; NULL: memory ran out. */
static int *tags_places(const sl_report *report)
{
    int *place = malloc(((size_t)sl_report_rows(report) + 1) * sizeof *place);
    for (int i = 0; place && i < sl_report_rows(report); i++)
        place[(size_t)sl_report_at(report, i, "row")] = i;
    return place;
}

/* The row is there, and its truth is what the file says: else the file is of other data. */
static int tags_check(const cli_errors *e, const cli_tagged *tagged, const int *place, const char *path)
{
    const size_t rows = (size_t)sl_report_rows(e->report);
    if (tagged->row >= rows)
        return cli_wrong("errors",
                         "%s, line %zu: there is no row %zu: the %zu rows count from 0; is the file of "
                         "other data, or of another --part?",
                         path, tagged->line, tagged->row, rows);
    const double truth = sl_report_at(e->report, place[tagged->row], "truth");
    char number[32];
    const char *is = sl_model_classes(e->model) ? cli_class_name(number, e->model, (int)truth)
                                                : sl_number_text_float(number, (float)truth);
    if (strcmp(is, tagged->truth) != 0)
        return cli_wrong("errors",
                         "%s, line %zu: row %zu is '%s' here, and '%s' in the file: the file is of other "
                         "data, or of another --part",
                         path, tagged->line, tagged->row, is, tagged->truth);
    return CLI_DONE;
}

/* One more row for this tag; false: memory ran out. */
static bool tags_add(tags_count **counts, size_t *count, const char *tag, bool wrong, double loss)
{
    size_t at = 0;
    while (at < *count && strcmp((*counts)[at].tag, tag) != 0)
        at++;
    if (at == *count) {
        tags_count *larger = realloc(*counts, (*count + 1) * sizeof *larger);
        if (!larger)
            return false;
        *counts = larger;
        larger[(*count)++] = (tags_count){ .tag = tag };
    }
    (*counts)[at].rows++;
    (*counts)[at].wrong += wrong;
    (*counts)[at].loss += loss;
    return true;
}

/* "blurred; cut off" is two tags. The text is cut in place. */
static bool tags_split(tags_count **counts, size_t *count, char *text, bool wrong, double loss)
{
    if (!*text)
        return tags_add(counts, count, "", wrong, loss);
    for (char *at = text; at;) {
        char *end = strchr(at, ';');
        if (end)
            *end++ = 0;
        at += strspn(at, " \t");
        size_t length = strlen(at);
        while (length && strchr(" \t", at[length - 1]))
            at[--length] = 0;
        if (length && !tags_add(counts, count, at, wrong, loss))
            return false;
        at = end;
    }
    return true;
}

/* The most errors first, then the most rows, then by name. */
static int tags_compare(const void *a, const void *b)
{
    const tags_count *one = a, *other = b;
    if (one->wrong != other->wrong)
        return one->wrong < other->wrong ? 1 : -1;
    if (one->rows != other->rows)
        return one->rows < other->rows ? 1 : -1;
    return strcmp(one->tag, other->tag);
}

static bool tags_print(const cli_errors *e, const tags_count *counts, size_t count, size_t rows)
{
    const bool classes = sl_model_classes(e->model) > 0;
    const char *const heads[] = { "tag", "rows", "share", "mean loss", "errors" };
    const cli_terminal terminal = cli_terminal_of(stdout);
    cli_table table;
    cli_table_begin(&table, classes ? 5 : 4, "lr");
    for (int i = 0; i < (classes ? 5 : 4); i++)
        cli_table_cell(&table, heads[i]);
    for (size_t i = 0; i < count; i++) {
        cli_table_cell(&table, *counts[i].tag ? counts[i].tag : "(none)");
        cli_table_cell(&table, cli_count((double)counts[i].rows).text);
        cli_table_cell(&table, cli_percent((double)counts[i].rows / (double)rows).text);
        cli_table_cell(&table, cli_rounded(counts[i].loss / (double)counts[i].rows).text);
        if (classes)
            cli_table_cell(&table, cli_count((double)counts[i].wrong).text);
    }
    const bool done = cli_table_print(&table, stdout, 2, 3, &terminal);
    cli_table_free(&table);
    return done;
}

int cli_errors_check(const cli_errors *e, const cli_tags *tags, const char *path)
{
    int *place = tags_places(e->report), status = place ? CLI_DONE : CLI_FAILED;
    for (size_t i = 0; i < tags->count && status == CLI_DONE; i++)
        status = tags_check(e, &tags->rows[i], place, path);
    free(place);
    return status;
}

int cli_errors_tags(const cli_errors *e, cli_tags *tags, bool json)
{
    tags_count *counts = NULL;
    size_t count = 0;
    int *place = tags_places(e->report), status = place ? CLI_DONE : CLI_FAILED;
    for (size_t i = 0; i < tags->count && status == CLI_DONE; i++) {
        const cli_tagged *t = &tags->rows[i];
        const bool wrong =
            sl_model_classes(e->model) > 0 && sl_report_at(e->report, place[t->row], "truth") !=
                                                  sl_report_at(e->report, place[t->row], "prediction");
        if (!tags_split(&counts, &count, t->tags, wrong, sl_report_at(e->report, place[t->row], "loss")))
            status = CLI_FAILED;
    }
    if (status == CLI_FAILED)
        cli_say("errors", "out of memory");
    if (count)
        qsort(counts, count, sizeof *counts, tags_compare);
    if (status == CLI_DONE && json) {
        fputs(",\"tags\":[", stdout);
        for (size_t i = 0; i < count; i++) {
            fputs(i ? ",{\"tag\":" : "{\"tag\":", stdout);
            cli_json_string(stdout, counts[i].tag);
            printf(",\"rows\":%zu,\"errors\":%zu,\"loss\":", counts[i].rows, counts[i].wrong);
            cli_json_number(stdout, counts[i].loss / (double)counts[i].rows);
            putchar('}');
        }
        putchar(']');
    } else if (status == CLI_DONE && !tags_print(e, counts, count, tags->count)) {
        status = CLI_FAILED;
    }
    free(counts);
    free(place);
    return status;
}
