/* Layers and layers inside them: counts, shapes, shared and frozen weights, running statistics, what a file
 * keeps. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "engine.h"
#include "model/model.h"

#include <unistd.h>

static sl_model *net_of(sl_ctx *ctx, const char *net)
{
    sl_model *model = sl_model_parse(ctx, net);
    assert_fine(ctx);
    return model;
}

/* S5, S17: by the formula sum (inputs + 1) outputs. */
static void S5_S17_any_depth_from_one_line_and_its_parameters(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        size_t parameters;
    } cases[] = {
        { "input 10, 5 relu, 1", 61 },
        { "input 300, 128 relu, 1", 38657 },
        { "input 2, 3 tanh, 1", 13 },
        { "input 2, 2 tanh, 3 tanh, 1", 19 },
        { "input 16, 100 x 16 relu, 1", 100 * 17 * 16 + 17 },
        { "input 8, 3 x residual [8 relu, 8], 1", 6 * 72 + 9 },
        { "input 8, batch_norm, layer_norm, 1", 2 * 16 + 9 },
        { "input 8, 8 name=a, 8 share=a, 8 share=a, 1", 72 + 9 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = net_of(ctx, cases[i].net);
        assert_int_equal(sl_model_parameters(model), cases[i].parameters);
        sl_tape *tape = sl_tape_new(ctx, SL_INFER);
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(3, sl_model_input(model).dim[0]), NULL);
        sl_tensor *y = sl_forward(tape, model, x);
        assert_fine(ctx);
        assert_int_equal(sl_shape_of(y).dim[0], 3);
        assert_int_equal(sl_shape_of(y).dim[1], 1);
        sl_ctx_free(ctx);
    }
}

/* S6, S15: names, shapes, parameters; W[l] is [out, in]. */
static void S6_S15_layers_tell_their_shapes(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = net_of(ctx, "input 5, 7 relu, residual name=r [9 tanh, residual [9], 7], 3");
    static const struct {
        const char *name, *type, *text;
        int in, out, depth, end;
        size_t parameters;
    } rows[] = {
        { "input_1", "input", "input 5", 5, 5, 0, 1, 0 },
        { "dense_1", "dense", "7 relu", 5, 7, 0, 2, 42 },
        { "r", "residual", "residual", 7, 7, 0, 7, 0 },
        { "dense_2", "dense", "9 tanh", 7, 9, 1, 4, 72 },
        { "residual_2", "residual", "residual", 9, 9, 1, 6, 0 },
        { "dense_3", "dense", "9", 9, 9, 2, 6, 90 },
        { "dense_4", "dense", "7", 9, 7, 1, 7, 70 },
        { "dense_5", "dense", "3", 7, 3, 0, 8, 24 },
    };
    assert_int_equal(sl_model_layers(model), 8);
    for (int i = 0; i < 8; i++) {
        sl_layer_info info;
        assert_int_equal(sl_model_layer(model, i, &info), SL_OK);
        assert_string_equal(info.name, rows[i].name);
        assert_string_equal(info.type, rows[i].type);
        assert_string_equal(info.text, rows[i].text);
        assert_int_equal(info.input.dim[0], rows[i].in);
        assert_int_equal(info.output.dim[0], rows[i].out);
        assert_int_equal(info.depth, rows[i].depth);
        assert_int_equal(info.end, rows[i].end);
        assert_int_equal(info.parameters, rows[i].parameters);
    }
    assert_string_equal(sl_model_param_name(model, 0), "dense_1.weight");
    assert_int_equal(sl_shape_of(sl_model_param(model, 0)).dim[0], 7); /* out */
    assert_int_equal(sl_shape_of(sl_model_param(model, 0)).dim[1], 5); /* in */
    /* a[l] = W[l] a[l-1] + b[l] by plain loops */
    sl_model *one = net_of(ctx, "input 3, 2");
    sl_real x[3] = { 1, -2, 3 }, *w = sl_values(sl_model_param(one, 0)),
            *b = sl_values(sl_model_param(one, 1));
    b[1] = 5;
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real *y = sl_values(sl_forward(tape, one, sl_tensor_new(ctx, sl_dims(1, 3), x)));
    for (int i = 0; i < 2; i++)
        assert_near(y[i],
                    (double)w[3 * i] - 2 * (double)w[3 * i + 1] + 3 * (double)w[3 * i + 2] + (double)b[i],
                    engine_tolerance(1e-6, 1e-14));
    sl_ctx_free(ctx);
}

