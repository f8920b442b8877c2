/* orthogonal: the shorter side of the matrix becomes orthonormal, times the gain: W Wᵀ = g² I or Wᵀ W = g² I,
 * so signals keep their length through any number of linear layers. The vectors are normal numbers made
 * orthonormal one after the other (Gram, Schmidt, modified; again where little is left, Daniel et al. 1976),
 * in double: every such matrix is equally likely. */
#include "init/init.h"
#include "kernel/lanes.h"

#include <math.h>

static const sl_option orthogonal_options[] = {
    { .name = "gain", .summary = "length of every vector", .normal = 1, .high = 1e30, .above_low = true },
    { 0 }
};

SL_INLINE double orthogonal_dot_body(const double *a, const double *b, size_t n)
{
    double lane[SL_LANES] = { 0 };
    size_t i = 0;
    for (; i + SL_LANES <= n; i += SL_LANES)
        SL_EACH_LANE(j) lane[j] += a[i + j] * b[i + j];
    for (size_t j = 0; i + j < n; j++)
        lane[j] += a[i + j] * b[i + j];
    SL_FOLD_LANES(SL_FOLD_SUM, lane);
    return lane[0];
}
SL_CLONES_VALUE(static, double, orthogonal_dot, (const double *a, const double *b, size_t n), (a, b, n))

SL_INLINE void orthogonal_subtract_body(double *a, double factor, const double *b, size_t n)
{
    SL_EACH(i, n)
    {
        a[i] -= factor * b[i];
    }
}
SL_CLONES(static, orthogonal_subtract, (double *a, double factor, const double *b, size_t n),
          (a, factor, b, n))

/* Of the vectors v[0] .. v[at], each of n numbers, the last one is made orthogonal to the others and of
 * length 1. */
static void orthogonal_add(sl_isa isa, double *v, size_t at, size_t n)
{
    double *last = v + at * n, before, length = sqrt(orthogonal_dot(isa, last, last, n));
    do {
        before = length;
        for (size_t i = 0; i < at; i++)
            orthogonal_subtract(isa, last, orthogonal_dot(isa, last, v + i * n, n), v + i * n, n);
        length = sqrt(orthogonal_dot(isa, last, last, n));
    } while (length < before / 2 && length > 0);
    for (size_t i = 0; i < n; i++)
        last[i] = length > 0 ? last[i] / length : 0;
}

static sl_status orthogonal_fill(const sl_init_job *job, sl_real *values, size_t count)
{
    const size_t columns = job->fan_in >= 1 && job->fan_in <= (double)count ? (size_t)job->fan_in : count;
    const size_t rows = columns ? count / columns : 0, most = rows > columns ? rows : columns;
    const size_t vectors = rows > columns ? columns : rows; /* of `most` numbers each */
    double *v = sl_alloc_array(job->ctx, vectors * most, sizeof *v);
    if (!v)
        return job->ctx->status;
    const size_t by_vector = rows > columns ? 1 : columns, by_number = rows > columns ? columns : 1;
    for (size_t i = 0; i < vectors; i++) {
        for (size_t j = 0; j < most; j++)
            v[i * most + j] = sl_draw_normal(job, i * by_vector + j * by_number);
        orthogonal_add(job->ctx->isa, v, i, most);
    }
    for (size_t i = 0; i < vectors; i++)
        for (size_t j = 0; j < most; j++)
            values[i * by_vector + j * by_number] = (sl_real)(v[i * most + j] * job->values[0]);
    sl_free(job->ctx, v);
    return SL_OK;
}

const sl_init sl_init_orthogonal = {
    .name = "orthogonal",
    .summary = "rows or columns at right angles, of one length: signals keep theirs through many layers",
    .formula = "W Wᵀ = g^2 I (or Wᵀ W), from Q of a normal matrix",
    .source = "Saxe, McClelland, Ganguli, ICLR 2014",
    .options = orthogonal_options,
    .fill = orthogonal_fill,
};
