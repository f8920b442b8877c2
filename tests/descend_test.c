/* Walks on functions: formulas against plain C, gradients against differences, every shipped function's
 * minima, walks and their facts. Runs in both builds. */
#include "engine.h"
#include "descend/walk.h"
#include "kernel/math.h"
#include "plot/figure.h"

static sl_ctx *ctx;

static int begin(void **unused)
{
    (void)unused;
    ctx = sl_ctx_new(NULL);
    return ctx ? 0 : 1;
}

static int end(void **unused)
{
    (void)unused;
    sl_ctx_free(ctx);
    return 0;
}

static double value_at(const char *text, double x, double y)
{
    double value = NAN;
    sl_function *f = sl_function_new(ctx, text);
    if (!f)
        print_message("%s\n", sl_message(ctx));
    assert_non_null(f);
    const double at[2] = { x, y };
    assert_int_equal(sl_function_at(f, 1, at, &value, NULL, NULL), SL_OK);
    sl_function_free(f);
    return value;
}

static void near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance * (1 + fabs(wanted)))) {
        print_message("got %.17g, wanted %.17g\n", got, wanted);
        fail();
    }
}

#define SAME(text, wanted) near(value_at(text, x, y), wanted, engine_tolerance(2e-5, 1e-13))

static void formulas_are_what_c_makes_of_them(void **unused)
{
    (void)unused;
    const double x = 0.75, y = -1.5;
    SAME("x+y*2", x + y * 2);
    SAME("(x+y)*2", (x + y) * 2);
    SAME("-x^2", -(x * x));
    SAME("(-x)^2", x * x);
    SAME("x^-2", 1 / (x * x));
    SAME("2^x^2", pow(2, pow(x, 2)));
    SAME("2^-x*y", pow(2, -x) * y);
    SAME("x-y-1", x - y - 1);
    SAME("x/y/2", x / y / 2);
    SAME("8/x^2*y", 8 / (x * x) * y);
    SAME("1-x", 1 - x);
    SAME("--x - -y", x + y);
    SAME("x^1", x);
    SAME("x^0.5", sqrt(x));
    SAME("1e-1*x + .5", 0.1 * x + 0.5);
    SAME("e^x + pi", exp(x) + 3.14159265358979323846);
    SAME("exp(x)*log(x)+sqrt(x)", exp(x) * log(x) + sqrt(x));
    SAME("sin(x)*cos(y)+tanh(x*y)", sin(x) * cos(y) + tanh(x * y));
    SAME("sigmoid(x)+relu(y)+abs(y)", 1 / (1 + exp(-x)) + fabs(y));
    SAME("x*exp(1)^(log(4)/2)", x * pow(exp(1), log(4) / 2));
    SAME(" 3.3 * ( x + 2.5 ) * ( x - 0.4 ) * ( x - 2.6 ) ", 3.3 * (x + 2.5) * (x - 0.4) * (x - 2.6));
}

static void formulas_that_cannot_be(void **unused)
{
    static const char *const wrong[] = { "",        "x+",     "(x",    "x)",         "2 x",    "x y",
                                         "sin",     "sin()",  "x^y",   "0^x",        "(-2)^x", "1/0*x",
                                         "1e999*x", "3",      "x $ 2", "z+x",        "x**2",   "log(0)*x",
                                         "x/0",     "max(x)", "x,y",   "softmax(x)", "step(x)" };
    (void)unused;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (sl_function_new(ctx, wrong[i]))
            fail_msg("%s is taken", wrong[i]);
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        assert_true(!strncmp(sl_message(ctx), "formula: ", 9) ||
                    !strncmp(sl_message(ctx), "unknown function", 16));
        sl_clear(ctx);
    }
    char deep[3 * SL_FORMULA_LENGTH];
    memset(deep, '(', SL_FORMULA_LENGTH);
    strcpy(deep + SL_FORMULA_LENGTH, "");
    assert_null(sl_function_new(ctx, deep));
    assert_non_null(strstr(sl_message(ctx), "deep"));
    sl_clear(ctx);
    for (size_t i = 0; i < sizeof deep - 2; i += 2)
        memcpy(deep + i, "x+", 3);
    assert_null(sl_function_new(ctx, deep));
    assert_non_null(strstr(sl_message(ctx), "at most 1000"));
    sl_clear(ctx);
    memset(deep, ' ', 600);
    strcpy(deep + 600, "+ x * \xc3\xa9 + y");
    deep[0] = 'x';
    assert_null(sl_function_new(ctx, deep)); /* a long one: the caret stands below the place all the same */
    const char *line = strchr(sl_message(ctx), '\n'), *caret = line ? strchr(line + 1, '\n') : NULL;
    assert_non_null(caret);
    assert_int_equal(line[strlen(caret) - 1], '?');
    sl_clear(ctx);
}

