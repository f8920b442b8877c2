/* texts.h - two trainings on texts, and word vectors learned from them; a digest of what came out. */
#ifndef BENCH_TEXTS_H
#define BENCH_TEXTS_H

#include "slope.h"

/* name: "bags" (weighted n-grams of words, hashed n-grams of characters, straight into classes), "pools"
 * (embeddings with each pool, a share of the features left out) or "vectors" (skip-gram and CBOW, with
 * n-grams of characters). Writes the texts into a file for the time of the call. SL_EINVAL: another name. */
sl_status sl_texts_digest(sl_ctx *ctx, const char *name, uint64_t *digest);

#endif
