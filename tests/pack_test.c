/* sl_tape_pack: the same bits as without, what is seen of weights that change, memory. Runs in both builds.
 */
#include "engine.h"

static void packed_weights_give_the_same_bits(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    static const int sizes[][2] = { { 1, 1 }, { 10, 128 }, { 129, 33 }, { 7, 3000 }, { 300, 200 }, { 4, 0 } };
    uint64_t state = 5;
    for (int i = 0; i < 3; i++) {
        sl_ctx *ctx = engine_crew(isas[i], 1 + i);
        sl_tape *packed = sl_error(ctx) ? NULL : sl_tape_new(ctx, SL_INFER),
                *plain = sl_tape_new(ctx, SL_INFER);
        assert_true(!packed || sl_tape_pack(packed) == SL_OK);
        for (size_t s = 0; packed && s < sizeof sizes / sizeof *sizes; s++) {
            const int out = sizes[s][0], in = sizes[s][1];
            sl_tensor *w = sl_tensor_new(ctx, sl_dims(out, in), NULL),
                      *b = sl_param(ctx, sl_dims(out), "normal:1");
            for (int rows = 0; rows <= 40; rows += rows ? 13 : 1) {
                sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, in), NULL);
                engine_fill(&state, sl_values(x), sl_count(x), -1, 1);
                for (int round = 0; round < 2;
                     round++) { /* the second time other weights, seen when asked to */
                    engine_fill(&state, sl_values(w), sl_count(w), -1, 1);
                    assert_int_equal(sl_tape_pack(packed), SL_OK);
                    sl_tensor *y = sl_linear(packed, x, w, b, "tanh"),
                              *again = sl_linear(packed, x, w, b, "tanh");
                    sl_tensor *wanted = sl_linear(plain, x, w, b, "tanh");
                    assert_fine(ctx);
                    assert_bits(sl_values(y), sl_values(wanted), sl_count(wanted));
                    assert_bits(sl_values(again), sl_values(wanted), sl_count(wanted));
                    sl_tape_reset(packed);
                    sl_tape_reset(plain);
                }
            }
        }
        sl_ctx_free(ctx);
    }
}

static void packed_weights_keep_their_memory(void **unused)
{
    (void)unused;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_tensor *w = sl_param(ctx, sl_dims(30, 20), "normal:1"), *x = sl_param(ctx, sl_dims(1, 20), "normal:1");
    sl_tensor *v = sl_param(ctx, sl_dims(5, 30), "normal:1");
    sl_tape *tape = sl_tape_new(ctx, SL_INFER), *train = sl_tape_new(ctx, SL_TRAIN);
    assert_int_equal(sl_tape_pack(train), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "the tape is SL_TRAIN");
    assert_int_equal(sl_tape_pack(NULL), SL_ENOMEM);
    size_t calls = 0;
    sl_real before[5];
    for (int round = 0; round < 6; round++) {
        if (round % 2 == 0)
            assert_int_equal(sl_tape_pack(tape), SL_OK);
        for (int row = 0; row < 3; row++) {
            sl_tape_reset(tape);
            sl_tensor *y = sl_linear(tape, sl_linear(tape, x, w, NULL, "relu"), v, NULL, NULL);
            assert_fine(ctx);
            if (round == 1 && !ENGINE_DOUBLE) /* in double not every machine packs; a change that nobody was
                                                 told of is not seen */
                assert_bits(sl_values(y), before, 5);
            memcpy(before, sl_values(y), sizeof before);
        }
        if (round == 0)
            calls = memory.calls;
        sl_values(w)[0] += 1;
    }
    assert_int_equal(memory.calls, calls);           /* packed anew into the same memory */
    for (size_t at = calls; at < calls + 12; at++) { /* without memory: an error, and nothing is lost */
        sl_tape *other = sl_tape_new(ctx, SL_INFER);
        memory.fail_at = memory.calls + at - calls + 1;
        sl_tape_pack(other);
        sl_tensor *y = sl_linear(other, sl_linear(other, x, w, NULL, "relu"), v, NULL, NULL);
        sl_tensor *last = sl_tanh(other, y);
        assert_true(last ? sl_error(ctx) == SL_OK : sl_error(ctx) == SL_ENOMEM);
        memory.fail_at = 0;
        sl_clear(ctx);
        sl_tape_reset(other);
        y = sl_linear(other, sl_linear(other, x, w, NULL, "relu"), v, NULL, NULL);
        assert_fine(ctx);
        sl_tape_pack(tape);
        sl_tape_reset(tape);
        assert_bits(sl_values(y),
                    sl_values(sl_linear(tape, sl_linear(tape, x, w, NULL, "relu"), v, NULL, NULL)), 5);
        sl_tape_free(other);
    }
    sl_tape_free(tape);
    sl_tape_free(train);
    sl_ctx_free(ctx);
    assert_true(memory.bytes == 0 && !memory.wrong_size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_weights_give_the_same_bits),
        cmocka_unit_test(packed_weights_keep_their_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
