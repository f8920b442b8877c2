/* schedule_test.c - the step sizes of schedules and warm-up: formulas, PyTorch's, the lecture's, and what is
 * refused. Runs in both builds. */
#include "engine.h"
#include "golden.h"
#include "optim/optim.h"

static sl_course course_of(sl_ctx *ctx, sl_optimizer optimizer)
{
    sl_optimizer set;
    sl_course course = { 0 };
    assert_non_null(sl_rule_find(ctx, &optimizer, &set));
    assert_int_equal(sl_course_plan(ctx, &set, &course), SL_OK);
    return course;
}

static void S118_cosine_goes_by_its_formula(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    const sl_course c = course_of(ctx, sl_adam(.schedule = "cosine", .steps = 100));
    assert_true(sl_course_rate(&c, 0.5, 0) == 0.5);
    assert_near(sl_course_rate(&c, 0.5, 50), 0.25, 1e-15);                /* the middle: half the peak */
    assert_near(sl_course_rate(&c, 1, 25), 0.5 + 0.5 * sqrt(0.5), 1e-15); /* cos(pi/4) */
    assert_near(sl_course_rate(&c, 1, 99), 0.5 - 0.5 * 0.9995065603657316, 1e-15); /* cos(pi/100) */
    assert_near(sl_course_rate(&c, 1, 100), 0, 1e-15);
    assert_near(sl_course_rate(&c, 1, 1000000), 0, 1e-15); /* it does not rise again */
    sl_ctx_free(ctx);
}

static void S118_warm_up_is_linear_from_0(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    const sl_course steps = course_of(ctx, sl_adam(.warmup = 4)), /* nobody says how many steps there are */
        share = course_of(ctx, sl_adam(.schedule = "cosine", .warmup = 0.25, .steps = 16)),
                    rounded = course_of(ctx, sl_adam(.warmup = 0.1, .steps = 15)),
                    none = course_of(ctx, sl_adam(.schedule = "constant"));
    for (unsigned done = 0; done < 4; done++) { /* step 1 of 4 has a quarter, step 4 all of it */
        assert_true(sl_course_rate(&steps, 0.5, done) == 0.5 * (done + 1) / 4);
        assert_true(sl_course_rate(&share, 0.5, done) == 0.5 * (done + 1) / 4);
    }
    assert_true(sl_course_rate(&steps, 0.5, 4) == 0.5);
    assert_true(sl_course_rate(&steps, 0.5, UINT64_C(1) << 60) == 0.5);
    assert_true(sl_course_rate(&share, 0.5, 4) == 0.5);        /* 16 steps, 4 of them warm up: the middle */
    assert_near(sl_course_rate(&share, 0.5, 10), 0.25, 1e-15); /* of the other 12 has half */
    assert_true(rounded.warmup == 2);
    assert_true(sl_course_rate(&none, 0.1, 0) == 0.1);
    sl_ctx_free(ctx);
}

/* torch.optim.lr_scheduler: LambdaLR for the warm-up before the cosine. */
static void schedules_agree_with_pytorch(void **state)
{
    (void)state;
    static const struct {
        const char *name, *schedule;
        double warmup;
    } cases[] = {
        { "cosine", "cosine", 0 },
        { "warm_cosine", "cosine", 5 },
        { "cosine_end", "cosine end=0.1", 0 },
        { "step", "step every=6 factor=0.5", 0 },
        { "step", "step 0.3 factor=0.5", 0 },
        { "exponential", "exponential every=1 factor=0.9", 0 },
        { "exponential", "exponential every=2 factor=0.81", 0 },
        { "cosine_restarts", "cosine_restarts first=3 factor=2 end=0.05", 0 },
        { "cosine_restarts", "cosine_restarts:0.15 factor=2 end=0.05", 0 },
        { "one_cycle", "one_cycle", 0 },
        { "one_cycle_up", "one_cycle up=0.47 start=0.2 end=0.02", 0 },
        { "polynomial", "polynomial", 0 },
        { "polynomial_power", "polynomial power=2.5", 0 },
    };
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/schedule.golden");
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sl_course course =
            course_of(ctx, sl_adam(.schedule = cases[i].schedule, .warmup = cases[i].warmup, .steps = 20));
        for (unsigned done = 0; done < 20; done++)
            assert_near(sl_course_rate(&course, 0.008, done),
                        golden_get(file, cases[i].name, "lr")->values[done], 1e-15);
    }
    golden_free(file);
    sl_ctx_free(ctx);
}

