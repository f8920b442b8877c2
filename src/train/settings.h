/* settings.h - what a run was asked for, as one table: copying, freeing, writing to run.json and reading back
 * all walk it, so a new setting is one line here. */
#ifndef SL_TRAIN_SETTINGS_H
#define SL_TRAIN_SETTINGS_H

#include "core/json.h"

typedef enum {
    SL_SETTING_TEXT,
    SL_SETTING_SOURCE,
    SL_SETTING_WHOLE,
    SL_SETTING_CHARACTER,
    SL_SETTING_SIZE,
    SL_SETTING_REAL
} sl_setting_kind;

typedef struct {
    const char *name;
    sl_setting_kind kind; /* SOURCE: a text that may be a path */
    size_t at;            /* offset in sl_run_options */
} sl_setting;

const sl_setting *sl_setting_at(size_t index); /* NULL behind the last */
/* Every text becomes a copy in ctx's memory. SL_ENOMEM. */
sl_status sl_settings_copy(sl_ctx *ctx, sl_run_options *to, const sl_run_options *from);
void sl_settings_free(sl_ctx *ctx, sl_run_options *options); /* the copies */
/* The members of a JSON object, without its braces and the seed. */
void sl_settings_put(sl_text *json, bool *first, const sl_run_options *options);
/* run: the whole of run.json. Texts are copies in ctx's memory; a path that is not found from here is given
 * as seen from the folder where the run was begun. Callbacks, folder and profile stay as they are in
 * *options. */
sl_status sl_settings_take(sl_ctx *ctx, const sl_json *run, sl_run_options *options);

/* One setting of *options, whose texts are copies, by its name in run.json ("batch", "optimizer.lr"; of the
 * optimizer also without the first part, "lr", "clip-norm", and "optimizer" is its rule) to what `slope
 * train` would be told: "0.05", "all", "he", "0" for no patience or decay. The old text is freed, the new one
 * is a copy; NULL or "": the default. Another rule keeps the words that it knows, and the others fall away.
 * SL_EINVAL: no such setting, no such number. */
sl_status sl_setting_set(sl_ctx *ctx, sl_run_options *options, const char *name, const char *text);

/* NULL: none, or it is no text. Borrowed from options. */
const char *sl_setting_text(const sl_run_options *options, const sl_setting *setting);
/* The source that run.json has under `key`; NULL for none. In ctx's memory. */
char *sl_setting_source(sl_ctx *ctx, const sl_json *run, const char *key);

#endif
