/* registry.c - the losses of this folder by word, and what is computed alike for all of them. */
#include "loss/loss.h"

#include <stdio.h>
#include <string.h>

#define SL_INDEX(name) extern const sl_loss sl_loss_##name;
#include "loss/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_loss_##name,
static const sl_loss *const loss_registry[] = {
#include "loss/index.inc"
    NULL
};
#undef SL_INDEX
enum { LOSS_COUNT = sizeof loss_registry / sizeof *loss_registry - 1, LOSS_WORD = 64 };

const sl_loss *sl_loss_at(size_t index)
{
    return index < LOSS_COUNT ? loss_registry[index] : NULL;
}

static const sl_loss *loss_named(sl_ctx *ctx, const char *name)
{
    const char *names[LOSS_COUNT];
    for (size_t i = 0; i < LOSS_COUNT; i++) {
        names[i] = loss_registry[i]->name;
        if (!strcmp(names[i], name) || (loss_registry[i]->alias && !strcmp(loss_registry[i]->alias, name)))
            return loss_registry[i];
    }
    if (!strcmp(name, "accuracy")) {
        sl_fail(ctx, SL_EINVAL,
                "accuracy cannot be trained on: it is flat almost everywhere, so its gradient is 0: "
                "take cross_entropy or binary_cross_entropy, and watch the accuracy");
        return NULL;
    }
    const char *aliases[LOSS_COUNT]; /* "msee" is near mse, and mse is as good as its long name */
    size_t count = 0;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        if (loss_registry[i]->alias)
            aliases[count++] = loss_registry[i]->alias;
    if (!sl_nearest_word(name, names, LOSS_COUNT) && sl_nearest_word(name, aliases, count))
        sl_fail_word(ctx, "loss", name, aliases, count);
    else
        sl_fail_word(ctx, "loss", name, names, LOSS_COUNT);
    return NULL;
}

static bool loss_has_number(const sl_loss *loss)
{
    return !loss->options->choices;
}

const sl_loss *sl_loss_find(sl_ctx *ctx, const char *text, sl_loss_values *values)
{
    char name[LOSS_WORD], place[LOSS_WORD + 8];
    double given[SL_MOST_OPTIONS];
    const size_t length = sl_option_name_length(text);
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
    const sl_loss *loss = loss_named(ctx, name);
    if (!loss)
        return NULL;
    snprintf(place, sizeof place, "loss %s", loss->name);
    if (sl_options_read(ctx, place, loss->options, text + length, given, NULL))
        return NULL;
    const bool numbered = loss_has_number(loss);
    if (values)
        *values = (sl_loss_values){ .number = numbered ? (sl_real)given[0] : 0, .sum = given[numbered] != 0 };
    return loss;
}

/* The double that a number was read from: 0.1 rather than 0.100000001490116. */
static double loss_number(sl_real number)
{
    char text[32];
    double value = (double)number;
    sl_number_parse(sl_real_text(text, number), &value);
    return value;
}

void sl_loss_describe(const sl_loss *loss, const sl_loss_values *values, sl_text *text)
{
    double all[SL_MOST_OPTIONS] = { 0 };
    if (loss_has_number(loss))
        all[0] = loss_number(values->number);
    all[loss_has_number(loss)] = values->sum;
    sl_options_describe(text, loss->name, loss->options, all);
}

sl_tensor *sl_loss_apply(sl_tape *tape, const sl_loss *loss, const sl_loss_values *values,
                         sl_tensor *prediction, const sl_tensor *target, const sl_tensor *weights)
{
    return sl_apply_loss(tape, loss->op, prediction, target, weights, values->number, values->sum);
}

sl_tensor *sl_loss_of(sl_tape *tape, const char *text, sl_tensor *prediction, const sl_tensor *target,
                      const sl_tensor *weights)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    if (!ctx || ctx->status)
        return NULL;
    if (!prediction || !target) {
        sl_fail(ctx, SL_EINVAL, "sl_loss_of: the %s is NULL: wants a tensor",
                prediction ? "target" : "prediction");
        return NULL;
    }
    if (!text) {
        sl_fail(ctx, SL_EINVAL, "sl_loss_of: no loss: wants a word such as \"cross_entropy\"");
        return NULL;
    }
    sl_loss_values values;
    const sl_loss *loss = sl_loss_find(ctx, text, &values);
    return loss ? sl_loss_apply(tape, loss, &values, prediction, target, weights) : NULL;
}

void sl_loss_of_rows(sl_isa isa, const sl_loss *loss, const sl_loss_values *values, sl_real *prediction,
                     const sl_real *target, size_t rows, size_t outputs, sl_real *to)
{
    if (loss->op->row_losses) {
        loss->op->row_losses(isa, values->number, prediction, to, prediction, target, rows, outputs);
        return;
    }
    loss->op->element_losses(isa, values->number, prediction, prediction, target, rows * outputs);
    for (size_t i = 0; i < rows; i++)
        to[i] = outputs == 1 ? prediction[i] + 0 /* as in a sum: no -0 */
                             : sl_reduce_sum(isa, prediction + i * outputs, outputs) / (sl_real)outputs;
}

sl_real sl_loss_of_row(sl_isa isa, const sl_loss *loss, const sl_loss_values *values, sl_real *prediction,
                       const sl_real *target, size_t outputs)
{
    sl_real one;
    sl_loss_of_rows(isa, loss, values, prediction, target, 1, outputs, &one);
    return one;
}

double sl_loss_mean(const sl_loss *loss, const sl_loss_values *values, double value, size_t rows,
                    size_t outputs)
{
    const size_t losses = loss->op->row_losses ? rows : rows * outputs;
    return values->sum ? value / (double)losses : value;
}

int sl_loss_kinds(const sl_loss *loss, int outputs)
{
    if (loss->target == SL_TARGET_CLASS)
        return outputs == 1 ? 2 : outputs;
    return loss->target == SL_TARGET_PROBABILITY && outputs == 1 ? 2
                                                                 : 0; /* several answers are not one class */
}

int sl_loss_outputs(const sl_loss *loss, int classes, size_t columns)
{
    if (classes == 2 && loss->two_by_one)
        return 1;
    if (classes && loss->target == SL_TARGET_PROBABILITY)
        return 1; /* and more than two classes are refused with the reason */
    return classes && loss->target == SL_TARGET_CLASS ? classes : (int)columns * sl_loss_per_target(loss);
}

int sl_loss_per_target(const sl_loss *loss)
{
    return loss && loss->per_target ? loss->per_target : 1;
}

bool sl_loss_has_bounds(const sl_loss *loss)
{
    return sl_loss_per_target(loss) == 3;
}

double sl_loss_coverage(const sl_loss *loss, const sl_loss_values *values)
{
    return sl_loss_has_bounds(loss) ? loss_number(values->number) : 0;
}

void sl_loss_sigmoid(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width)
{
    sl_sigmoid_n(isa, p, x, rows * width);
}

void sl_loss_exp(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width)
{
    sl_exp_n(isa, p, x, rows * width);
}

void sl_loss_step(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width)
{
    (void)isa;
    for (size_t i = 0; i < rows * width; i++)
        p[i] = x[i] >= 0 ? 1 : 0;
}

void sl_loss_halves(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width)
{
    (void)isa;
    for (size_t i = 0; i < rows * width; i++)
        p[i] = SL_R(0.5) * (1 + x[i]);
}

void sl_loss_scores(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width)
{
    if (width == 1)
        sl_sigmoid_n(isa, p, x, rows);
    else
        sl_softmax_rows(isa, p, x, rows, width);
}
