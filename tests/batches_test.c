/* batches_test.c - how an epoch's rows become steps: whole, in pieces, all at once, shuffled, drawn, in
 * order. */
#include "data/shuffle.h"
#include "engine.h"

#define BATCHES_FILE (ENGINE_DOUBLE ? "batches64_test.tmp.safetensors" : "batches_test.tmp.safetensors")

static sl_model *batches_model(sl_ctx *ctx, const char *net, sl_optimizer optimizer)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = "bce", .optimizer = optimizer);
    return model;
}

/* Digest after 20 steps on 200 rows. */
static uint64_t batches_digest(sl_fit_options options)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=200&noise=0.2", NULL);
    sl_model *model = batches_model(ctx, "12 relu, dropout 0.3, 1", sl_adam(.lr = (sl_real)0.01));
    options.validation_fraction = -1;
    options.steps = options.steps ? options.steps : 20;
    sl_report_free(sl_model_fit(model, data, &options));
    assert_fine(ctx);
    const uint64_t digest = sl_model_digest(model);
    sl_ctx_free(ctx);
    return digest;
}

/* Shares of a power of two are exact, and products go on from the gradient so far: not a bit differs. */
static void S123_pieces_are_one_batch_to_the_bit(void **unused)
{
    (void)unused;
    const uint64_t whole = batches_digest((sl_fit_options){ .batch = 40 });
    assert_true(whole == batches_digest((sl_fit_options){ .batch = 20, .accumulate = 2 }));
    assert_true(whole == batches_digest((sl_fit_options){ .batch = 10, .accumulate = 4 }));
    assert_true(whole == batches_digest((sl_fit_options){ .batch = 5, .accumulate = 8 }));
    assert_true(whole != batches_digest((sl_fit_options){ .batch = 20 }));
}

/* 200 rows in batches of 64: three whole ones and one of 8. */
static void S103_S123_pieces_of_other_sizes_agree_to_rounding(void **unused)
{
    (void)unused;
    static sl_real weights[2][64];
    for (int time = 0; time < 2; time++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = sl_data_open(ctx, "builtin:moons?rows=200&noise=0.2", NULL);
        sl_model *model = batches_model(ctx, "8 tanh, 1", sl_sgd(.lr = (sl_real)0.1));
        sl_report_free(sl_fit(model, data, .batch = time ? 24 : 72, .accumulate = time ? 3 : 1, .epochs = 3,
                              .validation_fraction = -1));
        assert_fine(ctx);
        size_t at = 0;
        for (int p = 0; p < sl_model_params(model); p++)
            for (size_t i = 0; i < sl_count(sl_model_param(model, p)); i++)
                weights[time][at++] = sl_values(sl_model_param(model, p))[i];
        sl_ctx_free(ctx);
    }
    for (int i = 0; i < 33; i++)
        assert_true(fabs((double)(weights[0][i] - weights[1][i])) < engine_tolerance(1e-6, 1e-14));
}

static void S101_all_rows_at_once_go_down_all_the_way(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=300&noise=0.1", NULL);
    sl_model *model = batches_model(ctx, "8 tanh, 1", sl_sgd(.lr = (sl_real)0.05));
    sl_report *report = sl_fit(model, data, .batch = -1, .epochs = 60, .validation_fraction = -1);
    assert_fine(ctx);
    assert_true(sl_report_last(report, "step") == 60);
    for (int i = 1; i < 60; i++)
        assert_true(sl_report_at(report, i, "train_loss") < sl_report_at(report, i - 1, "train_loss"));
    sl_ctx_free(ctx);
    assert_true(batches_digest((sl_fit_options){ .batch = -1 }) ==
                batches_digest((sl_fit_options){ .batch = 200 }));
}

static void S102_T9_rows_are_drawn_with_replacement(void **unused)
{
    (void)unused;
    enum { ROWS = 1000, EPOCHS = 200 };
    static size_t order[ROWS], count[ROWS];
    size_t missing = 0;
    for (uint32_t epoch = 0; epoch < EPOCHS; epoch++) {
        bool seen[ROWS] = { false };
        sl_sample_order(7, epoch, ROWS, order);
        for (size_t i = 0; i < ROWS; i++) {
            assert_in_range(order[i], 0, ROWS - 1);
            seen[order[i]] = true;
            count[order[i]]++;
        }
        for (size_t i = 0; i < ROWS; i++)
            missing += !seen[i];
    }
    /* (1 - 1/n)^n of the rows are not drawn: 0.3677 for 1,000; the deviation of so many draws is about 0.0007
     */
    const double share = (double)missing / (ROWS * EPOCHS);
    assert_true(fabs(share - 0.3677) < 0.003);
    for (size_t i = 0; i < ROWS; i++) /* 200 expected, deviation 14 */
        assert_in_range(count[i], 120, 290);
    const uint64_t drawn = batches_digest((sl_fit_options){ .sampling = "replace" });
    assert_true(drawn == batches_digest((sl_fit_options){ .sampling = "replace" }));
    assert_true(drawn != batches_digest((sl_fit_options){ 0 }));
}

