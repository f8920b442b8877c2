/* lecun: keeps the variance of what goes forward: for selu: w ~ N(0, 1 / fan_in) */
#include "init/init.h"

#include <math.h>

static double lecun_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_normal(job, element) * sqrt(1 / sl_init_fans(job->fan_in));
}

const sl_init sl_init_lecun = {
    .name = "lecun",
    .alias = "lecun_normal",
    .summary = "keeps the variance of what goes forward: for selu",
    .formula = "w ~ N(0, 1 / fan_in)",
    .source = "LeCun, Bottou, Orr, Müller: Efficient BackProp, 1998",
    .draw = lecun_draw,
};
