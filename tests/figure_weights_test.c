/* Figures of what a run has recorded of its layers: weights, saturation. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"

static const char made_used[] = "\"net\": \"4 relu, 2\", \"loss\": \"cross_entropy\", \"rows\": 90, "
                                "\"batch\": 32, \"seed\": 1, \"optimizer\": {\"rule\": \"adam\"}";

/* --- weights ----------------------------------------------------------------------------------------------
 */

/* One histogram on another's bins: each old bin as 20,000 equal grains. */
static void made_grains(double low, double high, const double *count, double to_low, double to_high,
                        double *share)
{
    double all = 0;
    memset(share, 0, 48 * sizeof *share);
    for (int b = 0; b < 20; b++)
        all += count[b];
    for (int b = 0; b < 20; b++)
        for (int g = 0; g < 20000; g++) {
            const double at = low + (high - low) * (b + (g + 0.5) / 20000) / 20;
            const double bin = floor((at - to_low) / (to_high - to_low) * 48);
            if (bin >= 0 && bin < 48)
                share[(int)bin] += count[b] / all / 20000;
        }
}

static void weights_over_epochs_keep_their_areas(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    const int run = made_folder(place, "w");
    const double narrow[20] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 };
    const double wide[20] = { 4, 0, 0, 0, 7, 0, 0, 1, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0, 2 };
    char text[2048] = "epoch,layer,low,high", line[64];
    for (int b = 1; b <= 20; b++)
        strcat(text, (snprintf(line, sizeof line, ",bin_%d", b), line));
    for (int epoch = 0; epoch < 2; epoch++) {
        strcat(text, epoch ? "\n3,dense_1,-1,2" : "\n0,dense_1,-0.5,0.7");
        for (int b = 0; b < 20; b++)
            strcat(text, (snprintf(line, sizeof line, ",%d", (int)(epoch ? wide : narrow)[b]), line));
    }
    strcat(text, "\n");
    made_json(place, run, "finished", "\"data\": \"x\"", made_used, "null");
    made_write(place, run, "weights.csv", text);
    sl_figure *f = made_figure(ctx, place, "weights", (sl_figure_request){ 0 });
    assert_non_null(f);
    const sl_series *image = f->panels[0]->series[0];
    assert_int_equal(image->how, SL_DRAW_IMAGE);
    assert_true(image->rows == 48 && image->columns == 4);
    assert_true(image->low[0] == -1 && image->high[0] == 2);
    double share[48];
    for (int epoch = 0; epoch < 2; epoch++) {
        double sum = 0;
        if (epoch)
            made_grains(-1, 2, wide, -1, 2, share);
        else
            made_grains(-0.5, 0.7, narrow, -1, 2, share);
        for (size_t b = 0; b < 48; b++) {
            const double found = image->y[b * 4 + (epoch ? 3 : 0)];
            assert_true(fabs(found - share[b]) < 2e-5);
            sum += found;
        }
        assert_true(fabs(sum - 1) < 1e-12);
    }
    assert_true(isnan(image->y[1])); /* epoch 1 was not recorded */
    made_noted(f, "dense_1: from -0.5 to 0.7 at the start, from -1 to 2 after epoch 3.");
    made_refused(ctx, place, "weights", (sl_figure_request){ .layer = "dense_2" }, "there are dense_1");
    sl_ctx_free(ctx);
}

static void a_first_layers_weights_are_pictures(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(2);
    made_train(ctx, place, "digits",
               (sl_run_options){ .data = "builtin:digits?rows=200", .net = "5 relu", .epochs = 1 });
    sl_figure *f = made_figure(ctx, place, "weights", (sl_figure_request){ .layer = "dense_1" });
    assert_non_null(f);
    assert_int_equal(f->count, 2);
    const sl_series *image = f->panels[0]->series[0];
    sl_model *model = sl_model_load(ctx, place->runs[0]);
    sl_tensor *w = sl_model_param(model, 0);
    const size_t height = (size_t)sl_model_input(model).dim[0], width = (size_t)sl_model_input(model).dim[1];
    /* five units in three columns, two rows: a frame of the gap around each */
    const size_t gap = 1 + width / 14;
    assert_true(image->columns == 3 * (width + gap) + gap && image->rows == 2 * (height + gap) + gap);
    for (size_t unit = 0; unit < 5; unit++)
        for (size_t i = 0; i < height; i++)
            for (size_t j = 0; j < width; j++) {
                const size_t down = gap + unit / 3 * (height + gap) + i;
                const size_t right = gap + unit % 3 * (width + gap) + j;
                assert_true(image->y[(image->rows - 1 - down) * image->columns + right] ==
                            (double)sl_values(w)[unit * height * width + i * width + j]);
            }
    assert_true(image->y[0] == 0);
    f = made_figure(ctx, place, "weights", (sl_figure_request){ .layer = "output" });
    assert_int_equal(f->count, 1); /* not the first layer: no picture */
    sl_ctx_free(ctx);
}

