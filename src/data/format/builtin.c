/* builtin.c - "builtin:NAME?option=value&option=value": sets that the program makes itself, by
 * data/generator. */
#include "data/format.h"
#include "data/generator.h"
#include "core/text.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

#define SL_INDEX(name) extern const sl_generator sl_generator_##name;
#include "data/generator/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_generator_##name,
static const sl_generator *const builtin_sets[] = {
#include "data/generator/index.inc"
};
#undef SL_INDEX

enum { BUILTIN_SETS = sizeof builtin_sets / sizeof builtin_sets[0] };

static const char builtin_prefix[] = "builtin:";

/* --- for the generators --------------------------------------------------------------------------- */

const sl_generator *sl_generator_at(size_t index)
{
    return index < BUILTIN_SETS ? builtin_sets[index] : NULL;
}

const char *sl_generator_nearest(const char *word)
{
    const char *names[BUILTIN_SETS];
    for (size_t i = 0; i < BUILTIN_SETS; i++)
        names[i] = builtin_sets[i]->name;
    return sl_nearest_word(word, names, BUILTIN_SETS);
}

sl_stream sl_generator_row(double seed, sl_generator_stream set, size_t row)
{
    return (
        sl_stream){ .seed = (uint64_t)seed, .purpose = SL_FOR_DATA, .a = (uint32_t)set, .b = (uint32_t)row };
}

double sl_generator_between(sl_stream *stream, double low, double high)
{
    return low + (high - low) * sl_stream_uniform(stream);
}

/* Box, Muller 1958: sqrt(-2 ln u) cos(2 pi v), u in (0, 1]. Two numbers of the stream each time. */
double sl_generator_normal(sl_stream *stream)
{
    const double u = 1.0 - sl_stream_uniform(stream);
    const double v = sl_stream_uniform(stream);
    return sqrt(-2.0 * sl_log_d(u)) * sl_cos_d(0x1.921fb54442d18p+2 * v);
}

sl_data *sl_generator_data(sl_ctx *ctx, size_t rows, int inputs, int classes)
{
    return sl_data_new(ctx, &(sl_data_plan){ .source = "",
                                             .part = "all",
                                             .shape = sl_dims(inputs),
                                             .rows = rows,
                                             .outputs = 1,
                                             .classes = classes });
}

/* --- the source ----------------------------------------------------------------------------------- */

static size_t builtin_length(const char *text, const char *ends)
{
    return strcspn(text, ends);
}

static const sl_generator *builtin_find(const char *source)
{
    const char *name = source + sizeof builtin_prefix - 1;
    const size_t length = builtin_length(name, "?");
    for (size_t i = 0; i < BUILTIN_SETS; i++)
        if (strlen(builtin_sets[i]->name) == length && !memcmp(builtin_sets[i]->name, name, length))
            return builtin_sets[i];
    return NULL;
}

static void builtin_unknown(sl_ctx *ctx, const char *source)
{
    const char *name = source + sizeof builtin_prefix - 1;
    char *word = sl_strndup(ctx, name, builtin_length(name, "?"));
    const char *near = word ? sl_generator_nearest(word) : NULL;
    sl_text names;
    sl_text_init(&names, ctx);
    for (size_t i = 0; i < BUILTIN_SETS; i++)
        sl_text_add(&names, "%s%s", i ? ", " : "", builtin_sets[i]->name);
    if (near)
        sl_fail(ctx, SL_EINVAL, "%s: there is no built-in set '%s': did you mean %s? There are %s", source,
                word, near, sl_text_string(&names));
    else if (word)
        sl_fail(ctx, SL_EINVAL, "%s: there is no built-in set '%s': there are %s", source, word,
                sl_text_string(&names));
    sl_text_free(&names);
    sl_free(ctx, word);
}

/* One of "sine|step|wedge": its number. */
static sl_status builtin_choice(sl_ctx *ctx, const char *source, const sl_option *option, const char *text,
                                double *value)
{
    const size_t length = strlen(text);
    char range[160];
    int number = 0;
    for (const char *name = option->choices; *name; number++) {
        const size_t own = builtin_length(name, "|");
        if (own == length && !memcmp(name, text, length)) {
            *value = number;
            return SL_OK;
        }
        name += own + (name[own] == '|');
    }
    return sl_fail(ctx, SL_EINVAL, "%s: %s is '%s': wants %s, %s", source, option->name, text,
                   sl_option_range(range, option), option->summary);
}

