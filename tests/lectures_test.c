/* lectures_test.c - what the lectures say of nets as a whole: what a line can and cannot do, what a hidden
 * layer can, how training is spoken of. Each test is named after its row in rows.txt. */
#include "core/profile.h"
#include "engine.h"
#include "train/run.h"

#if defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#        define LECTURES_SANITIZED
#    endif
#endif

static sl_tensor *lectures_tensor(sl_ctx *ctx, sl_shape shape, const double *values)
{
    sl_tensor *t = sl_tensor_new(ctx, shape, NULL);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = (sl_real)values[i];
    return t;
}

static sl_model *lectures_model(sl_ctx *ctx, const char *net, const char *loss, sl_optimizer optimizer)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = loss, .optimizer = optimizer);
    return model;
}

/* w = (1, 1), b = -1.5 and a step: AND. */
static void S2_a_step_unit_is_a_gate(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *net = sl_model_parse(ctx, "input 2, 1 step");
    const sl_real table[8] = { 0, 0, 0, 1, 1, 0, 1, 1 }, wanted[4] = { 0, 0, 0, 1 };
    sl_values(sl_model_param(net, 0))[0] = sl_values(sl_model_param(net, 0))[1] = 1;
    sl_values(sl_model_param(net, 1))[0] = (sl_real)-1.5;
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *y = sl_forward(tape, net, sl_tensor_new(ctx, sl_dims(4, 2), table));
    assert_fine(ctx);
    assert_memory_equal(sl_values(y), wanted, sizeof wanted);
    sl_ctx_free(ctx);
}

