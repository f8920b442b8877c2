/* The training loop: accumulation, memory that is taken once, memory that runs out. Runs in both
 * builds. */
#include "engine.h"
#include "model/model.h"

enum { IN = 6, CLASSES = 3, MOST_ROWS = 24 };

typedef struct {
    sl_ctx *ctx;
    sl_model *model;
    sl_tape *tape;
    sl_step *step;
    sl_tensor *x, *labels;
} loop;

static const sl_real *loop_inputs(void)
{
    static sl_real x[MOST_ROWS * IN];
    uint64_t state = 31;
    engine_fill(&state, x, MOST_ROWS * IN, -1, 1);
    return x;
}

static const sl_real *loop_labels(void)
{
    static sl_real labels[MOST_ROWS];
    for (int i = 0; i < MOST_ROWS; i++)
        labels[i] = (sl_real)(i * 7 % CLASSES);
    return labels;
}

/* Rows first .. first + rows of the inputs above. What could not be made is NULL. */
static loop loop_new(const sl_ctx_options *options, const char *net, sl_optimizer optimizer, int first,
                     int rows)
{
    loop l = { .ctx = sl_ctx_new(options) };
    l.model = sl_model_parse(l.ctx, net);
    l.x = sl_tensor_new(l.ctx, sl_dims(rows, IN), loop_inputs() + first * IN);
    l.labels = sl_tensor_new(l.ctx, sl_dims(rows), loop_labels() + first);
    l.tape = sl_tape_new(l.ctx, SL_TRAIN);
    sl_forward(l.tape, l.model, l.x);
    sl_tape_reset(l.tape);
    sl_tensor *params[8] = { NULL };
    const int count = sl_model_params(l.model);
    for (int i = 0; i < count && i < 8; i++)
        params[i] = sl_model_param(l.model, i);
    if (count)
        l.step = sl_step_new(l.ctx, optimizer, params, count);
    return l;
}

static sl_tensor *loop_loss(const loop *l)
{
    return sl_cross_entropy(l->tape, sl_forward(l->tape, l->model, l->x), l->labels);
}

static sl_status loop_once(const loop *l)
{
    sl_backward(l->tape, loop_loss(l));
    return sl_step_apply(l->step);
}

static void a_step_needs_a_gradient_and_uses_it_up(void **unused)
{
    (void)unused;
    loop l = loop_new(NULL, "8 tanh, 3", sl_sgd(.lr = 1), 0, 4);
    assert_fine(l.ctx);
    assert_int_equal(sl_step_apply(l.step), SL_EINVAL);
    assert_says(l.ctx, SL_EINVAL, "sl_step_apply: no gradient since the last step: call sl_backward first");
    assert_int_equal(loop_once(&l), SL_OK);
    for (int i = 0; i < sl_model_params(l.model); i++)
        for (size_t j = 0; j < sl_count(sl_model_param(l.model, i)); j++)
            assert_true(sl_gradient(sl_model_param(l.model, i))[j] == 0); /* U41 */
    assert_int_equal(sl_step_apply(l.step), SL_EINVAL);
    assert_says(l.ctx, SL_EINVAL, "no gradient");
    sl_step *none = sl_step_new(l.ctx, sl_sgd(.lr = 1), NULL, 0);
    assert_null(none);
    assert_says(l.ctx, SL_EINVAL, "0 parameters");
    none = sl_step_new(l.ctx, sl_sgd(.lr = 1), &l.x, 1);
    assert_null(none);
    assert_says(l.ctx, SL_EINVAL, "parameter 0 has no gradient of its own");
    sl_ctx_free(l.ctx);
}

/* S123, S103: k backwards of b rows each, the loss over k, are one backward of k b rows; so the mean of the
 * mini-batch gradients of an epoch is the full gradient. Batch 1 as well (S99). */
static void S123_S103_accumulated_batches_are_one_batch(void **unused)
{
    (void)unused;
    static const int sizes[] = { 1, 2, 6, 12 };
    loop whole = loop_new(NULL, "8 tanh, 3", sl_sgd(.lr = 1), 0, MOST_ROWS);
    assert_int_equal(sl_backward(whole.tape, loop_loss(&whole)), SL_OK);
    for (int i = 0; i < 4; i++) {
        const int batches = MOST_ROWS / sizes[i];
        loop part = loop_new(NULL, "8 tanh, 3", sl_sgd(.lr = 1), 0, sizes[i]);
        const sl_real share = 1 / (sl_real)batches;
        sl_tensor *factor = sl_tensor_new(part.ctx, (sl_shape){ 0 }, &share);
        for (int b = 0; b < batches; b++) {
            part.x = sl_tensor_new(part.ctx, sl_dims(sizes[i], IN), loop_inputs() + b * sizes[i] * IN);
            part.labels = sl_tensor_new(part.ctx, sl_dims(sizes[i]), loop_labels() + b * sizes[i]);
            sl_backward(part.tape, sl_mul(part.tape, loop_loss(&part), factor));
        }
        assert_fine(part.ctx);
        for (int p = 0; p < 4; p++)
            for (size_t j = 0; j < sl_count(sl_model_param(whole.model, p)); j++)
                assert_near(sl_gradient(sl_model_param(part.model, p))[j],
                            sl_gradient(sl_model_param(whole.model, p))[j], engine_tolerance(1e-6, 1e-14));
        sl_ctx_free(part.ctx);
    }
    sl_ctx_free(whole.ctx);
}

