/* Words with options: what is read, what is refused and with which sentence, and that a description reads
 * back. */
#include "core/option.h"
#include "engine.h"

static const sl_option huber[] = {
    { "delta", "where it turns linear", 1, 0, INFINITY, .above_low = true },
    { "reduction", "of the rows", 0, 0, 1, .choices = "mean|sum" },
    { "rows", "how many", 3, 1, 9, .whole = true },
    { 0 },
};

static void options_are_read(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    double v[3];
    unsigned given;
    assert_int_equal(sl_options_count(huber), 3);
    assert_int_equal(sl_options_count(NULL), 0);
    assert_int_equal(sl_option_name_length("huber:3"), 5);
    assert_int_equal(sl_option_name_length("huber delta=3"), 5);
    assert_int_equal(sl_option_name_length("huber"), 5);
    assert_int_equal(sl_options_read(ctx, "loss huber", huber, "", v, &given), SL_OK);
    assert_true(v[0] == 1 && v[1] == 0 && v[2] == 3 && given == 0);
    assert_int_equal(sl_options_read(ctx, "loss huber", huber, ":0.25", v, &given), SL_OK);
    assert_true(v[0] == 0.25 && v[1] == 0 && v[2] == 3 && given == 1);
    assert_int_equal(sl_options_read(ctx, "loss huber", huber, " 2  rows=9 reduction=sum", v, &given), SL_OK);
    assert_true(v[0] == 2 && v[1] == 1 && v[2] == 9 && given == 7);
    sl_text text;
    sl_text_init(&text, ctx);
    sl_options_describe(&text, "huber", huber, v);
    assert_string_equal(sl_text_string(&text), "huber delta=2 reduction=sum rows=9");
    sl_text_free(&text);
    sl_ctx_free(ctx);
}

static void what_is_wrong_is_said_with_range_and_default(void **unused)
{
    (void)unused;
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        { ":0", "loss huber: delta is 0: wants a number above 0 (default 1)" },
        { " delta=nan", "loss huber: delta is nan: wants a number above 0 (default 1)" },
        { " delta=inf", "loss huber: delta is inf: wants a number above 0 (default 1)" },
        { " delta=x", "loss huber: delta is x: wants a number above 0 (default 1)" },
        { " delta=", "loss huber: delta is : wants a number above 0 (default 1)" },
        { " rows=2.5", "loss huber: rows is 2.5: wants a whole number from 1 to 9 (default 3)" },
        { " rows=10", "loss huber: rows is 10: wants a whole number from 1 to 9 (default 3)" },
        { " reduction=max", "loss huber: reduction is max: wants mean or sum (default mean)" },
        { " 1 delta=2", "loss huber: delta is given twice" },
        { " dleta=2",
          "loss huber: unknown option 'dleta': did you mean 'delta'? There are delta, reduction, rows" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sl_ctx *ctx = engine_ctx(1);
        double v[3];
        assert_int_equal(sl_options_read(ctx, "loss huber", huber, wrong[i].text, v, NULL), SL_EINVAL);
        assert_string_equal(sl_message(ctx), wrong[i].sentence);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    assert_int_equal(sl_options_read(ctx, "loss hinge", NULL, " delta=2", NULL, NULL), SL_EINVAL);
    assert_string_equal(sl_message(ctx), "loss hinge takes no options: found 'delta'");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_read),
        cmocka_unit_test(what_is_wrong_is_said_with_range_and_default),
    };
    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
