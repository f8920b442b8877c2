/* Runs in folders: what is kept, what is refused. */
#define _XOPEN_SOURCE 700 /* mkstemp, mkdtemp, strdup */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char folder[64]; /* of the run */
    size_t stop;     /* after this step; 0: never */
} run_place;

static int run_setup(void **state)
{
    run_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-run-XXXXXX");
    *state = place;
    return place && mkdtemp(place->folder) ? 0 : -1;
}

static char *run_file(const run_place *place, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", place->folder, name);
    return path;
}

static int run_teardown(void **state)
{
    run_place *place = *state;
    const char *const names[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                  "run.json",         "metrics.csv",       "weights.csv",
                                  "confusion.csv",    "steps.csv",         "activations.csv",
                                  "path.bin" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(run_file(place, names[i]));
    rmdir(place->folder);
    free(place);
    return 0;
}

static sl_status run_stop(void *user, const sl_progress *progress)
{
    const run_place *place = user;
    return progress->step == place->stop ? SL_ESTOPPED : SL_OK;
}

static sl_run *run_begin(sl_ctx *ctx, run_place *place)
{
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = "builtin:moons?rows=80",
                                                     .net = "4 relu",
                                                     .epochs = 6,
                                                     .batch = 16,
                                                     .out = place->folder,
                                                     .on_step = run_stop,
                                                     .user = place });
    assert_non_null(run);
    return run;
}

static void trained_twice_keeps_the_checkpoint(void **state)
{
    run_place *place = *state;
    place->stop = 12;
    sl_ctx *ctx = engine_ctx(1);
    sl_run *run = run_begin(ctx, place);
    assert_int_equal(sl_run_train(run), SL_ESTOPPED);
    sl_clear(ctx);
    assert_int_equal(sl_run_train(run), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "open it again"));
    assert_int_equal(access(run_file(place, "last.safetensors"), F_OK), 0);
    sl_clear(ctx);
    sl_run_free(run);
    place->stop = 0;
    run = sl_run_open(ctx, place->folder, NULL);
    assert_int_equal(sl_run_train(run), SL_OK);
    assert_true(sl_run_finished(run));
    assert_int_equal(sl_run_train(run), SL_OK); /* a finished one: nothing to do */
    sl_ctx_free(ctx);
}

/* Replaces the first `from` in run.json. */
static void run_edit(const run_place *place, const char *from, const char *to)
{
    char text[8192], *at;
    FILE *file = fopen(run_file(place, "run.json"), "r+");
    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = 0;
    assert_non_null(at = strstr(text, from));
    rewind(file);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_int_equal(ftruncate(fileno(file), ftell(file)), 0);
    fclose(file);
}

static void a_part_of_the_data_that_came_or_went_is_refused(void **state)
{
    run_place *place = *state;
    place->stop = 12;
    sl_ctx *ctx = engine_ctx(1);
    sl_run *run = run_begin(ctx, place);
    assert_int_equal(sl_run_train(run), SL_ESTOPPED);
    sl_clear(ctx);
    sl_run_free(run);
    run_edit(place, "\"test_digest\": null", "\"test_digest\": \"0123456789abcdef\"");
    assert_null(sl_run_open(ctx, place->folder, NULL));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "now it is gone"));
    sl_clear(ctx);
    run_edit(place, "\"0123456789abcdef\"", "null");
    const char *const wrong[] = { "6e300", "\"6\"", "1.5", "-5", "[]" };
    const char *before = "6";
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char from[32], to[32];
        snprintf(from, sizeof from, "\"epochs\": %s,", before);
        snprintf(to, sizeof to, "\"epochs\": %s,", wrong[i]);
        run_edit(place, from, to);
        assert_null(sl_run_open(ctx, place->folder, NULL));
        assert_int_equal(sl_error(ctx), SL_EFORMAT);
        assert_non_null(strstr(sl_message(ctx), "run.json: \"epochs\" is "));
        assert_non_null(strstr(sl_message(ctx),
                               i == 1 || i == 4 ? ": wants a number" : ": wants a whole number from -1 on"));
        sl_clear(ctx);
        before = wrong[i];
    }
    run_edit(place, "\"epochs\": [],", "\"epochs\": 6,");
    run_edit(place, "\"seed\": ", "\"seed\": -");
    assert_null(sl_run_open(ctx, place->folder, NULL));
    assert_non_null(strstr(sl_message(ctx), "run.json: \"seed\" is -1: wants a whole number from 0 on"));
    sl_clear(ctx);
    run_edit(place, "\"seed\": -", "\"seed\": ");
    assert_non_null(sl_run_open(ctx, place->folder, NULL));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trained_twice_keeps_the_checkpoint, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(a_part_of_the_data_that_came_or_went_is_refused, run_setup,
                                        run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
