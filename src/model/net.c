/* net.c - the words of --net:
 *   net   = item {"," item}          item = [COUNT "x"] (layer | group | "[" net "]")
 *   layer = UNITS [ACTIVATION] {key=value} | ACTIVATION {key=value} | NAME {VALUE | key=value}
 *   group = NAME {key=value} "[" net "]"
 * "linear" alone: no hidden layer. Keys: of the layer (layer/words.c), name, options of its activation. */
#include "model/model.h"

#include <stdio.h>
#include <string.h>

enum { NET_WORD = 64, NET_TERMS = 1024 /* with a + in it */, NET_ACTIVATION = 160 };

typedef struct {
    sl_ctx *ctx;
    const char *net, *at;
    char word[NET_TERMS];
    size_t word_start; /* of word, from the beginning of net */
    sl_flat *layers;
    int count, capacity, depth;
    char *words; /* the words that layers point to: no more room than net itself */
    size_t used;
} net_reader;

typedef struct { /* a layer while it is read */
    sl_layer layer;
    const sl_layer_kind *kind;
    bool valued;                     /* it has the word that may stand bare */
    unsigned given;                  /* a bit for each of sl_layer_word_at */
    char activation[NET_ACTIVATION]; /* with its options: "leaky_relu slope=0.1" */
} net_layer;

static bool net_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *net_behind_spaces(const char *at)
{
    while (net_is_space(*at))
        at++;
    return at;
}

/* The next word up to a space, comma or bracket; "" where none is. False: a word too long to be one. Beside
 * + * ^ spaces end no word and are left out: "x1 + x2^2" is one. */
static bool net_next(net_reader *r)
{
    size_t length = 0;
    r->word_start = (size_t)((r->at = net_behind_spaces(r->at)) - r->net);
    while (*r->at && !strchr(",[]", *r->at) && !net_is_space(*r->at)) {
        if (length == (memchr(r->word, '+', length) ? NET_TERMS : NET_WORD) - 1)
            return !sl_fail(r->ctx, SL_EINVAL,
                            "--net: the word at character %zu is too long: layers look like "
                            "'128 relu, dropout 0.2'",
                            r->word_start + 1);
        r->word[length++] = *r->at++;
        const char *after = net_behind_spaces(r->at);
        if (strchr("+*^", r->word[length - 1]) || (*after && strchr("+*^", *after)))
            r->at = after;
    }
    r->word[length] = 0;
    return true;
}

static sl_status net_wrong(net_reader *r, const char *wanted)
{
    const char *quote = *r->word ? "'" : "";
    const char *found = *r->word        ? r->word
                        : !*r->at       ? "the end"
                        : *r->at == ',' ? "a comma"
                        : *r->at == '[' ? "["
                                        : "]";
    return sl_fail(r->ctx, SL_EINVAL,
                   "--net: found %s%s%s at character %zu: wants %s, as in '128 relu, dropout 0.2, "
                   "64 relu'",
                   quote, found, quote, r->word_start + 1, wanted);
}

static bool net_whole(const char *word, int *number)
{
    double value;
    const bool is = *word >= '0' && *word <= '9' && sl_number_parse(word, &value) && value <= INT32_MAX;
    *number = is ? (int)value : 0;
    return is && value == *number;
}

/* Room for `more` layers. */
static bool net_room(net_reader *r, int more)
{
    if (more > SL_MOST_LAYERS - r->count) {
        sl_fail(r->ctx, SL_EINVAL, "--net: more than %d layers", SL_MOST_LAYERS);
        return false;
    }
    if (r->count + more > r->capacity) {
        const int capacity = (r->count + more) * 2;
        sl_flat *larger = sl_resize(r->ctx, r->layers, (size_t)capacity * sizeof *larger);
        if (!larger)
            return false;
        r->layers = larger;
        r->capacity = capacity;
    }
    return true;
}

