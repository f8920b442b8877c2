/* graph.c - the operators that a tape has recorded: what their tensors are called, and each of them told. */
#include "explain/step.h"

#include "layer/layer.h"

#include <string.h>

static sl_walked *graph_known(sl_walk *walk, const sl_tensor *t)
{
    for (int i = 0; i < walk->known; i++)
        if (walk->tensors[i].t == t)
            return &walk->tensors[i];
    return NULL;
}

static bool graph_named(const sl_walk *walk, const char *name)
{
    for (int i = 0; i < walk->known; i++)
        if (!strcmp(walk->tensors[i].name, name))
            return true;
    return false;
}

/* A tensor's name; where another has it already, with a letter behind it. */
static void graph_name(sl_walk *walk, const sl_tensor *t, const char *name, bool param)
{
    if (!t || graph_known(walk, t) || walk->known == walk->room)
        return;
    const char *own = name;
    for (char letter = 'b'; graph_named(walk, own) && letter <= 'z'; letter++)
        own = sl_explanation_keep(walk->e, "%s_%c", name, letter);
    walk->tensors[walk->known++] = (sl_walked){ .t = t, .name = own, .param = param };
}

/* W1 and b1; other layers' weights are called as in a file. */
static void graph_name_params(sl_walk *walk, const sl_node *n, bool dense)
{
    for (int i = 0; i < n->op->inputs; i++) {
        if (!n->x[i] || n->x[i]->tape)
            continue;
        for (int p = 0; p < walk->model->param_count; p++)
            if (walk->model->params[p] == n->x[i])
                graph_name(walk, n->x[i],
                           !dense ? walk->model->param_names[p]
                                  : sl_explanation_keep(walk->e, i == 1 ? "W%d" : "b%d", walk->dense),
                           true);
    }
}

static bool graph_is_loss(const sl_op *op)
{
    return op->element_losses || op->row_losses;
}

/* In predictions nothing is drawn: dropout and noise hand on what they get. */
static bool graph_moves_only(const sl_node *n)
{
    const sl_op *op = n->op;
    return !strcmp(op->name, "reshape") || !strcmp(op->name, "flatten") || (op->random && !n->training);
}

/* A product of a dense layer: other layers are made of some, too. */
static bool graph_is_dense(const sl_walk *walk, const sl_node *n)
{
    if (strcmp(n->op->name, "linear") != 0)
        return false;
    for (int i = 0; i < walk->model->count; i++)
        if (!strcmp(walk->model->layers[i].name, n->place))
            return walk->model->layers[i].kind == &sl_layer_dense;
    return false;
}

/* "fourier_1" is what the layer gives; on the way there "fourier_1_sin". */
static const char *graph_place_name(const sl_walk *walk, int at)
{
    const sl_node *n = walk->nodes[at];
    const bool last = at + 1 >= walk->count || strcmp(walk->nodes[at + 1]->place, n->place) != 0;
    return last ? n->place : sl_explanation_keep(walk->e, "%s_%s", n->place, n->op->name);
}

static void graph_name_node(sl_walk *walk, int at, const sl_tensor *output, const char *answer)
{
    const sl_node *n = walk->nodes[at];
    const bool dense = graph_is_dense(walk, n);
    walk->dense += dense;
    graph_name_params(walk, n, dense);
    const sl_walked *from = n->x[0] ? graph_known(walk, n->x[0]) : NULL;
    if (graph_is_loss(n->op)) {
        graph_name(walk, n->x[1], "y", false);
        graph_name(walk, n->x[2], "weight", false);
        graph_name(walk, n->y, "L", false);
    } else if (graph_moves_only(n) && from) { /* the same numbers: no new name, and nothing to tell */
        walk->tensors[walk->known++] = (sl_walked){ .t = n->y, .name = from->name, .param = from->param };
    } else if (n->y == output) {
        graph_name(walk, n->y, answer, false);
    } else if (dense) {
        graph_name(walk, n->y, sl_explanation_keep(walk->e, "z%d", walk->dense), false);
    } else if (sl_op_is_activation(n->op) && from && from->name[0] == 'z' && from->name[1] > '0' &&
               from->name[1] <= '9') {
        graph_name(walk, n->y, sl_explanation_keep(walk->e, "a%s", from->name + 1), false);
    } else {
        graph_name(walk, n->y, graph_place_name(walk, at), false);
    }
}

/* Inputs that nobody named. */
static void graph_name_leaves(sl_walk *walk)
{
    for (int i = 0; i < walk->count; i++)
        for (int k = 0; k < walk->nodes[i]->op->inputs; k++)
            if (walk->nodes[i]->x[k] && !walk->nodes[i]->x[k]->tape)
                graph_name(walk, walk->nodes[i]->x[k], k == 0 ? "x" : k == 1 ? "w" : "v", true);
}

/* Names, and along how many ways a gradient comes to each. */
sl_status sl_walk_names(sl_walk *walk, const sl_tensor *x, const sl_tensor *output, const char *answer)
{
    walk->room = walk->count * (SL_MAX_INPUTS + 1) + 4;
    walk->tensors = sl_alloc_array(walk->e->ctx, (size_t)walk->room, sizeof *walk->tensors);
    if (!walk->tensors)
        return SL_ENOMEM;
    graph_name(walk, x, "x", false);
    for (int i = 0; i < walk->count; i++)
        graph_name_node(walk, i, output, answer);
    graph_name_leaves(walk);
    for (int i = 0; i < walk->count; i++)
        for (int k = 0; k < walk->nodes[i]->op->inputs; k++) {
            sl_walked *walked =
                sl_walk_flows(walk->nodes[i], k) ? graph_known(walk, walk->nodes[i]->x[k]) : NULL;
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

void sl_walk_part(sl_walk *walk, const char *title)
{
    walk->place = NULL;
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = title });
}

void sl_walk_node(sl_walk *walk, const sl_node *n, bool back)
{
    const bool loss = graph_is_loss(n->op);
    walk->back = back ? n : NULL;
    if (back)
        sl_walk_ways(walk, n);
    if (graph_moves_only(n)) {
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
sl_status sl_walk_nodes(sl_walk *walk, const sl_tape *tape)
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

void sl_walk_forget(sl_walk *walk)
{
    sl_ctx *ctx = walk->e->ctx;
    for (int i = 0; i < walk->known; i++)
        sl_free(ctx, walk->tensors[i].part);
    sl_free(ctx, walk->tensors);
    sl_free(ctx, walk->nodes);
}

sl_status sl_explain_graph(sl_explanation *e, const sl_tape *tape)
{
    sl_model none = { .ctx = e->ctx };
    sl_walk walk = { .e = e, .model = &none };
    if (!sl_walk_nodes(&walk, tape) && !sl_walk_names(&walk, NULL, NULL, "")) {
        for (int i = 0; i < walk.count; i++)
            sl_walk_node(&walk, walk.nodes[i], false);
        for (int i = walk.count - 1; i >= 0; i--)
            if (walk.nodes[i]->y->learns && walk.nodes[i]->y->has_grad)
                sl_walk_node(&walk, walk.nodes[i], true);
    }
    sl_walk_forget(&walk);
    return e->ctx->status;
}
