/* setups.c - trainings that are broken in a known way, and healthy ones, drawn from a seed: data, net,
 * optimizer and all else vary, and one cause is put in. What rules say of them can then be counted.
 *
 * A cause that does no harm is none: each broken one is trained beside its twin, the same draw without the
 * cause, and drawn again where the twin is not clearly better. */
#include "core/text.h"
#include "diagnose/setups.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

size_t sl_setups_below(setups_draw *d, size_t n)
{
    return (size_t)sl_stream_below(&d->stream, n);
}

/* Evenly in the logarithm. */
double sl_setups_between(setups_draw *d, double low, double high)
{
    return low * sl_pow_d(high / low, sl_stream_uniform(&d->stream));
}

const char *sl_setups_kept(setups_draw *d, const char *format, const char *word, size_t a, size_t b)
{
    sl_text text;
    sl_text_init(&text, d->ctx);
    if (word)
        sl_text_add(&text, format, word);
    else
        sl_text_add(&text, format, a, b, b);
    const char *kept = text.failed ? "" : sl_strdup(d->ctx, sl_text_string(&text));
    sl_text_free(&text);
    return kept ? kept : "";
}

/* To two figures, as people would write it. */
const char *sl_setups_number(setups_draw *d, const char *format, double value)
{
    char number[32];
    double unit = 1;
    while (value * unit < 10)
        unit *= 10;
    while (value * unit >= 100)
        unit /= 10;
    sl_number_text(number, unit >= 1 ? (double)(size_t)(value * unit) / unit
                                     : (double)(size_t)(value * unit) * (double)(size_t)(1 / unit + 0.5));
    return sl_setups_kept(d, format, number, 0, 0);
}

void sl_setups_lr(setups_draw *d, const char *rule, double low, double high)
{
    double lr;
    d->o->optimizer.rule = rule;
    sl_number_parse(sl_setups_number(d, "%s", sl_setups_between(d, low, high)), &lr);
    d->o->optimizer.lr = (sl_real)lr;
}

/* One that trains such data well. */
static void setups_rule(setups_draw *d)
{
    const bool hard = d->sets == SETUPS_DIGITS || d->sets == SETUPS_AMOUNTS;
    d->o->optimizer.momentum = 0;
    switch (sl_setups_below(d, 5)) {
    case 0:
        sl_setups_lr(d, "sgd", hard ? 0.02 : 0.1, hard ? 0.05 : 0.3);
        break;
    case 1:
        sl_setups_lr(d, "momentum", hard ? 0.005 : 0.01, hard ? 0.01 : 0.04);
        break;
    case 2:
        sl_setups_lr(d, "adamw", 0.002, hard ? 0.005 : 0.01);
        break;
    default:
        sl_setups_lr(d, "adam", 0.002, hard ? 0.005 : 0.01);
    }
}

static void setups_net(setups_draw *d)
{
    static const char *const nets[] = { "%zu relu",
                                        "%zu tanh",
                                        "%zu leaky_relu",
                                        "%zu relu, %zu relu",
                                        "%zu tanh, %zu tanh",
                                        "%zu gelu",
                                        "%zu relu, %zu relu, %zu relu" };
    d->o->net =
        sl_setups_kept(d, nets[sl_setups_below(d, sizeof nets / sizeof *nets)], NULL, d->units, d->units);
}

static void setups_data(setups_draw *d)
{
    static const char *const names[] = { "moons",  "circle", "gauss", "quadrants",
                                         "spiral", "table",  "table", "digits" };
    sl_text source;
    int at = 0;
    while (d->sets != 1 << at)
        at++;
    sl_text_init(&source, d->ctx);
    sl_text_add(&source, "builtin:%s?rows=%zu", names[at], d->rows);
    if (d->sets & (SETUPS_CLASSES | SETUPS_AMOUNTS))
        sl_text_add(&source, "&inputs=%zu&classes=%zu", d->inputs,
                    d->sets == SETUPS_CLASSES ? d->classes : (size_t)0);
    const char *noise = d->noise                                  ? d->noise
                        : d->sets == SETUPS_AMOUNTS               ? "&noise=0.2"
                        : d->sets & (SETUPS_MOONS | SETUPS_GAUSS) ? "&noise=0.15"
                        : d->sets == SETUPS_DIGITS                ? "&test_rows=10"
                                                                  : "";
    sl_text_add(&source, "%s&seed=%zu%s", noise, d->seed, d->extra);
    if (!source.failed)
        d->o->data = sl_strdup(d->ctx, sl_text_string(&source));
    sl_text_free(&source);
}