/* x <- x - lr_t f'(x) with f'(x) = 3.3 (x + 2.5) (x - 0.4) (x - 2.6), from 0.1. */
static double schedule_descend(const char *schedule, double lr, int steps, double x, double *path)
{
    sl_ctx *ctx = engine_ctx(1);
    const sl_course course = course_of(ctx, sl_sgd(.schedule = schedule));
    for (int t = 0; t < steps; t++) {
        x -= sl_course_rate(&course, lr, (uint64_t)t) * (3.3 * (x + 2.5) * (x - 0.4) * (x - 2.6));
        if (path && t < 4)
            path[t] = x;
    }
    sl_ctx_free(ctx);
    return x;
}

static void S97_halving_stops_short(void **state)
{
    (void)state;
    double path[4];
    const double end = schedule_descend("halving", 0.1, 1000, 0.1, path);
    assert_near(path[0], -0.5435, 1e-9);
    assert_near(path[1], -1.501, 5e-4);
    assert_near(path[2], -2.1435, 5e-4);
    assert_near(path[3], -2.3209, 5e-4);
    assert_near(end, -2.404, 5e-4); /* not -2.5: all steps together are too short */
    sl_ctx *ctx = engine_ctx(1);
    const sl_course each = course_of(ctx, sl_sgd(.schedule = "halving")),
                    rare = course_of(ctx, sl_sgd(.schedule = "halving every=3", .warmup = 2));
    double wanted = 0.3;
    for (unsigned t = 0; t < 1020; t++, wanted /= 2)
        assert_true(sl_course_rate(&each, 0.3, t) == wanted); /* exactly */
    assert_true(sl_course_rate(&each, 0.3, 100000) == 0);
    for (unsigned t = 0; t < 12; t++)
        assert_true(sl_course_rate(&rare, 8, t + 2) == 8 / (double)(1 << t / 3));
    sl_ctx_free(ctx);
}

static void S97_one_over_k_arrives(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    const sl_course course = course_of(ctx, sl_sgd(.schedule = "inverse")),
                    slow = course_of(ctx, sl_sgd(.schedule = "inverse rate=0.01"));
    for (unsigned k = 1; k < 1000; k++)
        assert_true(sl_course_rate(&course, 1, k - 1) == 1.0 / k);
    assert_near(sl_course_rate(&slow, 1, 100), 0.5, 1e-15);
    assert_near(schedule_descend("inverse", 0.05, 1000, 0.1, NULL), -2.5, 1e-4); /* the minimum */
    sl_ctx_free(ctx);
}

static void S118_step_sizes_of_a_table(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    const sl_optimizer cosine = { .lr = (sl_real)0.5, .schedule = "cosine", .warmup = 10, .steps = 110 },
                       stairs = { .schedule = "step every=1000 factor=0.1", .steps = 5000 };
    const double lr = (double)(sl_real)0.5, normal = (double)(sl_real)1e-3;
    for (unsigned t = 1; t <= 10; t++)
        assert_near(sl_schedule_lr(ctx, &cosine, t), lr * t / 10, 1e-7);
    assert_near(sl_schedule_lr(ctx, &cosine, 61), lr / 2, 1e-7); /* 50 of 100 behind the warm-up are done */
    assert_true(sl_schedule_lr(ctx, &stairs, 1000) == normal);
    assert_true(sl_schedule_lr(ctx, &stairs, 1001) == (double)(sl_real)(normal * 0.1));
    assert_near(sl_schedule_lr(ctx, &stairs, 5000), normal * 1e-4, 1e-13);
    assert_true(sl_schedule_lr(ctx, NULL, 77) == normal);
    assert_fine(ctx);
    const double none = sl_schedule_lr(ctx, &cosine, 0);
    assert_true(none != none);
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    sl_ctx_free(ctx);
}