/* How many epochs of single rows until all four are right; 0: never, in `most`. */
static int lectures_perceptron(const double *targets, int most)
{
    const double table[8] = { 0, 0, 0, 1, 1, 0, 1, 1 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_from(ctx, lectures_tensor(ctx, sl_dims(4, 2), table),
                                 lectures_tensor(ctx, sl_dims(4, 1), targets));
    sl_model *net = sl_sequential(ctx, sl_dense(.units = 1, .init = "zeros"));
    sl_compile(net, .loss = "perceptron", .optimizer = { .rule = "perceptron" });
    sl_report *report = sl_fit(net, data, .epochs = most, .batch = 1);
    assert_fine(ctx);
    int when = 0;
    for (int i = 0; i < sl_report_rows(report) && !when; i++)
        when = sl_report_at(report, i, "train_accuracy") == 1 ? i + 1 : 0;
    sl_ctx_free(ctx);
    return when;
}

static void S3_rosenblatts_rule_learns_what_a_line_can_cut(void **unused)
{
    (void)unused;
    assert_in_range(lectures_perceptron((const double[]){ 0, 0, 0, 1 }, 20), 1, 19);
    assert_in_range(lectures_perceptron((const double[]){ 0, 1, 1, 1 }, 20), 1, 19);
    assert_int_equal(lectures_perceptron((const double[]){ 0, 1, 1, 0 }, 10000), 0);
}

/* The best line through XOR says a half to all: the loss is ln 2. */
static void S4_a_line_answers_a_half_to_xor(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *table = sl_data_open(ctx, "builtin:xor", NULL);
    sl_model *net = lectures_model(ctx, "1", "bce", sl_sgd(.lr = (sl_real)0.5));
    sl_report *report = sl_fit(net, table, .epochs = 2000, .batch = -1);
    assert_fine(ctx);
    assert_true(fabs(sl_report_last(report, "train_loss") - 0.69314718055994531) <
                engine_tolerance(1e-6, 1e-12));
    const sl_real *p = sl_values(sl_predict_data(ctx, net, table, 0, 4));
    for (int i = 0; i < 8; i++)
        assert_true(fabs((double)p[i] - 0.5) < engine_tolerance(1e-4, 1e-6));
    sl_ctx_free(ctx);
}

/* Ten points of our own near y = 1.5 + 0.8 x (the lecture's are lost). */
static const double line_x[10] = { -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5 };
static const double line_y[10] = { 0.1, 0.2, 0.9, 0.9, 1.7, 1.8, 2.2, 2.9, 2.9, 3.7 };

static void S8_a_net_without_hidden_layers_is_linear_regression(void **unused)
{
    (void)unused;
    double sx = 0, sy = 0, sxx = 0, sxy = 0; /* the normal equations */
    for (int i = 0; i < 10; i++) {
        sx += line_x[i];
        sy += line_y[i];
        sxx += line_x[i] * line_x[i];
        sxy += line_x[i] * line_y[i];
    }
    const double slope = (10 * sxy - sx * sy) / (10 * sxx - sx * sx), start = (sy - slope * sx) / 10;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_from(ctx, lectures_tensor(ctx, sl_dims(10, 1), line_x),
                                 lectures_tensor(ctx, sl_dims(10, 1), line_y));
    sl_model *net = lectures_model(ctx, "1", "mse", sl_sgd(.lr = (sl_real)0.1));
    sl_report_free(sl_fit(net, data, .epochs = 500, .batch = -1));
    assert_fine(ctx);
    assert_true(fabs((double)sl_values(sl_model_param(net, 0))[0] - slope) < 1e-3 * slope);
    assert_true(fabs((double)sl_values(sl_model_param(net, 1))[0] - start) < 1e-3 * start);
    sl_ctx_free(ctx);
}

/* Loss and gradient of logistic regression, written out: mean log(1 + e^-sz), mean (p - y) x. */
static void S9_a_sigmoid_behind_a_line_is_logistic_regression(void **unused)
{
    (void)unused;
    enum { ROWS = 7 };
    const double x[ROWS][2] = { { 1, 2 },     { -1, 0.5 }, { 0, 0 }, { 3, -1 },
                                { 0.2, 0.1 }, { -2, -2 },  { 1, -1 } };
    const double y[ROWS] = { 1, 0, 1, 1, 0, 0, 1 }, w[2] = { 0.3, -0.7 }, b = 0.1;
    double loss = 0, gw[2] = { 0 }, gb = 0;
    for (int i = 0; i < ROWS; i++) {
        const double z = w[0] * x[i][0] + w[1] * x[i][1] + b, p = 1 / (1 + exp(-z));
        loss -= (y[i] * log(p) + (1 - y[i]) * log(1 - p)) / ROWS;
        gw[0] += (p - y[i]) * x[i][0] / ROWS;
        gw[1] += (p - y[i]) * x[i][1] / ROWS;
        gb += (p - y[i]) / ROWS;
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_model *net = sl_model_parse(ctx, "input 2, 1");
    sl_tensor *weight = sl_model_param(net, 0), *bias = sl_model_param(net, 1);
    sl_values(weight)[0] = (sl_real)w[0];
    sl_values(weight)[1] = (sl_real)w[1];
    sl_values(bias)[0] = (sl_real)b;
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *is =
        sl_binary_cross_entropy(tape, sl_forward(tape, net, lectures_tensor(ctx, sl_dims(ROWS, 2), &x[0][0])),
                                lectures_tensor(ctx, sl_dims(ROWS, 1), y));
    const double near = engine_tolerance(1e-6, 1e-12);
    assert_true(fabs((double)sl_values(is)[0] - loss) < near);
    sl_backward(tape, is);
    assert_true(fabs((double)sl_gradient(weight)[0] - gw[0]) < near);
    assert_true(fabs((double)sl_gradient(weight)[1] - gw[1]) < near);
    assert_true(fabs((double)sl_gradient(bias)[0] - gb) < near);
    sl_ctx_free(ctx);
}

/* sin on [-pi, pi], a hidden layer of tanh: the largest error, best of five seeds. */
static double lectures_sine(int width)
{
    enum { POINTS = 101 };
    static double x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++) {
        x[i] = -3.14159265358979 + i * 2 * 3.14159265358979 / (POINTS - 1);
        y[i] = sin(x[i]);
    }
    double best = INFINITY;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        char net[32];
        snprintf(net, sizeof net, "%d tanh, 1", width);
        sl_ctx *ctx = engine_ctx(seed);
        sl_data *data = sl_data_from(ctx, lectures_tensor(ctx, sl_dims(POINTS, 1), x),
                                     lectures_tensor(ctx, sl_dims(POINTS, 1), y));
        sl_model *model = lectures_model(ctx, net, "mse", sl_adam(.lr = (sl_real)0.02, .schedule = "cosine"));
        sl_report_free(sl_fit(model, data, .epochs = 20000, .batch = -1, .validation_fraction = -1));
        const sl_real *p = sl_values(sl_predict_data(ctx, model, data, 0, POINTS));
        assert_fine(ctx);
        double worst = 0;
        for (int i = 0; i < POINTS; i++)
            worst = fmax(worst, fabs((double)p[i] - y[i]));
        best = fmin(best, worst);
        sl_ctx_free(ctx);
    }
    return best;
}

