/* run_differences.c - in which settings do runs differ? By what their run.json says that they used; and where
 * it does not say so, by what they were told. */
#include "core/file.h"
#include "core/json.h"
#include "train/run.h"

#include <math.h>
#include <string.h>

typedef struct {
    sl_differences found; /* first: what is handed out is this */
    sl_ctx *ctx;
    sl_arena arena;
    const char *const *folders;
    const sl_json **run; /* [runs] run.json */
    int room;
} differ_job;

/* What says nothing of how training went: where, how fast, or the same in other words. */
static bool differ_passed(const char *key)
{
    static const char *const keys[] = { "optimizer", "threads", "isa", "least_steps", "memory" };
    bool passed = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        passed = passed || !strcmp(key, keys[i]);
    return passed;
}

static const sl_json *differ_in(const sl_json *run, const char *where, bool optimizer)
{
    const sl_json *object = sl_json_get(run, where);
    return optimizer ? sl_json_get(object, "optimizer") : object;
}

/* NULL: nothing, which is the default. */
static const sl_json *differ_said(const sl_json *object, const char *key)
{
    const sl_json *value = sl_json_get(object, key);
    if (!value || (value->kind != SL_JSON_NUMBER && value->kind != SL_JSON_STRING))
        return NULL;
    return value->kind == SL_JSON_NUMBER && value->number == 0 && strcmp(key, "fold") != 0 ? NULL : value;
}

/* A used 0 is a 0; one in the settings the default. */
static const sl_json *differ_effective(const sl_json *run, const char *key, bool optimizer)
{
    const sl_json *used = sl_json_get(differ_in(run, "used", optimizer), key);
    if (used && (used->kind == SL_JSON_NUMBER || used->kind == SL_JSON_STRING))
        return used;
    return differ_said(differ_in(run, "settings", optimizer), key);
}

static bool differ_same(const sl_json *a, const sl_json *b)
{
    if (!a || !b)
        return a == b;
    return a->kind == b->kind &&
           (a->kind == SL_JSON_NUMBER ? a->number == b->number : !strcmp(a->text, b->text));
}

static const char *differ_keep(differ_job *job, const char *text)
{
    const size_t length = strlen(text) + 1;
    char *kept = sl_arena_take(&job->arena, length);
    if (kept)
        memcpy(kept, text, length);
    return kept;
}

static sl_difference *differ_new(differ_job *job, const char *name)
{
    const size_t runs = (size_t)job->found.runs;
    if (job->found.count == job->room) {
        const int room = job->room ? job->room * 2 : 16;
        sl_difference *grown = sl_arena_take(&job->arena, (size_t)room * sizeof *grown);
        if (!grown)
            return NULL;
        if (job->found.count)
            memcpy(grown, job->found.setting, (size_t)job->found.count * sizeof *grown);
        job->found.setting = grown;
        job->room = room;
    }
    sl_difference *d = &job->found.setting[job->found.count];
    *d = (sl_difference){ .name = differ_keep(job, name) };
    d->texts = sl_arena_take(&job->arena, runs * sizeof *d->texts);
    d->numbers = sl_arena_take(&job->arena, runs * sizeof *d->numbers);
    if (job->ctx->status)
        return NULL;
    job->found.count++;
    return d;
}

static bool differ_listed(const differ_job *job, const char *name)
{
    for (int i = 0; i < job->found.count; i++)
        if (!strcmp(job->found.setting[i].name, name))
            return true;
    return false;
}

/* The net is shown as it was asked for: what was used has the output layer too. */
static const char *differ_shown(const sl_json *run, const char *key, bool optimizer)
{
    const sl_json *said = differ_said(sl_json_get(run, "settings"), key);
    const sl_json *value = differ_effective(run, key, optimizer);
    if (!optimizer && !strcmp(key, "net") && said)
        return said->text;
    if (!optimizer && !strcmp(key, "net") && value && !strchr(value->text, ','))
        return "linear";
    return value ? value->text : optimizer ? "none" : "default";
}

