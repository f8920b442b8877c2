/* net.c - the words of --net:
 *   net   = item {"," item}          item = [COUNT "x"] layer
 *   layer = UNITS [ACTIVATION] {key=value} | NAME {VALUE | key=value}
 * "linear" alone: no hidden layer.                                                                    */
#include "model/model.h"

#include <string.h>

enum { NET_MOST_LAYERS = 100000, NET_WORD = 64 };

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
    if (!*r->word)
        return sl_fail(r->ctx, SL_EINVAL,
                       "--net: nothing stands %s: wants %s, as in '128 relu, dropout 0.2, 64 relu'",
                       r->net[r->word_start] ? "before a comma" : "at the end", wanted);
    return sl_fail(r->ctx, SL_EINVAL,
                   "--net: found '%s' at character %zu: wants %s, as in '128 relu, dropout 0.2, "
                   "64 relu'",
                   r->word, r->word_start + 1, wanted);
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

/* key=value, the word at hand. */
static sl_status net_option(net_reader *r, sl_layer *layer)
{
    char *value = strchr(r->word, '=') + 1;
    value[-1] = 0;
    double number;
    const bool is_number = sl_number_parse(value, &number);
    if (!*value)
        return sl_fail(r->ctx, SL_EINVAL, "--net: nothing behind '%s='", r->word);
    if (!strcmp(r->word, "init")) {
        layer->init = net_keep(r, value);
    } else if (!strcmp(r->word, "name")) {
        layer->name = net_keep(r, value);
    } else if (!strcmp(r->word, "activation")) {
        layer->activation = net_keep(r, value);
    } else if (!strcmp(r->word, "units")) {
        if (!net_whole(value, &layer->units))
            return sl_fail(r->ctx, SL_EINVAL, "--net: units=%s: wants a whole number", value);
    } else if (!strcmp(r->word, "rate")) {
        if (!is_number)
            return sl_fail(r->ctx, SL_EINVAL, "--net: rate=%s: wants a number", value);
        layer->rate = (sl_real)number;
    } else if (!strcmp(r->word, "bias")) {
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

/* One item; the first word is at hand. */
static sl_status net_item(net_reader *r)
{
    int times = 1, number;
    sl_layer layer = { 0 };
    bool valued = false; /* the layer's bare value was given */
    const char *x = strchr(r->word, 'x');
    if (net_whole(r->word, &number)) { /* "100 x 16 relu" */
        const char *after = r->at;
        while (net_is_space(*after))
            after++;
        if (*after == 'x' && (net_is_space(after[1]) || (after[1] >= '0' && after[1] <= '9'))) {
            r->at = after + 1;
            times = number;
            if (times < 1)
                return net_wrong(r, "how many times, 1 or more");
            if (!net_next(r))
                return r->ctx->status;
        }
    } else if (x && x > r->word && x[1] >= '0' && x[1] <= '9') { /* "100x16 relu" */
        char count[NET_WORD];
        memcpy(count, r->word, (size_t)(x - r->word));
        count[x - r->word] = 0;
        if (net_whole(count, &times) && times > 0)
            memmove(r->word, x + 1, strlen(x + 1) + 1);
        else
            times = 1;
    }
    if (net_whole(r->word, &number)) {
        layer.type = "dense";
        layer.units = number;
        if (number < 1)
            return net_wrong(r, "how many units, 1 or more");
        valued = true;
    } else {
        double value;
        if (sl_number_parse(r->word, &value))
            return net_wrong(r, "a whole number of units, 1 or more");
        if (!strcmp(r->word, "linear"))
            return net_wrong(r, "linear alone, which means no hidden layer, or layers");
        const sl_layer_kind *kind = *r->word ? sl_layer_kind_find(r->ctx, r->word) : NULL;
        if (!*r->word)
            return net_wrong(r, "a layer");
        if (!kind) {
            sl_fail_at(r->ctx, "--net");
            return r->ctx->status;
        }
        layer.type = kind->name;
    }
    for (;;) {
        if (!net_next(r))
            return r->ctx->status;
        if (!*r->word)
            break;
        double value;
        if (strchr(r->word, '=')) {
            if (net_option(r, &layer))
                return r->ctx->status;
        } else if (sl_number_parse(r->word, &value)) {
            if (valued)
                return net_wrong(r, "a comma before the next layer");
            valued = true;
            if (!strcmp(layer.type, "dropout"))
                layer.rate = (sl_real)value;
            else if (!net_whole(r->word, &layer.units))
                return net_wrong(r, "a whole number of units");
        } else {
            if (layer.activation)
                return net_wrong(r, "a comma before the next layer, or key=value");
            layer.activation = net_keep(r, r->word);
        }
    }
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
