/* Lines, points and bars in a terminal, to the character. The pictures were looked at; the places in them
 * follow from the axes. */
#include "terminal.h"

/* Over 0..1 by 0..1 the diagonal goes through each character from corner to corner: dots 7 6 2 and 5 4 8.
 */
static void S141_lines(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, "Two", "epoch", "loss (nats)");
    terminal_range(p, 0, 1, 0, 1);
    terminal_add(b, p, SL_DRAW_LINE, "train", 3, (double[]){ 0, 0, 0.5, 0.5, 1, 1 });
    terminal_add(b, p, SL_DRAW_LINE, "validation", 5, (double[]){ 0, 1, 0.4, 0.6, 0.5, NAN, 0.6, 0.4, 1, 0 });
    terminal_is(b, 30, 10, true, false,
                "Two\n"
                "── train   ╌╌ validation\n"
                "    loss (nats)\n"
                "  1 ┤⠉⠁ ⠤⢄⡀            ⢀⣀⡠⠤⠒⠊⠉\n"
                "0.5 ┤       ⠉⠒⠂  ⢀⣀⠤⠔⠒⠉⠁\n"
                "    │      ⣀⣀⠤⠔⠒⠉⠁  ⠢⠤⡀\n"
                "  0 ┤⣀⡠⠤⠒⠊⠉             ⠉⠑⠂ ⢄⣀\n"
                "    └┬───────────┬───────────┬\n"
                "     0          0.5          1\n"
                "               epoch\n");
    terminal_is(b, 30, 10, false, false,
                "Two\n"
                "t train   v validation\n"
                "    loss (nats)\n"
                "  1 +vvvvvv             tttttt\n"
                "0.5 +      vvvvv ttttttt\n"
                "    |      tttttt   vvvv\n"
                "  0 +tttttt             vvvvvv\n"
                "    ++-----------+-----------+\n"
                "     0          0.5          1\n"
                "               epoch\n");
    terminal_is(b, 30, 10, true, true,
                "\033[0;1mTwo\033[0m\n"
                "\033[0;38;5;32m──\033[0m train   \033[0;38;5;208m──\033[0m validation\n"
                "    loss (nats)\n"
                "  1 ┤\033[0;38;5;208m⠉⠑⠒⠤⢄⣀⡀\033[0m           \033[0;38;5;32m⢀⣀⡠⠤⠒⠊⠉\033[0m\n"
                "0.5 ┤      \033[0;38;5;208m⠈⠉⠒⠢⠄\033[0m \033[0;38;5;32m⢀⣀⠤⠔⠒⠉⠁\033[0m\n"
                "    │      \033[0;38;5;32m⣀⣀⠤⠔⠒⠉⠁\033[0m  \033[0;38;5;208m⠢⠤⣀⡀\033[0m\n"
                "  0 ┤\033[0;38;5;32m⣀⡠⠤⠒⠊⠉\033[0m            \033[0;38;5;208m⠈⠉⠑⠒⠤⢄⣀\033[0m\n"
                "    └┬───────────┬───────────┬\n"
                "     0          0.5          1\n"
                "               epoch\n");
    terminal_end(b);
}

static void S141_many_lines_have_letters(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, NULL, NULL);
    terminal_range(p, 0, 1, 0, 1);
    for (int i = 0; i < 4; i++)
        terminal_add(b, p, SL_DRAW_LINE, sl_figure_format(b->figure, "run-%d", i), 3,
                     (double[]){ 0, i / 4.0, 0.5, i / 4.0, 1, i / 4.0 });
    terminal_is(b, 40, 7, true, false,
                "a─ run-0   b─ run-1   c─ run-2\n"
                "d─ run-3\n"
                "  1 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤d\n"
                "0.5 ┤⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒c⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒c\n"
                "  0 ┤a⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉b⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉⣉b\n"
                "    └┬────────────────┬────────────────┬\n"
                "     0               0.5               1\n");
    terminal_is(b, 40, 7, false, false,
                "a run-0   b run-1   c run-2   d run-3\n"
                "  1 +ddddddddddddddddddddddddddddddddddd\n"
                "0.5 +ccccccccccccccccccccccccccccccccccc\n"
                "    |bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
                "  0 +aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
                "    ++----------------+----------------+\n"
                "     0               0.5               1\n");
    terminal_end(b);
}

