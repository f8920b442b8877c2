/* zeros: all zero: right for biases; equal units never become different: w = 0 */
#include "init/init.h"

static double zeros_draw(const sl_init_job *job, uint64_t element)
{
    (void)job, (void)element;
    return 0;
}

const sl_init sl_init_zeros = {
    .name = "zeros",
    .summary = "all zero: right for biases; equal units never become different",
    .formula = "w = 0",
    .source = "-",
    .draw = zeros_draw,
};
