/* step.c - see step.h: runs a step on a tape that fuses nothing, names its tensors, and tells it in order. */
#include "explain/step.h"

#include "loss/loss.h"

#include <stdio.h>
#include <string.h>

static sl_walked *step_known(sl_walk *walk, const sl_tensor *t)
{
    for (int i = 0; i < walk->known; i++)
        if (walk->tensors[i].t == t)
            return &walk->tensors[i];
    return NULL;
}

static bool step_named(const sl_walk *walk, const char *name)
{
    for (int i = 0; i < walk->known; i++)
        if (!strcmp(walk->tensors[i].name, name))
            return true;
    return false;
}

/* A tensor's name; where another has it already, with a letter behind it. */
static void step_name(sl_walk *walk, const sl_tensor *t, const char *name, bool param)
{
    if (!t || step_known(walk, t) || walk->known == walk->room)
        return;
    const char *own = name;
    for (char letter = 'b'; step_named(walk, own) && letter <= 'z'; letter++)
        own = sl_explanation_keep(walk->e, "%s_%c", name, letter);
    walk->tensors[walk->known++] = (sl_walked){ .t = t, .name = own, .param = param };
}

/* W1 and b1; other layers' weights are called as in a file. */
static void step_name_params(sl_walk *walk, const sl_node *n)
{
    for (int i = 0; i < n->op->inputs; i++) {
        if (!n->x[i] || n->x[i]->tape)
            continue;
        for (int p = 0; p < walk->model->param_count; p++)
            if (walk->model->params[p] == n->x[i])
                step_name(walk, n->x[i],
                          strcmp(n->op->name, "linear") != 0
                              ? walk->model->param_names[p]
                              : sl_explanation_keep(walk->e, i == 1 ? "W%d" : "b%d", walk->dense),
                          true);
    }
}

static bool step_moves_only(const sl_op *op)
{
    return !strcmp(op->name, "reshape") || !strcmp(op->name, "flatten");
}

static void step_name_node(sl_walk *walk, const sl_node *n, const sl_tensor *output, const char *answer)
{
    char name[32];
    if (!strcmp(n->op->name, "linear")) {
        snprintf(name, sizeof name, "z%d", ++walk->dense);
        step_name_params(walk, n);
        step_name(walk, n->y, n->y == output ? answer : sl_explanation_keep(walk->e, "%s", name), false);
        return;
    }
    step_name_params(walk, n);
    const sl_walked *from = n->x[0] ? step_known(walk, n->x[0]) : NULL;
    if (n->op->has_target) {
        step_name(walk, n->x[1], "y", false);
        step_name(walk, n->x[2], "weight", false);
        step_name(walk, n->y, "L", false);
    } else if (step_moves_only(n->op) && from) { /* the same numbers: no new name, and nothing to tell */
        walk->tensors[walk->known++] = (sl_walked){ .t = n->y, .name = from->name };
    } else if (sl_op_is_activation(n->op) && from && from->name[0] == 'z' && from->name[1]) {
        step_name(walk, n->y, sl_explanation_keep(walk->e, "a%s", from->name + 1), false);
    } else {
        step_name(walk, n->y, n->place, false);
    }
}

/* Names, and along how many ways a gradient comes to each. */
static sl_status step_names(sl_walk *walk, const sl_tensor *x, const sl_tensor *output, const char *answer)
{
    walk->room = walk->count * (SL_MAX_INPUTS + 1) + 4;
    walk->tensors = sl_alloc_array(walk->e->ctx, (size_t)walk->room, sizeof *walk->tensors);
    if (!walk->tensors)
        return SL_ENOMEM;
    step_name(walk, x, "x", false);
    for (int i = 0; i < walk->count; i++)
        step_name_node(walk, walk->nodes[i], output, answer);
    for (int i = 0; i < walk->count; i++)
        for (int k = 0; k < walk->nodes[i]->op->inputs; k++) {
            sl_walked *walked =
                sl_walk_flows(walk->nodes[i], k) ? step_known(walk, walk->nodes[i]->x[k]) : NULL;
            if (walked)
                walked->ways++;
        }
    for (int i = 0; i < walk->known; i++) {
        sl_walked *walked = &walk->tensors[i];
        if (walked->ways < 2)
            continue;
        walked->part =
            sl_alloc_array(walk->e->ctx, (size_t)walked->ways * walked->t->count, sizeof *walked->part);
        if (!walked->part)
            return SL_ENOMEM;
    }
    return walk->e->ctx->status;
}

static void step_part(sl_walk *walk, const char *title)
{
    walk->place = NULL;
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = title });
}

static void step_node(sl_walk *walk, const sl_node *n, bool back)
{
    if (step_moves_only(n->op))
        return;
    const sl_node_kind *kind = sl_node_kind_find(n->op);
    if (!n->op->has_target)
        sl_walk_place(walk, n);
    if (kind)
        (back ? kind->backward : kind->forward)(walk, n);
    else if (n->op->written && n->op->has_target)
        (back ? sl_node_loss_backward : sl_node_loss_forward)(walk, n);
    else if (n->op->written)
        (back ? sl_node_curve_backward : sl_node_curve_forward)(walk, n);
    else
        sl_fail(walk->e->ctx, SL_EINVAL, "%s: explain does not know the operator %s", n->place, n->op->name);
}

/* The graph of a batch: nodes in the order in which they ran. */
static sl_status step_collect(sl_walk *walk, const sl_tape *tape)
{
    sl_ctx *ctx = walk->e->ctx;
    for (const sl_node *n = tape->last; n; n = n->previous)
        walk->count++;
    walk->nodes = sl_alloc_array(ctx, (size_t)walk->count + 1, sizeof(sl_node *));
    if (!walk->nodes)
        return SL_ENOMEM;
    int at = walk->count;
    for (const sl_node *n = tape->last; n; n = n->previous)
        walk->nodes[--at] = n;
    return SL_OK;
}

