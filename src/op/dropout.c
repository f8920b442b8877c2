/* dropout: in training y = x m s, s = 1 / (1 - rate), m = 0 with probability rate, else 1; in inference y =
 * x. dx = dy m s. The numbers follow from (step, which dropout, row, unit): no order of work matters. */
#include "op/op.h"
#include "kernel/philox.h"

static sl_status dropout_shape(sl_node *n, sl_shape *y)
{
    const double rate = (double)n->options.number;
    if (!(rate >= 0 && rate < 1))
        return sl_node_fail(n, SL_EINVAL, "the dropout rate is %s: wants 0 or more, and less than 1",
                            sl_real_text((char[32]){ 0 }, n->options.number));
    *y = n->x[0]->shape;
    n->scratch_bytes = n->training ? n->x[0]->count : 0;
    return SL_OK;
}

SL_INLINE sl_real dropout_keep(uint32_t keep, sl_real value)
{
    return keep ? value : 0;
}

/* mask = word >= limit, y = x scale where that holds, else 0 */
#define DROPOUT_MASKED(i) dropout_keep(word[i] >= limit, from[i] * scale)
SL_INLINE void dropout_rows_body(sl_real *y, unsigned char *mask, const sl_real *x, size_t rows, size_t width,
                                 uint64_t seed, const uint32_t *counter, uint32_t limit, sl_real scale)
{
    for (size_t row = 0; row < rows; row++)
        for (size_t unit = 0; unit < width; unit += 4 * SL_LANES) {
            const size_t start = row * width + unit;
            const size_t count = width - unit < 4 * SL_LANES ? width - unit : 4 * SL_LANES;
            const sl_real *from = x + start;
            uint32_t word[4 * SL_LANES];
            const uint32_t here[] = { 0, counter[1] + (uint32_t)row, counter[2], counter[3] };
            philox_lanes(word, seed, here, (uint32_t)(unit / 4));
            unsigned char kept[4 * SL_LANES];
            SL_EACH(k, 4 * SL_LANES) kept[k] = word[k] >= limit;
            memcpy(mask + start, kept, count);
            SL_MAP_LANES(y + start, count, DROPOUT_MASKED);
        }
}
SL_CLONES(static, dropout_rows,
          (sl_real * y, unsigned char *mask, const sl_real *x, size_t rows, size_t width, uint64_t seed,
           const uint32_t *counter, uint32_t limit, sl_real scale),
          (y, mask, x, rows, width, seed, counter, limit, scale))

static void dropout_forward(const sl_node *n)
{
    if (!n->training) {
        memcpy(n->y->v, n->x[0]->v, n->y->count * sizeof(sl_real));
        return;
    }
    const sl_shape s = n->y->shape;
    const size_t width = s.rank ? sl_shape_row(s) : 1, rows = width ? n->y->count / width : 0;
    const uint32_t counter[4] = { 0, n->first_row, n->step,
                                  (uint32_t)SL_FOR_DROPOUT << 24 | (n->layer & 0xFFFFFFu) };
    dropout_rows(n->ctx->isa, n->y->v, n->scratch, n->x[0]->v, rows, width, n->ctx->options.seed, counter,
                 (uint32_t)((double)n->options.number * 0x1p32) /* drop below this */,
                 1 / (1 - n->options.number));
}

#define DROPOUT_ADDED(i) (dx[i] + dropout_keep(mask[i], dy[i] * scale))
SL_INLINE void dropout_derive_body(sl_real *dx, const unsigned char *mask, const sl_real *dy, sl_real scale,
                                   size_t n)
{
    SL_MAP_LANES(dx, n, DROPOUT_ADDED);
}
SL_CLONES(static, dropout_derive,
          (sl_real * dx, const unsigned char *mask, const sl_real *dy, sl_real scale, size_t n),
          (dx, mask, dy, scale, n))

static void dropout_backward(const sl_node *n)
{
    dropout_derive(n->ctx->isa, n->x[0]->g, n->scratch, n->y->g, 1 / (1 - n->options.number), n->y->count);
}

const sl_op sl_op_dropout = {
    .name = "dropout",
    .summary = "switches units off at random while training, scaled so that the mean stays",
    .formula = "y = x m s, s = 1 / (1 - rate), m = 0 with probability rate, else 1",
    .source = "Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014",
    .inputs = 1,
    .random = true,
    .shape = dropout_shape,
    .forward = dropout_forward,
    .backward = dropout_backward,
    .trial = { { .shape = { { 2, { 5, 7 } } }, .low = -1, .high = 1, .number = 0.4 },
               { .shape = { { 1, { 9 } } }, .low = -1, .high = 1, .number = 0 } },
};

sl_tensor *sl_dropout_of(sl_tape *tape, sl_tensor *x, sl_real rate)
{
    return sl_apply(tape, &sl_op_dropout, &x, &(sl_op_options){ .number = rate });
}
