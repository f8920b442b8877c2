/* Dropout (S136): off in inference, the mean stays, and each number has its own counter. Runs in both builds.
 */
#include "engine.h"

enum { DROP_ROWS = 40, DROP_UNITS = 13 };

/* Which of rows x units survive at this seed and step, in the layer'th dropout of the graph, when each graph
 * before had `history` of them. */
static void dropout_mask(uint64_t seed, int step, int layer, int rows, int units, double rate, int history,
                         bool *kept)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed, .threads = 1 + history });
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, units), NULL),
              *w = sl_param(ctx, (sl_shape){ 0 }, "zeros");
    for (size_t i = 0; i < sl_count(x); i++)
        sl_values(x)[i] = 1;
    for (int s = 0; s < step; s++) {
        sl_tensor *before = w;
        for (int h = 0; h < history; h++)
            before = sl_dropout_of(tape, before, (sl_real)0.5);
        sl_backward(tape, sl_sum(tape, before));
    }
    for (int l = 0; l < layer; l++)
        sl_dropout_of(tape, w, (sl_real)0.5);
    sl_tensor *y = sl_dropout_of(tape, x, (sl_real)rate);
    assert_fine(ctx);
    for (size_t i = 0; i < sl_count(y); i++) {
        kept[i] = sl_values(y)[i] != 0;
        if (kept[i])
            assert_near(sl_values(y)[i], 1 / (1 - rate), 1e-6);
    }
    sl_ctx_free(ctx);
}

static void S136_a_mask_depends_on_seed_step_layer_row_and_unit_alone(void **unused)
{
    (void)unused;
    bool all[DROP_ROWS * DROP_UNITS], other[DROP_ROWS * DROP_UNITS];
    dropout_mask(5, 2, 1, DROP_ROWS, DROP_UNITS, 0.4, 0, all);
    static const int shapes[][2] = { { DROP_ROWS, DROP_UNITS }, { 1, DROP_UNITS },
                                     { 17, DROP_UNITS },        { 9, 1 },
                                     { DROP_ROWS, 5 },          { 3, 8 } };
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        dropout_mask(5, 2, 1, shapes[s][0], shapes[s][1], 0.4, (int)s % 3, other);
        for (int row = 0; row < shapes[s][0]; row++)
            for (int unit = 0; unit < shapes[s][1]; unit++)
                assert_int_equal(other[row * shapes[s][1] + unit], all[row * DROP_UNITS + unit]);
    }
    for (int what = 0; what < 3; what++) { /* another seed, step, layer: another mask */
        dropout_mask(what == 0 ? 6 : 5, what == 1 ? 3 : 2, what == 2 ? 0 : 1, DROP_ROWS, DROP_UNITS, 0.4, 1,
                     other);
        int differs = 0;
        for (int i = 0; i < DROP_ROWS * DROP_UNITS; i++)
            differs += other[i] != all[i];
        assert_in_range(differs, 180, 320); /* 2 * 0.4 * 0.6 of 520, 6 standard deviations */
    }
    dropout_mask(5, 2, 1, DROP_ROWS, DROP_UNITS, 0.6, 0, other);
    for (int i = 0; i < DROP_ROWS * DROP_UNITS; i++)
        assert_true(all[i] || !other[i]); /* a higher rate takes more of the same */
}

static void S136_dropout_keeps_the_mean_and_is_off_in_inference(void **unused)
{
    (void)unused;
    enum { N = 200000 };
    static sl_real x[N];
    uint64_t state = 8;
    engine_fill(&state, x, N, 0.5, 1.5);
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *infer = sl_tape_new(ctx, SL_INFER), *train = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *t = sl_tensor_new(ctx, sl_dims(N / 100, 100), x);
    assert_bits(sl_values(sl_dropout_of(infer, t, (sl_real)0.9)), x, N);
    assert_bits(sl_values(sl_dropout_of(train, t, 0)), x, N);
    static const double rates[] = { 0.1, 0.5, 0.8 };
    for (int i = 0; i < 3; i++) {
        const sl_real *y = sl_values(sl_dropout_of(train, t, (sl_real)rates[i]));
        double mean = 0, dropped = 0;
        for (size_t j = 0; j < N; j++) {
            mean += (double)y[j] / N;
            dropped += (y[j] == 0) / (double)N;
        }
        assert_true(fabs(dropped - rates[i]) < 0.006); /* 5 standard deviations */
        assert_true(fabs(mean - 1) < 0.025);
    }
    sl_model *model = sl_model_parse(ctx, "input 100, dropout 0.5, 7"),
             *same = sl_model_parse(ctx, "input 100, 7");
    for (int i = 0; i < 2; i++)
        memcpy(sl_values(sl_model_param(same, i)), sl_values(sl_model_param(model, i)),
               sl_count(sl_model_param(same, i)) * sizeof(sl_real));
    sl_tensor *with = sl_forward(infer, model, t), *without = sl_forward(infer, same, t);
    assert_bits(sl_values(with), sl_values(without), sl_count(without)); /* U42 */
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S136_a_mask_depends_on_seed_step_layer_row_and_unit_alone),
        cmocka_unit_test(S136_dropout_keeps_the_mean_and_is_off_in_inference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
