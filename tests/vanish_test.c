/* What an activation means for a net of many layers: how much of a gradient comes through, and where weights
 * begin. */
#include "engine.h"
#include "model/model.h"
#include "op/op.h"

static double slope_at(const sl_op *f, double at)
{
    const sl_real z = (sl_real)at, one = 1;
    sl_real y, dz;
    f->activate(SL_ISA_PLAIN, engine_number(f), &y, &z, 1);
    f->derive(SL_ISA_PLAIN, engine_number(f), &dz, &one, &y, &z, 1);
    return (double)dz;
}

static double rms_of_gradient(sl_model *net, int layer)
{
    const sl_tensor *w = sl_model_param(net, 2 * layer);
    double sum = 0;
    for (size_t i = 0; i < w->count; i++)
        sum += (double)w->g[i] * (double)w->g[i];
    return sqrt(sum / (double)w->count);
}

/* Not less than the largest stretch of W [16, 16]: with the eigenvalues s^2 of M = W'W, the trace of M^32 is
 * the sum of all s^64; its 64th root is at most 16^(1/64) = 1.044 times the largest s. */
static double stretch_at_most(const sl_tensor *w)
{
    enum { N = 16 };
    static double m[N][N], square[N][N];
    assert_int_equal(w->count, N * N);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            m[i][j] = 0;
            for (int k = 0; k < N; k++)
                m[i][j] += (double)w->v[k * N + i] * (double)w->v[k * N + j];
        }
    for (int times = 0; times < 5; times++) {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                square[i][j] = 0;
                for (int k = 0; k < N; k++)
                    square[i][j] += m[i][k] * m[k][j];
            }
        memcpy(m, square, sizeof m);
    }
    double trace = 0;
    for (int i = 0; i < N; i++)
        trace += m[i][i];
    return pow(trace, 1. / 64);
}

/* S37: no slope of sigmoid is above 1/4, so ten of them leave at most 0.25^10 = 9.5367e-7. In a net of ten
 * sigmoid layers the signal dL/dz_1 is at most prod |W_l| / 4^9 times dL/dz_10 for l = 2..10 (their
 * largest stretches), which is asserted of a real net; the ratio of the weights' gradients, measured, is
 * below 1e-3, and with relu in place of sigmoid far from it. */
static void S37_gradients_vanish_through_ten_sigmoids(void **unused)
{
    (void)unused;
    enum { IN = 16 };
    const sl_op *f = sl_op_find("sigmoid");
    double bound = 1;
    for (int i = 0; i < 10; i++)
        bound *= slope_at(f, 0);
    assert_near(bound / 9.5367e-7, 1, 1e-5);
    for (double z = -8; z <= 8; z += 0.01)
        assert_true(slope_at(f, z) <= 0.25);
    static const char *const nets[] = { "10 x 16 sigmoid, 1", "10 x 16 relu, 1" };
    double ratio[2];
    for (int k = 0; k < 2; k++) {
        sl_ctx *ctx = engine_ctx(1);
        uint64_t state = 3;
        sl_real v[IN];
        engine_fill(&state, v, IN, 0, 1);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_model *net = sl_model_parse(ctx, nets[k]);
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, IN), v);
        assert_int_equal(sl_backward(tape, sl_mean(tape, sl_square(tape, sl_forward(tape, net, x)))), SL_OK);
        ratio[k] = rms_of_gradient(net, 0) / rms_of_gradient(net, 9);
        if (k == 0) {
            double product = 1, dz1 = 0, dz10 = 0;
            for (int l = 1; l < 10; l++)
                product *= 0.25 * stretch_at_most(sl_model_param(net, 2 * l));
            for (int i = 0; i < 16; i++) { /* of one row, the bias's gradient is dz */
                dz1 += pow((double)sl_gradient(sl_model_param(net, 1))[i], 2);
                dz10 += pow((double)sl_gradient(sl_model_param(net, 19))[i], 2);
            }
            print_message("[   NOTE   ] |dz_1| / |dz_10| = %.3g, at most %.3g by the norms\n",
                          sqrt(dz1 / dz10), product);
            assert_true(dz10 > 0 && sqrt(dz1 / dz10) <= product);
        }
        assert_fine(ctx);
        sl_ctx_free(ctx);
    }
    print_message("[   NOTE   ] gradient of layer 1 / layer 10: sigmoid %.3g, relu %.3g\n", ratio[0],
                  ratio[1]);
    assert_true(ratio[0] < 1e-3 && ratio[0] > 0);
    assert_true(ratio[1] > 100 * ratio[0]);
}

/* The initialiser follows the activation. */
static void defaults_follow_the_activation(void **unused)
{
    (void)unused;
    static const char *const he[] = { "relu", "leaky_relu", "elu",        "gelu", "gelu_tanh",
                                      "silu", "softplus",   "hard_swish", "mish" };
    for (size_t i = 0; i < sizeof he / sizeof *he; i++)
        assert_string_equal(sl_op_find(he[i])->init, "he");
    assert_string_equal(sl_op_find("selu")->init, "lecun");
    assert_null(sl_op_find("tanh")->init); /* xavier */
    assert_null(sl_op_find("sigmoid")->init);
    assert_null(sl_op_find("hard_sigmoid")->init);
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_model *net = sl_model_parse(ctx, "50 gelu, 50 tanh, 1");
    sl_forward(tape, net, sl_tensor_new(ctx, sl_dims(1, 200), NULL));
    assert_fine(ctx);
    double square[2] = { 0 };
    for (int l = 0; l < 2; l++) {
        const sl_tensor *w = sl_model_param(net, 2 * l);
        for (size_t i = 0; i < w->count; i++)
            square[l] += (double)w->v[i] * (double)w->v[i] / (double)w->count;
    }
    assert_near(square[0] * 100, 1, 0.06); /* 2 / fan-in */
    assert_near(square[1] * 50, 1, 0.12);  /* 2 / (fan-in + fan-out) */
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S37_gradients_vanish_through_ten_sigmoids),
        cmocka_unit_test(defaults_follow_the_activation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
