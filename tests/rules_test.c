/* Optimizers: the lectures' numbers, each rule against its formula written down here, decay, options, and the
 * law that small state becomes 0. Runs in both builds.                                                    */
#include "engine.h"
#include "optim/optim.h"

/* S88: min (y - x theta)^2, y = 10, x = 2, theta_0 = 6; the gradient is 2 x (x theta - y). */
typedef struct {
    sl_ctx *ctx;
    sl_tape *tape;
    sl_tensor *x, *y, *theta;
    sl_step *step;
    double gradient, loss; /* of the last step, before it */
} parabola;

static parabola parabola_new(sl_optimizer optimizer)
{
    parabola p = { .ctx = engine_ctx(1) };
    p.tape = sl_tape_new(p.ctx, SL_TRAIN);
    p.x = sl_tensor_new(p.ctx, sl_dims(1, 1), (const sl_real[]){ 2 });
    p.y = sl_tensor_new(p.ctx, sl_dims(1, 1), (const sl_real[]){ 10 });
    p.theta = engine_param(p.ctx, sl_dims(1, 1), (const sl_real[]){ 6 });
    p.step = sl_step_new(p.ctx, optimizer, &p.theta, 1);
    assert_fine(p.ctx);
    return p;
}

static double parabola_step(parabola *p)
{
    sl_tensor *loss = sl_mean_squared(p->tape, sl_linear(p->tape, p->x, p->theta, NULL, NULL), p->y);
    assert_int_equal(sl_backward(p->tape, loss), SL_OK);
    p->loss = (double)sl_values(loss)[0];
    p->gradient = (double)sl_gradient(p->theta)[0];
    assert_int_equal(sl_step_apply(p->step), SL_OK);
    return (double)sl_values(p->theta)[0];
}

static void S86_S88_descent_by_hand(void **unused)
{
    (void)unused;
    static const double thetas[] = { 5.92, 5.8464, 5.778688 }, gradients[] = { 8, 7.36, 6.7712 };
    static const double losses[] = { 4, 3.3856, 2.86557184, 2.425420005376 };
    const double rounding = engine_tolerance(4e-7, 1e-14);
    parabola p = parabola_new(sl_sgd(.lr = (sl_real)0.01));
    double error = 1;
    for (int i = 0; i < 100; i++) {
        const double theta = parabola_step(&p);
        error *= 0.92; /* each step leaves this much */
        if (i < 3) {
            assert_near(theta, thetas[i], rounding);
            assert_near(p.gradient, gradients[i], 8 * rounding);
        }
        if (i < 4)
            assert_near(p.loss, losses[i], 8 * rounding);
        assert_near(theta - 5, error, 10 * rounding);
    }
    sl_ctx_free(p.ctx);
    p = parabola_new(sl_sgd(.lr = (sl_real)0.125)); /* lands in one step */
    assert_true(parabola_step(&p) == 5);
    assert_true(parabola_step(&p) == 5 && p.loss == 0);
    sl_ctx_free(p.ctx);
    p = parabola_new(sl_sgd(.lr = (sl_real)0.25)); /* does not converge: to and fro for ever */
    for (int i = 0; i < 1000; i++)
        assert_true(parabola_step(&p) == (i % 2 ? 6 : 4));
    sl_ctx_free(p.ctx);
    p = parabola_new(sl_sgd(.lr = (sl_real)0.26));
    for (int i = 0; i < 50; i++)
        parabola_step(&p);
    assert_true(p.loss > 1000);
    sl_ctx_free(p.ctx);
}

static void S87_steps_until_the_last_one_is_small(void **unused)
{
    (void)unused;
    static const struct {
        double epsilon;
        int steps;
    } cases[] = { { 1e-2, 26 }, { 1e-3, 54 }, { 1e-4, 82 }, { 1e-6, 137 } };
    for (int i = 0; i < (ENGINE_DOUBLE ? 4 : 3); i++) { /* float has no step of 1e-6 at 5 */
        parabola p = parabola_new(sl_sgd(.lr = (sl_real)0.01));
        double before = 6, theta = parabola_step(&p);
        int steps = 1;
        for (; fabs(theta - before) > cases[i].epsilon; steps++) {
            before = theta;
            theta = parabola_step(&p);
        }
        assert_int_equal(steps, cases[i].steps);
        sl_ctx_free(p.ctx);
    }
}

static void check_trace(sl_optimizer optimizer, const double *wanted, int count, double tolerance)
{
    parabola p = parabola_new(optimizer);
    for (int i = 0; i < count; i++)
        assert_near(parabola_step(&p), wanted[i], tolerance);
    sl_ctx_free(p.ctx);
}

