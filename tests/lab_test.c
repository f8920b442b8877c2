/* What the playground asks of the library: the same bits as a run, pictures that are the net's own numbers,
 * settings that are refused. */
#include "engine.h"

#include "lab.h"

#include <math.h>

static int lab_setup(void **state)
{
    lab *l = calloc(1, sizeof *l);
    *state = l;
    return l && lab_start(l) ? 0 : -1;
}

static int lab_teardown(void **state)
{
    lab_end(*state);
    free(*state);
    return 0;
}

/* Names and texts, each closed by a 0. */
#define SETTINGS(text) text, sizeof(text) - 1

static void lab_fine(lab *l, sl_status status)
{
    if (status)
        fail_msg("%s", sl_text_string(&l->answer));
}

static void lab_says(lab *l, const char *wanted)
{
    if (!strstr(sl_text_string(&l->answer), wanted))
        fail_msg("'%s' is not in: %s", wanted, sl_text_string(&l->answer));
}

static void test_steps_are_those_of_a_run(void **state)
{
    lab *l = *state;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = "builtin:gauss?rows=200&noise=0.2",
                                                     .test = "0.5",
                                                     .validation = "0",
                                                     .net = "4 tanh, 2 relu",
                                                     .optimizer = { .rule = "momentum", .lr = (sl_real)0.03 },
                                                     .batch = 10,
                                                     .steps = 57,
                                                     .keep_nothing = true });
    assert_int_equal(sl_run_train(run), SL_OK);
    const char *at = strstr(sl_run_result(run), "\"digest_last\": ");
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"digest\": %.18s", at + strlen("\"digest_last\": "));
    sl_run_free(run);
    sl_ctx_free(ctx);

    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:gauss?rows=200&noise=0.2\0test\0"
                                     "0.5\0validation\0"
                                     "0\0net\0"
                                     "4 tanh, 2 relu\0optimizer\0momentum\0lr\0"
                                     "0.03\0batch\0"
                                     "10\0epochs\0"
                                     "1000\0seed\0"
                                     "5\0")));
    lab_says(l, "\"rows\": {\"train\": 100, \"validation\": 0, \"test\": 100}");
    lab_says(l, "\"name\": \"weight\", \"at\": 12, \"shape\": [2, 4]");
    lab_fine(l, lab_steps(l, 50));
    lab_fine(l, lab_steps(l, 7));
    lab_says(l, wanted);
    /* Epochs 1 .. 5 have a test loss, and it is that of sl_evaluate at their end. */
    lab_fine(l, lab_history(l, 4));
    const size_t columns = (size_t)l->run->trainer->report->columns + 2;
    assert_int_equal(l->count, columns);
    assert_true(l->numbers[columns - 2] > 0);
    lab_fine(l, lab_steps(l, 3));
    lab_fine(l, lab_history(l, 5));
    const float measured = l->numbers[columns - 2], accuracy = l->numbers[columns - 1];
    sl_report *report = sl_evaluate(l->ctx, l->run->model, sl_run_part(l->run, "test"));
    assert_float_equal(measured, sl_report_last(report, "loss"), 1e-6);
    assert_float_equal(accuracy, sl_report_last(report, "accuracy"), 1e-6);
    sl_report_free(report);
}

/* With weights given by hand every picture can be computed by hand. */
static void test_pictures_are_the_nets_numbers(void **state)
{
    lab *l = *state;
    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:quadrants?rows=100\0test\0"
                                     "0.5\0validation\0"
                                     "0\0net\0"
                                     "2 relu\0epochs\0"
                                     "5\0weights\0"
                                     "1,0, 0.5,-1, 2,-3\0biases\0"
                                     "0,0.25, 0.125\0")));
    enum { SIDE = 4 };
    lab_fine(l, lab_units(l, SIDE));
    assert_int_equal(l->count, 3 * SIDE * SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const double x = -6 + 12 * (i % SIDE + 0.5) / SIDE, y = -6 + 12 * (i / SIDE + 0.5) / SIDE;
        const double a = x > 0 ? x : 0, b = 0.5 * x - y + 0.25 > 0 ? 0.5 * x - y + 0.25 : 0;
        assert_float_equal(l->numbers[i], (float)a, 1e-6);
        assert_float_equal(l->numbers[SIDE * SIDE + i], (float)b, 1e-6);
        assert_float_equal(l->numbers[2 * SIDE * SIDE + i], (float)(2 * a - 3 * b + 0.125), 1e-5);
    }
    lab_fine(l, lab_picture(l, SIDE));
    assert_int_equal(l->count, SIDE * SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const double x = -6 + 12 * (i % SIDE + 0.5) / SIDE, y = -6 + 12 * (i / SIDE + 0.5) / SIDE;
        const double a = x > 0 ? x : 0, b = 0.5 * x - y + 0.25 > 0 ? 0.5 * x - y + 0.25 : 0;
        assert_float_equal(l->numbers[i], (float)(1 / (1 + exp(-(2 * a - 3 * b + 0.125)))), 1e-6);
    }
    lab_fine(l, lab_set_weight(l, 6, 0)); /* the output's first: behind 4 weights and 2 biases */
    lab_fine(l, lab_weights(l));
    assert_int_equal(l->count, 9);
    assert_float_equal(l->numbers[6], 0, 0);
    assert_float_equal(l->numbers[7], -3, 0);
    assert_int_equal(lab_set_weight(l, 9, 1), SL_EINVAL);
    assert_int_equal(lab_set_weight(l, 0, (double)NAN), SL_EINVAL);
    assert_int_equal(lab_picture(l, 1), SL_EINVAL);
    assert_int_equal(lab_picture(l, 100000), SL_EINVAL);
}

