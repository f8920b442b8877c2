/* step.c - see step.h: runs steps on a tape that fuses nothing, and tells them in order. */
#include "explain/step.h"

#include "loss/loss.h"
#include "optim/optim.h"

#include <string.h>

/* A prediction is called y_hat where the loss compares it with y as it is. */
static const char *step_answer(const sl_model *model)
{
    const sl_loss *loss = model->loss;
    if (loss->from_logits)
        return "z_out";
    return loss->output                                                  ? "log_p"
           : !strcmp(loss->op->name, "cross_entropy_from_probabilities") ? "p"
                                                                         : "y_hat";
}

static void step_forward(sl_walk *walk, const sl_step_asked *asked, const sl_tensor *output)
{
    const int layers = walk->count - (asked->y ? 1 : 0);
    sl_walk_part(walk, "forward");
    for (int i = 0; i < layers; i++)
        sl_walk_node(walk, walk->nodes[i], false);
    if (asked->answer)
        asked->answer(asked->user, walk->e, output, step_answer(walk->model), false);
    if (!asked->y)
        return;
    sl_walk_part(walk, "loss");
    sl_walk_node(walk, walk->nodes[layers], false);
}

static void step_backward(sl_walk *walk)
{
    sl_walk_part(walk, "backward");
    for (int i = walk->count - 1; i >= 0; i--)
        if (walk->nodes[i]->y->learns)
            sl_walk_node(walk, walk->nodes[i], true);
    sl_chain_explain(walk);
}

typedef struct {
    const sl_step_asked *asked;
    sl_tape *tape;
    sl_step *step; /* NULL: nothing learns */
    sl_losses losses;
} step_job;

/* The loss of the batch once more, for methods that ask for it. */
static sl_tensor *step_loss(sl_tape *tape, void *user)
{
    const step_job *job = user;
    const sl_step_asked *asked = job->asked;
    sl_tensor *output = sl_forward(tape, asked->model, asked->x);
    return sl_loss_of(tape, asked->model->loss_text, output, asked->y, asked->weights);
}

static void step_update(sl_walk *walk, step_job *job, int s, bool shown)
{
    if (shown)
        sl_walk_part(walk, "update");
    if (job->step->whole) {
        sl_update_whole(walk, job->step, shown, step_loss, job->tape, job);
        return;
    }
    sl_watched *watched = sl_update_watch(walk, job->step);
    if (watched && !sl_step_apply(job->step)) {
        job->losses.downhill[s] = sl_update_downhill(watched);
        if (shown)
            sl_update_explain(walk, watched);
    }
    sl_update_forget(watched);
}

/* Step s; where others follow, the weights move even if that is not told. */
static void step_tell(sl_explanation *e, step_job *job, int s)
{
    const sl_step_asked *asked = job->asked;
    const sl_explain_options *o = asked->options;
    sl_walk walk = { .e = e, .model = asked->model };
    sl_tape_reset(job->tape); /* where nothing was walked back the graph would go on */
    sl_tensor *output = sl_forward(job->tape, asked->model, asked->x);
    sl_tensor *loss =
        asked->y ? sl_loss_of(job->tape, asked->model->loss_text, output, asked->y, asked->weights) : output;
    const bool all = !(o->forward || o->backward || o->update);
    if (!loss || sl_walk_nodes(&walk, job->tape) ||
        sl_walk_names(&walk, asked->x, output, step_answer(asked->model))) {
        sl_walk_forget(&walk);
        return;
    }
    job->losses.loss[s] = (double)loss->v[0];
    job->losses.penalty[s] = job->step ? sl_step_penalty(job->step) : 0;
    job->losses.random = job->losses.random || job->tape->randoms > 0;
    if (all || o->forward)
        step_forward(&walk, asked, output);
    const bool moves = all || o->update || s + 1 < job->losses.steps;
    const bool slopes = job->step && (!job->step->rule->iterate || job->step->rule->sloped);
    if (slopes && (moves || o->backward) && !sl_backward(job->tape, loss) && (all || o->backward))
        step_backward(&walk);
    if (job->step && moves && !e->ctx->status)
        step_update(&walk, job, s, all || o->update);
    sl_walk_forget(&walk);
}

static void step_keep_running(const sl_model *model, sl_real *kept, bool back)
{
    size_t at = 0;
    for (int i = 0; i < model->running_count && kept; i++)
        for (size_t k = 0; k < model->running[i]->count; k++, at++) {
            if (back)
                model->running[i]->v[k] = kept[at];
            else
                kept[at] = model->running[i]->v[k];
        }
}

/* What the last step came to: the loss with the weights as they are now, the dropout and, but for them, the
 * running statistics as they were. */
static void step_after(sl_explanation *e, step_job *job, uint32_t drawn)
{
    size_t running = 0;
    for (int i = 0; i < job->asked->model->running_count; i++)
        running += job->asked->model->running[i]->count;
    sl_real *kept = running ? sl_alloc_array(e->ctx, running, sizeof *kept) : NULL;
    step_keep_running(job->asked->model, kept, false);
    sl_tape_reset(job->tape);
    job->tape->step = drawn;
    sl_tensor *output = sl_forward(job->tape, job->asked->model, job->asked->x);
    const sl_tensor *loss =
        sl_loss_of(job->tape, job->asked->model->loss_text, output, job->asked->y, job->asked->weights);
    step_keep_running(job->asked->model, kept, true);
    sl_free(e->ctx, kept);
    if (!loss)
        return;
    job->losses.loss[job->losses.steps] = (double)loss->v[0];
    job->losses.penalty[job->losses.steps] = sl_step_penalty(job->step);
    sl_walk_part(&(sl_walk){ .e = e }, job->losses.steps > 1
                                           ? sl_explanation_keep(e, "after %d steps", job->losses.steps)
                                           : "after the step");
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                          .name = step_answer(job->asked->model),
                                          .value = sl_explained_list(e, output->v, output->count) });
    if (job->asked->answer)
        job->asked->answer(job->asked->user, e, output, step_answer(job->asked->model), true);
    sl_losses_tell(&job->losses, e);
}

