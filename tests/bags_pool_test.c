/* embedding_max and embedding_attention: plain loops, PyTorch, what rows of a batch do to each other (S153 to
 * S156); and words left out at random. Runs in both builds. */
#include "bags.h"
#include "golden.h"
#include "op/op.h"

static const char *const isas[] = { "plain", "avx2", "avx512" };
enum { POOLINGS = 3 };

static sl_tensor *pool(sl_tape *tape, int pooling, sl_tensor *table, sl_tensor *query, const sl_bags *bags)
{
    return pooling == 0   ? sl_embedding_bag(tape, table, bags, "mean")
           : pooling == 1 ? sl_embedding_max(tape, table, bags)
                          : sl_embedding_attention(tape, table, query, bags);
}

/* --- the definitions --- */

static void plain_max(sl_real *y, sl_real *g, const sl_real *table, const sl_real *dy, const sl_bags *b,
                      size_t width)
{
    for (size_t i = 0; i < (size_t)b->count; i++)
        for (size_t j = 0; j < width; j++) {
            size_t best = b->offsets[i];
            for (size_t at = best; at < b->offsets[i + 1]; at++)
                if (table[(size_t)b->ids[at] * width + j] > table[(size_t)b->ids[best] * width + j])
                    best = at;
            const bool empty = b->offsets[i] == b->offsets[i + 1];
            y[i * width + j] = empty ? 0 : table[(size_t)b->ids[best] * width + j];
            if (!empty)
                g[(size_t)b->ids[best] * width + j] += dy[i * width + j];
        }
}

/* In double throughout, with libm: what is compared is the formula. */
static void plain_attention(double *y, double *g, double *dq, const sl_real *table, const sl_real *q,
                            const sl_real *dy, const sl_bags *b, size_t width)
{
    static double a[MOST_IDS], da[MOST_IDS];
    for (size_t i = 0; i < (size_t)b->count; i++) {
        const size_t n = b->offsets[i + 1] - b->offsets[i];
        const int *ids = b->ids + b->offsets[i];
        double sum = 0, mean = 0;
        for (size_t t = 0; t < n; t++) {
            const sl_real *row = table + (size_t)ids[t] * width;
            double s = 0;
            da[t] = 0;
            for (size_t j = 0; j < width; j++) {
                s += (double)q[j] * (double)row[j];
                da[t] += (double)dy[i * width + j] * (double)row[j];
            }
            sum += a[t] = exp(s);
        }
        for (size_t t = 0; t < n; t++)
            mean += (a[t] /= sum) * da[t];
        for (size_t t = 0; t < n; t++)
            for (size_t j = 0; j < width; j++) {
                const double x = (double)table[(size_t)ids[t] * width + j], ds = a[t] * (da[t] - mean);
                y[i * width + j] += a[t] * x;
                g[(size_t)ids[t] * width + j] += a[t] * (double)dy[i * width + j] + ds * (double)q[j];
                dq[j] += ds * x;
            }
    }
}

static void check_max(sl_ctx *ctx, int rows, int width, int count, size_t most, uint64_t state)
{
    static made_bags made;
    const size_t n = (size_t)(rows * width), m = (size_t)(count * width);
    make_bags(&made, &state, count, most, rows);
    sl_tensor *table = sl_param(ctx, sl_dims(rows, width), "normal:1");
    sl_tensor *r = sl_tensor_new(ctx, sl_dims(count, width), NULL);
    engine_fill(&state, sl_values(r), m, -1, 1);
    for (size_t i = 0; i < n; i += 3) /* equals */
        sl_values(table)[i] = 1;
    sl_real *y = calloc(m + 1, sizeof *y), *g = calloc(n + 1, sizeof *g);
    plain_max(y, g, sl_values(table), sl_values(r), &made.bags, (size_t)width);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *out = sl_embedding_max(tape, table, &made.bags);
    assert_fine(ctx);
    assert_bits(sl_values(out), y, m);
    assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, out, r))), SL_OK);
    assert_bits(sl_gradient(table), g, n);
    for (size_t row = 0; row < (size_t)rows; row++) { /* rows that were the largest nowhere are not touched */
        bool moves = false;
        for (size_t j = 0; j < (size_t)width; j++)
            moves = moves || g[row * (size_t)width + j] != 0;
        size_t end;
        assert_int_equal(sl_rows_next(table->touched, row, row + 1, &end) == row, moves);
    }
    free(y);
    free(g);
    sl_tape_free(tape);
    sl_tensor_free(r);
    sl_tensor_free(table);
}

