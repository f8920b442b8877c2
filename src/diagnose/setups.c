/* setups.c - trainings that are broken in a known way, and healthy ones, drawn from a seed: data, net,
 * optimizer and all else vary, and one cause is put in. What a rule says of them can then be counted. */
#include "core/random.h"
#include "core/text.h"
#include "train/run.h"

#include <string.h>

typedef struct {
    sl_ctx *ctx;
    sl_stream stream;
    sl_run_options *o;
    char extra[160]; /* options of the data, behind the others */
    const char *data, *activation;
    size_t rows, units;
} setups_draw;

static size_t setups_below(setups_draw *d, size_t n)
{
    return (size_t)sl_stream_below(&d->stream, n);
}

static double setups_between(setups_draw *d, double low, double high)
{
    return low + (high - low) * sl_stream_uniform(&d->stream);
}

static const char *setups_kept(setups_draw *d, const char *format, size_t a, size_t b)
{
    sl_text text;
    sl_text_init(&text, d->ctx);
    sl_text_add(&text, format, a, b);
    const char *kept = text.failed ? NULL : sl_strdup(d->ctx, sl_text_string(&text));
    sl_text_free(&text);
    return kept;
}

static void setups_lr(setups_draw *d, const char *rule, double lr)
{
    d->o->optimizer.rule = rule;
    d->o->optimizer.lr = (sl_real)lr;
}

static void setups_extra(setups_draw *d, const char *extra)
{
    d->data = "table";
    strcpy(d->extra, extra);
}

static void setups_net(setups_draw *d, const char *format)
{
    d->o->net = setups_kept(d, format, d->units, 0);
}

static void setups_lr_too_high(setups_draw *d)
{
    setups_lr(d, setups_below(d, 2) ? "sgd" : "adam", 1);
    d->o->optimizer.lr =
        (sl_real)(strcmp(d->o->optimizer.rule, "sgd") ? setups_between(d, 0.5, 2) : setups_between(d, 5, 20));
}

static void setups_lr_too_low(setups_draw *d)
{
    setups_lr(d, setups_below(d, 2) ? "sgd" : "adam", setups_between(d, 1e-6, 1e-5));
}

static void setups_exploding(setups_draw *d)
{
    d->o->net = setups_kept(d, "%zu x %zu relu", 10 + setups_below(d, 6), d->units);
    d->o->init = "normal std=1";
    setups_lr(d, "sgd", 0.01);
}

static void setups_vanishing(setups_draw *d)
{
    d->o->net = setups_kept(d, "%zu x %zu sigmoid", 8 + setups_below(d, 5), d->units);
    setups_lr(d, "sgd", 0.05);
}

static void setups_init_too_small(setups_draw *d)
{
    d->o->net = setups_kept(d, "%zu x %zu tanh", 3 + setups_below(d, 2), d->units);
    d->o->init = "normal std=0.0001";
    setups_lr(d, "sgd", 0.05);
}

static void setups_symmetric(setups_draw *d)
{
    d->o->init = setups_below(d, 2) ? "zeros" : "constant value=0.1";
}

static void setups_unscaled(setups_draw *d)
{
    setups_extra(d, "&scale=3000");
    setups_lr(d, "sgd", 0.05);
}

static void setups_unshuffled(setups_draw *d)
{
    setups_extra(d, "&sorted=1");
    d->o->sampling = "order";
}

static void setups_overfitting(setups_draw *d)
{
    setups_extra(d, "&inputs=30&useful=3&wrong=0.1");
    d->rows = 150;
    d->o->net = "128 relu, 128 relu";
    d->o->epochs = 150;
}

static void setups_underfitting(setups_draw *d)
{
    d->data = "spiral";
    d->o->net = "linear";
}

static void setups_label_noise(setups_draw *d)
{
    setups_extra(d, "&wrong=0.35");
}

static void setups_imbalance(setups_draw *d)
{
    setups_extra(d, "&rare=0.03");
    d->rows = 800;
}

static void setups_leakage(setups_draw *d)
{
    setups_extra(d, "&leak=1&wrong=0.3");
}

static void setups_whole_batch(setups_draw *d)
{
    d->o->batch = -1;
    d->o->epochs = 20;
}

static void setups_clipped(setups_draw *d)
{
    setups_lr(d, "sgd", 0.05);
    d->o->optimizer.clip_norm = (sl_real)setups_between(d, 0.0005, 0.003);
}

