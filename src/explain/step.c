/* step.c - see step.h: runs a step on a tape that fuses nothing, names its tensors, and tells it in order. */
#include "explain/step.h"

#include "layer/layer.h"
#include "loss/loss.h"

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
static void step_name_params(sl_walk *walk, const sl_node *n, bool dense)
{
    for (int i = 0; i < n->op->inputs; i++) {
        if (!n->x[i] || n->x[i]->tape)
            continue;
        for (int p = 0; p < walk->model->param_count; p++)
            if (walk->model->params[p] == n->x[i])
                step_name(walk, n->x[i],
                          !dense ? walk->model->param_names[p]
                                 : sl_explanation_keep(walk->e, i == 1 ? "W%d" : "b%d", walk->dense),
                          true);
    }
}

static bool step_is_loss(const sl_op *op)
{
    return op->element_losses || op->row_losses;
}

/* In predictions nothing is drawn: dropout and noise hand on what they get. */
static bool step_moves_only(const sl_node *n)
{
    const sl_op *op = n->op;
    return !strcmp(op->name, "reshape") || !strcmp(op->name, "flatten") || (op->random && !n->training);
}

/* A product of a dense layer: other layers are made of some, too. */
static bool step_is_dense(const sl_walk *walk, const sl_node *n)
{
    if (strcmp(n->op->name, "linear") != 0)
        return false;
    for (int i = 0; i < walk->model->count; i++)
        if (!strcmp(walk->model->layers[i].name, n->place))
            return walk->model->layers[i].kind == &sl_layer_dense;
    return false;
}

/* "fourier_1" is what the layer gives; on the way there "fourier_1_sin". */
static const char *step_place_name(const sl_walk *walk, int at)
{
    const sl_node *n = walk->nodes[at];
    const bool last = at + 1 >= walk->count || strcmp(walk->nodes[at + 1]->place, n->place) != 0;
    return last ? n->place : sl_explanation_keep(walk->e, "%s_%s", n->place, n->op->name);
}

static void step_name_node(sl_walk *walk, int at, const sl_tensor *output, const char *answer)
{
    const sl_node *n = walk->nodes[at];
    const bool dense = step_is_dense(walk, n);
    walk->dense += dense;
    step_name_params(walk, n, dense);
    const sl_walked *from = n->x[0] ? step_known(walk, n->x[0]) : NULL;
    if (step_is_loss(n->op)) {
        step_name(walk, n->x[1], "y", false);
        step_name(walk, n->x[2], "weight", false);
        step_name(walk, n->y, "L", false);
    } else if (step_moves_only(n) && from) { /* the same numbers: no new name, and nothing to tell */
        walk->tensors[walk->known++] = (sl_walked){ .t = n->y, .name = from->name, .param = from->param };
    } else if (n->y == output) {
        step_name(walk, n->y, answer, false);
    } else if (dense) {
        step_name(walk, n->y, sl_explanation_keep(walk->e, "z%d", walk->dense), false);
    } else if (sl_op_is_activation(n->op) && from && from->name[0] == 'z' && from->name[1] > '0' &&
               from->name[1] <= '9') {
        step_name(walk, n->y, sl_explanation_keep(walk->e, "a%s", from->name + 1), false);
    } else {
        step_name(walk, n->y, step_place_name(walk, at), false);
    }
}

/* Inputs that nobody named. */
static void step_name_leaves(sl_walk *walk)
{
    for (int i = 0; i < walk->count; i++)
        for (int k = 0; k < walk->nodes[i]->op->inputs; k++)
            if (walk->nodes[i]->x[k] && !walk->nodes[i]->x[k]->tape)
                step_name(walk, walk->nodes[i]->x[k], k == 0 ? "x" : k == 1 ? "w" : "v", true);
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
        step_name_node(walk, i, output, answer);
    step_name_leaves(walk);
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
    const bool loss = step_is_loss(n->op);
    walk->back = back ? n : NULL;
    if (back)
        sl_walk_ways(walk, n);
    if (step_moves_only(n)) {
        if (back)
            sl_node_moved_backward(walk, n);
        return;
    }
    const sl_node_kind *kind = sl_node_kind_find(n->op);
    if (!loss)
        sl_walk_place(walk, n);
    if (kind)
        (back ? kind->backward : kind->forward)(walk, n);
    else if (n->op->written && loss)
        (back ? sl_node_loss_backward : sl_node_loss_forward)(walk, n);
    else if (n->op->written)
        (back ? sl_node_curve_backward : sl_node_curve_forward)(walk, n);
    else
        sl_fail(walk->e->ctx, SL_EINVAL, "%s: explain does not know the operator %s", n->place, n->op->name);
}

