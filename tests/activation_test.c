/* Activations by their formulas: the numbers of the requirements, what they do far out and at denormals, at
 * their kinks, and that each loop gives on every instruction set, for any count, what it gives one by one. */
#include "engine.h"
#include "model/model.h"
#include "op/op.h"

typedef struct {
    const char *name;
    double x, y, slope; /* slope: dy/dx there; NAN: not asked */
} point;

/* y and dy/dx of one number, with the default of the activation's option, through the tape. */
static void activation_at(const char *name, double x, double *y, double *slope)
{
    sl_ctx *ctx = engine_ctx(1);
    const sl_op *f = sl_op_find(name);
    assert_non_null(f);
    const sl_real value = (sl_real)x;
    sl_tensor *p = engine_param(ctx, (sl_shape){ 0 }, &value);
    sl_tape *tape = sl_tape_new(ctx, f->flat ? SL_INFER : SL_TRAIN);
    sl_tensor *t = sl_apply(tape, f, &p, &(sl_op_options){ .number = engine_number(f) });
    assert_fine(ctx);
    *y = (double)sl_values(t)[0];
    *slope = NAN;
    if (!f->flat) {
        assert_int_equal(sl_backward(tape, t), SL_OK);
        *slope = (double)sl_gradient(p)[0];
    }
    sl_ctx_free(ctx);
}

/* To 1e-6 in double and 1e-4 in float of the number itself; 0 and 1 exactly. */
static void check_points(const point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const point *p = &points[i];
        double y, slope;
        activation_at(p->name, p->x, &y, &slope);
        const double wanted[] = { p->y, p->slope }, found[] = { y, slope };
        for (int k = 0; k < 2; k++) {
            const bool exact = wanted[k] == 0 || fabs(wanted[k]) == 1 || fabs(wanted[k]) == 1000;
            const double room = exact ? 0 : engine_tolerance(1e-4, 1e-6) * fabs(wanted[k]);
            if (wanted[k] == wanted[k] && !(fabs(found[k] - wanted[k]) <= room))
                fail_msg("%s(%g)%s is %.17g, wanted %.17g", p->name, p->x, k ? "'" : "", found[k], wanted[k]);
        }
    }
}
#define CHECK(...)                                                                                           \
    do {                                                                                                     \
        static const point points[] = { __VA_ARGS__ };                                                       \
        check_points(points, sizeof points / sizeof *points);                                                \
    } while (0)

static void S27_identity(void **unused)
{
    (void)unused;
    CHECK({ "identity", -2.5, -2.5, 1 }, { "identity", 0, 0, 1 }, { "identity", 1000, 1000, 1 });
}

static void S28_sigmoid(void **unused)
{
    (void)unused;
    CHECK({ "sigmoid", 0, 0.5, 0.25 }, { "sigmoid", 1, 0.7310585786, 0.1966119332 },
          { "sigmoid", -2, 0.1192029220, 0.1049935854 }, { "sigmoid", 1000, 1, 0 },
          { "sigmoid", -1000, 0, 0 });
    const sl_op *f = sl_op_find("sigmoid");
    assert_true(f->bounded && f->low == 0 && f->high == 1);
}

static void S29_tanh(void **unused)
{
    (void)unused;
    CHECK({ "tanh", 0.5, 0.4621171573, 0.7864477330 }, { "tanh", 0, 0, 1 }, { "tanh", 1000, 1, 0 },
          { "tanh", -1000, -1, 0 });
}

static void S30_relu_and_its_kink(void **unused)
{
    (void)unused;
    CHECK({ "relu", 0, 0, 0 }, { "relu", -2, 0, 0 }, { "relu", 3.5, 3.5, 1 }, { "relu", 1000, 1000, 1 },
          { "relu", -1000, 0, 0 });
    assert_string_equal(sl_op_find("relu")->init, "he");
}

static sl_tensor *leaky_of(sl_tape *tape, sl_tensor *x)
{
    return sl_leaky_relu(tape, x, SL_R(0.01));
}

