/* xavier: keeps the variance of signals both ways: for tanh, sigmoid and linear layers: w ~ N(0, 2 /
 * (fan_in + fan_out)) */
#include "init/init.h"

#include <math.h>

static double xavier_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_normal(job, element) * sqrt(2 / sl_init_fans(job->fan_in + job->fan_out));
}

const sl_init sl_init_xavier = {
    .name = "xavier",
    .alias = "xavier_normal",
    .summary = "keeps the variance of signals both ways: for tanh, sigmoid and linear layers",
    .formula = "w ~ N(0, 2 / (fan_in + fan_out))",
    .source = "Glorot, Bengio, AISTATS 2010",
    .draw = xavier_draw,
};
