/* curvature_test.c - curvature and noise against what they are by hand, and that looking at them changes
 * nothing. Runs in both builds. */
#include "engine.h"
#include "train/curvature.h"

static sl_trainer *curvature_trainer(sl_ctx *ctx, const char *net, const char *loss, sl_data *data,
                                     const sl_fit_options *options)
{
    sl_model *model = sl_model_parse(ctx, net);
    assert_int_equal(sl_compile(model, .loss = loss, .optimizer = sl_sgd(.lr = (sl_real)0.1)), SL_OK);
    sl_fit_options o = *options;
    o.epochs = 3;
    o.validation_fraction = -1;
    sl_trainer *t = sl_trainer_new(model, data, &o);
    assert_fine(ctx);
    return t;
}

static sl_curvature curvature_of(sl_trainer *t, size_t rows, int most)
{
    sl_probe probe;
    sl_curvature found;
    assert_int_equal(sl_probe_open(&probe, t, rows), SL_OK);
    assert_int_equal(sl_curvature_measure(&probe, most, &found), SL_OK);
    sl_probe_close(&probe);
    for (int i = 0; i < t->model->param_count; i++) { /* zero again */
        const sl_tensor *param = t->model->params[i];
        assert_false(param->has_grad);
        for (size_t j = 0; j < param->count; j++)
            assert_true(param->g[j] == 0);
    }
    return found;
}

enum { ROWS = 24, WIDTH = 3 };

static void curvature_rows(sl_real *x, sl_real *y, sl_real *weight)
{
    uint64_t state = 5;
    engine_fill(&state, x, ROWS * WIDTH, -1, 1);
    engine_fill(&state, y, ROWS, -2, 2);
    engine_fill(&state, weight, ROWS, 0.2, 3);
    for (int i = 0; i < ROWS; i++)
        x[i * WIDTH] = 2 * x[i * WIDTH] + (sl_real)0.3;
}

/* Rows of X, weighted, with a 1 behind for the bias: the mean squared error has the Hessian 2/n X'WX. Its
 * largest eigenvalue by the plain power method on the matrix, in double. */
static double curvature_by_hand(const sl_real *x, const sl_real *weight)
{
    double h[WIDTH + 1][WIDTH + 1] = { { 0 } }, v[WIDTH + 1] = { 1, 0.5, 0.3, 0.2 }, value = 0;
    for (int r = 0; r < ROWS; r++)
        for (int i = 0; i <= WIDTH; i++)
            for (int j = 0; j <= WIDTH; j++)
                h[i][j] += 2.0 / ROWS * (weight ? (double)weight[r] : 1) *
                           (i < WIDTH ? (double)x[r * WIDTH + i] : 1) *
                           (j < WIDTH ? (double)x[r * WIDTH + j] : 1);
    for (int turn = 0; turn < 10000; turn++) {
        double to[WIDTH + 1] = { 0 };
        value = 0;
        for (int i = 0; i <= WIDTH; i++) {
            for (int j = 0; j <= WIDTH; j++)
                to[i] += h[i][j] * v[j];
            value += to[i] * to[i];
        }
        value = sqrt(value);
        for (int i = 0; i <= WIDTH; i++)
            v[i] = to[i] / value;
    }
    return value;
}

/* tr(S) / |G|^2 from the gradient of each row on its own. */
static double curvature_noise_by_hand(const sl_model *model, const sl_real *x, const sl_real *y,
                                      const sl_real *weight, double *length)
{
    double g[ROWS][WIDTH + 1], mean[WIDTH + 1] = { 0 }, spread = 0, squares = 0;
    for (int r = 0; r < ROWS; r++) {
        double out = (double)model->params[1]->v[0];
        for (int j = 0; j < WIDTH; j++)
            out += (double)model->params[0]->v[j] * (double)x[r * WIDTH + j];
        const double slope = 2 * (out - (double)y[r]) * (weight ? (double)weight[r] : 1);
        for (int j = 0; j <= WIDTH; j++) {
            g[r][j] = slope * (j < WIDTH ? (double)x[r * WIDTH + j] : 1);
            mean[j] += g[r][j] / ROWS;
        }
    }
    for (int j = 0; j <= WIDTH; j++) {
        squares += mean[j] * mean[j];
        for (int r = 0; r < ROWS; r++)
            spread += (g[r][j] - mean[j]) * (g[r][j] - mean[j]) / (ROWS - 1);
    }
    *length = sqrt(squares);
    return spread / squares;
}

