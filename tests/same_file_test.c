/* Two writers of one file, and a reader: it is one of theirs, whole, at any time. */
#define _XOPEN_SOURCE 700
#include "engine.h"

#include <pthread.h>
#include <unistd.h>

enum { SAME_TIMES = 60 };
static char same_path[64];

typedef struct {
    int units, failed;
    bool reads;
} same_job;

static void *same_work(void *given)
{
    same_job *job = given;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model =
        sl_sequential(ctx, sl_input(.units = 8), sl_dense(.units = job->units), sl_dense(.units = 2));
    for (int i = 0; i < SAME_TIMES; i++) {
        sl_model *read = job->reads ? sl_model_load(ctx, same_path) : NULL;
        if (job->reads ? !read : sl_model_save(model, same_path) != SL_OK) {
            fprintf(stderr, "%s\n", sl_message(ctx));
            job->failed++;
        }
        sl_model_free(read);
        sl_clear(ctx);
    }
    sl_model_free(model);
    sl_ctx_free(ctx);
    return NULL;
}

static void writers_of_one_file(void **state)
{
    (void)state;
    char folder[] = "/tmp/slope-same-XXXXXX";
    assert_non_null(mkdtemp(folder));
    snprintf(same_path, sizeof same_path, "%s/model.safetensors", folder);
    same_job job[] = { { .units = 8 }, { .units = 3000 }, { .units = 8, .reads = true } };
    pthread_t thread[3];
    same_job first = { .units = 8 };
    same_work(&first);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, same_work, &job[i]), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(first.failed + job[0].failed + job[1].failed + job[2].failed, 0);
    assert_int_equal(remove(same_path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing beside it */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(writers_of_one_file) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
