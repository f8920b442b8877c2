/* data_single.c - how well one input alone tells the target. */
#include "core/sort.h"
#include "diagnose/diagnose.h"

#include <math.h>

enum { SINGLE_NUMBERS = 1 << 21 };

typedef struct {
    sl_real x;
    size_t class_number;
} single_pair;

static int single_compare(const void *a, const void *b)
{
    const sl_real x = ((const single_pair *)a)->x, y = ((const single_pair *)b)->x;
    return (x > y) - (x < y);
}

/* The best threshold: each side answers with its commonest class. */
static double single_threshold(single_pair *pairs, size_t rows, size_t classes, size_t *left, size_t *right)
{
    size_t best = 0;
    sl_sort(pairs, rows, sizeof *pairs, single_compare);
    for (size_t k = 0; k < classes; k++)
        left[k] = right[k] = 0;
    for (size_t i = 0; i < rows; i++)
        right[pairs[i].class_number]++;
    for (size_t i = 0; i < rows; i++) {
        left[pairs[i].class_number]++;
        right[pairs[i].class_number]--;
        if (i + 1 < rows && pairs[i].x == pairs[i + 1].x)
            continue;
        size_t below = 0, above = 0;
        for (size_t k = 0; k < classes; k++) {
            below = left[k] > below ? left[k] : below;
            above = right[k] > above ? right[k] : above;
        }
        best = below + above > best ? below + above : best;
    }
    return (double)best / (double)rows;
}

/* Of more than two classes: the nearest of their means. */
static double single_means(const single_pair *pairs, size_t rows, size_t classes, double *mean, size_t *count)
{
    size_t right = 0;
    for (size_t k = 0; k < classes; k++) {
        mean[k] = 0;
        count[k] = 0;
    }
    for (size_t i = 0; i < rows; i++) {
        mean[pairs[i].class_number] += (double)pairs[i].x;
        count[pairs[i].class_number]++;
    }
    for (size_t i = 0; i < rows; i++) {
        size_t nearest = 0;
        double least = (double)INFINITY;
        for (size_t k = 0; k < classes; k++) {
            const double off =
                count[k] ? fabs((double)pairs[i].x - mean[k] / (double)count[k]) : (double)INFINITY;
            if (off < least) {
                least = off;
                nearest = k;
            }
        }
        right += nearest == pairs[i].class_number;
    }
    return (double)right / (double)rows;
}

static double single_correlation(const sl_data_sample *s, size_t rows, size_t a, const sl_real *v,
                                 size_t step)
{
    double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < rows; i++) {
        ma += (double)s->x[i * s->inputs + a] / (double)rows;
        mb += (double)v[i * step] / (double)rows;
    }
    for (size_t i = 0; i < rows; i++) {
        const double p = (double)s->x[i * s->inputs + a] - ma, q = (double)v[i * step] - mb;
        aa += p * p;
        bb += q * q;
        ab += p * q;
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

sl_status sl_data_look_single(sl_ctx *ctx, const sl_data_sample *s, sl_data_look *look)
{
    const size_t most = SINGLE_NUMBERS / s->inputs > 200 ? SINGLE_NUMBERS / s->inputs : 200,
                 step = s->rows > most ? (s->rows + most - 1) / most : 1, rows = (s->rows + step - 1) / step;
    const sl_data_sample some = { .rows = rows, .inputs = s->inputs * step, .x = s->x };
    single_pair *pairs = sl_alloc_array(ctx, rows, sizeof *pairs);
    double *told = sl_alloc_array(ctx, s->inputs, sizeof *told),
           *mean = sl_alloc_array(ctx, s->classes + 1, sizeof *mean);
    size_t *left = sl_alloc_array(ctx, s->classes + 1, sizeof *left),
           *right = sl_alloc_array(ctx, s->classes + 1, sizeof *right);
    for (size_t j = 0; j < s->inputs && !ctx->status; j++) {
        if (s->classes) {
            for (size_t i = 0; i < rows; i++)
                pairs[i] =
                    (single_pair){ s->x[i * step * s->inputs + j], (size_t)s->y[i * step * s->outputs] };
            told[j] = single_threshold(pairs, rows, s->classes, left, right);
            const double means = s->classes > 2 ? single_means(pairs, rows, s->classes, mean, left) : 0;
            told[j] = means > told[j] ? means : told[j];
        } else {
            const double r = single_correlation(&some, rows, j, s->y, s->outputs * step);
            told[j] = r * r;
        }
        if (!(look->single >= told[j])) {
            look->single = told[j];
            look->single_at = j;
        }
    }
    look->second = 0;
    for (size_t j = 0; j < s->inputs && !ctx->status; j++) {
        if (j == look->single_at || told[j] <= look->second)
            continue;
        const double r = single_correlation(&some, rows, j, s->x + look->single_at, s->inputs * step);
        if (r * r < 0.99 * 0.99)
            look->second = told[j];
    }
    sl_free(ctx, pairs);
    sl_free(ctx, told);
    sl_free(ctx, mean);
    sl_free(ctx, left);
    sl_free(ctx, right);
    return ctx->status;
}
