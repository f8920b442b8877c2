/* The update explained: the lectures' numbers, and what stands around a rule, by hand. In double alone:
 * explanations are meant for it. */
#include "explained.h"

#ifdef SL_REAL_DOUBLE

static void check_trace(update_case c, const char *name, const double *wanted, int steps, double tolerance)
{
    sl_explanation *e = case_explain(&c, steps, true);
    for (int s = 0; s < steps; s++)
        assert_near(explained(e, name, s), wanted[s], tolerance);
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

/* --- the lectures --- */

static void S88_three_updates_by_hand(void **unused)
{
    (void)unused;
    static const double theta[] = { 5.92, 5.8464, 5.778688 }, slope[] = { 8, 7.36, 6.7712 },
                        loss[] = { 4, 3.3856, 2.86557184 };
    const update_case c = case_of_one("mean_squared", sl_sgd(.lr = 0.01), 2, 10, 6);
    sl_explanation *e = case_explain(&c, 4, true);
    for (int s = 0; s < 3; s++) {
        assert_near(explained(e, "W1[0,0]", s), theta[s], 1e-13);
        assert_near(explained(e, "dL/dW1[0,0]", s), slope[s], 1e-13);
        assert_near(explained(e, "L", s), loss[s], 1e-13);
    }
    assert_near(explained(e, "L", 3), 2.425420005376, 1e-12);
    check_says(e, "2.86557184");
    check_silent(e, "rose");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

static void S112_both_forms_of_momentum(void **unused)
{
    (void)unused;
    static const double ema[] = { 5.992, 5.976864, 5.955426688 }, classic[] = { 5.92, 5.7744, 5.581408 },
                        v[] = { 0.1, 0.19, 0.271 };
    const sl_optimizer averaging = { .rule = "momentum_ema", .lr = 0.01 };
    check_trace(case_of_one("mean_squared", averaging, 2, 10, 6), "W1[0,0]", ema, 3, 1e-13);
    check_trace(case_of_one("mean_squared", sl_momentum(.lr = 0.01), 2, 10, 6), "W1[0,0]", classic, 3, 1e-13);
    /* a gradient of 1: |w - y| */
    check_trace(case_of_one("mean_absolute", averaging, 1, -100, 6), "v of W1[0,0]", v, 3, 1e-15);
}

static double parabola_slope(double theta)
{
    return 4 * (2 * theta - 10);
}

static void S113_nesterov_by_hand(void **unused)
{
    (void)unused;
    double wanted[5], theta = 6, v = 0;
    for (int s = 0; s < 5; s++) {
        const double g = parabola_slope(theta);
        v = 0.9 * v + g;
        theta -= 0.01 * (g + 0.9 * v);
        wanted[s] = theta;
    }
    assert_near(wanted[0], 5.848, 1e-12);
    check_trace(case_of_one("mean_squared", sl_nesterov(.lr = 0.01), 2, 10, 6), "W1[0,0]", wanted, 5, 1e-13);
}

static void S114_steps_of_adagrad_fall_as_the_root(void **unused)
{
    (void)unused;
    double wanted[9], w = 6;
    for (int s = 0; s < 9; s++)
        wanted[s] = w -= 0.5 / sqrt(s + 1);
    check_trace(case_of_one("mean_absolute", sl_adagrad(.lr = 0.5), 1, -100, 6), "W1[0,0]", wanted, 9, 1e-9);
}

static void S115_rmsprop_by_hand(void **unused)
{
    (void)unused;
    double wanted[4], theta = 6, v = 0;
    for (int s = 0; s < 4; s++) {
        const double g = parabola_slope(theta);
        v = 0.9 * v + 0.1 * g * g;
        theta -= 0.01 * g / (sqrt(v) + 1e-8);
        wanted[s] = theta;
    }
    assert_near(wanted[0], 5.968377223, 1e-8);
    check_trace(case_of_one("mean_squared", sl_rmsprop(.lr = 0.01, .rho = 0.9), 2, 10, 6), "W1[0,0]", wanted,
                4, 1e-12);
}

static void S116_adam(void **unused)
{
    (void)unused;
    static const double theta[] = { 5.99900000, 5.99800003, 5.99700010 };
    check_trace(case_of_one("mean_squared", sl_adam(.lr = 0.001), 2, 10, 6), "W1[0,0]", theta, 3, 5e-9);
    const double steps[] = { 5.999, 5.998, 5.997 }; /* a constant gradient: each step is lr */
    check_trace(case_of_one("mean_absolute", sl_adam(0), 1, -100, 6), "W1[0,0]", steps, 3, 1e-8);
    const update_case c = case_of_one("mean_squared", sl_adam(0), 2, 10, 6);
    sl_explanation *e = case_explain(&c, 1, true);
    check_says(e, "adam: lr = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8"); /* T16 */
    check_says(e, "m_hat of W1[0,0] = 0.8/(1 - 0.9^1) = 8");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

/* x = 0: the loss has no gradient. */
static void S117_decay_of_adamw_and_of_adam(void **unused)
{
    (void)unused;
    double wanted[3], w = 2;
    for (int s = 0; s < 3; s++)
        wanted[s] = w *= 1 - 0.1 * 0.5;
    check_trace(case_of_one("mean_squared", sl_adamw(.lr = 0.1, .decay = 0.5), 0, 1, 2), "W1[0,0]", wanted, 3,
                1e-15);
    const update_case c = case_of_one("mean_squared", sl_adam(.lr = 0.1, .decay = 0.5), 0, 1, 2);
    sl_explanation *e = case_explain(&c, 1, true);
    assert_near(explained(e, "g of W1[0,0]", 0), 1, 0);
    assert_near(explained(e, "W1[0,0]", 0), 1.9, 1e-8); /* lr, however small the decay */
    check_says(e, "divided by the root as g is");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

static update_case lecture(double lr)
{
    static const double x = 2, y = 3, weights[] = { 0.5, 1 };
    return case_of("1 relu", "mean_squared", sl_sgd(.lr = lr), 1, 1, &x, &y, weights);
}

/* T1: what the loss becomes depends on which weights move. */
static void S79_says_which_weights_moved(void **unused)
{
    (void)unused;
    static const char *const frozen[] = { NULL, "dense_1", "output" };
    static const char *const moved[] = { "moved: W1, W2; frozen: b1, b2", "moved: W2; frozen: W1, b1, b2",
                                         "moved: W1; frozen: b1, W2, b2" };
    static const double losses[] = { 0.4096, 2.56, 0.16 };
    for (int i = 0; i < 3; i++) {
        const update_case c = lecture(0.1);
        if (frozen[i])
            assert_int_equal(sl_model_freeze(c.model, frozen[i], true), SL_OK);
        sl_explanation *e = case_explain(&c, 1, true);
        char change[64], number[32];
        snprintf(change, sizeof change, "L = 4 -> %s\n", sl_number_text(number, losses[i]));
        check_says(e, moved[i]);
        check_says(e, change);
        assert_near(sl_values(sl_model_param(c.model, 0))[0], i == 1 ? 0.5 : 1.3, 1e-15);
        sl_explanation_free(e);
        sl_ctx_free(c.ctx);
    }
}

/* T2 */
static void S80_oscillates_or_converges(void **unused)
{
    (void)unused;
    static const double losses[] = { 4, 0.410, 0.981, 0.864, 2.114, 0.774, 1.882, 0.826 };
    update_case c = lecture(0.1);
    sl_explanation *e = case_explain(&c, 8, true);
    for (int s = 0; s < 8; s++)
        assert_near(explained(e, "L", s), losses[s], 5.1e-4);
    check_says(e, "oscillates");
    check_says(e, "at first in step 2, from 0.4096 to 0.98059");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
    c = lecture(0.05);
    e = case_explain(&c, 5, true);
    assert_true(explained(e, "L", 4) < 1e-4);
    check_silent(e, "rose");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
    c = case_of_one("mean_squared", sl_sgd(.lr = 0.3), 2, 10, 6); /* S88: 1 - 8 lr is below -1 */
    e = case_explain(&c, 1, true);
    check_says(e, "the step went too far: the loss rose from 4 to 7.84");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

/* --- what stands around the rule, by hand --- */

static void clipping_by_hand(void **unused)
{
    (void)unused;
    static const double x = 2, y = 3, weights[] = { 0.5, 1 };
    /* gradients -8 and -4: |g| = sqrt(80) */
    update_case c =
        case_of("1 relu", "mean_squared", sl_sgd(.lr = 0.1, .clip_norm = 1), 1, 1, &x, &y, weights);
    sl_explanation *e = case_explain(&c, 1, true);
    assert_near(explained(e, "|g|", 0), sqrt(80), 1e-14);
    assert_near(explained(e, "clip", 0), 1 / sqrt(80), 1e-15);
    assert_near(explained(e, "W1[0,0]", 0), 0.5 + 0.8 / sqrt(80), 1e-15);
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
    c = case_of("1 relu", "mean_squared", sl_sgd(.lr = 0.1, .clip_value = 3, .clip_norm = 2), 1, 1, &x, &y,
                weights); /* -3 and -3 */
    e = case_explain(&c, 1, true);
    assert_near(explained(e, "|g|", 0), sqrt(18), 1e-14);
    assert_near(explained(e, "W2[0,0]", 0), 1 + 0.1 * 3 * 2 / sqrt(18), 1e-15);
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

static void decay_and_thresholds_by_hand(void **unused)
{
    (void)unused;
    /* w 6, g 8: 8 + 0.5 + 0.1 * 6 = 9.1; 6 - 0.91 = 5.09; less 0.1 * 2 = 4.89; at most 4; average of 4 */
    const sl_optimizer optimizer = {
        .rule = "sgd", .lr = 0.1, .l1 = 0.5, .decay = 0.1, .l1_prox = 2, .max_norm = 4, .average = 0.9
    };
    const update_case c = case_of_one("mean_squared", optimizer, 2, 10, 6);
    sl_explanation *e = case_explain(&c, 1, false);
    assert_near(explained(e, "g of W1[0,0]", 0), 9.1, 1e-14);
    assert_near(explained(e, "w of W1[0,0]", 0), 5.09, 1e-14);
    assert_near(explained(e, "w of W1[0,0]", 1), 4.89, 1e-14);
    assert_near(explained(e, "|W1[0]|", 0), 4.89, 1e-14);
    assert_near(explained(e, "W1[0,0]", 0), 4, 1e-14);
    assert_near(explained(e, "average of W1[0,0]", 0), 4, 1e-14);
    assert_near(explained(e, "b1[0]", 0), -0.4, 1e-14); /* its gradient 4 alone */
    check_says(e, "decay*w is the slope of decay/2*w^2, added to the loss; biases do not decay"); /* T8 */
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

static void methods_say_what_came_of_them(void **unused)
{
    (void)unused;
    update_case c = case_of_one("mean_squared", (sl_optimizer){ .rule = "lbfgs" }, 2, 10, 6);
    sl_explanation *e = case_explain(&c, 1, true);
    check_says(e, "W1 = 6 -> 5\n");
    check_says(e, "L = 4 -> 0\n");
    check_says(e, "backward");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
    c = case_of_one("mean_squared", (sl_optimizer){ .rule = "random_search" }, 2, 10, 6);
    e = case_explain(&c, 2, true);
    check_says(e, "and no gradient");
    check_silent(e, "backward");
    sl_explanation_free(e);
    sl_ctx_free(c.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S88_three_updates_by_hand),
        cmocka_unit_test(S112_both_forms_of_momentum),
        cmocka_unit_test(S113_nesterov_by_hand),
        cmocka_unit_test(S114_steps_of_adagrad_fall_as_the_root),
        cmocka_unit_test(S115_rmsprop_by_hand),
        cmocka_unit_test(S116_adam),
        cmocka_unit_test(S117_decay_of_adamw_and_of_adam),
        cmocka_unit_test(S79_says_which_weights_moved),
        cmocka_unit_test(S80_oscillates_or_converges),
        cmocka_unit_test(clipping_by_hand),
        cmocka_unit_test(decay_and_thresholds_by_hand),
        cmocka_unit_test(methods_say_what_came_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void only_in_double(void **unused)
{
    (void)unused;
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(only_in_double) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
