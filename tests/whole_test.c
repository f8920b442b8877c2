/* Methods that look at the loss of all rows more than once a step: known functions from known starts, XOR
 * over seeds, and that threads, interruptions and pieces make no difference. Runs in both builds. */
#include "engine.h"
#include "optim/whole/whole.h"

/* --- functions of a few weights --- */

typedef struct {
    sl_ctx *ctx;
    sl_tape *tape;
    sl_step *step;
    sl_tensor *w;          /* [1, n] */
    sl_tensor *a, *b, *c;  /* constants */
    uint32_t asked, steps; /* calls of the loss, and the tape's step in the last one */
    bool steady;           /* the tape's step was the same in all of them */
} problem;

static void problem_seen(problem *p, const sl_tape *tape)
{
    p->steady = p->steady && (!p->asked || p->steps == tape->step);
    p->steps = tape->step;
    p->asked++;
}

/* 100 (y - x^2)^2 + (1 - x)^2, lowest at (1, 1) */
static sl_tensor *rosenbrock(sl_tape *tape, void *user)
{
    problem *p = user;
    problem_seen(p, tape);
    sl_tensor *x = sl_matmul(tape, p->w, p->a), *y = sl_matmul(tape, p->w, p->b);
    sl_tensor *minus = p->c;
    sl_tensor *u = sl_mul(tape, sl_add(tape, y, sl_mul(tape, sl_mul(tape, x, x), minus)),
                          sl_tensor_new(p->ctx, sl_dims(1, 1), (const sl_real[]){ 10 }));
    sl_tensor *v =
        sl_add(tape, sl_mul(tape, x, minus), sl_tensor_new(p->ctx, sl_dims(1, 1), (const sl_real[]){ 1 }));
    return sl_add(tape, sl_sum(tape, sl_mul(tape, u, u)), sl_sum(tape, sl_mul(tape, v, v)));
}

/* sum_i i (w_i - i)^2, lowest at w_i = i */
static sl_tensor *bowl(sl_tape *tape, void *user)
{
    problem *p = user;
    problem_seen(p, tape);
    sl_tensor *apart = sl_add(tape, p->w, p->a);
    return sl_sum(tape, sl_mul(tape, sl_mul(tape, apart, apart), p->b));
}

static problem problem_new(sl_ctx *ctx, sl_optimizer optimizer, int n)
{
    problem p = { .ctx = ctx, .tape = sl_tape_new(ctx, SL_TRAIN), .steady = true };
    if (n == 0) {
        p.w = engine_param(ctx, sl_dims(1, 2), (const sl_real[]){ (sl_real)-1.2, 1 });
        p.a = sl_tensor_new(ctx, sl_dims(2, 1), (const sl_real[]){ 1, 0 });
        p.b = sl_tensor_new(ctx, sl_dims(2, 1), (const sl_real[]){ 0, 1 });
        p.c = sl_tensor_new(ctx, sl_dims(1, 1), (const sl_real[]){ -1 });
    } else {
        p.w = sl_param(ctx, sl_dims(1, n), "zeros");
        p.a = sl_tensor_new(ctx, sl_dims(1, n), NULL);
        p.b = sl_tensor_new(ctx, sl_dims(1, n), NULL);
        for (int i = 0; i < n; i++) {
            sl_values(p.a)[i] = (sl_real) - (i + 1);
            sl_values(p.b)[i] = (sl_real)(i + 1);
        }
    }
    p.step = sl_step_new(ctx, optimizer, &p.w, 1);
    assert_fine(ctx);
    return p;
}

/* The loss after so many iterations, or as soon as it is below `enough`; *taken: how many there were. */
static double problem_run(problem *p, int n, int iterations, double enough, int *taken)
{
    double loss = INFINITY;
    for (*taken = 0; *taken < iterations && !(loss < enough); ++*taken) {
        p->asked = 0;
        p->steady = true;
        assert_int_equal(sl_step_minimise(p->step, n ? bowl : rosenbrock, p->tape, p, &loss), SL_OK);
        assert_true(p->steady);
    }
    assert_fine(p->ctx);
    return loss;
}

