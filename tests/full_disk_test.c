/* full_disk_test.c - what the library writes where there is no room: a limit for the size of files stands for
 * a full disk, as it lets a write end in the middle. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "core/file.h"
#include "core/os.h"
#include "memory.h"
#include "text/vectors.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

typedef struct {
    sl_ctx *ctx;
    char folder[64], path[96];
} full_place;

static int full_setup(void **state)
{
    full_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-full-XXXXXX");
    place->ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
    *state = place;
    signal(SIGXFSZ, SIG_IGN);
    if (!place->ctx || !mkdtemp(place->folder))
        return 1;
    snprintf(place->path, sizeof place->path, "%s/file", place->folder);
    return 0;
}

static int full_teardown(void **state)
{
    full_place *place = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    sl_ctx_free(place->ctx);
    free(place);
    return system(command);
}

/* No file grows beyond so many bytes; SIZE_MAX: they may. */
static void full_limit(size_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == SIZE_MAX ? limit.rlim_max : (rlim_t)bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void full_says(full_place *place, sl_status status)
{
    assert_int_equal(status, SL_EWRITE);
    if (!strstr(sl_message(place->ctx), place->path) ||
        !strstr(sl_message(place->ctx), "cannot be written: the file would be too large"))
        fail_msg("'%s'", sl_message(place->ctx));
    sl_clear(place->ctx);
}

static void an_addition_is_whole_or_not_there(void **state)
{
    full_place *place = *state;
    uint64_t whole = 0;
    unsigned char *bytes;
    size_t size;
    assert_int_equal(sl_file_append(place->ctx, place->path, "one\n", 4, &whole), SL_OK);
    assert_int_equal(whole, 4);
    for (size_t room = 4; room < 9; room++) {
        full_limit(room);
        const sl_status status = sl_file_append(place->ctx, place->path, "second\n", 7, &whole);
        full_limit(SIZE_MAX);
        full_says(place, status);
        assert_int_equal(whole, 4);
        assert_int_equal(sl_file_read(place->ctx, place->path, &bytes, &size), SL_OK);
        assert_int_equal(size, 4); /* the part that was written is taken back */
        sl_free(place->ctx, bytes);
    }
    /* a part that could not be taken back goes with the next addition */
    assert_int_equal(sl_file_append(place->ctx, place->path, "sec", 3, NULL), SL_OK);
    assert_int_equal(sl_file_append(place->ctx, place->path, "second\n", 7, &whole), SL_OK);
    assert_int_equal(whole, 11);
    assert_int_equal(sl_file_read(place->ctx, place->path, &bytes, &size), SL_OK);
    assert_int_equal(size, 11);
    assert_memory_equal(bytes, "one\nsecond\n", 11);
    sl_free(place->ctx, bytes);
}

typedef struct {
    sl_model *model;
    sl_vectors *vectors;
    sl_baselines *baselines;
} full_things;

static sl_status full_save_model(const full_things *things, const char *path)
{
    return sl_model_save(things->model, path);
}

static sl_status full_save_vectors(const full_things *things, const char *path)
{
    return sl_vectors_write(things->vectors, path);
}

static sl_status full_save_baselines(const full_things *things, const char *path)
{
    return sl_baselines_save(things->baselines, path);
}

static sl_model *full_model(sl_ctx *ctx)
{
    sl_model *model = sl_model_parse(ctx, "12 relu, dropout 0.2, 6 tanh, 1");
    sl_compile(model, .loss = "bce", .optimizer = sl_adamw(.lr = (sl_real)0.01));
    return model;
}

/* Whatever is written anew: the old content, or the new one, and nothing beside. */
static void an_old_file_stays(void **state)
{
    full_place *place = *state;
    sl_ctx *ctx = place->ctx;
    static sl_status (*const saves[])(const full_things *things, const char *path) = { full_save_model,
                                                                                       full_save_vectors,
                                                                                       full_save_baselines };
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60", NULL);
    full_things things = { .model = full_model(ctx), .vectors = sl_vectors_new(ctx, 3, 40) };
    assert_non_null(sl_fit(things.model, data, .epochs = 1));
    for (int i = 0; i < 40; i++) {
        char word[16];
        snprintf(word, sizeof word, "word%d", i);
        sl_vectors_add(things.vectors, word, strlen(word))[1] = (sl_real)i;
    }
    things.baselines = sl_baselines_fit(ctx, things.model, data);
    assert_int_equal(sl_error(ctx), SL_OK);
    for (size_t i = 0; i < sizeof saves / sizeof *saves; i++) {
        unsigned char *before, *now;
        size_t size, length;
        char beside[128];
        assert_int_equal(saves[i](&things, place->path), SL_OK);
        assert_int_equal(sl_file_read(ctx, place->path, &before, &size), SL_OK);
        const size_t rooms[] = { 0, 1, size / 3, size - 1 };
        for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++) {
            full_limit(rooms[k]);
            const sl_status status = saves[i](&things, place->path);
            full_limit(SIZE_MAX);
            full_says(place, status);
            assert_int_equal(sl_file_read(ctx, place->path, &now, &length), SL_OK);
            assert_int_equal(length, size);
            assert_memory_equal(now, before, size);
            sl_free(ctx, now);
            snprintf(beside, sizeof beside, "%s.tmp", place->path);
            assert_int_equal(sl_os_path_kind(beside), SL_PATH_NONE);
        }
        sl_free(ctx, before);
    }
}

