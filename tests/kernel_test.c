/* The arithmetic law: every kernel equals the plain definition bit for bit. The definitions are written down
 * here once more, with the C library's fma.                                                               */
#include "engine.h"
#include "kernel/kernel.h"
#include "op/op.h"

static sl_real c_fma(sl_real a, sl_real b, sl_real c)
{
#ifdef SL_REAL_DOUBLE
    return fma(a, b, c);
#else
    return fmaf(a, b, c);
#endif
}

enum { CONTEXTS = 12 };
static sl_ctx *contexts[CONTEXTS]; /* every instruction set of this machine, with 1, 2, 3 and 7 threads */
static int context_count;

static int open_contexts(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    static const int threads[] = { 1, 2, 3, 7 };
    for (int i = 0; i < 3; i++)
        for (int t = 0; t < 4; t++) {
            sl_ctx *ctx = engine_crew(isas[i], threads[t]);
            if (ctx && sl_error(ctx)) {
                print_message("[   NOTE   ] not on this machine: %s\n", isas[i]);
                sl_ctx_free(ctx);
                break;
            }
            contexts[context_count++] = ctx;
        }
    return context_count >= 4 ? 0 : -1;
}

static int close_contexts(void **unused)
{
    (void)unused;
    while (context_count)
        sl_ctx_free(contexts[--context_count]);
    return 0;
}

/* --- the product --- */

/* Once for each number of C, when it is done. */
static void finish_product(const void *argument, sl_isa isa, size_t at, size_t n)
{
    (void)isa;
    sl_real *c = (sl_real *)(uintptr_t)argument;
    for (size_t i = at; i < at + n; i++)
        c[i] = c[i] * 3 + 1;
}

/* The law, literally: one chain of fused multiply-adds, k ascending; then the bias by one addition, then what
 * is done to a finished number. */
static void literal_product(const sl_product *p, sl_real *c)
{
    for (size_t i = 0; i < p->rows; i++)
        for (size_t j = 0; j < p->columns; j++) {
            sl_real sum = p->add ? c[i * p->c_row + j] : 0;
            for (size_t k = 0; k < p->depth; k++)
                sum = c_fma(p->a[i * p->a_row + k * p->a_col], p->b[k * p->b_row + j * p->b_col], sum);
            if (p->bias)
                sum = sum + p->bias[j];
            if (p->relu)
                sum = sum > 0 ? sum : 0;
            if (p->finish)
                sum = sum * 3 + 1;
            c[i * p->c_row + j] = sum;
        }
}

static void compare_product(const sl_product *p, int c, const char *what, const sl_real *found,
                            const sl_real *wanted, size_t numbers)
{
    for (size_t i = 0; i < numbers; i++) /* what lies between the rows of C is not to be touched either */
        if (!engine_same(found[i], wanted[i]))
            fail_msg(
                "%s, %d threads, %s: [%zu, %zu] x [%zu, %zu], strides %zu %zu, %zu %zu, %s%s%s%s: element "
                "%zu is %a, wanted %a",
                c < 0 ? "plain kernel" : sl_ctx_isa(contexts[c]), c < 0 ? 1 : sl_ctx_threads(contexts[c]),
                what, p->rows, p->depth, p->depth, p->columns, p->a_row, p->a_col, p->b_row, p->b_col,
                p->add ? "add" : "set", p->bias ? ", bias" : "", p->relu ? ", relu" : "",
                p->finish ? ", finish" : "", i, (double)found[i], (double)wanted[i]);
}

