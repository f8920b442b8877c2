/* diagnose_show.c - a diagnosis for people, and as JSON. */
#include <math.h>
#include <string.h>

#include "diagnose.h"
#include "line.h"
#include "terminal.h"

enum { DIAGNOSE_WIDTH = 78, DIAGNOSE_MARGIN = 12, DIAGNOSE_WIDE = 24 };

/* A sentence broken at blanks, each line behind a margin of so many columns; `label` stands in it once. */
static void diagnose_put_at(size_t margin, const char *label, const char *text)
{
    size_t column = margin;
    char plain[1024];
    printf("  %-*s", (int)margin - 2, label);
    for (const char *at = text; *at;) {
        const size_t word = strcspn(at, " \n"), blank = at[word] != 0;
        size_t wide = 0; /* characters, not bytes */
        for (size_t i = 0; i < word; i++)
            wide += ((unsigned char)at[i] & 0xc0) != 0x80;
        if (column > margin && column + 1 + wide > DIAGNOSE_WIDTH) {
            printf("\n%*s", (int)margin, "");
            column = margin;
        }
        if (column > margin) {
            putchar(' ');
            column++;
        }
        snprintf(plain, sizeof plain, "%.*s", word < sizeof plain ? (int)word : (int)sizeof plain - 1, at);
        cli_put_clean(stdout, plain);
        column += wide;
        at += word + blank;
    }
    putchar('\n');
}

static void diagnose_put(const char *label, const char *text)
{
    diagnose_put_at(DIAGNOSE_MARGIN, label, text);
}

/* What counts something has no decimals. */
static cli_figure diagnose_number(double value)
{
    return value == floor(value) && fabs(value) < 1e9 ? cli_count(value) : cli_rounded(value);
}

static void diagnose_facts(const cli_fact *facts, int count)
{
    for (int i = 0; i < count; i++) {
        char line[300];
        snprintf(line, sizeof line, "%s %s%s%s", facts[i].name, diagnose_number(facts[i].value).text,
                 *facts[i].wanted ? ", wanted " : "", facts[i].wanted);
        diagnose_put(i ? "" : "evidence", line);
    }
}

static const char *diagnose_figure(double value, char text[48])
{
    strcpy(text, value - value == 0 ? cli_rounded(value).text : "not finite");
    return text;
}

void cli_finding_show(const sl_finding *f, const char *level, const cli_fact *facts, const char *proof)
{
    printf("\n%s%s%s%s\n", f->name, *level ? " (" : "", level, *level ? ")" : "");
    diagnose_put("seen", f->sentence);
    diagnose_facts(facts, f->facts);
    if (*f->otherwise)
        diagnose_put("otherwise", f->otherwise);
    if (*f->fix)
        diagnose_put(f->tells ? "try" : "fix", f->fix);
    if (*f->advice)
        diagnose_put("advice", f->advice);
    if (!f->tried && *f->fix)
        diagnose_put("proof", "not tried");
    else if (f->tried)
        diagnose_put("proof", proof);
}

void cli_finding_proof(const sl_finding *f, const char *how, char line[400])
{
    char before[48], after[48];
    snprintf(line, 400, "%s %s before, %s with it, %s%s", f->measure, diagnose_figure(f->before, before),
             diagnose_figure(f->after, after), how, f->proved ? "" : ": that is no proof");
}

/* How far both were trained, and how sure it is. */
static void diagnose_proof(const sl_finding *f, char line[400])
{
    char how[160], sure[80] = "";
    if (f->sure - f->sure == 0)
        snprintf(sure, sizeof sure, ", %s standard errors of the rows",
                 fabs(f->sure) > 99 ? "above 99" : cli_fixed(fabs(f->sure), 1).text);
    const char *of = strstr(f->measure, "last epoch") ? "behind" : "best of";
    if (f->epochs == f->epochs_before)
        snprintf(how, sizeof how, "%s %zu epoch%s%s", of, f->epochs, f->epochs == 1 ? "" : "s", sure);
    else if (!f->epochs_before)
        snprintf(how, sizeof how, "%s no epoch and %zu epoch%s%s", of, f->epochs, f->epochs == 1 ? "" : "s",
                 sure);
    else
        snprintf(how, sizeof how, "%s %zu and %zu epochs%s", of, f->epochs_before, f->epochs, sure);
    cli_finding_proof(f, how, line);
}

void cli_finding_count(int faults, int notes, bool all, bool complete)
{
    printf("\n");
    if (!faults)
        printf("%s%s.\n", complete ? "No fault found" : "No fault was proved in this budget",
               notes && !all ? "; --all shows what is worth knowing" : "");
    else if (notes && !all)
        printf("%d weaker sign%s left out: --all shows %s.\n", notes, notes == 1 ? " was" : "s were",
               notes == 1 ? "it" : "them");
}

void cli_remarks_show(const char *label, const char *remarks)
{
    for (const char *at = remarks; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        char line[1200];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        diagnose_put(label, line);
    }
}

/* --- the checks before the first step ------------------------------------------------------------------- */