/* A gradient of 1 in every step, for as many weights as there are. */
static void constant_gradient(sl_ctx *ctx, sl_tape *tape, sl_tensor *w, sl_step *step)
{
    assert_int_equal(sl_backward(tape, sl_sum(tape, w)), SL_OK);
    assert_int_equal(sl_step_apply(step), SL_OK);
    assert_fine(ctx);
}

/* S112, T6: the averaging form and the classic one, whose steps are 10 times as long at 0.9 */
static void S112_momentum_in_both_forms(void **unused)
{
    (void)unused;
    static const double ema[] = { 5.992, 5.976864, 5.955426688, 5.928489693696 };
    static const double classic[] = { 5.92, 5.7744, 5.581408, 5.36120256 };
    check_trace((sl_optimizer){ .rule = "momentum_ema", .lr = (sl_real)0.01 }, ema, 4,
                engine_tolerance(4e-7, 1e-14));
    check_trace((sl_optimizer){ .rule = "momentum", .lr = (sl_real)0.01 }, classic, 4,
                engine_tolerance(4e-7, 1e-14));
    static const double averages[] = { 0.1, 0.19, 0.271 }, sums[] = { 1, 1.9, 2.71 };
    for (int form = 0; form < 2; form++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *w = sl_param(ctx, sl_dims(2), "zeros");
        sl_step *step =
            sl_step_new(ctx, (sl_optimizer){ .rule = form ? "momentum" : "momentum_ema", .lr = 1 }, &w, 1);
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            constant_gradient(ctx, tape, w, step);
            const double v = form ? sums[i] : averages[i];
            sum += v;
            assert_near(step->state[0][1], v, engine_tolerance(2e-7, 1e-15));
            assert_near(sl_values(w)[1], -sum, engine_tolerance(4e-7, 1e-15));
        }
        sl_ctx_free(ctx);
    }
}

static void S116_adam(void **unused)
{
    (void)unused;
    static const double thetas[] = { 5.99900000, 5.99800003, 5.99700010 }; /* to 8 digits */
    check_trace(sl_adam(.lr = (sl_real)0.001), thetas, 3, engine_tolerance(2e-7, 2e-9));
    double m = 0, v = 0, theta = 6, b1 = 1, b2 = 1;
    double formula[50];
    for (int i = 0; i < 50; i++) { /* the paper's algorithm 1 */
        const double g = 4 * (2 * theta - 10);
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        b1 *= 0.9;
        b2 *= 0.999;
        theta -= 0.001 * (m / (1 - b1)) / (sqrt(v / (1 - b2)) + 1e-8);
        formula[i] = theta;
    }
    check_trace(sl_adam(), formula, 50, engine_tolerance(1e-6, 1e-13)); /* 0.001 is the default */
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *w = sl_param(ctx, sl_dims(1), "zeros");
    sl_step *step = sl_step_new(ctx, sl_adam(.lr = (sl_real)0.001), &w, 1);
    for (int i = 0; i < 20; i++) { /* a constant gradient: each step is alpha */
        const double before = (double)sl_values(w)[0];
        constant_gradient(ctx, tape, w, step);
        assert_true(fabs(before - (double)sl_values(w)[0] - 9.9999999e-4) < engine_tolerance(1e-8, 1e-14));
    }
    sl_ctx_free(ctx);
}

/* Steps without a gradient of the loss's own: what is left is the decay. w [1, 2], b [2], both 1 and 100 */
static void decay_alone(sl_optimizer optimizer, int steps, sl_real w[2], sl_real b[2])
{
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    const sl_real start[] = { 1, 100 };
    sl_tensor *p[] = { engine_param(ctx, sl_dims(1, 2), start), engine_param(ctx, sl_dims(2), start) };
    sl_tensor *nothing = sl_tensor_new(ctx, (sl_shape){ 0 }, NULL);
    sl_step *step = sl_step_new(ctx, optimizer, p, 2);
    for (int i = 0; i < steps; i++) {
        sl_backward(tape, sl_mul(tape, sl_sum(tape, sl_add(tape, p[0], p[1])), nothing));
        sl_step_apply(step);
    }
    assert_fine(ctx);
    memcpy(w, sl_values(p[0]), 2 * sizeof *w);
    memcpy(b, sl_values(p[1]), 2 * sizeof *b);
    sl_ctx_free(ctx);
}

/* S117, T8: adamw's decay is a factor on the weight; adam's goes through the adaptive rate, and is hardly a
 * decay */
