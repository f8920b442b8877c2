/* Figures of what a trained net does: its layers for one row, layers in two dimensions. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "figure_nets.h"

static void S14_S49_the_layers_of_a_row(void **state)
{
    net_place *p = *state;
    net_own own = net_open(p);
    sl_figure *figure = net_make(p, "activations", (sl_figure_request){ .row = 7, .part = "train" }, 1);
    double hidden[NET_HIDDEN];
    sl_real x[2], y;
    assert_non_null(figure);
    sl_data_row(own.data, 6, x, &y);
    const double z = net_forward(own.params, x, hidden), probability = 1 / (1 + exp(-z));
    assert_int_equal(figure->count, 4); /* input, dense_1, output, answer */
    for (int i = 0; i < 2; i++)
        assert_near(figure->panels[0]->series[0]->y[i], x[i], 1e-6);
    for (int u = 0; u < NET_HIDDEN; u++)
        assert_near(figure->panels[1]->series[0]->y[u], hidden[u], 1e-5);
    assert_near(figure->panels[2]->series[0]->y[0], z, 1e-5);
    assert_near(figure->panels[3]->series[0]->y[1], probability, 1e-5);
    assert_near(figure->panels[3]->series[0]->y[0], 1 - probability, 1e-5);
    char says[64];
    snprintf(says, sizeof says, "row 7 of 60 (train): truth %d, answer %d", y != 0, z > 0);
    assert_non_null(strstr(sl_figure_title(figure), says));
    sl_figure_free(figure);
    figure =
        net_make(p, "activations", (sl_figure_request){ .row = 7, .layer = "dense_1", .part = "train" }, 1);
    assert_int_equal(figure->count, 1);
    sl_figure_free(figure);
    net_refused(p, "activations", (sl_figure_request){ .row = 61 }, "row 61 of 60");
    net_refused(p, "activations", (sl_figure_request){ .layer = "dense_7" },
                "there are input, dense_1, output");
    net_refused(p, "activations", (sl_figure_request){ .span = 2 }, "span");
}

/* The first two principal components of the hidden outputs: their scores have mean 0 and are uncorrelated,
 * their variances are the shares said of the whole, and no direction has more variance than the first. */
static void S166_what_was_learned_in_two_dimensions(void **state)
{
    net_place *p = *state;
    net_own own = net_open(p);
    double h[NET_ROWS][NET_HIDDEN], mean[NET_HIDDEN] = { 0 }, all = 0, most = 0;
    sl_figure *figure = net_make(p, "embedding", (sl_figure_request){ .part = "all" }, 1);
    assert_non_null(figure);
    for (size_t r = 0; r < NET_ROWS; r++) {
        sl_real x[2];
        sl_data_row(own.data, r, x, NULL);
        net_forward(own.params, x, h[r]);
        for (int u = 0; u < NET_HIDDEN; u++)
            mean[u] += h[r][u] / NET_ROWS;
    }
    double direction[NET_HIDDEN] = { 1, 0.3, -0.2, 0.5, 0.1 };
    for (int turn = 0; turn < 500; turn++) { /* power iteration */
        double next[NET_HIDDEN] = { 0 }, length = 0;
        for (size_t r = 0; r < NET_ROWS; r++) {
            double score = 0;
            for (int u = 0; u < NET_HIDDEN; u++)
                score += (h[r][u] - mean[u]) * direction[u];
            for (int u = 0; u < NET_HIDDEN; u++)
                next[u] += score * (h[r][u] - mean[u]);
        }
        for (int u = 0; u < NET_HIDDEN; u++)
            length += next[u] * next[u];
        for (int u = 0; u < NET_HIDDEN; u++)
            direction[u] = next[u] / sqrt(length);
        most = sqrt(length);
    }
    for (size_t r = 0; r < NET_ROWS; r++)
        for (int u = 0; u < NET_HIDDEN; u++)
            all += (h[r][u] - mean[u]) * (h[r][u] - mean[u]);
    double sum[2] = { 0, 0 }, squares[2] = { 0, 0 }, product = 0;
    size_t points = 0;
    const sl_panel *panel = figure->panels[0];
    assert_int_equal(panel->count, 2); /* classes */
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < panel->series[s]->count; i++, points++) {
            const double x = panel->series[s]->x[i], y = panel->series[s]->y[i];
            sum[0] += x;
            sum[1] += y;
            squares[0] += x * x;
            squares[1] += y * y;
            product += x * y;
        }
    assert_int_equal(points, NET_ROWS);
    assert_near(sum[0], 0, 1e-4);
    assert_near(sum[1], 0, 1e-4);
    assert_near(product, 0, 1e-4 * all);
    assert_near(squares[0], most, 1e-4 * all);
    char says[64];
    snprintf(says, sizeof says, "(%.1f %% of the variance)", 100 * most / all);
    assert_non_null(strstr(panel->x.label, says));
    size_t same = 0; /* rows whose nearest other row is of their class */
    for (size_t r = 0; r < NET_ROWS; r++) {
        double best = INFINITY;
        sl_real own_class, its_class = -1, other_class;
        sl_data_row(own.data, r, NULL, &own_class);
        for (size_t o = 0; o < NET_ROWS; o++) {
            double apart = 0;
            for (int u = 0; u < NET_HIDDEN; u++)
                apart += (h[r][u] - h[o][u]) * (h[r][u] - h[o][u]);
            if (o != r && apart < best) {
                best = apart;
                sl_data_row(own.data, o, NULL, &other_class);
                its_class = other_class;
            }
        }
        same += its_class == own_class;
    }
    double share;
    assert_int_equal(sscanf(sl_figure_notes(figure), "Of %lf %% of 60 rows", &share), 1);
    assert_near(share, 100.0 * (double)same / NET_ROWS, 0.051);
    assert_non_null(strstr(sl_figure_title(figure), "outputs of dense_1, 5 dimensions in two, 60 rows"));
    sl_figure_free(figure);
    net_refused(p, "embedding", (sl_figure_request){ .layer = "output" }, "gives 1 numbers");
    net_refused(p, "embedding", (sl_figure_request){ .layer = "nothing" }, "dense_1");
}

static void the_same_request_gives_the_same_bytes(void **state)
{
    net_place *p = *state;
    static const char *const kinds[] = { "activations", "embedding", "landscape" };
    for (int k = 0; k < 3; k++) {
        uint64_t digest[2];
        for (int turn = 0; turn < 2; turn++) {
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .threads = turn + 1, .isa = turn ? "plain" : NULL });
            const char *folder = p->folder[0];
            sl_figure *figure =
                sl_figure_make(ctx, kinds[k], &(sl_figure_request){ .runs = &folder, .run_count = 1 });
            assert_non_null(figure);
            digest[turn] = sl_figure_digest(figure);
            sl_figure_free(figure);
            sl_ctx_free(ctx);
        }
        assert_true(digest[0] == digest[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S14_S49_the_layers_of_a_row),
        cmocka_unit_test(S166_what_was_learned_in_two_dimensions),
        cmocka_unit_test(the_same_request_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, net_set_up, net_tear_down);
}
