/* Images, matrices, nets and names in a terminal, to the character. */
#define _XOPEN_SOURCE 700 /* strdup */
#include "terminal.h"

static void terminal_images(void **state)
{
    static const double values[] = { 0, 0.25, 0.5, 0.75, 1, NAN, 1, 0.75, 0.5, 0.25, 0, 1 };
    terminal_bench *b = *state;
    for (int tint = 0; tint < 3; tint++) {
        sl_panel *p = terminal_panel(b, NULL, "epoch", "layer");
        sl_series *s = sl_panel_grid(b->figure, p, SL_DRAW_IMAGE, 2, 6, 0, 6, 0, 2);
        memcpy(s->y, values, sizeof values);
        for (size_t i = 0; tint == SL_DIVERGING && i < 12; i++)
            s->y[i] = 2 * s->y[i] - 1;
        p->tint = (sl_tint)tint;
        p->z.label = "share";
        if (tint == SL_SEQUENTIAL) {
            terminal_is(b, 30, 0, true, false,
                        "    layer\n"
                        "1.5 ┤████▓▓▓▓▒▒▒▒░░░░    ████\n"
                        "  1 ┤████▓▓▓▓▒▒▒▒░░░░    ████\n"
                        "0.5 ┤    ░░░░▒▒▒▒▓▓▓▓████????\n"
                        "  0 ┤    ░░░░▒▒▒▒▓▓▓▓████????\n"
                        "    └┬───────┬───────┬──────┬\n"
                        "     0       2       4      6\n"
                        "              epoch\n"
                        "0  ░▒▓█ 1  share\n");
            terminal_is(b, 30, 0, false, false,
                        "    layer\n"
                        "1.5 +@@@@####====::::    @@@@\n"
                        "  1 +@@@@####====::::    @@@@\n"
                        "0.5 +    ::::====####@@@@????\n"
                        "  0 +    ::::====####@@@@????\n"
                        "    ++-------+-------+------+\n"
                        "     0       2       4      6\n"
                        "              epoch\n"
                        "0  .:-=+*#%@ 1  share\n");
            terminal_is(b, 12, 0, true, true,
                        "    layer\n"
                        "1.5 "
                        "┤\033[0;38;5;17;48;5;17m▀▀\033[0;38;5;19;48;5;19m▀▀\033[0;38;5;74;48;5;74m▀▀\033[0;"
                        "38;5;153;48;5;153m▀▀\033[0;38;5;231;48;5;231m▀▀\033[0;38;5;17;48;5;17m▀▀\033[0m\n"
                        "  1 "
                        "┤\033[0;38;5;17;48;5;17m▀▀\033[0;38;5;19;48;5;19m▀▀\033[0;38;5;74;48;5;74m▀▀\033[0;"
                        "38;5;153;48;5;153m▀▀\033[0;38;5;231;48;5;231m▀▀\033[0;38;5;17;48;5;17m▀▀\033[0m\n"
                        "0.5 "
                        "┤\033[0;38;5;231;48;5;231m▀▀\033[0;38;5;153;48;5;153m▀▀\033[0;38;5;74;48;5;"
                        "74m▀▀\033[0;38;5;19;48;5;19m▀▀\033[0;38;5;17;48;5;17m▀▀\033[0m\n"
                        "  0 "
                        "┤\033[0;38;5;231;48;5;231m▀▀\033[0;38;5;153;48;5;153m▀▀\033[0;38;5;74;48;5;"
                        "74m▀▀\033[0;38;5;19;48;5;19m▀▀\033[0;38;5;17;48;5;17m▀▀\033[0m\n"
                        "    └┬─┬─┬─┬─┬─┬─\n"
                        "     0 1 2 3 4 5\n"
                        "        epoch\n"
                        "0 \033[0;38;5;16;48;5;231m  \033[0;38;5;16;48;5;195m \033[0;38;5;16;48;5;153m  "
                        "\033[0;38;5;16;48;5;117m \033[0;38;5;16;48;5;74m  \033[0;38;5;231;48;5;32m  "
                        "\033[0;38;5;231;48;5;25m \033[0;38;5;231;48;5;19m  \033[0;38;5;231;48;5;18m "
                        "\033[0;38;5;231;48;5;17m  \033[0m 1\n");
        } else if (tint == SL_DIVERGING) {
            terminal_is(b, 30, 0, true, false,
                        "    layer\n"
                        "1.5 ┤████▒▒▒▒    ====NNNN████\n"
                        "  1 ┤████▒▒▒▒    ====NNNN████\n"
                        "0.5 ┤NNNN====    ▒▒▒▒████????\n"
                        "  0 ┤NNNN====    ▒▒▒▒████????\n"
                        "    └┬───────┬───────┬──────┬\n"
                        "     0       2       4      6\n"
                        "              epoch\n"
                        "-1 N%=- ░▒▓█ 1  share\n");
            terminal_is(b, 30, 0, false, false,
                        "    layer\n"
                        "1.5 +####++++    ====NNNN####\n"
                        "  1 +####++++    ====NNNN####\n"
                        "0.5 +NNNN====    ++++####????\n"
                        "  0 +NNNN====    ++++####????\n"
                        "    ++-------+-------+------+\n"
                        "     0       2       4      6\n"
                        "              epoch\n"
                        "-1 N%=- .+*# 1  share\n");
        } else {
            p->x.none = p->y.none = p->no_scale = true;
            terminal_is(b, 24, 0, true, false,
                        "████▓▓▓▓▒▒▒▒░░░░    ████\n"
                        "████▓▓▓▓▒▒▒▒░░░░    ████\n"
                        "    ░░░░▒▒▒▒▓▓▓▓████\n"
                        "    ░░░░▒▒▒▒▓▓▓▓████\n");
        }
        terminal_end(b);
    }
}

