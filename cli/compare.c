/* compare.c - see compare.h */
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double compare_number(sl_ctx *ctx, const char *run, const char *key, const char *end)
{
    char whole[96];
    double value;
    snprintf(whole, sizeof whole, "result.%s%s", key, end);
    const char *text = sl_run_read(ctx, run, whole);
    return text && sl_number_parse(text, &value) ? value : NAN;
}

/* Enters the column where any run has it. */
static bool compare_column(cli_compare *compare, cli_compare_column column)
{
    const size_t count = (size_t)compare->count;
    bool any = false;
    column.value = malloc(3 * count * sizeof *column.value);
    if (!column.value)
        return false;
    column.low = column.value + count;
    column.high = column.low + count;
    column.best = -1;
    for (int i = 0; i < compare->count; i++) {
        column.value[i] = compare_number(compare->ctx, compare->runs[i], column.key, "");
        column.low[i] = compare_number(compare->ctx, compare->runs[i], column.key, "_low");
        column.high[i] = compare_number(compare->ctx, compare->runs[i], column.key, "_high");
        any = any || column.value[i] == column.value[i];
        const double best = column.best < 0 ? NAN : column.value[column.best];
        if (!column.plain && column.value[i] == column.value[i] &&
            (column.best < 0 || (column.more ? column.value[i] > best : column.value[i] < best)))
            column.best = i;
    }
    if (any && compare->columns < CLI_COMPARE_COLUMNS)
        compare->column[compare->columns++] = column;
    else
        free(column.value);
    return true;
}

static bool compare_same(const cli_compare *compare, const char *key, const char **value)
{
    *value = sl_run_read(compare->ctx, compare->runs[0], key);
    bool same = *value != NULL;
    for (int i = 1; same && i < compare->count; i++) {
        const char *other = sl_run_read(compare->ctx, compare->runs[i], key);
        same = other && strcmp(*value, other) == 0;
    }
    return same;
}

bool cli_compare_open(cli_compare *compare, const char *command, sl_ctx *ctx, const char *const *runs,
                      int count)
{
    static const cli_compare_column columns[] = {
        { .name = "train loss", .key = "train_loss" },
        { .name = "validation loss", .key = "validation_loss" },
        { .name = "validation accuracy", .key = "validation_accuracy", .share = true, .more = true },
        { .name = "validation rmse", .key = "validation_rmse" },
        { .name = "test accuracy", .key = "test_accuracy", .share = true, .more = true },
        { .name = "test rmse", .key = "test_rmse" },
        { .name = "epochs", .key = "epochs", .plain = true },
        { .name = "seconds", .key = "seconds", .plain = true },
    };
    *compare = (cli_compare){ .ctx = ctx, .runs = runs, .count = count };
    const char *task, *data;
    for (int i = 0; i < count && !sl_error(ctx); i++) {
        const char *status = sl_run_read(ctx, runs[i], "status");
        if (!sl_error(ctx) && (!status || strcmp(status, "finished") != 0))
            cli_say(command, "%s: this run has not finished (its status is %s): it has no results to compare",
                    runs[i], status ? status : "not known");
    }
    if (!sl_error(ctx) && !compare_same(compare, "used.task", &task)) {
        cli_say(command,
                "some of these runs tell classes apart, others give numbers: they have no figure in common");
        return false;
    }
    compare->differences = sl_error(ctx) ? NULL : sl_run_differences(ctx, runs, count);
    for (size_t i = 0; compare->differences && i < sizeof columns / sizeof *columns; i++)
        if (!compare_column(compare, columns[i]))
            return false;
    if (!compare->differences || sl_error(ctx)) {
        cli_failed(command, ctx);
        return false;
    }
    compare->same_start = compare_same(compare, "start_digest", &compare->start);
    compare->same_data = compare_same(compare, "data_digest", &data);
    return true;
}

void cli_compare_close(cli_compare *compare)
{
    for (int i = 0; i < compare->columns; i++)
        free(compare->column[i].value);
    sl_differences_free(compare->differences);
    *compare = (cli_compare){ 0 };
}

const char *cli_compare_cell(const cli_compare_column *column, int run, bool interval, char text[96])
{
    const double value = column->value[run], low = column->low[run], high = column->high[run];
    const cli_figure figure = column->share                         ? cli_percent(value)
                              : strcmp(column->key, "epochs") == 0  ? cli_count(value)
                              : strcmp(column->key, "seconds") == 0 ? cli_fixed(value, 2)
                                                                    : cli_rounded(value);
    snprintf(text, 96, "%s", value == value ? figure.text : "-");
    if (interval && low == low && high == high) {
        const cli_figure from = column->share ? cli_fixed(low * 100, 2) : cli_rounded(low),
                         to = column->share ? cli_percent(high) : cli_rounded(high);
        snprintf(text + strlen(text), 96 - strlen(text), " (%s..%s)", from.text, to.text);
    }
    return text;
}

static void compare_say(char *text, size_t room, const char *sentence)
{
    const size_t length = strlen(text);
    if (length < room)
        snprintf(text + length, room - length, "%s\n", sentence);
}

/* The best run and the others: do their 95 % intervals overlap? Rows are the same, so this errs on the side
 * of caution. */
static void compare_overlap(const cli_compare *compare, const cli_compare_column *c, char *text, size_t room)
{
    char sentence[320], name[64], cell[96];
    int within = 0, known = 0;
    for (int i = 0; i < compare->count && c->best >= 0; i++) {
        if (i == c->best || c->low[i] != c->low[i] || c->low[c->best] != c->low[c->best])
            continue;
        known++;
        within += c->more ? c->high[i] >= c->low[c->best] : c->low[i] <= c->high[c->best];
    }
    if (!known)
        return;
    char others[96];
    if (known == 1)
        snprintf(others, sizeof others, "its 95 %% interval and the other run's %s",
                 within ? "overlap" : "lie apart");
    else
        snprintf(others, sizeof others, "the 95 %% intervals of %d of the %d other runs overlap with its own",
                 within, known);
    snprintf(sentence, sizeof sentence, "Best %s: %s, %s; %s%s.", c->name,
             cli_run_name(compare->runs[c->best], name), cli_compare_cell(c, c->best, true, cell), others,
             within ? ", so rows drawn anew could order those otherwise" : "");
    compare_say(text, room, sentence);
}

void cli_compare_remarks(const cli_compare *compare, char *text, size_t room)
{
    char sentence[160];
    text[0] = 0;
    if (compare->same_start)
        snprintf(sentence, sizeof sentence, "All began with the same weights: digest %s.", compare->start);
    else
        snprintf(sentence, sizeof sentence, "They began with different weights.");
    compare_say(text, room, sentence);
    compare_say(text, room,
                compare->same_data ? "All were trained on the same data, by its digest."
                                   : "They were not trained on the same data.");
    for (int i = 0; i < compare->columns; i++)
        compare_overlap(compare, &compare->column[i], text, room);
}
