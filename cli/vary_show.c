/* vary_show.c - the table of settings, the lines of single trainings, and the sentences below. */
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

static void show_cell(const cli_vary *vary, const cli_vary_setting *s, show_column column, char text[96])
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
        figure = cli_fixed(s->seconds.mean, 2);
        break;
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

static bool show_has(const cli_vary *vary, show_column column)
{
    return column == SHOW_TEST                           ? vary->tested
           : column == SHOW_NOISE                        ? vary->noisy
           : column == SHOW_BEST || column == SHOW_WORST ? vary->seeds > 1
                                                         : true;
}

static void show_fill(const cli_vary *vary, cli_table *table, int rank)
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
                show_cell(vary, s, (show_column)c, text);
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

static void show_table(const cli_vary *vary)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    cli_table table;
    int rank = 0, dropped = 0;
    for (;; rank++, cli_table_free(&table)) {
        show_fill(vary, &table, rank);
        if (cli_table_width(&table, 0, 2) <= terminal.width || rank == 8)
            break;
    }
    for (int c = 0; c < SHOW_COLUMNS; c++)
        dropped += show_has(vary, (show_column)c) && show_rank[c] < rank;
    cli_table_print(&table, stdout, 0, 2, &terminal);
    cli_table_free(&table);
    if (dropped)
        printf("(%d column%s more in a wider terminal, with --json or --csv FILE)\n", dropped,
               dropped == 1 ? "" : "s");
}

/* --- single trainings
 * --------------------------------------------------------------------------------------- */

static void show_each_row(const cli_vary *vary, int setting, int seed, cli_table *table)
{
    const cli_vary_one *one = setting < 0 ? NULL : cli_vary_run_at(vary, setting, seed);
    char text[96], digest[32];
    double value;
    if (vary->varied)
        show_setting(vary, setting < 0 ? NULL : &vary->setting[setting], table);
    snprintf(text, sizeof text, "%llu", (unsigned long long)(one ? one->seed : 0));
    cli_table_cell(table, one ? text : "seed");
    for (int a = 0; a < vary->answers; a++)
        cli_table_cell(table, !one               ? vary->answer_name[a]
                              : a < one->answers ? cli_fixed(one->answer[a], 4).text
                                                 : "-");
    const char *parts[] = { "train", "validation", "test" };
    for (int p = 0; p < 3; p++) {
        if ((p == 1 && strcmp(vary->by, "validation")) || (p == 2 && !vary->tested))
            continue;
        snprintf(text, sizeof text, "%s %s", parts[p], vary->metric);
        if (one && cli_vary_number(one, parts[p], vary->metric, &value))
            snprintf(text, sizeof text, "%s%s", show_value(vary, value).text, vary->share ? " %" : "");
        else if (one)
            snprintf(text, sizeof text, one->diverged ? "diverged" : "-");
        cli_table_cell(table, text);
    }
    if (one)
        snprintf(text, sizeof text, "%s",
                 cli_vary_number(one, "train", "loss", &value) ? cli_rounded(value).text : "-");
    cli_table_cell(table, one ? text : "train loss");
    const bool known = one && one->result && cli_json_find(one->result, "digest", digest, sizeof digest);
    cli_table_cell(table, !one ? "digest" : known ? digest : "-");
}

static void show_each(const cli_vary *vary)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int names = vary->varied ? show_names(vary) : 0;
    cli_table table;
    cli_table_begin(&table, names + 4 + vary->answers + !strcmp(vary->by, "validation") + vary->tested,
                    names > 1 ? "llr"
                    : names   ? "lr"
                              : "r");
    show_each_row(vary, -1, 0, &table);
    for (int i = 0; i < vary->count; i++)
        for (int s = 0; s < vary->seeds; s++)
            if (cli_vary_run_at(vary, i, s)->result || cli_vary_run_at(vary, i, s)->diverged)
                show_each_row(vary, i, s, &table);
    cli_table_print(&table, stdout, 0, 2, &terminal);
    cli_table_free(&table);
    putchar('\n');
}

