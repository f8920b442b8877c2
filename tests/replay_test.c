/* Runs trained again in memory: to a step, with a change behind it, to the first bad step. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "engine.h"

#include "train/replay.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char folder[64];
    size_t stop; /* after this step; 0: never */
} replay_place;

static const char *const replay_files[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                            "run.json",         "metrics.csv",       "weights.csv",
                                            "confusion.csv",    "steps.csv",         "activations.csv",
                                            "path.bin" };

static void replay_clear(const replay_place *place)
{
    char path[128];
    for (size_t i = 0; i < sizeof replay_files / sizeof *replay_files; i++) {
        snprintf(path, sizeof path, "%s/%s", place->folder, replay_files[i]);
        unlink(path);
    }
}

static int replay_setup(void **state)
{
    replay_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-replay-XXXXXX");
    *state = place;
    return place && mkdtemp(place->folder) ? 0 : -1;
}

static int replay_teardown(void **state)
{
    replay_place *place = *state;
    replay_clear(place);
    rmdir(place->folder);
    free(place);
    return 0;
}

static sl_status replay_stop(void *user, const sl_progress *progress)
{
    const replay_place *place = user;
    return progress->step == place->stop ? SL_ESTOPPED : SL_OK;
}

/* 180 rows to fit, 12 steps an epoch, 60 in all. */
static sl_run_options replay_usual(void)
{
    return (sl_run_options){ .data = "builtin:moons?rows=200",
                             .net = "12 relu, dropout 0.2, 6 tanh",
                             .epochs = 5,
                             .batch = 16,
                             .optimizer = { .rule = "adamw", .lr = (sl_real)0.01, .clip_norm = 1 } };
}

/* Digest of the last weights, in a context of its own; NULL place: nothing is kept. */
static uint64_t replay_train(replay_place *place, sl_run_options options, sl_status *status)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 7 });
    options.keep_nothing = !place;
    if (place) {
        options.out = place->folder;
        options.overwrite = true;
        options.on_step = replay_stop;
        options.user = place;
    }
    sl_run *run = sl_run_new(ctx, &options);
    if (!run)
        fail_msg("%s", sl_message(ctx));
    const sl_status ended = sl_run_train(run);
    if (status)
        *status = ended;
    else if (ended)
        fail_msg("%s", sl_message(ctx));
    const uint64_t digest = run->trainer->digest_last;
    sl_run_free(run);
    sl_ctx_free(ctx);
    return digest;
}

static sl_replay *replay_at(sl_ctx *ctx, const replay_place *place, size_t to)
{
    sl_replay *replay = sl_run_replay(ctx, place->folder, &(sl_replay_options){ .to = to });
    if (!replay)
        fail_msg("%s", sl_message(ctx));
    assert_int_equal(replay->step, to);
    return replay;
}

static void at_a_step_weights_are_those_of_a_training_that_ends_there(void **state)
{
    static const int steps[] = { 1, 11, 12, 13, 37, 60 };
    sl_run_options options = replay_usual();
    const uint64_t last = replay_train(*state, options, NULL);
    options.epochs = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        options.steps = steps[i];
        const uint64_t wanted = replay_train(NULL, options, NULL);
        sl_replay *replay = replay_at(ctx, *state, (size_t)steps[i]);
        assert_true(replay->digest == wanted);
        assert_int_equal(replay->last, 60);
        assert_int_equal(replay->same, steps[i] == 60);
        assert_true(steps[i] != 60 || replay->digest == last);
        assert_int_equal(replay->epoch, steps[i] / 12);
        sl_replay_free(replay);
        sl_ctx_free(ctx);
    }
}

static void from_a_checkpoint_it_is_as_from_the_beginning(void **state)
{
    replay_place *place = *state;
    char last[128];
    sl_status status;
    place->stop = 20;
    replay_train(place, replay_usual(), &status);
    assert_int_equal(status, SL_ESTOPPED);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_replay *behind = replay_at(ctx, place, 33), *before = replay_at(ctx, place, 19);
    assert_int_equal(behind->from, 20);
    assert_int_equal(before->from, 0);
    snprintf(last, sizeof last, "%s/last.safetensors", place->folder);
    assert_int_equal(unlink(last), 0);
    sl_replay *whole = replay_at(ctx, place, 33);
    assert_int_equal(whole->from, 0);
    assert_true(whole->digest == behind->digest && whole->loss == behind->loss);
    assert_true(before->digest != behind->digest);
    sl_replay_free(before);
    sl_replay_free(behind);
    sl_replay_free(whole);
    sl_ctx_free(ctx);
}

