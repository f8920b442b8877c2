/* signs.c - how signals go through a net, and other words for it. See signs.h. */
#include "diagnose/signs.h"
#include "kernel/math.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool sl_signs_hidden(const sl_net_look_layer *layer)
{
    return !layer->last && layer->built && layer->built->kind == &sl_layer_dense && layer->weight >= 0;
}

static bool signs_is(const sl_net_look_layer *layer, const char *const *names)
{
    const sl_op *f = layer->built ? layer->built->activation : NULL;
    for (; f && *names; names++)
        if (!strcmp(f->name, *names))
            return true;
    return false;
}

bool sl_signs_squashes(const sl_net_look_layer *layer)
{
    static const char *const names[] = { "sigmoid", "tanh", "hard_sigmoid", NULL };
    return signs_is(layer, names);
}

bool sl_signs_relu(const sl_net_look_layer *layer)
{
    static const char *const names[] = { "relu", "leaky_relu", "elu",        "gelu",     "gelu_tanh",
                                         "silu", "mish",       "hard_swish", "softplus", NULL };
    return signs_is(layer, names);
}

double sl_signs_backward(const sl_net_look *look, int at)
{
    const sl_net_look_layer *layer = &look->layer[at];
    const double mean = at ? look->layer[at - 1].mean : 0;
    const double in = sqrt(layer->in * layer->in + (mean == mean ? mean * mean : 0));
    return in > 0 ? layer->gradient / in * sqrt((double)layer->units) : (double)NAN;
}

double sl_signs_stride(const sl_case *c, const sl_net_look *look)
{
    double most = (double)NAN;
    for (int i = 0; look->known && i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (!l->built || l->built->kind != &sl_layer_dense || !(l->weight > 0))
            continue;
        const double stride = c->lr * sqrt(l->built->wanted[0].fan_in) / l->weight;
        if (!(most >= stride))
            most = stride;
    }
    return most;
}

/* At a longer step a weight w of slope curvature w comes back farther on the other side: of
 * v = m v + slope, w = w - lr v, where lr curvature = 2 (1 + m); of w - lr (slope + m v), 2 (1 + m) / (1 + 2
 * m).
 */
double sl_signs_reach(const sl_case *c)
{
    return 2 * (1 + c->momentum) / (c->ahead ? 1 + 2 * c->momentum : 1);
}

const char *sl_signs_reach_words(const sl_case *c)
{
    return c->ahead          ? "2 (1 + momentum) / (1 + 2 momentum) / curvature"
           : c->momentum > 0 ? "2 (1 + momentum) / curvature"
                             : "2 / curvature";
}

double sl_signs_stability(const sl_case *c, const sl_net_look *look)
{
    if (!look->known || !c->gradient_rule)
        return (double)NAN;
    return c->lr * look->curvature / sl_signs_reach(c);
}

const sl_net_look *sl_signs_latest(const sl_case *c)
{
    return c->end.known ? &c->end : &c->start;
}

double sl_signs_ramp(double value, double from, double to)
{
    if (!(value > 0) || !(from > 0) || !(to > 0))
        return value <= 0 && from > to ? 1 : 0;
    const double at = sl_log_d(value / from) / sl_log_d(to / from);
    return at > 1 ? 1 : at > 0 ? at : 0;
}

/* --- words ---------------------------------------------------------------------------------------------- */

const char *sl_signs_init(const sl_net_look_layer *layer)
{
    return sl_signs_relu(layer) ? "he" : "xavier";
}

void sl_signs_fix_init(const sl_case *c, sl_fix *fix, const char *init)
{
    const char *net = sl_case_net(c);
    sl_fix_text(fix, "init", init);
    if (!strstr(net, "init=") || strlen(net) >= SL_FIX_TEXT)
        return;
    char text[SL_FIX_TEXT];
    size_t length = 0;
    while (*net)
        if (!strncmp(net, " init=", 6)) {
            net += 6;
            net += strcspn(net, " ,]");
        } else
            text[length++] = *net++;
    text[length] = 0;
    sl_fix_text(fix, "net", text);
}

