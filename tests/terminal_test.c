/* Figures in a terminal: small pictures of every kind to the character, and of any figure that no line is
 * wider than it may be, that colours end with their line, and that nothing of a name reaches the terminal but
 * letters. The pictures were looked at; the numbers in them follow from the axes. */
#include "engine.h"
#include "plot/figure.h"

typedef struct {
    test_memory memory;
    sl_ctx *ctx;
    sl_figure *figure;
} terminal_bench;

static int terminal_setup(void **state)
{
    terminal_bench *b = calloc(1, sizeof *b);
    const sl_ctx_options options = { .realloc = test_memory_realloc, .user = &b->memory };
    b->ctx = sl_ctx_new(&options);
    *state = b;
    return b->ctx ? 0 : -1;
}

static int terminal_teardown(void **state)
{
    terminal_bench *b = *state;
    sl_ctx_free(b->ctx);
    const bool clean = b->memory.bytes == 0;
    free(b);
    return clean ? 0 : -1;
}

/* --- building ---------------------------------------------------------------------------------------------
 */

static sl_panel *terminal_panel(terminal_bench *b, const char *title, const char *x, const char *y)
{
    b->figure = sl_figure_new(b->ctx, "test");
    b->figure->title = title;
    return sl_figure_panel(b->figure, NULL, x, y);
}

static sl_series *terminal_add(terminal_bench *b, sl_panel *panel, sl_draw how, const char *name,
                               size_t count, const double *xy)
{
    sl_series *s = sl_panel_add(b->figure, panel, how, name, count);
    for (size_t i = 0; i < count; i++) {
        s->x[i] = xy[2 * i];
        s->y[i] = xy[2 * i + 1];
    }
    return s;
}

static void terminal_range(sl_panel *panel, double x0, double x1, double y0, double y1)
{
    panel->x.low = x0;
    panel->x.high = x1;
    panel->y.low = y0;
    panel->y.high = y1;
}

static void terminal_end(terminal_bench *b)
{
    sl_figure_free(b->figure);
    b->figure = NULL;
}

static void terminal_is(terminal_bench *b, int width, int height, bool unicode, bool colour,
                        const char *expected)
{
    const char *text = sl_figure_text(b->figure, width, height, unicode, colour);
    if (!text)
        fail_msg("%s", sl_message(b->ctx));
    if (strcmp(text, expected) != 0)
        fail_msg("is\n%sshould be\n%s", text, expected);
}

/* --- pictures ---------------------------------------------------------------------------------------------
 */

/* Over 0..1 by 0..1 the diagonal goes through each character from corner to corner: dots 7 6 2 and 5 4 8. */
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
                        "    ░░░░▒▒▒▒▓▓▓▓████????\n"
                        "    ░░░░▒▒▒▒▓▓▓▓████????\n");
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
                "0  ░▒▓█ 8  loss\n");
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
        sl_figure_node(b->figure, "dense_1", i ? "2" : "1");
        b->figure->nodes[2 + i].value = i - 0.5;
        sl_figure_edge(b->figure, 0, 2 + i, 1.25);
        sl_figure_edge(b->figure, 1, 2 + i, -12.3456);
    }
    terminal_is(b, 40, 0, true, false,
                "inputs   dense_1\n"
                "( x1 ) → ( 1 )\n"
                "( x2 )   ( 2 )\n"
                "\n"
                "Weights of dense_1, from inputs:\n"
                "          x1      x2    bias\n"
                "1       1.25  -12.35   -0.50\n"
                "2       1.25  -12.35    0.50\n");
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

/* --- any figure -------------------------------------------------------------------------------------------
 */

static double terminal_wild(uint64_t *state)
{
    static const double special[] = { NAN, INFINITY, -INFINITY, 0, -0.0, 1e308, -1e308, 5e-324, 1e-300, 1 };
    switch (engine_below(state, 8)) {
    case 0:
        return special[engine_below(state, sizeof special / sizeof *special)];
    case 1:
        return engine_uniform(state, 0, 1e-6);
    case 2:
        return engine_uniform(state, -1e9, 1e9);
    default:
        return engine_uniform(state, -2, 2);
    }
}

static const char *terminal_wild_text(sl_figure *figure, uint64_t *state)
{
    char text[64];
    const size_t length = engine_below(state, sizeof text);
    for (size_t i = 0; i < length; i++) /* bytes that begin no character are wrong ones */
        text[i] = (char)(engine_below(state, 3) ? 'a' + (int)engine_below(state, 26)
                                                : 1 + (int)engine_below(state, 191));
    text[length] = 0;
    static const char *const known[] = { "",
                                         "x",
                                         "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
                                         "e\xCC\x81",
                                         "\xF0\x9F\x98\x80",
                                         "a rather long name of a column",
                                         "\033[2J" };
    return engine_below(state, 2) ? sl_figure_format(figure, "%s", text) : known[engine_below(state, 7)];
}

