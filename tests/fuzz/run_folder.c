/* run_folder.c - fuzz: a run folder in which one file, which the first byte picks, holds these bytes. What
 * reads run folders has an answer or a sentence, and what can be drawn of it is drawn, twice the same. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "slope.h"
#include "train/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const fuzz_files[] = { "metrics.csv",   "steps.csv", "weights.csv", "activations.csv",
                                          "confusion.csv", "path.bin",  "run.json" };
enum { FUZZ_FILES = sizeof fuzz_files / sizeof *fuzz_files };
typedef struct {
    char folder[64];
    uint8_t *bytes[FUZZ_FILES]; /* what the run wrote, put back after each input */
    size_t size[FUZZ_FILES];
} fuzz_place;
static fuzz_place fuzz_run;

static void fuzz_path(char path[128], const char *name)
{
    snprintf(path, 128, "%s/%s", fuzz_run.folder, name);
}

static void fuzz_write(int which, const uint8_t *bytes, size_t size)
{
    char path[128];
    fuzz_path(path, fuzz_files[which]);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
        abort();
}

static void fuzz_keep(int which)
{
    char path[128];
    fuzz_path(path, fuzz_files[which]);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        abort();
    fuzz_run.size[which] = (size_t)ftell(file);
    rewind(file);
    fuzz_run.bytes[which] = malloc(fuzz_run.size[which] + 1);
    if (!fuzz_run.bytes[which] ||
        fread(fuzz_run.bytes[which], 1, fuzz_run.size[which], file) != fuzz_run.size[which])
        abort();
    fclose(file);
}

static void fuzz_clear(void)
{
    static const char *const others[] = { "model.safetensors", "last.safetensors", "baselines.safetensors" };
    char path[128];
    for (int i = 0; i < FUZZ_FILES; i++) {
        fuzz_path(path, fuzz_files[i]);
        unlink(path);
        free(fuzz_run.bytes[i]);
        fuzz_run.bytes[i] = NULL;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        fuzz_path(path, others[i]);
        unlink(path);
    }
    rmdir(fuzz_run.folder);
}

static void fuzz_train(void)
{
    strcpy(fuzz_run.folder, "/tmp/slope-fuzz-XXXXXX");
    if (!mkdtemp(fuzz_run.folder) || rmdir(fuzz_run.folder))
        abort();
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run *run = sl_run_new(
        ctx, &(sl_run_options){
                 .data = "builtin:gauss?rows=60", .net = "2 tanh", .epochs = 2, .out = fuzz_run.folder });
    if (!run || sl_run_train(run)) {
        fprintf(stderr, "%s\n", sl_message(ctx));
        abort();
    }
    sl_run_free(run);
    sl_ctx_free(ctx);
    for (int i = 0; i < FUZZ_FILES; i++)
        fuzz_keep(i);
    atexit(fuzz_clear);
}

static void fuzz_said(sl_ctx *ctx, bool found)
{
    if (found ? sl_error(ctx) != SL_OK : sl_error(ctx) == SL_OK || !*sl_message(ctx))
        abort();
    sl_clear(ctx);
}

static void fuzz_figure(sl_ctx *ctx, const char *kind, const char *x)
{
    const char *folder = fuzz_run.folder;
    uint64_t digest = 0;
    for (int again = 0; again < 2; again++) {
        sl_figure *figure =
            sl_figure_make(ctx, kind, &(sl_figure_request){ .runs = &folder, .run_count = 1, .x = x });
        fuzz_said(ctx, figure);
        if (!figure) {
            if (again && digest)
                abort();
            break;
        }
        const char *text = sl_figure_text(figure, 60, 0, true, again);
        if (!text || !*text || !sl_figure_script(figure, "svg", 0, 0, -1))
            abort();
        if (again && sl_figure_digest(figure) != digest)
            abort();
        digest = sl_figure_digest(figure);
        sl_figure_free(figure);
        if (!digest)
            break;
    }
}

static void fuzz_json(sl_ctx *ctx)
{
    static const char *const keys[] = { "settings.net",
                                        "used.optimizer.lr",
                                        "result.test_accuracy",
                                        "version",
                                        "settings",
                                        "",
                                        ".",
                                        "used..",
                                        "result.result",
                                        "status" };
    const char *const folders[] = { fuzz_run.folder, fuzz_run.folder };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        sl_run_read(ctx, fuzz_run.folder, keys[i]);
        sl_clear(ctx);
    }
    sl_run_setting setting;
    for (int i = 0; i < 40 && sl_run_setting_at(ctx, fuzz_run.folder, i, &setting); i++)
        if (!setting.name || (!setting.asked && !setting.used))
            abort();
    sl_clear(ctx);
    fuzz_said(ctx, sl_run_command(ctx, fuzz_run.folder));
    sl_differences *same = sl_run_differences(ctx, folders, 2);
    fuzz_said(ctx, same);
    if (same && same->count)
        abort();
    sl_differences_free(same);
    fuzz_said(ctx, sl_run_read_data(ctx, fuzz_run.folder));
    sl_run_read_test(ctx, fuzz_run.folder);
    sl_clear(ctx);
}

static void fuzz_readers(sl_ctx *ctx)
{
    sl_report *history = sl_run_read_history(ctx, fuzz_run.folder);
    fuzz_said(ctx, history);
    sl_report *steps = sl_run_read_steps(ctx, fuzz_run.folder);
    fuzz_said(ctx, steps);
    sl_weights_record *weights = sl_run_read_weights(ctx, fuzz_run.folder);
    fuzz_said(ctx, weights);
    sl_activations_record *activations = sl_run_read_activations(ctx, fuzz_run.folder);
    fuzz_said(ctx, activations);
    sl_confusion_record *confusion = sl_run_read_confusion(ctx, fuzz_run.folder, 0);
    fuzz_said(ctx, confusion);
    sl_path_record *path = sl_run_read_path(ctx, fuzz_run.folder);
    fuzz_said(ctx, path);
    sl_model *model = path ? sl_model_load(ctx, fuzz_run.folder) : NULL;
    for (int p = 0; model && p < path->points && p < 3; p++) {
        sl_path_take(path, p, model);
        sl_clear(ctx);
    }
    sl_model_free(model);
    sl_path_record_free(path);
    sl_confusion_record_free(confusion);
    sl_activations_record_free(activations);
    sl_weights_record_free(weights);
    sl_report_free(steps);
    sl_report_free(history);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    if (!*fuzz_run.folder)
        fuzz_train();
    const int which = (uint8_t)(bytes[0] - '0') % FUZZ_FILES;
    fuzz_write(which, bytes + 1, size - 1);
    sl_ctx *ctx = sl_ctx_new(NULL);
    if (which == 6)
        fuzz_json(ctx);
    fuzz_readers(ctx);
    static const char *const figures[] = { "curves",     "gradients", "weights",
                                           "saturation", "schedule",  "compare" };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        fuzz_figure(ctx, figures[i], NULL);
    fuzz_figure(ctx, "curves", "step");
    if (which >= 4)
        fuzz_figure(ctx, "confusion", NULL);
    if (which == 5)
        fuzz_figure(ctx, "landscape", NULL);
    if (sl_ctx_peak_bytes(ctx) > (64u << 20) + size * 1000)
        abort();
    sl_ctx_free(ctx);
    fuzz_write(which, fuzz_run.bytes[which], fuzz_run.size[which]);
    return 0;
}
