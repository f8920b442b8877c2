/* Several runs beside one another: in what they differ, and how they ended. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"

static const char made_metrics[] =
    "epoch,step,lr,train_loss,validation_loss,train_accuracy,validation_accuracy,seconds\n"
    "1,10,0.1,0.8,0.75,0.5,0.5,1\n";

/* A run of a batch and a seed that ended with this accuracy. */
static void made_ended(made_place *place, int batch, int seed, double accuracy)
{
    char name[32], settings[256], used[256], result[512];
    snprintf(name, sizeof name, "b%d-%d", batch, seed);
    const int run = made_folder(place, name);
    snprintf(settings, sizeof settings,
             "\"data\": \"d\", \"net\": null, \"batch\": %d, \"seed\": %d, \"optimizer\": {\"rule\": null}",
             batch, seed);
    snprintf(used, sizeof used,
             "\"net\": \"2\", \"loss\": \"cross_entropy\", \"batch\": %d, \"seed\": %d, \"rows\": 90, "
             "\"threads\": %d, \"optimizer\": {\"rule\": \"adam\", \"lr\": 0.001}",
             batch, seed, seed);
    snprintf(result, sizeof result,
             "\"{\\\"seconds\\\": %d, \\\"validation_accuracy\\\": %g, \\\"train_accuracy\\\": %g, "
             "\\\"validation_accuracy_low\\\": %g, \\\"validation_accuracy_high\\\": %g, "
             "\\\"test_accuracy\\\": %g}\"",
             batch, accuracy, accuracy + 0.0625, accuracy - 0.125, accuracy + 0.03125, accuracy / 2);
    made_json(place, run, "finished", settings, used, result);
    made_write(place, run, "metrics.csv", made_metrics);
}

static void the_settings_in_which_runs_differ(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    const struct {
        const char *settings, *used;
    } runs[] = {
        { "\"data\": \"d.csv\", \"net\": null, \"batch\": 0, \"epochs\": 5, \"seed\": 1, \"optimizer\": "
          "{\"rule\": null}",
          "\"net\": \"2\", \"batch\": 32, \"epochs\": 5, \"seed\": 1, \"rows\": 90, \"threads\": 1, "
          "\"optimizer\": {\"rule\": \"adam\", \"lr\": 0.001, \"beta1\": 0.9}" },
        { "\"data\": \"d.csv\", \"net\": \"8 relu\", \"batch\": 16, \"epochs\": 5, \"seed\": 1, "
          "\"optimizer\": "
          "{\"rule\": \"sgd\", \"lr\": 0.1, \"momentum\": 0.5}",
          "\"net\": \"8 relu, 2\", \"batch\": 16, \"epochs\": 5, \"seed\": 1, \"rows\": 90, \"threads\": 2, "
          "\"optimizer\": {\"rule\": \"sgd\", \"lr\": 0.1, \"momentum\": 0.5}" },
    };
    for (int i = 0; i < 2; i++)
        made_json(place, made_folder(place, i ? "b" : "a"), "finished", runs[i].settings, runs[i].used,
                  "null");
    sl_differences *d = sl_run_differences(ctx, place->runs, 2);
    assert_non_null(d);
    static const struct {
        const char *name, *text[2];
        bool asked, numbers;
    } wanted[] = {
        { "net", { "linear", "8 relu" }, true, false },  { "batch", { "32", "16" }, true, true },
        { "optimizer", { "adam", "sgd" }, true, false }, { "lr", { "0.001", "0.1" }, true, true },
        { "momentum", { "none", "0.5" }, true, false },
    }; /* not beta1, which only adam has; not threads */
    assert_int_equal(d->count, 5);
    for (int i = 0; i < 5; i++) {
        assert_string_equal(d->setting[i].name, wanted[i].name);
        assert_true(d->setting[i].asked == wanted[i].asked);
        assert_true((d->setting[i].numbers != NULL) == wanted[i].numbers);
        for (int run = 0; run < 2; run++)
            assert_string_equal(d->setting[i].texts[run], wanted[i].text[run]);
    }
    assert_true(d->setting[1].numbers[0] == 32 && d->setting[3].numbers[1] == 0.1);
    sl_differences_free(d);
    d = sl_run_differences(ctx, place->runs, 1);
    assert_int_equal(d->count, 0);
    sl_differences_free(d);
    assert_null(sl_run_differences(ctx, (const char *[]){ "/nowhere" }, 1));
    sl_ctx_free(ctx);
}

static void the_same_name_with_other_rows_is_a_difference(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    for (int i = 0; i < 2; i++) {
        const int run = made_folder(place, i ? "b" : "a");
        char text[256];
        snprintf(text, sizeof text,
                 "{\"data_digest\": \"%d\", \"settings\": {\"data\": \"d.csv\"}, \"used\": {\"rows\": %d}}",
                 i, i + 9);
        made_write(place, run, "run.json", text);
    }
    sl_differences *d = sl_run_differences(ctx, place->runs, 2);
    assert_int_equal(d->count, 2);
    assert_string_equal(d->setting[0].texts[1], "d.csv (digest 1)");
    assert_string_equal(d->setting[1].name, "rows");
    assert_false(d->setting[1].asked);
    sl_differences_free(d);
    sl_ctx_free(ctx);
}