static void lbfgs_and_newton_find_the_bottom_of_rosenbrocks_valley(void **unused)
{
    (void)unused;
    const double enough = engine_tolerance(1e-8, 1e-10);
    static const struct {
        const char *rule;
        int most;
    } cases[] = { { "lbfgs", 60 }, { "newton", 60 } };
    for (size_t i = 0; i < 2; i++) {
        sl_ctx *ctx = engine_ctx(1);
        problem p = problem_new(ctx, (sl_optimizer){ .rule = cases[i].rule }, 0);
        int taken;
        const double loss = problem_run(&p, 0, cases[i].most, enough, &taken);
        if (!(loss < enough))
            fail_msg("%s: %g after %d iterations", cases[i].rule, loss, taken);
        assert_near(sl_values(p.w)[0], 1, engine_tolerance(1e-2, 1e-4));
        assert_near(sl_values(p.w)[1], 1, engine_tolerance(1e-2, 1e-4));
        print_message("%s: %d iterations, %d losses\n", cases[i].rule, taken,
                      (int)sl_step_evaluations(p.step, NULL));
        sl_ctx_free(ctx);
    }
}

/* Rosenbrock's value and gradient, once more */
static double valley(const double w[2], double g[2])
{
    const double up = w[1] - w[0] * w[0], off = 1 - w[0];
    g[0] = -400 * w[0] * up - 2 * off;
    g[1] = 200 * up;
    return 100 * up * up + off * off;
}

static double product(const double a[2], const double b[2])
{
    return a[0] * b[0] + a[1] * b[1];
}

/* h <- (1 - rho s y') h (1 - rho y s') + rho s s': Nocedal, Wright 2006, (6.17) */
static void bfgs_update(double h[2][2], const double s[2], const double y[2])
{
    const double rho = 1 / product(s, y);
    double left[2][2], middle[2][2];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            left[i][j] = (i == j) - rho * s[i] * y[j];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            middle[i][j] = left[i][0] * h[0][j] + left[i][1] * h[1][j];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            h[i][j] = middle[i][0] * left[j][0] + middle[i][1] * left[j][1] + rho * s[i] * s[j];
}

/* Every step goes along -H g, H made of full matrices here, and ends where both Wolfe conditions hold. */
static void lbfgs_steps_are_those_of_the_book(void **unused)
{
    (void)unused;
    enum { HISTORY = 3, MOST = 40 };
    sl_ctx *ctx = engine_ctx(1);
    problem p = problem_new(ctx, (sl_optimizer){ .rule = "lbfgs history=3" }, 0);
    double s[MOST][2], y[MOST][2], x[2] = { (double)(sl_real)-1.2, 1 }, g[2], next[2], after[2];
    double loss = valley(x, g);
    const double worst = engine_tolerance(0.02, 1e-7);
    int k = 0;
    for (; k < MOST && product(g, g) > engine_tolerance(1e-2, 1e-8); k++) {
        assert_int_equal(sl_step_minimise(p.step, rosenbrock, p.tape, &p, NULL), SL_OK);
        double h[2][2] = { { 1, 0 }, { 0, 1 } };
        if (k)
            h[0][0] = h[1][1] = product(s[k - 1], y[k - 1]) / product(y[k - 1], y[k - 1]);
        for (int i = k < HISTORY ? 0 : k - HISTORY; i < k; i++)
            bfgs_update(h, s[i], y[i]);
        const double way[2] = { -product(h[0], g), -product(h[1], g) };
        for (int i = 0; i < 2; i++)
            next[i] = (double)sl_values(p.w)[i];
        const double found = valley(next, after);
        for (int i = 0; i < 2; i++) {
            s[k][i] = next[i] - x[i];
            y[k][i] = after[i] - g[i];
        }
        const double turn = s[k][0] * way[1] - s[k][1] * way[0];
        assert_true(product(s[k], way) > 0);
        assert_true(fabs(turn) < worst * sqrt(product(s[k], s[k]) * product(way, way)));
        assert_true(found <= loss + 1e-4 * product(g, s[k]) * (1 - 1e-3));
        assert_true(fabs(product(after, s[k])) <= -0.9 * product(g, s[k]) * (1 + worst));
        memcpy(x, next, sizeof x);
        memcpy(g, after, sizeof g);
        loss = found;
    }
    assert_true(k >= 20 && k < MOST);
    sl_ctx_free(ctx);
}

/* (w - 1000)^2 from 0: the first length tried moves w by 1, which leaves 0.999 of the slope: too much. */
static void a_step_that_is_too_short_is_made_longer(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    problem p = problem_new(ctx, (sl_optimizer){ .rule = "lbfgs" }, 1);
    sl_values(p.a)[0] = -1000;
    assert_int_equal(sl_step_minimise(p.step, bowl, p.tape, &p, NULL), SL_OK);
    assert_true(fabs((double)sl_values(p.w)[0] - 1000) <= 900);
    sl_ctx_free(ctx);
}