/* T14: the slope that nobody names is 0.01; others by --net's words; out of range refused with both. */
static void S31_leaky_relu_and_its_slope(void **unused)
{
    (void)unused;
    CHECK({ "leaky_relu", -2, -0.02, 0.01 }, { "leaky_relu", 2, 2, 1 }, { "leaky_relu", 0, 0, 0.01 },
          { "leaky_relu", 1000, 1000, 1 }, { "leaky_relu", -1000, -10, 0.01 });
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1), &(sl_real){ -2 });
    assert_near(sl_values(leaky_of(tape, x))[0], -0.02, 1e-9);
    sl_tensor *one = sl_tensor_new(ctx, sl_dims(1, 1), &(sl_real){ 1 });
    sl_tensor *minus = sl_tensor_new(ctx, sl_dims(1, 1), &(sl_real){ -2 });
    assert_near(sl_values(sl_linear(tape, minus, one, NULL, "leaky_relu slope=0.1"))[0], -0.2, 1e-7);
    assert_near(sl_values(sl_linear(tape, minus, one, NULL, "leaky_relu:0.25"))[0], -0.5, 1e-7);
    assert_null(sl_leaky_relu(tape, x, 1));
    assert_says(ctx, SL_EINVAL,
                "leaky_relu: slope is 1: wants a number of at least 0 and below 1 (default 0.01)");
    assert_null(sl_leaky_relu(tape, x, (sl_real)NAN));
    assert_says(ctx, SL_EINVAL, "leaky_relu: slope is nan");
    assert_null(sl_linear(tape, minus, one, NULL, "leaky_relu slope=-1"));
    assert_says(ctx, SL_EINVAL, "slope is -1: wants a number of at least 0 and below 1 (default 0.01)");
    sl_ctx_free(ctx);
}

static void S32_gelu_exact_and_by_tanh(void **unused)
{
    (void)unused;
    CHECK({ "gelu", 1, 0.8413447461, 1.0833154706 }, { "gelu", -0.5, -0.1542687694, 0.1325048753 },
          { "gelu", 0, 0, 0.5 }, { "gelu", 1000, 1000, 1 }, { "gelu", -1000, 0, 0 },
          { "gelu_tanh", 1, 0.8411919906, 1.0829640838 }, { "gelu_tanh", 0, 0, 0.5 },
          { "gelu_tanh", 1000, 1000, 1 }, { "gelu_tanh", -1000, 0, 0 });
}

static void S33_silu(void **unused)
{
    (void)unused;
    CHECK({ "silu", 1, 0.7310585786, 0.9276705119 }, { "silu", -1, -0.2689414214, 0.0723294881 },
          { "silu", 0, 0, 0.5 }, { "silu", 1000, 1000, 1 }, { "silu", -1000, 0, 0 });
}

static void S34_softmax_of_the_lecture(void **unused)
{
    (void)unused;
    static const double wanted[] = { 0.6590011389, 0.2424329707, 0.0985658904 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real scores[] = { 2, 1, (sl_real)0.1 }, high[] = { 1000, 999, 998 }, low[] = { 2, 1, 0 };
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, 3), scores);
    sl_tensor *p = sl_softmax(tape, x), *l = sl_log_softmax(tape, x);
    const sl_real *v = sl_values(p);
    for (int i = 0; i < 3; i++) {
        assert_near(v[i], wanted[i], engine_tolerance(1e-6, 1e-9));
        assert_near(sl_values(l)[i], log(wanted[i]), engine_tolerance(1e-6, 1e-9));
        assert_true(v[i] > 0 && v[i] < 1);
    }
    assert_true(v[0] > v[1] && v[1] > v[2]);
    assert_near(v[0] + v[1] + v[2], 1, 1e-6);
    sl_tensor *far = sl_tensor_new(ctx, sl_dims(1, 3), high), *near = sl_tensor_new(ctx, sl_dims(1, 3), low);
    assert_bits(sl_values(sl_softmax(tape, far)), sl_values(sl_softmax(tape, near)), 3);
    assert_bits(sl_values(sl_log_softmax(tape, far)), sl_values(sl_log_softmax(tape, near)), 3);
    sl_ctx_free(ctx);
}

