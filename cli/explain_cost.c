/* explain_cost.c - slope explain --cost. In float, which is what training computes and keeps. */
#include <stdlib.h>
#include <string.h>

#include "decided.h"
#include "explain.h"

static const double cost_measure_seconds = 0.3, cost_peak_seconds = 0.05;

/* "300M": bytes. false: no size. */
static bool cost_size(const char *text, size_t *bytes)
{
    static const char units[] = "KMGT";
    char number[40];
    const size_t length = strlen(text);
    double value, unit = 1;
    if (!length || length >= sizeof number)
        return false;
    memcpy(number, text, length + 1);
    const char *found = strchr(units, number[length - 1]);
    for (const char *u = units; found && u <= found; u++)
        unit *= 1000;
    if (found)
        number[length - 1] = 0;
    if (!sl_number_parse(number, &value) || !(value > 0) || !(value * unit < 1e18))
        return false;
    *bytes = (size_t)(value * unit);
    return true;
}

static size_t cost_columns(const char *x)
{
    size_t count = 0;
    for (const char *at = x; *at && *at != ';' && *at != '\n';) {
        const size_t length = strcspn(at, ",; \t\n");
        count += length > 0;
        at += length;
        while (*at == ',' || *at == ' ' || *at == '\t')
            at++;
    }
    return count;
}

/* A net of --net: what its weights are does not matter. */
static sl_model *cost_net(const explain_settings *s, sl_ctx *ctx)
{
    const int inputs = s->x ? (int)cost_columns(s->x) : s->more.inputs;
    const char *loss = s->loss ? s->loss : "mean_squared";
    const sl_tensor *y = sl_tensor_new(ctx, sl_dims(1, 1), NULL);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, inputs), NULL);
    sl_model *model = y && x ? sl_model_for(ctx, s->net, loss, y, s->outputs) : NULL;
    const sl_optimizer optimizer = { .rule = s->optimizer, .lr = (sl_real)s->lr };
    if (!model || sl_compile(model, .loss = loss, .optimizer = optimizer))
        return NULL;
    sl_tape *tape = sl_tape_new(ctx, SL_INFER); /* builds it */
    const sl_tensor *output = sl_forward(tape, model, x);
    sl_tape_free(tape);
    return output ? model : NULL;
}

/* A number that a run's folder tells; 0: it does not. */
static double cost_told(const explain_settings *s, sl_ctx *ctx, const char *key)
{
    double value = 0;
    const char *text = s->run ? sl_run_read(ctx, s->run, key) : NULL;
    sl_clear(ctx);
    return text && sl_number_parse(text, &value) && value > 0 ? value : 0;
}

static int cost_tell(const explain_settings *s, sl_ctx *ctx)
{
    const explain_more_settings *m = &s->more;
    size_t memory = 0;
    char machine[96];
    if (m->memory && !cost_size(m->memory, &memory))
        return cli_wrong("explain", "--memory %s: wants bytes, such as 300M or 8G (of 1000 each)", m->memory);
    const sl_model *model = s->run ? sl_model_load(ctx, s->run) : cost_net(s, ctx);
    if (!model)
        return cli_explain_failed(ctx);
    const double run_rows = cost_told(s, ctx, "used.rows"), run_batch = cost_told(s, ctx, "used.batch"),
                 run_epochs = cost_told(s, ctx, "result.epochs");
    sl_cost_options options = { .memory = memory,
                                .watts = m->watts,
                                .price = m->price,
                                .carbon = m->carbon,
                                .flops = m->flops,
                                .depth = s->depth,
                                .digits = s->digits,
                                .batch = m->batch ? m->batch : (int)run_batch,
                                .rows = m->train_rows ? (size_t)m->train_rows : (size_t)run_rows,
                                .epochs = m->epochs != 0 ? m->epochs : run_epochs };
    if (m->epochs != 0 && !options.rows)
        return cli_wrong("explain", "--epochs wants --train-rows N: how many rows an epoch has");
    if (options.rows && !m->batch && !(run_batch > 0) && s->run)
        options.batch = options.rows < 1u << 20 ? (int)options.rows : 1 << 20; /* the run's is all rows */
    if (m->flops != 0) {
        snprintf(machine, sizeof machine, "%s operations a second, as told", cli_rounded(m->flops).text);
    } else {
        options.measure = cost_measure_seconds;
        options.flops = sl_machine_flops(ctx, sl_ctx_threads(ctx), cost_peak_seconds);
        snprintf(machine, sizeof machine, "the peak of arithmetic on %d thread%s, measured",
                 sl_ctx_threads(ctx), sl_ctx_threads(ctx) == 1 ? "" : "s");
    }
    options.machine = machine;
    if (!m->batch)
        cli_decided("batch", options.batch ? cli_count(options.batch).text : "32",
                    options.batch ? "the run's" : "the default of slope train");
    if (!m->train_rows && options.rows)
        cli_decided("train-rows", cli_count((double)options.rows).text, "the run's");
    if (m->epochs == 0 && options.epochs > 0)
        cli_decided("epochs", cli_count(options.epochs).text, "those that the run took");
    if (m->flops == 0)
        cli_decided("flops", cli_rounded(options.flops).text, "measured here, with %d threads",
                    sl_ctx_threads(ctx));
    sl_explanation *e = sl_explain_cost(model, &options);
    return e ? cli_explain_write(s, ctx, e, sl_explanation_write) : cli_explain_failed(ctx);
}

int cli_explain_cost(const explain_settings *s)
{
    int status;
    sl_ctx *ctx =
        cli_context("explain", (sl_ctx_options){ .seed = s->seed, .threads = s->more.threads }, &status);
    if (!ctx)
        return status;
    status = cost_tell(s, ctx);
    sl_ctx_free(ctx);
    return cli_flush("explain", status);
}
