/* Weights of rows and of classes: how they are given, kept by views, read from text, and counted. */
#include "engine.h"
#include "model/model.h"
#include "train/measure.h"

static sl_data *weights_data(sl_ctx *ctx, int rows, int outputs, const sl_real *y)
{
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, 1), NULL);
    for (int i = 0; i < rows; i++)
        sl_values(x)[i] = (sl_real)(i % 7) / 7;
    sl_data *data =
        sl_data_from(ctx, x, sl_tensor_new(ctx, outputs ? sl_dims(rows, outputs) : sl_dims(rows), y));
    assert_fine(ctx);
    return data;
}

static void row_weights_go_with_their_rows(void **unused)
{
    (void)unused;
    enum { ROWS = 60 };
    sl_ctx *ctx = engine_ctx(3);
    sl_real y[ROWS], w[ROWS];
    for (int i = 0; i < ROWS; i++) {
        y[i] = (sl_real)i; /* tells the row */
        w[i] = (sl_real)i / 2;
    }
    sl_data *data = weights_data(ctx, ROWS, 1, y), *part = NULL, *rest = NULL;
    const uint64_t without = sl_data_digest(data);
    assert_int_equal(sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(ROWS), w)), SL_OK);
    const uint64_t with = sl_data_digest(data);
    assert_true(with != without);
    w[7] += 1;
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(ROWS), w));
    assert_true(sl_data_digest(data) != with);
    w[7] -= 1;
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(ROWS), w));
    sl_data_split(data, 0.25, &part, &rest);
    assert_fine(ctx);
    sl_data *parts[] = { data, part, rest };
    for (int p = 0; p < 3; p++)
        for (size_t i = 0; i < sl_data_rows(parts[p]); i++) {
            sl_real target, weight;
            sl_data_row(parts[p], i, NULL, &target);
            sl_data_gather_weights(parts[p], &i, 1, &weight);
            assert_true(weight == target / 2);
        }
    sl_ctx_free(ctx);
}

/* The evaluated loss is 1/n sum_i w_i l_i; metrics count rows. */
static void evaluation_weighs_rows(void **unused)
{
    (void)unused;
    static const sl_real y[] = { 1, 2, 3, 4, 5 }, w[] = { 0, 1, 0.5, 2, 4 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = weights_data(ctx, 5, 1, y);
    sl_model *model = sl_model_parse(ctx, "1");
    sl_compile(model, .loss = "mse", .optimizer = sl_sgd(.lr = (sl_real)1e-30));
    sl_fit(model, data, .epochs = 1, .validation_fraction = -1);
    const double rmse = sl_report_last(sl_evaluate(ctx, model, data), "rmse");
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(5), w));
    const sl_report *report = sl_evaluate(ctx, model, data);
    const sl_tensor *p = sl_predict_data(ctx, model, data, 0, 5);
    assert_fine(ctx);
    double by_hand = 0;
    for (int i = 0; i < 5; i++)
        by_hand += (double)w[i] * pow((double)p->v[i] - (double)y[i], 2) / 5;
    assert_near(sl_report_last(report, "loss"), by_hand, 1e-6);
    assert_true(sl_report_last(report, "rmse") == rmse);
    sl_data_set_weights(data, NULL);
    assert_near(sl_report_last(sl_evaluate(ctx, model, data), "loss"), rmse * rmse, 1e-6);
    sl_ctx_free(ctx);
}

/* A row that does not count, whatever is in it: as if it were another, harmless one. */
static void a_weight_of_0_hides_an_infinite_loss(void **unused)
{
    (void)unused;
    static const sl_real far[] = { 1000, 1, 2, (sl_real)0.5 }, near[] = { 0, 1, 2, (sl_real)0.5 },
                         y[] = { 1, 1, 1, 1 }, w[] = { 0, 1, 1, 2 };
    double loss[2], kept[2];
    for (int i = 0; i < 2; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(4, 1), i ? far : near),
                                     sl_tensor_new(ctx, sl_dims(4, 1), y));
        sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(4), w));
        sl_model *model = sl_model_parse(ctx, "input 1, 1 init=constant:1");
        sl_compile(model, .loss = "poisson", .optimizer = sl_sgd(.lr = (sl_real)0.1));
        loss[i] = sl_report_last(sl_evaluate(ctx, model, data), "loss");
        sl_fit(model, data, .epochs = 1, .batch = -1, .sampling = "order", .validation_fraction = -1);
        assert_fine(ctx);
        kept[i] = (double)sl_values(sl_model_param(model, 0))[0];
        sl_ctx_free(ctx);
    }
    assert_near(loss[0], (2 * (exp(0.5) - 0.5) + exp(1) - 1 + exp(2) - 2) / 4, 1e-5);
    assert_true(loss[1] == loss[0] && kept[1] == kept[0]);
}

