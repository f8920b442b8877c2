/* curve.h - element by element: two inline functions of one number become the loops of an operator, for every
 * instruction set.
 *
 *     SL_INLINE sl_real elu_value(sl_real a, sl_real z) { ... }    f(z); a: the operator's one number
 *     SL_INLINE sl_real elu_slope(sl_real a, sl_real y) { ... }    f'(z), from y or from z
 *     SL_CURVE(elu, y)                                             elu_activate, elu_derive; derive reads y
 *     SL_CURVE_NODES(elu)                                          elu_forward, elu_backward, through these
 *
 * The functions take no branch around work, or the loops stay scalar: ?: picks between numbers at hand. */
#ifndef SL_OP_CURVE_H
#define SL_OP_CURVE_H

#include "op/op.h"

#define SL_CURVE(name, from)                                                                                 \
    SL_INLINE void name##_activate_body(sl_real a, sl_real *y, const sl_real *z, size_t n)                   \
    {                                                                                                        \
        sl_real lane[SL_LANES];                                                                              \
        size_t i = 0;                                                                                        \
        for (; i + SL_LANES <= n; i += SL_LANES) {                                                           \
            SL_EACH_LANE(j) lane[j] = name##_value(a, z[i + j]);                                             \
            lanes_store(y + i, lane);                                                                        \
        }                                                                                                    \
        if (i < n) {                                                                                         \
            lanes_load_part(lane, z + i, n - i, 0);                                                          \
            SL_EACH_LANE(j) lane[j] = name##_value(a, lane[j]);                                              \
            lanes_store_part(y + i, lane, n - i);                                                            \
        }                                                                                                    \
    }                                                                                                        \
    SL_CLONES(static, name##_activate, (sl_real a, sl_real * y, const sl_real *z, size_t n), (a, y, z, n))   \
    SL_INLINE void name##_derive_body(sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,           \
                                      const sl_real *z, size_t n)                                            \
    {                                                                                                        \
        sl_real lane[SL_LANES], flow[SL_LANES];                                                              \
        size_t i = 0;                                                                                        \
        (void)y, (void)z;                                                                                    \
        for (; i + SL_LANES <= n; i += SL_LANES) {                                                           \
            SL_EACH_LANE(j) lane[j] = dy[i + j] * name##_slope(a, from[i + j]);                              \
            lanes_store(dz + i, lane);                                                                       \
        }                                                                                                    \
        if (i < n) {                                                                                         \
            lanes_load_part(lane, from + i, n - i, 0);                                                       \
            lanes_load_part(flow, dy + i, n - i, 0);                                                         \
            SL_EACH_LANE(j) lane[j] = flow[j] * name##_slope(a, lane[j]);                                    \
            lanes_store_part(dz + i, lane, n - i);                                                           \
        }                                                                                                    \
    }                                                                                                        \
    SL_CLONES(static, name##_derive,                                                                         \
              (sl_real a, sl_real * dz, const sl_real *dy, const sl_real *y, const sl_real *z, size_t n),    \
              (a, dz, dy, y, z, n))

/* For operators that are no activations. */
#define SL_CURVE_NODES(name)                                                                                 \
    static void name##_forward(const sl_node *n)                                                             \
    {                                                                                                        \
        name##_activate(n->ctx->isa, n->options.number, n->y->v, n->x[0]->v, n->y->count);                   \
    }                                                                                                        \
    static void name##_backward(const sl_node *n)                                                            \
    {                                                                                                        \
        sl_unary_add(n, name##_derive);                                                                      \
    }

/* z, kept within low..high: beyond, what is computed of it has become constant, but factors of it would
 * overflow. NaN stays. */
SL_INLINE sl_real curve_within(sl_real z, sl_real low, sl_real high)
{
    const sl_real above = z < low ? low : z;
    return above > high ? high : above;
}

/* e^z - 1 for z <= 0, also near 0: 2 t / (1 - t) with t = tanh(z / 2) */
SL_INLINE sl_real curve_expm1(sl_real z)
{
    const sl_real t = sl_tanh_r(SL_R(0.5) * z);
    return 2 * t / (1 - t);
}

#endif