static void S117_T8_decay(void **unused)
{
    (void)unused;
    sl_real w[2], b[2];
    decay_alone(sl_adamw(.lr = (sl_real)0.01, .decay = (sl_real)0.1), 50, w, b);
    const sl_real keep = 1 - (sl_real)0.01 * (sl_real)0.1;
    sl_real exact[] = { 1, 100 };
    for (int i = 0; i < 50; i++) {
        exact[0] *= keep;
        exact[1] *= keep;
    }
    assert_bits(w, exact, 2);
    assert_near(w[0], pow(1 - 0.001, 50), engine_tolerance(4e-6, 1e-14));
    assert_true(b[0] == 1 && b[1] == 100); /* biases are never decayed */
    decay_alone(sl_adam(.lr = (sl_real)0.01, .decay = (sl_real)0.1), 1, w, b);
    assert_near(w[0], 1 - 0.01, 1e-6); /* the same step for a weight of 1 and of 100 */
    assert_near(w[1], 100 - 0.01, 1e-6);
    assert_true(b[0] == 1 && b[1] == 100);
    decay_alone(sl_sgd(.lr = (sl_real)0.1, .decay = (sl_real)0.5), 1, w,
                b); /* of decay/2 w^2: no factor of 2 */
    assert_near(w[0], 0.95, 1e-7);
    assert_near(w[1], 95, 1e-7);
    assert_true(b[0] == 1 && b[1] == 100);
    decay_alone(sl_adamw(.lr = (sl_real)0.01), 1, w, b); /* default 0.01 */
    assert_near(w[1], 100 * (1 - 1e-4), 1e-7);
    decay_alone(sl_adamw(.lr = (sl_real)0.01, .decay = -1), 1, w, b); /* none */
    assert_true(w[0] == 1 && w[1] == 100);
}

/* --- every rule of the folder --- */

static void every_rule_is_described_and_finds_the_bottom(void **unused)
{
    (void)unused;
    size_t rules = 0;
    for (const sl_rule *rule; (rule = sl_rule_at(rules)); rules++) {
        if (!rule->summary || !*rule->summary || !rule->formula || !*rule->formula || !rule->source ||
            !*rule->source)
            fail_msg("optimizer %s lacks its summary, formula or source", rule->name);
        for (int s = 0; s < rule->states; s++)
            assert_non_null(rule->state_names[s]);
        /* adagrad's steps fall, adadelta's begin at sqrt(epsilon): these want more */
        const double lr = !strcmp(rule->name, "adagrad") ? 0.3 : !strcmp(rule->name, "adadelta") ? 10 : 0.01;
        parabola p = parabola_new((sl_optimizer){ .rule = rule->name, .lr = (sl_real)lr });
        double theta = 6;
        for (int i = 0; i < 3000; i++)
            theta = parabola_step(&p);
        if (!(fabs(theta - 5) < 0.05))
            fail_msg("%s is at %g after 3000 steps, not at 5", rule->name, theta);
        sl_ctx_free(p.ctx);
    }
    assert_true(rules >= 14);
}

/* Weights do not know of each other: 37 in one tensor move as each would alone, bit for bit. */
static void every_rule_treats_each_weight_alone(void **unused)
{
    (void)unused;
    enum { N = 37, STEPS = 5 };
    for (size_t r = 0; sl_rule_at(r); r++) {
        sl_ctx *ctx = engine_ctx(1);
        uint64_t state = 21;
        sl_real start[N], g[N];
        engine_fill(&state, start, N, -2, 2);
        engine_fill(&state, g, N, -2, 2);
        const sl_optimizer optimizer = { .rule = sl_rule_at(r)->name, .lr = (sl_real)0.1 };
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *all = engine_param(ctx, sl_dims(N), start), *tg = sl_tensor_new(ctx, sl_dims(N), g);
        sl_step *step = sl_step_new(ctx, optimizer, &all, 1);
        for (int s = 0; s < STEPS; s++) {
            sl_backward(tape, sl_sum(tape, sl_mul(tape, all, tg)));
            sl_step_apply(step);
        }
        for (int i = 0; i < N; i++) {
            sl_tensor *one = engine_param(ctx, sl_dims(1), start + i),
                      *og = sl_tensor_new(ctx, sl_dims(1), g + i);
            sl_step *alone = sl_step_new(ctx, optimizer, &one, 1);
            for (int s = 0; s < STEPS; s++) {
                sl_backward(tape, sl_sum(tape, sl_mul(tape, one, og)));
                sl_step_apply(alone);
            }
            assert_fine(ctx);
            assert_bits(sl_values(one), sl_values(all) + i, 1);
        }
        sl_ctx_free(ctx);
    }
}

/* The law: state below 2^-100 is 0. After gradients come 100,000 steps without: no denormal ever, and 0 at
 * last. */
