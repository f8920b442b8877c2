/* noise: in training y = x + s z, z normal with mean 0 and variance 1; in inference y = x.        dx = dy
 * The numbers follow from (step, which one, row, unit): no order of work matters. */
#include "op/op.h"
#include "kernel/philox.h"

#include <math.h>
#include <string.h>

enum { NOISE_AT_ONCE = 4 * SL_LANES, NOISE_PAIRS = NOISE_AT_ONCE / 2 };

static sl_status noise_shape(sl_node *n, sl_shape *y)
{
    char text[32];
    if (!(n->options.number >= 0 && (double)n->options.number <= 1e30))
        return sl_node_fail(n, SL_EINVAL, "the deviation of the noise is %s: wants a number from 0",
                            sl_real_text(text, n->options.number));
    *y = n->x[0]->shape;
    return SL_OK;
}

/* Words 0 and 1 of a block, and 2 and 3, are a pair: u in (0, 1] and an angle. 24 bits of each, so that float
 * holds them: no number is beyond 5.77. */
#define NOISE_UNIFORM(k) (((sl_real)(int32_t)(word[2 * (k)] >> 8) + 1) * (sl_real)0x1p-24)
#define NOISE_ANGLE(k) ((sl_real)(int32_t)(word[2 * (k) + 1] >> 8) * (sl_real)0x1.921fb54442d18p-22)
SL_INLINE void noise_draw_body(sl_real *u, sl_real *angle, uint64_t seed, const uint32_t *counter,
                               uint32_t block)
{
    uint32_t word[NOISE_AT_ONCE];
    philox_lanes(word, seed, counter, block);
    SL_MAP_LANES(u, (size_t)NOISE_PAIRS, NOISE_UNIFORM);
    SL_MAP_LANES(angle, (size_t)NOISE_PAIRS, NOISE_ANGLE);
}
SL_CLONES(static, noise_draw,
          (sl_real * u, sl_real *angle, uint64_t seed, const uint32_t *counter, uint32_t block),
          (u, angle, seed, counter, block))

/* Box, Muller 1958: sqrt(-2 log u) (cos, sin) of the angle. */
#define NOISE_RADIUS(k) (-2 * u[k])
#define NOISE_ADDED(i) (x[i] + deviation * z[i])
SL_INLINE void noise_add_body(sl_real *y, const sl_real *x, const sl_real *u, const sl_real *cosine,
                              const sl_real *sine, sl_real deviation, size_t n)
{
    sl_real z[NOISE_AT_ONCE];
    SL_EACH(k, NOISE_PAIRS)
    {
#ifdef SL_REAL_DOUBLE
        const sl_real radius = sqrt(NOISE_RADIUS(k));
#else
        const sl_real radius = sqrtf(NOISE_RADIUS(k));
#endif
        z[2 * k] = radius * cosine[k];
        z[2 * k + 1] = radius * sine[k];
    }
    SL_MAP_LANES(y, n, NOISE_ADDED);
}
SL_CLONES(static, noise_add,
          (sl_real * y, const sl_real *x, const sl_real *u, const sl_real *cosine, const sl_real *sine,
           sl_real deviation, size_t n),
          (y, x, u, cosine, sine, deviation, n))

static void noise_forward(const sl_node *n)
{
    const sl_isa isa = n->ctx->isa;
    const sl_real *x = n->x[0]->v;
    if (!n->training || n->options.number == 0) {
        memcpy(n->y->v, x, n->y->count * sizeof *x);
        return;
    }
    const sl_shape s = n->y->shape;
    const size_t width = s.rank ? sl_shape_row(s) : 1, rows = width ? n->y->count / width : 0;
    uint32_t counter[4] = { 0, 0, n->step, (uint32_t)SL_FOR_NOISE << 24 | (n->layer & 0xFFFFFFu) };
    for (size_t row = 0; row < rows; row++)
        for (size_t unit = 0; unit < width; unit += NOISE_AT_ONCE) {
            sl_real u[NOISE_PAIRS], angle[NOISE_PAIRS], cosine[NOISE_PAIRS], sine[NOISE_PAIRS];
            const size_t at = row * width + unit, left = width - unit;
            counter[1] = n->first_row + (uint32_t)row;
            noise_draw(isa, u, angle, n->ctx->options.seed, counter, (uint32_t)(unit / 4));
            sl_log_n(isa, u, u, NOISE_PAIRS);
            sl_cos_n(isa, cosine, angle, NOISE_PAIRS);
            sl_sin_n(isa, sine, angle, NOISE_PAIRS);
            noise_add(isa, n->y->v + at, x + at, u, cosine, sine, n->options.number,
                      left < NOISE_AT_ONCE ? left : NOISE_AT_ONCE);
        }
}

static void noise_backward(const sl_node *n)
{
    sl_add_n(n->ctx->isa, n->x[0]->g, n->y->g, n->y->count);
}

const sl_op sl_op_noise = {
    .name = "noise",
    .summary = "adds normal numbers while training, so that small changes of the input count less",
    .formula = "y = x + s z, z ~ N(0, 1)",
    .source = "Bishop, Neural Computation 7, 1995",
    .inputs = 1,
    .random = true,
    .shape = noise_shape,
    .forward = noise_forward,
    .backward = noise_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 5, 7 } } }, .low = -1, .high = 1, .number = 0.4 },
               { .shape = { { 1, { 70 } } }, .low = -1, .high = 1, .number = 0 } },
};

sl_tensor *sl_noise_of(sl_tape *tape, sl_tensor *x, sl_real deviation)
{
    return sl_apply(tape, &sl_op_noise, &x, &(sl_op_options){ .number = deviation });
}
