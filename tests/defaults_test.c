/* defaults_test.c - every optimizer at its default on a regression of 20,000 rows and 8 inputs: finite, and
 * better than the mean. */
#include "engine.h"

enum { ROWS = 20000, INPUTS = 8 };

static sl_data *defaults_data(sl_ctx *ctx)
{
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, INPUTS), NULL),
              *y = sl_tensor_new(ctx, sl_dims(ROWS, 1), NULL);
    uint64_t state = 5;
    engine_fill(&state, sl_values(x), ROWS * INPUTS, -1, 1);
    for (size_t i = 0; i < ROWS; i++) {
        const sl_real *r = sl_values(x) + i * INPUTS;
        sl_real sum = 0;
        for (int j = 0; j < INPUTS; j++)
            sum += r[j] * (sl_real)(j % 2 ? -0.4 : 0.6);
        sl_values(y)[i] = sum + r[0] * r[1] + (sl_real)engine_uniform(&state, -0.1, 0.1);
    }
    return sl_data_from(ctx, x, y);
}

static void every_optimizer_at_its_default_ends_sensibly(void **unused)
{
    (void)unused;
    sl_word word;
    int count = 0;
    for (int i = 0; sl_catalogue("optimizer", i, &word); i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = defaults_data(ctx);
        sl_model *model = sl_model_parse(ctx, "8 tanh, 1");
        const bool rosenblatt = !strcmp(word.name, "perceptron"); /* a rule for classes */
        sl_compile(model, .loss = "mean_squared", .optimizer = { .rule = word.name });
        if (rosenblatt) {
            assert_says(ctx, SL_EINVAL, "optimizer perceptron is a rule for loss perceptron alone");
            sl_ctx_free(ctx);
            continue;
        }
        sl_report *report = sl_fit(model, data, .epochs = 5, .validation_fraction = -1);
        assert_fine(ctx);
        const sl_report *end = sl_evaluate(ctx, model, data);
        const double r2 = sl_report_last(end, "r2");
        print_message("%-20s loss %.4f, r2 %.3f\n", word.name, sl_report_last(report, "train_loss"), r2);
        for (int row = 0; row < sl_report_rows(report); row++)
            assert_true(isfinite(sl_report_at(report, row, "train_loss")));
        assert_true(r2 > 0);
        count++;
        sl_ctx_free(ctx);
    }
    assert_true(count >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_optimizer_at_its_default_ends_sensibly) };
    return cmocka_run_group_tests_name("defaults", tests, NULL, NULL);
}
