/* words.c - the fields of sl_layer as words: of --net, of model files, of messages, of the catalogue. */
#include "layer/layer.h"

#include <string.h>

static const sl_layer_word words_all[] = {
    { "units", offsetof(sl_layer, units), SL_WORD_WHOLE },
    { "activation", offsetof(sl_layer, activation), SL_WORD_TEXT },
    { "init", offsetof(sl_layer, init), SL_WORD_TEXT },
    { "rate", offsetof(sl_layer, rate), SL_WORD_REAL },
    { "bias", offsetof(sl_layer, no_bias), SL_WORD_NO },
    { "momentum", offsetof(sl_layer, momentum), SL_WORD_REAL },
    { "epsilon", offsetof(sl_layer, epsilon), SL_WORD_REAL },
    { "deviation", offsetof(sl_layer, deviation), SL_WORD_REAL },
    { "shape", offsetof(sl_layer, shape), SL_WORD_TEXT },
    { "terms", offsetof(sl_layer, terms), SL_WORD_TEXT },
    { "share", offsetof(sl_layer, share), SL_WORD_TEXT },
    { "freeze", offsetof(sl_layer, frozen), SL_WORD_YES },
    { "lr_scale", offsetof(sl_layer, lr_scale), SL_WORD_REAL },
    { "decay", offsetof(sl_layer, decay), SL_WORD_REAL },
    { "rows", offsetof(sl_layer, rows), SL_WORD_WHOLE },
    { "columns", offsetof(sl_layer, columns), SL_WORD_WHOLE },
    { "std", offsetof(sl_layer, std), SL_WORD_REAL },
    { "view", offsetof(sl_layer, view), SL_WORD_TEXT },
    { "drop", offsetof(sl_layer, drop), SL_WORD_REAL },
    { "keep", offsetof(sl_layer, no_keep), SL_WORD_NO },
};
enum { WORDS_COUNT = sizeof words_all / sizeof *words_all };

const sl_layer_word *sl_layer_word_at(size_t index)
{
    return index < WORDS_COUNT ? &words_all[index] : NULL;
}

const sl_layer_word *sl_layer_word_find(const char *name, size_t length)
{
    for (size_t i = 0; i < WORDS_COUNT; i++)
        if (strlen(words_all[i].name) == length && !memcmp(words_all[i].name, name, length))
            return &words_all[i];
    return NULL;
}

const sl_option *sl_layer_option(const sl_layer_kind *kind, const char *word)
{
    for (size_t i = 0; i < sl_options_count(kind->options); i++)
        if (!strcmp(kind->options[i].name, word))
            return &kind->options[i];
    return NULL;
}

/* A number, or a flag as 0 or 1, as it stands in the field. */
static double words_number(const sl_layer *spec, const sl_layer_word *word)
{
    const void *field = (const char *)spec + word->at;
    if (word->kind == SL_WORD_WHOLE)
        return *(const int *)field;
    return word->kind == SL_WORD_REAL ? (double)*(const sl_real *)field : *(const bool *)field;
}

const char **sl_layer_text(sl_layer *spec, const sl_layer_word *word)
{
    return (const char **)(void *)((char *)spec + word->at);
}

static const char *words_text(const sl_layer *spec, const sl_layer_word *word)
{
    return *(const char *const *)(const void *)((const char *)spec + word->at);
}

bool sl_layer_given(const sl_layer *spec, const sl_layer_word *word)
{
    return word->kind == SL_WORD_TEXT ? words_text(spec, word) != NULL : words_number(spec, word) != 0;
}

void sl_layer_set(sl_layer *spec, const sl_layer_word *word, double number, const char *text)
{
    void *field = (char *)spec + word->at;
    switch (word->kind) {
    case SL_WORD_WHOLE:
        *(int *)field = (int)number;
        break;
    case SL_WORD_REAL:
        *(sl_real *)field = (sl_real)(number == 0 && word->at == offsetof(sl_layer, decay) ? -1 : number);
        break;
    case SL_WORD_TEXT:
        *sl_layer_text(spec, word) = text;
        break;
    default:
        *(bool *)field = (number != 0) == (word->kind == SL_WORD_YES);
    }
}

/* As the word's value is written: a decay below 0 is 0. */
static double words_shown(const sl_layer *spec, const sl_layer_word *word)
{
    const double number = words_number(spec, word);
    return word->at == offsetof(sl_layer, decay) && number < 0 ? 0 : number;
}

