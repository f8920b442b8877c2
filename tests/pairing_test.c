/* Which loss goes with which net and which data, before step 1 (S61, S65); weights of rows and of classes;
 * what is reported and kept of a loss with options. */
#include <unistd.h>

#include "engine.h"
#include "model/model.h"
#include "train/measure.h"

/* --- nets --- */

static void S61_S65_a_loss_and_the_last_layer(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *loss, *sentence; /* NULL: they fit */
    } cases[] = {
        { "4 relu, 3 softmax", "cross_entropy",
          "applies it itself: it would be applied twice. Leave the activation of the last layer out, or take "
          "cross_entropy_from_probabilities" },
        { "4 relu, 1 sigmoid", "bce smoothing=0.1", "or take binary_cross_entropy_from_probabilities" },
        { "3", "cross_entropy_from_probabilities",
          "dense_1: the net ends without an activation, and cross_entropy_from_probabilities wants what "
          "softmax "
          "gives: let the last layer end in softmax, or take cross_entropy" },
        { "3 relu", "cross_entropy_from_probabilities",
          "ends in relu, and cross_entropy_from_probabilities wants" },
        { "1", "binary_cross_entropy_from_probabilities",
          "let the last layer end in sigmoid, or take binary_cross" },
        { "1 tanh", "binary_cross_entropy_from_probabilities", "ends in tanh" },
        { "3", "nll", "wants what log_softmax gives" },
        { "3 softmax", "nll",
          "the net ends in softmax, and negative_log_likelihood wants what log_softmax gives" },
        { "1", "ce", "the net ends in 1 unit, and cross_entropy wants at least 2" },
        { "1 softmax", "cross_entropy_from_probabilities", "wants at least 2" },
        { "1", "kl", "wants at least 2" },
        { "3 softmax", "kl", "kl applies it itself" },
        { "2 relu", "poisson", "poisson wants logits, which have no bounds" },
        { "1 tanh", "hinge", "hinge wants logits" },
        { "1 sigmoid", "perceptron", "perceptron wants logits" },
        { "1", "accuracy", "its gradient is 0" }, /* S61: the 0/1 error has no slope to follow */
        { "3 softmax", "cross_entropy_from_probabilities", NULL },
        { "1 sigmoid", "binary_cross_entropy_from_probabilities", NULL },
        { "1", "hinge", NULL },
        { "1", "perceptron", NULL },
        { "2", "poisson reduction=sum", NULL },
        { "1", "mae", NULL }, /* S61: allowed, and its note says what to mind */
        { "1 tanh", "huber delta=0.5", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, cases[i].net);
        assert_fine(ctx);
        const sl_status status = sl_compile(model, .loss = cases[i].loss);
        if ((status == SL_OK) != !cases[i].sentence)
            fail_msg("%s, %s: '%s'", cases[i].net, cases[i].loss, sl_message(ctx));
        if (cases[i].sentence)
            assert_says(ctx, SL_EINVAL, cases[i].sentence);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    assert_non_null(strstr(sl_loss_find(ctx, "mae", NULL)->note, "jumps at 0"));
    assert_null(sl_loss_find(ctx, "huber", NULL)->note);
    sl_ctx_free(ctx);
}

/* --- data --- */

static sl_data *pairing_data(sl_ctx *ctx, int rows, int outputs, const sl_real *y)
{
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, 1), NULL);
    for (int i = 0; i < rows; i++)
        sl_values(x)[i] = (sl_real)(i % 7) / 7;
    sl_data *data =
        sl_data_from(ctx, x, sl_tensor_new(ctx, outputs ? sl_dims(rows, outputs) : sl_dims(rows), y));
    assert_fine(ctx);
    return data;
}

