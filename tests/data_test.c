/* Data from memory, views, split and shuffle. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data_place.h"
#include "core/random.h"
#include "data/shuffle.h"

#include <math.h>

static void from_memory(void **state)
{
    bench *b = *state;
    const sl_real xv[6] = { 1, 2, 3, 4, 5, 6 }, yv[3] = { 0, 1, 1 },
                  bad[6] = { 1, 2, 3, (sl_real)INFINITY, 5, 6 };
    sl_tensor *x = sl_tensor_new(b->ctx, sl_dims(3, 2), xv), *y = sl_tensor_new(b->ctx, sl_dims(3), yv);
    sl_data *data = sl_data_from(b->ctx, x, y);
    assert_int_equal(sl_data_rows(data), 3);
    assert_int_equal(sl_data_classes(data), 0);
    assert_true(sl_data_has_targets(data) && !sl_data_is_bytes(data));
    sl_real row[2], target;
    assert_int_equal(sl_data_row(data, 1, row, &target), SL_OK);
    assert_true(row[0] == 3 && row[1] == 4 && target == 1);
    sl_values(x)[2] = 9; /* it was copied */
    sl_data_row(data, 1, row, NULL);
    assert_true(row[0] == 3);
    sl_data_free(data);

    data = sl_data_from(b->ctx, y, x); /* one input, two outputs */
    assert_int_equal(sl_data_shape(data).rank, 1);
    assert_int_equal(sl_data_shape(data).dim[0], 1);
    sl_real two[2];
    sl_data_gather(NULL, data, (const size_t[]){ 2 }, 1, NULL, NULL, two);
    assert_true(two[0] == 5 && two[1] == 6);
    sl_data_free(data);
    data = sl_data_from(b->ctx, x, NULL);
    assert_false(sl_data_has_targets(data));
    sl_data_free(data);

    assert_null(sl_data_from(b->ctx, sl_tensor_new(b->ctx, sl_dims(3, 2), bad), y));
    assert_int_equal(sl_error(b->ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(b->ctx), "row 1, column 1 of x is inf"));
    sl_clear(b->ctx);
    assert_null(sl_data_from(b->ctx, x, sl_tensor_new(b->ctx, sl_dims(2), yv)));
    assert_int_equal(sl_error(b->ctx), SL_ESHAPE);
    assert_non_null(strstr(sl_message(b->ctx), "y must be [3] or [3, outputs], given [2]"));
    sl_clear(b->ctx);
    assert_null(sl_data_from(b->ctx, NULL, y));
    assert_int_equal(sl_error(b->ctx), SL_EINVAL);
    sl_clear(b->ctx);
}

static uint64_t plain_mix(uint64_t digest, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
    return digest;
}

/* Byte i of a row in lane i mod 8, its targets likewise; then the head and the lanes. Numbers as floats. */
static uint64_t plain_digest(const sl_data *data)
{
    const size_t f = data->features, outputs = data->outputs;
    uint64_t lanes[8], head[10] = { data->rows, outputs, 0, 1, f };
    for (int i = 0; i < 8; i++)
        lanes[i] = 14695981039346656037u;
    for (size_t r = 0; r < data->rows; r++) {
        for (size_t i = 0; data->store->bytes && i < f; i++)
            lanes[i % 8] = plain_mix(lanes[i % 8], data->store->bytes + r * f + i, 1);
        for (int what = data->store->bytes ? 1 : 0; what < 2; what++)
            for (size_t i = 0; i < 4 * (what ? outputs : f); i++) {
                const float value =
                    (float)(what ? data->store->targets + r * outputs : data->store->reals + r * f)[i / 4];
                lanes[i % 8] = plain_mix(lanes[i % 8], (const unsigned char *)&value + i % 4, 1);
            }
    }
    return plain_mix(plain_mix(14695981039346656037u, head, sizeof head), lanes, sizeof lanes);
}

