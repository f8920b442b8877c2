/* schedule_test.c - the step sizes of schedules and warm-up: formulas, PyTorch's, what a training records,
 * what is refused, and a training continued. Runs in both builds. */
#include "engine.h"
#include "golden.h"
#include "optim/optim.h"

#ifdef SL_REAL_DOUBLE
#    define SCHEDULE_FILE "schedule_test64.tmp.safetensors"
#else
#    define SCHEDULE_FILE "schedule_test.tmp.safetensors"
#endif

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

/* torch.optim.lr_scheduler: CosineAnnealingLR, and LambdaLR for the warm-up before it. */
static void schedules_agree_with_pytorch(void **state)
{
    (void)state;
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/schedule.golden");
    sl_ctx *ctx = engine_ctx(1);
    const sl_course cosine = course_of(ctx, sl_adam(.schedule = "cosine", .steps = 20)),
                    warm = course_of(ctx, sl_adam(.schedule = "cosine", .warmup = 5, .steps = 20));
    for (unsigned done = 0; done < 20; done++) {
        assert_near(sl_course_rate(&cosine, 0.008, done), golden_get(file, "cosine", "lr")->values[done],
                    1e-15);
        assert_near(sl_course_rate(&warm, 0.008, done), golden_get(file, "warm_cosine", "lr")->values[done],
                    1e-15);
    }
    golden_free(file);
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
        for (int i = 0; i <= 1000; i++)
            assert_true(schedule->share(i / 1000.0) >= 0 && schedule->share(i / 1000.0) <= 1);
        const sl_course c = course_of(ctx, sl_adam(.schedule = schedule->name, .warmup = 3, .steps = 10));
        assert_true(sl_course_rate(&c, 0.3, 3) == 0.3);
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
          "unknown schedule 'cosin': did you mean 'cosine'? There are constant, cosine" },
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

static sl_status schedule_stop(void *user, const sl_progress *progress)
{
    return progress->step == *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

static sl_report *schedule_fit(sl_ctx *ctx, sl_optimizer optimizer, int epochs, size_t stop_at, bool resume)
{
    sl_model *model = sl_model_parse(ctx, "6 tanh, 1");
    assert_int_equal(sl_compile(model, .loss = "bce", .optimizer = optimizer), SL_OK);
    return sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=100", NULL), .epochs = epochs, .batch = 30,
                  .checkpoint = SCHEDULE_FILE, .resume = resume, .on_step = schedule_stop, .user = &stop_at);
}

static void a_training_goes_on_where_its_schedule_was(void **state)
{
    (void)state;
    const sl_optimizer optimizer = sl_adam(.lr = (sl_real)0.05, .schedule = "cosine", .warmup = 0.2);
    double loss = 0, lr[10] = { 0 };
    for (size_t stop_at = 0; stop_at < 30; stop_at++) { /* 90 rows: 3 steps an epoch, 30 in all */
        remove(SCHEDULE_FILE);
        sl_ctx *ctx = engine_ctx(3);
        sl_report *report = NULL;
        if (stop_at) {
            schedule_fit(ctx, optimizer, 10, stop_at, false);
            assert_int_equal(sl_error(ctx), SL_ESTOPPED);
            sl_clear(ctx);
        }
        report = schedule_fit(ctx, optimizer, 10, 0, stop_at > 0);
        assert_fine(ctx);
        assert_int_equal(sl_report_rows(report), 10);
        for (int i = 0; i < 10; i++) { /* of the epoch's last step */
            lr[i] = stop_at ? lr[i] : sl_report_at(report, i, "lr");
            assert_true(sl_report_at(report, i, "lr") == lr[i]);
        }
        loss = stop_at ? loss : sl_report_last(report, "train_loss");
        assert_true(sl_report_last(report, "train_loss") == loss);
        sl_ctx_free(ctx);
    }
    assert_near(lr[0], 0.05 * 3 / 6, 1e-8);
    assert_near(lr[1], 0.05, 1e-8);
    assert_near(lr[5], 0.05 / 2 * (1 + cos(acos(-1) * 11 / 24)), 1e-8);
    sl_ctx *ctx = engine_ctx(3);
    assert_null(schedule_fit(ctx, optimizer, 12, 0, true)); /* 36 steps are another schedule */
    assert_string_equal(sl_message(ctx),
                        SCHEDULE_FILE ": it was made with a schedule's length of 30, and now it is "
                                      "36: only the same training can be continued");
    sl_ctx_free(ctx);
    remove(SCHEDULE_FILE);
}

static void a_training_without_a_known_end_is_refused(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    assert_null(schedule_fit(ctx, (sl_optimizer){ .schedule = "cosine" }, 0, 0, false));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "where that ends is not known: give epochs or steps"));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S118_cosine_goes_by_its_formula),
        cmocka_unit_test(S118_warm_up_is_linear_from_0),
        cmocka_unit_test(schedules_agree_with_pytorch),
        cmocka_unit_test(a_step_takes_the_step_size_of_its_number),
        cmocka_unit_test(every_schedule_is_described_and_starts_at_lr),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(a_training_goes_on_where_its_schedule_was),
        cmocka_unit_test(a_training_without_a_known_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
