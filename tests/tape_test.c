/* The tape: which tensors may be used when, what backward refuses, how a failure travels; shapes, labels and
 * targets refused with the numbers; batches and modes. Runs in both builds.                           */
#include "engine.h"
#include "model/model.h"

static sl_tensor *ones(sl_ctx *ctx, sl_shape shape)
{
    sl_tensor *t = sl_tensor_new(ctx, shape, NULL);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = 1;
    return t;
}

/* --- whose tensor, and of which graph (U41, U42) --- */

static void a_tensor_of_the_graph_before_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *w = sl_param(ctx, sl_dims(3), "normal:1");
    sl_tensor *y = sl_tanh(tape, w), *loss = sl_sum(tape, y);
    assert_int_equal(sl_backward(tape, loss), SL_OK);
    assert_non_null(sl_values(y)); /* still there to look at, gradient as well */
    assert_non_null(sl_gradient(y));
    assert_null(sl_relu(tape, y)); /* but not to go on with */
    assert_says(ctx, SL_EINVAL, "relu: input 1 belongs to an earlier graph");
    sl_tensor *z = sl_tanh(tape, w); /* this one starts the new graph */
    assert_non_null(z);
    assert_null(sl_values(y));
    assert_null(sl_gradient(y));
    assert_null(sl_add(tape, z, y));
    assert_says(ctx, SL_EINVAL,
                "add: input 2 belongs to an earlier graph, which ended at sl_backward or sl_tape_reset");
    assert_int_equal(sl_backward(tape, loss), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "not a result of this tape's current graph");
    assert_non_null(sl_values(z)); /* the current graph has not suffered */
    assert_int_equal(sl_backward(tape, sl_sum(tape, z)), SL_OK);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void a_tensor_of_the_graph_before_last_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *w = sl_param(ctx, sl_dims(3), "normal:1"), *deep = w;
    for (int i = 0; i < 8; i++)
        deep = sl_tanh(tape, deep);
    sl_tape_reset(tape);
    sl_tanh(tape, w);
    sl_tape_reset(tape);
    sl_tensor *now = sl_tanh(tape, w); /* the third graph is shorter: deep's place is not taken again */
    assert_null(sl_mul(tape, now, deep));
    assert_says(ctx, SL_EINVAL, "mul: input 2 belongs to an earlier graph");
    assert_null(sl_values(deep));
    sl_ctx_free(ctx);
}

static void a_tensor_of_another_tape_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *one = sl_tape_new(ctx, SL_TRAIN), *other = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *w = sl_param(ctx, sl_dims(3), "normal:1");
    sl_tensor *y = sl_tanh(one, w);
    assert_null(sl_add(other, w, y));
    assert_says(ctx, SL_EINVAL, "add: input 2 is a result of another tape: read its sl_values");
    sl_tensor *loss = sl_sum(one, y);
    assert_int_equal(sl_backward(other, loss), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "not a result of this tape");
    sl_tensor *copy = sl_tensor_new(ctx, sl_dims(3), sl_values(y)); /* what the sentence advises */
    assert_non_null(sl_add(other, w, copy));
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void backward_refuses_what_it_cannot_do(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN), *infer = sl_tape_new(ctx, SL_INFER);
    sl_tensor *w = sl_param(ctx, sl_dims(2, 3), "normal:1"), *x = ones(ctx, sl_dims(2, 3));
    sl_tensor *loss = sl_sum(tape, w);
    assert_int_equal(sl_backward(tape, loss), SL_OK);
    assert_int_equal(sl_backward(tape, loss), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "walked back already: compute the loss again");
    for (int i = 0; i < 6; i++)
        assert_true(sl_gradient(w)[i] == 1); /* once, not twice */
    assert_int_equal(sl_backward(tape, sl_tanh(tape, w)), SL_ESHAPE);
    assert_says(ctx, SL_ESHAPE, "the loss has shape [2, 3]: wants a single number");
    assert_int_equal(sl_backward(tape, sl_sum(tape, x)), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "depends on no parameter");
    assert_int_equal(sl_backward(tape, w), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "not a result of this tape");
    assert_int_equal(sl_backward(tape, NULL), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "the loss is NULL");
    sl_tensor *y = sl_sum(infer, w);
    assert_null(sl_gradient(y));
    assert_int_equal(sl_backward(infer, y), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "SL_INFER");
    assert_int_equal(sl_backward(NULL, y), SL_ENOMEM);
    sl_ctx_free(ctx);
}

