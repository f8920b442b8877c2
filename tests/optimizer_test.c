/* Optimizers as a whole: PyTorch's numbers for every rule, the lectures' examples, well-known functions,
 * words, checkpoints. Runs in both builds. */
#include "engine.h"
#include "golden.h"
#include "optim/optim.h"

#define GOLDEN_FILE(name) SLOPE_SOURCE_ROOT "/tests/golden/" name ".golden"

/* A step with gradients that are given. */
static void step_with(sl_step *step, sl_tensor *t, const double *g)
{
    for (size_t i = 0; i < t->count; i++)
        t->g[i] = (sl_real)g[i];
    t->has_grad = true;
    assert_int_equal(sl_step_apply(step), SL_OK);
}

/* --- PyTorch --- */

static void golden_rule(const golden *file, sl_optimizer optimizer, const char *ending)
{
    enum { N = 6, STEPS = 12 };
    char name[64];
    snprintf(name, sizeof name, "%s%s", optimizer.rule, ending);
    const golden_item *after = golden_get(file, name, "after");
    const double *a = golden_find(file, "a")->values, *c = golden_find(file, "c")->values,
                 *d = golden_find(file, "d")->values, *start = golden_find(file, "start")->values;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *p = sl_param(ctx, sl_dims(1, N), "zeros");
    for (int i = 0; i < N; i++)
        p->v[i] = (sl_real)start[i];
    sl_step *step = sl_step_new(ctx, optimizer, &p, 1);
    assert_fine(ctx);
    assert_int_equal(after->count, N * STEPS);
    for (int s = 0; s < STEPS; s++) {
        double g[N];
        for (int i = 0; i < N; i++)
            g[i] = 2 * c[i] * ((double)p->v[i] - a[i]) + d[i] * cos((double)p->v[i]);
        step_with(step, p, g);
        for (int i = 0; i < N; i++)
            if (!(fabs((double)p->v[i] - after->values[s * N + i]) < engine_tolerance(2e-6, 1e-12)))
                fail_msg("%s, step %d: weight %d is %.17g, in PyTorch %.17g", name, s, i, (double)p->v[i],
                         after->values[s * N + i]);
    }
    sl_ctx_free(ctx);
}

static void rules_agree_with_pytorch(void **unused)
{
    (void)unused;
    static const sl_optimizer rules[] = {
        { .rule = "sgd", .lr = (sl_real)0.1 },       { .rule = "momentum", .lr = (sl_real)0.05 },
        { .rule = "nesterov", .lr = (sl_real)0.05 }, { .rule = "adagrad", .lr = (sl_real)0.3 },
        { .rule = "rmsprop", .lr = (sl_real)0.02 },  { .rule = "adadelta" },
        { .rule = "adam", .lr = (sl_real)0.1 },      { .rule = "amsgrad", .lr = (sl_real)0.1 },
        { .rule = "adamw", .lr = (sl_real)0.1 },     { .rule = "nadam", .lr = (sl_real)0.1 },
        { .rule = "rprop", .lr = (sl_real)0.05 },
    };
    golden *file = golden_load(GOLDEN_FILE("optimizer"));
    size_t compared = 4;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        for (int decay = 0; decay < 2; decay++) {
            sl_optimizer optimizer = rules[i];
            if (decay && !strcmp(optimizer.rule, "rprop")) /* PyTorch's has none */
                continue;
            optimizer.decay = decay ? (sl_real)0.1 : -1;
            golden_rule(file, optimizer, decay ? "_decay" : "");
            compared++;
        }
    assert_int_equal(compared, file->count);
    golden_free(file);
}

/* --- the lectures --- */

/* S88's parabola: (10 - 2 theta)^2 from 6. */
static void check_parabola(sl_optimizer optimizer, const double *wanted, int count)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *theta = engine_param(ctx, sl_dims(1), (const sl_real[]){ 6 });
    sl_step *step = sl_step_new(ctx, optimizer, &theta, 1);
    assert_fine(ctx);
    for (int i = 0; i < count; i++) {
        const double g = 4 * (2 * (double)theta->v[0] - 10);
        step_with(step, theta, &g);
        assert_near(theta->v[0], wanted[i], engine_tolerance(4e-7, 1e-12));
    }
    sl_ctx_free(ctx);
}

