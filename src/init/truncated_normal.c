/* truncated_normal: normal numbers of a fixed spread s, those beyond 2 s drawn again: w ~ N(0, s^2), |w| <= 2
 * s. Their own standard deviation is 0.8796 s. */
#include "init/init.h"

static const sl_option truncated_normal_options[] = { { .name = "std",
                                                        .summary = "standard deviation before the cut",
                                                        .normal = 0.05,
                                                        .high = 1e30,
                                                        .above_low = true },
                                                      { 0 } };

/* One draw in 22 is redone; 40 in a row never are. */
static double truncated_normal_draw(const sl_init_job *job, uint64_t element)
{
    enum { TRIES = 40 };
    double z = 3;
    for (uint64_t again = 0; again < TRIES && !(z >= -2 && z <= 2); again++)
        z = sl_draw_normal(job, element | again << 48);
    return (z >= -2 && z <= 2 ? z : 0) * job->values[0];
}

const sl_init sl_init_truncated_normal = {
    .name = "truncated_normal",
    .summary = "normal numbers of a fixed spread, none beyond two of it",
    .formula = "w ~ N(0, s^2) given |w| <= 2 s",
    .source = "Abadi et al.: TensorFlow, 2015",
    .options = truncated_normal_options,
    .draw = truncated_normal_draw,
};
