/* watch.c - what a watcher (sl_watcher) says, and what it costs.
 *
 *     build/bench/watch said FIRST LAST      of set-ups drawn by these seeds (sl_setup_draw): the lines, a
 *                                            count for each cause, and how many healthy ones were accused
 *     build/bench/watch cost TIMES [DATA ..] of trainings: time with it / time without, one after the other
 *                                            in turns; the median of so many ratios
 */
#define _XOPEN_SOURCE 700
#include "slope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_MOST_TIMES = 999 };
static const double bench_least = 0.05; /* seconds of one measurement: small trainings are done again */

typedef struct {
    sl_watcher *watcher;
    int lines;
    bool shows;
    const char *cause; /* of what is broken */
    bool right;        /* a line had its name */
} bench_watch;

static void bench_say(bench_watch *w, const char *line)
{
    if (!line)
        return;
    w->lines++;
    w->right = w->right || (w->cause && !strcmp(sl_watcher_name(w->watcher), w->cause));
    if (w->shows)
        printf("    %s\n", line);
}

static sl_status bench_step(void *user, const sl_progress *progress)
{
    bench_watch *w = user;
    if (w->watcher)
        bench_say(w, sl_watcher_step(w->watcher, progress));
    return SL_OK;
}

static sl_status bench_epoch(void *user, const sl_progress *progress)
{
    bench_watch *w = user;
    if (w->watcher)
        bench_say(w, sl_watcher_epoch(w->watcher, progress));
    return SL_OK;
}

/* --- what is said --------------------------------------------------------------------------------------- */

static bench_watch bench_one(int index, const char *cause, uint64_t seed)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options options = { 0 };
    bench_watch w = { .shows = true, .cause = cause };
    sl_setup_draw(ctx, index, seed, &options);
    options.on_step = bench_step;
    options.on_epoch = bench_epoch;
    options.user = &w;
    sl_run *run = sl_run_new(ctx, &options);
    w.watcher = sl_watcher_new(ctx);
    printf("%s %llu: %s, %s\n", cause, (unsigned long long)seed, options.data, options.net);
    sl_watcher_take(w.watcher, run);
    if (!run || sl_run_train(run))
        printf("    (%s)\n", sl_message(ctx));
    const sl_report *history = sl_run_history(run);
    printf("    best %.4f, last train loss %.4f\n",
           sl_report_at(history, sl_report_best(history), "validation_loss"),
           sl_report_last(history, "train_loss"));
    sl_run_free(run);
    sl_watcher_free(w.watcher);
    sl_ctx_free(ctx);
    return w;
}

static int bench_said(uint64_t first, uint64_t last)
{
    bool healthy;
    const char *cause;
    int healthy_all = 0, accused = 0, broken = 0, told = 0;
    char table[4096] = "";
    for (int i = 0; (cause = sl_setup_at(i, &healthy)); i++) {
        int spoken = 0, right = 0;
        for (uint64_t seed = first; seed <= last; seed++) {
            const bench_watch w = bench_one(i, cause, seed);
            spoken += w.lines > 0;
            right += w.right;
            *(healthy ? &healthy_all : &broken) += 1;
            *(healthy ? &accused : &told) += w.lines > 0;
        }
        const size_t length = strlen(table);
        snprintf(table + length, sizeof table - length, "%-22s %s of %d: a line %d", cause,
                 healthy ? "healthy" : "broken ", (int)(last - first + 1), spoken);
        const size_t end = strlen(table);
        if (healthy)
            snprintf(table + end, sizeof table - end, "\n");
        else
            snprintf(table + end, sizeof table - end, ", by this name %d\n", right);
    }
    printf("%sbroken: something was said of %d of %d; healthy: of %d of %d\n", table, told, broken, accused,
           healthy_all);
    return 0;
}

/* --- what it costs -------------------------------------------------------------------------------------- */

