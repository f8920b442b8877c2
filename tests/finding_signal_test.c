/* Findings about nets and steps, on cases with numbers of our own: clear ones are named with fixes that name
 * the settings, healthy ones are left alone. */
#include "made_case.h"

static const char *const signal_names[] = {
    "init_too_large", "init_too_small",  "symmetric_weights",   "exploding_gradients", "vanishing_gradients",
    "dead_units",     "saturated_units", "constant_prediction", "lr_too_high",         "lr_too_low",
    "oscillation",    "plateau",         "batch_too_large",     "batch_too_small",     "clipping_always",
};
enum { SIGNAL_COUNT = sizeof signal_names / sizeof *signal_names };

/* The finding is there, says `word` in its sentence, and has the change. */
static void assert_named(made_case *m, const char *name, const char *word, const char *setting,
                         const char *text)
{
    const double strength = made_case_look(m, name);
    if (!(strength >= 0.3))
        fail_msg("%s: strength %f", name, strength);
    assert_true(strength <= 1);
    if (!strstr(sl_text_string(&m->draft.sentence), word))
        fail_msg("%s: '%s' is not in '%s'", name, word, sl_text_string(&m->draft.sentence));
    assert_true(m->draft.otherwise.length > 0 && m->draft.facts > 0);
    if (!made_case_fixes(m, setting, text))
        fail_msg("%s: no fix %s=%s; the first is %s=%s", name, setting, text,
                 m->draft.fix[0].change[0].setting, m->draft.fix[0].change[0].text);
}

static void assert_healthy(made_case *m, const char *what)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        const double strength = made_case_look(m, signal_names[i]);
        if (!(strength < 0.3))
            fail_msg("%s: %s has %f: %s", what, signal_names[i], strength,
                     sl_text_string(&m->draft.sentence));
    }
}

static void signal_leaves_healthy_trainings_alone(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    for (int i = 0; i < 8; i++) {
        static const char *const what[] = {
            "adam 1e-3",        "noisy losses", "slow but steady",      "sgd at 1.1 of the limit, converged",
            "nothing to learn", "tiny",         "one layer from zeros", "imbalanced"
        };
        made_case_open(&m, ctx);
        if (i == 1)
            made_case_losses(&m, 800, 0.75, 0.25, 0.01, 0.25, false);
        else if (i == 2) {
            m.c.steps_an_epoch = 20;
            made_case_losses(&m, 800, 0.75, 0.3, 0.002, 0.05, false);
        } else if (i == 3) {
            m.c.gradient_rule = true;
            m.c.lr = 0.44;
            made_case_losses(&m, 800, 0.75, 0.02, 0.01, 0.01, false);
        } else if (i == 4) {
            m.c.data.neighbours = 0.5;
            m.c.data.single = 0.52;
            m.c.end.answers = 0.05;
            made_case_losses(&m, 800, 0.75, 0.69, 0.01, 0.05, false);
        } else if (i == 5) {
            m.c.steps_an_epoch = 2;
            m.c.data.rows = 40;
            made_case_losses(&m, 400, 0.75, 0.1, 0.01, 0.1, false);
        } else if (i == 6) {
            made_case_net(&m, 1, NULL, "linear");
            m.start[0].weight = 0;
            m.start[0].alike = 1;
            m.c.start.answers = 0;
            made_case_losses(&m, 800, 0.6931, 0.1, 0.01, 0.05, false);
        } else if (i == 7) {
            m.c.data.commonest = 5. / 6;
            m.c.data.rarest = 1. / 6;
            m.c.data.chance = 0.4506;
            m.c.data.neighbours = 0.05;
            made_case_losses(&m, 800, 0.75, 0.1, 0.01, 0.1, false);
        } else
            made_case_losses(&m, 800, 0.75, 0.05, 0.01, 0.05, false);
        assert_healthy(&m, what[i]);
        made_case_close(&m);
    }
    sl_ctx_free(ctx);
}

