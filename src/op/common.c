/* common.c - shape rules and loops that several operators share. */
#include "op/op.h"

#include <stdarg.h>
#include <stdio.h>

sl_status sl_node_fail(const sl_node *n, sl_status status, const char *format, ...)
{
    char sentence[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return sl_fail(n->ctx, status, "%s: %s", n->place, sentence);
}

sl_status sl_shape_same(sl_node *n, sl_shape *y)
{
    *y = n->x[0]->shape;
    return SL_OK;
}

sl_status sl_shape_numbered(sl_node *n, sl_shape *y)
{
    const sl_real number = n->options.number;
    char text[32];
    *y = n->x[0]->shape;
    if (n->op->options)
        return sl_option_check(n->ctx, n->place, n->op->options, (double)number);
    if (number - number == 0)
        return SL_OK;
    return sl_node_fail(n, SL_EINVAL, "the number is %s: wants a finite one", sl_real_text(text, number));
}

sl_status sl_shape_rowwise(sl_node *n, sl_shape *y)
{
    *y = n->x[0]->shape;
    if (sl_shape_ends_with(n->x[0]->shape, n->x[1]->shape))
        return SL_OK;
    char a[96], b[96];
    return sl_node_fail(n, SL_ESHAPE,
                        "the second input has shape %s: wants that of the first, %s, or its last dimensions",
                        sl_shape_text(b, n->x[1]->shape), sl_shape_text(a, n->x[0]->shape));
}

sl_status sl_shape_scalar(sl_node *n, sl_shape *y)
{
    (void)n;
    *y = (sl_shape){ 0 };
    return SL_OK;
}

sl_status sl_shape_columns(const sl_node *n, const sl_tensor *t, const char *what, int width)
{
    char text[96];
    if (!t || (t->shape.rank == 1 && t->shape.dim[0] == width))
        return SL_OK;
    return sl_node_fail(n, SL_ESHAPE, "the %s has shape %s: wants [%d], one for each column", what,
                        sl_shape_text(text, t->shape), width);
}

int sl_shape_norm(const sl_node *n, sl_shape *y)
{
    char text[96];
    *y = n->x[0]->shape;
    const int width = y->rank ? y->dim[y->rank - 1] : 0;
    if (width < 1)
        sl_node_fail(n, SL_ESHAPE, "the input has shape %s: wants a last dimension of at least 1",
                     sl_shape_text(text, *y));
    else if (!(n->options.number > 0 && (double)n->options.number <= 1e30))
        sl_node_fail(n, SL_EINVAL, "epsilon is %s: wants a number above 0 (usually 1e-5)",
                     sl_real_text(text, n->options.number));
    else if (!sl_shape_columns(n, n->x[1], "scale", width) && !sl_shape_columns(n, n->x[2], "shift", width))
        return width;
    return 0;
}

void sl_unary_forward(const sl_node *n)
{
    n->op->activate(n->ctx->isa, n->options.number, n->y->v, n->x[0]->v, n->y->count);
}

void sl_unary_backward(const sl_node *n)
{
    sl_unary_add(n, n->op->derive);
}

void sl_unary_add(const sl_node *n, sl_derive *derive)
{
    enum { CHUNK = 512 };
    sl_real dz[CHUNK];
    const sl_real *y = n->y->v, *dy = n->y->g, *z = n->x[0]->v;
    sl_real *dx = n->x[0]->g;
    for (size_t i = 0; i < n->y->count; i += CHUNK) {
        const size_t count = n->y->count - i < CHUNK ? n->y->count - i : CHUNK;
        derive(n->ctx->isa, n->options.number, dz, dy + i, y + i, z + i, count);
        sl_add_n(n->ctx->isa, dx + i, dz, count);
    }
}

void sl_node_activate(const void *argument, sl_isa isa, size_t at, size_t count)
{
    const sl_node *n = argument;
    const sl_op *f = n->options.activation;
    sl_real *y = n->y->v + at;
    if (f->derive_needs_z && n->training)
        memcpy((sl_real *)n->scratch + n->y->count + at, y, count * sizeof *y);
    f->activate(isa, n->options.slope, y, y, count);
}

void sl_node_derive(const void *argument, sl_isa isa, size_t at, size_t count)
{
    const sl_node *n = argument;
    const sl_op *f = n->options.activation;
    sl_real *dz = (sl_real *)n->scratch + at;
    f->derive(isa, n->options.slope, dz, n->y->g + at, n->y->v + at,
              f->derive_needs_z ? dz + n->y->count : NULL, count);
}
