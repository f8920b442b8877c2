/* lab_weights.c - see lab.h: weights, to be looked at and set by hand. */
#include "lab.h"

#include <math.h>
#include <string.h>

sl_status lab_weights(lab *l)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_model *model = l->run->model;
    if (!lab_room(l, model->parameters))
        return lab_say(l, SL_ENOMEM);
    float *to = l->numbers;
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; i < model->params[p]->count; i++)
            *to++ = (float)model->params[p]->v[i];
    return SL_OK;
}

sl_status lab_set_weight(lab *l, int index, double value)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_model *model = l->run->model;
    if (!(fabs(value) <= 1e6))
        return lab_refuse(l, "a weight wants a number from -1,000,000 to 1,000,000");
    if (index < 0 || (size_t)index >= model->parameters)
        return lab_refuse(l, "there is no such weight");
    size_t at = (size_t)index;
    int p = 0;
    while (at >= model->params[p]->count)
        at -= model->params[p++]->count;
    model->params[p]->v[at] = (sl_real)value;
    return lab_state(l);
}
