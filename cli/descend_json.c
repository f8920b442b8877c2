/* descend_json.c - walks for programs: see descend.h. */
#include <math.h>
#include <string.h>

#include "descend.h"

static void json_key(const char *key, bool first)
{
    printf("%s\"%s\": ", first ? "" : ", ", key);
}

static void json_place(const double at[2], int dims)
{
    putchar('[');
    cli_json_number(stdout, at[0]);
    if (dims > 1) {
        fputs(", ", stdout);
        cli_json_number(stdout, at[1]);
    }
    putchar(']');
}

static void json_number(const char *key, double value)
{
    json_key(key, false);
    cli_json_number(stdout, value);
}

static void json_facts(const sl_descent_facts *facts, int dims)
{
    json_key("ended", false);
    cli_json_string(stdout, facts->ended);
    json_number("steps", facts->steps);
    json_key("end", false);
    json_place(facts->end, dims);
    json_number("f", facts->value);
    json_number("slope", facts->slope);
    json_key("place", false);
    cli_json_string(stdout, facts->place);
    json_key("curvatures", false);
    json_place((const double[]){ facts->least, facts->largest }, 2);
    json_key("valley", false);
    if (facts->has_valley)
        json_place(facts->valley, dims);
    else
        fputs("null", stdout);
    json_number("limit", facts->has_valley ? facts->limit : NAN);
    json_key("global", false);
    fputs(!facts->knows_global ? "null" : facts->global ? "true" : "false", stdout);
    json_key("bounce", false);
    if (facts->bounces) {
        putchar('[');
        json_place(facts->bounce[0], dims);
        fputs(", ", stdout);
        json_place(facts->bounce[1], dims);
        putchar(']');
    } else {
        fputs("null", stdout);
    }
    json_number("rise", facts->rise ? (double)facts->rise : NAN);
    json_key("chord", false);
    if (facts->bent) {
        putchar('[');
        json_place(facts->chord[0], dims);
        fputs(", ", stdout);
        json_place(facts->chord[1], dims);
        putchar(']');
    } else {
        fputs("null", stdout);
    }
}

static void json_path(const sl_report *path)
{
    for (int c = 0; c < sl_report_columns(path); c++) {
        const char *name = sl_report_column(path, c);
        json_key(name, !c);
        putchar('[');
        for (int i = 0; i < sl_report_rows(path); i++) {
            fputs(i ? ", " : "", stdout);
            cli_json_number(stdout, sl_report_at(path, i, name));
        }
        putchar(']');
    }
}

static void json_walk(const descend_walk *walk, double lr)
{
    json_key("optimizer", true);
    cli_json_string(stdout, walk->optimizer);
    json_number("lr", walk->lr > 0 ? walk->lr : lr);
    json_number("noise", walk->noise);
}

static void json_function(const sl_function *function)
{
    printf("{");
    json_key("function", true);
    cli_json_string(stdout, sl_function_name(function));
    json_key("formula", false);
    cli_json_string(stdout, sl_function_formula(function));
}

void cli_descend_json(sl_function *function, const descend_plan *plan, sl_descent *const *descents)
{
    json_function(function);
    json_key("walks", false);
    putchar('[');
    for (int i = 0; i < plan->count; i++) {
        const sl_report *path = sl_descent_path(descents[i]);
        fputs(i ? ", {" : "{", stdout);
        json_walk(&plan->walks[i], sl_report_at(path, 0, "lr"));
        json_facts(sl_descent_found(descents[i]), sl_function_variables(function));
        json_key("path", false);
        putchar('{');
        json_path(path);
        fputs("}}", stdout);
    }
    puts("]}");
}

void cli_descend_json_shares(sl_function *function, const descend_plan *plan, const sl_descend_share *shares)
{
    double start[2], lr;
    sl_function_start(function, start, &lr);
    json_function(function);
    json_key("walks", false);
    putchar('[');
    for (int i = 0; i < plan->count; i++) {
        fputs(i ? ", {" : "{", stdout);
        json_walk(&plan->walks[i], lr);
        json_number("starts", shares[i].starts);
        json_number("arrived", shares[i].arrived);
        json_number("valley", shares[i].valley);
        json_number("diverged", shares[i].diverged);
        putchar('}');
    }
    puts("]}");
}

void cli_descend_csv(const descend_plan *plan, sl_descent *const *descents)
{
    const sl_report *first = sl_descent_path(descents[0]);
    printf("walk");
    for (int c = 0; c < sl_report_columns(first); c++)
        printf(",%s", sl_report_column(first, c));
    printf("\n");
    for (int i = 0; i < plan->count; i++) {
        const sl_report *path = sl_descent_path(descents[i]);
        for (int row = 0; row < sl_report_rows(path); row++) {
            cli_put_csv(stdout, "", plan->walks[i].label);
            for (int c = 0; c < sl_report_columns(path); c++) {
                const double value = sl_report_at(path, row, sl_report_column(path, c));
                char text[32];
                printf(",%s", value == value ? sl_number_text(text, value) : "");
            }
            printf("\n");
        }
    }
}