/* One digest for all: the numbers go to `out`, result, gradients of table and query. */
static void check_attention(sl_ctx *ctx, int rows, int width, int count, size_t most, uint64_t state,
                            sl_real *out)
{
    static made_bags made;
    const size_t n = (size_t)(rows * width), m = (size_t)(count * width), w = (size_t)width;
    make_bags(&made, &state, count, most, rows);
    sl_tensor *table = sl_param(ctx, sl_dims(rows, width), "normal:1");
    sl_tensor *query = sl_param(ctx, sl_dims(width), "normal:0.3");
    sl_tensor *r = sl_tensor_new(ctx, sl_dims(count, width), NULL);
    engine_fill(&state, sl_values(r), m, -1, 1);
    engine_fill(&state, sl_values(query), w, -0.5, 0.5);
    double *memory = calloc(n + m + w + 1, sizeof *memory);
    double *y = memory, *g = y + m, *dq = g + n;
    plain_attention(y, g, dq, sl_values(table), sl_values(query), sl_values(r), &made.bags, w);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *pooled = sl_embedding_attention(tape, table, query, &made.bags);
    assert_fine(ctx);
    memcpy(out, sl_values(pooled), m * sizeof *out);
    assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, pooled, r))), SL_OK);
    memcpy(out + m, sl_gradient(table), n * sizeof *out);
    memcpy(out + m + n, sl_gradient(query), w * sizeof *out);
    for (size_t i = 0; i < m + n + w; i++)
        assert_near(out[i], memory[i], engine_tolerance(3e-5, 1e-12));
    free(memory);
    sl_tape_free(tape);
    sl_tensor_free(r);
    sl_tensor_free(query);
    sl_tensor_free(table);
}

static void max_and_attention_are_their_plain_loops(void **unused)
{
    (void)unused;
    static const int widths[] = { 1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 100, 145 };
    enum { MOST = 100000 };
    static sl_real first[MOST], found[MOST];
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (int isa = 0; isa < 3; isa++)
            for (int threads = 1; threads <= 3; threads++) {
                sl_ctx *ctx = engine_crew(isas[isa], threads);
                if (!sl_error(ctx)) {
                    check_max(ctx, 9, widths[w], 6, 12, w + 1);
                    check_max(ctx, 700, widths[w], 40, 90, w + 1);
                    sl_real *out = isa || threads > 1 ? found : first;
                    const int n = 500 + 40 + 1;
                    check_attention(ctx, 9, widths[w], 6, 12, w + 1, out);
                    check_attention(ctx, 500, widths[w], 40, 90, w + 1, out);
                    assert_bits(out, first, (size_t)(n * widths[w]));
                }
                sl_ctx_free(ctx);
            }
}