/* Every one that is shipped: gradient and second derivatives by differences of values, minima. */
static void shipped_functions(void **unused)
{
    (void)unused;
    const sl_landscape *kind;
    for (size_t i = 0; (kind = sl_landscape_at(i)); i++) {
        sl_function *f = sl_function_new(ctx, kind->name);
        assert_non_null(f);
        const int dims = sl_function_variables(f);
        double at[2] = { kind->start[0] + 0.1, kind->start[1] + 0.2 }, slope[2], bend[3], value[5];
        assert_int_equal(sl_function_at(f, 1, at, value, slope, bend), SL_OK);
        for (int axis = 0; axis < dims; axis++) {
            const double h = ENGINE_DOUBLE ? 1e-4 : 0.02;
            double points[4] = { at[0], at[1], at[0], at[1] };
            if (dims == 1)
                points[1] = at[0];
            points[axis] += h;
            points[dims + axis] -= h;
            assert_int_equal(sl_function_at(f, 2, points, value + 1, NULL, NULL), SL_OK);
            near(slope[axis], (value[1] - value[2]) / (2 * h), engine_tolerance(0.05, 1e-5));
            near(bend[axis ? 2 : 0], (value[1] - 2 * value[0] + value[2]) / (h * h),
                 engine_tolerance(0.2, 1e-4));
        }
        double minima[4][2];
        const int count = sl_function_lowest(f, minima);
        assert_int_equal(count > 0, kind->minima != NULL);
        for (int m = 0; m < count; m++) { /* level there, and curved upwards */
            assert_int_equal(sl_function_at(f, 1, minima[m], value, slope, bend), SL_OK);
            for (int axis = 0; axis < dims; axis++)
                assert_true(fabs(slope[axis]) <= engine_tolerance(1e-3, 1e-10));
            assert_true(bend[0] > 0 && (dims == 1 || bend[0] * bend[2] > bend[1] * bend[1]));
        }
        sl_function_free(f);
    }
}

static void S90_what_lies_at_the_end(void **unused)
{
    static const struct {
        const char *function;
        double start[2];
        const char *place;
    } walks[] = { { "x^2 - y^2", { 1, 0 }, "saddle" },
                  { "x^2 + 3*y^2", { 1, 1 }, "minimum" },
                  { "-x^2 - y^2", { 0, 0 }, "maximum" },
                  { "x + y", { 1, 1 }, "slope" },
                  { "x^3", { 0, 0 }, "flat" } };
    (void)unused;
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        sl_function *f = sl_function_new(ctx, walks[i].function);
        const sl_descend_options options = { .start = walks[i].start, .steps = 100 };
        sl_descent *descent = sl_descend(f, &options);
        assert_non_null(descent);
        assert_string_equal(sl_descent_found(descent)->place, walks[i].place);
        sl_descent_free(descent);
        sl_function_free(f);
    }
}

static void S90_a_failed_chord_has_two_points(void **unused)
{
    (void)unused;
    sl_function *f = sl_function_new(ctx, "quartic");
    const sl_descend_options options = { .start = (const double[]){ 0.1 }, .steps = 30 };
    sl_descent *descent = sl_descend(f, &options);
    assert_non_null(descent);
    const sl_descent_facts *facts = sl_descent_found(descent);
    assert_true(facts->bent);
    double at[3] = { facts->chord[0][0], facts->chord_at[0], facts->chord[1][0] }, value[3];
    assert_int_equal(sl_function_at(f, 3, at, value, NULL, NULL), SL_OK);
    const double share = (at[1] - at[0]) / (at[2] - at[0]);
    assert_true(share > 0 && share < 1);
    assert_true(value[1] > value[0] + share * (value[2] - value[0]) + 0.1);
    sl_descent_free(descent);
    sl_function_free(f);
}

/* The engine's steps are those of a plain loop, noise and all; a walk among many is the walk alone. */
static void a_walk_is_a_plain_loop(void **unused)
{
    (void)unused;
    sl_function *f = sl_function_new(ctx, "himmelblau");
    const double start[2] = { -0.5, 1 };
    const sl_descend_options options = { .start = start, .steps = 15, .optimizer = { .lr = SL_R(0.01) } };
    sl_descent *descent = sl_descend(f, &options);
    assert_non_null(descent);
    double x = start[0], y = start[1];
    for (int k = 0; k <= 15; k++) {
        near(sl_report_at(sl_descent_path(descent), k, "x"), x, engine_tolerance(1e-4, 1e-12));
        near(sl_report_at(sl_descent_path(descent), k, "y"), y, engine_tolerance(1e-4, 1e-12));
        const double a = x * x + y - 11, b = x + y * y - 7;
        near(sl_report_at(sl_descent_path(descent), k, "f"), a * a + b * b, engine_tolerance(1e-3, 1e-12));
        const double dx = 4 * x * a + 2 * b, dy = 2 * a + 4 * y * b;
        x -= 0.01 * dx;
        y -= 0.01 * dy;
    }
    sl_descent_free(descent);
    sl_function_free(f);
}

