/* Figures of what a run has recorded: learning curves, gradients, step sizes. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"

static const char made_used[] = "\"net\": \"4 relu, 2\", \"loss\": \"cross_entropy\", \"rows\": 90, "
                                "\"batch\": 32, \"seed\": 1, \"optimizer\": {\"rule\": \"adam\"}";

/* --- curves -----------------------------------------------------------------------------------------------
 */

static void S141_curves_are_what_was_recorded(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(3);
    made_train(
        ctx, place, "moons",
        (sl_run_options){ .data = "builtin:moons?rows=80", .net = "4 relu", .epochs = 6, .batch = 16 });
    sl_figure *f = made_figure(ctx, place, "curves", (sl_figure_request){ 0 });
    assert_non_null(f);
    assert_string_equal(f->title, "Learning curves of moons");
    assert_int_equal(f->count, 2);
    const char *const metrics[] = { "loss", "accuracy" };
    int best = 1;
    for (int row = 2; row <= 6; row++)
        if (made_field(place, 0, "metrics.csv", row, "validation_loss") <
            made_field(place, 0, "metrics.csv", best, "validation_loss"))
            best = row;
    for (int p = 0; p < 2; p++) {
        const sl_series *train = made_series(f, p, SL_DRAW_LINE, "training");
        const sl_series *other = made_series(f, p, SL_DRAW_LINE, "validation");
        char column[64], name[64];
        assert_non_null(train);
        assert_non_null(other);
        assert_int_equal(train->count, 6);
        for (int i = 0; i < 6; i++) {
            snprintf(column, sizeof column, "train_%s", metrics[p]);
            assert_true(train->y[i] == made_field(place, 0, "metrics.csv", i + 1, column));
            snprintf(column, sizeof column, "validation_%s", metrics[p]);
            assert_true(other->y[i] == made_field(place, 0, "metrics.csv", i + 1, column));
            assert_true(train->x[i] == i + 1);
        }
        snprintf(name, sizeof name, "best epoch %d", best);
        assert_non_null(made_series(f, p, SL_DRAW_UP, name));
        assert_true(made_series(f, p, SL_DRAW_UP, name)->x[0] == best);
    }
    assert_string_equal(f->panels[0]->y.label, "loss (binary cross entropy, nats)");
    sl_figure *again = made_figure(ctx, place, "curves", (sl_figure_request){ 0 });
    assert_true(sl_figure_digest(f) == sl_figure_digest(again));
    sl_figure *time =
        made_figure(ctx, place, "curves", (sl_figure_request){ .x = "seconds", .metric = "lr" });
    assert_int_equal(time->count, 1);
    assert_true(made_series(time, 0, SL_DRAW_LINE, "lr")->x[5] ==
                made_field(place, 0, "metrics.csv", 6, "seconds"));
    made_refused(ctx, place, "curves", (sl_figure_request){ .x = "weeks" }, "there are epoch, step, seconds");
    made_refused(ctx, place, "curves", (sl_figure_request){ .metric = "accurcy" },
                 "it has recorded lr, loss, accuracy, gradient_norm_dense_1, gradient_norm_output, seconds");
    sl_ctx_free(ctx);
}

static void S141_losses_of_steps_as_recorded(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(3);
    /* 72 rows and 8 to validate: 9 steps an epoch, 180 steps, two a point */
    made_train(
        ctx, place, "moons",
        (sl_run_options){ .data = "builtin:moons?rows=80", .net = "4 relu", .epochs = 20, .batch = 8 });
    sl_figure *f = made_figure(ctx, place, "curves", (sl_figure_request){ .x = "step", .metric = "loss" });
    assert_non_null(f);
    const sl_series *line = made_series(f, 0, SL_DRAW_LINE, "training, before each step");
    const sl_series *band = made_series(f, 0, SL_DRAW_BAND, NULL);
    assert_int_equal(line->count, 90);
    for (int i = 0; i < 90; i++) {
        const double a = made_field(place, 0, "steps.csv", 2 * i + 1, "loss");
        const double b = made_field(place, 0, "steps.csv", 2 * i + 2, "loss");
        assert_true(line->x[i] == 2 * i + 2);
        assert_true(fabs(line->y[i] - (a + b) / 2) < 1e-12);
        assert_true(band->low[i] == (a < b ? a : b) && band->high[i] == (a < b ? b : a));
    }
    sl_ctx_free(ctx);
}

