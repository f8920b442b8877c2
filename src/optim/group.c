/* group.c - parameters with an lr and a decay of their own. */
#include "optim/optim.h"

sl_status sl_step_group(sl_step *step, const sl_tensor *param, sl_group group)
{
    if (!step || step->ctx->status)
        return step ? step->ctx->status : SL_EINVAL;
    char number[32];
    const sl_real scale = group.lr_scale != 0 ? group.lr_scale : 1;
    if (!(scale > 0 && (double)scale < 1e30))
        return sl_fail(step->ctx, SL_EINVAL,
                       "sl_step_group: lr_scale is %s: wants a number above 0 and below 1e30 (default 1)",
                       sl_real_text(number, scale));
    if (!((double)group.decay < 1e30))
        return sl_fail(
            step->ctx, SL_EINVAL,
            "sl_step_group: decay is %s: wants a number below 1e30 (default: the optimizer's; negative: "
            "none)",
            sl_real_text(number, group.decay));
    bool found = false;
    for (int i = 0; i < step->count; i++)
        if (step->params[i] == param) {
            sl_step_part *part = &step->parts[i];
            part->scale = scale;
            part->decay = group.decay < 0   ? 0
                          : group.decay > 0 ? group.decay
                          : part->weight    ? step->set.decay
                                            : 0;
            found = true;
        }
    if (!found)
        return sl_fail(
            step->ctx, SL_EINVAL,
            "sl_step_group: this tensor is none of the step's %d parameters: give it to sl_step_new",
            step->count);
    return SL_OK;
}
