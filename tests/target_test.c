/* Targets standardised inside: as if they had been standardised by hand, reported in their own units.
 * Runs in both builds. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <unistd.h>

#include "engine.h"
#include "model/model.h"
#include "train/measure.h"

#define TARGET_FILE "target_test.tmp.safetensors"
enum { TARGET_ROWS = 60, TARGET_MOST = 200 };

/* --- data and plain computations --- */

/* y far from 0 and large, x small: what training without standardising is bad at. */
static void target_numbers(sl_real *x, sl_real *y, int rows, uint64_t seed)
{
    uint64_t state = seed;
    for (int i = 0; i < rows; i++) {
        x[i] = (sl_real)engine_uniform(&state, -1, 1);
        y[i] = (sl_real)(2000 + 300 * (double)x[i] + engine_uniform(&state, -50, 50));
    }
}

static sl_data *target_data(sl_ctx *ctx, int rows, const sl_real *x, const sl_real *y)
{
    sl_data *data =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(rows, 1), x), sl_tensor_new(ctx, sl_dims(rows, 1), y));
    assert_fine(ctx);
    return data;
}

static void target_moments(const sl_real *y, int rows, bool logs, double *mean, double *deviation)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < rows; i++)
        sum += logs ? log((double)y[i]) : (double)y[i];
    *mean = sum / rows;
    for (int i = 0; i < rows; i++) {
        const double off = (logs ? log((double)y[i]) : (double)y[i]) - *mean;
        squares += off * off;
    }
    *deviation = sqrt(squares / rows);
}

static sl_model *target_model(sl_ctx *ctx, const char *net, const char *loss)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = loss, .optimizer = sl_adam(.lr = (sl_real)0.01));
    assert_fine(ctx);
    return model;
}

/* --- as by hand --- */

/* The same weights, bit for bit, and the same losses; validation rows have no part in mean and deviation. */
static void as_by_hand(const char *loss, const char *way)
{
    const bool logs = !strcmp(way, "log");
    sl_real x[TARGET_ROWS], y[TARGET_ROWS], z[TARGET_ROWS], vx[20], vy[20], vz[20];
    double mean, deviation, shift, scale, found[2][4];
    uint64_t digest[2];
    target_numbers(x, y, TARGET_ROWS, 5);
    target_numbers(vx, vy, 20, 6);
    for (int i = 0; i < 20; i++)
        vy[i] *= 3;
    target_moments(y, TARGET_ROWS, logs, &mean, &deviation);
    for (int i = 0; i < TARGET_ROWS; i++)
        z[i] = (sl_real)(((logs ? log((double)y[i]) : (double)y[i]) - mean) / deviation);
    for (int i = 0; i < 20; i++)
        vz[i] = (sl_real)(((logs ? log((double)vy[i]) : (double)vy[i]) - mean) / deviation);
    for (int hand = 0; hand < 2; hand++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = target_model(ctx, "6 tanh, 1", loss);
        sl_report *report =
            sl_fit(model, target_data(ctx, TARGET_ROWS, x, hand ? z : y), .epochs = 6, .batch = 16,
                   .validation = target_data(ctx, 20, vx, hand ? vz : vy), .target_scale = hand ? NULL : way);
        assert_fine(ctx);
        found[hand][0] = sl_report_last(report, "train_loss");
        found[hand][1] = sl_report_last(report, "validation_loss");
        found[hand][2] = sl_report_last(report, "train_rmse");
        found[hand][3] = sl_report_last(report, "validation_rmse");
        digest[hand] = sl_model_digest(model);
        assert_string_equal(sl_model_target_scale(model, &shift, &scale), hand ? "none" : way);
        if (!hand && (fabs(shift - mean) > 1e-12 * fabs(mean) || fabs(scale - deviation) > 1e-10 * deviation))
            fail_msg("mean %.17g, deviation %.17g: wanted %.17g, %.17g", shift, scale, mean, deviation);
        sl_ctx_free(ctx);
    }
    const double rounding = logs ? engine_tolerance(1e-4, 1e-9) : 0; /* libm's log is not ours */
    for (int part = 0; part < 2; part++) {
        if (fabs(found[0][part] - found[1][part]) > rounding * fabs(found[1][part]))
            fail_msg("%s %s: loss %.17g, by hand %.17g", loss, way, found[0][part], found[1][part]);
        if (!logs)
            assert_near(found[0][2 + part], found[1][2 + part] * deviation,
                        engine_tolerance(1e-2, 1e-9)); /* rmse in the target's own units */
    }
    if (!logs)
        assert_true(digest[0] == digest[1]);
}