static void no_state_lingers_as_a_denormal_number(void **unused)
{
    (void)unused;
    enum { N = 5, STEPS = 100000 };
    const sl_real g[N] = { 1, (sl_real)1e-3, (sl_real)-1e-12, (sl_real)1e-20, 30 };
    for (size_t r = 0; sl_rule_at(r); r++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *w = sl_param(ctx, sl_dims(N), "zeros"), *tg = sl_tensor_new(ctx, sl_dims(N), g);
        sl_step *step = sl_step_new(ctx, (sl_optimizer){ .rule = sl_rule_at(r)->name, .decay = -1 }, &w, 1);
        for (int i = 0; i < STEPS; i++) {
            if (i == 3)
                memset(sl_values(tg), 0, N * sizeof(sl_real));
            sl_backward(tape, sl_sum(tape, sl_mul(tape, w, tg)));
            sl_step_apply(step);
            for (int s = 0; s < step->rule->states; s++)
                for (int j = 0; j < N; j++) {
                    const double size = fabs((double)step->state[s][j]);
                    if (size != 0 && size < 0x1p-100)
                        fail_msg("%s: %s is %g after %d steps", step->rule->name, step->rule->state_names[s],
                                 size, i);
                }
        }
        assert_fine(ctx);
        for (int s = 0; s < step->rule->states; s++) {
            const char *name = step->rule->state_names[s]; /* these are not forgotten by design */
            const bool stays = !strcmp(name, "sum") || !strcmp(name, "v_max") || !strcmp(name, "size");
            for (int j = 0; j < N && !stays; j++)
                assert_true(step->state[s][j] == 0);
        }
        sl_ctx_free(ctx);
    }
}

static void wrong_options_are_refused_with_the_number(void **unused)
{
    (void)unused;
    static const struct {
        sl_optimizer optimizer;
        const char *sentence;
    } cases[] = {
        { { .rule = "adma" }, "'adma': did you mean 'adam'?" },
        { { .rule = "sgd", .lr = -1 }, "lr is -1: wants a number above 0" },
        { { .rule = "sgd", .lr = (sl_real)NAN }, "lr is nan" },
        { { .rule = "sgd", .momentum = (sl_real)0.5 },
          "optimizer sgd does not know momentum (momentum, momentum_ema, nesterov do): leave it out; it "
          "takes "
          "lr, decay, clip_value, clip_norm, l1, l1_prox, max_norm, average" },
        { { .rule = "adam", .momentum = (sl_real)0.5 }, "adam does not know momentum" },
        { { .rule = "momentum", .momentum = 1 },
          "optimizer momentum: momentum is 1: wants a number above 0 and below 1 (default 0.9)" },
        { { .rule = "momentum", .beta2 = (sl_real)0.5 }, "momentum does not know beta2" },
        { { .beta1 = (sl_real)1.5 }, "beta1 is 1.5" },
        { { .epsilon = -1 }, "epsilon is -1: wants a number above 0 and below 1 (default 1e-8)" },
        { { .rule = "adagrad", .epsilon = -1 }, "(default 1e-10)" },
        { { .rule = "adadelta", .lr = -1 }, "lr is -1: wants a number above 0 and below 1e30 (default 1)" },
        { { .rule = "rmsprop", .rho = (sl_real)1.1 },
          "rho is 1.1: wants a number above 0 and below 1 (default 0.99)" },
        { { .rule = "rprop", .grow = (sl_real)0.5 }, "grow is 0.5: wants a number above 1" },
        { { .rule = "rprop", .step_low = 60 }, "step_low is 60, above step_high 50" },
        { { .rule = "lion", .epsilon = (sl_real)0.1 },
          "lion does not know epsilon (adadelta, adagrad, adam" },
        { { .clip_norm = -1 }, "clip_norm is -1: wants a number above 0 and below 1e30 (default none)" },
        { { .average = 1 }, "average is 1: wants a number above 0 and below 1 (default none)" },
        { { .decay = (sl_real)INFINITY },
          "decay is inf: wants a number of at least 0 and below 1e30 (default none)" },
        { { .decay = (sl_real)NAN }, "decay is nan: wants a number of at least 0" },
    };
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *w = sl_param(ctx, sl_dims(3), "zeros");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(sl_step_new(ctx, cases[i].optimizer, &w, 1));
        assert_says(ctx, SL_EINVAL, cases[i].sentence);
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S86_S88_descent_by_hand),
        cmocka_unit_test(S87_steps_until_the_last_one_is_small),
        cmocka_unit_test(S112_momentum_in_both_forms),
        cmocka_unit_test(S116_adam),
        cmocka_unit_test(S117_T8_decay),
        cmocka_unit_test(every_rule_is_described_and_finds_the_bottom),
        cmocka_unit_test(every_rule_treats_each_weight_alone),
        cmocka_unit_test(no_state_lingers_as_a_denormal_number),
        cmocka_unit_test(wrong_options_are_refused_with_the_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
