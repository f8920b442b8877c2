/* care_test.c - what sl_fit does around its steps: weights of classes and rows, averages that are judged and
 * kept, clipping counted, penalties beside losses, layers with a step size of their own, and batches large
 * enough for statistics. */
#include "engine.h"

static sl_model *care_model(sl_ctx *ctx, const char *net, sl_optimizer optimizer)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = "bce", .optimizer = optimizer);
    return model;
}

static uint64_t care_digest(const char *net, sl_optimizer optimizer, sl_fit_options options)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=64&noise=0.2", NULL);
    sl_model *model = care_model(ctx, net, optimizer);
    options.validation_fraction = -1;
    options.epochs = options.epochs ? options.epochs : 4;
    sl_report_free(sl_model_fit(model, data, &options));
    assert_fine(ctx);
    const uint64_t digest = sl_model_digest(model);
    sl_ctx_free(ctx);
    return digest;
}

/* Weights of 2 are a step twice as long, to the bit. */
static void U54_classes_count_by_their_weights(void **unused)
{
    (void)unused;
    const sl_optimizer full = sl_sgd(.lr = (sl_real)0.25), half = sl_sgd(.lr = (sl_real)0.125);
    const uint64_t plain = care_digest("8 tanh, 1", full, (sl_fit_options){ .batch = 16 });
    assert_true(plain ==
                care_digest("8 tanh, 1", full, (sl_fit_options){ .batch = 16, .class_weight = "1, 1" }));
    assert_true(plain ==
                care_digest("8 tanh, 1", half, (sl_fit_options){ .batch = 16, .class_weight = "2, 2" }));
    assert_true(plain ==
                care_digest("8 tanh, 1", full, (sl_fit_options){ .batch = 16, .class_weight = "balanced" }));
    assert_true(plain !=
                care_digest("8 tanh, 1", full, (sl_fit_options){ .batch = 16, .class_weight = "2, 1" }));
}

/* A row of weight 2 among n is a row that comes twice among n + 1, but for the divisor. */
static void rows_count_by_their_weights(void **unused)
{
    (void)unused;
    sl_real w[2][3];
    for (int time = 0; time < 2; time++) {
        sl_ctx *ctx = engine_ctx(1);
        const sl_real x[4] = { 1, -2, (sl_real)0.5, 1 }, y[4] = { 1, 0, 0, 1 }, weights[3] = { 2, 1, 1 };
        const int rows = time ? 4 : 3;
        sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(rows, 1), x),
                                     sl_tensor_new(ctx, sl_dims(rows, 1), y));
        if (!time)
            assert_int_equal(sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(3), weights)), SL_OK);
        sl_model *model = care_model(ctx, "1", sl_sgd(.lr = (sl_real)(time ? 0.4 : 0.3)));
        sl_report_free(sl_fit(model, data, .batch = -1, .epochs = 50, .validation_fraction = -1));
        assert_fine(ctx);
        w[time][0] = sl_values(sl_model_param(model, 0))[0];
        w[time][1] = sl_values(sl_model_param(model, 1))[0];
        sl_ctx_free(ctx);
    }
    assert_near(w[0][0], w[1][0], 1e-5);
    assert_near(w[0][1], w[1][1], 1e-5);
}

/* The loop by hand, with whatever the optimizer says. */
static sl_model *care_by_hand(sl_ctx *ctx, const char *net, sl_optimizer optimizer, int steps, sl_group first)
{
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=64&noise=0.2", NULL);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(64, 2), NULL), *y = sl_tensor_new(ctx, sl_dims(64, 1), NULL);
    for (size_t i = 0; i < 64; i++)
        sl_data_row(data, i, sl_values(x) + 2 * i, sl_values(y) + i);
    sl_model *model = sl_model_parse(ctx, net);
    sl_tensor *params[8];
    for (int p = 0; p < sl_model_params(model); p++)
        params[p] = sl_model_param(model, p);
    sl_step *step = sl_step_new(ctx, optimizer, params, sl_model_params(model));
    for (int p = 0; p < 2; p++)
        sl_step_group(step, params[p], first);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int i = 0; i < steps; i++) {
        sl_backward(tape, sl_binary_cross_entropy(tape, sl_forward(tape, model, x), y));
        sl_step_apply(step);
    }
    if (optimizer.average > 0)
        sl_step_average_swap(step);
    assert_fine(ctx);
    return model;
}

