/* sl_matrix_product against a plain loop with the C library's fma, by ==; what it refuses; and the measures
 * of the machine, of which only what cannot fail on a slow day is asserted.                               */
#include "engine.h"

static sl_real multiply_fma(sl_real a, sl_real b, sl_real c)
{
#ifdef SL_REAL_DOUBLE
    return fma(a, b, c);
#else
    return fmaf(a, b, c);
#endif
}

enum { MOST = 40 };

static void check(sl_ctx *ctx, uint64_t *state, size_t rows, size_t columns, size_t depth, bool at, bool bt,
                  bool add)
{
    static sl_real a[MOST * MOST], b[MOST * MOST], found[MOST * MOST + 1], wanted[MOST * MOST + 1];
    for (size_t i = 0; i < MOST * MOST; i++) {
        a[i] = (sl_real)engine_uniform(state, -2, 2);
        b[i] = (sl_real)engine_uniform(state, -2, 2);
        found[i] = wanted[i] = (sl_real)engine_uniform(state, -2, 2);
    }
    found[rows * columns] = wanted[rows * columns] = 7; /* right behind C: not to be touched */
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            sl_real sum = add ? wanted[i * columns + j] : 0;
            for (size_t k = 0; k < depth; k++)
                sum = multiply_fma(at ? a[k * rows + i] : a[i * depth + k],
                                   bt ? b[j * depth + k] : b[k * columns + j], sum);
            wanted[i * columns + j] = sum;
        }
    assert_int_equal(sl_matrix_product(ctx, rows, columns, depth, a, at, b, bt, found, add), SL_OK);
    assert_bits(found, wanted, rows * columns + 1);
}

static void products_of_every_layout_equal_the_plain_loop(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", NULL };
    for (int isa = 0; isa < 2; isa++) {
        sl_ctx *ctx = engine_crew(isas[isa], 2);
        uint64_t state = 3;
        for (unsigned i = 0; i < 240; i++)
            check(ctx, &state, engine_below(&state, MOST), engine_below(&state, MOST),
                  engine_below(&state, MOST), i & 1, i & 2, i & 4);
        for (unsigned i = 0; i < 8; i++) /* nothing to add up: zeros, or C as it is */
            check(ctx, &state, 5, 6, 0, i & 1, i & 2, i & 4);
        sl_ctx_free(ctx);
    }
}

/* [1 2; 3 4] [5 6; 7 8] = [19 22; 43 50] */
static void a_product_known_from_school(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_real a[] = { 1, 2, 3, 4 }, at[] = { 1, 3, 2, 4 }, b[] = { 5, 6, 7, 8 }, bt[] = { 5, 7, 6, 8 };
    const sl_real wanted[] = { 19, 22, 43, 50 }, twice[] = { 38, 44, 86, 100 };
    sl_real c[4];
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, a, false, b, false, c, false), SL_OK);
    assert_bits(c, wanted, 4);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, at, true, bt, true, c, true), SL_OK);
    assert_bits(c, twice, 4);
    sl_ctx_free(ctx);
}

static void wrong_arguments_are_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_real x[12] = { 0 };
    assert_int_equal(sl_matrix_product(NULL, 1, 1, 1, x, false, x, false, x + 4, false), SL_ENOMEM);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, NULL, false, x, false, x + 4, false), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "a is NULL"));
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, x, false, NULL, false, x + 4, false), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "b is NULL"));
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, x, false, x + 4, false, NULL, false), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "c is NULL"));
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, x, false, x + 8, false, x + 3, false), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "c overlaps a"));
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, x, false, x + 7, false, x + 4, false), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "c overlaps b"));
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, 2, 2, 2, x, false, x, false, x + 4, false), SL_OK); /* squares */
    assert_int_equal(sl_matrix_product(ctx, SIZE_MAX / 2, 1, 9, x, false, x, false, x + 9, false), SL_ESHAPE);
    assert_non_null(strstr(sl_message(ctx), "more numbers than memory can hold"));
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, 0, 3, 0, NULL, false, NULL, false, NULL, false), SL_OK);
    assert_int_equal(sl_matrix_product(ctx, 3, 0, 2, x, true, NULL, true, NULL, true), SL_OK);
    sl_ctx_free(ctx);
}

static void no_memory_is_said(void **unused)
{
    (void)unused;
    enum { N = 150 };
    static sl_real a[N * N], c[N * N];
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    memory.fail_at = memory.calls + 1;
    const sl_status status = sl_matrix_product(ctx, N, N, N, a, false, a, true, c, false);
    assert_int_equal(status, sl_error(ctx)); /* a plain loop needs none */
    assert_true(status == SL_ENOMEM || memory.calls < memory.fail_at);
    memory.fail_at = 0;
    sl_clear(ctx);
    assert_int_equal(sl_matrix_product(ctx, N, N, N, a, false, a, true, c, false), SL_OK);
    const size_t calls = memory.calls;
    assert_int_equal(sl_matrix_product(ctx, N, N, N, a, false, a, true, c, false), SL_OK);
    assert_int_equal(memory.calls, calls);
    sl_ctx_free(ctx);
    assert_int_equal(memory.bytes, 0);
}

static void the_machine_is_measured(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_crew(NULL, 2);
    const double one = sl_machine_flops(ctx, 1, 0.01),
                 read = sl_machine_bandwidth(ctx, 2, 65536, false, 0.01);
    const double triad = sl_machine_bandwidth(ctx, 1, 65536, true, 0.01), trip = sl_machine_round_trip(ctx);
    assert_int_equal(sl_error(ctx), SL_OK);
    assert_true(one > 1e6 && one < 1e13);
    assert_true(sl_machine_flops(ctx, 2, 0.01) > 1e6);
    assert_true(read > 1e6 && read < 1e14);
    assert_true(triad > 1e6 && triad < 1e14);
    assert_true(trip > 1e-9 && trip < 1);
    assert_int_equal((int)sl_machine_flops(ctx, 3, 0.01), 0);
    assert_non_null(strstr(sl_message(ctx), "3 threads: wants 1 to 2"));
    sl_clear(ctx);
    assert_int_equal((int)sl_machine_flops(ctx, 1, 0), 0);
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    sl_clear(ctx);
    assert_int_equal((int)sl_machine_bandwidth(ctx, 1, 64, true, 0.01), 0);
    assert_non_null(strstr(sl_message(ctx), "64 bytes: wants at least"));
    sl_ctx_free(ctx);
    sl_ctx *alone = sl_ctx_new(NULL);
    assert_int_equal((int)(1e9 * sl_machine_round_trip(alone)), 0);
    assert_int_equal(sl_error(alone), SL_EINVAL);
    sl_ctx_free(alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_every_layout_equal_the_plain_loop),
        cmocka_unit_test(a_product_known_from_school),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(no_memory_is_said),
        cmocka_unit_test(the_machine_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
