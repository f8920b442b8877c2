/* rprop: each weight has a step size, which grows while its gradient keeps the sign and shrinks when it
 * changes; then the weight waits for one step. Only the sign of the gradient counts. lr is the first step
 * size. */
#include "optim/optim.h"

SL_INLINE void rprop_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                               sl_real *restrict before, sl_real *restrict size, size_t n)
{
    const sl_real lr = u->lr, shrink = u->shrink, grow = u->grow, low = u->step_low, high = u->step_high;
    const sl_real decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay), turn = sl_sign(slope) * sl_sign(before[i]);
        const sl_real first = slope != 0 ? lr : 0; /* a size of 0: this weight never moved */
        const sl_real old = size[i] != 0 ? size[i] : first;
        const sl_real scaled = old * (turn > 0 ? grow : turn < 0 ? shrink : 1);
        const sl_real at_least = scaled < low ? low : scaled, limited = at_least > high ? high : at_least;
        const sl_real now = old != 0 ? limited : 0, way = turn < 0 ? 0 : slope;
        before[i] = sl_settle(way);
        size[i] = now;
        w[i] -= sl_sign(way) * now;
        g[i] = 0;
    }
}
SL_CLONES(static, rprop_loop,
          (const sl_update *u, sl_real *w, sl_real *g, sl_real *before, sl_real *size, size_t n),
          (u, w, g, before, size, n))

static void rprop_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                         size_t n)
{
    rprop_loop(isa, u, w, g, state[0], state[1], n);
}

static const sl_option rprop_options[] = {
    SL_OPTION_LR(0.01),
    SL_OPTION_SHARE("shrink", "factor on the step size where the sign changes", 0.5),
    { .name = "grow",
      .summary = "factor on the step size where the sign stays",
      .normal = 1.2,
      .low = 1,
      .high = 1e3,
      .above_low = true },
    { .name = "step_low",
      .summary = "least step size",
      .normal = 1e-6,
      .low = 0,
      .high = 1e30,
      .above_low = true },
    { .name = "step_high",
      .summary = "greatest step size",
      .normal = 50,
      .low = 0,
      .high = 1e30,
      .above_low = true },
    { 0 }
};

const sl_rule sl_rule_rprop = {
    .name = "rprop",
    .summary = "a step size for each weight, by the signs of its gradients; for a batch of all rows",
    .formula =
        "size <- size grow where g keeps its sign (at most step_high), size shrink where it changes (at "
        "least step_low; then g <- 0), w <- w - size sign(g)",
    .source = "Riedmiller, Braun, ICNN 1993; as in PyTorch (without going back)",
    .written = "turn = sign(g)*sign(before); old = size if size > 0 | lr if abs(g) > 0 | 0; size = "
               "min(max(old*grow, step_low), step_high) if turn > 0 | min(max(old*shrink, step_low), "
               "step_high) if turn < 0 | min(max(old, step_low), step_high) if old > 0 | 0; way = 0 if turn "
               "< 0 | g; before = way; w = w - size*sign(way)",
    .options = rprop_options,
    .states = 2,
    .state_names = { "before", "size" },
    .wants_all_rows =
        "it goes by the signs of the gradient from step to step, which differ from batch to batch by chance",
    .update = rprop_update,
};
