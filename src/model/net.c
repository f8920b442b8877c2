/* net.c - the words of --net:
 *   net   = item {"," item}          item = [COUNT "x"] layer
 *   layer = UNITS [ACTIVATION] {key=value} | NAME {VALUE | key=value}
 * "linear" alone: no hidden layer.                                                                    */
#include "model/model.h"

#include <string.h>

enum { NET_MOST_LAYERS = 10000, NET_WORD = 64 };

typedef struct {
    sl_ctx *ctx;
    const char *net, *at;
    char word[NET_WORD];
    size_t word_start; /* of word, from the beginning of net */
    sl_layer *layers;
    int count, capacity;
    char *words; /* the words that layers point to: no more room than net itself */
    size_t used;
} net_reader;

static bool net_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next word up to a space or comma; "" at a comma or the end. False: a word too long to be one. */
static bool net_next(net_reader *r)
{
    while (net_is_space(*r->at))
        r->at++;
    r->word_start = (size_t)(r->at - r->net);
    size_t length = 0;
    while (*r->at && *r->at != ',' && !net_is_space(*r->at)) {
        if (length == NET_WORD - 1) {
            sl_fail(r->ctx, SL_EINVAL,
                    "--net: the word at character %zu is too long: layers look like '128 relu, "
                    "dropout 0.2, 64 relu'",
                    r->word_start + 1);
            return false;
        }
        r->word[length++] = *r->at++;
    }
    r->word[length] = 0;
    return true;
}

static sl_status net_wrong(net_reader *r, const char *wanted)
{
    const char *quote = *r->word ? "'" : "", *found = *r->word ? r->word : *r->at ? "a comma" : "the end";
    return sl_fail(r->ctx, SL_EINVAL,
                   "--net: found %s%s%s at character %zu: wants %s, as in '128 relu, dropout 0.2, "
                   "64 relu'",
                   quote, found, quote, r->word_start + 1, wanted);
}

static bool net_whole(const char *word, int *number)
{
    double value;
    if (*word < '0' || *word > '9' || !sl_number_parse(word, &value) || value > 2e9 || value != (int)value)
        return false;
    *number = (int)value;
    return true;
}

static sl_status net_put(net_reader *r, sl_layer layer, int times)
{
    if (times > NET_MOST_LAYERS - r->count)
        return sl_fail(r->ctx, SL_EINVAL, "--net: more than %d layers", NET_MOST_LAYERS);
    if (r->count + times > r->capacity) {
        const int capacity = (r->count + times) * 2;
        sl_layer *larger = sl_resize(r->ctx, r->layers, (size_t)capacity * sizeof *larger);
        if (!larger)
            return SL_ENOMEM;
        r->layers = larger;
        r->capacity = capacity;
    }
    for (int i = 0; i < times; i++)
        r->layers[r->count++] = layer;
    return SL_OK;
}

/* A copy of `word`, a piece of the word at hand. */
static const char *net_keep(net_reader *r, const char *word)
{
    const size_t size = strlen(word) + 1;
    char *copy = memcpy(r->words + r->used, word, size);
    r->used += size;
    return copy;
}

/* key=value, the word at hand; *valued: the layer has its units or rate. */
static sl_status net_option(net_reader *r, sl_layer *layer, bool *valued)
{
    char *value = strchr(r->word, '=') + 1;
    value[-1] = 0;
    double number;
    const bool is_number = sl_number_parse(value, &number);
    const bool is_units = !strcmp(r->word, "units"), is_rate = !strcmp(r->word, "rate"),
               is_bias = !strcmp(r->word, "bias");
    const char **text = !strcmp(r->word, "init")         ? &layer->init
                        : !strcmp(r->word, "name")       ? &layer->name
                        : !strcmp(r->word, "activation") ? &layer->activation
                                                         : NULL;
    if (!*value)
        return sl_fail(r->ctx, SL_EINVAL, "--net: nothing behind '%s='", r->word);
    if ((text && *text) || (is_units && layer->units) || (is_rate && layer->rate != 0) ||
        (is_bias && layer->no_bias))
        return sl_fail(r->ctx, SL_EINVAL, "--net: a layer's %s is given twice: '%s=%s' is the second",
                       r->word, r->word, value);
    if (text) {
        *text = net_keep(r, value);
    } else if (is_units) {
        if (!net_whole(value, &layer->units))
            return sl_fail(r->ctx, SL_EINVAL, "--net: units=%s: wants a whole number", value);
        *valued = true;
    } else if (is_rate) {
        if (!is_number)
            return sl_fail(r->ctx, SL_EINVAL, "--net: rate=%s: wants a number", value);
        layer->rate = (sl_real)number;
        *valued = true;
    } else if (is_bias) {
        layer->no_bias = !strcmp(value, "no");
        if (!layer->no_bias && strcmp(value, "yes"))
            return sl_fail(r->ctx, SL_EINVAL, "--net: bias=%s: wants yes or no", value);
    } else {
        static const char *const keys[] = { "init", "name", "activation", "units", "rate", "bias" };
        sl_fail_word(r->ctx, "option of a layer", r->word, keys, sizeof keys / sizeof *keys);
        sl_fail_at(r->ctx, "--net");
    }
    return r->ctx->status;
}