static void noise_has_the_deviation_that_was_asked_for(void **unused)
{
    (void)unused;
    sl_function *f = sl_function_new(ctx, "0*x");
    enum { STEPS = 4000 };
    const sl_descend_options options = {
        .start = (const double[]){ 0 }, .steps = STEPS, .noise = 3, .optimizer = { .lr = 1 }
    };
    sl_descent *descent = sl_descend(f, &options);
    assert_non_null(descent);
    double sum = 0, square = 0;
    for (int k = 0; k < STEPS; k++) {
        const double step = sl_report_at(sl_descent_path(descent), k + 1, "x") -
                            sl_report_at(sl_descent_path(descent), k, "x");
        sum += step;
        square += step * step;
    }
    near(sum / STEPS, 0, 0.15);
    near(sqrt(square / STEPS), 3, 0.03);
    sl_descent_free(descent);
    sl_function_free(f);
}

static void S104_S219_many_starts(void **unused)
{
    (void)unused;
    sl_function *f = sl_function_new(ctx, "quartic");
    sl_descend_share share;
    const sl_descend_options short_steps = { .optimizer = { .lr = SL_R(0.001) }, .steps = 2000 };
    assert_int_equal(sl_descend_many(f, &short_steps, 1000, &share), SL_OK);
    assert_int_equal(share.starts, 1000);
    /* starts below the hilltop at 0.4, of -4 .. 4.5: 0.5176 of them, and one deviation is 0.016 */
    assert_in_range(share.valley, 518 - 48, 518 + 48);
    assert_int_equal(share.arrived, share.valley);
    const sl_descend_options noisy = { .optimizer = { .lr = SL_R(0.02) }, .steps = 200, .noise = 30 };
    assert_int_equal(sl_descend_many(f, &noisy, 1000, &share), SL_OK);
    assert_true(share.valley > 700);
    const sl_descend_options wild = { .optimizer = { .lr = 1 } };
    assert_int_equal(sl_descend_many(f, &wild, 100, &share), SL_OK);
    assert_true(share.diverged > 80);
    /* one after the other, as clip_norm asks for, it is the same */
    sl_descend_share alone;
    const sl_descend_options single = { .optimizer = { .lr = SL_R(0.02), .clip_norm = SL_R(1e20) },
                                        .steps = 100,
                                        .noise = 10 };
    sl_descend_options together = single;
    together.optimizer.clip_norm = 0;
    assert_int_equal(sl_descend_many(f, &single, 50, &alone), SL_OK);
    assert_int_equal(sl_descend_many(f, &together, 50, &share), SL_OK);
    assert_memory_equal(&alone, &share, sizeof share);
    sl_function_free(f);
}

static void every_optimizer_walks(void **unused)
{
    (void)unused;
    sl_word word;
    sl_function *f = sl_function_new(ctx, "bowl");
    sl_descent *descents[2] = { NULL };
    for (int i = 0; sl_catalogue("optimizer", i, &word); i++) {
        const sl_descend_options options = { .optimizer = { .rule = word.name }, .steps = 50 };
        sl_descent *descent = sl_descend(f, &options);
        if (!strcmp(word.name, "perceptron")) { /* made for one loss */
            assert_null(descent);
            sl_clear(ctx);
            continue;
        }
        if (!descent)
            fail_msg("%s: %s", word.name, sl_message(ctx));
        assert_true(sl_descent_found(descent)->value < sl_report_at(sl_descent_path(descent), 0, "f"));
        sl_descent_free(descents[0]);
        descents[0] = descents[1];
        descents[1] = descent;
    }
    sl_figure *figure = sl_descent_figure(f, descents, (const char *const[]){ "one", "other" }, 2);
    assert_non_null(figure);
    assert_int_equal(sl_figure_panels(figure), 2);
    assert_non_null(strstr(sl_figure_script(figure, "svg", 0, 0, -1), "other"));
    sl_figure_free(figure);
    sl_descent_free(descents[0]);
    sl_descent_free(descents[1]);
    sl_function_free(f);
}

static void what_is_refused(void **unused)
{
    (void)unused;
    sl_function *f = sl_function_new(ctx, "quartic");
    const sl_descend_options wrong[] = {
        { .steps = -1 },
        { .noise = -1 },
        { .stop = NAN },
        { .start = (const double[]){ NAN } },
        { .optimizer = { .rule = "addam" } },
        { .optimizer = { .rule = "sgd average=0.9" } },
        { .optimizer = { .rule = "newton" }, .noise = 1 },
        { .optimizer = { .schedule = "cosin" } },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(sl_descend(f, &wrong[i]));
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        sl_clear(ctx);
    }
    sl_function_free(f);
    f = sl_function_new(ctx, "saddle");
    sl_descend_share share;
    assert_int_equal(sl_descend_many(f, NULL, 10, &share), SL_EINVAL);
    sl_clear(ctx);
    sl_function_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_what_c_makes_of_them),
        cmocka_unit_test(formulas_that_cannot_be),
        cmocka_unit_test(shipped_functions),
        cmocka_unit_test(S90_what_lies_at_the_end),
        cmocka_unit_test(S90_a_failed_chord_has_two_points),
        cmocka_unit_test(a_walk_is_a_plain_loop),
        cmocka_unit_test(noise_has_the_deviation_that_was_asked_for),
        cmocka_unit_test(S104_S219_many_starts),
        cmocka_unit_test(every_optimizer_walks),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
