/* uniform: uniform numbers of a fixed range: w ~ U(-r, r) */
#include "init/init.h"

static const sl_option uniform_options[] = {
    { .name = "range", .summary = "the largest size r", .normal = 0.05, .high = 1e30, .above_low = true },
    { 0 }
};

static double uniform_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_uniform(job, element) * job->values[0];
}

const sl_init sl_init_uniform = {
    .name = "uniform",
    .summary = "uniform numbers of a fixed range",
    .formula = "w ~ U(-r, r)",
    .source = "-",
    .options = uniform_options,
    .draw = uniform_draw,
};