/* What always answering the mean gives: of several outputs each has a mean of its own. */
static void the_baseline_of_each_output_is_its_mean(void **unused)
{
    (void)unused;
    static const sl_real y[] = { 0, 100, 1, 101, 2, 102, 3, 103 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = weights_data(ctx, 4, 2, y);
    sl_model *model = sl_model_parse(ctx, "input 1, 2");
    sl_compile(model, .loss = "mse");
    assert_near(sl_report_last(sl_evaluate(ctx, model, data), "mean_rmse"), sqrt(1.25), 1e-12);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void bad_row_weights_are_refused(void **unused)
{
    (void)unused;
    static const sl_real y[] = { 1, 2, 3 }, minus[] = { 1, -1, 1 }, none[3] = { 0 };
    const sl_real endless[] = { 1, 1, (sl_real)INFINITY };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = weights_data(ctx, 3, 1, y);
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(3), minus));
    assert_says(ctx, SL_EINVAL, "the weight of row 1 is -1: wants a finite number of at least 0");
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(3), endless));
    assert_says(ctx, SL_EINVAL, "the weight of row 2 is inf");
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(3), none));
    assert_says(ctx, SL_EINVAL, "all 3 weights are 0");
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(2), minus));
    assert_says(ctx, SL_ESHAPE, "the weights have shape [2]: wants [3], one a row");
    assert_null(data->weights);
    sl_ctx_free(ctx);
}

/* Four rows of class 0, one of 1, three of 2. */
static sl_data *three_classes(sl_ctx *ctx)
{
    static const char *const names[] = { "cat", "dog", "owl" };
    static const sl_real y[] = { 0, 2, 0, 1, 2, 0, 2, 0 };
    const sl_data_plan plan = { .source = "animals",
                                .part = "all",
                                .shape = { 1, { 1 } },
                                .rows = 8,
                                .outputs = 1,
                                .classes = 3,
                                .class_names = names };
    sl_data *data = sl_data_new(ctx, &plan);
    assert_non_null(data);
    memcpy(data->store->targets, y, sizeof y);
    return data;
}

static void class_weights_are_read(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        double weights[3];
        const char *sentence;
    } cases[] = {
        { "balanced", { 8.0 / 12, 8.0 / 3, 8.0 / 9 }, NULL },
        { "2,1,1", { 2, 1, 1 }, NULL },
        { " 0.5 , 0 , 3 ", { 0.5, 0, 3 }, NULL },
        { "dog=4", { 1, 4, 1 }, NULL },
        { "owl=0, cat=0.25", { 0.25, 1, 0 }, NULL },
        { "2,1", { 0 }, "'2,1' has 2 numbers: there are 3 classes" },
        { "2,1,1,1", { 0 }, "has 4 numbers: there are 3 classes" },
        { "dgo=4", { 0 }, "class weights: unknown class 'dgo': did you mean 'dog'? There are cat, dog, owl" },
        { "dog=4,dog=2", { 0 }, "class dog is given twice" },
        { "dog=-4", { 0 }, "'-4' for class dog: wants a finite number of at least 0" },
        { "1,x,1", { 0 }, "'x' for class 1: wants a finite number" },
        { "1,1,inf", { 0 }, "'inf' for class 2" },
        { "0,0,0", { 0 }, "all are 0" },
        { "1,dog=2,1", { 0 }, "either each with its class" },
    };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = three_classes(ctx);
    sl_real w[3];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sl_status status = sl_class_weights(ctx, data, 3, cases[i].text, w);
        if ((status == SL_OK) != !cases[i].sentence)
            fail_msg("'%s': '%s'", cases[i].text, sl_message(ctx));
        if (cases[i].sentence)
            assert_says(ctx, SL_EINVAL, cases[i].sentence);
        for (int c = 0; c < 3 && !cases[i].sentence; c++)
            assert_near(w[c], cases[i].weights[c], 1e-7);
    }
    sl_class_weights(ctx, data, 0, "balanced", w);
    assert_says(ctx, SL_EINVAL, "the target is a number, so there are no classes");
    sl_class_weights(ctx, data, 3, "balanced", w);
    static const size_t rows[] = { 3, 0, 7, 1 };
    static const sl_real targets[] = { 1, 0, 0, 2 }, own[] = { 1, 1, 1, 3, 1, 1, 1, 0 };
    sl_real all[4];
    sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(8), own));
    sl_row_weights(data, rows, 4, w, targets, all);
    assert_near(all[0], 8, 1e-6); /* 3 of its own, 8/3 of its class */
    assert_near(all[1], 2.0 / 3, 1e-6);
    assert_true(all[2] == 0);
    assert_near(all[3], 8.0 / 9, 1e-6);
    sl_row_weights(data, rows, 4, NULL, NULL, all);
    assert_true(all[0] == 3 && all[1] == 1 && all[2] == 0);
    memset(data->store->targets, 0, 8 * sizeof *data->store->targets);
    sl_class_weights(ctx, data, 3, "balanced", w);
    assert_says(ctx, SL_EINVAL, "the training rows have none of class dog");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_weights_go_with_their_rows),
        cmocka_unit_test(evaluation_weighs_rows),
        cmocka_unit_test(a_weight_of_0_hides_an_infinite_loss),
        cmocka_unit_test(the_baseline_of_each_output_is_its_mean),
        cmocka_unit_test(bad_row_weights_are_refused),
        cmocka_unit_test(class_weights_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
