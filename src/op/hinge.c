/* hinge: what is missing to a margin of 1. One output x, two classes: max(0, 1 - x) for class 1, max(0, 1 +
 * x) for class 0. K outputs: 1/K sum over j != label of max(0, 1 - x_label + x_j). The mean over rows. The
 * slope where a maximum's sides meet is 0. */
#include "op/op.h"

static sl_real hinge_two(sl_real *d, sl_real x, sl_real label)
{
    const sl_real side = label > 0 ? 1 : -1, missing = 1 - side * x;
    *d = missing > 0 ? -side : 0;
    return missing > 0 || missing != missing ? missing : 0;
}

static sl_real hinge_row(sl_isa isa, sl_real *d, const sl_real *x, size_t label, size_t width)
{
    const sl_real own = x[label], share = 1 / (sl_real)width;
    sl_real missing[SL_LANES], total = 0, wrong = 0; /* the sum in pieces of 16 */
    for (size_t j = 0; j < width; j += SL_LANES) {
        const size_t count = width - j < SL_LANES ? width - j : SL_LANES;
        for (size_t k = 0; k < count; k++) {
            const sl_real gap = 1 - own + x[j + k];
            const bool counts = j + k != label && !(gap <= 0); /* NaN counts */
            missing[k] = counts ? gap : 0;
            d[j + k] = counts ? share : 0;
            wrong += counts ? 1 : 0;
        }
        total += sl_reduce_sum(isa, missing, count);
    }
    d[label] = -wrong * share;
    return total * share;
}

static void hinge_losses(sl_isa isa, sl_real a, sl_real *d, sl_real *loss, const sl_real *x,
                         const sl_real *label, size_t rows, size_t width)
{
    (void)a;
    for (size_t i = 0; i < rows; i++)
        loss[i] = width == 1 ? hinge_two(d + i, x[i], label[i])
                             : hinge_row(isa, d + i * width, x + i * width, (size_t)label[i], width);
}

static sl_status hinge_shape(sl_node *n, sl_shape *y)
{
    return sl_shape_label_loss(n, y, 1, "scores");
}

const sl_op sl_op_hinge = {
    .name = "hinge",
    .summary = "what is missing to a margin of 1",
    .formula =
        "L = 1/n sum_i max(0, 1 - s_i x_i), s = 1 or -1; K outputs: 1/K sum_j max(0, 1 - x_label + x_j)",
    .source = "Cortes, Vapnik 1995; Crammer, Singer 2001",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = hinge_shape,
    .forward = sl_row_loss_forward,
    .backward = sl_row_loss_backward,
    .row_losses = hinge_losses,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 6, 5 } }, { 1, { 6 } }, { 1, { 6 } } },
                 .low = -2,
                 .high = 2,
                 .classes = 5 },
               { .shape = { { 2, { 9, 1 } }, { 1, { 9 } }, { 1, { 9 } } },
                 .low = -3,
                 .high = 3,
                 .classes = 2 },
               { .shape = { { 2, { 2, 20 } }, { 1, { 2 } }, { 1, { 2 } } },
                 .low = -0.4,
                 .high = 0.4,
                 .classes = 20 } },
};

sl_tensor *sl_hinge(sl_tape *tape, sl_tensor *scores, const sl_tensor *labels)
{
    return sl_apply_loss(tape, &sl_op_hinge, scores, labels, NULL, 0, false);
}
