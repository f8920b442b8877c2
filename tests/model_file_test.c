/* Model files whose container is sound and whose description is not. */
#define _XOPEN_SOURCE 700 /* mkstemp, mkdtemp, strdup */
#include "engine.h"
#include "model/model.h"

#include <stdlib.h>
#include <unistd.h>

static int file_setup(void **state)
{
    char *path = strdup("/tmp/slope-model-XXXXXX");
    const int handle = path ? mkstemp(path) : -1;
    *state = path;
    return handle < 0 ? -1 : close(handle);
}

static int file_teardown(void **state)
{
    unlink(*state);
    free(*state);
    return 0;
}

/* The file can be loaded only with `status` and these words, and in little memory. */
static void file_is_refused(const char *path, sl_status status, const char *words)
{
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_model_load(ctx, path));
    if (sl_error(ctx) != status || !strstr(sl_message(ctx), words))
        fail_msg("status %d, '%s'", sl_error(ctx), sl_message(ctx));
    assert_true(sl_ctx_peak_bytes(ctx) < 1 << 20);
    sl_ctx_free(ctx);
}

static void no_memory_is_taken_for_what_the_file_does_not_hold(void **state)
{
    static const char *const layers[] = {
        "{\"type\": \"dense\", \"name\": \"a\", \"units\": 8000}",
        "{\"type\": \"input\", \"name\": \"i\", \"units\": 8000}, {\"type\": \"dense\", \"name\": \"a\", "
        "\"units\": 8000}",
    };
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_safetensors_writer writer;
        char text[400];
        snprintf(text, sizeof text,
                 "{\"format\": 1, \"input\": {\"shape\": [8000], \"divisor\": 1}, \"layers\": [%s], "
                 "\"classes\": 0}",
                 layers[i]);
        sl_safetensors_begin(&writer, ctx);
        sl_safetensors_put_metadata(&writer, "slope", text);
        assert_int_equal(sl_safetensors_write(&writer, *state, false), SL_OK);
        sl_ctx_free(ctx);
        file_is_refused(*state, SL_EFORMAT, "it holds no tensor 'a.weight'");
    }
}

/* Writes a file with these layers and no tensor. */
static void file_with_layers(const char *path, const char *layers)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_safetensors_writer writer;
    sl_text text;
    sl_text_init(&text, ctx);
    sl_text_add(&text,
                "{\"format\": 1, \"input\": {\"shape\": [4], \"divisor\": 1}, \"layers\": [%s], "
                "\"classes\": 0}",
                layers);
    sl_safetensors_begin(&writer, ctx);
    sl_safetensors_put_metadata(&writer, "slope", sl_text_string(&text));
    assert_int_equal(sl_safetensors_write(&writer, path, false), SL_OK);
    sl_ctx_free(ctx);
}