static void points_of_a_table_tell_most(void **state)
{
    (void)state;
    static const struct {
        sl_optimizer optimizer;
        int count;
        uint64_t points[7];
    } cases[] = {
        { { .schedule = "constant" }, 1, { 1 } },
        { { .schedule = "cosine", .warmup = 10, .steps = 110 }, 4, { 1, 10, 61, 110 } },
        { { .schedule = "step every=1000" }, 7, { 1, 1001, 2001, 3001, 4001, 5001, 6001 } },
        { { .schedule = "step every=40", .steps = 100 }, 5, { 1, 41, 51, 81, 100 } },
        { { .schedule = "halving", .steps = 100 }, 7, { 1, 2, 3, 4, 5, 51, 100 } },
        { { .schedule = "inverse" }, 7, { 1, 2, 10, 100, 1000, 10000, 100000 } },
        { { .schedule = "cosine_restarts 20 factor=2", .steps = 100 }, 7, { 1, 20, 21, 51, 60, 61, 100 } },
        { { .schedule = "one_cycle", .steps = 20 }, 5, { 1, 3, 6, 11, 20 } },
    };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sl_course course = course_of(ctx, cases[i].optimizer);
        uint64_t points[7];
        const int count = sl_course_points(&course, points, 7);
        for (int p = 0; p < count && p < cases[i].count; p++)
            if (points[p] != cases[i].points[p])
                fail_msg("%s: point %d is %d", cases[i].optimizer.schedule, p, (int)points[p]);
        assert_int_equal(count, cases[i].count);
    }
    sl_ctx_free(ctx);
}

/* loss = sum(w), so each step of sgd takes off exactly its step size. */
static void a_step_takes_the_step_size_of_its_number(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *w = sl_param(ctx, sl_dims(1), "zeros");
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = 1, .schedule = "cosine", .warmup = 2, .steps = 6), &w, 1);
    static const double wanted[] = { 0.5, 1, 1, 0.8535533905932737, 0.5, 0.14644660940672627, 0 };
    for (int i = 0; i < 7; i++) {
        assert_near((double)sl_step_lr(step), wanted[i], engine_tolerance(1e-7, 1e-15));
        *sl_values(w) = 0;
        const sl_real lr = sl_step_lr(step);
        sl_backward(tape, sl_sum(tape, w));
        sl_step_apply(step);
        assert_fine(ctx);
        assert_true(*sl_values(w) == -lr);
    }
    sl_step *own = sl_step_new(ctx, sl_sgd(.lr = 1, .warmup = 2), &w, 1); /* a schedule of one's own */
    assert_int_equal(sl_step_set_lr(own, (sl_real)0.25), SL_OK);
    assert_true(sl_step_lr(own) == (sl_real)0.125);
    assert_int_equal(sl_step_set_lr(own, -1), SL_EINVAL);
    assert_string_equal(sl_message(ctx), "sl_step_set_lr: lr is -1: wants a number from 0 to below 1e30");
    sl_ctx_free(ctx);
}

