/* reduce.c - sums, maxima and norms in a fixed order. */
#include "kernel/kernel.h"

#include <math.h>

enum { REDUCE_LANES = 16, REDUCE_BLOCK = 4096 };

static sl_real reduce_block(const sl_real *x, size_t n)
{
    sl_real lane[REDUCE_LANES] = { 0 };
    size_t i = 0;
    for (; i + REDUCE_LANES <= n; i += REDUCE_LANES)
        for (size_t j = 0; j < REDUCE_LANES; j++)
            lane[j] += x[i + j];
    for (size_t j = 0; i + j < n; j++)
        lane[j] += x[i + j];
    for (size_t half = REDUCE_LANES / 2; half; half /= 2)
        for (size_t j = 0; j < half; j++)
            lane[j] += lane[j + half];
    return lane[0];
}

sl_real sl_reduce_sum(const sl_real *x, size_t n)
{
    if (n <= REDUCE_BLOCK)
        return reduce_block(x, n);
    sl_real sum = 0;
    for (size_t i = 0; i < n; i += REDUCE_BLOCK)
        sum += reduce_block(x + i, n - i < REDUCE_BLOCK ? n - i : REDUCE_BLOCK);
    return sum;
}

sl_real sl_reduce_dot(const sl_real *x, const sl_real *y, size_t n)
{
    sl_real sum = 0;
    for (size_t start = 0; start < n; start += REDUCE_BLOCK) {
        const size_t size = n - start < REDUCE_BLOCK ? n - start : REDUCE_BLOCK;
        sl_real lane[REDUCE_LANES] = { 0 };
        for (size_t i = 0; i < size; i++)
            lane[i % REDUCE_LANES] += x[start + i] * y[start + i];
        sum += reduce_block(lane, REDUCE_LANES);
    }
    return sum;
}

sl_real sl_reduce_max(const sl_real *x, size_t n)
{
    sl_real best = x[0];
    for (size_t i = 1; i < n; i++)
        best = x[i] > best ? x[i] : best;
    return best;
}

void sl_add_rows(sl_real *out, const sl_real *x, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            out[j] += x[i * columns + j];
}

void sl_add_bias(sl_real *x, const sl_real *b, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            x[i * columns + j] += b[j];
}

void sl_fill(sl_real *x, sl_real value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

static double reduce_squares(const sl_real *x, size_t n)
{
    double lane[REDUCE_LANES] = { 0 };
    for (size_t i = 0; i < n; i++)
        lane[i % REDUCE_LANES] += (double)x[i] * (double)x[i];
    for (size_t half = REDUCE_LANES / 2; half; half /= 2)
        for (size_t j = 0; j < half; j++)
            lane[j] += lane[j + half];
    return lane[0];
}

double sl_norm(const sl_real *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i += REDUCE_BLOCK)
        sum += reduce_squares(x + i, n - i < REDUCE_BLOCK ? n - i : REDUCE_BLOCK);
    return sqrt(sum);
}

bool sl_all_finite(const sl_real *x, size_t n, size_t *first_bad)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] - x[i] != 0) { /* inf - inf and nan - nan are nan */
            *first_bad = i;
            return false;
        }
    return true;
}
