/* tape.c - see tape.h. Every operator goes through sl_apply; sl_backward visits them newest first, so when a
 * node is reached, all that its result flowed into has already added to its gradient.                  */
#include "autograd/tape.h"

sl_tape *sl_tape_new(sl_ctx *ctx, sl_mode mode)
{
    sl_tape *tape = sl_alloc(ctx, sizeof *tape);
    if (!tape)
        return NULL;
    tape->ctx = ctx;
    tape->mode = mode;
    tape->graph = 1;
    sl_arena_init(&tape->values, ctx);
    tape->values.numbers = true;
    sl_arena_init(&tape->structs[0], ctx);
    sl_arena_init(&tape->structs[1], ctx);
    return tape;
}

void sl_tape_free(sl_tape *tape)
{
    if (!tape)
        return;
    sl_tape_unpack(tape);
    sl_arena_free(&tape->values);
    sl_arena_free(&tape->structs[0]);
    sl_arena_free(&tape->structs[1]);
    sl_free(tape->ctx, tape);
}

void sl_tape_reset(sl_tape *tape)
{
    if (!tape)
        return;
    tape->graph++;
    tape->walked = tape->flat = false;
    tape->randoms = 0;
    tape->last = NULL;
    sl_arena_reset(&tape->values);
    sl_arena_reset(&tape->structs[tape->graph & 1]);
}

sl_ctx *sl_tape_ctx(const sl_tape *tape)
{
    return tape ? tape->ctx : NULL;
}

bool sl_tape_spread(const sl_tape *tape)
{
    return tape && tape->spread;
}

static bool tape_is_old(const sl_tensor *t)
{
    return t->tape && t->graph != t->tape->graph;
}

/* A gradient flows into input i. */
static bool tape_flows_into(const sl_op *op, const sl_tensor *x, int i)
{
    return x && x->learns && !(op->has_target && i > 0);
}

static sl_status tape_check_inputs(const sl_tape *tape, const sl_op *op, sl_tensor *const *x,
                                   const char *place)
{
    for (int i = 0; i < op->inputs; i++) {
        if (!x[i] || !x[i]->tape)
            continue;
        if (x[i]->tape != tape)
            return sl_fail(
                tape->ctx, SL_EINVAL,
                "%s: input %d is a result of another tape: read its sl_values and make a tensor of "
                "them",
                place, i + 1);
        if (tape_is_old(x[i]) || tape->walked)
            return sl_fail(tape->ctx, SL_EINVAL,
                           "%s: input %d belongs to an earlier graph, which ended at sl_backward or "
                           "sl_tape_reset: compute it again, or keep its values in a tensor of your own",
                           place, i + 1);
    }
    return SL_OK;
}

/* The operator or activation of this node through which nothing can be learned; NULL: all is well. */
static const sl_op *tape_flat(const sl_node *n)
{
    if (n->op->flat)
        return n->op;
    const sl_op *f = n->options.activation;
    return f && f->flat ? f : NULL;
}

typedef struct {
    sl_node node;
    sl_tensor y;
} tape_made;

/* Values, gradient and scratch, once the shape rule has run. */
static sl_status tape_memory(sl_tape *tape, tape_made *made)
{
    sl_tensor *y = &made->y;
    if (!sl_shape_numbers(&y->shape, &y->count))
        return sl_shape_check(tape->ctx, y->shape, &y->count);
    y->v = sl_arena_take(&tape->values, y->count * sizeof *y->v);
    if (y->learns)
        y->g = sl_arena_take(&tape->values, y->count * sizeof *y->g);
    if (made->node.scratch_bytes)
        made->node.scratch = sl_arena_take(&tape->values, made->node.scratch_bytes);
    return tape->ctx->status;
}

static void tape_timed(const sl_node *n, bool backward)
{
    sl_profile *profile = n->ctx->profile;
    sl_profile_enter(profile, n->place, n->op->name,
                     backward      ? "backward"
                     : n->training ? "forward"
                                   : "inference");
    if (backward)
        n->op->backward(n);
    else
        n->op->forward(n);
    const sl_cost cost = sl_cost_of(n, backward);
    sl_profile_leave(profile, &cost);
}

