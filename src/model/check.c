/* check.c - gradients of operators, layers and losses by word, against central differences: operators by
 * their own trial inputs, a layer inside a small net, a loss behind one. Numbers are xorshift's, not the
 * library's own. */
#include "model/check.h"
#include "autograd/trial.h"

#include <stdio.h>
#include <string.h>

enum { CHECK_ROWS = 6, CHECK_NET = 96, CHECK_TEXT = 160 };
static const double check_limit = sizeof(sl_real) == sizeof(double) ? 1e-7 : 5e-2;

static void check_begin(sl_word_check *check, const char *name)
{
    *check = (sl_word_check){ .name = name, .limit = check_limit };
}

static void check_add(sl_word_check *check, const sl_gradcheck_result *one, const char *what)
{
    check->checked += one->checked;
    check->skipped += one->skipped;
    check->trials++;
    if (!one->place || (check->place[0] && !(one->worst > check->worst)))
        return;
    check->worst = one->worst;
    check->element = one->element;
    check->numerical = one->numerical;
    check->computed = one->computed;
    snprintf(check->place, sizeof check->place, "%s%s%s", one->place, *one->place ? " in " : "", what);
}

/* Where most elements lie at kinks, nothing was shown. */
static sl_status check_end(sl_ctx *ctx, sl_word_check *check)
{
    check->right = !ctx->status && (check->flat || (check->checked > 0 && check->worst < check->limit &&
                                                    check->skipped * 4 <= check->checked + check->skipped));
    return ctx->status;
}

/* --- operators --- */

/* Flat ones must be refused, with their sentence. */
static sl_status check_plan(sl_ctx *ctx, void *user, const sl_trial_plan *plan)
{
    sl_word_check *check = user;
    sl_gradcheck_result result;
    const sl_op *flat = plan->op->flat ? plan->op : plan->activation;
    sl_trial_check(ctx, plan, &result);
    if (flat && flat->flat) {
        if (ctx->status != SL_EINVAL || !strstr(ctx->message, flat->flat))
            return ctx->status
                       ? ctx->status
                       : sl_fail(ctx, SL_EINVAL, "%s: it has no slope, and is not refused", flat->name);
        sl_clear(ctx);
        check->flat = flat->flat;
        check->trials++;
        return SL_OK;
    }
    if (!ctx->status) {
        char what[CHECK_TEXT];
        snprintf(what, sizeof what, "%s%s%s, trial %d", plan->op->name, plan->activation ? " " : "",
                 plan->activation ? plan->activation->name : "", (int)(plan->trial - plan->op->trial));
        check_add(check, &result, what);
    }
    return ctx->status;
}

sl_status sl_check_operator(sl_ctx *ctx, const sl_op *op, sl_word_check *check)
{
    check_begin(check, op->name);
    sl_trial_each(ctx, op, check_plan, check);
    return check_end(ctx, check);
}

/* --- nets --- */

typedef struct {
    sl_model *model;
    sl_tensor *x, *r; /* r weighs the outputs, where there is no loss */
    sl_tensor *target, *weights;
    const sl_loss *loss;
    sl_loss_values values;
    uint64_t state;
} check_job;

static sl_tensor *check_sum(sl_tape *tape, void *user)
{
    check_job *job = user;
    sl_tensor *y = sl_forward(tape, job->model, job->x);
    if (job->loss)
        return sl_loss_apply(tape, job->loss, &job->values, y, job->target, job->weights);
    if (y && !job->r && (job->r = sl_tensor_new(tape->ctx, y->shape, NULL)))
        sl_trial_fill(&job->state, job->r->v, job->r->count, -2, 2);
    return sl_sum(tape, sl_mul(tape, y, job->r));
}

