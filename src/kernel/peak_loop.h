/* peak_loop.h - the loops of peak.h for one vector type (simd.h), included behind it by the file of an
 * instruction set, which says how its table is called: TILE_PEAK.                                     */
#include "kernel/peak.h"

enum { TILE_NAME(chains) = 12 }; /* more than latency times pipes anywhere, and they fit 16 registers */

SL_SIMD_TARGET static double TILE_NAME(peak_arithmetic)(size_t rounds, sl_real *kept)
{
    const simd_t half = simd_all(SL_R(0.5)), one = simd_all(1);
    simd_t sum[TILE_NAME(chains)];
    sl_real last[SIMD_WIDTH];
    SL_UNROLL(16)
    for (int i = 0; i < TILE_NAME(chains); i++)
        sum[i] = simd_all((sl_real)i);
    for (size_t round = 0; round < rounds; round++)
        SL_UNROLL(16)
    for (int i = 0; i < TILE_NAME(chains); i++)
        sum[i] = simd_fma(sum[i], half, one);
    for (int i = 0; i < TILE_NAME(chains); i++) {
        simd_store(last, sum[i]);
        *kept += last[0];
    }
    return 2.0 * TILE_NAME(chains) * SIMD_WIDTH * (double)rounds;
}

SL_SIMD_TARGET static sl_real TILE_NAME(peak_read)(const sl_real *x, size_t n)
{
    enum { STREAMS = 8 };
    const simd_t one = simd_all(1);
    simd_t sum[STREAMS];
    sl_real last[SIMD_WIDTH];
    SL_UNROLL(8)
    for (int i = 0; i < STREAMS; i++)
        sum[i] = simd_all(0);
    for (size_t at = 0; at < n; at += STREAMS * SIMD_WIDTH)
        SL_UNROLL(8)
    for (int i = 0; i < STREAMS; i++)
        sum[i] = simd_fma(simd_load(x + at + i * SIMD_WIDTH), one, sum[i]);
    sl_real total = 0;
    for (int i = 0; i < STREAMS; i++) {
        simd_store(last, sum[i]);
        total += last[0];
    }
    return total;
}

SL_SIMD_TARGET static void TILE_NAME(peak_triad)(sl_real *x, const sl_real *y, const sl_real *z, size_t n)
{
    const simd_t half = simd_all(SL_R(0.5));
    for (size_t at = 0; at < n; at += 4 * SIMD_WIDTH)
        SL_UNROLL(4)
    for (int i = 0; i < 4; i++)
        simd_store(x + at + i * SIMD_WIDTH,
                   simd_fma(simd_load(z + at + i * SIMD_WIDTH), half, simd_load(y + at + i * SIMD_WIDTH)));
}

const sl_peak TILE_PEAK = { TILE_NAME(peak_arithmetic), TILE_NAME(peak_read), TILE_NAME(peak_triad) };