/* Rows read and the digest, by every instruction set and number of threads, against plain loops. */
static void same_on_every_machine(void **state)
{
    (void)state;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    enum { ROWS = 9000 };
    for (int form = 0; form < 12; form++) {
        const size_t features = (const size_t[]){ 1, 8, 31 }[form / 4],
                     outputs = (size_t)form % 4 / 2 * 2 + 1;
        for (int way = 0; way < 6; way++) {
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[way % 3] });
            if (sl_error(ctx) || sl_ctx_crew(ctx, 1 + way / 3 * 2)) { /* not on this machine */
                sl_ctx_free(ctx);
                continue;
            }
            sl_data *data = sl_data_new(ctx, &(sl_data_plan){ .source = "t",
                                                              .part = "all",
                                                              .shape = sl_dims((int)features),
                                                              .rows = ROWS,
                                                              .outputs = outputs,
                                                              .bytes = form % 2 });
            for (size_t i = 0; i < ROWS * features; i++)
                if (form % 2)
                    data->store->bytes[i] = (unsigned char)(i * 7 + i / 256);
                else
                    data->store->reals[i] = (sl_real)(i % 977) / 7 - 50;
            for (size_t i = 0; i < ROWS * outputs; i++)
                data->store->targets[i] = (sl_real)(i % 10);
            assert_true(sl_data_digest_in(ctx, data) == plain_digest(data));
            assert_true(sl_data_digest(data) == plain_digest(data));
            size_t *rows = sl_alloc_array(ctx, ROWS, sizeof *rows);
            sl_real *x = sl_alloc_array(ctx, ROWS * features, sizeof *x);
            sl_real *y = sl_alloc_array(ctx, ROWS * outputs, sizeof *y);
            for (size_t i = 0; i < ROWS; i++)
                rows[i] = i * 7919 % ROWS;
            sl_data_gather(ctx, data, rows, ROWS, &(sl_preparation){ .divisor = 255 }, x, y);
            for (size_t i = 0; i < ROWS; i++) {
                for (size_t j = 0; j < features; j++) {
                    const size_t at = rows[i] * features + j;
                    const volatile sl_real raw =
                        data->store->bytes ? (sl_real)data->store->bytes[at] : data->store->reals[at];
                    assert_true(x[i * features + j] == raw / 255);
                }
                assert_memory_equal(y + i * outputs, data->store->targets + rows[i] * outputs,
                                    outputs * sizeof *y);
            }
            sl_ctx_free(ctx);
        }
    }
}

static void split(void **state)
{
    bench *b = *state;
    const size_t before = sl_ctx_bytes(b->ctx);
    /* class 0: 101 rows, class 1: 20, class 2: 4; a row's input is its number */
    sl_data *all = sl_data_new(
        b->ctx,
        &(sl_data_plan){
            .source = "t", .part = "all", .shape = sl_dims(1), .rows = 125, .outputs = 1, .classes = 3 });
    for (size_t i = 0; i < 125; i++) {
        all->store->reals[i] = (sl_real)i;
        all->store->targets[i] = i < 101 ? 0 : i < 121 ? 1 : 2;
    }
    sl_data *cut, *rest, *again, *others;
    assert_int_equal(sl_data_split(all, 0.1, &cut, &rest), SL_OK);
    size_t counts[10];
    count_classes(cut, counts);
    assert_true(counts[0] == 10 && counts[1] == 2 && counts[2] == 0); /* 10.1, 2, 0.4 */
    assert_int_equal(sl_data_rows(cut) + sl_data_rows(rest), 125);
    bool in[125] = { false }, seen[125] = { false };
    for (int part = 0; part < 2; part++) {
        sl_real last = -1, x;
        for (size_t i = 0; i < sl_data_rows(part ? rest : cut); i++, last = x) {
            sl_data_row(part ? rest : cut, i, &x, NULL);
            assert_true(x > last); /* the old order is kept */
            assert_false(seen[(size_t)x]);
            seen[(size_t)x] = true;
            in[(size_t)x] = part == 0;
        }
    }
    /* Which rows: those of the smallest keys in each class, whatever else is in the data. */
    for (size_t i = 0; i < 121; i++) {
        size_t smaller = 0;
        const uint64_t key = sl_random_bits(1, SL_FOR_SPLIT, 0, 0, i);
        for (size_t j = i < 101 ? 0 : 101; j < (i < 101 ? 101 : 121); j++)
            smaller += sl_random_bits(1, SL_FOR_SPLIT, 0, 0, j) < key;
        assert_true(in[i] == (smaller < (i < 101 ? 10u : 2u)));
    }
    /* A view in another order gives the same rows. */
    size_t *order = sl_alloc_array(b->ctx, 125, sizeof *order);
    for (size_t i = 0; i < 125; i++)
        order[i] = (i * 7 + 3) % 125;
    sl_data *mixed = sl_data_view(all, order, 125, "all");
    assert_int_equal(sl_data_split(mixed, 0.1, &again, &others), SL_OK);
    assert_int_equal(sl_data_rows(again), sl_data_rows(cut));
    for (size_t i = 0; i < sl_data_rows(again); i++) {
        sl_real x;
        sl_data_row(again, i, &x, NULL);
        assert_true(in[(size_t)x]);
    }
    assert_true(sl_data_digest(mixed) != sl_data_digest(all));
    sl_data_free(again);
    sl_data_free(others);
    sl_data_free(mixed);
    /* Regression: one class. Views live on without the whole. */
    assert_int_equal(sl_data_split_as(all, 0, 0.5, &again, &others), SL_OK);
    assert_int_equal(sl_data_rows(again), 63);
    sl_data_free(all);
    sl_real x;
    assert_int_equal(sl_data_row(rest, 0, &x, NULL), SL_OK);
    sl_data *inner, *outer; /* a view can be cut again */
    assert_int_equal(sl_data_split(rest, 0.5, &inner, &outer), SL_OK);
    count_classes(inner, counts);
    assert_true(counts[0] == 46 && counts[1] == 9 && counts[2] == 2); /* of 91, 18, 4 */
    static const double wrong[] = { 0, 1, -0.5, 2, 0.001, 0.9999 };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        sl_data *a, *c;
        assert_int_equal(sl_data_split(inner, wrong[i], &a, &c), SL_EINVAL);
        assert_true(!a && !c && strlen(sl_message(b->ctx)));
        sl_clear(b->ctx);
    }
    sl_data *const parts[] = { cut, rest, again, others, inner, outer };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        sl_data_free(parts[i]);
    assert_int_equal(sl_ctx_bytes(b->ctx), before);
}

