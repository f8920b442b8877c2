/* Lines with a spread: the numbers that were given are those that are drawn; gaps, axes, refusals. And the
 * training rows that --rows leaves: a smaller share lies in a larger one, the other parts stay. */
#include "engine.h"
#include "plot/figure.h"
#include "train/run.h"

static void spread_draws_what_it_is_given(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const double x[] = { 1, 10, 100 }, y[] = { 0.5, (double)NAN, 0.75 }, low[] = { 0.25, (double)NAN, 0.5 },
                 high[] = { 0.625, (double)NAN, 0.875 }, loss[] = { 2, 1, 0.5 };
    const sl_spread_line line = { .name = "a", .count = 3, .x = x, .y = y, .low = low, .high = high },
                         curve = { .name = "b", .count = 3, .y = loss };
    const sl_spread_panel panels[] = {
        { .title = "first", .x_label = "lr", .y_label = "accuracy", .lines = &line, .line_count = 1 },
        { .title = "second",
          .x_label = "epoch",
          .y_label = "loss",
          .curves = true,
          .lines = &curve,
          .line_count = 1 },
    };
    sl_figure *figure = sl_spread_figure(ctx, "title", "One.\nTwo.", panels, 2);
    assert_non_null(figure);
    assert_int_equal(sl_figure_panels(figure), 2);
    assert_string_equal(sl_figure_title(figure), "title");
    assert_string_equal(sl_figure_notes(figure), "One.\nTwo.\n");
    const sl_panel *first = figure->panels[0], *second = figure->panels[1];
    assert_true(first->x.log); /* over a decade */
    assert_true(second->x.whole && !second->y.log);
    assert_int_equal(first->count, 2); /* a line, and whiskers without the gap */
    const sl_series *ends = first->series[1];
    assert_int_equal(ends->how, SL_DRAW_ERRORS);
    assert_int_equal(ends->count, 2);
    for (int i = 0; i < 2; i++)
        assert_true(ends->x[i] == x[2 * i] && ends->y[i] == y[2 * i] && ends->low[i] == low[2 * i] &&
                    ends->high[i] == high[2 * i]);
    for (int i = 0; i < 3; i++)
        assert_true(second->series[0]->x[i] == i + 1 && second->series[0]->y[i] == loss[i]);
    sl_figure_free(figure);
    assert_null(sl_spread_figure(ctx, "none", NULL, panels, 0));
    assert_says(ctx, SL_EINVAL, "wants one panel or more, given 0");
    sl_clear(ctx);
    assert_null(sl_spread_figure(ctx, "none", NULL, &(sl_spread_panel){ .x_label = "x" }, 1));
    assert_says(ctx, SL_EINVAL, "panel 1 has no lines");
    sl_ctx_free(ctx);
}

static void spread_of_several_lines_is_an_area(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const double x[] = { 1, 2 }, y[] = { 3, 4 }, low[] = { 2, 3 }, high[] = { 4, 5 };
    const sl_spread_line line = { .name = "a", .count = 2, .x = x, .y = y, .low = low, .high = high };
    const sl_spread_line lines[] = { line, line };
    const sl_spread_panel panel = { .x_label = "x", .y_label = "y", .lines = lines, .line_count = 2 };
    sl_figure *figure = sl_spread_figure(ctx, "t", NULL, &panel, 1);
    assert_non_null(figure);
    assert_int_equal(figure->panels[0]->count, 6);
    assert_int_equal(figure->panels[0]->series[0]->how, SL_DRAW_BAND);
    assert_int_equal(figure->panels[0]->series[2]->how, SL_DRAW_POINTS);
    assert_false(figure->panels[0]->x.log);
    sl_figure_free(figure);
    sl_ctx_free(ctx);
}

/* The inputs of a part, in order: two numbers a row. */
static int spread_rows_of(const sl_data *data, sl_real x[][2])
{
    int count = (int)sl_data_rows(data);
    for (int i = 0; i < count; i++)
        assert_int_equal(sl_data_row(data, (size_t)i, x[i], NULL), SL_OK);
    return count;
}

static bool spread_has(sl_real all[][2], int count, const sl_real *row)
{
    bool has = false;
    for (int i = 0; i < count; i++)
        has = has || (all[i][0] == row[0] && all[i][1] == row[1]);
    return has;
}

static void S140_fewer_rows_lie_in_more_rows(void **unused)
{
    (void)unused;
    static sl_real before[500][2], now[500][2], validation[500][2], other[500][2];
    const double shares[] = { 0, 1, 0.5, 100, 0.1 };
    const int wanted[] = { 450, 450, 226, 100, 46 }; /* 225 in each class; half of that is 113 */
    int had = 0, checked = 0;
    for (int i = 0; i < 5; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = "builtin:moons",
                                                         .validation = i ? NULL : "0.1",
                                                         .test = NULL,
                                                         .rows = shares[i],
                                                         .epochs = 1,
                                                         .split = "random",
                                                         .net = "linear",
                                                         .keep_nothing = true });
        assert_non_null(run);
        const sl_data *train = run->trainer->train, *held = run->trainer->validation;
        const int count = spread_rows_of(train, now);
        assert_int_equal(count, wanted[i]);
        for (int row = 0; row < count && had; row++)
            assert_true(spread_has(before, had, now[row]));
        memcpy(before, now, sizeof now);
        had = count;
        const int kept = spread_rows_of(held, i ? other : validation);
        assert_int_equal(kept, 50);
        for (int row = 0; row < kept && i; row++, checked++)
            assert_true(validation[row][0] == other[row][0] && validation[row][1] == other[row][1]);
        sl_run_free(run);
        sl_ctx_free(ctx);
    }
    assert_int_equal(checked, 200);
}

static void too_many_rows_are_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = { .data = "builtin:moons", .rows = 451, .keep_nothing = true };
    assert_null(sl_run_new(ctx, &options));
    assert_says(ctx, SL_EINVAL, "--rows is 451: there are 450 training rows");
    sl_clear(ctx);
    options.rows = -1;
    assert_null(sl_run_new(ctx, &options));
    assert_says(ctx, SL_EINVAL, "--rows is below 0");
    sl_clear(ctx);
    options.rows = 0.0001;
    assert_null(sl_run_new(ctx, &options));
    assert_says(ctx, SL_EINVAL, "take a larger fraction");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spread_draws_what_it_is_given),
        cmocka_unit_test(spread_of_several_lines_is_an_area),
        cmocka_unit_test(S140_fewer_rows_lie_in_more_rows),
        cmocka_unit_test(too_many_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