/* g 8, v 8, step 8 + 7.2; g 6.784, v 13.984, step 6.784 + 12.5856; g 5.234432, v 17.820032, ... */
static void S113_nesterov_by_hand(void **unused)
{
    (void)unused;
    static const double thetas[] = { 5.848, 5.654304, 5.441579392 };
    check_parabola(sl_nesterov(.lr = (sl_real)0.01), thetas, 3);
}

static void S114_steps_of_adagrad_fall_as_the_root(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *w = sl_param(ctx, sl_dims(1), "zeros");
    sl_step *step = sl_step_new(ctx, (sl_optimizer){ .rule = "adagrad", .lr = 1 }, &w, 1);
    for (int t = 1; t <= 100; t++) {
        const double before = (double)w->v[0], g = 1;
        step_with(step, w, &g);
        assert_near(before - (double)w->v[0], 1 / sqrt(t), engine_tolerance(4e-6, 1e-9));
    }
    sl_ctx_free(ctx);
}

/* rho 0.9, lr 0.01. g 8, v 6.4, step 0.08 / 2.529822128; g 7.747018, v 11.761627, ... */
static void S115_rmsprop_by_hand(void **unused)
{
    (void)unused;
    static const double thetas[] = { 5.968377223523317, 5.945788024919785, 5.927053098019144 };
    check_parabola(sl_rmsprop(.lr = (sl_real)0.01, .rho = (sl_real)0.9), thetas, 3);
}

/* T13: f'(x) = 3.3 (x + 2.5) (x - 0.4) (x - 2.6) */
static double quartic(double x)
{
    return 3.3 * (x + 2.5) * (x - 0.4) * (x - 2.6);
}

/* Writes where each step lands. */
static void quartic_walk(double start, double lr, bool halving, double *at, int steps)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *x = engine_param(ctx, sl_dims(1), (const sl_real[]){ (sl_real)start });
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = (sl_real)lr), &x, 1);
    for (int i = 0; i < steps; i++) {
        const double g = quartic((double)x->v[0]);
        step_with(step, x, &g);
        at[i] = (double)x->v[0];
        if (halving)
            assert_int_equal(sl_step_set_lr(step, sl_step_lr(step) / 2), SL_OK);
    }
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

#define assert_places(at, ...)                                                                               \
    do {                                                                                                     \
        const double places[] = { __VA_ARGS__ };                                                             \
        for (size_t i = 0; i < sizeof places / sizeof *places; i++)                                          \
            if (!(fabs((at)[i] - places[i]) < 6e-5))                                                         \
                fail_msg("step %zu is at %g, not %g", i + 1, (at)[i], places[i]);                            \
    } while (0)

static void S92_halving_ends_near_the_minimum(void **unused)
{
    (void)unused;
    double at[40];
    quartic_walk(0.1, 0.1, true, at, 40);
    assert_places(at, -0.5435, -1.5010, -2.1435, -2.3209);
    assert_near(at[39], -2.404, 4e-4);
}

static void S93_other_starts_other_minima(void **unused)
{
    (void)unused;
    double at[40];
    quartic_walk(1, 0.1, true, at, 40);
    assert_places(at, 2.1088, 2.7471, 2.5976);
    assert_near(at[39], 2.599, 4e-4);
    quartic_walk(-3.5, 0.1, true, at, 40);
    assert_near(at[0], 4.35, 1e-3);
    assert_near(at[39], -2.136, 4e-4);
}

static void S94_a_large_step_jumps_across(void **unused)
{
    (void)unused;
    double at[200];
    quartic_walk(-3.5, 0.05, false, at, 200);
    assert_near(at[0], 0.4253, 6e-5);
    assert_near(at[199], 2.6, 1e-5);
}

