/* registry.c - the folder is the list of checks; running them. */
#include "data/check/check.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_check sl_check_##name;
#include "data/check/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_check_##name,
static const sl_check *const checks_all[] = {
#include "data/check/index.inc"
};
#undef SL_INDEX

enum { CHECKS = sizeof checks_all / sizeof checks_all[0] };

const sl_check *sl_check_at(size_t index)
{
    return index < CHECKS ? checks_all[index] : NULL;
}

static size_t checks_word(const char **at)
{
    *at += strspn(*at, ", ");
    return strcspn(*at, ", ");
}

sl_status sl_checks_skip(sl_ctx *ctx, const char *skip)
{
    const char *names[CHECKS];
    for (size_t i = 0; i < CHECKS; i++)
        names[i] = checks_all[i]->name;
    size_t length;
    for (const char *at = skip ? skip : ""; (length = checks_word(&at)) > 0; at += length) {
        bool known = false;
        for (size_t i = 0; i < CHECKS; i++)
            known = known || (strlen(names[i]) == length && !memcmp(at, names[i], length));
        if (known)
            continue;
        char *word = sl_strndup(ctx, at, length);
        if (word)
            sl_fail_word(ctx, "check", word, names, CHECKS);
        sl_free(ctx, word);
        return ctx->status;
    }
    return SL_OK;
}

static bool checks_skipped(const char *skip, const char *name)
{
    size_t length;
    for (const char *at = skip ? skip : ""; (length = checks_word(&at)) > 0; at += length)
        if (strlen(name) == length && !memcmp(at, name, length))
            return true;
    return false;
}

sl_status sl_checks_run(const sl_check_job *job, const char *skip)
{
    sl_ctx *ctx = job->ctx;
    if (sl_checks_skip(ctx, skip))
        return ctx->status;
    sl_text sentence, wrong;
    sl_text_init(&sentence, ctx);
    sl_text_init(&wrong, ctx);
    const char *failed = NULL;
    for (size_t i = 0; i < CHECKS && !ctx->status; i++) {
        if (checks_skipped(skip, checks_all[i]->name))
            continue;
        sl_text_clear(&sentence);
        const sl_severity severity = checks_all[i]->look(job, &sentence);
        if (severity == SL_FINDS_REMARK && !ctx->status)
            sl_log(ctx, "check       %s: %s", checks_all[i]->name, sl_text_string(&sentence));
        if (severity == SL_FINDS_ERROR && !failed) {
            failed = checks_all[i]->name;
            sl_text_put(&wrong, sl_text_string(&sentence));
        }
    }
    if (failed && !ctx->status)
        sl_fail(ctx, SL_EINVAL, "%s: %s (--skip-check %s where it is meant)", job->name,
                sl_text_string(&wrong), failed);
    sl_text_free(&sentence);
    sl_text_free(&wrong);
    return ctx->status;
}
