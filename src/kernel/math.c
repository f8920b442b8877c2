/* The functions of math.h over arrays. Results go through a small block of our own: it cannot overlap x, so
 * the compiler needs no proof about y and x (which often are the same) to use vectors. */
#include "kernel/math.h"

enum { MATH_BLOCK = 128 };

#define MATH_ARRAY(FUNCTION, EXPRESSION)                                                                     \
    FUNCTION                                                                                                 \
    {                                                                                                        \
        sl_real block[MATH_BLOCK];                                                                           \
        for (size_t begin = 0; begin < n; begin += MATH_BLOCK) {                                             \
            const size_t count = n - begin < MATH_BLOCK ? n - begin : MATH_BLOCK;                            \
            const sl_real *from = x + begin;                                                                 \
            for (size_t i = 0; i < count; i++) {                                                             \
                block[i] = EXPRESSION;                                                                       \
            }                                                                                                \
            memcpy(y + begin, block, count * sizeof *block);                                                 \
        }                                                                                                    \
    }

MATH_ARRAY(void sl_exp_n(sl_real *y, const sl_real *x, size_t n), sl_exp_r(from[i]))
MATH_ARRAY(void sl_log_n(sl_real *y, const sl_real *x, size_t n), sl_log_r(from[i]))
MATH_ARRAY(void sl_log1p_n(sl_real *y, const sl_real *x, size_t n), sl_log1p_r(from[i]))
MATH_ARRAY(void sl_tanh_n(sl_real *y, const sl_real *x, size_t n), sl_tanh_r(from[i]))
MATH_ARRAY(void sl_sigmoid_n(sl_real *y, const sl_real *x, size_t n), sl_sigmoid_r(from[i]))
MATH_ARRAY(void sl_erf_n(sl_real *y, const sl_real *x, size_t n), sl_erf_r(from[i]))
MATH_ARRAY(void sl_log1p_exp_n(sl_real *y, const sl_real *x, size_t n), sl_log1p_exp_r(from[i]))
MATH_ARRAY(void sl_pow_n(sl_real *y, const sl_real *x, sl_real p, size_t n), sl_pow_r(from[i], p))

#ifdef SL_REAL_DOUBLE

MATH_ARRAY(void sl_sin_n(sl_real *y, const sl_real *x, size_t n), sl_sin_d(from[i]))
MATH_ARRAY(void sl_cos_n(sl_real *y, const sl_real *x, size_t n), sl_cos_d(from[i]))

#else

/* A block without large arguments (nearly every one) takes the loop without branches. */
static void math_trig_block(float *block, const float *x, size_t count, uint64_t quadrants)
{
    uint32_t large = 0;
    for (size_t i = 0; i < count; i++) {
        large |= 1u ^ (uint32_t)(math_abs(x[i]) < SL_TRIG_FAST);
    }
    if (large == 0) {
        for (size_t i = 0; i < count; i++) {
            block[i] = math_trig_fast(x[i], quadrants);
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            block[i] = quadrants == 0 ? sl_sin_r(x[i]) : sl_cos_r(x[i]);
        }
    }
}

static void math_trig_array(float *y, const float *x, size_t n, uint64_t quadrants)
{
    float block[MATH_BLOCK];
    for (size_t begin = 0; begin < n; begin += MATH_BLOCK) {
        const size_t count = n - begin < MATH_BLOCK ? n - begin : MATH_BLOCK;
        math_trig_block(block, x + begin, count, quadrants);
        memcpy(y + begin, block, count * sizeof *block);
    }
}

void sl_sin_n(sl_real *y, const sl_real *x, size_t n)
{
    math_trig_array(y, x, n, 0);
}

void sl_cos_n(sl_real *y, const sl_real *x, size_t n)
{
    math_trig_array(y, x, n, 1);
}

#endif