static void a_failure_travels_and_the_first_one_stays(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *a = ones(ctx, sl_dims(2, 3)), *b = ones(ctx, sl_dims(2, 2));
    sl_tensor *loss = sl_mean(tape, sl_relu(tape, sl_add(tape, sl_matmul(tape, a, b), a)));
    assert_null(loss);
    assert_int_equal(sl_backward(tape, loss), SL_ESHAPE); /* the first failure, not its own */
    assert_null(sl_param(ctx, sl_dims(1), "no such thing"));
    assert_null(sl_model_parse(ctx, "no such thing"));
    assert_null(sl_tensor_new(ctx, sl_dims(-7), NULL));
    assert_null(sl_tanh(tape, a)); /* nothing goes on before sl_clear */
    assert_says(ctx, SL_ESHAPE, "matmul: shapes [2, 3] and [2, 2] do not multiply: wants [m, k] and [k, n]");
    assert_non_null(sl_tanh(tape, a));
    assert_null(sl_tanh(tape, NULL)); /* NULL without a failure is one */
    assert_says(ctx, SL_EINVAL, "tanh: input 1 is NULL: wants a tensor");
    assert_null(sl_linear(tape, a, NULL, NULL, NULL));
    assert_says(ctx, SL_EINVAL, "linear: input 2 is NULL: wants a tensor");
    assert_null(sl_forward(tape, NULL, a));
    assert_says(ctx, SL_EINVAL, "sl_forward: wants a model, and x [rows, ...]");
    assert_null(sl_tanh(NULL, a));
    assert_null(sl_values(NULL));
    assert_null(sl_gradient(NULL));
    assert_int_equal(sl_count(NULL), 0);
    assert_fine(ctx);
    sl_tape_free(NULL);
    sl_tape_reset(NULL);
    sl_tensor_free(NULL);
    sl_step_free(NULL);
    sl_model_free(NULL);
    assert_int_equal(sl_step_apply(NULL), SL_ENOMEM);
    sl_ctx_free(ctx);
    sl_ctx_free(NULL);
    assert_int_equal(sl_error(NULL), SL_ENOMEM);
}

/* --- shapes (S44), no silent broadcasting (U39) --- */

static void S44_shape_errors_name_the_place_and_both_shapes(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_model *model = sl_model_parse(ctx, "input 128, 64 relu, 10");
    sl_tensor *x = ones(ctx, sl_dims(32, 64)), *w = ones(ctx, sl_dims(5, 64));
    assert_null(sl_forward(tape, model, x));
    assert_says(ctx, SL_ESHAPE, "dense_1: wants 128 inputs, given [32, 64]");
    assert_null(sl_linear(tape, x, w, ones(ctx, sl_dims(4)), NULL));
    assert_says(ctx, SL_ESHAPE, "linear: the bias has shape [4]: wants [5], one for each output");
    assert_null(sl_linear(tape, x, ones(ctx, sl_dims(64)), NULL, NULL));
    assert_says(ctx, SL_ESHAPE, "the weights have shape [64]: wants [out, in]");
    assert_null(sl_linear(tape, x, w, NULL, "rleu"));
    assert_says(ctx, SL_EINVAL, "linear: unknown activation 'rleu': did you mean 'relu'?");
    assert_null(sl_linear(tape, x, w, NULL, "softmax"));
    assert_says(ctx, SL_EINVAL, "sl_softmax");
    assert_null(sl_mean(tape, ones(ctx, sl_dims(0, 3))));
    assert_says(ctx, SL_ESHAPE, "mean: the mean of shape [0, 3]: wants at least one element");
    assert_null(sl_tensor_new(ctx, sl_dims(2, -1), NULL));
    assert_says(ctx, SL_ESHAPE, "shape [2, -1]");
    assert_null(sl_tensor_new(ctx, sl_dims(2000000000, 2000000000, 2000000000), NULL));
    assert_says(ctx, SL_ESHAPE, "memory can hold");
    assert_null(sl_tensor_new(ctx, (sl_shape){ 7, { 1 } }, NULL));
    assert_says(ctx, SL_ESHAPE, "7 dimensions: wants 0 to 6");
    sl_ctx_free(ctx);
}

