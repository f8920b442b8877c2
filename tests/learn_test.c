/* The lectures' numbers that do not belong to one optimizer: activations, losses, the net given by its
 * weights, the worked backward pass, parameters and where they start. Runs in both builds. */
#include "engine.h"

static sl_tensor *numbers(sl_ctx *ctx, sl_shape shape, const double *values)
{
    sl_tensor *t = sl_tensor_new(ctx, shape, NULL);
    assert_non_null(t);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = (sl_real)values[i];
    return t;
}

static void assert_numbers(const sl_real *found, const double *wanted, int count, double tolerance)
{
    assert_non_null(found);
    for (int i = 0; i < count; i++)
        assert_near(found[i], wanted[i], tolerance);
}

static void S27_S30_activations(void **unused)
{
    (void)unused;
    static const double z[] = { 0, -2, 1000, -1000, 0.5 };
    static const struct {
        sl_tensor *(*apply)(sl_tape *tape, sl_tensor *x);
        double y[5];
    } cases[] = { { sl_identity, { 0, -2, 1000, -1000, 0.5 } },
                  { sl_sigmoid, { 0.5, 0.1192029, 1, 0, 0.6224593 } },
                  { sl_tanh, { 0, -0.9640276, 1, -1, 0.4621172 } },
                  { sl_relu, { 0, 0, 1000, 0, 0.5 } } };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int i = 0; i < 4; i++)
        assert_numbers(sl_values(cases[i].apply(tape, numbers(ctx, sl_dims(5), z))), cases[i].y, 5, 1e-7);
    const sl_real *far = sl_values(sl_sigmoid(tape, numbers(ctx, sl_dims(5), z)));
    assert_true(far[0] == (sl_real)0.5 && far[2] == 1 && far[3] == 0);
    far = sl_values(sl_tanh(tape, numbers(ctx, sl_dims(5), z)));
    assert_true(far[0] == 0 && far[2] == 1 && far[3] == -1);
    sl_tensor *x = engine_param(ctx, sl_dims(3), (const sl_real[]){ -1, 0, 1 });
    sl_backward(tape, sl_sum(tape, sl_relu(tape, x))); /* S30: the derivative at 0 is 0 */
    assert_true(sl_gradient(x)[0] == 0 && sl_gradient(x)[1] == 0 && sl_gradient(x)[2] == 1);
    sl_ctx_free(ctx);
}

