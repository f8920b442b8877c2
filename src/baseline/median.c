/* median: always the middle target of the training rows, which no other constant beats in mean absolute
 * error. */
#include "baseline/baseline.h"

#include <stdio.h>
#include <string.h>

enum { MEDIAN_PIECE = 512, MEDIAN_BITS = 16, MEDIAN_BINS = 1 << MEDIAN_BITS };

/* Rises with the number. */
static uint64_t median_key(double value)
{
    uint64_t bits;
    value = value == 0 ? 0 : value; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double median_value(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key ^ UINT64_C(1) << 63 : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

typedef struct {
    const sl_data *data;
    size_t output;
    sl_real *y; /* [MEDIAN_PIECE, outputs] */
} median_job;

/* bins += the 16 bits at `shift` of the keys whose higher bits are those of `key`. */
static sl_status median_count(const median_job *job, uint64_t key, int shift, size_t *bins)
{
    const sl_data *data = job->data;
    const int above = shift + MEDIAN_BITS;
    size_t rows[MEDIAN_PIECE];
    for (size_t first = 0; first < data->rows; first += MEDIAN_PIECE) {
        const size_t count = data->rows - first < MEDIAN_PIECE ? data->rows - first : MEDIAN_PIECE;
        for (size_t i = 0; i < count; i++)
            rows[i] = first + i;
        if (sl_data_gather(NULL, data, rows, count, NULL, NULL, job->y))
            return sl_error(data->ctx);
        for (size_t i = 0; i < count; i++) {
            const uint64_t own = median_key((double)job->y[i * data->outputs + job->output]);
            if (above == 64 || (own ^ key) >> above == 0)
                bins[own >> shift & (MEDIAN_BINS - 1)]++;
        }
    }
    return SL_OK;
}

/* Target number `rank` in ascending order, by a few looks at all of them and no list. */
static sl_status median_rank(const median_job *job, size_t rank, size_t *bins, double *value)
{
    uint64_t key = 0;
    for (int shift = 64 - MEDIAN_BITS; shift >= 0; shift -= MEDIAN_BITS) {
        memset(bins, 0, MEDIAN_BINS * sizeof *bins);
        if (median_count(job, key, shift, bins))
            return sl_error(job->data->ctx);
        uint64_t bin = 0;
        while (rank >= bins[bin])
            rank -= bins[bin++];
        key |= bin << shift;
    }
    *value = median_value(key);
    return SL_OK;
}

static sl_status median_fit(sl_fitted *f, const sl_baseline_job *job)
{
    sl_ctx *ctx = job->ctx;
    const size_t rows = job->data->rows;
    double *v = sl_fitted_add(ctx, f, 0, "median.value", 1, f->width), low = 0, high = 0;
    size_t *bins = sl_alloc_array(ctx, MEDIAN_BINS, sizeof *bins);
    sl_real *y = sl_alloc_array(ctx, MEDIAN_PIECE, f->outputs * sizeof *y);
    for (size_t j = 0; !ctx->status && j < f->outputs; j++) {
        const median_job own = { job->data, j, y };
        if (median_rank(&own, rows / 2, bins, &high))
            break;
        low = high; /* of an odd number of rows */
        if (rows % 2 == 0 && median_rank(&own, rows / 2 - 1, bins, &low))
            break;
        v[j] = high / 2 + low / 2;
    }
    sl_free(ctx, bins);
    sl_free(ctx, y);
    snprintf(f->text, sizeof f->text, "always the median");
    return ctx->status;
}

const sl_baseline sl_baseline_median = {
    .name = "median",
    .summary = "always the median of the targets: the constant of the least mean absolute error",
    .source = "-",
    .of_numbers = true,
    .fit = median_fit,
    .predict = sl_constant_predict,
    .sound = sl_constant_sound,
};