static void standardised_inside_is_standardised_by_hand(void **unused)
{
    (void)unused;
    as_by_hand("mean_squared", "standard");
    as_by_hand("huber delta=0.5", "standard");
    as_by_hand("quantile 0.9", "standard");
    as_by_hand("mean_squared reduction=sum", "standard");
    as_by_hand("mean_squared", "log");
}

/* Rows that are cut off to validate have no part in mean and deviation. */
static void moments_are_those_of_the_fitted_rows(void **unused)
{
    (void)unused;
    sl_real x[TARGET_ROWS], y[TARGET_ROWS], fitted[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 5);
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = target_data(ctx, TARGET_ROWS, x, y), *cut_off, *rest;
    sl_data_split(data, 0.3, &cut_off, &rest);
    const int rows = (int)sl_data_rows(rest);
    assert_int_equal(rows, 42);
    for (int i = 0; i < rows; i++)
        sl_data_row(rest, (size_t)i, NULL, &fitted[i]);
    sl_model *model = target_model(ctx, "1", "mse");
    sl_fit(model, data, .epochs = 1, .validation_fraction = 0.3, .target_scale = "standard");
    assert_fine(ctx);
    double mean, deviation, shift, scale;
    target_moments(fitted, rows, false, &mean, &deviation);
    sl_model_target_scale(model, &shift, &scale);
    assert_near(shift, mean, 1e-9);
    assert_near(scale, deviation, 1e-9);
    target_moments(y, TARGET_ROWS, false, &mean, &deviation);
    assert_true(fabs(shift - mean) > 1e-3);
    sl_ctx_free(ctx);
}

/* Least squares knows no units: with and without, the same line. */
static void a_line_is_the_same_line(void **unused)
{
    (void)unused;
    sl_real answers[2][TARGET_MOST];
    size_t rows = 0;
    for (int scaled = 0; scaled < 2; scaled++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = sl_data_open(ctx, "builtin:line", NULL);
        sl_model *model = sl_model_parse(ctx, "1");
        sl_compile(model, .loss = "mean_squared", .optimizer = { .rule = "lbfgs" });
        sl_fit(model, data, .epochs = 60, .validation_fraction = -1,
               .target_scale = scaled ? "standard" : NULL);
        assert_fine(ctx);
        rows = sl_data_rows(data);
        assert_true(rows <= TARGET_MOST);
        const sl_tensor *predicted = sl_predict_data(ctx, model, data, 0, rows);
        assert_fine(ctx);
        memcpy(answers[scaled], sl_values((sl_tensor *)(uintptr_t)predicted), rows * sizeof(sl_real));
        sl_ctx_free(ctx);
    }
    for (size_t i = 0; i < rows; i++)
        assert_near(answers[1][i], answers[0][i], 1e-4);
}

/* --- figures, files, going on --- */

static void figures_are_in_the_targets_units(void **unused)
{
    (void)unused;
    sl_real x[TARGET_ROWS], y[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 9);
    static const char *const ways[] = { "standard", "log" };
    for (int way = 0; way < 2; way++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = target_data(ctx, TARGET_ROWS, x, y);
        sl_model *model = target_model(ctx, "6 tanh, 1", "mean_squared");
        sl_fit(model, data, .epochs = 40, .batch = 16, .target_scale = ways[way]);
        sl_tensor *predicted = sl_predict_data(ctx, model, data, 0, TARGET_ROWS);
        sl_report *report = sl_evaluate(ctx, model, data);
        assert_fine(ctx);
        double squares = 0, sizes = 0;
        for (int i = 0; i < TARGET_ROWS; i++) {
            const double error = (double)sl_values(predicted)[i] - (double)y[i];
            squares += error * error;
            sizes += fabs(error);
        }
        assert_near(sl_report_at(report, 0, "rmse"), sqrt(squares / TARGET_ROWS), 1e-9);
        assert_near(sl_report_at(report, 0, "mae"), sizes / TARGET_ROWS, 1e-9);
        assert_true(sl_report_at(report, 0, "rmse") < 60 && sl_report_at(report, 0, "loss") < 1);

        sl_tensor *inputs = sl_tensor_new(ctx, sl_dims(TARGET_ROWS, 1), x);
        sl_model_save(model, TARGET_FILE);
        sl_model *const copies[] = { sl_model_load(ctx, TARGET_FILE),
                                     sl_model_slice(model, 0, sl_model_layers(model)) };
        for (int i = 0; i < 2; i++) {
            assert_fine(ctx);
            const sl_tensor *again = sl_predict(ctx, copies[i], inputs);
            assert_fine(ctx);
            assert_bits(sl_values((sl_tensor *)(uintptr_t)again), sl_values(predicted), TARGET_ROWS);
        }
        sl_ctx_free(ctx);
    }
    remove(TARGET_FILE);
}

