/* Expressions that a user writes of operators, with no gradient code: micrograd's example, and a composite of
 * nearly all of them against central differences. */
#include "engine.h"

static sl_tensor *number_of(sl_ctx *ctx, double value)
{
    const sl_real v = (sl_real)value;
    return sl_tensor_new(ctx, (sl_shape){ 0 }, &v);
}

/* S82: the expression of micrograd's README (Karpathy 2020), with its values there. */
static void S82_micrograds_expression(void **unused)
{
    (void)unused;
    for (int rank = 0; rank < 2; rank++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_tape *t = sl_tape_new(ctx, SL_TRAIN);
        const sl_shape shape = { rank, { 1 } };
        const sl_real minus_four = -4, two = 2;
        sl_tensor *a = engine_param(ctx, shape, &minus_four), *b = engine_param(ctx, shape, &two);
        sl_tensor *one = number_of(ctx, 1), *ten = sl_reshape_of(t, number_of(ctx, 10), shape);
        sl_tensor *c = sl_add(t, a, b);
        sl_tensor *d = sl_add(t, sl_mul(t, a, b), sl_pow(t, b, 3));
        c = sl_add(t, c, sl_add(t, c, one));                                /* c += c + 1 */
        c = sl_add(t, c, sl_add(t, sl_add(t, c, one), sl_scale(t, a, -1))); /* c += 1 + c + (-a) */
        sl_tensor *up = sl_relu(t, sl_add(t, b, a)), *down = sl_relu(t, sl_sub(t, b, a));
        d = sl_add(t, d, sl_add(t, sl_scale(t, d, 2), up));   /* d += d * 2 + relu(b + a) */
        d = sl_add(t, d, sl_add(t, sl_scale(t, d, 3), down)); /* d += 3 * d + relu(b - a) */
        sl_tensor *e = sl_sub(t, c, d), *f = sl_pow(t, e, 2);
        sl_tensor *g = sl_scale(t, f, (sl_real)0.5);
        g = sl_add(t, g, sl_div(t, ten, f)); /* g += 10 / f */
        sl_tensor *loss = rank ? sl_sum(t, g) : g;
        assert_fine(ctx);
        assert_int_equal(sl_backward(t, loss), SL_OK);
        const double room = engine_tolerance(1e-5, 1e-12);
        assert_near(sl_values(g)[0], 24.70408163265306, room); /* 24.7041 */
        assert_near(sl_gradient(a)[0], 138.83381924198252, room);
        assert_near(sl_gradient(b)[0], 645.5772594752186, room);
        sl_ctx_free(ctx);
    }
}

/* A layer of one's own: a row's deviations over their root mean square, a gate, a soft choice, a distance. */
static sl_tensor *composed_loss(sl_tape *t, void *user)
{
    sl_tensor **p = user, *x = p[0], *w = p[1], *gain = p[2];
    sl_tensor *z = sl_matmul(t, sl_concat(t, x, sl_square(t, x)), sl_transpose(t, w)); /* [3, 4] */
    sl_tensor *mean = sl_mean(t, z), *centred = sl_sub(t, z, mean);
    sl_tensor *deviation = sl_sqrt(t, sl_mean(t, sl_square(t, centred)));
    sl_tensor *normed = sl_mul(t, sl_div(t, centred, deviation), sl_exp(t, gain));
    sl_tensor *gate = sl_sigmoid(t, sl_scale(t, normed, 2));
    sl_tensor *h = sl_add(t, sl_mul(t, gate, sl_gelu(t, z)), sl_mish(t, normed));
    sl_tensor *choice = sl_mul(t, sl_softmax(t, h), sl_log_softmax(t, h));
    sl_tensor *far = sl_pow(t, sl_add(t, sl_square(t, h), p[3]), SL_R(-1.5));
    sl_tensor *flat = sl_reshape_of(t, sl_add(t, choice, far), sl_dims(2, 6));
    return sl_log_of(t, sl_scale(t, sl_mean(t, sl_softplus(t, sl_elu(t, flat, 1))), 3));
}

