/* Intervals, importance, calibration, residuals and errors against formulas and plain loops. */
#include "baseline/baseline.h"
#include "core/random.h"
#include "engine.h"
#include "model/model.h"

/* --- intervals --- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The same draws in a plain loop; and close to mean +- 1.96 s / sqrt n, as the theory says of a mean. */
static void the_bootstrap_is_the_plain_loop(void **unused)
{
    (void)unused;
    enum { ROWS = 401, TIMES = 1000 };
    sl_ctx *ctx = engine_crew(NULL, 3);
    static double v[ROWS * 2], means[TIMES * 2], plain[TIMES];
    uint64_t state = 3;
    double mean = 0, variance = 0, low, high;
    for (int i = 0; i < ROWS; i++) {
        v[2 * i] = engine_uniform(&state, -1, 1) + engine_uniform(&state, 0, 2);
        v[2 * i + 1] = -v[2 * i];
        mean += v[2 * i] / ROWS;
    }
    for (int i = 0; i < ROWS; i++)
        variance += (v[2 * i] - mean) * (v[2 * i] - mean) / (ROWS - 1);
    assert_int_equal(sl_bootstrap_resamples(ROWS), TIMES);
    assert_int_equal(sl_bootstrap(ctx, 42, v, ROWS, 2, TIMES, means), SL_OK);
    for (uint32_t b = 0; b < TIMES; b++) {
        double sum = 0;
        for (uint64_t k = 0; k < ROWS; k++) {
            const sl_random4 r = sl_random_block(42, SL_FOR_BOOTSTRAP, 0, b, k / 4);
            sum += v[2 * (size_t)floor(r.word[k % 4] / 4294967296.0 * ROWS)];
        }
        plain[b] = sum / ROWS;
        assert_true(plain[b] == means[2 * b] &&
                    plain[b] == -means[2 * b + 1]); /* the same rows in all columns */
    }
    qsort(plain, TIMES, sizeof *plain, compare_doubles);
    for (int b = 0; b < TIMES; b++)
        means[b] = means[2 * b];
    sl_bootstrap_interval(means, TIMES, &low, &high);
    assert_near(low, plain[24] + 0.975 * (plain[25] - plain[24]), 1e-12); /* 0.025 * 999 = 24.975 */
    assert_near(high, plain[974] + 0.025 * (plain[975] - plain[974]), 1e-12);
    const double half = 1.96 * sqrt(variance / ROWS);
    assert_true(fabs(low - (mean - half)) < 0.15 * half && fabs(high - (mean + half)) < 0.15 * half);
    sl_ctx_free(ctx);
}

/* 95 intervals of 100 hold what they are an interval of. */
static void intervals_hold_the_truth_as_often_as_they_say(void **unused)
{
    (void)unused;
    enum { ROWS = 100, TIMES = 300, TRIALS = 400 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 8;
    int held = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double v[ROWS], means[TIMES], low, high;
        for (int i = 0; i < ROWS; i++)
            v[i] = engine_uniform(&state, 0, 1) < 0.7;
        sl_bootstrap(ctx, (uint64_t)trial + 1, v, ROWS, 1, TIMES, means);
        sl_bootstrap_interval(means, TIMES, &low, &high);
        held += low <= 0.7 && 0.7 <= high;
    }
    assert_in_range(held, TRIALS * 90 / 100, TRIALS * 98 / 100);
    sl_ctx_free(ctx);
}

static void many_rows_are_drawn_less_often(void **unused)
{
    (void)unused;
    assert_int_equal(sl_bootstrap_resamples(20000), 1000);
    assert_int_equal(sl_bootstrap_resamples(40000), 500);
    assert_int_equal(sl_bootstrap_resamples(1000000), 200);
}

/* --- a linear model whose weights are known --- */

static sl_model *judge_model(sl_ctx *ctx, int inputs, int units, const char *loss, const sl_real *w,
                             const sl_real *b)
{
    sl_model *model = sl_sequential(ctx, sl_input(.units = inputs), sl_dense(.units = units));
    assert_int_equal(sl_compile(model, .loss = loss), SL_OK);
    memcpy(sl_values(sl_model_param(model, 0)), w, (size_t)(inputs * units) * sizeof *w);
    memcpy(sl_values(sl_model_param(model, 1)), b, (size_t)units * sizeof *b);
    return model;
}

/* y = 3 a + 0 b + c. Shuffling a column of variance s^2 makes the squared error 2 w^2 s^2 larger, on average.
 */