/* The shapes of curves: a run that overfits, one with a gap, one that diverged. */
static void S143_what_curves_show_is_said_in_numbers(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    const int run = made_folder(place, "over");
    made_json(place, run, "diverged", "\"data\": \"x\"", made_used, "null");
    made_write(place, run, "metrics.csv",
               "epoch,step,lr,train_loss,validation_loss,train_accuracy,validation_accuracy,seconds\n"
               "1,10,0.1,0.8,0.75,0.5,0.5,1\n2,20,0.1,0.4,0.5,0.75,0.625,2\n3,30,0.1,0.2,,0.9,0.6,3\n"
               "4,40,0.1,0.0625,0.875,1,0.5,4\n");
    sl_figure *f = made_figure(ctx, place, "curves", (sl_figure_request){ 0 });
    assert_non_null(f);
    made_noted(f,
               "The validation loss is least after epoch 2 (0.5), with accuracy 0.625; after epoch 4 it is "
               "0.875, that of training 0.0625.");
    made_noted(f, "over: in 1 of 4 epochs the validation loss is not a finite number: a gap.");
    made_noted(f, "over diverged behind epoch 4");
    assert_true(isnan(made_series(f, 0, SL_DRAW_LINE, "validation")->y[2]));
    assert_false(f->panels[0]->y.log);
    /* beside one that falls through more than a hundred: a scale of powers, a colour a run */
    const int other = made_folder(place, "deep");
    made_json(place, other, "running", "\"data\": \"x\", \"batch\": 8",
              "\"net\": \"4 relu, 2\", \"loss\": \"cross_entropy\", \"rows\": 90, \"batch\": 8, \"seed\": 1",
              "null");
    made_write(place, other, "metrics.csv",
               "epoch,step,lr,train_loss,validation_loss,train_accuracy,validation_accuracy,seconds\n"
               "1,10,0.1,0.8,0.75,0.5,0.5,1\n2,20,0.1,0.001,0.5,1,0.5,2\n");
    f = made_figure(ctx, place, "curves", (sl_figure_request){ 0 });
    assert_non_null(f);
    assert_string_equal(f->title, "Learning curves of over and deep");
    assert_true(f->panels[0]->y.log);
    assert_false(f->panels[1]->y.log);
    const sl_series *validation = made_series(f, 0, SL_DRAW_LINE, "deep (batch 8)");
    assert_non_null(validation);
    assert_int_equal(validation->colour, SL_ORANGE);
    assert_false(validation->dashed);
    assert_true(f->panels[0]->series[2]->dashed && f->panels[0]->series[2]->colour == SL_ORANGE);
    assert_null(made_series(f, 0, SL_DRAW_UP, "best epoch 2"));
    made_noted(f, "deep (batch 8) has not finished");
    made_noted(f, "deep (batch 8): the validation loss is least after epoch 2 (0.5), with accuracy 0.5.");
    sl_ctx_free(ctx);
}

/* --- gradients --------------------------------------------------------------------------------------------
 */

static void S83_gradient_norms_by_layer_and_epoch(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    const int run = made_folder(place, "deep");
    made_json(place, run, "finished", "\"data\": \"x\"", made_used, "null");
    made_write(place, run, "metrics.csv",
               "epoch,step,train_loss,gradient_norm_dense_1,gradient_norm_dense_2,gradient_norm_output\n"
               "1,10,0.8,0,0.01,1\n2,20,0.4,0.0003,0.02,0.5\n3,20,0.4,0.0002,0.02,2\n");
    sl_figure *f = made_figure(ctx, place, "gradients", (sl_figure_request){ 0 });
    assert_non_null(f);
    assert_true(f->panels[0]->y.log);
    const sl_series *first = made_series(f, 0, SL_DRAW_LINE, "dense_1");
    assert_true(first->count == 3 && first->y[1] == 0.0003 && first->x[2] == 3);
    assert_true(made_series(f, 0, SL_DRAW_LINE, "output")->y[2] == 2);
    /* 0.0002 / 2, in two layers: 0.01 each */
    made_noted(f, "After epoch 3 the gradient of dense_1 is 0.0001 times that of output: a factor of 0.01 a "
                  "layer on its way back.");
    made_noted(f, "deep: 1 of 9 norms are exactly 0");
    f = made_figure(ctx, place, "gradients", (sl_figure_request){ .layer = "dense_2" });
    assert_int_equal(f->panels[0]->count, 1);
    made_refused(ctx, place, "gradients", (sl_figure_request){ .layer = "dense_9" },
                 "there are dense_1, dense_2, output");
    sl_ctx_free(ctx);
}

/* In a real net of ten sigmoid layers the gradient is gone at the first; S37's bound is 0.25 a layer and the
 * weights' share. */
static void S83_gradients_vanish_in_ten_sigmoid_layers(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    made_train(ctx, place, "deep",
               (sl_run_options){ .data = "builtin:moons?rows=200",
                                 .net = "10 sigmoid, 10 sigmoid, 10 sigmoid, 10 sigmoid, 10 sigmoid, "
                                        "10 sigmoid, 10 sigmoid, 10 sigmoid, 10 sigmoid, 10 sigmoid",
                                 .epochs = 2,
                                 .optimizer = sl_sgd(.lr = 0.1f) });
    sl_figure *f = made_figure(ctx, place, "gradients", (sl_figure_request){ 0 });
    assert_non_null(f);
    const sl_series *first = made_series(f, 0, SL_DRAW_LINE, "dense_1");
    const sl_series *last = made_series(f, 0, SL_DRAW_LINE, "output");
    assert_int_equal(f->panels[0]->count, 11);
    assert_true(first->y[1] == made_field(place, 0, "metrics.csv", 2, "gradient_norm_dense_1"));
    assert_true(first->y[1] < 1e-4 * last->y[1]);
    sl_ctx_free(ctx);
}