static void S81_a_layer_of_ones_own_needs_no_gradient_code(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        sl_ctx *ctx = engine_ctx(seed);
        sl_tensor *p[] = { sl_param(ctx, sl_dims(3, 2), "normal:1"), sl_param(ctx, sl_dims(4, 4), "normal:1"),
                           sl_param(ctx, sl_dims(4), "normal:0.3"), number_of(ctx, 1) };
        sl_gradcheck_result result;
        assert_int_equal(sl_gradcheck(ctx, composed_loss, p, p, 3, &result), SL_OK);
        assert_int_equal(result.checked + result.skipped, 26);
        assert_int_equal(result.skipped, 0);
        if (!(result.worst < engine_tolerance(2e-2, 1e-7)))
            fail_msg("seed %d: %s[%zu]: %g, numerically %g", (int)seed, result.place, result.element,
                     result.computed, result.numerical);
        sl_ctx_free(ctx);
    }
}

/* What the shapes and numbers must be. */
static void what_does_not_fit_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *t = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *a = sl_tensor_new(ctx, sl_dims(2, 3), NULL), *b = sl_tensor_new(ctx, sl_dims(3, 2), NULL);
    assert_null(sl_sub(t, a, b));
    assert_says(ctx, SL_ESHAPE, "sub: the second input has shape [3, 2]: wants that of the first, [2, 3]");
    assert_null(sl_div(t, a, b));
    assert_says(ctx, SL_ESHAPE, "div: the second input has shape [3, 2]");
    assert_null(sl_concat(t, a, b));
    assert_says(ctx, SL_ESHAPE, "concat: shapes [2, 3] and [3, 2] do not stand side by side");
    assert_null(sl_transpose(t, number_of(ctx, 1)));
    assert_says(ctx, SL_ESHAPE, "wants a matrix [m, n]");
    assert_null(sl_reshape_of(t, a, sl_dims(4, 2)));
    assert_says(ctx, SL_ESHAPE,
                "reshape: shape [2, 3] has 6 numbers and does not become [4, 2], which has 8");
    assert_null(sl_reshape_of(t, a, sl_dims(-2, -3)));
    assert_says(ctx, SL_ESHAPE, "reshape: ");
    assert_null(sl_pow(t, a, (sl_real)INFINITY));
    assert_says(ctx, SL_EINVAL, "pow: the number is inf");
    assert_null(sl_scale(t, a, (sl_real)NAN));
    assert_says(ctx, SL_EINVAL, "scale: the number is nan: wants a finite one");
    sl_tensor *none = sl_tensor_new(ctx, sl_dims(0, 3), NULL); /* nothing of everything is fine */
    assert_int_equal(sl_count(sl_concat(t, none, none)), 0);
    assert_int_equal(sl_count(sl_transpose(t, none)), 0);
    assert_int_equal(sl_count(sl_div(t, none, none)), 0);
    assert_int_equal(sl_count(sl_gelu(t, none)), 0);
    assert_fine(ctx);
    assert_null(sl_sub(t, NULL, a)); /* and NULL flows through, with what was the first to fail */
    assert_null(sl_pow(t, NULL, 2));
    assert_says(ctx, SL_EINVAL, "sub: input 1 is NULL: wants a tensor");
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* pow at 0 and with a power of 0 or 1, where x^(p - 1) is infinite or does not count. */
static void pow_at_zero(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *t = sl_tape_new(ctx, SL_TRAIN);
    static const struct {
        double power, y, slope;
    } cases[] = { { 0, 1, 0 }, { 1, 0, 1 }, { 2, 0, 0 }, { 3, 0, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_tensor *x = sl_param(ctx, (sl_shape){ 0 }, "zeros");
        sl_tensor *y = sl_pow(t, x, (sl_real)cases[i].power);
        assert_int_equal(sl_backward(t, y), SL_OK);
        assert_true((double)sl_values(y)[0] == cases[i].y && (double)sl_gradient(x)[0] == cases[i].slope);
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S82_micrograds_expression),
        cmocka_unit_test(S81_a_layer_of_ones_own_needs_no_gradient_code),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(pow_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
