/* The functions of math.h over arrays. */
#include "kernel/math.h"

#include "kernel/lanes.h"

/* Whole blocks are read where they stand: a copy first would go through memory in pieces. */
#define MATH_ARRAY(name, parameters, arguments, function) MATH_ARRAY_OF(name, parameters, arguments, function)
#if SL_QUADS
#    define MATH_ARRAY_OF(name, parameters, arguments, function)                                             \
        SL_INLINE void name##_body parameters                                                                \
        {                                                                                                    \
            const size_t whole = n / SL_QUAD * SL_QUAD;                                                      \
            SL_EACH_EIGHT(i, whole) y[i] = function(x[i]);                                                   \
            if (whole < n) {                                                                                 \
                sl_real lane[SL_QUAD] = { 0 };                                                               \
                for (size_t j = 0; whole + j < n; j++)                                                       \
                    lane[j] = x[whole + j];                                                                  \
                SL_EACH_QUAD(i, SL_QUAD) lane[i] = function(lane[i]);                                        \
                for (size_t j = 0; whole + j < n; j++)                                                       \
                    y[whole + j] = lane[j];                                                                  \
            }                                                                                                \
        }                                                                                                    \
        SL_CLONES(, name, parameters, arguments)
#else
#    define MATH_ARRAY_OF(name, parameters, arguments, function)                                             \
        SL_INLINE void name##_body parameters                                                                \
        {                                                                                                    \
            size_t i = 0;                                                                                    \
            sl_real lane[SL_LANES];                                                                          \
            for (; i + SL_LANES <= n; i += SL_LANES) {                                                       \
                SL_EACH_LANE(j) lane[j] = function(x[i + j]);                                                \
                lanes_store(y + i, lane);                                                                    \
            }                                                                                                \
            if (i < n) {                                                                                     \
                lanes_load_part(lane, x + i, n - i, 0);                                                      \
                SL_EACH_LANE(j) lane[j] = function(lane[j]);                                                 \
                lanes_store_part(y + i, lane, n - i);                                                        \
            }                                                                                                \
        }                                                                                                    \
        SL_CLONES(, name, parameters, arguments)
#endif
#define MATH_UNARY(name, function)                                                                           \
    MATH_ARRAY(name, (sl_real * y, const sl_real *x, size_t n), (y, x, n), function)
#define MATH_POW(x) sl_pow_r(x, p)

MATH_UNARY(sl_exp_n, sl_exp_r)
MATH_UNARY(sl_log_n, sl_log_r)
MATH_UNARY(sl_log1p_n, sl_log1p_r)
MATH_UNARY(sl_tanh_n, sl_tanh_r)
MATH_UNARY(sl_sigmoid_n, sl_sigmoid_r)
MATH_UNARY(sl_erf_n, sl_erf_r)
MATH_UNARY(sl_log1p_exp_n, sl_log1p_exp_r)
MATH_ARRAY(sl_pow_n, (sl_real * y, const sl_real *x, sl_real p, size_t n), (y, x, p, n), MATH_POW)

#ifdef SL_REAL_DOUBLE

MATH_UNARY(sl_sin_n, sl_sin_d)
MATH_UNARY(sl_cos_n, sl_cos_d)

#else

/* Lanes without large arguments (nearly always) take the loop without branches. */
SL_INLINE void math_trig_lanes(float *lane, uint64_t quadrants)
{
    uint32_t large = 0;
    SL_EACH_LANE(j)
    large |= 1u ^ (uint32_t)(math_abs(lane[j]) < SL_TRIG_FAST);
    if (large == 0)
        SL_EACH_LANE(j)
    lane[j] = math_trig_fast(lane[j], quadrants);
    else SL_EACH_LANE(j) lane[j] = quadrants == 0 ? sl_sin_r(lane[j]) : sl_cos_r(lane[j]);
}

#    define MATH_TRIG(name, quadrants)                                                                       \
        SL_INLINE void name##_body(float *y, const float *x, size_t n)                                       \
        {                                                                                                    \
            float lane[SL_LANES];                                                                            \
            size_t i = 0;                                                                                    \
            for (; i + SL_LANES <= n; i += SL_LANES) {                                                       \
                lanes_load(lane, x + i);                                                                     \
                math_trig_lanes(lane, quadrants);                                                            \
                lanes_store(y + i, lane);                                                                    \
            }                                                                                                \
            if (i < n) {                                                                                     \
                lanes_load_part(lane, x + i, n - i, 0);                                                      \
                math_trig_lanes(lane, quadrants);                                                            \
                lanes_store_part(y + i, lane, n - i);                                                        \
            }                                                                                                \
        }                                                                                                    \
        SL_CLONES(, name, (float *y, const float *x, size_t n), (y, x, n))

MATH_TRIG(sl_sin_n, 0)
MATH_TRIG(sl_cos_n, 1)

#endif