/* S18: the lecture's XOR in six calls. */
static void S18_xor_in_six_lines(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *xor_data = sl_data_open(ctx, "builtin:xor", NULL);
    sl_model *net = sl_sequential(ctx, sl_dense(.units = 8, .activation = "tanh"), sl_dense(.units = 1));
    sl_compile(net, .loss = "binary_cross_entropy", .optimizer = { .rule = "adam", .lr = (sl_real)0.05 });
    sl_fit(net, xor_data, .epochs = 300, .batch = 4);
    const sl_real *p = sl_values(sl_predict_data(ctx, net, xor_data, 0, 4));
    assert_fine(ctx);
    for (size_t i = 0; i < 4; i++) {
        sl_real x[2], y;
        sl_data_row(xor_data, i, x, &y);
        assert_true((x[0] != x[1]) == (y != 0));
        assert_true(p[2 * i + (y != 0)] > (sl_real)0.9);
    }
    sl_ctx_free(ctx);
}

static double norm_of(const sl_real *v, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (double)v[i] * (double)v[i];
    return sqrt(squares);
}

/* y = x + f(x), from the operators themselves. */
static void a_residual_layer_is_its_operators(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    uint64_t state = 9;
    sl_model *model = net_of(ctx, "input 6, residual [4 tanh, residual [4 relu], 6]");
    sl_tensor *p[6], *x = sl_tensor_new(ctx, sl_dims(5, 6), NULL);
    engine_fill(&state, sl_values(x), 30, -1, 1);
    assert_int_equal(sl_model_params(model), 6);
    for (int i = 0; i < 6; i++)
        p[i] = engine_param(ctx, sl_shape_of(sl_model_param(model, i)), sl_values(sl_model_param(model, i)));
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN), *hand = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_forward(tape, model, x), *h = sl_linear(hand, x, p[0], p[1], "tanh");
    h = sl_add(hand, sl_linear(hand, h, p[2], p[3], "relu"), h);
    sl_tensor *z = sl_add(hand, sl_linear(hand, h, p[4], p[5], NULL), x);
    assert_fine(ctx);
    assert_bits(sl_values(y), sl_values(z), 30);
    sl_backward(tape, sl_sum(tape, sl_mul(tape, y, y)));
    sl_backward(hand, sl_sum(hand, sl_mul(hand, z, z)));
    assert_fine(ctx);
    for (int i = 0; i < 6; i++)
        assert_bits(sl_gradient(sl_model_param(model, i)), sl_gradient(p[i]), sl_count(p[i]));
    sl_ctx_free(ctx);
}

static sl_tensor *gradcheck_loss(sl_tape *tape, void *user)
{
    sl_model *model = user;
    sl_tensor *x = sl_tensor_new(sl_tape_ctx(tape), sl_dims(6, 3), NULL);
    uint64_t state = 12;
    engine_fill(&state, sl_values(x), 18, -1, 1);
    sl_tensor *y = sl_forward(tape, model, x);
    return sl_mean(tape, sl_mul(tape, y, y));
}

static void S26_gradients_of_norms_groups_and_shares(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "5 tanh, batch_norm, 4",
                                        "batch_norm, 5 tanh, layer_norm, 4",
                                        "residual [5 tanh, batch_norm, 3], 2",
                                        "6 tanh, 6 name=a tanh, 6 share=a, residual [6 share=a], 2",
                                        "batch_norm name=n, 3 tanh, batch_norm share=n, 3",
                                        "5, layer_norm, sigmoid, 3" };
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        sl_ctx *ctx = engine_ctx(4);
        sl_model *model = net_of(ctx, nets[i]);
        assert_int_equal(sl_model_build(model, sl_dims(3)), SL_OK);
        sl_gradcheck_result result;
        sl_gradcheck(ctx, gradcheck_loss, model, model->params, model->param_count, &result);
        assert_fine(ctx);
        assert_int_equal(result.checked + result.skipped, sl_model_parameters(model));
        if (!(result.worst < engine_tolerance(5e-2, 1e-6)))
            fail_msg("%s: error %g in %s[%zu]: %.12g computed, %.12g numerical", nets[i], result.worst,
                     result.place, result.element, result.computed, result.numerical);
        sl_ctx_free(ctx);
    }
}

