/* diagnose_show.c - a diagnosis for people, and as JSON. */
#include <math.h>
#include <string.h>

#include "diagnose.h"
#include "line.h"

enum { DIAGNOSE_WIDTH = 78, DIAGNOSE_MARGIN = 12 };

/* A sentence broken at blanks, each line behind the margin; `label` stands in it once. */
static void diagnose_put(const char *label, const char *text)
{
    size_t column = DIAGNOSE_MARGIN;
    printf("  %-10s", label);
    for (const char *at = text; *at;) {
        const size_t word = strcspn(at, " \n"), blank = at[word] != 0;
        size_t wide = 0; /* characters, not bytes */
        for (size_t i = 0; i < word; i++)
            wide += ((unsigned char)at[i] & 0xc0) != 0x80;
        if (column > DIAGNOSE_MARGIN && column + 1 + wide > DIAGNOSE_WIDTH) {
            printf("\n%*s", DIAGNOSE_MARGIN, "");
            column = DIAGNOSE_MARGIN;
        }
        if (column > DIAGNOSE_MARGIN) {
            putchar(' ');
            column++;
        }
        for (size_t i = 0; i < word; i++)
            putchar((unsigned char)at[i] < 32 || at[i] == 127 ? '?' : at[i]);
        column += wide;
        at += word + blank;
    }
    putchar('\n');
}

static void diagnose_facts(const sl_diagnosis *d, int index)
{
    const char *name, *wanted;
    double value;
    for (int i = 0; sl_diagnosis_fact(d, index, i, &name, &value, &wanted); i++) {
        char line[300];
        snprintf(line, sizeof line, "%s %s%s%s", name, cli_rounded(value).text, *wanted ? ", wanted " : "",
                 wanted);
        diagnose_put(i ? "" : "evidence", line);
    }
}

static const char *diagnose_figure(double value, char text[48])
{
    strcpy(text, value - value == 0 ? cli_rounded(value).text : "not finite");
    return text;
}

static void diagnose_proof(const sl_finding *f)
{
    char line[400], before[48], after[48], sure[80] = "";
    if (!f->tried && *f->fix) {
        diagnose_put("proof", "not tried");
        return;
    }
    if (!f->tried)
        return;
    if (f->sure - f->sure == 0)
        snprintf(sure, sizeof sure, ", %s standard errors of the rows",
                 fabs(f->sure) > 99 ? "above 99" : cli_fixed(fabs(f->sure), 1).text);
    snprintf(line, sizeof line, "%s %s before, %s with it, best of %zu epoch%s%s%s", f->measure,
             diagnose_figure(f->before, before), diagnose_figure(f->after, after), f->epochs,
             f->epochs == 1 ? "" : "s", sure, f->proved ? "" : ": that is no proof");
    diagnose_put("proof", line);
}

void cli_diagnosis_show(const sl_diagnosis *d, bool all)
{
    sl_finding f;
    int faults = 0, notes = 0;
    for (const char *at = sl_diagnosis_remarks(d); *at; at += strcspn(at, "\n"), at += *at == '\n') {
        char line[1200];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        diagnose_put("training", line);
    }
    for (int i = 0; sl_diagnosis_at(d, i, &f); i++) {
        faults += !f.note;
        notes += f.note;
        if (f.note && !all)
            continue;
        printf("\n%s%s\n", f.name, f.note ? " (note)" : "");
        diagnose_put("seen", f.sentence);
        diagnose_facts(d, i);
        if (*f.otherwise)
            diagnose_put("otherwise", f.otherwise);
        if (*f.fix)
            diagnose_put(f.tells ? "try" : "fix", f.fix);
        if (*f.advice)
            diagnose_put("advice", f.advice);
        diagnose_proof(&f);
    }
    printf("\n");
    if (!faults)
        printf("%s%s.\n", sl_diagnosis_complete(d) ? "No fault found" : "No fault was proved in this budget",
               notes && !all ? "; --all shows what is worth knowing" : "");
    else if (notes && !all)
        printf("%d weaker sign%s left out: --all shows %s.\n", notes, notes == 1 ? " was" : "s were",
               notes == 1 ? "it" : "them");
}

static void diagnose_member(const char *key, const char *text)
{
    printf(", \"%s\": ", key);
    cli_json_string(stdout, text);
}

void cli_diagnosis_json(const sl_diagnosis *d)
{
    sl_finding f;
    const char *at = sl_diagnosis_remarks(d);
    printf("{\"training\": [");
    for (int i = 0; *at; i++, at += strcspn(at, "\n"), at += *at == '\n') {
        char line[1200];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        printf("%s", i ? ", " : "");
        cli_json_string(stdout, line);
    }
    printf("], \"findings\": [");
    for (int i = 0; sl_diagnosis_at(d, i, &f); i++) {
        const char *name, *wanted;
        double value;
        printf("%s{\"name\": ", i ? ", " : "");
        cli_json_string(stdout, f.name);
        diagnose_member("level", f.note ? "note" : "fault");
        diagnose_member("sentence", f.sentence);
        diagnose_member("otherwise", f.otherwise);
        diagnose_member("fix", f.fix);
        diagnose_member("advice", f.advice);
        printf(", \"tells\": %s, \"evidence\": [", f.tells ? "true" : "false");
        for (int j = 0; sl_diagnosis_fact(d, i, j, &name, &value, &wanted); j++) {
            printf("%s{\"name\": ", j ? ", " : "");
            cli_json_string(stdout, name);
            printf(", \"value\": ");
            cli_json_number(stdout, value);
            diagnose_member("wanted", wanted);
            printf("}");
        }
        printf("], \"tried\": %s, \"proved\": %s", f.tried ? "true" : "false", f.proved ? "true" : "false");
        diagnose_member("measure", f.measure);
        printf(", \"before\": ");
        cli_json_number(stdout, f.before);
        printf(", \"after\": ");
        cli_json_number(stdout, f.after);
        printf(", \"epochs\": %zu, \"standard_errors\": ", f.epochs);
        cli_json_number(stdout, f.sure);
        printf("}");
    }
    printf("], \"complete\": %s}\n", sl_diagnosis_complete(d) ? "true" : "false");
}
