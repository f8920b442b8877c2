/* lr_range_test.c - the test of step sizes: its table by formula, its advice, and that nothing is left of it.
 * Runs in both builds. */
#include "engine.h"

static sl_model *range_model(sl_ctx *ctx, const char *net, sl_optimizer optimizer, const char *loss)
{
    sl_model *model = sl_model_parse(ctx, net);
    assert_int_equal(sl_compile(model, .loss = loss, .optimizer = optimizer), SL_OK);
    return model;
}

static void the_table_goes_by_its_formula(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(5);
    sl_model *model = range_model(ctx, "8 tanh, 1", sl_sgd(.schedule = "cosine", .warmup = 0.5), "bce");
    sl_report *range =
        sl_lr_range(model, sl_data_open(ctx, "builtin:moons?rows=200", NULL), NULL, 1e-4, 1, 41);
    assert_fine(ctx);
    assert_int_equal(sl_report_rows(range), 41);
    double mean = 0, weight = 1;
    for (int i = 0; i < 41; i++) {
        mean = 0.98 * mean + 0.02 * sl_report_at(range, i, "loss");
        weight *= 0.98;
        assert_true(sl_report_at(range, i, "step") == i + 1);
        assert_near(sl_report_at(range, i, "lr"), 1e-4 * pow(10, i / 10.0), 1e-12);
        assert_near(sl_report_at(range, i, "smoothed"), mean / (1 - weight), 1e-9);
    }
    sl_ctx_free(ctx);
}

static sl_status range_note(void *user, const sl_progress *progress)
{
    ((double *)user)[progress->step - 1] = progress->loss;
    return SL_OK;
}

/* Data, order, dropout and weights are a training's: a step size that hardly grows gives the same losses. */
static void steps_are_those_of_a_training(void **state)
{
    (void)state;
    double losses[30];
    sl_ctx *ctx = engine_ctx(5);
    sl_data *data = sl_data_open(ctx, "builtin:digits?rows=500", "train");
    const sl_optimizer optimizer = sl_sgd(.lr = (sl_real)0.5);
    sl_model *model = range_model(ctx, "16 relu, dropout 0.2, 10", optimizer, "cross_entropy");
    sl_report *range = sl_lr_range(model, data, NULL, 0.5, 0.5 * (1 + 1e-9), 30);
    sl_fit(model, data, .steps = 30, .on_step = range_note, .user = losses);
    assert_fine(ctx);
    assert_int_equal(sl_report_rows(range), 30);
    for (int i = 0; i < 30; i++)
        assert_near(sl_report_at(range, i, "loss"), losses[i], engine_tolerance(1e-5, 1e-6));
    assert_true(losses[29] < losses[0]);
    sl_ctx_free(ctx);
}

static void it_finds_a_range_and_leaves_the_model_alone(void **state)
{
    (void)state;
    static const char *const rules[] = { "adam", "momentum" };
    for (int r = 0; r < 2; r++) {
        uint64_t digests[2];
        for (int time = 0; time < 2; time++) {
            sl_ctx *ctx = engine_ctx(1);
            sl_data *data = sl_data_open(ctx, "builtin:digits?rows=2000", "train");
            const sl_optimizer optimizer = { .rule = rules[r], .schedule = "cosine", .warmup = 0.1 };
            sl_model *model = range_model(ctx, "32 relu, 10", optimizer, "cross_entropy");
            if (time) {
                sl_report_free(sl_lr_range(model, data, NULL, 0, 0, 20)); /* builds the model */
                const uint64_t before = sl_model_digest(model);
                sl_report *range = sl_lr_range(model, data, NULL, 0, 0, 0);
                sl_lr_advice advice;
                assert_fine(ctx);
                assert_true(sl_model_digest(model) == before);
                assert_true(sl_lr_range_advice(range, &advice));
                assert_true(advice.rose);
                assert_true(advice.advised > 1e-3 && advice.advised < 1e-1);
                assert_true(advice.advised == fmin(advice.largest / 10, advice.steepest));
                assert_true(advice.steepest > 1e-3 && advice.steepest < advice.largest);
            }
            sl_report *report = sl_fit(model, data, .epochs = 2); /* with its own schedule again */
            assert_fine(ctx);
            assert_true(sl_report_last(report, "lr") < 1e-4);
            digests[time] = sl_model_digest(model);
            sl_ctx_free(ctx);
        }
        assert_true(digests[0] == digests[1]);
    }
}

