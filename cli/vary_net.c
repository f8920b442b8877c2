/* vary_net.c - see vary.h: a net's words with other numbers. */
#include <stdio.h>
#include <string.h>

#include "vary.h"

typedef struct {
    const char *at, *units, *rate;
    char *out;
    size_t length;
    bool add, any_units, any_dropout, failed;
} net_pen;

static void net_put(net_pen *pen, const char *bytes, size_t length)
{
    if (pen->length + length >= CLI_VARY_NET) {
        pen->failed = true;
        return;
    }
    memcpy(pen->out + pen->length, bytes, length);
    pen->length += length;
    pen->out[pen->length] = 0;
}

static size_t net_blanks(const char *at)
{
    return strspn(at, " \t\r\n");
}

static size_t net_word(const char *at)
{
    return strcspn(at, " \t\r\n,[]");
}

static bool net_number(const char *at, size_t length)
{
    return length && strspn(at, "0123456789") >= length;
}

/* Copies up to `to`; a value in front of it is left out, and `value` stands in its place. */
static void net_copy(net_pen *pen, size_t length)
{
    net_put(pen, pen->at, length);
    pen->at += length;
}

static void net_replace(net_pen *pen, size_t length, const char *value)
{
    if (value)
        net_put(pen, value, strlen(value));
    else
        net_put(pen, pen->at, length);
    pen->at += length;
}

/* The words of one layer behind its first: key=value, and (bare) a value. */
static void net_rest(net_pen *pen, const char *key, const char *value)
{
    const size_t key_length = strlen(key);
    for (;;) {
        net_copy(pen, net_blanks(pen->at));
        const size_t length = net_word(pen->at);
        if (!length)
            return;
        if (value && length > key_length && pen->at[key_length] == '=' && !memcmp(pen->at, key, key_length)) {
            net_copy(pen, key_length + 1);
            net_replace(pen, length - key_length - 1, value);
        } else if (value && *pen->at >= '0' && *pen->at <= '9') {
            net_replace(pen, length, value);
        } else {
            net_copy(pen, length);
        }
    }
}

/* One item; a group's brackets are walked through by the caller. Gives whether it is a dense layer. */
static bool net_layer(net_pen *pen)
{
    const size_t length = net_word(pen->at);
    const bool units = net_number(pen->at, length), named = length == 5 && !memcmp(pen->at, "dense", 5);
    const bool dropout = length == 7 && !memcmp(pen->at, "dropout", 7);
    if (units)
        net_replace(pen, length, pen->units);
    else
        net_copy(pen, length);
    pen->any_units = pen->any_units || units || named;
    pen->any_dropout = pen->any_dropout || dropout;
    net_rest(pen, dropout ? "rate" : "units", dropout ? pen->rate : named ? pen->units : NULL);
    return units || named;
}

static void net_items(net_pen *pen)
{
    int depth = 0;
    while (*pen->at && !pen->failed) {
        net_copy(pen, net_blanks(pen->at));
        const size_t first = net_word(pen->at), gap = net_blanks(pen->at + first);
        const char *second = pen->at + first + gap;
        bool repeated = false;
        if (net_number(pen->at, first) && net_word(second) == 1 && *second == 'x') { /* COUNT x */
            net_copy(pen, first + gap + 1);
            net_copy(pen, net_blanks(pen->at));
            repeated = true;
        }
        if (net_word(pen->at)) {
            const size_t begin = pen->length;
            const bool dense = net_layer(pen);
            if (dense && pen->add && depth == 0) {
                while (pen->length > begin && pen->out[pen->length - 1] == ' ')
                    pen->out[--pen->length] = 0;
                if (repeated) { /* 2 x 16 relu: both layers are repeated */
                    char layer[256];
                    snprintf(layer, sizeof layer, "%s", pen->out + begin);
                    pen->failed = pen->failed || strlen(layer) != pen->length - begin;
                    pen->length = begin;
                    net_put(pen, "[", 1);
                    net_put(pen, layer, strlen(layer));
                }
                net_put(pen, ", dropout ", 10);
                net_put(pen, pen->rate, strlen(pen->rate));
                net_put(pen, "]", repeated);
            }
        }
        depth += (*pen->at == '[') - (*pen->at == ']');
        if (*pen->at)
            net_copy(pen, 1);
    }
}

bool cli_vary_net(const char *net, const char *units, const char *rate, char out[CLI_VARY_NET], bool *added)
{
    net_pen pen = { .at = net, .units = units, .rate = rate, .out = out };
    out[0] = 0;
    net_items(&pen);
    *added = rate && !pen.any_dropout;
    if (*added) {
        pen = (net_pen){ .at = net, .units = units, .rate = rate, .out = out, .add = true };
        out[0] = 0;
        net_items(&pen);
    }
    return !pen.failed && (pen.any_units || (!units && pen.any_dropout));
}
