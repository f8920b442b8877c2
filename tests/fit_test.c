/* fit_test.c - training from end to end through the public interface: the best epoch is kept, a stopped
 * training continues in the same bits, wrong set-ups are refused with their numbers, memory may run out
 * anywhere.  */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "memory.h"
#include "slope.h"

#define FIT_FILE "fit_test.tmp.safetensors"

static const char *fit_data = "builtin:moons?rows=300&noise=0.2";

typedef struct {
    size_t stop_at; /* step; 0: never */
} fit_stop;

static sl_status fit_on_step(void *user, const sl_progress *progress)
{
    const fit_stop *stop = user;
    return stop->stop_at && progress->step >= stop->stop_at ? SL_ESTOPPED : SL_OK;
}

static sl_model *fit_model(sl_ctx *ctx)
{
    sl_model *model = sl_model_parse(ctx, "12 relu, dropout 0.2, 6 tanh, 1");
    sl_compile(model, .loss = "bce", .optimizer = sl_adamw(.lr = (sl_real)0.01));
    return model;
}

static void U48_S138_the_best_epoch_is_kept(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *train, *validation;
    sl_data_split(sl_data_open(ctx, "builtin:moons?rows=120&noise=0.4", NULL), 0.4, &validation, &train);
    sl_model *model = sl_model_parse(ctx, "64 relu, 64 relu, 1");
    sl_compile(model, .loss = "binary_cross_entropy", .optimizer = sl_adam(.lr = (sl_real)0.02));
    sl_report *report = sl_fit(model, train, .epochs = 60, .validation = validation);
    assert_non_null(report);
    const int best = sl_report_best(report), rows = sl_report_rows(report);
    const double kept = sl_report_at(report, best, "validation_loss");
    assert_true(best < rows - 1); /* it overfits: otherwise this test shows nothing */
    for (int i = 0; i < rows; i++)
        assert_true(kept <= sl_report_at(report, i, "validation_loss"));
    sl_report *again = sl_evaluate(ctx, model, validation);
    assert_true(sl_report_last(again, "loss") == kept);
    assert_true(sl_report_last(again, "accuracy") == sl_report_at(report, best, "validation_accuracy"));
    sl_ctx_free(ctx);
}

static void S138_patience_ends_training(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *train, *validation;
    sl_data_split(sl_data_open(ctx, "builtin:moons?rows=120&noise=0.4", NULL), 0.4, &validation, &train);
    sl_model *model = sl_model_parse(ctx, "64 relu, 64 relu, 1");
    sl_compile(model, .loss = "bce", .optimizer = sl_adam(.lr = (sl_real)0.02));
    sl_report *report = sl_fit(model, train, .epochs = 500, .patience = 7, .validation = validation);
    assert_non_null(report);
    assert_int_equal(sl_report_rows(report), sl_report_best(report) + 1 + 7);
    sl_ctx_free(ctx);
}

static void S135_divergence_names_step_and_layer(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = sl_model_parse(ctx, "8 relu, 8 relu, 1");
    sl_compile(model, .loss = "mse", .optimizer = sl_sgd(.lr = (sl_real)1e25));
    sl_report *report = sl_fit(model, sl_data_open(ctx, "builtin:plane", NULL), .epochs = 5, .batch = 10);
    assert_null(report);
    assert_int_equal(sl_error(ctx), SL_EDIVERGED);
    assert_non_null(strstr(sl_message(ctx), "step "));
    assert_non_null(strstr(sl_message(ctx), "dense_"));
    assert_non_null(strstr(sl_message(ctx), "learning rate"));
    sl_ctx_free(ctx);
}

static void S135_divergence_seen_at_an_epochs_end_names_that_epoch(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = sl_model_parse(ctx, "8 relu, 1");
    sl_compile(model, .loss = "mse", .optimizer = sl_sgd(.lr = (sl_real)1e25));
    sl_report *report = sl_fit(model, sl_data_open(ctx, "builtin:plane", NULL), .epochs = 5, .batch = 500);
    assert_null(report); /* one step an epoch: its loss is finite, the weights behind it are useless */
    assert_int_equal(sl_error(ctx), SL_EDIVERGED);
    if (!strstr(sl_message(ctx), "step 1, epoch 1: the validation loss is"))
        fail_msg("%s", sl_message(ctx));
    sl_ctx_free(ctx);
}