/* A class's area has its letter, large where it is sure, and the legend says whose. */
static void terminal_regions(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, NULL, NULL);
    sl_series *s = sl_panel_grid(b->figure, p, SL_DRAW_IMAGE, 4, 4, -1, 1, -1, 1);
    for (int i = 0; i < 16; i++)
        s->y[i] = (i % 4 > 1) + (i / 4 > 1 ? 0.9 : 0.1);
    p->tint = SL_CLASSES;
    p->square = true;
    terminal_add(b, p, SL_DRAW_POINTS, "no", 1, (double[]){ -0.5, -0.5 })->colour = SL_BLUE;
    terminal_add(b, p, SL_DRAW_POINTS, "yes", 1, (double[]){ 0.5, 0.5 })->colour = SL_ORANGE;
    terminal_is(b, 30, 8, true, false,
                "o no (area A)   x yes (area B)\n"
                " 1 ┤AAAABBxB\n"
                " 0 ┤AAAABBBB\n"
                "   │aaoabbbb\n"
                "-1 ┤aaaabbbb\n"
                "   └┬───┬──┬\n"
                "   -1   0  1\n");
    terminal_end(b);
}

static void terminal_contours_and_paths(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, "w1", "w2");
    sl_series *s = sl_panel_grid(b->figure, p, SL_DRAW_CONTOUR, 5, 5, -1, 1, -1, 1);
    for (int i = 0; i < 25; i++)
        s->y[i] = (i % 5 - 2) * (i % 5 - 2) + (i / 5 - 2) * (i / 5 - 2);
    double levels[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    s->levels = levels;
    s->level_count = 8;
    p->z.label = "loss";
    terminal_add(b, p, SL_DRAW_PATH, "sgd", 3, (double[]){ -0.9, -0.9, -0.9, 0.9, 0, 0 });
    terminal_is(b, 30, 0, true, false,
                "── sgd\n"
                "     w2\n"
                "   1 ┤•⢄██▓▓▓▓▒▒▒▒▓▓▓▓████\n"
                "     │⢸█⠑⢄▓▓▓▓▒▒▒▒▓▓▓▓████\n"
                " 0.5 ┤⢸▓▓▓⠑⢄░░    ░░░░▓▓▓▓\n"
                "     │⢸▓▓▓░░⠑⢄    ░░░░▓▓▓▓\n"
                "   0 ┤⢸▒▒▒    ⠑⢄●     ▒▒▒▒\n"
                "     │⢸▒▒▒            ▒▒▒▒\n"
                "     │⢸▓▓▓░░░░    ░░░░▓▓▓▓\n"
                "-0.5 ┤⢸▓▓▓░░░░    ░░░░▓▓▓▓\n"
                "     │⢸███▓▓▓▓▒▒▒▒▓▓▓▓████\n"
                "  -1 ┤•███▓▓▓▓▒▒▒▒▓▓▓▓████\n"
                "     └┬─────────┬────────┬\n"
                "     -1         0        1\n"
                "               w1\n"
                "1  ░▒▓█ 8  loss\n");
    terminal_is(b, 30, 0, false, false,
                "s sgd\n"
                "     w2\n"
                "   1 +ss@@****====****@@@@\n"
                "     |s@ss****====****@@@@\n"
                " 0.5 +s***ss::....::::****\n"
                "     |s***::ss....::::****\n"
                "   0 +s===....sss ....====\n"
                "     |s===....    ....====\n"
                "     |s***::::....::::****\n"
                "-0.5 +s***::::....::::****\n"
                "     |s@@@****====****@@@@\n"
                "  -1 +s@@@****====****@@@@\n"
                "     ++---------+--------+\n"
                "     -1         0        1\n"
                "               w1\n"
                "1  .:-=+*#%@ 8  loss\n");
    p->series[0]->how = SL_DRAW_SURFACE;
    terminal_is(b, 30, 0, false, false,
                "s sgd\n"
                "     w2\n"
                "   1 +ss@@****====****@@@@\n"
                "     |s@ss****====****@@@@\n"
                " 0.5 +s***ss::....::::****\n"
                "     |s***::ss....::::****\n"
                "   0 +s===....sss ....====\n"
                "     |s===....    ....====\n"
                "     |s***::::....::::****\n"
                "-0.5 +s***::::....::::****\n"
                "     |s@@@****====****@@@@\n"
                "  -1 +s@@@****====****@@@@\n"
                "     ++---------+--------+\n"
                "     -1         0        1\n"
                "               w1\n"
                "0  .:-=+*#%@ 8  loss\n");
    terminal_end(b);
}