static void diagnose_checks(const sl_diagnosis *d)
{
    sl_precheck check;
    cli_table table;
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (!sl_diagnosis_check_at(d, 0, &check))
        return;
    printf("\n");
    cli_table_begin(&table, 4, "lrll");
    cli_table_cell(&table, "checked");
    cli_table_cell(&table, "measured");
    cli_table_cell(&table, "wanted");
    cli_table_cell(&table, "");
    for (int i = 0; sl_diagnosis_check_at(d, i, &check); i++) {
        cli_table_cell(&table, check.name);
        cli_table_cell(&table, check.value != check.value ? "-" : diagnose_number(check.value).text);
        cli_table_cell(&table, check.wanted);
        cli_table_cell(&table, check.ok ? "ok" : *check.finding ? check.finding : "look");
    }
    cli_table_print(&table, stdout, 2, 2, &terminal);
    cli_table_free(&table);
    printf("\n");
    for (int i = 0; sl_diagnosis_check_at(d, i, &check); i++)
        diagnose_put_at(DIAGNOSE_WIDE, check.name, check.sentence);
}

/* --- for people ----------------------------------------------------------------------------------------- */

static int diagnose_gather(const sl_diagnosis *d, int index, cli_fact facts[CLI_FACTS])
{
    int count = 0;
    while (count < CLI_FACTS &&
           sl_diagnosis_fact(d, index, count, &facts[count].name, &facts[count].value, &facts[count].wanted))
        count++;
    return count;
}

/* A check that is not as wanted names it. */
static bool diagnose_named(const sl_diagnosis *d, const char *name)
{
    sl_precheck check;
    for (int i = 0; sl_diagnosis_check_at(d, i, &check); i++)
        if (!strcmp(check.finding, name))
            return true;
    return false;
}

void cli_diagnosis_show(const sl_diagnosis *d, bool all)
{
    sl_finding f;
    cli_fact facts[CLI_FACTS];
    int faults = 0, notes = 0, suspected = 0;
    cli_remarks_show("training", sl_diagnosis_remarks(d));
    diagnose_checks(d);
    for (int i = 0; sl_diagnosis_at(d, i, &f); i++) {
        char proof[400];
        const bool suspect = f.note && diagnose_named(d, f.name);
        faults += !f.note;
        notes += f.note && !suspect;
        suspected += suspect;
        if (f.note && !suspect && !all)
            continue;
        f.facts = diagnose_gather(d, i, facts);
        diagnose_proof(&f, proof);
        cli_finding_show(&f, suspect ? "suspicion" : f.note ? "note" : "", facts, proof);
    }
    if (!suspected) {
        cli_finding_count(faults, notes, all, sl_diagnosis_complete(d));
        return;
    }
    printf("\nNothing was tried: without --precheck a training proves or drops %s.\n",
           suspected == 1 ? "it" : "them");
}

/* --- for programs --------------------------------------------------------------------------------------- */

static void diagnose_member(const char *key, const char *text)
{
    printf(", \"%s\": ", key);
    cli_json_string(stdout, text);
}

void cli_remarks_json(const char *remarks)
{
    printf("[");
    for (const char *at = remarks; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        char line[1200];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        printf("%s", at > remarks ? ", " : "");
        cli_json_string(stdout, line);
    }
    printf("]");
}

static void diagnose_checks_json(const sl_diagnosis *d)
{
    sl_precheck check;
    printf(", \"checks\": [");
    for (int i = 0; sl_diagnosis_check_at(d, i, &check); i++) {
        printf("%s{\"name\": ", i ? ", " : "");
        cli_json_string(stdout, check.name);
        printf(", \"value\": ");
        cli_json_number(stdout, check.value);
        diagnose_member("wanted", check.wanted);
        printf(", \"ok\": %s", check.ok ? "true" : "false");
        diagnose_member("finding", check.finding);
        diagnose_member("sentence", check.sentence);
        printf("}");
    }
    printf("]");
}

void cli_finding_json(const sl_finding *f, const cli_fact *facts)
{
    printf("{\"name\": ");
    cli_json_string(stdout, f->name);
    diagnose_member("level", f->note ? "note" : "fault");
    diagnose_member("sentence", f->sentence);
    diagnose_member("otherwise", f->otherwise);
    diagnose_member("fix", f->fix);
    diagnose_member("advice", f->advice);
    printf(", \"tells\": %s, \"evidence\": [", f->tells ? "true" : "false");
    for (int j = 0; j < f->facts; j++) {
        printf("%s{\"name\": ", j ? ", " : "");
        cli_json_string(stdout, facts[j].name);
        printf(", \"value\": ");
        cli_json_number(stdout, facts[j].value);
        diagnose_member("wanted", facts[j].wanted);
        printf("}");
    }
    printf("], \"tried\": %s, \"proved\": %s", f->tried ? "true" : "false", f->proved ? "true" : "false");
    diagnose_member("measure", f->measure);
    printf(", \"before\": ");
    cli_json_number(stdout, f->before);
    printf(", \"after\": ");
    cli_json_number(stdout, f->after);
}

void cli_diagnosis_json(const sl_diagnosis *d)
{
    sl_finding f;
    cli_fact facts[CLI_FACTS];
    printf("{\"training\": ");
    cli_remarks_json(sl_diagnosis_remarks(d));
    diagnose_checks_json(d);
    printf(", \"findings\": [");
    for (int i = 0; sl_diagnosis_at(d, i, &f); i++) {
        f.facts = diagnose_gather(d, i, facts);
        printf("%s", i ? ", " : "");
        cli_finding_json(&f, facts);
        printf(", \"epochs\": %zu, \"epochs_before\": %zu, \"standard_errors\": ", f.epochs, f.epochs_before);
        cli_json_number(stdout, f.sure);
        printf("}");
    }
    printf("], \"complete\": %s}\n", sl_diagnosis_complete(d) ? "true" : "false");
}
