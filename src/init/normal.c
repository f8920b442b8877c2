/* normal: normal numbers of a fixed spread: w ~ N(0, s^2) */
#include "init/init.h"

static const sl_option normal_options[] = {
    { .name = "std", .summary = "their standard deviation", .normal = 0.05, .high = 1e30, .above_low = true },
    { 0 }
};

static double normal_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_normal(job, element) * job->values[0];
}

const sl_init sl_init_normal = {
    .name = "normal",
    .summary = "normal numbers of a fixed spread",
    .formula = "w ~ N(0, s^2)",
    .source = "-",
    .options = normal_options,
    .draw = normal_draw,
};