typedef struct {
    size_t until; /* from the first step on the disk is full, until the end of this epoch; 0: never */
    size_t saves;
} full_span;

static sl_status full_on_epoch(void *user, const sl_progress *progress)
{
    const full_span *span = user;
    if (progress->epoch == span->until)
        full_limit(SIZE_MAX);
    return SL_OK;
}

static void full_log(void *user, const char *line)
{
    full_span *span = user;
    span->saves += strncmp(line, "not saved   ", 12) ? 0 : 1;
    span->saves += strncmp(line, "saved       ", 12) ? 0 : 100;
}

/* One sitting of six epochs; the digest of its best weights. */
static uint64_t full_sitting(full_place *place, full_span *span, bool resume, sl_status wanted)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5, .log = full_log, .user = span });
    sl_model *model = full_model(ctx);
    if (span->until)
        full_limit(64);
    sl_report *report =
        sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=300&noise=0.2", NULL), .epochs = 6, .batch = 16,
               .checkpoint = place->path, .resume = resume, .on_epoch = full_on_epoch, .user = span);
    full_limit(SIZE_MAX);
    if (sl_error(ctx) != wanted)
        fail_msg("status %d: %s", sl_error(ctx), sl_message(ctx));
    assert_int_equal(sl_report_rows(report), 6); /* it was trained to the end in any case */
    const uint64_t digest = sl_model_digest(model);
    sl_ctx_free(ctx);
    return digest;
}

static void a_training_outlives_a_full_disk(void **state)
{
    full_place *place = *state;
    full_span never = { 0 }, mended = { 6, 0 }, full = { 99, 0 }, again = { 0 };
    const uint64_t want = full_sitting(place, &never, false, SL_OK);
    remove(place->path);
    assert_int_equal(never.saves, 0);
    assert_int_equal(full_sitting(place, &mended, false, SL_OK), want);
    assert_int_equal(mended.saves, 101); /* said once each */
    assert_int_equal(full_sitting(place, &again, true, SL_OK), want);
    remove(place->path);
    assert_int_equal(full_sitting(place, &full, false, SL_EWRITE), want); /* the best weights are there */
    assert_int_equal(full.saves, 1);
    assert_int_equal(full_sitting(place, &again, true, SL_OK), want);
}

/* A run in memory that is kept: all of its folder, or it can be kept again. */
static void a_run_is_kept_later(void **state)
{
    full_place *place = *state;
    sl_ctx *ctx = place->ctx;
    sl_run *run = sl_run_new(
        ctx, &(sl_run_options){
                 .data = "builtin:moons?rows=80", .net = "6 tanh", .epochs = 3, .keep_nothing = true });
    assert_int_equal(sl_run_to(run, 5), SL_OK);
    const uint64_t digest = sl_model_digest(sl_run_model(run));
    static const size_t rooms[] = { 0, 100, 2000 };
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        full_limit(rooms[i]);
        const sl_status status = sl_run_keep(run, place->path);
        full_limit(SIZE_MAX);
        full_says(place, status);
        assert_int_equal(sl_model_digest(sl_run_model(run)), digest);
    }
    assert_int_equal(sl_run_keep(run, place->path), SL_OK);
    sl_run_free(run);
    run = sl_run_open(ctx, place->path, NULL);
    assert_non_null(run);
    assert_int_equal(sl_run_steps(run), 5);
    sl_run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_addition_is_whole_or_not_there, full_setup, full_teardown),
        cmocka_unit_test_setup_teardown(an_old_file_stays, full_setup, full_teardown),
        cmocka_unit_test_setup_teardown(a_training_outlives_a_full_disk, full_setup, full_teardown),
        cmocka_unit_test_setup_teardown(a_run_is_kept_later, full_setup, full_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
