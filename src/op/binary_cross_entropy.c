/* binary_cross_entropy: the mean of t log(1 + e^-x) + (1 - t) log(1 + e^x): from logits, finite for all of
 * them. dx = (sigmoid(x) - t) dy / n.   smoothing s: t (1 - s) + s / 2 stands for t. */
#include "op/op.h"

enum { BINARY_PIECE = 512 };

#define BINARY_SOFTENED(i) (t[i] * (1 - s) + SL_R(0.5) * s)
SL_INLINE void binary_soften_body(sl_real *soft, const sl_real *t, sl_real s, size_t n)
{
    SL_MAP_LANES(soft, n, BINARY_SOFTENED);
}
SL_CLONES(static, binary_soften, (sl_real * soft, const sl_real *t, sl_real s, size_t n), (soft, t, s, n))

#define BINARY_LESS(i) (p[i] - t[i])
SL_INLINE void binary_less_body(sl_real *p, const sl_real *t, size_t n)
{
    SL_MAP_LANES(p, n, BINARY_LESS);
}
SL_CLONES(static, binary_less, (sl_real * p, const sl_real *t, size_t n), (p, t, n))

static void binary_cross_entropy_losses(sl_isa isa, sl_real s, sl_real *loss, const sl_real *x,
                                        const sl_real *t, size_t n)
{
    sl_real soft[BINARY_PIECE];
    if (s == 0)
        sl_binary_cross_entropy_n(isa, loss, x, t, n);
    for (size_t i = 0; s != 0 && i < n; i += BINARY_PIECE) {
        const size_t count = n - i < BINARY_PIECE ? n - i : BINARY_PIECE;
        binary_soften(isa, soft, t + i, s, count);
        sl_binary_cross_entropy_n(isa, loss + i, x + i, soft, count);
    }
}

static void binary_cross_entropy_slopes(sl_isa isa, sl_real s, sl_real *d, const sl_real *x, const sl_real *t,
                                        size_t n)
{
    sl_real soft[BINARY_PIECE];
    sl_sigmoid_n(isa, d, x, n);
    if (s == 0)
        binary_less(isa, d, t, n);
    for (size_t i = 0; s != 0 && i < n; i += BINARY_PIECE) {
        const size_t count = n - i < BINARY_PIECE ? n - i : BINARY_PIECE;
        binary_soften(isa, soft, t + i, s, count);
        binary_less(isa, d + i, soft, count);
    }
}

static sl_status binary_cross_entropy_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    return sl_check_loss_targets(n, 0, 1, false, "0 to 1, the probability of the second class");
}

const sl_op sl_op_binary_cross_entropy = {
    .name = "binary_cross_entropy",
    .summary = "sigmoid and log-likelihood of a probability, from logits",
    .formula = "L = 1/n sum_i t_i log(1 + e^-x_i) + (1 - t_i) log(1 + e^x_i)",
    .source = "Cox 1958; smoothing: Szegedy et al., CVPR 2016",
    .written = "t = t*(1 - a) + a/2; p = 1/(1 + exp(-z)); -(t*log(p) + (1 - t)*log(1 - p)) | t*softplus(-z) "
               "+ (1 - t)*softplus(z)",
    .slope = "t = t*(1 - a) + a/2; p = 1/(1 + exp(-z)); p - t",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = binary_cross_entropy_shape,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = binary_cross_entropy_losses,
    .element_slopes = binary_cross_entropy_slopes,
    .options = sl_smoothing_options,
    .trial = { { .shape = { { 2, { 6, 1 } }, { 2, { 6, 1 } }, { 1, { 6 } } },
                 .low = 0,
                 .high = 1,
                 .fixed_last = true },
               { .shape = { { 1, { 4 } }, { 1, { 4 } }, { 1, { 4 } } }, .low = -9, .high = 9, .classes = 2 },
               { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } }, { 1, { 5 } } },
                 .low = -3,
                 .high = 3,
                 .classes = 2,
                 .number = 0.2 } },
};

sl_tensor *sl_binary_cross_entropy(sl_tape *tape, sl_tensor *logits, const sl_tensor *targets)
{
    return sl_apply_loss(tape, &sl_op_binary_cross_entropy, logits, targets, NULL, 0, false);
}
