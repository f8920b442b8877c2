/* curve.c - see curve.h */
#include "plot/numbers/curve.h"
#include "autograd/tape.h"

#include <math.h>

sl_status sl_curve_activation(sl_ctx *ctx, const sl_op *op, sl_real number, const double *x, size_t count,
                              double *y, double *slope)
{
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *at = sl_param(ctx, sl_dims((int)count), "zeros");
    for (size_t i = 0; at && i < count; i++)
        at->v[i] = (sl_real)x[i];
    sl_tensor *value = tape && at ? sl_apply(tape, op, &at, &(sl_op_options){ .number = number }) : NULL;
    for (size_t i = 0; value && i < count; i++)
        y[i] = (double)value->v[i];
    if (value && !op->flat && !sl_backward(tape, sl_sum(tape, value)))
        for (size_t i = 0; i < count; i++)
            slope[i] = (double)at->g[i];
    sl_tensor_free(at);
    sl_tape_free(tape);
    return ctx->status;
}

void sl_curve_places(double low, double high, double *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (low * (double)(count - 1 - i) + high * (double)i) / (double)(count - 1);
}

char *sl_curve_figures(double value, int figures, char *text)
{
    double scale = 1, size = fabs(value), least = 1;
    for (int i = 1; i < figures; i++)
        least *= 10;
    for (int i = 0; i < 300 && size > 0 && size * scale < least; i++)
        scale *= 10;
    return sl_number_text(text, floor(value * scale + 0.5) / scale);
}
