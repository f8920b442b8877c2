/* Bounds around predictions: how they are corrected, what share of new targets they hold. Runs in both
 * builds. */
#include "engine.h"
#include "model/model.h"
#include "train/trainer.h"

/* --- data --- */

/* y = x + noise that grows with |x|, normal by twelve uniform numbers. */
static sl_data *interval_data(sl_ctx *ctx, int rows, uint64_t seed, bool positive)
{
    uint64_t state = seed * 2654435761u + 99;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, 1), NULL),
              *y = sl_tensor_new(ctx, sl_dims(rows, 1), NULL);
    for (int i = 0; i < rows; i++) {
        double noise = -6;
        for (int k = 0; k < 12; k++)
            noise += engine_uniform(&state, 0, 1);
        const double at = engine_uniform(&state, -2, 2), value = at + (0.1 + 0.5 * fabs(at)) * noise;
        sl_values(x)[i] = (sl_real)at;
        sl_values(y)[i] = (sl_real)(positive ? exp(value) : value);
    }
    sl_data *data = sl_data_from(ctx, x, y);
    assert_fine(ctx);
    return data;
}

static sl_model *interval_model(sl_ctx *ctx, const char *net, const char *loss)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = loss, .optimizer = sl_adam(.lr = (sl_real)0.005));
    assert_fine(ctx);
    return model;
}

/* --- the correction by hand --- */

static void the_place_of_the_quantile(void **unused)
{
    (void)unused;
    static const struct {
        size_t rows;
        double coverage;
        size_t place;
    } cases[] = {
        { 9, 90, 9 },   { 9, 80, 8 },    { 9, 50, 5 },       { 9, 95, 10 }, /* there is no tenth */
        { 9, 81, 9 },   { 10, 90, 10 },  { 11, 90, 11 },     { 19, 95, 19 },
        { 99, 99, 99 }, { 100, 90, 91 }, { 999, 99.9, 999 }, { 249, 64.4, 161 }
    }; /* 250 times 64.4 is no more than 16,100 */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(sl_conformal_place(cases[i].rows, cases[i].coverage), cases[i].place);
}

/* A net whose bounds are -1 and 1 everywhere, and nine validation rows. The misses of these targets, outside
 * of
 * [-1, 1] by so much, in order: -1 -0.8 -0.5 -0.1 0.2 0.5 1 2 3. */
static void nine_rows_by_hand(void **unused)
{
    (void)unused;
    static const double targets[] = { 0, 0.5, 1.2, -1.5, 3, -4, 2, 0.9, -0.2 };
    static const struct {
        const char *loss;
        double low, high, correction;
        int inside;
    } cases[] = {
        { "interval 80", -1, 1, 2, 8 },     { "interval 80", 1, -1, 2, 8 }, /* crossing: sorted */
        { "interval", -1, 1, 3, 9 },        { "interval 50", -1, 1, 0.2, 5 },
        { "interval 60", -1, 1, 0.5, 6 },   { "interval 99.9", -1, 1, 3, 9 }, /* no tenth: the last */
        { "interval 50", -10, 10, -7.8, 0 }
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = interval_model(ctx, "input 1, 3", cases[c].loss);
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(9, 1), NULL), *y = sl_tensor_new(ctx, sl_dims(9, 1), NULL);
        for (int i = 0; i < 9; i++)
            sl_values(y)[i] = (sl_real)targets[i];
        sl_data *data = sl_data_from(ctx, x, y);
        const sl_fit_options options = { .epochs = 1, .validation = data };
        sl_trainer *trainer = sl_trainer_new(model, data, &options);
        assert_fine(ctx);
        sl_fill(ctx->isa, sl_values(sl_model_param(model, 0)), 0, 3);
        sl_real *bias = sl_values(sl_model_param(model, 1));
        bias[0] = 0;
        bias[1] = (sl_real)cases[c].low;
        bias[2] = (sl_real)cases[c].high;
        sl_trainer_correct(trainer);
        assert_fine(ctx);
        double correction;
        size_t rows;
        sl_model_interval(model, &correction, &rows);
        assert_int_equal(rows, 9);
        if (c == 6) { /* misses of -10, 10: -10 -9.8 -9.5 -9.1 -8.8 ... */
            assert_near(correction, -8.8, engine_tolerance(1e-6, 1e-14));
        } else {
            assert_near(correction, cases[c].correction, engine_tolerance(1e-6, 1e-14));
            const sl_tensor *predicted = sl_predict_data(ctx, model, data, 0, 1);
            const sl_real *p = sl_values((sl_tensor *)(uintptr_t)predicted);
            assert_near(p[1], -1 - cases[c].correction, engine_tolerance(1e-6, 1e-14));
            assert_near(p[2], 1 + cases[c].correction, engine_tolerance(1e-6, 1e-14));
        }
        sl_trainer_free(trainer);
        sl_ctx_free(ctx);
    }
}

/* Moved in by more than they are apart, bounds meet in the middle. */
static void bounds_never_cross(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = interval_model(ctx, "input 1, 3", "interval");
    model->correction = -2;
    sl_real y[] = { 7, 1, 3, 7, 5, -1 };
    sl_target_bounds(model, y, 2);
    static const sl_real wanted[] = { 7, 2, 2, 7, 1, 3 };
    assert_bits(y, wanted, 6);
    sl_ctx_free(ctx);
}

/* --- coverage --- */

/* On rows that nobody saw, whether the net has learned well or hardly at all; for a plain count of
 * predictions. */
