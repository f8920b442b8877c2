/* workload.h - the jobs that are timed: synthetic data in memory, a step of training or a call of inference.
 * Needs slope.h and the C library's memory alone, so that it also runs where there are no files and no
 * threads.                                                                                            */
#ifndef CLI_WORKLOAD_H
#define CLI_WORKLOAD_H

#include "slope.h"

#ifdef SL_LAW_FREE /* bench/law */
#    define WORKLOAD_CONTENDER "slope-free"
#else
#    define WORKLOAD_CONTENDER "slope"
#endif

enum { WORKLOAD_SIZES = 5 };

typedef struct {
    const char *name;
    int sizes[WORKLOAD_SIZES]; /* inputs, hidden layers, outputs; ends at 0    */
    const char *activation;    /* of the hidden layers                         */
    const char *loss;          /* NULL: inference, batch rows a call           */
    int batch;
    int words, tokens; /* words > 0: rows of `tokens` words, whose vectors [words, inputs] are averaged */
} workload_kind;

/* NULL behind the last; likewise for a name that there is none of. */
const workload_kind *workload_at(int index);
const workload_kind *workload_find(const char *name);

typedef struct workload workload;

/* Draws data and weights: the weights from the context's seed, the data always the same. NULL for a name
 * that there is none of (the context is then without error), or the context knows why. Free it before the
 * context.                                                                                            */
workload *workload_new(sl_ctx *ctx, const char *name);
/* The next batch: forward, loss, backward and Adam at 1e-3; or forward alone. */
sl_status workload_step(workload *w);
/* FNV-1a 64 of all parameters (sl_model_digest); of inference: of the answers to all its rows. */
uint64_t workload_digest(workload *w);
/* Floating-point operations of a step's products, a multiply-add counted as two. */
double workload_flops(const workload *w);
void workload_free(workload *w); /* NULL is fine */

/* Number `place` of the synthetic data: a multiple of 2^-15 in -1 .. 1, the same in every build. */
sl_real workload_number(uint64_t place);
/* FNV-1a goes on over a tensor's numbers as float32, low byte first. */
#define WORKLOAD_DIGEST_START UINT64_C(0xcbf29ce484222325)
uint64_t workload_digest_tensor(uint64_t digest, sl_tensor *t);

#endif
