/* settings.c - see settings.h */
#include "train/settings.h"
#include "core/file.h"
#include "core/os.h"
#include "optim/optim.h"

#include <limits.h>
#include <string.h>

#define SETTING(kind, field)                                                                                 \
    {                                                                                                        \
#        field, SL_SETTING_##kind, offsetof(sl_run_options, field)                                           \
    }
/* Of the run's table. */
#define TABLE(kind, field)                                                                                   \
    {                                                                                                        \
#        field, SL_SETTING_##kind, offsetof(sl_run_options, table.field)                                     \
    }
static const sl_setting settings_all[] = {
    SETTING(SOURCE, data),       SETTING(SOURCE, test),       SETTING(SOURCE, validation),
    SETTING(TEXT, net),          SETTING(TEXT, activation),   SETTING(TEXT, task),
    SETTING(TEXT, loss),         SETTING(TEXT, init),         SETTING(TEXT, sampling),
    SETTING(TEXT, augment),      SETTING(TEXT, class_weight), SETTING(WHOLE, epochs),
    SETTING(WHOLE, steps),       SETTING(WHOLE, batch),       SETTING(WHOLE, accumulate),
    SETTING(WHOLE, lr_batch),    SETTING(WHOLE, patience),    TABLE(TEXT, target),
    TABLE(TEXT, columns),        TABLE(TEXT, numbers),        TABLE(TEXT, missing),
    TABLE(TEXT, encoding),       TABLE(TEXT, weight),         TABLE(SIZE, memory),
    TABLE(CHARACTER, delimiter), TABLE(CHARACTER, decimal),   SETTING(TEXT, target_scale),
    SETTING(REAL, interval),     SETTING(TEXT, split),        SETTING(TEXT, group),
    SETTING(TEXT, skip_checks),  SETTING(WHOLE, folds),       SETTING(WHOLE, fold),
    SETTING(TEXT, text),         SETTING(TEXT, tokenizer),    SETTING(SOURCE, vectors),
    SETTING(SOURCE, unlabelled), SETTING(TEXT, record),       SETTING(REAL, rows),
    SETTING(TEXT, weights),      SETTING(TEXT, biases),
};

const sl_setting *sl_setting_at(size_t index)
{
    return index < sizeof settings_all / sizeof *settings_all ? &settings_all[index] : NULL;
}

static const char **settings_text(sl_run_options *options, const sl_setting *setting)
{
    return (const char **)(void *)((unsigned char *)options + setting->at);
}

static bool settings_is_text(const sl_setting *setting)
{
    return setting->kind == SL_SETTING_TEXT || setting->kind == SL_SETTING_SOURCE;
}

const char *sl_setting_text(const sl_run_options *options, const sl_setting *setting)
{
    const char *text = NULL;
    if (settings_is_text(setting))
        memcpy(&text, (const unsigned char *)options + setting->at, sizeof text);
    return text;
}

static char *settings_character(sl_run_options *options, const sl_setting *setting)
{
    return (char *)options + setting->at;
}

static size_t *settings_size(sl_run_options *options, const sl_setting *setting)
{
    return (size_t *)(void *)((unsigned char *)options + setting->at);
}

static double *settings_real(sl_run_options *options, const sl_setting *setting)
{
    return (double *)(void *)((unsigned char *)options + setting->at);
}

static int *settings_whole(sl_run_options *options, const sl_setting *setting)
{
    return (int *)(void *)((unsigned char *)options + setting->at);
}

sl_status sl_settings_copy(sl_ctx *ctx, sl_run_options *to, const sl_run_options *from)
{
    *to = *from;
    for (size_t i = 0; sl_setting_at(i); i++)
        if (settings_is_text(sl_setting_at(i))) {
            const char **text = settings_text(to, sl_setting_at(i));
            *text = sl_strdup(ctx, *text);
        }
    to->optimizer.rule = sl_strdup(ctx, from->optimizer.rule);
    to->optimizer.schedule = sl_strdup(ctx, from->optimizer.schedule);
    return ctx->status;
}

