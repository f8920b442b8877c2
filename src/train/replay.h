/* replay.h - what replays and searches share. */
#ifndef SL_TRAIN_REPLAY_H
#define SL_TRAIN_REPLAY_H

#include "train/run.h"
#include "train/snapshot.h"

/* The run of a folder, with changed settings, ready for its first step; it keeps nothing. *last: its last
 * step, 0 where it has not ended; NULL: of no moment. */
sl_run *sl_replay_open(sl_ctx *ctx, const char *folder, const sl_replay_options *options, bool changed,
                       size_t *last, uint64_t *digest);
/* Goes to its checkpoint, where there is one, and not behind `step`. */
sl_status sl_replay_checkpoint(sl_run *run, const char *folder, size_t step);

#endif
