/* Initialisers: variances against the formulas, orthogonal matrices, symmetry, options (S130 to S133). Runs
 * in both builds; start_test.c has what models make of them. */
#include "engine.h"
#include "init/init.h"

enum { INIT_ROWS = 128, INIT_COLUMNS = 300 };

typedef struct {
    double mean, std, fourth, most;
} init_moments;

static init_moments init_moments_of(const sl_real *v, size_t n)
{
    init_moments m = { 0 };
    for (size_t i = 0; i < n; i++) {
        m.mean += (double)v[i] / (double)n;
        m.most = fmax(m.most, fabs((double)v[i]));
    }
    for (size_t i = 0; i < n; i++) {
        const double square = ((double)v[i] - m.mean) * ((double)v[i] - m.mean);
        m.std += square / (double)n;
        m.fourth += square * square / (double)n;
    }
    m.fourth /= m.std * m.std; /* 3 of a normal, 9/5 of a uniform distribution */
    m.std = sqrt(m.std);
    return m;
}

static sl_tensor *init_matrix(sl_ctx *ctx, int rows, int columns, const char *init)
{
    sl_tensor *w = sl_param(ctx, sl_dims(rows, columns), init);
    assert_fine(ctx);
    return w;
}

/* std within 1 %, of 300 inputs and 128 outputs; most 0: unbounded */
static void init_check(const char *init, double std, double fourth, double most)
{
    sl_ctx *ctx = engine_ctx(1);
    const init_moments m =
        init_moments_of(sl_values(init_matrix(ctx, INIT_ROWS, INIT_COLUMNS, init)), INIT_ROWS * INIT_COLUMNS);
    if (!(fabs(m.std / std - 1) <= 0.01) || fabs(m.mean) > 0.025 * std || fabs(m.fourth - fourth) > 0.12 ||
        (most > 0 && !(m.most <= most && m.most > 0.999 * most)))
        fail_msg("%s: mean %g, std %g, fourth moment %g, largest %g", init, m.mean, m.std, m.fourth, m.most);
    sl_ctx_free(ctx);
}

static void S131_xavier_and_lecun_have_their_variance(void **unused)
{
    (void)unused;
    init_check("xavier", 0.0683586, 3, 0); /* sqrt(2 / 428) */
    init_check("xavier_normal", 0.0683586, 3, 0);
    init_check("xavier_uniform", 0.0683586, 1.8, 0.1184005); /* sqrt(6 / 428) */
    init_check("lecun", 0.0577350, 3, 0);                    /* sqrt(1 / 300) */
    init_check("lecun_normal", 0.0577350, 3, 0);
    init_check("lecun_uniform", 0.0577350, 1.8, 0.1);
}

static void S132_he_has_its_variance(void **unused)
{
    (void)unused;
    init_check("he", 0.0816497, 3, 0); /* sqrt(2 / 300) */
    init_check("he_normal", 0.0816497, 3, 0);
    init_check("he_uniform", 0.0816497, 1.8, 0.1414214);
}

static void S133_pytorch_and_fixed_spreads(void **unused)
{
    (void)unused;
    init_check("pytorch", 0.0333333, 1.8,
               0.0577351); /* T5: sqrt(1 / (3 300)), six times less variance than he */
    init_check("normal", 0.05, 3, 0);
    init_check("normal:2", 2, 3, 0);
    init_check("uniform", 0.0288675, 1.8, 0.05);
    init_check("uniform range=3", 1.7320508, 1.8, 3);
    init_check("truncated_normal", 0.05 * 0.8796257, 2.3672, 0.1); /* by the moments of a cut normal law */
    init_check("truncated_normal:2", 2 * 0.8796257, 2.3672, 4);
}

