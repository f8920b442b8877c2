/* What is wrong with walks down functions: the figures are those of the formulas, worked out here, the fixes
 * are walked again by sl_descend, and walks that arrive are left in peace. Runs in both builds. */
#include "engine.h"

#ifdef SL_REAL_DOUBLE
static const double exact = 1e-6, rough = 1e-4;
#else
static const double exact = 1e-4, rough = 1e-3;
#endif

static sl_ctx *ctx;
static sl_function *function;
static sl_walk_diagnosis *diagnosis;

static void walk_open(const char *text, const sl_descend_options *options)
{
    ctx = sl_ctx_new(NULL);
    function = sl_function_new(ctx, text);
    assert_non_null(function);
    diagnosis = sl_diagnose_walk(ctx, function, options);
    if (!diagnosis)
        print_message("%s\n", sl_message(ctx));
    assert_non_null(diagnosis);
}

static void walk_close(void)
{
    sl_walk_diagnosis_free(diagnosis);
    sl_function_free(function);
    sl_ctx_free(ctx);
}

static void walk_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance * (1 + fabs(wanted))))
        print_message("got %.17g, wanted %.17g\n", got, wanted);
    assert_true(fabs(got - wanted) <= tolerance * (1 + fabs(wanted)));
}

static sl_finding walk_first(void)
{
    sl_finding f = { .name = "" };
    sl_walk_diagnosis_at(diagnosis, 0, &f);
    return f;
}

static double walk_fact(const char *wanted_name)
{
    const char *name, *wanted;
    double value;
    for (int i = 0; sl_walk_diagnosis_fact(diagnosis, 0, i, &name, &value, &wanted); i++)
        if (!strcmp(name, wanted_name))
            return value;
    return (double)NAN;
}

static double walk_quartic(double x)
{
    return 3.3 * (x * x * x * x / 4 - x * x * x / 6 - 3.23 * x * x + 2.6 * x);
}

static void S96_the_cycle_its_limit_and_half_of_it(void **unused)
{
    (void)unused;
    const double start = 1;
    walk_open("quartic", &(sl_descend_options){ .start = &start, .optimizer = sl_sgd(.lr = (sl_real)0.06) });
    const sl_finding f = walk_first();
    const double curvature = 3.3 * (3 * 2.6 * 2.6 - 2.6 - 6.46); /* f'' */
    assert_string_equal(f.name, "lr_too_high");
    assert_false(f.note);
    walk_near(walk_fact("curvature at the minimum"), curvature, rough);
    walk_near(walk_fact("2 / curvature"), 2 / curvature, rough);
    walk_near(2 / curvature, 0.0540, 1e-4);
    const double low = walk_fact("one end of the cycle, x"), high = walk_fact("the other end, x");
    walk_near(low, 2.1506, 1e-4);
    walk_near(high, 2.8750, 1e-4);
    const double slope = 3.3 * (low + 2.5) * (low - 0.4) * (low - 2.6); /* one step leads to the other end */
    walk_near(low - 0.06 * slope, high, rough);
    assert_string_equal(f.fix, "--lr 0.027");
    assert_true(f.tried && f.proved);
    assert_string_equal(f.measure, "f");
    const sl_descent_facts *was = sl_descent_found(sl_walk_diagnosis_walk(diagnosis, -1)),
                           *now = sl_descent_found(sl_walk_diagnosis_walk(diagnosis, 0));
    assert_string_equal(now->place, "minimum");
    walk_near(now->end[0], 2.6, rough);
    walk_near(f.before, walk_quartic(was->end[0]), rough);
    walk_near(f.after, walk_quartic(2.6), exact);
    assert_non_null(strstr(f.sentence, "to and fro between x = 2.15"));
    walk_close();
}

static void S96_the_fix_is_what_descend_says_of_it(void **unused)
{
    (void)unused;
    const double start = 1;
    walk_open("quartic", &(sl_descend_options){ .start = &start, .optimizer = sl_sgd(.lr = (sl_real)0.06) });
    sl_descent *again =
        sl_descend(function, &(sl_descend_options){ .start = &start,
                                                    .optimizer = { .rule = "sgd", .lr = (sl_real)0.027 } });
    assert_true(sl_descent_found(again)->value == walk_first().after);
    sl_descent_free(again);
    walk_close();
}