static void S95_a_small_step_stays(void **unused)
{
    (void)unused;
    double at[200];
    quartic_walk(-3.5, 0.025, false, at, 200);
    assert_places(at, -1.5373, -2.1739, -2.5045);
    assert_near(at[199], -2.5, 1e-6);
}

static void S96_too_large_a_step_bounces_for_ever(void **unused)
{
    (void)unused;
    double at[1000];
    quartic_walk(1, 0.06, false, at, 1000);
    const double low = at[999] < at[998] ? at[999] : at[998], high = at[999] + at[998] - low;
    assert_near(low, 2.1506, 5e-5);
    assert_near(high, 2.8750, 5e-5);
    for (int i = 900; i < 998; i++)
        assert_near(at[i], at[i + 2], 1e-5);
    /* f''(2.6) = 37.0, so 2 / 37 = 0.0540 is where it begins */
    quartic_walk(2.62, 0.0535, false, at, 1000);
    assert_near(at[999], 2.6, 1e-3);
    quartic_walk(2.62, 0.0546, false, at, 1000);
    assert_true(fabs(at[999] - 2.6) > 0.02 && fabs(at[999] - at[998]) > 0.04);
}

static void S123_accumulated_batches_are_one(void **unused)
{
    (void)unused;
    enum { ROWS = 32, PARTS = 4, IN = 5 };
    sl_real x[ROWS * IN], y[ROWS], result[2][2 * IN + 1];
    uint64_t state = 9;
    engine_fill(&state, x, ROWS * IN, -1, 1);
    engine_fill(&state, y, ROWS, -1, 1);
    for (int parts = 1; parts <= PARTS; parts += PARTS - 1) {
        sl_ctx *ctx = engine_ctx(4);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *p[] = { sl_param(ctx, sl_dims(1, IN), "xavier"), sl_param(ctx, sl_dims(1), "zeros") };
        sl_tensor *share =
            sl_tensor_new(ctx, (sl_shape){ 0 }, (const sl_real[]){ (sl_real)1 / (sl_real)parts });
        sl_step *step = sl_step_new(ctx, sl_adam(.lr = (sl_real)0.05), p, 2);
        const int rows = ROWS / parts;
        for (int k = 0; k < 10; k++) {
            for (int part = 0; part < parts; part++) {
                sl_tensor *bx = sl_tensor_new(ctx, sl_dims(rows, IN), x + part * rows * IN);
                sl_tensor *by = sl_tensor_new(ctx, sl_dims(rows, 1), y + part * rows);
                sl_tensor *loss = sl_mean_squared(tape, sl_linear(tape, bx, p[0], p[1], "tanh"), by);
                assert_int_equal(sl_backward(tape, sl_mul(tape, loss, share)), SL_OK);
            }
            assert_int_equal(sl_step_apply(step), SL_OK);
        }
        memcpy(result[parts > 1], p[0]->v, IN * sizeof(sl_real));
        result[parts > 1][IN] = p[1]->v[0];
        sl_ctx_free(ctx);
    }
    for (int i = 0; i <= IN; i++)
        assert_near(result[0][i], result[1][i], 1e-6);
}

/* --- well-known functions --- */

static sl_real rule_lr(const char *rule)
{
    static const struct {
        const char *rule;
        double lr;
    } rates[] = { { "sgd", 1e-3 },      { "perceptron", 1e-3 }, { "momentum", 2e-4 },
                  { "nesterov", 2e-4 }, { "adagrad", 0.3 },     { "adadelta", 1 } };
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        if (!strcmp(rates[i].rule, rule))
            return (sl_real)rates[i].lr;
    return (sl_real)2e-3;
}

static double rosenbrock(const sl_real *x, double g[2])
{
    const double a = (double)x[0], b = (double)x[1], curve = b - a * a;
    g[0] = -400 * a * curve - 2 * (1 - a);
    g[1] = 200 * curve;
    return (1 - a) * (1 - a) + 100 * curve * curve;
}

