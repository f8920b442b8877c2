/* diagnose.h - what slope diagnose prints. diagnose_walk.c works in double, as descend does. */
#ifndef CLI_DIAGNOSE_H
#define CLI_DIAGNOSE_H

#include "cli.h"

void cli_diagnosis_show(const sl_diagnosis *diagnosis, bool all);
void cli_diagnosis_json(const sl_diagnosis *diagnosis);

typedef struct {
    const char *function, *start, *optimizer, *schedule;
    double lr, noise, stop; /* 0: not given */
    int steps;
    uint64_t seed;
    bool json, all;
} cli_walk_settings;
/* The exit status. */
int cli_diagnose_walk(const cli_walk_settings *settings);

/* --- for both ------------------------------------------------------------------------------------------- */

enum { CLI_FACTS = 16 };
typedef struct {
    const char *name, *wanted;
    double value;
} cli_fact;
/* level: "note"; facts [f->facts]; proof: a sentence, looked at where it was tried */
void cli_finding_show(const sl_finding *f, const char *level, const cli_fact *facts, const char *proof);
/* "f 2.1 before, 0.3 with it, <how>" */
void cli_finding_proof(const sl_finding *f, const char *how, char line[400]);
void cli_finding_count(int faults, int notes, bool all, bool complete); /* the last line */
void cli_finding_json(const sl_finding *f, const cli_fact *facts);      /* without its closing bracket */
void cli_remarks_show(const char *label, const char *remarks);
void cli_remarks_json(const char *remarks);

#endif
