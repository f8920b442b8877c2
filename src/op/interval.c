/* interval: of each target t three numbers, prediction p, low and high, c = coverage / 100: (p - t)^2 +
 * Q((1 - c) / 2, low) + Q((1 + c) / 2, high), Q(q, x) = max(q e, (q - 1) e), e = t - x: its mean over targets
 * and rows.        dp = 2 (p - t); of Q: -q, 1 - q or (x = t) 0; times dy / n */
#include "op/op.h"

enum { INTERVAL_OUTPUTS = 3 };

static sl_real interval_quantile(sl_real q, sl_real x, sl_real t, sl_real *d)
{
    const sl_real error = t - x;
    *d = x > t ? 1 - q : x < t ? 0 - q : (sl_real)0;
    return error > 0 ? q * error : (q - 1) * error;
}

static void interval_losses(sl_isa isa, sl_real coverage, sl_real *d, sl_real *loss, const sl_real *x,
                            const sl_real *t, size_t rows, size_t width)
{
    const size_t targets = width / INTERVAL_OUTPUTS;
    const sl_real low = (sl_real)((100 - (double)coverage) / 200),
                  high = (sl_real)((100 + (double)coverage) / 200), share = (sl_real)targets;
    (void)isa;
    for (size_t i = 0; i < rows; i++) {
        sl_real sum = 0;
        for (size_t j = 0; j < targets; j++, x += INTERVAL_OUTPUTS, d += INTERVAL_OUTPUTS, t++) {
            const sl_real error = x[0] - *t;
            sl_real below, above;
            sum += error * error;
            sum += interval_quantile(low, x[1], *t, &below);
            sum += interval_quantile(high, x[2], *t, &above);
            d[0] = 2 * error / share;
            d[1] = below / share;
            d[2] = above / share;
        }
        loss[i] = sum / share;
    }
}

static sl_status interval_shape(sl_node *n, sl_shape *y)
{
    return sl_shape_several_loss(n, y, INTERVAL_OUTPUTS);
}

const sl_op sl_op_interval = {
    .name = "interval",
    .summary = "squared error of a prediction, and pinball losses of two bounds around it",
    .formula = "L = 1/n sum_i (p_i - t_i)^2 + Q((1 - c) / 2, low_i) + Q((1 + c) / 2, high_i); Q(q, x) = "
               "max(q e, (q - 1) e), e = t_i - x; c = coverage / 100",
    .source = "Koenker, Bassett, Econometrica 1978",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = interval_shape,
    .forward = sl_row_loss_forward,
    .backward = sl_row_loss_backward,
    .row_losses = interval_losses,
    .options = sl_interval_options,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 1 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true,
                 .number = 90 },
               { .shape = { { 2, { 4, 6 } }, { 2, { 4, 2 } }, { 1, { 4 } } },
                 .low = -1,
                 .high = 1,
                 .fixed_last = true,
                 .number = 50 } },
};

sl_tensor *sl_interval(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target, sl_real coverage)
{
    return sl_apply_loss(tape, &sl_op_interval, prediction, target, NULL, coverage, false);
}
