/* noise: every number gets a normal one added, of mean 0 and this deviation, in units of the prepared input
 * (pictures: 1 is the whole way from black to white). Box and Muller: of words a and b of the generator,
 * r = sqrt(-2 log u), u = (a' + 1/2) / 2^24 with the 24 high bits a', and t = 2 pi b / 2^32 signed, the
 * numbers are r cos t and r sin t. */
#include "data/augment/augmentation.h"
#include "kernel/philox.h"
#include "kernel/math.h"

#include <math.h>

enum { NOISE_HALF = SL_DRAWN / 2 };

static const sl_option noise_options[] = {
    { "deviation", "standard deviation, in units of the prepared input", 0.05, 0, .high = 1000 },
    { 0 },
};

/* Words 0..31 give the radius, 32..63 the angle. */
SL_INLINE void augment_noise_draw_body(sl_real *uniform, sl_real *angle, uint64_t seed,
                                       const uint32_t *counter, uint32_t block)
{
    uint32_t word[SL_DRAWN];
    philox_lanes(word, seed, counter, block);
    for (size_t k = 0; k < NOISE_HALF; k += SL_LANES) {
        SL_EACH_LANE(j) uniform[k + j] = ((sl_real)(int32_t)(word[k + j] >> 8) + SL_R(0.5)) * SL_R(0x1p-24);
        SL_EACH_LANE(j)
        angle[k + j] =
            (sl_real)(int32_t)word[NOISE_HALF + k + j] * SL_R(0x1.921fb54442d18p-30); /* 2 pi / 2^32 */
    }
}
SL_CLONES(static, augment_noise_draw,
          (sl_real * uniform, sl_real *angle, uint64_t seed, const uint32_t *counter, uint32_t block),
          (uniform, angle, seed, counter, block))

SL_INLINE sl_real noise_root(sl_real x)
{
#ifdef SL_REAL_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

#define AUGMENT_NOISE_ADDED(i) (x[i] + deviation * normal[i])
SL_INLINE void augment_noise_add_body(sl_real *x, sl_real *normal, const sl_real *logs, sl_real deviation,
                                      size_t n)
{
    SL_EACH(k, NOISE_HALF)
    {
        const sl_real r = noise_root(-2 * logs[k]);
        normal[k] = r * normal[k];
        normal[NOISE_HALF + k] = r * normal[NOISE_HALF + k];
    }
    SL_MAP_LANES(x, n, AUGMENT_NOISE_ADDED);
}
SL_CLONES(static, augment_noise_add,
          (sl_real * x, sl_real *normal, const sl_real *logs, sl_real deviation, size_t n),
          (x, normal, logs, deviation, n))

static void noise_stir(const sl_augment_job *job, sl_real *x, size_t n)
{
    for (size_t at = 0; at < n; at += SL_DRAWN) {
        sl_real uniform[NOISE_HALF], angle[NOISE_HALF], normal[SL_DRAWN];
        augment_noise_draw(job->isa, uniform, angle, job->seed, job->counter, (uint32_t)(at / 4));
        sl_log_n(job->isa, uniform, uniform, NOISE_HALF);
        sl_cos_n(job->isa, normal, angle, NOISE_HALF);
        sl_sin_n(job->isa, normal + NOISE_HALF, angle, NOISE_HALF);
        augment_noise_add(job->isa, x + at, normal, uniform, (sl_real)job->values[0],
                          n - at < SL_DRAWN ? n - at : SL_DRAWN);
    }
}

const sl_augmentation sl_augmentation_noise = {
    .name = "noise",
    .summary = "adds a normal random number to every input",
    .formula = "y = x + deviation z, z normal with mean 0 and deviation 1",
    .source = "Bishop, Neural Computation 7, 1995; normal numbers: Box, Muller 1958",
    .options = noise_options,
    .draws = SL_DRAWS_NOISE,
    .stir = noise_stir,
};