static void importance_finds_what_counts(void **unused)
{
    (void)unused;
    enum { ROWS = 3000 };
    sl_ctx *ctx = engine_ctx(2);
    uint64_t state = 4;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, 3), NULL), *y = sl_tensor_new(ctx, sl_dims(ROWS), NULL);
    engine_fill(&state, sl_values(x), ROWS * 3, -1, 1);
    for (int i = 0; i < ROWS; i++)
        sl_values(y)[i] = 3 * sl_values(x)[3 * i] + sl_values(x)[3 * i + 2];
    sl_data *data = sl_data_from(ctx, x, y);
    const sl_model *model =
        judge_model(ctx, 3, 1, "mean_squared", (const sl_real[]){ 3, 0, 1 }, (const sl_real[]){ 0 });
    sl_report *r = sl_importance(ctx, model, data, 0);
    assert_fine(ctx);
    static const double inputs[] = { 0, 2, 1 }, weights[] = { 3, 1, 0 };
    for (int i = 0; i < 3; i++) {
        assert_true(sl_report_at(r, i, "input") == inputs[i] && sl_report_at(r, i, "rows") == ROWS);
        assert_near(sl_report_at(r, i, "mean"), weights[i] * sqrt(2. / 3), 0.03); /* variance 1/3 */
        assert_true(sl_report_at(r, i, "spread") < 0.06);
    }
    assert_true(sl_report_at(r, 2, "mean") == 0 && sl_report_at(r, 2, "spread") == 0);
    assert_string_equal(sl_data_input_name(data, 2), "x2");
    assert_null(sl_data_input_name(data, 3));
    sl_ctx_free(ctx);
}

static void importance_refuses_what_is_too_wide(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(3, 1001), NULL), sl_tensor_new(ctx, sl_dims(3), NULL));
    sl_model *model = sl_sequential(ctx, sl_input(.units = 1001), sl_dense(.units = 1));
    sl_compile(model, .loss = "mean_squared");
    assert_null(sl_data_input_name(data, 0));
    assert_null(sl_importance(ctx, model, data, 0));
    assert_says(ctx, SL_EINVAL, "a row has 1001: wants at most 1000");
    sl_ctx_free(ctx);
}

/* Probabilities 0.25 and 0.85, of which a quarter and 6 of 10 come true. */
static void calibration_is_what_was_constructed(void **unused)
{
    (void)unused;
    enum { ROWS = 60 };
    sl_ctx *ctx = engine_ctx(1);
    sl_real x[ROWS], y[ROWS];
    for (int i = 0; i < ROWS; i++) {
        x[i] = (sl_real)log(i < 40 ? 0.25 / 0.75 : 0.85 / 0.15);
        y[i] = (sl_real)(i < 40 ? i % 4 == 0 : i % 10 < 6);
    }
    sl_data *data =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(ROWS, 1), x), sl_tensor_new(ctx, sl_dims(ROWS), y));
    const sl_model *model =
        judge_model(ctx, 1, 1, "binary_cross_entropy", (const sl_real[]){ 1 }, (const sl_real[]){ 0 });
    double error;
    sl_report *r = sl_calibration(ctx, model, data, 10, &error);
    assert_fine(ctx);
    assert_int_equal(sl_report_rows(r), 10);
    for (int b = 0; b < 10; b++) {
        assert_near(sl_report_at(r, b, "low"), b / 10., 1e-12);
        assert_near(sl_report_at(r, b, "rows"), b == 2 ? 40 : b == 8 ? 20 : 0, 0);
    }
    assert_near(sl_report_at(r, 2, "confidence"), 0.25, 1e-6);
    assert_near(sl_report_at(r, 2, "accuracy"), 0.25, 1e-12);
    assert_near(sl_report_at(r, 8, "confidence"), 0.85, 1e-6);
    assert_near(sl_report_at(r, 8, "accuracy"), 0.6, 1e-12);
    assert_true(isnan(sl_report_at(r, 0, "accuracy")));
    assert_near(error, 20 * 0.25 / 60, 1e-6);
    assert_null(sl_residuals(ctx, model, data, 0));
    assert_says(ctx, SL_EINVAL, "residuals are of numbers");
    sl_ctx_free(ctx);
}

