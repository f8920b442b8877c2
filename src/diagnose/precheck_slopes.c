/* precheck_slopes.c - is the computed gradient the slope of the loss? For each parameter along two ways: its
 * own gradient, and that and one drawn at random, which sees what the gradient leaves out. Signed.
 *
 * In float a loss is known to some 1e-7 of itself, so a difference of two says little where they are near
 * each other, and along a whole way it is larger than that of one weight. How far a difference is to be
 * trusted is measured: five losses in a row, of which a smooth curve leaves a small fourth difference,
 * rounding and kinks of relu a large one; and where there is a kink computed slopes differ from side to side,
 * which a wrong gradient's do not. What cannot be told within 2 % is skipped, and an error counts
 * from 5 % on: signs, factors and forgotten parts are found, an error of 0.1 % is for slope gradcheck. */
#include "core/random.h"
#include "diagnose/precheck.h"
#include "train/curvature.h"

#include <math.h>
#include <string.h>

enum { SLOPES_ROWS = 16, SLOPES_PARAMS = 32, SLOPES_TRIES = 9, SLOPES_BETWEEN = 64 };

#ifdef SL_REAL_DOUBLE
static const double slopes_rounding = 4e-15;
#else
static const double slopes_rounding = 5e-7;
#endif
static const double slopes_trusted = 0.02;
const double sl_precheck_slope_limit = 0.05;

typedef struct {
    sl_probe *probe;
    sl_tensor *param;
    const sl_real *base; /* [count] its weights */
    double *way;         /* [count] of length 1 */
    double along;        /* computed: gradient times way */
} slopes_job;

/* The loss so far along the way, and the slope that is computed there. false: failure, or not finite. */
static bool slopes_loss(slopes_job *job, double far, double *loss, double *along)
{
    for (size_t i = 0; i < job->param->count; i++)
        job->param->v[i] = (sl_real)((double)job->base[i] + far * job->way[i]);
    const sl_status status = sl_probe_gradient(job->probe, loss);
    *along = 0;
    for (size_t i = 0; i < job->param->count; i++)
        *along += (double)job->param->g[i] * job->way[i];
    sl_probe_clear(job->probe);
    return !status && *loss - *loss == 0;
}

typedef struct {
    double slope, doubt; /* doubt: how far the slope may be wrong */
} slopes_seen;

/* Right or wrong, computed slopes to both sides are as one in the middle where there is no kink between. */
static bool slopes_difference(slopes_job *job, double h, slopes_seen *seen)
{
    double v[5], a[5];
    for (int i = 0; i < 5; i++)
        if (!slopes_loss(job, h * (i - 2) / 2, &v[i], &a[i]))
            return false;
    const double near = (v[3] - v[1]) / h, bend = v[0] - 4 * v[1] + 6 * v[2] - 4 * v[3] + v[4],
                 rounding = slopes_rounding * fabs(v[2]);
    seen->slope = (8 * (v[3] - v[1]) - (v[4] - v[0])) / (6 * h);
    seen->doubt = fabs(seen->slope - near) + (fabs(bend) + 2 * rounding) / h +
                  fabs((a[0] + a[4]) / 2 - a[2]) + fabs((a[1] + a[3]) / 2 - a[2]);
    return true;
}

static void slopes_take(slopes_job *job, double error, double slope, sl_slope_check *found)
{
    found->checked++;
    if (error <= found->worst)
        return;
    found->worst = error;
    found->place = job->param->name;
    found->computed = job->along;
    found->numerical = slope;
}

/* Between kinks that five places do not show: the loss changes by the mean of the slopes on the way. true: it
 * does not, by the computed ones. */
static bool slopes_wrong(slopes_job *job, double h)
{
    double first, last, mean = 0, loss, along;
    if (!slopes_loss(job, -h, &first, &along) || !slopes_loss(job, h, &last, &along))
        return false;
    for (int i = 0; i < SLOPES_BETWEEN; i++) {
        if (!slopes_loss(job, h * (2 * (i + 0.5) / SLOPES_BETWEEN - 1), &loss, &along))
            return false;
        mean += along / SLOPES_BETWEEN;
    }
    const double slope = (last - first) / (2 * h), size = fabs(slope) > fabs(mean) ? fabs(slope) : fabs(mean);
    return fabs(slope - mean) > sl_precheck_slope_limit * size;
}

/* From far to near until a difference can be trusted and agrees. A wrong gradient agrees nowhere, and two
 * differences that can be trusted agree with one another: one alone may be the work of a kink. */