/* relu answers 0 to a NaN, so the loss stays finite: only the weights show it. */
static void S135_a_weight_that_is_no_number_is_seen_behind_relu(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 6, .activation = "relu"),
                                    sl_dense(.units = 1));
    sl_compile(model, .loss = "bce");
    sl_values(sl_model_param(model, 0))[3] = (sl_real)NAN;
    assert_null(sl_fit(model, sl_data_open(ctx, fit_data, NULL), .epochs = 2));
    assert_int_equal(sl_error(ctx), SL_EDIVERGED);
    assert_non_null(strstr(sl_message(ctx), "number 3 of dense_1.weight is nan"));
    sl_clear(ctx);
    assert_int_equal(sl_model_save(model, FIT_FILE), SL_OK);
    assert_null(sl_model_load(ctx, FIT_FILE));
    assert_int_equal(sl_error(ctx), SL_EFORMAT);
    assert_non_null(strstr(sl_message(ctx), "number 3 of tensor dense_1.weight is not finite"));
    sl_ctx_free(ctx);
    unlink(FIT_FILE);
}

/* A loop of one's own: what it trained predicts, and after saving and loading still. */
static void a_model_trained_by_hand_predicts(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_real rows[] = { 0, 0, 0, 1, 1, 0, 1, 1 }, answers[] = { 0, 1, 1, 0 };
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(4, 2), rows), *y = sl_tensor_new(ctx, sl_dims(4, 1), answers);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 4, .activation = "tanh"),
                                    sl_dense(.units = 1));
    sl_compile(model, .loss = "bce");
    sl_tensor *params[8];
    for (int i = 0; i < sl_model_params(model); i++)
        params[i] = sl_model_param(model, i);
    sl_step *step = sl_step_new(ctx, sl_adam(.lr = (sl_real)0.05), params, sl_model_params(model));
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int i = 0; i < 500; i++) {
        sl_backward(tape, sl_binary_cross_entropy(tape, sl_forward(tape, model, x), y));
        sl_step_apply(step);
    }
    sl_model_save(model, FIT_FILE);
    const sl_model *const models[] = { model, sl_model_load(ctx, FIT_FILE) };
    for (int m = 0; m < 2; m++) {
        sl_tensor *p = sl_predict(ctx, models[m], x);
        if (!p)
            fail_msg("%s", sl_message(ctx));
        for (int row = 0; row < 4; row++)
            assert_true((sl_values(p)[2 * row + 1] > (sl_real)0.5) == (answers[row] > 0));
    }
    sl_ctx_free(ctx);
    unlink(FIT_FILE);
}

typedef struct {
    const char *net, *loss, *data;
    sl_real y[4]; /* data NULL: four rows of one number with these targets */
    int outputs;  /* 0: y is [4] */
    sl_status status;
    const char *says[3];
} fit_refusal;

static const fit_refusal fit_refusals[] = {
    /* U40, U42: softmax belongs to the loss */
    { "4 relu, 3 softmax", "cross_entropy", NULL, { 0 }, 0, SL_EINVAL, { "dense_2", "softmax", "twice" } },
    { "1 sigmoid", "bce", NULL, { 0 }, 0, SL_EINVAL, { "dense_1", "sigmoid", "twice" } },
    { "3 relu", "cross_entropy", NULL, { 0 }, 0, SL_EINVAL, { "dense_1", "relu", "logits" } },
    /* S65: pairings */
    { "1", "cross_entropy", NULL, { 0 }, 0, SL_EINVAL, { "1 unit", "at least 2", "binary_cross_entropy" } },
    { "1",
      "mse",
      "builtin:moons",
      { 0 },
      0,
      SL_EINVAL,
      { "2 classes", "names, not amounts", "binary_cross_entropy" } },
    { "1", "accuracy", NULL, { 0 }, 0, SL_EINVAL, { "accuracy", "gradient", "cross_entropy" } }, /* S61 */
    { "4, dropout 0.5", "mse", NULL, { 0 }, 0, SL_EINVAL, { "dropout_1", "cannot end", NULL } },
    /* U15: targets outside the last unit's range */
    { "1 sigmoid", "mse", NULL, { 0, 1, 3, 0 }, 1, SL_EINVAL, { "row 2 is 3", "sigmoid", "0 to 1" } },
    { "1 tanh", "mse", NULL, { 0, -2, 0, 0 }, 1, SL_EINVAL, { "row 1 is -2", "tanh", "-1 to 1" } },
    { "1 relu", "mse", NULL, { 0, 0, 0, -1 }, 1, SL_EINVAL, { "row 3 is -1", "relu", "below 0" } },
    /* U43: labels */
    { "3", "cross_entropy", NULL, { 0, 1, 2, 3 }, 0, SL_EINVAL, { "row 3 is 3", "0 to 2", "3 units" } },
    { "3",
      "cross_entropy",
      NULL,
      { 0, 1, (sl_real)0.5, 0 },
      0,
      SL_EINVAL,
      { "row 2 is 0.5", "whole number", NULL } },
    { "1", "bce", NULL, { 0, 1, 2, 0 }, 1, SL_EINVAL, { "row 2 is 2", "0 to 1", "cross_entropy" } },
    /* U39: shapes */
    { "2", "mse", NULL, { 0 }, 1, SL_ESHAPE, { "1 targets", "2 outputs", NULL } },
};