/* he's deviation for 64 inputs is sqrt(2 / 64) = 0.17678. */
static void S130_three_bad_starts_are_told_apart(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.options.net = "64 relu init=normal:3, 64 relu";
    m.start[0].weight = 3;
    m.start[0].z = 24;
    m.c.start.loss = 40;
    made_case_losses(&m, 800, 40, 1, 0.01, 0.3, false);
    assert_named(&m, "init_too_large", "dense_1 have deviation 3, where init he has 0.1768 for 64 inputs",
                 "init", "he");
    assert_true(made_case_fixes(&m, "net", "64 relu, 64 relu"));
    assert_true(made_case_look(&m, "init_too_small") == 0 && made_case_look(&m, "symmetric_weights") == 0);
    made_case_close(&m);

    made_case_open(&m, ctx);
    made_case_net(&m, 5, "tanh", "4 x 64 tanh");
    m.options.init = "normal 0.001";
    for (int i = 0; i < 5; i++) {
        m.start[i].weight = 0.001;
        m.start[i].z = m.start[i].in * 0.008;
    }
    m.c.start.answers = 1e-9;
    made_case_losses(&m, 800, 0.6931, 0.6931, 0.01, 0.01, false);
    assert_named(&m, "init_too_small", "4 such layers", "init", "xavier");
    assert_true(made_case_fixes(&m, "net", "4 x [64 tanh, batch_norm]"));
    assert_true(made_case_look(&m, "init_too_large") == 0 && made_case_look(&m, "symmetric_weights") == 0);
    made_case_close(&m);

    made_case_open(&m, ctx);
    m.start[0].weight = 0.1;
    m.start[0].alike = m.end[0].alike = 1;
    made_case_losses(&m, 800, 0.75, 0.6, 0.01, 0.01, false);
    assert_named(&m, "symmetric_weights", "64 of 64 units in dense_1 begin alike", "init", "he");
    assert_true(m.draft.strength > 0.8);
    assert_true(made_case_look(&m, "init_too_large") == 0);
    for (int i = 0; i < 3; i++) { /* zeros: relu gives 0 everywhere, which is not the cause */
        m.start[i].weight = 0;
        m.start[i].dead = i < 2 ? 1 : (double)NAN;
        m.end[i] = m.start[i];
    }
    assert_named(&m, "symmetric_weights", "all 0", "init", "he");
    assert_true(made_case_look(&m, "dead_units") == 0 && made_case_look(&m, "vanishing_gradients") == 0);
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void signal_gradients_that_explode_and_vanish(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    made_case_net(&m, 6, "relu", "5 x 64 relu");
    for (int i = 0; i < 6; i++)
        m.start[i].gradient = 0.01 * pow(10, 5 - i);
    m.start[5].units = MADE_WIDTH;
    made_case_losses(&m, 800, 0.75, 0.7, 0.01, 0.01, false);
    assert_named(&m, "exploding_gradients", "dense_1", "optimizer.clip_norm", "1");
    assert_near(m.draft.fact[0].value / 1e5, 1, 1e-9);
    assert_true(made_case_look(&m, "vanishing_gradients") == 0);
    made_case_close(&m);

    made_case_open(&m, ctx);
    made_case_net(&m, 6, "sigmoid", "5 x 64 sigmoid");
    for (int i = 0; i < 6; i++)
        m.start[i].gradient = 0.01 * pow(0.125, 5 - i);
    m.start[5].units = MADE_WIDTH;
    made_case_losses(&m, 800, 0.75, 0.69, 0.01, 0.01, false);
    assert_named(&m, "vanishing_gradients", "in dense_1 the signal is 0.00003052", "activation", "relu");
    assert_non_null(strstr(sl_text_string(&m.draft.sentence), "at most 0.0009766")); /* 0.25^5 */
    assert_true(made_case_look(&m, "exploding_gradients") == 0 && made_case_look(&m, "dead_units") == 0);
    /* T12: where units are dead, that is the finding */
    m.start[2].dead = m.end[2].dead = 1;
    m.built[2].activation = sl_op_find("relu");
    assert_true(made_case_look(&m, "vanishing_gradients") < 0.3);
    assert_named(&m, "dead_units", "64 of 64 units", "activation", "leaky_relu");
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void S38_dead_units_are_counted(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.end[0].dead = 60. / 64;
    made_case_losses(&m, 800, 0.75, 0.69, 0.01, 0.01, false);
    assert_named(&m, "dead_units", "60 of 64 units in dense_1 output 0 on all 256 rows", "optimizer.lr",
                 "0.0001");
    assert_non_null(strstr(sl_text_string(&m.draft.sentence), "alive at the start"));
    assert_true(m.draft.place > m.draft.kind->place); /* it follows from the steps */
    m.start[0].dead = 60. / 64;
    assert_named(&m, "dead_units", "most of them from the start", "init", "he");
    assert_true(made_case_fixes(&m, "net", "batch_norm, 64 relu, batch_norm, 64 relu, batch_norm"));
    assert_int_equal(m.draft.place, m.draft.kind->place);
    m.end[0].dead = 0.2; /* as many as healthy nets have */
    assert_true(made_case_look(&m, "dead_units") == 0);
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void S39_saturated_units_are_a_share(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    made_case_net(&m, 3, "sigmoid", "64 sigmoid, 64 sigmoid");
    m.start[0].saturated = m.end[0].saturated = 0.8;
    m.start[0].z = 30;
    m.start[0].in = 20;
    made_case_losses(&m, 800, 0.75, 0.6, 0.01, 0.01, false);
    assert_named(&m, "saturated_units", "80 % of what dense_1 gives is saturated from the start", "net",
                 "batch_norm, 64 sigmoid, batch_norm, 64 sigmoid, batch_norm");
    assert_true(made_case_fixes(&m, "activation", "relu"));
    for (int i = 0; i < 2; i++) { /* half of relu's numbers have no slope, and that is as it should be */
        m.built[i].activation = sl_op_find("relu");
        assert_true(made_case_look(&m, "saturated_units") >= 0);
    }
    assert_true(made_case_look(&m, "saturated_units") == 0);
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void U45_the_same_answer_for_every_row_has_its_cause(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.end.answers = 0.001;
    m.end[0].dead = 1;
    made_case_losses(&m, 800, 0.75, 0.693, 0.02, 0.01, false);
    assert_named(&m, "constant_prediction", "100 % of dense_1 is dead", "activation", "leaky_relu");
    m.end[0].dead = 0;
    m.c.data.commonest = 0.95;
    m.c.data.rarest = 0.05;
    m.c.data.neighbours = 0.01;
    m.c.data.single = 0.96;
    m.c.data.chance = 0.1985;
    assert_named(&m, "constant_prediction", "95 % of the rows are of one class", "class_weight", "balanced");
    m.c.data.commonest = 0.5;
    m.c.data.largest = 4000;
    m.c.data.most = 900;
    assert_named(&m, "constant_prediction", "not of one scale, with deviations from 1 to 900", "net",
                 "batch_norm, 64 relu, batch_norm, 64 relu, batch_norm");
    m.c.data.largest = m.c.data.most = 1;
    m.start[0].alike = 1;
    assert_named(&m, "constant_prediction", "units of dense_1 begin alike", "init", "he");
    made_case_close(&m);
    sl_ctx_free(ctx);
}

/* T2: two weights, one row. At any minimum w1 w2 = 1.5 the curvature 8 (w1^2 + w2^2) is 24 at least, so 0.1
 * is above 2 / 24 = 0.0833; the losses go to 0.8022 and 1.9478 in turn. */
static void S80_steps_longer_than_the_curvature_bears(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.gradient_rule = true;
    m.c.classes = 0;
    m.c.lr = 0.1;
    m.c.steps_an_epoch = 1;
    m.c.batch = 1;
    m.c.start.curvature = 9;
    m.c.end.curvature = 24;
    m.c.data.chance = 4;
    made_case_losses(&m, 200, 1.375, 1.375, 0, 0.5728, true);
    assert_named(&m, "lr_too_high", "the step size 0.1 is above 2 / curvature = 0.08333: it oscillates",
                 "optimizer.lr", "0.042");
    assert_named(&m, "oscillation", "up and down by 0.5728 about 1.375 (correlation of neighbours -1)",
                 "optimizer.lr", "0.033");
    m.c.momentum = 0.9;                                   /* momentum bears more: 2 (1 + 0.9) / 24 = 0.1583 */
    assert_true(made_case_look(&m, "lr_too_high") < 0.6); /* 0.95 without */
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void signal_step_sizes_of_adam(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.lr = 0.3; /* 0.3 sqrt(64) / 0.17678 = 13.58 deviations a step */
    made_case_losses(&m, 800, 0.9, 0.9, 0.01, 8, false);
    assert_named(&m, "lr_too_high", "13.58", "optimizer.lr", "0.03");
    assert_true(m.draft.strength > 0.6);
    assert_true(made_case_look(&m, "lr_too_low") == 0);
    m.c.outcome.diverged = true;
    assert_true(made_case_look(&m, "lr_too_high") > 0.8);
    made_case_close(&m);

    made_case_open(&m, ctx);
    m.c.lr = 1e-6;
    m.c.end.loss = 0.74;
    made_case_losses(&m, 800, 0.75, 0, 0.00002, 0.001, false);
    assert_named(&m, "lr_too_low", "1e-6 is too small: in 800 steps", "optimizer.lr", "0.0022");
    assert_true(made_case_fixes(&m, "optimizer.lr", "0.000047"));
    assert_true(m.draft.strength > 0.6);
    made_case_close(&m);

    made_case_open(&m, ctx);
    m.c.gradient_rule = true;
    m.c.lr = 1e-4; /* 1 / 5 would do */
    m.c.end.loss = 0.73;
    made_case_losses(&m, 800, 0.75, 0, 0.00005, 0.001, false);
    assert_named(&m, "lr_too_low", "2 / curvature would allow 0.4", "optimizer.lr", "0.2");
    assert_true(made_case_fixes(&m, "optimizer.lr", "0.0045"));
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void signal_loss_that_stands_still(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.gradient_rule = true;
    m.c.lr = 0.1;
    made_case_losses(&m, 800, 0.75, 0.68, 0.05, 0.01, false);
    assert_named(&m, "plateau", "stands still", "optimizer.rule", "adam");
    m.c.data.neighbours = 0.5; /* near rows tell nothing: it has arrived */
    m.c.data.single = 0.51;
    assert_true(made_case_look(&m, "plateau") == 0);
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void signal_batches(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.batch = 2000;
    m.c.steps_an_epoch = 1;
    m.c.data.rows = 2000;
    made_case_losses(&m, 40, 0.75, 0.1, 0.01, 0.001, false);
    assert_named(&m, "batch_too_large", "batches of 2000 rows leave 1 step an epoch, 40 in all", "batch",
                 "64");
    m.c.start.noise = 1e5;
    assert_true(made_case_look(&m, "batch_too_large") < 0.35);
    made_case_close(&m);

    made_case_open(&m, ctx);
    m.c.batch = 1;
    m.c.steps_an_epoch = 20;
    m.c.end.noise = 900;
    made_case_losses(&m, 800, 0.75, 0.6, 0.01, 6, false);
    assert_named(&m, "batch_too_small", "settle over about 900 rows", "batch", "8");
    made_case_close(&m);
    sl_ctx_free(ctx);
}

static void signal_clipping(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.gradient_rule = true;
    m.c.lr = 0.01;
    m.options.optimizer.clip_norm = (sl_real)0.015625;
    m.c.start.gradient = 2;
    made_case_losses(&m, 800, 0.75, 0.6, 0.001, 0.01, false);
    m.history->values[m.history->rows * 4 - 1] = 796;
    assert_named(&m, "clipping_always", "99.5 % of 800 steps are clipped", "optimizer.clip_norm", "4");
    m.history->values[m.history->rows * 4 - 1] = 80;
    assert_true(made_case_look(&m, "clipping_always") == 0);
    m.history->values[m.history->rows * 4 - 1] = 796;
    m.c.gradient_rule = false; /* Adam divides it out */
    assert_true(made_case_look(&m, "clipping_always") <= 0.4);
    made_case_close(&m);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signal_leaves_healthy_trainings_alone),
        cmocka_unit_test(S130_three_bad_starts_are_told_apart),
        cmocka_unit_test(signal_gradients_that_explode_and_vanish),
        cmocka_unit_test(S38_dead_units_are_counted),
        cmocka_unit_test(S39_saturated_units_are_a_share),
        cmocka_unit_test(U45_the_same_answer_for_every_row_has_its_cause),
        cmocka_unit_test(S80_steps_longer_than_the_curvature_bears),
        cmocka_unit_test(signal_step_sizes_of_adam),
        cmocka_unit_test(signal_loss_that_stands_still),
        cmocka_unit_test(signal_batches),
        cmocka_unit_test(signal_clipping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