typedef struct {
    const char *data, *target, *net;
    int epochs;
    sl_optimizer optimizer;
} bench_job;

/* Of this process, which has one thread: what others do on the machine does not count. */
static double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of a training alone; nothing is kept. */
static double bench_time(const bench_job *job, bool watched, bench_watch *w)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options options = { .data = job->data,
                               .table = { .target = job->target },
                               .net = job->net,
                               .epochs = job->epochs,
                               .optimizer = job->optimizer,
                               .keep_nothing = true,
                               .on_step = bench_step,
                               .on_epoch = bench_epoch,
                               .user = w };
    *w = (bench_watch){ 0 };
    sl_run *run = sl_run_new(ctx, &options);
    const double before = bench_seconds();
    if (watched && run) {
        w->watcher = sl_watcher_new(ctx);
        sl_watcher_take(w->watcher, run);
    }
    if (!run || sl_run_train(run))
        fprintf(stderr, "%s: %s\n", job->data, sl_message(ctx));
    const double seconds = bench_seconds() - before;
    sl_watcher_free(w->watcher);
    sl_run_free(run);
    sl_ctx_free(ctx);
    return seconds;
}

static int bench_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_ratio(const bench_job *job, int times)
{
    double ratio[BENCH_MOST_TIMES], alone = 0;
    bench_watch w;
    int lines = 0;
    bench_time(job, false, &w); /* memory is warm then */
    const double once = bench_time(job, false, &w);
    const int again = once < bench_least ? (int)(bench_least / once) + 1 : 1;
    for (int i = 0; i < times; i++) { /* each goes first every other time */
        double seconds[2] = { 0, 0 };
        for (int k = 0; k < 2 * again; k++) {
            const int watched = (i + k) % 2;
            seconds[watched] += bench_time(job, watched, &w);
            lines = watched ? w.lines : lines;
        }
        ratio[i] = seconds[1] / seconds[0];
        alone += seconds[0] / times / again;
    }
    qsort(ratio, (size_t)times, sizeof *ratio, bench_compare);
    printf("%-34s %-16s %3d epochs  %8.4f s  times %.4f (%.4f to %.4f)  %d line%s\n", job->data, job->net,
           job->epochs, alone, ratio[times / 2], ratio[times / 4], ratio[times - 1 - times / 4], lines,
           lines == 1 ? "" : "s");
}

static int bench_cost(int times, int argc, char **argv)
{
    static const bench_job jobs[] = {
        { "builtin:digits", NULL, "128 relu", 5, { 0 } },
        { "builtin:digits?rows=1000", NULL, "32 relu", 20, { 0 } },
        { "builtin:moons?rows=200", NULL, "8 tanh", 200, { .lr = (sl_real)0.01 } },
        { "builtin:xor", NULL, "2 tanh", 2000, { .lr = (sl_real)0.05 } },
        { "builtin:plane", NULL, "8 tanh", 100, { .lr = (sl_real)0.01 } },
        /* broken ones, that are looked at */
        { "builtin:circle", NULL, "16 relu", 40, { .rule = "sgd", .lr = 10 } },
        { "builtin:digits", NULL, "128 relu", 5, { .rule = "sgd", .lr = 5 } },
    };
    for (int i = 0; i < argc; i++)
        bench_ratio(&(bench_job){ .data = argv[i], .net = "128 relu", .epochs = 2 }, times);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        bench_ratio(&jobs[i], times);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[1], "said") && atoi(argv[2]) > 0 && atoi(argv[3]) >= atoi(argv[2]))
        return bench_said(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    const int times = argc > 2 && !strcmp(argv[1], "cost") ? atoi(argv[2]) : 0;
    if (times > 0 && times <= BENCH_MOST_TIMES)
        return bench_cost(times, argc - 3, argv + 3);
    fprintf(stderr, "usage: watch said FIRST LAST: two seeds; watch cost TIMES [DATA ..]\n");
    return 2;
}
