/* precheck.c - the list of what is checked before the first step: see precheck.h. */
#include "diagnose/precheck.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- lines ---------------------------------------------------------------------------------------------- */

sl_precheck_line *sl_precheck_add(sl_case *c, const char *name, double value, const char *causes)
{
    struct sl_precheck_list *list = c->checks;
    if (list->count < SL_MOST_PRECHECKS)
        list->count++;
    sl_precheck_line *line = &list->line[list->count - 1];
    *line = (sl_precheck_line){ .name = name, .value = value, .ok = true, .causes = causes };
    return line;
}

void sl_precheck_wanted(sl_precheck_line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line->wanted, sizeof line->wanted, format, arguments);
    va_end(arguments);
}

void sl_precheck_say(sl_precheck_line *line, const char *format, ...)
{
    const size_t length = strlen(line->sentence);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line->sentence + length, sizeof line->sentence - length, format, arguments);
    va_end(arguments);
}

/* --- the loss at the start ------------------------------------------------------------------------------ */

/* In multiples of what knowing nothing costs. Outputs begin about as large as inputs are, and inputs that are
 * too large have a line of their own. */
static double precheck_most(const sl_data_look *d, bool entropy)
{
    const double inputs = d->in_rms > 1 ? d->in_rms : 1, most = 3 + 2 * (inputs - 1);
    return !entropy || most > 10 ? 10 : most;
}

/* A cross-entropy of classes begins near ln K, any other loss near that of the best constant answer. */
static void precheck_start(sl_case *c)
{
    static const char causes[] = ", unscaled_target, unscaled_inputs, init_too_large, wrong_loss, nan_rows, ";
    const sl_data_look *d = &c->data;
    const sl_loss *loss = c->model->loss;
    const double value = c->start.loss;
    const bool entropy =
        c->classes && (!strcmp(loss->name, "cross_entropy") || !strcmp(loss->name, "binary_cross_entropy"));
    const bool weighted = c->own->trainer->row_weights != NULL;
    const double chance = entropy ? d->uniform : d->chance;
    sl_precheck_line *line = sl_precheck_add(c, "loss at the start", value, causes);
    line->ok = value - value == 0;
    sl_precheck_say(line, "%s begins with %s", loss->name, sl_case_number(c, value));
    if (!line->ok || weighted || !(chance > 0)) {
        sl_precheck_wanted(line, "finite");
        if (weighted && line->ok)
            sl_precheck_say(line, "; rows are weighted, so there is no ln K to hold it against");
        return;
    }
    const double least = d->chance < chance ? d->chance : chance, high = precheck_most(d, entropy) * chance,
                 low = entropy ? 0.5 * least : 0;
    line->ok = value >= low && value <= high;
    if (entropy)
        sl_precheck_wanted(line, "%s to %s", sl_case_number(c, low), sl_case_number(c, high));
    else
        sl_precheck_wanted(line, "below %s", sl_case_number(c, high));
    if (entropy)
        sl_precheck_say(line, ", ln %zu = %s is to know nothing: %s of it", d->classes,
                        sl_case_number(c, chance), sl_case_number(c, value / chance));
    else
        sl_precheck_say(line, ", %s times what the best constant answer has, %s",
                        sl_case_number(c, value / chance), sl_case_number(c, chance));
}

/* --- what passes through the net ------------------------------------------------------------------------ */

static void precheck_learned(sl_case *c, const sl_one_batch *b)
{
    static const char causes[] = ", unscaled_target, unscaled_inputs, init_too_large, init_too_small, "
                                 "symmetric_weights, dead_units, saturated_units, vanishing_gradients, "
                                 "exploding_gradients, over_regularised, nan_rows, ";
    sl_precheck_line *line = sl_precheck_add(c, "one batch learned", b->last, causes);
    if (!(b->first - b->first == 0)) {
        line->ok = false;
        sl_precheck_wanted(line, "finite");
        sl_precheck_say(line, "the loss of the first %zu rows is not finite", b->rows);
        return;
    }
    sl_precheck_say(line, "%zu rows, %zu steps, %zu weights: loss from %s to %s", b->rows, b->steps,
                    b->weights, sl_case_number(c, b->first), sl_case_number(c, b->last));
    if (!(b->wanted == b->wanted)) { /* what these rows allow at best is not known */
        line->ok = b->last < b->first || b->first == 0 || b->floor == b->floor;
        sl_precheck_wanted(line, "below %s", sl_case_number(c, b->first));
        return;
    }
    line->ok = b->last <= b->wanted;
    sl_precheck_wanted(line, "below %s", sl_case_number(c, b->wanted));
    if (b->floor > 0)
        sl_precheck_say(line, "; %zu of them contradict each other, so it cannot fall below %s", b->alike,
                        sl_case_number(c, b->floor));
    if (!line->ok)
        sl_precheck_say(line,
                        ": the net cannot learn them by heart, so it is too small for them, or something "
                        "keeps their gradient from the weights");
}

