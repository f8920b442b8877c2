/* Figures over a net's inputs: boundary and fit, against answers that are asked for one by one here. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "figure_run.h"

/* The net's answer to one row of plain numbers. */
static double inputs_ask(sl_ctx *ctx, const sl_model *model, const sl_real *row, int numbers, int which)
{
    sl_tensor *said = sl_predict(ctx, model, sl_tensor_new(ctx, sl_dims(1, numbers), row));
    assert_fine(ctx);
    return (double)sl_values(said)[which];
}

static size_t inputs_cell(const sl_series *image, double x, double y)
{
    const size_t column = (size_t)((x - image->x[0]) / (image->x[1] - image->x[0]) * (double)image->columns);
    const size_t row = (size_t)((y - image->low[0]) / (image->high[0] - image->low[0]) * (double)image->rows);
    return row * image->columns + column;
}

/* What does a net say at (0.5, 0.5)? There is no right answer: ten nets give ten, and the picture marks it as
 * a place without training rows. The lecture's own net, relu(x0 + x1) - 2 relu(x0 + x1 - 1), says 1. */
static void S47_xor_between_its_corners(void **unused)
{
    (void)unused;
    double said[10];
    figure_place place;
    figure_place_make(&place);
    for (int seed = 1; seed <= 10; seed++) {
        figure_train(
            &place,
            &(sl_run_options){
                .data = "builtin:xor", .net = "8 tanh", .optimizer = { .lr = (sl_real)0.05 }, .steps = 400 },
            (uint64_t)seed);
        sl_ctx *ctx = engine_ctx(1);
        sl_figure *figure = figure_make(ctx, &place, "boundary", (sl_figure_request){ 0 });
        const sl_model *model = sl_model_load(ctx, place.run);
        assert_fine(ctx);
        const sl_series *image = figure_series_of(figure->panels[0], SL_DRAW_IMAGE, 0);
        for (int corner = 0; corner < 4; corner++) { /* right there, and strong */
            const int x = corner >> 1, y = corner & 1;
            const double value = image->y[inputs_cell(image, x, y)];
            assert_true(floor(value) == (x ^ y));
            assert_true(value - floor(value) > 0.8);
        }
        const double middle = image->y[inputs_cell(image, 0.5, 0.5)];
        assert_near(middle - floor(middle), 0.1, 1e-12); /* pale */
        said[seed - 1] = inputs_ask(ctx, model, (const sl_real[]){ (sl_real)0.5, (sl_real)0.5 }, 2, 1);
        for (int other = 0; other < seed - 1; other++)
            assert_true(said[other] != said[seed - 1]);
        assert_notes(figure, "In the middle, at (0.5, 0.5), the net says ");
        assert_notes(figure, "no data says whether that is right");
        char p[32];
        const double sure = said[seed - 1] > 0.5 ? said[seed - 1] : 1 - said[seed - 1];
        sl_number_text(p, floor(sure * 1e4 + 0.5) / 1e4);
        assert_notes(figure, p);
        sl_ctx_free(ctx);
    }
    figure_place_clear(place.folder);
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    static const sl_real half[] = { (sl_real)0.5, (sl_real)0.5 }, ones[] = { 1, 1, 1, 1 }, b[] = { 0, -1 },
                         out[] = { 1, -2 };
    sl_tensor *hidden =
        sl_linear(tape, sl_tensor_new(ctx, sl_dims(1, 2), half), sl_tensor_new(ctx, sl_dims(2, 2), ones),
                  sl_tensor_new(ctx, sl_dims(2), b), "relu");
    assert_true(sl_values(sl_linear(tape, hidden, sl_tensor_new(ctx, sl_dims(1, 2), out), NULL, NULL))[0] ==
                1);
    sl_ctx_free(ctx);
}