/* "100 x 16 relu", "100x16 relu": sets *times, and the word behind the x is at hand. */
static sl_status net_times(net_reader *r, int *times)
{
    const char *x = strchr(r->word, 'x');
    int number;
    if (net_whole(r->word, &number)) {
        const char *after = r->at;
        while (net_is_space(*after))
            after++;
        if (*after != 'x' || (after[1] && !strchr(" \t\n\r,0123456789", after[1])))
            return SL_OK;
        r->at = after + 1;
        *times = number;
        if (number < 1)
            return net_wrong(r, "how many times, 1 or more");
        net_next(r);
    } else if (x && x > r->word && x[1] >= '0' && x[1] <= '9') {
        char count[NET_WORD];
        memcpy(count, r->word, (size_t)(x - r->word));
        count[x - r->word] = 0;
        if (!net_whole(count, &number) || number < 1)
            return SL_OK;
        *times = number;
        memmove(r->word, x + 1, strlen(x + 1) + 1);
    }
    return r->ctx->status;
}

/* One item; the first word is at hand. */
static sl_status net_item(net_reader *r)
{
    int times = 1;
    double value;
    sl_layer layer = { 0 };
    if (net_times(r, &times))
        return r->ctx->status;
    const bool number_first = sl_number_parse(r->word, &value);
    if (!*r->word)
        return net_wrong(r, "a layer");
    if (number_first && (!net_whole(r->word, &layer.units) || layer.units < 1))
        return net_wrong(r, "how many units, a whole number from 1");
    if (!strcmp(r->word, "linear"))
        return net_wrong(r, "linear alone, which means no hidden layer, or layers");
    const sl_layer_kind *kind = sl_layer_kind_find(r->ctx, number_first ? "dense" : r->word);
    if (!kind) {
        sl_fail_at(r->ctx, "--net");
        return r->ctx->status;
    }
    layer.type = kind->name;
    bool valued = number_first;
    for (;;) {
        if (!net_next(r))
            return r->ctx->status;
        if (!*r->word)
            break;
        if (strchr(r->word, '=')) {
            if (net_option(r, &layer, &valued))
                return r->ctx->status;
        } else if (sl_number_parse(r->word, &value)) {
            if (valued)
                return net_wrong(r, "a comma before the next layer");
            valued = true;
            if (kind->value_is_rate)
                layer.rate = (sl_real)value;
            else if (!net_whole(r->word, &layer.units))
                return net_wrong(r, "a whole number of units");
        } else {
            if (layer.activation)
                return net_wrong(r, "a comma before the next layer, or key=value");
            layer.activation = net_keep(r, r->word);
        }
    }
    if (!valued)
        return net_wrong(r, kind->value_is_rate ? "the layer's rate" : "how many units the layer has");
    return net_put(r, layer, times);
}

static sl_status net_items(net_reader *r)
{
    if (!net_next(r))
        return r->ctx->status;
    const char *rest = r->at;
    while (net_is_space(*rest))
        rest++;
    if (!strcmp(r->word, "linear") && !*rest)
        return SL_OK;
    while (!net_item(r)) {
        if (*r->at != ',')
            return SL_OK;
        r->at++;
        if (!net_next(r))
            break;
    }
    return r->ctx->status;
}

/* Layers and their words in one block, which the caller frees. */
static sl_layer *net_pack(const net_reader *r, int more)
{
    const size_t layers = (size_t)r->count + (size_t)more + 1;
    sl_layer *block = sl_alloc(r->ctx, layers * sizeof *block + r->used);
    if (!block)
        return NULL;
    char *words = (char *)(block + layers);
    memcpy(words, r->words, r->used);
    for (int i = 0; i < r->count; i++) {
        block[i] = r->layers[i];
        const char **text[] = { &block[i].name, &block[i].activation, &block[i].init };
        for (size_t t = 0; t < sizeof text / sizeof *text; t++)
            if (*text[t])
                *text[t] = words + (*text[t] - r->words);
    }
    return block;
}

sl_layer *sl_net_parse(sl_ctx *ctx, const char *net, int more, int *count)
{
    net_reader r = { .ctx = ctx, .net = net, .at = net, .words = sl_alloc(ctx, strlen(net) + 1) };
    sl_layer *layers = r.words && !net_items(&r) ? net_pack(&r, more) : NULL;
    *count = r.count;
    sl_free(ctx, r.layers);
    sl_free(ctx, r.words);
    return layers;
}

sl_model *sl_model_parse(sl_ctx *ctx, const char *net)
{
    if (!ctx || ctx->status)
        return NULL;
    int count;
    sl_layer *layers = sl_net_parse(ctx, net ? net : "", 0, &count);
    sl_model *model = layers ? sl_model_new(ctx, layers) : NULL;
    sl_free(ctx, layers);
    return model;
}
