/* run_folder.c - fuzz: a run folder in which one file, which the first byte picks, holds these bytes. What
 * reads run folders has an answer or a sentence, and what can be drawn of it is drawn, twice the same. */
#include "run_place.h"

#include "train/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_said(sl_ctx *ctx, bool found)
{
    if (found ? sl_error(ctx) != SL_OK : sl_error(ctx) == SL_OK || !*sl_message(ctx))
        abort();
    sl_clear(ctx);
}

static void fuzz_figure(sl_ctx *ctx, const char *kind, const char *x)
{
    const char *folder = fuzz_place;
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
    const char *const folders[] = { fuzz_place, fuzz_place };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        sl_run_read(ctx, fuzz_place, keys[i]);
        sl_clear(ctx);
    }
    sl_run_setting setting;
    for (int i = 0; i < 40 && sl_run_setting_at(ctx, fuzz_place, i, &setting); i++)
        if (!setting.name || (!setting.asked && !setting.used))
            abort();
    sl_clear(ctx);
    fuzz_said(ctx, sl_run_command(ctx, fuzz_place));
    sl_differences *same = sl_run_differences(ctx, folders, 2);
    fuzz_said(ctx, same);
    if (same && same->count)
        abort();
    sl_differences_free(same);
    fuzz_said(ctx, sl_run_read_data(ctx, fuzz_place));
    sl_run_read_test(ctx, fuzz_place);
    sl_clear(ctx);
}

static void fuzz_readers(sl_ctx *ctx)
{
    sl_report *history = sl_run_read_history(ctx, fuzz_place);
    fuzz_said(ctx, history);
    sl_report *steps = sl_run_read_steps(ctx, fuzz_place);
    fuzz_said(ctx, steps);
    sl_weights_record *weights = sl_run_read_weights(ctx, fuzz_place);
    fuzz_said(ctx, weights);
    sl_activations_record *activations = sl_run_read_activations(ctx, fuzz_place);
    fuzz_said(ctx, activations);
    sl_confusion_record *confusion = sl_run_read_confusion(ctx, fuzz_place, 0);
    fuzz_said(ctx, confusion);
    sl_path_record *path = sl_run_read_path(ctx, fuzz_place);
    fuzz_said(ctx, path);
    sl_model *model = path ? sl_model_load(ctx, fuzz_place) : NULL;
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
    fuzz_run(false);
    const int which = (uint8_t)(bytes[0] - '0') % FUZZ_RUN_TEXTS;
    fuzz_place_write(fuzz_run_files[which], bytes + 1, size - 1);
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
    fuzz_run_again(which);
    return 0;
}