/* Overwrites `from` in the file by as many bytes. */
static void target_damage(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *file = fopen(TARGET_FILE, "r+b");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file), length = strlen(from);
    size_t at = 0;
    while (at + length <= size && memcmp(bytes + at, from, length) != 0)
        at++;
    assert_true(at + length <= size && strlen(to) == length);
    fseek(file, (long)at, SEEK_SET);
    fwrite(to, 1, length, file);
    fclose(file);
}

static void a_damaged_scale_is_refused(void **unused)
{
    (void)unused;
    static const char *const damages[][2] = { { "\\\"standard\\\"", "\\\"standar?\\\"" },
                                              { "\\\"deviation\\\": ", "\\\"deviation\\\":-" } };
    sl_real x[TARGET_ROWS], y[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 9);
    for (int i = 0; i < 2; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = target_model(ctx, "1", "mean_squared");
        sl_fit(model, target_data(ctx, TARGET_ROWS, x, y), .epochs = 1, .target_scale = "standard");
        sl_model_save(model, TARGET_FILE);
        assert_fine(ctx);
        target_damage(damages[i][0], damages[i][1]);
        assert_null(sl_model_load(ctx, TARGET_FILE));
        assert_says(ctx, SL_EFORMAT, "how the target is scaled makes no sense");
        sl_ctx_free(ctx);
    }
    remove(TARGET_FILE);
}

static sl_status target_stop(void *user, const sl_progress *progress)
{
    return progress->step == *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

static uint64_t target_sitting(const char *loss, const char *way, size_t stop_at, bool resume,
                               double *correction)
{
    sl_real x[TARGET_ROWS], y[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 5);
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = target_model(ctx, strcmp(loss, "interval") ? "6 tanh, 1" : "6 tanh, 3", loss);
    sl_fit(model, target_data(ctx, TARGET_ROWS, x, y), .epochs = 8, .batch = 16, .checkpoint = TARGET_FILE,
           .resume = resume, .on_step = target_stop, .user = &stop_at, .target_scale = way);
    assert_true(sl_error(ctx) == (stop_at ? SL_ESTOPPED : SL_OK));
    const uint64_t digest = sl_model_digest(model);
    sl_model_interval(model, correction, NULL);
    sl_ctx_free(ctx);
    return digest;
}

static void U18_a_resumed_training_ends_in_the_same_bits(void **unused)
{
    (void)unused;
    static const char *const losses[] = { "mean_squared", "interval" };
    for (int i = 0; i < 2; i++)
        for (size_t stop_at = 3; stop_at < 30; stop_at += 7) {
            double correction, again;
            remove(TARGET_FILE);
            const uint64_t whole = target_sitting(losses[i], "log", 0, false, &correction);
            remove(TARGET_FILE);
            target_sitting(losses[i], "log", stop_at, false, &again);
            assert_true(target_sitting(losses[i], "log", 0, true, &again) == whole);
            assert_true(again == correction && (i == 0 || correction != 0));
            target_sitting(losses[i], "log", 0, true, &again); /* finished: the file alone knows it */
            assert_true(again == correction);
        }
    sl_real x[TARGET_ROWS], y[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 5);
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_fit(target_model(ctx, "6 tanh, 3", "interval"), target_data(ctx, TARGET_ROWS, x, y),
                       .epochs = 8, .batch = 16, .checkpoint = TARGET_FILE, .resume = true,
                       .target_scale = "standard"));
    assert_says(ctx, SL_EINVAL, "made with target scale log, and now it is target scale standard");
    sl_ctx_free(ctx);
    remove(TARGET_FILE);
}

/* --- refused --- */