static void terminal_texts(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, NULL, NULL, NULL);
    terminal_range(p, 0, 1, 0, 1);
    sl_series *s = terminal_add(b, p, SL_DRAW_TEXTS, NULL, 5,
                                (double[]){ 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.1, 0.9 });
    s->texts[0] = "good", s->texts[1] = "great", s->texts[2] = "fine", s->texts[3] = "nice",
    s->texts[4] = "bad";
    terminal_is(b, 26, 8, true, false,
                "  1 ┤ bad\n"
                "    │        fine\n"
                "0.5 ┤        good\n"
                "    │        great\n"
                "  0 ┤\n"
                "    └┬─────────┬─────────┬\n"
                "     0        0.5        1\n"
                "1 name found no room here.\n");
    terminal_end(b);
}

static void terminal_matrix_is_a_table(void **state)
{
    static const char *const names[] = { "setosa", "versicolor" };
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, "Confusion", "predicted", "truth");
    sl_series *s = sl_panel_grid(b->figure, p, SL_DRAW_IMAGE, 2, 2, -0.5, 1.5, -0.5, 1.5);
    sl_series *t = terminal_add(b, p, SL_DRAW_TEXTS, NULL, 4, (double[]){ 0, 0, 1, 0, 0, 1, 1, 1 });
    static const double values[] = { 0.1, 0.9, 1, 0 };
    for (int i = 0; i < 4; i++) {
        s->y[i] = values[i];
        t->texts[i] = sl_figure_format(b->figure, "%d", (int)(10 * values[i]));
    }
    for (int i = 0; i < 2; i++) {
        sl_axis_name(b->figure, &p->x, i, names[i]);
        sl_axis_name(b->figure, &p->y, 1 - i, names[i]);
    }
    terminal_is(b, 40, 0, true, false,
                "Confusion\n"
                "truth            predicted\n"
                "               setosa versicolor\n"
                "setosa           [10]         0\n"
                "versicolor         1         [9]\n");
    terminal_is(b, 21, 0, true, false,
                "Confusion\n"
                "truth     predicted\n"
                "        setosa versi…\n"
                "setosa    [10]     0\n"
                "versic…     1     [9]\n");
    terminal_is(
        b, 40, 0, true, true,
        "\033[0;1mConfusion\033[0m\n"
        "truth            predicted\n"
        "               setosa versicolor\n"
        "setosa    \033[0;1;38;5;231;48;5;17m       [10]\033[0;38;5;16;48;5;231m         0 \033[0m\n"
        "versicolor\033[0;38;5;16;48;5;231m         1 \033[0;1;38;5;231;48;5;18m        [9]\033[0m\n");
    terminal_end(b);
}

