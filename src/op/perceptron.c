/* perceptron: Rosenblatt's criterion for yes or no: the mean of (step(z) - t) z, step(z) = 1 for z >= 0, else
 * 0: 0 where the answer is right, else how far z is on the wrong side.        dz = (step(z) - t) dy / n */
#include "op/op.h"

#define PERCEPTRON_SLOPE(i) ((z[i] >= 0 ? (sl_real)1 : (sl_real)0) - t[i])
SL_INLINE void perceptron_slopes_body(sl_real a, sl_real *d, const sl_real *z, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(d, n, PERCEPTRON_SLOPE);
}
SL_CLONES(static, perceptron_slopes, (sl_real a, sl_real *d, const sl_real *z, const sl_real *t, size_t n),
          (a, d, z, t, n))

#define PERCEPTRON_LOSS(i) (PERCEPTRON_SLOPE(i) * z[i])
SL_INLINE void perceptron_losses_body(sl_real a, sl_real *loss, const sl_real *z, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(loss, n, PERCEPTRON_LOSS);
}
SL_CLONES(static, perceptron_losses, (sl_real a, sl_real *loss, const sl_real *z, const sl_real *t, size_t n),
          (a, loss, z, t, n))

static sl_status perceptron_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    return sl_check_loss_targets(n, 0, 1, true, "0 or 1, which class it is");
}

const sl_op sl_op_perceptron = {
    .name = "perceptron",
    .summary = "how far wrong answers are on the wrong side",
    .formula = "L = 1/n sum_i (step(z_i) - t_i) z_i",
    .source = "Rosenblatt, Psychological Review 1958",
    .written = "((z >= 0) - t)*z",
    .slope = "(z >= 0) - t",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = perceptron_shape,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = perceptron_losses,
    .element_slopes = perceptron_slopes,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 9, 1 } }, { 2, { 9, 1 } }, { 1, { 9 } } },
                 .low = -2,
                 .high = 2,
                 .classes = 2 },
               { .shape = { { 2, { 6, 1 } }, { 2, { 6, 1 } }, { 1, { 6 } } },
                 .low = 1,
                 .high = 3,
                 .classes = 1 } },
};

sl_tensor *sl_perceptron_loss(sl_tape *tape, sl_tensor *z, const sl_tensor *target)
{
    return sl_apply_loss(tape, &sl_op_perceptron, z, target, NULL, 0, false);
}
