/* Several models asked as one: means against a plain loop, classes by name, what has no average. Runs in both
 * builds. */
#include "engine.h"
#include "model/model.h"

#include <math.h>

/* 120 points of K classes (0: a number). */
static sl_data *average_data(sl_ctx *ctx, int classes, int rows)
{
    sl_real x[120 * 2], y[120];
    for (int i = 0; i < rows; i++) {
        x[2 * i] = (sl_real)(i * 37 % 41) / 20 - 1;
        x[2 * i + 1] = (sl_real)(i * i * 11 % 43) / 21 - 1;
        const double sum = (double)x[2 * i] + (double)x[2 * i + 1] + (i * 53 % 19 - 9) / 12.0;
        y[i] = classes ? (sl_real)((sum > 0) + (classes > 2 && sum > 0.6)) : (sl_real)sum;
    }
    sl_data *data =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(rows, 2), x), sl_tensor_new(ctx, sl_dims(rows), y));
    data->classes = classes;
    return data;
}

static sl_model *average_model(uint64_t seed, sl_ctx **owner, int classes, const char *const *names)
{
    sl_ctx *ctx = *owner = sl_ctx_new(&(sl_ctx_options){ .seed = seed });
    char net[32];
    snprintf(net, sizeof net, "4 tanh, %d", classes > 2 ? classes : 1);
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = classes > 2 ? "cross_entropy" : classes ? "bce" : "mean_squared");
    sl_report *report =
        sl_fit(model, average_data(ctx, classes, 120), .epochs = 3, .validation_fraction = -1);
    if (!report)
        fail_msg("%s", sl_message(ctx));
    if (classes)
        assert_int_equal(sl_model_set_classes(model, classes, names), SL_OK);
    return model;
}

static void means_are_a_plain_loops(void **unused)
{
    (void)unused;
    for (int classes = 0; classes <= 3; classes += classes ? 1 : 2) {
        sl_ctx *owner[3], *ctx = engine_ctx(1);
        const sl_model *models[3];
        const sl_data *data[3];
        const sl_real *alone[3];
        const size_t width = classes ? (size_t)classes : 1;
        for (int i = 0; i < 3; i++) {
            models[i] = average_model((uint64_t)i + 1, &owner[i], classes, NULL);
            data[i] = average_data(ctx, classes, 120);
            alone[i] = sl_values(sl_predict_data(ctx, models[i], data[i], 0, 120));
        }
        assert_fine(ctx);
        const sl_several several = { .models = models, .data = data, .count = 3 };
        sl_report *report = sl_evaluate_several(ctx, &several);
        sl_tensor *p = sl_predict_several(ctx, &several, 10, 110);
        if (!p || !report)
            fail_msg("%s", sl_message(ctx));
        double right[4] = { 0 }, squares[4] = { 0 };
        for (size_t row = 0; row < 120; row++) {
            const double y = sl_data_target(data[0], row);
            double best[4] = { -1, -1, -1, -1 };
            int at[4] = { 0 };
            for (size_t c = 0; c < width; c++) {
                double v[4] = { 0 };
                for (int i = 0; i < 3; i++) {
                    v[i + 1] = (double)alone[i][row * width + c];
                    v[0] += v[i + 1];
                }
                v[0] = (double)(sl_real)(v[0] / 3);
                if (row >= 10)
                    assert_true((double)sl_values(p)[(row - 10) * width + c] == v[0]);
                for (int i = 0; i < 4; i++) {
                    at[i] = v[i] > best[i] ? (int)c : at[i];
                    best[i] = v[i] > best[i] ? v[i] : best[i];
                    squares[i] += (v[i] - y) * (v[i] - y) / 120;
                }
            }
            for (int i = 0; i < 4; i++)
                right[i] += at[i] == (int)y;
        }
        assert_int_equal(sl_report_rows(report), 4);
        for (int i = 0; i < 4; i++)
            if (classes)
                assert_true(fabs(sl_report_at(report, i, "accuracy") - right[i] / 120) < 1e-12);
            else
                assert_true(fabs(sl_report_at(report, i, "rmse") - sqrt(squares[i])) < 1e-6);
        assert_true(isnan(sl_report_at(report, 0, "loss")));
        assert_int_equal(sl_report_at(report, 0, "rows"), 120);
        size_t sum = 0;
        for (int t = 0; t < classes; t++)
            sum += sl_report_confusion(report, t, t);
        assert_true(!classes || sum == (size_t)right[0]);
        sl_baselines *baselines = sl_baselines_fit(ctx, models[0], data[0]);
        assert_int_equal(sl_baselines_measure_several(baselines, &several), SL_OK);
        sl_baseline_row row;
        assert_true(sl_baselines_at(baselines, 0, &row));
        assert_true(fabs(row.figure - (classes ? right[0] / 120 : sqrt(squares[0]))) < 1e-6);
        assert_true(row.low < row.figure && row.figure < row.high);
        sl_ctx_free(ctx);
        for (int i = 0; i < 3; i++)
            sl_ctx_free(owner[i]);
    }
}