/* Predictions 0 .. 9 ten times each, targets off by bin: the bias of each bin is seen. */
static void residuals_show_where_it_is_off(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_real x[100], y[100];
    for (int i = 0; i < 100; i++) {
        x[i] = (sl_real)((i * 7) % 10);
        y[i] = x[i] * x[i] / 4 + (sl_real)(i % 20 < 10 ? 0.5 : -0.5);
    }
    sl_data *data =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(100, 1), x), sl_tensor_new(ctx, sl_dims(100), y));
    const sl_model *model =
        judge_model(ctx, 1, 1, "mean_squared", (const sl_real[]){ 1 }, (const sl_real[]){ 0 });
    sl_report *r = sl_residuals(ctx, model, data, 0);
    assert_fine(ctx);
    assert_int_equal(sl_report_rows(r), 10);
    for (int b = 0; b < 10; b++) {
        const double bias = b * b / 4. - b;
        assert_true(sl_report_at(r, b, "low") == b && sl_report_at(r, b, "high") == b &&
                    sl_report_at(r, b, "rows") == 10);
        assert_near(sl_report_at(r, b, "residual"), bias, 1e-6);
        assert_near(sl_report_at(r, b, "rmse"), sqrt(bias * bias + 0.25), 1e-6);
    }
    assert_null(sl_calibration(ctx, model, data, 0, NULL));
    assert_says(ctx, SL_EINVAL, "calibration is of probabilities");
    sl_ctx_free(ctx);
}

static void S162_errors_come_worst_first(void **unused)
{
    (void)unused;
    enum { ROWS = 500 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 6;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, 2), NULL), *y = sl_tensor_new(ctx, sl_dims(ROWS), NULL);
    engine_fill(&state, sl_values(x), ROWS * 2, -2, 2);
    for (int i = 0; i < ROWS; i++)
        sl_values(y)[i] = (sl_real)engine_below(&state, 3);
    sl_values(x)[2 * 77] = sl_values(x)[2 * 33]; /* two rows of one loss */
    sl_values(x)[2 * 77 + 1] = sl_values(x)[2 * 33 + 1];
    sl_values(y)[77] = sl_values(y)[33];
    sl_data *data = sl_data_from(ctx, x, y);
    const sl_real w[] = { 1, 0, -1, 2, (sl_real)0.5, -1 };
    const sl_model *model = judge_model(ctx, 2, 3, "cross_entropy", w, (const sl_real[]){ 0, 0, 0 });
    sl_report *r = sl_errors(ctx, model, data, 0), *top = sl_errors(ctx, model, data, 7);
    assert_fine(ctx);
    assert_true(sl_report_rows(r) == ROWS && sl_report_rows(top) == 7);
    bool seen[ROWS] = { false };
    for (int i = 0; i < ROWS; i++) {
        const int row = (int)sl_report_at(r, i, "row"), truth = (int)sl_values(y)[row];
        double z[3], sum = 0;
        int best = 0;
        for (int c = 0; c < 3; c++) {
            z[c] = (double)w[2 * c] * (double)sl_values(x)[2 * row] +
                   (double)w[2 * c + 1] * (double)sl_values(x)[2 * row + 1];
            sum += exp(z[c]);
            best = z[c] > z[best] ? c : best;
        }
        assert_false(seen[row]);
        seen[row] = true;
        assert_near(sl_report_at(r, i, "loss"), log(sum) - z[truth], 1e-5);
        assert_near(sl_report_at(r, i, "p_truth"), exp(z[truth]) / sum, 1e-5);
        assert_near(sl_report_at(r, i, "probability"), exp(z[best]) / sum, 1e-5);
        assert_true(sl_report_at(r, i, "truth") == truth && sl_report_at(r, i, "prediction") == best);
        assert_true(i == 0 || sl_report_at(r, i - 1, "loss") >= sl_report_at(r, i, "loss"));
        assert_true(row != 33 || sl_report_at(r, i + 1, "row") == 77);
        assert_true(i >= 7 || sl_report_at(top, i, "row") == row);
    }
    sl_ctx_free(ctx);
}

/* With a scaled target the loss is that of (y - shift) / scale: the largest error comes first, not the
 * largest target. */