static void wrong_setups_are_refused_before_step_1(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fit_refusals / sizeof *fit_refusals; i++) {
        const fit_refusal *r = &fit_refusals[i];
        sl_ctx *ctx = sl_ctx_new(NULL);
        const sl_real inputs[4] = { 0, 1, 2, 3 };
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(4, 1), inputs);
        sl_tensor *y = sl_tensor_new(ctx, r->outputs ? sl_dims(4, r->outputs) : sl_dims(4), r->y);
        sl_data *data = r->data ? sl_data_open(ctx, r->data, NULL) : sl_data_from(ctx, x, y);
        sl_model *model = sl_model_parse(ctx, r->net);
        fit_stop stop = { 1 };
        sl_compile(model, .loss = r->loss);
        sl_report *report = sl_fit(model, data, .epochs = 1, .on_step = fit_on_step, .user = &stop);
        if (report || sl_error(ctx) != r->status)
            fail_msg("case %zu (%s, %s): status %d, '%s'", i, r->net, r->loss, sl_error(ctx),
                     sl_message(ctx));
        for (int s = 0; s < 3 && r->says[s]; s++)
            if (!strstr(sl_message(ctx), r->says[s]))
                fail_msg("case %zu: '%s' does not say '%s'", i, sl_message(ctx), r->says[s]);
        sl_ctx_free(ctx);
    }
}

/* U49: the figure of an epoch is that of its final weights in inference mode, dropout off. */
static void U49_train_loss_is_measured_without_dropout(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = sl_data_open(ctx, fit_data, NULL);
    sl_model *model = sl_model_parse(ctx, "16 relu, dropout 0.5, 1");
    sl_compile(model, .loss = "bce");
    sl_report *report = sl_fit(model, data, .epochs = 3, .validation_fraction = -1);
    sl_report *now = sl_evaluate(ctx, model, data);
    assert_non_null(now);
    assert_true(sl_report_last(now, "loss") == sl_report_at(report, sl_report_best(report), "train_loss"));
    sl_ctx_free(ctx);
}

/* U50, S42: the file is enough, raw inputs go in, and a row's answer does not depend on its neighbours. */
static void U50_saved_and_loaded_predicts_the_same(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL), *other = sl_ctx_new(&(sl_ctx_options){ .seed = 77 });
    sl_data *data = sl_data_open(ctx, "builtin:digits?rows=600&test_rows=50", NULL);
    sl_model *model = sl_model_parse(ctx, "20 relu, 10");
    sl_compile(model, .loss = "cross_entropy");
    assert_non_null(sl_fit(model, data, .epochs = 2));
    assert_int_equal(sl_model_save(model, FIT_FILE), SL_OK);
    sl_model *loaded = sl_model_load(other, FIT_FILE);
    if (!loaded)
        fail_msg("%s", sl_message(other));
    assert_true(sl_model_digest(loaded) == sl_model_digest(model));
    assert_string_equal(sl_model_loss(loaded), "cross_entropy");
    assert_string_equal(sl_model_preprocessing(loaded), sl_model_preprocessing(model));
    assert_int_equal(sl_model_classes(loaded), 10);
    assert_string_equal(sl_model_class_name(loaded, 7), "7");
    sl_tensor *all = sl_predict_data(ctx, model, data, 0, 300);
    for (size_t row = 0; row < 300; row += 37) {
        sl_real x[784], label;
        assert_int_equal(sl_data_row(data, row, x, &label), SL_OK);
        sl_tensor *one = sl_predict(other, loaded, sl_tensor_new(other, sl_dims(1, 28, 28), x));
        assert_non_null(one);
        assert_memory_equal(sl_values(one), sl_values(all) + row * 10, 10 * sizeof(sl_real));
    }
    sl_ctx_free(other);
    sl_ctx_free(ctx);
    unlink(FIT_FILE);
}

