/* data_told.c - what several findings ask of a case. */
#include "diagnose/diagnose.h"
#include "optim/optim.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double told_share(const sl_case *c, double loss)
{
    if (c->outcome.diverged && !(loss - loss == 0))
        return 0;
    return c->data.chance > 0 ? 1 - loss / c->data.chance : (double)NAN;
}

double sl_case_learned(const sl_case *c)
{
    return told_share(c, c->outcome.best);
}

double sl_case_fitted(const sl_case *c)
{
    return told_share(c, c->outcome.train_best);
}

double sl_case_falling(const sl_case *c)
{
    const size_t epochs = c->outcome.epoch;
    if (epochs < 4)
        return (double)NAN;
    const double before = sl_case_epoch(c, "train_loss", epochs - epochs / 4),
                 last = sl_case_epoch(c, "train_loss", epochs);
    return before > 0 ? (before - last) / before : (double)NAN;
}

sl_optimizer sl_case_optimizer(const sl_case *c)
{
    sl_optimizer optimizer = { 0 };
    if (c->run)
        optimizer = c->run->plan.optimizer;
    else if (c->options)
        optimizer = c->options->optimizer;
    sl_optimizer_spread(c->ctx, &optimizer); /* it was in order when training began */
    return optimizer;
}

const char *sl_case_net(const sl_case *c)
{
    const char *net = c->run && c->run->plan.net ? c->run->plan.net : c->options ? c->options->net : NULL;
    return net && strcmp(net, "linear") != 0 ? net : "";
}

static bool told_norms(const sl_case *c, bool inputs)
{
    for (int i = 0; c->model && i < c->model->count; i++) {
        const char *kind = c->model->layers[i].kind->name;
        if (!strcmp(kind, "batch_norm") || !strcmp(kind, "layer_norm"))
            return true;
        if (inputs && c->model->layers[i].wants)
            return false;
    }
    return false;
}

bool sl_case_norms_inputs(const sl_case *c)
{
    return told_norms(c, true);
}

bool sl_case_norms(const sl_case *c)
{
    return told_norms(c, false);
}

/* Is a width: a whole number at the beginning of a layer, not "2 x" of a group. */
static bool told_width(const char *net, const char *at, const char *end)
{
    const char *before = at, *behind = end;
    while (before > net && before[-1] == ' ')
        before--;
    while (*behind == ' ')
        behind++;
    const bool begins = before == net || before[-1] == ',' || before[-1] == '[' ||
                        (before[-1] == 'x' && (before - 1 == net || before[-2] == ' ' ||
                                               (before[-2] >= '0' && before[-2] <= '9')));
    return begins && !(*behind == 'x' && (behind[1] == ' ' || (behind[1] >= '0' && behind[1] <= '9')));
}

bool sl_case_net_sized(const sl_case *c, int by, double rate, char net[SL_FIX_TEXT])
{
    static const char dropout[] = "dropout";
    const char *from = sl_case_net(c);
    size_t to = 0;
    if (!*from || strlen(from) >= SL_FIX_TEXT / 2)
        return false;
    for (const char *at = from; *at && to + 24 < SL_FIX_TEXT;) {
        const char *end = at;
        unsigned long width = 0;
        while (*end >= '0' && *end <= '9' && width < 1000000)
            width = width * 10 + (unsigned long)(*end++ - '0');
        if (end > at && (*end == 0 || strchr(" ,]x", *end)) && told_width(from, at, end)) {
            width = width * (unsigned long)by / 4;
            to += (size_t)snprintf(net + to, SL_FIX_TEXT - to, "%lu", width ? width : 1);
            at = end;
        } else if (rate >= 0 && !strncmp(at, dropout, sizeof dropout - 1)) {
            char number[32];
            to +=
                (size_t)snprintf(net + to, SL_FIX_TEXT - to, "dropout rate=%s", sl_number_text(number, rate));
            while (*at && *at != ',' && *at != ']')
                at++;
        } else
            net[to++] = *at++;
    }
    net[to] = 0;
    return to + 24 < SL_FIX_TEXT && strcmp(net, from) != 0;
}
