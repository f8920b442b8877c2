/* step.c - the optimizer's step for a model's parameters, each with what its layer says of it. */
#include "model/model.h"
#include "optim/optim.h"

sl_step *sl_model_step(sl_model *model, sl_optimizer optimizer)
{
    sl_step *step = sl_step_new(model->ctx, optimizer, model->params, model->param_count);
    for (int i = 0; i < model->param_count && step; i++) {
        sl_group group;
        sl_model_param_group(model, i, &group.lr_scale, &group.decay);
        group.lr_scale = group.lr_scale == 1 ? 0 : group.lr_scale;
        if (model->params[i]->shape.rank < 2)
            group.decay = 0; /* a bias never decays */
        if (group.lr_scale != 0 && step->rule->iterate)
            sl_fail(model->ctx, SL_EINVAL,
                    "%s: optimizer %s finds the length of its steps itself: leave lr_scale out",
                    model->param_names[i], step->rule->name);
        if (!model->ctx->status && (group.lr_scale != 0 || group.decay != 0))
            sl_step_group(step, model->params[i], group);
    }
    return step;
}