static void differ_look(differ_job *job, const char *key, bool optimizer)
{
    const int runs = job->found.runs;
    const char *name = !optimizer              ? key
                       : !strcmp(key, "rule")  ? "optimizer"
                       : !strcmp(key, "steps") ? "schedule_steps"
                                               : key;
    bool differ = false, asked = false, missing = false;
    for (int i = 0; i < runs; i++) {
        const sl_json *value = differ_effective(job->run[i], key, optimizer);
        const sl_json *said = differ_said(differ_in(job->run[i], "settings", optimizer), key);
        differ = differ || !differ_same(value, differ_effective(job->run[0], key, optimizer));
        asked = asked || !differ_same(said, differ_said(differ_in(job->run[0], "settings", optimizer), key));
        missing = missing || !value;
    }
    /* what one rule has and another has not is no more than that they are two rules */
    if (!differ || (optimizer && missing && !asked) || differ_listed(job, name))
        return;
    sl_difference *d = differ_new(job, name);
    bool numbers = true;
    for (int i = 0; d && i < runs; i++) {
        const char *text = differ_shown(job->run[i], key, optimizer);
        char fold[32];
        if (!optimizer && !strcmp(key, "fold") &&
            sl_number_parse(text, &d->numbers[i])) /* from 1, as folders */
            text = sl_number_text(fold, d->numbers[i] + 1);
        d->texts[i] = differ_keep(job, text);
        numbers = numbers && sl_number_parse(text, &d->numbers[i]);
    }
    if (d) {
        d->asked = asked;
        d->numbers = numbers ? d->numbers : NULL;
    }
}

/* Members of settings, of the optimizer's, of what was used, in the order in which they stand there. */
static void differ_members(differ_job *job, const char *where, bool optimizer)
{
    for (int i = 0; i < job->found.runs; i++) {
        const sl_json *object = differ_in(job->run[i], where, optimizer);
        for (const sl_json *e = object && object->kind == SL_JSON_OBJECT ? object->first : NULL;
             e && !job->ctx->status; e = e->next)
            if (optimizer || !differ_passed(e->key))
                differ_look(job, e->key, optimizer);
    }
}

/* The same name, and other rows behind it. */
static void differ_digests(differ_job *job)
{
    bool differ = false;
    for (int i = 0; i < job->found.runs; i++)
        differ = differ || strcmp(sl_json_string(job->run[i], "data_digest", ""),
                                  sl_json_string(job->run[0], "data_digest", "")) != 0;
    sl_difference *d = differ && !differ_listed(job, "data") ? differ_new(job, "data") : NULL;
    for (int i = 0; d && i < job->found.runs; i++) {
        sl_text text;
        sl_text_init(&text, job->ctx);
        sl_text_add(&text, "%s (digest %s)", sl_json_string(sl_json_get(job->run[i], "settings"), "data", ""),
                    sl_json_string(job->run[i], "data_digest", "unknown"));
        d->texts[i] = differ_keep(job, sl_text_string(&text));
        sl_text_free(&text);
    }
    if (d) {
        d->asked = true;
        d->numbers = NULL;
    }
}

static sl_status differ_read(differ_job *job)
{
    sl_ctx *ctx = job->ctx;
    for (int i = 0; i < job->found.runs && !ctx->status; i++)
        job->run[i] = sl_run_json(ctx, &job->arena, job->folders[i]);
    return ctx->status;
}

sl_differences *sl_run_differences(sl_ctx *ctx, const char *const *folders, int count)
{
    if (!ctx || ctx->status)
        return NULL;
    if (count < 1 || !folders) {
        sl_fail(ctx, SL_EINVAL, "sl_run_differences: %d run folders: wants at least 1", count);
        return NULL;
    }
    differ_job *job = sl_alloc(ctx, sizeof *job);
    if (!job)
        return NULL;
    job->ctx = ctx;
    job->folders = folders;
    job->found.runs = count;
    sl_arena_init(&job->arena, ctx);
    job->run = sl_arena_take(&job->arena, (size_t)count * sizeof *job->run);
    if (!ctx->status && !differ_read(job)) {
        differ_members(job, "settings", false);
        differ_digests(job);
        differ_members(job, "settings", true);
        differ_members(job, "used", true);
        differ_members(job, "used", false);
    }
    if (!ctx->status)
        return &job->found;
    sl_differences_free(&job->found);
    return NULL;
}

void sl_differences_free(sl_differences *differences)
{
    differ_job *job = (differ_job *)(void *)differences;
    if (!job)
        return;
    sl_arena_free(&job->arena);
    sl_free(job->ctx, job);
}
