/* Whole nets of 2, 20 and 200 layers under the gradient check (S74, S75), each loss, with dropout in between;
 * and layers against the operators they are made of (S71).                                                */
#include "engine.h"
#include "loss/loss.h"
#include "model/model.h"

enum { ROWS = 4, INPUTS = 3, MOST_PARAMS = 402 };

typedef struct {
    const char *net, *loss;
    bool deep;    /* start near the identity, where gradients neither vanish nor explode */
    double kinks; /* the share of elements that may lie at a kink */
} whole_net;

typedef struct {
    sl_model *model;
    const sl_loss *loss;
    sl_tensor *x, *target;
} net_job;

static sl_tensor *net_loss(sl_tape *tape, void *user)
{
    const net_job *job = user;
    return sl_loss_of(tape, job->loss->name, sl_forward(tape, job->model, job->x), job->target, NULL);
}

static sl_tensor *net_target(sl_ctx *ctx, const sl_loss *loss, int outputs, uint64_t *state)
{
    const bool classes = loss->target == SL_TARGET_CLASS;
    sl_tensor *t = sl_tensor_new(ctx, classes ? sl_dims(ROWS) : sl_dims(ROWS, outputs), NULL);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] =
            classes ? (sl_real)engine_below(state, (size_t)outputs) : (sl_real)engine_uniform(state, 0, 1);
    return t;
}

static void net_start(sl_model *model, bool deep, uint64_t *state)
{
    for (int p = 0; p < sl_model_params(model); p++) {
        sl_tensor *t = sl_model_param(model, p);
        const sl_shape s = sl_shape_of(t);
        const bool square = s.rank == 2 && s.dim[0] == s.dim[1];
        const double r = s.rank == 1 || (deep && square) ? 0.05 : sqrt(3.0 / s.dim[1]);
        engine_fill(state, sl_values(t), sl_count(t), -r, r);
        for (int i = 0; deep && square && i < s.dim[0]; i++)
            sl_values(t)[i * s.dim[0] + i] += (sl_real)1.02;
    }
}

static void check_net(const whole_net *w)
{
    sl_ctx *ctx = engine_ctx(4);
    uint64_t state = 2024;
    net_job job = { .model = sl_model_parse(ctx, w->net), .loss = sl_loss_find(ctx, w->loss, NULL) };
    sl_real x[ROWS * INPUTS];
    engine_fill(&state, x, ROWS * INPUTS, -1, 1);
    job.x = sl_tensor_new(ctx, sl_dims(ROWS, INPUTS), x);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_forward(tape, job.model, job.x);
    assert_fine(ctx);
    job.target = net_target(ctx, job.loss, sl_shape_of(y).dim[1], &state);
    net_start(job.model, w->deep, &state);
    sl_tape_reset(tape);
    assert_int_equal(sl_backward(tape, net_loss(tape, &job)), SL_OK);
    const sl_tensor *first = sl_model_param(job.model, 0);
    double largest = 0;
    for (size_t i = 0; i < sl_count(first); i++)
        largest =
            fabs((double)sl_gradient(first)[i]) > largest ? fabs((double)sl_gradient(first)[i]) : largest;
    if (!(largest > 1e-4 && largest < 10))
        fail_msg("%s: the first layer's gradient is at most %g: nothing to compare", w->net, largest);
    sl_tape_free(tape);

    sl_tensor *params[MOST_PARAMS];
    const int count = sl_model_params(job.model);
    assert_in_range(count, 1, MOST_PARAMS);
    for (int p = 0; p < count; p++)
        params[p] = sl_model_param(job.model, p);
    sl_gradcheck_result result;
    sl_gradcheck(ctx, net_loss, &job, params, count, &result);
    assert_fine(ctx);
    assert_int_equal(result.checked + result.skipped, sl_model_parameters(job.model));
    assert_true((double)result.skipped <= w->kinks * (double)result.checked);
    if (!(result.worst < engine_tolerance(2e-2, 1e-7)))
        fail_msg("%s, %s: error %g in %s[%zu]: %.12g computed, %.12g numerical", w->net, w->loss,
                 result.worst, result.place, result.element, result.computed, result.numerical);
    sl_ctx_free(ctx);
}

static const whole_net whole_nets[] = {
    { "5 tanh, 3", "cross_entropy", false, 0 },
    { "5 relu, 1", "binary_cross_entropy", false, 0.1 },
    { "5 sigmoid, 2", "mean_squared", false, 0 },
    { "6 relu, dropout 0.3, 4 softmax", "mean_squared", false, 0.1 },
    { "19 x 4 tanh, 3", "cross_entropy", true, 0 },
    { "9 x 5 tanh, 5 relu, dropout 0.2, 9 x 5 tanh, 1", "binary_cross_entropy", true, 0.1 },
    { "19 x 4 tanh, 2", "mean_squared", true, 0 },
    { "199 x 3 tanh, 3", "cross_entropy", true, 0 },
    { "199 x 2 tanh, 1", "binary_cross_entropy", true, 0 },
    { "99 x 2 tanh, dropout 0.1, 99 x 2 tanh, 2", "mean_squared", true, 0 },
};

static void S74_S75_gradients_of_2_to_200_layers(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof whole_nets / sizeof *whole_nets; i++)
        if (ENGINE_DOUBLE ||
            !(whole_nets[i].deep || whole_nets[i].kinks > 0)) /* float cannot tell the others */
            check_net(&whole_nets[i]);
}