/* The second moment behind 20 layers of 300 relu over that of the first: the mean of 4 nets. */
static double init_kept(const char *init, const char *activation, int layers)
{
    enum { WIDTH = 300, ROWS = 32, NETS = 4 };
    double sum = 0;
    for (uint64_t seed = 1; seed <= NETS; seed++) {
        sl_ctx *ctx = engine_ctx(seed);
        uint64_t state = seed;
        sl_tape *tape = sl_tape_new(ctx, SL_INFER);
        sl_tensor *h = sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), NULL);
        engine_fill(&state, sl_values(h), ROWS * WIDTH, -1, 1);
        double first = 0, last = 0;
        for (int layer = 0; layer <= layers; layer++) {
            if (layer)
                h = sl_linear(tape, h, init_matrix(ctx, WIDTH, WIDTH, init), NULL, activation);
            last = 0;
            for (size_t i = 0; i < sl_count(h); i++)
                last += (double)sl_values(h)[i] * (double)sl_values(h)[i];
            if (layer <= (activation != NULL)) /* the input of relu has both signs */
                first = last;
        }
        sum += last / first / NETS;
        sl_ctx_free(ctx);
    }
    return sum;
}

static void S132_he_keeps_the_variance_over_20_relu_layers(void **unused)
{
    (void)unused;
    const double he = init_kept("he", "relu", 20), uniform = init_kept("he_uniform", "relu", 20);
    assert_true(he > 0.5 && he < 2);
    assert_true(uniform > 0.5 && uniform < 2);
    assert_true(init_kept("xavier", "relu", 20) < 1e-5); /* 2^-19 */
    const double kept = init_kept("orthogonal", NULL, 10);
    assert_true(fabs(kept - 1) < engine_tolerance(1e-4, 1e-12));
}

/* W Wᵀ (or Wᵀ W) = gain² I */
static void init_orthonormal(const sl_real *w, size_t rows, size_t columns, double gain)
{
    const bool wide = columns >= rows;
    const size_t vectors = wide ? rows : columns, n = wide ? columns : rows;
    for (size_t a = 0; a < vectors; a++)
        for (size_t b = 0; b <= a; b++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++)
                dot += (double)(wide ? w[a * columns + i] : w[i * columns + a]) *
                       (double)(wide ? w[b * columns + i] : w[i * columns + b]);
            assert_near(dot / gain / gain, a == b, engine_tolerance(1e-6, 1e-13));
        }
}

static void orthogonal_matrices_are_orthogonal(void **unused)
{
    (void)unused;
    static const int shapes[][2] = { { 1, 1 }, { 5, 5 }, { 3, 40 }, { 40, 3 }, { 131, 130 }, { 120, 120 } };
    sl_isa isas[SL_ISA_COUNT];
    const int count = engine_isas(isas);
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        static sl_real plain[131 * 131];
        for (int i = 0; i < count; i++) {
            sl_ctx *ctx = engine_ctx(s + 1);
            ctx->isa = isas[i];
            sl_tensor *w =
                init_matrix(ctx, shapes[s][0], shapes[s][1], s % 2 ? "orthogonal" : "orthogonal gain=3");
            init_orthonormal(sl_values(w), (size_t)shapes[s][0], (size_t)shapes[s][1], s % 2 ? 1 : 3);
            if (i == 0)
                memcpy(plain, sl_values(w), sl_count(w) * sizeof *plain);
            assert_bits(sl_values(w), plain, sl_count(w));
            sl_ctx_free(ctx);
        }
    }
    /* Every rotation and reflection alike: the first number of 2 x 2 is the cosine of a uniform angle. */
    double mean = 0, square = 0, reflections = 0;
    sl_ctx *ctx = engine_ctx(1);
    for (int i = 0; i < 2000; i++) {
        const sl_real *w = sl_values(init_matrix(ctx, 2, 2, "orthogonal"));
        mean += (double)w[0] / 2000;
        square += (double)w[0] * (double)w[0] / 2000;
        reflections += (w[0] * w[3] - w[1] * w[2] < 0) / 2000.;
    }
    assert_true(fabs(mean) < 0.08 && fabs(square - 0.5) < 0.04 && fabs(reflections - 0.5) < 0.06);
    sl_ctx_free(ctx);
}