static void terminal_wild_axis(sl_figure *figure, sl_axis *axis, uint64_t *state)
{
    axis->log = engine_below(state, 5) == 0;
    axis->none = engine_below(state, 6) == 0;
    axis->whole = engine_below(state, 4) == 0;
    axis->robust = engine_below(state, 4) == 0;
    axis->zero = engine_below(state, 4) == 0;
    const size_t names = engine_below(state, 4) ? 0 : engine_below(state, 30);
    for (size_t i = 0; i < names; i++)
        sl_axis_name(figure, axis, engine_below(state, 9) ? (double)i : terminal_wild(state),
                     terminal_wild_text(figure, state));
}

static void terminal_wild_series(sl_figure *figure, sl_panel *panel, uint64_t *state)
{
    const sl_draw how = (sl_draw)engine_below(state, SL_DRAW_UP + 1);
    const char *name = engine_below(state, 2) ? terminal_wild_text(figure, state) : NULL;
    sl_series *s;
    if (how == SL_DRAW_IMAGE || how == SL_DRAW_CONTOUR || how == SL_DRAW_SURFACE) {
        const size_t rows = 1 + engine_below(state, 12), columns = 1 + engine_below(state, 12);
        s = sl_panel_grid(figure, panel, how, rows, columns, -0.5, (double)columns - 0.5, -0.5,
                          (double)rows - 0.5);
        for (size_t i = 0; i < s->count; i++)
            s->y[i] = panel->tint == SL_CLASSES ? engine_uniform(state, 0, 9) : terminal_wild(state);
        if (engine_below(state, 2)) {
            s->levels = sl_figure_numbers(figure, 4);
            s->level_count = 4;
            for (int i = 0; i < 4; i++)
                s->levels[i] = i;
        }
        if (engine_below(state, 3) == 0) {
            sl_series *t = sl_panel_add(figure, panel, SL_DRAW_TEXTS, NULL, s->count);
            for (size_t i = 0; i < s->count; i++) {
                t->x[i] = (double)(i % columns);
                t->y[i] = (double)(i / columns);
                t->texts[i] = engine_below(state, 9) ? "17" : terminal_wild_text(figure, state);
            }
        }
        return;
    }
    s = sl_panel_add(figure, panel, how, name,
                     how == SL_DRAW_ACROSS || how == SL_DRAW_UP ? 1 : engine_below(state, 40));
    const bool tame = engine_below(state, 2);
    for (size_t i = 0; i < s->count; i++) {
        s->x[i] = engine_below(state, 2) ? (double)i : terminal_wild(state);
        s->y[i] = tame ? engine_uniform(state, -1, 1) : terminal_wild(state);
        if (s->low)
            s->low[i] = tame ? s->y[i] - 0.1 : terminal_wild(state);
        if (s->high)
            s->high[i] = tame ? s->y[i] + 0.1 : terminal_wild(state);
        if (s->texts)
            s->texts[i] = terminal_wild_text(figure, state);
    }
    s->mark = (int)engine_below(state, 7);
    s->dashed = engine_below(state, 2);
    s->thin = engine_below(state, 2);
    s->colour = (sl_colour)engine_below(state, SL_LIGHT + 1);
}

static sl_figure *terminal_wild_figure(sl_ctx *ctx, uint64_t *state)
{
    sl_figure *figure = sl_figure_new(ctx, "wild");
    figure->title = engine_below(state, 4) ? terminal_wild_text(figure, state) : NULL;
    if (engine_below(state, 6) == 0) {
        const int nodes = 1 + (int)engine_below(state, 20);
        for (int i = 0; i < nodes; i++) {
            const int node = sl_figure_node(figure,
                                            engine_below(state, 3)   ? "a"
                                            : engine_below(state, 2) ? "bb"
                                                                     : NULL,
                                            terminal_wild_text(figure, state));
            figure->nodes[node].box = engine_below(state, 3) == 0;
            figure->nodes[node].dots = engine_below(state, 9) == 0;
            figure->nodes[node].value = engine_below(state, 2) ? NAN : terminal_wild(state);
        }
        for (size_t i = engine_below(state, 40); i > 0; i--)
            sl_figure_edge(figure, (int)engine_below(state, (size_t)nodes),
                           (int)engine_below(state, (size_t)nodes), terminal_wild(state));
    } else {
        for (size_t p = 1 + engine_below(state, 3); p > 0; p--) {
            sl_panel *panel =
                sl_figure_panel(figure, engine_below(state, 2) ? terminal_wild_text(figure, state) : NULL,
                                terminal_wild_text(figure, state), terminal_wild_text(figure, state));
            panel->tint = (sl_tint)engine_below(state, 4);
            panel->square = engine_below(state, 4) == 0;
            panel->no_scale = engine_below(state, 2) == 0;
            panel->note = engine_below(state, 3) ? NULL : terminal_wild_text(figure, state);
            terminal_wild_axis(figure, &panel->x, state);
            terminal_wild_axis(figure, &panel->y, state);
            for (size_t s = engine_below(state, 6); s > 0; s--)
                terminal_wild_series(figure, panel, state);
        }
    }
    sl_figure_note(figure, "%s", terminal_wild_text(figure, state));
    return figure;
}

