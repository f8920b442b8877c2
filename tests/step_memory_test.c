/* step_memory_test.c - S51: what sl_model_step_memory tells is what a real loop allocates, to the byte; U26:
 * and it stays so. Runs in both builds. */
#include "engine.h"
#include "train/trainer.h"

typedef struct {
    const char *net, *loss;
    int inputs;
} memory_case;

static const memory_case memory_cases[] = {
    { "3", "cross_entropy", 6 },
    { "16 relu, dropout 0.3, 12 tanh, dropout 0.1, 3", "cross_entropy", 6 },
    { "input 5, 8 softmax, 7 sigmoid bias=no, 1", "bce", 5 },
    { "64 tanh, 4000 relu, 2", "mse", 9 },
    { "300 relu, 10", "cross_entropy", 784 },
    { "category 3 rows=70, category 5 rows=4, fourier 9 columns=2, 6 tanh, 2", "mse", 6 },
};
enum { MEMORY_CASES = sizeof memory_cases / sizeof *memory_cases };

static sl_model *memory_model(sl_ctx *ctx, const memory_case *c, sl_optimizer optimizer)
{
    sl_model *model = sl_model_parse(ctx, c->net);
    assert_int_equal(sl_compile(model, .loss = c->loss, .optimizer = optimizer), SL_OK);
    return model;
}

static size_t memory_sum(const sl_step_memory *m)
{
    return m->weights + m->gradients + m->optimizer + m->activations + m->batch + m->products;
}

/* The loop as a program writes it, and what each part of it adds to sl_ctx_bytes. */
static void memory_loop(const memory_case *c, int batch, sl_optimizer optimizer, int threads, const char *isa)
{
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(
        &(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory, .threads = threads, .isa = isa });
    sl_model *model = memory_model(ctx, c, optimizer);
    const bool built = model->built; /* its first layer told the width: what that took is not seen here */
    size_t begun = sl_ctx_bytes(ctx), mark = begun;
    assert_int_equal(sl_model_build(model, sl_dims(c->inputs)), SL_OK);
    const size_t made = sl_ctx_bytes(ctx) - mark;
    sl_step_memory m;
    const size_t calls = memory.calls;
    assert_int_equal(sl_model_step_memory(model, batch, &m), SL_OK);
    assert_true(memory.calls > calls);
    assert_int_equal(sl_ctx_bytes(ctx) - mark, made); /* the dry run leaves nothing */
    if (!built)
        assert_int_equal(m.weights + m.gradients, made);
    begun = sl_ctx_bytes(ctx) - m.weights - m.gradients;

    const bool labels = c->loss[0] == 'c';
    const int outputs = sl_model_outputs(model);
    mark = sl_ctx_bytes(ctx);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(batch, c->inputs), NULL);
    sl_tensor *y = sl_tensor_new(ctx, labels ? sl_dims(batch) : sl_dims(batch, outputs), NULL);
    assert_int_equal(sl_ctx_bytes(ctx) - mark, m.batch);
    mark = sl_ctx_bytes(ctx);
    sl_step *step = sl_step_new(ctx, optimizer, model->params, model->param_count);
    assert_int_equal(sl_ctx_bytes(ctx) - mark, m.optimizer);
    mark = sl_ctx_bytes(ctx);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    size_t warm = 0;
    for (int i = 0; i < 6; i++) {
        sl_tensor *answer = sl_forward(tape, model, x);
        sl_tensor *loss = labels              ? sl_cross_entropy(tape, answer, y)
                          : c->loss[0] == 'b' ? sl_binary_cross_entropy(tape, answer, y)
                                              : sl_mean_squared(tape, answer, y);
        assert_int_equal(sl_backward(tape, loss), SL_OK);
        assert_int_equal(sl_step_apply(step), SL_OK);
        warm = i == 1 ? memory.calls : warm;
    }
    assert_int_equal(memory.calls, warm);
    assert_int_equal(sl_ctx_bytes(ctx) - mark, m.activations + m.products);
    assert_int_equal(sl_ctx_bytes(ctx) - begun, memory_sum(&m));
    assert_int_equal(sl_model_step_bytes(model, batch), memory_sum(&m));
    assert_int_equal(m.products, ctx->workspace ? sl_ctx_bytes(ctx) - mark - m.activations : 0);
    assert_true(m.products % (size_t)threads == 0);
    sl_ctx_free(ctx);
    assert_int_equal(memory.bytes, 0);
    assert_false(memory.wrong_size);
}