static void U39_nothing_is_stretched_but_a_row(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *n = ones(ctx, sl_dims(4)), *n1 = ones(ctx, sl_dims(4, 1)), *n4 = ones(ctx, sl_dims(4, 4));
    sl_tensor *(*const losses[])(sl_tape *, sl_tensor *, const sl_tensor *) = { sl_mean_squared,
                                                                                sl_binary_cross_entropy };
    for (int i = 0; i < 2; i++) {
        assert_null(losses[i](tape, n1, n));
        assert_says(ctx, SL_ESHAPE,
                    "the prediction has shape [4, 1] and the target [4]: wants the same shape, nothing "
                    "is stretched to fit");
        assert_null(losses[i](tape, n, n1));
        assert_says(ctx, SL_ESHAPE, "the prediction has shape [4] and the target [4, 1]");
        assert_null(losses[i](tape, ones(ctx, sl_dims(0)), ones(ctx, sl_dims(0))));
        assert_says(ctx, SL_ESHAPE, "is empty");
        assert_null(losses[i](tape, n4, n)); /* not even a row for all */
        assert_says(ctx, SL_ESHAPE, "the prediction has shape [4, 4] and the target [4]");
    }
    assert_null(sl_cross_entropy(tape, n4, n1));
    assert_says(ctx, SL_ESHAPE, "cross_entropy: the labels have shape [4, 1] for logits [4, 4]: wants [4]");
    assert_null(sl_cross_entropy(tape, n1, n));
    assert_says(ctx, SL_ESHAPE, "one output: binary_cross_entropy");
    sl_tensor *(*const pairs[])(sl_tape *, sl_tensor *, sl_tensor *) = { sl_add, sl_mul };
    for (int i = 0; i < 2; i++) {
        assert_non_null(pairs[i](tape, n4, n)); /* the row form */
        assert_non_null(pairs[i](tape, n4, ones(ctx, (sl_shape){ 0 })));
        assert_null(pairs[i](tape, n4, n1)); /* a column, a row too many, the other way round */
        assert_says(ctx, SL_ESHAPE,
                    "the second input has shape [4, 1]: wants that of the first, [4, 4], or its last");
        assert_null(pairs[i](tape, n4, ones(ctx, sl_dims(1, 4))));
        assert_says(ctx, SL_ESHAPE, "[1, 4]");
        assert_null(pairs[i](tape, n, n4));
        assert_says(ctx, SL_ESHAPE, "[4, 4]");
        assert_null(pairs[i](tape, n4, ones(ctx, sl_dims(1))));
        assert_says(ctx, SL_ESHAPE, "[1]");
    }
    sl_ctx_free(ctx);
}

/* --- labels and targets (U43) --- */

static void U43_labels_and_targets_out_of_range_are_shown(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *logits = ones(ctx, sl_dims(4, 3)), *labels = ones(ctx, sl_dims(4));
    static const struct {
        double value;
        const char *found;
    } bad_labels[] = { { 3, "label 2 is 3: wants a whole number from 0 to 2 (3 outputs)" },
                       { -1, "label 2 is -1" },
                       { 0.5, "label 2 is 0.5" },
                       { NAN, "label 2 is nan" },
                       { 1e30, "label 2 is 1" },
                       { -INFINITY, "label 2 is -inf" } };
    for (size_t i = 0; i < sizeof bad_labels / sizeof *bad_labels; i++) {
        sl_values(labels)[2] = (sl_real)bad_labels[i].value;
        assert_null(sl_cross_entropy(tape, logits, labels));
        assert_says(ctx, SL_EINVAL, bad_labels[i].found);
    }
    sl_values(labels)[2] = 2;
    assert_non_null(sl_cross_entropy(tape, logits, labels));
    sl_tensor *target = ones(ctx, sl_dims(4, 3));
    static const double bad_targets[] = { -0.125, 1.125, 2, NAN, INFINITY };
    static const char *const shown[] = { "target 7 is -0.125: wants 0 to 1", "target 7 is 1.125",
                                         "target 7 is 2", "target 7 is nan", "target 7 is inf" };
    for (int i = 0; i < 5; i++) {
        sl_values(target)[7] = (sl_real)bad_targets[i];
        assert_null(sl_binary_cross_entropy(tape, logits, target));
        assert_says(ctx, SL_EINVAL, shown[i]);
    }
    sl_values(target)[7] = 0;
    assert_non_null(sl_binary_cross_entropy(tape, logits, target));
    assert_null(sl_dropout_of(tape, logits, 1));
    assert_says(ctx, SL_EINVAL, "the dropout rate is 1: wants 0 or more, and less than 1");
    assert_null(sl_dropout_of(tape, logits, (sl_real)NAN));
    assert_says(ctx, SL_EINVAL, "the dropout rate is nan");
    sl_ctx_free(ctx);
}

