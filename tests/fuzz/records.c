/* records.c - fuzz: a table of a run's folder, or path.bin, by the first byte, holds these bytes. There are
 * numbers, or a sentence; no figure is drawn (run_folder.c draws them), so that it goes fast. */
#include "run_place.h"

#include "train/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_records_said(sl_ctx *ctx, bool found)
{
    if (found ? sl_error(ctx) != SL_OK : sl_error(ctx) == SL_OK || !*sl_message(ctx))
        abort();
}

static void fuzz_records_report(sl_ctx *ctx, sl_report *report)
{
    fuzz_records_said(ctx, report);
    const char *name;
    for (int column = 0; report && (name = sl_report_column(report, column)); column++)
        for (int row = 0; row < sl_report_rows(report); row++)
            sl_report_at(report, row, name);
    sl_report_free(report);
}

static void fuzz_records_read(sl_ctx *ctx, int which)
{
    sl_weights_record *weights;
    sl_activations_record *activations;
    sl_confusion_record *confusion;
    sl_path_record *path;
    switch (which) {
    case 0:
        fuzz_records_report(ctx, sl_run_read_history(ctx, fuzz_place));
        break;
    case 1:
        fuzz_records_report(ctx, sl_run_read_steps(ctx, fuzz_place));
        break;
    case 2:
        weights = sl_run_read_weights(ctx, fuzz_place);
        fuzz_records_said(ctx, weights);
        sl_weights_record_free(weights);
        break;
    case 3:
        activations = sl_run_read_activations(ctx, fuzz_place);
        fuzz_records_said(ctx, activations);
        sl_activations_record_free(activations);
        break;
    case 4:
        confusion = sl_run_read_confusion(ctx, fuzz_place, 0);
        fuzz_records_said(ctx, confusion);
        sl_confusion_record_free(confusion);
        break;
    default:
        path = sl_run_read_path(ctx, fuzz_place);
        fuzz_records_said(ctx, path);
        sl_path_record_free(path);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    fuzz_run(false);
    const int which = (uint8_t)(bytes[0] - '0') % 6;
    fuzz_place_write(fuzz_run_files[which], bytes + 1, size - 1);
    sl_ctx *ctx = sl_ctx_new(NULL);
    fuzz_records_read(ctx, which);
    if (sl_ctx_bytes(ctx) || sl_ctx_peak_bytes(ctx) > (1u << 20) + size * 1000)
        abort();
    sl_ctx_free(ctx);
    fuzz_run_again(which);
    return 0;
}