/* A net with inputs of `words`, all its parameters drawn anew: scales and shifts, too, must count. */
static sl_status check_net(sl_ctx *ctx, check_job *job, const char *words, int inputs)
{
    *job = (check_job){ .state = 0x9E3779B97F4A7C15u };
    job->model = sl_model_parse(ctx, words);
    job->x = sl_tensor_new(ctx, sl_dims(CHECK_ROWS, inputs), NULL);
    if (ctx->status)
        return ctx->status;
    sl_trial_fill(&job->state, job->x->v, job->x->count, -2, 2);
    for (int p = 0; p < sl_model_params(job->model); p++) {
        sl_tensor *param = sl_model_param(job->model, p);
        sl_trial_fill(&job->state, param->v, param->count, -0.9, 0.9);
    }
    return SL_OK;
}

static void check_drop(check_job *job)
{
    sl_model_free(job->model);
    sl_tensor_free(job->x);
    sl_tensor_free(job->r);
    sl_tensor_free(job->target);
    sl_tensor_free(job->weights);
}

static sl_status check_params(sl_ctx *ctx, check_job *job, sl_word_check *check, const char *words)
{
    sl_gradcheck_result result;
    sl_tensor *params[8];
    const int count = sl_model_params(job->model);
    if (count > 8)
        return sl_fail(ctx, SL_EINVAL, "%s: the check has room for 8 parameters, this has %d", words, count);
    for (int p = 0; p < count; p++)
        params[p] = sl_model_param(job->model, p);
    if (!sl_gradcheck(ctx, check_sum, job, params, count, &result))
        check_add(check, &result, words);
    return ctx->status;
}

/* For layers that read texts: an empty one, a feature twice in one and in several, the last of 7. */
static sl_status check_texts(const check_job *job)
{
    static const int ids[] = { 3, 0, 3, 6, 1, 6, 6, 2, 5, 4, 0, 6, 2 };
    static const size_t offsets[CHECK_ROWS + 1] = { 0, 3, 3, 4, 9, 12, 13 };
    return sl_set_bags(job->x, &(sl_bags){ .ids = ids, .offsets = offsets, .count = CHECK_ROWS });
}

sl_status sl_check_layer(sl_ctx *ctx, const sl_layer_kind *kind, sl_word_check *check)
{
    char words[CHECK_NET];
    check_job job;
    check_begin(check, kind->name);
    if (!kind->example)
        return sl_fail(ctx, SL_EINVAL, "layer %s has no example: its gradient is not checked", kind->name);
    /* Nothing in front of categories may change their numbers; twice, so that what is behind them counts too.
     */
    if (kind->categories)
        snprintf(words, sizeof words, "input 5, %s, %s, 5 tanh, 3", kind->example, kind->example);
    else
        snprintf(words, sizeof words, "input 5, 5 tanh, %s, 3", kind->example);
    if (!check_net(ctx, &job, words, 5)) {
        for (size_t i = 0; kind->categories && i < job.x->count; i++)
            if (i % 5 < 2)
                job.x->v[i] = (sl_real)sl_trial_below(&job.state, (size_t)kind->categories);
        for (int i = 0; i < job.model->count; i++) /* the descriptor that is checked, not that of its name */
            if (!strcmp(job.model->layers[i].kind->name, kind->name))
                job.model->layers[i].kind = kind;
        if (!kind->read || !check_texts(&job))
            check_params(ctx, &job, check, words);
    }
    check_drop(&job);
    return check_end(ctx, check);
}

/* --- losses --- */

static void check_targets(check_job *job, int outputs)
{
    const sl_loss *loss = job->loss;
    sl_tensor *t = job->target;
    const bool classes = loss->target == SL_TARGET_CLASS;
    if (loss->target == SL_TARGET_NUMBER)
        sl_trial_fill(&job->state, t->v, t->count, loss->from_0 ? 0 : -2, 3);
    else
        sl_trial_fill(&job->state, t->v, t->count, 0.05, 0.95);
    for (size_t i = 0; (classes || loss->whole) && i < t->count; i++)
        t->v[i] = (sl_real)sl_trial_below(&job->state, classes && outputs > 1 ? (size_t)outputs : 2);
    if (loss->target == SL_TARGET_DISTRIBUTION)
        sl_trial_shares(t);
}

