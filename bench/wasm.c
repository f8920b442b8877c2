/* wasm.c - the timed workloads as a WebAssembly module: the digest that must be the same everywhere, and
 * steps for a host that has a clock. A workload is named by its place in cli/workload.c. bench/wasm.mjs is
 * such a host.       */
#include "workload.h"
#include "selftest.h"

#include <string.h>

#define WASM_EXPORT(name) __attribute__((export_name(#name)))

static struct {
    sl_ctx *ctx;
    workload *job;
    char isa[16]; /* empty: the best */
    char message[1024];
} wasm_bench;

static void wasm_say(const char *text)
{
    const size_t length = strlen(text), most = sizeof wasm_bench.message - 1;
    memcpy(wasm_bench.message, text, length < most ? length : most);
    wasm_bench.message[length < most ? length : most] = 0;
}

/* The name of workload `index`; NULL behind the last. */
WASM_EXPORT(bench_name) const char *bench_name(int index)
{
    return workload_at(index) ? workload_at(index)->name : NULL;
}

/* Where the host writes the name of the instruction set it wants, "" for the best, before bench_open. */
WASM_EXPORT(bench_isa_wanted) char *bench_isa_wanted(void)
{
    return wasm_bench.isa;
}

WASM_EXPORT(bench_message) const char *bench_message(void)
{
    return wasm_bench.message;
}

WASM_EXPORT(bench_close) void bench_close(void)
{
    workload_free(wasm_bench.job);
    sl_ctx_free(wasm_bench.ctx);
    wasm_bench.job = NULL;
    wasm_bench.ctx = NULL;
}

/* Makes workload `index` ready, from seed 1. 0; or bench_message says why not. */
WASM_EXPORT(bench_open) int bench_open(int index, int threads)
{
    bench_close();
    wasm_bench.isa[sizeof wasm_bench.isa - 1] = 0;
    wasm_bench.ctx =
        sl_ctx_new(&(sl_ctx_options){ .threads = threads, .isa = *wasm_bench.isa ? wasm_bench.isa : NULL });
    const workload_kind *kind = workload_at(index);
    if (sl_error(wasm_bench.ctx) == SL_OK && kind)
        wasm_bench.job = workload_new(wasm_bench.ctx, kind->name);
    if (wasm_bench.job)
        return 0;
    wasm_say(sl_error(wasm_bench.ctx) ? sl_message(wasm_bench.ctx) : "there is no such workload");
    return 1;
}

/* The next `steps` steps or calls of the open workload. 0; or bench_message says what went wrong. */
WASM_EXPORT(bench_steps) int bench_steps(int steps)
{
    for (int i = 0; i < steps; i++)
        if (workload_step(wasm_bench.job)) {
            wasm_say(sl_message(wasm_bench.ctx));
            return 1;
        }
    return 0;
}

WASM_EXPORT(bench_digest) uint64_t bench_digest(void)
{
    return workload_digest(wasm_bench.job);
}

WASM_EXPORT(bench_flops) double bench_flops(void)
{
    return workload_flops(wasm_bench.job);
}

WASM_EXPORT(bench_isa) const char *bench_isa(void)
{
    return sl_ctx_isa(wasm_bench.ctx);
}

/* The fast product against the plain loop; 0: equal, else bench_message names the first that differs. */
WASM_EXPORT(bench_selftest) int bench_selftest(uint32_t seed)
{
    return sl_selftest(seed, wasm_bench.message, sizeof wasm_bench.message);
}
