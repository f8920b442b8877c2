/* minimise.c - sl_step_minimise: the loss as a function that builds it on a tape. */
#include "autograd/tape.h"
#include "optim/whole/whole.h"

typedef struct {
    sl_tensor *(*loss)(sl_tape *tape, void *user);
    sl_tape *tape;
    void *user;
    uint32_t step; /* of the tape: the same random numbers for every loss of an iteration */
} minimise_job;

static sl_tensor *minimise_loss(const minimise_job *job)
{
    sl_ctx *ctx = job->tape->ctx;
    sl_tape_reset(job->tape);
    job->tape->step = job->step;
    sl_tensor *loss = job->loss(job->tape, job->user);
    if (!loss && !ctx->status)
        sl_fail(ctx, SL_EINVAL, "sl_step_minimise: the loss is NULL");
    if (loss && loss->shape.rank != 0) {
        char text[96];
        sl_fail(ctx, SL_ESHAPE,
                "sl_step_minimise: the loss has shape %s: wants a single number (sl_mean, sl_sum)",
                sl_shape_text(text, loss->shape));
    }
    return ctx->status ? NULL : loss;
}

static sl_status minimise_evaluate(void *user, sl_whole *whole, bool gradient, double *value)
{
    const minimise_job *job = user;
    sl_tensor *loss = minimise_loss(job);
    if (!loss)
        return whole->ctx->status;
    *value = (double)loss->v[0];
    whole->random = whole->random || job->tape->randoms > 0;
    if (gradient && *value - *value == 0 && !sl_backward(job->tape, loss))
        sl_whole_take(whole, 1);
    return whole->ctx->status;
}

static sl_status minimise_by_rule(sl_step *step, const minimise_job *job, double *value)
{
    sl_tensor *loss = minimise_loss(job);
    if (!loss)
        return step->ctx->status;
    if (value)
        *value = (double)loss->v[0];
    return sl_backward(job->tape, loss) ? step->ctx->status : sl_step_apply(step);
}

sl_status sl_step_minimise(sl_step *step, sl_tensor *(*loss)(sl_tape *tape, void *user), sl_tape *tape,
                           void *user, double *value)
{
    if (!step || step->ctx->status)
        return step ? step->ctx->status : SL_EINVAL;
    if (!loss || !tape)
        return sl_fail(step->ctx, SL_EINVAL, "sl_step_minimise: no %s",
                       loss ? "tape" : "loss: wants a function that builds it");
    minimise_job job = { loss, tape, user, tape->step };
    sl_whole *whole = step->whole;
    if (!whole)
        return minimise_by_rule(step, &job, value);
    for (int i = 0; i < step->count; i++)
        sl_tensor_clear_gradient(step->params[i]);
    whole->evaluate = minimise_evaluate;
    whole->user = &job;
    if (sl_whole_iterate(step))
        return step->ctx->status;
    tape->step = job.step + 1;
    if (value)
        *value = whole->number[SL_WHOLE_LOSS];
    return SL_OK;
}

bool sl_step_converged(const sl_step *step)
{
    return step && step->whole && step->whole->number[SL_WHOLE_DONE] != 0;
}

uint64_t sl_step_evaluations(const sl_step *step, uint64_t *gradients)
{
    const sl_whole *whole = step ? step->whole : NULL;
    const uint64_t steps = step ? step->steps : 0;
    if (gradients)
        *gradients = whole ? (uint64_t)whole->number[SL_WHOLE_GRADIENTS] : steps;
    return whole ? (uint64_t)whole->number[SL_WHOLE_EVALUATIONS] : steps;
}
