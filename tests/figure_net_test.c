/* Networks as diagrams: every unit and weight of a small one, blocks with shapes of a large one; and how
 * diagrams and pictures are written down. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "engine.h"
#include "model/model.h"
#include "plot/figure.h"

#include <unistd.h>

/* The figure of a net of these words, from a model file. */
static sl_figure *netfig_make(sl_ctx *ctx, sl_model *model)
{
    char path[] = "/tmp/slope-net-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(sl_model_save(model, path), SL_OK);
    const char *const runs[] = { path };
    sl_figure *figure = sl_figure_make(ctx, "net", &(sl_figure_request){ .runs = runs, .run_count = 1 });
    unlink(path);
    if (!figure)
        print_message("%s\n", sl_message(ctx));
    assert_non_null(figure);
    return figure;
}

static int netfig_count(const sl_figure *figure, const char *text)
{
    int count = 0;
    for (int i = 0; i < figure->node_count; i++)
        count += strstr(figure->nodes[i].text, text) != NULL;
    return count;
}

static void S218_small_nets_show_every_unit_and_weight(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = sl_model_parse(ctx, "input 2, 3 tanh, 4 relu, 1");
    assert_int_equal(sl_compile(model, .loss = "mean_squared"), SL_OK);
    for (int p = 0; p < sl_model_params(model); p++) { /* weights that tell their place */
        sl_tensor *t = sl_model_param(model, p);
        for (size_t i = 0; i < t->count; i++)
            t->v[i] = (sl_real)((p + 1) * 100 + (int)i) * ((i & 1) ? -1 : 1);
    }
    sl_figure *figure = netfig_make(ctx, model);
    assert_int_equal(figure->node_count, 2 + 3 + 4 + 1);
    assert_int_equal(figure->edge_count, 2 * 3 + 3 * 4 + 4 * 1);
    const int first[] = { 0, 2, 5, 9 };
    int edge = 0;
    for (int layer = 0; layer < 3; layer++)
        for (int out = first[layer + 1];
             out < first[layer + 1] + sl_model_param(model, 2 * layer)->shape.dim[0]; out++)
            for (int in = first[layer]; in < first[layer + 1]; in++, edge++) {
                const int number =
                    (out - first[layer + 1]) * (first[layer + 1] - first[layer]) + in - first[layer];
                const double wanted = ((2 * layer + 1) * 100 + number) * ((number & 1) ? -1 : 1);
                assert_int_equal(figure->edges[edge].from, in);
                assert_int_equal(figure->edges[edge].to, out);
                assert_true(figure->edges[edge].weight == wanted);
            }
    for (int node = 2; node < 10; node++) {
        const int layer = node < 5 ? 1 : node < 9 ? 2 : 3, i = node - first[layer];
        assert_true(figure->nodes[node].value == (2 * layer * 100 + i) * ((i & 1) ? -1 : 1));
        assert_false(figure->nodes[node].box);
    }
    assert_string_equal(figure->nodes[0].text, "x0");
    assert_string_equal(figure->nodes[9].text, "y");
    assert_non_null(strstr(figure->nodes[3].group, "dense_1: 3 tanh"));
    assert_true(figure->width_scale == 503);

    const char *script = sl_figure_script(figure, "svg", 0, 0, -1);
    assert_non_null(strstr(script, "rankdir=LR"));
    assert_non_null(
        strstr(script, "n0 -> n2 [arrowhead=none, penwidth=1.19, color=\"#e69f00\"")); /* 100 of 503 */
    assert_non_null(strstr(script, "n1 -> n2 [arrowhead=none, penwidth=1.2, color=\"#0072b2\"")); /* -101 */
    sl_figure_free(figure);
    sl_model_free(model);
    sl_ctx_free(ctx);
}

static void S218_many_units_are_counted_not_drawn(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = sl_model_parse(ctx, "input 3, 40 relu, 1");
    assert_int_equal(sl_compile(model, .loss = "mean_squared"), SL_OK);
    sl_figure *figure = netfig_make(ctx, model);
    assert_int_equal(netfig_count(figure, "29 more"), 1);
    assert_int_equal(figure->node_count, 3 + 12 + 1);
    assert_int_equal(figure->edge_count, 3 * 11 + 11 + 2); /* and to and from the dots */
    sl_figure_free(figure);
    sl_model_free(model);
    sl_ctx_free(ctx);
}

