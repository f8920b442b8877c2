/* The loss half_squared: TensorFlow Playground's, half the squared error of a tanh unit against -1 and 1. Its
 * step is compared with plain loops. Runs in both builds. */
#include "engine.h"
#include "model/model.h"

#include <math.h>

/* 1/2 (0.5 - 1)^2 = 0.125, 1/2 (-0.25 + 1)^2 = 0.28125, 1/2 (0.75 - 0)^2 = 0.28125; slopes o - s. */
static void numbers_by_hand(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *o =
        engine_param(ctx, sl_dims(3), (const sl_real[]){ (sl_real)0.5, (sl_real)-0.25, (sl_real)0.75 });
    sl_tensor *t = sl_tensor_new(ctx, sl_dims(3), (const sl_real[]){ 1, 0, (sl_real)0.5 });
    sl_tensor *loss = sl_half_squared(tape, o, t);
    assert_int_equal(sl_backward(tape, loss), SL_OK);
    assert_fine(ctx);
    assert_near(sl_values(loss)[0], (0.125 + 0.28125 + 0.28125) / 3, engine_tolerance(1e-7, 1e-15));
    static const double slopes[] = { -0.5, 0.75, 0.75 };
    for (int i = 0; i < 3; i++)
        assert_near(sl_gradient(o)[i], slopes[i] / 3, engine_tolerance(1e-7, 1e-15));
    sl_ctx_free(ctx);
}

enum { ROWS = 10, HIDDEN = 3 };

typedef struct {
    double w[HIDDEN][2], b[HIDDEN], v[HIDDEN], c;
} half_net;

/* A step as Playground takes it: each example's errors on its way back, their means over the batch. */
static double half_step(half_net *n, const double x[ROWS][2], const int *label, double lr)
{
    half_net sum = { 0 };
    double loss = 0;
    for (int r = 0; r < ROWS; r++) {
        double a[HIDDEN], z = n->c;
        const double target = label[r] ? 1 : -1;
        for (int j = 0; j < HIDDEN; j++) {
            a[j] = tanh(n->w[j][0] * x[r][0] + n->w[j][1] * x[r][1] + n->b[j]);
            z += n->v[j] * a[j];
        }
        const double out = tanh(z), error = (out - target) * (1 - out * out);
        loss += 0.5 * (out - target) * (out - target) / ROWS;
        sum.c += error;
        for (int j = 0; j < HIDDEN; j++) {
            const double inner = error * n->v[j] * (1 - a[j] * a[j]);
            sum.v[j] += error * a[j];
            sum.b[j] += inner;
            for (int k = 0; k < 2; k++)
                sum.w[j][k] += inner * x[r][k];
        }
    }
    for (size_t i = 0; i < sizeof sum / sizeof(double); i++)
        ((double *)n)[i] -= lr / ROWS * ((double *)&sum)[i];
    return loss;
}

static void U12_steps_are_playgrounds(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    sl_model *model = sl_model_parse(ctx, "input 2, 3 tanh, 1 tanh");
    half_net net;
    for (int p = 0, at = 0; p < 4; p++)
        for (size_t i = 0; i < sl_count(sl_model_param(model, p)); i++)
            ((double *)&net)[at++] = (double)sl_values(sl_model_param(model, p))[i];
    uint64_t state = 5;
    double x[ROWS][2];
    int label[ROWS];
    sl_real inputs[2 * ROWS], targets[ROWS];
    for (int r = 0; r < ROWS; r++) {
        label[r] = (int)engine_below(&state, 2);
        targets[r] = (sl_real)label[r];
        for (int k = 0; k < 2; k++) {
            inputs[2 * r + k] = (sl_real)engine_uniform(&state, -6, 6);
            x[r][k] = (double)inputs[2 * r + k];
        }
    }
    sl_tensor *rows = sl_tensor_new(ctx, sl_dims(ROWS, 2), inputs),
              *t = sl_tensor_new(ctx, sl_dims(ROWS, 1), targets);
    double first = 0, last = 0;
    for (int step = 0; step < 20; step++) {
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *loss = sl_loss_of(tape, "half_squared", sl_forward(tape, model, rows), t, NULL);
        assert_int_equal(sl_backward(tape, loss), SL_OK);
        for (int p = 0; p < 4; p++) {
            sl_tensor *w = sl_model_param(model, p);
            for (size_t i = 0; i < sl_count(w); i++)
                sl_values(w)[i] -= (sl_real)0.3 * sl_gradient(w)[i];
            sl_tensor_clear_gradient(w);
        }
        last = half_step(&net, (const double(*)[2])x, label, (double)(sl_real)0.3);
        first = step ? first : last;
        assert_near(sl_values(loss)[0], last, engine_tolerance(1e-6, 1e-13));
        sl_tape_free(tape);
    }
    assert_true(last < 0.9 * first);
    for (int p = 0, at = 0; p < 4; p++)
        for (size_t i = 0; i < sl_count(sl_model_param(model, p)); i++)
            assert_near(sl_values(sl_model_param(model, p))[i], ((double *)&net)[at++],
                        engine_tolerance(5e-6, 1e-12));
    sl_ctx_free(ctx);
}

/* p = (1 + o)/2, so the loss is twice the Brier score. */
static void it_is_twice_the_brier_score(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open(ctx, "builtin:gauss?noise=0.3", NULL);
    sl_model *model = sl_model_parse(ctx, "3 tanh, 1 tanh");
    sl_compile(model, .loss = "half_squared", .optimizer = sl_adam(.lr = (sl_real)0.02));
    sl_fit(model, data, .epochs = 5);
    const sl_report *report = sl_evaluate(ctx, model, data);
    assert_fine(ctx);
    const double loss = sl_report_at(report, 0, "loss"), brier = sl_report_at(report, 0, "brier");
    assert_true(loss > 0.01 && loss < 0.4);
    assert_near(loss, 2 * brier, 1e-6);
    const sl_tensor *p = sl_predict_data(ctx, model, data, 0, 500);
    double squares = 0;
    for (size_t i = 0; i < 500; i++) {
        sl_real label;
        sl_data_row(data, i, (sl_real[2]){ 0 }, &label);
        const double o = 2 * (double)p->v[2 * i + 1] - 1, s = label > 0 ? 1 : -1;
        squares += 0.5 * (o - s) * (o - s) / 500;
    }
    assert_near(loss, squares, 1e-6);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_by_hand),
        cmocka_unit_test(U12_steps_are_playgrounds),
        cmocka_unit_test(it_is_twice_the_brier_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
