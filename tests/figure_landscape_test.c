/* The landscape of a net's loss: over two weights, random directions, the plane of paths. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "figure_nets.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S125_the_landscape_is_the_loss_at_its_weights),
        cmocka_unit_test(S125_random_directions_are_filter_normalised),
        cmocka_unit_test(S119_paths_of_optimizers_from_one_start),
        cmocka_unit_test(S90_what_is_not_convex_is_said),
    };
    return cmocka_run_group_tests(tests, net_set_up, net_tear_down);
}
