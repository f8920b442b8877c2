/* step.c - one step of training: decay, rule, update; then the gradients are zero again. */
#include "kernel/kernel.h"
#include "optim/optim.h"

#include <string.h>

sl_step *sl_step_new(sl_ctx *ctx, sl_optimizer optimizer, sl_tensor *const *params, int count)
{
    if (!ctx || ctx->status)
        return NULL;
    if (count < 1 || !params) {
        sl_fail(ctx, SL_EINVAL, "sl_step_new: %d parameters: wants at least one", count);
        return NULL;
    }
    sl_optimizer set;
    const sl_rule *rule = sl_rule_find(ctx, &optimizer, &set);
    if (!rule)
        return NULL;
    sl_course course;
    if (sl_course_plan(ctx, &set, &course))
        return NULL;
    for (int i = 0; i < count; i++)
        if (!params[i] || !params[i]->g || params[i]->tape) {
            sl_fail(ctx, SL_EINVAL,
                    "sl_step_new: parameter %d has no gradient of its own: make it with sl_param", i);
            return NULL;
        }
    sl_step *step = sl_alloc(ctx, sizeof *step);
    if (!step)
        return NULL;
    *step = (sl_step){ .ctx = ctx,
                       .rule = rule,
                       .set = set,
                       .course = course,
                       .count = count,
                       .beta1_power = 1,
                       .beta2_power = 1 };
    step->params = sl_alloc_array(ctx, (size_t)count, sizeof *step->params);
    step->state = sl_alloc_array(ctx, (size_t)count * SL_MAX_STATES, sizeof *step->state);
    bool whole = step->params && step->state;
    for (int i = 0; whole && i < count; i++) {
        step->params[i] = params[i];
        for (int s = 0; whole && s < rule->states; s++) {
            sl_real *memory = sl_alloc_array(ctx, params[i]->count, sizeof *memory);
            step->state[i * SL_MAX_STATES + s] = memory;
            whole = memory != NULL;
        }
    }
    if (whole)
        return step;
    sl_step_free(step);
    return NULL;
}

sl_status sl_step_apply(sl_step *step)
{
    if (!step)
        return SL_ENOMEM;
    if (step->ctx->status)
        return step->ctx->status;
    bool any = false;
    for (int i = 0; i < step->count; i++)
        any = any || step->params[i]->has_grad;
    if (!any)
        return sl_fail(step->ctx, SL_EINVAL,
                       "sl_step_apply: no gradient since the last step: call sl_backward first");
    const sl_real lr = sl_step_lr(step);
    step->steps++;
    step->beta1_power *= (double)step->set.beta1;
    step->beta2_power *= (double)step->set.beta2;
    sl_update u = { .lr = lr,
                    .momentum = step->set.momentum,
                    .beta1 = step->set.beta1,
                    .beta2 = step->set.beta2,
                    .epsilon = step->set.epsilon,
                    .beta1_power = step->beta1_power,
                    .beta2_power = step->beta2_power };
    for (int i = 0; i < step->count; i++) {
        sl_tensor *p = step->params[i];
        if (!p->has_grad)
            continue; /* the loss did not depend on it: it stays as it is */
        const bool decays = p->shape.rank > 1;
        u.decay = decays ? step->set.decay : 0;
        if (u.decay != 0 && !step->rule->decoupled)
            for (size_t j = 0; j < p->count; j++)
                p->g[j] += u.decay * p->v[j];
        step->rule->update(&u, p->v, p->g, step->state + i * SL_MAX_STATES, p->count);
        memset(p->g, 0, p->count * sizeof *p->g);
        p->has_grad = false;
    }
    return SL_OK;
}

sl_real sl_step_lr(const sl_step *step)
{
    return step ? (sl_real)sl_course_rate(&step->course, (double)step->set.lr, step->steps) : 0;
}

sl_status sl_step_set_lr(sl_step *step, sl_real lr)
{
    char number[32];
    if (!step)
        return SL_EINVAL;
    if (!(lr >= 0 && (double)lr < 1e30))
        return sl_fail(step->ctx, SL_EINVAL, "sl_step_set_lr: lr is %s: wants a number from 0 to below 1e30",
                       sl_real_text(number, lr));
    step->set.lr = lr;
    return SL_OK;
}

void sl_step_free(sl_step *step)
{
    if (!step)
        return;
    for (int i = 0; step->state && i < step->count * SL_MAX_STATES; i++)
        sl_free(step->ctx, step->state[i]);
    sl_free(step->ctx, step->state);
    sl_free(step->ctx, step->params);
    sl_free(step->ctx, step);
}
