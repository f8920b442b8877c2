/* plateau_test.c - schedules in a training: one that goes by the losses of epochs, and a training that is
 * stopped and continued in the middle of its schedule. Runs in both builds. */
#include "engine.h"
#include "golden.h"
#include "optim/optim.h"

#ifdef SL_REAL_DOUBLE
#    define PLATEAU_FILE "plateau_test64.tmp.safetensors"
#else
#    define PLATEAU_FILE "plateau_test.tmp.safetensors"
#endif

/* ReduceLROnPlateau, for losses that fall, stay, fall too little and rise. */
static void plateau_agrees_with_pytorch(void **state)
{
    (void)state;
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/schedule.golden");
    sl_ctx *ctx = engine_ctx(1);
    const sl_optimizer optimizer = { .schedule = "plateau factor=0.5 patience=3 threshold=0.003 least=0.1" };
    sl_course course;
    assert_int_equal(sl_course_plan(ctx, &optimizer, &course), SL_OK);
    int falls = 0;
    for (int epoch = 0; epoch < 60; epoch++) {
        falls += sl_course_judge(&course, golden_get(file, "plateau", "loss")->values[epoch]);
        assert_near(sl_course_rate(&course, 0.008, 100), golden_get(file, "plateau", "lr")->values[epoch],
                    1e-15);
    }
    assert_int_equal(falls, 4); /* 0.5, 0.25, 0.125, and no less than 0.1 */
    golden_free(file);
    sl_tensor *w = sl_param(ctx, sl_dims(1), "zeros");
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = 1, .schedule = "plateau patience=0"), &w, 1);
    assert_false(sl_step_judge(step, -2));
    assert_false(sl_step_judge(step, -3)); /* a loss below 0 may fall as well */
    assert_false(sl_step_judge(step, NAN));
    assert_true(sl_step_judge(step, -3));
    assert_true(sl_step_lr(step) == (sl_real)0.1);
    sl_ctx_free(ctx);
}

static sl_status plateau_stop(void *user, const sl_progress *progress)
{
    return progress->step == *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

static sl_report *plateau_fit(sl_ctx *ctx, sl_optimizer optimizer, int epochs, size_t stop_at, bool resume)
{
    sl_model *model = sl_model_parse(ctx, "6 tanh, 1");
    assert_int_equal(sl_compile(model, .loss = "bce", .optimizer = optimizer), SL_OK);
    return sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=100", NULL), .epochs = epochs, .batch = 30,
                  .checkpoint = PLATEAU_FILE, .resume = resume, .on_step = plateau_stop, .user = &stop_at);
}

static void a_training_goes_on_where_its_schedule_was(void **state)
{
    (void)state;
    const sl_optimizer optimizer = sl_adam(.lr = (sl_real)0.05, .schedule = "cosine", .warmup = 0.2);
    double loss = 0, lr[10] = { 0 };
    for (size_t stop_at = 0; stop_at < 30; stop_at++) { /* 90 rows: 3 steps an epoch, 30 in all */
        remove(PLATEAU_FILE);
        sl_ctx *ctx = engine_ctx(3);
        sl_report *report = NULL;
        if (stop_at) {
            plateau_fit(ctx, optimizer, 10, stop_at, false);
            assert_int_equal(sl_error(ctx), SL_ESTOPPED);
            sl_clear(ctx);
        }
        report = plateau_fit(ctx, optimizer, 10, 0, stop_at > 0);
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
    assert_null(plateau_fit(ctx, optimizer, 12, 0, true)); /* 36 steps are another schedule */
    assert_string_equal(sl_message(ctx),
                        PLATEAU_FILE ": it was made with a schedule's length of 30, and now it is "
                                     "36: only the same training can be continued");
    sl_ctx_free(ctx);
    remove(PLATEAU_FILE);
}

/* The step size is too large, so some epochs bring nothing. */
static void a_plateau_goes_on_where_it_was(void **state)
{
    (void)state;
    const sl_optimizer optimizer =
        sl_sgd(.lr = (sl_real)8, .schedule = "plateau 0.5 patience=1 threshold=0.01");
    double loss = 0, lr[20] = { 0 };
    for (size_t stop_at = 0; stop_at < 60; stop_at += 7) {
        remove(PLATEAU_FILE);
        sl_ctx *ctx = engine_ctx(3);
        if (stop_at) {
            plateau_fit(ctx, optimizer, 20, stop_at, false);
            assert_int_equal(sl_error(ctx), SL_ESTOPPED);
            sl_clear(ctx);
        }
        sl_report *report = plateau_fit(ctx, optimizer, 20, 0, stop_at > 0);
        assert_fine(ctx);
        assert_int_equal(sl_report_rows(report), 20);
        double best = INFINITY, now = 8; /* what should be, from the validation losses */
        int waited = 0;
        for (int i = 0; i < 20; i++) {
            const double judged = sl_report_at(report, i, "validation_loss");
            lr[i] = stop_at ? lr[i] : sl_report_at(report, i, "lr");
            assert_true(sl_report_at(report, i, "lr") == lr[i]);
            assert_true(lr[i] == now);
            waited = judged < best * 0.99 ? 0 : waited + 1;
            best = judged < best * 0.99 ? judged : best;
            if (waited > 1) {
                now /= 2;
                waited = 0;
            }
        }
        loss = stop_at ? loss : sl_report_last(report, "train_loss");
        assert_true(sl_report_last(report, "train_loss") == loss);
        sl_ctx_free(ctx);
    }
    assert_true(lr[19] < 8);
    sl_ctx *ctx = engine_ctx(3);
    assert_null(plateau_fit(ctx, sl_sgd(.lr = 8, .schedule = "plateau"), 20, 0, true));
    assert_string_equal(sl_message(ctx), PLATEAU_FILE
                        ": it was made with schedule plateau factor=0.5 patience=1 threshold=0.01, "
                        "and now it is plateau: only the same training can be continued");
    sl_ctx_free(ctx);
    remove(PLATEAU_FILE);
}

static void a_training_without_a_known_end_is_refused(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    assert_null(plateau_fit(ctx, (sl_optimizer){ .schedule = "cosine" }, 0, 0, false));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "where that ends is not known: give epochs or steps"));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plateau_agrees_with_pytorch),
        cmocka_unit_test(a_training_goes_on_where_its_schedule_was),
        cmocka_unit_test(a_plateau_goes_on_where_it_was),
        cmocka_unit_test(a_training_without_a_known_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