static void S110_runs_compared_by_their_batch(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    static const double ended[4][2] = { { 0.5, 0.75 }, { 0.875, 0.625 }, { 0.25, 0.25 }, { 0.375, 0.125 } };
    static const int batch[4] = { 10, 1, 1000, 100 };
    for (int b = 0; b < 4; b++)
        for (int seed = 0; seed < 2; seed++)
            made_ended(place, batch[b], seed + 1, ended[b][seed]);
    sl_figure *f = made_figure(ctx, place, "compare", (sl_figure_request){ 0 });
    assert_non_null(f);
    assert_string_equal(f->title, "Validation accuracy of 8 runs by batch");
    assert_true(f->panels[0]->x.log);
    const sl_series *ends = made_series(f, 0, SL_DRAW_ERRORS, NULL);
    const sl_series *line = made_series(f, 0, SL_DRAW_LINE, "validation");
    const sl_series *train = made_series(f, 0, SL_DRAW_LINE, "training");
    static const double x[] = { 1, 10, 100, 1000 }, mean[] = { 0.75, 0.625, 0.25, 0.25 },
                        low[] = { 0.625, 0.5, 0.125, 0.25 }, high[] = { 0.875, 0.75, 0.375, 0.25 };
    assert_int_equal(ends->count, 4);
    for (int i = 0; i < 4; i++) {
        assert_true(ends->x[i] == x[i] && line->x[i] == x[i]);
        assert_true(ends->y[i] == mean[i] && line->y[i] == mean[i] && train->y[i] == mean[i] + 0.0625);
        assert_true(ends->low[i] == low[i] && ends->high[i] == high[i]);
    }
    made_noted(f, "The highest validation accuracy: 0.75, the mean of 2 runs from 0.625 to 0.875 (batch 1).");
    made_noted(f, "The runs differ in batch (10; 1; 1000; 100), seed (1; 2).");
    f = made_figure(ctx, place, "compare", (sl_figure_request){ .metric = "test_accuracy" });
    assert_true(made_series(f, 0, SL_DRAW_LINE, "test")->y[0] == 0.375);
    f = made_figure(ctx, place, "compare", (sl_figure_request){ .metric = "seconds", .x = "run" });
    const sl_series *points = made_series(f, 0, SL_DRAW_POINTS, NULL);
    assert_true(points->count == 8 && points->y[2] == 1 && points->x[2] == 2);
    assert_string_equal(f->panels[0]->x.ticks[4].text, "b1000-1 (batch 1000, seed 1)");
    made_refused(ctx, place, "compare", (sl_figure_request){ .x = "lr" },
                 "do not differ in 'lr': there are batch, seed, parameters, rows, seconds and run");
    made_refused(ctx, place, "compare", (sl_figure_request){ .metric = "auc" },
                 "it has recorded seconds, validation_accuracy, train_accuracy");
    place->count = 2; /* seeds alone: by their names, each with the interval of its rows */
    f = made_figure(ctx, place, "compare", (sl_figure_request){ 0 });
    ends = made_series(f, 0, SL_DRAW_ERRORS, NULL);
    assert_true(ends->count == 2 && ends->y[0] == 0.5 && ends->low[0] == 0.375 && ends->high[0] == 0.53125);
    assert_string_equal(f->panels[0]->x.ticks[1].text, "2");
    sl_ctx_free(ctx);
}

