/* A training that is watched: nothing is said of healthy ones, weights are the same with and without, and
 * what was said is not said again when a run goes on. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "memory.h"
#include "watch_heard.h"

/* 150 rows of 30 columns, 3 of which tell something: it overfits. */
static sl_run_options watch_by_heart(void)
{
    return (sl_run_options){ .data = "builtin:table?rows=150&seed=436510&inputs=30&useful=3&wrong=0.1",
                             .net = "128 relu, 128 relu",
                             .optimizer = { .lr = (sl_real)0.005 },
                             .batch = 16,
                             .epochs = 60 };
}

/* --- healthy ones --------------------------------------------------------------------------------------- */

/* Seeds that thresholds were not chosen by. */
static void watch_healthy_ones_in_peace(void **unused)
{
    (void)unused;
    bool healthy;
    int all = 0, accused = 0;
    for (int i = 0; sl_setup_at(i, &healthy); i++)
        for (uint64_t seed = 3001; healthy && seed <= 3003; seed++, all++) {
            sl_ctx *ctx = sl_ctx_new(NULL);
            sl_run_options o = { 0 };
            watch_heard heard = { .stop = 0 };
            uint64_t digest;
            assert_int_equal(sl_setup_draw(ctx, i, seed, &o), SL_OK);
            sl_run_free(watch_train(ctx, &o, true, &heard, &digest));
            accused += heard.lines > 0;
            sl_ctx_free(ctx);
        }
    assert_int_equal(all, 30);
    if (accused > 1)
        fail_msg("%d of %d healthy trainings were accused", accused, all);
}

static void watch_quiet_where_all_is_well(void **unused)
{
    (void)unused;
    static const sl_run_options fine[] = {
        { .data = "builtin:xor", .net = "4 tanh", .optimizer = { .lr = (sl_real)0.05 }, .epochs = 500 },
        { .data = "builtin:spiral", .net = "16 tanh, 16 tanh", .optimizer = { .lr = (sl_real)0.01 } },
        { .data = "builtin:plane", .net = "16 relu, 16 relu", .epochs = 60 },
        { .data = "builtin:digits?rows=800", .net = "32 relu, batch_norm, dropout 0.2", .epochs = 10 },
        { .data = "builtin:digits?rows=800",
          .net = "32 relu",
          .optimizer = { .rule = "sgd", .lr = (sl_real)0.1, .clip_norm = 1 },
          .epochs = 12 },
        { .data = "builtin:moons", .net = "8 tanh", .optimizer = { .rule = "lbfgs" }, .epochs = 30 },
        { .data = "builtin:gauss", .optimizer = { .rule = "perceptron" }, .loss = "perceptron", .epochs = 8 },
        { .data = "builtin:circle", .net = "16 relu", .class_weight = "balanced", .epochs = 80 },
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        watch_heard heard = { .stop = 0 };
        uint64_t with, without;
        sl_run_free(watch_train(ctx, &fine[i], true, &heard, &with));
        if (heard.lines)
            fail_msg("%s, %s: %s", fine[i].data, fine[i].net, heard.line[0]);
        sl_run_free(watch_train(ctx, &fine[i], false, &heard, &without));
        assert_true(with == without);
        sl_ctx_free(ctx);
    }
}

/* --- runs that go on, several runs, no memory ----------------------------------------------------------- */