static sl_status builtin_check_value(sl_ctx *ctx, const char *source, const sl_option *option,
                                     const char *text, double *value)
{
    char low[32], high[32];
    const char *what = option->whole ? "a whole number" : "a number";
    if (option->choices)
        return builtin_choice(ctx, source, option, text, value);
    if (!sl_number_parse(text, value) || (option->whole && floor(*value) != *value))
        return sl_fail(ctx, SL_EINVAL, "%s: %s is '%s': wants %s, %s", source, option->name, text, what,
                       option->summary);
    if (!(*value >= option->low && *value <= option->high))
        return sl_fail(ctx, SL_EINVAL, "%s: %s is %s: wants %s from %s to %s, %s", source, option->name, text,
                       what, sl_number_text(low, option->low), sl_number_text(high, option->high),
                       option->summary);
    return SL_OK;
}

static sl_status builtin_unknown_option(sl_ctx *ctx, const char *source, const sl_generator *set,
                                        const char *name)
{
    sl_text names;
    sl_text_init(&names, ctx);
    for (size_t i = 0; i < sl_options_count(set->options); i++)
        sl_text_add(&names, "%s%s", i ? ", " : "", set->options[i].name);
    if (names.length)
        sl_fail(ctx, SL_EINVAL, "%s: %s has no option '%s': it has %s", source, set->name, name,
                sl_text_string(&names));
    else
        sl_fail(ctx, SL_EINVAL, "%s: %s has no options: leave ?%s out", source, set->name, name);
    sl_text_free(&names);
    return SL_EINVAL;
}

/* One "option=value", closed by a 0; its `=` is overwritten. */
static sl_status builtin_option(sl_ctx *ctx, const char *source, const sl_generator *set, char *item,
                                double values[SL_MOST_OPTIONS], bool given[SL_MOST_OPTIONS])
{
    char *equals = strchr(item, '=');
    if (!equals)
        return sl_fail(ctx, SL_EINVAL, "%s: '%s' has no value: wants option=value&option=value behind the ?",
                       source, item);
    *equals = 0;
    for (size_t i = 0; i < sl_options_count(set->options); i++) {
        if (strcmp(item, set->options[i].name) != 0)
            continue;
        if (given[i])
            return sl_fail(ctx, SL_EINVAL, "%s: %s is given twice: leave one out", source, item);
        given[i] = true;
        return builtin_check_value(ctx, source, &set->options[i], equals + 1, &values[i]);
    }
    return builtin_unknown_option(ctx, source, set, item);
}

static sl_status builtin_options(sl_ctx *ctx, const char *source, const sl_generator *set,
                                 double values[SL_MOST_OPTIONS])
{
    bool given[SL_MOST_OPTIONS] = { false };
    for (size_t i = 0; i < sl_options_count(set->options); i++)
        values[i] = set->options[i].normal;
    const char *question = strchr(source, '?');
    char *copy = sl_strdup(ctx, question ? question + 1 : "");
    if (!copy)
        return SL_ENOMEM;
    sl_status status = SL_OK;
    for (char *item = copy; *item && !status;) {
        const size_t length = builtin_length(item, "&");
        const bool more = item[length] == '&';
        item[length] = 0;
        status = builtin_option(ctx, source, set, item, values, given);
        item += length + more;
    }
    sl_free(ctx, copy);
    return status;
}

static sl_data *builtin_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    (void)how;
    const sl_generator *set = builtin_find(source);
    double values[SL_MOST_OPTIONS];
    if (!set) {
        builtin_unknown(ctx, source);
        return NULL;
    }
    if (part && strcmp(part, "all") != 0 && !set->parts) {
        sl_fail(ctx, SL_EINVAL, "%s: has no %s part, it is one piece: leave the part out%s", source, part,
                set->options ? ", or take other rows by another seed (seed=2)" : "");
        return NULL;
    }
    if (builtin_options(ctx, source, set, values))
        return NULL;
    if (!part)
        part = set->parts ? "train" : "all";
    sl_data *data = set->make(ctx, values, part);
    if (!data)
        return NULL;
    sl_free(ctx, data->source);
    sl_free(ctx, data->part);
    data->source = sl_strdup(ctx, source);
    data->part = sl_strdup(ctx, part);
    if (data->source && data->part)
        return data;
    sl_data_free(data);
    return NULL;
}

static bool builtin_recognises(sl_ctx *ctx, const char *source)
{
    (void)ctx;
    return !strncmp(source, builtin_prefix, sizeof builtin_prefix - 1);
}

static bool builtin_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    (void)ctx, (void)part;
    const sl_generator *set = builtin_find(source);
    return set && set->parts;
}

const sl_format sl_format_builtin = {
    .name = "builtin",
    .summary = "builtin:NAME?option=value&option=value (a set that the program makes itself)",
    .recognises = builtin_recognises,
    .has_part = builtin_has_part,
    .open = builtin_open,
};