static void groups_that_make_no_sense_are_refused(void **state)
{
#define FILE_DENSE(name, more) "{\"type\": \"dense\", \"name\": \"" name "\", \"units\": 4" more "}"
#define FILE_GROUP(name, inside) "{\"type\": \"residual\", \"name\": \"" name "\", \"inside\": " inside "}"
    static const struct {
        const char *layers;
        sl_status status;
        const char *words;
    } cases[] = {
        { FILE_GROUP("r", "2") ", " FILE_DENSE("a", ""), SL_EFORMAT,
          "2 layers are said to be inside of r, which is followed by 1" },
        { FILE_GROUP("r", "2") ", " FILE_GROUP("s", "2") ", " FILE_DENSE("a", "") ", " FILE_DENSE("b", ""),
          SL_EFORMAT, "2 layers are said to be inside of s, which is followed by 1" },
        { FILE_GROUP("r", "18446744073709551615") ", " FILE_DENSE("a", ""), SL_EFORMAT,
          "are said to be inside of r" },
        { FILE_GROUP("r", "0") ", " FILE_DENSE("a", ""), SL_EINVAL, "r: no layers are inside it" },
        { FILE_DENSE("a", ", \"inside\": 1") ", " FILE_DENSE("b", ""), SL_EINVAL,
          "a: a dense layer has no layers inside it" },
        { FILE_DENSE("a", ", \"share\": \"a\""), SL_EINVAL, "a: share=a: no layer before it is called that" },
        { FILE_DENSE("a", "") ", " FILE_DENSE("b", ", \"share\": \"c\""), SL_EINVAL, "b: share=c" },
        { FILE_DENSE("a", ", \"lr_scale\": -1"), SL_EINVAL, "a: lr_scale is -1: wants a number above 0" },
        { FILE_DENSE("a", ", \"decay\": 1e308"), SL_EINVAL, "a: decay is" },
        { FILE_DENSE("a", ", \"rate\": 0.5"), SL_EINVAL, "a: a dense layer does not know rate" },
        { FILE_GROUP("r", "1") ", " FILE_DENSE("a", ", \"units\": 5"), SL_EFORMAT, "" },
        { FILE_GROUP("r", "1") ", " FILE_DENSE("a", ""), SL_EFORMAT, "it holds no tensor 'a.weight'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        file_with_layers(*state, cases[i].layers);
        file_is_refused(*state, cases[i].status, cases[i].words);
    }
    char *deep = calloc(12000, 100), *end = deep;
    for (int i = 0; i < 101; i++)
        end += sprintf(end, "{\"type\": \"residual\", \"name\": \"r%d\", \"inside\": %d}, ", i, 101 - i);
    strcpy(end, FILE_DENSE("a", ""));
    file_with_layers(*state, deep);
    file_is_refused(*state, SL_EFORMAT, "layers lie in each other more than 100 deep");
    free(deep);
}

/* Written by slope 0.1.0 before layers could be inside others, with this digest. */
static void files_of_format_1_stay_readable(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const sl_model *model = sl_model_load(ctx, SLOPE_SOURCE_ROOT "/tests/golden/format-1.safetensors");
    assert_fine(ctx);
    assert_string_equal(sl_model_net(model), "3 tanh, dropout 0.125, 2 relu init=xavier bias=no, 1");
    assert_int_equal(sl_model_digest(model), UINT64_C(0xcb184b1e41e4925d));
    assert_int_equal(sl_model_parameters(model), 18);
    assert_string_equal(sl_model_loss(model), "binary_cross_entropy");
    sl_ctx_free(ctx);
}

static void a_leading_input_layer_is_saved_and_loaded(void **state)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 6), sl_dense(.units = 3, .activation = "relu"));
    assert_non_null(model);
    assert_int_equal(sl_model_params(model), 2); /* built at once: the first layer tells the width */
    assert_int_equal(sl_model_save(model, *state), SL_OK);
    sl_model *loaded = sl_model_load(ctx, *state);
    assert_non_null(loaded);
    assert_int_equal(sl_model_digest(loaded), sl_model_digest(model));
    assert_int_equal(sl_model_input(loaded).dim[0], 6);
    sl_ctx_free(ctx);
}

static void class_names_must_be_as_many_as_classes(void **state)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 3));
    sl_compile(model, .loss = "cross_entropy");
    sl_model_set_classes(model, 2, NULL);
    assert_int_equal(sl_model_save(model, *state), SL_OK);
    file_is_refused(*state, SL_EFORMAT, "names for 2 classes: the output tells 3 apart");
    sl_model_set_classes(model, 3, NULL);
    assert_int_equal(sl_model_save(model, *state), SL_OK);
    assert_int_equal(sl_model_classes(sl_model_load(ctx, *state)), 3);
    sl_ctx_free(ctx);
}

static void saving_nowhere_is_an_error(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 3));
    assert_int_equal(sl_model_save(model, NULL), SL_EINVAL);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_memory_is_taken_for_what_the_file_does_not_hold, file_setup,
                                        file_teardown),
        cmocka_unit_test_setup_teardown(groups_that_make_no_sense_are_refused, file_setup, file_teardown),
        cmocka_unit_test(files_of_format_1_stay_readable),
        cmocka_unit_test_setup_teardown(a_leading_input_layer_is_saved_and_loaded, file_setup, file_teardown),
        cmocka_unit_test_setup_teardown(class_names_must_be_as_many_as_classes, file_setup, file_teardown),
        cmocka_unit_test(saving_nowhere_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