static void S34_softmax(void **unused)
{
    (void)unused;
    static const double scores[] = { 2, 1, 0.1, 1000, 999, 998, 2, 1, 0 };
    static const double wanted[] = { 0.6590011, 0.2424330, 0.0985659 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real *p = sl_values(sl_softmax(tape, numbers(ctx, sl_dims(3, 3), scores)));
    assert_numbers(p, wanted, 3, 1e-7);
    assert_bits(p + 3, p + 6, 3); /* only differences count */
    for (int row = 0; row < 3; row++) {
        assert_near(p[3 * row] + p[3 * row + 1] + p[3 * row + 2], 1, 1e-6);
        assert_true(p[3 * row] > p[3 * row + 1] && p[3 * row + 1] > p[3 * row + 2]);
    }
    sl_ctx_free(ctx);
}

static void S54_binary_cross_entropy(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    static const double wanted[] = { 2.0402208, 0.1392621 };
    for (int y = 0; y < 2; y++) {
        sl_tensor *x = engine_param(ctx, sl_dims(1), (const sl_real[]){ (sl_real)log(0.87 / 0.13) });
        sl_tensor *loss = sl_binary_cross_entropy(tape, x, numbers(ctx, sl_dims(1), (const double[]){ y }));
        assert_near(sl_values(loss)[0], wanted[y], 2e-7);
        sl_backward(tape, loss);
        assert_near(sl_gradient(x)[0], 0.87 - y, 2e-7); /* S58 */
    }
    static const double far[] = { 1000, -1000, 1000, -1000 }, targets[] = { 1, 0, 0, 1 };
    sl_tensor *loss =
        sl_binary_cross_entropy(tape, numbers(ctx, sl_dims(4), far), numbers(ctx, sl_dims(4), targets));
    assert_true(sl_values(loss)[0] == 500); /* the mean of 0, 0, 1000, 1000 */
    sl_ctx_free(ctx);
}

static void S55_S58_cross_entropy(void **unused)
{
    (void)unused;
    static const double losses[] = { 0.4170300, 1.4170300, 2.3170300 },
                        p[] = { 0.6590011, 0.2424330, 0.0985659 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int label = 0; label < 3; label++) {
        sl_tensor *x = engine_param(ctx, sl_dims(1, 3), (const sl_real[]){ 2, 1, (sl_real)0.1 });
        sl_tensor *loss = sl_cross_entropy(tape, x, numbers(ctx, sl_dims(1), (const double[]){ label }));
        assert_near(sl_values(loss)[0], losses[label], 1e-7);
        sl_backward(tape, loss);
        for (int j = 0; j < 3; j++)
            assert_near(sl_gradient(x)[j], p[j] - (j == label), 1e-7);
    }
    sl_ctx_free(ctx);
}

/* S66: two classes by softmax over (0, z) and by the sigmoid of z: the same loss, and the same gradient of z
 */
static void S66_two_formulations_of_two_classes(void **unused)
{
    (void)unused;
    enum { ROWS = 9, IN = 4 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    uint64_t state = 17;
    sl_real x[ROWS * IN], w[2 * IN] = { 0 }, b[2] = { 0 }, labels[ROWS];
    engine_fill(&state, x, ROWS * IN, -2, 2);
    engine_fill(&state, w + IN, IN, -2, 2);
    b[1] = (sl_real)0.3;
    for (int i = 0; i < ROWS; i++)
        labels[i] = (sl_real)engine_below(&state, 2);
    sl_tensor *tx = sl_tensor_new(ctx, sl_dims(ROWS, IN), x);
    sl_tensor *w2 = engine_param(ctx, sl_dims(2, IN), w), *b2 = engine_param(ctx, sl_dims(2), b);
    sl_tensor *w1 = engine_param(ctx, sl_dims(1, IN), w + IN), *b1 = engine_param(ctx, sl_dims(1), b + 1);
    sl_tensor *two =
        sl_cross_entropy(tape, sl_linear(tape, tx, w2, b2, NULL), sl_tensor_new(ctx, sl_dims(ROWS), labels));
    sl_tensor *one = sl_binary_cross_entropy(tape, sl_linear(tape, tx, w1, b1, NULL),
                                             sl_tensor_new(ctx, sl_dims(ROWS, 1), labels));
    assert_fine(ctx);
    assert_near(sl_values(two)[0], sl_values(one)[0], engine_tolerance(1e-6, 1e-14));
    sl_backward(tape, sl_add(tape, two, one));
    for (int j = 0; j < IN; j++)
        assert_near(sl_gradient(w2)[IN + j], sl_gradient(w1)[j], engine_tolerance(1e-6, 1e-14));
    assert_near(sl_gradient(b2)[1], sl_gradient(b1)[0], engine_tolerance(1e-6, 1e-14));
    sl_ctx_free(ctx);
}

/* S67: no NaN for any finite logits, in the loss or its gradient */
static void S67_no_nan_for_any_finite_logits(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    uint64_t state = 18;
    sl_tensor *x = sl_param(ctx, sl_dims(1, 4), "zeros"), *label = sl_tensor_new(ctx, sl_dims(1), NULL);
    sl_tensor *target = sl_tensor_new(ctx, sl_dims(1, 4), NULL);
    for (int i = 0; i < 20000; i++) {
        for (int j = 0; j < 4; j++) {
            const double size = ldexp(engine_uniform(&state, -1, 1), (int)engine_below(&state, 278) - 150);
            sl_values(x)[j] = engine_below(&state, 9) ? (sl_real)size : (sl_real)copysign(3.4e38, size);
            sl_values(target)[j] = (sl_real)engine_below(&state, 3) / 2;
        }
        sl_values(label)[0] = (sl_real)engine_below(&state, 4);
        sl_tensor *loss = i & 1 ? sl_cross_entropy(tape, x, label) : sl_binary_cross_entropy(tape, x, target);
        sl_backward(tape, loss);
        assert_fine(ctx);
        assert_false(isnan((double)sl_values(loss)[0]) || sl_values(loss)[0] < 0);
        for (int j = 0; j < 4; j++)
            assert_true(fabs((double)sl_gradient(x)[j]) <= 1e6); /* sums over the steps so far */
        if (i % 1000 == 999)
            memset(x->g, 0, 4 * sizeof *x->g);
    }
    sl_ctx_free(ctx);
}

/* --- nets given by their numbers --- */

static void S46_xor_by_given_weights(void **unused)
{
    (void)unused;
    static const double x[] = { 0, 0, 0, 1, 1, 0, 1, 1 };
    static const double xw[] = { 0, 0, 1, 1, 1, 1, 2, 2 }, with_bias[] = { 0, -1, 1, 0, 1, 0, 2, 1 };
    static const double hidden[] = { 0, 0, 1, 0, 1, 0, 2, 1 }, outputs[] = { 0, 1, 1, 0 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *in = numbers(ctx, sl_dims(4, 2), x),
              *w = numbers(ctx, sl_dims(2, 2), (const double[]){ 1, 1, 1, 1 });
    sl_tensor *b = numbers(ctx, sl_dims(2), (const double[]){ 0, -1 });
    sl_tensor *v = numbers(ctx, sl_dims(1, 2), (const double[]){ 1, -2 }),
              *c = numbers(ctx, sl_dims(1), (double[]){ 0 });
    assert_numbers(sl_values(sl_matmul(tape, in, w)), xw, 8, 0);
    assert_numbers(sl_values(sl_linear(tape, in, w, b, NULL)), with_bias, 8, 0);
    assert_numbers(sl_values(sl_linear(tape, in, w, b, "relu")), hidden, 8, 0);
    assert_numbers(sl_values(sl_linear(tape, sl_linear(tape, in, w, b, "relu"), v, c, NULL)), outputs, 4, 0);
    sl_model *model = sl_model_parse(ctx, "input 2, 2 relu, 1");
    sl_tensor *const given[] = { w, b, v, c };
    for (int i = 0; i < 4; i++)
        memcpy(sl_values(sl_model_param(model, i)), sl_values(given[i]),
               sl_count(given[i]) * sizeof(sl_real));
    assert_numbers(sl_values(sl_forward(tape, model, in)), outputs, 4, 0);
    sl_ctx_free(ctx);
}

/* S15: W is [out, in]: W[i][j] leads from input j to unit i, in memory as in the model's parameters. */
static void S15_weights_are_out_in(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 3), sl_dense(.units = 1));
    sl_tensor *w = sl_model_param(model, 0), *b = sl_model_param(model, 1);
    assert_string_equal(sl_model_param_name(model, 0), "dense_1.weight");
    assert_string_equal(sl_model_param_name(model, 3), "dense_2.bias");
    assert_int_equal(sl_shape_of(w).rank, 2);
    assert_int_equal(sl_shape_of(w).dim[0], 3);
    assert_int_equal(sl_shape_of(w).dim[1], 2);
    assert_int_equal(sl_shape_of(b).rank, 1);
    assert_int_equal(sl_shape_of(b).dim[0], 3);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = numbers(ctx, sl_dims(1, 2), (const double[]){ 10, 100 });
    for (int i = 0; i < 6; i++)
        sl_values(w)[i] = (sl_real)(i + 1); /* rows 1 2, 3 4, 5 6 */
    static const double wanted[] = { 210, 430, 650 };
    assert_numbers(sl_values(sl_linear(tape, x, w, b, NULL)), wanted, 3, 0);
    sl_ctx_free(ctx);
}

static void S17_parameter_counts(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        size_t count;
    } cases[] = { { "input 10, 5 relu, 1", 61 },
                  { "input 300, 128 relu, 1", 38657 },
                  { "input 2, 3 tanh, 1 sigmoid", 13 },
                  { "input 2, 2 relu, 3 relu, 1", 19 },
                  { "input 784, 128 relu, dropout 0.2, 10", 101770 } };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sl_model *model = sl_model_parse(ctx, cases[i].net);
        assert_int_equal(sl_model_parameters(model), cases[i].count);
        size_t sum = 0;
        for (int layer = 0; layer < sl_model_layers(model); layer++) {
            sl_layer_info info;
            assert_int_equal(sl_model_layer(model, layer, &info), SL_OK);
            sum += info.parameters;
        }
        assert_int_equal(sum, cases[i].count);
    }
    sl_ctx_free(ctx);
}

