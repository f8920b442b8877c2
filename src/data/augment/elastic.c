/* elastic: each pixel is read from a place that lies d away. d = alpha G U: U is uniform in [-1, 1], drawn
 * for each pixel and direction, G blurs with a Gaussian of deviation sigma whose weights sum to 1, cut at 3
 * sigma; outside the picture U is 0, so the edges move less. alpha multiplies the blurred field, as in the
 * paper: with sigma 5 and alpha 40 the displacements in the middle have a deviation of 1.3 pixels. */
#include "data/augment/augmentation.h"
#include "kernel/philox.h"
#include "kernel/math.h"

#include <math.h>

static const sl_option elastic_options[] = {
    { "alpha", "pixels that a displacement of 1 in the blurred field means", 40, 0, .high = 1e5 },
    { "sigma", "deviation of the blur, in pixels: large is stiff", 5, 0, 100, .above_low = true },
    { 0 },
};

/* Weights on either side of the middle; those farther than the picture is long find nothing. */
static size_t elastic_radius(const sl_augment_job *job)
{
    const size_t side = (job->height > job->width ? job->height : job->width) - 1,
                 radius = (size_t)ceil(3 * job->values[1]);
    return radius < side ? radius : side;
}

static size_t elastic_drawn(const sl_augment_job *job) /* numbers, whole calls of philox_lanes */
{
    return (job->height * 2 * job->wide + SL_DRAWN - 1) / SL_DRAWN * SL_DRAWN;
}

static sl_augment_size elastic_size(const sl_augment_job *job)
{
    const size_t radius = elastic_radius(job);
    return (sl_augment_size){ 2 * radius + 1, elastic_drawn(job) + 2 * (job->wide + 2 * radius) };
}

static void elastic_prepare(const sl_augment_job *job, sl_real *table)
{
    const double sigma = job->values[1];
    const long cut = (long)ceil(3 * sigma), radius = (long)elastic_radius(job);
    double sum = 1;
    for (long i = 1; i <= cut; i++)
        sum += 2 * sl_exp_d(-0.5 * ((double)i / sigma) * ((double)i / sigma));
    for (long i = -radius; i <= radius; i++)
        table[i + radius] = (sl_real)(sl_exp_d(-0.5 * ((double)i / sigma) * ((double)i / sigma)) / sum);
}

/* u[i] = word i as a signed number / 2^31; 0 right of the picture */
SL_INLINE void elastic_draw_body(sl_real *u, uint64_t seed, const uint32_t *counter, size_t n, size_t width,
                                 size_t wide)
{
    for (size_t at = 0; at < n; at += SL_DRAWN) {
        uint32_t word[SL_DRAWN];
        philox_lanes(word, seed, counter, (uint32_t)(at / 4));
        for (size_t k = 0; k < SL_DRAWN; k += SL_LANES)
            SL_EACH_LANE(j) u[at + k + j] = (sl_real)(int32_t)word[k + j] * SL_R(0x1p-31);
    }
    for (size_t row = 0; row < n / wide; row++)
        for (size_t x = width; x < wide; x++)
            u[row * wide + x] = 0;
}
SL_CLONES(static, elastic_draw,
          (sl_real * u, uint64_t seed, const uint32_t *counter, size_t n, size_t width, size_t wide),
          (u, seed, counter, n, width, wide))

/* to[0..n) = sum over k ascending of weight[k] from[k step + 0..n), from 0; n is a multiple of 32 */
SL_INLINE void elastic_sums(sl_real *to, const sl_real *from, size_t step, const sl_real *weight,
                            size_t weights, size_t n)
{
    for (size_t at = 0; at < n; at += 2 * SL_LANES) {
        sl_real a[SL_LANES] = { 0 }, b[SL_LANES] = { 0 };
        const sl_real *p = from + at;
        for (size_t k = 0; k < weights; k++, p += step) {
            const sl_real w = weight[k];
            SL_EACH_LANE(j) a[j] += w * p[j];
            SL_EACH_LANE(j) b[j] += w * p[SL_LANES + j];
        }
        lanes_store(to + at, a);
        lanes_store(to + at + SL_LANES, b);
    }
}

/* Down the columns into a line with margins of zeros, then along it: field [height, 2, wide]. */
SL_INLINE void elastic_blur_body(sl_real *field, sl_real *line, const sl_real *u, const sl_real *weight,
                                 size_t radius, sl_real alpha, size_t height, size_t wide)
{
    const size_t both = 2 * wide, margin = wide + 2 * radius;
    for (size_t y = 0; y < height; y++, field += both) {
        const size_t top = y < radius ? 0 : y - radius;
        const size_t end = height - y <= radius ? height : y + radius + 1;
        elastic_sums(field, u + top * both, both, weight + (radius + top - y), end - top, both);
        for (size_t i = 0; i < wide; i++) {
            line[radius + i] = field[i];
            line[margin + radius + i] = field[wide + i];
        }
        for (size_t at = 0; at < wide; at += SL_LANES) {
            sl_real a[SL_LANES] = { 0 }, b[SL_LANES] = { 0 };
            const sl_real *p = line + at, *q = p + margin;
            for (size_t k = 0; k < 2 * radius + 1; k++) {
                const sl_real w = weight[k];
                SL_EACH_LANE(j) a[j] += w * p[k + j];
                SL_EACH_LANE(j) b[j] += w * q[k + j];
            }
            SL_EACH_LANE(j) field[at + j] = alpha * a[j];
            SL_EACH_LANE(j) field[wide + at + j] = alpha * b[j];
        }
    }
}
SL_CLONES(static, elastic_blur,
          (sl_real * field, sl_real *line, const sl_real *u, const sl_real *weight, size_t radius,
           sl_real alpha, size_t height, size_t wide),
          (field, line, u, weight, radius, alpha, height, wide))

static void elastic_bend(const sl_augment_job *job, sl_real *field)
{
    sl_real *u = job->scratch, *line = u + elastic_drawn(job);
    elastic_draw(job->isa, u, job->seed, job->counter, elastic_drawn(job), job->width, job->wide);
    elastic_blur(job->isa, field, line, u, job->table, elastic_radius(job), (sl_real)job->values[0],
                 job->height, job->wide);
}

const sl_augmentation sl_augmentation_elastic = {
    .name = "elastic",
    .summary = "bends the picture like rubber, by a smooth random field",
    .formula = "y(q) = x(q + d(q)), d = alpha (Gaussian(sigma) * U), U uniform in [-1, 1]",
    .source = "Simard, Steinkraus, Platt, ICDAR 2003",
    .options = elastic_options,
    .draws = SL_DRAWS_ELASTIC,
    .images = true,
    .bend = elastic_bend,
    .size = elastic_size,
    .prepare = elastic_prepare,
};