/* --- broken, and its twin that is not --------------------------------------------------------------------
 */

const char *sl_setup_at(int index, bool *healthy)
{
    const setups_kind *kind = sl_setups_kind(index);
    if (kind && healthy)
        *healthy = kind->healthy;
    return kind ? kind->cause : NULL;
}

/* A loss of two classes nobody knows anything of is 0.69, of amounts in their deviations 1. */
static const double setups_ratio = 0.7, setups_least = 0.1;

static sl_status setups_make(sl_ctx *ctx, int index, uint64_t seed, uint32_t try, bool cause,
                             sl_run_options *options)
{
    *options = (sl_run_options){ .keep_nothing = true, .epochs = 50, .batch = 16, .validation = "0.3" };
    setups_draw d = { .ctx = ctx, .o = options, .extra = "", .classes = 2 };
    d.stream = (sl_stream){ .seed = seed, .purpose = SL_FOR_SETUP, .a = (uint32_t)index, .b = try };
    do
        d.sets = 1 << sl_setups_below(&d, 8);
    while (!(d.sets & sl_setups_kind(index)->sets));
    d.rows = 500 + 10 * sl_setups_below(&d, 50);
    d.inputs = 5 + sl_setups_below(&d, 6);
    d.classes = 2 + sl_setups_below(&d, 3);
    d.units = 12 + 4 * sl_setups_below(&d, 4);
    d.seed = 1 + sl_setups_below(&d, 1000000);
    if (d.sets == SETUPS_DIGITS) {
        options->epochs = 15;
        d.rows += 1000;
    }
    setups_net(&d);
    setups_rule(&d);
    sl_setups_kind(index)->frame(&d);
    if (cause)
        sl_setups_kind(index)->put(&d);
    setups_data(&d);
    return ctx->status;
}

/* Lowest validation loss, and that of the last epoch; infinite where it broke. */
static sl_status setups_train(sl_ctx *ctx, const sl_run_options *options, const char *column, double *best,
                              double *last)
{
    sl_run *run = sl_run_new(ctx, options);
    const sl_status status = run ? sl_trainer_run(run->trainer) : ctx->status;
    *best = *last = (double)INFINITY;
    if (status == SL_EDIVERGED)
        sl_clear(ctx);
    const sl_report *report = run ? run->trainer->report : NULL;
    for (int row = 0; report && !ctx->status && row < sl_report_rows(report); row++) {
        const double loss = sl_report_at(report, row, column);
        *best = loss < *best ? loss : *best;
        *last = status == SL_EDIVERGED ? (double)INFINITY : loss;
    }
    sl_run_free(run);
    return ctx->status;
}

/* Is it what its name says? other: its twin, or it with more epochs. */
static bool setups_is(setups_harm harm, double best, double last, double other_best, double other_last)
{
    if (harm == SETUPS_FINE)
        return last < 1.2 * best && other_best > 0.9 * best;
    const double broken = harm == SETUPS_LAST ? last : best,
                 mended = harm == SETUPS_LAST ? other_last : other_best;
    return (harm != SETUPS_LAST || last > 1.25 * best) && mended < setups_ratio * broken &&
           broken - mended > setups_least;
}

sl_status sl_setup_draw(sl_ctx *ctx, int index, uint64_t seed, sl_run_options *options)
{
    const setups_kind *kind = sl_setups_kind(index);
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!options)
        return sl_fail(ctx, SL_EINVAL, "sl_setup_draw: the options are NULL: wants a place for them");
    if (!kind)
        return sl_fail(ctx, SL_EINVAL, "sl_setup_draw: there is no set-up %d: sl_setup_at has their numbers",
                       index);
    for (uint32_t try = 0; try < SETUPS_TRIES; try++) {
        sl_run_options other;
        double best, last, other_best, other_last;
        if (setups_make(ctx, index, seed, try, true, options) || kind->harm == SETUPS_MADE)
            return ctx->status;
        setups_make(ctx, index, seed, try, kind->healthy, &other);
        if (kind->healthy)
            other.epochs *= 3;
        const char *column = kind->harm == SETUPS_RMSE ? "validation_rmse" : "validation_loss";
        if (setups_train(ctx, options, column, &best, &last) ||
            setups_train(ctx, &other, column, &other_best, &other_last))
            return ctx->status;
        if (setups_is(kind->harm, best, last, other_best, other_last))
            return SL_OK;
    }
    return sl_fail(ctx, SL_EINVAL, "sl_setup_draw: %s, seed %llu: none of %d draws is one", kind->cause,
                   (unsigned long long)seed, SETUPS_TRIES);
}
