/* Words left out at random: how many, which ones again, pieces of a batch, memory, what is refused. Runs in
 * both builds. */
#include "bags.h"
#include "op/op.h"

#include <limits.h>

static void drop(sl_tape *tape, const sl_bags *bags, double rate, sl_bags *left)
{
    assert_int_equal(sl_bags_drop(tape, bags, (sl_real)rate, left), SL_OK);
    assert_int_equal(left->count, bags->count);
}

static void bags_equal(const sl_bags *a, const sl_bags *b, int first, int count)
{
    for (int i = 0; i < count; i++) {
        const size_t n = a->offsets[i + 1] - a->offsets[i];
        assert_int_equal(b->offsets[first + i + 1] - b->offsets[first + i], n);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(a->ids[a->offsets[i] + k], b->ids[b->offsets[first + i] + k]);
            if (a->values)
                assert_bits(&a->values[a->offsets[i] + k], &b->values[b->offsets[first + i] + k], 1);
        }
    }
}

/* Five standard deviations; order and values stay. */
static void words_are_left_out_at_the_rate(void **unused)
{
    (void)unused;
    enum { BAGS = 200, EACH = 501, ALL = BAGS * EACH };
    static int ids[ALL];
    static sl_real values[ALL];
    static size_t offsets[BAGS + 1];
    for (int i = 0; i < ALL; i++) {
        ids[i] = i;
        values[i] = (sl_real)(i % 1000);
    }
    for (size_t i = 0; i <= BAGS; i++)
        offsets[i] = i * EACH;
    const sl_bags bags = { .ids = ids, .offsets = offsets, .count = BAGS, .values = values };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    static const double rates[] = { 0.1, 0.5, 0.9 };
    for (int r = 0; r < 3; r++) {
        sl_bags left;
        drop(tape, &bags, rates[r], &left);
        const double kept = (double)left.offsets[BAGS] / ALL, p = rates[r];
        assert_true(fabs(1 - kept - p) < 5 * sqrt(p * (1 - p) / ALL));
        int places[4] = { 0 };
        for (int bag = 0; bag < BAGS; bag++)
            for (size_t i = left.offsets[bag]; i < left.offsets[bag + 1]; i++) {
                const int id = left.ids[i];
                assert_int_equal(id / EACH, bag);
                assert_true(i == left.offsets[bag] || id > left.ids[i - 1]);
                assert_true(left.values[i] == (sl_real)(id % 1000));
                places[id % 4]++;
            }
        for (int i = 0; i < 4; i++) /* no place of a random block is better off */
            assert_true(fabs(places[i] / (ALL / 4.0) - (1 - p)) < 5 * sqrt(p * (1 - p) / (ALL / 4.0)));
    }
    sl_ctx_free(ctx);
}

static void which_words_follows_from_seed_step_layer_row_and_place(void **unused)
{
    (void)unused;
    static made_bags made;
    uint64_t state = 9;
    make_bags(&made, &state, MOST_BAGS, 80, 500);
    value_bags(&made);
    sl_ctx *ctx = engine_ctx(7), *other = engine_crew("plain", 3), *again = engine_ctx(7);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN), *pieces = sl_tape_new(again, SL_TRAIN);
    tape->step = pieces->step = 11;
    sl_bags whole, second, piece;
    drop(tape, &made.bags, 0.4, &whole);
    drop(tape, &made.bags, 0.4, &second); /* another layer */
    assert_int_equal(tape->randoms, 2);
    assert_true(whole.offsets[MOST_BAGS] != second.offsets[MOST_BAGS] ||
                memcmp(whole.ids, second.ids, whole.offsets[MOST_BAGS] * sizeof *whole.ids) != 0);
    for (int first = 0; first < MOST_BAGS; first += 7) { /* the batch in pieces */
        sl_tape_reset(pieces);
        pieces->first_row = (uint32_t)first;
        sl_bags part = made.bags;
        part.offsets += first;
        part.count = MOST_BAGS - first < 7 ? MOST_BAGS - first : 7;
        drop(pieces, &part, 0.4, &piece);
        bags_equal(&piece, &whole, first, part.count);
        drop(pieces, &part, 0.4, &piece);
        bags_equal(&piece, &second, first, part.count);
    }
    for (int what = 0; what < 2; what++) { /* another step; another seed */
        sl_tape *third = sl_tape_new(what ? other : again, SL_TRAIN);
        third->step = what ? 11 : 12;
        drop(third, &made.bags, 0.4, &piece);
        assert_true(whole.offsets[MOST_BAGS] != piece.offsets[MOST_BAGS] ||
                    memcmp(whole.ids, piece.ids, whole.offsets[MOST_BAGS] * sizeof *whole.ids) != 0);
    }
    sl_bags less;
    sl_tape_reset(tape);
    drop(tape, &made.bags, 0.7, &less); /* a higher rate takes more of the same */
    for (int i = 0; i < MOST_BAGS; i++) {
        size_t at = whole.offsets[i];
        for (size_t k = less.offsets[i]; k < less.offsets[i + 1]; k++, at++) {
            while (at < whole.offsets[i + 1] && whole.ids[at] != less.ids[k])
                at++;
            assert_true(at < whole.offsets[i + 1]);
        }
    }
    sl_ctx_free(ctx);
    sl_ctx_free(other);
    sl_ctx_free(again);
}