/* The gradient of a batch in two pieces, one after the other, is that of the whole: the same bits. */
static void pieces_of_a_batch_add_up_to_it(void **unused)
{
    (void)unused;
    static const int widths[] = { 1, 7, 18, 40 };
    static made_bags made;
    for (int w = 0; w < 8; w++)
        for (int rows = 9; rows <= 5000; rows += 4991) {
            sl_ctx *ctx = engine_ctx(1);
            const int width = widths[w % 4], piece[][2] = { { 0, 6 }, { 0, 2 }, { 2, 6 } };
            uint64_t state = (uint64_t)w + 1;
            make_bags(&made, &state, 6, 20, rows);
            sl_tensor *table = sl_param(ctx, sl_dims(rows, width), "normal:1"),
                      *query = sl_param(ctx, sl_dims(width), "normal:1");
            const size_t n = (size_t)(rows * width);
            sl_real *whole = calloc(n, sizeof *whole);
            for (int p = 0; p < 3; p++) {
                sl_bags bags = made.bags;
                bags.offsets += piece[p][0];
                bags.count = piece[p][1] - piece[p][0];
                sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
                sl_tensor *y = w < 4 ? sl_embedding_attention(tape, table, query, &bags)
                                     : sl_embedding_max(tape, table, &bags);
                assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, y))), SL_OK);
                for (size_t i = 0; i < n && p == 0; i++)
                    whole[i] = sl_gradient(table)[i];
                if (p == 0)
                    memset(table->g, 0, n * sizeof *table->g);
                sl_tape_free(tape);
            }
            assert_bits(sl_gradient(table), whole, n);
            free(whole);
            sl_ctx_free(ctx);
        }
}

static void max_and_attention_refuse_what_has_no_meaning(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *table = sl_param(ctx, sl_dims(5, 2), "normal:1"), *query = sl_param(ctx, sl_dims(3), "zeros");
    const sl_real one[] = { 1, 1 };
    const sl_bags plain = { .ids = (const int[]){ 4, 1 }, .offsets = (const size_t[]){ 0, 2 }, .count = 1 },
                  valued = { .ids = plain.ids, .offsets = plain.offsets, .count = 1, .values = one },
                  outside = { .ids = (const int[]){ 4, 5 }, .offsets = plain.offsets, .count = 1 };
    assert_null(sl_embedding_max(tape, table, &valued));
    assert_says(ctx, SL_EINVAL, "embedding_max: the bags have values: wants ids alone");
    assert_null(sl_embedding_attention(tape, table, query, &valued));
    assert_says(ctx, SL_EINVAL, "embedding_attention: the bags have values: wants ids alone");
    assert_null(sl_embedding_max(tape, table, &outside));
    assert_says(ctx, SL_EINVAL, "embedding_max: bag 0, place 1: id 5 is no row of the table: wants 0 to 4");
    assert_null(sl_embedding_max(tape, table, NULL));
    assert_says(ctx, SL_EINVAL, "embedding_max: the bags are NULL");
    assert_null(sl_embedding_attention(tape, table, query, &plain));
    assert_says(ctx, SL_ESHAPE, "the query has shape [3]: wants [2], one for each column");
    assert_null(sl_embedding_attention(tape, table, NULL, &plain));
    assert_says(ctx, SL_EINVAL, "embedding_attention: input 2 is NULL: wants a tensor");
    sl_real *nan = sl_values(table) + 2; /* row 1 */
    nan[0] = (sl_real)NAN;
    sl_tensor *y = sl_embedding_max(tape, table, &plain);
    assert_true(sl_values(y)[0] != sl_values(y)[0] && sl_values(y)[1] == sl_values(y)[1]);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* --- the rows of the table of requirements --- */

/* There is no padding: what a text gives does not depend on how long others are, nor does its gradient. */
static void S153_a_row_does_not_depend_on_the_other_rows_of_its_batch(void **unused)
{
    (void)unused;
    enum { ROWS = 60, WIDTH = 21 };
    static made_bags made;
    uint64_t state = 5;
    sl_ctx *ctx = engine_crew(NULL, 2);
    make_bags(&made, &state, MOST_BAGS, 70, ROWS);
    sl_tensor *table = sl_param(ctx, sl_dims(ROWS, WIDTH), "normal:1"),
              *query = sl_param(ctx, sl_dims(WIDTH), "zeros");
    engine_fill(&state, sl_values(query), WIDTH, -1, 1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN), *infer = sl_tape_new(ctx, SL_INFER);
    for (int pooling = 0; pooling < POOLINGS; pooling++) {
        sl_real all[MOST_BAGS * WIDTH];
        memcpy(all, sl_values(pool(infer, pooling, table, query, &made.bags)), sizeof all);
        for (int i = 0; i < MOST_BAGS; i++) {
            const sl_bags one = { .ids = made.ids, .offsets = made.offsets + i, .count = 1 };
            sl_tensor *y = pool(tape, pooling, table, query, &one);
            assert_fine(ctx);
            assert_bits(sl_values(y), all + i * WIDTH, WIDTH);
        }
    }
    sl_ctx_free(ctx);
}

static void S154_permuting_tokens_leaves_the_mean(void **unused)
{
    (void)unused;
    enum { WORDS = 300, WIDTH = 50, ROWS = 1000 };
    uint64_t state = 6;
    int ids[WORDS];
    double worst = 0;
    sl_ctx *ctx = engine_ctx(2);
    sl_tensor *table = sl_param(ctx, sl_dims(ROWS, WIDTH), "normal:1");
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_bags bags = { .ids = ids, .offsets = (const size_t[]){ 0, WORDS }, .count = 1 };
    sl_real first[WIDTH];
    double mean[WIDTH] = { 0 };
    for (int i = 0; i < WORDS; i++) {
        ids[i] = (int)engine_below(&state, ROWS);
        for (int j = 0; j < WIDTH; j++)
            mean[j] += (double)sl_values(table)[ids[i] * WIDTH + j] / WORDS;
    }
    for (int round = 0; round < 50; round++) {
        const sl_real *y = sl_values(sl_embedding_bag(tape, table, &bags, "mean"));
        if (!round)
            memcpy(first, y, sizeof first);
        for (int j = 0; j < WIDTH; j++) {
            assert_near(y[j], mean[j], 1e-6);
            const double off = fabs((double)(y[j] - first[j]));
            worst = off > worst ? off : worst;
        }
        for (size_t i = WORDS - 1; i > 0; i--) {
            const size_t other = engine_below(&state, i + 1);
            const int kept = ids[i];
            ids[i] = ids[other];
            ids[other] = kept;
        }
    }
    assert_true(worst < 1e-6);
    sl_ctx_free(ctx);
}

static void S155_the_gradient_of_max_goes_to_the_arg_max_alone(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    /* columns: the largest in row 2; equal in rows 1 and 3, and 3 is named first; below 0 */
    sl_tensor *table =
        engine_param(ctx, sl_dims(4, 3), (const sl_real[]){ 9, 9, 9, -1, 5, -4, 4, 0, -3, 1, 5, -6 });
    const sl_bags bags = { .ids = (const int[]){ 3, 1, 2, 2 },
                           .offsets = (const size_t[]){ 0, 4, 4 },
                           .count = 2 };
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_embedding_max(tape, table, &bags);
    assert_bits(sl_values(y), ((const sl_real[]){ 4, 5, -3, 0, 0, 0 }), 6);
    sl_tensor *r = sl_tensor_new(ctx, sl_dims(2, 3), (const sl_real[]){ 10, 20, 30, 40, 50, 60 });
    assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r))), SL_OK);
    assert_bits(sl_gradient(table), ((const sl_real[]){ 0, 0, 0, 0, 0, 0, 10, 0, 30, 0, 20, 0 }), 12);
    assert_int_equal(sl_rows_count(table->touched), 2);
    sl_ctx_free(ctx);
}