/* What each method reaches on both functions, from (-1.2, 1) and from zeros: first seen, then written down
 * with room; the lowest value of both is 0. */
static void S121_every_method_reaches_its_mark(void **unused)
{
    (void)unused;
    static const struct {
        const char *rule;
        int iterations;
        double valley, bowl;
    } cases[] = {
        { "lbfgs", 60, 1e-8, 1e-6 },
        { "newton", 60, 1e-8, 1e-6 },
        { "coordinate_descent", 1000, 1e-2, 1e-6 },
        { "random_search", 60, 1e-2, 1e-2 },
        { "simplex", 20, 1e-6, 1e-3 },
        { "annealing temperature=1 cooling=0.9", 200, 0.1, 0.5 },
        { "genetic", 100, 0.2, 0.05 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int n = 0; n <= 10; n += 10) {
            sl_ctx *ctx = engine_ctx(1);
            problem p = problem_new(ctx, (sl_optimizer){ .rule = cases[i].rule }, n);
            int taken;
            const double enough = n ? cases[i].bowl : cases[i].valley;
            const double loss = problem_run(&p, n, cases[i].iterations, enough, &taken);
            print_message("%-20s n %2d: %9.3g after %3d iterations, %6d losses\n", cases[i].rule, n ? n : 2,
                          loss, taken, (int)sl_step_evaluations(p.step, NULL));
            if (!(loss < enough))
                fail_msg("%s, %d weights: %g after %d iterations", cases[i].rule, n ? n : 2, loss, taken);
            sl_ctx_free(ctx);
        }
}

/* A parabola is what Newton takes everything for: with next to no damping one step is all. */
static void newton_needs_one_step_on_a_parabola(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    problem p = problem_new(ctx, (sl_optimizer){ .rule = "newton damping=1e-12" }, 10);
    assert_int_equal(sl_step_minimise(p.step, bowl, p.tape, &p, NULL), SL_OK);
    for (int i = 0; i < 10; i++)
        assert_near(sl_values(p.w)[i], i + 1, engine_tolerance(1e-3, 1e-7));
    uint64_t gradients;
    assert_int_equal(sl_step_evaluations(p.step, &gradients),
                     22); /* 1, then 2 a weight, then the new place */
    assert_int_equal(gradients, 21);
    sl_ctx_free(ctx);
}

/* 4 (w - 5)^2 + d/2 w^2 is lowest at 40 / (8 + d); a bias is left alone. */
static sl_tensor *decayed(sl_tape *tape, void *user)
{
    problem *p = user;
    return sl_mean_squared(tape, sl_linear(tape, p->a, p->w, p->c, NULL), p->b);
}

static void decay_is_part_of_the_loss(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    problem p = { .ctx = ctx, .tape = sl_tape_new(ctx, SL_TRAIN) };
    p.w = engine_param(ctx, sl_dims(1, 1), (const sl_real[]){ 1 });
    p.a = sl_tensor_new(ctx, sl_dims(1, 1), (const sl_real[]){ 2 });
    p.b = sl_tensor_new(ctx, sl_dims(1, 1), (const sl_real[]){ 10 });
    p.step = sl_step_new(ctx, (sl_optimizer){ .rule = "lbfgs", .decay = 2 }, &p.w, 1);
    double loss = 0;
    for (int i = 0; i < 10; i++)
        assert_int_equal(sl_step_minimise(p.step, decayed, p.tape, &p, &loss), SL_OK);
    assert_near(sl_values(p.w)[0], 4, engine_tolerance(1e-5, 1e-9));
    assert_near(loss, 4 + 16, engine_tolerance(1e-5, 1e-9)); /* 4 (4 - 5)^2 + 2/2 4^2 */
    assert_true(sl_step_converged(p.step));
    sl_ctx_free(ctx);
}

static void a_finished_search_rests_until_the_weights_are_moved(void **unused)
{
    (void)unused;
    for (int rule = 0; rule < 2; rule++) {
        sl_ctx *ctx = engine_ctx(1);
        problem p = problem_new(ctx, (sl_optimizer){ .rule = rule ? "newton" : "lbfgs" }, 5);
        double loss = 0, again;
        for (int i = 0; i < 40 && !sl_step_converged(p.step); i++)
            assert_int_equal(sl_step_minimise(p.step, bowl, p.tape, &p, &loss), SL_OK);
        assert_true(sl_step_converged(p.step));
        const uint64_t asked = sl_step_evaluations(p.step, NULL);
        assert_int_equal(sl_step_minimise(p.step, bowl, p.tape, &p, &again), SL_OK);
        assert_true(again == loss);
        assert_int_equal(sl_step_evaluations(p.step, NULL), asked);
        sl_values(p.w)[0] = 100;
        for (int i = 0; i < 40 && (i == 0 || !sl_step_converged(p.step)); i++)
            assert_int_equal(sl_step_minimise(p.step, bowl, p.tape, &p, &loss), SL_OK);
        assert_near(sl_values(p.w)[0], 1, engine_tolerance(1e-3, 1e-6));
        sl_ctx_free(ctx);
    }
}

/* --- the interface --- */

static void a_rule_takes_one_step_along_the_gradient(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    problem a = problem_new(ctx, sl_adam(.lr = (sl_real)0.1), 6),
            b = problem_new(ctx, sl_adam(.lr = (sl_real)0.1), 6);
    for (int i = 0; i < 5; i++) {
        double value;
        assert_int_equal(sl_step_minimise(a.step, bowl, a.tape, &a, &value), SL_OK);
        sl_tensor *loss = bowl(b.tape, &b);
        assert_true((double)sl_values(loss)[0] == value);
        assert_int_equal(sl_backward(b.tape, loss), SL_OK);
        assert_int_equal(sl_step_apply(b.step), SL_OK);
        assert_bits(sl_values(a.w), sl_values(b.w), 6);
    }
    uint64_t gradients;
    assert_int_equal(sl_step_evaluations(a.step, &gradients), 5);
    assert_int_equal(gradients, 5);
    assert_false(sl_step_converged(a.step));
    sl_ctx_free(ctx);
}

static sl_tensor *nothing(sl_tape *tape, void *user)
{
    (void)tape, (void)user;
    return NULL;
}

static void what_cannot_be_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    problem p = problem_new(ctx, (sl_optimizer){ .rule = "lbfgs" }, 3);
    sl_backward(p.tape, bowl(p.tape, &p));
    sl_step_apply(p.step);
    assert_says(ctx, SL_EINVAL, "call sl_step_minimise");
    sl_step_set_lr(p.step, 1);
    assert_says(ctx, SL_EINVAL, "there is no lr to set");
    assert_int_equal(sl_step_minimise(p.step, nothing, p.tape, NULL, NULL), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "the loss is NULL");
    static const struct {
        sl_optimizer optimizer;
        const char *piece;
    } cases[] = {
        { { .rule = "lbfgs", .lr = 1 }, "leave lr out" },
        { { .rule = "newton", .schedule = "cosine", .steps = 10 }, "leave schedule out" },
        { { .rule = "genetic", .warmup = 3 }, "leave warmup out" },
        { { .rule = "simplex", .momentum = (sl_real)0.5 }, "does not know momentum" },
        { { .rule = "genetic population=3" },
          "population is 3: wants a whole number from 4 to 10000 (default 50)" },
        { { .rule = "annealing colling=0.5" }, "cooling" },
        { { .rule = "lbfg" }, "lbfgs" },
        { { .rule = "adam beta3=0.5" }, "did you mean 'beta1'" },
        { { .rule = "adam beta1=0.5", .beta1 = (sl_real)0.5 }, "beta1 is given twice" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(sl_step_new(ctx, cases[i].optimizer, &p.w, 1));
        assert_says(ctx, SL_EINVAL, cases[i].piece);
    }
    sl_tensor *many = sl_param(ctx, sl_dims(2001), "zeros");
    assert_null(sl_step_new(ctx, (sl_optimizer){ .rule = "newton" }, &many, 1));
    assert_says(ctx, SL_EINVAL, "at most 2000 weights, and this one has 2001");
    sl_values(p.w)[0] = (sl_real)INFINITY;
    sl_step_minimise(p.step, bowl, p.tape, &p, NULL);
    assert_says(ctx, SL_EDIVERGED, "not finite");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lbfgs_and_newton_find_the_bottom_of_rosenbrocks_valley),
        cmocka_unit_test(lbfgs_steps_are_those_of_the_book),
        cmocka_unit_test(a_step_that_is_too_short_is_made_longer),
        cmocka_unit_test(S121_every_method_reaches_its_mark),
        cmocka_unit_test(newton_needs_one_step_on_a_parabola),
        cmocka_unit_test(decay_is_part_of_the_loss),
        cmocka_unit_test(a_finished_search_rests_until_the_weights_are_moved),
        cmocka_unit_test(a_rule_takes_one_step_along_the_gradient),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