/* The graph of a batch: nodes in the order in which they ran. */
static sl_status step_nodes_of(sl_walk *walk, const sl_tape *tape)
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
    step_part(walk, "forward");
    for (int i = 0; i < layers; i++)
        step_node(walk, walk->nodes[i], false);
    if (asked->answer)
        asked->answer(asked->user, walk->e, output, step_answer(walk->model), false);
    if (!asked->y)
        return;
    step_part(walk, "loss");
    step_node(walk, walk->nodes[layers], false);
}

static void step_backward(sl_walk *walk)
{
    step_part(walk, "backward");
    for (int i = walk->count - 1; i >= 0; i--)
        if (walk->nodes[i]->y->learns)
            step_node(walk, walk->nodes[i], true);
    sl_chain_explain(walk);
}

static void step_update(sl_walk *walk, sl_step *step)
{
    step_part(walk, "update");
    sl_watched *watched = sl_update_watch(walk, step);
    if (watched && !sl_step_apply(step))
        sl_update_explain(walk, watched);
    sl_update_forget(watched);
}

typedef struct {
    const sl_step_asked *asked;
    sl_tape *tape;
    sl_step *step; /* NULL: nothing learns */
} step_job;

static void step_tell(sl_explanation *e, const step_job *job)
{
    const sl_step_asked *asked = job->asked;
    const sl_explain_options *o = asked->options;
    sl_walk walk = { .e = e, .model = asked->model };
    sl_tensor *output = sl_forward(job->tape, asked->model, asked->x);
    sl_tensor *loss =
        asked->y ? sl_loss_of(job->tape, asked->model->loss_text, output, asked->y, asked->weights) : output;
    const bool all = !(o->forward || o->backward || o->update);
    if (!loss || step_nodes_of(&walk, job->tape) ||
        step_names(&walk, asked->x, output, step_answer(asked->model))) {
        step_forget(&walk);
        return;
    }
    if (all || o->forward)
        step_forward(&walk, asked, output);
    if ((all || !o->forward || o->backward || o->update) && job->step && !sl_backward(job->tape, loss)) {
        if (all || o->backward)
            step_backward(&walk);
        step_update(&walk, job->step);
    }
    step_forget(&walk);
}

/* What the last step came to: the loss with the weights as they are now. */
static void step_after(sl_explanation *e, const step_job *job)
{
    const sl_step_asked *asked = job->asked;
    sl_tape_reset(job->tape);
    sl_tensor *output = sl_forward(job->tape, asked->model, asked->x);
    const sl_tensor *loss = sl_loss_of(job->tape, asked->model->loss_text, output, asked->y, asked->weights);
    if (!loss)
        return;
    step_part(&(sl_walk){ .e = e }, "after the step");
    for (const sl_node *n = job->tape->last; n; n = n->previous)
        if (n->op->random)
            sl_explanation_add(
                e, (sl_explained){ .kind = SL_EXPLAINED_NOTE,
                                   .text = sl_explanation_keep(e, "%s has drawn anew", n->place) });
    const char *answer = step_answer(asked->model);
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                          .name = answer,
                                          .value = sl_explained_list(e, output->v, output->count) });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                          .name = "L",
                                          .value = sl_explained_list(e, loss->v, 1),
                                          .number = (double)loss->v[0] });
    if (asked->answer)
        asked->answer(asked->user, e, output, answer, true);
}

sl_status sl_explain_graph(sl_explanation *e, const sl_tape *tape)
{
    sl_model none = { .ctx = e->ctx };
    sl_walk walk = { .e = e, .model = &none };
    if (!step_nodes_of(&walk, tape) && !step_names(&walk, NULL, NULL, "")) {
        for (int i = 0; i < walk.count; i++)
            step_node(&walk, walk.nodes[i], false);
        for (int i = walk.count - 1; i >= 0; i--)
            if (walk.nodes[i]->y->learns && walk.nodes[i]->y->has_grad)
                step_node(&walk, walk.nodes[i], true);
    }
    step_forget(&walk);
    return e->ctx->status;
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
        for (int s = 0; s < steps && !ctx->status; s++) {
            if (steps > 1)
                sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                                                      .text = sl_explanation_keep(e, "step %d", s + 1) });
            step_tell(e, &job);
        }
        if (job.step && !ctx->status && (o->update || !(o->forward || o->backward)))
            step_after(e, &job);
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
    if (!model || !x || !y)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (sl_step_check(ctx, model, o))
        return NULL;
    sl_explanation *e = sl_explanation_new(ctx, o->depth, o->digits);
    if (e && !sl_explain_steps(
                 e, &(sl_step_asked){ .model = model, .x = x, .y = y, .weights = weights, .options = o }))
        return e;
    sl_explanation_free(e);
    return NULL;
}
