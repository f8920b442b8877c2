/* When memory runs out at any one allocation: training on texts, going on with a stopped run, replaying it,
 * looking for what is wrong with it, explaining, saving. Nothing crashes, nothing leaks, nothing saved is
 * lost. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "starved.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char folder[64], texts[96], run[96], stopped[96], model[96];
    uint64_t digest; /* of the stopped run, when it has gone on to its end */
} starved_place;

static char *starved_in(const char *folder, const char *name)
{
    static char path[2][512];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static void starved_clear(const char *folder)
{
    DIR *open = opendir(folder);
    for (const struct dirent *entry; open && (entry = readdir(open));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlink(starved_in(folder, entry->d_name));
    if (open)
        closedir(open);
    rmdir(folder);
}

static size_t starved_bytes(const char *path, char *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    const size_t size = file ? fread(bytes, 1, room, file) : 0;
    if (file)
        fclose(file);
    return size;
}

/* As many files as are in the folder, each a copy. */
static void starved_copy(const char *from, const char *to)
{
    static char bytes[1 << 18];
    starved_clear(to);
    assert_int_equal(mkdir(to, 0777), 0);
    DIR *open = opendir(from);
    assert_non_null(open);
    for (const struct dirent *entry; (entry = readdir(open));) {
        const size_t size =
            entry->d_name[0] == '.' ? 0 : starved_bytes(starved_in(from, entry->d_name), bytes, sizeof bytes);
        FILE *file = size ? fopen(starved_in(to, entry->d_name), "wb") : NULL;
        if (file) {
            assert_int_equal(fwrite(bytes, 1, size, file), size);
            fclose(file);
        }
    }
    closedir(open);
}

static sl_status starved_stop(void *user, const sl_progress *progress)
{
    (void)user;
    return progress->step == 9 ? SL_ESTOPPED : SL_OK;
}

static sl_run_options starved_training(const char *out)
{
    return (sl_run_options){ .data = "builtin:moons?rows=60",
                             .net = "3 tanh, dropout 0.2, batch_norm",
                             .optimizer = { .rule = "nadam", .schedule = "plateau", .average = 0.9f },
                             .epochs = 4,
                             .batch = 10,
                             .patience = 2,
                             .overwrite = true,
                             .out = out };
}

static uint64_t starved_go_on(sl_ctx *ctx, const char *folder)
{
    sl_run *run = sl_run_open(ctx, folder, NULL);
    const bool done = run && !sl_run_train(run) && sl_run_finished(run);
    const uint64_t digest = done && sl_run_model(run) ? sl_model_digest(sl_run_model(run)) : 0;
    sl_run_free(run);
    return digest;
}

static int starved_setup(void **state)
{
    starved_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, starved_folder("slope-starved-XXXXXX"));
    *state = place;
    if (!mkdtemp(place->folder))
        return -1;
    strcpy(place->texts, starved_in(place->folder, "texts.csv"));
    strcpy(place->run, starved_in(place->folder, "run"));
    strcpy(place->stopped, starved_in(place->folder, "stopped"));
    strcpy(place->model, starved_in(place->folder, "saved.safetensors"));
    FILE *file = fopen(place->texts, "w");
    fputs("note,kind\n", file);
    for (int i = 0; i < 60; i++)
        fprintf(file, "\"%s %s of case %d, %s\",%s\n", i % 3 ? "rain" : "sun", i % 2 ? "falls" : "stays",
                i % 7, i % 5 ? "and more" : "no less", i % 3 ? "wet" : "dry");
    fclose(file);
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = starved_training(place->stopped);
    options.on_step = starved_stop;
    sl_run *run = sl_run_new(ctx, &options);
    assert_int_equal(sl_run_train(run), SL_ESTOPPED);
    sl_run_free(run);
    sl_clear(ctx);
    starved_copy(place->stopped, place->run);
    place->digest = starved_go_on(ctx, place->run);
    assert_true(place->digest != 0);
    sl_ctx_free(ctx);
    return 0;
}

static int starved_teardown(void **state)
{
    starved_place *place = *state;
    starved_clear(place->run);
    starved_clear(place->stopped);
    starved_clear(place->folder);
    free(place);
    return 0;
}

/* --- going on with a run: whenever it failed, it can be gone on with -------------------------------------
 */

static bool starved_resume(sl_ctx *ctx, void *user)
{
    starved_place *place = user;
    starved_copy(place->stopped, place->run);
    const uint64_t digest = starved_go_on(ctx, place->run);
    if (digest && digest != place->digest)
        fail_msg("another digest: %016llx", (unsigned long long)digest);
    if (!digest) { /* with all memory now */
        sl_ctx *again = engine_ctx(1);
        sl_run *run = sl_run_open(again, place->run, NULL);
        if (!run || sl_run_train(run))
            fail_msg("then: %s", sl_message(again));
        sl_run_free(run);
        sl_model *model = sl_model_load(again, place->run);
        if (!model || sl_model_digest(model) != place->digest)
            fail_msg("then another digest, %s", sl_message(again));
        sl_ctx_free(again);
    }
    return digest != 0;
}

static void a_stopped_run_goes_on(void **state)
{
    starved_every(starved_resume, *state, false, 500);
    starved_every(starved_resume, *state, true, 500);
}

static bool starved_replay(sl_ctx *ctx, void *user)
{
    starved_place *place = user;
    const sl_change change = { "lr", "0.01" };
    sl_replay *replay =
        sl_run_replay(ctx, place->stopped, &(sl_replay_options){ .to = 5, .changes = &change, .count = 1 });
    sl_replay_free(replay);
    return replay != NULL;
}

static void a_replay(void **state)
{
    starved_every(starved_replay, *state, false, 300);
    starved_every(starved_replay, *state, true, 300);
}

/* --- texts, and why ----------------------------------------------------------------------------------------
 */

static bool starved_texts(sl_ctx *ctx, void *user)
{
    starved_place *place = user;
    sl_run *run =
        sl_run_new(ctx, &(sl_run_options){ .data = place->texts,
                                           .table = { .target = "kind", .columns = "note=text" },
                                           .text = "words ngrams=2 weight=nb, characters from=2 ngrams=3",
                                           .net = "2 relu",
                                           .epochs = 1,
                                           .keep_nothing = true });
    sl_model *model = run && !sl_run_train(run) ? sl_run_model(run) : NULL;
    const sl_data *rows = model ? sl_run_part(run, "train") : NULL;
    sl_why *why = rows ? sl_why_row(ctx, model, rows, 1, -1) : NULL;
    const bool done = why && why->count > 3 && !sl_error(ctx);
    sl_why_free(why);
    sl_run_free(run);
    return done;
}

static void texts_and_why(void **state)
{
    starved_every(starved_texts, *state, false, 500);
    starved_every(starved_texts, *state, true, 500);
}

/* --- diagnosis, explanation
 * ---------------------------------------------------------------------------------- */

static bool starved_diagnose(sl_ctx *ctx, void *user)
{
    (void)user;
    sl_run_options options = starved_training(NULL);
    options.epochs = 2;
    sl_diagnosis *diagnosis =
        sl_diagnose(ctx, &(sl_diagnose_options){ .options = &options, .precheck = true });
    sl_diagnosis_free(diagnosis);
    return diagnosis != NULL;
}

static void what_is_seen_before_the_first_step(void **state)
{
    starved_every(starved_diagnose, *state, false, 200);
    starved_every(starved_diagnose, *state, true, 200);
}

/* A training looked at, with proofs: thousands of allocations. */
static bool starved_prove(sl_ctx *ctx, void *user)
{
    (void)user;
    sl_run_options options = starved_training(NULL);
    options.optimizer = (sl_optimizer){ .rule = "sgd", .lr = 1e-6f };
    sl_diagnosis *diagnosis = sl_diagnose(ctx, &(sl_diagnose_options){ .options = &options });
    sl_diagnosis_free(diagnosis);
    return diagnosis != NULL;
}

static void a_diagnosis_with_proofs(void **state)
{
    starved_some(starved_prove, *state, false, 400, 29);
    starved_some(starved_prove, *state, true, 400, 31);
}

/* --- saving: the model that was there is there, or the new one, and nothing else
 * ------------------------------ */

static bool starved_save(sl_ctx *ctx, void *user)
{
    starved_place *place = user;
    static char old[4096], now[4096];
    sl_ctx *whole = engine_ctx(1);
    sl_model *first = sl_sequential(whole, sl_input(.units = 2), sl_dense(.units = 3));
    assert_int_equal(sl_model_save(first, place->model), SL_OK);
    sl_model_free(first);
    sl_ctx_free(whole);
    const size_t old_size = starved_bytes(place->model, old, sizeof old);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 5), sl_dense(.units = 1));
    const bool done = model && !sl_model_save(model, place->model);
    sl_model_free(model);
    const size_t size = starved_bytes(place->model, now, sizeof now);
    if (!done && (size != old_size || memcmp(old, now, size)))
        fail_msg("a save that failed changed the file");
    DIR *open = opendir(place->folder);
    for (const struct dirent *entry; (entry = readdir(open));)
        if (strstr(entry->d_name, "saved") && strcmp(entry->d_name, "saved.safetensors") != 0)
            fail_msg("%s was left behind", entry->d_name);
    closedir(open);
    return done;
}

static void saving_over_a_model(void **state)
{
    starved_every(starved_save, *state, false, 20);
    starved_every(starved_save, *state, true, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stopped_run_goes_on, starved_setup, starved_teardown),
        cmocka_unit_test_setup_teardown(a_replay, starved_setup, starved_teardown),
        cmocka_unit_test_setup_teardown(texts_and_why, starved_setup, starved_teardown),
        cmocka_unit_test_setup_teardown(what_is_seen_before_the_first_step, starved_setup, starved_teardown),
        cmocka_unit_test_setup_teardown(a_diagnosis_with_proofs, starved_setup, starved_teardown),
        cmocka_unit_test_setup_teardown(saving_over_a_model, starved_setup, starved_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
