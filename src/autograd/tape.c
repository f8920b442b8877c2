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
    sl_arena_init(&tape->structs[0], ctx);
    sl_arena_init(&tape->structs[1], ctx);
    return tape;
}

void sl_tape_free(sl_tape *tape)
{
    if (!tape)
        return;
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
    tape->walked = false;
    tape->randoms = 0;
    tape->last = NULL;
    sl_arena_reset(&tape->values);
    sl_arena_reset(&tape->structs[tape->graph & 1]);
}

sl_ctx *sl_tape_ctx(const sl_tape *tape)
{
    return tape ? tape->ctx : NULL;
}

static bool tape_is_old(const sl_tensor *t)
{
    return t->tape && t->graph != t->tape->graph;
}

/* A gradient flows into input i. */
static bool tape_flows_into(const sl_node *n, int i)
{
    return n->x[i] && n->x[i]->learns && !(n->op->has_target && i == n->op->inputs - 1);
}

static sl_status tape_check_inputs(const sl_tape *tape, const sl_node *n)
{
    for (int i = 0; i < n->op->inputs; i++) {
        const sl_tensor *x = n->x[i];
        if (!x)
            continue;
        if (x->tape && x->tape != tape)
            return sl_node_fail(n, SL_EINVAL,
                                "input %d is a result of another tape: read its sl_values and make a "
                                "tensor of them",
                                i + 1);
        if (tape_is_old(x) || (x->tape && tape->walked))
            return sl_node_fail(n, SL_EINVAL,
                                "input %d belongs to an earlier graph, which ended at sl_backward or "
                                "sl_tape_reset: compute it again, or keep its values in a tensor of "
                                "your own",
                                i + 1);
    }
    return SL_OK;
}

static sl_tensor *tape_tensor(sl_tape *tape, sl_arena *structs, sl_shape shape, bool learns)
{
    size_t count;
    if (sl_shape_check(tape->ctx, shape, &count))
        return NULL;
    sl_tensor *y = sl_arena_take(structs, sizeof *y);
    if (!y)
        return NULL;
    *y = (sl_tensor){
        .ctx = tape->ctx, .shape = shape, .count = count, .learns = learns, .tape = tape, .graph = tape->graph
    };
    y->v = sl_arena_take(&tape->values, count * sizeof *y->v);
    if (learns && y->v)
        y->g = sl_arena_take(&tape->values, count * sizeof *y->g);
    return y->v && (y->g || !learns) ? y : NULL;
}

sl_tensor *sl_apply(sl_tape *tape, const sl_op *op, sl_tensor *const *x, const sl_op_options *options)
{
    if (!tape || tape->ctx->status)
        return NULL;
    sl_node draft = { .op = op,
                      .ctx = tape->ctx,
                      .training = tape->mode == SL_TRAIN,
                      .step = tape->step,
                      .place = tape->place ? tape->place : op->name };
    bool learns = false;
    for (int i = 0; i < op->inputs; i++) {
        draft.x[i] = x[i];
        if (!x[i] && i < op->inputs - op->optional)
            return NULL; /* the call that made it has said why */
        learns = learns || (tape_flows_into(&draft, i) && draft.training);
    }
    if (options)
        draft.options = *options;
    if (tape_check_inputs(tape, &draft))
        return NULL;
    if (tape->walked)
        sl_tape_reset(tape);
    sl_shape shape;
    if (op->shape(&draft, &shape))
        return NULL;
    sl_arena *structs = &tape->structs[tape->graph & 1];
    sl_node *n = sl_arena_take(structs, sizeof *n);
    sl_tensor *y = n ? tape_tensor(tape, structs, shape, learns) : NULL;
    if (!y)
        return NULL;
    *n = draft;
    n->y = y;
    y->name = n->place;
    if (op->random)
        n->layer = tape->randoms++;
    if (n->scratch_bytes && !(n->scratch = sl_arena_take(&tape->values, n->scratch_bytes)))
        return NULL;
    op->forward(n);
    if (draft.training) {
        n->previous = tape->last;
        tape->last = n;
    }
    return y;
}

sl_status sl_backward(sl_tape *tape, sl_tensor *loss)
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
    for (const sl_node *n = tape->last; n; n = n->previous)
        if (n->y->learns)
            sl_fill(n->y->g, 0, n->y->count);
    loss->g[0] = 1;
    for (const sl_node *n = tape->last; n; n = n->previous) {
        if (!n->y->learns)
            continue;
        n->op->backward(n);
        for (int i = 0; i < n->op->inputs; i++)
            if (tape_flows_into(n, i)) {
                n->x[i]->has_grad = true;
                if (n->x[i]->touched && !n->op->by_rows)
                    n->x[i]->touched->all = true;
            }
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
        if (!sl_all_finite(n->y->v, n->y->count, &bad)) {
            found = n;
            *element = bad;
        }
    return found;
}
