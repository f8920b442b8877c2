/* scale.c - inputs of very different size, where nothing standardises them. */
#include "data/check/check.h"

#include <math.h>

static sl_severity scale_look(const sl_check_job *job, sl_text *sentence)
{
    enum { ROWS = 10000, TIMES = 100 };
    const sl_data *train = job->train;
    const size_t features = train->features, rows = train->rows < ROWS ? train->rows : ROWS;
    if (train->store->columns || sl_data_is_bytes(train) || features < 2)
        return SL_FINDS_NOTHING;
    double *mean = sl_alloc_array(job->ctx, 2 * features, sizeof *mean), *squares = mean + features;
    sl_real *x = sl_alloc_array(job->ctx, features, sizeof *x);
    size_t small = features, large = features;
    for (size_t i = 0; mean && x && i < rows; i++) { /* rows spread evenly; sums by Welford */
        const size_t row = (size_t)((uint64_t)i * train->rows / rows);
        sl_data_gather(NULL, train, &row, 1, NULL, x, NULL);
        for (size_t j = 0; j < features; j++) {
            const double off = (double)x[j] - mean[j];
            mean[j] += off / (double)(i + 1);
            squares[j] += off * ((double)x[j] - mean[j]);
        }
    }
    for (size_t j = 0; mean && x && j < features; j++)
        if (squares[j] > 0) {
            small = small == features || squares[j] < squares[small] ? j : small;
            large = large == features || squares[j] > squares[large] ? j : large;
        }
    const double low = small < features ? sqrt(squares[small] / (double)rows) : 1,
                 high = large < features ? sqrt(squares[large] / (double)rows) : 1;
    sl_free(job->ctx, mean);
    sl_free(job->ctx, x);
    if (job->ctx->status || !(high > TIMES * low))
        return SL_FINDS_NOTHING;
    char first[32], second[32];
    sl_text_add(
        sentence,
        "input %zu has a deviation of %s, input %zu one of %s, and inputs are used as they are: the small "
        "one is hardly seen: standardise them",
        large, sl_number_text(first, (double)(float)high), small, sl_number_text(second, (double)(float)low));
    return SL_FINDS_REMARK;
}

const sl_check sl_check_scale = {
    .name = "scale",
    .summary = "numbers of very different size that nothing standardises",
    .formula = "the largest deviation of an input is above 100 times the smallest",
    .source = "LeCun, Bottou, Orr, Muller 1998, Efficient BackProp",
    .look = scale_look,
};
