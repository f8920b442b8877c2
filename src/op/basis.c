/* basis: features of each row, one a term: [.., n] -> [.., terms]; terms are x_a, x_a^2, x_a x_b, sin x_a and
 * cos x_a.        dx_a: for each term in turn dy, 2 x_a dy, x_b dy (and dx_b: x_a dy), cos x_a dy, -sin x_a
 * dy */
#include "op/op.h"
#include "op/terms.h"

static size_t basis_width(const sl_tensor *t)
{
    return (size_t)t->shape.dim[t->shape.rank - 1];
}

/* The terms move into the scratch: the caller's own may be gone when backward comes. */
static sl_status basis_shape(sl_node *n, sl_shape *y)
{
    const sl_terms *terms = n->options.terms;
    if (n->x[0]->shape.rank < 1)
        return sl_node_fail(n, SL_ESHAPE, "of a single number: wants rows, [.., n]");
    if (sl_terms_check(n->ctx, n->place, terms, basis_width(n->x[0])))
        return n->ctx->status;
    *y = n->x[0]->shape;
    y->dim[y->rank - 1] = terms->count;
    n->scratch_bytes = (size_t)terms->count * sizeof *terms->term;
    return SL_OK;
}

static void basis_forward(const sl_node *n)
{
    const sl_terms *terms = n->options.terms;
    const size_t in = basis_width(n->x[0]), out = (size_t)terms->count, rows = n->y->count / out;
    sl_real v[SL_TERM_ROWS];
    memcpy(n->scratch, terms->term, n->scratch_bytes);
    for (size_t row = 0; row < rows; row += SL_TERM_ROWS) {
        const size_t count = rows - row < SL_TERM_ROWS ? rows - row : SL_TERM_ROWS;
        for (size_t k = 0; k < out; k++) {
            sl_real *y = n->y->v + row * out + k;
            sl_term_values(n->ctx->isa, &terms->term[k], v, n->x[0]->v + row * in, in, count);
            for (size_t i = 0; i < count; i++)
                y[i * out] = v[i];
        }
    }
}

static void basis_backward(const sl_node *n)
{
    const sl_term *term = n->scratch;
    const size_t in = basis_width(n->x[0]), out = basis_width(n->y), rows = n->y->count / out;
    for (size_t row = 0; row < rows; row += SL_TERM_ROWS)
        for (size_t k = 0; k < out; k++)
            sl_term_flow(n->ctx->isa, &term[k], n->x[0]->g + row * in, n->x[0]->v + row * in, in,
                         n->y->g + row * out + k, out, rows - row < SL_TERM_ROWS ? rows - row : SL_TERM_ROWS);
}

static const sl_term basis_all[] = { { SL_TERM_COSINE, 1, 0 },  { SL_TERM_INPUT, 2, 0 },
                                     { SL_TERM_SQUARE, 0, 0 },  { SL_TERM_PRODUCT, 2, 0 },
                                     { SL_TERM_PRODUCT, 1, 1 }, { SL_TERM_SINE, 0, 0 } },
                     basis_one[] = { { SL_TERM_SINE, 3, 0 } }, basis_wave[] = { { SL_TERM_COSINE, 0, 0 } };

const sl_op sl_op_basis = {
    .name = "basis",
    .summary = "features of each row: numbers, squares, products, sines, cosines",
    .formula = "y = [x_a, x_a^2, x_a x_b, sin x_a, cos x_a, ..], as the terms say",
    .source = "-",
    .inputs = 1,
    .shape = basis_shape,
    .forward = basis_forward,
    .backward = basis_backward,
    .trial = { { .shape = { { 2, { 5, 3 } } },
                 .terms = &(const sl_terms){ basis_all, 6 },
                 .low = -3,
                 .high = 3 },
               { .shape = { { 2, { 66, 1 } } },
                 .terms = &(const sl_terms){ basis_wave, 1 },
                 .low = 0.5,
                 .high = 1.5 },
               { .shape = { { 1, { 4 } } },
                 .terms = &(const sl_terms){ basis_one, 1 },
                 .low = -9,
                 .high = 9 } },
};

sl_tensor *sl_basis_of(sl_tape *tape, sl_tensor *x, const char *terms)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    if (!ctx || ctx->status)
        return NULL;
    sl_terms *read = sl_terms_read(ctx, "basis", terms ? terms : "");
    sl_tensor *y = read ? sl_apply(tape, &sl_op_basis, &x, &(sl_op_options){ .terms = read }) : NULL;
    sl_free(ctx, read);
    return y;
}
