/* rate.c - the step size of a step: asked for, set, judged, and as a table without training. */
#include "optim/optim.h"

sl_real sl_step_lr(const sl_step *step)
{
    return step ? (sl_real)sl_course_rate(&step->course, (double)step->set.lr, step->steps) : 0;
}

bool sl_step_judge(sl_step *step, double loss)
{
    return step && loss - loss == 0 && sl_course_judge(&step->course, loss);
}

double sl_schedule_lr(sl_ctx *ctx, const sl_optimizer *optimizer, size_t step)
{
    const sl_optimizer normal = { 0 };
    sl_optimizer set;
    sl_course course;
    if (!ctx || ctx->status)
        return NAN;
    if (!step) {
        sl_fail(ctx, SL_EINVAL, "sl_schedule_lr: step 0: updates are counted from 1");
        return NAN;
    }
    if (!sl_rule_find(ctx, optimizer ? optimizer : &normal, &set) || sl_course_plan(ctx, &set, &course))
        return NAN;
    return (double)(sl_real)sl_course_rate(&course, (double)set.lr, step - 1);
}

sl_status sl_step_set_lr(sl_step *step, sl_real lr)
{
    char number[32];
    if (!step || step->ctx->status)
        return step ? step->ctx->status : SL_EINVAL;
    if (step->whole)
        return sl_fail(
            step->ctx, SL_EINVAL,
            "sl_step_set_lr: optimizer %s finds the length of its steps itself: there is no lr to set",
            step->rule->name);
    if (!(lr >= 0 && (double)lr < 1e30))
        return sl_fail(step->ctx, SL_EINVAL, "sl_step_set_lr: lr is %s: wants a number from 0 to below 1e30",
                       sl_real_text(number, lr));
    step->set.lr = lr;
    return SL_OK;
}
