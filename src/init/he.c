/* he: keeps the variance through relu, which halves it: for the relu family: w ~ N(0, 2 / fan_in) */
#include "init/init.h"

#include <math.h>

static double he_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_normal(job, element) * sqrt(2 / sl_init_fans(job->fan_in));
}

const sl_init sl_init_he = {
    .name = "he",
    .alias = "he_normal",
    .summary = "keeps the variance through relu, which halves it: for the relu family",
    .formula = "w ~ N(0, 2 / fan_in)",
    .source = "He, Zhang, Ren, Sun, ICCV 2015",
    .draw = he_draw,
};