static void S218_large_nets_are_blocks_with_shapes(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model =
        sl_model_parse(ctx, "input 784, 128 relu, residual [64 relu, 128], dropout 0.2, 7 x 16 relu, 10");
    assert_int_equal(sl_compile(model, .loss = "cross_entropy"), SL_OK);
    sl_figure *figure = netfig_make(ctx, model);
    assert_int_equal(netfig_count(figure, "784 inputs"), 1);
    assert_int_equal(netfig_count(figure, "100,480 parameters"), 1); /* 784 * 128 + 128 */
    assert_int_equal(netfig_count(figure, "in training only"), 1);
    assert_int_equal(netfig_count(figure, "+\nresidual_1"), 1);
    assert_int_equal(netfig_count(figure, "10 numbers"), 1);
    /* of seven layers of 16 the first reads 128 numbers: six are alike, the four between are left out */
    assert_int_equal(netfig_count(figure, "4 more like it"), 1);
    int framed = 0, skipping = 0, shaped = 0;
    for (int i = 0; i < figure->node_count; i++) {
        assert_true(figure->nodes[i].box);
        framed += figure->nodes[i].group && !strcmp(figure->nodes[i].group, "residual_1");
    }
    assert_int_equal(framed, 3);
    for (int i = 0; i < figure->edge_count; i++) {
        assert_non_null(figure->edges[i].text);
        shaped += !strcmp(figure->edges[i].text, "[batch, 784]");
        skipping += figure->edges[i].to - figure->edges[i].from > 1;
    }
    assert_int_equal(shaped, 1);
    assert_int_equal(skipping, 1);
    assert_int_equal(figure->edge_count, figure->node_count);
    sl_figure_free(figure);
    sl_model_free(model);
    sl_ctx_free(ctx);
}

static const char *netfig_diagram(sl_ctx *ctx, sl_figure **figure, const char *text)
{
    *figure = sl_figure_new(ctx, "net");
    (*figure)->title = text;
    sl_figure_edge(*figure, sl_figure_node(*figure, NULL, text), sl_figure_node(*figure, text, text), NAN);
    return sl_figure_script(*figure, "svg", 0, 0, -1);
}

static void texts_of_diagrams_stay_texts(void **unused)
{
    (void)unused;
    static const struct {
        const char *text, *label;
    } cases[] = {
        { "a\"b", "label=\"a\\\"b\"" },   { "\\N", "label=\"\\\\N\"" },
        { "&lt;", "label=\"&amp;lt;\"" }, { "<b>x</b>", "label=\"<b>x</b>\"" },
        { "x\ny", "label=\"x\\ny\"" },    { "\x1b[31m", "label=\" [31m\"" },
        { "\xff\xc3", "label=\"\?\?\"" }, { "\xc3\xa9", "label=\"\xc3\xa9\"" },
        { "end\\", "label=\"end\\\\\"" },
    };
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_figure *figure;
        const char *script = netfig_diagram(ctx, &figure, cases[i].text);
        assert_non_null(script);
        assert_non_null(strstr(script, cases[i].label));
        sl_figure_free(figure);
    }
    sl_ctx_free(ctx);
}

static const char *netfig_picture(sl_ctx *ctx, sl_figure **figure, const char *title)
{
    *figure = sl_figure_new(ctx, "x");
    (*figure)->title = title;
    sl_panel *panel = sl_figure_panel(*figure, NULL, NULL, NULL);
    sl_panel_add(*figure, panel, SL_DRAW_LINE, NULL, 2)->x[1] = 1;
    return sl_figure_script(*figure, "svg", 0, 0, -1);
}

