/* gradcheck.c - computed gradients against central differences: signed, every element, with garbage in the
 * gradients beforehand, so that `=` in place of `+=` is caught.                                         */
#include "autograd/tape.h"

#include <math.h>
#include <string.h>

enum { GRADCHECK_GARBAGE = 7 };

static bool gradcheck_loss(sl_tape *tape, sl_tensor *(*loss)(sl_tape *, void *), void *user, uint32_t step,
                           double *value)
{
    sl_tape_reset(tape);
    tape->step = step; /* the same random numbers each time */
    sl_tensor *result = loss(tape, user);
    if (!result)
        return false;
    *value = (double)result->v[0];
    return true;
}

/* The steps' size, scaled to the value. Five points err by h^4 and by precision / h, which balance near the
 * fifth root of the precision, 6e-4 in double; smaller, because a wide step meets more kinks.           */
static double gradcheck_step(double value)
{
    const double base = sizeof(sl_real) == sizeof(double) ? 1e-4 : 2e-2;
    const double size = value < 0 ? -value : value;
    return base * (size > 1 ? size : 1);
}

/* One element: numerical slope; *kink when the slopes of both sides differ by more than curvature can. */
static bool gradcheck_slope(sl_tape *tape, sl_tensor *(*loss)(sl_tape *, void *), void *user, uint32_t step,
                            sl_real *element, double *slope, bool *kink)
{
    const sl_real kept = *element;
    const double h = gradcheck_step((double)kept);
    double value[5]; /* at -h, -h/2, 0, h/2, h */
    bool fine = true;
    for (int i = 0; i < 5 && fine; i++) {
        *element = (sl_real)((double)kept + h * (i - 2) / 2);
        fine = gradcheck_loss(tape, loss, user, step, &value[i]);
    }
    *element = kept;
    if (!fine)
        return false;
    /* Five-point difference: the error is of order h^4. */
    *slope = (8 * (value[3] - value[1]) - (value[4] - value[0])) / (6 * h);
    /* Smooth: the second difference falls with the square of h; at a kink it falls with h. */
    const double wide = value[4] - 2 * value[2] + value[0], narrow = value[3] - 2 * value[2] + value[1];
    const double bend = fabs(wide - 4 * narrow) / h;
    const double size = fabs(*slope) > 1e-3 ? fabs(*slope) : 1e-3;
    *kink = bend > (sizeof(sl_real) == sizeof(double) ? 1e-4 : 0.2) * size;
    return true;
}

sl_status sl_gradcheck(sl_ctx *ctx, sl_tensor *(*loss)(sl_tape *tape, void *user), void *user,
                       sl_tensor *const *params, int count, sl_gradcheck_result *result)
{
    *result = (sl_gradcheck_result){ 0 };
    if (!ctx || ctx->status)
        return sl_error(ctx);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    if (!tape)
        return SL_ENOMEM;
    for (int p = 0; p < count; p++) {
        if (!params[p] || !params[p]->g || params[p]->tape) {
            sl_tape_free(tape);
            return sl_fail(ctx, SL_EINVAL, "sl_gradcheck: parameter %d has no gradient of its own: make it with "
                                           "sl_param", p);
        }
        for (size_t i = 0; i < params[p]->count; i++)
            params[p]->g[i] = (sl_real)((int)((i * 5 + (size_t)p) % GRADCHECK_GARBAGE) - 3) / 2;
    }
    const uint32_t step = 0;
    const double least = sizeof(sl_real) == sizeof(double) ? 1e-3 : 1e-2; /* below it rounding is what one sees */
    double unused;
    bool fine = gradcheck_loss(tape, loss, user, step, &unused);
    if (fine) { /* the loss again, for its tensor: gradcheck_loss gives only the value */
        sl_tape_reset(tape);
        tape->step = step;
        fine = !sl_backward(tape, loss(tape, user));
    }
    for (int p = 0; p < count && fine; p++)
        for (size_t i = 0; i < params[p]->count && fine; i++) {
            const double garbage = (int)((i * 5 + (size_t)p) % GRADCHECK_GARBAGE) - 3;
            const double computed = (double)params[p]->g[i] - garbage / 2;
            double numerical;
            bool kink;
            fine = gradcheck_slope(tape, loss, user, step, params[p]->v + i, &numerical, &kink);
            if (!fine)
                break;
            result->skipped += kink;
            result->checked += !kink;
            double scale = fabs(numerical) > fabs(computed) ? fabs(numerical) : fabs(computed);
            scale = scale > least ? scale : least;
            double error = fabs(numerical - computed) / scale;
            error = error == error ? error : INFINITY; /* NaN is as wrong as can be */
            if (kink || error < result->worst || (error == result->worst && result->place))
                continue;
            result->worst = error;
            result->place = params[p]->name ? params[p]->name : "";
            result->element = i;
            result->numerical = numerical;
            result->computed = computed;
        }
    for (int p = 0; p < count; p++) {
        memset(params[p]->g, 0, params[p]->count * sizeof *params[p]->g);
        params[p]->has_grad = false;
    }
    sl_tape_free(tape);
    return ctx->status;
}