static void curvature_of_a_linear_net_is_that_of_its_matrix(void **unused)
{
    (void)unused;
    sl_real x[ROWS * WIDTH], y[ROWS], weight[ROWS];
    curvature_rows(x, y, weight);
    for (int weighted = 0; weighted < 2; weighted++) {
        sl_ctx *ctx = engine_ctx(3);
        sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), x),
                                     sl_tensor_new(ctx, sl_dims(ROWS, 1), y));
        if (weighted)
            sl_data_set_weights(data, sl_tensor_new(ctx, sl_dims(ROWS), weight));
        sl_trainer *t = curvature_trainer(ctx, "1", "mse", data, &(sl_fit_options){ .batch = 5 });
        const sl_curvature found = curvature_of(t, 0, 300);
        const sl_real *w = weighted ? weight : NULL;
        double length;
        assert_near(found.noise, curvature_noise_by_hand(t->model, x, y, w, &length), 1e-4);
        assert_near(found.gradient, length, 1e-5);
        assert_near(found.curvature / curvature_by_hand(x, w), 1, 0.004);
        assert_true(found.settled);
        assert_int_equal(found.rows, ROWS);
        assert_true(found.passes > 5);
        sl_trainer_free(t);
        sl_ctx_free(ctx);
    }
}

/* Towards the least of a linear net's loss |G| vanishes and the rows' differences stay: the scale is told
 * while it is below the rows, and a noise that hides the gradient is said to. */
static void curvature_of_a_gradient_within_its_error_has_no_noise_scale(void **unused)
{
    (void)unused;
    sl_real x[ROWS * WIDTH], y[ROWS], weight[ROWS];
    curvature_rows(x, y, weight);
    sl_ctx *ctx = engine_ctx(3);
    sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), x),
                                 sl_tensor_new(ctx, sl_dims(ROWS, 1), y));
    sl_trainer *t = curvature_trainer(ctx, "1", "mse", data, &(sl_fit_options){ .batch = 5 });
    sl_real *w = t->model->params[0]->v, *b = t->model->params[1]->v;
    double best[WIDTH + 1] = { 0 }, away[WIDTH + 1], length, near = 0, far = 1;
    for (int step = 0; step < 20000; step++) { /* downhill */
        double slope[WIDTH + 1] = { 0 };
        for (int r = 0; r < ROWS; r++) {
            double off = best[WIDTH] - (double)y[r];
            for (int j = 0; j < WIDTH; j++)
                off += best[j] * (double)x[r * WIDTH + j];
            for (int j = 0; j <= WIDTH; j++)
                slope[j] += 2 * off * (j < WIDTH ? (double)x[r * WIDTH + j] : 1) / ROWS;
        }
        for (int j = 0; j <= WIDTH; j++)
            best[j] -= 0.05 * slope[j];
    }
    for (int j = 0; j <= WIDTH; j++)
        away[j] = (double)(j < WIDTH ? w[j] : b[0]) - best[j];
    for (int turn = 0; turn < 60; turn++) { /* where the scale is the number of rows */
        const double at = (near + far) / 2;
        for (int j = 0; j <= WIDTH; j++)
            *(j < WIDTH ? &w[j] : b) = (sl_real)(best[j] + at * away[j]);
        *(curvature_noise_by_hand(t->model, x, y, NULL, &length) > ROWS ? &near : &far) = at;
    }
    const double places[] = { 0, 0.97 * far, 1.03 * far };
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j <= WIDTH; j++)
            *(j < WIDTH ? &w[j] : b) = (sl_real)(best[j] + places[i] * away[j]);
        const double noise = curvature_noise_by_hand(t->model, x, y, NULL, &length);
        const sl_curvature found = curvature_of(t, 0, 0);
        assert_true(i == 2 ? noise < ROWS : noise > ROWS);
        assert_int_equal(found.hidden, i < 2);
        if (i < 2)
            assert_true(isnan(found.noise));
        else
            assert_near(found.noise, noise, 1e-3);
    }
    assert_fine(ctx);
    sl_trainer_free(t);
    sl_ctx_free(ctx);
}

/* (w2 relu(w1 x) - y)^2 with x = 2, y = 3 where it is 0: the eigenvalue 2 x^2 (w1^2 + w2^2) = 24. */
static void S80_curvature_of_the_lecture_example_is_24(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(1, 1), (sl_real[]){ 2 }),
                                 sl_tensor_new(ctx, sl_dims(1, 1), (sl_real[]){ 3 }));
    sl_trainer *t = curvature_trainer(ctx, "1 relu bias=no, 1 bias=no", "mse", data, &(sl_fit_options){ 0 });
    t->model->params[0]->v[0] = t->model->params[1]->v[0] = (sl_real)sqrt(1.5);
    const sl_curvature found = curvature_of(t, 0, 0);
    assert_near(found.curvature / 24, 1, 0.002);
    assert_near(2 / found.curvature, 0.0833, 2e-4);
    assert_near(found.loss, 0, 1e-10);
    assert_true(isnan(found.noise)); /* of one row there is none */
    assert_true(found.settled);
    t->model->params[0]->v[0] = NAN;
    const sl_curvature none = curvature_of(t, 0, 0);
    assert_true(isnan(none.curvature) && isnan(none.loss) && isnan(none.gradient) && !none.settled);
    assert_fine(ctx);
    sl_trainer_free(t);
    sl_ctx_free(ctx);
}

static sl_status curvature_look(void *user, const sl_progress *progress)
{
    (void)progress;
    sl_trainer *t = *(sl_trainer **)user;
    if (t)
        curvature_of(t, 100, 4);
    return SL_OK;
}