static sl_status check_loss_once(sl_ctx *ctx, const sl_loss *loss, int outputs, bool weights, bool sum,
                                 sl_word_check *check)
{
    char words[CHECK_NET], what[CHECK_TEXT];
    check_job job;
    snprintf(words, sizeof words, "input 4, 5 tanh, %d%s%s", outputs, loss->activation ? " " : "",
             loss->activation ? loss->activation : "");
    snprintf(what, sizeof what, "%s reduction=%s%s", words, sum ? "sum" : "mean",
             weights ? ", weighted rows" : "");
    const bool labels = loss->target == SL_TARGET_CLASS;
    if (!check_net(ctx, &job, words, 4) && !sl_compile(job.model, .loss = loss->name)) { /* which must fit */
        job.loss = loss;
        job.values = job.model->loss_values;
        job.values.sum = sum;
        const int targets = outputs / sl_loss_per_target(loss);
        job.target = sl_tensor_new(ctx, labels ? sl_dims(CHECK_ROWS) : sl_dims(CHECK_ROWS, targets), NULL);
        job.weights = weights ? sl_tensor_new(ctx, sl_dims(CHECK_ROWS), NULL) : NULL;
        if (job.target)
            check_targets(&job, outputs);
        if (job.weights)
            sl_trial_fill(&job.state, job.weights->v, CHECK_ROWS, 0.5, 2);
        if (!ctx->status)
            check_params(ctx, &job, check, what);
    }
    check_drop(&job);
    return ctx->status;
}

sl_status sl_check_loss(sl_ctx *ctx, const sl_loss *loss, sl_word_check *check)
{
    static const int outputs[] = { 1, 2, 3, 6 };
    check_begin(check, loss->name);
    for (int i = 0; i < (loss->per_target ? 4 : 3); i++) {
        const int n = outputs[i];
        for (int form = 0; form < 4 && !ctx->status; form++)
            if (n >= loss->least_outputs && (!loss->most_outputs || n <= loss->most_outputs))
                check_loss_once(ctx, loss, n, form & 1, form & 2, check);
    }
    return check_end(ctx, check);
}

/* --- by word --- */

static sl_status check_word(sl_ctx *ctx, const char *kind, size_t index, sl_word_check *check)
{
    const sl_op *op = !strcmp(kind, "operator") ? sl_op_at(index) : NULL;
    const sl_layer_kind *layer = !strcmp(kind, "layer") ? sl_layer_kind_at(index) : NULL;
    const sl_loss *loss = !strcmp(kind, "loss") ? sl_loss_at(index) : NULL;
    if (op)
        return sl_check_operator(ctx, op, check);
    if (layer)
        return sl_check_layer(ctx, layer, check);
    if (loss)
        return sl_check_loss(ctx, loss, check);
    return sl_fail(
        ctx, SL_EINVAL,
        "sl_gradcheck_word: there is no %s number %zu: wants an operator, layer or loss of sl_catalogue",
        kind, index);
}

/* In a context of its own, which takes all that was made with it. */
sl_status sl_gradcheck_word(sl_ctx *ctx, const char *kind, int index, sl_word_check *check)
{
    sl_word_check unwanted = { 0 };
    check = check ? check : &unwanted;
    *check = (sl_word_check){ 0 };
    if (!ctx || ctx->status)
        return sl_error(ctx);
    sl_ctx *own = sl_ctx_new(&ctx->options);
    if (!own)
        return sl_fail(ctx, SL_ENOMEM, "sl_gradcheck_word: no memory");
    if (check_word(own, kind ? kind : "", index < 0 ? SIZE_MAX : (size_t)index, check))
        sl_fail(ctx, own->status, "%s", sl_message(own));
    sl_ctx_free(own);
    return ctx->status;
}
