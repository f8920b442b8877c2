/* run_place.h - a run folder of two epochs in the fuzz target's folder; a file that was replaced is put back.
 */
#ifndef SL_TESTS_FUZZ_RUN_PLACE_H
#define SL_TESTS_FUZZ_RUN_PLACE_H

#include "place.h"
#include "slope.h"

static const char *const fuzz_run_files[] = { "metrics.csv",      "steps.csv",        "weights.csv",
                                              "activations.csv",  "confusion.csv",    "path.bin",
                                              "run.json",         "last.safetensors", "baselines.safetensors",
                                              "model.safetensors" };
enum { FUZZ_RUN_TEXTS = 7, FUZZ_RUN_FILES = sizeof fuzz_run_files / sizeof *fuzz_run_files };
static struct {
    unsigned char *bytes[FUZZ_RUN_FILES]; /* what the run wrote; kept to the end */
    size_t size[FUZZ_RUN_FILES];
} fuzz_run_wrote;

static inline sl_status fuzz_run_stop(void *user, const sl_progress *progress)
{
    (void)user;
    return progress->step >= 3 ? SL_ESTOPPED : SL_OK;
}

/* The run is trained by the first call: two epochs of two steps. stopped: it ends before the last one. */
static inline void fuzz_run(bool stopped)
{
    if (*fuzz_place)
        return;
    char path[128];
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = "builtin:gauss?rows=60",
                                                     .net = "2 tanh",
                                                     .epochs = 2,
                                                     .out = fuzz_place_folder(),
                                                     .on_step = stopped ? fuzz_run_stop : NULL });
    if (!run || sl_run_train(run) != (stopped ? SL_ESTOPPED : SL_OK)) {
        fprintf(stderr, "%s\n", sl_message(ctx));
        abort();
    }
    sl_run_free(run);
    sl_ctx_free(ctx);
    for (int i = 0; i < FUZZ_RUN_FILES; i++)
        if (sl_os_path_kind(fuzz_place_path(path, fuzz_run_files[i])) == SL_PATH_FILE)
            fuzz_run_wrote.bytes[i] = fuzz_place_read(fuzz_run_files[i], &fuzz_run_wrote.size[i]);
}

/* The file is as the run wrote it. */
static inline void fuzz_run_again(int which)
{
    if (fuzz_run_wrote.bytes[which])
        fuzz_place_write(fuzz_run_files[which], fuzz_run_wrote.bytes[which], fuzz_run_wrote.size[which]);
    else
        fuzz_place_remove(fuzz_run_files[which]);
}

#endif
