/* Tables when memory runs out: every allocation fails once, and so does every one after it. Nothing crashes,
 * nothing is lost, and no file is left half written. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "../bench/mixed_table.h"
#include "engine.h"
#include "starved.h"

#include <dirent.h>
#include <unistd.h>

typedef struct {
    char folder[64], text[2][120 * 81];  /* kinds, prices */
    char csv[2][96], out[96], given[96]; /* given: a finished run on kinds */
} care_place;

static char *care_in(const char *folder, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int care_setup(void **state)
{
    care_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, starved_folder("slope-table-care-XXXXXX"));
    *state = place;
    if (!mkdtemp(place->folder))
        return -1;
    strcpy(place->out, care_in(place->folder, "run"));
    for (int numbers = 0; numbers < 2; numbers++) {
        const size_t length = mixed_table(place->text[numbers], 80, numbers);
        strcpy(place->csv[numbers], care_in(place->folder, numbers ? "prices.csv" : "kinds.csv"));
        FILE *file = fopen(place->csv[numbers], "wb");
        if (!file || fwrite(place->text[numbers], 1, length, file) != length || fclose(file))
            return -1;
    }
    return 0;
}

/* No file that is there is half of one: it can be read. */
static void care_look(const char *folder)
{
    sl_ctx *ctx = engine_ctx(1);
    DIR *open = opendir(folder);
    for (const struct dirent *entry; open && (entry = readdir(open));) {
        const char *name = entry->d_name;
        if (name[0] == '.')
            continue;
        const char *known[] = { "last.safetensors", "model.safetensors", "baselines.safetensors", "run.json",
                                "metrics.csv",      "weights.csv",       "confusion.csv",         "steps.csv",
                                "activations.csv",  "path.bin" };
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known = is_known || !strcmp(name, known[i]);
        if (!is_known)
            fail_msg("%s was left in the run's folder", name);
        if (!strcmp(name, "model.safetensors"))
            sl_model_free(sl_model_load(ctx, care_in(folder, name)));
        if (!strcmp(name, "baselines.safetensors"))
            sl_baselines_free(sl_baselines_load(ctx, folder));
        if (!strcmp(name, "run.json") && !sl_run_read_data(ctx, folder))
            fail_msg("run.json: %s", sl_message(ctx));
        if (!strcmp(name, "last.safetensors"))
            sl_run_free(sl_run_open(ctx, folder, NULL));
        if (sl_error(ctx))
            fail_msg("%s: %s", name, sl_message(ctx));
    }
    if (open)
        closedir(open);
    sl_ctx_free(ctx);
}

static void care_empty(const char *folder)
{
    DIR *open = opendir(folder);
    for (const struct dirent *entry; open && (entry = readdir(open));)
        if (entry->d_name[0] != '.')
            unlink(care_in(folder, entry->d_name));
    if (open)
        closedir(open);
    rmdir(folder);
}

static int care_teardown(void **state)
{
    care_place *place = *state;
    care_empty(place->out);
    if (*place->given)
        care_empty(place->given);
    care_empty(place->folder);
    free(place);
    return 0;
}

static bool care_open(sl_ctx *ctx, void *user)
{
    care_place *place = user;
    sl_data *data = sl_data_open_table(
        ctx, place->csv[0], NULL,
        &(sl_table_options){ .target = "kind", .columns = MIXED_COLUMNS, .group = "family" });
    const bool done = data && sl_data_rows(data) == 80 && sl_data_columns(data) == 12;
    sl_data_free(data);
    return done;
}

static void opening_a_table(void **state)
{
    starved_every(care_open, *state, false, 100);
    starved_every(care_open, *state, true, 100);
}

static sl_run *care_run(sl_ctx *ctx, care_place *place)
{
    return sl_run_new(ctx, &(sl_run_options){ .data = place->csv[0],
                                              .test = "0.2",
                                              .group = "family",
                                              .net = "4 relu",
                                              .class_weight = "balanced",
                                              .epochs = 2,
                                              .table = { .target = "kind", .columns = MIXED_COLUMNS },
                                              .out = place->out,
                                              .overwrite = true });
}

