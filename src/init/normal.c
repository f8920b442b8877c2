/* normal: normal numbers of a fixed spread, 0.05 unless given: w ~ N(0, s^2), normal:s */
#include "init/init.h"

#include <math.h>

static double normal_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_normal(job, element) * (isnan(job->number) ? 0.05 : job->number);
}

const sl_init sl_init_normal = {
    .name = "normal",
    .summary = "normal numbers of a fixed spread, 0.05 unless given",
    .formula = "w ~ N(0, s^2), normal:s",
    .source = "-",
    .takes_number = true,
    .draw = normal_draw,
};
