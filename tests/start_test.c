/* Where weights start: the spread of each initialiser against its formula, that each parameter draws numbers
 * of its own from the seed, and that a small net started so learns XOR. Runs in both builds. */
#include "engine.h"
#include "init/init.h"

typedef struct {
    double mean, std, least, most;
} spread;

static spread spread_of(const sl_real *v, size_t n)
{
    spread s = { .least = (double)v[0], .most = (double)v[0] };
    for (size_t i = 0; i < n; i++)
        s.mean += (double)v[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        s.std += ((double)v[i] - s.mean) * ((double)v[i] - s.mean) / (double)n;
        s.least = fmin(s.least, (double)v[i]);
        s.most = fmax(s.most, (double)v[i]);
    }
    s.std = sqrt(s.std);
    return s;
}

/* S131, S132, S133, T5: standard deviations within 1 %, of 300 inputs and 128 outputs */
static void S131_S132_S133_spreads(void **unused)
{
    (void)unused;
    static const struct {
        const char *init;
        double std, bound; /* bound 0: normal, not bounded */
    } cases[] = { { "xavier", 0.0683586, 0 },
                  { "he", 0.0816497, 0 },
                  { "pytorch", 0.0333333, 0.0577351 }, /* U(+-1/sqrt(300)): variance 1/(3 300) */
                  { "normal", 0.05, 0 },
                  { "normal:0.01", 0.01, 0 },
                  { "uniform", 0.05 / 1.7320508, 0.05 },
                  { "uniform:2", 2 / 1.7320508, 2 },
                  { "zeros", 0, 1e-300 } };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_tensor *w = sl_param(ctx, sl_dims(128, 300), cases[i].init);
        assert_fine(ctx);
        const spread s = spread_of(sl_values(w), sl_count(w));
        if (!(fabs(s.std - cases[i].std) <= 0.01 * cases[i].std))
            fail_msg("%s: the standard deviation is %g, not %g", cases[i].init, s.std, cases[i].std);
        assert_true(fabs(s.mean) <= 0.025 * cases[i].std); /* 4.9 standard deviations of the mean */
        if (cases[i].bound > 0)
            assert_true(-s.least <= cases[i].bound && s.most <= cases[i].bound);
        else
            assert_true(s.most > 3.5 * s.std && s.least < -3.5 * s.std && s.most < 6 * s.std);
        sl_tensor_free(w);
    }
    sl_ctx_free(ctx);
}

/* The second moment of the 20th layer's output over the first's. */
static double signal_kept(const char *net)
{
    enum { ROWS = 64, WIDTH = 256 };
    static sl_real x[ROWS * WIDTH];
    uint64_t state = 9;
    engine_fill(&state, x, ROWS * WIDTH, -1, 1);
    sl_ctx *ctx = engine_ctx(3);
    sl_model *model = sl_model_parse(ctx, net);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *h = sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), x);
    double moment[20] = { 0 };
    for (int layer = 0; layer < 20; layer++) {
        if (layer == 0)
            assert_non_null(sl_forward(tape, model, h)); /* builds it */
        h = sl_linear(tape, h, sl_model_param(model, 2 * layer), sl_model_param(model, 2 * layer + 1),
                      "relu");
        assert_fine(ctx);
        for (int i = 0; i < ROWS * WIDTH; i++)
            moment[layer] += (double)sl_values(h)[i] * (double)sl_values(h)[i];
    }
    sl_ctx_free(ctx);
    return moment[19] / moment[0];
}

static void S132_he_keeps_the_signal_through_relu(void **unused)
{
    (void)unused;
    const double he = signal_kept("20 x 256 relu"); /* he is the default of the relu family */
    assert_true(he > 0.5 && he < 2);
    assert_true(signal_kept("20 x 256 relu init=xavier") < 1e-4); /* a half a layer: 2^-19 */
}

/* In a model: he for the relu family, else xavier; biases 0, but pytorch draws them too. */
static void models_start_by_their_layers(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model =
        sl_model_parse(ctx, "input 300, 128 relu, 200 tanh, 100 init=pytorch, 50 relu init=normal:0.5");
    static const double stds[] = { 0.0816497, 0.0780869, 0.0408248, 0.5 };
    for (int layer = 0; layer < 4; layer++) {
        sl_tensor *w = sl_model_param(model, 2 * layer), *b = sl_model_param(model, 2 * layer + 1);
        const spread s = spread_of(sl_values(w), sl_count(w)),
                     of_biases = spread_of(sl_values(b), sl_count(b));
        assert_true(fabs(s.std / stds[layer] - 1) < 0.03);
        if (layer == 2) /* by the weights' fan-in: U(+-1/sqrt(200)) */
            assert_true(fabs(of_biases.std / 0.0408248 - 1) < 0.15 && of_biases.most <= 0.0707107);
        else
            assert_true(of_biases.std == 0 && of_biases.mean == 0);
    }
    sl_ctx_free(ctx);
}