static void divergence_ends_it_without_a_failure(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = range_model(ctx, "16 relu, 1", sl_sgd(.lr = 1), "mse");
    sl_data *data = sl_data_open(ctx, "builtin:plane", NULL);
    sl_report *range = sl_lr_range(model, data, NULL, 1e-6, 1e6, 100);
    assert_fine(ctx);
    assert_in_range(sl_report_rows(range), 20, 99);
    double best = INFINITY;
    const int rows = sl_report_rows(range);
    for (int i = 0; i + 1 < rows; i++) { /* the last one alone is above four times the least, or none is */
        const double smoothed = sl_report_at(range, i, "smoothed");
        best = smoothed < best ? smoothed : best;
        assert_true(smoothed <= 4 * best);
    }
    sl_report *short_one = sl_lr_range(model, data, NULL, 1e22, 1e29, 20); /* step 2 overflows in floats */
    assert_fine(ctx);
    assert_int_equal(sl_report_rows(short_one), engine_tolerance(1, 2));
    sl_lr_advice advice;
    const sl_shape shape = sl_dims(8, 1); /* weights of 0 behind relu and targets of 0: nothing to learn */
    sl_tensor *x = sl_tensor_new(ctx, shape, NULL), *y = sl_tensor_new(ctx, shape, NULL);
    model = range_model(ctx, "1 init=zeros", sl_sgd(.lr = 1), "mse");
    range = sl_lr_range(model, sl_data_from(ctx, x, y), NULL, 0, 0, 0);
    assert_fine(ctx);
    assert_false(sl_lr_range_advice(range, &advice));
    assert_true(advice.advised != advice.advised);
    sl_ctx_free(ctx);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        int steps;
        const char *message;
    } cases[] = {
        { 1, 0.1, 0,
          "sl_lr_range: from 1 to 0.1: wants two numbers, the first above 0, the second larger and below "
          "1e30 "
          "(default 1e-7 and 10)" },
        { -1, 0.1, 0,
          "sl_lr_range: from -1 to 0.1: wants two numbers, the first above 0, the second larger and below "
          "1e30 "
          "(default 1e-7 and 10)" },
        { 0, 0, 5, "sl_lr_range: 5 steps: wants from 20 to 100000 (default 200)" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = range_model(ctx, "1", sl_sgd(.lr = 1), "mse");
        sl_data *data = sl_data_open(ctx, "builtin:plane", NULL);
        assert_null(sl_lr_range(model, data, NULL, cases[i].low, cases[i].high, cases[i].steps));
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        assert_string_equal(sl_message(ctx), cases[i].message);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = range_model(ctx, "1", (sl_optimizer){ .rule = "lbfgs" }, "mse");
    assert_null(sl_lr_range(model, sl_data_open(ctx, "builtin:plane", NULL), NULL, 0, 0, 0));
    assert_says(ctx, SL_EINVAL,
                "optimizer lbfgs finds the length of its steps itself: there is no step size to look for");
    sl_ctx_free(ctx);
}

static sl_status range_count(void *user, const sl_progress *progress)
{
    size_t *seen = user;
    assert_true(progress->step == ++*seen);
    return progress->step == 12 ? SL_ESTOPPED : SL_OK;
}

static void the_callers_callback_is_told_each_step_and_ends_it(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = range_model(ctx, "1", sl_sgd(.lr = 1), "mse");
    size_t seen = 0;
    const sl_fit_options options = { .on_step = range_count, .user = &seen };
    sl_report *range = sl_lr_range(model, sl_data_open(ctx, "builtin:plane", NULL), &options, 1e-6, 1e-3, 30);
    assert_fine(ctx);
    assert_int_equal(seen, 12);
    assert_int_equal(sl_report_rows(range), 12);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_goes_by_its_formula),
        cmocka_unit_test(steps_are_those_of_a_training),
        cmocka_unit_test(it_finds_a_range_and_leaves_the_model_alone),
        cmocka_unit_test(divergence_ends_it_without_a_failure),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(the_callers_callback_is_told_each_step_and_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
