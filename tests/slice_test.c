/* Pieces of models, models in a row, and linear layers that are one. */
#include "engine.h"
#include "model/model.h"

static sl_model *slice_net(sl_ctx *ctx, const char *net)
{
    sl_model *model = sl_model_parse(ctx, net);
    assert_fine(ctx);
    uint64_t state = 5;
    for (int p = 0; p < sl_model_params(model); p++) { /* biases too */
        sl_tensor *t = sl_model_param(model, p);
        const double r = t->shape.rank == 1 ? 0.3 : sqrt(3.0 / t->shape.dim[1]);
        engine_fill(&state, t->v, t->count, -r, r);
    }
    for (int p = 0; p < model->running_count; p++)
        engine_fill(&state, model->running[p]->v, model->running[p]->count, 0.5, 1.5);
    return model;
}

static sl_tensor *slice_input(sl_ctx *ctx, int rows, int width)
{
    uint64_t state = 6;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, width), NULL);
    engine_fill(&state, sl_values(x), sl_count(x), -1, 1);
    return x;
}

static void S7_slicing_and_chaining_is_the_whole(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        int cut;
    } cases[] = {
        { "input 6, 9 relu, 8 tanh, 7 sigmoid, 4", 3 },
        { "input 6, 9 relu, residual [8 tanh, batch_norm, 9], dropout 0.5, 4", 6 },
        { "input 6, 9 relu, residual [8 tanh, batch_norm, 9], dropout 0.5, 4", 2 },
        { "input 6, 6 name=a, relu, 6 share=a, layer_norm, residual [6 share=a], 4", 3 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(8), *other = engine_ctx(9);
        sl_model *whole = slice_net(ctx, cases[i].net);
        const int count = sl_model_layers(whole);
        sl_model *front = sl_model_slice(whole, 0, cases[i].cut),
                 *back = sl_model_slice(whole, cases[i].cut, count);
        assert_fine(ctx);
        assert_int_equal(sl_model_layers(front) + sl_model_layers(back), count);
        sl_model *again = sl_model_chain(other, front, back);
        assert_fine(other);
        sl_tensor *x = slice_input(ctx, 50, 6);
        sl_tape *tape = sl_tape_new(ctx, SL_INFER), *far = sl_tape_new(other, SL_INFER);
        sl_tensor *y = sl_forward(tape, whole, x), *z = sl_forward(tape, back, sl_forward(tape, front, x)),
                  *q = sl_forward(far, again, slice_input(other, 50, 6));
        assert_fine(ctx);
        assert_fine(other);
        assert_bits(sl_values(y), sl_values(z), 200);
        assert_bits(sl_values(y), sl_values(q), 200);
        if (!strstr(cases[i].net, "share")) {
            assert_string_equal(sl_model_net(again), sl_model_net(whole));
            assert_int_equal(sl_model_digest(again), sl_model_digest(whole));
        }
        sl_ctx_free(other);
        sl_ctx_free(ctx);
    }
}

static void names_and_shares_in_pieces(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(8);
    sl_model *whole = slice_net(ctx, "input 6, 6 name=a, 6 share=a, relu, 6 share=a, 4");
    sl_model *back = sl_model_slice(whole, 2, 6);
    assert_fine(ctx);
    assert_string_equal(sl_model_net(back), "6 name=dense_2, relu, 6 share=dense_2, 4");
    assert_int_equal(sl_model_params(back), 4);
    sl_model *twice = sl_model_chain(ctx, sl_model_slice(back, 0, 3), back);
    assert_fine(ctx);
    assert_string_equal(sl_model_net(twice),
                        "6 name=dense_2, relu, 6 share=dense_2, 6 name=dense_1, relu, 6 share=dense_1, 4");
    assert_null(sl_model_chain(ctx, whole, back));
    assert_says(ctx, SL_ESHAPE, "the first model gives rows of [4], and the second wants [6]");
    assert_null(sl_model_slice(whole, 3, 3));
    assert_says(ctx, SL_EINVAL, "wants first < last");
    sl_model *group = slice_net(ctx, "input 6, residual [6, 6], 2");
    assert_null(sl_model_slice(group, 0, 3));
    assert_says(ctx, SL_EINVAL, "cut in two");
    assert_null(sl_model_slice(group, 2, 5));
    assert_says(ctx, SL_EINVAL, "cut in two");
    assert_int_equal(sl_model_layers(sl_model_slice(group, 2, 4)), 2);
    assert_null(sl_model_slice(sl_model_parse(ctx, "5, 6"), 0, 1));
    assert_says(ctx, SL_EINVAL, "the model has no weights yet");
    assert_null(sl_model_collapse(sl_model_parse(ctx, "5, 6")));
    assert_says(ctx, SL_EINVAL, "the model has no weights yet");
    sl_ctx_free(ctx);
}

/* A piece that takes over shared weights trains them as they were trained. */
static void pieces_keep_what_is_frozen(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(8);
    sl_model *whole = slice_net(ctx, "input 6, 6 name=a freeze=yes, relu, 6 share=a, 4");
    sl_model *back = sl_model_slice(whole, 3, 5), *small = sl_model_collapse(whole);
    assert_fine(ctx);
    assert_string_equal(sl_model_net(back), "6 freeze=yes, 4");
    assert_string_equal(sl_model_net(small), "input 6, 6 freeze=yes, relu, 4");
    whole = slice_net(ctx, "input 6, 6 name=a lr_scale=0.5 decay=0, relu, 6 share=a, 4");
    assert_string_equal(sl_model_net(sl_model_slice(whole, 3, 5)), "6 lr_scale=0.5 decay=0, 4");
    sl_ctx_free(ctx);
}

