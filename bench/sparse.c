/* sparse.c - steps that touch few rows of a large table: a text classifier by bags of words, of one weight a
 * word or of vectors. A line a shape: microseconds a step, the fastest and the middle one, nanoseconds an id
 * by the fastest, and where they go. Words are drawn by Zipf's law; "spread" scatters them over the table as
 * hashing does.
 *
 *   sparse [--threads N] [--steps N] [SHAPE]      SHAPE: the number of a line, from 1 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "slope.h"

enum { BATCHES = 8, MOST_STEPS = 20000, PARTS = 4 };

typedef struct {
    const char *rule;
    int rows, width, batch, tokens;
    bool spread, valued;
} sparse_shape;

static const sparse_shape shapes[] = {
    { "adagrad", 3000000, 1, 32, 600, true, false },   { "adagrad", 3000000, 1, 32, 600, true, true },
    { "adagrad", 3000000, 1, 32, 600, false, false },  { "sgd", 3000000, 1, 32, 600, true, false },
    { "adam", 3000000, 1, 32, 600, true, false },      { "adagrad", 5000000, 4, 64, 200, true, true },
    { "adagrad", 5000000, 1, 1, 1000, true, false },   { "adagrad", 20000, 100, 64, 250, false, false },
    { "sgd", 20000, 100, 64, 250, false, false },      { "adam", 20000, 100, 64, 250, false, false },
    { "adagrad", 2000000, 100, 64, 250, true, false }, { "sgd", 2000000, 100, 64, 250, true, false },
    { "adam", 2000000, 100, 64, 250, true, false },
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static double sparse_now(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* splitmix64 (Vigna) */
static uint64_t sparse_bits(uint64_t place)
{
    uint64_t z = (place + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void sparse_draw(const sparse_shape *s, int *ids, sl_real *values, size_t count)
{
    const size_t rows = (size_t)s->rows;
    double *upto = malloc(rows * sizeof *upto), total = 0;
    for (size_t r = 0; upto && r < rows; r++)
        upto[r] = total += 1 / (double)(r + 1);
    for (size_t i = 0; upto && i < count; i++) {
        const double draw = (double)(sparse_bits(i) >> 11) * 0x1p-53 * total;
        size_t low = 0, high = rows - 1;
        while (low < high) {
            const size_t middle = (low + high) / 2;
            if (upto[middle] > draw)
                high = middle;
            else
                low = middle + 1;
        }
        ids[i] = (int)(s->spread ? sparse_bits(low << 20) % rows : low);
        values[i] = (sl_real)(1 + i % 3) / 2;
    }
    free(upto);
}

static int sparse_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    sl_ctx *ctx;
    sl_tape *tape;
    sl_step *step;
    sl_tensor *table, *w, *targets;
    int *ids;
    sl_real *values;
    size_t *offsets;
} sparse_job;

/* Forward, loss and backward, the update; `part` gets when each was done. */
static void sparse_step(const sparse_shape *s, sparse_job *job, int batch, double part[PARTS])
{
    const size_t first = (size_t)batch * (size_t)s->batch * (size_t)s->tokens;
    const sl_bags bags = { .ids = job->ids + first,
                           .offsets = job->offsets,
                           .count = s->batch,
                           .values = s->valued ? job->values + first : NULL };
    part[0] = sparse_now();
    sl_tensor *y = sl_embedding_bag(job->tape, job->table, &bags, "mean");
    part[1] = sparse_now();
    if (job->w)
        y = sl_linear(job->tape, y, job->w, NULL, NULL);
    sl_tensor *loss = s->width == 1 ? sl_binary_cross_entropy(job->tape, y, job->targets)
                                    : sl_cross_entropy(job->tape, y, job->targets);
    sl_backward(job->tape, loss);
    part[2] = sparse_now();
    sl_step_apply(job->step);
    part[3] = sparse_now();
}

static void sparse_run(const sparse_shape *s, int number, int threads, int steps)
{
    const size_t each = (size_t)s->batch * (size_t)s->tokens, count = each * BATCHES;
    sparse_job job = { .ctx = sl_ctx_new(&(sl_ctx_options){ .threads = threads }) };
    job.ids = malloc(count * sizeof *job.ids);
    job.values = malloc(count * sizeof *job.values);
    job.offsets = malloc(((size_t)s->batch + 1) * sizeof *job.offsets);
    double *time = malloc((size_t)steps * sizeof *time), best[PARTS] = { 0 };
    if (!job.ctx || !job.ids || !job.values || !job.offsets || !time) {
        fputs("sparse: no memory\n", stderr);
        exit(1);
    }
    sparse_draw(s, job.ids, job.values, count);
    for (size_t i = 0; i <= (size_t)s->batch; i++)
        job.offsets[i] = i * (size_t)s->tokens;
    job.tape = sl_tape_new(job.ctx, SL_TRAIN);
    job.table = sl_param(job.ctx, sl_dims(s->rows, s->width), "normal:0.1");
    job.w = s->width > 8 ? sl_param(job.ctx, sl_dims(2, s->width), "he") : NULL;
    job.targets = sl_tensor_new(job.ctx, s->width == 1 ? sl_dims(s->batch, 1) : sl_dims(s->batch), NULL);
    for (int i = 0; i < s->batch && job.targets; i++)
        sl_values(job.targets)[i] = (sl_real)(i & 1);
    job.step = sl_step_new(job.ctx, (sl_optimizer){ .rule = s->rule, .lr = (sl_real)0.05 },
                           (sl_tensor *[]){ job.table, job.w }, job.w ? 2 : 1);
    for (int i = -BATCHES; i < steps && !sl_error(job.ctx); i++) {
        double part[PARTS];
        sparse_step(s, &job, (i + BATCHES) % BATCHES, part);
        if (i < 0)
            continue;
        time[i] = part[3] - part[0];
        for (int p = 1; p < PARTS; p++)
            best[p] = i && best[p] < part[p] - part[p - 1] ? best[p] : part[p] - part[p - 1];
    }
    if (sl_error(job.ctx)) {
        fprintf(stderr, "sparse: %s\n", sl_message(job.ctx));
        exit(1);
    }
    qsort(time, (size_t)steps, sizeof *time, sparse_compare);
    printf("%2d %-8s rows=%d width=%d batch=%d ids=%d%s%s threads=%d us=%.1f middle=%.1f ns_per_id=%.2f "
           "forward=%.1f backward=%.1f update=%.1f\n",
           number, s->rule, s->rows, s->width, s->batch, s->tokens, s->spread ? " spread" : "",
           s->valued ? " valued" : "", threads, time[0], time[steps / 2], time[0] * 1e3 / (double)each,
           best[1], best[2], best[3]);
    fflush(stdout);
    sl_ctx_free(job.ctx);
    free(job.ids);
    free(job.values);
    free(job.offsets);
    free(time);
}

int main(int count, char **words)
{
    int threads = 1, steps = 1000, only = 0;
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "--threads") && i + 1 < count)
            threads = atoi(words[++i]);
        else if (!strcmp(words[i], "--steps") && i + 1 < count)
            steps = atoi(words[++i]);
        else
            only = atoi(words[i]);
    }
    if (threads < 1 || steps < 1 || steps > MOST_STEPS || only < 0 || only > SHAPES) {
        fputs("usage: sparse [--threads N] [--steps N] [SHAPE]\n", stderr);
        return 2;
    }
    for (int i = 0; i < SHAPES; i++)
        if (!only || only == i + 1)
            sparse_run(&shapes[i], i + 1, threads, steps);
    return 0;
}
