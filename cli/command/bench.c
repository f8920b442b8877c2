/* bench.c - slope bench: how fast this machine runs the workloads, one product, and what it could do. */
#define _XOPEN_SOURCE 700
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../cli.h"
#include "../line.h"
#include "../workload.h"

typedef struct {
    const char *workload;
    int m, n, k, threads;
    double seconds;
    bool json;
} bench_settings;

enum {
    BENCH_STEPS = 200, /* before the digest is taken */
    BENCH_WINDOWS = 9, /* whose median is told */
    BENCH_LARGEST = 65536
};
static const double bench_seconds = 1, bench_peak_seconds = 0.05;

static const cli_option bench_operands[] = {
    { .name = "WORKLOAD",
      .kind = CLI_TEXT,
      .words = "workload",
      .at = offsetof(bench_settings, workload),
      .help = "what is timed: one of the list above" },
    { .name = "M",
      .kind = CLI_WHOLE,
      .low = 1,
      .high = BENCH_LARGEST,
      .normal = "",
      .at = offsetof(bench_settings, m),
      .help = "gemm: rows of the result" },
    { .name = "N",
      .kind = CLI_WHOLE,
      .low = 1,
      .high = BENCH_LARGEST,
      .normal = "",
      .at = offsetof(bench_settings, n),
      .help = "gemm: columns of the result" },
    { .name = "K",
      .kind = CLI_WHOLE,
      .low = 1,
      .high = BENCH_LARGEST,
      .normal = "",
      .at = offsetof(bench_settings, k),
      .help = "gemm: multiply-adds for each of its numbers" },
    { 0 },
};

static const cli_option bench_options[] = {
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .normal = "the usable cores",
      .group = "measuring",
      .at = offsetof(bench_settings, threads),
      .help = "how many cores work; results stay the same" },
    { .name = "seconds",
      .kind = CLI_REAL,
      .value = "S",
      .above = true,
      .high = 3600,
      .normal = "1",
      .group = "measuring",
      .at = offsetof(bench_settings, seconds),
      .help = "how long each workload is timed, behind its first 200 steps" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      .at = offsetof(bench_settings, json),
      .help = "print one line of JSON" },
    { 0 },
};

static const cli_example bench_examples[] = {
    { "slope bench digits64 --threads 1", "a step of a small image net on one core" },
    { "slope bench all --json", "everything, for a script" },
    { "slope bench peak", "what this machine could do" },
    { "slope bench gemm 64 128 784", "one product, as training lays it out" },
    { "SLOPE_ISA=avx2 slope bench wide128", "the same digest, at AVX2's speed" },
    { 0 },
};

