/* descend_show.c - what came of walks, for people and for programs: see descend.h. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "descend.h"
#include "help.h"
#include "terminal.h"

enum { SHOW_ROWS = 30, SHOW_FIRST = 14, SHOW_LAST = 8 };

cli_figure cli_descend_number(double value)
{
    const double size = fabs(value);
    if (value == 0)
        return cli_fixed(0, 6);
    if (value != value || size < 0.0001 || size >= 100000)
        return cli_rounded(value);
    return cli_fixed(value, size < 10 ? 6 : size < 100 ? 5 : size < 1000 ? 4 : size < 10000 ? 3 : 2);
}

static const char *show_place(char text[160], const double at[2], int dims)
{
    if (dims == 1)
        snprintf(text, 160, "x = %s", cli_rounded(at[0]).text);
    else
        snprintf(text, 160, "x = %s, y = %s", cli_rounded(at[0]).text, cli_rounded(at[1]).text);
    return text;
}

/* --- sentences -------------------------------------------------------------------------------------- */

typedef struct { /* a sentence a line */
    char text[2400];
} show_text;

static void show_say(show_text *said, const char *format, ...) CLI_PRINTF(2, 3);
static void show_say(show_text *said, const char *format, ...)
{
    const size_t length = strlen(said->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said->text + length, sizeof said->text - length, format, arguments);
    va_end(arguments);
}

/* A number that somebody chose, as he wrote it where that is short. */
static cli_figure show_given(double value)
{
    cli_figure figure;
    sl_number_text(figure.text, value);
    return strlen(figure.text) <= 8 ? figure : cli_rounded(value);
}

static void show_ended(show_text *said, const sl_descent_facts *facts, double stop)
{
    const cli_figure steps = cli_count(facts->steps);
    if (!strcmp(facts->ended, "stop"))
        show_say(said, "Stops after %s steps: the last one was %s long, not longer than %s.\n", steps.text,
                 cli_rounded(facts->last).text, show_given(stop).text);
    else if (!strcmp(facts->ended, "converged"))
        show_say(said, "Ends after %s steps, with nothing more to gain.\n", steps.text);
    else if (!strcmp(facts->ended, "diverged"))
        show_say(said, "Diverges: after %s steps it is out of all bounds.\n", steps.text);
    else if (stop > 0)
        show_say(said, "After %s steps the last one is %s long, still longer than %s.\n", steps.text,
                 cli_rounded(facts->last).text, show_given(stop).text);
}

static void show_end(show_text *said, const sl_descent_facts *facts, int dims)
{
    char at[160], valley[160];
    show_place(at, facts->end, dims);
    const bool minimum = !strcmp(facts->place, "minimum");
    const cli_figure curvature = cli_rounded(facts->largest);
    if (minimum)
        show_say(said, "Ends at a minimum, %s: f = %s, curvature %s.", at,
                 cli_descend_number(facts->value).text, curvature.text);
    else if (!strcmp(facts->place, "maximum"))
        show_say(said, "Ends at a maximum, %s: the gradient is 0, the curvature %s.", at, curvature.text);
    else if (!strcmp(facts->place, "saddle"))
        show_say(said, "Ends at a saddle point, %s: the gradient is 0, the curvatures are %s and %s.", at,
                 cli_rounded(facts->least).text, curvature.text);
    else if (!strcmp(facts->place, "flat"))
        show_say(said, "Ends where the gradient is 0 and a curvature is too, %s: f = %s.", at,
                 cli_descend_number(facts->value).text);
    else if (!strcmp(facts->place, "slope"))
        show_say(said, "Ends at %s, where the gradient is still %s.", at, cli_rounded(facts->slope).text);
    if (facts->has_valley && !minimum)
        show_say(said, " Downhill from there lies the minimum %s, f = %s.",
                 show_place(valley, facts->valley, dims), cli_descend_number(facts->valley_value).text);
    if (facts->has_valley && facts->knows_global)
        show_say(said, facts->global ? " That is the global one." : " The global one lies elsewhere.");
    show_say(said, "\n");
}

