/* Every rule and schedule explained, beside the engine; weights that stay, and formulas that lie. In double
 * alone: explanations are meant for it. */
#include "explained.h"

#ifdef SL_REAL_DOUBLE

static double parabola_slope(double theta)
{
    return 4 * (2 * theta - 10);
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
        cmocka_unit_test(every_rule_is_explained),  cmocka_unit_test(every_schedule_is_explained),
        cmocka_unit_test(rows_in_no_bag_stay),      cmocka_unit_test(states_that_vanish_are_said),
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
