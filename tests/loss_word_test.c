/* The words of losses with their options, what is refused, weights of rows, the same bits on every
 * instruction set. Runs in both builds. */
#include "engine.h"
#include "loss/loss.h"

static sl_tensor *word_numbers(sl_ctx *ctx, sl_shape shape, const double *values, bool learns)
{
    sl_tensor *t = learns ? sl_param(ctx, shape, "zeros") : sl_tensor_new(ctx, shape, NULL);
    assert_non_null(t);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = (sl_real)values[i];
    return t;
}

/* --- words, options, refusals --- */

static void words_with_options_read_back(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {
        { "mse", "mean_squared" },
        { "mean_squared sum", "mean_squared reduction=sum" },
        { "huber", "huber" },
        { "huber delta=1", "huber" },
        { "interval 99.9", "interval coverage=99.9" },
        { "interval coverage=90", "interval" },
        { "huber:0.3", "huber delta=0.3" },
        { "huber reduction=sum delta=0.1", "huber delta=0.1 reduction=sum" },
        { "ce smoothing=0.1 reduction=mean", "cross_entropy smoothing=0.1" },
        { "nll reduction=sum", "negative_log_likelihood reduction=sum" },
        { "binary_cross_entropy_from_probabilities reduction=sum",
          "binary_cross_entropy_from_probabilities reduction=sum" },
    };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int again = 0; again < 2; again++) {
            sl_loss_values values;
            const sl_loss *loss = sl_loss_find(ctx, pairs[i][again], &values);
            assert_fine(ctx);
            sl_text text;
            sl_text_init(&text, ctx);
            sl_loss_describe(loss, &values, &text);
            assert_string_equal(sl_text_string(&text), pairs[i][1]);
            assert_true(text.length < SL_LOSS_TEXT);
            sl_text_free(&text);
        }
    static const char *const bad[][2] = {
        { "huber delta=0", "loss huber: delta is 0: wants a number above 0 (default 1)" },
        { "quantile 1", "loss quantile: q is 1: wants a number above 0 and below 1 (default 0.5)" },
        { "ce smoothing=1", "loss cross_entropy: smoothing is 1: wants a number of at least 0 and below 1" },
        { "interval 49", "loss interval: coverage is 49: wants a number of at least 50 and at most 99.9" },
        { "mse reduction=max", "loss mean_squared: reduction is max: wants mean or sum (default mean)" },
        { "mse delta=2", "loss mean_squared: unknown option 'delta'" },
        { "hubber delta=2", "unknown loss 'hubber': did you mean 'huber'?" },
        { "accuracy", "flat almost everywhere, so its gradient is 0" }, /* S61 */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(sl_loss_find(ctx, bad[i][0], NULL));
        assert_says(ctx, SL_EINVAL, bad[i][1]);
    }
    sl_ctx_free(ctx);
}