static void averaged_weights_are_judged_and_kept(void **unused)
{
    (void)unused;
    const sl_optimizer optimizer = sl_sgd(.lr = (sl_real)0.1, .average = (sl_real)0.9);
    sl_ctx *ctx = engine_ctx(1);
    const sl_model *wanted = care_by_hand(ctx, "input 2, 8 tanh, 1", optimizer, 6, (sl_group){ 0 });
    const uint64_t found = care_digest("input 2, 8 tanh, 1", optimizer,
                                       (sl_fit_options){ .batch = -1, .epochs = 6, .sampling = "order" });
    assert_true(found == sl_model_digest(wanted));
    assert_true(found != care_digest("input 2, 8 tanh, 1", sl_sgd(.lr = (sl_real)0.1),
                                     (sl_fit_options){ .batch = -1, .epochs = 6, .sampling = "order" }));
    sl_ctx_free(ctx);
}

static void layers_have_a_step_size_of_their_own(void **unused)
{
    (void)unused;
    const sl_optimizer optimizer = sl_sgd(.lr = (sl_real)0.5, .decay = (sl_real)0.1);
    sl_ctx *ctx = engine_ctx(1);
    const sl_model *wanted = care_by_hand(ctx, "input 2, 8 tanh, 1", optimizer, 5,
                                          (sl_group){ .lr_scale = (sl_real)0.25, .decay = -1 });
    assert_true(sl_model_digest(wanted) ==
                care_digest("input 2, 8 tanh lr_scale=0.25 decay=0, 1", optimizer,
                            (sl_fit_options){ .batch = -1, .epochs = 5, .sampling = "order" }));
    sl_ctx_free(ctx);
}

static void S124_clipped_steps_are_counted(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=64", NULL);
    sl_model *all = care_model(ctx, "4 tanh, 1", sl_sgd(.lr = (sl_real)0.1, .clip_norm = (sl_real)1e-6));
    sl_report *report = sl_fit(all, data, .batch = 16, .epochs = 3, .validation_fraction = -1);
    for (int i = 0; i < 3; i++)
        assert_true(sl_report_at(report, i, "clipped_steps") == 4 * (i + 1));
    sl_model *none = care_model(ctx, "4 tanh, 1", sl_sgd(.lr = (sl_real)0.1, .clip_norm = 1000));
    report = sl_fit(none, data, .batch = 16, .epochs = 3, .validation_fraction = -1);
    assert_true(sl_report_last(report, "clipped_steps") == 0);
    sl_model *free_one = care_model(ctx, "4 tanh, 1", sl_sgd(.lr = (sl_real)0.1));
    report = sl_fit(free_one, data, .epochs = 1, .validation_fraction = -1);
    assert_true(isnan(sl_report_last(report, "clipped_steps"))); /* there is no such column */
    sl_ctx_free(ctx);
}

static void S68_the_penalised_loss_stands_beside_the_loss(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=64", NULL);
    sl_model *model = care_model(ctx, "4 tanh, 1", sl_adam(.l1 = (sl_real)0.01, .decay = (sl_real)0.1));
    sl_report *report = sl_fit(model, data, .epochs = 2, .validation_fraction = -1);
    assert_fine(ctx);
    double sizes = 0, squares = 0; /* of the weights, not of biases; the best epoch is the last */
    for (int p = 0; p < 4; p += 2)
        for (size_t i = 0; i < sl_count(sl_model_param(model, p)); i++) {
            const double w = (double)sl_values(sl_model_param(model, p))[i];
            sizes += fabs(w);
            squares += w * w;
        }
    assert_int_equal(sl_report_best(report), 1);
    assert_near(sl_report_last(report, "penalised_loss"),
                sl_report_last(report, "train_loss") + 0.01 * sizes + 0.05 * squares, 1e-6);
    sl_ctx_free(ctx);
}

