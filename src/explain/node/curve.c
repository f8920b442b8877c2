/* curve.c - what goes element by element: y by the operator's `written`, dy/dz by its `slope`. */
#include "explain/node/curve.h"

#include "core/number.h"

#include <string.h>

typedef struct { /* "p = 1/(1 + exp(-z)); -log(p) | ..": steps on the way, and what is asked for */
    char name[SL_CURVE_STEPS][16];
    char formula[SL_CURVE_STEPS][160];
    int steps;
    const char *last;
} curve_parts;

static void curve_split(curve_parts *parts, const char *written)
{
    *parts = (curve_parts){ .last = written };
    for (const char *end; (end = strstr(parts->last, "; ")) && parts->steps < SL_CURVE_STEPS;
         parts->last = end + 2) {
        const char *equals = strstr(parts->last, " = ");
        char *name = parts->name[parts->steps], *formula = parts->formula[parts->steps++];
        memcpy(name, parts->last, (size_t)(equals - parts->last));
        memcpy(formula, equals + 3, (size_t)(end - equals - 3));
    }
}

/* Of the alternative that begins here. */
static size_t curve_length(const char *formula)
{
    const char *bar = strstr(formula, " | ");
    return bar ? (size_t)(bar - formula) : strlen(formula);
}

double sl_curve_value(sl_ctx *ctx, const char *formula, const sl_named *names, int count)
{
    char one[320];
    double value = 0;
    for (const char *from = formula; from; from = from[0] ? from + 3 : NULL) {
        const size_t length = curve_length(from);
        sl_expression read;
        memcpy(one, from, length);
        one[length] = 0;
        if (sl_expression_read(&read, ctx, one))
            return 0;
        value = sl_expression_value(&read, names, count, NULL);
        sl_expression_free(&read);
        from += length;
        if (value - value == 0)
            break;
    }
    return value;
}

static void curve_set(sl_named *names, int *count, const char *name, double value)
{
    for (int i = 0; i < *count; i++)
        if (!strcmp(names[i].name, name)) {
            names[i].value = value;
            return;
        }
    names[(*count)++] = (sl_named){ name, value };
}

const char *sl_curve_steps(sl_walk *walk, const char *written, sl_named *names, int *count, sl_shape shape,
                           size_t at, bool shown)
{
    static const char *const keep[] = { "p", "q", "r", "s", "t" };
    curve_parts parts;
    curve_split(&parts, written);
    for (int s = 0; s < parts.steps; s++) {
        const double value = sl_curve_value(walk->e->ctx, parts.formula[s], names, *count);
        const char *name = keep[0];
        for (size_t k = 0; k < sizeof keep / sizeof *keep; k++)
            if (!strcmp(keep[k], parts.name[s]))
                name = keep[k];
        bool told = shown;
        for (int i = 0; i < *count; i++)
            told = told && (strcmp(names[i].name, name) != 0 || names[i].value != value);
        if (told)
            sl_explained_line(
                walk->e, 2, sl_explained_name(walk->e, !strcmp(name, "t") ? "y_soft" : name, shape, true, at),
                parts.formula[s], names, *count, value);
        curve_set(names, count, name, value);
    }
    return parts.last;
}

const char *sl_curve_number(sl_walk *walk, double number)
{
    char text[32];
    return sl_explanation_keep(walk->e, "%s", sl_number_text(text, number));
}

static bool curve_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

const char *sl_curve_spelled(sl_walk *walk, const char *formula, size_t length, const sl_spelled *names,
                             int count)
{
    sl_text text;
    sl_text_init(&text, walk->e->ctx);
    for (size_t i = 0; i < length;) {
        size_t word = i;
        while (word < length &&
               (curve_letter(formula[word]) || (formula[word] >= '0' && formula[word] <= '9')))
            word++;
        const char *put = NULL;
        for (int k = 0; k < count && word > i; k++)
            if (strlen(names[k].letter) == word - i && !memcmp(names[k].letter, formula + i, word - i))
                put = names[k].name;
        word += word == i;
        if (put)
            sl_text_put(&text, put);
        else
            sl_text_bytes(&text, formula + i, word - i);
        i = word;
    }
    const char *kept = sl_explanation_keep(walk->e, "%s", sl_text_string(&text));
    sl_text_free(&text);
    return kept;
}