static void step_forget(sl_walk *walk)
{
    sl_ctx *ctx = walk->e->ctx;
    for (int i = 0; i < walk->known; i++)
        sl_free(ctx, walk->tensors[i].part);
    sl_free(ctx, walk->tensors);
    sl_free(ctx, walk->nodes);
}

/* A prediction is called y_hat where the loss compares it with y as it is. */
static const char *step_answer(const sl_model *model)
{
    return model->loss->op->element_losses && !model->loss->output && !model->loss->from_logits ? "y_hat"
                                                                                                : "z_out";
}

static void step_forward(sl_walk *walk)
{
    step_part(walk, "forward");
    for (int i = 0; i + 1 < walk->count; i++)
        step_node(walk, walk->nodes[i], false);
    step_part(walk, "loss");
    step_node(walk, walk->nodes[walk->count - 1], false);
}

static void step_backward(sl_walk *walk)
{
    step_part(walk, "backward");
    for (int i = walk->count - 1; i >= 0; i--)
        if (walk->nodes[i]->y->learns)
            step_node(walk, walk->nodes[i], true);
}

typedef struct {
    sl_model *model;
    sl_tensor *x;
    const sl_tensor *y, *weights;
    const sl_explain_options *o;
    sl_tape *tape;
    sl_step *step; /* NULL: nothing learns */
    sl_losses losses;
} step_job;

/* The loss of the batch once more, for methods that ask for it. */
static sl_tensor *step_loss(sl_tape *tape, void *user)
{
    const step_job *job = user;
    sl_tensor *output = sl_forward(tape, job->model, job->x);
    return sl_loss_of(tape, job->model->loss_text, output, job->y, job->weights);
}

static void step_update(sl_walk *walk, step_job *job, int s, bool shown)
{
    if (shown)
        step_part(walk, "update");
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
    sl_walk walk = { .e = e, .model = job->model };
    sl_tape_reset(job->tape); /* where nothing was walked back the graph would go on */
    sl_tensor *output = sl_forward(job->tape, job->model, job->x);
    sl_tensor *loss = sl_loss_of(job->tape, job->model->loss_text, output, job->y, job->weights);
    const sl_explain_options *o = job->o;
    const bool all = !(o->forward || o->backward || o->update);
    if (!loss || step_collect(&walk, job->tape) ||
        step_names(&walk, job->x, output, step_answer(job->model))) {
        step_forget(&walk);
        return;
    }
    job->losses.loss[s] = (double)loss->v[0];
    job->losses.penalty[s] = job->step ? sl_step_penalty(job->step) : 0;
    job->losses.random = job->losses.random || job->tape->randoms > 0;
    if (all || o->forward)
        step_forward(&walk);
    const bool moves = all || o->update || s + 1 < job->losses.steps;
    const bool slopes = job->step && (!job->step->rule->iterate || job->step->rule->sloped);
    if (slopes && (moves || o->backward) && !sl_backward(job->tape, loss) && (all || o->backward))
        step_backward(&walk);
    if (job->step && moves && !e->ctx->status)
        step_update(&walk, job, s, all || o->update);
    step_forget(&walk);
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
    for (int i = 0; i < job->model->running_count; i++)
        running += job->model->running[i]->count;
    sl_real *kept = running ? sl_alloc_array(e->ctx, running, sizeof *kept) : NULL;
    step_keep_running(job->model, kept, false);
    sl_tape_reset(job->tape);
    job->tape->step = drawn;
    sl_tensor *output = sl_forward(job->tape, job->model, job->x);
    const sl_tensor *loss = sl_loss_of(job->tape, job->model->loss_text, output, job->y, job->weights);
    step_keep_running(job->model, kept, true);
    sl_free(e->ctx, kept);
    if (!loss)
        return;
    job->losses.loss[job->losses.steps] = (double)loss->v[0];
    job->losses.penalty[job->losses.steps] = sl_step_penalty(job->step);
    step_part(&(sl_walk){ .e = e }, job->losses.steps > 1
                                        ? sl_explanation_keep(e, "after %d steps", job->losses.steps)
                                        : "after the step");
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                          .name = step_answer(job->model),
                                          .value = sl_explained_list(e, output->v, output->count) });
    sl_losses_tell(&job->losses, e);
}

static sl_status step_check(sl_ctx *ctx, const sl_model *model, const sl_explain_options *o)
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

sl_explanation *sl_explain_step(sl_model *model, sl_tensor *x, const sl_tensor *y, const sl_tensor *weights,
                                const sl_explain_options *options)
{
    const sl_explain_options none = { 0 }, *o = options ? options : &none;
    if (!model || !x || !y)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (step_check(ctx, model, o))
        return NULL;
    sl_explanation *e = sl_explanation_new(ctx, o->depth, o->digits);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    if (e && tape) {
        tape->spread = true;
        step_job job = { .model = model, .x = x, .y = y, .weights = weights, .o = o, .tape = tape };
        if (model->built || sl_forward(tape, model, x)) { /* then its weights are there */
            sl_tape_reset(tape);
            bool *learns = step_hold(model, o->keep_biases);
            job.step = step_learns(model) ? sl_model_step(model, model->optimizer) : NULL;
            const int steps = o->steps ? o->steps : 1;
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
            sl_step_free(job.step);
            step_let_go(model, learns);
        }
    }
    sl_tape_free(tape);
    if (!ctx->status)
        return e;
    sl_explanation_free(e);
    return NULL;
}
