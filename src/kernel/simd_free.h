/* simd_free.h - for measuring what the law costs in WebAssembly (SL_LAW_FREE): simd.h's vector and the pairs
 * of product_few.h with a multiplication and an addition in the place of a fused multiply-add, none of which
 * is looked at again. Pairs stay doubles until they are stored. */
#include <wasm_simd128.h>

#define SL_SIMD_TARGET
#define SOFT_INLINE static inline __attribute__((always_inline))
typedef float simd_t __attribute__((vector_size(16)));
enum { SIMD_WIDTH = 4 };
#define simd_load(p) ((simd_t)wasm_v128_load(p))
#define simd_store(p, x) wasm_v128_store(p, (v128_t)(x))
#define simd_all(s) ((simd_t)wasm_f32x4_splat(s))
#define simd_fma(a, b, c) ((a) * (b) + (c))
#define simd_add(a, b) ((a) + (b))
#define simd_relu(x) ((simd_t)wasm_v128_and((v128_t)(x), wasm_f32x4_gt((v128_t)(x), wasm_f32x4_splat(0))))

typedef double soft_half __attribute__((vector_size(16)));
typedef uint64_t soft_words64 __attribute__((vector_size(16)));
typedef struct {
    char nothing;
} soft_watch;
#define soft_watch_new() ((soft_watch){ 0 })
#define soft_watched(watch, sum) ((void)(watch), sum)
#define soft_seen(watch) ((void)(watch), false)
#define soft_round(x) (x)

SOFT_INLINE soft_half soft_load(const float *p)
{
    return (soft_half)wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(p));
}

SOFT_INLINE soft_half soft_pair(const float *p, const float *q)
{
    return (soft_half)wasm_f64x2_promote_low_f32x4(wasm_v128_load32_lane(q, wasm_v128_load32_zero(p), 1));
}

SOFT_INLINE soft_half soft_both(const float *p)
{
    v128_t both = wasm_v128_load32_splat(p);
    __asm__("" : "+r"(both));
    return (soft_half)wasm_f64x2_promote_low_f32x4(both);
}

SOFT_INLINE void soft_store(float *p, soft_half x)
{
    wasm_v128_store64_lane(p, wasm_f32x4_demote_f64x2_zero((v128_t)x), 0);
}
