/* walk.h - the parts of the diagnosis of a walk: walk.c tries and keeps, walk_rules.c finds. They use
 * descents as slope.h shows them. */
#ifndef SL_DIAGNOSE_WALK_H
#define SL_DIAGNOSE_WALK_H

#include "diagnose/diagnose.h"

enum { SL_WALK_FINDINGS = 4, SL_WALK_FIXES = 4, SL_WALK_NUMBERS = 32, SL_WALK_PLACES = 8 };

typedef struct { /* what changes; 0, NULL: nothing */
    double lr, stop;
    int steps;
    const char *rule, *schedule; /* texts that stay */
    bool starts;
    double start[2];
} sl_walk_fix;

typedef struct {
    const char *name;
    sl_draft draft; /* its sentences and facts */
    bool certain;   /* there is nothing to be tried */
    bool note, proved;
    sl_walk_fix fix[SL_WALK_FIXES];
    int fixes;
    char fix_text[200];
    sl_descent *walk; /* with the fix that fix_text says; NULL: none was tried */
    double before, after;
    size_t steps;
} sl_walk_entry;

struct sl_walk_diagnosis {
    sl_ctx *ctx;
    sl_function *function;
    int dims;
    sl_descend_options asked;
    const sl_descend_options *options; /* while it is made */
    sl_descent *walk;
    sl_walk_entry entry[SL_WALK_FINDINGS];
    int count;
    sl_text remarks;
    char number[SL_WALK_NUMBERS][32];
    int numbers;
    char place[SL_WALK_PLACES][80];
    int places;
};

sl_status sl_diagwalk_rules(sl_walk_diagnosis *d);  /* walk_rules.c: adds what is found */
sl_status sl_diagwalk_lowest(sl_walk_diagnosis *d); /* walk_lowest.c: is there a lower minimum? */

/* NULL: there is no more room. */
sl_walk_entry *sl_diagwalk_find(sl_walk_diagnosis *d, const char *name);
void sl_diagwalk_fix_add(sl_walk_entry *entry, sl_walk_fix fix);
/* The walk with a fix; NULL: the context's failure. */
sl_descent *sl_diagwalk_with(const sl_walk_diagnosis *d, const sl_walk_fix *fix);
bool sl_diagwalk_arrived(const sl_descent_facts *facts);
double sl_diagwalk_cell(const sl_descent *walk, int row, const char *column);
int sl_diagwalk_rows(const sl_descent *walk);
double sl_diagwalk_lr(double value); /* to two figures */
/* Texts for sentences, kept for the next 31 and 7 calls. */
const char *sl_diagwalk_number(sl_walk_diagnosis *d, double value);
const char *sl_diagwalk_steps(sl_walk_diagnosis *d, int steps); /* "1 step", "20 steps" */
double sl_diagwalk_straight(const sl_walk_diagnosis *d);        /* 1: all steps one way */
/* f goes on falling behind `valley`, seen from `from`: a curvature of 0 leaves that open. */
bool sl_diagwalk_falls_behind(const sl_walk_diagnosis *d, const double from[2], const double valley[2],
                              double valley_value);
const char *sl_diagwalk_place(sl_walk_diagnosis *d, const double at[2]);

#endif
