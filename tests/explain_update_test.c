/* The update explained: the lectures' numbers, every rule beside the engine with all that can stand around
 * it, and what is said of weights that stay. In double alone: explanations are meant for it. */
#include "engine.h"
#include "explain/update.h"

#ifdef SL_REAL_DOUBLE

typedef struct {
    sl_ctx *ctx;
    sl_model *model;
    sl_tensor *x, *y;
    bool update; /* explain it alone */
} update_case;

static update_case case_of(const char *net, const char *loss, sl_optimizer optimizer, int rows, int width,
                           const double *x, const double *y, const double *weights)
{
    update_case c = { .ctx = engine_ctx(1), .update = strcmp(loss, "mean_squared") != 0 };
    c.x = sl_tensor_new(c.ctx, sl_dims(rows, width), x);
    c.y = sl_tensor_new(c.ctx, sl_dims(rows, 1), y);
    c.model = sl_model_for(c.ctx, net, loss, c.y, 0);
    assert_fine(c.ctx);
    sl_compile(c.model, .loss = loss, .optimizer = optimizer);
    assert_fine(c.ctx);
    sl_tape *tape = sl_tape_new(c.ctx, SL_INFER);
    sl_forward(tape, c.model, c.x);
    sl_tape_free(tape);
    assert_fine(c.ctx);
    for (int p = 0; p < c.model->param_count && weights; p++)
        for (size_t i = 0; i < c.model->params[p]->count && c.model->params[p]->shape.rank > 1; i++)
            c.model->params[p]->v[i] = *weights++;
    return c;
}

/* One weight: (w x - y)^2 or another loss. */
static update_case case_of_one(const char *loss, sl_optimizer optimizer, double x, double y, double w)
{
    return case_of("linear", loss, optimizer, 1, 1, &x, &y, &w);
}

static sl_explanation *case_explain(const update_case *c, int steps, bool keep_biases)
{
    sl_explanation *e = sl_explain_step(
        c->model, c->x, c->y, NULL,
        &(sl_explain_options){
            .steps = steps, .digits = 15, .depth = 3, .update = c->update, .keep_biases = keep_biases });
    assert_fine(c->ctx);
    assert_non_null(e);
    size_t lines;
    assert_int_equal(sl_explanation_check(e, &lines), SL_OK);
    assert_true(lines > 0);
    return e;
}

/* The value that a line of this name has the k-th time, from 0. */
static double explained(const sl_explanation *e, const char *name, int k)
{
    const char *line, *formula;
    double value;
    for (size_t i = 0; sl_explanation_line(e, i, &line, &formula, &value); i++)
        if (!strcmp(line, name) && k-- == 0)
            return value;
    fail_msg("no such line: %s", name);
    return 0;
}

static void check_says(sl_explanation *e, const char *wanted)
{
    const char *text = sl_explanation_write(e, "text", 10000, false);
    if (!strstr(text, wanted))
        fail_msg("not said: \"%s\" in\n%s", wanted, text);
}

static void check_silent(sl_explanation *e, const char *unwanted)
{
    const char *text = sl_explanation_write(e, "text", 10000, false);
    if (strstr(text, unwanted))
        fail_msg("said: \"%s\" in\n%s", unwanted, text);
}

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

/* --- every rule, beside the engine --- */

static const double every_x[] = { 1, -2, 0.5, 0.25, 3, -1 }, every_y[] = { 1, 0, 1 };

static update_case every_case(const sl_rule *rule, sl_optimizer optimizer)
{
    const char *loss = rule->only_loss ? rule->only_loss : "binary_cross_entropy";
    optimizer.rule = rule->name;
    return case_of(rule->only_loss ? "linear" : "3 tanh lr_scale=0.5, 2 sigmoid decay=0.3", loss, optimizer,
                   3, 2, every_x, every_y, NULL);
}

