/* same.c - the digests that must be equal on every machine; script/same builds and compares them.
 *
 *   same [--isa NAME] [--threads N,N,...] [--steps N] WORKLOAD ...
 *                    a line each: ISA THREADS WORKLOAD DIGEST; without --isa every one of the machine's
 *                    WORKLOAD catalogue: every word in a short training; kinds, prices: a table's run;
 *                    bags, pools, vectors: of texts
 *   same --isas      the instruction sets of this machine, a line each
 *   same --selftest  this machine's kernels against the plain loop (selftest.h)
 *
 * Exit status 1: failed, 2: wrong usage.                                                              */
#include "catalogue.h"
#ifndef SAME_PUBLIC /* else: slope.h alone, for a library whose insides are not to be had */
#    include "core/ctx.h"
#    include "selftest.h"
#endif
#include "table.h"
#include "texts.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const same_isas[] = { "plain", "simd128", "neon", "avx2", "avx512", NULL };

enum { SAME_THREADS = 16, SAME_WORKLOADS = 32 };
typedef struct {
    const char *isa;
    int threads[SAME_THREADS], thread_counts, steps;
    const char *workloads[SAME_WORKLOADS];
    int workload_count;
} same_job;

static int same_usage(void)
{
    fputs("usage: same [--isa NAME] [--threads N,N,...] [--steps N] WORKLOAD ... | --isas | --selftest\n",
          stderr);
    return 2;
}

static bool same_has(const char *isa)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isa });
    const bool has = ctx && sl_error(ctx) == SL_OK;
    sl_ctx_free(ctx);
    return has;
}

static int same_selftest(void)
{
#ifndef SAME_PUBLIC
    char said[256];
    for (uint32_t seed = 1; seed <= 3; seed++)
        if (sl_selftest(seed, said, sizeof said)) {
            puts(said);
            return 1;
        }
    puts("every kernel equals the plain loop");
#endif
    return 0;
}

/* All the words, whatever --steps says. */
static int same_catalogue(sl_ctx *ctx, int threads)
{
    uint64_t digest;
    const char *word = "";
    const sl_status status = sl_catalogue_digest(ctx, &digest, &word);
    if (!status)
        printf("%s %d catalogue %016" PRIx64 "\n", sl_ctx_isa(ctx), threads, digest);
    else
        fprintf(stderr, "same: %d threads, %s: %s\n", threads, word, sl_message(ctx));
    fflush(stdout);
    return status != SL_OK;
}

/* As many epochs as they have, whatever --steps says. */
static int same_file(sl_ctx *ctx, int threads, const char *name, bool table)
{
    uint64_t digest;
    const sl_status status =
        table ? sl_table_digest(ctx, name, &digest) : sl_texts_digest(ctx, name, &digest);
    if (!status)
        printf("%s %d %s %016" PRIx64 "\n", sl_ctx_isa(ctx), threads, name, digest);
    else
        fprintf(stderr, "same: %d threads, %s: %s\n", threads, name,
                sl_error(ctx) ? sl_message(ctx) : "its file cannot be written");
    fflush(stdout);
    return status != SL_OK;
}

static int same_digest(const same_job *job, const char *isa, int threads, const char *name)
{
#ifdef SAME_PUBLIC
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isa, .threads = threads });
#else
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isa });
    if (ctx && sl_error(ctx) == SL_OK)
        sl_ctx_crew(ctx, threads); /* really so many, also on fewer cores */
#endif
    const bool catalogue = !strcmp(name, "catalogue"),
               table = !strcmp(name, "kinds") || !strcmp(name, "prices"),
               texts = !strcmp(name, "bags") || !strcmp(name, "pools") || !strcmp(name, "vectors");
    if (ctx && sl_error(ctx) == SL_OK && (catalogue || table || texts)) {
        const int failed = catalogue ? same_catalogue(ctx, threads) : same_file(ctx, threads, name, table);
        sl_ctx_free(ctx);
        return failed;
    }
    workload *w = ctx && sl_error(ctx) == SL_OK ? workload_new(ctx, name) : NULL;
    sl_status status = w ? SL_OK : SL_EINVAL;
    for (int i = 0; i < job->steps && !status; i++)
        status = workload_step(w);
    if (!status)
        printf("%s %d %s %016" PRIx64 "\n", sl_ctx_isa(ctx), threads, name, workload_digest(w));
    else
        fprintf(stderr, "same: %s, %d threads, %s: %s\n", isa, threads, name,
                sl_error(ctx) ? sl_message(ctx) : "there is no such workload");
    fflush(stdout);
    workload_free(w);
    sl_ctx_free(ctx);
    return status != SL_OK;
}

static bool same_numbers(same_job *job, const char *text)
{
    job->thread_counts = 0;
    do {
        char *end;
        const long n = strtol(text, &end, 10);
        if (end == text || n < 1 || n > 256 || job->thread_counts == SAME_THREADS || (*end && *end != ','))
            return false;
        job->threads[job->thread_counts++] = (int)n;
        text = *end ? end + 1 : NULL;
    } while (text);
    return true;
}

int main(int count, char **words)
{
    same_job job = { .threads = { 1 }, .thread_counts = 1, .steps = 200 };
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? words[i + 1] : NULL;
        if (!strcmp(words[i], "--selftest") && count == 2)
            return same_selftest();
        if (!strcmp(words[i], "--isas") && count == 2) {
            for (int n = 0; same_isas[n]; n++)
                if (same_has(same_isas[n]))
                    puts(same_isas[n]);
            return 0;
        }
        if (words[i][0] != '-') {
            if (job.workload_count == SAME_WORKLOADS)
                return same_usage();
            job.workloads[job.workload_count++] = words[i];
            continue;
        }
        if (!value)
            return same_usage();
        i++;
        if (!strcmp(words[i - 1], "--isa")) {
            job.isa = value;
        } else if (!strcmp(words[i - 1], "--steps")) {
            char *end;
            const long n = strtol(value, &end, 10);
            if (end == value || *end || n < 0 || n > 1000000)
                return same_usage();
            job.steps = (int)n;
        } else if (strcmp(words[i - 1], "--threads") != 0 || !same_numbers(&job, value)) {
            return same_usage();
        }
    }
    if (!job.workload_count)
        return same_usage();
    if (job.isa && !same_has(job.isa)) {
        fprintf(stderr, "same: this machine has no %s; same --isas lists what it has\n", job.isa);
        return 2;
    }
    int failed = 0;
    for (int n = 0; same_isas[n]; n++)
        if (job.isa ? !strcmp(job.isa, same_isas[n]) : same_has(same_isas[n]))
            for (int t = 0; t < job.thread_counts; t++)
                for (int i = 0; i < job.workload_count; i++)
                    failed |= same_digest(&job, same_isas[n], job.threads[t], job.workloads[i]);
    return failed;
}