static void S12_wider_layers_come_nearer_to_a_sine(void **unused)
{
    (void)unused;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(LECTURES_SANITIZED)
    print_message("half a million steps take minutes under a sanitizer\n");
    skip();
#endif
    double before = INFINITY;
    for (int width = 2; width <= 32; width *= 2) {
        const double error = lectures_sine(width);
        print_message("width %d: largest error %.5f\n", width, error);
        assert_true(error < before);
        before = error;
    }
    assert_true(before < 0.02);
}

/* Six statements from nothing to answers. */
static void S18_S19_xor_in_six_lines(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *xor_table = sl_data_open(ctx, "builtin:xor", NULL);
    sl_model *net = sl_sequential(ctx, sl_dense(.units = 8, .activation = "tanh"), sl_dense(.units = 1));
    sl_compile(net, .loss = "bce", .optimizer = sl_adam(.lr = (sl_real)0.05));
    sl_fit(net, xor_table, .epochs = 500);
    sl_tensor *p = sl_predict_data(ctx, net, xor_table, 0, 4);
    assert_fine(ctx);
    for (int row = 0; row < 4; row++)
        assert_true((sl_values(p)[2 * row + 1] > (sl_real)0.5) == (row == 1 || row == 2));
    assert_int_equal(sl_compile(net, .loss = "nonsense"), SL_EINVAL); /* and it returns */
    sl_ctx_free(ctx);
}

static void S43_one_row_is_a_batch_of_one(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *net = lectures_model(ctx, "input 5, 9 tanh, 3 softmax", "mse", (sl_optimizer){ 0 });
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(6, 5), NULL);
    uint64_t state = 1;
    engine_fill(&state, sl_values(x), 30, -2, 2);
    const sl_tensor *all = sl_predict(ctx, net, x);
    for (size_t i = 0; i < 6; i++) {
        sl_tensor *one = sl_predict(ctx, net, sl_tensor_new(ctx, sl_dims(1, 5), sl_values(x) + 5 * i));
        assert_fine(ctx);
        assert_memory_equal(sl_values(one), sl_values((sl_tensor *)(uintptr_t)all) + 3 * i,
                            3 * sizeof(sl_real));
    }
    sl_ctx_free(ctx);
}

static void S63_the_train_loss_is_that_of_all_rows(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=90&noise=0.2", NULL);
    sl_model *net = lectures_model(ctx, "8 relu, 1", "bce", sl_adam(.lr = (sl_real)0.01));
    sl_report *report = sl_fit(net, data, .epochs = 3, .validation_fraction = -1);
    const sl_report *again = sl_evaluate(ctx, net, data);
    assert_fine(ctx);
    assert_true(sl_report_at(report, sl_report_best(report), "train_loss") == sl_report_last(again, "loss"));
    sl_ctx_free(ctx);
}

/* Operations, not seconds: a backward pass is two products where forward is one. */
static void S73_backward_costs_about_two_forwards(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "input 20, 30 relu, 10 relu, 1", "input 100, 80 relu, 40 relu, 1",
                                        "input 300, 250 relu, 100 relu, 1",
                                        "input 784, 1000 relu, 200 relu, 1" };
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *net = lectures_model(ctx, nets[i], "mse", (sl_optimizer){ 0 });
        const int inputs = sl_model_input(net).dim[0];
        sl_profile *profile = sl_profile_new(ctx);
        sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(32, inputs), NULL),
                                     sl_tensor_new(ctx, sl_dims(32, 1), NULL));
        sl_report_free(
            sl_fit(net, data, .steps = 1, .batch = 32, .validation_fraction = -1, .profile = profile));
        assert_fine(ctx);
        double forward = 0, backward = 0;
        sl_profile_row row;
        for (int r = 0; sl_profile_at(profile, r, &row); r++) {
            forward += strstr(row.name, " forward") ? row.flops : 0;
            backward += strstr(row.name, " backward") ? row.flops : 0;
        }
        print_message("%zu parameters: backward / forward %.2f\n", sl_model_parameters(net),
                      backward / forward);
        assert_true(backward > forward && backward < 4 * forward);
        sl_ctx_free(ctx);
    }
}

