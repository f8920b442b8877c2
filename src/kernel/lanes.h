/* lanes.h - 16 numbers at a time, in a local array: it overlaps nothing, so the compiler needs no proof about
 * other pointers and keeps it in registers; the last, partial block becomes one masked load and store where
 * the instruction set has them, not a loop over what is left. */
#ifndef SL_KERNEL_LANES_H
#define SL_KERNEL_LANES_H

#include "kernel/clones.h"

#include <stdint.h>

enum { SL_LANES = 16 };

/* Numbers of a vector, where none can be loaded or stored in part (WebAssembly): what a block lacks then
 * costs more than it takes to do the last few one by one. 0: blocks are as long as lanes. */
#ifdef __wasm_simd128__
enum { SL_QUAD = 4 };
#    define SL_QUADS 1
#else
#    define SL_QUADS 0
#endif

/* SL_EACH_LANE: a loop over all lanes. Compilers unroll so short a loop first, and then find no loop to make
 * vectors of; the vectors, at most 8, may be unrolled. SL_EACH: one in which element i depends on no other
 * element, though arrays may be the same. */
#if defined(__clang__)
#    define SL_EACH_LANE(j) _Pragma("clang loop unroll(disable)") for (uint32_t j = 0; j < SL_LANES; j++)
#    ifdef SL_REAL_DOUBLE /* its elementary functions are calls, and clang would say so of every loop */
#        define SL_EACH(i, n) for (size_t i = 0; i < (n); i++)
#    else
#        define SL_EACH(i, n) _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < (n); i++)
#    endif
#elif defined(__GNUC__)
#    define SL_EACH_LANE(j) _Pragma("GCC unroll 8") for (uint32_t j = 0; j < SL_LANES; j++)
#    define SL_EACH(i, n) _Pragma("GCC ivdep") for (size_t i = 0; i < (n); i++)
#else
#    define SL_EACH_LANE(j) for (uint32_t j = 0; j < SL_LANES; j++)
#    define SL_EACH(i, n) for (size_t i = 0; i < (n); i++)
#endif

/* One in which quads are made of four elements; for long terms two quads at a time, as one alone waits. */
#if SL_QUADS
#    define SL_EACH_QUAD(i, n)                                                                               \
        _Pragma("clang loop vectorize(assume_safety) vectorize_width(4)")                                    \
            _Pragma("clang loop interleave_count(1) unroll(disable)") for (size_t i = 0; i < (n); i++)
#    define SL_EACH_EIGHT(i, n)                                                                              \
        _Pragma("clang loop vectorize(assume_safety) vectorize_width(4)")                                    \
            _Pragma("clang loop interleave_count(2) unroll(disable)") for (size_t i = 0; i < (n); i++)
#endif

/* All lanes into lane[0], as a tree of halves: `fold(lane, j, k)` takes lane k into lane j. */
#define SL_FOLD_LANES(fold, lane)                                                                            \
    do {                                                                                                     \
        for (uint32_t j = 0; j < 8; j++)                                                                     \
            fold(lane, j, j + 8);                                                                            \
        for (uint32_t j = 0; j < 4; j++)                                                                     \
            fold(lane, j, j + 4);                                                                            \
        fold(lane, 0, 2);                                                                                    \
        fold(lane, 1, 3);                                                                                    \
        fold(lane, 0, 1);                                                                                    \
    } while (0)
#define SL_FOLD_SUM(lane, j, k) lane[j] += lane[k]
#define SL_FOLD_MAX(lane, j, k) lane[j] = lane[k] > lane[j] ? lane[k] : lane[j]

/* lane = x[0..16), and back */
SL_INLINE void lanes_load(sl_real *lane, const sl_real *x)
{
    SL_EACH_LANE(j) lane[j] = x[j];
}

SL_INLINE void lanes_store(sl_real *y, const sl_real *lane)
{
    SL_EACH_LANE(j) y[j] = lane[j];
}

/* Of the last, partial block: count < 16; the other lanes are `other`, and are not stored. */
SL_INLINE void lanes_load_part(sl_real *lane, const sl_real *x, size_t count, sl_real other)
{
    const uint32_t part = (uint32_t)count;
#if SL_QUADS
    SL_EACH_LANE(j) lane[j] = other;
    for (uint32_t j = 0; j < part; j++)
        lane[j] = x[j];
#else
    SL_EACH_LANE(j) lane[j] = j < part ? x[j] : other;
#endif
}

SL_INLINE void lanes_store_part(sl_real *y, const sl_real *lane, size_t count)
{
    const uint32_t part = (uint32_t)count;
#if SL_QUADS
    for (uint32_t j = 0; j < part; j++)
        y[j] = lane[j];
#else
    SL_EACH_LANE(j) if (j < part) y[j] = lane[j];
#endif
}

/* y[i] = term(i) for i in 0..n, where term may read y[i]. */
#if SL_QUADS
#    define SL_MAP_LANES(y, n, term)                                                                         \
        do {                                                                                                 \
            SL_EACH_QUAD(i, n)(y)[i] = term(i);                                                              \
        } while (0)
#else
#    define SL_MAP_LANES(y, n, term)                                                                         \
        do {                                                                                                 \
            const size_t whole = (n) / SL_LANES * SL_LANES;                                                  \
            SL_EACH(i, whole)                                                                                \
            {                                                                                                \
                (y)[i] = term(i);                                                                            \
            }                                                                                                \
            if (whole < (n)) {                                                                               \
                const uint32_t part = (uint32_t)((n)-whole);                                                 \
                sl_real lane[SL_LANES];                                                                      \
                SL_EACH_LANE(j) lane[j] = j < part ? term(whole + j) : 0;                                    \
                lanes_store_part((y) + whole, lane, part);                                                   \
            }                                                                                                \
        } while (0)
#endif

#endif
