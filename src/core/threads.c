/* threads.c - see threads.h. A round is announced by raising `round`; each helper then takes tasks, first
 * from the range that is its own, then from those of the others, until none is left. A late helper finds none
 * and costs nothing: the caller only waits for tasks that were taken. Helpers spin briefly, then sleep. */
#include "core/threads.h"
#include "core/os.h"

#include <stdatomic.h>

enum { THREADS_SPINS = 2000, THREADS_PATIENCE = 4000 };

typedef struct {
    sl_pool *pool;
    int worker;
} threads_helper;

/* The tasks of one worker; a cache line each. */
typedef struct {
    _Atomic uint64_t ticket; /* round << 32 | next task: one word, so that no task of an old round is taken */
    _Atomic uint32_t end[2]; /* of an even, an odd round: a helper of the last one must not see this one's */
    char apart[48];
} threads_range;

struct sl_pool {
    sl_ctx *ctx;
    int threads;            /* the caller included */
    _Atomic uint32_t round; /* written when all ranges are */
    _Atomic uint32_t done;  /* tasks finished in this round */
    _Atomic uint32_t sleeping;
    atomic_bool ending;
    sl_task *run;
    void *argument;
    threads_range *ranges; /* [threads] */
    sl_os_gate *gate;
    unsigned char *handles;
    threads_helper *helpers;
    int started;
};

/* Takes tasks of one range in round `round` until there are none. */
static void threads_work_range(sl_pool *pool, threads_range *range, uint32_t round, int worker)
{
    for (;;) {
        uint64_t ticket = atomic_load_explicit(&range->ticket, memory_order_acquire);
        do {
            if ((uint32_t)(ticket >> 32) != round ||
                (uint32_t)ticket >= atomic_load_explicit(&range->end[round & 1], memory_order_relaxed))
                return;
        } while (!atomic_compare_exchange_weak_explicit(&range->ticket, &ticket, ticket + 1,
                                                        memory_order_acq_rel, memory_order_acquire));
        pool->run(pool->argument, (uint32_t)ticket, worker);
        atomic_fetch_add_explicit(&pool->done, 1, memory_order_release);
    }
}

static void threads_work(sl_pool *pool, uint32_t round, int worker)
{
    for (int i = worker; i < pool->threads; i++)
        threads_work_range(pool, &pool->ranges[i], round, worker);
    for (int i = 0; i < worker; i++)
        threads_work_range(pool, &pool->ranges[i], round, worker);
}

static uint32_t threads_round(sl_pool *pool)
{
    return atomic_load(&pool->round); /* in one order with `sleeping` */
}

static void threads_helper_main(void *argument)
{
    threads_helper *helper = argument;
    sl_pool *pool = helper->pool;
    uint32_t seen = 0;
    for (;;) {
        for (int i = 0; i < THREADS_SPINS && threads_round(pool) == seen; i++) {
            if (atomic_load_explicit(&pool->ending, memory_order_relaxed))
                return;
            sl_os_pause();
        }
        if (threads_round(pool) == seen) {
            sl_os_gate_lock(pool->gate);
            atomic_fetch_add(&pool->sleeping, 1);
            while (threads_round(pool) == seen && !atomic_load(&pool->ending))
                sl_os_gate_wait(pool->gate);
            atomic_fetch_sub(&pool->sleeping, 1);
            sl_os_gate_unlock(pool->gate);
        }
        if (atomic_load(&pool->ending))
            return;
        seen = threads_round(pool);
        threads_work(pool, seen, helper->worker);
    }
}

void sl_pool_run(sl_pool *pool, size_t tasks, sl_task *run, void *argument)
{
    if (!pool || tasks <= 1 || tasks > UINT32_MAX / 2) {
        for (size_t task = 0; task < tasks; task++)
            run(argument, task, 0);
        return;
    }
    /* No helper holds a task of the last round, and none can take one: its tasks are all taken. */
    const uint32_t round = threads_round(pool) + 1;
    pool->run = run;
    pool->argument = argument;
    atomic_store_explicit(&pool->done, 0, memory_order_relaxed);
    const uint64_t workers = (uint64_t)pool->threads;
    for (uint64_t i = 0; i < workers; i++) {
        threads_range *range = &pool->ranges[i];
        atomic_store_explicit(&range->end[round & 1], (uint32_t)(tasks * (i + 1) / workers),
                              memory_order_relaxed);
        atomic_store_explicit(&range->ticket, (uint64_t)round << 32 | tasks * i / workers,
                              memory_order_release);
    }
    atomic_store(&pool->round, round);
    if (atomic_load(&pool->sleeping)) {
        sl_os_gate_lock(pool->gate);
        sl_os_gate_wake_all(pool->gate);
        sl_os_gate_unlock(pool->gate);
    }
    threads_work(pool, round, 0);
    for (int i = 0; atomic_load_explicit(&pool->done, memory_order_acquire) < (uint32_t)tasks; i++)
        if (i < THREADS_PATIENCE)
            sl_os_pause();
        else
            sl_os_yield(); /* the helper may be waiting for this very core */
}

int sl_pool_threads(const sl_pool *pool)
{
    return pool ? pool->threads : 1;
}

sl_pool *sl_pool_new(sl_ctx *ctx, int threads)
{
    sl_pool *pool = sl_alloc(ctx, sizeof *pool);
    if (!pool)
        return NULL;
    pool->ctx = ctx;
    pool->threads = threads;
    pool->ranges = sl_alloc_array(ctx, (size_t)threads, sizeof *pool->ranges);
    pool->gate = sl_alloc(ctx, sl_os_gate_size());
    pool->handles = sl_alloc_array(ctx, (size_t)threads, sl_os_thread_size());
    pool->helpers = sl_alloc_array(ctx, (size_t)threads, sizeof *pool->helpers);
    if (!pool->ranges || !pool->gate || !pool->handles || !pool->helpers)
        return NULL; /* the context frees what was made */
    sl_os_gate_init(pool->gate);
    for (int worker = 1; worker < threads; worker++) {
        pool->helpers[worker] = (threads_helper){ pool, worker };
        void *handle = pool->handles + (size_t)worker * sl_os_thread_size();
        const int error = sl_os_thread_start(handle, threads_helper_main, &pool->helpers[worker]);
        if (error) {
            char reason[128];
            sl_fail(ctx, SL_ENOMEM,
                    "thread %d of %d could not be started: %s: ask for fewer; results do not change",
                    worker + 1, threads, sl_os_reason(error, reason, sizeof reason));
            break;
        }
        pool->started = worker;
    }
    return pool;
}

void sl_pool_free(sl_pool *pool)
{
    if (!pool)
        return;
    atomic_store(&pool->ending, true);
    sl_os_gate_lock(pool->gate);
    sl_os_gate_wake_all(pool->gate);
    sl_os_gate_unlock(pool->gate);
    for (int worker = 1; worker <= pool->started; worker++)
        sl_os_thread_join((void *)(pool->handles + (size_t)worker * sl_os_thread_size()));
    sl_os_gate_free(pool->gate);
    sl_ctx *ctx = pool->ctx;
    sl_free(ctx, pool->ranges);
    sl_free(ctx, pool->gate);
    sl_free(ctx, pool->handles);
    sl_free(ctx, pool->helpers);
    sl_free(ctx, pool);
}