sl_status sl_layer_check_words(sl_ctx *ctx, const sl_built *layer)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const sl_layer_word *word = &words_all[i];
        const sl_option *option = sl_layer_option(layer->kind, word->name);
        if (!sl_layer_given(&layer->spec, word))
            continue;
        if (!option) {
            sl_text known;
            sl_text_init(&known, ctx);
            for (size_t k = 0; k < sl_options_count(layer->kind->options); k++)
                sl_text_add(&known, known.length ? ", %s" : "%s", layer->kind->options[k].name);
            sl_fail(ctx, SL_EINVAL, "%s: a%s %s layer does not know %s: it knows %s", layer->name,
                    strchr("aeiou", *layer->kind->name) ? "n" : "", layer->kind->name, word->name,
                    known.length ? known.bytes : "nothing but its name");
            sl_text_free(&known);
        } else if (!option->choices) {
            double value = words_shown(&layer->spec, word);
            char text[32];
            if (word->kind == SL_WORD_REAL) /* 0.1, not the double next to its float */
                sl_number_parse(sl_real_text(text, (sl_real)value), &value);
            sl_option_check(ctx, layer->name, option, value);
        }
        if (ctx->status)
            return ctx->status;
    }
    return SL_OK;
}

static void words_put_real(sl_text *text, const sl_layer *spec, const sl_layer_word *word)
{
    sl_text_real(text, (sl_real)words_shown(spec, word));
}

void sl_layer_describe(sl_text *text, const sl_built *layer, bool named)
{
    const sl_layer *spec = &layer->spec;
    const sl_layer_kind *kind = layer->kind;
    const char *between = "";
    if (kind != &sl_layer_dense && kind != &sl_layer_activation) {
        sl_text_put(text, kind->name);
        between = " ";
    }
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const sl_layer_word *word = &words_all[i];
        const bool bare = kind->bare && !strcmp(word->name, kind->bare);
        if (!bare && !sl_layer_given(spec, word))
            continue;
        sl_text_put(text, between);
        between = " ";
        if (!bare && word->at != offsetof(sl_layer, activation))
            sl_text_add(text, "%s=", word->name);
        if (word->kind == SL_WORD_WHOLE)
            sl_text_add(text, "%d", (int)words_number(spec, word));
        else if (word->kind == SL_WORD_REAL)
            words_put_real(text, spec, word);
        else if (word->kind == SL_WORD_TEXT)
            sl_text_put(text, sl_layer_given(spec, word) ? words_text(spec, word) : "identity");
        else
            sl_text_put(text, word->kind == SL_WORD_YES ? "yes" : "no");
    }
    if (named)
        sl_text_add(text, " name=%s", layer->name);
}

void sl_layer_put(sl_text *json, bool *first, const sl_layer *spec)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const sl_layer_word *word = &words_all[i];
        if (!sl_layer_given(spec, word))
            continue;
        sl_json_key(json, first, word->name);
        if (word->kind == SL_WORD_WHOLE)
            sl_text_add(json, "%d", (int)words_number(spec, word));
        else if (word->kind == SL_WORD_REAL)
            sl_json_put_real(json, (sl_real)words_shown(spec, word));
        else if (word->kind == SL_WORD_TEXT)
            sl_json_put_string(json, words_text(spec, word));
        else
            sl_json_put_bool(json, word->kind == SL_WORD_YES);
    }
}

void sl_layer_take(sl_layer *spec, const sl_json *json)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const sl_layer_word *word = &words_all[i];
        const sl_json *value = sl_json_get(json, word->name);
        uint64_t whole;
        if (!value)
            continue;
        if (word->kind == SL_WORD_WHOLE && sl_json_whole(value, &whole))
            sl_layer_set(spec, word, whole < 1u << 30 ? (double)whole : 1u << 30, NULL); /* 0: not given */
        else if (word->kind == SL_WORD_REAL && value->kind == SL_JSON_NUMBER)
            sl_layer_set(spec, word, value->number, NULL);
        else if (word->kind == SL_WORD_TEXT && value->kind == SL_JSON_STRING)
            sl_layer_set(spec, word, 0, value->text);
        else if (word->kind >= SL_WORD_YES && value->kind == SL_JSON_BOOL)
            sl_layer_set(spec, word, value->truth, NULL);
        else
            sl_json_note(json, value,
                         word->kind == SL_WORD_WHOLE  ? "a whole number from 0 on"
                         : word->kind == SL_WORD_REAL ? "a number"
                         : word->kind == SL_WORD_TEXT ? "a text in quotes"
                                                      : "true or false");
    }
}