/* Columns of a line whose letters are as the tests have them: two for Chinese and for faces, none for accents
 * and escapes. Colours must be off at its end; the last letter is no blank without a colour. */
static void terminal_check_line(const char *line, size_t length, int width, bool unicode, bool colour)
{
    int columns = 0;
    bool on = false, ground = false;
    for (size_t i = 0; i < length;) {
        const unsigned char c = (unsigned char)line[i];
        if (c == 033) {
            assert_true(colour && line[i + 1] == '[');
            const size_t end = i + strcspn(line + i, "m");
            assert_true(end < length);
            on = end != i + 3 || line[i + 2] != '0';
            ground = on && strstr(line + i, "48;5;") && strstr(line + i, "48;5;") < line + end;
            i = end + 1;
            continue;
        }
        assert_true(c >= 32 && c != 127);
        assert_true(unicode || c < 127);
        const size_t bytes = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        assert_true(bytes == 1 || c >= 0xC2);
        for (size_t k = 1; k < bytes; k++)
            assert_int_equal(line[i + k] & 0xC0, 0x80);
        const bool chinese = bytes == 3 && c >= 0xE4 && c <= 0xE9, face = bytes == 4;
        const bool accent = bytes == 2 && (c == 0xCC || (c == 0xCD && (unsigned char)line[i + 1] < 0xB0));
        columns += accent ? 0 : chinese || face ? 2 : 1;
        i += bytes;
        assert_true(i < length || c != ' ' || ground);
    }
    assert_false(on);
    if (columns > width)
        fail_msg("%d columns of %d: %.*s", columns, width, (int)length, line);
    assert_true(!length || line[length - 1] != ' ');
}

static void terminal_check(const char *text, int width, int height, bool unicode, bool colour)
{
    int lines = 0;
    for (; *text; lines++) {
        const size_t length = strcspn(text, "\n");
        assert_int_equal(text[length], '\n');
        terminal_check_line(text, length, width, unicode, colour);
        text += length + 1;
    }
    if (height)
        assert_true(lines <= height);
}

static void terminal_any_figure_fits(void **state)
{
    static const int widths[] = { 40, 80, 200, 20, 33, 121 };
    terminal_bench *b = *state;
    uint64_t random = 7;
    for (int round = 0; round < 1500; round++) {
        sl_figure *figure = terminal_wild_figure(b->ctx, &random);
        for (int way = 0; way < 4; way++) {
            const int width = widths[engine_below(&random, 6)];
            const int height = engine_below(&random, 3) ? 0 : 5 + (int)engine_below(&random, 60);
            const char *text = sl_figure_text(figure, width, height, way & 1, way & 2);
            if (!text)
                fail_msg("round %d: %s", round, sl_message(b->ctx));
            terminal_check(text, width, height, way & 1, way & 2);
        }
        sl_figure_free(figure);
    }
}

static void terminal_without_memory(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        bool whole = false;
        for (size_t n = 1; !whole && n < 4000; n++) {
            uint64_t random = 100 + (uint64_t)round;
            test_memory memory = { 0 };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
            sl_figure *figure = terminal_wild_figure(ctx, &random);
            memory.fail_at = memory.calls + n;
            whole = sl_figure_text(figure, 80, 0, true, true);
            assert_int_equal(sl_error(ctx), whole ? SL_OK : SL_ENOMEM);
            sl_figure_free(figure);
            sl_ctx_free(ctx);
            assert_true(memory.bytes == 0 && !memory.wrong_size);
        }
        assert_true(whole);
    }
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
        cmocka_unit_test_setup_teardown(terminal_many_bars_stand, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_whiskers_and_bands, terminal_setup, terminal_teardown),
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
        cmocka_unit_test_setup_teardown(terminal_any_figure_fits, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_without_memory, terminal_setup, terminal_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