/* A model whose classes stand in another order is asked by their names. */
static void classes_go_by_name(void **unused)
{
    (void)unused;
    sl_ctx *owner[2], *ctx = engine_ctx(1);
    const char *const names[] = { "b", "c", "a" }, *const moved[] = { "a", "b", "c" };
    const sl_model *models[2] = { average_model(1, &owner[0], 3, names), NULL };
    sl_model *other = average_model(2, &owner[1], 3, moved);
    models[1] = other;
    sl_data *first = average_data(ctx, 3, 120), *second = average_data(ctx, 3, 120);
    for (size_t i = 0; i < 120; i++) /* the same rows, in that model's numbers */
        second->store->targets[i] = (sl_real)(((int)second->store->targets[i] + 1) % 3);
    const sl_data *data[2] = { first, second };
    const sl_several several = { .models = models, .data = data, .count = 2 };
    const sl_real *a = sl_values(sl_predict_data(ctx, models[0], first, 0, 120));
    const sl_real *b = sl_values(sl_predict_data(ctx, models[1], second, 0, 120));
    const sl_real *mean = sl_values(sl_predict_several(ctx, &several, 0, 120));
    assert_fine(ctx);
    for (size_t i = 0; i < 120; i++)
        for (size_t c = 0; c < 3; c++)
            assert_true(mean[i * 3 + c] ==
                        (sl_real)(((double)a[i * 3 + c] + (double)b[i * 3 + (c + 1) % 3]) / 2));
    assert_non_null(sl_evaluate_several(ctx, &several));
    second->store->targets[7] = (sl_real)(((int)second->store->targets[7] + 1) % 3);
    assert_null(sl_evaluate_several(ctx, &several));
    assert_non_null(strstr(sl_message(ctx), "row 7 has another target in the data for model 1"));
    sl_ctx_free(ctx);
    sl_ctx_free(owner[0]);
    sl_ctx_free(owner[1]);
}

static void average_refused(sl_ctx *ctx, const sl_several *several, sl_status status, const char *part)
{
    assert_null(sl_evaluate_several(ctx, several));
    assert_int_equal(sl_error(ctx), status);
    if (!strstr(sl_message(ctx), part))
        fail_msg("'%s', wants '%s'", sl_message(ctx), part);
    sl_clear(ctx);
}

static void what_has_no_average(void **unused)
{
    (void)unused;
    sl_ctx *owner[4], *ctx = engine_ctx(1);
    const char *const good[] = { "good", "bad" }, *const news[] = { "sports", "world" };
    const sl_model *models[2] = { average_model(1, &owner[0], 2, good), NULL };
    const char *const names[] = { "runs/a", "runs/b" };
    sl_data *two = average_data(ctx, 2, 120);
    const sl_data *data[2] = { two, two };
    const sl_several several = { models, data, names, 2 };
    models[1] = average_model(1, &owner[1], 2, news);
    average_refused(
        ctx, &several, SL_EINVAL,
        "runs/a and runs/b tell other classes apart, so their answers have no average: 'good', 'bad', "
        "and 'sports', 'world'");
    models[1] = average_model(1, &owner[2], 0, NULL);
    average_refused(ctx, &several, SL_EINVAL,
                    "runs/a tells classes apart, and the answers of runs/b are numbers");
    models[1] = average_model(2, &owner[3], 2, good);
    data[1] = average_data(ctx, 2, 119);
    average_refused(ctx, &several, SL_ESHAPE, "the data for runs/a are 120 rows, those for runs/b are 119");
    size_t *order = sl_alloc_array(ctx, 120, sizeof *order);
    for (size_t i = 0; i < 120; i++)
        order[i] = i < 2 ? 1 - i : i;
    data[1] = sl_data_view(two, order, 120, "train");
    average_refused(ctx, &several, SL_EINVAL,
                    "row 0 of the data for runs/a is row 0 of where they come from");
    average_refused(ctx, &(sl_several){ .models = models, .data = data }, SL_EINVAL,
                    "wants at least one model");
    for (int i = 0; i < 4; i++)
        sl_ctx_free(owner[i]);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_a_plain_loops),
        cmocka_unit_test(classes_go_by_name),
        cmocka_unit_test(what_has_no_average),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
