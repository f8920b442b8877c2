/* A training that is watched: what is said of broken ones, once, with numbers that are those of the training.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "watch_heard.h"

/* --- what is said --------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *words; /* of the one line */
    sl_run_options o;
} watch_broken[] = {
    { "lr_too_high",
      "epoch 5: learning rate 0.1 is above 2 / curvature = 0.083",
      { .data = "builtin:point",
        .net = "1 relu",
        .weights = "0.5,1",
        .optimizer = { .rule = "sgd", .lr = (sl_real)0.1 },
        .epochs = 60 } },
    { "lr_too_high",
      "learning rate 16 is too large",
      { .data = "builtin:moons?rows=310&seed=79524",
        .net = "20 leaky_relu",
        .optimizer = { .rule = "sgd", .lr = 16 },
        .batch = 16,
        .epochs = 20 } },
    { "lr_too_high",
      "can change a unit's sum by",
      { .data = "builtin:table?rows=500&seed=3",
        .net = "16 relu",
        .optimizer = { .rule = "adam", .lr = (sl_real)1.5 },
        .batch = 16,
        .epochs = 40 } },
    { "lr_too_high",
      "it explodes, as with a learning rate (0.1) that is too large; try --lr 0.01",
      { .data = "builtin:plane?rows=4000",
        .optimizer = { .rule = "sgd", .lr = (sl_real)0.1 },
        .epochs = 3 } },
    { "lr_too_low",
      "learning rate 5e-6 is too small to come anywhere in 1000 steps",
      { .data = "builtin:circle?rows=444",
        .net = "16 relu",
        .optimizer = { .rule = "adam", .lr = (sl_real)5e-6 },
        .batch = 16,
        .epochs = 40 } },
    { "dead_units",
      "all 2 units of dense_1 give 0",
      { .data = "builtin:moons?rows=200",
        .net = "2 relu",
        .weights = "1,0,0,1,1,1",
        .biases = "-100,-100,0",
        .epochs = 20 } },
    { "symmetric_weights",
      "epoch 1: all 16 units of dense_1 answer alike",
      { .data = "builtin:circle?rows=300", .net = "16 tanh", .init = "constant value=0.1", .epochs = 20 } },
    { "init_too_large",
      "epoch 1: the loss began at",
      { .data = "builtin:moons?rows=300",
        .net = "8 x 16 relu",
        .init = "normal std=1",
        .optimizer = { .lr = (sl_real)1e-5 },
        .epochs = 8 } },
    { "unscaled_inputs",
      "the inputs have a deviation of",
      { .data = "builtin:table?rows=400&seed=5&scale=3000", .net = "16 relu", .batch = 16, .epochs = 5 } },
    { "unscaled_target",
      "try --target-scale standard",
      { .data = "@years",
        .net = "4 tanh",
        .task = "regression",
        .table = { .target = "year" },
        .target_scale = "none",
        .epochs = 8 } },
    { "unscaled_inputs",
      "is saturated, as the inputs have a deviation of",
      { .data = "builtin:table?rows=400&seed=5&scale=3000",
        .net = "16 tanh",
        .optimizer = { .rule = "sgd", .lr = (sl_real)0.05 },
        .batch = 16,
        .epochs = 30 } },
    { "init_too_small",
      "sums in dense_1 have a deviation of",
      { .data = "builtin:moons?rows=300",
        .net = "3 x 16 tanh",
        .init = "normal std=0.0001",
        .optimizer = { .rule = "sgd", .lr = (sl_real)0.05 },
        .epochs = 30 } },
    { "vanishing_gradients",
      "of the signal back from the outputs",
      { .data = "builtin:moons?rows=400",
        .net = "10 x 16 sigmoid",
        .optimizer = { .rule = "sgd", .lr = (sl_real)0.05 },
        .batch = 16,
        .epochs = 20 } },
    { "clipping_always",
      "epoch 2: all 52 steps of two epochs were clipped",
      { .data = "builtin:moons?rows=445",
        .net = "16 tanh",
        .optimizer = { .rule = "sgd", .lr = (sl_real)0.05, .clip_norm = (sl_real)0.001 },
        .batch = 16,
        .epochs = 20 } },
    { "over_regularised",
      "the decay of 1 drew the weights from length",
      { .data = "builtin:table?rows=600&seed=77",
        .net = "16 relu",
        .optimizer = { .rule = "adam", .lr = (sl_real)0.005, .decay = 1 },
        .batch = 16,
        .epochs = 12 } },
    { "plateau",
      "the net has no hidden layer: try --net",
      { .data = "builtin:circle?rows=500", .epochs = 100 } },
    { "overfitting",
      "it overfits, and the weights of epoch",
      { .data = "builtin:table?rows=150&seed=436510&inputs=30&useful=3&wrong=0.1",
        .net = "128 relu, 128 relu",
        .optimizer = { .lr = (sl_real)0.005 },
        .batch = 16,
        .epochs = 60 } },
    { "stopped_too_early",
      "epoch 12: training ended while the loss still fell",
      { .data = "builtin:circle?rows=500",
        .net = "16 relu",
        .optimizer = { .lr = (sl_real)0.003 },
        .batch = 16,
        .epochs = 12 } },
};
enum { WATCH_BROKEN = sizeof watch_broken / sizeof *watch_broken };

