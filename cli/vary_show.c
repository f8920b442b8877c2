/* vary_show.c - the table of settings, and the lines of single trainings. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "terminal.h"
#include "vary.h"

/* In this order; where the terminal is too narrow those with the smallest rank go first. */
typedef enum {
    SHOW_MERIT,
    SHOW_BEST,
    SHOW_WORST,
    SHOW_TEST,
    SHOW_LOSS,
    SHOW_NOISE,
    SHOW_SECONDS,
    SHOW_EPOCHS,
    SHOW_STEPS,
    SHOW_DIGESTS,
    SHOW_COLUMNS
} show_column;
static const int show_rank[SHOW_COLUMNS] = { 99, 3, 3, 99, 6, 7, 5, 2, 1, 0 };

static cli_figure show_value(const cli_vary *vary, double value)
{
    return vary->share ? cli_fixed(value * 100, 2) : cli_rounded(value);
}

static void show_spread(const cli_vary *vary, const cli_vary_spread *spread, char text[96])
{
    if (!spread->runs) {
        snprintf(text, 96, "-");
        return;
    }
    snprintf(text, 96, "%s", show_value(vary, spread->mean).text);
    if (spread->runs > 1)
        snprintf(text + strlen(text), 96 - strlen(text), cli_unicode() ? " ± %s" : " +- %s",
                 show_value(vary, spread->deviation).text);
    strcat(text, vary->share ? " %" : "");
}

static const cli_vary_spread *show_merit(const cli_vary *vary, const cli_vary_setting *s)
{
    return !strcmp(vary->by, "validation") ? &s->validation : &s->train;
}

static void show_head(const cli_vary *vary, show_column column, char text[96])
{
    static const char *const heads[SHOW_COLUMNS] = { NULL,    "best", "worst",  NULL,    "train loss",
                                                     "noise", "s",    "epochs", "steps", "digests" };
    if (heads[column])
        snprintf(text, 96, "%s", heads[column]);
    else
        snprintf(text, 96, "%s %s", column == SHOW_TEST ? "test" : vary->by, vary->metric);
    for (char *at = text; *at; at++)
        *at = *at == '_' ? ' ' : *at;
}

/* Below 0.1 s with three figures as "8.21ms": quick trainings differ there; "8ms" where that would cost a
 * column. Six columns at least, or four, so that how quick the machine is does not say which columns fit. */
static void show_seconds(double seconds, int figures, char text[96])
{
    const double ms = seconds * 1000;
    const size_t width = (size_t)figures + 3;
    if (seconds < (figures == 3 ? 0.09995 : 0.0995))
        snprintf(text, 96, "%sms",
                 cli_fixed(ms, figures - (ms < (figures == 3 ? 9.995 : 9.95) || figures < 2 ? 1 : 2)).text);
    else
        snprintf(text, 96, "%s", cli_fixed(seconds, 2).text);
    const size_t length = strlen(text);
    if (length < width) {
        memmove(text + width - length, text, length + 1);
        memset(text, ' ', width - length);
    }
}

static void show_cell(const cli_vary *vary, const cli_vary_setting *s, show_column column, int figures,
                      char text[96])
{
    const cli_vary_spread *merit = show_merit(vary, s);
    const int shown = merit->runs;
    cli_figure figure = { "-" };
    switch (column) {
    case SHOW_MERIT:
        show_spread(vary, merit, text);
        if (s->diverged)
            snprintf(text, 96, s->done ? "diverged %d of %d" : "diverged", s->diverged,
                     s->done + s->diverged);
        return;
    case SHOW_TEST:
        show_spread(vary, &s->test, text);
        return;
    case SHOW_BEST:
    case SHOW_WORST:
        figure = show_value(vary, shown ? column == SHOW_BEST ? merit->best : merit->worst : NAN);
        break;
    case SHOW_LOSS:
        figure = cli_rounded(s->train_loss.mean);
        break;
    case SHOW_NOISE:
        figure = cli_rounded(s->noise.mean);
        break;
    case SHOW_SECONDS:
        show_seconds(s->seconds.mean, figures, text);
        return;
    case SHOW_EPOCHS:
    case SHOW_STEPS:
        figure = cli_count(column == SHOW_EPOCHS ? s->epochs.mean : s->steps.mean);
        break;
    case SHOW_DIGESTS:
        figure = cli_count(s->digests);
        break;
    case SHOW_COLUMNS:
        break;
    }
    snprintf(text, 96, "%s", figure.text);
}