/* S35: a threshold, and refused where a gradient would have to flow through it; beside that it may stand. */
static void S35_step_is_refused_for_gradients(void **unused)
{
    (void)unused;
    CHECK({ "step", -0.001, 0, NAN }, { "step", 0, 1, NAN }, { "step", 0.5, 1, NAN },
          { "step", 1000, 1, NAN }, { "step", -1000, 0, NAN });
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *w = sl_param(ctx, sl_dims(2, 2), "normal:1"), *v = sl_param(ctx, sl_dims(2), "normal:1");
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(3, 2), NULL);
    sl_tensor *h = sl_step_unit(tape, sl_matmul(tape, x, w));
    assert_int_equal(sl_backward(tape, sl_mean(tape, sl_mul(tape, h, v))), SL_EINVAL);
    assert_says(
        ctx, SL_EINVAL,
        "step: its slope is 0 wherever it has one, so gradient training cannot learn through it: take "
        "sigmoid, or the perceptron rule");
    assert_false(v->has_grad); /* nothing was touched */
    for (int i = 0; i < 2; i++)
        assert_true(sl_gradient(v)[i] == 0);
    assert_int_equal(sl_backward(tape, sl_mean(tape, sl_linear(tape, x, w, NULL, "step"))), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "linear: step: its slope is 0");
    /* on a branch that the loss does not depend on, or in front of all that learns, it does no harm */
    sl_step_unit(tape, v);
    assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, sl_step_unit(tape, x), v))), SL_OK);
    for (int i = 0; i < 2; i++)
        assert_near(sl_gradient(v)[i], 3, 0); /* step(0) = 1, of three rows */
    /* and in a net the layer is named */
    sl_model *net = sl_model_parse(ctx, "3 tanh, 4 step, 1");
    sl_tensor *y = sl_forward(tape, net, x);
    assert_int_equal(sl_backward(tape, sl_mean(tape, y)), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "dense_2: step: its slope is 0");
    sl_ctx_free(ctx);
}

static void the_others_by_their_formulas(void **unused)
{
    (void)unused;
    CHECK({ "elu", -1, -0.6321205588, 0.3678794412 }, { "elu", 2, 2, 1 }, { "elu", 0, 0, 1 },
          { "elu", 1000, 1000, 1 }, { "elu", -1000, -1, 0 }, { "selu", 1, 1.0507009874, 1.0507009874 },
          { "selu", -1, -1.1113307378, 0.6467686031 }, { "selu", 0, 0, 1.7580993408 },
          { "selu", -1000, -1.7580993408, 0 }, { "softplus", 0, 0.6931471806, 0.5 },
          { "softplus", 1000, 1000, 1 }, { "softplus", -1000, 0, 0 },
          { "softplus", -20, 2.0611536203e-9, 2.0611536182e-9 }, { "hard_sigmoid", 1, 0.6666666667, 1. / 6 },
          { "hard_sigmoid", 1000, 1, 0 }, { "hard_sigmoid", -1000, 0, 0 }, { "hard_sigmoid", 3, 1, 0 },
          { "hard_sigmoid", -3, 0, 0 }, { "hard_swish", 1, 0.6666666667, 0.8333333333 },
          { "hard_swish", 3, 3, 1.5 }, { "hard_swish", -3, 0, -0.5 }, { "hard_swish", 1000, 1000, 1 },
          { "hard_swish", -1000, 0, 0 }, { "mish", 1, 0.8650983882, 1.0490362200 },
          { "mish", -1, -0.3034014613, 0.0592167559 }, { "mish", 0, 0, 0.6 }, { "mish", 1000, 1000, 1 },
          { "mish", -1000, 0, 0 });
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    assert_null(sl_elu(tape, sl_tensor_new(ctx, sl_dims(1), NULL), 0));
    assert_says(ctx, SL_EINVAL, "elu: alpha is 0: wants a number above 0 and at most 1000 (default 1)");
    sl_ctx_free(ctx);
}