static void terminal_steps_and_thin_lines(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, "step", "rate");
    p->x.whole = true;
    terminal_add(b, p, SL_DRAW_STEPS, "rate", 3, (double[]){ 0, 1, 2, 0.5, 4, 0.25 });
    terminal_add(b, p, SL_DRAW_UP, "best", 1, (double[]){ 3, 0 });
    terminal_add(b, p, SL_DRAW_ACROSS, "wanted", 1, (double[]){ 0, 0.75 });
    terminal_is(b, 30, 11, true, false,
                "── rate   ┆ best   ┄ wanted\n"
                "    rate\n"
                "  1 ┤⠈⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⢹     ┆\n"
                "    │            ⢸     ┆\n"
                "    │┄┄┄┄┄┄┄┄┄┄┄┄⢸┄┄┄┄┄┆┄┄┄┄┄┄\n"
                "0.5 ┤            ⢸⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀\n"
                "    │                  ┆     ⡇\n"
                "    │                  ┆     ⡇\n"
                "    └┬───────────┬───────────┬\n"
                "     0           2           4\n"
                "               step\n");
    terminal_is(b, 30, 11, false, false,
                "r rate   | best   - wanted\n"
                "    rate\n"
                "  1 +rrrrrrrrrrrrr     |\n"
                "    |            r     |\n"
                "    |------------r------------\n"
                "0.5 +            rrrrrrrrrrrrr\n"
                "    |                  |     r\n"
                "    |                  |     r\n"
                "    ++-----------+-----------+\n"
                "     0           2           4\n"
                "               step\n");
    terminal_end(b);
}

/* Decades are equally far apart; what is 0 or less is not there. */
static void terminal_log_axis(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, NULL, "norm");
    p->y.log = true;
    terminal_range(p, 0, 1, 1e-4, 1);
    terminal_add(b, p, SL_DRAW_LINE, NULL, 4, (double[]){ 0, 1, 0.5, 1e-2, 0.75, 0, 1, 1e-4 });
    terminal_is(b, 30, 10, true, false,
                "       norm\n"
                "     1 ┤⠑⠢⣀\n"
                "       │   ⠉⠢⢄⡀\n"
                "       │      ⠈⠒⠤⡀\n"
                "  0.01 ┤         ⠈⠑⠂\n"
                "       │\n"
                "       │\n"
                "0.0001 ┤                     ⢀\n"
                "       └┬──────────┬─────────┬\n"
                "        0         0.5        1\n");
    terminal_end(b);
}

static void terminal_points(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, "width (cm)", "length (cm)");
    terminal_range(p, 0, 4, 0, 4);
    terminal_add(b, p, SL_DRAW_POINTS, "setosa", 3, (double[]){ 0.5, 0.5, 1, 1, NAN, 2 });
    terminal_add(b, p, SL_DRAW_POINTS, "virginica", 2, (double[]){ 3, 3, 4, 4 })->mark = 4;
    terminal_is(b, 30, 10, true, false,
                "o setosa   x virginica\n"
                "  length (cm)\n"
                "4 ┤                          x\n"
                "  │                    x\n"
                "2 ┤\n"
                "  │      o\n"
                "0 ┤   o\n"
                "  └┬────────────┬────────────┬\n"
                "   0            2            4\n"
                "           width (cm)\n");
    terminal_is(b, 30, 10, true, true,
                "\033[0;38;5;32m●\033[0m setosa   \033[0;38;5;208m○\033[0m virginica\n"
                "  length (cm)\n"
                "4 ┤                          \033[0;38;5;208m○\033[0m\n"
                "  │                    \033[0;38;5;208m○\033[0m\n"
                "2 ┤\n"
                "  │      \033[0;38;5;32m●\033[0m\n"
                "0 ┤   \033[0;38;5;32m●\033[0m\n"
                "  └┬────────────┬────────────┬\n"
                "   0            2            4\n"
                "           width (cm)\n");
    terminal_end(b);
}

static void terminal_bars_lie_where_they_have_names(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, "Importance", "column", "loss of accuracy");
    sl_series *s = terminal_add(b, p, SL_DRAW_BARS, NULL, 3, (double[]){ 0, 0.5, 1, 0.25, 2, -0.1 });
    sl_series *e = terminal_add(b, p, SL_DRAW_ERRORS, NULL, 3, (double[]){ 0, 0.5, 1, 0.25, 2, -0.1 });
    s->colour = SL_GREEN;
    for (int i = 0; i < 3; i++) {
        e->low[i] = e->y[i] - 0.05;
        e->high[i] = e->y[i] + 0.05;
    }
    sl_axis_name(b->figure, &p->x, 0, "petal_width");
    sl_axis_name(b->figure, &p->x, 1, "a_name_that_is_too_long_to_be_shown");
    sl_axis_name(b->figure, &p->x, 2, "sepal");
    terminal_is(b, 40, 0, true, false,
                "Importance\n"
                "column           loss of accuracy\n"
                "petal_width          │██████████├─┤  0.5\n"
                "a_name_that_is_…     │████├─┤       0.25\n"
                "sepal            ├─┤█│              -0.1\n");
    terminal_is(b, 40, 0, false, false,
                "Importance\n"
                "column           loss of accuracy\n"
                "petal_width          |##########|-|  0.5\n"
                "a_name_that_is..     |####|-|       0.25\n"
                "sepal            |-|#|              -0.1\n");
    terminal_end(b);
}