static void setups_wrong_loss(setups_draw *d)
{
    setups_extra(d, "&classes=4");
    d->o->task = "regression";
}

static void setups_regularised(setups_draw *d)
{
    d->o->optimizer.decay = (sl_real)setups_between(d, 0.3, 1);
}

static void setups_stopped(setups_draw *d)
{
    d->data = "spiral";
    d->o->epochs = 3;
}

static void setups_noisy(setups_draw *d)
{
    setups_extra(d, "&wrong=0.05");
}

static void setups_rare(setups_draw *d)
{
    setups_extra(d, "&rare=0.2");
}

static void setups_tiny(setups_draw *d)
{
    d->rows = 40 + setups_below(d, 40);
    d->data = "gauss";
}

static void setups_slow(setups_draw *d)
{
    setups_lr(d, "adam", 0.0005);
    d->o->epochs = 120;
}

static void setups_plain(setups_draw *d)
{
    (void)d;
}

static const struct {
    const char *cause;
    bool healthy;
    void (*put)(setups_draw *draw);
} setups_all[] = {
    { "lr_too_high", false, setups_lr_too_high },
    { "lr_too_low", false, setups_lr_too_low },
    { "exploding_gradients", false, setups_exploding },
    { "vanishing_gradients", false, setups_vanishing },
    { "init_too_small", false, setups_init_too_small },
    { "symmetric_weights", false, setups_symmetric },
    { "unscaled_inputs", false, setups_unscaled },
    { "unshuffled_data", false, setups_unshuffled },
    { "overfitting", false, setups_overfitting },
    { "underfitting", false, setups_underfitting },
    { "label_noise", false, setups_label_noise },
    { "class_imbalance", false, setups_imbalance },
    { "leakage", false, setups_leakage },
    { "batch_too_large", false, setups_whole_batch },
    { "clipping_always", false, setups_clipped },
    { "wrong_loss", false, setups_wrong_loss },
    { "over_regularised", false, setups_regularised },
    { "stopped_too_early", false, setups_stopped },
    { "plain", true, setups_plain },
    { "noisy", true, setups_noisy },
    { "imbalanced", true, setups_rare },
    { "tiny", true, setups_tiny },
    { "slow", true, setups_slow },
};

const char *sl_setup_at(int index, bool *healthy)
{
    if (index < 0 || (size_t)index >= sizeof setups_all / sizeof *setups_all)
        return NULL;
    if (healthy)
        *healthy = setups_all[index].healthy;
    return setups_all[index].cause;
}

sl_status sl_setup_draw(sl_ctx *ctx, int index, uint64_t seed, sl_run_options *options)
{
    static const char *const sets[] = { "moons", "circle", "gauss", "table", "quadrants" };
    static const char *const nets[] = { "%zu relu", "%zu tanh", "%zu relu, 8 relu", "%zu leaky_relu" };
    if (!sl_setup_at(index, NULL))
        return sl_fail(ctx, SL_EINVAL, "sl_setup_draw: there is no set-up %d: sl_setup_at has their numbers",
                       index);
    *options = (sl_run_options){ .keep_nothing = true, .epochs = 40, .batch = 16 };
    setups_draw d = { .ctx = ctx, .o = options };
    d.stream = (sl_stream){ .seed = seed, .purpose = SL_FOR_SETUP, .a = (uint32_t)index };
    d.data = sets[setups_below(&d, sizeof sets / sizeof *sets)];
    d.rows = 300 + 10 * setups_below(&d, 40);
    d.units = 12 + 4 * setups_below(&d, 4);
    const char *net = nets[setups_below(&d, sizeof nets / sizeof *nets)];
    setups_lr(&d, "adam", setups_between(&d, 0.003, 0.01));
    const size_t set_seed = 1 + setups_below(&d, 1000000);
    setups_all[index].put(&d);
    if (!options->net)
        setups_net(&d, net);
    sl_text source;
    sl_text_init(&source, ctx);
    sl_text_add(&source, "builtin:%s?rows=%zu&seed=%zu%s", d.data, d.rows, set_seed, d.extra);
    if (!source.failed)
        options->data = sl_strdup(ctx, sl_text_string(&source));
    sl_text_free(&source);
    return ctx->status;
}