static void show_steps(show_text *said, const sl_descent_facts *facts, int dims)
{
    char at[160], other[160];
    if (facts->bounces)
        show_say(said, "Goes to and fro between %s and %s.\n", show_place(at, facts->bounce[1], dims),
                 show_place(other, facts->bounce[0], dims));
    if (facts->plain && facts->has_valley && facts->lr > facts->limit) {
        show_say(said,
                 "Step size %s is above 2/curvature = %s at %s: near there each step leads farther away. It "
                 "arrives with a smaller one.\n",
                 show_given(facts->lr).text, cli_rounded(facts->limit).text,
                 show_place(at, facts->valley, dims));
        return;
    }
    if (!facts->rise)
        return;
    show_say(said, "Step %d leads upwards, f from %s to %s", facts->rise,
             cli_descend_number(facts->rise_before).text, cli_descend_number(facts->rise_after).text);
    if (facts->rise_limit > 0 && facts->rise_lr > facts->rise_limit)
        show_say(said, ": step size %s is above 2/curvature = %s at %s", show_given(facts->rise_lr).text,
                 cli_rounded(facts->rise_limit).text, show_place(at, facts->rise_at, dims));
    show_say(said, ".\n");
}

static void show_chord(show_text *said, const sl_descent_facts *facts, int dims)
{
    char at[160], one[160], other[160];
    if (!facts->bent) {
        show_say(said, "Convex as far as was walked: no chord between such places runs below f.\n");
        return;
    }
    show_say(said, "f is not convex: at %s it is %s, above %s, which the chord from %s to %s has there.\n",
             show_place(at, facts->chord_at, dims), cli_rounded(facts->curve_value).text,
             cli_rounded(facts->chord_value).text, show_place(one, facts->chord[0], dims),
             show_place(other, facts->chord[1], dims));
}

/* --- tables ----------------------------------------------------------------------------------------- */

static const char *const show_heads[2][9] = { { "step", "x", "f", "f'", NULL, "lr", "f''" },
                                              { "step", "x", "y", "f", "df/dx", "df/dy", "|gradient|", "lr",
                                                "curvature" } };

static bool show_path(const sl_descent *descent, int dims, const cli_terminal *terminal)
{
    const sl_report *path = sl_descent_path(descent);
    const int rows = sl_report_rows(path), columns = sl_report_columns(path);
    cli_table table;
    cli_table_begin(&table, dims == 1 ? columns - 1 : columns, "r");
    for (int c = 0; c < columns; c++)
        if (show_heads[dims - 1][c])
            cli_table_cell(&table, show_heads[dims - 1][c]);
    for (int i = 0; i < rows; i++) {
        const bool gap = rows > SHOW_ROWS && i == SHOW_FIRST;
        if (gap)
            i = rows - SHOW_LAST;
        for (int c = 0; c < columns && gap; c++)
            if (show_heads[dims - 1][c])
                cli_table_cell(&table, "..");
        for (int c = 0; c < columns; c++) {
            const char *name = sl_report_column(path, c);
            const double value = sl_report_at(path, i, name);
            if (!show_heads[dims - 1][c])
                continue;
            cli_table_cell(&table, !c                    ? cli_count(value).text
                                   : value != value      ? ""
                                   : !strcmp(name, "lr") ? cli_rounded(value).text
                                                         : cli_descend_number(value).text);
        }
    }
    const bool done = cli_table_print(&table, stdout, 0, 2, terminal);
    cli_table_free(&table);
    return done;
}

