/* peak.c - the machine's limits, measured: see "Measuring the machine" in slope.h. Every thread meets the
 * others at a line before its clock starts, so each of them works and none works twice.                */
#include "kernel/peak.h"
#include "core/os.h"

#include <stdatomic.h>

/* --- the plain loops ------------------------------------------------------------------------------- */

enum { PEAK_PLAIN_CHAINS = 8 };

static double peak_plain_arithmetic(size_t rounds, sl_real *kept)
{
    sl_real sum[PEAK_PLAIN_CHAINS];
    for (int i = 0; i < PEAK_PLAIN_CHAINS; i++)
        sum[i] = (sl_real)i;
    for (size_t round = 0; round < rounds; round++)
        for (int i = 0; i < PEAK_PLAIN_CHAINS; i++)
            sum[i] = sl_fused(sum[i], SL_R(0.5), 1);
    for (int i = 0; i < PEAK_PLAIN_CHAINS; i++)
        *kept += sum[i];
    return 2.0 * PEAK_PLAIN_CHAINS * (double)rounds;
}

static sl_real peak_plain_read(const sl_real *x, size_t n)
{
    enum { LANES = 32 };
    sl_real lane[LANES] = { 0 }, total = 0;
    for (size_t at = 0; at < n; at += LANES)
        for (size_t i = 0; i < LANES; i++)
            lane[i] += x[at + i];
    for (int i = 0; i < LANES; i++)
        total += lane[i];
    return total;
}

static void peak_plain_triad(sl_real *x, const sl_real *y, const sl_real *z, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = y[i] + z[i] * SL_R(0.5);
}

static const sl_peak peak_plain = { peak_plain_arithmetic, peak_plain_read, peak_plain_triad };

static const sl_peak *peak_of(const sl_ctx *ctx)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (ctx->isa == SL_ISA_AVX512)
        return &sl_peak_avx512;
    if (ctx->isa == SL_ISA_AVX2)
        return &sl_peak_avx2;
#    if !defined(__FMA__) && !defined(SL_REAL_DOUBLE)
    if (ctx->isa == SL_ISA_PLAIN)
        return &sl_peak_sse2;
#    endif
#elif defined(__aarch64__) && defined(__GNUC__)
    if (ctx->isa == SL_ISA_NEON)
        return &sl_peak_neon;
#elif defined(__wasm_simd128__) && !defined(SL_REAL_DOUBLE)
    if (ctx->isa == SL_ISA_SIMD128)
        return &sl_peak_simd128;
#endif
    (void)ctx;
    return &peak_plain;
}

/* --- one thread and several ------------------------------------------------------------------------ */

typedef enum { PEAK_ARITHMETIC, PEAK_READ, PEAK_TRIAD, PEAK_PING } peak_what;

typedef struct {
    const sl_peak *peak;
    peak_what what;
    uint32_t threads;
    double seconds;     /* of one window */
    sl_real *x, *y, *z; /* share numbers a thread; y and z for the triad */
    size_t share;
    double *rates; /* what each thread did a second */
    _Atomic uint32_t arrived;
    unsigned char gap[64];
    _Atomic uint32_t ball; /* on a cache line of its own */
    unsigned char end[64];
} peak_job;

enum { PEAK_PATIENCE = 5 }; /* seconds until a helper that was given no core is given up */

/* Waits until every thread is at the line. */
static bool peak_meet(peak_job *job)
{
    atomic_fetch_add(&job->arrived, 1);
    const double start = sl_os_seconds();
    while (atomic_load(&job->arrived) < job->threads)
        if (sl_os_seconds() - start > PEAK_PATIENCE)
            return false;
        else
            sl_os_yield(); /* they may both have been put on one core */
    return true;
}

/* Seconds from hand to hand and back, as one of the two players. */
static double peak_ping(peak_job *job, uint32_t player)
{
    enum { TRIPS = 1000 };
    const double start = sl_os_seconds();
    for (uint32_t trip = 0; trip < TRIPS; trip++) {
        const uint32_t wanted = 2 * trip + player;
        for (uint32_t spins = 1; atomic_load_explicit(&job->ball, memory_order_acquire) != wanted; spins++) {
            if (spins % (1U << 20) == 0 && sl_os_seconds() - start > PEAK_PATIENCE)
                return 0;
            if (spins % (1U << 14) == 0)
                sl_os_yield(); /* a busy machine may have put both players on one core */
        }
        atomic_store_explicit(&job->ball, wanted + 1, memory_order_release);
    }
    return (sl_os_seconds() - start) / TRIPS;
}

static double peak_once(const peak_job *job, size_t from, size_t rounds, sl_real *kept)
{
    const size_t n = job->share;
    if (job->what == PEAK_ARITHMETIC)
        return job->peak->arithmetic(rounds, kept);
    for (size_t round = 0; round < rounds; round++) {
        if (job->what == PEAK_READ)
            *kept += job->peak->read(job->x + from, n);
        else
            job->peak->triad(job->x + from, job->y + from, job->z + from, n);
    }
    return (double)rounds * (double)n * sizeof(sl_real) * (job->what == PEAK_READ ? 1 : 3);
}

