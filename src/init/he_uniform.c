/* he_uniform: as he, from a uniform distribution: w ~ U(-r, r), r = sqrt(6 / fan_in) */
#include "init/init.h"

#include <math.h>

static double he_uniform_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_uniform(job, element) * sqrt(6 / sl_init_fans(job->fan_in));
}

const sl_init sl_init_he_uniform = {
    .name = "he_uniform",
    .summary = "as he, from a uniform distribution",
    .formula = "w ~ U(-r, r), r = sqrt(6 / fan_in)",
    .source = "He, Zhang, Ren, Sun, ICCV 2015",
    .draw = he_uniform_draw,
};
