/* multiply.c - the product behind every layer, for anybody's numbers. */
#include "kernel/kernel.h"

/* false: the product of two sizes, in bytes, is more than memory can hold. */
static bool multiply_count(size_t rows, size_t columns, size_t *count)
{
    *count = rows * columns;
    return !columns || rows <= SIZE_MAX / sizeof(sl_real) / columns;
}

static bool multiply_overlap(const sl_real *a, size_t a_count, const sl_real *c, size_t c_count)
{
    const uintptr_t first = (uintptr_t)a, other = (uintptr_t)c;
    return a_count && c_count && first < other + c_count * sizeof *c && other < first + a_count * sizeof *a;
}

sl_status sl_matrix_product(sl_ctx *ctx, size_t rows, size_t columns, size_t depth, const sl_real *a,
                            bool a_transposed, const sl_real *b, bool b_transposed, sl_real *c, bool add)
{
    size_t a_count, b_count, c_count;
    if (!ctx)
        return SL_ENOMEM;
    if (ctx->status)
        return ctx->status;
    if (!multiply_count(rows, depth, &a_count) || !multiply_count(depth, columns, &b_count) ||
        !multiply_count(rows, columns, &c_count))
        return sl_fail(ctx, SL_ESHAPE,
                       "sl_matrix_product: [%zu, %zu] times [%zu, %zu] has more numbers than memory can hold",
                       rows, depth, depth, columns);
    const char *missing = a_count && !a ? "a" : b_count && !b ? "b" : c_count && !c ? "c" : NULL;
    if (missing)
        return sl_fail(ctx, SL_EINVAL, "sl_matrix_product: %s is NULL: wants the numbers of its matrix",
                       missing);
    const char *shared = multiply_overlap(a, a_count, c, c_count)   ? "a"
                         : multiply_overlap(b, b_count, c, c_count) ? "b"
                                                                    : NULL;
    if (shared)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_matrix_product: c overlaps %s, which is still read while c is written: give the "
                       "result memory of its own",
                       shared);
    const sl_product product = { .rows = rows,
                                 .columns = columns,
                                 .depth = depth,
                                 .a = a,
                                 .a_row = a_transposed ? 1 : depth,
                                 .a_col = a_transposed ? rows : 1,
                                 .b = b,
                                 .b_row = b_transposed ? 1 : columns,
                                 .b_col = b_transposed ? depth : 1,
                                 .c = c,
                                 .c_row = columns,
                                 .add = add };
    sl_product_run(ctx, &product);
    return ctx->status;
}