/* What was read from `first` on stands there `times` times. */
static sl_status net_repeat(net_reader *r, int first, int times)
{
    const int once = r->count - first;
    if (times > SL_MOST_LAYERS)
        times = SL_MOST_LAYERS + 1;
    if (!net_room(r, times > SL_MOST_LAYERS ? times : once * (times - 1)))
        return r->ctx->status;
    for (int i = 1; i < times; i++, r->count += once)
        memcpy(r->layers + r->count, r->layers + first, (size_t)once * sizeof *r->layers);
    return SL_OK;
}

/* A copy of `word`, a piece of the word at hand. */
static const char *net_keep(net_reader *r, const char *word)
{
    char *copy = strcpy(r->words + r->used, word);
    r->used += strlen(word) + 1;
    return copy;
}

static sl_status net_unknown(net_reader *r, const net_layer *l)
{
    const char *names[SL_MOST_OPTIONS + 1] = { "name" }, *name = l->kind->name;
    size_t count = 1;
    for (const sl_option *o = l->kind->options; o && o->name && count <= SL_MOST_OPTIONS; o++)
        names[count++] = o->name;
    char what[NET_WORD];
    snprintf(what, sizeof what, "option of a%s %s layer", strchr("aeiou", *name) ? "n" : "", name);
    sl_fail_word(r->ctx, what, r->word, names, count);
    sl_fail_at(r->ctx, "--net");
    return r->ctx->status;
}

/* key=value that the layer does not know, as an option of its activation; false: neither does that. */
static bool net_activation_option(net_reader *r, net_layer *l, const char *key, const char *value)
{
    char name[NET_WORD];
    const size_t length = sl_option_name_length(l->activation), used = strlen(l->activation);
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1),
             l->activation);
    const sl_op *f = sl_op_find(name);
    bool known = false;
    for (size_t i = 0; f && i < sl_options_count(f->options); i++)
        known = known || !strcmp(f->options[i].name, key);
    if (!known)
        return false;
    if (used + strlen(key) + strlen(value) + 3 > sizeof l->activation)
        sl_fail(r->ctx, SL_EINVAL, "--net: too many options behind '%s'", name);
    else
        strcat(strcat(strcat(strcat(l->activation, " "), key), "="), value);
    return true;
}

static sl_status net_set(net_reader *r, net_layer *l, const sl_layer_word *word, const char *value)
{
    const sl_option *option = sl_layer_option(l->kind, word->name);
    double number = 0;
    int whole = 0;
    if (!option)
        return net_unknown(r, l);
    if (word->kind == SL_WORD_TEXT) {
        if (word->at == offsetof(sl_layer, activation))
            snprintf(l->activation, sizeof l->activation, "%.*s", NET_ACTIVATION - 1, value);
        else
            sl_layer_set(&l->layer, word, 0, net_keep(r, value));
    } else if (word->kind == SL_WORD_WHOLE) {
        if (!sl_number_parse(value, &number))
            return sl_fail(r->ctx, SL_EINVAL, "--net: %s=%s: wants a whole number", word->name, value);
        if (!net_whole(value, &whole) || !whole) /* in the field 0 would be the default */
            sl_option_check(r->ctx, "--net", option, number);
        sl_layer_set(&l->layer, word, whole, NULL);
    } else if (word->kind == SL_WORD_REAL) {
        if (!sl_number_parse(value, &number))
            return sl_fail(r->ctx, SL_EINVAL, "--net: %s=%s: wants a number", word->name, value);
        /* in the field 0 would be the default, and a decay below 0 none */
        if (number == 0 || (number < 0 && word->at == offsetof(sl_layer, decay)))
            sl_option_check(r->ctx, "--net", option, number);
        sl_layer_set(&l->layer, word, number, NULL);
    } else {
        if (strcmp(value, "no") && strcmp(value, "yes"))
            return sl_fail(r->ctx, SL_EINVAL, "--net: %s=%s: wants yes or no", word->name, value);
        sl_layer_set(&l->layer, word, *value == 'y', NULL);
    }
    l->valued = l->valued || (l->kind->bare && !strcmp(word->name, l->kind->bare));
    return r->ctx->status;
}

