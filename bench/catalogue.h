/* catalogue.h - every word of the catalogue in a short training; one digest of them all. */
#ifndef BENCH_CATALOGUE_H
#define BENCH_CATALOGUE_H

#include "slope.h"

/* Trains small nets with each activation, loss, initialiser, optimizer, schedule and augmentation, and one
 * with each layer; SL_OK and *digest of all their weights, or the failure, which *word (borrowed) names. */
sl_status sl_catalogue_digest(sl_ctx *ctx, uint64_t *digest, const char **word);

#endif