static void S51_a_step_takes_what_was_told(void **state)
{
    (void)state;
    static const int batches[] = { 1, 7, 32, 200 };
    const sl_optimizer optimizers[] = { sl_sgd(), sl_momentum(), sl_adamw() };
    for (int i = 0; i < MEMORY_CASES; i++)
        for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
            for (int o = 0; o < 3; o++)
                for (int threads = 1; threads <= 2; threads++)
                    memory_loop(&memory_cases[i], batches[b], optimizers[o], threads,
                                o || batches[b] > 7 ? NULL : "plain"); /* which is slow */
}

/* [3, 6] and [3] each fill multiples of 64 bytes; adam keeps two numbers beside each; the batch is 20 rows of
 * 6 numbers and a label. */
static void numbers_are_as_many_as_the_net_has(void **state)
{
    (void)state;
    enum { ALIGN = 64 / sizeof(sl_real), PADDED = (18 + ALIGN - 1) / ALIGN * ALIGN + ALIGN };
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = memory_model(ctx, &(memory_case){ "input 6, 3", "ce", 6 }, sl_adam());
    sl_step_memory m;
    assert_int_equal(sl_model_step_memory(model, 20, &m), SL_OK);
    assert_int_equal(m.gradients, PADDED * sizeof(sl_real));
    assert_int_equal(m.batch, (20 * 6 + 20) * sizeof(sl_real) + 2 * sizeof(sl_tensor));
    assert_in_range(m.weights, m.gradients, m.gradients + 1024); /* and names and shapes */
    assert_in_range(m.optimizer, 2 * m.gradients, 2 * m.gradients + 2048);
    assert_in_range(m.activations, 3 * 20 * 3 * sizeof(sl_real), 65536);
    assert_int_equal(m.products, 0);
    sl_ctx_free(ctx);
}

typedef struct {
    size_t before, third, least, most; /* bytes: before, after step 3, and from then on */
    size_t epoch;                      /* from this one on */
} memory_seen;

static sl_status memory_on_step(void *user, const sl_progress *now)
{
    memory_seen *seen = user;
    const size_t bytes = sl_ctx_bytes(now->model->ctx);
    if (now->step == 3)
        seen->third = bytes;
    if (now->epoch == seen->epoch) {
        seen->least = bytes < seen->least ? bytes : seen->least;
        seen->most = bytes > seen->most ? bytes : seen->most;
    }
    return SL_OK;
}

/* 112 rows in batches of 32: the last of an epoch has 16, and needs no memory that is not there. */
static void U26_training_takes_memory_once(void **state)
{
    (void)state;
    for (int i = 0; i < MEMORY_CASES; i++)
        for (size_t epoch = 1; epoch <= 6; epoch += 5) {
            const memory_case *c = &memory_cases[i];
            sl_ctx *ctx = engine_ctx(2);
            sl_model *model = memory_model(ctx, c, sl_adam());
            sl_tensor *x = sl_tensor_new(ctx, sl_dims(112, c->inputs), NULL);
            sl_tensor *y = sl_tensor_new(ctx, c->loss[0] == 'm' ? sl_dims(112, 2) : sl_dims(112), NULL);
            const int classes = c->loss[0] == 'b' ? 2 : i == 4 ? 10 : 3;
            uint64_t random = 5;
            engine_fill(&random, x->v, x->count, -1, 1);
            for (size_t at = 0; c->net[0] == 'c' && at < x->count; at += 6)
                x->v[at] = x->v[at + 1] = (sl_real)(at % 4); /* categories */
            for (size_t row = 0; row < y->count; row++)
                y->v[row] = (sl_real)(row % (size_t)classes);
            memory_seen seen = { .least = SIZE_MAX, .epoch = epoch };
            sl_trainer *t = sl_trainer_new(model, sl_data_from(ctx, x, y),
                                           &(sl_fit_options){ .epochs = 7,
                                                              .batch = 32,
                                                              .validation_fraction = -1,
                                                              .on_step = memory_on_step,
                                                              .user = &seen });
            assert_fine(ctx);
            seen.before = sl_ctx_bytes(ctx);
            assert_int_equal(sl_trainer_run(t), SL_OK);
            sl_step_memory m;
            assert_int_equal(sl_model_step_memory(model, 32, &m), SL_OK);
            assert_int_equal(seen.third - seen.before, m.activations + m.products - sizeof(sl_tape));
            if (epoch > 1) /* the first one sees the tape's first graphs */
                assert_int_equal(seen.least, seen.most);
            else
                assert_int_equal(seen.most, seen.third);
            sl_ctx_free(ctx);
        }
}

