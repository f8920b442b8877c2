/* steps.h - the losses of all steps of a training in fewer than SL_STEPS_MOST rows: each stands for `stride`
 * steps, and when the table is full, neighbours become one and the stride doubles. What it holds follows from
 * the losses alone. */
#ifndef SL_TRAIN_STEPS_H
#define SL_TRAIN_STEPS_H

#include "model/safetensors.h"

enum { SL_STEPS_MOST = 2000, SL_STEPS_PART = 6 };

typedef struct {
    float loss, low, high; /* mean, least, most of the row's steps */
    float lr;              /* of its last step */
} sl_steps_row;

typedef struct {
    sl_steps_row *row; /* [SL_STEPS_MOST]; NULL: nothing is recorded */
    size_t rows;
    uint64_t first;             /* steps before those of row 0: 0, unless an older version began */
    uint64_t stride, count;     /* steps a row; those of the row to come */
    double sum, low, high;      /* of these */
    double part[SL_STEPS_PART]; /* a checkpoint borrows it */
} sl_steps;

sl_status sl_steps_open(sl_steps *steps, sl_ctx *ctx);
void sl_steps_close(sl_steps *steps, sl_ctx *ctx);
/* true: the row is full, and sl_steps_end is to be called. */
static inline bool sl_steps_add(sl_steps *steps, double loss)
{
    steps->sum += loss;
    steps->low = loss < steps->low ? loss : steps->low;
    steps->high = loss > steps->high ? loss : steps->high;
    return ++steps->count == steps->stride;
}
void sl_steps_end(sl_steps *steps, double lr);
/* The row to come as it is now, count > 0. */
sl_steps_row sl_steps_part(const sl_steps *steps, double lr);

/* In a checkpoint: "steps/rows" and "steps/part", which the writer borrows. */
void sl_steps_put(sl_steps *steps, sl_safetensors_writer *writer);
/* done: how many steps the checkpoint is behind. One without these begins here. SL_EFORMAT. */
sl_status sl_steps_take(sl_steps *steps, const sl_safetensors *file, uint64_t done);

#endif
