/* pytorch: what PyTorch's Linear starts with, weights and biases: w, b ~ U(-1 / sqrt(fan_in), 1 /
 * sqrt(fan_in)) */
#include "init/init.h"

#include <math.h>

static double pytorch_draw(const sl_init_job *job, uint64_t element)
{
    return sl_draw_uniform(job, element) / sqrt(sl_init_fans(job->fan_in));
}

const sl_init sl_init_pytorch = {
    .name = "pytorch",
    .summary = "what PyTorch's Linear starts with, weights and biases",
    .formula = "w, b ~ U(-1 / sqrt(fan_in), 1 / sqrt(fan_in))",
    .source = "PyTorch 1.0, kaiming_uniform with a = sqrt(5)",
    .for_biases = true,
    .draw = pytorch_draw,
};