/* Some steps of training, so that running statistics are no longer what they began as. */
static void train_some(sl_model *model, int steps)
{
    sl_ctx *ctx = model->ctx;
    uint64_t state = 31;
    const int width = model->input.dim[0];
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(16, width), NULL);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_step *step = sl_step_new(ctx, (sl_optimizer){ .lr = (sl_real)0.01, .rule = "adamw" }, model->params,
                                model->param_count);
    for (int i = 0; i < steps; i++) {
        engine_fill(&state, sl_values(x), sl_count(x), -1, 3);
        sl_tensor *y = sl_forward(tape, model, x);
        sl_backward(tape, sl_mean(tape, sl_mul(tape, y, y)));
        sl_step_apply(step);
    }
    assert_fine(ctx);
    sl_step_free(step);
    sl_tape_free(tape);
}

static void S26_a_row_does_not_depend_on_the_rest_in_evaluation(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(4);
    uint64_t state = 12;
    sl_model *model = net_of(ctx, "input 3, 9 relu, batch_norm, residual [9 tanh, batch_norm, 9], 2");
    train_some(model, 20);
    const sl_tensor *mean = model->running[0];
    assert_true(norm_of(mean->v, mean->count) > 0.01);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(40, 3), NULL), *one = sl_tensor_new(ctx, sl_dims(1, 3), NULL);
    engine_fill(&state, sl_values(x), 120, -1, 3);
    memcpy(sl_values(one), sl_values(x) + 17 * 3, 3 * sizeof(sl_real));
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *all = sl_forward(tape, model, x), *alone = sl_forward(tape, model, one);
    assert_fine(ctx);
    assert_bits(sl_values(alone), sl_values(all) + 17 * 2, 2);
    sl_ctx_free(ctx);
}

static void frozen_layers_stay_as_they_are(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model =
        net_of(ctx, "input 3, 4 tanh freeze=yes, batch_norm freeze=yes, residual freeze=yes [4], 5, 2");
    sl_real *before = malloc(model->padded * sizeof *before);
    memcpy(before, model->values, model->padded * sizeof *before);
    train_some(model, 3);
    static const bool stays[] = { true, true, true, true, true, true, false, false, false, false };
    for (int i = 0; i < model->param_count; i++) {
        const sl_tensor *t = model->params[i];
        assert_int_equal(!memcmp(t->v, before + (t->v - model->values), t->count * sizeof *before), stays[i]);
    }
    for (int i = 0; i < 2; i++) /* the frozen norm's statistics too */
        assert_bits(model->running[i]->v, before + (model->running[i]->v - model->values), 4);
    assert_int_equal(sl_model_freeze(model, "residual_1", false), SL_OK);
    assert_int_equal(sl_model_freeze(model, "dense_4", true), SL_OK);
    memcpy(before, model->values, model->padded * sizeof *before);
    train_some(model, 3);
    for (int i = 0; i < model->param_count; i++) {
        const sl_tensor *t = model->params[i];
        assert_int_equal(!memcmp(t->v, before + (t->v - model->values), t->count * sizeof *before),
                         i < 4 || i > 7);
    }
    assert_int_equal(sl_model_check_learning(model), SL_OK);
    assert_int_equal(sl_model_freeze(model, "residual_1", true), SL_OK);
    assert_int_equal(sl_model_freeze(model, "dense_3", true), SL_OK);
    assert_int_equal(sl_model_check_learning(model), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "all layers are frozen");
    assert_int_equal(sl_model_freeze(model, "dense_9", true), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "no layer is called 'dense_9'");
    free(before);
    sl_ctx_free(ctx);
}

/* Unfreezing a layer inside a frozen group: its words say so, and read again they mean the same. */
static void words_say_what_is_frozen(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model = net_of(ctx, "input 3, residual freeze=yes [4 tanh, residual [4], 3], 2");
    assert_int_equal(sl_model_freeze(model, "dense_2", false), SL_OK);
    sl_model *again = net_of(ctx, sl_model_net(model));
    assert_string_equal(sl_model_net(again), sl_model_net(model));
    static const bool learns[] = { false, false, true, true, false, false, true, true };
    for (int i = 0; i < model->param_count; i++) {
        assert_int_equal(model->params[i]->learns, learns[i]);
        assert_int_equal(again->params[i]->learns, learns[i]);
    }
    sl_ctx_free(ctx);
}

