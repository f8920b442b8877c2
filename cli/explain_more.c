/* explain_more.c - slope explain --equation and --collapse: a trained net, or one that is written, as a
 * whole. */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

const char *cli_explain_rule_given(const explain_settings *s)
{
    const struct {
        const char *name;
        bool given;
    } given[] = { { "momentum", s->momentum != 0 },     { "beta1", s->beta1 != 0 },
                  { "beta2", s->beta2 != 0 },           { "epsilon", s->epsilon != 0 },
                  { "decay", s->decay != 0 },           { "clip-norm", s->clip_norm != 0 },
                  { "clip-value", s->clip_value != 0 }, { "l1", s->l1 != 0 },
                  { "l1-prox", s->l1_prox != 0 },       { "max-norm", s->max_norm != 0 },
                  { "average", s->average != 0 },       { "schedule", s->schedule != NULL },
                  { "warmup", s->warmup != 0 } };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].given)
            return given[i].name;
    return NULL;
}

/* What belongs to a step, or to another of these. */
static int explain_more_check(const explain_settings *s)
{
    const explain_more_settings *m = &s->more;
    const char *what = m->equation ? "equation" : m->collapse ? "collapse" : "cost";
    const struct {
        const char *name;
        bool given, fits;
    } given[] = { { "steps", s->steps != 0, false },
                  { "forward", s->forward, false },
                  { "backward", s->backward, false },
                  { "update", s->update, false },
                  { "freeze", s->freeze != NULL, false },
                  { "row", s->row != NULL, false },
                  { "rows", s->rows != NULL, false },
                  { "part", s->part != NULL, false },
                  { "predict", s->predict, false },
                  { "optimizer", s->optimizer != NULL, m->cost && !s->run },
                  { "lr", s->lr != 0, m->cost && !s->run },
                  { "loss", s->loss != NULL, !s->run },
                  { "outputs", s->outputs != 0, !s->run },
                  { "init", s->init != NULL, !m->cost && !s->run },
                  { "y", s->y != NULL, !m->cost && !s->run },
                  { "weights", s->weights != NULL, !m->cost && !s->run },
                  { "biases", s->biases != NULL, !m->cost && !s->run },
                  { "syntax", m->syntax != NULL, m->equation },
                  { "batch", m->batch != 0, m->cost },
                  { "train-rows", m->train_rows != 0, m->cost },
                  { "epochs", m->epochs != 0, m->cost },
                  { "flops", m->flops != 0, m->cost },
                  { "watts", m->watts != 0, m->cost },
                  { "price", m->price != 0, m->cost },
                  { "carbon", m->carbon != 0, m->cost },
                  { "memory", m->memory != NULL, m->cost },
                  { "threads", m->threads != 0, m->cost } };
    if (m->equation + m->collapse + m->cost > 1)
        return cli_wrong("explain",
                         "--equation, --collapse and --cost are each something else: wants one of them");
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].given && !given[i].fits)
            return cli_wrong("explain", "--%s says nothing about --%s%s: leave it out", given[i].name, what,
                             s->run ? " of a RUN" : "");
    if (cli_explain_rule_given(s))
        return cli_wrong("explain", "--%s says nothing about --%s: leave it out", cli_explain_rule_given(s),
                         what);
    if (s->data && (!s->run || !m->equation))
        return cli_wrong("explain", "%s: --%s looks at no data", s->data, what);
    if (s->run && (s->net || s->x || m->inputs))
        return cli_wrong("explain", "--%s: a RUN has its net: leave one of them out",
                         s->net ? "net"
                         : s->x ? "x"
                                : "inputs");
    if (!s->run && !s->x == !m->inputs)
        return cli_wrong("explain", "--net wants %s: how many numbers a row has",
                         s->x ? "either --x or --inputs" : "--x X,.. or --inputs N");
    return CLI_DONE;
}

int cli_explain_step_only(const explain_settings *s)
{
    const explain_more_settings *m = &s->more;
    const struct {
        const char *name;
        bool given;
        const char *of;
    } given[] = { { "syntax", m->syntax != NULL, "equation" },
                  { "inputs", m->inputs != 0, "equation, --collapse or --cost" },
                  { "batch", m->batch != 0, "cost" },
                  { "train-rows", m->train_rows != 0, "cost" },
                  { "epochs", m->epochs != 0, "cost" },
                  { "flops", m->flops != 0, "cost" },
                  { "watts", m->watts != 0, "cost" },
                  { "price", m->price != 0, "cost" },
                  { "carbon", m->carbon != 0, "cost" },
                  { "memory", m->memory != NULL, "cost" },
                  { "threads", m->threads != 0, "cost" } };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].given)
            return cli_wrong("explain", "--%s goes with --%s: a step has no use for it", given[i].name,
                             given[i].of);
    return CLI_DONE;
}

/* Rows of DATA, or of those that the run was trained on; NULL without failure: they are not there. */
static sl_data *explain_more_rows(const explain_settings *s, sl_ctx *ctx, const sl_model *model)
{
    if (s->data)
        return sl_data_open_inputs(ctx, s->data, "all", model, NULL);
    sl_data *data = sl_run_open_part(ctx, s->run, NULL, "train");
    if (!data)
        sl_clear(ctx);
    return data;
}

static sl_explanation *explain_more_tell(const explain_settings *s, const sl_model *model,
                                         const sl_data *data)
{
    if (s->more.collapse)
        return sl_explain_collapse(model, s->depth, s->digits);
    const char *ending = cli_explain_syntax(s);
    return sl_explain_equation(model, &(sl_equation_options){ .syntax = ending ? ending : s->more.syntax,
                                                              .data = data,
                                                              .depth = s->depth,
                                                              .digits = s->digits });
}

/* "0,0,0" */
static char *explain_more_zeros(int count)
{
    char *text = malloc(2 * (size_t)count);
    for (int i = 0; i < count && text; i++) {
        text[2 * i] = '0';
        text[2 * i + 1] = i + 1 < count ? ',' : 0;
    }
    return text;
}

static int explain_more_run(const explain_settings *s, sl_ctx *ctx)
{
    const sl_model *model;
    sl_data *data = NULL;
    explain_job job = { .no_targets = s->y == NULL };
    char *zeros = NULL;
    int status = CLI_DONE;
    if (s->run) {
        model = sl_model_load(ctx, s->run);
        if (model && s->more.equation)
            data = explain_more_rows(s, ctx, model);
    } else {
        explain_settings own = *s;
        if (!own.x)
            own.x = zeros = explain_more_zeros(s->more.inputs);
        status = own.x ? cli_explain_net(&own, ctx, &job) : CLI_FAILED;
        model = job.model;
        if (!status && s->x)
            data = sl_data_from(ctx, job.x, NULL);
    }
    free(zeros);
    if (status)
        return status;
    sl_explanation *e = sl_error(ctx) ? NULL : explain_more_tell(s, model, data);
    return e ? cli_explain_write(s, ctx, e, sl_explanation_write) : cli_explain_failed(ctx);
}

int cli_explain_more(const explain_settings *s)
{
    int status = explain_more_check(s);
    if (status || s->more.cost)
        return status ? status : cli_explain_cost(s);
    sl_ctx *ctx = cli_context("explain", (sl_ctx_options){ .seed = s->seed, .threads = 1 }, &status);
    if (!ctx)
        return status;
    status = explain_more_run(s, ctx);
    sl_ctx_free(ctx);
    return cli_flush("explain", status);
}
