/* How signals and gradients come through many layers, and what lets them through. */
#include "engine.h"
#include "model/model.h"

static sl_model *depth_net(sl_ctx *ctx, const char *net)
{
    sl_model *model = sl_model_parse(ctx, net);
    assert_fine(ctx);
    return model;
}

typedef struct {
    double in, out, first,
        last; /* root mean squares of signals; gradient norms of the first and last layer */
} through;

static double depth_norm(const sl_real *v, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (double)v[i] * (double)v[i];
    return sqrt(squares);
}

/* 64 rows of normal-like numbers through the net, and a random gradient back. */
static through send_through(const char *net, int width, uint64_t seed)
{
    sl_ctx *ctx = engine_ctx(seed);
    sl_model *model = depth_net(ctx, net);
    uint64_t state = seed * 77 + 5;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(64, width), NULL), *back;
    engine_fill(&state, sl_values(x), sl_count(x), -sqrt(3), sqrt(3));
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_forward(tape, model, x);
    back = sl_tensor_new(ctx, sl_shape_of(y), NULL);
    engine_fill(&state, sl_values(back), sl_count(back), -1, 1);
    through t = { .in = depth_norm(sl_values(x), sl_count(x)) / sqrt((double)sl_count(x)),
                  .out = depth_norm(sl_values(y), sl_count(y)) / sqrt((double)sl_count(y)) };
    sl_backward(tape, sl_sum(tape, sl_mul(tape, y, back)));
    assert_fine(ctx);
    const sl_tensor *first = sl_model_param(model, 0),
                    *last = sl_model_param(model, sl_model_params(model) - 2);
    t.first = depth_norm(sl_gradient(first), sl_count(first));
    t.last = depth_norm(sl_gradient(last), sl_count(last));
    sl_ctx_free(ctx);
    return t;
}

/* S20: 100 layers. (In a net as narrow as 16 chance alone moves the signal by powers of ten: log |x|^2 does a
 * random walk with steps of variance 5 / width.) */
static void S20_a_signal_comes_through_100_layers_with_he(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const through he = send_through("100 x 128 relu init=he", 128, seed),
                      small = send_through("100 x 16 relu init=normal:0.01", 16, seed);
        print_message("S20: seed %d: std after 100 layers / std before: he %.3g, normal:0.01 %.3g\n",
                      (int)seed, he.out / he.in, small.out / small.in);
        assert_true(he.out / he.in > 0.1 && he.out / he.in < 10);
        assert_true(small.out < 1e-100); /* in float: 0 */
        assert_true(ENGINE_DOUBLE || small.out == 0);
    }
}

/* S25: small starting weights as PyTorch draws them. (With he the weights' gradients of a plain relu net are
 * alike in all layers: it is homogeneous, so <W, dL/dW> is the same number in each.) */
static void S25_residual_layers_let_the_gradient_through(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const through plain = send_through("50 x 16 relu init=pytorch", 16, seed),
                      skip = send_through("25 x residual [16 relu init=pytorch, 16 init=pytorch]", 16, seed);
        print_message("S25: seed %d: gradient norm of layer 1 / layer 50: plain %.3g, residual %.3g\n",
                      (int)seed, plain.first / plain.last, skip.first / skip.last);
        assert_true(plain.first / plain.last < 1e-10);
        assert_true(skip.first / skip.last > 0.1 && skip.first / skip.last < 10);
    }
}

/* 450 rows in batches of 150: batch_norm suffers from a last batch of few rows. */
static void S26_batch_norm_lets_30_sigmoid_layers_learn(void **unused)
{
    (void)unused;
    if (ENGINE_DOUBLE)
        skip(); /* the same again */
    static const char *const nets[] = { "30 x 16 sigmoid, 1", "30 x [16, batch_norm, sigmoid], 1" };
    double accuracy[2];
    for (int i = 0; i < 2; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_data *spiral = sl_data_open(ctx, "builtin:spiral?noise=0", NULL);
        sl_model *model = depth_net(ctx, nets[i]);
        sl_compile(model, .loss = "binary_cross_entropy", .optimizer = { .lr = (sl_real)0.01 });
        sl_report *history = sl_fit(model, spiral, .epochs = i ? 400 : 100, .batch = 150);
        assert_fine(ctx);
        accuracy[i] = sl_report_at(history, sl_report_best(history), "train_accuracy");
        sl_ctx_free(ctx);
    }
    print_message("S26: train accuracy of 30 sigmoid layers %.3f, with batch_norm %.3f\n", accuracy[0],
                  accuracy[1]);
    assert_true(accuracy[0] < 0.6);
    assert_true(accuracy[1] > 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S20_a_signal_comes_through_100_layers_with_he),
        cmocka_unit_test(S25_residual_layers_let_the_gradient_through),
        cmocka_unit_test(S26_batch_norm_lets_30_sigmoid_layers_learn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
