/* constant: all the same: equal units never become different: w = value */
#include "init/init.h"

static const sl_option constant_options[] = {
    { .name = "value", .summary = "of every weight", .normal = 0.1, .low = -1e30, .high = 1e30 }, { 0 }
};

static double constant_draw(const sl_init_job *job, uint64_t element)
{
    (void)element;
    return job->values[0];
}

const sl_init sl_init_constant = {
    .name = "constant",
    .summary = "all the same: equal units never become different",
    .formula = "w = value",
    .source = "-",
    .options = constant_options,
    .draw = constant_draw,
};