/* The smallest numbers: no NaN, and the tangent at 0, where there is one. */
static void denormals_and_what_is_not_finite(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double left, right, middle; /* slopes on both sides of 0, value at 0 */
    } tangents[] = { { "identity", 1, 1, 0 },      { "relu", 0, 1, 0 },
                     { "tanh", 1, 1, 0 },          { "leaky_relu", 0.01, 1, 0 },
                     { "elu", 1, 1, 0 },           { "selu", 1.7580993, 1.0507010, 0 },
                     { "gelu", 0.5, 0.5, 0 },      { "silu", 0.5, 0.5, 0 },
                     { "gelu_tanh", 0.5, 0.5, 0 }, { "hard_swish", 0.5, 0.5, 0 },
                     { "mish", 0.6, 0.6, 0 } };
    const double unit = ENGINE_DOUBLE ? 0x1p-1074 : 0x1p-149, tiny = unit * 1000;
    for (size_t i = 0; i < sizeof tangents / sizeof *tangents; i++)
        for (int side = -1; side <= 1; side += 2) {
            double y, slope;
            activation_at(tangents[i].name, side * tiny, &y, &slope);
            const double wanted = side * (side < 0 ? tangents[i].left : tangents[i].right) * 1000;
            if (!(fabs(y / unit - wanted) <= 3))
                fail_msg("%s(%g) is %g, not %g smallest units", tangents[i].name, side * tiny, y / unit,
                         wanted);
        }
    for (size_t i = 0; sl_op_at(i); i++)
        if (sl_op_at(i)->activate) {
            double y, slope;
            activation_at(sl_op_at(i)->name, tiny, &y, &slope);
            assert_true(y - y == 0 && (slope - slope == 0 || sl_op_at(i)->flat));
            activation_at(sl_op_at(i)->name, INFINITY, &y, &slope); /* the largest is no trap either */
            assert_true(y == y && (slope - slope == 0 || sl_op_at(i)->flat));
            activation_at(sl_op_at(i)->name, NAN, &y, &slope);
            if (strcmp(sl_op_at(i)->name, "relu") != 0) /* the law: x > 0 ? x : 0 */
                assert_true(y != y);
        }
}

/* What a bounded activation gives stays in its range, and comes near both ends. */
static void ranges_are_true(void **unused)
{
    (void)unused;
    enum { MANY = 40001 };
    static sl_real z[MANY], y[MANY];
    for (size_t i = 0; i < MANY; i++)
        z[i] = (sl_real)((double)i / 1000 - 20);
    for (size_t i = 0; sl_op_at(i); i++) {
        const sl_op *f = sl_op_at(i);
        if (!f->activate || !f->bounded)
            continue;
        double least = INFINITY, most = -INFINITY;
        f->activate(SL_ISA_PLAIN, engine_number(f), y, z, MANY);
        for (size_t k = 0; k < MANY; k++) {
            least = (double)y[k] < least ? (double)y[k] : least;
            most = (double)y[k] > most ? (double)y[k] : most;
        }
        if (least < f->low || most > f->high || least > f->low + 0.002 ||
            (f->high < 1e100 && most < f->high - 0.002))
            fail_msg("%s gives %.9g to %.9g and says %g to %g", f->name, least, most, f->low, f->high);
    }
}