static void S126_S128_rows_as_they_stand(void **unused)
{
    (void)unused;
    /* in order, an epoch is the same steps as a loop by hand over the rows */
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60&noise=0.1", NULL);
    sl_model *fitted = batches_model(ctx, "4 tanh, 1", sl_sgd(.lr = (sl_real)0.1));
    sl_report_free(
        sl_fit(fitted, data, .batch = 20, .epochs = 1, .sampling = "order", .validation_fraction = -1));
    sl_model *byhand = sl_model_parse(ctx, "input 2, 4 tanh, 1");
    sl_tensor *params[4];
    for (int p = 0; p < 4; p++)
        params[p] = sl_model_param(byhand, p);
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = (sl_real)0.1), params, 4);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int b = 0; b < 3; b++) {
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(20, 2), NULL),
                  *y = sl_tensor_new(ctx, sl_dims(20, 1), NULL);
        for (size_t i = 0; i < 20; i++)
            sl_data_row(data, (size_t)b * 20 + i, sl_values(x) + 2 * i, sl_values(y) + i);
        sl_backward(tape, sl_binary_cross_entropy(tape, sl_forward(tape, byhand, x), y));
        sl_step_apply(step);
    }
    assert_fine(ctx);
    assert_true(sl_model_digest(fitted) == sl_model_digest(byhand));
    sl_ctx_free(ctx);
}

static void assert_refused(sl_fit_options options, const char *sentence)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60", NULL);
    sl_model *model = batches_model(ctx, "4 tanh, 1", sl_sgd(.lr = 1));
    assert_null(sl_model_fit(model, data, &options));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    if (!strstr(sl_message(ctx), sentence))
        fail_msg("'%s' does not say '%s'", sl_message(ctx), sentence);
    sl_ctx_free(ctx);
}

static void what_makes_no_sense_is_refused(void **unused)
{
    (void)unused;
    assert_refused((sl_fit_options){ .batch = -2 }, "none may be below 0 (batch -1: all rows)");
    assert_refused((sl_fit_options){ .accumulate = -1 }, "accumulate -1");
    assert_refused((sl_fit_options){ .sampling = "shufle" },
                   "unknown sampling 'shufle': did you mean 'shuffle'?");
}

static sl_status batches_stop(void *user, const sl_progress *progress)
{
    return progress->step >= *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

static void another_way_of_sampling_does_not_continue(void **unused)
{
    (void)unused;
    size_t stop = 5;
    remove(BATCHES_FILE);
    for (int time = 0; time < 2; time++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60", NULL);
        sl_model *model = batches_model(ctx, "4 tanh, 1", sl_sgd(.lr = 1));
        sl_report *report = sl_fit(model, data, .batch = 10, .accumulate = time ? 3 : 2, .steps = 9,
                                   .sampling = time ? NULL : "replace", .checkpoint = BATCHES_FILE,
                                   .resume = time > 0, .on_step = batches_stop, .user = &stop);
        if (time) {
            assert_null(report);
            if (!strstr(sl_message(ctx),
                        "it was made with accumulate 2, sampling replace, and now it is accumulate 3"))
                fail_msg("%s", sl_message(ctx));
        } else {
            assert_int_equal(sl_error(ctx), SL_ESTOPPED);
        }
        sl_ctx_free(ctx);
    }
    remove(BATCHES_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S123_pieces_are_one_batch_to_the_bit),
        cmocka_unit_test(S103_S123_pieces_of_other_sizes_agree_to_rounding),
        cmocka_unit_test(S101_all_rows_at_once_go_down_all_the_way),
        cmocka_unit_test(S102_T9_rows_are_drawn_with_replacement),
        cmocka_unit_test(S126_S128_rows_as_they_stand),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(another_way_of_sampling_does_not_continue),
    };
    return cmocka_run_group_tests_name("batches", tests, NULL, NULL);
}