static void S65_a_loss_and_the_targets(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *loss;
        sl_real y[4];
        int outputs; /* of a target row; 0: y is [rows] */
        const char *sentence;
    } cases[] = {
        { "1",
          "poisson",
          { 0, 3, -1, 2 },
          1,
          "the target of row 2 is -1: poisson wants counts, which are never" },
        { "2",
          "kl",
          { 0.5, 0.5, 0.5, 0.25 },
          2,
          "the targets of row 1 add up to 0.75: kl wants a distribution" },
        { "2", "kl", { 0.5, 0.5, 1.5, -0.5 }, 2, "a target of row 1 is -0.5: kl wants probabilities" },
        { "2", "kl", { 0, 1, 1, 0 }, 0, "one target a row: kl wants 2, a probability for each class" },
        { "1",
          "hinge",
          { 0, 1, 2, 0 },
          0,
          "the target of row 2 is 2: hinge wants a whole number from 0 to 1" },
        { "1", "perceptron", { 0, 1, 0.5, 0 }, 1, "the target of row 2 is 0.5: perceptron wants 0 or 1" },
        { "1 sigmoid", "binary_cross_entropy_from_probabilities", { 0, 1, 3, 0 }, 1, "row 2 is 3" },
        { "1 sigmoid", "huber", { 0, 1, 3, 0 }, 1, "row 2 is 3, and the last layer's sigmoid gives 0 to 1" },
        { "2 softmax", "cross_entropy_from_probabilities", { 0, 1, 2, 0 }, 0, "from 0 to 1" },
        { "1", "hinge", { 0, 1, 1, 0 }, 0, NULL },
        { "2", "kl", { (sl_real)0.3333, (sl_real)0.6666, 1, 0 }, 2, NULL }, /* tables have few digits */
        { "1", "poisson", { 0, 3, 1, 2 }, 1, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        const int rows = cases[i].outputs == 2 ? 2 : 4;
        sl_data *data = pairing_data(ctx, rows, cases[i].outputs, cases[i].y);
        sl_model *model = sl_model_parse(ctx, cases[i].net);
        sl_compile(model, .loss = cases[i].loss);
        assert_fine(ctx);
        sl_report *report = sl_fit(model, data, .epochs = 1);
        if (!cases[i].sentence)
            assert_fine(ctx);
        if (!report != !!cases[i].sentence)
            fail_msg("case %zu, %s: '%s'", i, cases[i].loss, sl_message(ctx));
        if (cases[i].sentence)
            assert_says(ctx, SL_EINVAL, cases[i].sentence);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    static const char *const three[][3] = {
        { "1", "hinge", "the output has 1 unit, which tells two apart: end the" },
        { "1", "perceptron", "perceptron tells two apart: take cross_entropy" },
        { "1", "mae", "their numbers are names, not amounts" },
        { "1", "poisson", "their numbers are names, not amounts" }
    };
    const sl_data *digits = sl_data_open(ctx, "builtin:digits?rows=20", NULL);
    assert_fine(ctx);
    for (size_t i = 0; i < 4; i++) {
        sl_model *model = sl_model_parse(ctx, three[i][0]);
        sl_compile(model, .loss = three[i][1]);
        assert_null(sl_fit(model, digits, .epochs = 1));
        assert_says(ctx, SL_EINVAL, three[i][2]);
    }
    sl_ctx_free(ctx);
}

/* --- training with each, and what is reported and kept --- */

static void every_loss_learns(void **unused)
{
    (void)unused;
    static const struct {
        const char *loss, *net, *data;
        double most; /* of the last epoch's loss over the first's */
    } cases[] = {
        { "huber delta=0.5", "8 tanh, 1", "builtin:line", 0.5 },
        { "mae", "8 tanh, 1", "builtin:line", 0.5 },
        { "quantile 0.9", "8 tanh, 1", "builtin:line", 0.5 },
        { "hinge", "8 tanh, 1", "builtin:moons", 0.85 },
        { "perceptron", "8 tanh, 1", "builtin:moons", 0.85 },
        { "bce smoothing=0.05", "8 tanh, 1", "builtin:moons", 0.85 },
        { "binary_cross_entropy_from_probabilities", "8 tanh, 1 sigmoid", "builtin:moons", 0.85 },
        { "cross_entropy_from_probabilities", "8 tanh, 2 softmax", "builtin:moons", 0.85 },
        { "hinge reduction=sum", "8 tanh, 2", "builtin:moons", 0.85 },
        { "ce smoothing=0.05", "8 tanh, 2", "builtin:moons", 0.85 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        const sl_data *data = sl_data_open(ctx, cases[i].data, NULL);
        sl_model *model = sl_model_parse(ctx, cases[i].net);
        sl_compile(model, .loss = cases[i].loss, .optimizer = sl_adam(.lr = (sl_real)0.02));
        sl_report *report = sl_fit(model, data, .epochs = 40);
        assert_fine(ctx);
        const double ratio = sl_report_last(report, "train_loss") / sl_report_at(report, 0, "train_loss");
        if (!(ratio < cases[i].most))
            fail_msg("%s: the loss is still %g of what it was", cases[i].loss, ratio);
        sl_ctx_free(ctx);
    }
}

/* Counts with rate e^(1 + 2 x): poisson finds 1 and 2, and predictions are rates, against which errors are
 * taken. */
static void poisson_predicts_rates(void **unused)
{
    (void)unused;
    enum { ROWS = 70 };
    sl_ctx *ctx = engine_ctx(1);
    sl_real y[ROWS];
    for (int i = 0; i < ROWS; i++)
        y[i] = (sl_real)exp(1 + 2 * (double)(i % 7) / 7);
    sl_data *data = pairing_data(ctx, ROWS, 1, y);
    sl_model *model = sl_model_parse(ctx, "1");
    sl_compile(model, .loss = "poisson", .optimizer = sl_adam(.lr = (sl_real)0.05));
    const sl_report *history = sl_fit(model, data, .epochs = 300, .batch = 70, .validation_fraction = -1);
    assert_fine(ctx);
    assert_near(sl_values(sl_model_param(model, 0))[0], 2, 1e-2);
    assert_near(sl_values(sl_model_param(model, 1))[0], 1, 1e-2);
    const sl_tensor *rates = sl_predict_data(ctx, model, data, 0, ROWS);
    double squares = 0;
    for (int i = 0; i < ROWS; i++) {
        assert_near(rates->v[i], y[i], 1e-2);
        squares += pow((double)rates->v[i] - (double)y[i], 2) / ROWS;
    }
    const sl_report *now = sl_evaluate(ctx, model, data);
    assert_near(sl_report_last(now, "rmse"), sqrt(squares), 1e-6);
    const double kept = sl_report_at(history, sl_report_best(history), "train_rmse");
    assert_near(kept, sqrt(squares), 1e-6);
    sl_ctx_free(ctx);
}

/* step(0) = 1: with all weights 0 a perceptron says class 1 to everything, in predictions as in the confusion
 * matrix; a logit of 0 is not above a half, and a probability is compared with a half.               */
static void a_cut_belongs_to_its_loss(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *loss;
        sl_real bias;
        size_t ones; /* of four rows */
    } cases[] = {
        { "1", "perceptron", 0, 4 },
        { "1", "perceptron", (sl_real)-0.25, 0 },
        { "1", "bce", 0, 0 },
        { "1", "hinge", (sl_real)0.25, 4 },
        { "1 sigmoid", "binary_cross_entropy_from_probabilities", (sl_real)0.25, 4 },
        { "1 sigmoid", "binary_cross_entropy_from_probabilities", (sl_real)-0.25, 0 },
    };
    static const sl_real y[] = { 0, 1, 1, 0 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *data = pairing_data(ctx, 4, 1, y);
        sl_model *model = sl_model_parse(ctx, cases[i].net);
        sl_compile(model, .loss = cases[i].loss);
        sl_fit(model, data, .steps = 1, .validation_fraction = -1);
        assert_fine(ctx);
        sl_values(sl_model_param(model, 0))[0] = 0;
        sl_values(sl_model_param(model, 1))[0] = cases[i].bias;
        const sl_report *report = sl_evaluate(ctx, model, data);
        const sl_tensor *p = sl_predict_data(ctx, model, data, 0, 4);
        assert_fine(ctx);
        assert_int_equal(sl_report_confusion(report, 0, 1) + sl_report_confusion(report, 1, 1),
                         cases[i].ones);
        assert_int_equal(sl_shape_of(p).dim[1], 2);
        for (int row = 0; row < 4; row++) {
            assert_near(p->v[2 * row] + p->v[2 * row + 1], 1, 1e-7);
            assert_true((p->v[2 * row + 1] > p->v[2 * row]) == (cases[i].ones == 4));
        }
        sl_ctx_free(ctx);
    }
}

/* Reported losses are means over rows and outputs, whatever is summed in training. */
static void reported_losses_are_means(void **unused)
{
    (void)unused;
    static const sl_real y[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = pairing_data(ctx, 4, 2, y);
    sl_model *model = sl_model_parse(ctx, "2");
    double losses[2];
    for (int sum = 0; sum < 2; sum++) {
        sl_compile(model, .loss = sum ? "mse sum" : "mse", .optimizer = sl_sgd(.lr = (sl_real)1e-30));
        sl_report *report = sl_fit(model, data, .epochs = 1, .validation_fraction = -1);
        assert_fine(ctx);
        losses[sum] = sl_report_last(report, "train_loss");
        assert_string_equal(sl_model_loss(model), sum ? "mean_squared reduction=sum" : "mean_squared");
    }
    assert_true(losses[0] == losses[1]);
    double by_hand = 0; /* weights are xavier's: small, so nearly the mean of y^2 */
    const sl_tensor *p = sl_predict_data(ctx, model, data, 0, 4);
    for (int i = 0; i < 8; i++)
        by_hand += pow((double)p->v[i] - (double)y[i], 2) / 8;
    assert_near(losses[0], by_hand, 1e-5);
    sl_ctx_free(ctx);
}

static void a_model_file_keeps_the_options(void **unused)
{
    (void)unused;
    const char *path = "pairing_test.safetensors";
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "input 2, 3 relu, 1");
    sl_compile(model, .loss = "huber delta=0.1 reduction=sum");
    sl_model_save(model, path);
    sl_model *loaded = sl_model_load(ctx, path);
    unlink(path);
    assert_fine(ctx);
    assert_string_equal(sl_model_loss(loaded), "huber delta=0.1 reduction=sum");
    assert_true(loaded->loss_values.number == (sl_real)0.1 && loaded->loss_values.sum);
    sl_ctx_free(ctx);
}

/* --- weights --- */

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
    sl_data *data = pairing_data(ctx, ROWS, 1, y), *part = NULL, *rest = NULL;
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
    sl_data *data = pairing_data(ctx, 5, 1, y);
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

static void bad_row_weights_are_refused(void **unused)
{
    (void)unused;
    static const sl_real y[] = { 1, 2, 3 }, minus[] = { 1, -1, 1 }, none[3] = { 0 };
    const sl_real endless[] = { 1, 1, (sl_real)INFINITY };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = pairing_data(ctx, 3, 1, y);
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
        { "dgo=4", { 0 }, "class weights: unknown class 'dgo': there are cat, dog, owl" },
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
        cmocka_unit_test(S61_S65_a_loss_and_the_last_layer),
        cmocka_unit_test(S65_a_loss_and_the_targets),
        cmocka_unit_test(every_loss_learns),
        cmocka_unit_test(poisson_predicts_rates),
        cmocka_unit_test(a_cut_belongs_to_its_loss),
        cmocka_unit_test(reported_losses_are_means),
        cmocka_unit_test(a_model_file_keeps_the_options),
        cmocka_unit_test(row_weights_go_with_their_rows),
        cmocka_unit_test(evaluation_weighs_rows),
        cmocka_unit_test(bad_row_weights_are_refused),
        cmocka_unit_test(class_weights_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