/* A group is named before the layers in it and passes on what comes out behind them: what is added there, and
 * what the layer behind it sees, is computed here from the pictures of the others. */
static void test_units_of_groups(void **state)
{
    lab *l = *state;
    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:circle?rows=40\0net\0"
                                     "2 tanh, residual [3 relu, 2], 1 tanh\0epochs\0"
                                     "1\0")));
    enum { SIDE = 3, CELLS = SIDE * SIDE };
    lab_fine(l, lab_weights(l));
    float w[64], u[10 * CELLS];
    assert_int_equal(l->count, 6 + 9 + 8 + 3 + 2);
    memcpy(w, l->numbers, l->count * sizeof *w);
    lab_fine(l, lab_units(l, SIDE));
    assert_int_equal(l->count, (2 + 2 + 3 + 2 + 1 + 1) * CELLS);
    memcpy(u, l->numbers, sizeof u);
    for (int i = 0; i < CELLS; i++) {
        for (int k = 0; k < 2; k++)
            assert_float_equal(u[(2 + k) * CELLS + i], u[k * CELLS + i] + u[(7 + k) * CELLS + i], 1e-6);
        const double z = (double)w[23] * (double)u[2 * CELLS + i] + (double)w[24] * (double)u[3 * CELLS + i] +
                         (double)w[25];
        assert_float_equal(u[9 * CELLS + i], (float)tanh(z), 1e-6);
    }
}

/* One place and one row: the numbers of the picture's formula, and the row as the points have it. */
static void test_one_place_and_one_row(void **state)
{
    lab *l = *state;
    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:xor\0net\0"
                                     "2 relu\0epochs\0"
                                     "1\0weights\0"
                                     "1,1, 1,1, 1,-2\0biases\0"
                                     "0,-1, 0\0")));
    lab_fine(l, lab_at(l, 0.5, 0.5)); /* the logit is 1 there */
    assert_int_equal(l->count, 2);
    assert_float_equal(l->numbers[1], (float)(1 / (1 + exp(-1.0))), 1e-6);
    assert_float_equal(l->numbers[0] + l->numbers[1], 1, 1e-6);
    assert_int_equal(lab_at(l, (double)NAN, 0), SL_EINVAL);
    for (int row = 0; row < 4; row++) {
        lab_fine(l, lab_row(l, 0, row));
        assert_int_equal(l->count, 2 + 1 + 2);
        const bool one = (l->numbers[0] != 0) != (l->numbers[1] != 0);
        assert_float_equal(l->numbers[2], one, 0);
        assert_float_equal(l->numbers[4], (float)(one ? 1 / (1 + exp(-1.0)) : 0.5), 1e-6);
    }
    assert_int_equal(lab_row(l, 0, 4), SL_EINVAL);
    assert_int_equal(lab_row(l, 2, 0), SL_EINVAL);
}

/* A table's words become several numbers: they have names, and over the plane they are 1 around their code.
 */
static void test_what_the_net_sees(void **state)
{
    lab *l = *state;
    FILE *file = fopen("lab_colours.csv", "w");
    assert_non_null(file);
    fputs("size,colour,y\n", file);
    for (int i = 0; i < 60; i++)
        fprintf(file, "%d.25,%s,%d.5\n", i * 7 % 23,
                i % 3 == 0   ? "red"
                : i % 3 == 1 ? "blue"
                             : "green",
                2 * i);
    fclose(file);
    lab_fine(l, lab_open(l, SETTINGS("data\0lab_colours.csv\0target\0y\0net\0"
                                     "2 relu\0epochs\0"
                                     "1\0")));
    lab_says(l, "\"seen\": [\"size\", \"colour=blue\", \"colour=green\", \"colour=red\"]");
    lab_says(l, "\"words\": [\"blue\", \"green\", \"red\"]");
    enum { SIDE = 7 };
    lab_fine(l, lab_inputs(l, SIDE));
    assert_int_equal(l->count, 4 * SIDE * SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const double up = l->from[1] + (l->to[1] - l->from[1]) * (i / SIDE + 0.5) / SIDE;
        for (int k = 0; k < 3; k++)
            assert_float_equal(l->numbers[(1 + k) * SIDE * SIDE + i], fabs(up - k) < 0.5, 0);
        assert_true(i % SIDE == 0 || l->numbers[i] > l->numbers[i - 1]);
    }
    remove("lab_colours.csv");
}