/* --- the worked backward pass: x = 2, w1 = 0.5, w2 = 1, y = 3, relu, squared error --- */

typedef struct {
    sl_ctx *ctx;
    sl_tape *tape;
    sl_tensor *x, *y, *w[2]; /* [1, 1] each */
    sl_tensor *h, *prediction;
} worked;

static worked worked_new(void)
{
    worked e = { .ctx = engine_ctx(1) };
    e.tape = sl_tape_new(e.ctx, SL_TRAIN);
    e.x = numbers(e.ctx, sl_dims(1, 1), (const double[]){ 2 });
    e.y = numbers(e.ctx, sl_dims(1, 1), (const double[]){ 3 });
    e.w[0] = engine_param(e.ctx, sl_dims(1, 1), (const sl_real[]){ (sl_real)0.5 });
    e.w[1] = engine_param(e.ctx, sl_dims(1, 1), (const sl_real[]){ 1 });
    return e;
}

static sl_tensor *worked_loss(worked *e)
{
    e->h = sl_linear(e->tape, e->x, e->w[0], NULL, "relu");
    e->prediction = sl_linear(e->tape, e->h, e->w[1], NULL, NULL);
    return sl_mean_squared(e->tape, e->prediction, e->y);
}

static void S77_S78_forward_and_backward_exactly(void **unused)
{
    (void)unused;
    worked e = worked_new();
    sl_tensor *loss = worked_loss(&e);
    assert_int_equal(sl_backward(e.tape, loss), SL_OK);
    assert_true(sl_values(e.h)[0] == 1 && sl_values(e.prediction)[0] == 1 && sl_values(loss)[0] == 4);
    assert_true(sl_gradient(e.prediction)[0] == -4 && sl_gradient(e.w[1])[0] == -4 &&
                sl_gradient(e.w[0])[0] == -8);
    sl_ctx_free(e.ctx);
}