static void S98_S100_the_defaults(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *w = sl_param(ctx, sl_dims(1), "zeros");
    assert_true(sl_step_lr(sl_step_new(ctx, (sl_optimizer){ 0 }, &w, 1)) == (sl_real)0.001);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=100", NULL);
    sl_model *net = lectures_model(ctx, "4 relu, 1", "bce", (sl_optimizer){ 0 });
    sl_report *report = sl_fit(net, data, .epochs = 2, .validation_fraction = -1);
    assert_true(sl_report_at(report, 0, "step") == 4); /* 32, 32, 32, 4 */
    sl_ctx_free(ctx);
}

/* One row a step: its gradients scatter about that of all rows, and their mean is it. */
static void S99_S103_one_row_a_step_is_noisy_and_unbiased(void **unused)
{
    (void)unused;
    enum { ROWS = 40 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=40&noise=0.2", NULL);
    sl_model *net = sl_model_parse(ctx, "input 2, 4 tanh, 1");
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *all = sl_tensor_new(ctx, sl_dims(ROWS, 2), NULL),
              *y = sl_tensor_new(ctx, sl_dims(ROWS, 1), NULL);
    for (size_t i = 0; i < ROWS; i++)
        sl_data_row(data, i, sl_values(all) + 2 * i, sl_values(y) + i);
    sl_tensor *weight = sl_model_param(net, 0);
    sl_backward(tape, sl_binary_cross_entropy(tape, sl_forward(tape, net, all), y));
    const double whole = (double)sl_gradient(weight)[0];
    double mean = 0, squares = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (int p = 0; p < sl_model_params(net); p++)
            sl_tensor_clear_gradient(sl_model_param(net, p));
        sl_backward(
            tape, sl_binary_cross_entropy(
                      tape, sl_forward(tape, net, sl_tensor_new(ctx, sl_dims(1, 2), sl_values(all) + 2 * i)),
                      sl_tensor_new(ctx, sl_dims(1, 1), sl_values(y) + i)));
        const double g = (double)sl_gradient(weight)[0];
        mean += g / ROWS;
        squares += g * g / ROWS;
    }
    assert_fine(ctx);
    assert_true(fabs(mean - whole) < engine_tolerance(1e-6, 1e-14));
    assert_true(sqrt(squares - mean * mean) > fabs(whole)); /* the noise is larger than what is meant */
    sl_ctx_free(ctx);
}

static void S127_epochs_and_steps_are_told_apart(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=100", NULL);
    sl_model *net = lectures_model(ctx, "4 relu, 1", "bce", (sl_optimizer){ 0 });
    sl_report *report = sl_fit(net, data, .epochs = 3, .batch = 30, .validation_fraction = -1);
    for (int i = 0; i < 3; i++) {
        assert_true(sl_report_at(report, i, "epoch") == i + 1);
        assert_true(sl_report_at(report, i, "step") == 4 * (i + 1));
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S2_a_step_unit_is_a_gate),
        cmocka_unit_test(S3_rosenblatts_rule_learns_what_a_line_can_cut),
        cmocka_unit_test(S4_a_line_answers_a_half_to_xor),
        cmocka_unit_test(S8_a_net_without_hidden_layers_is_linear_regression),
        cmocka_unit_test(S9_a_sigmoid_behind_a_line_is_logistic_regression),
        cmocka_unit_test(S12_wider_layers_come_nearer_to_a_sine),
        cmocka_unit_test(S18_S19_xor_in_six_lines),
        cmocka_unit_test(S43_one_row_is_a_batch_of_one),
        cmocka_unit_test(S63_the_train_loss_is_that_of_all_rows),
        cmocka_unit_test(S73_backward_costs_about_two_forwards),
        cmocka_unit_test(S98_S100_the_defaults),
        cmocka_unit_test(S99_S103_one_row_a_step_is_noisy_and_unbiased),
        cmocka_unit_test(S127_epochs_and_steps_are_told_apart),
    };
    return cmocka_run_group_tests_name("lectures", tests, NULL, NULL);
}