static void what_cannot_be_standardised_is_refused(void **unused)
{
    (void)unused;
    sl_real x[TARGET_ROWS], y[TARGET_ROWS], zero[TARGET_ROWS], same[TARGET_ROWS], bits[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 5);
    for (int i = 0; i < TARGET_ROWS; i++) {
        zero[i] = i == 7 ? 0 : y[i];
        same[i] = (sl_real)0.1;
        bits[i] = (sl_real)(i % 2);
    }
    const struct {
        const char *net, *loss, *way;
        const sl_real *y;
        const char *sentence;
    } cases[] = {
        { "1", "mse", "standard", same, "all 54 targets that are fitted are 0.1" },
        { "1", "mse", "log", same, "fitted have the logarithm -2.3" },
        { "1", "mse", "log", zero, "the training data: the target of row 7 is 0: its logarithm is learned" },
        { "1", "poisson", "standard", y, "loss poisson wants counts as they are" },
        { "1", "bce", "log", bits, "loss binary_cross_entropy wants probabilities as they are" },
        { "1", "hinge", "log", bits, "loss hinge wants classes as they are" },
        { "1 relu", "mse", "standard", y, "the last layer's relu does not reach them all" },
        { "1 tanh", "mse", "standard", bits, "the last layer's tanh does not reach them all" },
        { "1", "mse", "standart", y, "unknown target scale 'standart': did you mean 'standard'?" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = target_model(ctx, cases[i].net, cases[i].loss);
        assert_null(sl_fit(model, target_data(ctx, TARGET_ROWS, x, cases[i].y), .epochs = 1,
                           .target_scale = cases[i].way));
        assert_says(ctx, SL_EINVAL, cases[i].sentence);
        assert_string_equal(sl_model_target_scale(model, NULL, NULL), "none");
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_data *two =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(30, 1), x), sl_tensor_new(ctx, sl_dims(30, 2), y));
    assert_null(sl_fit(target_model(ctx, "2", "mse"), two, .epochs = 1, .target_scale = "standard"));
    assert_says(ctx, SL_EINVAL, "the training data has 2 targets a row, and one is standardised");
    sl_model *model = target_model(ctx, "1", "mse");
    sl_data *data = target_data(ctx, TARGET_ROWS, x, y);
    assert_non_null(sl_fit(model, data, .epochs = 1, .target_scale = "standard"));
    assert_non_null(sl_fit(model, data, .epochs = 1)); /* goes on as it was */
    assert_string_equal(sl_model_target_scale(model, NULL, NULL), "standard");
    assert_null(sl_fit(model, data, .epochs = 1, .target_scale = "none"));
    assert_says(ctx, SL_EINVAL, "target scale none: the model has learned with standard");
    model = target_model(ctx, "1", "mse");
    assert_non_null(sl_fit(model, data, .epochs = 1, .target_scale = "log"));
    assert_null(sl_evaluate(ctx, model, target_data(ctx, TARGET_ROWS, x, zero)));
    assert_says(ctx, SL_EINVAL, "the data: the target of row 7 is 0");
    sl_ctx_free(ctx);
}

static void a_range_of_step_sizes_leaves_no_trace(void **unused)
{
    (void)unused;
    sl_real x[TARGET_ROWS], y[TARGET_ROWS];
    target_numbers(x, y, TARGET_ROWS, 5);
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = target_model(ctx, "6 tanh, 1", "mse");
    const sl_report *range = sl_lr_range(model, target_data(ctx, TARGET_ROWS, x, y),
                                         &(sl_fit_options){ .target_scale = "standard" }, 0, 0, 40);
    assert_fine(ctx);
    assert_true(sl_report_at(range, 0, "loss") < 100); /* of deviations: else it were millions */
    assert_string_equal(sl_model_target_scale(model, NULL, NULL), "none");
    sl_ctx_free(ctx);
}

static void numbers_of_a_log_are_readable(void **unused)
{
    (void)unused;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 206855.8169, "206,856" },   { 115395.6, "115,396" }, { 0, "0" },       { -1234567.4, "-1,234,567" },
        { 0.031990764, "0.0319908" }, { 999.9999, "1,000" },   { 12.5, "12.5" }, { 1.0 / 3, "0.333333" }
    };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_text text;
        sl_text_init(&text, ctx);
        sl_text_rounded(&text, cases[i].value);
        assert_string_equal(sl_text_string(&text), cases[i].text);
        sl_text_free(&text);
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    char folder[] = "/tmp/target_test.XXXXXX"; /* the double build runs at the same time */
    if (!mkdtemp(folder) || chdir(folder))
        return 99;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standardised_inside_is_standardised_by_hand),
        cmocka_unit_test(moments_are_those_of_the_fitted_rows),
        cmocka_unit_test(a_line_is_the_same_line),
        cmocka_unit_test(figures_are_in_the_targets_units),
        cmocka_unit_test(a_damaged_scale_is_refused),
        cmocka_unit_test(U18_a_resumed_training_ends_in_the_same_bits),
        cmocka_unit_test(what_cannot_be_standardised_is_refused),
        cmocka_unit_test(a_range_of_step_sizes_leaves_no_trace),
        cmocka_unit_test(numbers_of_a_log_are_readable),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return chdir("/") || rmdir(folder) ? 99 : failed;
}