static void S162_losses_are_of_the_scaled_target(void **unused)
{
    (void)unused;
    enum { ROWS = 40 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, 1), NULL), *y = sl_tensor_new(ctx, sl_dims(ROWS), NULL);
    for (int i = 0; i < ROWS; i++) {
        sl_values(x)[i] = (sl_real)(i - 20) / 10;
        sl_values(y)[i] = (sl_real)(100 + 50 * (i - 20) / 10.0 + i % 3);
    }
    sl_values(y)[3] += 40;
    const sl_data *data = sl_data_from(ctx, x, y);
    sl_model *model = judge_model(ctx, 1, 1, "mean_squared", (const sl_real[]){ 1 }, (const sl_real[]){ 0 });
    model->target = (sl_target){ SL_STANDARD, 100, 50 };
    const sl_report *r = sl_errors(ctx, model, data, 0);
    assert_fine(ctx);
    assert_true(sl_report_at(r, 0, "row") == 3);
    for (int i = 0; i < ROWS; i++) {
        const int row = (int)sl_report_at(r, i, "row");
        const double off = (double)sl_values(x)[row] - ((double)sl_values(y)[row] - 100) / 50;
        assert_near(sl_report_at(r, i, "loss"), off * off, 1e-5);
        assert_near(sl_report_at(r, i, "residual"), -50 * off, 1e-3);
    }
    sl_ctx_free(ctx);
}

/* --- model and baselines together --- */

static void a_net_that_is_no_better_is_told_so(void **unused)
{
    (void)unused;
    enum { ROWS = 800 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 2;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, 1), NULL), *y = sl_tensor_new(ctx, sl_dims(ROWS), NULL);
    engine_fill(&state, sl_values(x), ROWS, -1, 1);
    for (int i = 0; i < ROWS; i++) /* a parabola, which a straight line knows nothing of */
        sl_values(y)[i] = sl_values(x)[i] * sl_values(x)[i] + (sl_real)engine_uniform(&state, -0.05, 0.05);
    sl_data *data = sl_data_from(ctx, x, y);
    sl_baseline_row row;
    sl_model *bad =
        judge_model(ctx, 1, 1, "mean_squared", (const sl_real[]){ 0 }, (const sl_real[]){ (sl_real)0.33 });
    sl_baselines *b = sl_baselines_fit(ctx, bad, data);
    assert_int_equal(sl_baselines_measure(b, bad, data), SL_OK);
    sl_baseline_difference d = sl_baselines_difference(b);
    assert_true(d.known && !d.better && d.low < d.value && d.value < d.high && d.resamples == 1000);
    assert_non_null(
        strstr(sl_baselines_verdict(b), "the net is not better than the linear model on these rows"));
    double squares = 0, absolute = 0;
    for (int i = 0; i < ROWS; i++) {
        const double off = 0.33 - (double)sl_values(y)[i];
        squares += off * off / ROWS;
        absolute += fabs(off) / ROWS;
    }
    assert_true(sl_baselines_at(b, 0, &row) && !strcmp(row.name, "model") && row.rows == ROWS);
    assert_near(row.figure, sqrt(squares), 1e-6);
    assert_near(row.mae, absolute, 1e-6);
    assert_true(row.low < row.figure && row.figure < row.high && row.r2 < 0.01 && row.r2_low < row.r2_high);
    assert_false(sl_baselines_at(b, 5, &row));
    sl_model *good = sl_sequential(ctx, sl_input(.units = 1), sl_dense(.units = 16, .activation = "tanh"),
                                   sl_dense(.units = 1));
    sl_compile(good, .loss = "mean_squared", .optimizer = sl_adam(.lr = (sl_real)0.02));
    sl_fit(good, data, .epochs = 40);
    assert_int_equal(sl_baselines_measure(b, good, data), SL_OK);
    d = sl_baselines_difference(b);
    assert_true(d.better && d.high < 0 && d.value < -0.1);
    assert_non_null(strstr(sl_baselines_verdict(b), "the net is better than the linear model on these rows"));
    sl_baselines *none = sl_baselines_fit(ctx, good, NULL); /* as of a model file alone */
    assert_int_equal(sl_baselines_measure(none, good, data), SL_OK);
    assert_false(sl_baselines_difference(none).known);
    assert_string_equal(sl_baselines_verdict(none), "");
    for (int i = 1; sl_baselines_at(none, i, &row); i++)
        assert_true(!row.why == (!strcmp(row.name, "always") || !strcmp(row.name, "median")));
    assert_int_equal(sl_baselines_save(none, "/dev/null"), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "no fitted baselines");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bootstrap_is_the_plain_loop),
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
        cmocka_unit_test(many_rows_are_drawn_less_often),
        cmocka_unit_test(importance_finds_what_counts),
        cmocka_unit_test(importance_refuses_what_is_too_wide),
        cmocka_unit_test(calibration_is_what_was_constructed),
        cmocka_unit_test(residuals_show_where_it_is_off),
        cmocka_unit_test(S162_errors_come_worst_first),
        cmocka_unit_test(S162_losses_are_of_the_scaled_target),
        cmocka_unit_test(a_net_that_is_no_better_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
