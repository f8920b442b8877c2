/* Losses: PyTorch's numbers for each one, mean, sum and weighted; the lectures' worked examples. Runs in both
 * builds. */
#include "engine.h"
#include "golden.h"
#include "loss/loss.h"

static sl_tensor *loss_numbers(sl_ctx *ctx, sl_shape shape, const double *values, bool learns)
{
    sl_tensor *t = learns ? sl_param(ctx, shape, "zeros") : sl_tensor_new(ctx, shape, NULL);
    assert_non_null(t);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = (sl_real)values[i];
    return t;
}

static sl_tensor *loss_item(sl_ctx *ctx, const golden_item *item, bool learns)
{
    sl_shape shape = { (int)item->rank, { 0 } };
    for (size_t i = 0; i < item->rank; i++)
        shape.dim[i] = (int)item->dims[i];
    return loss_numbers(ctx, shape, item->values, learns);
}

/* --- loss.golden --- */

static const struct {
    const char *name, *word;
} loss_cases[] = {
    { "mean_squared", "mse" },
    { "mean_absolute", "mae" },
    { "huber", "huber" },
    { "huber_narrow", "huber delta=0.3" },
    { "quantile", "quantile" },
    { "quantile_high", "quantile:0.9" },
    { "binary", "bce" },
    { "binary_smooth", "bce smoothing=0.2" },
    { "binary_p", "binary_cross_entropy_from_probabilities" },
    { "classes", "ce" },
    { "classes_smooth", "cross_entropy 0.1" },
    { "classes_p", "cross_entropy_from_probabilities" },
    { "likelihood", "nll" },
    { "kl", "kl" },
    { "hinge", "hinge" },
    { "hinge_one", "hinge" },
    { "poisson", "poisson" },
    { "perceptron", "perceptron" },
    { "half_squared", "half_squared" },
    { "interval", "interval" },
    { "interval_narrow", "interval coverage=50" },
};
enum { LOSS_CASES = sizeof loss_cases / sizeof *loss_cases };

static void check_golden(const golden *file, const char *name, const char *word, const char *way)
{
    const double tolerance = engine_tolerance(4e-6, 1e-12);
    char text[80], key[32];
    snprintf(text, sizeof text, "%s%s", word, strcmp(way, "sum") ? "" : " reduction=sum");
    snprintf(key, sizeof key, "grad_%s", way);
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = loss_item(ctx, golden_get(file, name, "x"), true);
    sl_tensor *t = loss_item(ctx, golden_get(file, name, "target"), false);
    sl_tensor *w = strcmp(way, "weighted") ? NULL : loss_item(ctx, golden_find(file, "weights"), false);
    sl_tensor *loss = sl_loss_of(tape, text, x, t, w);
    assert_fine(ctx);
    const double wanted = golden_get(file, name, way)->values[0], found = (double)sl_values(loss)[0];
    sl_backward(tape, loss);
    assert_fine(ctx);
    if (!(fabs(found - wanted) <= tolerance * fmax(1, fabs(wanted))))
        fail_msg("%s is %.17g, PyTorch's %s of %s %.17g", text, found, way, name, wanted);
    const golden_item *gradient = golden_get(file, name, key);
    for (size_t i = 0; i < gradient->count; i++)
        if (!(fabs((double)sl_gradient(x)[i] - gradient->values[i]) <=
              tolerance * fmax(1, fabs(gradient->values[i]))))
            fail_msg("%s, %s: gradient %zu is %.17g, wanted %.17g", text, way, i, (double)sl_gradient(x)[i],
                     gradient->values[i]);
    sl_ctx_free(ctx);
}

static void losses_agree_with_pytorch(void **unused)
{
    (void)unused;
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/loss.golden");
    static const char *const ways[] = { "mean", "sum", "weighted" };
    for (size_t i = 0; i < LOSS_CASES; i++)
        for (int way = 0; way < 3; way++)
            check_golden(file, loss_cases[i].name, loss_cases[i].word, ways[way]);
    assert_int_equal(file->count, 1 + LOSS_CASES * 8);
    golden_free(file);
    sl_ctx *ctx = engine_ctx(1);
    for (size_t l = 0; sl_loss_at(l); l++) { /* every loss of the folder has a case */
        bool found = false;
        for (size_t i = 0; i < LOSS_CASES; i++)
            found = found || sl_loss_find(ctx, loss_cases[i].word, NULL) == sl_loss_at(l);
        if (!found)
            fail_msg("loss %s has no golden case", sl_loss_at(l)->name);
    }
    sl_ctx_free(ctx);
}

