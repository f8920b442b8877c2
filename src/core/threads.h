/* threads.h - a pool of helpers that take numbered tasks. */
#ifndef SL_CORE_THREADS_H
#define SL_CORE_THREADS_H

#include "core/ctx.h"

/* Runs task 0 .. tasks-1, each exactly once, on the caller and the pool's helpers; returns when all are
 * done. Each thread begins with an equal part of the numbers, the same part whenever there are as
 * many tasks (what it worked on last is still in its core's cache), and then helps the others: who runs a
 * task is left to chance, so it may depend on its number alone.
 * `worker` is 0 for the caller, else 1 .. threads-1. pool NULL: the caller runs them in order.        */
typedef void sl_task(void *argument, size_t task, int worker);
void sl_pool_run(sl_pool *pool, size_t tasks, sl_task *run, void *argument);
int sl_pool_threads(const sl_pool *pool); /* NULL: 1 */

/* threads: 2 and more, the caller included. NULL and the context's error on failure. */
sl_pool *sl_pool_new(sl_ctx *ctx, int threads);
void sl_pool_free(sl_pool *pool);

#endif