/* S79, T1: which weights move decides what comes of it: 2.56 needs w2 alone. */
static void S79_T1_three_updates(void **unused)
{
    (void)unused;
    static const struct {
        int first, count;
        double w1, w2, prediction, loss;
    } cases[] = { { 1, 1, 0.5, 1.4, 1.4, 2.56 },
                  { 0, 2, 1.3, 1.4, 3.64, 0.4096 },
                  { 0, 1, 1.3, 1, 2.6, 0.16 } };
    for (int i = 0; i < 3; i++) {
        worked e = worked_new();
        sl_step *step = sl_step_new(e.ctx, sl_sgd(.lr = (sl_real)0.1), e.w + cases[i].first, cases[i].count);
        sl_backward(e.tape, worked_loss(&e));
        sl_step_apply(step);
        const sl_tensor *loss = worked_loss(&e);
        assert_fine(e.ctx);
        const double rounding = engine_tolerance(3e-7, 1e-15);
        assert_near(sl_values(e.w[0])[0], cases[i].w1, rounding);
        assert_near(sl_values(e.w[1])[0], cases[i].w2, rounding);
        assert_near(sl_values(e.prediction)[0], cases[i].prediction, rounding);
        assert_near(loss->v[0], cases[i].loss, 4 * rounding);
        sl_ctx_free(e.ctx);
    }
}

/* S80, T2: 0.05 converges; 0.1 is above 2 / curvature and ends in a cycle of two. */
static void S80_T2_converging_and_oscillating(void **unused)
{
    (void)unused;
    static const double first[] = { 4, 0.410, 0.981, 0.864, 2.114, 0.774, 1.882, 0.826 };
    for (int wide = 0; wide < 2; wide++) {
        worked e = worked_new();
        sl_step *step = sl_step_new(e.ctx, sl_sgd(.lr = wide ? (sl_real)0.1 : (sl_real)0.05), e.w, 2);
        double w1 = 0.5, w2 = 1, loss = 0, before = 0; /* the same by hand */
        for (int i = 0; i < (wide ? 20001 : 5); i++) {
            const double error = w2 * (w1 * 2) - 3, g2 = 2 * error * (w1 * 2), g1 = 2 * error * w2 * 2;
            before = loss;
            sl_tensor *l = worked_loss(&e);
            loss = (double)sl_values(l)[0];
            if (i < 8)
                assert_near(loss, error * error, engine_tolerance(1e-4, 1e-13));
            if (wide && i < 8)
                assert_near(loss, first[i], 6e-4);
            if (!wide && i == 4)
                assert_true(loss < 1e-4); /* within 4 steps */
            sl_backward(e.tape, l);
            sl_step_apply(step);
            w1 -= (wide ? 0.1 : 0.05) * g1;
            w2 -= (wide ? 0.1 : 0.05) * g2;
        }
        assert_fine(e.ctx);
        if (wide) {
            assert_near(fmin(loss, before), 0.8022, 1e-4);
            assert_near(fmax(loss, before), 1.9478, 1e-4);
        }
        sl_ctx_free(e.ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S27_S30_activations),
        cmocka_unit_test(S34_softmax),
        cmocka_unit_test(S54_binary_cross_entropy),
        cmocka_unit_test(S55_S58_cross_entropy),
        cmocka_unit_test(S66_two_formulations_of_two_classes),
        cmocka_unit_test(S67_no_nan_for_any_finite_logits),
        cmocka_unit_test(S46_xor_by_given_weights),
        cmocka_unit_test(S15_weights_are_out_in),
        cmocka_unit_test(S17_parameter_counts),
        cmocka_unit_test(S77_S78_forward_and_backward_exactly),
        cmocka_unit_test(S79_T1_three_updates),
        cmocka_unit_test(S80_T2_converging_and_oscillating),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
