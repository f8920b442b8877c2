/* settings.c - fuzz: settings by their names in run.json, NAME 0 TEXT 0 NAME ..., as the playground's links
 * and `slope vary` give them. They are refused with a sentence, or written and read again as the same; and a
 * training by them is prepared and makes a step, where the memory is enough. */
#include "place.h"

#include "lent.h"

#include "train/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As run.json has them. */
static void fuzz_settings_json(const sl_run_options *options, sl_ctx *ctx, sl_text *json)
{
    bool first = false;
    sl_text_init(json, ctx);
    sl_text_put(json, "{\"settings\": {\"seed\": 1");
    sl_settings_put(json, &first, options);
    sl_text_put(json, "}}");
}

static void fuzz_settings_again(const sl_run_options *options)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_arena arena;
    sl_text once, twice;
    sl_run_options again = { .data = NULL };
    sl_arena_init(&arena, ctx);
    fuzz_settings_json(options, ctx, &once);
    const sl_json *json = sl_json_read(&arena, "again", sl_text_string(&once), once.length);
    if (!json) {
        if (sl_error(ctx) != SL_EFORMAT) /* texts that are not UTF-8 cannot be written as JSON */
            abort();
    } else if (!sl_settings_take(ctx, json, &again)) {
        fuzz_settings_json(&again, ctx, &twice);
        if (strcmp(sl_text_string(&once), sl_text_string(&twice)) != 0)
            abort();
    }
    sl_ctx_free(ctx);
}

static void fuzz_settings_run(sl_ctx *ctx, sl_run_options *options)
{
    if (!options->data || strncmp(options->data, "builtin:", 8) != 0)
        sl_setting_set(ctx, options, "data", "builtin:gauss?rows=30");
    options->keep_nothing = true;
    sl_run *run = sl_error(ctx) ? NULL : sl_run_new(ctx, options);
    if (!run == !sl_error(ctx) || (!run && !*sl_message(ctx)))
        abort();
    if (run && sl_run_to(run, 1) && !*sl_message(ctx))
        abort();
    sl_run_free(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_lent lent;
    sl_ctx *ctx = fuzz_lent_ctx(&lent, 1 << 22);
    char *text = fuzz_closed(data, size), *end = text + size;
    sl_run_options options = { .data = NULL };
    for (const char *name = text; name < end && !sl_error(ctx);) {
        const char *value = name + strlen(name) + 1;
        sl_setting_set(ctx, &options, name, value <= end ? value : "");
        if (sl_error(ctx) && !*sl_message(ctx))
            abort();
        name = value <= end ? value + strlen(value) + 1 : end;
    }
    if (!sl_error(ctx)) {
        fuzz_settings_again(&options);
        fuzz_settings_run(ctx, &options);
    }
    free(text);
    fuzz_lent_end(ctx, &lent);
    return 0;
}