/* A plane of many cells: class and strength follow from the probability and the distance. */
static void boundary_is_what_the_net_says(void **unused)
{
    (void)unused;
    figure_place place;
    figure_place_make(&place);
    figure_train(
        &place,
        &(sl_run_options){ .data = "builtin:moons?rows=200&noise=0.2", .net = "8 tanh", .epochs = 30 }, 1);
    sl_ctx *ctx = engine_ctx(1);
    sl_figure *figure = figure_make(ctx, &place, "boundary", (sl_figure_request){ 0 });
    const sl_model *model = sl_model_load(ctx, place.run);
    sl_data *train = sl_run_open_part(ctx, place.run, NULL, "train");
    assert_fine(ctx);
    const sl_panel *panel = figure->panels[0];
    const sl_series *image = figure_series_of(panel, SL_DRAW_IMAGE, 0);
    size_t pale = 0, points = 0;
    for (size_t cell = 0; cell < image->count; cell += 37) {
        const double x = image->x[0] + (image->x[1] - image->x[0]) * ((double)(cell % 120) + 0.5) / 120;
        const double y =
            image->low[0] + (image->high[0] - image->low[0]) * ((double)(cell / 120) + 0.5) / 120;
        const double p = inputs_ask(ctx, model, (const sl_real[]){ (sl_real)x, (sl_real)y }, 2, 1);
        const double strength = image->y[cell] - floor(image->y[cell]);
        assert_true(fabs(p - 0.5) < 1e-5 || floor(image->y[cell]) == (p > 0.5));
        if (fabs(strength - 0.1) > 1e-9)
            assert_near(strength, 0.4 + 0.59 * fabs(2 * p - 1), 1e-5);
        double least = INFINITY; /* in units of the range, which is the window's width over 1.4 */
        for (size_t row = 0; row < sl_data_rows(train); row++) {
            sl_real at[2];
            sl_data_row(train, row, at, NULL);
            const double dx = (x - (double)at[0]) / (image->x[1] - image->x[0]) * 1.4;
            const double dy = (y - (double)at[1]) / (image->high[0] - image->low[0]) * 1.4;
            least = sqrt(dx * dx + dy * dy) < least ? sqrt(dx * dx + dy * dy) : least;
        }
        if (least > 0.15)
            assert_near(strength, 0.1, 1e-9);
        if (least < 0.05)
            assert_true(strength > 0.39);
        pale += fabs(strength - 0.1) < 1e-9;
    }
    assert_true(pale > 20);
    for (int s = 0; s < panel->count; s++)
        points += panel->series[s]->how == SL_DRAW_POINTS ? panel->series[s]->count : 0;
    assert_int_equal(points, 200); /* training and validation rows */
    assert_true(panel->square);
    sl_ctx_free(ctx);
    figure_place_clear(place.folder);
}

static void fit_is_the_net_over_one_input(void **unused)
{
    (void)unused;
    figure_place place;
    figure_place_make(&place);
    figure_train(
        &place,
        &(sl_run_options){ .data = "builtin:line?rows=80", .net = "6 tanh", .interval = 90, .epochs = 20 },
        1);
    sl_ctx *ctx = engine_ctx(1);
    sl_figure *figure = figure_make(ctx, &place, "fit", (sl_figure_request){ 0 });
    sl_figure *wide = figure_make(ctx, &place, "fit", (sl_figure_request){ .span = 3 });
    const sl_model *model = sl_model_load(ctx, place.run);
    sl_data *train = sl_run_open_part(ctx, place.run, NULL, "train");
    assert_fine(ctx);
    const sl_panel *panel = figure->panels[0];
    const sl_series *line = figure_series_of(panel, SL_DRAW_LINE, 0);
    const sl_series *band = figure_series_of(panel, SL_DRAW_BAND, 0);
    for (size_t i = 0; i < line->count; i += 20) {
        const sl_real x = (sl_real)line->x[i];
        assert_near(line->y[i], inputs_ask(ctx, model, &x, 1, 0), 1e-6);
        assert_near(band->low[i], inputs_ask(ctx, model, &x, 1, 1), 1e-6);
        assert_near(band->high[i], inputs_ask(ctx, model, &x, 1, 2), 1e-6);
    }
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < sl_data_rows(train); i++) {
        sl_real x;
        sl_data_row(train, i, &x, NULL);
        low = (double)x < low ? (double)x : low;
        high = (double)x > high ? (double)x : high;
    }
    assert_near(figure_series_of(panel, SL_DRAW_UP, 0)->x[0], low, 1e-12);
    assert_near(figure_series_of(panel, SL_DRAW_UP, 1)->x[0], high, 1e-12);
    assert_near(panel->x.low, low - 0.2 * (high - low), 1e-9); /* a fifth beyond, on either side */
    assert_near(panel->x.high, high + 0.2 * (high - low), 1e-9);
    assert_near(wide->panels[0]->x.high - wide->panels[0]->x.low, 3 * 1.4 * (high - low), 1e-9);
    assert_notes(figure, "Beyond nothing has been learned");
    assert_string_equal(band->name, "90 % interval");
    sl_ctx_free(ctx);
    figure_place_clear(place.folder);
}