static void validation_possible(void **state)
{
    bench *b = *state;
    static const struct {
        size_t rows, second; /* of class 1 */
        bool possible;
        const char *why;
    } cases[] = { { 49, 20, false, "49 rows are fewer than 50" },
                  { 50, 5, true, "" },
                  { 50, 4, false, "class 1 has 4 rows, fewer than 5" },
                  { 50, 0, true, "" } };
    for (size_t i = 0; i < 4; i++) {
        char why[160];
        sl_data *data = sl_data_new(b->ctx, &(sl_data_plan){ .source = "t",
                                                             .part = "all",
                                                             .shape = sl_dims(1),
                                                             .rows = cases[i].rows,
                                                             .outputs = 1,
                                                             .classes = 2 });
        for (size_t row = 0; row < cases[i].second; row++)
            data->store->targets[row] = 1;
        assert_int_equal(sl_data_can_validate(data, 2, why), cases[i].possible);
        assert_string_equal(why, cases[i].why);
        assert_int_equal(sl_data_can_validate(data, 0, why), cases[i].rows >= 50);
        sl_data_free(data);
    }
}

static void is_permutation(const size_t *order, size_t rows)
{
    unsigned char *seen = calloc(rows, 1);
    for (size_t i = 0; i < rows; i++) {
        assert_true(order[i] < rows && !seen[order[i]]);
        seen[order[i]] = 1;
    }
    free(seen);
}

static void shuffle(void **state)
{
    (void)state;
    enum { BLOCK = 4096, WINDOW = 65536, MOST = 3 * WINDOW + 2 * BLOCK + 77 };
    static const size_t sizes[] = { 1, 2, 1000, WINDOW, WINDOW + 1, WINDOW + BLOCK, MOST };
    size_t *order = calloc(MOST, sizeof *order), *other = calloc(MOST, sizeof *other);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        const size_t rows = sizes[s];
        sl_shuffle_order(3, 5, rows, order);
        is_permutation(order, rows);
        sl_shuffle_order(3, 5, rows, other);
        assert_memory_equal(order, other, rows * sizeof *order);
        if (rows < 1000)
            continue;
        sl_shuffle_order(3, 6, rows, other);
        assert_memory_not_equal(order, other, rows * sizeof *order);
        sl_shuffle_order(4, 5, rows, other);
        assert_memory_not_equal(order, other, rows * sizeof *order);
    }
    /* Large: a window holds 16 whole blocks (the last window, and the one with the short block, fewer rows).
     */
    size_t blocks[16], kinds = 0, at = 0, short_seen = 0;
    while (at < MOST) {
        kinds = 0;
        size_t rows = 0;
        while (at < MOST) {
            size_t k = 0;
            while (k < kinds && blocks[k] != order[at] / BLOCK)
                k++;
            if (k == kinds && kinds == 16)
                break; /* the next window begins */
            if (k == kinds)
                blocks[kinds++] = order[at] / BLOCK;
            rows++;
            at++;
        }
        size_t held = 0;
        for (size_t k = 0; k < kinds; k++) {
            const bool last = blocks[k] == MOST / BLOCK;
            held += last ? MOST % BLOCK : BLOCK;
            short_seen += last;
        }
        assert_int_equal(rows, held);
        assert_true(kinds == 16 || at == MOST);
    }
    assert_int_equal(short_seen, 1);
    /* Uniform: over 6,000 epochs each of the 6 orders of 3 rows comes about 1,000 times (5 deviations: 145).
     */
    size_t counts[27] = { 0 };
    for (uint32_t epoch = 0; epoch < 6000; epoch++) {
        sl_shuffle_order(1, epoch, 3, order);
        counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    for (size_t i = 0; i < 27; i++)
        assert_true(counts[i] == 0 || (counts[i] > 855 && counts[i] < 1145));
    free(order);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_memory), cmocka_unit_test(same_on_every_machine),
        cmocka_unit_test(split),       cmocka_unit_test(validation_possible),
        cmocka_unit_test(shuffle),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