static void precheck_slopes(sl_case *c, const sl_slope_check *s)
{
    sl_precheck_line *line = sl_precheck_add(c, "gradient", s->worst, "");
    sl_precheck_wanted(line, "below %s", sl_case_number(c, sl_precheck_slope_limit));
    line->ok = !(s->worst > sl_precheck_slope_limit);
    if (!s->checked)
        sl_precheck_say(line,
                        "no slope could be told from differences of the loss here: slope gradcheck does it "
                        "in double");
    else if (line->ok)
        sl_precheck_say(line, "along %zu way%s the loss changes as its gradient says, to %s of it",
                        s->checked, s->checked == 1 ? "" : "s", sl_case_number(c, s->worst));
    else
        sl_precheck_say(
            line, "along %s the gradient says %s, and the loss changes by %s: slope gradcheck says where",
            s->place ? s->place : "a parameter", sl_case_number(c, s->computed),
            sl_case_number(c, s->numerical));
    if (s->checked && line->ok && s->skipped)
        sl_precheck_say(line, "; %zu more could not be told", s->skipped);
}

static bool precheck_hidden(const sl_net_look_layer *l)
{
    return !l->last && l->built->activation && l->y == l->y;
}

/* Root mean square of what comes out. */
static double precheck_size(const sl_net_look_layer *l)
{
    return sqrt(l->y * l->y + l->mean * l->mean);
}

/* How large the numbers are behind each hidden layer, against what goes in. */
static void precheck_layers(sl_case *c)
{
    static const char causes[] = ", unscaled_inputs, init_too_large, init_too_small, vanishing_gradients, "
                                 "exploding_gradients, saturated_units, dead_units, symmetric_weights, ";
    enum { NAMED = 4 };
    const sl_net_look *look = &c->start;
    double base = c->data.inputs ? c->data.in_rms : (double)NAN, last = (double)NAN;
    int hidden = 0, named = 0;
    for (int i = 0; i < look->layers; i++)
        if (precheck_hidden(&look->layer[i])) {
            last = precheck_size(&look->layer[i]);
            base = hidden++ || base > 0 ? base : last;
        }
    if (!hidden)
        return;
    sl_precheck_line *line = sl_precheck_add(c, "layers at the start", last / base, causes);
    line->ok = line->value >= 0.05 && line->value <= 20;
    sl_precheck_wanted(line, "0.05 to 20");
    sl_precheck_say(line, "root mean square of %s %s, behind the layers: ",
                    c->data.inputs ? "inputs" : "the first layer", sl_case_number(c, base));
    for (int i = 0; i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (!precheck_hidden(l))
            continue;
        const bool shown = named < NAMED - 1 || named == hidden - 1;
        if (shown || named == NAMED - 1)
            sl_precheck_say(line, "%s%s%s%s", named ? ", " : "", shown ? l->name : "..", shown ? " " : "",
                            shown ? sl_case_number(c, precheck_size(l)) : "");
        named++;
    }
}

/* Before anything could be built. */
static void precheck_refused(sl_case *c)
{
    sl_precheck_line *line =
        sl_precheck_add(c, "data and net", (double)NAN, ", wrong_loss, nan_rows, leakage, ");
    line->ok = false;
    sl_precheck_wanted(line, "fit together");
    sl_precheck_say(line, "refused, as said above: nothing else can be measured");
}

sl_status sl_precheck_take(sl_case *c)
{
    sl_one_batch batch;
    sl_slope_check slopes;
    c->checks = sl_alloc(c->ctx, sizeof *c->checks);
    if (!c->checks)
        return c->ctx->status;
    if (c->refused || !c->own) {
        precheck_refused(c);
        return SL_OK;
    }
    if (sl_precheck_rows(c))
        return c->ctx->status;
    precheck_start(c);
    precheck_layers(c);
    if (c->data.not_finite) /* nothing can be told of such sums */
        return c->ctx->status;
    if (!sl_precheck_batch(c, &batch) && batch.weights)
        precheck_learned(c, &batch);
    if (!c->ctx->status && batch.weights && !sl_precheck_slopes(c, &slopes))
        precheck_slopes(c, &slopes);
    return c->ctx->status;
}

/* --- what is asked for ---------------------------------------------------------------------------------- */

/* The gravest finding that goes with it. */
static const char *precheck_finding(const sl_diagnosis *d, const char *causes)
{
    sl_finding f;
    for (int i = 0; sl_diagnosis_at(d, i, &f); i++) {
        const char *at = strstr(causes, f.name);
        if (at && at > causes && at[-1] == ' ' && at[strlen(f.name)] == ',')
            return f.name;
    }
    return "";
}

bool sl_diagnosis_check_at(const sl_diagnosis *d, int index, sl_precheck *check)
{
    const sl_case *c = sl_diagnosis_case(d);
    if (!c || !c->checks || index < 0 || index >= c->checks->count)
        return false;
    if (!check)
        return true;
    const sl_precheck_line *line = &c->checks->line[index];
    *check = (sl_precheck){ .name = line->name,
                            .value = line->value,
                            .wanted = line->wanted,
                            .ok = line->ok,
                            .finding = line->ok ? "" : precheck_finding(d, line->causes),
                            .sentence = line->sentence };
    return true;
}