/* Of many inputs two vary, and the others stay at their median or most frequent word. */
static void boundary_holds_the_other_inputs(void **unused)
{
    (void)unused;
    figure_place place;
    figure_place_make(&place);
    FILE *file = fopen(place.source, "w");
    fputs("city,size,\"rooms, all\",age,price\n", file);
    for (int i = 0; i < 40; i++) /* fewer than 50: all are training rows */
        fprintf(file, "%s,%d.5,%d.25,%d.75,%d.125\n",
                i == 39 ? "Zug"
                : i % 3 ? "Rome"
                        : "Oslo",
                i, (i * 7) % 40, (i * 11) % 40, i * 3 + (i * 7) % 40);
    fclose(file);
    figure_train(
        &place,
        &(sl_run_options){ .data = place.source, .table.target = "price", .net = "4 tanh", .epochs = 5 }, 1);
    sl_ctx *ctx = engine_ctx(1);
    sl_figure *figure =
        figure_make(ctx, &place, "boundary", (sl_figure_request){ .columns = "rooms, all,age" });
    const sl_model *model = sl_model_load(ctx, place.run);
    sl_data *data = sl_data_open_for(ctx, place.source, "all", model, NULL);
    assert_fine(ctx);
    const sl_panel *panel = figure->panels[0];
    assert_string_equal(panel->x.label, "rooms, all");
    assert_string_equal(panel->y.label, "age");
    sl_real row[4]; /* the second row is of Rome */
    sl_data_row(data, 1, row, NULL);
    row[1] = (sl_real)20; /* sizes are 0.5, 1.5 .. 39.5: the median is between 19.5 and 20.5 */
    const sl_series *image = figure_series_of(panel, SL_DRAW_IMAGE, 0);
    for (size_t cell = 5; cell < image->count; cell += 1201) {
        row[2] = (sl_real)(image->x[0] + (image->x[1] - image->x[0]) * ((double)(cell % 120) + 0.5) / 120);
        row[3] =
            (sl_real)(image->low[0] + (image->high[0] - image->low[0]) * ((double)(cell / 120) + 0.5) / 120);
        assert_near(image->y[cell], inputs_ask(ctx, model, row, 4, 0), 1e-5);
    }
    assert_notes(figure, "city = Rome, size = 20");
    assert_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ .columns = "size,city" }));
    assert_says(ctx, SL_EINVAL, "city holds words");
    assert_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ .columns = "size" }));
    assert_says(ctx, SL_EINVAL, "names one input");
    assert_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ .columns = "size,size" }));
    assert_says(ctx, SL_EINVAL, "two different inputs");
    assert_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ .columns = "size,aeg" }));
    assert_says(ctx, SL_EINVAL, "did you mean 'age'");
    sl_figure *fit = figure_make(ctx, &place, "fit", (sl_figure_request){ .columns = "rooms, all" });
    assert_fine(ctx);
    row[2] = (sl_real)figure_series_of(fit->panels[0], SL_DRAW_LINE, 0)->x[100];
    row[3] = (sl_real)20.25; /* ages are 0.75, 1.75 .. 39.75 */
    assert_near(figure_series_of(fit->panels[0], SL_DRAW_LINE, 0)->y[100], inputs_ask(ctx, model, row, 4, 0),
                1e-5);
    sl_ctx_free(ctx);
    figure_place_clear(place.folder);
}

static void pictures_and_classes_are_refused(void **unused)
{
    (void)unused;
    figure_place place;
    figure_place_make(&place);
    figure_train(&place, &(sl_run_options){ .data = "builtin:digits?rows=60", .epochs = 1 }, 1);
    sl_ctx *ctx = engine_ctx(1);
    assert_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ 0 }));
    assert_says(ctx, SL_EINVAL, "a picture of 784 numbers");
    assert_null(figure_make(ctx, &place, "fit", (sl_figure_request){ 0 }));
    assert_says(ctx, SL_EINVAL, "tells classes apart");
    assert_non_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ .columns = "x300,x301" }));
    assert_fine(ctx);
    sl_ctx_free(ctx);
    figure_place_clear(place.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S47_xor_between_its_corners),      cmocka_unit_test(boundary_is_what_the_net_says),
        cmocka_unit_test(fit_is_the_net_over_one_input),    cmocka_unit_test(boundary_holds_the_other_inputs),
        cmocka_unit_test(pictures_and_classes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
