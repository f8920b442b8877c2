/* watch_heard.h - a training with or without a watcher, and what it said. For tests only. */
#ifndef TESTS_WATCH_HEARD_H
#define TESTS_WATCH_HEARD_H

#include "engine.h"
#include "run_made.h"
#include "train/warned.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WATCH_MOST = 8, WATCH_ROOM = 1024 };

typedef struct {
    sl_watcher *watcher; /* NULL: nobody watches */
    int lines;
    char line[WATCH_MOST][WATCH_ROOM];
    size_t stop; /* behind this epoch; 0: not */
} watch_heard;

static inline void watch_hear(watch_heard *heard, const char *line)
{
    if (line && heard->lines < WATCH_MOST)
        snprintf(heard->line[heard->lines++], WATCH_ROOM, "%s", line);
}

static inline sl_status watch_step(void *user, const sl_progress *progress)
{
    watch_heard *heard = user;
    if (heard->watcher)
        watch_hear(heard, sl_watcher_step(heard->watcher, progress));
    return SL_OK;
}

static inline sl_status watch_epoch(void *user, const sl_progress *progress)
{
    watch_heard *heard = user;
    if (heard->watcher)
        watch_hear(heard, sl_watcher_epoch(heard->watcher, progress));
    return heard->stop && progress->epoch == heard->stop ? SL_ESTOPPED : SL_OK;
}

/* The run, trained; digest of its last weights in *digest. watched: with a watcher. */
static inline sl_run *watch_train(sl_ctx *ctx, const sl_run_options *options, bool watched,
                                  watch_heard *heard, uint64_t *digest)
{
    sl_run_options o = *options;
    *heard = (watch_heard){ .stop = heard->stop };
    o.keep_nothing = !o.out;
    o.on_step = watch_step;
    o.on_epoch = watch_epoch;
    o.user = heard;
    sl_run *run = sl_run_new(ctx, &o);
    assert_non_null(run);
    heard->watcher = watched ? sl_watcher_new(ctx) : NULL;
    if (watched)
        assert_int_equal(sl_watcher_take(heard->watcher, run), SL_OK);
    sl_run_train(run);
    *digest = run->trainer->digest_last;
    sl_watcher_free(heard->watcher);
    return run;
}

/* The lecture's example above 2 / curvature: one line, in epoch 5. */
static inline sl_run_options watch_point(void)
{
    return (sl_run_options){ .data = "builtin:point",
                             .net = "1 relu",
                             .weights = "0.5,1",
                             .optimizer = { .rule = "sgd", .lr = (sl_real)0.1 },
                             .epochs = 60 };
}

#endif