/* A query of zeros is the mean; a long one picks the row that fits it best, and nothing overflows. */
static void S156_attention_goes_from_the_mean_to_the_row_that_fits(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *table = engine_param(ctx, sl_dims(3, 2), (const sl_real[]){ 1, 2, 3, -4, 5, 9 });
    sl_tensor *query = sl_param(ctx, sl_dims(2), "zeros");
    const sl_bags bags = { .ids = (const int[]){ 0, 2, 1, 0 },
                           .offsets = (const size_t[]){ 0, 4, 4 },
                           .count = 2 };
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_embedding_attention(tape, table, query, &bags);
    assert_bits(sl_values(y), ((const sl_real[]){ (sl_real)2.5, (sl_real)2.25, 0, 0 }), 4);
    const sl_real size = ENGINE_DOUBLE ? (sl_real)1e300 : (sl_real)1e37;
    sl_values(query)[1] = -size; /* -2, -9, 4 times that: row 1 */
    y = sl_embedding_attention(tape, table, query, &bags);
    assert_bits(sl_values(y), ((const sl_real[]){ 3, -4, 0, 0 }), 4);
    sl_values(query)[1] = 0;
    sl_values(query)[0] = (sl_real)log(2) / 2; /* 1, 3, 5: as 1, 2, 4 to 1 */
    y = sl_embedding_attention(tape, table, query, &bags);
    assert_near(sl_values(y)[0], (1 + 1 + 2 * 3 + 4 * 5) / 8.0, 1e-6);
    assert_near(sl_values(y)[1], (2 + 2 - 2 * 4 + 4 * 9) / 8.0, 1e-6);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* --- PyTorch --- */

static void check_pooled(const golden *file, const char *what)
{
    sl_ctx *ctx = engine_ctx(1);
    const golden_item *start = golden_find(file, "table"), *up = golden_find(file, "upstream");
    const golden_item *ids = golden_find(file, "ids_0"), *offsets = golden_find(file, "offsets_0"),
                      *values = golden_find(file, "values"), *q = golden_find(file, "query");
    int id[64];
    size_t offset[8];
    sl_real value[64];
    sl_tensor *table = sl_param(ctx, sl_dims((int)start->dims[0], (int)start->dims[1]), "zeros");
    sl_tensor *query = sl_param(ctx, sl_dims((int)q->count), "zeros");
    sl_tensor *r = sl_tensor_new(ctx, sl_dims((int)up->dims[0], (int)up->dims[1]), NULL);
    for (size_t i = 0; i < start->count; i++)
        sl_values(table)[i] = (sl_real)start->values[i];
    for (size_t i = 0; i < up->count; i++)
        sl_values(r)[i] = (sl_real)up->values[i];
    for (size_t i = 0; i < q->count; i++)
        sl_values(query)[i] = (sl_real)q->values[i];
    for (size_t i = 0; i < ids->count; i++) {
        id[i] = (int)ids->values[i];
        value[i] = (sl_real)values->values[i];
    }
    for (size_t i = 0; i < offsets->count; i++)
        offset[i] = (size_t)offsets->values[i];
    sl_bags bags = { .ids = id, .offsets = offset, .count = (int)offsets->count - 1 };
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y;
    if (!strcmp(what, "valued")) {
        bags.values = value;
        y = sl_embedding_bag(tape, table, &bags, "sum");
    } else {
        y = pool(tape, strcmp(what, "max") ? 2 : 1, table, query, &bags);
    }
    assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r))), SL_OK);
    for (size_t i = 0; i < up->count; i++)
        assert_near(sl_values(y)[i], golden_get(file, what, "y")->values[i], 2e-6);
    for (size_t i = 0; i < start->count; i++)
        assert_near(sl_gradient(table)[i], golden_get(file, what, "grad_table")->values[i], 2e-6);
    for (size_t i = 0; i < q->count && !strcmp(what, "attention"); i++)
        assert_near(sl_gradient(query)[i], golden_get(file, what, "grad_query")->values[i], 2e-6);
    sl_ctx_free(ctx);
}

static void poolings_agree_with_pytorch(void **unused)
{
    (void)unused;
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/bags.golden");
    check_pooled(file, "valued");
    check_pooled(file, "max");
    check_pooled(file, "attention");
    golden_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(max_and_attention_are_their_plain_loops),
        cmocka_unit_test(pieces_of_a_batch_add_up_to_it),
        cmocka_unit_test(max_and_attention_refuse_what_has_no_meaning),
        cmocka_unit_test(S153_a_row_does_not_depend_on_the_other_rows_of_its_batch),
        cmocka_unit_test(S154_permuting_tokens_leaves_the_mean),
        cmocka_unit_test(S155_the_gradient_of_max_goes_to_the_arg_max_alone),
        cmocka_unit_test(S156_attention_goes_from_the_mean_to_the_row_that_fits),
        cmocka_unit_test(poolings_agree_with_pytorch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