static void changed_from_the_first_step_it_is_the_training_with_that_setting(void **state)
{
    sl_run_options options = replay_usual();
    const uint64_t was = replay_train(*state, options, NULL);
    static const sl_change lr[] = { { "lr", "0.05" } }, batch[] = { { "batch", "40" }, { "epochs", "3" } },
                           rule[] = { { "optimizer.rule", "momentum" }, { "lr", "0.1" } };
    const sl_change *const changes[] = { lr, batch, rule };
    for (int i = 0; i < 3; i++) {
        options = replay_usual();
        if (i == 1) {
            options.batch = 40;
            options.epochs = 3;
        } else {
            options.optimizer.lr = (sl_real)(i ? 0.1 : 0.05);
        }
        if (i == 2)
            options.optimizer.rule = "momentum";
        const uint64_t wanted = replay_train(NULL, options, NULL);
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_replay *replay = sl_run_replay(ctx, ((replay_place *)*state)->folder,
                                          &(sl_replay_options){ .changes = changes[i], .count = i ? 2 : 1 });
        if (!replay)
            fail_msg("%s", sl_message(ctx));
        assert_true(replay->was.digest == was);
        assert_true(replay->is.digest == wanted);
        assert_int_equal(sl_report_rows(replay->is.history), options.epochs);
        sl_replay_free(replay);
        sl_ctx_free(ctx);
    }
}

/* Weights, what a rule keeps, its running products, averages, schedules: nothing is lost on the way. */
static void what_changes_nothing_goes_on_as_it_was(void **state)
{
    static const char *const rules[] = { "sgd", "nadam", "rmsprop", "rprop", "amsgrad" };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        sl_run_options options = replay_usual();
        options.net = "8 relu, batch_norm, 6 tanh";
        options.optimizer =
            (sl_optimizer){ .rule = rules[i], .schedule = "plateau patience=1", .average = (sl_real)0.9 };
        options.optimizer.lr = (sl_real)0.02;
        const uint64_t was = replay_train(*state, options, NULL);
        sl_ctx *ctx = sl_ctx_new(NULL);
        const sl_change change = { "patience", "50" };
        sl_replay *replay = sl_run_replay(ctx, ((replay_place *)*state)->folder,
                                          &(sl_replay_options){ .to = 31, .changes = &change, .count = 1 });
        if (!replay)
            fail_msg("%s", sl_message(ctx));
        assert_true(replay->was.digest == was);
        assert_true(replay->is.digest == was);
        assert_true(replay->is.best == replay->was.best);
        assert_int_equal(replay->is.best_epoch, replay->was.best_epoch);
        sl_replay_free(replay);
        sl_ctx_free(ctx);
    }
}

static void what_cannot_change_is_refused(void **state)
{
    static const struct {
        size_t to;
        sl_change change;
        const char *why;
    } cases[] = { { 7, { "init", "zeros" }, "settled before the first step" },
                  { 7, { "net", "9 relu" }, "another net" },
                  { 0, { "net", "9 relu" }, "another net" },
                  { 7, { "batch", "8" }, "step 0 or 12" },
                  { 7, { "lr", "much" }, "a number" },
                  { 7, { "colour", "red" }, "unknown setting" },
                  { 61, { "lr", "0.1" }, "ends after step 60" } };
    replay_train(*state, replay_usual(), NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        assert_null(sl_run_replay(
            ctx, ((replay_place *)*state)->folder,
            &(sl_replay_options){ .to = cases[i].to, .changes = &cases[i].change, .count = 1 }));
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        if (!strstr(sl_message(ctx), cases[i].why))
            fail_msg("%s", sl_message(ctx));
        sl_ctx_free(ctx);
    }
}

/* --- the first bad step: against a look at every step --------------------------------------------------- */

typedef struct {
    sl_run *run;
    size_t bad; /* the first step; 0: none */
    bool before;
    size_t asked, asked_now; /* a step; is it so behind it, and behind the one before? */
    bool at, at_before;
} replay_looks;

static sl_status replay_look_finite(void *user, const sl_progress *now)
{
    replay_looks *looks = user;
    const sl_model *model = looks->run->model;
    for (size_t i = 0; i < model->padded && !looks->bad; i++)
        if (!(model->values[i] - model->values[i] == 0))
            looks->bad = now->step;
    return SL_OK;
}

