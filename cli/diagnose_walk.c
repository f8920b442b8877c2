/* diagnose_walk.c - slope diagnose --function: a walk down a function, what is wrong with it, and what mends
 * it. Works in double, as slope descend does. */
#include <math.h>
#include <string.h>

#include "decided.h"
#include "descend.h"
#include "diagnose.h"

/* "1" or "1,-2" */
static bool cliwalk_start(const char *text, int dims, double start[2])
{
    char piece[64];
    int count = 0;
    for (const char *at = text; at; count++) {
        const size_t length = strcspn(at, ",");
        if (length >= sizeof piece || count == dims)
            return false;
        snprintf(piece, sizeof piece, "%.*s", (int)length, at);
        const char *from = piece + strspn(piece, " ");
        if (!sl_number_parse(from, &start[count]) || start[count] - start[count] != 0)
            return false;
        at = at[length] ? at + length + 1 : NULL;
    }
    return count == dims;
}

static void cliwalk_place(const double at[2], int dims, char text[120])
{
    if (dims == 1)
        snprintf(text, 120, "x = %s", cli_rounded(at[0]).text);
    else
        snprintf(text, 120, "x = %s, y = %s", cli_rounded(at[0]).text, cli_rounded(at[1]).text);
}

/* Where the changed walk ends. */
static void cliwalk_proof(const sl_walk_diagnosis *d, int index, int dims, const sl_finding *f,
                          char line[400])
{
    char how[240], at[120];
    const sl_descent *walk = sl_walk_diagnosis_walk(d, index);
    if (!walk)
        return;
    const sl_descent_facts *facts = sl_descent_found(walk);
    const char *place = facts->place;
    cliwalk_place(facts->end, dims, at);
    if (!strcmp(place, "away"))
        snprintf(how, sizeof how, "which goes out of all bounds in %d steps", facts->steps);
    else
        snprintf(how, sizeof how, "behind %d steps at %s: %s", facts->steps, at,
                 facts->bounces             ? "to and fro"
                 : !strcmp(place, "slope")  ? "still on the way"
                 : !strcmp(place, "saddle") ? "a saddle point"
                 : !strcmp(place, "flat")   ? "flat"
                 : facts->global            ? "the global minimum"
                                            : "a minimum");
    cli_finding_proof(f, how, line);
}

static int cliwalk_gather(const sl_walk_diagnosis *d, int index, cli_fact facts[CLI_FACTS])
{
    int count = 0;
    while (count < CLI_FACTS && sl_walk_diagnosis_fact(d, index, count, &facts[count].name,
                                                       &facts[count].value, &facts[count].wanted))
        count++;
    return count;
}

static void cliwalk_show(const sl_walk_diagnosis *d, const sl_function *function, bool all)
{
    sl_finding f;
    cli_fact facts[CLI_FACTS];
    int faults = 0, notes = 0;
    printf("f = ");
    cli_put_clean(stdout, sl_function_formula(function));
    printf("\n\n");
    cli_remarks_show("walk", sl_walk_diagnosis_remarks(d));
    for (int i = 0; sl_walk_diagnosis_at(d, i, &f); i++) {
        char proof[400] = "";
        faults += !f.note;
        notes += f.note;
        if (f.note && !all)
            continue;
        f.facts = cliwalk_gather(d, i, facts);
        cliwalk_proof(d, i, sl_function_variables(function), &f, proof);
        cli_finding_show(&f, f.note ? "note" : "", facts, proof);
    }
    cli_finding_count(faults, notes, all, true);
}

/* Of the walk itself (index -1), or of the changed one. */
static void cliwalk_json_walk(const sl_walk_diagnosis *d, int index, int dims)
{
    const sl_descent *walk = sl_walk_diagnosis_walk(d, index);
    if (!walk) {
        fputs("null", stdout);
        return;
    }
    const sl_descent_facts *facts = sl_descent_found(walk);
    printf("{\"steps\": %d, \"end\": [", facts->steps);
    for (int axis = 0; axis < dims; axis++) {
        fputs(axis ? ", " : "", stdout);
        cli_json_number(stdout, facts->end[axis]);
    }
    printf("], \"f\": ");
    cli_json_number(stdout, facts->value);
    printf(", \"place\": ");
    cli_json_string(stdout, facts->place);
    printf(", \"bounces\": %s}", facts->bounces ? "true" : "false");
}

static void cliwalk_json(const sl_walk_diagnosis *d, const sl_function *function)
{
    sl_finding f;
    cli_fact facts[CLI_FACTS];
    const int dims = sl_function_variables(function);
    printf("{\"function\": ");
    cli_json_string(stdout, sl_function_name(function));
    printf(", \"walk\": ");
    cliwalk_json_walk(d, -1, dims);
    printf(", \"remarks\": ");
    cli_remarks_json(sl_walk_diagnosis_remarks(d));
    printf(", \"findings\": [");
    for (int i = 0; sl_walk_diagnosis_at(d, i, &f); i++) {
        f.facts = cliwalk_gather(d, i, facts);
        printf("%s", i ? ", " : "");
        cli_finding_json(&f, facts);
        printf(", \"walk\": ");
        cliwalk_json_walk(d, i, dims);
        printf("}");
    }
    printf("]}\n");
}

int cli_diagnose_walk(const cli_walk_settings *s)
{
    sl_ctx_options listening = { .seed = s->seed };
    double start[2] = { 0, 0 };
    cli_decided_listen(&listening);
    cli_decided_recorded(); /* most defaults in the table of options are a training's */
    sl_ctx *ctx = sl_ctx_new(&listening);
    if (!ctx)
        return CLI_FAILED;
    int status = CLI_DONE;
    sl_function *function = sl_function_new(ctx, s->function);
    const int dims = function ? sl_function_variables(function) : 0;
    const sl_descend_options options = {
        .start = s->start ? start : NULL,
        .optimizer = { .rule = s->optimizer, .lr = (sl_real)s->lr, .schedule = s->schedule },
        .steps = s->steps,
        .noise = s->noise,
        .stop = s->stop
    };
    if (function && s->start && !cliwalk_start(s->start, dims, start)) {
        status = cli_wrong("diagnose", "--start is '%s': wants %s", s->start,
                           dims == 1 ? "one number, as the function is of x alone: --start 1"
                                     : "two numbers, x,y: --start 1,-2");
    } else {
        sl_walk_diagnosis *d = function ? sl_diagnose_walk(ctx, function, &options) : NULL;
        if (!d) {
            cli_say("diagnose", "%s", sl_message(ctx));
            status = cli_exit_status(sl_error(ctx));
        } else if (s->json) {
            cliwalk_json(d, function);
        } else {
            cliwalk_show(d, function, s->all);
        }
        sl_walk_diagnosis_free(d);
    }
    sl_ctx_free(ctx);
    return cli_flush("diagnose", status);
}
