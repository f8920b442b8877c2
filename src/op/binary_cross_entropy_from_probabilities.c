/* binary_cross_entropy_from_probabilities: the mean of -t log p - (1 - t) log(1 - p). Neither logarithm is
 * taken of less than 1e-12, so none is below -27.7, and the slope's divisor p (1 - p) is kept above that too.
 * dp = (p - t) / (p (1 - p)) dy / n */
#include "op/op.h"

SL_INLINE sl_real binary_clipped(sl_real p) /* NaN stays NaN */
{
    return p < SL_R(1e-12) ? SL_R(1e-12) : p;
}

#define BINARY_LOSS(i)                                                                                       \
    (-(t[i] * sl_log_r(binary_clipped(p[i])) + (1 - t[i]) * sl_log_r(binary_clipped(1 - p[i]))))
SL_INLINE void binary_losses_body(sl_real a, sl_real *loss, const sl_real *p, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(loss, n, BINARY_LOSS);
}
SL_CLONES(static, binary_losses, (sl_real a, sl_real *loss, const sl_real *p, const sl_real *t, size_t n),
          (a, loss, p, t, n))

#define BINARY_SLOPE(i) ((p[i] - t[i]) / binary_clipped(p[i] * (1 - p[i])))
SL_INLINE void binary_slopes_body(sl_real a, sl_real *d, const sl_real *p, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(d, n, BINARY_SLOPE);
}
SL_CLONES(static, binary_slopes, (sl_real a, sl_real *d, const sl_real *p, const sl_real *t, size_t n),
          (a, d, p, t, n))

static sl_status binary_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    return sl_check_loss_targets(n, 0, 1, false, "0 to 1, the probability of the second class");
}

const sl_op sl_op_binary_cross_entropy_from_probabilities = {
    .name = "binary_cross_entropy_from_probabilities",
    .summary = "log-likelihood of a probability that the net gives itself",
    .formula = "L = 1/n sum_i -t_i log p_i - (1 - t_i) log(1 - p_i)",
    .source = "Cox 1958",
    .written = "-(t*log(z) + (1 - t)*log(1 - z)) | -(t*log(max(z, 1e-12)) + (1 - t)*log(max(1 - z, 1e-12)))",
    .slope = "(z - t)/(z*(1 - z)) | (z - t)/max(z*(1 - z), 1e-12)",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = binary_shape,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = binary_losses,
    .element_slopes = binary_slopes,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 6, 1 } }, { 2, { 6, 1 } }, { 1, { 6 } } },
                 .low = 0.1,
                 .high = 0.9,
                 .fixed_last = true },
               { .shape = { { 1, { 20 } }, { 1, { 20 } }, { 1, { 20 } } },
                 .low = 0.2,
                 .high = 0.8,
                 .classes = 2 } },
};

sl_tensor *sl_binary_cross_entropy_from_probabilities(sl_tape *tape, sl_tensor *p, const sl_tensor *targets)
{
    return sl_apply_loss(tape, &sl_op_binary_cross_entropy_from_probabilities, p, targets, NULL, 0, false);
}
