/* lecun_uniform: as lecun, from a uniform distribution: w ~ U(-r, r), r = sqrt(3 / fan_in) */
#include "init/init.h"

#include <math.h>

static double lecun_uniform_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_uniform(job, element) * sqrt(3 / sl_init_fans(job->fan_in));
}

const sl_init sl_init_lecun_uniform = {
    .name = "lecun_uniform",
    .summary = "as lecun, from a uniform distribution",
    .formula = "w ~ U(-r, r), r = sqrt(3 / fan_in)",
    .source = "LeCun, Bottou, Orr, Müller: Efficient BackProp, 1998",
    .draw = lecun_uniform_draw,
};
