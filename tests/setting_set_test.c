/* One setting of a run changed by its name. */
#include "engine.h"

#include "train/settings.h"

static void settings_are_set_by_their_names(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options o;
    const sl_run_options given = { .data = "x", .optimizer = { .rule = "momentum momentum=0.8 lr=0.3" } };
    assert_int_equal(sl_settings_copy(ctx, &o, &given), SL_OK);
    static const sl_change good[] = {
        { "optimizer.lr", "0.05" }, { "clip-norm", "2" },  { "batch", "all" },         { "net", "4 relu" },
        { "patience", "0" },        { "target", "price" }, { "optimizer.decay", "0" }, { "delimiter", "tab" },
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (sl_setting_set(ctx, &o, good[i].name, good[i].text))
            fail_msg("%s", sl_message(ctx));
    assert_true(o.optimizer.lr == (sl_real)0.05 && o.optimizer.momentum == (sl_real)0.8);
    assert_string_equal(o.optimizer.rule, "momentum");
    assert_true(o.optimizer.clip_norm == 2 && o.batch == -1 && o.patience == -1 && o.optimizer.decay == -1);
    assert_string_equal(o.net, "4 relu");
    assert_string_equal(o.table.target, "price");
    assert_int_equal(o.table.delimiter, '\t');
    assert_int_equal(sl_setting_set(ctx, &o, "optimizer", "adam beta1=0.7"), SL_OK);
    assert_true(o.optimizer.momentum == 0 && o.optimizer.lr == (sl_real)0.05); /* adam knows no momentum */
    assert_int_equal(sl_setting_set(ctx, &o, "net", NULL), SL_OK);
    assert_null(o.net);
    static const sl_change bad[] = { { "optimizer.lr", "fast" },
                                     { "batch", "2.5" },
                                     { "optimizer", "magic" },
                                     { "seed", "3" },
                                     { "", "1" },
                                     { "optimizer.net", "1" },
                                     { "epochs", "99999999999" } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(sl_setting_set(ctx, &o, bad[i].name, bad[i].text), SL_EINVAL);
        sl_clear(ctx);
    }
    sl_settings_free(ctx, &o);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(settings_are_set_by_their_names) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
