/* embedding_bag: the plain loop bit for bit, PyTorch's EmbeddingBag and SparseAdam, what is refused. Runs in
 * both builds. (The gradient check walks it as every operator.)                                           */
#include "bags.h"
#include "golden.h"
#include "optim/optim.h"

static const char *const isas[] = { "plain", "avx2", "avx512" };

/* --- the definition --- */

static void plain_forward(sl_real *y, const sl_real *table, const sl_bags *b, size_t width, bool mean)
{
    for (int i = 0; i < b->count; i++)
        for (size_t j = 0; j < width; j++) {
            const size_t n = b->offsets[i + 1] - b->offsets[i];
            sl_real sum = 0;
            for (size_t at = b->offsets[i]; at < b->offsets[i + 1]; at++) {
                const sl_real x = table[(size_t)b->ids[at] * width + j];
                sum += b->values ? b->values[at] * x : x;
            }
            y[(size_t)i * width + j] = mean && n ? sum / (sl_real)n : sum;
        }
}

static void check_against_plain(sl_ctx *ctx, int rows, int width, int count, size_t most, uint64_t state)
{
    static made_bags made;
    const size_t n = (size_t)(rows * width), m = (size_t)(count * width);
    make_bags(&made, &state, count, most, rows);
    for (int kind = 0; kind < 4; kind++) {
        const bool mean = kind & 1;
        if (kind == 2)
            value_bags(&made);
        sl_tensor *table = sl_param(ctx, sl_dims(rows, width), "normal:1");
        sl_tensor *r = sl_tensor_new(ctx, sl_dims(count, width), NULL);
        engine_fill(&state, sl_values(r), m, -1, 1);
        sl_real *y = calloc(m + 1, sizeof *y), *g = calloc(n + 1, sizeof *g);
        plain_forward(y, sl_values(table), &made.bags, (size_t)width, mean);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        for (int round = 0; round < 2; round++) { /* the second one adds to the gradient */
            sl_tensor *out = sl_embedding_bag(tape, table, &made.bags, mean ? "mean" : "sum");
            assert_fine(ctx);
            assert_bits(sl_values(out), y, m);
            assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, out, r))), SL_OK);
            plain_backward(g, sl_values(r), &made.bags, (size_t)width, mean);
            assert_bits(sl_gradient(table), g, n);
        }
        free(y);
        free(g);
        sl_tape_free(tape);
        sl_tensor_free(r);
        sl_tensor_free(table);
    }
}

static void embedding_bag_is_the_plain_loop(void **unused)
{
    (void)unused;
    static const int widths[] = { 0,   1,   2,   3,   4,   5,   7,   8,   9,   12,  15,  16,  17,
                                  23,  31,  32,  33,  36,  63,  64,  65,  71,  72,  100, 127, 128,
                                  129, 135, 136, 143, 144, 145, 200, 255, 256, 257, 300 };
    for (int isa = 0; isa < 3; isa++)
        for (int threads = 1; threads <= 3; threads++) {
            sl_ctx *ctx = engine_crew(isas[isa], threads);
            for (size_t w = 0; w < sizeof widths / sizeof *widths && !sl_error(ctx); w++) {
                check_against_plain(ctx, 9, widths[w], 6, 12, w + 1);
                check_against_plain(ctx, 1, widths[w], 3, 30, w + 100);
            }
            if (!sl_error(ctx)) {
                check_against_plain(ctx, 700, 100, 40, 90, 7); /* several tasks */
                check_against_plain(ctx, 700, 33, 40, 90, 8);
                check_against_plain(ctx, 64, 100, 1, 3000, 9);
                check_against_plain(ctx, 65, 10, 0, 3, 9);
                if (threads == 3) /* few ids of many rows: not sorted, by several tasks */
                    check_against_plain(ctx, 16000, 200, 15, 60, 10);
                check_against_plain(ctx, 2000, 70, 5, 9, 11);
                assert_fine(ctx);
            }
            sl_ctx_free(ctx);
        }
}

/* --- what embedding_bag takes, and what it refuses --- */