/* Up to the comma behind an item, which may hold a net in brackets. */
static size_t signs_item(const char *net)
{
    size_t length = 0;
    for (int depth = 0; net[length] && (depth || net[length] != ','); length++)
        depth += (net[length] == '[') - (net[length] == ']');
    return length;
}

void sl_signs_fix_begin(const sl_case *c, sl_draft *draft, const char *init)
{
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    if (!fix)
        return;
    fix->restarts = true;
    sl_signs_fix_init(c, fix, init);
}

bool sl_signs_fix_norm(const sl_case *c, sl_draft *draft, bool leading)
{
    const char *net = sl_case_net(c);
    char text[2 * SL_FIX_TEXT] = "";
    size_t put = 0;
    if (!*net || strstr(net, "batch_norm") || strlen(net) > SL_FIX_TEXT / 2)
        return false;
    if (leading)
        strcpy(text, "batch_norm, ");
    while (*net) { /* an item up to its comma */
        net += strspn(net, " ");
        const size_t length = signs_item(net), before = strcspn(net, "[");
        const char *times = strstr(net, " x ");
        const bool dense = (*net >= '0' && *net <= '9') || before < length,
                   several = times && times < net + (before < length ? before : length);
        const size_t head = several ? (size_t)(times - net) + 3 : 0;
        if (strlen(text) + length + 32 > sizeof text)
            return false;
        strncat(text, net, head);
        strcat(text, several && dense ? "[" : "");
        strncat(text, net + head, length - head);
        strcat(text, dense ? ", batch_norm" : "");
        strcat(text, several && dense ? "]" : "");
        put += dense;
        net += length;
        if (*net) {
            strcat(text, ", ");
            net++;
        }
    }
    sl_fix *fix = put && strlen(text) < SL_FIX_TEXT ? sl_draft_fix(draft, SL_MENDS) : NULL;
    sl_fix_text(fix, "net", text);
    return fix != NULL;
}

void sl_signs_fix_lr(const sl_case *c, sl_draft *draft, double factor)
{
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    sl_fix_number(fix, "optimizer.lr", c->lr * factor);
}

sl_fix *sl_signs_fix_batch(const sl_case *c, sl_draft *draft, size_t rows)
{
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    const size_t pieces = c->options && c->options->accumulate > 1 ? (size_t)c->options->accumulate : 1,
                 piece = (rows + pieces - 1) / pieces, batch = piece * pieces,
                 an_epoch = c->train ? (c->train->rows + batch - 1) / batch : 0;
    const double epochs = c->options && c->steps_an_epoch
                              ? (double)c->options->steps / (double)c->steps_an_epoch
                              : 0,
                 steps = ceil(epochs * (double)an_epoch);
    sl_fix_whole(fix, "batch", piece);
    if (steps > 0 && steps < INT_MAX) /* as many epochs as before */
        sl_fix_whole(fix, "steps", (size_t)steps);
    return fix;
}

static sl_fix *signs_calm(sl_draft *draft)
{
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    if (fix) {
        fix->restarts = true;
        fix->by = SL_BY_LAST;
    }
    return fix;
}

void sl_signs_fix_overfit(sl_case *c, sl_draft *draft)
{
    const sl_optimizer o = sl_case_optimizer(c);
    char net[SL_FIX_TEXT], text[SL_FIX_TEXT];
    const char *words = sl_case_net(c), *rule = o.rule ? o.rule : "adam";
    const bool apart = !strcmp(rule, "adamw") || !strcmp(rule, "lion"), two = o.decay > 0;
    if (c->options)
        sl_fix_number(signs_calm(draft), "optimizer.decay", two ? (double)o.decay * 10 : apart ? 0.3 : 0.01);
    if (sl_case_net_sized(c, 1, -1, net))
        sl_fix_text(signs_calm(draft), "net", net);
    if (*words && !strstr(words, "dropout") && sl_text_fit(words, text, sizeof text) < SL_FIX_TEXT - 20) {
        snprintf(net, sizeof net, "%.180s, dropout 0.3", words);
        sl_fix_text(signs_calm(draft), "net", net);
    }
}