static void watch_said_before_it_stopped(void **state)
{
    made_place *place = *state;
    char folder[128], diagnose[256];
    snprintf(folder, sizeof folder, "%s/it's here", place->folder);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options o = watch_point();
    watch_heard heard = { .stop = 7 };
    uint64_t digest, whole;
    o.out = folder;
    sl_run *run = watch_train(ctx, &o, true, &heard, &digest);
    assert_int_equal(sl_error(ctx), SL_ESTOPPED);
    assert_int_equal(heard.lines, 1);
    snprintf(diagnose, sizeof diagnose, "try --lr 0.042, or `slope diagnose '%s/it'\\''s here'`",
             place->folder);
    assert_non_null(strstr(heard.line[0], diagnose));
    sl_run_free(run);
    sl_clear(ctx);
    watch_heard again = { .stop = 0 };
    run = sl_run_open(ctx, folder,
                      &(sl_run_options){ .on_step = watch_step, .on_epoch = watch_epoch, .user = &again });
    again.watcher = sl_watcher_new(ctx);
    assert_int_equal(sl_watcher_take(again.watcher, run), SL_OK);
    assert_int_equal(sl_run_train(run), SL_OK);
    assert_int_equal(again.lines, 0);
    assert_non_null(
        strstr(sl_run_result(run), "\"warnings\": [{\"name\": \"lr_too_high\", \"sentence\": \"epoch 5: "));
    digest = run->trainer->digest_last;
    assert_int_equal(sl_watcher_take(again.watcher, run), SL_OK); /* finished: there is nothing to be seen */
    assert_null(sl_watcher_epoch(again.watcher, NULL));
    sl_watcher_free(again.watcher);
    sl_run_free(run);
    o.out = NULL;
    sl_run_free(watch_train(ctx, &o, false, &again, &whole));
    assert_true(digest == whole);
    sl_ctx_free(ctx);
}

static void watch_said_of_another_run(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    watch_heard heard = { .watcher = sl_watcher_new(ctx) };
    for (int i = 0; i < 3; i++) {
        sl_run_options o = i < 2 ? watch_point() : watch_by_heart();
        o.keep_nothing = true;
        o.on_step = watch_step;
        o.on_epoch = watch_epoch;
        o.user = &heard;
        sl_run *run = sl_run_new(ctx, &o);
        assert_int_equal(sl_watcher_take(heard.watcher, run), SL_OK);
        assert_int_equal(sl_run_train(run), SL_OK);
        sl_run_free(run);
    }
    assert_int_equal(heard.lines, 2);
    assert_non_null(strstr(heard.line[1], "overfits"));
    sl_watcher_free(heard.watcher);
    sl_ctx_free(ctx);
}

/* Whichever request for memory fails, the training ends as it would, or says that memory ran out. */
static void watch_without_memory(void **unused)
{
    (void)unused;
    sl_run_options o = watch_point();
    o.epochs = 6;
    uint64_t whole = 0;
    size_t calls = 0, survived = 0;
    for (size_t fail = 0; fail <= calls; fail += fail < 2 ? 1 : 5) {
        test_memory memory = { .fail_at = fail, .fail_once = true };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        watch_heard heard = { .stop = 0 };
        if (ctx) {
            o.keep_nothing = true;
            o.on_step = watch_step;
            o.on_epoch = watch_epoch;
            o.user = &heard;
            sl_run *run = sl_run_new(ctx, &o);
            heard.watcher = sl_watcher_new(ctx);
            sl_watcher_take(heard.watcher, run);
            const sl_status status = sl_run_train(run);
            if (run && !status) {
                whole = whole ? whole : run->trainer->digest_last;
                assert_true(run->trainer->digest_last == whole);
                survived += fail > 0;
            } else {
                assert_int_equal(sl_error(ctx), SL_ENOMEM);
            }
            sl_watcher_free(heard.watcher);
            sl_run_free(run);
            sl_ctx_free(ctx);
        }
        calls = fail ? calls : memory.calls;
        assert_int_equal(memory.bytes, 0);
        assert_false(memory.wrong_size);
    }
    assert_true(calls > 100);
    assert_true(survived > 0); /* a look that finds no memory ends nothing */
    assert_null(sl_watcher_new(NULL));
    assert_null(sl_watcher_step(NULL, NULL));
    assert_null(sl_watcher_epoch(NULL, NULL));
    sl_watcher_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watch_healthy_ones_in_peace),
        cmocka_unit_test(watch_quiet_where_all_is_well),
        cmocka_unit_test_setup_teardown(watch_said_before_it_stopped, made_setup, made_teardown),
        cmocka_unit_test(watch_said_of_another_run),
        cmocka_unit_test(watch_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