/* How many columns say which setting it is: of a grid each factor has its own. */
static int show_names(const cli_vary *vary)
{
    return vary->settings->grid && vary->varied ? vary->varied : 1;
}

static void show_setting(const cli_vary *vary, const cli_vary_setting *s, cli_table *table)
{
    char text[512];
    for (int f = 0; f < vary->factors && show_names(vary) > 0; f++)
        if (vary->factor[f].count > 1 && (vary->settings->grid || vary->varied == 1))
            cli_table_cell(table, s ? vary->factor[f].text[s->at[f]] : vary->factor[f].option->name);
    if (!vary->varied)
        cli_table_cell(table, s ? "as given" : "setting");
    else if (!vary->settings->grid && vary->varied > 1)
        cli_table_cell(table, !s               ? "setting"
                              : s->changed < 0 ? "base"
                                               : cli_vary_name(vary, s, text, sizeof text));
}

/* Settings are compared by the train loss, which then has its column. */
static bool show_train_loss(const cli_vary *vary)
{
    return strcmp(vary->by, "validation") && !strcmp(vary->metric, "loss");
}

static bool show_has(const cli_vary *vary, show_column column)
{
    return column == SHOW_TEST                           ? vary->tested
           : column == SHOW_LOSS                         ? !show_train_loss(vary)
           : column == SHOW_NOISE                        ? vary->noisy
           : column == SHOW_BEST || column == SHOW_WORST ? vary->seeds > 1
                                                         : true;
}

static void show_fill(const cli_vary *vary, cli_table *table, int rank, int figures)
{
    char text[96];
    int columns = show_names(vary) + 1;
    for (int c = 0; c < SHOW_COLUMNS; c++)
        columns += show_has(vary, (show_column)c) && show_rank[c] >= rank;
    cli_table_begin(table, columns, show_names(vary) > 1 ? "llr" : "lr");
    for (int i = -1; i < vary->count; i++) {
        const cli_vary_setting *s = i < 0 ? NULL : &vary->setting[i];
        if (s && !s->done && !s->diverged)
            continue;
        show_setting(vary, s, table);
        for (int c = 0; c < SHOW_COLUMNS; c++) {
            if (!show_has(vary, (show_column)c) || show_rank[c] < rank)
                continue;
            if (s)
                show_cell(vary, s, (show_column)c, figures, text);
            else
                show_head(vary, (show_column)c, text);
            cli_table_cell(table, text);
        }
        snprintf(text, sizeof text, "%s%s",
                 !s          ? ""
                 : s->best   ? "*"
                 : s->within ? "="
                             : " ",
                 s && s->pareto ? "+" : " ");
        cli_table_cell(table, s ? text : "");
    }
}

static void show_dropped(int dropped)
{
    if (dropped)
        printf("(%d column%s more in a wider terminal, with --json or --csv FILE)\n", dropped,
               dropped == 1 ? "" : "s");
}

static void show_table(const cli_vary *vary)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    cli_table table;
    int rank = 0, dropped = 0;
    for (int figures = 3;; cli_table_free(&table)) {
        show_fill(vary, &table, rank, figures);
        if (cli_table_width(&table, 0, 2) <= terminal.width || rank == 8)
            break;
        figures = figures > 1 ? figures - 1 : 3;
        rank += figures == 3;
    }
    for (int c = 0; c < SHOW_COLUMNS; c++)
        dropped += show_has(vary, (show_column)c) && show_rank[c] < rank;
    cli_table_print(&table, stdout, 0, 2, &terminal);
    cli_table_free(&table);
    show_dropped(dropped);
}

/* --- single trainings
 * --------------------------------------------------------------------------------------- */

/* What a line may have behind setting and seed. Where the terminal is too narrow those that are named later
 * here go first, and answers from the last one on. */
enum { EACH_VALIDATION, EACH_TEST, EACH_TRAIN, EACH_LOSS, EACH_DIGEST, EACH_COLUMNS };