static void peak_task(void *argument, size_t task, int worker)
{
    (void)worker;
    peak_job *job = argument;
    if (!peak_meet(job))
        return;
    if (job->what == PEAK_PING) {
        job->rates[task] = peak_ping(job, (uint32_t)task);
        return;
    }
    /* rounds: about 20 us between looks at the clock */
    const size_t rounds = job->what == PEAK_ARITHMETIC ? 1000 : job->share < 100000 ? 100000 / job->share : 1;
    const size_t from = task * job->share;
    const double start = sl_os_seconds();
    double done = 0, passed = 0;
    volatile sl_real sink;
    sl_real kept = 0;
    do {
        done += peak_once(job, from, rounds, &kept);
        passed = sl_os_seconds() - start;
    } while (passed < job->seconds);
    sink = kept;
    (void)sink;
    job->rates[task] = done / passed;
}

/* The best window; of ping the smallest. */
static double peak_windows(sl_ctx *ctx, peak_job *job, int windows)
{
    job->peak = peak_of(ctx);
    job->rates = sl_alloc_array(ctx, job->threads, sizeof *job->rates);
    double best = 0;
    for (int window = 0; job->rates && window < windows; window++) {
        atomic_store(&job->arrived, 0);
        atomic_store(&job->ball, 0);
        sl_pool_run(job->threads > 1 ? ctx->pool : NULL, job->threads, peak_task, job);
        double rate = 0;
        for (uint32_t t = 0; t < job->threads; t++) {
            if (!(job->rates[t] > 0)) {
                sl_fail(ctx, SL_EINVAL,
                        "measuring on %u threads: one of them was given no core within %d seconds: ask for "
                        "fewer threads",
                        (unsigned)job->threads, PEAK_PATIENCE);
                break;
            }
            rate = job->what == PEAK_PING ? job->rates[t] : rate + job->rates[t];
            job->rates[t] = job->what == PEAK_PING ? job->rates[t] : 0;
        }
        if (window == 0 || (job->what == PEAK_PING ? rate < best : rate > best))
            best = rate;
        if (ctx->status)
            break;
    }
    sl_free(ctx, job->rates);
    return ctx->status ? 0 : best;
}

/* --- the public functions -------------------------------------------------------------------------- */

static bool peak_allowed(sl_ctx *ctx, const char *name, int threads, double seconds)
{
    if (!ctx || ctx->status)
        return false;
    if (threads < 1 || threads > sl_ctx_threads(ctx))
        sl_fail(ctx, SL_EINVAL, "%s: %d threads: wants 1 to %d, which the context has", name, threads,
                sl_ctx_threads(ctx));
    else if (!(seconds > 0 && seconds <= 3600))
        sl_fail(ctx, SL_EINVAL, "%s: the time is not above 0 and at most 3600 seconds", name);
    return !ctx->status;
}

enum { PEAK_WINDOWS = 5 };

double sl_machine_flops(sl_ctx *ctx, int threads, double seconds)
{
    if (!peak_allowed(ctx, "sl_machine_flops", threads, seconds))
        return 0;
    peak_job job = { .what = PEAK_ARITHMETIC,
                     .threads = (uint32_t)threads,
                     .seconds = seconds / PEAK_WINDOWS };
    return peak_windows(ctx, &job, PEAK_WINDOWS);
}

double sl_machine_bandwidth(sl_ctx *ctx, int threads, size_t bytes, bool triad, double seconds)
{
    if (!peak_allowed(ctx, "sl_machine_bandwidth", threads, seconds))
        return 0;
    const size_t arrays = triad ? 3 : 1, pieces = arrays * (size_t)threads * sizeof(sl_real) * SL_PEAK_UNIT;
    if (bytes < pieces) {
        sl_fail(ctx, SL_EINVAL, "sl_machine_bandwidth: %zu bytes: wants at least %zu for %d threads", bytes,
                pieces, threads);
        return 0;
    }
    peak_job job = { .what = triad ? PEAK_TRIAD : PEAK_READ,
                     .threads = (uint32_t)threads,
                     .seconds = seconds / PEAK_WINDOWS,
                     .share = bytes / pieces * SL_PEAK_UNIT };
    const size_t count = job.share * (size_t)threads;
    job.x = sl_alloc_array(ctx, count, arrays * sizeof(sl_real));
    if (!job.x)
        return 0;
    job.y = triad ? job.x + count : NULL;
    job.z = triad ? job.y + count : NULL;
    const double best = peak_windows(ctx, &job, PEAK_WINDOWS);
    sl_free(ctx, job.x);
    return best;
}

double sl_machine_round_trip(sl_ctx *ctx)
{
    if (!peak_allowed(ctx, "sl_machine_round_trip", 2, 1))
        return 0;
    peak_job job = { .what = PEAK_PING, .threads = 2 };
    return peak_windows(ctx, &job, 4 * PEAK_WINDOWS);
}