/* step 1: with all contexts; 4: with those of one thread. */
static void check_product(sl_product p, const sl_real *start, size_t numbers, int step)
{
    sl_real *wanted = malloc((2 * numbers + 1) * sizeof *wanted);
    assert_non_null(wanted);
    memcpy(wanted, start, numbers * sizeof *start);
    literal_product(&p, wanted);
    p.c = wanted + numbers;
    p.argument = p.c;
    for (int c = -1; c < context_count; c += c < 0 ? 1 : step) {
        memcpy(p.c, start, numbers * sizeof *start);
        if (c < 0) /* first the plain kernel itself */
            sl_product_plain(&p);
        else
            sl_product_run(contexts[c], &p);
        compare_product(&p, c, "result", p.c, wanted, numbers);
        const size_t size = c < 0 ? 0 : sl_product_packed_size(contexts[c], &p);
        if (!size)
            continue;
        sl_real *packed = malloc(size * sizeof *packed);
        assert_non_null(packed);
        sl_product_pack(contexts[c], &p, packed);
        memcpy(p.c, start, numbers * sizeof *start);
        sl_product with = p;
        with.packed = packed;
        with.b = NULL;
        sl_product_run(contexts[c], &with);
        compare_product(&p, c, "packed beforehand", p.c, wanted, numbers);
        free(packed);
    }
    free(wanted);
}

/* layout: bit 0: A is transposed, bit 1: B is. spare: columns between the rows of each. */
static void check_shape(uint64_t *state, size_t rows, size_t columns, size_t depth, unsigned layout,
                        size_t spare, bool add, bool wild, int step)
{
    const size_t a_size = (rows + spare) * (depth + spare), b_size = (depth + spare) * (columns + spare);
    const size_t c_size = rows * (columns + spare);
    sl_real *a = malloc((a_size + 1) * sizeof *a), *b = malloc((b_size + 1) * sizeof *b);
    sl_real *c = malloc((c_size + 1) * sizeof *c);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    engine_fill_wild(state, a, a_size, wild);
    engine_fill_wild(state, b, b_size, wild);
    engine_fill_wild(state, c, c_size, wild);
    sl_product p = {
        .rows = rows, .columns = columns, .depth = depth, .a = a, .b = b, .c_row = columns + spare, .add = add
    };
    p.a_row = layout & 1 ? 1 : depth + spare;
    p.a_col = layout & 1 ? rows + spare : 1;
    p.b_row = layout & 2 ? 1 : columns + spare;
    p.b_col = layout & 2 ? depth + spare : 1;
    sl_real *bias = malloc((columns + 1) * sizeof *bias);
    assert_non_null(bias);
    engine_fill_wild(state, bias, columns, wild);
    const uint64_t end = engine_below(state, 6);
    p.bias = end & 1 ? bias : NULL;
    p.relu = end == 2 || end == 3;
    p.finish = end >= 4 ? finish_product : NULL;
    check_product(p, c, c_size, step);
    free(bias);
    free(a);
    free(b);
    free(c);
}

static void products_of_all_small_shapes_equal_the_law(void **unused)
{
    (void)unused;
    static const size_t edges[] = { 0,  1,  2,  3,  5,  6,  7,  8,  11, 12, 13,
                                    15, 16, 17, 24, 31, 32, 33, 40, 63, 64, 65 };
    enum { EDGES = sizeof edges / sizeof *edges };
    uint64_t state = 11;
    for (size_t i = 0; i < EDGES; i++)
        for (size_t j = 0; j < EDGES; j++) {
            const size_t depth = edges[engine_below(&state, 12)];
            check_shape(&state, edges[i], edges[j], depth, (unsigned)engine_below(&state, 4),
                        engine_below(&state, 3), engine_below(&state, 2), engine_below(&state, 3) == 0, 4);
        }
    for (size_t depth = 0; depth < EDGES; depth++)
        for (unsigned layout = 0; layout < 4; layout++)
            check_shape(&state, 7, 19, edges[depth], layout, 1, depth & 1, true, 4);
}

static void products_of_random_shapes_equal_the_law(void **unused)
{
    (void)unused;
    uint64_t state = 12;
    static const size_t depths[] = { 255, 256, 300, 1024, 4095, 4096, 4097 }; /* around the blocks of k */
    for (int i = 0; i < 300; i++)
        check_shape(&state, 1 + engine_below(&state, 70), 1 + engine_below(&state, 70),
                    i < 28 ? depths[i % 7] : engine_below(&state, 60), (unsigned)i % 4,
                    engine_below(&state, 4), i / 4 % 2, i % 5 == 0, 4);
}