static double interval_coverage(uint64_t seed, const char *loss, const char *way, int epochs, double *before)
{
    enum { TEST = 3000 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed });
    const bool logs = way && !strcmp(way, "log");
    sl_model *model = interval_model(ctx, "24 tanh, 3", loss);
    sl_data *test = interval_data(ctx, TEST, seed + 300, logs);
    sl_data *validation = interval_data(ctx, 1000, seed + 200, logs);
    const sl_report *history = sl_fit(model, interval_data(ctx, 1500, seed + 100, logs), .epochs = epochs,
                                      .validation = validation, .target_scale = way);
    assert_fine(ctx);
    assert_near(sl_report_at(sl_evaluate(ctx, model, validation), 0, "rmse"),
                sl_report_at(history, sl_report_best(history), "validation_rmse"), 1e-9);
    const sl_report *report = sl_evaluate(ctx, model, test);
    const sl_tensor *predicted = sl_predict_data(ctx, model, test, 0, TEST);
    assert_fine(ctx);
    const sl_real *p = sl_values((sl_tensor *)(uintptr_t)predicted);
    double inside = 0, width = 0, squares = 0;
    for (size_t i = 0; i < TEST; i++, p += 3) {
        sl_real y;
        sl_data_row(test, i, NULL, &y);
        assert_true(p[1] <= p[2] && (!logs || p[1] > 0));
        inside += p[1] <= y && y <= p[2];
        width += (double)p[2] - (double)p[1];
        squares += ((double)p[0] - (double)y) * ((double)p[0] - (double)y);
    }
    assert_near(sl_report_at(report, 0, "coverage"), inside / TEST, 1e-12);
    assert_near(sl_report_at(report, 0, "width"), width / TEST, 1e-9 * width);
    assert_near(sl_report_at(report, 0, "rmse"), sqrt(squares / TEST), 1e-9);
    *before = sl_report_at(report, 0, "coverage_uncorrected");
    sl_ctx_free(ctx);
    return inside / TEST;
}

static void ninety_percent_are_ninety_percent(void **unused)
{
    (void)unused;
    double sum = 0, before;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const double inside = interval_coverage(seed, "interval", "standard", 40, &before);
        print_message("[   NOTE   ] seed %d: %.4f, before %.4f\n", (int)seed, inside, before);
        assert_true(inside > 0.87 && inside < 0.93);
        sum += inside;
        assert_true(before > 0.8 && before < 0.97); /* the net itself has learned the quantiles */
    }
    assert_near(sum / 5, 0.9, 0.015);
    const double hardly = interval_coverage(6, "interval", NULL, 1, &before);
    print_message("[   NOTE   ] hardly: %.4f, before %.4f\n", hardly, before);
    assert_true(hardly > 0.87 && hardly < 0.93 && fabs(before - 0.9) > 0.05);
    const double half = interval_coverage(7, "interval 50", "standard", 20, &before);
    assert_true(half > 0.46 && half < 0.54);
    const double logs = interval_coverage(8, "interval 95", "log", 20, &before);
    assert_true(logs > 0.925 && logs < 0.97);
}

/* --- files, refusals --- */

static void bounds_are_in_the_file(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const char *path = ENGINE_DOUBLE ? "interval_test64.tmp" : "interval_test.tmp";
    sl_data *data = interval_data(ctx, 300, 4, false);
    sl_model *model = interval_model(ctx, "8 tanh, 3", "interval 80");
    sl_fit(model, data, .epochs = 5, .target_scale = "standard");
    sl_tensor *predicted = sl_predict_data(ctx, model, data, 0, 300);
    sl_model_save(model, path);
    sl_model *const copies[] = { sl_model_load(ctx, path), sl_model_slice(model, 0, sl_model_layers(model)) };
    for (int i = 0; i < 2; i++) {
        assert_fine(ctx);
        double correction, own;
        size_t rows;
        assert_true(sl_model_interval(copies[i], &correction, &rows) == 80 && rows == 30);
        sl_model_interval(model, &own, NULL);
        assert_true(correction == own && own != 0);
        sl_tensor *again = sl_predict_data(ctx, copies[i], data, 0, 300);
        assert_int_equal(sl_shape_of(again).dim[1], 3);
        assert_bits(sl_values(again), sl_values(predicted), 900);
    }
    remove(path);
    sl_model *plain = interval_model(ctx, "8 tanh, 3", "interval");
    sl_fit(plain, data, .epochs = 2, .validation_fraction = -1);
    double correction;
    size_t rows;
    assert_true(sl_model_interval(plain, &correction, &rows) == 90 && rows == 0 && correction == 0);
    assert_true(sl_model_interval(interval_model(ctx, "1", "mse"), NULL, NULL) == 0);
    sl_ctx_free(ctx);
}

static void what_has_no_bounds_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "4");
    assert_true(sl_compile(model, .loss = "interval") == SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "the net ends in 4 units, and interval wants 3 for each target, in a row");
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(20, 1), NULL), *two = sl_tensor_new(ctx, sl_dims(20, 2), NULL);
    assert_null(sl_fit(interval_model(ctx, "6", "interval"), sl_data_from(ctx, x, two), .epochs = 1));
    assert_says(ctx, SL_ESHAPE, "has 2 targets a row: interval wants one, whose bounds are corrected");
    assert_null(sl_fit(interval_model(ctx, "3", "interval"), sl_data_from(ctx, x, two), .epochs = 1));
    assert_says(ctx, SL_ESHAPE, "has 2 targets a row, the net 3 outputs: interval wants 3 a target");
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    assert_null(sl_interval(tape, two, two, 90));
    assert_says(ctx, SL_ESHAPE, "wants [rows, 3 * targets] and [rows, targets]");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_of_the_quantile), cmocka_unit_test(nine_rows_by_hand),
        cmocka_unit_test(bounds_never_cross),        cmocka_unit_test(ninety_percent_are_ninety_percent),
        cmocka_unit_test(bounds_are_in_the_file),    cmocka_unit_test(what_has_no_bounds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