static void every_rule_descends_rosenbrocks_valley(void **unused)
{
    (void)unused;
    for (size_t r = 0; sl_rule_at(r); r++) {
        const char *rule = sl_rule_at(r)->name;
        sl_ctx *ctx = engine_ctx(1);
        sl_tensor *x = engine_param(ctx, sl_dims(2), (const sl_real[]){ (sl_real)-1.2, 1 });
        sl_step *step =
            sl_step_new(ctx, (sl_optimizer){ .rule = rule, .lr = rule_lr(rule), .decay = -1 }, &x, 1);
        double g[2], first = rosenbrock(x->v, g), f = first;
        assert_near(first, 24.2, 1e-5);
        for (int i = 0; i < 5000; i++) {
            step_with(step, x, g);
            f = rosenbrock(x->v, g);
        }
        if (!(f < 3 && f >= 0))
            fail_msg("%s is at f = %g after 5000 steps", rule, f);
        sl_ctx_free(ctx);
    }
}

/* A linear regression with noise: at its default every rule comes down, none blows up. */
static void every_rule_learns_a_line_at_its_default(void **unused)
{
    (void)unused;
    enum { ROWS = 2048, IN = 8, BATCH = 32, EPOCHS = 15 };
    static sl_real x[ROWS * IN], y[ROWS];
    uint64_t state = 11;
    engine_fill(&state, x, ROWS * IN, -1.7, 1.7);
    for (int i = 0; i < ROWS; i++) {
        double sum = engine_uniform(&state, -0.1, 0.1);
        for (int j = 0; j < IN; j++)
            sum += (double)x[i * IN + j] * (j % 2 ? 0.5 : -0.3);
        y[i] = (sl_real)sum;
    }
    for (size_t r = 0; sl_rule_at(r); r++) {
        if (sl_rule_at(r)->only_loss)
            continue;
        sl_ctx *ctx = engine_ctx(2);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *w = sl_param(ctx, sl_dims(1, IN), "zeros"), *b = sl_param(ctx, sl_dims(1), "zeros");
        sl_tensor *p[] = { w, b };
        const int batch = sl_rule_at(r)->wants_all_rows ? ROWS : BATCH;
        sl_tensor *bx = sl_tensor_new(ctx, sl_dims(batch, IN), NULL),
                  *by = sl_tensor_new(ctx, sl_dims(batch, 1), NULL);
        sl_step *step = sl_step_new(ctx, (sl_optimizer){ .rule = sl_rule_at(r)->name }, p, 2);
        double first = 0, last = 0;
        for (int k = 0; k < EPOCHS * (ROWS / BATCH); k++) {
            const size_t at = batch == ROWS ? 0 : (size_t)(k % (ROWS / BATCH)) * BATCH;
            memcpy(bx->v, x + at * IN, bx->count * sizeof *x);
            memcpy(by->v, y + at, by->count * sizeof *y);
            sl_tensor *loss = sl_mean_squared(tape, sl_linear(tape, bx, w, b, NULL), by);
            last = (double)sl_values(loss)[0];
            first = k ? first : last;
            assert_int_equal(sl_backward(tape, loss), SL_OK);
            assert_int_equal(sl_step_apply(step), SL_OK);
        }
        assert_fine(ctx);
        if (!(last < 0.8 * first))
            fail_msg("%s: the loss went from %g to %g", sl_rule_at(r)->name, first, last);
        sl_ctx_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_agree_with_pytorch),
        cmocka_unit_test(S113_nesterov_by_hand),
        cmocka_unit_test(S114_steps_of_adagrad_fall_as_the_root),
        cmocka_unit_test(S115_rmsprop_by_hand),
        cmocka_unit_test(S92_halving_ends_near_the_minimum),
        cmocka_unit_test(S93_other_starts_other_minima),
        cmocka_unit_test(S94_a_large_step_jumps_across),
        cmocka_unit_test(S95_a_small_step_stays),
        cmocka_unit_test(S96_too_large_a_step_bounces_for_ever),
        cmocka_unit_test(S123_accumulated_batches_are_one),
        cmocka_unit_test(every_rule_descends_rosenbrocks_valley),
        cmocka_unit_test(every_rule_learns_a_line_at_its_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
