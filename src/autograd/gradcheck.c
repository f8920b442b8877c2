/* gradcheck.c - computed gradients against central differences: signed, every element. The graph is walked
 * twice and half of the sum taken, so that `=` in place of `+=` is caught, and the reverse.             */
#include "autograd/tape.h"

#include <math.h>

typedef struct {
    sl_tape *tape;
    sl_tensor *(*loss)(sl_tape *tape, void *user);
    void *user;
} gradcheck_job;

#ifdef SL_REAL_DOUBLE
static const double gradcheck_reach = 1e-4;  /* h: where the error of order h^4 meets that of rounding */
static const double gradcheck_least = 1e-3;  /* smaller slopes are compared absolutely */
static const double gradcheck_doubt = 1e-8;  /* errors below it need no second look */
static const double gradcheck_kinked = 2e-8; /* disagreement of two estimates that no smooth loss shows */
static const double gradcheck_rounding = 1e-15;
#else
static const double gradcheck_reach = 2e-2, gradcheck_least = 1e-2, gradcheck_doubt = 5e-3,
                    gradcheck_kinked = 0.2, gradcheck_rounding = 0;
#endif

static bool gradcheck_value(const gradcheck_job *job, double *value)
{
    sl_tape_reset(job->tape);
    job->tape->step = 0; /* the same random numbers each time */
    sl_tensor *result = job->loss(job->tape, job->user);
    if (result)
        *value = (double)result->v[0];
    return result != NULL;
}

/* Losses at -h, -h/2, 0, h/2, h beside the element's value; the five-point difference, whose error is of
 * order h^4.                                                                                          */
static bool gradcheck_slope(const gradcheck_job *job, sl_real *element, double h, double value[5],
                            double *slope)
{
    const sl_real kept = *element;
    bool fine = true;
    for (int i = 0; i < 5 && fine; i++) {
        *element = (sl_real)((double)kept + h * (i - 2) / 2);
        fine = gradcheck_value(job, &value[i]);
    }
    *element = kept;
    *slope = fine ? (8 * (value[3] - value[1]) - (value[4] - value[0])) / (6 * h) : 0;
    return fine;
}

static double gradcheck_error(double numerical, double computed)
{
    double scale = fabs(numerical) > fabs(computed) ? fabs(numerical) : fabs(computed);
    scale = scale > gradcheck_least ? scale : gradcheck_least;
    const double error = fabs(numerical - computed) / scale;
    return error == error ? error : INFINITY; /* NaN is as wrong as can be */
}

/* A kink within reach leaves nothing to compare with. Two signs, neither of which knows the computed
 * gradient: the second difference falls with h, not with its square; or a quarter of the reach gives another
 * slope.  */
static bool gradcheck_kink(const gradcheck_job *job, sl_real *element, double h, const double value[5],
                           double slope, bool *kink)
{
    double near[5], closer;
    const double size = fabs(slope) > gradcheck_least ? fabs(slope) : gradcheck_least;
    const double limit = gradcheck_kinked * size + gradcheck_rounding * 16 * fabs(value[2]) / h;
    const double wide = value[4] - 2 * value[2] + value[0], narrow = value[3] - 2 * value[2] + value[1];
    *kink = fabs(wide - 4 * narrow) / h > limit;
    if (*kink)
        return true;
    if (!gradcheck_slope(job, element, h / 4, near, &closer))
        return false;
    *kink = fabs(slope - closer) > limit;
    return true;
}

static bool gradcheck_element(const gradcheck_job *job, const sl_tensor *param, size_t i, double computed,
                              sl_gradcheck_result *result)
{
    const double at = fabs((double)param->v[i]), h = gradcheck_reach * (at > 1 ? at : 1);
    double value[5], numerical;
    bool kink = false;
    if (!gradcheck_slope(job, param->v + i, h, value, &numerical))
        return false;
    const double error = gradcheck_error(numerical, computed);
    if (error > gradcheck_doubt && !gradcheck_kink(job, param->v + i, h, value, numerical, &kink))
        return false;
    result->skipped += kink;
    result->checked += !kink;
    if (kink || error < result->worst || (error == result->worst && result->place))
        return true;
    result->worst = error;
    result->place = param->name ? param->name : "";
    result->element = i;
    result->numerical = numerical;
    result->computed = computed;
    return true;
}

static void gradcheck_clear(sl_tensor *const *params, int count)
{
    for (int p = 0; p < count; p++)
        sl_tensor_clear_gradient(params[p]);
}

static bool gradcheck_walk(const gradcheck_job *job)
{
    sl_tape_reset(job->tape);
    job->tape->step = 0; /* the same random numbers each time */
    return !sl_backward(job->tape, job->loss(job->tape, job->user));
}

sl_status sl_gradcheck(sl_ctx *ctx, sl_tensor *(*loss)(sl_tape *tape, void *user), void *user,
                       sl_tensor *const *params, int count, sl_gradcheck_result *result)
{
    sl_gradcheck_result unwanted = { 0 };
    result = result ? result : &unwanted;
    *result = (sl_gradcheck_result){ 0 };
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!loss || !params)
        return sl_fail(ctx, SL_EINVAL, "sl_gradcheck: wants a function that builds the loss, and parameters");
    for (int p = 0; p < count; p++)
        if (!params[p] || !params[p]->g || params[p]->tape)
            return sl_fail(ctx, SL_EINVAL,
                           "sl_gradcheck: parameter %d has no gradient of its own: make it with "
                           "sl_param",
                           p);
    const gradcheck_job job = { sl_tape_new(ctx, SL_TRAIN), loss, user };
    if (!job.tape)
        return SL_ENOMEM;
    gradcheck_clear(params, count);
    bool fine = gradcheck_walk(&job);
    fine = fine && gradcheck_walk(&job);
    for (int p = 0; p < count; p++)
        for (size_t i = 0; i < params[p]->count && fine; i++)
            fine = gradcheck_element(&job, params[p], i, (double)params[p]->g[i] / 2, result);
    gradcheck_clear(params, count);
    sl_tape_free(job.tape);
    return ctx->status;
}