static void show_answers(const cli_vary *vary, int width)
{
    double low = INFINITY, high = -INFINITY;
    char text[512];
    int runs = 0;
    for (int i = 0; i < vary->count * vary->seeds; i++) {
        const cli_vary_one *one = &vary->run[i];
        if (!one->answers)
            continue;
        low = one->answer[0] < low ? one->answer[0] : low;
        high = one->answer[0] > high ? one->answer[0] : high;
        runs++;
    }
    if (!runs)
        return;
    snprintf(text, sizeof text, "At %s the %d nets answer %s from %s to %s. %s", vary->settings->at, runs,
             vary->answer_name[0], cli_fixed(low, 4).text, cli_fixed(high, 4).text, vary->near);
    cli_help_text(stdout, text, 0, width);
}

/* --- sentences
 * ------------------------------------------------------------------------------------------------ */

static void show_verdict(const cli_vary *vary, int width)
{
    char text[2048], name[512];
    size_t length = 0;
    int within = 0, judged = 0;
    const cli_vary_setting *best = NULL;
    const bool validated = !strcmp(vary->by, "validation");
    for (int i = 0; i < vary->count; i++) {
        best = vary->setting[i].best ? &vary->setting[i] : best;
        within += vary->setting[i].within;
        judged += vary->setting[i].judged;
    }
    if (!best && vary->count == 1) /* nothing to choose from */
        return;
    if (!best) {
        cli_help_text(stdout,
                      "No setting has been trained with every seed that was tried: there is no best one.", 0,
                      width);
        return;
    }
    if (judged < 2)
        return;
    cli_vary_name(vary, best, name, sizeof name);
    length = (size_t)snprintf(text, sizeof text, "* best by %s %s%s: %s.", vary->by,
                              validated ? vary->metric : "loss",
                              validated ? "" : ", as no row validates (the test rows choose nothing)", name);
    if (vary->seeds < 2)
        length +=
            (size_t)snprintf(text + length, sizeof text - length,
                             " One seed has no spread: --seeds 3 or more tells a difference from chance.");
    else if (within)
        length +=
            (size_t)snprintf(text + length, sizeof text - length,
                             " = %d of the %d others %s within the spread of it: the means are no farther "
                             "apart than the larger deviation over the seeds, so other seeds may order "
                             "them otherwise.",
                             within, judged - 1, within == 1 ? "is" : "are");
    else
        length +=
            (size_t)snprintf(text + length, sizeof text - length, " No other is within the spread of it.");
    if (length < sizeof text)
        snprintf(text + length, sizeof text - length,
                 " + none is better and as quick: the choice between quality "
                 "and seconds.");
    cli_help_text(stdout, text, 0, width);
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

static void show_nets(const cli_vary *vary, int width)
{
    cli_train_settings train;
    char net[CLI_VARY_NET], text[CLI_VARY_NET + 64];
    if (!vary->settings->list.hidden && !vary->settings->list.dropout)
        return;
    if (cli_vary_settle(vary, &vary->setting[0], &train, net) == CLI_GO_ON) {
        snprintf(text, sizeof text, "The net of the first: --net \"%s\".", train.net);
        cli_help_text(stdout, text, 0, width);
    }
}

void cli_vary_show(const cli_vary *vary)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    char text[4096];
    if (vary->settings->each || vary->settings->at)
        show_each(vary);
    show_base(vary, terminal.width);
    show_table(vary);
    if (vary->settings->at)
        show_answers(vary, terminal.width);
    show_verdict(vary, terminal.width);
    if (vary->noisy)
        cli_help_text(
            stdout,
            "noise: how far a step's loss strays from that of the step before, over the square root of "
            "2, in the second half of the steps; a stand-in for the noise of the gradient, which is "
            "not recorded step by step.",
            0, terminal.width);
    show_nets(vary, terminal.width);
    cli_vary_starts(vary, text, sizeof text);
    cli_help_text(stdout, text, 0, terminal.width);
    snprintf(
        text, sizeof text,
        "%s%d seed%s from %llu: a seed draws weights, order and validation rows, for every setting the same.",
        vary->seeds > 1 ? "The figures are means and deviations over " : "", vary->seeds,
        vary->seeds == 1 ? "" : "s", (unsigned long long)vary->first_seed);
    cli_help_text(stdout, text, 0, terminal.width);
}