/* A table of years around 2000, in a file of its own. */
static const char *watch_data(const made_place *place, const char *data, char path[256])
{
    if (strcmp(data, "@years") != 0)
        return data;
    snprintf(path, 256, "%s/years.csv", place->folder);
    FILE *file = fopen(path, "w");
    fputs("a,b,year\n", file);
    for (int i = 0; i < 400; i++)
        fprintf(file, "%d,%d,%d\n", i * 37 % 101, i * 59 % 89, 1995 + i * 7 % 11);
    fclose(file);
    return path;
}

static void watch_rules_speak_once(void **state)
{
    for (int i = 0; i < WATCH_BROKEN; i++) {
        char path[256];
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_run_options o = watch_broken[i].o;
        watch_heard heard = { .stop = 0 }, alone = { .stop = 0 };
        uint64_t with, without;
        o.data = watch_data(*state, o.data, path);
        sl_run *run = watch_train(ctx, &o, true, &heard, &with);
        if (heard.lines != 1 || !strstr(heard.line[0], watch_broken[i].words))
            fail_msg("%s: %d lines, the first: %s", watch_broken[i].words, heard.lines, heard.line[0]);
        assert_string_equal(sl_run_warned(run, 0), watch_broken[i].name);
        assert_null(sl_run_warned(run, 1));
        assert_non_null(strstr(heard.line[0], "try "));
        assert_null(strstr(heard.line[0], "slope diagnose")); /* nothing is kept that it could look at */
        if (sl_run_result(run))
            assert_true(strstr(sl_run_result(run), heard.line[0]) || strchr(heard.line[0], '"'));
        sl_run_free(run);
        sl_clear(ctx);
        sl_run_free(watch_train(ctx, &o, false, &alone, &without));
        assert_true(with == without);
        sl_ctx_free(ctx);
    }
}

/* At any minimum of the lecture's example the curvature is at least 24, which bears steps up to 0.0833. */
static void S80_watched_it_says_two_over_the_curvature(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    watch_heard heard = { .stop = 0 };
    uint64_t digest;
    sl_run_options o = watch_point();
    sl_run_free(watch_train(ctx, &o, true, &heard, &digest));
    double limit = 0, advised = 0;
    const char *at = strstr(heard.line[0], "curvature = "), *try = strstr(heard.line[0], "--lr ");
    assert_true(at && try);
    char number[16];
    snprintf(number, sizeof number, "%.*s", (int)strcspn(at + 12, ":"), at + 12);
    assert_true(sl_number_parse(number, &limit) && fabs(limit - 2. / 24) < 2e-4);
    snprintf(number, sizeof number, "%.*s", (int)strcspn(try + 5, ","), try + 5);
    assert_true(sl_number_parse(number, &advised) && fabs(advised - 1. / 24) < 1e-3);
    o.optimizer.lr = (sl_real)advised; /* and with that it arrives, unwatched and watched */
    sl_run *run = watch_train(ctx, &o, true, &heard, &digest);
    assert_int_equal(heard.lines, 0);
    assert_true(sl_report_last(sl_run_history(run), "train_loss") < 1e-6);
    sl_run_free(run);
    sl_ctx_free(ctx);
}

/* What the sentence says of the last quarter is what the history says. */
static void watch_end_in_numbers(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    watch_heard heard = { .stop = 0 };
    uint64_t digest;
    sl_run *run = watch_train(ctx, &watch_broken[WATCH_BROKEN - 1].o, true, &heard, &digest);
    const sl_report *h = sl_run_history(run);
    double fall = 1;
    const char *const names[] = { "train_loss", "validation_loss" };
    for (int k = 0; k < 2; k++) {
        const double now = sl_report_at(h, 11, names[k]), then = sl_report_at(h, 8, names[k]);
        fall = fmin(fall, (then - now) / then);
    }
    char said[64];
    snprintf(said, sizeof said, "by %.3g %% in the last 3 of 12 epochs", fall * 100);
    if (!strstr(heard.line[0], said))
        fail_msg("%s is not in %s", said, heard.line[0]);
    assert_non_null(strstr(heard.line[0], "try --epochs 48"));
    sl_run_free(run);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(watch_rules_speak_once, made_setup, made_teardown),
        cmocka_unit_test(S80_watched_it_says_two_over_the_curvature),
        cmocka_unit_test(watch_end_in_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
