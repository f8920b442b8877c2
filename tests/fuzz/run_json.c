/* run_json.c - fuzz: run.json of a run that was stopped holds these bytes. Settings are told, the run is
 * opened to go on, its parts are drawn again, or there is a sentence. */
#include "run_place.h"

#include "lent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_run_json_said(sl_ctx *ctx, const void *found)
{
    if (found ? sl_error(ctx) != SL_OK : sl_error(ctx) == SL_OK || !*sl_message(ctx))
        abort();
    sl_clear(ctx);
}

static void fuzz_run_json_read(sl_ctx *ctx)
{
    static const char *const keys[] = { "settings.net", "used.optimizer.lr", "status", "settings", "" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        sl_run_read(ctx, fuzz_place, keys[i]);
        sl_clear(ctx);
    }
    sl_run_setting setting;
    for (int i = 0; i < 100 && sl_run_setting_at(ctx, fuzz_place, i, &setting); i++)
        if (!setting.name || (!setting.asked && !setting.used))
            abort();
    sl_clear(ctx);
    fuzz_run_json_said(ctx, sl_run_command(ctx, fuzz_place));
    fuzz_run_json_said(ctx, sl_run_read_data(ctx, fuzz_place));
    sl_run_read_test(ctx, fuzz_place);
    sl_clear(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_run(true);
    fuzz_place_write("run.json", bytes, size);
    fuzz_lent lent;
    sl_ctx *ctx = fuzz_lent_ctx(&lent, 1 << 20);
    fuzz_run_json_read(ctx);
    sl_run_cut_part(ctx, fuzz_place, "test");
    sl_run_learned_part(ctx, fuzz_place, "validation");
    sl_run *run = sl_run_open(ctx, fuzz_place, NULL);
    fuzz_run_json_said(ctx, run);
    sl_run_free(run);
    sl_data *part = sl_run_open_part(ctx, fuzz_place, NULL, "validation");
    fuzz_run_json_said(ctx, part);
    sl_data_free(part);
    fuzz_lent_end(ctx, &lent);
    fuzz_run_again(6);
    return 0;
}
