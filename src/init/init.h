/* init.h - starting weights. One initialiser, one file. */
#ifndef SL_INIT_INIT_H
#define SL_INIT_INIT_H

#include "core/ctx.h"
#include "core/option.h"
#include "core/random.h"
#include "tensor/tensor.h"

typedef struct { /* what an initialiser is told */
    double fan_in, fan_out;
    uint64_t seed;
    uint32_t parameter, kind;       /* which stream of random numbers */
    double values[SL_MOST_OPTIONS]; /* of the word's options */
    sl_ctx *ctx;                    /* memory for `fill`     */
} sl_init_job;

typedef struct {
    const char *name, *summary, *formula, *source;
    const char *alias;        /* another name; NULL: none */
    const sl_option *options; /* what the word takes; NULL: nothing */
    bool for_biases;          /* biases are drawn too (with the weights' fan-in), not zero */
    double (*draw)(const sl_init_job *job, uint64_t element);
    /* Instead of `draw`, where an element depends on the others. A matrix has fan_in columns. SL_ENOMEM. */
    sl_status (*fill)(const sl_init_job *job, sl_real *values, size_t count);
} sl_init;

double sl_draw_uniform(const sl_init_job *job, uint64_t element); /* [-1, 1) */
double sl_draw_normal(const sl_init_job *job, uint64_t element);  /* mean 0, variance 1: Box, Muller 1958 */
double sl_init_fans(double fans); /* a divisor: 1 where there are no inputs and outputs */

const sl_init *sl_init_at(size_t index); /* NULL behind the last */
/* "he", "normal:0.01" or "normal std=0.01"; sets job->values and job->ctx. NULL and the context's error when
 * there is no such word, or it takes no such options. */
const sl_init *sl_init_find(sl_ctx *ctx, const char *text, sl_init_job *job);
/* Fills values[count]; out of memory is the context's error. */
void sl_init_run(const sl_init *init, const sl_init_job *job, sl_real *values, size_t count);

enum { SL_INIT_USER = 0, SL_INIT_MODEL = 1 }; /* sl_init_job.kind */

#endif
