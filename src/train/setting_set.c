/* setting_set.c - one setting changed by its name. */
#include "core/number.h"
#include "optim/optim.h"
#include "train/settings.h"

#include <limits.h>
#include <string.h>

enum { SET_NAME = 64 };
static const char set_optimizer[] = "optimizer.";

static void *set_at(sl_run_options *options, size_t at)
{
    return (unsigned char *)options + at;
}

static sl_status set_text(sl_ctx *ctx, const char **at, const char *text)
{
    char *copy = text && *text ? sl_strdup(ctx, text) : NULL;
    if (ctx->status)
        return ctx->status;
    sl_free(ctx, (void *)(uintptr_t)*at);
    *at = copy;
    return SL_OK;
}

static sl_status set_wants(sl_ctx *ctx, const char *name, const char *text, const char *wanted)
{
    return sl_fail(ctx, SL_EINVAL, "setting %s is '%s': wants %s", name, text, wanted);
}

static sl_status set_real(sl_ctx *ctx, const char *name, const char *text, double *value)
{
    double number = 0;
    if (text && *text && (!sl_number_parse(text, &number) || !(number > -1e30 && number < 1e30)))
        return set_wants(ctx, name, text, "a number");
    *value = number;
    return SL_OK;
}

/* 0 is the default to the library, and none to whoever writes it. */
static sl_status set_whole(sl_ctx *ctx, const char *name, const char *text, int *value)
{
    uint64_t number = 0;
    const bool all = text && (!strcmp(text, "-1") || (!strcmp(name, "batch") && !strcmp(text, "all")));
    if (text && *text && !all && (!sl_integer_parse(text, &number) || number > INT_MAX))
        return set_wants(ctx, name, text,
                         !strcmp(name, "batch") ? "a whole number, or all" : "a whole number");
    const bool none = text && *text && !number && !strcmp(name, "patience");
    *value = all || none ? -1 : (int)number;
    return SL_OK;
}

static sl_status set_character(sl_ctx *ctx, const char *name, const char *text, char *value)
{
    const bool tab = text && !strcmp(text, "tab");
    if (text && *text && text[1] && !tab)
        return set_wants(ctx, name, text, "one character, or tab");
    *value = tab ? '\t' : text ? *text : 0;
    return SL_OK;
}

static sl_status set_size(sl_ctx *ctx, const char *name, const char *text, size_t *value)
{
    uint64_t number = 0;
    if (text && *text && (!sl_integer_parse(text, &number) || number > SIZE_MAX))
        return set_wants(ctx, name, text, "a whole number of bytes");
    *value = (size_t)number;
    return SL_OK;
}

static sl_status set_by_table(sl_ctx *ctx, sl_run_options *options, const sl_setting *setting,
                              const char *text)
{
    void *at = set_at(options, setting->at);
    switch (setting->kind) {
    case SL_SETTING_WHOLE:
        return set_whole(ctx, setting->name, text, at);
    case SL_SETTING_REAL:
        return set_real(ctx, setting->name, text, at);
    case SL_SETTING_CHARACTER:
        return set_character(ctx, setting->name, text, at);
    case SL_SETTING_SIZE:
        return set_size(ctx, setting->name, text, at);
    default:
        return set_text(ctx, at, text);
    }
}

/* Options behind the rule's name go where the struct has them, so that one of them can be changed alone. */
static sl_status set_spread(sl_ctx *ctx, sl_optimizer *optimizer)
{
    const char *before = optimizer->rule;
    if (sl_optimizer_spread(ctx, optimizer) || optimizer->rule == before)
        return ctx->status;
    const char *name = optimizer->rule; /* the registry's */
    optimizer->rule = before;
    return set_text(ctx, &optimizer->rule, name);
}

static sl_status set_rule(sl_ctx *ctx, sl_optimizer *optimizer, const char *text)
{
    sl_optimizer wanted = { .rule = text && *text ? text : NULL }, set;
    const sl_rule *rule = sl_rule_find(ctx, &wanted, &set);
    if (!rule || set_spread(ctx, optimizer) || set_text(ctx, &optimizer->rule, text))
        return ctx->status;
    sl_optimizer given = { .rule = text && *text ? text : NULL };
    if (sl_optimizer_spread(ctx, &given)) /* what stands behind the name is not to be given twice */
        return ctx->status;
    const sl_optimizer_word *word;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++)
        if (!sl_rule_option(rule, word->name) || *sl_optimizer_value(&given, word) != 0)
            *sl_optimizer_value(optimizer, word) = 0;
    return SL_OK;
}

/* true: `name` is the optimizer's, and was set or has failed. */
static bool set_by_optimizer(sl_ctx *ctx, sl_optimizer *optimizer, const char *name, const char *text)
{
    double value = 0;
    const sl_optimizer_word *word;
    if (!strcmp(name, "rule"))
        return set_rule(ctx, optimizer, text), true;
    if (!strcmp(name, "schedule"))
        return set_text(ctx, &optimizer->schedule, text), true;
    if (!strcmp(name, "warmup"))
        return set_real(ctx, name, text, &optimizer->warmup), true;
    if (!strcmp(name, "steps"))
        return set_size(ctx, name, text, &optimizer->steps), true;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++)
        if (!strcmp(word->name, name)) {
            if (set_real(ctx, name, text, &value) || set_spread(ctx, optimizer))
                return true;
            const bool none = text && *text && value <= 0 && word->at == offsetof(sl_optimizer, decay);
            *sl_optimizer_value(optimizer, word) = none ? -1 : (sl_real)value;
            return true;
        }
    return false;
}

/* As `slope train` has it -> as run.json has it. */
static void set_name(const char *name, char known[SET_NAME])
{
    size_t i = 0;
    for (; name[i] && i < SET_NAME - 1; i++)
        known[i] = name[i] == '-' ? '_' : name[i];
    known[i] = 0;
    if (!strcmp(known, "column") || !strcmp(known, "skip_check"))
        known[i] = 's', known[i + 1] = 0;
    if (!strcmp(known, "optimizer"))
        strcpy(known, "optimizer.rule");
}

sl_status sl_setting_set(sl_ctx *ctx, sl_run_options *options, const char *name, const char *text)
{
    char known[SET_NAME];
    const size_t prefix = sizeof set_optimizer - 1;
    if (ctx->status)
        return ctx->status;
    set_name(name ? name : "", known);
    for (size_t i = 0; sl_setting_at(i); i++)
        if (!strcmp(sl_setting_at(i)->name, known))
            return set_by_table(ctx, options, sl_setting_at(i), text);
    const bool prefixed = !strncmp(known, set_optimizer, prefix);
    if (set_by_optimizer(ctx, &options->optimizer, prefixed ? known + prefix : known, text))
        return ctx->status;
    return sl_fail(
        ctx, SL_EINVAL,
        "unknown setting '%s': wants an option of `slope train` that run.json records, such as lr, "
        "batch, net, clip-norm",
        name ? name : "");
}