static bool care_train(sl_ctx *ctx, void *user)
{
    care_place *place = user;
    care_empty(place->out);
    sl_run *run = care_run(ctx, place);
    const bool made = run != NULL;
    if (!made && !access(place->out, F_OK))
        fail_msg("the folder was made before the checks had passed");
    const bool done = made && sl_run_train(run) == SL_OK && sl_run_result(run);
    sl_run_free(run);
    care_look(place->out);
    return done;
}

static void a_run_in_a_folder(void **state)
{
    starved_every(care_train, *state, false, 500);
    starved_every(care_train, *state, true, 500);
}

static bool care_numbers(sl_ctx *ctx, void *user)
{
    care_place *place = user;
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = place->csv[1],
                                                     .folds = 3,
                                                     .fold = 2,
                                                     .net = "4 relu",
                                                     .interval = 80,
                                                     .target_scale = "standard",
                                                     .epochs = 2,
                                                     .table = { .target = "price", .weight = "weight" },
                                                     .keep_nothing = true });
    const bool done = run && sl_run_train(run) == SL_OK && sl_run_result(run) && sl_run_baselines(run);
    sl_run_free(run);
    return done;
}

static void an_interval_by_folds(void **state)
{
    starved_every(care_numbers, *state, false, 500);
    starved_every(care_numbers, *state, true, 500);
}

static bool care_predict(sl_ctx *ctx, void *user)
{
    care_place *place = user;
    sl_outside outside = { 0 };
    sl_model *model = sl_model_load(ctx, place->given);
    sl_data *data = sl_data_open_for(ctx, place->csv[0], NULL, model, "family,town");
    sl_tensor *answers = data ? sl_predict_data(ctx, model, data, 0, 80) : NULL;
    if (answers)
        sl_data_outside(ctx, model, data, 0, &outside);
    const bool done =
        answers && !sl_error(ctx) && outside.rows == 80 && !strcmp(sl_data_text(data, 3, 0), "f1");
    sl_tensor_free(answers);
    sl_data_free(data);
    sl_model_free(model);
    return done;
}

static bool care_judge(sl_ctx *ctx, void *user)
{
    care_place *place = user;
    sl_model *model = sl_model_load(ctx, place->given);
    sl_data *test = sl_run_open_part(ctx, place->given, NULL, "test");
    sl_baselines *baselines = sl_baselines_load(ctx, place->given);
    if (baselines && test)
        sl_baselines_measure(baselines, model, test);
    sl_report *scores = test ? sl_evaluate(ctx, model, test) : NULL;
    sl_report *errors = test ? sl_errors(ctx, model, test, 5) : NULL;
    const bool done = scores && errors && sl_baselines_verdict(baselines) && !sl_error(ctx);
    sl_report_free(errors);
    sl_report_free(scores);
    sl_baselines_free(baselines);
    sl_data_free(test);
    sl_model_free(model);
    return done;
}

static void care_give(care_place *place)
{
    sl_ctx *ctx = engine_ctx(1);
    strcpy(place->given, care_in(place->folder, "given"));
    strcpy(place->out, place->given);
    assert_true(care_train(ctx, place));
    strcpy(place->out, care_in(place->folder, "run"));
    sl_ctx_free(ctx);
}

static void predicting_and_judging(void **state)
{
    care_give(*state);
    starved_every(care_predict, *state, false, 100);
    starved_every(care_predict, *state, true, 100);
    starved_every(care_judge, *state, false, 300);
    starved_every(care_judge, *state, true, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening_a_table, care_setup, care_teardown),
        cmocka_unit_test_setup_teardown(a_run_in_a_folder, care_setup, care_teardown),
        cmocka_unit_test_setup_teardown(an_interval_by_folds, care_setup, care_teardown),
        cmocka_unit_test_setup_teardown(predicting_and_judging, care_setup, care_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