/* Large enough for the pool. */
static void products_with_threads_equal_the_law(void **unused)
{
    (void)unused;
    uint64_t state = 13;
    static const size_t rows[] = { 14, 56, 97, 191, 300, 1024 }, columns[] = { 31, 32, 33, 130, 1024 };
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 5; j++) {
            const size_t depth = 1200000 / (rows[i] * columns[j]) + 10 + engine_below(&state, 9);
            check_shape(&state, rows[i], columns[j], depth, (unsigned)(i + j) % 4, engine_below(&state, 2),
                        (i + j) / 2 % 2, (i * 5 + j) % 7 == 0, 1);
        }
}

/* Packed beforehand, all of k is one block: longer than rows of A may be that are gathered. */
static void deep_products_equal_the_law(void **unused)
{
    (void)unused;
    uint64_t state = 15;
    for (unsigned layout = 0; layout < 4; layout++)
        check_shape(&state, 61, 200, 4500, layout, 500, layout & 1, false, 2);
}

/* --- a * b + c rounded once --- */

static sl_real any_bits(uint64_t *state)
{
    sl_real x;
    const uint64_t bits = engine_bits(state) >> (ENGINE_DOUBLE ? 0 : 32);
#ifdef SL_REAL_DOUBLE
    memcpy(&x, &bits, sizeof x);
#else
    const uint32_t low = (uint32_t)bits;
    memcpy(&x, &low, sizeof x);
#endif
    return x;
}

static void check_fused(sl_real a, sl_real b, sl_real c)
{
    const sl_real found = sl_fused(a, b, c), wanted = c_fma(a, b, c);
    if (!engine_same(found, wanted))
        fail_msg("%a * %a + %a is %a, wanted %a", (double)a, (double)b, (double)c, (double)found,
                 (double)wanted);
}

static void fused_is_rounded_once_for_any_bits(void **unused)
{
    (void)unused;
    uint64_t state = 14;
    for (int i = 0; i < 1000000; i++)
        check_fused(any_bits(&state), any_bits(&state), any_bits(&state));
}

/* Where the product is near c, or near half a unit of c's last place, or the result is denormal: there a sum
 * rounded twice is wrong.                                                                             */
static void fused_is_rounded_once_in_the_halfway_cases(void **unused)
{
    (void)unused;
    uint64_t state = 15;
    const int digits = ENGINE_DOUBLE ? 53 : 24, lowest = ENGINE_DOUBLE ? -1074 : -149;
    const double unit = ldexp(1, 1 - digits);
    int twice = 0; /* how often rounding twice goes wrong: the cases are what they claim to be */
    for (int i = 0; i < 500000; i++) {
        const int scale =
            i % 3 == 0 ? lowest + (int)engine_below(&state, 60) : (int)engine_below(&state, 40) - 20;
        const double near_one = 1 + unit * ((double)engine_below(&state, 9) - 4);
        const double other = 1 + unit * ((double)engine_below(&state, 9) - 4);
        const sl_real c = (sl_real)ldexp(1 + unit * (double)engine_below(&state, 1 << 20), scale);
        const int down = scale - digits + (int)engine_below(&state, 5) - 2; /* exponent of the product */
        const int half = down / 2;
        const sl_real a = (sl_real)ldexp(near_one, half), b = (sl_real)ldexp(other, down - half);
        const sl_real sign = engine_below(&state, 2) ? 1 : -1;
        check_fused(a, sign * b, c);
        twice += !engine_same((sl_real)((double)a * (double)(sign * b) + (double)c), c_fma(a, sign * b, c));
        check_fused((sl_real)near_one, (sl_real)other,
                    -(sl_real)(near_one * other)); /* what cancels leaves the rest */
    }
    assert_true(ENGINE_DOUBLE || twice > 1000);
}

/* --- sums and maxima --- */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_all_small_shapes_equal_the_law),
        cmocka_unit_test(products_of_random_shapes_equal_the_law),
        cmocka_unit_test(products_with_threads_equal_the_law),
        cmocka_unit_test(deep_products_equal_the_law),
        cmocka_unit_test(fused_is_rounded_once_for_any_bits),
        cmocka_unit_test(fused_is_rounded_once_in_the_halfway_cases),
    };
    return cmocka_run_group_tests(tests, open_contexts, close_contexts);
}