static double bench_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int bench_before(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* --- timing ---------------------------------------------------------------------------------------- */

typedef struct {
    double seconds; /* of one call, the median of the windows */
    double peak;    /* FLOP/s at the same time */
} bench_time;

/* Calls again and again; `about` is what one call takes. */
static bool bench_windows(sl_ctx *ctx, sl_status (*call)(void *job), void *job, double about, double seconds,
                          bench_time *found)
{
    double windows[BENCH_WINDOWS];
    const int threads = sl_ctx_threads(ctx);
    const double before = sl_machine_flops(ctx, threads, bench_peak_seconds);
    const double fit = about > 0 ? seconds / BENCH_WINDOWS / about : 1e9;
    const long calls = fit < 1 ? 1 : fit > 1e9 ? 1000000000 : (long)fit;
    for (int window = 0; window < BENCH_WINDOWS; window++) {
        const double start = bench_clock();
        for (long i = 0; i < calls; i++)
            if (call(job))
                return false;
        windows[window] = (bench_clock() - start) / (double)calls;
    }
    const double after = sl_machine_flops(ctx, threads, bench_peak_seconds);
    qsort(windows, BENCH_WINDOWS, sizeof *windows, bench_before);
    found->seconds = windows[BENCH_WINDOWS / 2];
    found->peak = before > after ? before : after;
    return sl_error(ctx) == SL_OK;
}

static void bench_rates(cli_line *line, double flops, const bench_time *time, uint64_t digest)
{
    char text[17];
    cli_line_number(line, "steps_per_s", 1 / time->seconds);
    cli_line_number(line, "us_per_step", time->seconds * 1e6);
    cli_line_number(line, "gflops", flops / time->seconds / 1e9);
    cli_line_number(line, "percent_of_peak", 100 * flops / time->seconds / time->peak);
    snprintf(text, sizeof text, "%016" PRIx64, digest);
    cli_line_word(line, "digest", text);
}

/* --- workloads ------------------------------------------------------------------------------------- */

static sl_status bench_step(void *job)
{
    return workload_step(job);
}

/* A context of its own, so that each starts alike. */
static int bench_workload(const bench_settings *settings, const char *name, cli_line *line)
{
    int status = CLI_DONE;
    sl_ctx *ctx = cli_context("bench", (sl_ctx_options){ .threads = settings->threads }, &status);
    if (!ctx)
        return status;
    workload *w = workload_new(ctx, name);
    const double start = bench_clock();
    bool good = w != NULL;
    for (int step = 0; good && step < BENCH_STEPS; step++)
        good = workload_step(w) == SL_OK;
    const double about = (bench_clock() - start) / BENCH_STEPS;
    const uint64_t digest = good ? workload_digest(w) : 0;
    bench_time time;
    const double seconds = settings->seconds > 0 ? settings->seconds : bench_seconds;
    if (good && bench_windows(ctx, bench_step, w, about, seconds, &time)) {
        cli_line_begin(line);
        cli_line_word(line, "workload", name);
        cli_line_word(line, "contender", "slope");
        cli_line_whole(line, "threads", sl_ctx_threads(ctx));
        bench_rates(line, workload_flops(w), &time, digest);
        cli_line_end(line);
    } else {
        status = cli_failed("bench", ctx);
    }
    workload_free(w);
    sl_ctx_free(ctx);
    return status;
}

/* --- one product ----------------------------------------------------------------------------------- */

typedef struct {
    sl_ctx *ctx;
    size_t rows, columns, depth;
    sl_tensor *a, *b, *c;
    bool a_transposed, b_transposed;
} bench_gemm;

static sl_status bench_gemm_call(void *job)
{
    const bench_gemm *g = job;
    return sl_matrix_product(g->ctx, g->rows, g->columns, g->depth, sl_values(g->a), g->a_transposed,
                             sl_values(g->b), g->b_transposed, sl_values(g->c), false);
}

static sl_tensor *bench_matrix(sl_ctx *ctx, int rows, int columns, uint64_t first)
{
    sl_tensor *t = sl_tensor_new(ctx, sl_dims(rows, columns), NULL);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = workload_number(first + i);
    return t;
}

static int bench_product(const bench_settings *settings, cli_line *line)
{
    static const char *const layouts[] = { "forward", "weights", "inputs" }; /* X W', dY' X, dY W */
    const int m = settings->m, n = settings->n, k = settings->k;
    int status = CLI_DONE;
    sl_ctx *ctx = cli_context("bench", (sl_ctx_options){ .threads = settings->threads }, &status);
    for (int layout = 0; ctx && layout < 3; layout++) {
        bench_gemm job = { .ctx = ctx, .rows = (size_t)m, .columns = (size_t)n, .depth = (size_t)k };
        job.a_transposed = layout == 1;
        job.b_transposed = layout == 0;
        job.a = job.a_transposed ? bench_matrix(ctx, k, m, 0) : bench_matrix(ctx, m, k, 0);
        job.b = job.b_transposed ? bench_matrix(ctx, n, k, UINT64_C(1) << 40)
                                 : bench_matrix(ctx, k, n, UINT64_C(1) << 40);
        job.c = sl_tensor_new(ctx, sl_dims(m, n), NULL);
        bench_time time;
        const double start = bench_clock();
        bool good = sl_error(ctx) == SL_OK && bench_gemm_call(&job) == SL_OK;
        long calls = 1; /* until the clock has seen something */
        for (; good && bench_clock() - start < 1e-3; calls++)
            good = bench_gemm_call(&job) == SL_OK;
        const double about = (bench_clock() - start) / (double)calls;
        const uint64_t digest = workload_digest_tensor(WORKLOAD_DIGEST_START, job.c);
        if (good && bench_windows(ctx, bench_gemm_call, &job, about,
                                  settings->seconds > 0 ? settings->seconds : bench_seconds, &time)) {
            cli_line_begin(line);
            cli_line_word(line, "workload", "gemm");
            cli_line_whole(line, "m", m);
            cli_line_whole(line, "n", n);
            cli_line_whole(line, "k", k);
            cli_line_word(line, "layout", layouts[layout]);
            cli_line_word(line, "contender", "slope");
            cli_line_whole(line, "threads", sl_ctx_threads(ctx));
            bench_rates(line, 2.0 * m * n * k, &time, digest);
            cli_line_end(line);
        }
        sl_tensor_free(job.a);
        sl_tensor_free(job.b);
        sl_tensor_free(job.c);
    }
    if (ctx && sl_error(ctx) != SL_OK)
        status = cli_failed("bench", ctx);
    sl_ctx_free(ctx);
    return status;
}

/* --- the machine ----------------------------------------------------------------------------------- */

static void bench_peak_threads(sl_ctx *ctx, cli_line *line, int threads, double seconds)
{
    static const struct {
        const char *where;
        size_t bytes;
        bool shared; /* bytes in all; else for each thread */
    } places[] = { { "L1", 16 << 10, false }, { "L2", 512 << 10, false }, { "memory", 256 << 20, true } };
    const double flops = sl_machine_flops(ctx, threads, seconds);
    if (sl_error(ctx) != SL_OK)
        return;
    cli_line_begin(line);
    cli_line_word(line, "peak", "arithmetic");
    cli_line_word(line, "isa", sl_ctx_isa(ctx));
    cli_line_whole(line, "threads", threads);
    cli_line_number(line, "gflops", flops / 1e9);
    cli_line_end(line);
    for (size_t i = 0; i < 2 * sizeof places / sizeof *places; i++) {
        const size_t bytes = places[i / 2].bytes * (places[i / 2].shared ? 1 : (size_t)threads);
        const double rate = sl_machine_bandwidth(ctx, threads, bytes, i % 2, seconds);
        if (sl_error(ctx) != SL_OK)
            return;
        cli_line_begin(line);
        cli_line_word(line, "peak", i % 2 ? "triad" : "read");
        cli_line_word(line, "where", places[i / 2].where);
        cli_line_whole(line, "bytes", (double)bytes);
        cli_line_whole(line, "threads", threads);
        cli_line_number(line, "gb_per_s", rate / 1e9);
        cli_line_end(line);
    }
}

static int bench_peak(const bench_settings *settings, cli_line *line)
{
    int status = CLI_DONE;
    sl_ctx *ctx = cli_context("bench", (sl_ctx_options){ .threads = settings->threads }, &status);
    if (!ctx)
        return status;
    const int threads = sl_ctx_threads(ctx);
    const double seconds = (settings->seconds > 0 ? settings->seconds : bench_seconds) / 7; /* measures */
    bench_peak_threads(ctx, line, 1, seconds);
    if (threads > 1 && sl_error(ctx) == SL_OK)
        bench_peak_threads(ctx, line, threads, seconds);
    if (threads > 1 && sl_error(ctx) == SL_OK) {
        const double trip = sl_machine_round_trip(ctx);
        cli_line_begin(line);
        cli_line_word(line, "peak", "round_trip");
        cli_line_whole(line, "threads", 2);
        cli_line_number(line, "ns", trip * 1e9);
        cli_line_end(line);
    }
    if (sl_error(ctx) != SL_OK)
        status = cli_failed("bench", ctx);
    sl_ctx_free(ctx);
    return status;
}

/* --- the command ----------------------------------------------------------------------------------- */

static int bench_unknown(const char *name)
{
    cli_nearest nearest = { .word = name };
    char list[1024] = "";
    for (int i = 0; workload_at(i); i++) {
        cli_nearest_try(&nearest, workload_at(i)->name);
        strcat(strcat(list, workload_at(i)->name), ", ");
    }
    cli_nearest_try(&nearest, "all");
    cli_nearest_try(&nearest, "peak");
    cli_nearest_try(&nearest, "gemm");
    if (nearest.best)
        return cli_wrong("bench", "unknown workload '%s': did you mean %s? There are %sall, peak and gemm",
                         name, nearest.best, list);
    return cli_wrong("bench", "unknown workload '%s': there are %sall, peak and gemm", name, list);
}

static int bench_all(const bench_settings *settings, cli_line *line)
{
    int status = CLI_DONE;
    for (int i = 0; workload_at(i) && status == CLI_DONE; i++)
        status = bench_workload(settings, workload_at(i)->name, line);
    return status;
}

static int bench_run(const cli_call *call)
{
    const bench_settings *settings = call->settings;
    const char *name = settings->workload;
    const bool gemm = strcmp(name, "gemm") == 0, all = strcmp(name, "all") == 0;
    const bool peak = strcmp(name, "peak") == 0;
    if (!gemm && !all && !peak && !workload_find(name))
        return bench_unknown(name);
    if (gemm && !settings->k)
        return cli_wrong("bench", "gemm wants three sizes: slope bench gemm M N K, such as 64 128 784");
    if (!gemm && settings->m)
        return cli_wrong("bench", "one argument too many: '%d'; only gemm takes sizes", settings->m);
    cli_line line = { .json = settings->json };
    const bool list = settings->json && (gemm || all || peak);
    if (list)
        putchar('[');
    const int status = gemm   ? bench_product(settings, &line)
                       : all  ? bench_all(settings, &line)
                       : peak ? bench_peak(settings, &line)
                              : bench_workload(settings, name, &line);
    if (settings->json && (list || line.lines))
        puts(list ? "]" : "");
    return status;
}

const cli_command cli_command_bench = {
    .name = "bench",
    .summary = "time this machine: workloads, one product, its peak",
    .usage = "bench WORKLOAD [--threads N] [--seconds S] [--json]\n"
             "bench gemm M N K [--threads N] [--seconds S] [--json]",
    .about =
        "Synthetic data in memory; a step is forward, loss, backward and Adam, or one call that answers "
        "rows. "
        "After exactly 200 steps from seed 1 the digest of the weights (of inference: of the answers) is "
        "taken: it depends on neither threads nor instruction set. Then the time is the median of nine "
        "windows. gflops counts the products alone; percent_of_peak compares with what the same cores "
        "did in the same run when they did nothing but fused multiply-adds.\n\n"
        "  playground      2-8-8-1 tanh, mean squared, batch 10\n"
        "  housing         8-64-64-1 relu, mean squared, batch 64\n"
        "  reviews         300-128-1 relu, binary cross entropy, batch 64\n"
        "  digits32        784-128-10 relu, cross entropy, batch 32; digits64, digits128\n"
        "  wide128         784-1024-1024-10 relu, cross entropy, batch 128; wide256\n"
        "  bagtext         mean of 250 of 20,000 word vectors, 100-128-2 relu, batch 64\n"
        "  digits_infer1   784-128-10, one row a call; digits_infer64\n"
        "  wide_infer1     784-1024-1024-10, one row a call; wide_infer64\n"
        "  all             each of them\n"
        "  peak            multiply-adds a second, bandwidth by working set, and how\n"
        "                  long a number takes from core to core and back\n"
        "  gemm M N K      C [M, N] = A [M, K] B [K, N] in the layouts of training:\n"
        "                  B transposed (forward), A transposed (gradient of the\n"
        "                  weights), neither (gradient of the inputs)\n\n"
        "docs/speed.md says how these figures compare with other programs.",
    .examples = bench_examples,
    .operands = bench_operands,
    .options = bench_options,
    .size = sizeof(bench_settings),
    .run = bench_run,
    .place = 7,
};