static void each_parameter_draws_its_own_numbers_from_the_seed(void **unused)
{
    (void)unused;
    enum { N = 1000 };
    sl_real first[2][N];
    for (int round = 0; round < 3; round++) { /* seeds 1, 2, and 1 again */
        sl_ctx *ctx = engine_ctx(round == 1 ? 2 : 1);
        sl_tensor *a = sl_param(ctx, sl_dims(N), "normal:1"), *b = sl_param(ctx, sl_dims(N), "normal:1");
        if (round < 2)
            memcpy(first[round], sl_values(a), sizeof first[round]);
        else
            assert_bits(sl_values(a), first[0], N);
        double ab = 0, seeds = 0;
        for (int i = 0; i < N; i++) {
            ab += (double)sl_values(a)[i] * (double)sl_values(b)[i] / N;
            seeds += round == 1 ? (double)first[0][i] * (double)first[1][i] / N : 0;
        }
        assert_true(fabs(ab) < 0.16 && fabs(seeds) < 0.16); /* 5 standard deviations */
        sl_ctx_free(ctx);
    }
    /* The weights follow from the seed, not from threads or the instruction set. */
    uint64_t digest[4];
    for (int i = 0; i < 4; i++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){
            .seed = i == 3 ? 8 : 7, .threads = 1 + i % 3, .isa = i == 1 ? "plain" : NULL });
        digest[i] = sl_model_digest(sl_model_parse(ctx, "input 20, 30 relu, 10"));
        assert_fine(ctx);
        sl_ctx_free(ctx);
    }
    assert_true(digest[0] == digest[1] && digest[0] == digest[2] && digest[0] != digest[3]);
}

static void every_initialiser_is_described_and_draws(void **unused)
{
    (void)unused;
    size_t count = 0;
    for (const sl_init *init; (init = sl_init_at(count)); count++) {
        if (!init->summary || !*init->summary || !init->formula || !*init->formula || !init->source ||
            !*init->source)
            fail_msg("initialiser %s lacks its summary, formula or source", init->name);
        sl_ctx *ctx = engine_ctx(1);
        static const sl_shape shapes[] = {
            { 0, { 0 } }, { 1, { 5 } }, { 2, { 0, 3 } }, { 2, { 3, 0 } }, { 3, { 2, 3, 4 } }
        };
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
            sl_tensor *w = sl_param(ctx, shapes[s], init->name);
            assert_fine(ctx);
            for (size_t i = 0; i < sl_count(w); i++)
                assert_true(isfinite((double)sl_values(w)[i]));
        }
        sl_ctx_free(ctx);
    }
    assert_true(count >= 6);
    sl_ctx *ctx = engine_ctx(1);
    static const char *const wrong[] = { "xaver",   "normal:-1",  "normal:", "normal:x",
                                         "zeros:1", "normal:nan", "" };
    static const char *const said[] = { "'xaver': did you mean 'xavier'?",
                                        "wants a number above 0",
                                        "wants a number",
                                        "wants a number above 0",
                                        "'zeros' takes no options",
                                        "wants a number",
                                        "unknown" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(sl_param(ctx, sl_dims(3), wrong[i]));
        assert_says(ctx, SL_EINVAL, said[i]);
    }
    sl_ctx_free(ctx);
}

/* The four rows of XOR, a net of 2-4-1 with tanh: at least 95 of 100 seeds learn it. */
static void xor_is_learned_from_at_least_95_of_100_seeds(void **unused)
{
    (void)unused;
    const sl_real x[] = { 0, 0, 0, 1, 1, 0, 1, 1 }, y[] = { 0, 1, 1, 0 };
    int solved = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        sl_ctx *ctx = engine_ctx(seed);
        sl_model *model = sl_model_parse(ctx, "input 2, 4 tanh, 1");
        sl_tensor *tx = sl_tensor_new(ctx, sl_dims(4, 2), x), *ty = sl_tensor_new(ctx, sl_dims(4, 1), y);
        sl_tensor *params[4];
        for (int i = 0; i < 4; i++)
            params[i] = sl_model_param(model, i);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN), *infer = sl_tape_new(ctx, SL_INFER);
        sl_step *step = sl_step_new(ctx, sl_adam(.lr = (sl_real)0.05), params, 4);
        for (int i = 0; i < 500; i++) {
            sl_backward(tape, sl_binary_cross_entropy(tape, sl_forward(tape, model, tx), ty));
            sl_step_apply(step);
        }
        const sl_real *logit = sl_values(sl_forward(infer, model, tx));
        assert_fine(ctx);
        bool right = true;
        for (int i = 0; i < 4; i++)
            right = right && (logit[i] > 0) == (y[i] > 0);
        solved += right;
        sl_ctx_free(ctx);
    }
    if (solved < 95)
        fail_msg("%d of 100 seeds learned XOR", solved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S131_S132_S133_spreads),
        cmocka_unit_test(S132_he_keeps_the_signal_through_relu),
        cmocka_unit_test(models_start_by_their_layers),
        cmocka_unit_test(each_parameter_draws_its_own_numbers_from_the_seed),
        cmocka_unit_test(every_initialiser_is_described_and_draws),
        cmocka_unit_test(xor_is_learned_from_at_least_95_of_100_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
