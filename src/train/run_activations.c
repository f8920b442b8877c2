/* run_activations.c - activations.csv: what the activation of each layer gives on a few training rows, and
 * how much of it is flat: saturated numbers, dead units. Measured in inference mode; training does not see
 * it. */
#include "core/sort.h"
#include "train/run.h"

#include <math.h>
#include <string.h>

enum { WATCH_MOST = SL_PIECE, WATCH_LEAST = 32, WATCH_PART = 16, WATCH_EPOCHS = 10 };
static const sl_real watch_flat = (sl_real)0.01; /* |f'| below it: saturated */

typedef struct {
    uint64_t key;
    size_t row;
} watch_ranked;

static int watch_compare(const void *a, const void *b)
{
    const watch_ranked *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->row > y->row) - (x->row < y->row);
}

static int watch_compare_rows(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static bool watch_wanted(const sl_model *model)
{
    bool wanted = false;
    for (int i = 0; i < model->count; i++)
        wanted = wanted || model->layers[i].activation;
    return wanted;
}

/* A look must cost little beside an epoch: every 16th row, but 32 at least and 256 at most. */
static size_t watch_count(size_t rows)
{
    const size_t part = rows / WATCH_PART, least = part < WATCH_LEAST ? WATCH_LEAST : part,
                 most = least > WATCH_MOST ? WATCH_MOST : least;
    return most < rows ? most : rows;
}

/* Those of the rows that train figures are of with the lowest keyed ranks. */
sl_status sl_run_open_activations(sl_run *run)
{
    const sl_trainer *t = run->trainer;
    sl_ctx *ctx = run->ctx;
    const size_t rows = t->sample_count;
    if (!watch_wanted(run->model))
        return SL_OK;
    watch_ranked *ranked = sl_alloc_array(ctx, rows, sizeof *ranked);
    run->watched = watch_count(rows);
    char watched[32];
    sl_decided(ctx, "activations", sl_count_text(watched, run->watched),
               "of so many training rows they are recorded, of %zu that figures are taken on", rows);
    run->watched_rows = sl_alloc_array(ctx, run->watched, sizeof *run->watched_rows);
    for (size_t i = 0; i < rows && !ctx->status; i++) {
        const size_t row = t->sample ? t->sample[i] : i;
        ranked[i] = (watch_ranked){ sl_random_bits(ctx->options.seed, SL_FOR_SAMPLE, 0, 0, row), row };
    }
    if (!ctx->status)
        sl_sort(ranked, rows, sizeof *ranked, watch_compare);
    for (size_t i = 0; i < run->watched && !ctx->status; i++)
        run->watched_rows[i] = ranked[i].row;
    if (!ctx->status)
        sl_sort(run->watched_rows, run->watched, sizeof *run->watched_rows, watch_compare_rows);
    sl_free(ctx, ranked);
    return ctx->status;
}

void sl_run_activations_header(const sl_run *run, sl_text *text)
{
    (void)run;
    sl_text_put(text, "epoch,layer,mean,std,saturated,dead");
}

typedef struct {
    const sl_run *run;
    sl_text *text;
} watch_job;

/* slope[i] = f'(z[i]); false: f has no slope of single numbers. */
static bool watch_slopes(const sl_built *layer, sl_isa isa, const sl_tensor *z, const sl_tensor *y,
                         sl_real *slope)
{
    const sl_op *f = layer->activation;
    for (size_t i = 0; i < y->count; i++)
        slope[i] = 1;
    if (f->derive)
        f->derive(isa, layer->slope, slope, slope, y->v, z->v, y->count);
    return f->derive != NULL;
}

static void watch_see(void *user, int index, const sl_tensor *z, const sl_tensor *y)
{
    const watch_job *job = user;
    sl_ctx *ctx = job->run->ctx;
    const sl_built *layer = &job->run->model->layers[index];
    const size_t rows = (size_t)y->shape.dim[0], units = y->count / rows;
    sl_real *slope = sl_alloc_array(ctx, y->count, sizeof *slope);
    unsigned char *alive = sl_alloc_array(ctx, units, sizeof *alive);
    if (!ctx->status) {
        const bool sloped = watch_slopes(layer, ctx->isa, z, y, slope);
        double sum = 0, squares = 0;
        size_t flat = 0, dead = 0;
        for (size_t i = 0; i < y->count; i++)
            sum += (double)y->v[i];
        for (size_t i = 0; i < y->count && sloped; i++)
            flat += slope[i] < watch_flat && slope[i] > -watch_flat;
        for (size_t r = 0; r < rows; r++)
            for (size_t u = 0, i = r * units; u < units; u++, i++)
                alive[u] |= (y->v[i] != 0) & (slope[i] != 0);
        const double mean = sum / (double)y->count;
        for (size_t i = 0; i < y->count; i++)
            squares += ((double)y->v[i] - mean) * ((double)y->v[i] - mean);
        for (size_t u = 0; u < units; u++)
            dead += !alive[u];
        const double numbers[] = { mean, sqrt(squares / (double)y->count),
                                   sloped ? (double)flat / (double)y->count : (double)NAN,
                                   (double)dead / (double)units };
        sl_text_add(job->text, "%zu,", job->run->trainer->epoch);
        sl_run_put_field(job->text, layer->name);
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            sl_text_put(job->text, ",");
            sl_run_put_float(job->text, (float)numbers[i]);
        }
        sl_text_put(job->text, "\n");
    }
    sl_free(ctx, alive);
    sl_free(ctx, slope);
}

void sl_run_put_activations(const sl_run *run, sl_text *text)
{
    sl_trainer *t = run->trainer;
    sl_reader *reader = &t->reader;
    watch_job job = { run, text };
    const sl_watch watch = { .see = watch_see, .user = &job };
    if (!run->watched || (!t->finished && !sl_run_epoch_counts(t->epoch, WATCH_EPOCHS)))
        return;
    if (sl_model_gather(run->ctx, run->model, t->train, run->watched_rows, run->watched, false, reader->x,
                        NULL))
        return;
    sl_tape_reset(reader->tape);
    sl_model_forward_watched(reader->tape, run->model, reader->x, &watch);
}