/* key=value, the word at hand. */
static sl_status net_option(net_reader *r, net_layer *l)
{
    char *value = strchr(r->word, '=') + 1;
    value[-1] = 0;
    if (!*value)
        return sl_fail(r->ctx, SL_EINVAL, "--net: nothing behind '%s='", r->word);
    const sl_layer_word *word = sl_layer_word_find(r->word, strlen(r->word));
    const bool name = !strcmp(r->word, "name");
    if (!word && !name)
        return net_activation_option(r, l, r->word, value) ? r->ctx->status : net_unknown(r, l);
    const unsigned bit = name ? 1u << 31 : 1u << (word - sl_layer_word_at(0));
    if ((l->given & bit) || (word && word->at == offsetof(sl_layer, activation) && *l->activation))
        return sl_fail(r->ctx, SL_EINVAL, "--net: a layer's %s is given twice: '%s=%s' is the second",
                       r->word, r->word, value);
    l->given |= bit;
    if (!name)
        return net_set(r, l, word, value);
    l->layer.name = net_keep(r, value);
    return SL_OK;
}

/* "100 x 16 relu", "100x16 relu": sets *times, and the word behind the x is at hand. */
static sl_status net_times(net_reader *r, int *times)
{
    const char *x = strchr(r->word, 'x');
    int number;
    if (net_whole(r->word, &number)) {
        const char *after = net_behind_spaces(r->at);
        if (*after != 'x' || (after[1] && !strchr(" \t\n\r,[0123456789", after[1])))
            return SL_OK;
        r->at = after + 1;
        *times = number;
        if (number < 1)
            return net_wrong(r, "how many times, 1 or more");
        net_next(r);
    } else if (x && x > r->word && x < r->word + NET_WORD && x[1] >= '0' && x[1] <= '9') {
        char count[NET_WORD];
        snprintf(count, sizeof count, "%.*s", (int)(x - r->word), r->word);
        if (!net_whole(count, &number) || number < 1)
            return SL_OK;
        *times = number;
        memmove(r->word, x + 1, strlen(x + 1) + 1);
    }
    return r->ctx->status;
}

static bool net_is_activation(const char *word)
{
    char name[NET_WORD];
    snprintf(name, sizeof name, "%.*s", (int)sl_option_name_length(word), word);
    const sl_op *f = sl_op_find(name);
    return f && (sl_op_is_activation(f) || !strcmp(name, "identity"));
}

/* The word that may stand without its key. */
static sl_status net_bare(net_reader *r, net_layer *l)
{
    double value;
    const bool number = sl_number_parse(r->word, &value);
    const sl_layer_word *word =
        l->kind->bare ? sl_layer_word_find(l->kind->bare, strlen(l->kind->bare)) : NULL;
    const bool wants_text = word && word->kind == SL_WORD_TEXT;
    if (word && !l->valued && (number || wants_text)) {
        if (word->kind == SL_WORD_WHOLE && !net_whole(r->word, &l->layer.units))
            return net_wrong(r, "a whole number of units");
        l->given |= 1u << (word - sl_layer_word_at(0));
        return net_set(r, l, word, r->word);
    }
    if (number)
        return net_wrong(r, "a comma before the next layer");
    if (*l->activation)
        return net_wrong(r, "a comma before the next layer, or key=value");
    snprintf(l->activation, sizeof l->activation, "%.*s", NET_ACTIVATION - 1, r->word);
    return SL_OK;
}

/* The first word of an item, at hand, says what kind of layer it is. */
static sl_status net_kind(net_reader *r, net_layer *l)
{
    double value;
    if (!*r->word)
        return net_wrong(r, "a layer");
    if (sl_number_parse(r->word, &value)) {
        if (!net_whole(r->word, &l->layer.units) || l->layer.units < 1)
            return net_wrong(r, "how many units, a whole number from 1");
        l->kind = &sl_layer_dense;
        l->valued = true;
        l->given = 1;
    } else if (!strcmp(r->word, "linear")) {
        return net_wrong(r, "linear alone, which means no hidden layer, or layers");
    } else if (net_is_activation(r->word)) {
        l->kind = &sl_layer_activation;
        l->valued = true;
        snprintf(l->activation, sizeof l->activation, "%.*s", NET_ACTIVATION - 1, r->word);
    } else {
        l->kind = sl_layer_kind_find(r->ctx, r->word);
        if (!l->kind)
            sl_fail_at(r->ctx, "--net");
    }
    return r->ctx->status;
}