static void wrong_tensors_are_refused(void **unused)
{
    (void)unused;
    static const double two[] = { 0.25, 0.75, 0.5, 0.6 }, minus[] = { 1, -1, 0, 2 }, weights[] = { 1, -2 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = word_numbers(ctx, sl_dims(2, 2), two, true),
              *t = word_numbers(ctx, sl_dims(2, 2), minus, false);
    sl_tensor *row = word_numbers(ctx, sl_dims(2), two, false);
    const struct {
        const char *word;
        const sl_tensor *target, *weights;
        sl_status status;
        const char *sentence;
    } cases[] = {
        { "kl", x, NULL, SL_EINVAL, "kl: the targets of row 1 add up to 1.1" },
        { "kl", t, NULL, SL_EINVAL, "kl: target 1 is -1: wants 0 to 1" },
        { "poisson", t, NULL, SL_EINVAL, "poisson: target 1 is -1: wants a count, at least 0" },
        { "perceptron", x, NULL, SL_EINVAL, "perceptron: target 0 is 0.25: wants 0 or 1" },
        { "bce", t, NULL, SL_EINVAL, "target 1 is -1: wants 0 to 1" },
        { "hinge", row, NULL, SL_EINVAL, "label 0 is 0.25: wants a whole number from 0 to 1 (2 outputs)" },
        { "huber", row, NULL, SL_ESHAPE, "[2, 2] and the target [2]: wants the same shape" },
        { "mse", x, word_numbers(ctx, sl_dims(2), weights, false), SL_EINVAL, "weight 1 is -2" },
        { "mse", x, x, SL_ESHAPE,
          "the weights have shape [2, 2] for a prediction [2, 2]: wants one weight a row, [2]" },
        { NULL, x, NULL, SL_EINVAL, "no loss" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(sl_loss_of(tape, cases[i].word, x, cases[i].target, cases[i].weights));
        assert_says(ctx, cases[i].status, cases[i].sentence);
    }
    assert_null(sl_huber(tape, x, x, 0));
    assert_says(ctx, SL_EINVAL, "huber: delta is 0: wants a number above 0 (default 1)");
    assert_null(sl_quantile(tape, x, x, 2));
    assert_says(ctx, SL_EINVAL, "quantile: q is 2");
    sl_ctx_free(ctx);
}

/* Weights that are all 1 change no bit; a weight of 2 is the row twice, one of 0 the row left out. */
static void weights_count_rows(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    uint64_t state = 6;
    sl_real x[12], labels[] = { 2, 0, 1, 1 };
    engine_fill(&state, x, 12, -2, 2);
    sl_tensor *p = engine_param(ctx, sl_dims(4, 3), x), *q = engine_param(ctx, sl_dims(4, 3), x);
    sl_tensor *y = sl_tensor_new(ctx, sl_dims(4), labels);
    sl_tensor *ones = word_numbers(ctx, sl_dims(4), (const double[]){ 1, 1, 1, 1 }, false);
    sl_tensor *plain = sl_loss_of(tape, "ce", p, y, NULL), *same = sl_loss_of(tape, "ce", q, y, ones);
    assert_bits(sl_values(plain), sl_values(same), 1);
    sl_backward(tape, sl_add(tape, plain, same));
    assert_bits(sl_gradient(p), sl_gradient(q), 12);
    const sl_real twice[] = { x[0], x[1], x[2], x[3], x[4], x[5], x[3], x[4], x[5], x[6], x[7], x[8] };
    const sl_real labels_twice[] = { 2, 0, 0, 1 };
    sl_tensor *heavy =
        sl_loss_of(tape, "ce", q, y, word_numbers(ctx, sl_dims(4), (const double[]){ 1, 2, 1, 0 }, false));
    sl_tensor *repeated = sl_cross_entropy(tape, sl_tensor_new(ctx, sl_dims(4, 3), twice),
                                           sl_tensor_new(ctx, sl_dims(4), labels_twice));
    assert_near(sl_values(heavy)[0], sl_values(repeated)[0], engine_tolerance(1e-6, 1e-15));
    sl_ctx_free(ctx);
}

/* --- the law --- */

static const char *const words[] = { "mse",
                                     "mae",
                                     "huber delta=0.3",
                                     "quantile 0.9",
                                     "bce",
                                     "bce smoothing=0.2",
                                     "binary_cross_entropy_from_probabilities",
                                     "ce",
                                     "ce smoothing=0.1",
                                     "cross_entropy_from_probabilities",
                                     "nll",
                                     "kl",
                                     "hinge",
                                     "poisson",
                                     "perceptron",
                                     "half_squared",
                                     "interval 80" };
enum { WORDS = sizeof words / sizeof *words };

static void every_loss_has_the_same_bits_everywhere(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    enum { ROWS = 37, WIDTH = 21, MOST = ROWS * WIDTH };
    for (size_t c = 0; c < WORDS; c++) {
        sl_real first[MOST + 1], now[MOST + 1];
        for (int isa = 0; isa < 3; isa++) {
            sl_ctx *ctx = engine_crew(isas[isa], 1);
            if (sl_error(ctx)) {
                sl_ctx_free(ctx);
                continue;
            }
            const sl_loss *loss = sl_loss_find(ctx, words[c], NULL);
            const bool labels = loss->target == SL_TARGET_CLASS,
                       shares = loss->target == SL_TARGET_DISTRIBUTION;
            uint64_t state = 8;
            sl_tensor *x = sl_param(ctx, sl_dims(ROWS, WIDTH), "zeros");
            sl_tensor *t = sl_tensor_new(
                ctx, labels ? sl_dims(ROWS) : sl_dims(ROWS, WIDTH / sl_loss_per_target(loss)), NULL);
            sl_tensor *w = sl_tensor_new(ctx, sl_dims(ROWS), NULL);
            engine_fill(&state, sl_values(x), MOST, loss->activation ? 0.01 : -4,
                        loss->activation ? 0.99 : 4);
            engine_fill(&state, sl_values(w), ROWS, 0, 2);
            for (size_t i = 0; i < sl_count(t); i++)
                sl_values(t)[i] = shares ? i % WIDTH == 3 || i % WIDTH == 7 ? (sl_real)0.5 : 0
                                         : (sl_real)engine_below(&state, labels ? WIDTH : 2);
            sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
            sl_tensor *l = sl_loss_of(tape, words[c], x, t, c % 2 ? w : NULL);
            sl_backward(tape, l);
            assert_fine(ctx);
            now[MOST] = sl_values(l)[0];
            memcpy(now, sl_gradient(x), MOST * sizeof *now);
            if (isa == 0)
                memcpy(first, now, sizeof now);
            assert_bits(now, first, MOST + 1);
            sl_ctx_free(ctx);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_with_options_read_back),
        cmocka_unit_test(wrong_tensors_are_refused),
        cmocka_unit_test(weights_count_rows),
        cmocka_unit_test(every_loss_has_the_same_bits_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
