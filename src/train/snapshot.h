/* snapshot.h - where a training stands, in memory: weights, the best ones, what the optimizer and the
 * schedule keep, counters and the history; random numbers follow from the counters. */
#ifndef SL_TRAIN_SNAPSHOT_H
#define SL_TRAIN_SNAPSHOT_H

#include "optim/whole/whole.h"
#include "train/trainer.h"

typedef struct {
    sl_ctx *ctx;
    sl_trainer at; /* the counters of it */
    sl_step step;  /* likewise */
    sl_target target;
    sl_real *values, *best, *flat[SL_MAX_STATES];
    sl_whole whole;
    double *array[SL_WHOLE_ARRAYS];
    int rows, best_row; /* of the history */
    double *history;
} sl_snapshot;

/* Between two steps. The second time into the same snapshot: in place of what it held. */
sl_status sl_snapshot_take(sl_snapshot *snapshot, const sl_trainer *trainer);
/* The trainer stands there again, also after a failure that was cleared. */
sl_status sl_snapshot_put(const sl_snapshot *snapshot, sl_trainer *trainer);
void sl_snapshot_free(sl_snapshot *snapshot);

/* `to`, of the same data and net but with other settings, goes on where `from` stands. Another rule begins
 * with its own numbers, another schedule likewise; under another loss no epoch is the best yet. SL_EINVAL:
 * other weights; an epoch is not finished whose rows the two take otherwise. */
sl_status sl_trainer_carry(sl_trainer *to, const sl_trainer *from);

#endif
