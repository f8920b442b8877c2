/* Starting weights that are given: the worked example of the lecture, and what does not fit. Losses: y = w2
 * w1 x, L = (y - 3)^2 at x = 2 from w = (0.5, 1), in double by a plain loop here. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "engine.h"
#include "train/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    double losses[1000]; /* behind each step, as an epoch is one */
    size_t count;
} given_course;

static sl_status given_step(void *user, const sl_progress *progress)
{
    given_course *course = user;
    course->losses[course->count++] = progress->loss;
    return SL_OK;
}

static given_course given_run(sl_ctx *ctx, double lr, int steps)
{
    given_course course = { .count = 0 };
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = "builtin:point",
                                                     .net = "1 relu",
                                                     .weights = "0.5,1.0",
                                                     .optimizer = { .rule = "sgd", .lr = (sl_real)lr },
                                                     .steps = steps,
                                                     .keep_nothing = true,
                                                     .on_step = given_step,
                                                     .user = &course });
    assert_non_null(run);
    assert_int_equal(sl_run_train(run), SL_OK);
    assert_int_equal(course.count, steps);
    double w1 = 0.5, w2 = 1;
    for (int i = 0; i < steps && i < 10; i++) {
        const double away = w2 * w1 * 2 - 3, before = w1;
        assert_true(fabs(course.losses[i] - away * away) < 1e-5 * (1 + away * away));
        w1 -= lr * 2 * away * w2 * 2;
        w2 -= lr * 2 * away * before * 2;
    }
    sl_model *model = sl_run_model(run);
    for (int p = 0; p < sl_model_params(model); p++)
        if (strstr(sl_model_param_name(model, p), ".bias"))
            assert_true(sl_values(sl_model_param(model, p))[0] == 0);
    sl_run_free(run);
    return course;
}

static bool given_near(double value, double wanted, double within)
{
    return fabs(value - wanted) <= within;
}

static void T2_a_run_from_given_weights(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const given_course far = given_run(ctx, 0.1, 1000);
    static const double lecture[] = { 4, 0.410, 0.981, 0.864, 2.114, 0.774, 1.882, 0.826 };
    for (size_t i = 0; i < sizeof lecture / sizeof *lecture; i++)
        assert_true(given_near(far.losses[i], lecture[i], 6e-4));
    const double a = far.losses[998], b = far.losses[999];
    assert_true(given_near(fmin(a, b), 0.8022, 5e-5) && given_near(fmax(a, b), 1.9478, 5e-5));
    assert_true(given_near(given_run(ctx, 0.083, 1000).losses[999], 0, 1e-3)); /* below 2/24 */
    sl_ctx_free(ctx);
}

static void S80_half_the_step_arrives(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const given_course near = given_run(ctx, 0.05, 5);
    assert_true(given_near(near.losses[1], 0.7056, 1e-5) && given_near(near.losses[2], 0.00053, 1e-6));
    assert_true(near.losses[4] < 1e-4);
    sl_ctx_free(ctx);
}

/* "2 relu" on two inputs: dense_1 [2, 2], output [1, 2]. */
static void given_in_model_order(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = { .data = "builtin:xor",
                                     .net = "2 relu",
                                     .weights = "1,2 ; 3,4 5\n-6.5",
                                     .biases = "0.5, -1, 7",
                                     .optimizer = { .rule = "lbfgs" },
                                     .steps = 1,
                                     .keep_nothing = true };
    sl_run *run = sl_run_new(ctx, &options);
    assert_non_null(run);
    static const sl_real wanted[] = { 1, 2, 3, 4, 0.5f, -1, 5, -6.5f, 7 };
    size_t at = 0;
    sl_model *model = sl_run_model(run);
    for (int p = 0; p < sl_model_params(model); p++)
        for (size_t i = 0; i < sl_count(sl_model_param(model, p)); i++)
            assert_true(sl_values(sl_model_param(model, p))[i] == wanted[at++]);
    assert_int_equal(at, 9);
    sl_run_train(run);
    assert_true(sl_values(sl_model_param(model, 1))[0] != 0.5f); /* given biases learn */
    sl_run_free(run);
    sl_ctx_free(ctx);
}