static bool show_several(const descend_plan *plan, sl_descent *const *descents, int dims,
                         const cli_terminal *terminal)
{
    static const char *const heads[] = { "walk", "steps", "x", "y", "f", "|gradient|", "ends" };
    cli_table table;
    cli_table_begin(&table, dims == 1 ? 6 : 7, dims == 1 ? "lrrrrl" : "lrrrrrl");
    for (int c = 0; c < 7; c++)
        if (c != 3 || dims == 2)
            cli_table_cell(&table, heads[c]);
    for (int i = 0; i < plan->count; i++) {
        const sl_descent_facts *facts = sl_descent_found(descents[i]);
        const bool away = !strcmp(facts->place, "away");
        char place[80];
        snprintf(place, sizeof place, "%s%s%s",
                 away                             ? "diverges"
                 : facts->bounces                 ? "to and fro"
                 : !strcmp(facts->place, "slope") ? "on the way"
                                                  : facts->place,
                 facts->has_valley && facts->knows_global && facts->global ? ", global valley" : "",
                 !strcmp(facts->ended, "stop") ? ", stopped" : "");
        cli_table_cell(&table, plan->walks[i].label);
        cli_table_cell(&table, cli_count(facts->steps).text);
        for (int axis = 0; axis < dims; axis++)
            cli_table_cell(&table, cli_descend_number(facts->end[axis]).text);
        cli_table_cell(&table, cli_descend_number(facts->value).text);
        cli_table_cell(&table, cli_rounded(facts->slope).text);
        cli_table_cell(&table, place);
    }
    const bool done = cli_table_print(&table, stdout, 0, 2, terminal);
    cli_table_free(&table);
    return done;
}

static void show_title(const sl_function *function)
{
    const char *name = sl_function_name(function), *formula = sl_function_formula(function);
    if (strcmp(name, formula) != 0) {
        cli_put_clean(stdout, name);
        printf(": ");
    }
    printf("f = ");
    cli_put_clean(stdout, formula);
    printf("\n\n");
}

bool cli_descend_show(sl_function *function, const descend_settings *settings, const descend_plan *plan,
                      sl_descent *const *descents)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int dims = sl_function_variables(function);
    show_title(function);
    if (plan->count > 1)
        return show_several(plan, descents, dims, &terminal);
    if (!show_path(descents[0], dims, &terminal))
        return false;
    const sl_descent_facts *facts = sl_descent_found(descents[0]);
    show_text said = { "" };
    show_ended(&said, facts, settings->stop);
    if (strcmp(facts->place, "away") != 0)
        show_end(&said, facts, dims);
    show_steps(&said, facts, dims);
    show_chord(&said, facts, dims);
    printf("\n");
    cli_help_text(stdout, said.text, 0, terminal.width > 100 ? 100 : terminal.width);
    return true;
}

bool cli_descend_shares(const descend_settings *settings, sl_function *function, const descend_plan *plan,
                        const sl_descend_share *shares)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const bool named = plan->walks[0].label[0];
    double minima[4][2];
    char at[160];
    const int count = sl_function_lowest(function, minima), dims = sl_function_variables(function);
    show_title(function);
    printf("%s walks, from places drawn evenly from the range; global %s", cli_count(settings->starts).text,
           count > 1 ? "minima" : "minimum");
    for (int i = 0; i < count; i++)
        printf("%s %s", i ? ";" : "", show_place(at, minima[i], dims));
    printf("\n\n");
    cli_table table;
    cli_table_begin(&table, named ? 4 : 3, named ? "lr" : "r");
    if (named)
        cli_table_cell(&table, "walk");
    cli_table_cell(&table, "arrived");
    cli_table_cell(&table, "in its valley");
    cli_table_cell(&table, "diverged");
    for (int i = 0; i < plan->count; i++) {
        const double all = shares[i].starts;
        if (named)
            cli_table_cell(&table, plan->walks[i].label);
        cli_table_cell(&table, cli_percent(shares[i].arrived / all).text);
        cli_table_cell(&table, cli_percent(shares[i].valley / all).text);
        cli_table_cell(&table, cli_percent(shares[i].diverged / all).text);
    }
    const bool done = cli_table_print(&table, stdout, 0, 3, &terminal);
    cli_table_free(&table);
    printf(
        "\nArrived: the end lies within 1 %% of the range's width of a global minimum. In its valley: from "
        "the end\nthe way downhill leads there.\n");
    return done;
}
