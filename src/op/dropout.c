/* dropout: in training y = x m s, s = 1 / (1 - rate), m = 0 with probability rate, else 1; in inference y =
 * x. dx = dy m s. The numbers come from the counter (step, which dropout, row, unit), so they do not depend
 * on threads or on the order of work.                                                          */
#include "op/op.h"
#include "core/random.h"

static sl_status dropout_shape(sl_node *n, sl_shape *y)
{
    const double rate = (double)n->options.number;
    char text[32];
    if (!(rate >= 0 && rate < 1))
        return sl_node_fail(n, SL_EINVAL, "the dropout rate is %s: wants 0 or more, and less than 1",
                            sl_real_text(text, n->options.number));
    *y = n->x[0]->shape;
    n->scratch_bytes = n->training ? n->x[0]->count : 0;
    return SL_OK;
}

static void dropout_forward(const sl_node *n)
{
    const sl_real *x = n->x[0]->v;
    sl_real *y = n->y->v;
    if (!n->training) {
        for (size_t i = 0; i < n->y->count; i++)
            y[i] = x[i];
        return;
    }
    const sl_shape s = n->y->shape;
    const size_t width = s.rank ? sl_shape_row(s) : 1, rows = width ? n->y->count / width : 0;
    const uint32_t limit = (uint32_t)((double)n->options.number * 0x1p32); /* drop below this */
    const sl_real scale = 1 / (1 - n->options.number);
    unsigned char *mask = n->scratch;
    const uint64_t seed = n->ctx->options.seed;
    for (size_t row = 0; row < rows; row++)
        for (size_t unit = 0; unit < width; unit += 4) {
            const sl_random4 r = sl_random_block(seed, SL_FOR_DROPOUT, n->layer, n->step,
                                                 (uint64_t)row << 32 | (uint32_t)(unit / 4));
            for (size_t j = 0; j < 4 && unit + j < width; j++) {
                const size_t i = row * width + unit + j;
                mask[i] = r.word[j] >= limit;
                y[i] = mask[i] ? x[i] * scale : 0;
            }
        }
}

static void dropout_backward(const sl_node *n)
{
    const unsigned char *mask = n->scratch;
    const sl_real scale = 1 / (1 - n->options.number);
    for (size_t i = 0; i < n->y->count; i++)
        n->x[0]->g[i] += mask[i] ? n->y->g[i] * scale : 0;
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