static sl_status given_stop(void *user, const sl_progress *progress)
{
    const size_t *stop = user;
    return progress->step == *stop ? SL_ESTOPPED : SL_OK;
}

/* Biases that stay 0 do so behind a break, too. */
static void given_and_gone_on(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/slope-given-XXXXXX", path[80];
    assert_non_null(mkdtemp(folder));
    uint64_t digest[2];
    for (int broken = 0; broken < 2; broken++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        size_t stop = broken ? 5 : 0;
        sl_run_options options = { .data = "builtin:moons?rows=60",
                                   .net = "2 tanh",
                                   .weights = "1,2,3,4,5,6",
                                   .optimizer = { .rule = "sgd", .lr = (sl_real)0.1 },
                                   .batch = 8,
                                   .epochs = 4,
                                   .out = folder,
                                   .overwrite = true,
                                   .on_step = given_stop,
                                   .user = &stop };
        sl_run *run = sl_run_new(ctx, &options);
        if (!run)
            fail_msg("%s", sl_message(ctx));
        assert_int_equal(sl_run_train(run), broken ? SL_ESTOPPED : SL_OK);
        if (broken) {
            sl_run_free(run);
            sl_clear(ctx);
            run = sl_run_open(ctx, folder, NULL);
            if (!run)
                fail_msg("%s", sl_message(ctx));
            assert_int_equal(sl_run_train(run), SL_OK);
        }
        digest[broken] = run->trainer->digest_last;
        for (int p = 0; p < run->model->param_count; p++)
            for (size_t i = 0;
                 strstr(run->model->param_names[p], ".bias") && i < run->model->params[p]->count; i++)
                assert_true(run->model->params[p]->v[i] == 0 && !run->model->params[p]->learns);
        sl_run_free(run);
        sl_ctx_free(ctx);
    }
    assert_true(digest[0] == digest[1]);
    sl_ctx *ctx = sl_ctx_new(NULL); /* and so it stands in the model's file */
    sl_model *model = sl_model_load(ctx, folder);
    if (!model)
        fail_msg("%s", sl_message(ctx));
    for (int p = 0; p < model->param_count; p++)
        assert_int_equal(model->params[p]->learns, !strstr(model->param_names[p], ".bias"));
    sl_model_free(model);
    sl_ctx_free(ctx);
    static const char *const files[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                         "run.json",         "metrics.csv",       "weights.csv",
                                         "confusion.csv",    "steps.csv",         "activations.csv",
                                         "path.bin" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void given_refused(sl_ctx *ctx, const char *weights, const char *biases, const char *why)
{
    assert_null(sl_run_new(ctx, &(sl_run_options){ .data = "builtin:xor",
                                                   .net = "2 relu",
                                                   .weights = weights,
                                                   .biases = biases,
                                                   .steps = 1,
                                                   .keep_nothing = true }));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    if (!strstr(sl_message(ctx), why))
        fail_msg("%s", sl_message(ctx));
    sl_clear(ctx);
}

static void given_that_do_not_fit(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    given_refused(
        ctx, "1,2,3", NULL,
        "--weights has 3 numbers: the net wants 6, row by row, [outputs, inputs]: dense_1 [2, 2], output "
        "[1, 2]");
    given_refused(ctx, "1,2,3,4,5,6,7", NULL, "--weights has 7 numbers");
    given_refused(ctx, "", NULL, "--weights has 0 numbers");
    given_refused(ctx, "1,2,x,4,5,6", NULL, "--weights: number 3 is 'x'");
    given_refused(ctx, "1,2,,4,5,6", NULL, "--weights: number 3 is ''");
    given_refused(ctx, "1,2,1e99,4,5,6", NULL, "--weights: number 3 is '1e99'");
    given_refused(ctx, "1,2,3,4,5,6", "0", "--biases has 1 number: the net wants 3");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(T2_a_run_from_given_weights), cmocka_unit_test(S80_half_the_step_arrives),
        cmocka_unit_test(given_in_model_order),        cmocka_unit_test(given_and_gone_on),
        cmocka_unit_test(given_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
