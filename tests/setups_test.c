/* Drawn set-ups: the same seed the same one, another seed another, and each can be trained. */
#include "engine.h"

#include <string.h>

static void setups_are_runs(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    bool healthy;
    int broken = 0, fine = 0;
    for (int i = 0; sl_setup_at(i, &healthy); i++) {
        broken += !healthy;
        fine += healthy;
        sl_run_options one, again, other;
        assert_int_equal(sl_setup_draw(ctx, i, 1, &one), SL_OK);
        if (i % 5 == 0) { /* each takes two trainings */
            sl_setup_draw(ctx, i, 1, &again);
            sl_setup_draw(ctx, i, 2, &other);
            assert_string_equal(one.data, again.data);
            assert_string_equal(one.net, again.net);
            assert_true(one.optimizer.lr == again.optimizer.lr && strcmp(one.data, other.data) != 0);
        }
        one.epochs = 1;
        one.optimizer.schedule = NULL; /* it may want more */
        sl_run *run = sl_run_new(ctx, &one);
        if (!run || (sl_run_train(run) && sl_error(ctx) != SL_EDIVERGED))
            fail_msg("%s, %s, net %s: %s", sl_setup_at(i, NULL), one.data, one.net, sl_message(ctx));
        sl_run_free(run);
        sl_clear(ctx);
    }
    assert_int_equal(broken, 21);
    assert_int_equal(fine, 10);
    sl_run_options none;
    assert_int_equal(sl_setup_draw(ctx, broken + fine, 1, &none), SL_EINVAL);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(setups_are_runs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
