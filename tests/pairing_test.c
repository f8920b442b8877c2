/* Which loss goes with which net and which data, before step 1 (S61, S65); what is reported and kept of a
 * loss with options. */
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
        { "1", "half_squared",
          "wants what tanh gives: let the last layer end in tanh, or take binary_cross_entropy, which wants "
          "none" },
        { "1 sigmoid", "half_squared", "ends in sigmoid, and half_squared wants what tanh gives" },
        { "1 tanh", "half_squared", NULL },
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
        { "1 tanh",
          "half_squared",
          { 0, 1, -1, 0 },
          1,
          "the target of row 2 is -1: half_squared wants 0 to 1" },
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
        { "half_squared", "8 tanh, 1 tanh", "builtin:moons", 0.85 },
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
        { "1 tanh", "half_squared", (sl_real)0.25, 4 },
        { "1 tanh", "half_squared", (sl_real)-0.25, 0 },
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