static void bags_and_ids_are_checked(void **unused)
{
    (void)unused;
    static const int ids[] = { 0, 4, 2, 5, -1 };
    static const size_t up[] = { 0, 2, 2, 4, 5 }, down[] = { 0, 3, 1 };
    const struct {
        sl_bags bags;
        const char *mode;
        sl_status status;
        const char *sentence;
    } cases[] = {
        { { .ids = ids, .offsets = up, .count = 3 },
          "sum",
          SL_EINVAL,
          "embedding_bag: bag 2, place 1: id 5 is no row of the table: wants 0 to 4" },
        { { .ids = ids, .offsets = up + 3, .count = 1 },
          "sum",
          SL_EINVAL,
          "bag 0, place 0: id -1 is no row of the table: wants 0 to 4" },
        { { .ids = ids, .offsets = down, .count = 2 },
          "mean",
          SL_EINVAL,
          "bag 1 begins at id 3 and ends before id 1: wants offsets that" },
        { { .ids = ids, .offsets = NULL, .count = 1 }, "mean", SL_EINVAL, "1 bags without offsets" },
        { { .ids = ids, .offsets = up, .count = -1 }, "mean", SL_EINVAL, "-1 bags: wants 0 or more" },
        { { .ids = NULL, .offsets = up, .count = 1 }, "mean", SL_EINVAL, "bag 0 has 2 ids, but ids is NULL" },
        { { .ids = ids, .offsets = up, .count = 1 }, "men", SL_EINVAL, "'men': did you mean 'mean'?" },
    };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *table = sl_param(ctx, sl_dims(5, 2), "normal:1"), *row = sl_param(ctx, sl_dims(5), "zeros");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(sl_embedding_bag(tape, table, &cases[i].bags, cases[i].mode));
        assert_says(ctx, cases[i].status, cases[i].sentence);
    }
    assert_null(sl_embedding_bag(tape, table, NULL, NULL));
    assert_says(ctx, SL_EINVAL, "the bags are NULL");
    assert_null(sl_embedding_bag(tape, row, &(sl_bags){ .ids = ids, .offsets = up, .count = 1 }, NULL));
    assert_says(ctx, SL_ESHAPE, "the table has shape [5]: wants [rows, width]");
    assert_null(sl_embedding_bag(NULL, table, &cases[0].bags, NULL));
    assert_null(sl_embedding_bag(tape, NULL, &cases[0].bags, NULL));
    assert_says(ctx, SL_EINVAL, "embedding_bag: input 1 is NULL: wants a tensor");
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void empty_bags_give_zeros(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN), *infer = sl_tape_new(ctx, SL_INFER);
    sl_tensor *table = sl_param(ctx, sl_dims(5, 3), "normal:1");
    sl_tensor *none = sl_embedding_bag(infer, table, &(sl_bags){ 0 }, NULL);
    assert_int_equal(sl_shape_of(none).dim[0], 0);
    assert_int_equal(sl_shape_of(none).dim[1], 3);
    assert_null(table->touched); /* nothing is noted where nothing is learned */
    sl_step *step = sl_step_new(ctx, sl_adam(), &table, 1);
    for (int mode = 0; mode < 2; mode++) {
        sl_tensor *y;
        { /* the struct itself may go */
            static const size_t offsets[] = { 4, 4, 4 };
            const sl_bags empty = { .offsets = offsets, .count = 2 };
            y = sl_embedding_bag(tape, table, &empty, mode ? "sum" : NULL);
        }
        for (int i = 0; i < 6; i++)
            assert_true(sl_values(y)[i] == 0 && !signbit(sl_values(y)[i]));
        assert_int_equal(sl_backward(tape, sl_sum(tape, y)), SL_OK);
        const sl_real before = sl_values(table)[0];
        assert_int_equal(sl_step_apply(step), SL_OK); /* there was a gradient: of no row */
        assert_true(sl_values(table)[0] == before);
    }
    sl_tensor *no_rows = sl_param(ctx, sl_dims(0, 3), "zeros");
    sl_embedding_bag(tape, no_rows, &(sl_bags){ .offsets = (const size_t[]){ 0, 0 }, .count = 1 }, NULL);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* --- PyTorch --- */

static void check_golden(const golden *file, bool mean)
{
    const char *mode = mean ? "mean" : "sum";
    sl_ctx *ctx = engine_ctx(1);
    const golden_item *start = golden_find(file, "table"), *up = golden_find(file, "upstream");
    sl_tensor *table = sl_param(ctx, sl_dims((int)start->dims[0], (int)start->dims[1]), "zeros");
    sl_tensor *r = sl_tensor_new(ctx, sl_dims((int)up->dims[0], (int)up->dims[1]), NULL);
    for (size_t i = 0; i < start->count; i++)
        sl_values(table)[i] = (sl_real)start->values[i];
    for (size_t i = 0; i < up->count; i++)
        sl_values(r)[i] = (sl_real)up->values[i];
    sl_step *step = sl_step_new(ctx, sl_adam(.lr = (sl_real)0.05), &table, 1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int k = 0; k < 3; k++) {
        char name[32];
        int ids[64];
        size_t offsets[8];
        snprintf(name, sizeof name, "ids_%d", k);
        const golden_item *item = golden_find(file, name);
        for (size_t i = 0; i < item->count; i++)
            ids[i] = (int)item->values[i];
        snprintf(name, sizeof name, "offsets_%d", k);
        item = golden_find(file, name);
        for (size_t i = 0; i < item->count; i++)
            offsets[i] = (size_t)item->values[i];
        sl_tensor *y = sl_embedding_bag(
            tape, table, &(sl_bags){ .ids = ids, .offsets = offsets, .count = (int)item->count - 1 }, mode);
        assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r))), SL_OK);
        for (size_t i = 0; i < up->count && k == 0; i++)
            assert_near(sl_values(y)[i], golden_get(file, mode, "y")->values[i], 2e-6);
        for (size_t i = 0; i < start->count && k == 0; i++)
            assert_near(sl_gradient(table)[i], golden_get(file, mode, "grad_table")->values[i], 2e-6);
        assert_int_equal(sl_step_apply(step), SL_OK);
        snprintf(name, sizeof name, "sparse_adam_%d", k);
        for (size_t i = 0; i < start->count; i++)
            assert_near(sl_values(table)[i], golden_get(file, mode, name)->values[i], 1e-5);
    }
    sl_ctx_free(ctx);
}

static void EmbeddingBag_and_SparseAdam_agree_with_pytorch(void **unused)
{
    (void)unused;
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/bags.golden");
    check_golden(file, true);
    check_golden(file, false);
    golden_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embedding_bag_is_the_plain_loop),
        cmocka_unit_test(bags_and_ids_are_checked),
        cmocka_unit_test(empty_bags_give_zeros),
        cmocka_unit_test(EmbeddingBag_and_SparseAdam_agree_with_pytorch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