static void S26_few_rows_join_the_batch_before(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *data;
        int accumulate;
        double steps;
    } cases[] = {
        { "8, batch_norm, tanh, 1", "builtin:moons?rows=66", 1, 2 }, /* 32, 34 */
        { "8, tanh, 1", "builtin:moons?rows=66", 1, 3 },             /* 32, 32, 2 */
        { "8, batch_norm, tanh, 1", "builtin:moons?rows=80", 1, 3 }, /* 32, 32, 16: half a batch is enough */
        { "8, batch_norm, tanh, 1", "builtin:moons?rows=33", 1, 1 }, /* 33 */
        { "8, batch_norm, tanh, 1", "builtin:moons?rows=97", 2, 2 }, /* 32 + 32, 33 */
        { "8, batch_norm, tanh, 1", "builtin:moons?rows=65", 2, 1 }, /* 32 + 33 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = sl_data_open(ctx, cases[i].data, NULL);
        sl_model *model = care_model(ctx, cases[i].net, (sl_optimizer){ 0 });
        sl_report *report =
            sl_fit(model, data, .epochs = 1, .accumulate = cases[i].accumulate, .validation_fraction = -1);
        assert_fine(ctx);
        assert_true(sl_report_last(report, "step") == cases[i].steps);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=66", NULL);
    assert_null(sl_fit(care_model(ctx, "8, batch_norm, tanh, 1", (sl_optimizer){ 0 }), data, .batch = 1));
    assert_says(ctx, SL_EINVAL,
                "batch_norm_1 goes by the mean and variance of its batch, and the batch is 1 row");
    sl_ctx_free(ctx);
}

static sl_status care_stop(void *user, const sl_progress *progress)
{
    return progress->step == *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

/* All of it at once, stopped in the middle of an epoch and continued: the same bits. */
static void U18_all_of_it_goes_on_to_the_same_bits(void **unused)
{
    (void)unused;
    const char *file = ENGINE_DOUBLE ? "care64_test.tmp.safetensors" : "care_test.tmp.safetensors";
    static const char *const schedules[] = { "plateau patience=1 factor=0.5", "cosine_restarts first=0.2",
                                             "step every=0.4 factor=0.5" };
    for (size_t c = 0; c < 3; c++) {
        const sl_optimizer optimizer = { .rule = "adamw",
                                         .lr = (sl_real)0.02,
                                         .clip_norm = (sl_real)0.5,
                                         .l1_prox = (sl_real)0.01,
                                         .max_norm = 2,
                                         .average = (sl_real)0.9,
                                         .warmup = 3,
                                         .schedule = schedules[c] };
        uint64_t digest[2];
        for (int broken = 0; broken < 2; broken++)
            for (int part = 0; part <= broken; part++) {
                size_t stop = broken && !part ? 23 : 0;
                sl_ctx *ctx = engine_ctx(5);
                sl_data *data = sl_data_open(ctx, "builtin:moons?rows=203&noise=0.2", NULL);
                sl_model *model = care_model(ctx,
                                             "8, batch_norm, tanh, dropout 0.1, residual [8 gelu freeze=yes, "
                                             "8 lr_scale=0.5], noise 0.05, 1",
                                             optimizer);
                if (!part)
                    remove(file);
                sl_report *report =
                    sl_fit(model, data, .epochs = 8, .batch = 16, .accumulate = 2, .sampling = "replace",
                           .augment = "noise 0.05", .class_weight = "1, 3", .checkpoint = file,
                           .resume = true, .on_step = care_stop, .user = &stop);
                assert_non_null(report);
                assert_int_equal(sl_error(ctx), stop ? SL_ESTOPPED : SL_OK);
                digest[broken] = sl_model_digest(model);
                sl_ctx_free(ctx);
            }
        assert_true(digest[0] == digest[1]);
    }
    remove(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(U54_classes_count_by_their_weights),
        cmocka_unit_test(rows_count_by_their_weights),
        cmocka_unit_test(averaged_weights_are_judged_and_kept),
        cmocka_unit_test(layers_have_a_step_size_of_their_own),
        cmocka_unit_test(S124_clipped_steps_are_counted),
        cmocka_unit_test(S68_the_penalised_loss_stands_beside_the_loss),
        cmocka_unit_test(U18_all_of_it_goes_on_to_the_same_bits),
        cmocka_unit_test(S26_few_rows_join_the_batch_before),
    };
    return cmocka_run_group_tests_name("care", tests, NULL, NULL);
}
