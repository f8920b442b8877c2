/* Figures of what a trained net does: its layers for one row, layers in two dimensions, the landscape of its
 * loss. A small net is worked out again here, by plain loops and libm. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "engine.h"
#include "model/model.h"
#include "plot/figure.h"
#include "plot/terrain.h"

#include <stdlib.h>
#include <unistd.h>

enum { NET_ROWS = 60, NET_HIDDEN = 5 };

typedef struct {
    sl_ctx *ctx;
    char folder[3][64]; /* runs of the same net with sgd and adam; of words */
} net_place;

static void net_clean(const char *folder)
{
    static const char *const names[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                         "run.json",         "metrics.csv",       "weights.csv",
                                         "confusion.csv",    "steps.csv",         "activations.csv",
                                         "path.bin",         "words.csv" };
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static int net_set_up(void **state)
{
    net_place *p = calloc(1, sizeof *p);
    *state = p;
    p->ctx = sl_ctx_new(NULL);
    for (int i = 0; i < 2; i++) {
        strcpy(p->folder[i], "/tmp/slope-figure-XXXXXX");
        if (!mkdtemp(p->folder[i]))
            return 1;
        sl_run *run =
            sl_run_new(p->ctx, &(sl_run_options){ .data = "builtin:moons?rows=60",
                                                  .net = "5 tanh",
                                                  .validation = "0",
                                                  .optimizer = { .rule = i ? "adam" : "sgd",
                                                                 .lr = i ? (sl_real)0.02 : (sl_real)0.5 },
                                                  .epochs = 12,
                                                  .batch = 20,
                                                  .out = p->folder[i],
                                                  .overwrite = true });
        if (!run || sl_run_train(run))
            fprintf(stderr, "%s\n", sl_message(p->ctx));
    }
    return sl_error(p->ctx) != SL_OK;
}

static int net_tear_down(void **state)
{
    net_place *p = *state;
    sl_ctx_free(p->ctx);
    for (int i = 0; i < 2; i++)
        net_clean(p->folder[i]);
    free(p);
    return 0;
}

static sl_figure *net_make(net_place *p, const char *kind, sl_figure_request request, int runs)
{
    const char *folders[] = { p->folder[0], p->folder[1] };
    request.runs = folders;
    request.run_count = runs;
    sl_figure *figure = sl_figure_make(p->ctx, kind, &request);
    if (!figure)
        print_message("%s\n", sl_message(p->ctx));
    return figure;
}

static void net_refused(net_place *p, const char *kind, sl_figure_request request, const char *says)
{
    const char *folders[] = { p->folder[0], p->folder[1] };
    request.runs = folders;
    request.run_count = request.run_count ? request.run_count : 1;
    assert_null(sl_figure_make(p->ctx, kind, &request));
    assert_int_equal(sl_error(p->ctx), SL_EINVAL);
    if (!strstr(sl_message(p->ctx), says))
        fail_msg("%s", sl_message(p->ctx));
    sl_clear(p->ctx);
}

/* params: weight [5, 2], bias [5], weight [1, 5], bias [1], one behind the other. Returns the logit. */
static double net_forward(const double *params, const sl_real *x, double *hidden)
{
    double z = params[20];
    for (int u = 0; u < NET_HIDDEN; u++) {
        hidden[u] = tanh(params[2 * u] * (double)x[0] + params[2 * u + 1] * (double)x[1] + params[10 + u]);
        z += params[15 + u] * hidden[u];
    }
    return z;
}

typedef struct {
    sl_model *model;
    sl_data *data;
    double params[21];
} net_own;

static net_own net_open(net_place *p)
{
    net_own own = { .model = sl_model_load(p->ctx, p->folder[0]) };
    own.data = sl_data_open_for(p->ctx, "builtin:moons?rows=60", "all", own.model, NULL);
    assert_non_null(own.data);
    assert_int_equal(own.model->parameters, 21);
    for (int i = 0, at = 0; i < 4; i++)
        for (size_t j = 0; j < own.model->params[i]->count; j++)
            own.params[at++] = (double)own.model->params[i]->v[j];
    return own;
}

static double net_loss(const net_own *own, const double *params)
{
    double loss = 0, hidden[NET_HIDDEN];
    for (size_t r = 0; r < NET_ROWS; r++) {
        sl_real x[2], y;
        assert_int_equal(sl_data_row(own->data, r, x, &y), SL_OK);
        const double z = net_forward(params, x, hidden);
        loss += y != 0 ? log1p(exp(-z)) : log1p(exp(z));
    }
    return loss / NET_ROWS;
}

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

static void S125_the_landscape_is_the_loss_at_its_weights(void **state)
{
    net_place *p = *state;
    net_own own = net_open(p);
    sl_figure *figure =
        net_make(p, "landscape",
                 (sl_figure_request){ .weights = "dense_1.weight[3,1], output.bias[0]", .part = "all" }, 1);
    assert_non_null(figure);
    const sl_series *grid = figure->panels[0]->series[0];
    assert_int_equal(grid->rows, 41);
    assert_true(figure->panels[0]->series[1]->how == SL_DRAW_CONTOUR);
    for (size_t r = 0; r < 41; r += 8)
        for (size_t c = 0; c < 41; c += 5) {
            double params[21];
            memcpy(params, own.params, sizeof params);
            params[7] = grid->x[0] + (grid->x[1] - grid->x[0]) * (double)c / 40;
            params[20] = grid->low[0] + (grid->high[0] - grid->low[0]) * (double)r / 40;
            assert_near(grid->y[r * 41 + c], net_loss(&own, params), 1e-5);
        }
    assert_near((grid->x[0] + grid->x[1]) / 2, own.params[7],
                1e-6); /* the trained weights are in the middle */
    assert_near(grid->y[20 * 41 + 20], net_loss(&own, own.params), 1e-5);
    sl_figure_free(figure);
    net_refused(p, "landscape", (sl_figure_request){ .weights = "dense_1.weight[5,0],output.bias[0]" },
                "dense_1.weight is [5, 2]");
    net_refused(p, "landscape", (sl_figure_request){ .weights = "dense_3.weight[5,0],output.bias[0]" },
                "there are dense_1.weight");
    net_refused(p, "landscape", (sl_figure_request){ .weights = "output.bias[0],output.bias[0]" }, "twice");
    net_refused(p, "landscape", (sl_figure_request){ .weights = "output.bias[0]" }, "wants two");
    net_refused(p, "landscape", (sl_figure_request){ .x = "epoch" }, "path or random");
    net_refused(p, "landscape", (sl_figure_request){ .x = "random", .run_count = 2 }, "for one run");
}

/* Li et al. 2018, equation 1: each filter of a direction is as long as the net's; biases do not move. */
static void S125_random_directions_are_filter_normalised(void **state)
{
    net_place *p = *state;
    net_own own = net_open(p);
    sl_figure *figure = sl_figure_new(p->ctx, "landscape");
    sl_terrain terrain;
    sl_plane plane = { 0 };
    double dot = 0, lengths[2] = { 0, 0 };
    assert_int_equal(sl_terrain_open(&terrain, p->ctx, own.model, own.data, 1000), SL_OK);
    assert_int_equal(sl_plane_random(&plane, figure, &terrain, 1), SL_OK);
    for (int side = 0; side < 2; side++) {
        const double *d = plane.d[side];
        for (int filter = 0; filter < 6; filter++) {
            const int from = filter < 5 ? 2 * filter : 15, count = filter < 5 ? 2 : 5;
            double wanted = 0, found = 0;
            for (int i = from; i < from + count; i++) {
                wanted += own.params[i] * own.params[i];
                found += d[i] * d[i];
            }
            assert_near(found, wanted, 1e-6 * wanted);
            lengths[side] += found;
        }
        for (int i = 10; i < 15; i++)
            assert_true(d[i] == 0);
        assert_true(d[20] == 0);
    }
    for (int i = 0; i < 21; i++)
        dot += plane.d[0][i] * plane.d[1][i];
    assert_true(fabs(dot) < 0.95 * sqrt(lengths[0] * lengths[1])); /* two, not one twice */
    double params[21], memory[21];
    for (int i = 0; i < 21; i++)
        params[i] = own.params[i] + 0.3 * plane.d[0][i] - 0.7 * plane.d[1][i];
    assert_near(sl_plane_loss(&plane, &terrain, 0.3, -0.7, memory), net_loss(&own, params), 1e-5);
    for (int i = 0, at = 0; i < 4; i++) /* the model that was asked about is as it was */
        for (size_t j = 0; j < own.model->params[i]->count; j++)
            assert_true((double)own.model->params[i]->v[j] == own.params[at++]);
    sl_terrain_close(&terrain);
    sl_figure_free(figure);
}

/* The same net from the same seed by two optimizers: one start, two ends, one plane. */
static void S119_paths_of_optimizers_from_one_start(void **state)
{
    net_place *p = *state;
    sl_figure *figure = net_make(p, "landscape", (sl_figure_request){ 0 }, 2);
    assert_non_null(figure);
    assert_non_null(strstr(sl_figure_notes(figure), "All begin at the same weights (digest "));
    const sl_series *sgd = NULL, *adam = NULL;
    for (int s = 0; s < figure->panels[0]->count; s++) {
        const sl_series *series = figure->panels[0]->series[s];
        sgd = series->name && !strncmp(series->name, "sgd", 3) ? series : sgd;
        adam = series->name && !strncmp(series->name, "adam", 4) ? series : adam;
    }
    assert_true(sgd && adam && sgd->how == SL_DRAW_PATH);
    assert_int_equal(sgd->count, 13); /* the start and 12 epochs */
    assert_true(sgd->x[0] == adam->x[0] && sgd->y[0] == adam->y[0]);
    assert_true(fabs(sgd->x[12] - adam->x[12]) + fabs(sgd->y[12] - adam->y[12]) > 0.1);
    sl_path_record *path = sl_run_read_path(p->ctx, p->folder[0]);
    double longest = 0, drawn = 0; /* in the plane no step is longer than it was */
    for (int i = 1; i < path->points; i++) {
        double step = 0;
        for (size_t k = 0; k < 21; k++) {
            const double d =
                (double)path->values[(size_t)i * 21 + k] - (double)path->values[(size_t)(i - 1) * 21 + k];
            step += d * d;
        }
        const double x = sgd->x[i] - sgd->x[i - 1], y = sgd->y[i] - sgd->y[i - 1];
        assert_true(x * x + y * y <= step * (1 + 1e-6) + 1e-9);
        longest += step;
        drawn += x * x + y * y;
    }
    assert_true(drawn > 0.5 * longest);
    sl_path_record_free(path);
    sl_figure_free(figure);
    figure = net_make(p, "landscape", (sl_figure_request){ .solid = true }, 1);
    assert_true(figure && figure->panels[0]->solid);
    assert_non_null(strstr(sl_figure_title(figure), "the plane of its path"));
    sl_figure_free(figure);
}

static void S90_what_is_not_convex_is_said(void **state)
{
    net_place *p = *state;
    sl_figure *figure = net_make(p, "landscape", (sl_figure_request){ .x = "random", .span = 4 }, 1);
    assert_non_null(figure);
    const sl_series *grid = figure->panels[0]->series[0];
    const char *said = strstr(sl_figure_notes(figure), "Not convex: at (");
    double value[6], above, place[3];
    assert_non_null(said);
    assert_int_equal(
        sscanf(said,
               "Not convex: at (%lf, %lf) the loss lies above the chord from (%lf, %lf) to (%lf, %lf) by %lf",
               &value[0], &value[1], &value[2], &value[3], &value[4], &value[5], &above),
        7);
    const int along = value[2] == value[4]; /* which number changes */
    for (int i = 0; i < 3; i++) {           /* the three places in the grid, to three figures */
        const size_t c = (size_t)((value[2 * i] + 4) / 8 * 40 + 0.5),
                     r = (size_t)((value[2 * i + 1] + 4) / 8 * 40 + 0.5);
        place[i] = grid->y[r * 41 + c];
    }
    const double share = (value[along] - value[2 + along]) / (value[4 + along] - value[2 + along]);
    assert_near(place[0] - (place[1] * (1 - share) + place[2] * share), above, 0.01 * above + 1e-6);
    sl_figure_free(figure);
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
        cmocka_unit_test(S125_the_landscape_is_the_loss_at_its_weights),
        cmocka_unit_test(S125_random_directions_are_filter_normalised),
        cmocka_unit_test(S119_paths_of_optimizers_from_one_start),
        cmocka_unit_test(S90_what_is_not_convex_is_said),
        cmocka_unit_test(the_same_request_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, net_set_up, net_tear_down);
}
