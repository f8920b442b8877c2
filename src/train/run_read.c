/* run_read.c - what run.json says: single values, and the command that makes the run again. */
#include "train/run.h"

#include <string.h>

static const char *read_text(const sl_json *value)
{
    if (!value)
        return NULL;
    return value->kind == SL_JSON_BOOL ? (value->truth ? "true" : "false") : value->text;
}

const char *sl_run_read(sl_ctx *ctx, const char *folder, const char *key)
{
    sl_arena arena;
    if (!ctx)
        return NULL;
    if (!key) {
        sl_fail(ctx, SL_EINVAL, "sl_run_read: wants a key, as \"settings.net\"");
        return NULL;
    }
    sl_arena_init(&arena, ctx);
    const sl_json *value = sl_run_json(ctx, &arena, folder);
    for (const char *at = key; value && *at;) {
        const size_t length = strcspn(at, ".");
        value = sl_json_find(value, at, length);
        at += length + (at[length] == '.');
        if (value && *at && value->kind == SL_JSON_STRING) /* the result is a line of JSON of its own */
            value = sl_json_read(&arena, "run.json: result", value->text, value->length);
    }
    const char *kept = sl_strdup(ctx, read_text(value));
    sl_arena_free(&arena);
    return kept;
}

/* What was asked for: of numbers 0 is the default. */
static const char *read_asked(const sl_json *value)
{
    return value && value->kind == SL_JSON_NUMBER && value->number == 0 ? NULL : read_text(value);
}

typedef struct {
    int index; /* to go */
    const char *group, *name, *asked, *used;
} run_read_place;

/* All values in `object`, one level deep; those whose name `other` has too are passed over where `fresh`. */
static bool read_walk(run_read_place *at, const sl_json *object, const sl_json *other, bool used,
                      const char *group)
{
    for (const sl_json *e = object ? object->first : NULL; e; e = e->next) {
        const sl_json *twin = sl_json_get(other, e->key);
        if (e->kind == SL_JSON_OBJECT) {
            if (read_walk(at, e, twin, used, e->key))
                return true;
            continue;
        }
        if ((!used && twin) || !strcmp(e->key, "fold")) /* counted from 0, and no setting of a person's */
            continue;
        const char *asked = read_asked(used ? twin : e);
        const char *counted = used ? read_text(e) : NULL;
        if ((!counted && !asked) || at->index-- > 0)
            continue;
        *at = (run_read_place){ -1, group, e->key, asked, counted };
        return true;
    }
    return false;
}

bool sl_run_setting_at(sl_ctx *ctx, const char *folder, int index, sl_run_setting *setting)
{
    sl_arena arena;
    sl_run_setting unwanted = { 0 };
    setting = setting ? setting : &unwanted;
    *setting = (sl_run_setting){ 0 };
    if (!ctx || index < 0)
        return false;
    sl_arena_init(&arena, ctx);
    const sl_json *run = sl_run_json(ctx, &arena, folder);
    const sl_json *settings = sl_json_get(run, "settings"), *used = sl_json_get(run, "used");
    run_read_place at = { .index = index };
    const bool found =
        read_walk(&at, used, settings, true, NULL) || read_walk(&at, settings, used, false, NULL);
    if (found) {
        sl_text name;
        sl_text_init(&name, ctx);
        sl_text_add(&name, "%s%s%s", at.group ? at.group : "", at.group ? "." : "", at.name);
        setting->name = sl_strdup(ctx, sl_text_string(&name));
        setting->asked = sl_strdup(ctx, at.asked);
        setting->used = sl_strdup(ctx, at.used);
        sl_text_free(&name);
    }
    sl_arena_free(&arena);
    return found && !ctx->status;
}

static void read_put_option(sl_text *out, const char *name, const char *value)
{
    sl_text_put(out, " --");
    for (const char *c = name; *c; c++)
        sl_text_put(out, *c == '_' ? "-" : (char[]){ *c, 0 });
    sl_text_put(out, " ");
    sl_text_shell(out, value, false);
}

static void read_put_setting(sl_text *out, const sl_setting *setting, const sl_json *value)
{
    const char *name = setting->name, *text = value ? value->text : NULL;
    if (!text || (value->kind == SL_JSON_NUMBER && value->number == 0) || !strcmp(name, "data") ||
        !strcmp(name, "fold"))
        return;
    if (value->kind == SL_JSON_NUMBER && value->number < 0)
        text = !strcmp(name, "batch") ? "all" : "0"; /* -1: all, or none */
    if (!strcmp(name, "skip_checks"))
        name = "skip_check";
    if (!strcmp(name, "delimiter") && !strcmp(text, "\t"))
        text = "tab";
    if (strcmp(name, "columns") != 0) {
        read_put_option(out, name, text);
        return;
    }
    sl_text line; /* an option a line */
    sl_text_init(&line, out->ctx);
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
        sl_text_clear(&line);
        sl_text_bytes(&line, text, strcspn(text, "\n"));
        read_put_option(out, "column", sl_text_string(&line));
    }
    sl_text_free(&line);
}

const char *sl_run_command(sl_ctx *ctx, const char *folder)
{
    sl_arena arena;
    sl_text out;
    if (!ctx)
        return NULL;
    sl_arena_init(&arena, ctx);
    sl_text_init(&out, ctx);
    const sl_json *run = sl_run_json(ctx, &arena, folder), *settings = sl_json_get(run, "settings");
    if (settings) {
        sl_text_put(&out, "slope train ");
        sl_text_shell(&out, sl_json_string(settings, "data", ""), true);
        for (size_t i = 0; sl_setting_at(i); i++)
            read_put_setting(&out, sl_setting_at(i), sl_json_get(settings, sl_setting_at(i)->name));
        const sl_json *optimizer = sl_json_get(settings, "optimizer");
        for (const sl_json *word = optimizer ? optimizer->first : NULL; word; word = word->next) {
            const bool rule = !strcmp(word->key, "rule"),
                       none = word->kind == SL_JSON_NUMBER && word->number < 0;
            if (word->text)
                read_put_option(&out, rule ? "optimizer" : word->key, none ? "0" : word->text);
        }
        const sl_json *seed = sl_json_get(settings, "seed");
        if (seed && seed->text && strcmp(seed->text, "1") != 0)
            read_put_option(&out, "seed", seed->text);
    }
    const char *kept = settings && !out.failed ? sl_strdup(ctx, out.bytes) : NULL;
    if (run && !settings)
        sl_fail(ctx, SL_EFORMAT, "%s/run.json: it has no settings", folder);
    sl_text_free(&out);
    sl_arena_free(&arena);
    return kept;
}