void sl_settings_free(sl_ctx *ctx, sl_run_options *options)
{
    for (size_t i = 0; sl_setting_at(i); i++)
        if (settings_is_text(sl_setting_at(i)))
            sl_free(ctx, (void *)(uintptr_t)*settings_text(options, sl_setting_at(i)));
    sl_free(ctx, (void *)(uintptr_t)options->optimizer.rule);
    sl_free(ctx, (void *)(uintptr_t)options->optimizer.schedule);
}

void sl_settings_put(sl_text *json, bool *first, const sl_run_options *options)
{
    sl_run_options copy = *options;
    for (size_t i = 0; sl_setting_at(i); i++) {
        const sl_setting *setting = sl_setting_at(i);
        sl_json_key(json, first, setting->name);
        const char letter[2] = { setting->kind == SL_SETTING_CHARACTER ? *settings_character(&copy, setting)
                                                                       : 0 };
        if (setting->kind == SL_SETTING_WHOLE)
            sl_text_add(json, "%d", *settings_whole(&copy, setting));
        else if (setting->kind == SL_SETTING_SIZE)
            sl_json_put_uint64(json, *settings_size(&copy, setting));
        else if (setting->kind == SL_SETTING_CHARACTER)
            sl_json_put_string(json, *letter ? letter : NULL);
        else if (setting->kind == SL_SETTING_REAL)
            sl_json_put_number(json, *settings_real(&copy, setting));
        else
            sl_json_put_string(json, *settings_text(&copy, setting));
    }
    sl_json_key(json, first, "optimizer");
    sl_optimizer_put(json, &options->optimizer);
}

/* Where it is a path that is not found from here, it is given as seen from the folder where the run was
 * begun. */
char *sl_setting_source(sl_ctx *ctx, const sl_json *run, const char *key)
{
    const char *source = sl_json_string(sl_json_get(run, "settings"), key, NULL);
    const char *begun_in = sl_json_string(run, "begun_in", NULL);
    double number;
    const bool path = source && strncmp(source, "builtin:", 8) && !sl_number_parse(source, &number);
    if (!path || !begun_in || source[0] == '/' || sl_os_path_kind(source) != SL_PATH_NONE)
        return sl_strdup(ctx, source);
    char *there = sl_path_join(ctx, begun_in, source);
    if (!there || sl_os_path_kind(there) != SL_PATH_NONE)
        return there;
    sl_free(ctx, there);
    return sl_strdup(ctx, source); /* gone: the message names it as it was given */
}

sl_status sl_settings_take(sl_ctx *ctx, const sl_json *run, sl_run_options *options)
{
    const sl_json *settings = sl_json_get(run, "settings");
    for (size_t i = 0; sl_setting_at(i); i++) {
        const sl_setting *setting = sl_setting_at(i);
        const bool whole = setting->kind == SL_SETTING_WHOLE, real = setting->kind == SL_SETTING_REAL,
                   size = setting->kind == SL_SETTING_SIZE;
        const char *text = whole || real || size ? NULL : sl_json_string(settings, setting->name, NULL);
        const double number = whole || real ? sl_json_number(settings, setting->name, 0) : 0;
        if (whole &&
            !(number >= -1 && number <= INT_MAX && number == (int)number)) /* -1 means none, or all */
            sl_json_note(settings, sl_json_get(settings, setting->name), "a whole number from -1 on");
        else if (whole)
            *settings_whole(options, setting) = (int)number;
        else if (setting->kind == SL_SETTING_SIZE)
            *settings_size(options, setting) = (size_t)sl_json_uint64(settings, setting->name, 0);
        else if (setting->kind == SL_SETTING_CHARACTER)
            *settings_character(options, setting) = text ? *text : 0;
        else if (setting->kind == SL_SETTING_REAL)
            *settings_real(options, setting) = number;
        else
            *settings_text(options, setting) = setting->kind == SL_SETTING_SOURCE
                                                   ? sl_setting_source(ctx, run, setting->name)
                                                   : sl_strdup(ctx, text);
    }
    options->optimizer = sl_optimizer_take(sl_json_get(settings, "optimizer"));
    options->optimizer.rule = sl_strdup(ctx, options->optimizer.rule);
    options->optimizer.schedule = sl_strdup(ctx, options->optimizer.schedule);
    return ctx->status;
}