/* --- memory --- */

static void a_training_loop_allocates_nothing_after_its_second_step(void **unused)
{
    (void)unused;
    test_memory memory = { 0 };
    loop l = loop_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory },
                      "16 relu, dropout 0.3, 12 tanh, dropout 0.1, 3", sl_adam(.lr = (sl_real)0.01), 0, 20);
    loop_once(&l);
    loop_once(&l);
    assert_fine(l.ctx);
    const size_t calls = memory.calls, bytes = sl_ctx_bytes(l.ctx);
    for (int i = 0; i < 998; i++)
        assert_int_equal(loop_once(&l), SL_OK);
    assert_int_equal(memory.calls, calls);
    assert_int_equal(sl_ctx_bytes(l.ctx), bytes);
    for (int rows = 1; rows <= MOST_ROWS; rows += 23) { /* then a smaller batch, and a larger one */
        l.x = sl_tensor_new(l.ctx, sl_dims(rows, IN), loop_inputs());
        l.labels = sl_tensor_new(l.ctx, sl_dims(rows), loop_labels());
        assert_int_equal(loop_once(&l), SL_OK);
        const size_t warm = memory.calls;
        loop_once(&l);
        assert_int_equal(loop_once(&l), SL_OK);
        assert_true(rows > 20 || memory.calls == warm);
    }
    sl_tape_free(l.tape);
    sl_step_free(l.step);
    sl_model_free(l.model);
    assert_int_equal(sl_error(l.ctx), SL_OK);
    sl_ctx_free(l.ctx);
    assert_int_equal(memory.bytes, 0);
}

/* Everything that is made can be given back early, and then nothing of it is left. */
static void what_is_freed_early_is_all_there_was(void **unused)
{
    (void)unused;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    const size_t empty = memory.bytes;
    for (int round = 0; round < 3; round++) {
        sl_model *model =
            sl_sequential(ctx, sl_input(.units = 4, .name = "first"),
                          sl_dense(.units = 5, .activation = "relu", .init = "normal:0.1"),
                          sl_dropout(.rate = (sl_real)0.5), sl_dense(.units = 2, .no_bias = true));
        sl_model *parsed = sl_model_parse(ctx, "input 4, 3 x 5 relu init=he name=mine, 2");
        assert_null(parsed); /* three layers of one name */
        assert_says(ctx, SL_EINVAL, "two layers are called 'mine'");
        parsed = sl_model_parse(ctx, "input 4, 3 x 5 relu init=he, 2");
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(3, 4), NULL), *w = sl_param(ctx, sl_dims(3, 4), "he");
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_step *step = sl_step_new(ctx, sl_adam(), (sl_tensor *[]){ w, sl_model_param(model, 0) }, 2);
        assert_int_equal(sl_backward(tape, sl_sum(tape, sl_forward(tape, model, sl_add(tape, x, w)))), SL_OK);
        assert_int_equal(sl_step_apply(step), SL_OK);
        assert_fine(ctx);
        sl_step_free(step);
        sl_tape_free(tape);
        sl_tensor_free(x);
        sl_tensor_free(w);
        sl_model_free(model);
        sl_model_free(parsed);
        assert_int_equal(memory.bytes, empty);
    }
    sl_ctx_free(ctx);
    assert_int_equal(memory.bytes, 0);
}

/* A short training, as a program would write it: checked once, at its end. */
static sl_status short_training(test_memory *memory, int threads)
{
    const sl_ctx_options options = { .realloc = test_memory_realloc, .user = memory, .threads = threads };
    loop l = loop_new(&options, "5 relu init=he, dropout 0.2 name=drop, 4 tanh, 3",
                      sl_adamw(.lr = (sl_real)0.01), 0, 9);
    for (int i = 0; i < 3; i++)
        loop_once(&l);
    sl_tensor *w = sl_param(l.ctx, sl_dims(3, 3), "normal:0.1");
    sl_tape *infer = sl_tape_new(l.ctx, SL_INFER);
    sl_softmax(infer, sl_linear(infer, w, w, NULL, "tanh"));
    sl_layer_info info = { 0 }; /* what was made in part says nothing of the missing part */
    for (int i = 0; i < sl_model_params(l.model); i++)
        assert_non_null(sl_values(sl_model_param(l.model, i)));
    for (int i = 0; i < sl_model_layers(l.model); i++)
        assert_int_equal(sl_model_layer(l.model, i, &info), SL_OK);
    sl_model_digest(l.model);
    const sl_status status = sl_error(l.ctx);
    if (status)
        assert_true(!l.ctx || strstr(sl_message(l.ctx), "out of memory"));
    sl_tape_free(infer);
    sl_step_free(l.step);
    sl_model_free(l.model);
    sl_tape_free(l.tape);
    sl_ctx_free(l.ctx);
    return status;
}

