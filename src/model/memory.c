/* memory.c - what a training step needs: the calls that a training makes, in a dry context that counts. */
#include "model/model.h"

/* The same layers again, without weights yet. */
static sl_model *memory_twin(sl_ctx *dry, const sl_model *model)
{
    sl_flat *layers = sl_model_flat(dry, model);
    sl_model *twin = layers ? sl_model_make_flat(dry, layers, model->count) : NULL;
    sl_free(dry, layers);
    if (!twin)
        return NULL;
    twin->loss = model->loss;
    twin->loss_values = model->loss_values;
    twin->views = model->views; /* borrowed: a dry context's end looks into nothing */
    twin->blank = true;         /* there is no place to draw weights into */
    return twin;
}

/* What a new tape takes for steps with this batch. Two of them, since tensors of even and of odd graphs have
 * memory of their own. */
static size_t memory_of_tape(const sl_model *twin, sl_tensor *x, sl_tensor *y)
{
    sl_ctx *dry = twin->ctx;
    const size_t before = dry->bytes;
    sl_tape *tape = sl_tape_new(dry, SL_TRAIN);
    for (int step = 0; step < 2 && tape; step++) {
        sl_tape_reset(tape);
        sl_loss_apply(tape, twin->loss, &twin->loss_values, sl_model_forward(tape, twin, x), y, NULL);
    }
    return dry->bytes - before;
}

static sl_status memory_count(sl_ctx *dry, const sl_model *model, int batch, sl_step_memory *memory)
{
    sl_model *twin = memory_twin(dry, model);
    size_t mark = dry->bytes;
    sl_tensor *x, *y;
    if (!twin || sl_model_build(twin, model->input))
        return dry->status;
    memory->gradients = twin->learned * sizeof *twin->gradients;
    memory->weights = dry->bytes - mark - memory->gradients;
    mark = dry->bytes;
    if (sl_model_batch(dry, twin, batch, &x, &y))
        return dry->status;
    if (x->ragged && sl_ragged_end(x->ragged, (size_t[SL_MOST_VIEWS]){ 0 })) /* of empty texts */
        return dry->status;
    memory->batch = dry->bytes - mark;
    sl_optimizer optimizer = model->optimizer;
    optimizer.schedule = NULL; /* keeps nothing, and wants to know where training ends */
    optimizer.warmup = 0;
    mark = dry->bytes;
    if (!sl_step_new(dry, optimizer, twin->params, twin->param_count))
        return dry->status;
    memory->optimizer = dry->bytes - mark;
    const size_t both = memory_of_tape(twin, x, y); /* the first product takes memory for all */
    memory->activations = memory_of_tape(twin, x, y);
    memory->products = both - memory->activations;
    return dry->status;
}

sl_status sl_model_step_memory(const sl_model *model, int batch, sl_step_memory *memory)
{
    sl_step_memory unwanted = { 0 };
    memory = memory ? memory : &unwanted;
    *memory = (sl_step_memory){ 0 };
    if (!model)
        return SL_EINVAL;
    sl_ctx *ctx = model->ctx;
    if (ctx->status)
        return ctx->status;
    if (batch < 1)
        return sl_fail(ctx, SL_EINVAL, "memory of a step: the batch is %d: wants 1 row or more", batch);
    if (!model->loss)
        return sl_fail(ctx, SL_EINVAL, "memory of a step: the model has no loss yet: call sl_compile first");
    if (!model->built)
        return sl_fail(ctx, SL_EINVAL,
                       "memory of a step: the model does not know how many numbers a row has: begin it with "
                       "sl_input, or fit it first");
    sl_ctx dry;
    sl_ctx_dry(&dry, ctx);
    if (memory_count(&dry, model, batch, memory)) {
        *memory = (sl_step_memory){ 0 };
        sl_fail(ctx, dry.status, "memory of a step at batch %d: %s", batch, dry.message);
    }
    sl_ctx_dry_end(&dry);
    return ctx->status;
}

size_t sl_model_step_bytes(const sl_model *model, int batch)
{
    sl_step_memory m;
    if (sl_model_step_memory(model, batch, &m))
        return 0;
    return m.weights + m.gradients + m.optimizer + m.activations + m.batch + m.products;
}