/* --- the lectures' numbers --- */

static void S52_S53_squared_errors(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *one = loss_numbers(ctx, sl_dims(1, 1), (const double[]){ 1 }, false);
    sl_tensor *three = loss_numbers(ctx, sl_dims(1, 1), (const double[]){ 3 }, false);
    assert_true(sl_values(sl_mean_squared(tape, one, three))[0] == 4); /* no factor of 1/2 */
    sl_tensor *p = loss_numbers(ctx, sl_dims(4, 1), (const double[]){ 1, 2, 3, 4 }, true);
    sl_tensor *t = loss_numbers(ctx, sl_dims(4, 1), (const double[]){ 3, 2, 4, 1 }, false);
    sl_tensor *mean = sl_loss_of(tape, "mean_squared", p, t, NULL), /* errors -2 0 -1 3 */
        *sum = sl_loss_of(tape, "mean_squared reduction=sum", p, t, NULL);
    assert_true(sl_values(mean)[0] == (sl_real)3.5 && sl_values(sum)[0] == 14);
    sl_backward(tape, sum);
    static const sl_real wanted[] = { -4, 0, -2, 6 };
    assert_fine(ctx);
    assert_bits(sl_gradient(p), wanted, 4);
    sl_ctx_free(ctx);
}

static void S54_binary_cross_entropy_of_a_probability(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    static const double p[] = { 0.87, 0.87 }, y[] = { 1, 0 }, wanted[] = { 0.1392621, 2.0402208 };
    for (int i = 0; i < 2; i++)
        assert_near(sl_values(sl_binary_cross_entropy_from_probabilities(
                        tape, loss_numbers(ctx, sl_dims(1), p + i, false),
                        loss_numbers(ctx, sl_dims(1), y + i, false)))[0],
                    wanted[i], engine_tolerance(2e-7, 5e-8));
    sl_tensor *both = sl_binary_cross_entropy_from_probabilities(
        tape, loss_numbers(ctx, sl_dims(2), p, false), loss_numbers(ctx, sl_dims(2), y, false));
    assert_near(sl_values(both)[0], (0.1392621 + 2.0402208) / 2,
                engine_tolerance(2e-7, 5e-8)); /* mean over m */
    static const double sure[] = { 0, 1, 0, 1 }, truth[] = { 0, 1, 1, 0 };
    sl_tensor *x = loss_numbers(ctx, sl_dims(4), sure, true);
    sl_tensor *worst =
        sl_binary_cross_entropy_from_probabilities(tape, x, loss_numbers(ctx, sl_dims(4), truth, false));
    assert_near(sl_values(worst)[0], -log(1e-12) / 2, 1e-6); /* two right, two as wrong as can be */
    sl_backward(tape, worst);
    for (int i = 0; i < 4; i++)
        assert_true(isfinite((double)sl_gradient(x)[i]));
    sl_ctx_free(ctx);
}

static const double loss_scores[] = { 2, 1, 0.1 };