sl_status sl_step_check(sl_ctx *ctx, const sl_model *model, const sl_explain_options *o)
{
    if (ctx->status)
        return ctx->status;
    if (!model->loss)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_step: the model has no loss: call sl_compile before");
    if (o->depth < 0 || o->depth > 4)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_explain_step: depth %d: wants 1 (a line a quantity) to 4 (each product)",
                       o->depth);
    if (o->digits < 0 || o->digits > 15)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_step: %d digits: wants 1 to 15", o->digits);
    if (o->steps < 0)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_step: %d steps: wants 1 or more", o->steps);
    return SL_OK;
}

static bool step_learns(const sl_model *model)
{
    bool learns = false;
    for (int i = 0; i < model->param_count; i++)
        learns = learns || model->params[i]->learns;
    return learns;
}

/* Which parameters learned before biases were held; NULL: none are held, or memory ran out. */
static bool *step_hold(sl_model *model, bool biases)
{
    bool *learns = biases ? sl_alloc_array(model->ctx, (size_t)model->param_count, sizeof *learns) : NULL;
    int at = 0;
    for (int i = 0; i < model->count && learns; i++)
        for (int p = 0; p < model->layers[i].wants && model->layers[i].shares < 0; p++) {
            learns[at++] = model->layers[i].param[p]->learns;
            if (model->layers[i].wanted[p].bias)
                model->layers[i].param[p]->learns = false;
        }
    return learns;
}

static void step_let_go(sl_model *model, bool *learns)
{
    int at = 0;
    for (int i = 0; i < model->count && learns; i++)
        for (int p = 0; p < model->layers[i].wants && model->layers[i].shares < 0; p++)
            model->layers[i].param[p]->learns = learns[at++];
    sl_free(model->ctx, learns);
}

static void step_still(sl_explanation *e)
{
    sl_walk_part(&(sl_walk){ .e = e }, "update");
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_NOTE,
                           .text = "moved: nothing; all weights are frozen, so nothing flows back to them" });
}

sl_status sl_explain_steps(sl_explanation *e, const sl_step_asked *asked)
{
    sl_model *model = asked->model;
    sl_ctx *ctx = model->ctx;
    const sl_explain_options *o = asked->options;
    sl_tape *tape = sl_tape_new(ctx, asked->infer ? SL_INFER : SL_TRAIN);
    step_job job = { .asked = asked, .tape = tape };
    if (!tape)
        return ctx->status;
    tape->spread = true;
    if (model->built || sl_forward(tape, model, asked->x)) { /* then its weights are there */
        sl_tape_reset(tape);
        bool *learns = step_hold(model, o->keep_biases);
        const bool back = o->backward || o->update || !o->forward;
        const bool training = back && asked->y && !asked->infer && step_learns(model);
        sl_explain_size(model, (size_t)asked->x->shape.dim[0], o, training);
        job.step = training && !ctx->status ? sl_model_step(model, model->optimizer) : NULL;
        const int steps = o->steps && training ? o->steps : 1;
        uint32_t drawn = tape->step;
        sl_losses_new(&job.losses, ctx, steps);
        for (int s = 0; s < steps && !ctx->status; s++) {
            if (steps > 1)
                sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                                                      .text = sl_explanation_keep(e, "step %d", s + 1) });
            drawn = tape->step;
            step_tell(e, &job, s);
        }
        if (job.step && !ctx->status && (o->update || !(o->forward || o->backward)))
            step_after(e, &job, drawn);
        sl_losses_free(&job.losses);
        if (asked->y && !asked->infer && back && !training)
            step_still(e);
        sl_step_free(job.step);
        step_let_go(model, learns);
    }
    sl_tape_free(tape);
    return ctx->status;
}

sl_explanation *sl_explain_step(sl_model *model, sl_tensor *x, const sl_tensor *y, const sl_tensor *weights,
                                const sl_explain_options *options)
{
    const sl_explain_options none = { 0 }, *o = options ? options : &none;
    if (!model)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (!x)
        sl_fail(ctx, SL_EINVAL, "sl_explain_step: x is NULL: wants prepared inputs [rows, ...]");
    if (sl_step_check(ctx, model, o))
        return NULL;
    if (!y && (o->backward || o->update || !o->forward)) {
        sl_fail(ctx, SL_EINVAL, "sl_explain_step: no targets: wants them, or .forward alone");
        return NULL;
    }
    sl_explanation *e = sl_explanation_new(ctx, o->depth, o->digits);
    if (e && !sl_explain_steps(
                 e, &(sl_step_asked){ .model = model, .x = x, .y = y, .weights = weights, .options = o }))
        return e;
    sl_explanation_free(e);
    return NULL;
}
