/* perceptron: w <- w - lr g, where the loss `perceptron` has the gradient -y x of a row on the wrong side and
 * 0 of any other: add the misclassified rows. lr only scales the weights. */
#include "optim/optim.h"

SL_INLINE void perceptron_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g, size_t n)
{
    const sl_real lr = u->lr, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        w[i] -= lr * sl_slope(g[i], w[i], decay);
        g[i] = 0;
    }
}
SL_CLONES(static, perceptron_loop, (const sl_update *u, sl_real *w, sl_real *g, size_t n), (u, w, g, n))

static void perceptron_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                              size_t n)
{
    (void)state;
    perceptron_loop(isa, u, w, g, n);
}

static const sl_option perceptron_options[] = { SL_OPTION_LR(1), { 0 } };

const sl_rule sl_rule_perceptron = {
    .name = "perceptron",
    .summary = "adds the rows that are on the wrong side; with the loss perceptron",
    .formula = "w <- w - lr g",
    .source = "Rosenblatt 1958",
    .written = "w = w - lr*g",
    .options = perceptron_options,
    .only_loss = "perceptron",
    .update = perceptron_update,
};