static void the_first_number_that_is_not_finite_is_where_training_says(void **state)
{
    replay_place *place = *state;
    for (int accumulated = 0; accumulated < 2; accumulated++) {
        sl_run_options options = { .data = "builtin:plane", .net = "8 relu", .batch = 16, .epochs = 40 };
        options.optimizer = (sl_optimizer){ .rule = "sgd", .lr = accumulated ? 30 : 3 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 7 });
        replay_looks looks = { 0 };
        options.out = place->folder;
        options.overwrite = true;
        options.on_step = replay_look_finite;
        options.user = &looks;
        sl_run *run = looks.run = sl_run_new(ctx, &options);
        assert_non_null(run);
        assert_int_equal(sl_run_train(run), SL_EDIVERGED);
        sl_ctx *again = sl_ctx_new(NULL);
        sl_first first;
        if (sl_run_first(again, place->folder, "nonfinite", NULL, &first))
            fail_msg("%s", sl_message(again));
        assert_true(first.found);
        assert_string_equal(first.message, sl_message(ctx));
        if (looks.bad)
            assert_int_equal(first.step, looks.bad);
        else /* the weights never went: the loss was the first */
            assert_int_equal(first.step, run->trainer->steps + 1);
        assert_true(strstr(first.what, looks.bad ? "number " : "the loss is ") != NULL);
        sl_run_free(run);
        sl_ctx_free(again);
        sl_ctx_free(ctx);
        replay_clear(place);
    }
}

/* A unit of the first layer gives 0 on all watched rows: by a plain loop over its weights. */
static bool replay_dead(const sl_run *run)
{
    const sl_tensor *w = run->model->layers[0].param[0], *b = run->model->layers[0].param[1];
    const size_t units = b->count;
    size_t dead = 0;
    for (size_t u = 0; u < units; u++) {
        bool alive = false;
        for (size_t i = 0; i < run->watched && !alive; i++) {
            sl_real x[2], y;
            sl_data_row(run->trainer->train, run->watched_rows[i], x, &y);
            alive = w->v[2 * u] * x[0] + w->v[2 * u + 1] * x[1] + b->v[u] > 0;
        }
        dead += !alive;
    }
    return dead > 0;
}

static sl_status replay_look_dead(void *user, const sl_progress *now)
{
    replay_looks *looks = user;
    const bool is = replay_dead(looks->run);
    if (is && !looks->bad)
        looks->bad = now->step;
    if (now->step == looks->asked) {
        looks->at = is;
        looks->at_before = looks->before;
    }
    looks->before = is;
    return SL_OK;
}

/* stride 1: every step was looked at. */
static void replay_check_dead(replay_place *place, int epochs, double lr, bool every)
{
    sl_run_options options = replay_usual();
    options.net = "10 relu";
    options.epochs = epochs;
    options.optimizer = (sl_optimizer){ .rule = "momentum", .lr = (sl_real)lr };
    replay_train(place, options, NULL);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_first first;
    if (sl_run_first(ctx, place->folder, "dead_unit", NULL, &first))
        fail_msg("%s", sl_message(ctx));
    assert_true(first.found && first.step > 1);
    sl_ctx *other = sl_ctx_new(&(sl_ctx_options){ .seed = 7 });
    replay_looks looks = { .asked = first.step };
    options.out = NULL;
    options.keep_nothing = true;
    options.on_step = replay_look_dead;
    options.user = &looks;
    sl_run *run = looks.run = sl_run_new(other, &options);
    assert_non_null(run);
    assert_int_equal(sl_run_open_activations(run), SL_OK);
    assert_false(replay_dead(run));
    assert_int_equal(sl_run_train(run), SL_OK);
    if (every)
        assert_int_equal(first.step, looks.bad);
    assert_true(every || first.looked < first.step);
    assert_true(looks.at && !looks.at_before);
    assert_true(strstr(first.what, "is dead on all") != NULL);
    assert_int_equal(sl_run_first(ctx, place->folder, "dead_unit", "dense9", &first), SL_EINVAL);
    sl_clear(ctx);
    assert_int_equal(sl_run_first(ctx, place->folder, "nonfinite", NULL, &first), SL_OK);
    assert_false(first.found);
    sl_run_free(run);
    sl_ctx_free(other);
    sl_ctx_free(ctx);
}

static void the_first_dead_unit_is_where_a_look_at_every_step_sees_it(void **state)
{
    replay_check_dead(*state, 5, 0.3, true);
    replay_clear(*state);
    replay_check_dead(*state, 60, 0.1, false);
}

#define REPLAY_TEST(name) cmocka_unit_test_setup_teardown(name, replay_setup, replay_teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLAY_TEST(at_a_step_weights_are_those_of_a_training_that_ends_there),
        REPLAY_TEST(from_a_checkpoint_it_is_as_from_the_beginning),
        REPLAY_TEST(changed_from_the_first_step_it_is_the_training_with_that_setting),
        REPLAY_TEST(what_changes_nothing_goes_on_as_it_was),
        REPLAY_TEST(what_cannot_change_is_refused),
        REPLAY_TEST(the_first_number_that_is_not_finite_is_where_training_says),
        REPLAY_TEST(the_first_dead_unit_is_where_a_look_at_every_step_sees_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
