/* Runs in memory that go a few steps at a time: the same bits as in one go, changes, a folder to go on from.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"

static int live_teardown(void **state)
{
    made_place *place = *state;
    made_clear(place->folder);
    free(place);
    return 0;
}

static sl_run_options live_usual(void)
{
    return (sl_run_options){ .data = "builtin:spiral?rows=120",
                             .net = "8 tanh, dropout 0.1, 6 relu",
                             .validation = "0.25",
                             .epochs = 12,
                             .patience = -1,
                             .batch = 10,
                             .keep_nothing = true,
                             .optimizer = { .rule = "adamw", .lr = (sl_real)0.02 } };
}

/* digest_last of the training in one go. */
static void live_whole(sl_ctx *ctx, const sl_run_options *options, char digest[17])
{
    sl_run *run = sl_run_new(ctx, options);
    assert_int_equal(sl_run_train(run), SL_OK);
    const char *at = strstr(sl_run_result(run), "\"digest_last\": \"");
    assert_non_null(at);
    memcpy(digest, at + strlen("\"digest_last\": \""), 16);
    digest[16] = 0;
    sl_run_free(run);
}

static void live_digest(sl_run *run, char digest[17])
{
    snprintf(digest, 17, "%016llx", (unsigned long long)sl_model_digest(sl_run_model(run)));
}

static void test_pieces_are_the_whole(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = live_usual();
    char whole[17], pieces[17];
    live_whole(ctx, &options, whole);
    sl_run *run = sl_run_new(ctx, &options);
    static const size_t ends[] = { 1, 2, 9, 10, 50, 1000 };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        assert_false(sl_run_over(run));
        assert_int_equal(sl_run_to(run, ends[i]), SL_OK);
        assert_int_equal(sl_run_steps(run), ends[i] < 108 ? ends[i] : 108); /* 90 rows: 9 steps, 12 times */
    }
    assert_true(sl_run_over(run));
    live_digest(run, pieces);
    assert_string_equal(whole, pieces);
    assert_int_equal(sl_data_rows(sl_run_part(run, "train")), 90);
    assert_int_equal(sl_data_rows(sl_run_part(run, "validation")), 30);
    assert_null(sl_run_part(run, "test"));
    assert_int_equal(sl_report_rows(sl_run_history(run)), 12);
    sl_run_free(run);
    sl_ctx_free(ctx);
}

/* With the words of `slope replay`: what that gives is what the change gives here. */
static void test_changes_hold_from_then_on(void **state)
{
    made_place *place = *state;
    char folder[128], pieces[17], replayed[17];
    snprintf(folder, sizeof folder, "%s/run", place->folder);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options options = live_usual();
    options.keep_nothing = false;
    options.out = folder;
    sl_run *whole = sl_run_new(ctx, &options);
    assert_int_equal(sl_run_train(whole), SL_OK);
    sl_run_free(whole);
    const sl_change changes[] = { { "lr", "0.1" },
                                  { "batch", "30" },
                                  { "net", "8 relu, dropout 0.3, 6 relu" } };
    sl_replay *replay = sl_run_replay(
        ctx, folder, &(sl_replay_options){ .to = 36, .changes = changes, .count = 3, .until = 54 });
    assert_non_null(replay);
    snprintf(replayed, sizeof replayed, "%016llx", (unsigned long long)replay->is.digest);
    sl_replay_free(replay);

    options = live_usual();
    sl_run *run = sl_run_new(ctx, &options);
    assert_int_equal(sl_run_to(run, 36), SL_OK);
    assert_int_equal(sl_run_change(run, changes, 3), SL_OK);
    assert_int_equal(sl_run_to(run, 54), SL_OK);
    live_digest(run, pieces);
    assert_string_equal(pieces, replayed);

    const sl_change seed = { "seed", "7" }, wider = { "net", "9 tanh" };
    assert_int_equal(sl_run_change(run, &seed, 1), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "settled before the first step"));
    sl_clear(ctx);
    assert_int_equal(sl_run_change(run, &wider, 1), SL_EINVAL);
    sl_clear(ctx);
    assert_int_equal(sl_run_to(run, 57), SL_OK); /* it stayed as it was */
    assert_int_equal(sl_run_steps(run), 57);
    sl_run_free(run);
    sl_ctx_free(ctx);
}

static void test_a_kept_run_goes_on(void **state)
{
    made_place *place = *state;
    char folder[128], whole[17];
    snprintf(folder, sizeof folder, "%s/kept", place->folder);
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = live_usual();
    live_whole(ctx, &options, whole);
    sl_run *run = sl_run_new(ctx, &options);
    assert_int_equal(sl_run_to(run, 40), SL_OK);
    if (sl_run_keep(run, folder))
        fail_msg("%s", sl_message(ctx));
    sl_run_free(run);
    sl_report *history = sl_run_read_history(ctx, folder);
    assert_int_equal(sl_report_rows(history), 4);
    sl_report_free(history);
    assert_string_equal(sl_run_read(ctx, folder, "status"), "stopped");
    run = sl_run_open(ctx, folder, NULL);
    if (!run)
        fail_msg("%s", sl_message(ctx));
    assert_int_equal(sl_run_train(run), SL_OK);
    assert_non_null(strstr(sl_run_result(run), whole));
    sl_run_free(run);
    history = sl_run_read_history(ctx, folder);
    assert_int_equal(sl_report_rows(history), 12);
    sl_report_free(history);
    sl_ctx_free(ctx);
}

static void test_only_a_run_in_memory(void **state)
{
    made_place *place = *state;
    char folder[128];
    snprintf(folder, sizeof folder, "%s/other", place->folder);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options options = live_usual();
    options.keep_nothing = false;
    options.out = folder;
    sl_run *run = sl_run_new(ctx, &options);
    assert_int_equal(sl_run_to(run, 3), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "keeps nothing"));
    sl_run_free(run);
    sl_ctx_free(ctx);
    assert_int_equal(sl_run_to(NULL, 1), SL_EINVAL);
    assert_true(sl_run_over(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_the_whole),
        cmocka_unit_test(test_changes_hold_from_then_on),
        cmocka_unit_test(test_a_kept_run_goes_on),
        cmocka_unit_test(test_only_a_run_in_memory),
    };
    return cmocka_run_group_tests(tests, made_setup, live_teardown);
}