const char *sl_curve_rules(sl_walk *walk, const char *written, const sl_spelled *names, int count, bool soft)
{
    sl_spelled spelled[8];
    curve_parts parts;
    memcpy(spelled, names, (size_t)count * sizeof *names);
    curve_split(&parts, written);
    for (int s = 0; s < parts.steps; s++) {
        const bool target = !strcmp(parts.name[s], "t");
        if (target && !soft)
            continue;
        sl_explanation_add(
            walk->e,
            (sl_explained){
                .kind = SL_EXPLAINED_RULE,
                .name = target ? "y_soft" : sl_explanation_keep(walk->e, "%s", parts.name[s]),
                .text = sl_curve_spelled(walk, parts.formula[s], strlen(parts.formula[s]), spelled, count) });
        for (int k = 0; target && k < count; k++)
            if (!strcmp(spelled[k].letter, "t"))
                spelled[k].name = "y_soft";
    }
    return sl_curve_spelled(walk, parts.last, curve_length(parts.last), spelled, count);
}

void sl_node_curve_forward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const sl_op *f = n->op;
    const char *from = sl_walk_name(walk, x), *to = sl_walk_name(walk, n->y);
    const char *call = sl_explanation_keep(walk->e, "%s(%s)", f->name, from);
    const sl_spelled names[] = { { "z", from }, { "a", sl_curve_number(walk, (double)n->options.number) } };
    sl_walk_rule(walk, to, n->y, call, NULL, NULL);
    const char *rule = sl_curve_rules(walk, f->written, names, 2, false);
    if (strcmp(rule, call) != 0) /* tanh(z1) = tanh(z1) says nothing */
        sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = call, .text = rule });
    sl_walk_values(walk, n->y, false);
    for (size_t i = 0; sl_walk_more(walk, n->y, &i); i++) {
        sl_named named[2 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] }, { "a", (double)n->options.number } };
        int count = 2;
        const char *last = sl_curve_steps(walk, f->written, named, &count, n->y->shape, i, true);
        sl_walk_line(walk, n->y, i, last, named, count);
    }
}

/* The operator's own, so that a wrong formula is found out; of those that have none apart, the formula's. */
double sl_node_curve_slope(sl_walk *walk, const sl_node *n, size_t i)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    if (n->op->derive) {
        const sl_real one = 1;
        sl_real slope;
        n->op->derive(SL_ISA_PLAIN, n->options.number, &slope, &one, y->v + i, x->v + i, 1);
        return (double)slope;
    }
    sl_named names[3 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] },
                                           { "y", (double)y->v[i] },
                                           { "a", (double)n->options.number } };
    int count = 3;
    const char *last = sl_curve_steps(walk, n->op->slope, names, &count, x->shape, i, false);
    return sl_curve_value(walk->e->ctx, last, names, count);
}

void sl_node_curve_backward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    const sl_op *f = n->op;
    if (!sl_walk_flows(n, 0))
        return;
    const char *from = sl_walk_name(walk, x), *to = sl_walk_name(walk, y),
               *flow = sl_walk_slope_name(walk, y);
    const char *local = sl_explanation_keep(walk->e, "d%s/d%s", to, from);
    const sl_spelled spelled[] = { { "z", from },
                                   { "y", to },
                                   { "a", sl_curve_number(walk, (double)n->options.number) } };
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x, sl_explanation_keep(walk->e, "%s * %s", flow, local),
                 NULL, NULL);
    const char *rule = sl_curve_rules(walk, f->slope, spelled, 3, false);
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = local, .text = rule });
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        sl_named names[3 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] },
                                               { "y", (double)y->v[i] },
                                               { "a", (double)n->options.number } };
        int count = 3;
        const char *last = sl_curve_steps(walk, f->slope, names, &count, x->shape, i, true);
        const double slope = sl_node_curve_slope(walk, n, i), through = (double)y->g[i];
        sl_explained_line(walk->e, 2, sl_explained_name(walk->e, local, x->shape, true, i), last, names,
                          count, slope);
        const sl_named product[] = { { "g", through }, { "s", slope } };
        sl_walk_flow(walk, n, x, i, through * slope, "g*s", product, 2, NULL);
    }
    sl_walk_flow_end(walk, n, x);
}