/* Two settings and seeds: a line for each optimizer over lr, with a band from seed to seed. */
static void lines_of_what_else_differs(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    static const char *const rules[] = { "sgd", "adam" };
    for (int i = 0; i < 8; i++) {
        char name[16], settings[256], result[256];
        snprintf(name, sizeof name, "r%d", i);
        const int run = made_folder(place, name);
        snprintf(settings, sizeof settings, "\"seed\": %d, \"optimizer\": {\"rule\": \"%s\", \"lr\": %s}",
                 i / 4, rules[i % 2], i % 4 < 2 ? "0.1" : "0.01");
        snprintf(result, sizeof result,
                 "\"{\\\"validation_accuracy\\\": %g, \\\"train_accuracy\\\": 1, "
                 "\\\"validation_accuracy_low\\\": 0, \\\"validation_accuracy_high\\\": 1}\"",
                 i / 8.0);
        made_json(place, run, "finished", settings, settings, result);
        made_write(place, run, "metrics.csv", made_metrics);
    }
    sl_figure *f = made_figure(ctx, place, "compare", (sl_figure_request){ 0 });
    assert_non_null(f);
    assert_int_equal(f->panels[0]->series[0]->how, SL_DRAW_BAND);
    assert_int_equal(f->panels[0]->series[1]->how, SL_DRAW_BAND);
    for (int rule = 0; rule < 2; rule++) {
        const sl_series *line = made_series(f, 0, SL_DRAW_LINE, rule ? "optimizer adam" : "optimizer sgd");
        const sl_series *band = f->panels[0]->series[rule];
        assert_true(line->x[0] == 0.01 && line->x[1] == 0.1);
        /* lr 0.01: runs 2 and 6 of sgd, 3 and 7 of adam; 0.1: 0 and 4, 1 and 5 */
        assert_true(line->y[0] == (4 + rule) / 8.0 && line->y[1] == (2 + rule) / 8.0);
        assert_true(band->low[0] == (2 + rule) / 8.0 && band->high[0] == (6 + rule) / 8.0);
        assert_int_equal(band->colour, line->colour);
    }
    place->count = 4; /* one seed: the intervals of lines on one another are not drawn */
    f = made_figure(ctx, place, "compare", (sl_figure_request){ 0 });
    assert_int_equal(f->panels[0]->count, 4);
    assert_non_null(made_series(f, 0, SL_DRAW_POINTS, NULL));
    sl_ctx_free(ctx);
}

/* The learning curve over the amount of data. */
static void S140_accuracy_over_training_rows(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    const int rows[] = { 60, 120, 240 };
    for (int i = 0; i < 3; i++) {
        char data[64], name[16];
        snprintf(data, sizeof data, "builtin:moons?rows=%d", rows[i]);
        snprintf(name, sizeof name, "m%d", rows[i]);
        made_train(ctx, place, name, (sl_run_options){ .data = data, .net = "4 relu", .epochs = 2 });
    }
    sl_figure *f = made_figure(ctx, place, "compare", (sl_figure_request){ 0 });
    assert_non_null(f);
    assert_string_equal(f->title, "Validation accuracy of 3 runs by training rows");
    const sl_series *line = made_series(f, 0, SL_DRAW_LINE, "validation");
    const sl_series *train = made_series(f, 0, SL_DRAW_LINE, "training");
    for (int i = 0; i < 3; i++) {
        const int best = made_field(place, i, "metrics.csv", 2, "validation_loss") <
                                 made_field(place, i, "metrics.csv", 1, "validation_loss")
                             ? 2
                             : 1;
        assert_true(line->x[i] == rows[i] * 0.9);
        assert_true(line->y[i] == made_field(place, i, "metrics.csv", best, "validation_accuracy"));
        assert_true(train->y[i] == made_field(place, i, "metrics.csv", best, "train_accuracy"));
    }
    sl_ctx_free(ctx);
}

/* Nets of one and of two hidden layers by their parameters: 2n + n + n + 1, and n (n + 1) more. */
static void S13_parameters_and_depth(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    const char *nets[] = { "4 relu", "8 relu", "4 relu, 4 relu", "6 relu, 6 relu" };
    for (int i = 0; i < 4; i++)
        made_train(ctx, place, (const char *[]){ "a", "b", "c", "d" }[i],
                   (sl_run_options){ .data = "builtin:spiral?rows=100", .net = nets[i], .epochs = 1 });
    sl_figure *f =
        made_figure(ctx, place, "compare", (sl_figure_request){ .x = "parameters", .metric = "loss" });
    assert_non_null(f);
    const sl_series *one = made_series(f, 0, SL_DRAW_LINE, "1 hidden layer");
    const sl_series *two = made_series(f, 0, SL_DRAW_LINE, "2 hidden layers");
    assert_true(one && two && one->count == 2 && two->count == 2);
    assert_true(one->x[0] == 4 * 4 + 1 && one->x[1] == 4 * 8 + 1);
    assert_true(two->x[0] == 4 * 4 + 1 + 4 * 5 && two->x[1] == 4 * 6 + 1 + 6 * 7);
    assert_true(two->y[1] == made_field(place, 3, "metrics.csv", 1, "validation_loss"));
    /* by their words, side by side */
    f = made_figure(ctx, place, "compare", (sl_figure_request){ 0 });
    assert_string_equal(f->panels[0]->x.ticks[2].text, "4 relu, 4 relu");
    assert_true(f->panels[0]->x.ticks[2].at == 2);
    sl_ctx_free(ctx);
}

int main(void)
{
#define MADE_TEST(name) cmocka_unit_test_setup_teardown(name, made_setup, made_teardown)
    const struct CMUnitTest tests[] = {
        MADE_TEST(the_settings_in_which_runs_differ),
        MADE_TEST(the_same_name_with_other_rows_is_a_difference),
        MADE_TEST(S110_runs_compared_by_their_batch),
        MADE_TEST(lines_of_what_else_differs),
        MADE_TEST(S140_accuracy_over_training_rows),
        MADE_TEST(S13_parameters_and_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
