/* U26: a long training takes no more memory than a short one, but for its history: a row of figures an epoch.
 * The room of the history doubles at 1,025 rows and at 2,049: between them nothing grows. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"
#include "starved.h"

enum {
    FLAT_EPOCHS = 2040, /* of 9 steps: losses of 2,000 steps are kept, thinned when they are more */
    FLAT_WARM = 1030,
    FLAT_LINES = 4 * 2 * 16384 /* of four tables, waiting to be written, in buffers that double */
};

typedef struct {
    test_memory *memory;
    size_t bytes, blocks; /* after the warm-up */
    size_t most;          /* bytes after any later epoch */
    size_t later;         /* calls for memory behind it, amid epochs */
    size_t last_blocks;
} flat_seen;

static sl_status flat_epoch(void *user, const sl_progress *progress)
{
    flat_seen *seen = user;
    if (progress->epoch == FLAT_WARM) {
        seen->bytes = seen->most = seen->memory->bytes;
        seen->blocks = seen->memory->blocks;
    }
    if (progress->epoch > FLAT_WARM && seen->memory->bytes > seen->most)
        seen->most = seen->memory->bytes;
    seen->last_blocks = seen->memory->blocks;
    return SL_OK;
}

/* Steps, which are many, ask for no memory at all behind the first epoch. */
static sl_status flat_step(void *user, const sl_progress *progress)
{
    flat_seen *seen = user;
    static size_t before;
    const bool within = progress->step % 9 > 1; /* nine steps an epoch: neither its first nor its last */
    if (progress->epoch > 2 && within)
        seen->later += seen->memory->calls - before;
    before = seen->memory->calls;
    return SL_OK;
}

static void flat_run(bool folder)
{
    char path[64];
    strcpy(path, starved_folder("slope-flat-XXXXXX"));
    assert_non_null(mkdtemp(path));
    char out[80];
    snprintf(out, sizeof out, "%s/run", path);
    test_memory memory = { 0 };
    flat_seen seen = { .memory = &memory };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = "builtin:spiral?rows=100",
                                                     .net = "8 tanh, dropout 0.2, batch_norm, 8 relu",
                                                     .augment = NULL,
                                                     .optimizer = { .rule = "adamw", .schedule = "cosine" },
                                                     .epochs = FLAT_EPOCHS,
                                                     .batch = 10,
                                                     .keep_nothing = !folder,
                                                     .out = folder ? out : NULL,
                                                     .on_epoch = flat_epoch,
                                                     .on_step = flat_step,
                                                     .user = &seen });
    if (!run || sl_run_train(run))
        fail_msg("%s", sl_message(ctx));
    if (seen.most - seen.bytes > (folder ? FLAT_LINES : 0))
        fail_msg("%zu bytes after epoch %d, later %zu", seen.bytes, FLAT_WARM, seen.most);
    assert_int_equal(seen.later, 0);
    assert_int_equal(seen.last_blocks, seen.blocks);
    sl_run_free(run);
    sl_ctx_free(ctx);
    assert_int_equal(memory.bytes, 0);
    made_clear(path);
}

static void U26_memory_is_flat_behind_the_first_epochs(void **unused)
{
    (void)unused;
    flat_run(false);
    flat_run(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(U26_memory_is_flat_behind_the_first_epochs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
