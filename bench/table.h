/* table.h - two trainings on tables with columns of every kind; a digest of all that came out. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include "slope.h"

/* name: "kinds" (classes by balanced weights, a test part of whole families) or "prices" (an interval, a
 * standardised target, weighted rows, the second of three folds). Writes the table into a file for the time
 * of the call. *digest: of digest_last, the test figures and the baselines. SL_EINVAL: another name. */
sl_status sl_table_digest(sl_ctx *ctx, const char *name, uint64_t *digest);

#endif