/* --- step sizes -------------------------------------------------------------------------------------------
 */

static void schedules_by_their_formulas(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    const char *words[] = { "cosine", "step every=300 factor=0.5", "constant warmup=100", "lr=0.5",
                            "steps=1000" };
    sl_figure *f = sl_figure_make(ctx, "schedule", &(sl_figure_request){ .words = words, .word_count = 5 });
    assert_non_null(f);
    assert_int_equal(f->panels[0]->count, 3);
    const sl_series *const *line = (const sl_series *const *)(void *)f->panels[0]->series;
    assert_string_equal(line[1]->name, "step every=300 factor=0.5");
    assert_string_equal(line[2]->name, "constant warmup=100");
    for (int i = 0; i < 1000; i++) {
        const double p = i / 1000.0;
        assert_true(line[0]->x[i] == i + 1);
        assert_true(fabs(line[0]->y[i] - 0.25 * (1 + cos(3.14159265358979323846 * p))) < 1e-7);
        assert_true(fabs(line[1]->y[i] - 0.5 * pow(0.5, floor(i / 300.0))) < 1e-7);
        assert_true(fabs(line[2]->y[i] - (i < 100 ? 0.5 * (i + 1) / 100 : 0.5)) < 1e-7);
    }
    assert_false(f->panels[0]->y.log);
    const char *powers[] = { "exponential every=100 factor=0.1" };
    f = sl_figure_make(ctx, "schedule", &(sl_figure_request){ .words = powers, .word_count = 1 });
    assert_true(f->panels[0]->y.log);
    assert_string_equal(sl_figure_number(f, -4.5660816e32), "-4.566e32");
    assert_true(f->panels[0]->y.low > 0.9e-6 && f->panels[0]->y.low <= 1e-6);
    f = sl_figure_make(ctx, "schedule", NULL); /* all but plateau, a panel each */
    int known = 0;
    for (sl_word word; sl_catalogue("schedule", known, &word); known++)
        ;
    assert_int_equal(f->count, known - 1);
    const struct {
        const char *word, *says;
    } wrong[] = { { "cosin", "did you mean 'cosine'" },
                  { "steps=0.5", "wants a whole number from 1" },
                  { "cosine warmup=x", "warmup='x'" },
                  { "step evry=3", "every" } };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *word[] = { wrong[i].word };
        assert_null(sl_figure_make(ctx, "schedule", &(sl_figure_request){ .words = word, .word_count = 1 }));
        if (!strstr(sl_message(ctx), wrong[i].says))
            print_error("%s\n", sl_message(ctx));
        assert_non_null(strstr(sl_message(ctx), wrong[i].says));
        sl_clear(ctx);
    }
    sl_ctx_free(ctx);
}

static void the_step_size_of_a_run(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    made_train(ctx, place, "cosine",
               (sl_run_options){ .data = "builtin:moons?rows=80",
                                 .net = "4 relu",
                                 .epochs = 5,
                                 .batch = 18,
                                 .optimizer = sl_sgd(.lr = 0.25f, .schedule = "cosine") });
    sl_figure *f = made_figure(ctx, place, "schedule", (sl_figure_request){ 0 });
    assert_non_null(f);
    const sl_series *line = f->panels[0]->series[0];
    assert_int_equal(line->count, 20); /* 72 rows: 4 steps an epoch */
    for (int i = 0; i < 20; i++) {
        assert_true(line->x[i] == i + 1);
        assert_true(line->y[i] == made_field(place, 0, "steps.csv", i + 1, "lr"));
    }
    char path[256];
    snprintf(path, sizeof path, "%s/steps.csv", place->runs[0]);
    unlink(path); /* as an older version left it */
    f = made_figure(ctx, place, "schedule", (sl_figure_request){ 0 });
    assert_non_null(f);
    line = f->panels[0]->series[0];
    assert_int_equal(line->count, 5);
    for (int i = 0; i < 5; i++) {
        assert_true(line->x[i] == 4 * (i + 1));
        assert_true(line->y[i] == made_field(place, 0, "metrics.csv", i + 1, "lr"));
    }
    sl_ctx_free(ctx);
}

int main(void)
{
#define MADE_TEST(name) cmocka_unit_test_setup_teardown(name, made_setup, made_teardown)
    const struct CMUnitTest tests[] = {
        MADE_TEST(S141_curves_are_what_was_recorded),
        MADE_TEST(S141_losses_of_steps_as_recorded),
        MADE_TEST(S143_what_curves_show_is_said_in_numbers),
        MADE_TEST(S83_gradient_norms_by_layer_and_epoch),
        MADE_TEST(S83_gradients_vanish_in_ten_sigmoid_layers),
        cmocka_unit_test(schedules_by_their_formulas),
        MADE_TEST(the_step_size_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