static sl_status net_items(net_reader *r);

/* Layers in brackets; the next character opens them. */
static sl_status net_brackets(net_reader *r)
{
    r->at++;
    if (++r->depth > SL_MOST_DEPTH)
        return sl_fail(r->ctx, SL_EINVAL, "--net: brackets in brackets, more than %d deep", SL_MOST_DEPTH);
    if (!net_next(r) || net_items(r))
        return r->ctx->status;
    if (*r->at != ']')
        return net_wrong(r, "a closing ]");
    r->at++;
    r->depth--;
    if (net_next(r) && *r->word)
        net_wrong(r, "a comma before the next layer");
    return r->ctx->status;
}

/* Behind the words of a group: its layers. */
static sl_status net_group(net_reader *r, const net_layer *l)
{
    if (*r->at != '[' || !l->kind->join) {
        char wanted[96];
        snprintf(wanted, sizeof wanted,
                 l->kind->join ? "the layers of %s in brackets: %s [64 relu, 64]" : "no brackets behind %s",
                 l->kind->name, l->kind->name);
        return net_wrong(r, wanted);
    }
    const int group = r->count - 1;
    if (net_brackets(r))
        return r->ctx->status;
    r->layers[group].inner = r->count - 1 - group;
    return SL_OK;
}

/* One item; the first word is at hand. Ends where none is. */
static sl_status net_item(net_reader *r)
{
    int times = 1;
    net_layer l = { 0 };
    const int first = r->count;
    if (net_times(r, &times))
        return r->ctx->status;
    if (!*r->word && *r->at == '[')
        return net_brackets(r) ? r->ctx->status : net_repeat(r, first, times);
    net_kind(r, &l);
    while (!r->ctx->status && net_next(r) && *r->word)
        strchr(r->word, '=') ? net_option(r, &l) : net_bare(r, &l);
    if (r->ctx->status)
        return r->ctx->status;
    if (!l.valued && l.kind->bare) {
        char wanted[96];
        snprintf(wanted, sizeof wanted,
                 l.kind->bare[0] == 'u' ? "how many units the layer has" : "the layer's %s", l.kind->bare);
        return net_wrong(r, wanted);
    }
    l.layer.type = l.kind->name;
    l.layer.activation = *l.activation ? net_keep(r, l.activation) : NULL;
    if (!net_room(r, 1))
        return r->ctx->status;
    r->layers[r->count++] = (sl_flat){ l.layer, 0 };
    if ((l.kind->join || *r->at == '[') && net_group(r, &l))
        return r->ctx->status;
    return net_repeat(r, first, times);
}

/* Items up to a closing bracket or the end; the first word is at hand. */
static sl_status net_items(net_reader *r)
{
    while (!net_item(r)) {
        if (*r->at != ',')
            return SL_OK;
        r->at++;
        if (!net_next(r))
            break;
    }
    return r->ctx->status;
}

static sl_status net_all(net_reader *r)
{
    if (!net_next(r))
        return r->ctx->status;
    if (!strcmp(r->word, "linear") && !*net_behind_spaces(r->at))
        return SL_OK;
    if (net_items(r) || !*r->at)
        return r->ctx->status;
    return net_wrong(r, "no ] where none was opened");
}

sl_flat *sl_net_read(sl_ctx *ctx, const char *net, int *count, char **words)
{
    net_reader r = { .ctx = ctx, .net = net, .at = net, .words = sl_alloc(ctx, strlen(net) + 2) };
    *count = 0;
    *words = r.words;
    if (r.words && net_room(&r, 1) && !net_all(&r)) {
        *count = r.count;
        return r.layers;
    }
    sl_free(ctx, r.layers);
    sl_free(ctx, r.words);
    *words = NULL;
    return NULL;
}