/* The same three numbers from logits, from probabilities, and from their logarithms. */
static void S55_S56_negative_log_likelihood_is_cross_entropy(void **unused)
{
    (void)unused;
    static const double wanted[] = { 0.4170300, 1.4170300, 2.3170300 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int y = 0; y < 3; y++) {
        sl_tensor *x = loss_numbers(ctx, sl_dims(1, 3), loss_scores, false), *p = sl_softmax(tape, x);
        sl_tensor *label = loss_numbers(ctx, sl_dims(1), (const double[]){ y }, false);
        double log_p[3];
        for (int j = 0; j < 3; j++)
            log_p[j] = log((double)sl_values(p)[j]);
        sl_tensor *likelihood =
            sl_negative_log_likelihood(tape, loss_numbers(ctx, sl_dims(1, 3), log_p, false), label);
        const double rounding = engine_tolerance(3e-7, 5e-8);
        assert_near(sl_values(sl_cross_entropy(tape, x, label))[0], wanted[y], rounding);
        assert_near(sl_values(sl_cross_entropy_from_probabilities(tape, p, label))[0], wanted[y], rounding);
        assert_near(sl_values(likelihood)[0], wanted[y], rounding);
    }
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* The likelihood of ten points is a product; its logarithm, with a minus, is the sum that we make small. */
static void S57_the_log_of_a_product_is_the_sum_of_logs(void **unused)
{
    (void)unused;
    enum { POINTS = 10, CLASSES = 3 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    uint64_t state = 5;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(POINTS, CLASSES), NULL),
              *y = sl_tensor_new(ctx, sl_dims(POINTS), NULL);
    engine_fill(&state, sl_values(x), POINTS * CLASSES, -2, 2);
    double product = 1;
    for (int i = 0; i < POINTS; i++) {
        const int label = (int)engine_below(&state, CLASSES);
        double all = 0;
        for (int j = 0; j < CLASSES; j++)
            all += exp((double)sl_values(x)[i * CLASSES + j]);
        product *= exp((double)sl_values(x)[i * CLASSES + label]) / all;
        sl_values(y)[i] = (sl_real)label;
    }
    const double rounding = engine_tolerance(1e-6, 1e-13);
    assert_near(sl_values(sl_loss_of(tape, "ce reduction=sum", x, y, NULL))[0], -log(product), rounding);
    assert_near(sl_values(sl_cross_entropy(tape, x, y))[0], -log(product) / POINTS, rounding);
    sl_ctx_free(ctx);
}

typedef struct {
    sl_tensor *x, *label;
} loss_job;

static sl_tensor *loss_of_scores(sl_tape *tape, void *user)
{
    const loss_job *job = user;
    return sl_cross_entropy(tape, job->x, job->label);
}

static void S58_the_gradient_is_p_minus_y(void **unused)
{
    (void)unused;
    static const double wanted[] = { -0.3409989, 0.2424330, 0.0985659 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    loss_job job = { loss_numbers(ctx, sl_dims(1, 3), loss_scores, true),
                     loss_numbers(ctx, sl_dims(1), (const double[]){ 0 }, false) };
    sl_backward(tape, sl_cross_entropy(tape, job.x, job.label));
    for (int j = 0; j < 3; j++)
        assert_near(sl_gradient(job.x)[j], wanted[j], engine_tolerance(2e-7, 5e-8));
    sl_tensor *z = loss_numbers(ctx, sl_dims(1), (const double[]){ 1.25 }, true);
    sl_tensor *yes = loss_numbers(ctx, sl_dims(1), (const double[]){ 1 }, false);
    sl_backward(tape, sl_binary_cross_entropy(tape, z, yes));
    assert_near(sl_gradient(z)[0], 1 / (1 + exp(-1.25)) - 1, engine_tolerance(2e-7, 1e-14));
    sl_gradcheck_result result;
    assert_int_equal(sl_gradcheck(ctx, loss_of_scores, &job, &job.x, 1, &result), SL_OK);
    assert_true(result.worst < engine_tolerance(1e-2, 1e-7));
    sl_ctx_free(ctx);
}

/* KL(t || p): logits that are log p give p. */
static double divergence(sl_tape *tape, const char *word, const double *t, const double *p, int width)
{
    double logits[8];
    for (int j = 0; j < width; j++)
        logits[j] = log(p[j]) + 3; /* a shift of all of them is nothing */
    sl_ctx *ctx = sl_tape_ctx(tape);
    sl_tensor *loss = sl_loss_of(tape, word, loss_numbers(ctx, sl_dims(1, width), logits, false),
                                 loss_numbers(ctx, sl_dims(1, width), t, false), NULL);
    assert_fine(ctx);
    return (double)sl_values(loss)[0];
}

static void S59_kl_is_not_symmetric(void **unused)
{
    (void)unused;
    static const double half[] = { 0.5, 0.5 }, sure[] = { 0.9, 0.1 }, t[] = { 0.125, 0.5, 0, 0.375 },
                        p[] = { 0.4, 0.3, 0.2, 0.1 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    assert_near(divergence(tape, "kl", half, sure, 2), 0.5108256, engine_tolerance(3e-7, 5e-8));
    assert_near(divergence(tape, "kl", sure, half, 2), 0.3680642, engine_tolerance(3e-7, 5e-8));
    double entropy = 0, cross = 0;
    for (int j = 0; j < 4; j++) {
        entropy -= t[j] > 0 ? t[j] * log(t[j]) : 0; /* 0 log 0 = 0 */
        cross -= t[j] * log(p[j]);
    }
    const double kl = divergence(tape, "kl", t, p, 4);
    assert_near(cross - kl, entropy, engine_tolerance(5e-7, 1e-12));
    assert_near(divergence(tape, "kl", p, p, 4), 0, engine_tolerance(2e-7, 1e-15));
    double mixed = 0; /* cross-entropy by labels is linear in the target: sum_j t_j CE(j) = CE(t) */
    for (int j = 0; j < 4; j++) {
        double logits[4];
        for (int k = 0; k < 4; k++)
            logits[k] = log(p[k]);
        mixed += t[j] * (double)sl_values(
                            sl_cross_entropy(tape, loss_numbers(ctx, sl_dims(1, 4), logits, false),
                                             loss_numbers(ctx, sl_dims(1), (const double[]){ j }, false)))[0];
    }
    assert_near(mixed - kl, entropy, engine_tolerance(5e-7, 1e-12));
    sl_ctx_free(ctx);
}

/* Whatever finite logits: no NaN, no infinite gradient, in any loss that takes logits, smoothed too. */
static void S67_no_loss_of_finite_logits_is_nan(void **unused)
{
    (void)unused;
    static const char *const words[] = { "ce smoothing=0.1", "bce smoothing=0.3", "kl", "hinge",
                                         "perceptron" };
    enum { WIDTH = 4 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    uint64_t state = 18;
    sl_tensor *x = sl_param(ctx, sl_dims(1, WIDTH), "zeros"), *label = sl_tensor_new(ctx, sl_dims(1), NULL);
    sl_tensor *target = sl_tensor_new(ctx, sl_dims(1, WIDTH), NULL);
    for (int i = 0; i < 20000; i++) {
        const char *word = words[i % 5];
        const bool labels = word[0] == 'c' || word[0] == 'h', shares = word[0] == 'k';
        for (int j = 0; j < WIDTH; j++) {
            const double size = ldexp(engine_uniform(&state, -1, 1), (int)engine_below(&state, 278) - 150);
            sl_values(x)[j] = engine_below(&state, 9) ? (sl_real)size : (sl_real)copysign(3.4e38, size);
            sl_values(target)[j] = shares ? 0 : (sl_real)engine_below(&state, 2);
        }
        sl_values(label)[0] = (sl_real)engine_below(&state, WIDTH);
        for (int j = 0; shares && j < 4; j++)
            sl_values(target)[engine_below(&state, WIDTH)] += (sl_real)0.25;
        memset(x->g, 0, WIDTH * sizeof *x->g);
        sl_tensor *loss = sl_loss_of(tape, word, x, labels ? label : target, NULL);
        sl_backward(tape, loss);
        assert_fine(ctx);
        if (isnan((double)sl_values(loss)[0]) || sl_values(loss)[0] < (sl_real)-1e-6)
            fail_msg("%s of %g %g %g %g is %g", word, (double)x->v[0], (double)x->v[1], (double)x->v[2],
                     (double)x->v[3], (double)sl_values(loss)[0]);
        for (int j = 0; j < WIDTH; j++)
            assert_true(fabs((double)sl_gradient(x)[j]) <= 1.000001);
    }
    sl_ctx_free(ctx);
}

/* Linear regression, prediction w1 + w2 x, error e = prediction - y, e^2: the gradient of a point is (2e, 2x
 * e). */
static void S105_the_gradient_of_a_point(void **unused)
{
    (void)unused;
    static const double points[][2] = { { 2, 3 }, { -1, 0.5 }, { 0, 4 }, { 3, 3 } }; /* x, y */
    const double w1 = 0.5, w2 = 1.5;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int i = 0; i < 4; i++) {
        sl_tensor *w = loss_numbers(ctx, sl_dims(1, 1), &w2, true),
                  *b = loss_numbers(ctx, sl_dims(1), &w1, true);
        sl_tensor *x = loss_numbers(ctx, sl_dims(1, 1), &points[i][0], false);
        sl_tensor *y = loss_numbers(ctx, sl_dims(1, 1), &points[i][1], false);
        sl_backward(tape, sl_mean_squared(tape, sl_linear(tape, x, w, b, NULL), y));
        assert_fine(ctx);
        const double error = w1 + w2 * points[i][0] - points[i][1];
        assert_true((double)sl_gradient(b)[0] == 2 * error);
        assert_true((double)sl_gradient(w)[0] == 2 * points[i][0] * error);
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_agree_with_pytorch),
        cmocka_unit_test(S52_S53_squared_errors),
        cmocka_unit_test(S54_binary_cross_entropy_of_a_probability),
        cmocka_unit_test(S55_S56_negative_log_likelihood_is_cross_entropy),
        cmocka_unit_test(S57_the_log_of_a_product_is_the_sum_of_logs),
        cmocka_unit_test(S58_the_gradient_is_p_minus_y),
        cmocka_unit_test(S59_kl_is_not_symmetric),
        cmocka_unit_test(S67_no_loss_of_finite_logits_is_nan),
        cmocka_unit_test(S105_the_gradient_of_a_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
