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
        cmocka_unit_test_setup_teardown(a_leading_input_layer_is_saved_and_loaded, file_setup, file_teardown),
        cmocka_unit_test_setup_teardown(class_names_must_be_as_many_as_classes, file_setup, file_teardown),
        cmocka_unit_test(saving_nowhere_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