/* Every exponent, denormals, infinities, NaN; counts around blocks; in place; all as one by one without. */
static void loops_give_the_same_bits_with_every_instruction_set(void **unused)
{
    (void)unused;
    enum { MANY = 1500 };
    static sl_real z[MANY], dy[MANY], y[MANY], dz[MANY], found[MANY + 1];
    sl_isa isas[SL_ISA_COUNT];
    const int count = engine_isas(isas);
    uint64_t state = 5;
    engine_fill_wild(&state, dy, MANY, false);
    engine_fill_wild(&state, z, MANY, true);
    for (size_t i = 0; i < MANY / 2; i++) /* random bits: all exponents alike */
        do {
            const uint64_t bits = engine_bits(&state);
            memcpy(&z[i], &bits, sizeof z[i]);
        } while (z[i] != z[i]);
    for (size_t i = MANY / 2; i < MANY; i++)
        z[i] *= (sl_real)(i % 3 ? 1 : 8);
    for (size_t k = 0; sl_op_at(k); k++) {
        const sl_op *f = sl_op_at(k);
        const sl_real a = engine_number(f);
        if (!f->activate)
            continue;
        for (size_t i = 0; i < MANY; i++) {
            f->activate(SL_ISA_PLAIN, a, &y[i], &z[i], 1);
            f->derive(SL_ISA_PLAIN, a, &dz[i], &dy[i], &y[i], f->derive_needs_z ? &z[i] : NULL, 1);
        }
        for (int c = 0; c < count; c++)
            for (size_t n = 0; n <= MANY; n += n < 50 ? 1 : 145) {
                found[n] = 77;
                memcpy(found, z, n * sizeof *z);
                f->activate(isas[c], a, found, found, n);
                assert_bits(found, y, n);
                memcpy(found, dy, n * sizeof *dy);
                f->derive(isas[c], a, found, found, y, f->derive_needs_z ? z : NULL, n);
                assert_bits(found, dz, n);
                assert_true(found[n] == 77);
            }
    }
}

/* log_softmax by a plain loop in double, wider than a vector and with scores that softmax cannot tell apart.
 */
static void log_softmax_by_a_plain_loop(void **unused)
{
    (void)unused;
    enum { ROWS = 3, WIDTH = 37 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 9;
    sl_real v[ROWS * WIDTH], r[ROWS * WIDTH];
    engine_fill(&state, v, ROWS * WIDTH, -300, 300);
    engine_fill(&state, v, WIDTH, -3, 3);
    engine_fill(&state, r, ROWS * WIDTH, -1, 1);
    sl_tensor *x = engine_param(ctx, sl_dims(ROWS, WIDTH), v);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_log_softmax(tape, x);
    sl_backward(tape, sl_sum(tape, sl_mul(tape, y, sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), r))));
    assert_fine(ctx);
    for (int i = 0; i < ROWS; i++) {
        double most = -INFINITY, sum = 0, flow = 0;
        for (int j = 0; j < WIDTH; j++)
            most = fmax(most, (double)v[i * WIDTH + j]);
        for (int j = 0; j < WIDTH; j++) {
            sum += exp((double)v[i * WIDTH + j] - most);
            flow += (double)r[i * WIDTH + j];
        }
        for (int j = 0; j < WIDTH; j++) {
            const double wanted = (double)v[i * WIDTH + j] - most - log(sum);
            assert_near(sl_values(y)[i * WIDTH + j], wanted, engine_tolerance(1e-6, 1e-14));
            assert_near(sl_gradient(x)[i * WIDTH + j], (double)r[i * WIDTH + j] - exp(wanted) * flow,
                        engine_tolerance(1e-5, 1e-13));
        }
    }
    sl_tensor *nothing = sl_tensor_new(ctx, sl_dims(2, 0), NULL);
    assert_null(sl_log_softmax(tape, nothing));
    assert_says(ctx, SL_ESHAPE, "log_softmax of shape [2, 0]: wants a last dimension of at least 1");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S27_identity),
        cmocka_unit_test(S28_sigmoid),
        cmocka_unit_test(S29_tanh),
        cmocka_unit_test(S30_relu_and_its_kink),
        cmocka_unit_test(S31_leaky_relu_and_its_slope),
        cmocka_unit_test(S32_gelu_exact_and_by_tanh),
        cmocka_unit_test(S33_silu),
        cmocka_unit_test(S34_softmax_of_the_lecture),
        cmocka_unit_test(S35_step_is_refused_for_gradients),
        cmocka_unit_test(the_others_by_their_formulas),
        cmocka_unit_test(denormals_and_what_is_not_finite),
        cmocka_unit_test(ranges_are_true),
        cmocka_unit_test(loops_give_the_same_bits_with_every_instruction_set),
        cmocka_unit_test(log_softmax_by_a_plain_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