static void every_schedule_is_described_and_starts_at_lr(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_word word;
    const sl_schedule *schedule;
    int count = 0;
    for (; (schedule = sl_schedule_at((size_t)count)); count++) {
        assert_true(sl_catalogue("schedule", count, &word));
        assert_string_equal(word.name, schedule->name);
        if (!word.summary || !word.formula || !word.source)
            fail_msg("schedule %s lacks its summary, formula or source", word.name);
        const double warmup = schedule->rises ? 0 : 3;
        const sl_course c =
            course_of(ctx, sl_adam(.schedule = schedule->name, .warmup = warmup, .steps = 1000));
        for (unsigned done = 3; done <= 1100; done++)
            assert_true(sl_course_rate(&c, 1, done) >= 0 && sl_course_rate(&c, 1, done) <= 1);
        assert_near(sl_course_rate(&c, 0.3, 3), schedule->rises ? 0.0121 : 0.3, schedule->rises ? 1e-3 : 0);
        char *text = sl_schedule_text(ctx, schedule->name);
        assert_string_equal(text, schedule->name);
        for (const sl_option *o = schedule->options; o && o->name; o++)
            assert_non_null(o->summary);
    }
    assert_false(sl_catalogue("schedule", count, &word));
    assert_in_range(count, 2, 100);
    sl_ctx_free(ctx);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        sl_optimizer optimizer;
        const char *message;
    } cases[] = {
        { { .schedule = "cosin" },
          "unknown schedule 'cosin': did you mean 'cosine'? There are constant, cosine, cosine_restarts, "
          "exponential, halving, inverse, one_cycle, plateau, polynomial, step" },
        { { .schedule = "step every=0.3" },
          "schedule step: every is 0.3 of all steps, and how many there are is not known: give epochs or "
          "steps "
          "(--epochs, --steps), or every as a number of steps" },
        { { .schedule = "step every=2.5" },
          "schedule step: every is 2.5: wants a whole number of steps, or a share of the steps behind the "
          "warm-up, above 0 and below 1 (default 0.3)" },
        { { .schedule = "step every=0" }, "schedule step: every is 0: wants a number above 0 (default 0.3)" },
        { { .schedule = "step factor=1" },
          "schedule step: factor is 1: wants a number above 0 and below 1 (default 0.1)" },
        { { .schedule = "step every=1000", .warmup = 100, .steps = 1000 },
          "schedule step never falls: every is 1000 steps, and the training has 900 behind the warm-up: "
          "wants "
          "fewer" },
        { { .schedule = "cosine_restarts first=50", .steps = 50 },
          "schedule cosine_restarts never restarts: first is 50 steps, and the training has 50: wants "
          "fewer" },
        { { .schedule = "cosine_restarts factor=1.5", .steps = 50 },
          "schedule cosine_restarts: factor is 1.5: wants a whole number from 1 to 100 (default 1)" },
        { { .schedule = "one_cycle", .warmup = 5, .steps = 50 },
          "warmup is 5, and schedule one_cycle rises by itself: leave the warm-up out, or take another "
          "schedule, "
          "such as cosine" },
        { { .schedule = "plateau patience=-1" },
          "schedule plateau: patience is -1: wants a whole number from 0 to 1000000 (default 10)" },
        { { .schedule = "constant end=0" }, "schedule constant takes no options: found 'end'" },
        { { .schedule = "cosine ende=0" },
          "schedule cosine: unknown option 'ende': did you mean 'end'? There are end" },
        { { .schedule = "cosine" },
          "schedule cosine ends with the training, and where that ends is not known: give epochs or steps "
          "(--epochs, "
          "--steps)" },
        { { .warmup = 0.1 },
          "warmup is 0.1 of all steps, and how many there are is not known: give epochs or steps (--epochs, "
          "--steps), or warmup as a number of steps" },
        { { .warmup = 2.5 },
          "warmup is 2.5: wants a whole number of steps, or a share of all steps, 0 or more and less than "
          "1" },
        { { .warmup = -0.5 },
          "warmup is -0.5: wants a whole number of steps, or a share of all steps, 0 or more and less than "
          "1" },
        { { .warmup = NAN },
          "warmup is nan: wants a whole number of steps, or a share of all steps, 0 or more and less than "
          "1" },
        { { .warmup = 20, .steps = 20 },
          "warmup lasts to step 20, and the training to step 20: wants a shorter one, which leaves steps "
          "behind it" },
        { { .warmup = 0.99, .steps = 20 },
          "warmup lasts to step 20 (a share of all, rounded), and the training to step 20: wants a shorter "
          "one, which leaves steps behind it" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_tensor *w = sl_param(ctx, sl_dims(1), "zeros");
        assert_null(sl_step_new(ctx, cases[i].optimizer, &w, 1));
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        assert_string_equal(sl_message(ctx), cases[i].message);
        sl_ctx_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S118_cosine_goes_by_its_formula),
        cmocka_unit_test(S118_warm_up_is_linear_from_0),
        cmocka_unit_test(schedules_agree_with_pytorch),
        cmocka_unit_test(S97_halving_stops_short),
        cmocka_unit_test(S97_one_over_k_arrives),
        cmocka_unit_test(S118_step_sizes_of_a_table),
        cmocka_unit_test(points_of_a_table_tell_most),
        cmocka_unit_test(a_step_takes_the_step_size_of_its_number),
        cmocka_unit_test(every_schedule_is_described_and_starts_at_lr),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