static void far_more_than_there_is_can_be_told(void **state)
{
    (void)state;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_model *model = memory_model(ctx, &(memory_case){ "input 784, 1000 relu, 10", "ce", 784 }, sl_adam());
    const size_t peak = sl_ctx_peak_bytes(ctx);
    const int batch = 100 * 1000 * 1000;
    assert_true(sl_model_step_bytes(model, batch) > (size_t)batch * (784 + 3 * 1000) * sizeof(sl_real));
    assert_fine(ctx);
    assert_int_equal(sl_ctx_peak_bytes(ctx), peak);
    sl_ctx_free(ctx);
}

static void what_cannot_be_told_is_refused(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_step_memory m = { .weights = 1 };
    sl_model *model = sl_model_parse(ctx, "4 relu, 3");
    assert_int_equal(sl_model_step_bytes(NULL, 1), 0);
    assert_int_equal(sl_model_step_memory(model, 0, &m), SL_EINVAL);
    assert_int_equal(memory_sum(&m), 0);
    assert_says(ctx, SL_EINVAL, "the batch is 0: wants 1 row or more");
    assert_int_equal(sl_model_step_bytes(model, 8), 0);
    assert_says(ctx, SL_EINVAL, "no loss yet: call sl_compile first");
    assert_int_equal(sl_compile(model, .loss = "ce"), SL_OK);
    assert_int_equal(sl_model_step_bytes(model, 8), 0);
    assert_says(ctx, SL_EINVAL, "begin it with sl_input, or fit it first");
    assert_int_equal(sl_model_build(model, sl_dims(2)), SL_OK);
    assert_true(sl_model_step_bytes(model, 8) > 0);
    sl_ctx_free(ctx);
}

static void a_dry_run_without_memory_fails_and_leaves_nothing(void **state)
{
    (void)state;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_model *model =
        memory_model(ctx, &(memory_case){ "input 4, 300 relu, 300 tanh, 3", "ce", 4 }, sl_adam());
    const size_t bytes = memory.bytes;
    sl_step_memory m;
    size_t failures = 0;
    for (size_t at = 1;; at++) {
        memory.fail_at = memory.calls + at;
        const sl_status status = sl_model_step_memory(model, 200, &m);
        const bool failed = memory.calls >= memory.fail_at;
        memory.fail_at = 0;
        assert_int_equal(memory.bytes, bytes);
        if (!failed) {
            assert_int_equal(status, SL_OK);
            break;
        }
        failures++;
        assert_int_equal(memory_sum(&m), 0);
        assert_non_null(strstr(sl_message(ctx), "out of memory"));
        assert_says(ctx, SL_ENOMEM, "memory of a step at batch 200: ");
    }
    assert_true(failures > 20);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S51_a_step_takes_what_was_told),
        cmocka_unit_test(numbers_are_as_many_as_the_net_has),
        cmocka_unit_test(U26_training_takes_memory_once),
        cmocka_unit_test(far_more_than_there_is_can_be_told),
        cmocka_unit_test(what_cannot_be_told_is_refused),
        cmocka_unit_test(a_dry_run_without_memory_fails_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