/* Two layers, tanh, five steps of gradient descent; how many different units the hidden layer then has. */
static int init_kinds(const char *init)
{
    enum { IN = 3, HIDDEN = 6 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 4;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(8, IN), NULL),
              *target = sl_tensor_new(ctx, sl_dims(8, 2), NULL);
    engine_fill(&state, sl_values(x), 8 * IN, -1, 1);
    engine_fill(&state, sl_values(target), 16, -1, 1);
    sl_tensor *p[] = { init_matrix(ctx, HIDDEN, IN, init), sl_param(ctx, sl_dims(HIDDEN), "zeros"),
                       init_matrix(ctx, 2, HIDDEN, init), sl_param(ctx, sl_dims(2), "zeros") };
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = (sl_real)0.5), p, 4);
    for (int i = 0; i < 5; i++) {
        sl_tensor *h = sl_linear(tape, x, p[0], p[1], "tanh");
        sl_backward(tape, sl_mean_squared(tape, sl_linear(tape, h, p[2], p[3], NULL), target));
        sl_step_apply(step);
    }
    assert_fine(ctx);
    int kinds = 0;
    for (int a = 0; a < HIDDEN; a++) {
        bool seen = false;
        for (int b = 0; b < a; b++)
            seen = seen || !memcmp(sl_values(p[0]) + a * IN, sl_values(p[0]) + b * IN, IN * sizeof(sl_real));
        kinds += !seen;
    }
    if (!strcmp(init, "zeros")) /* not even that: the gradient goes through weights that are 0 */
        for (int i = 0; i < HIDDEN * IN; i++)
            assert_true(sl_values(p[0])[i] == 0);
    sl_ctx_free(ctx);
    return kinds;
}

static void S130_equal_units_stay_equal(void **unused)
{
    (void)unused;
    assert_int_equal(init_kinds("zeros"), 1);
    assert_int_equal(init_kinds("constant"), 1);
    assert_int_equal(init_kinds("constant:-0.7"), 1);
    assert_int_equal(init_kinds("normal"), 6);
}

static void an_initialiser_reads_its_options(void **unused)
{
    (void)unused;
    static const char *const same[][2] = { { "normal:0.01", "normal std=0.01" },
                                           { "normal:0.01", "normal 0.01" },
                                           { "normal", "normal:0.05" },
                                           { "xavier", "xavier_normal" },
                                           { "he", "he_normal" },
                                           { "lecun", "lecun_normal" },
                                           { "orthogonal", "orthogonal gain=1" } };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        sl_ctx *a = engine_ctx(3), *b = engine_ctx(3);
        assert_bits(sl_values(init_matrix(a, 4, 5, same[i][0])), sl_values(init_matrix(b, 4, 5, same[i][1])),
                    20);
        sl_ctx_free(a);
        sl_ctx_free(b);
    }
    static const char *const wrong[][2] = {
        { "normal:0",
          "initialiser 'normal': std is 0: wants a number above 0 and at most 1e30 (default 0.05)" },
        { "normal range=1", "initialiser 'normal': unknown option 'range'" },
        { "normal:", "wants a number behind the colon" },
        { "uniform:-1", "range is -1: wants a number above 0" },
        { "truncated_normal:0", "std is 0: wants a number above 0" },
        { "constant:inf", "value is" },
        { "orthogonal:0", "gain is 0: wants a number above 0 and at most 1e30 (default 1)" },
        { "he:2", "initialiser 'he' takes no options: found '2'" },
        { "glorot", "unknown initialiser 'glorot'" },
    };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(sl_param(ctx, sl_dims(2, 2), wrong[i][0]));
        assert_says(ctx, SL_EINVAL, wrong[i][1]);
    }
    const sl_real *v = sl_values(init_matrix(ctx, 2, 2, "constant value=0.25"));
    for (int i = 0; i < 4; i++)
        assert_true(v[i] == (sl_real)0.25);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S131_xavier_and_lecun_have_their_variance),
        cmocka_unit_test(S132_he_has_its_variance),
        cmocka_unit_test(S133_pytorch_and_fixed_spreads),
        cmocka_unit_test(S132_he_keeps_the_variance_over_20_relu_layers),
        cmocka_unit_test(orthogonal_matrices_are_orthogonal),
        cmocka_unit_test(S130_equal_units_stay_equal),
        cmocka_unit_test(an_initialiser_reads_its_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