/* S71: a layer is its operators; loss, outputs and gradients are the same bits. */
static void S71_layers_equal_the_operators_they_are_made_of(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(8);
    uint64_t state = 5;
    sl_real x[ROWS * INPUTS], labels[ROWS] = { 2, 0, 1, 3 };
    engine_fill(&state, x, ROWS * INPUTS, -1, 1);
    sl_model *model =
        sl_sequential(ctx, sl_input(.units = INPUTS), sl_dense(.units = 7, .activation = "tanh"),
                      sl_dropout(.rate = (sl_real)0.25), sl_dense(.units = 4));
    assert_fine(ctx);
    assert_int_equal(sl_model_params(model), 4);
    sl_tensor *input = sl_tensor_new(ctx, sl_dims(ROWS, INPUTS), x),
              *truth = sl_tensor_new(ctx, sl_dims(ROWS), labels);
    sl_tensor *p[4];
    for (int i = 0; i < 4; i++)
        p[i] = engine_param(ctx, sl_shape_of(sl_model_param(model, i)), sl_values(sl_model_param(model, i)));
    sl_tape *one = sl_tape_new(ctx, SL_TRAIN), *other = sl_tape_new(ctx, SL_TRAIN);
    for (int step = 0; step < 3; step++) {
        sl_tensor *by_layers = sl_cross_entropy(one, sl_forward(one, model, input), truth);
        sl_tensor *h = sl_dropout_of(other, sl_linear(other, input, p[0], p[1], "tanh"), (sl_real)0.25);
        sl_tensor *by_hand = sl_cross_entropy(other, sl_linear(other, h, p[2], p[3], NULL), truth);
        assert_bits(sl_values(by_layers), sl_values(by_hand), 1);
        assert_int_equal(sl_backward(one, by_layers), SL_OK);
        assert_int_equal(sl_backward(other, by_hand), SL_OK);
        for (int i = 0; i < 4; i++)
            assert_bits(sl_gradient(sl_model_param(model, i)), sl_gradient(p[i]), sl_count(p[i]));
    }
    sl_ctx_free(ctx);
}

/* Copies the parameters first, first + 1, ... of one model into another's. */
static void copy_params(sl_model *to, sl_model *from, int first)
{
    for (int i = 0; i < sl_model_params(to); i++) {
        sl_tensor *a = sl_model_param(to, i), *b = sl_model_param(from, first + i);
        assert_int_equal(sl_count(a), sl_count(b));
        memcpy(sl_values(a), sl_values(b), sl_count(a) * sizeof(sl_real));
    }
}

/* S7: a net is a composition: two halves in a row are the whole, bit for bit. */
static void S7_two_halves_are_the_whole(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(8);
    uint64_t state = 6;
    sl_model *whole = sl_model_parse(ctx, "input 3, 9 relu, 8 tanh, 7 sigmoid, 4");
    sl_model *front = sl_model_parse(ctx, "input 3, 9 relu, 8 tanh"),
             *back = sl_model_parse(ctx, "input 8, 7 sigmoid, 4");
    assert_fine(ctx);
    copy_params(front, whole, 0);
    copy_params(back, whole, 4);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(50, 3), NULL);
    engine_fill(&state, sl_values(x), 150, -2, 2);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *y = sl_forward(tape, whole, x), *z = sl_forward(tape, back, sl_forward(tape, front, x));
    assert_fine(ctx);
    assert_bits(sl_values(y), sl_values(z), 200);
    sl_ctx_free(ctx);
}

/* S10: layers without activation collapse into one: W' = W2 W1, b' = W2 b1 + b2; with tanh in between not. */
static double collapse_gap(const char *net)
{
    sl_ctx *ctx = engine_ctx(8);
    uint64_t state = 7;
    sl_model *model = sl_model_parse(ctx, net);
    assert_int_equal(sl_model_params(model), 20);
    net_start(model, false, &state);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *w = sl_model_param(model, 0), *b = sl_model_param(model, 1);
    for (int layer = 1; layer < 10; layer++) { /* b as a row: b1 W2ᵀ + b2 */
        sl_tensor *row = sl_tensor_new(ctx, (sl_shape){ 2, { 1, (int)sl_count(b) } }, sl_values(b));
        b = sl_linear(tape, row, sl_model_param(model, 2 * layer), sl_model_param(model, 2 * layer + 1),
                      NULL);
        w = sl_matmul(tape, sl_model_param(model, 2 * layer), w);
    }
    sl_tensor *bias = sl_tensor_new(ctx, sl_dims(3), sl_values(b)),
              *x = sl_tensor_new(ctx, sl_dims(1000, 6), NULL);
    engine_fill(&state, sl_values(x), 6000, -1, 1);
    sl_tensor *one = sl_linear(tape, x, w, bias, NULL), *ten = sl_forward(tape, model, x);
    assert_fine(ctx);
    double gap = 0;
    for (size_t i = 0; i < 3000; i++) {
        const double here = fabs((double)sl_values(one)[i] - (double)sl_values(ten)[i]);
        gap = here > gap ? here : gap;
    }
    sl_ctx_free(ctx);
    return gap;
}

static void S10_linear_layers_collapse_into_one(void **unused)
{
    (void)unused;
    assert_true(collapse_gap("input 6, 9 x 8, 3") < 1e-5);
    assert_true(collapse_gap("input 6, 4 x 8, 8 tanh, 4 x 8, 3") > 1e-2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S74_S75_gradients_of_2_to_200_layers),
        cmocka_unit_test(S71_layers_equal_the_operators_they_are_made_of),
        cmocka_unit_test(S7_two_halves_are_the_whole),
        cmocka_unit_test(S10_linear_layers_collapse_into_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