static bool show_each_has(const cli_vary *vary, int column)
{
    return column == EACH_VALIDATION ? !strcmp(vary->by, "validation")
           : column == EACH_TEST     ? vary->tested
           : column == EACH_LOSS     ? strcmp(vary->metric, "loss") != 0
                                     : true;
}

static void show_each_cell(const cli_vary *vary, const cli_vary_one *one, int column, char text[96])
{
    static const char *const parts[] = { "validation", "test", "train" };
    double value;
    if (column == EACH_DIGEST) {
        const bool known = one && one->result && cli_json_find(one->result, "digest", text, 96);
        if (!known)
            snprintf(text, 96, one ? "-" : "digest");
    } else if (column == EACH_LOSS) {
        const bool known = one && cli_vary_number(one, "train", "loss", &value);
        snprintf(text, 96, "%s", known ? cli_rounded(value).text : one ? "-" : "train loss");
    } else if (!one) {
        snprintf(text, 96, "%s %s", parts[column], vary->metric);
    } else if (cli_vary_number(one, parts[column], vary->metric, &value)) {
        snprintf(text, 96, "%s%s", show_value(vary, value).text, vary->share ? " %" : "");
    } else {
        snprintf(text, 96, one->diverged ? "diverged" : "-");
    }
}

/* setting -1: the heads. columns, answers: how many of these are shown. */
static void show_each_row(const cli_vary *vary, int setting, int seed, cli_table *table, int columns,
                          int answers)
{
    static const int order[] = { EACH_TRAIN, EACH_VALIDATION, EACH_TEST, EACH_LOSS, EACH_DIGEST };
    const cli_vary_one *one = setting < 0 ? NULL : cli_vary_run_at(vary, setting, seed);
    char text[96];
    if (vary->varied)
        show_setting(vary, setting < 0 ? NULL : &vary->setting[setting], table);
    snprintf(text, sizeof text, "%llu", (unsigned long long)(one ? one->seed : 0));
    cli_table_cell(table, one ? text : "seed");
    for (int a = 0; a < answers; a++)
        cli_table_cell(table, !one               ? vary->answer_name[a]
                              : a < one->answers ? cli_fixed(one->answer[a], 4).text
                                                 : "-");
    for (int c = 0; c < EACH_COLUMNS; c++)
        if (order[c] < columns && show_each_has(vary, order[c])) {
            show_each_cell(vary, one, order[c], text);
            cli_table_cell(table, text);
        }
}

static void show_each_fill(const cli_vary *vary, cli_table *table, int columns, int answers)
{
    const int names = vary->varied ? show_names(vary) : 0;
    int count = names + 1 + answers;
    for (int c = 0; c < columns; c++)
        count += show_each_has(vary, c);
    cli_table_begin(table, count, names > 1 ? "llr" : names ? "lr" : "r");
    show_each_row(vary, -1, 0, table, columns, answers);
    for (int i = 0; i < vary->count; i++)
        for (int s = 0; s < vary->seeds; s++)
            if (cli_vary_run_at(vary, i, s)->result || cli_vary_run_at(vary, i, s)->diverged)
                show_each_row(vary, i, s, table, columns, answers);
}

static void show_each(const cli_vary *vary)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    int columns = EACH_COLUMNS, answers = vary->answers, dropped = 0;
    cli_table table;
    for (;; cli_table_free(&table)) {
        show_each_fill(vary, &table, columns, answers);
        if (cli_table_width(&table, 0, 2) <= terminal.width || (!columns && answers <= 1))
            break;
        if (columns)
            dropped += show_each_has(vary, --columns);
        else
            answers--, dropped++;
    }
    cli_table_print(&table, stdout, 0, 2, &terminal);
    cli_table_free(&table);
    show_dropped(dropped);
    putchar('\n');
}

static void show_base(const cli_vary *vary, int width)
{
    char text[1024], name[900];
    if (vary->settings->grid || vary->varied < 2)
        return;
    cli_vary_name(vary, &vary->setting[0], name, sizeof name);
    snprintf(text, sizeof text, "base: %s; below one of these at a time", name);
    cli_help_text(stdout, text, 0, width);
}

void cli_vary_show(const cli_vary *vary)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (vary->settings->each || vary->settings->at)
        show_each(vary);
    show_base(vary, terminal.width);
    show_table(vary);
    cli_vary_say(vary, terminal.width);
}