/* Dropout, noise, running statistics, weights of classes, augmentation, a last batch of another size. */
static void curvature_is_looked_at_without_changing_a_training(void **unused)
{
    (void)unused;
    uint64_t want[2] = { 0 };
    for (int looks = 0; looks < 2; looks++) {
        sl_ctx *ctx = engine_ctx(3);
        sl_trainer *t = NULL;
        sl_fit_options o = { .batch = 30, .class_weight = "0=2", .augment = "noise 0.1" };
        sl_trainer *other = NULL;
        o.on_step = curvature_look;
        o.user = looks ? &t : &other;
        t = curvature_trainer(ctx, "8 tanh, batch_norm, dropout 0.3, noise 0.1, 1", "bce",
                              sl_data_open(ctx, "builtin:moons?rows=143", NULL), &o);
        assert_int_equal(sl_trainer_run(t), SL_OK);
        const uint64_t got[2] = { t->digest_last, sl_model_digest(t->model) };
        if (looks)
            assert_true(got[0] == want[0] && got[1] == want[1]);
        memcpy(want, got, sizeof want);
        sl_trainer_free(t);
        sl_ctx_free(ctx);
    }
}

/* What is drawn is drawn alike at every call, and running statistics are as they were. */
static void curvature_gradients_are_the_same_at_every_call(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    sl_trainer *t = curvature_trainer(ctx, "8 tanh, batch_norm, dropout 0.3, 1", "bce",
                                      sl_data_open(ctx, "builtin:moons?rows=700", NULL),
                                      &(sl_fit_options){ .batch = 32 });
    sl_probe probe;
    double loss[2];
    sl_real first[64];
    assert_int_equal(sl_probe_open(&probe, t, 0), SL_OK);
    assert_int_equal(probe.count, 700);
    for (int turn = 0; turn < 2; turn++) {
        const sl_real mean = t->model->running[0]->v[0];
        assert_int_equal(sl_probe_gradient(&probe, &loss[turn]), SL_OK);
        assert_true(mean == t->model->running[0]->v[0]);
        if (turn)
            assert_bits(t->model->params[0]->g, first, t->model->params[0]->count);
        memcpy(first, t->model->params[0]->g, t->model->params[0]->count * sizeof *first);
        sl_probe_clear(&probe);
    }
    assert_true(loss[0] == loss[1]);
    sl_probe_close(&probe);
    sl_trainer_free(t);
    sl_ctx_free(ctx);
}

/* Full-batch gradient descent: the curvature rises until it is 2 / lr, and stays there while the loss goes on
 * falling (Cohen, Kaur, Li, Kolter, Talwalkar 2021). */
static void curvature_rises_to_the_edge_of_stability(void **unused)
{
    (void)unused;
    enum { POINTS = 20 }; /* of the Chebyshev polynomial 8 x^4 - 8 x^2 + 1 */
    static const double rates[] = { 0.1, 0.05 };
    sl_real x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++) {
        const double at = -1 + 2.0 * i / (POINTS - 1);
        x[i] = (sl_real)at;
        y[i] = (sl_real)(8 * at * at * at * at - 8 * at * at + 1);
    }
    for (int k = 0; k < 2; k++) {
        sl_ctx *ctx = engine_ctx(3);
        sl_data *data = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(POINTS, 1), x),
                                     sl_tensor_new(ctx, sl_dims(POINTS, 1), y));
        sl_model *model = sl_model_parse(ctx, "20 tanh, 20 tanh, 1");
        sl_compile(model, .loss = "mse", .optimizer = sl_sgd(.lr = (sl_real)rates[k]));
        sl_report *report =
            sl_fit(model, data, .epochs = 3000, .batch = -1, .validation_fraction = -1, .curvature = true);
        assert_fine(ctx);
        const double edge = 2 / rates[k];
        double near = 0, late = 0;
        for (int i = 0; i < 3000; i++) {
            const double curvature = sl_report_at(report, i, "curvature");
            assert_near(sl_report_at(report, i, "stable_lr") * curvature, 2, 1e-12);
            late += i >= 2500;
            near += i >= 2500 && curvature > 0.8 * edge && curvature < 1.25 * edge;
        }
        print_message("lr %g: %g after the first epoch, %g after the last, 2 / lr is %g; near it %g\n",
                      rates[k], sl_report_at(report, 0, "curvature"), sl_report_last(report, "curvature"),
                      edge, near / late);
        assert_true(sl_report_at(report, 0, "curvature") < 0.7 * edge);
        assert_true(near / late > 0.9);
        sl_ctx_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curvature_of_a_linear_net_is_that_of_its_matrix),
        cmocka_unit_test(curvature_of_a_gradient_within_its_error_has_no_noise_scale),
        cmocka_unit_test(S80_curvature_of_the_lecture_example_is_24),
        cmocka_unit_test(curvature_is_looked_at_without_changing_a_training),
        cmocka_unit_test(curvature_gradients_are_the_same_at_every_call),
        cmocka_unit_test(curvature_rises_to_the_edge_of_stability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