/* The words of a text go where a dropout's units would: the same random numbers. */
static void words_go_as_the_units_of_dropout(void **unused)
{
    (void)unused;
    enum { UNITS = 150 };
    int ids[UNITS];
    for (int i = 0; i < UNITS; i++)
        ids[i] = i;
    sl_ctx *ctx = engine_ctx(3);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, UNITS), NULL);
    for (int i = 0; i < UNITS; i++)
        sl_values(x)[i] = 1;
    sl_tensor *y = sl_dropout_of(tape, x, (sl_real)0.3);
    bool kept[UNITS];
    for (int i = 0; i < UNITS; i++)
        kept[i] = sl_values(y)[i] != 0;
    sl_tape_reset(tape);
    sl_bags left;
    drop(tape, &(sl_bags){ .ids = ids, .offsets = (const size_t[]){ 0, UNITS }, .count = 1 }, 0.3, &left);
    size_t at = 0;
    for (int i = 0; i < UNITS; i++)
        if (kept[i])
            assert_int_equal(left.ids[at++], i);
    assert_int_equal(at, left.offsets[1]);
    sl_ctx_free(ctx);
}

static void nothing_is_left_out_in_inference_and_at_rate_0(void **unused)
{
    (void)unused;
    const sl_bags bags = { .ids = (const int[]){ 4, 1, 2 },
                           .offsets = (const size_t[]){ 0, 1, 3 },
                           .count = 2 };
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *infer = sl_tape_new(ctx, SL_INFER), *train = sl_tape_new(ctx, SL_TRAIN);
    sl_bags left;
    drop(infer, &bags, 0.9, &left);
    assert_memory_equal(&left, &bags, sizeof bags);
    drop(train, &bags, 0, &left);
    assert_memory_equal(&left, &bags, sizeof bags);
    drop(train, &(sl_bags){ 0 }, 0.5, &left);
    assert_int_equal(train->randoms, 2);
    static const double wrong[] = { -0.1, 1, 2, NAN };
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sl_bags_drop(train, &bags, (sl_real)wrong[i], &left), SL_EINVAL);
        assert_says(ctx, SL_EINVAL, "bags: the rate of words left out is");
    }
    assert_int_equal(sl_bags_drop(train, NULL, 0, &left), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "bags: the bags are NULL");
    const sl_bags down = { .ids = bags.ids, .offsets = (const size_t[]){ 2, 1 }, .count = 1 };
    assert_int_equal(sl_bags_drop(train, &down, 0, &left), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "bag 0 begins at id 2 and ends before id 1");
    assert_int_equal(sl_bags_drop(NULL, &bags, 0, &left), SL_ENOMEM);
    sl_ctx_free(ctx);
}

/* A new graph begins with the words that are left, and their memory is the tape's: the same in each round. */
static void a_loop_of_steps_with_words_left_out_allocates_once(void **unused)
{
    (void)unused;
    size_t calls[2];
    for (int round = 0; round < 2; round++) {
        static made_bags made;
        uint64_t state = 3;
        make_bags(&made, &state, 20, 50, 90);
        value_bags(&made);
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *table = sl_param(ctx, sl_dims(90, 3), "normal:1");
        sl_step *step = sl_step_new(ctx, sl_sgd(.lr = (sl_real)0.1), &table, 1);
        for (int i = 0; i < (round ? 60 : 2); i++) {
            sl_bags left;
            drop(tape, &made.bags, 0.5, &left);
            assert_int_equal(tape->randoms, 1);
            sl_tensor *loss = sl_mean(tape, sl_square(tape, sl_embedding_bag(tape, table, &left, "mean")));
            assert_int_equal(sl_backward(tape, loss), SL_OK);
            assert_int_equal(sl_step_apply(step), SL_OK);
        }
        calls[round] = memory.calls;
        sl_ctx_free(ctx);
    }
    assert_int_equal(calls[0], calls[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_left_out_at_the_rate),
        cmocka_unit_test(which_words_follows_from_seed_step_layer_row_and_place),
        cmocka_unit_test(words_go_as_the_units_of_dropout),
        cmocka_unit_test(nothing_is_left_out_in_inference_and_at_rate_0),
        cmocka_unit_test(a_loop_of_steps_with_words_left_out_allocates_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
