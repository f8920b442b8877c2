/* order.h - drafts with what their proofs said, and which of them is named first. */
#ifndef SL_DIAGNOSE_ORDER_H
#define SL_DIAGNOSE_ORDER_H

#include "diagnose/diagnose.h"

typedef struct {
    sl_draft draft;
    sl_proof proof; /* of fix[chosen] */
    int chosen;     /* -1: no fix */
    bool note;
    char fix[SL_MOST_CHANGES * (SL_FIX_TEXT + 32)];
    bool fixed_made;
    sl_run_options fixed;
} sl_diagnosis_entry;

/* Drafts below the first are not there; from the second on they are worth a proof. */
#define SL_DRAFT_LEAST 0.1
#define SL_DRAFT_SUSPECT 0.3
#define SL_PROOF_GAIN 0.08 /* a fix that brings less, as a logarithm of a ratio, is a note */

/* In the order in which they are proved, and, behind that, in which they are shown. Sets `note`. */
void sl_diagnosis_line_up(sl_diagnosis_entry *entry, int count);
void sl_diagnosis_rank(sl_diagnosis_entry *entry, int count);

#endif