static void every_compare(const sl_rule *rule, sl_optimizer optimizer, int steps)
{
    const update_case a = every_case(rule, optimizer), b = every_case(rule, optimizer);
    sl_explanation *e = case_explain(&a, steps, false);
    sl_step *step = sl_model_step(b.model, b.model->optimizer);
    for (int s = 0; s < steps; s++) {
        sl_tape *tape = sl_tape_new(b.ctx, SL_TRAIN);
        sl_backward(tape, sl_loss_of(tape, b.model->loss_text, sl_forward(tape, b.model, b.x), b.y, NULL));
        sl_step_apply(step);
        sl_tape_free(tape);
    }
    assert_fine(b.ctx);
    for (int p = 0; p < b.model->param_count; p++)
        for (size_t i = 0; i < b.model->params[p]->count; i++)
            assert_near(a.model->params[p]->v[i], b.model->params[p]->v[i], 0);
    double last;
    assert_true(sl_explanation_number(e, "W1[0,1]", &last));
    assert_near(last, b.model->params[0]->v[1], 0);
    sl_step_free(step);
    sl_explanation_free(e);
    sl_ctx_free(a.ctx);
    sl_ctx_free(b.ctx);
}

static void every_rule_is_explained(void **unused)
{
    (void)unused;
    const sl_rule *rule;
    int count = 0;
    for (size_t i = 0; (rule = sl_rule_at(i)); i++, count++) {
        if (!rule->written || !strstr(rule->written, "w = "))
            fail_msg("rule %s: no `written`", rule->name);
        sl_optimizer around = { .lr = 0.05,
                                .decay = 0.1,
                                .clip_value = 0.2,
                                .clip_norm = 0.1,
                                .l1 = 0.02,
                                .l1_prox = 0.03,
                                .max_norm = 0.9,
                                .average = 0.9,
                                .schedule = "inverse rate=0.5",
                                .warmup = 2 };
        if (sl_rule_option(rule, "epsilon"))
            around.epsilon = 0.1; /* where it stands can then be seen */
        every_compare(rule, (sl_optimizer){ .epsilon = around.epsilon }, 6);
        every_compare(rule, around, 6);
    }
    assert_true(count >= 14);
}