/* Nine columns are 72 eighths: k of them are k/64 of 72/64. */
static void terminal_bars_end_in_eighths(void **state)
{
    static const double eighths[] = { 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7 };
    double xy[14];
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, NULL, NULL);
    for (int i = 0; i < 14; i++)
        xy[i] = i % 2 ? eighths[i] / 64 : eighths[i];
    terminal_range(p, 0, 8, 0, 1.125); /* nine columns */
    terminal_add(b, p, SL_DRAW_BARS, NULL, 7, xy);
    terminal_is(b, 20, 0, true, false,
                "1 │▏         0.01563\n"
                "2 │▎         0.03125\n"
                "3 │▍         0.04688\n"
                "4 │▌          0.0625\n"
                "5 │▋         0.07813\n"
                "6 │▊         0.09375\n"
                "7 │▉          0.1094\n");
    terminal_end(b);
}

/* Where neighbouring doubles are 2,048 apart a count of steps does not grow by 1. */
static void terminal_far_from_zero(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, "x", "y");
    terminal_add(b, p, SL_DRAW_LINE, NULL, 2, (double[]){ 1e19, -1e308, 1e19 + 4096, 1e308 });
    assert_non_null(sl_figure_text(b->figure, 40, 0, true, false));
    terminal_end(b);
}

static void terminal_many_bars_stand(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, "weight", "share");
    sl_series *s = sl_panel_add(b->figure, p, SL_DRAW_BARS, NULL, 24);
    terminal_range(p, 0, 24, 0, 3);
    for (int i = 0; i < 24; i++) {
        s->x[i] = i + 0.5;
        s->y[i] = i / 8.0;
    }
    terminal_is(b, 27, 7, true, false,
                "  share\n"
                "2 ┤                 ▁▂▃▄▅▆▇\n"
                "  │         ▁▂▃▄▅▆▇████████\n"
                "0 ┤ ▁▂▃▄▅▆▇████████████████\n"
                "  └┬─────────┬─────────┬───\n"
                "   0        10        20\n"
                "            weight\n");
    terminal_is(b, 27, 7, false, false,
                "  share\n"
                "2 +                    ####\n"
                "  |            ############\n"
                "0 + #######################\n"
                "  ++---------+---------+---\n"
                "   0        10        20\n"
                "            weight\n");
    terminal_end(b);
}

static void terminal_whiskers_and_bands(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, "batch", "accuracy");
    terminal_range(p, 0, 4, 0, 4);
    sl_series *band = terminal_add(b, p, SL_DRAW_BAND, "spread", 2, (double[]){ 0, 0, 4, 0 });
    band->low[1] = 1;
    band->high[0] = 1;
    band->high[1] = 3;
    sl_series *e = terminal_add(b, p, SL_DRAW_ERRORS, "mean", 2, (double[]){ 1, 3, 3, 2 });
    e->low[0] = 2;
    e->high[0] = 3.9;
    e->low[1] = -1; /* goes on below */
    e->high[1] = 2.5;
    terminal_is(b, 30, 12, true, false,
                "░ spread   o mean\n"
                "  accuracy\n"
                "4 ┤      ┬\n"
                "  │      o\n"
                "  │      │             ┬░░░░░░\n"
                "2 ┤      ┴      ░░░░░░░o░░░░░░\n"
                "  │      ░░░░░░░░░░░░░░│░░░░░░\n"
                "  │░░░░░░░░░░░░░░░░░░░░│░░\n"
                "0 ┤░░░░░░░░            │\n"
                "  └┬────────────┬────────────┬\n"
                "   0            2            4\n"
                "              batch\n");
    terminal_is(b, 30, 12, false, false,
                ": spread   o mean\n"
                "  accuracy\n"
                "4 +      -\n"
                "  |      o\n"
                "  |      |             -::::::\n"
                "2 +      -      :::::::o::::::\n"
                "  |      ::::::::::::::|::::::\n"
                "  |::::::::::::::::::::|::\n"
                "0 +::::::::            |\n"
                "  ++------------+------------+\n"
                "   0            2            4\n"
                "              batch\n");
    terminal_end(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(S141_lines, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(S141_many_lines_have_letters, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_steps_and_thin_lines, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_log_axis, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_points, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_bars_lie_where_they_have_names, terminal_setup,
                                        terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_bars_end_in_eighths, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_far_from_zero, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_many_bars_stand, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_whiskers_and_bands, terminal_setup, terminal_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