static void texts_of_pictures_stay_texts(void **unused)
{
    (void)unused;
    static const struct {
        const char *text, *label;
    } cases[] = {
        { "it's", "set label 'it''s' at" },
        { "'; system('x')", "set label \"'\".'; system(''x'')' at" },
        { "`x` $(x) @x", "set label '`x` $(x) @x' at" },
        { "a\nb\tc", "set label 'a b c' at" },
        { "\\n%s\"", "set label '\\n%s\"' at" },
        { "\xff"
          "a\xc3",
          "set label '?a?' at" },
        { "\xc2\x85\xef\xbf\xbf\xc3\xa9", "set label ' ?\xc3\xa9' at" },
    };
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_figure *figure;
        const char *script = netfig_picture(ctx, &figure, cases[i].text);
        assert_non_null(script);
        if (!strstr(script, cases[i].label))
            print_message("%s", script);
        assert_non_null(strstr(script, cases[i].label));
        /* the remark in front is one line, and does not join the next */
        assert_int_equal(strncmp(script, "# ", 2), 0);
        assert_int_equal(strchr(script, '\n')[-1], ' ');
        sl_figure_free(figure);
    }
    sl_ctx_free(ctx);
}

/* Bars with long names lie down, and those that share a place stand side by side. */
static void bars_keep_apart(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (int lying = 0; lying < 2; lying++) {
        sl_figure *figure = sl_figure_new(ctx, "x");
        sl_panel *panel = sl_figure_panel(figure, NULL, NULL, NULL);
        for (int s = 0; s < 2; s++) {
            sl_series *bars = sl_panel_add(figure, panel, SL_DRAW_BARS, s ? "b" : "a", 4);
            for (int i = 0; i < 4; i++) {
                bars->x[i] = i;
                bars->y[i] = 10 * s + i;
                if (!s)
                    sl_axis_name(figure, &panel->x, i,
                                 lying ? "a name that takes quite a lot of room to be read" : "n");
            }
        }
        const char *script = sl_figure_script(figure, "svg", 400, 300, -1);
        assert_true(panel->x.low == -0.5 && panel->x.high == 3.5); /* whole bars at the ends */
        /* of a gap of 1, 0.8 are bars: 0.4 each, left and right of the middle */
        assert_non_null(strstr(script, lying ? "\n3 2.8 0 3 2.59" : "\n2.8 3 2.59"));
        assert_non_null(strstr(script, lying ? "\n13 3.2 0 13 " : "\n3.2 13 "));
        sl_figure_free(figure);
    }
    sl_ctx_free(ctx);
}

static double netfig_tick(const sl_axis *axis, int i)
{
    return i < axis->tick_count ? axis->ticks[i].at : NAN;
}

/* 1, 2, 5 of each power where there is room, powers alone where not; less than a step of these as others. */
static void logarithmic_axes_are_marked(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_figure *figure = sl_figure_new(ctx, "x");
    sl_axis axis = { .log = true, .low = 0.09, .high = 2.8 };
    sl_axis_choose(figure, &axis, 6);
    assert_int_equal(axis.tick_count, 5);
    assert_true(netfig_tick(&axis, 0) == 0.1 && netfig_tick(&axis, 1) == 0.2 && netfig_tick(&axis, 4) == 2);
    axis = (sl_axis){ .log = true, .low = 1e-6, .high = 2 };
    sl_axis_choose(figure, &axis, 7);
    assert_int_equal(axis.tick_count, 7);
    assert_true(netfig_tick(&axis, 6) == 1);
    axis = (sl_axis){ .log = true, .low = 1.05, .high = 1.45 };
    sl_axis_choose(figure, &axis, 6);
    assert_int_equal(axis.tick_count, 4); /* 1.1 1.2 1.3 1.4 */
    assert_true(netfig_tick(&axis, 0) == 1.1 && netfig_tick(&axis, 3) == 1.4);
    sl_figure_free(figure);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S218_small_nets_show_every_unit_and_weight),
        cmocka_unit_test(S218_many_units_are_counted_not_drawn),
        cmocka_unit_test(S218_large_nets_are_blocks_with_shapes),
        cmocka_unit_test(texts_of_diagrams_stay_texts),
        cmocka_unit_test(texts_of_pictures_stay_texts),
        cmocka_unit_test(bars_keep_apart),
        cmocka_unit_test(logarithmic_axes_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