static void slopes_way(slopes_job *job, sl_slope_check *found)
{
    double squares = 0, loss = 0, slope = 0, last = (double)NAN;
    for (size_t i = 0; i < job->param->count; i++)
        squares += (double)job->base[i] * (double)job->base[i];
    const double reach = 0.1 * (sqrt(squares) > 0.1 ? sqrt(squares) : 0.1), most = 1000 * reach;
    if (!slopes_loss(job, 0, &loss, &slope))
        return;
    double h = fabs(job->along) > 0 ? 0.05 * fabs(loss) / fabs(job->along) : 10 * reach, wrong = -1;
    h = h < most ? h : most;
    for (int i = 0; i < SLOPES_TRIES; i++, h /= 4) {
        slopes_seen seen;
        if (!slopes_difference(job, h, &seen))
            continue; /* so far away it is not finite */
        const double size = fabs(seen.slope) > fabs(job->along) ? fabs(seen.slope) : fabs(job->along);
        if (size > 0 && seen.doubt > slopes_trusted * size)
            continue;
        const double error = size > 0 ? fabs(seen.slope - job->along) / size : 0;
        if (error <= sl_precheck_slope_limit) {
            slopes_take(job, error, seen.slope, found);
            return;
        }
        if (fabs(seen.slope - last) <= 2 * slopes_trusted * fabs(seen.slope) && slopes_wrong(job, h)) {
            wrong = error;
            slope = seen.slope;
        }
        last = seen.slope;
    }
    if (wrong > 0)
        slopes_take(job, wrong, slope, found);
    else
        found->skipped++;
}

/* The gradient itself, or it and random signs, each of length 1: so the slope that way is never small beside
 * the gradient. false: there is no such way. */
static bool slopes_choose(slopes_job *job, const sl_real *gradient, bool random, sl_stream *stream)
{
    const size_t n = job->param->count;
    double size = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        size += (double)gradient[i] * (double)gradient[i];
    size = sqrt(size);
    for (size_t i = 0; i < n; i++) {
        const double sign = random ? (sl_stream_uniform(stream) < 0.5 ? -1 : 1) / sqrt((double)n) : 0;
        job->way[i] = (size > 0 ? (double)gradient[i] / size : 0) + sign;
        squares += job->way[i] * job->way[i];
    }
    job->along = 0;
    for (size_t i = 0; i < n && squares > 0; i++) {
        job->way[i] /= sqrt(squares);
        job->along += job->way[i] * (double)gradient[i];
    }
    return squares > 0;
}

static sl_status slopes_param(slopes_job *job, sl_stream *stream, sl_slope_check *found)
{
    sl_ctx *ctx = job->probe->trainer->ctx;
    const size_t n = job->param->count;
    sl_real *base = sl_alloc_array(ctx, n, sizeof *base),
            *gradient = sl_alloc_array(ctx, n, sizeof *gradient);
    job->way = sl_alloc_array(ctx, n, sizeof *job->way);
    double loss;
    if (!ctx->status) {
        memcpy(base, job->param->v, n * sizeof *base);
        job->base = base;
        if (!sl_probe_gradient(job->probe, &loss)) {
            memcpy(gradient, job->param->g, n * sizeof *gradient);
            sl_probe_clear(job->probe);
            for (int random = 0; random < 2 && loss - loss == 0 && !ctx->status; random++)
                if (slopes_choose(job, gradient, random, stream))
                    slopes_way(job, found);
        }
        memcpy(job->param->v, base, n * sizeof *base);
    }
    sl_free(ctx, base);
    sl_free(ctx, gradient);
    sl_free(ctx, job->way);
    return ctx->status;
}

sl_status sl_precheck_slopes(sl_case *c, sl_slope_check *found)
{
    sl_ctx *ctx = c->ctx;
    const sl_model *model = c->own->model;
    sl_probe probe;
    sl_stream stream = { .seed = ctx->options.seed, .purpose = SL_FOR_CURVATURE, .a = 2 };
    *found = (sl_slope_check){ .worst = -1 };
    int learning = 0, seen = 0;
    for (int i = 0; i < model->param_count; i++)
        learning += model->params[i]->learns;
    if (!sl_probe_open(&probe, c->own->trainer, SLOPES_ROWS))
        for (int i = 0; i < model->param_count && !ctx->status; i++) {
            slopes_job job = { .probe = &probe, .param = model->params[i] };
            /* of many, some, evenly */
            if (!job.param->learns || !job.param->count ||
                (int64_t)seen++ * SLOPES_PARAMS % learning >= SLOPES_PARAMS)
                continue;
            slopes_param(&job, &stream, found);
        }
    sl_probe_close(&probe);
    found->worst = found->checked ? found->worst : (double)NAN;
    return ctx->status;
}