sl_tensor *sl_apply(sl_tape *tape, const sl_op *op, sl_tensor *const *x, const sl_op_options *options)
{
    if (!tape || tape->ctx->status)
        return NULL;
    const char *place = tape->place ? tape->place : op->name;
    const bool training = tape->mode == SL_TRAIN;
    bool learns = false;
    for (int i = 0; i < op->inputs; i++) {
        if (!x[i] && i < op->inputs - op->optional) { /* nothing failed before, so no call has said why */
            sl_fail(tape->ctx, SL_EINVAL, "%s: input %d is NULL: wants a tensor", place, i + 1);
            return NULL;
        }
        learns = learns || (training && tape_flows_into(op, x[i], i));
    }
    if (tape_check_inputs(tape, op, x, place))
        return NULL;
    if (tape->walked)
        sl_tape_reset(tape);
    tape_made *made = sl_arena_take(&tape->structs[tape->graph & 1], sizeof *made);
    if (!made)
        return NULL;
    sl_node *n = &made->node;
    *n = (sl_node){
        .op = op,
        .ctx = tape->ctx,
        .y = &made->y,
        .training = training,
        .step = tape->step,
        .first_row = tape->first_row,
        .place = place,
    };
    for (int i = 0; i < op->inputs; i++)
        n->x[i] = x[i];
    if (options)
        n->options = *options;
    made->y = (sl_tensor){
        .ctx = tape->ctx, .learns = learns, .tape = tape, .graph = tape->graph, .node = n, .name = place
    };
    if (op->shape(n, &made->y.shape) || tape_memory(tape, made))
        return NULL;
    if (op->random)
        n->layer = tape->randoms++;
    if (tape->ctx->profile)
        tape_timed(n, false);
    else if (!tape->ctx->dry)
        op->forward(n);
    if (training || tape->spread) { /* who wants operators one by one reads them from the tape */
        for (int i = 0; i < op->inputs; i++)
            if (x[i] && x[i]->tape)
                x[i]->uses++;
        n->previous = tape->last;
        tape->last = n;
        tape->flat = tape->flat || tape_flat(n);
    }
    return &made->y;
}

/* Is there a flat one on a way from the loss to a parameter? Looked for before any gradient is touched, and
 * only in graphs that have one: marks what the loss depends on as sl_backward will, and takes the marks off
 * again. */
static sl_status tape_check_slopes(sl_tape *tape, sl_tensor *loss)
{
    const sl_node *found = NULL;
    loss->has_grad = true;
    for (const sl_node *n = tape->last; n && !found; n = n->previous)
        if (n->y->learns && n->y->has_grad) {
            if (tape_flat(n))
                found = n;
            for (int i = 0; i < n->op->inputs; i++)
                if (tape_flows_into(n->op, n->x[i], i) && n->x[i]->tape)
                    n->x[i]->has_grad = true;
        }
    for (const sl_node *n = tape->last; n; n = n->previous)
        n->y->has_grad = false;
    if (!found)
        return SL_OK;
    const sl_op *f = tape_flat(found);
    if (!strcmp(found->place, f->name))
        return sl_fail(tape->ctx, SL_EINVAL, "%s: %s", f->name, f->flat);
    return sl_fail(tape->ctx, SL_EINVAL, "%s: %s: %s", found->place, f->name, f->flat);
}

sl_status sl_backward(sl_tape *tape, sl_tensor *loss)
{
    return sl_backward_share(tape, loss, 1);
}

sl_status sl_backward_share(sl_tape *tape, sl_tensor *loss, sl_real share)
{
    if (!tape)
        return SL_ENOMEM;
    sl_ctx *ctx = tape->ctx;
    if (ctx->status)
        return ctx->status;
    char text[96];
    if (!loss)
        return sl_fail(ctx, SL_EINVAL, "sl_backward: the loss is NULL");
    if (loss->tape != tape || tape_is_old(loss))
        return sl_fail(ctx, SL_EINVAL, "sl_backward: the loss is not a result of this tape's current graph");
    if (tape->mode != SL_TRAIN)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_backward: the tape is SL_INFER, which records nothing: make it SL_TRAIN");
    if (tape->walked)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_backward: this graph was walked back already: compute the loss again");
    if (loss->shape.rank != 0)
        return sl_fail(ctx, SL_ESHAPE,
                       "sl_backward: the loss has shape %s: wants a single number (sl_mean, sl_sum)",
                       sl_shape_text(text, loss->shape));
    tape->walked = true;
    tape->step++;
    if (!loss->learns)
        return sl_fail(ctx, SL_EINVAL, "sl_backward: the loss depends on no parameter (sl_param)");
    if (tape->flat && tape_check_slopes(tape, loss))
        return ctx->status;
    loss->g[0] = share;
    loss->has_grad = true;
    for (const sl_node *n = tape->last; n; n = n->previous) {
        if (!n->y->learns)
            continue;
        if (!n->y->has_grad) { /* the loss does not depend on it */
            sl_fill(ctx->isa, n->y->g, 0, n->y->count);
            continue;
        }
        for (int i = 0; i < n->op->inputs; i++) {
            sl_tensor *x = n->x[i];
            if (!tape_flows_into(n->op, x, i))
                continue;
            if (x->touched && !n->op->by_rows)
                x->touched->all = true;
            if (n->op->assigns)
                continue;
            if (x->tape && !x->has_grad)
                sl_fill(ctx->isa, x->g, 0, x->count);
            x->has_grad = true;
        }
        if (ctx->profile)
            tape_timed(n, true);
        else
            n->op->backward(n);
    }
    return SL_OK;
}

sl_real *sl_values(sl_tensor *t)
{
    return t && !tape_is_old(t) ? t->v : NULL;
}

const sl_real *sl_gradient(const sl_tensor *t)
{
    return t && !tape_is_old(t) ? t->g : NULL;
}

const sl_node *sl_tape_first_bad(const sl_tape *tape, size_t *element)
{
    const sl_node *found = NULL;
    size_t bad;
    for (const sl_node *n = tape->last; n; n = n->previous)
        if (!sl_all_finite(n->ctx->isa, n->y->v, n->y->count, &bad)) {
            found = n;
            *element = bad;
        }
    return found;
}