static void test_points_are_the_rows(void **state)
{
    lab *l = *state;
    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:xor\0net\0"
                                     "2 tanh\0epochs\0"
                                     "1\0")));
    lab_fine(l, lab_points(l));
    assert_int_equal(l->count, 4 * 5);
    for (int i = 0; i < 4; i++) {
        const float *p = l->numbers + 5 * i;
        assert_float_equal(p[2], (float)((p[0] != 0) != (p[1] != 0)), 0);
        assert_float_equal(p[3], 0, 0);
    }
    assert_int_equal(lab_axes(l, 0, 7, 0, 0, 0, 0), SL_EINVAL);
    lab_fine(l, lab_axes(l, 1, 0, -2, 3, -1, 4));
    lab_fine(l, lab_describe(l));
    lab_says(l, "\"axes\": [1, 0], \"window\": [-2, 3, -1, 4]");
}

static void test_what_is_refused_leaves_what_was(void **state)
{
    lab *l = *state;
    assert_int_equal(lab_steps(l, 1), SL_EINVAL);
    lab_says(l, "nothing is open");
    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:circle\0net\0"
                                     "3 tanh\0epochs\0"
                                     "9\0lr\0"
                                     "0.03\0optimizer\0sgd\0")));
    lab_fine(l, lab_steps(l, 5));
    static const struct {
        const char *settings;
        size_t length;
        const char *says;
    } wrong[] = {
        { SETTINGS("data\0builtin:nothing\0"), "no built-in set" },
        { SETTINGS("data\0nothing.csv\0"), "nothing.csv" },
        { SETTINGS("data\0builtin:circle\0net\0"
                   "3 tangh\0"),
          "tangh" },
        { SETTINGS("data\0builtin:circle\0nett\0"
                   "3\0"),
          "nett" },
        { SETTINGS("data\0builtin:circle\0net\0"
                   "8 x 3000 relu\0"),
          "63,024,000 weights" }, /* 7 * 3000^2 + 8 * 3000 */
        { SETTINGS("data\0builtin:circle\0lr\0fast\0"), "fast" },
        { SETTINGS("data\0builtin:circle\0seed\0-3\0"), "seed" },
        { SETTINGS("data\0builtin:circle\0net\0"
                   "9999999999 relu\0"),
          "9999999999" },
        { SETTINGS("data\0builtin:circle\0net"), "middle" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_not_equal(lab_open(l, wrong[i].settings, wrong[i].length), SL_OK);
        lab_says(l, wrong[i].says);
        lab_fine(l, lab_state(l));
        lab_says(l, "\"step\": 5,");
    }
    assert_int_not_equal(lab_change(l, SETTINGS("seed\0"
                                                "4\0")),
                         SL_OK);
    lab_says(l, "settled before the first step");
    assert_int_not_equal(lab_change(l, SETTINGS("batch\0"
                                                "20\0")),
                         SL_OK);
    lab_says(l, "amid an epoch");
    lab_fine(l, lab_change(l, SETTINGS("lr\0"
                                       "0.5\0")));
    lab_says(l, "\"lr\": 0.5");
    lab_fine(l, lab_steps(l, 2));
    lab_says(l, "\"step\": 7,");
    lab_says(l, "\"lr\": 0.5");
}

static void test_a_step_too_large_ends_it_in_words(void **state)
{
    lab *l = *state;
    lab_fine(l, lab_open(l, SETTINGS("data\0builtin:plane\0net\0"
                                     "8 relu, 8 relu\0epochs\0"
                                     "100\0lr\0"
                                     "1e9\0optimizer\0sgd\0")));
    lab_fine(l, lab_steps(l, 1000));
    lab_says(l, "\"over\": true, \"diverged\": true, \"message\": \"");
    lab_says(l, "step ");
    assert_true(l->run->trainer->steps < 1000);
    lab_fine(l, lab_steps(l, 1));
    lab_says(l, "\"diverged\": true");
    lab_fine(l, lab_picture(l, 10)); /* whatever it shows */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_steps_are_those_of_a_run, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_units_of_groups, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_one_place_and_one_row, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_what_the_net_sees, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_pictures_are_the_nets_numbers, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_points_are_the_rows, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_refused_leaves_what_was, lab_setup, lab_teardown),
        cmocka_unit_test_setup_teardown(test_a_step_too_large_ends_it_in_words, lab_setup, lab_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