/* --- saturation -------------------------------------------------------------------------------------------
 */

/* Weights of -1 and inputs of at least 0: no relu unit gives anything, on any row. */
static void S38_dead_units_are_counted(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(2);
    made_train(ctx, place, "dead",
               (sl_run_options){ .data = "builtin:digits?rows=200",
                                 .net = "5 relu, 3 tanh",
                                 .init = "constant value=-1",
                                 .epochs = 2 });
    sl_figure *f = made_figure(ctx, place, "saturation", (sl_figure_request){ 0 });
    assert_non_null(f);
    const sl_series *flat = made_series(f, 0, SL_DRAW_LINE, "dense_1");
    const sl_series *dead = made_series(f, 1, SL_DRAW_LINE, "dense_1");
    for (size_t i = 0; i < 3; i++) {
        assert_true(dead->x[i] == (double)i);
        assert_true(flat->y[i] == 1 && dead->y[i] == 1);
    }
    made_noted(f, "After epoch 2 5 of 5 units of dense_1 output 0, or have slope 0, on all 180 rows.");
    made_noted(f, "a smaller step size, he as initialiser, or leaky_relu");
    made_refused(ctx, place, "saturation", (sl_figure_request){ .layer = "x" }, "there are dense_1, dense_2");
    sl_ctx_free(ctx);
}

static void S39_saturated_values_by_layer(void **state)
{
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(2);
    const int run = made_folder(place, "flat");
    made_write(place, run, "activations.csv",
               "epoch,layer,mean,std,saturated,dead\n0,dense_1,0,1,0.25,0\n0,dense_2,0,1,,0\n"
               "1,dense_1,0,1,0.5,0\n1,dense_2,0,1,,0\n");
    made_train(ctx, place, "x",
               (sl_run_options){
                   .data = "builtin:moons?rows=60", .net = "4 sigmoid, 3 softmax, 2 tanh", .epochs = 1 });
    for (int file = 0; file < 2; file++) { /* the real run's net beside the table by hand */
        char from[256], to[256];
        const char *name = file ? "model.safetensors" : "run.json";
        snprintf(from, sizeof from, "%s/%s", place->runs[1], name);
        snprintf(to, sizeof to, "%s/%s", place->runs[0], name);
        assert_int_equal(rename(from, to), 0);
    }
    place->count = 1;
    sl_figure *f = made_figure(ctx, place, "saturation", (sl_figure_request){ 0 });
    if (!f)
        print_error("%s\n", sl_message(ctx));
    assert_non_null(f);
    const sl_series *flat = made_series(f, 0, SL_DRAW_LINE, "dense_1");
    assert_true(flat->count == 2 && flat->y[0] == 0.25 && flat->y[1] == 0.5);
    assert_null(made_series(f, 0, SL_DRAW_LINE, "dense_2"));
    assert_non_null(made_series(f, 1, SL_DRAW_LINE, "dense_2"));
    made_noted(f, "50 % of the values of dense_1 have a slope below 0.01");
    made_noted(f, "No unit is dead");
    char path[256];
    snprintf(path, sizeof path, "%s/activations.csv", place->runs[0]);
    unlink(path);
    made_refused(ctx, place, "saturation", (sl_figure_request){ 0 }, "begun by an older slope");
    sl_ctx_free(ctx);
}

int main(void)
{
#define MADE_TEST(name) cmocka_unit_test_setup_teardown(name, made_setup, made_teardown)
    const struct CMUnitTest tests[] = {
        MADE_TEST(weights_over_epochs_keep_their_areas),
        MADE_TEST(a_first_layers_weights_are_pictures),
        MADE_TEST(S38_dead_units_are_counted),
        MADE_TEST(S39_saturated_values_by_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