/* Texts, starts, step sizes; what is found first: "" nothing. */
static void walks_and_what_is_wrong_with_them(void **unused)
{
    (void)unused;
    static const struct {
        const char *function;
        double start[2], lr;
        int steps;
        const char *found;
    } walks[] = {
        { "quartic", { -3.5 }, 0.025, 0, "" },         /* S95 */
        { "exercise", { 6 }, 0.125, 0, "" },           /* in one step */
        { "exercise", { 6 }, 0.24, 400, "" },          /* below the limit of 0.25: to and fro, and calmer */
        { "exercise", { 6 }, 0.25, 0, "lr_too_high" }, /* 6, 4, 6, 4 */
        { "exercise", { 6 }, 0.3, 0, "lr_too_high" },
        { "exercise", { 6 }, 0.01, 20, "lr_too_low" }, /* * 0.92 a step */
        { "exercise", { 6 }, 0.01, 400, "" },
        { "bowl", { -4, 2 }, 0.19, 400, "" },
        { "bowl", { -4, 2 }, 0.21, 400, "lr_too_high" },     /* curvature 10 */
        { "bowl", { -4, 2 }, 0.1, 20, "stopped_too_early" }, /* curvature 1 along x */
        { "x^4", { 3 }, 0.1, 0, "lr_too_high" },             /* diverges */
        { "0-x^2", { 1 }, 0.1, 20, "no_minimum" },
        { "0-x^2", { 1 }, 0.1, 1000, "no_minimum" },
        { "quartic", { 0.4 }, 0.025, 0, "saddle_point" }, /* the hilltop */
        { "x^2 - y^2 + y^4", { 1, 0 }, 0.1, 400, "saddle_point" },
        { "quartic", { 1 }, 0.01, 40, "higher_minimum" },
        { "x^4", { 1 }, 0.05, 0, "stopped_too_early" }, /* no curvature at its minimum, so no limit */
        { "x^3", { 1 }, 0.1, 0, "no_minimum" },         /* nor a minimum, where that is 0 */
        { "(x - 1)^2 + 3", { 4 }, 0.1, 200, "" },
    };
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        walk_open(walks[i].function,
                  &(sl_descend_options){ .start = walks[i].start,
                                         .optimizer = { .rule = "sgd", .lr = (sl_real)walks[i].lr },
                                         .steps = walks[i].steps });
        const sl_finding f = walk_first();
        if (strcmp(f.name, walks[i].found) != 0)
            print_message("%s, step size %g: found '%s', wanted '%s'\n", walks[i].function, walks[i].lr,
                          f.name, walks[i].found);
        assert_string_equal(f.name, walks[i].found);
        if (*f.name && strcmp(f.name, "no_minimum") != 0) {
            assert_true(f.proved);
            assert_false(f.note);
            assert_true(f.after < f.before || f.before - f.before != 0);
            assert_true(f.facts > 0);
        }
        walk_close();
    }
}

static void steps_that_are_left_are_those_that_it_takes(void **unused)
{
    (void)unused;
    /* * 0.92 a step from 1: the slope 8 * 0.92^k; a minimum from 1e-3 of the range times the curvature on. */
    double low[2], high[2], start = 6;
    walk_open("exercise", &(sl_descend_options){ .start = &start,
                                                 .optimizer = { .rule = "sgd", .lr = (sl_real)0.01 },
                                                 .steps = 20 });
    sl_function_range(function, low, high);
    const double now = 8 * pow(0.92, 20), wanted = 1e-3 * (high[0] - low[0]) * 8;
    walk_near(walk_fact("steps more at this rate"), ceil(log(now / wanted) / -log(0.92)), 0.02);
    walk_near(walk_fact("f above the minimum"), 4 * pow(0.92, 40), rough);
    walk_close();
}

static void a_lower_minimum_is_named_with_its_place(void **unused)
{
    (void)unused;
    const double start = 1;
    walk_open("quartic", &(sl_descend_options){ .start = &start,
                                                .optimizer = { .rule = "sgd", .lr = (sl_real)0.01 },
                                                .steps = 40 });
    const sl_finding f = walk_first();
    walk_near(walk_fact("f at the lowest known one"), walk_quartic(-2.5), exact);
    assert_non_null(strstr(f.sentence, "x = -2.5"));
    assert_memory_equal(f.fix, "--start ", 8);
    walk_near(f.after, walk_quartic(-2.5), rough);
    walk_close();
}

static void noise_is_not_judged_by_how_near_it_comes(void **unused)
{
    (void)unused;
    const double start = -3.5;
    walk_open("quartic", &(sl_descend_options){ .start = &start,
                                                .optimizer = { .rule = "sgd", .lr = (sl_real)0.01 },
                                                .steps = 100,
                                                .noise = 5 });
    assert_string_equal(walk_first().name, "");
    assert_non_null(strstr(sl_walk_diagnosis_remarks(diagnosis), "noise of 5"));
    walk_close();
}

static void what_cannot_be(void **unused)
{
    (void)unused;
    const double start = -1;
    sl_ctx *c = sl_ctx_new(NULL);
    sl_function *f = sl_function_new(c, "log(x)");
    assert_null(sl_diagnose_walk(c, f, &(sl_descend_options){ .start = &start }));
    assert_int_equal(sl_error(c), SL_EINVAL);
    assert_null(sl_diagnose_walk(c, NULL, NULL));
    assert_null(sl_diagnose_walk(NULL, NULL, NULL));
    assert_false(sl_walk_diagnosis_at(NULL, 0, NULL));
    assert_null(sl_walk_diagnosis_walk(NULL, 0));
    sl_walk_diagnosis_free(NULL);
    sl_function_free(f);
    sl_ctx_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S96_the_cycle_its_limit_and_half_of_it),
        cmocka_unit_test(S96_the_fix_is_what_descend_says_of_it),
        cmocka_unit_test(walks_and_what_is_wrong_with_them),
        cmocka_unit_test(steps_that_are_left_are_those_that_it_takes),
        cmocka_unit_test(a_lower_minimum_is_named_with_its_place),
        cmocka_unit_test(noise_is_not_judged_by_how_near_it_comes),
        cmocka_unit_test(what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