static void every_schedule_is_explained(void **unused)
{
    (void)unused;
    enum { STEPS = 9 };
    const sl_schedule *schedule;
    for (size_t i = 0; (schedule = sl_schedule_at(i)); i++) {
        for (int warmup = 0; warmup < (schedule->rises ? 1 : 4); warmup += 3) {
            const sl_optimizer optimizer = {
                .rule = "sgd", .lr = 0.01, .schedule = schedule->name, .steps = STEPS, .warmup = warmup
            };
            const update_case c = case_of_one("mean_squared", optimizer, 2, 10, 6);
            sl_explanation *e = case_explain(&c, STEPS, true);
            double theta = 6;
            for (int s = 0; s < STEPS; s++) {
                theta -= sl_schedule_lr(c.ctx, &optimizer, (size_t)s + 1) * parabola_slope(theta);
                assert_near(explained(e, "W1[0,0]", s), theta, 1e-13);
            }
            if (strcmp(schedule->name, "constant") != 0)
                assert_near(explained(e, "lr", STEPS - 1), sl_schedule_lr(c.ctx, &optimizer, STEPS), 0);
            sl_explanation_free(e);
            sl_ctx_free(c.ctx);
        }
    }
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

/* --- weights that stay, numbers that vanish, rules that lie --- */

typedef struct { /* a step of one parameter, without a net around it */
    sl_ctx *ctx;
    sl_tensor *param;
    sl_model model;
    char *name;
    sl_step *step;
    sl_explanation *e;
    sl_walk walk;
} update_bare;

static void bare_begin(update_bare *b, sl_shape shape, sl_optimizer optimizer, double g)
{
    *b = (update_bare){ .ctx = engine_ctx(1), .name = (char[]){ "table" } };
    b->param = sl_param(b->ctx, shape, "zeros");
    for (size_t i = 0; i < b->param->count; i++) {
        b->param->v[i] = 1;
        b->param->g[i] = g;
    }
    b->param->has_grad = true;
    b->step = sl_step_new(b->ctx, optimizer, &b->param, 1);
    b->e = sl_explanation_new(b->ctx, 3, 15);
    assert_fine(b->ctx);
}

static void bare_run(update_bare *b)
{
    static char name[] = "table";
    char *names[] = { name };
    b->model = (sl_model){ .ctx = b->ctx, .params = &b->param, .param_names = names, .param_count = 1 };
    b->walk = (sl_walk){ .e = b->e, .model = &b->model };
    sl_watched *watched = sl_update_watch(&b->walk, b->step);
    assert_int_equal(sl_step_apply(b->step), SL_OK);
    sl_update_explain(&b->walk, watched);
    sl_update_forget(watched);
}

static void bare_end(update_bare *b)
{
    sl_explanation_free(b->e);
    sl_step_free(b->step);
    sl_ctx_free(b->ctx);
}

static void rows_in_no_bag_stay(void **unused)
{
    (void)unused;
    update_bare b;
    bare_begin(&b, sl_dims(4, 2), sl_adam(.lr = 0.5), 0);
    b.param->has_grad = false;
    assert_int_equal(sl_tensor_watch_rows(b.param), SL_OK);
    b.param->has_grad = true;
    for (size_t row = 1; row < 4; row += 2) {
        b.param->g[row * 2] = b.param->g[row * 2 + 1] = 1;
        sl_rows_touch(b.param->touched, row);
    }
    bare_run(&b);
    assert_fine(b.ctx);
    double value;
    assert_true(sl_explanation_number(b.e, "?[3,1]", &value));
    assert_near(value, 0.5, 1e-8);
    assert_false(sl_explanation_number(b.e, "?[2,0]", &value));
    assert_near(b.param->v[4], 1, 0);
    check_says(b.e, "table: 2 of 4 rows were in no bag: they stay as they are, and so do their states");
    bare_end(&b);
}

static void states_that_vanish_are_said(void **unused)
{
    (void)unused;
    update_bare b;
    bare_begin(&b, sl_dims(1, 1), sl_adam(.lr = 0.5), 1e-16); /* its square times 0.001 is 1e-35 */
    bare_run(&b);
    assert_fine(b.ctx);
    assert_near(explained(b.e, "v of ?[0]", 0), 0, 0);
    check_says(b.e, "a state below 2^-100");
    bare_end(&b);
}

/* A formula that is not what the engine does is found, for each rule and each sign of it that is turned. */
static void wrong_formulas_are_found(void **unused)
{
    (void)unused;
    const sl_rule *rule;
    for (size_t i = 0; (rule = sl_rule_at(i)); i++) {
        char wrong[400];
        snprintf(wrong, sizeof wrong, "%s", rule->written);
        char *minus = NULL;
        for (char *at = strstr(wrong, "w = w"); at && *at && *at != ';'; at++) /* the last one */
            if (!strncmp(at, " - lr*", 6) || !strncmp(at, " - size*", 8))
                minus = at + 1;
        assert_non_null(minus);
        *minus = '+';
        sl_rule lying = *rule;
        lying.written = wrong;
        update_bare b;
        bare_begin(&b, sl_dims(1, 1), (sl_optimizer){ .rule = rule->name, .lr = 0.25 }, 0.5);
        b.step->rule = &lying;
        bare_run(&b);
        assert_int_equal(sl_error(b.ctx), SL_EINVAL);
        assert_non_null(strstr(sl_message(b.ctx), "does not give"));
        bare_end(&b);
    }
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
        cmocka_unit_test(every_rule_is_explained),
        cmocka_unit_test(every_schedule_is_explained),
        cmocka_unit_test(clipping_by_hand),
        cmocka_unit_test(decay_and_thresholds_by_hand),
        cmocka_unit_test(methods_say_what_came_of_them),
        cmocka_unit_test(rows_in_no_bag_stay),
        cmocka_unit_test(states_that_vanish_are_said),
        cmocka_unit_test(wrong_formulas_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

/* In float the formulas alone: every rule, and every schedule, has one. */
static void all_are_written(void **unused)
{
    (void)unused;
    const sl_rule *rule;
    const sl_schedule *schedule;
    for (size_t i = 0; (rule = sl_rule_at(i)); i++)
        if (!rule->written)
            fail_msg("rule %s: no `written`", rule->name);
    for (size_t i = 0; (schedule = sl_schedule_at(i)); i++)
        if (!schedule->written)
            fail_msg("schedule %s: no `written`", schedule->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(all_are_written) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