static void every_allocation_may_fail(void **unused)
{
    (void)unused;
    for (int threads = 1; threads <= 2; threads++) {
        test_memory whole = { 0 };
        assert_int_equal(short_training(&whole, threads), SL_OK);
        assert_int_equal(whole.bytes, 0);
        assert_true(whole.calls > 40);
        for (size_t at = 1; at <= whole.calls; at++)
            for (int more = 0; more < 2; more++) { /* this one alone; this one and all behind it */
                test_memory memory = { .fail_at = at, .fail_once = !more };
                if (short_training(&memory, threads) != SL_ENOMEM)
                    fail_msg("allocation %zu of %zu failed, and nobody said so", at, whole.calls);
                if (memory.bytes)
                    fail_msg("allocation %zu of %zu failed: %zu bytes were never given back", at, whole.calls,
                             memory.bytes);
            }
    }
}

enum { MAKE_TENSOR, MAKE_PARAM, MAKE_TAPE, MAKE_STEP, MAKE_MODEL, MAKE_PARSED, MAKE_FORWARD, MAKERS };

/* Makes one thing and frees it again; whether it could be made. */
static bool make(int what, sl_ctx *ctx, sl_tensor *w, sl_model *unbuilt, sl_tape *tape)
{
    sl_tensor *tensor = NULL;
    sl_tape *made = NULL;
    sl_step *step = NULL;
    sl_model *model = NULL;
    switch (what) {
    case MAKE_TENSOR:
        tensor = sl_tensor_new(ctx, sl_dims(3, 4), NULL);
        break;
    case MAKE_PARAM:
        tensor = sl_param(ctx, sl_dims(3, 4), "he");
        break;
    case MAKE_TAPE:
        made = sl_tape_new(ctx, SL_TRAIN);
        break;
    case MAKE_STEP:
        step = sl_step_new(ctx, sl_adam(.lr = 1), (sl_tensor *[]){ w, w }, 2);
        break;
    case MAKE_MODEL:
        model = sl_sequential(ctx, sl_input(.units = 4), sl_dense(.units = 5, .activation = "relu"),
                              sl_dense(.units = 2));
        break;
    case MAKE_PARSED:
        model = sl_model_parse(ctx, "input 4, 3 x 5 tanh init=he, dropout 0.3 name=mine, 2");
        break;
    default:
        return sl_forward(tape, unbuilt, w) != NULL;
    }
    sl_tensor_free(tensor);
    sl_tape_free(made);
    sl_step_free(step);
    sl_model_free(model);
    return tensor || made || step || model;
}

/* What cannot be made is NULL, leaves nothing behind, and can be made when there is memory again. */
static void what_could_not_be_made_leaves_nothing_behind(void **unused)
{
    (void)unused;
    for (int what = 0; what < MAKERS; what++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_tensor *w = sl_param(ctx, sl_dims(3, 4), "he");
        const size_t empty = memory.bytes;
        for (size_t at = 1;; at++) {
            assert_in_range(at, 1, 100);
            sl_model *unbuilt = sl_model_parse(ctx, "5 relu, 2");
            sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
            assert_fine(ctx);
            memory.fail_at = memory.calls + at;
            const bool made = make(what, ctx, w, unbuilt, tape);
            const bool failed = memory.calls >= memory.fail_at;
            memory.fail_at = 0;
            assert_int_equal(made, !failed);
            if (failed)
                assert_says(ctx, SL_ENOMEM, "out of memory");
            assert_true(make(what, ctx, w, unbuilt, tape));
            assert_fine(ctx);
            sl_tape_free(tape);
            sl_model_free(unbuilt);
            assert_int_equal(memory.bytes, empty);
            if (!failed)
                break;
        }
        sl_ctx_free(ctx);
    }
}

/* Neither decay nor velocity moves a parameter that the loss did not depend on. */
static void a_parameter_without_gradient_stays(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(3);
    sl_tensor *used = sl_param(ctx, sl_dims(2, 2), "normal:1"),
              *idle = sl_param(ctx, sl_dims(2, 2), "normal:1");
    const sl_real before = sl_values(idle)[0], other = sl_values(used)[0];
    sl_step *step = sl_step_new(ctx, sl_adamw(.lr = (sl_real)0.1, .decay = (sl_real)0.5),
                                (sl_tensor *[]){ used, idle }, 2);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    assert_int_equal(sl_backward(tape, sl_sum(tape, used)), SL_OK);
    assert_int_equal(sl_step_apply(step), SL_OK);
    assert_true(sl_values(idle)[0] == before);
    assert_true(sl_values(used)[0] != other);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_without_gradient_stays),
        cmocka_unit_test(a_step_needs_a_gradient_and_uses_it_up),
        cmocka_unit_test(S123_S103_accumulated_batches_are_one_batch),
        cmocka_unit_test(a_training_loop_allocates_nothing_after_its_second_step),
        cmocka_unit_test(what_is_freed_early_is_all_there_was),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(what_could_not_be_made_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
