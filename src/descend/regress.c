/* regress.c - a straight line through points by descent, and by the closed form: see slope.h. The steps are
 * training's: the tape's gradient of the mean squared error of a batch, and the rule sgd. */
#include "autograd/tape.h"
#include "core/random.h"
#include "train/report.h"

#include <math.h>
#include <string.h>

enum { REGRESS_MOST = 100000, REGRESS_STEPS = 1000000 };

sl_status sl_line_fit(sl_ctx *ctx, size_t n, const double *x, const double *y, double w[2])
{
    double mean_x = 0, mean_y = 0, both = 0, square = 0;
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!x || !y || !w)
        return sl_fail(ctx, SL_EINVAL, "line: the points are NULL, or there is no place for w1 and w2");
    for (size_t i = 0; i < n; i++) {
        mean_x += x[i];
        mean_y += y[i];
    }
    mean_x /= (double)n;
    mean_y /= (double)n;
    for (size_t i = 0; i < n; i++) {
        both += (x[i] - mean_x) * (y[i] - mean_y);
        square += (x[i] - mean_x) * (x[i] - mean_x);
    }
    if (!(square > 0) || !(both - both == 0))
        return sl_fail(
            ctx, SL_EINVAL,
            "line: %zu points have one and the same x, or a number that is not finite: no one line "
            "fits them best",
            n);
    w[1] = both / square;
    w[0] = mean_y - w[1] * mean_x;
    return SL_OK;
}

double sl_line_loss(size_t n, const double *x, const double *y, double w1, double w2)
{
    double sum = 0;
    if (!x || !y)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        const double e = w1 + w2 * x[i] - y[i];
        sum += e * e;
    }
    return sum / (double)n;
}

typedef struct {
    const sl_line_options *options;
    size_t batch, *order;
    sl_tape *tape;
    sl_tensor *w1, *w2, *x, *y; /* [1], [1, 1], [batch, 1] */
    sl_step *step;
    sl_report *report;
    double best; /* the least loss there is */
} regress_job;

static sl_status regress_check(sl_ctx *ctx, const sl_line_options *o)
{
    char number[32];
    if (!o || !o->x || !o->y)
        return sl_fail(ctx, SL_EINVAL, "line: wants options with points x and y");
    if (o->n < 2 || o->n > REGRESS_MOST)
        return sl_fail(ctx, SL_EINVAL, "line: %zu points: wants 2 to %d", o->n, REGRESS_MOST);
    if (o->epochs < 1 || (size_t)o->epochs > REGRESS_STEPS / o->n)
        return sl_fail(ctx, SL_EINVAL, "line: %d epochs: wants 1 to %zu of %zu points", o->epochs,
                       REGRESS_STEPS / o->n, o->n);
    if (o->batch < 0 || (size_t)o->batch > o->n)
        return sl_fail(ctx, SL_EINVAL, "line: a batch of %d: wants 1 to %zu, as there are so many points",
                       o->batch, o->n);
    if (!(o->lr > 0 && o->lr < 1e30))
        return sl_fail(ctx, SL_EINVAL, "line: lr is %s: wants a number above 0",
                       sl_number_text(number, o->lr));
    return SL_OK;
}

static sl_status regress_begin(regress_job *job, sl_ctx *ctx)
{
    static const char *const columns[] = { "step", "epoch", "point", "slope1",  "slope2",
                                           "w1",   "w2",    "loss",  "distance" };
    const sl_line_options *o = job->options;
    double w[2];
    if (sl_line_fit(ctx, o->n, o->x, o->y, w))
        return ctx->status;
    job->best = sl_line_loss(o->n, o->x, o->y, w[0], w[1]);
    job->batch = o->batch ? (size_t)o->batch : o->n;
    job->order = sl_alloc_array(ctx, o->n, sizeof *job->order);
    job->tape = sl_tape_new(ctx, SL_TRAIN);
    job->w1 = sl_param(ctx, sl_dims(1), "zeros");
    job->w2 = sl_param(ctx, sl_dims(1, 1), "zeros");
    job->report = sl_report_new(ctx);
    for (int i = 0; job->report && i < 9; i++)
        sl_report_add_column(job->report, columns[i]);
    if (ctx->status)
        return ctx->status;
    job->w1->v[0] = (sl_real)o->start[0];
    job->w2->v[0] = (sl_real)o->start[1];
    job->step = sl_step_new(ctx, sl_sgd(.lr = (sl_real)o->lr), (sl_tensor *[]){ job->w1, job->w2 }, 2);
    return ctx->status;
}

/* point: the first of the batch; 0: the start. */
static sl_status regress_record(regress_job *job, int epoch, size_t point, const double slope[2])
{
    const sl_line_options *o = job->options;
    const double w1 = (double)job->w1->v[0], w2 = (double)job->w2->v[0];
    const double loss = sl_line_loss(o->n, o->x, o->y, w1, w2);
    return sl_report_add_row(job->report,
                             (const double[]){ job->report->rows, epoch, (double)point, slope[0], slope[1],
                                               w1, w2, loss, sqrt(loss > job->best ? loss - job->best : 0) });
}

static sl_status regress_step(regress_job *job, sl_ctx *ctx, int epoch, size_t first)
{
    const sl_line_options *o = job->options;
    const size_t left = o->n - first, n = left < job->batch ? left : job->batch;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims((int)n, 1), NULL),
              *y = sl_tensor_new(ctx, sl_dims((int)n, 1), NULL);
    for (size_t i = 0; x && y && i < n; i++) {
        x->v[i] = (sl_real)o->x[job->order[first + i]];
        y->v[i] = (sl_real)o->y[job->order[first + i]];
    }
    sl_tensor *loss = sl_mean_squared(job->tape, sl_linear(job->tape, x, job->w2, job->w1, NULL), y);
    if (!sl_backward(job->tape, loss)) {
        const double slope[2] = { (double)job->w1->g[0], (double)job->w2->g[0] };
        if (!sl_step_apply(job->step))
            regress_record(job, epoch, job->order[first] + 1, slope);
    }
    sl_tensor_free(x);
    sl_tensor_free(y);
    return ctx->status;
}

static void regress_shuffle(const regress_job *job, sl_ctx *ctx, int epoch)
{
    sl_stream stream = { .seed = ctx->options.seed, .purpose = SL_FOR_DESCENT, .a = 2, .b = (uint32_t)epoch };
    if (job->batch < job->options->n)
        sl_stream_shuffle(&stream, job->order, job->options->n);
}

sl_report *sl_line_descend(sl_ctx *ctx, const sl_line_options *options)
{
    regress_job job = { .options = options };
    if (!ctx || ctx->status || regress_check(ctx, options))
        return NULL;
    bool done = !regress_begin(&job, ctx) && !regress_record(&job, 0, 0, (const double[]){ NAN, NAN });
    for (size_t i = 0; i < options->n && job.order; i++)
        job.order[i] = i;
    for (int epoch = 1; epoch <= options->epochs && done; epoch++) {
        regress_shuffle(&job, ctx, epoch);
        for (size_t first = 0; first < options->n && done; first += job.batch)
            done = !regress_step(&job, ctx, epoch, first);
    }
    sl_step_free(job.step);
    sl_tape_free(job.tape);
    sl_tensor_free(job.w1);
    sl_tensor_free(job.w2);
    sl_free(ctx, job.order);
    if (done)
        return job.report;
    sl_report_free(job.report);
    return NULL;
}