typedef struct {
    const sl_model *model;
    const sl_tensor *x;
    uint64_t sum;
} fit_thread;

static void *fit_predicting(void *argument)
{
    fit_thread *t = argument;
    for (int round = 0; round < 20; round++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .threads = 1 + round % 3 });
        sl_tensor *y = sl_predict(ctx, t->model, t->x);
        uint64_t sum = 1469598103934665603u;
        const unsigned char *bytes = (const unsigned char *)sl_values(y);
        for (size_t i = 0; y && i < sl_count(y) * sizeof(sl_real); i++)
            sum = (sum ^ bytes[i]) * 1099511628211u;
        if (round && sum != t->sum)
            t->sum = 0;
        else
            t->sum = sum;
        sl_ctx_free(ctx);
    }
    return NULL;
}

static void U19_one_model_predicts_in_many_threads(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = sl_model_parse(ctx, "30 relu, 30 tanh, 1");
    sl_compile(model, .loss = "bce");
    assert_non_null(sl_fit(model, sl_data_open(ctx, fit_data, NULL), .epochs = 1));
    sl_real points[500 * 2];
    for (int i = 0; i < 1000; i++)
        points[i] = (sl_real)((i * 37 % 101) / 20.0 - 2.5);
    fit_thread jobs[THREADS];
    pthread_t threads[THREADS];
    const sl_tensor *x = sl_tensor_new(ctx, sl_dims(500, 2), points);
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (fit_thread){ model, x, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, fit_predicting, &jobs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_true(jobs[i].sum != 0 && jobs[i].sum == jobs[0].sum);
    sl_ctx_free(ctx);
}

/* The whole job with the n-th allocation failing, for n = 1, 2, 3, ... until it succeeds. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    size_t n = 1;
    for (bool whole = false; !whole; n++) {
        test_memory memory = { .fail_at = n };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        if (ctx) {
            sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60", NULL);
            sl_model *model = sl_model_parse(ctx, "3 relu, dropout 0.5, 1");
            sl_compile(model, .loss = "bce");
            sl_report *report = sl_fit(model, data, .epochs = 2, .checkpoint = FIT_FILE);
            sl_model_save(model, FIT_FILE);
            sl_model *loaded = sl_model_load(ctx, FIT_FILE);
            sl_report *scores = sl_evaluate(ctx, loaded, data);
            sl_tensor *answers = scores ? sl_predict_data(ctx, loaded, data, 0, 5) : NULL;
            whole = answers && report && sl_error(ctx) == SL_OK;
            if (!whole)
                assert_int_equal(sl_error(ctx), SL_ENOMEM);
            sl_ctx_free(ctx);
        }
        assert_int_equal(memory.bytes, 0);
        assert_int_equal(memory.blocks, 0);
        assert_false(memory.wrong_size);
    }
    assert_true(n > 100); /* it did get to the deep ones */
    unlink(FIT_FILE);
}

/* Memory is flat after the first epoch: U26. */
static sl_status fit_count_calls(void *user, const sl_progress *progress)
{
    size_t *const *at = user;
    if (progress->epoch == 3)
        *at[1] = *at[0];
    if (progress->epoch == 50)
        *at[2] = *at[0];
    return SL_OK;
}

static void U26_steps_allocate_nothing(void **state)
{
    (void)state;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_model *model = fit_model(ctx);
    size_t early = 0, late = 0;
    size_t *at[] = { &memory.calls, &early, &late };
    assert_non_null(sl_fit(model, sl_data_open(ctx, fit_data, NULL), .epochs = 50, .batch = 7,
                           .on_step = fit_count_calls, .user = at));
    /* 47 epochs of 39 steps; an epoch's end takes a row for the report, now and then more room for it */
    assert_true(late - early < 47 * 3);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(U48_S138_the_best_epoch_is_kept),
        cmocka_unit_test(S138_patience_ends_training),
        cmocka_unit_test(S135_divergence_names_step_and_layer),
        cmocka_unit_test(S135_divergence_seen_at_an_epochs_end_names_that_epoch),
        cmocka_unit_test(S135_a_weight_that_is_no_number_is_seen_behind_relu),
        cmocka_unit_test(a_model_trained_by_hand_predicts),
        cmocka_unit_test(wrong_setups_are_refused_before_step_1),
        cmocka_unit_test(U49_train_loss_is_measured_without_dropout),
        cmocka_unit_test(U50_saved_and_loaded_predicts_the_same),
        cmocka_unit_test(U19_one_model_predicts_in_many_threads),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(U26_steps_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