/* --- batches: the same code for one row and many, the same bits for each (S42, S43) --- */

static void S42_a_batch_is_its_rows_bit_for_bit(void **unused)
{
    (void)unused;
    enum { ROWS = 37, IN = 19, OUT = 5 };
    static sl_real x[ROWS * IN];
    uint64_t state = 3;
    engine_fill(&state, x, ROWS * IN, -2, 2);
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    sl_real first[ROWS * OUT];
    for (int i = 0; i < 3; i++) {
        sl_ctx *ctx = engine_crew(isas[i], 1 + i);
        if (sl_error(ctx)) { /* not on this machine */
            sl_ctx_free(ctx);
            continue;
        }
        sl_model *model =
            sl_model_parse(ctx, "input 19, 33 relu, 21 tanh, 40 sigmoid, dropout 0.5, 5 softmax");
        sl_tape *tape = sl_tape_new(ctx, SL_INFER);
        sl_tensor *y = sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(ROWS, IN), x));
        assert_fine(ctx);
        for (int row = 0; row < ROWS; row++) {
            sl_tensor *one = sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(1, IN), x + row * IN));
            assert_fine(ctx);
            assert_bits(sl_values(one), sl_values(y) + row * OUT, OUT);
        }
        if (i == 0)
            memcpy(first, sl_values(y), sizeof first);
        assert_bits(sl_values(y), first, ROWS * OUT); /* and of every instruction set */
        sl_tensor *none = sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(0, IN), NULL));
        assert_int_equal(sl_count(none), 0);
        assert_int_equal(sl_shape_of(none).dim[1], OUT);
        assert_fine(ctx);
        sl_ctx_free(ctx);
    }
}

/* --- no outputs: the gradient of what went in is zero, not what the memory held before --- */

static void a_layer_without_outputs_gives_zero_gradients(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *p = sl_param(ctx, sl_dims(4, 3), "normal:1"), *w = sl_param(ctx, sl_dims(0, 3), "zeros");
    for (int round = 0; round < 3; round++) {
        sl_tensor *h =
            sl_tanh(tape, sl_linear(tape, p, sl_param(ctx, sl_dims(3, 3), "normal:1"), NULL, "tanh"));
        sl_tensor *loss =
            round == 1 ? sl_sum(tape, sl_linear(tape, h, w, NULL, NULL)) : sl_sum(tape, sl_mul(tape, h, h));
        assert_int_equal(sl_backward(tape, loss), SL_OK);
        for (size_t i = 0; round == 1 && i < sl_count(h); i++)
            assert_true(sl_gradient(h)[i] == 0);
    }
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tensor_of_the_graph_before_is_refused),
        cmocka_unit_test(a_tensor_of_the_graph_before_last_is_refused),
        cmocka_unit_test(a_tensor_of_another_tape_is_refused),
        cmocka_unit_test(backward_refuses_what_it_cannot_do),
        cmocka_unit_test(a_failure_travels_and_the_first_one_stays),
        cmocka_unit_test(S44_shape_errors_name_the_place_and_both_shapes),
        cmocka_unit_test(U39_nothing_is_stretched_but_a_row),
        cmocka_unit_test(U43_labels_and_targets_out_of_range_are_shown),
        cmocka_unit_test(S42_a_batch_is_its_rows_bit_for_bit),
        cmocka_unit_test(a_layer_without_outputs_gives_zero_gradients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