static void shared_weights_are_one_tensor(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model =
        sl_sequential(ctx, sl_input(.units = 4),
                      sl_dense(.units = 4, .activation = "tanh", .name = "a", .lr_scale = (sl_real)0.5),
                      sl_residual(sl_dense(.units = 4, .share = "a")), sl_dense(.units = 2, .decay = -1));
    assert_fine(ctx);
    assert_int_equal(sl_model_params(model), 4);
    assert_ptr_equal(model->layers[1].param[0], model->layers[3].param[0]);
    sl_real lr_scale, decay;
    sl_model_param_group(model, 1, &lr_scale, &decay);
    assert_true(lr_scale == (sl_real)0.5 && decay == 0);
    sl_model_param_group(model, 2, &lr_scale, &decay);
    assert_true(lr_scale == 1 && decay < 0);
    sl_ctx_free(ctx);
}

/* Everything that a layer can be comes back from a file, with the same answers. */
static void a_file_keeps_every_word(void **unused)
{
    (void)unused;
    char path[] = "/tmp/slope-structure-XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0 && close(handle) == 0);
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model = net_of(
        ctx, "input 12, reshape 3x4, flatten, noise 0.1, 12 tanh name=a init=normal:0.5 lr_scale=0.25, "
             "residual [12 share=a, batch_norm momentum=0.5 epsilon=0.01, dropout 0.25, residual [12 bias=no "
             "decay=0.125]], "
             "layer_norm freeze=yes, relu, 3 decay=0");
    train_some(model, 5);
    assert_int_equal(model->running_count, 2);
    assert_int_equal(sl_model_save(model, path), SL_OK);
    sl_model *again = sl_model_load(ctx, path);
    assert_fine(ctx);
    assert_string_equal(sl_model_net(again), sl_model_net(model));
    assert_int_equal(sl_model_parameters(again), sl_model_parameters(model));
    assert_int_equal(sl_model_digest(again), sl_model_digest(model));
    assert_bits(again->values, model->values, model->padded);
    for (int i = 0; i < model->count; i++) {
        assert_int_equal(again->layers[i].end, model->layers[i].end);
        assert_string_equal(again->layers[i].text, model->layers[i].text);
        assert_true(again->layers[i].spec.decay == model->layers[i].spec.decay);
    }
    /* the digest sees the running statistics */
    again->running[1]->v[3] += 1;
    assert_true(sl_model_digest(again) != sl_model_digest(model));
    unlink(path);
    sl_ctx_free(ctx);
}

/* What C can say and --net cannot: written as --net has it, or refused. */
static void words_read_back_whatever_c_says(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model =
        sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 3, .init = "normal std=0.5"));
    assert_fine(ctx);
    assert_string_equal(sl_model_net(model), "input 2, 3 init=normal:0.5");
    sl_model *again = sl_model_parse(ctx, sl_model_net(model));
    assert_true(sl_model_digest(again) == sl_model_digest(model));
    assert_null(
        sl_sequential(ctx, sl_dense(.units = 3, .name = "a b"), sl_dense(.units = 3, .share = "a b")));
    assert_says(ctx, SL_EINVAL, "a shared layer's name stands in the words of the net");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S5_S17_any_depth_from_one_line_and_its_parameters),
        cmocka_unit_test(S6_S15_layers_tell_their_shapes),
        cmocka_unit_test(S18_xor_in_six_lines),
        cmocka_unit_test(a_residual_layer_is_its_operators),
        cmocka_unit_test(S26_gradients_of_norms_groups_and_shares),
        cmocka_unit_test(S26_a_row_does_not_depend_on_the_rest_in_evaluation),
        cmocka_unit_test(frozen_layers_stay_as_they_are),
        cmocka_unit_test(words_say_what_is_frozen),
        cmocka_unit_test(shared_weights_are_one_tensor),
        cmocka_unit_test(a_file_keeps_every_word),
        cmocka_unit_test(words_read_back_whatever_c_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