/* The largest difference of the answers on 1,000 inputs; the collapsed net must read like `as`. */
static double collapse_gap(const char *net, const char *as)
{
    sl_ctx *ctx = engine_ctx(8);
    sl_model *model = slice_net(ctx, net), *small = sl_model_collapse(model);
    assert_fine(ctx);
    assert_string_equal(sl_model_net(small), as);
    sl_tensor *x = slice_input(ctx, 1000, 6);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *a = sl_forward(tape, model, x), *b = sl_forward(tape, small, x);
    assert_fine(ctx);
    double gap = 0;
    for (size_t i = 0; i < sl_count(a); i++)
        gap = fmax(gap, fabs((double)sl_values(a)[i] - (double)sl_values(b)[i]));
    sl_ctx_free(ctx);
    return gap;
}

static void S10_S11_linear_layers_collapse_into_one(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        { "input 6, 9 x 8, 3", "input 6, 3" },
        { "input 6, 9 x 8 bias=no, 3 bias=no", "input 6, 3" },
        { "input 6, 4 x 8, dropout 0.5, identity, noise 0.1, 5 x 8, 3 tanh", "input 6, 3 tanh" },
        { "input 6, 9 x 8 tanh, 3",
          "input 6, 8 tanh, 8 tanh, 8 tanh, 8 tanh, 8 tanh, 8 tanh, 8 tanh, 8 tanh, 8 tanh, 3" },
        { "input 6, 8, relu, 8, layer_norm, 3", "input 6, 8, relu, 8, layer_norm, 3" },
        { "input 6, 6, residual [8, 8, 6], 8, 3", "input 6, 6, residual [6], 3" },
        { "input 6, 6 name=a, 6 share=a, 6 share=a", "input 6, 6" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double gap = collapse_gap(cases[i][0], cases[i][1]);
        if (!(gap < engine_tolerance(1e-5, 1e-13)))
            fail_msg("%s: off by %g", cases[i][0], gap);
    }
    /* W' = W2 W1 and b' = W2 b1 + b2, by hand */
    sl_ctx *ctx = engine_ctx(1);
    sl_model *two = sl_model_parse(ctx, "input 2, 2, 1");
    static const sl_real numbers[][4] = { { 1, 2, 3, 4 }, { 5, 6 }, { 7, 8 }, { 9 } };
    for (int i = 0; i < 4; i++)
        memcpy(sl_values(sl_model_param(two, i)), numbers[i],
               sl_count(sl_model_param(two, i)) * sizeof(sl_real));
    sl_model *one = sl_model_collapse(two);
    assert_fine(ctx);
    const sl_real *w = sl_values(sl_model_param(one, 0)), *b = sl_values(sl_model_param(one, 1));
    assert_true(w[0] == 31 && w[1] == 46 && b[0] == 92);
    assert_int_equal(sl_model_parameters(one), 3);
    sl_ctx_free(ctx);
}

/* The end's loss with its options and the optimizer go along, and outlive the model that they come from. */
static void a_piece_keeps_its_loss(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(8), *other = engine_ctx(9);
    sl_model *whole = slice_net(ctx, "input 6, 9 relu, 5, 2");
    sl_compile(whole, .loss = "huber delta=2 reduction=sum",
               .optimizer = sl_sgd(.lr = (sl_real)0.5, .schedule = "step every=7"));
    sl_model *small = sl_model_collapse(whole), *front = sl_model_slice(whole, 0, 2),
             *back = sl_model_slice(whole, 2, 4), *again = sl_model_chain(other, front, back);
    sl_model_free(whole);
    sl_model_free(front);
    sl_model_free(back);
    assert_fine(ctx);
    assert_fine(other);
    sl_model *const with[] = { small, again };
    for (int i = 0; i < 2; i++) {
        assert_string_equal(sl_model_loss(with[i]), "huber delta=2 reduction=sum");
        assert_true(with[i]->loss_values.number == 2 && with[i]->loss_values.sum);
        assert_string_equal(with[i]->optimizer.rule, "sgd");
        assert_string_equal(with[i]->optimizer.schedule, "step every=7");
    }
    sl_ctx_free(other);
    sl_ctx_free(ctx);
}

/* Every allocation fails once: no crash, the context says so, nothing is left. */
static void each_allocation_may_fail(void **unused)
{
    (void)unused;
    for (size_t fail = 1;; fail++) {
        test_memory memory = { .fail_at = fail, .fail_once = true };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        if (!ctx)
            continue;
        sl_model *whole =
            sl_model_parse(ctx, "input 4, 2 x [residual [4 tanh, 4]], 4 name=a, 4 share=a, batch_norm, 3, 2");
        sl_model *front = sl_model_slice(whole, 0, 4), *back = sl_model_slice(whole, 4, 12);
        sl_model *again = sl_model_chain(ctx, front, back), *small = sl_model_collapse(again);
        const bool failed = memory.calls >= fail;
        if (failed != (small == NULL) || failed != (sl_error(ctx) == SL_ENOMEM))
            fail_msg("allocation %d: %s", (int)fail, sl_message(ctx));
        sl_model_free(small);
        sl_model_free(again);
        sl_model_free(back);
        sl_model_free(front);
        sl_model_free(whole);
        assert_int_equal(sl_ctx_bytes(ctx), 0);
        sl_ctx_free(ctx);
        assert_int_equal(memory.blocks, 0);
        assert_false(memory.wrong_size);
        if (!failed)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S7_slicing_and_chaining_is_the_whole),
        cmocka_unit_test(names_and_shares_in_pieces),
        cmocka_unit_test(a_piece_keeps_its_loss),
        cmocka_unit_test(pieces_keep_what_is_frozen),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(S10_S11_linear_layers_collapse_into_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
