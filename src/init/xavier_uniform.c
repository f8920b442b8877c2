/* xavier_uniform: as xavier, from a uniform distribution: w ~ U(-r, r), r = sqrt(6 / (fan_in + fan_out)) */
#include "init/init.h"

#include <math.h>

static double xavier_uniform_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_uniform(job, element) * sqrt(6 / sl_init_fans(job->fan_in + job->fan_out));
}

const sl_init sl_init_xavier_uniform = {
    .name = "xavier_uniform",
    .summary = "as xavier, from a uniform distribution",
    .formula = "w ~ U(-r, r), r = sqrt(6 / (fan_in + fan_out))",
    .source = "Glorot, Bengio, AISTATS 2010",
    .draw = xavier_uniform_draw,
};
