/* uniform: uniform numbers of a fixed range, 0.05 unless given: w ~ U(-r, r), uniform:r */
#include "init/init.h"

#include <math.h>

static double uniform_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_uniform(job, element) * (isnan(job->number) ? 0.05 : job->number);
}

const sl_init sl_init_uniform = {
    .name = "uniform",
    .summary = "uniform numbers of a fixed range, 0.05 unless given",
    .formula = "w ~ U(-r, r), uniform:r",
    .source = "-",
    .takes_number = true,
    .draw = uniform_draw,
};