static void S218_nets(void **state)
{
    static const char *const blocks[] = { "inputs\n[batch, 784]", "dense_1\n128 relu", "add", "output\n10" };
    terminal_bench *b = *state;
    b->figure = sl_figure_new(b->ctx, "net");
    for (int i = 0; i < 4; i++) {
        const int node = sl_figure_node(b->figure, NULL, blocks[i]);
        b->figure->nodes[node].box = true;
        sl_figure_edge(b->figure, i - 1, i, NAN);
    }
    sl_figure_edge(b->figure, 0, 2, NAN);
    terminal_is(b, 40, 0, true, false,
                "[inputs, [batch, 784]]\n"
                "→ [dense_1, 128 relu] → [add]\n"
                "→ [output, 10]\n"
                "also: [inputs] → [add]\n");
    terminal_is(b, 40, 0, false, false,
                "[inputs, [batch, 784]]\n"
                "-> [dense_1, 128 relu] -> [add]\n"
                "-> [output, 10]\n"
                "also: [inputs] -> [add]\n");
    terminal_end(b);

    b->figure = sl_figure_new(b->ctx, "net");
    sl_figure_node(b->figure, "inputs", "x1");
    sl_figure_node(b->figure, "inputs", "x2");
    for (int i = 0; i < 2; i++) {
        sl_figure_node(b->figure, "dense_1", i ? "" : "first");
        b->figure->nodes[2 + i].value = i - 0.5;
        sl_figure_edge(b->figure, 0, 2 + i, 1.25);
        sl_figure_edge(b->figure, 1, 2 + i, -12.3456);
    }
    terminal_is(b, 40, 0, true, false,
                "inputs   dense_1\n"
                "( x1 ) → ( first )\n"
                "( x2 )   ( 2 )\n"
                "\n"
                "Weights of dense_1, from inputs:\n"
                "           x1      x2    bias\n"
                "first    1.25  -12.35   -0.50\n"
                "2        1.25  -12.35    0.50\n");
    terminal_end(b);
}

/* Escapes, line breaks, marks of direction and wrong bytes become question marks; wide letters take two
 * columns; what is too long is cut, sentences are broken. */
static void terminal_hostile_names(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(
        b, "A \033[2J title\r\b of \xE2\x80\xAEtfel\xFF and \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
        "x\n\033]0;owned\a", "y");
    terminal_range(p, 0, 1, 0, 1);
    terminal_add(b, p, SL_DRAW_POINTS, "na\xC3\xAFve\033[31m", 1, (double[]){ 0.5, 0.5 });
    sl_figure_note(b->figure, "A sentence\tthat is a little longer than the width that it has.");
    terminal_is(b, 30, 13, true, false,
                "A ?[2J title?? of ?tfel� and\n"
                "日本語\n"
                "o naïve?[31m\n"
                "    y\n"
                "  1 ┤\n"
                "0.5 ┤            o\n"
                "  0 ┤\n"
                "    └┬───────────┬───────────┬\n"
                "     0          0.5          1\n"
                "           x??]0;owned?\n"
                "A sentence?that is a little\n"
                "longer than the width that it\n"
                "has.\n");
    terminal_is(b, 30, 13, false, false,
                "A ?[2J title?? of ?tfel? and\n"
                "???\n"
                "o na?ve?[31m\n"
                "    y\n"
                "  1 +\n"
                "0.5 +            o\n"
                "  0 +\n"
                "    ++-----------+-----------+\n"
                "     0          0.5          1\n"
                "           x??]0;owned?\n"
                "A sentence?that is a little\n"
                "longer than the width that it\n"
                "has.\n");
    terminal_end(b);
}

static void terminal_panels_beside_one_another(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, "Two", NULL, NULL);
    p->title = "left";
    sl_panel *q = sl_figure_panel(b->figure, "right", NULL, NULL);
    terminal_range(p, 0, 1, 0, 1);
    terminal_range(q, 0, 1, 0, 1);
    const char *text = sl_figure_text(b->figure, 120, 0, true, false);
    assert_non_null(strstr(text, "\nleft  "));
    assert_ptr_equal(strstr(text, "right"), strstr(text, "left") + 61); /* two of 58, three between */
    text = sl_figure_text(b->figure, 119, 0, true, false);
    assert_non_null(strstr(text, "\nright\n"));
    terminal_end(b);
}

/* The ticks that a file will have are left as they were. */
static void terminal_leaves_the_figure_alone(void **state)
{
    terminal_bench *b = *state;
    sl_panel *p = terminal_panel(b, "Two", "x", "y");
    terminal_add(b, p, SL_DRAW_LINE, NULL, 2, (double[]){ 0, 0, 7, 9 });
    char *before = strdup(sl_figure_script(b->figure, "svg", 0, 0, -1));
    char *first = strdup(sl_figure_text(b->figure, 100, 0, true, true));
    assert_string_equal(sl_figure_script(b->figure, "svg", 0, 0, -1), before);
    assert_string_equal(sl_figure_text(b->figure, 100, 0, true, true), first);
    free(before);
    free(first);
    terminal_end(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(terminal_images, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_regions, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_contours_and_paths, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_texts, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_matrix_is_a_table, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(S218_nets, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_hostile_names, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_panels_beside_one_another, terminal_setup,
                                        terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_leaves_the_figure_alone, terminal_setup, terminal_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
