/* Updates by rows: rows in no bag stay as they are under every rule; a table that is used otherwise; memory
 * that runs out; several contexts. Runs in both builds.                                                   */
#include "bags.h"
#include "optim/optim.h"

#include <pthread.h>

static const char *const isas[] = { "plain", "avx2", "avx512" };

/* sum(y r): r is the gradient of y */
static sl_tensor *bags_loss(sl_tape *tape, sl_tensor *table, const sl_bags *bags, sl_tensor *r, bool mean)
{
    return sl_sum(tape, sl_mul(tape, sl_embedding_bag(tape, table, bags, mean ? "mean" : "sum"), r));
}

/* --- rows in no bag --- */

/* Each row on its own, by the rule's plain loop; nothing happens to the others. */
static void lazy_check(const sl_rule *rule, int isa, int threads, int rows, int width)
{
    static made_bags made;
    sl_ctx *ctx = engine_crew(isas[isa], threads);
    if (sl_error(ctx)) { /* not on this machine */
        sl_ctx_free(ctx);
        return;
    }
    const size_t n = (size_t)(rows * width), wide = (size_t)width;
    uint64_t state = 77;
    sl_tensor *table = sl_param(ctx, sl_dims(rows, width), "normal:1");
    sl_tensor *r = sl_tensor_new(ctx, sl_dims(MOST_BAGS, width), NULL);
    const sl_optimizer optimizer = { .rule = rule->name, .lr = (sl_real)0.1, .decay = (sl_real)0.2 };
    sl_step *step = sl_step_new(ctx, optimizer, &table, 1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_real *memory = calloc(5 * n, sizeof *memory);
    sl_real *w = memory, *g = w + n, *m[] = { g + n, g + 2 * n, g + 3 * n };
    bool *named = calloc((size_t)rows, sizeof *named);
    memcpy(w, sl_values(table), n * sizeof *w);
    sl_update u = sl_update_of(&step->set);
    size_t idle = 0;
    for (int k = 0; k < 4; k++) {
        make_bags(&made, &state, k == 2 ? 1 : MOST_BAGS, (size_t)rows / 12 + 1, rows);
        r->shape.dim[0] = made.bags.count;
        r->count = (size_t)made.bags.count * wide;
        engine_fill(&state, sl_values(r), r->count, -1, 1);
        assert_int_equal(sl_backward(tape, bags_loss(tape, table, &made.bags, r, k % 2)), SL_OK);
        memset(g, 0, n * sizeof *g);
        plain_backward(g, sl_values(r), &made.bags, wide, k % 2);
        memset(named, 0, (size_t)rows * sizeof *named);
        for (size_t i = made.offsets[0]; i < made.offsets[made.bags.count]; i++)
            named[made.ids[i]] = true;
        u.beta1_power *= (double)u.beta1; /* of all steps, also for a row that was never in a bag */
        u.beta2_power *= (double)u.beta2;
        if (rule->advance)
            rule->advance(&u);
        if (rule->prepare)
            rule->prepare(&u);
        for (size_t row = 0; row < (size_t)rows; row++) {
            idle += !named[row];
            if (named[row])
                rule->update(SL_ISA_PLAIN, &u, w + row * wide, g + row * wide,
                             (sl_real *const[]){ m[0] + row * wide, m[1] + row * wide, m[2] + row * wide },
                             wide);
        }
        assert_int_equal(sl_step_apply(step), SL_OK);
        assert_bits(sl_values(table), w, n);
        for (int s = 0; s < rule->states; s++)
            assert_bits(step->state[s], m[s], n);
        for (size_t i = 0; i < n; i++)
            assert_true(sl_gradient(table)[i] == 0);
        assert_int_equal(sl_rows_count(table->touched), 0);
    }
    assert_true(idle > 0);
    free(memory);
    free(named);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void rows_in_no_bag_stay_as_they_are(void **unused)
{
    (void)unused;
    for (size_t r = 0; sl_rule_at(r); r++)
        for (int isa = 0; isa < 3; isa++)
            for (int threads = 1; threads <= 3; threads++) {
                lazy_check(sl_rule_at(r), isa, threads, 30, 3);
                lazy_check(sl_rule_at(r), isa, threads, 1001, 70);
                lazy_check(sl_rule_at(r), isa, threads, 900, 1);
                if (threads == 1)
                    lazy_check(sl_rule_at(r), isa, threads, 900, 2);
            }
}

/* The list of touched rows against one flag a row, for many rows and few, from everywhere to everywhere. */
static void touched_rows_are_found_and_forgotten(void **unused)
{
    (void)unused;
    static const int sizes[] = { 1, 63, 64, 65, 4095, 4096, 4097, 20000 };
    uint64_t state = 12;
    sl_ctx *ctx = engine_ctx(1);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const size_t rows = (size_t)sizes[s];
        sl_tensor *t = sl_param(ctx, sl_dims(sizes[s], 1), "zeros");
        assert_int_equal(sl_tensor_watch_rows(t), SL_OK);
        sl_rows *touched = t->touched;
        bool *flag = calloc(rows, sizeof *flag);
        uint64_t *bit = calloc(rows / 64 + 1, sizeof *bit);
        for (int round = 0; round < 4; round++) {
            size_t count = 0, given = 0;
            memset(flag, 0, rows);
            memset(bit, 0, (rows / 64 + 1) * sizeof *bit);
            for (int k = 0; k < (round == 3 ? 1500 : 20); k++) {
                const int row = (int)engine_below(&state, rows), alike[] = { row, row };
                flag[row] = true;
                if (k % 3 == 0)
                    sl_rows_touch(touched, (size_t)row);
                else if (k % 3 == 1)
                    sl_rows_touch_all(touched, alike, 2);
                else
                    given += !(bit[row / 64] >> row % 64 & 1);
                if (k % 3 == 2)
                    bit[row / 64] |= (uint64_t)1 << row % 64;
            }
            const size_t before = touched->most;
            sl_rows_add(touched, bit, given);
            assert_int_equal(touched->most, before + given);
            for (size_t i = 0; i < rows; i++)
                count += flag[i];
            assert_int_equal(sl_rows_count(touched), count);
            assert_true(touched->most >= count);
            for (int k = 0; k < 60; k++) {
                const size_t a = k ? engine_below(&state, rows + 1) : 0,
                             b = k ? engine_below(&state, rows + 1) : rows;
                size_t row[7], from = a, at = a, end, n;
                while (at < b && !flag[at])
                    at++;
                if (a <= b) {
                    assert_int_equal(sl_rows_next(touched, a, b, &end), at);
                    for (; at < b && flag[at]; at++)
                        ;
                    assert_int_equal(end, at);
                }
                at = a;
                while ((n = sl_rows_list(touched, &from, b, row, 7)) > 0)
                    for (size_t i = 0; i < n; i++, at++) {
                        while (at < b && !flag[at])
                            at++;
                        assert_int_equal(row[i], at);
                    }
                while (at < b)
                    assert_false(flag[at++]);
            }
            sl_rows_clear(touched);
            assert_int_equal(sl_rows_count(touched), 0);
            assert_int_equal(touched->most, 0);
            size_t end;
            assert_int_equal(sl_rows_next(touched, 0, rows, &end), rows);
        }
        free(flag);
        free(bit);
    }
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* Another operator's gradient reaches every row: then the whole table is updated, in whatever order they
 * came, and in the step after that rows count again. */
static void a_table_used_otherwise_is_updated_whole(void **unused)
{
    (void)unused;
    const sl_bags bags = { .ids = (const int[]){ 1, 3 }, .offsets = (const size_t[]){ 0, 2 }, .count = 1 };
    for (int order = 0; order < 4; order++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *table = sl_param(ctx, sl_dims(5, 2), "zeros");
        sl_step *step = sl_step_new(ctx, sl_sgd(.lr = 1), &table, 1);
        sl_tensor *by_rows, *whole;
        switch (order) {
        case 0: /* in one graph */
            by_rows = sl_sum(tape, sl_embedding_bag(tape, table, &bags, "sum"));
            sl_backward(tape, sl_add(tape, by_rows, sl_sum(tape, table)));
            break;
        case 1:
            whole = sl_sum(tape, table);
            by_rows = sl_sum(tape, sl_embedding_bag(tape, table, &bags, "sum"));
            sl_backward(tape, sl_add(tape, whole, by_rows));
            break;
        case 2: /* one graph after the other; here there is no list yet when the first gradient flows */
            sl_backward(tape, sl_sum(tape, table));
            sl_backward(tape, sl_sum(tape, sl_embedding_bag(tape, table, &bags, "sum")));
            break;
        default:
            sl_backward(tape, sl_sum(tape, sl_embedding_bag(tape, table, &bags, "sum")));
            sl_backward(tape, sl_sum(tape, table));
        }
        assert_int_equal(sl_step_apply(step), SL_OK);
        for (int i = 0; i < 10; i++)
            assert_true(sl_values(table)[i] == (i / 2 == 1 || i / 2 == 3 ? -2 : -1));
        sl_step *decaying = sl_step_new(ctx, sl_sgd(.lr = 1, .decay = (sl_real)0.5), &table, 1);
        sl_backward(tape, sl_sum(tape, sl_embedding_bag(tape, table, &bags, "sum")));
        assert_int_equal(sl_step_apply(decaying), SL_OK);
        for (int i = 0; i < 10; i++) /* -2 - (1 - 0.5 * 2) = -2; the others do not decay */
            assert_true(sl_values(table)[i] == (i / 2 == 1 || i / 2 == 3 ? -2 : -1));
        assert_fine(ctx);
        sl_ctx_free(ctx);
    }
}

static sl_tensor *checked_loss(sl_tape *tape, void *user)
{
    static const int ids[] = { 1, 1, 3 };
    static const size_t offsets[] = { 0, 2, 3 };
    const sl_bags bags = { .ids = ids, .offsets = offsets, .count = 2 };
    return sl_sum(tape, sl_tanh(tape, sl_embedding_bag(tape, user, &bags, "sum")));
}

/* A gradient check leaves no gradient behind, so no touched rows either. */
static void a_gradient_check_touches_nothing(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *table = sl_param(ctx, sl_dims(5, 3), "normal:1");
    sl_gradcheck_result result;
    assert_int_equal(sl_gradcheck(ctx, checked_loss, table, &table, 1, &result), SL_OK);
    assert_int_equal(result.checked, 15);
    assert_int_equal(sl_rows_count(table->touched), 0);
    sl_step *step = sl_step_new(ctx, sl_adam(), &table, 1);
    assert_int_equal(sl_step_apply(step), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "no gradient since the last step");
    sl_ctx_free(ctx);
}

/* --- memory and contexts --- */

static sl_status bags_training(sl_ctx *ctx, int steps, sl_real *last)
{
    const int ids[] = { 4, 1, 4, 0, 2, 2, 6 };
    const sl_bags bags = { .ids = ids, .offsets = (const size_t[]){ 0, 3, 3, 7 }, .count = 3 };
    sl_tensor *table = sl_param(ctx, sl_dims(7, 5), "normal:1");
    sl_tensor *w = sl_param(ctx, sl_dims(2, 5), "he");
    sl_tensor *labels = sl_tensor_new(ctx, sl_dims(3), (const sl_real[]){ 0, 1, 1 });
    sl_step *step =
        table && w ? sl_step_new(ctx, sl_adamw(.lr = (sl_real)0.1), (sl_tensor *[]){ table, w }, 2) : NULL;
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int i = 0; i < steps && labels; i++) {
        sl_tensor *logits = sl_linear(tape, sl_embedding_bag(tape, table, &bags, "mean"), w, NULL, NULL);
        sl_tensor *loss = sl_cross_entropy(tape, logits, labels);
        if (!loss || sl_backward(tape, loss) || sl_step_apply(step))
            break;
        *last = sl_values(loss)[0];
    }
    const sl_status status = sl_error(ctx);
    sl_tape_free(tape);
    sl_step_free(step);
    sl_tensor_free(labels);
    sl_tensor_free(w);
    sl_tensor_free(table);
    return status;
}

static void every_allocation_may_fail(void **unused)
{
    (void)unused;
    bool whole = false;
    for (size_t n = 1; !whole; n++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        const size_t empty = memory.bytes;
        sl_real last = 0;
        memory.fail_at = memory.calls + n;
        const sl_status status = bags_training(ctx, 3, &last);
        whole = memory.calls < memory.fail_at;
        assert_int_equal(status, whole ? SL_OK : SL_ENOMEM);
        assert_true(whole == !strstr(sl_message(ctx), "out of memory"));
        assert_int_equal(memory.bytes, empty); /* each thing gave back all of its own */
        sl_ctx_free(ctx);
        assert_int_equal(memory.bytes, 0);
        assert_false(memory.wrong_size);
        assert_in_range(n, 1, 200);
    }
}

static void a_loop_of_equal_steps_allocates_nothing(void **unused)
{
    (void)unused;
    size_t calls[2];
    for (int i = 0; i < 2; i++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_real last = 0;
        assert_int_equal(bags_training(ctx, i ? 200 : 2, &last), SL_OK);
        calls[i] = memory.calls;
        if (i)
            assert_true(last < (sl_real)0.24); /* and it learns: of the empty bag log(2) / 3 is left */
        sl_ctx_free(ctx);
    }
    assert_int_equal(calls[0], calls[1]);
}

static void *bags_thread(void *argument)
{
    sl_ctx *ctx = engine_crew(NULL, 2);
    bags_training(ctx, 100, argument);
    sl_ctx_free(ctx);
    return NULL;
}

static void several_contexts_train_at_once(void **unused)
{
    (void)unused;
    pthread_t threads[3];
    sl_real last[3] = { 0 };
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, bags_thread, &last[i]), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_true(last[0] > 0 && last[0] == last[1] && last[1] == last[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_no_bag_stay_as_they_are),
        cmocka_unit_test(touched_rows_are_found_and_forgotten),
        cmocka_unit_test(a_table_used_otherwise_is_updated_whole),
        cmocka_unit_test(a_gradient_check_touches_nothing),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_loop_of_equal_steps_allocates_nothing),
        cmocka_unit_test(several_contexts_train_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
