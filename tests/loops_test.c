/* The loops that are no products: by definition, and the same bits with every instruction set. */
#include "engine.h"
#include "kernel/kernel.h"
#include "kernel/math.h"
#include "op/op.h"

static sl_isa isas[SL_ISA_COUNT];
static int isa_count;

static int find_isas(void **unused)
{
    (void)unused;
    isa_count = engine_isas(isas);
    return isa_count ? 0 : -1;
}

/* The law, literally: blocks of 4,096; element i in lane i mod 16; lanes added as a tree of halves. */
static sl_real literal_sum(const sl_real *x, size_t n)
{
    sl_real total = 0;
    for (size_t start = 0; start < n || start == 0; start += 4096) {
        sl_real lane[16] = { 0 };
        for (size_t i = 0; i < 4096 && start + i < n; i++)
            lane[i % 16] += x[start + i];
        for (int i = 0; i < 8; i++)
            lane[i] += lane[i + 8];
        for (int i = 0; i < 4; i++)
            lane[i] += lane[i + 4];
        lane[0] += lane[2];
        lane[1] += lane[3];
        lane[0] += lane[1];
        total = n <= 4096 ? lane[0] : total + lane[0];
    }
    return total;
}

static void sums_follow_the_law_of_lanes(void **unused)
{
    (void)unused;
    enum { MOST = 20000 };
    static sl_real x[MOST], y[MOST], xy[MOST];
    uint64_t state = 16;
    engine_fill_wild(&state, x, MOST, false);
    engine_fill_wild(&state, y, MOST, false);
    for (size_t i = 0; i < MOST; i++) {
        const sl_real product = x[i] * y[i];
        xy[i] = product;
    }
    static const size_t sizes[] = {
        0, 1, 15, 16, 17, 31, 33, 255, 4095, 4096, 4097, 8192, 8193, 12300, MOST
    };
    for (size_t i = 0; i < 200 + sizeof sizes / sizeof *sizes; i++) {
        const size_t n = i < 200 ? engine_below(&state, i < 100 ? 100 : MOST) : sizes[i - 200];
        const size_t from = engine_below(&state, MOST - n + 1); /* aligned or not is the same */
        const sl_real wanted[] = { literal_sum(x + from, n), literal_sum(xy + from, n) };
        for (int c = 0; c < isa_count; c++) {
            const sl_isa isa = isas[c];
            const sl_real found[] = { sl_reduce_sum(isa, x + from, n),
                                      sl_reduce_dot(isa, x + from, y + from, n) };
            assert_bits(found, wanted, 2);
        }
    }
    engine_fill_wild(&state, x, MOST, true);
    for (size_t i = 0; i < MOST; i++)
        if (!(fabs((double)x[i]) <= 1e30))
            x[i] = 0; /* denormals and zeros remain */
    const sl_real wanted = literal_sum(x, MOST);
    for (int c = 0; c < isa_count; c++) {
        const sl_real found = sl_reduce_sum(isas[c], x, MOST);
        assert_bits(&found, &wanted, 1);
    }
}

static void columns_are_chains_in_row_order(void **unused)
{
    (void)unused;
    enum { ROWS = 37, MOST = 150 };
    static sl_real x[ROWS * MOST], found[MOST + 1], wanted[MOST + 1], start[MOST + 1];
    uint64_t state = 17;
    for (size_t columns = 0; columns <= MOST; columns += columns < 35 ? 1 : 23)
        for (int c = 0; c < isa_count; c++) {
            const sl_isa isa = isas[c];
            engine_fill_wild(&state, x, ROWS * columns, true);
            engine_fill_wild(&state, start, MOST + 1, true);
            memcpy(found, start, sizeof found);
            memcpy(wanted, start, sizeof wanted);
            for (size_t j = 0; j < columns; j++)
                for (size_t i = 0; i < ROWS; i++)
                    wanted[j] += x[i * columns + j];
            sl_add_rows(isa, found, x, ROWS, columns);
            assert_bits(found, wanted, columns + 1); /* and nothing behind the last */
            memcpy(found, start, sizeof found);
            memcpy(wanted, start, sizeof wanted);
            for (size_t j = 0; j < columns; j++)
                wanted[j] += x[j];
            sl_add_n(isa, found, x, columns);
            assert_bits(found, wanted, columns + 1);
            sl_fill(isa, found, 3, columns);
            for (size_t j = 0; j <= columns; j++)
                wanted[j] = j < columns ? 3 : wanted[j];
            assert_bits(found, wanted, columns + 1);
        }
}

/* Of n numbers, by definition; sums of squares in double as the law has it. */
static void norms_maxima_and_what_is_not_finite_follow_the_definition(void **unused)
{
    (void)unused;
    enum { MOST = 20000 };
    static sl_real x[MOST];
    static double squares[MOST];
    uint64_t state = 18;
    for (int round = 0; round < 150; round++) {
        const size_t n = 1 + engine_below(&state, round < 100 ? 70 : MOST);
        engine_fill_wild(&state, x, n, round % 2);
        double norm = 0;
        for (size_t start = 0; start < n; start += 4096) {
            double lane[16] = { 0 };
            for (size_t i = start; i < n && i < start + 4096; i++) {
                squares[i] = (double)x[i] * (double)x[i];
                lane[i % 16] += squares[i];
            }
            for (int half = 8; half; half /= 2)
                for (int i = 0; i < half; i++)
                    lane[i] += lane[i + half];
            norm += lane[0];
        }
        sl_real most = x[0];
        size_t first_bad = n;
        for (size_t i = 0; i < n; i++) {
            most = x[i] > most ? x[i] : most;
            if (first_bad == n && !(fabs((double)x[i]) < INFINITY))
                first_bad = i;
        }
        for (int c = 0; c < isa_count; c++) {
            const sl_isa isa = isas[c];
            const sl_real found = sl_reduce_max(isa, x, n);
            assert_bits(&found, &most, 1);
            const double found_norm = sl_norm(isa, x, n), wanted_norm = sqrt(norm);
            assert_true(found_norm == wanted_norm || (found_norm != found_norm && norm != norm));
            size_t bad = n;
            assert_int_equal(sl_all_finite(isa, x, n, &bad), first_bad == n);
            assert_int_equal(bad, first_bad);
        }
    }
}

/* Row by row and in the order of the law, with functions whose bits math_test has. */
static sl_real literal_cross_entropy(sl_real *d, const sl_real *x, size_t width, size_t label)
{
    static sl_real e[20000];
    sl_real most = x[0];
    for (size_t i = 1; i < width; i++)
        most = x[i] > most ? x[i] : most;
    for (size_t i = 0; i < width; i++)
        e[i] = sl_exp_r(x[i] - most);
    const sl_real sum = literal_sum(e, width), chosen = x[label] - most;
    for (size_t i = 0; i < width; i++)
        d[i] = e[i] / sum;
    return sl_log_r(sum) - chosen;
}

static void softmax_and_cross_entropy_follow_the_definition(void **unused)
{
    (void)unused;
    enum { MOST = 20000 };
    static sl_real x[MOST], p[MOST], found[MOST], label[MOST], loss[MOST], found_loss[MOST];
    uint64_t state = 19;
    for (int round = 0; round < 400; round++) {
        const size_t width = 1 + engine_below(&state, round < 300 ? 40 : 9000);
        const size_t rows = 1 + engine_below(&state, round < 300 ? 45 : MOST / width);
        engine_fill_wild(&state, x, rows * width, round % 2);
        for (size_t i = 0; i < rows; i++) {
            const size_t truth = engine_below(&state, width);
            label[i] = (sl_real)truth;
            loss[i] = literal_cross_entropy(p + i * width, x + i * width, width, truth);
        }
        for (int c = 0; c < isa_count; c++) {
            const sl_isa isa = isas[c];
            sl_softmax_rows(isa, found, x, rows, width);
            assert_bits(found, p, rows * width);
            memcpy(found, x, rows * width * sizeof *x); /* in place, too */
            sl_cross_entropy_rows(isa, found, found_loss, found, label, rows, width);
            assert_bits(found_loss, loss, rows);
            for (size_t i = 0; i < rows * width; i++) {
                const sl_real d = p[i] - (sl_real)(i % width == (size_t)label[i / width]);
                assert_bits(&found[i], &d, 1);
            }
        }
        for (size_t i = 0; i < rows; i++) { /* and two classes from one logit */
            label[i] = (sl_real)engine_uniform(&state, 0, 1);
            const sl_real left = label[i] * sl_log1p_exp_r(-x[i]);
            loss[i] = left + (1 - label[i]) * sl_log1p_exp_r(x[i]);
        }
        for (int c = 0; c < isa_count; c++) {
            memcpy(found, x, rows * sizeof *x);
            sl_binary_cross_entropy_n(isas[c], found, found, label, rows);
            assert_bits(found, loss, rows);
        }
    }
}

static void maxima_and_relu_select_and_never_use_max(void **unused)
{
    (void)unused;
    const sl_real nan = (sl_real)NAN, inf = (sl_real)INFINITY;
    const sl_real rows[][3] = {
        { 1, nan, 2 },        { nan, 1, 2 },   { (sl_real)-0.0, 0, -1 }, { 0, (sl_real)-0.0, -1 },
        { -inf, -inf, -inf }, { 3, inf, nan }, { -1, 0, (sl_real)-0.0 }, { -1, (sl_real)-0.0, 0 }
    };
    const sl_real largest[] = { 2, nan, (sl_real)-0.0, 0, -inf, inf, 0, (sl_real)-0.0 };
    for (int i = 0; i < 8; i++)
        for (int c = 0; c < isa_count; c++) {
            const sl_real found = sl_reduce_max(isas[c], rows[i], 3);
            assert_bits(&found, &largest[i], 1);
        }
    sl_real z[67], y[67], dz[67], dy[67], wanted[67], slope[67]; /* vectors and what is left over */
    const sl_real in[] = { nan, (sl_real)-0.0, 0, -inf, inf, (sl_real)1e-44, (sl_real)-1e-44, -3, 5 };
    const sl_real out[] = { 0, 0, 0, 0, inf, (sl_real)1e-44, 0, 0, 5 };
    for (int i = 0; i < 67; i++) {
        z[i] = in[i % 9];
        wanted[i] = out[i % 9];
        dy[i] = (sl_real)(i + 1);
        slope[i] = z[i] > 0 ? dy[i] : 0;
    }
    const sl_op *relu = sl_op_find("relu");
    for (int c = 0; c < isa_count; c++) {
        relu->activate(isas[c], 0, y, z, 67);
        assert_bits(y, wanted, 67);
        relu->derive(isas[c], 0, dz, dy, y, z, 67);
        assert_bits(dz, slope, 67);
        memcpy(dz, dy, sizeof dz);
        relu->derive(isas[c], 0, dz, dz, y, z, 67);
        assert_bits(dz, slope, 67);
    }
}

static const struct {
    const char *name;
    void (*array)(sl_isa, sl_real *, const sl_real *, size_t);
    sl_real (*inlined)(sl_real);
} functions[] = {
    { "exp", sl_exp_n, sl_exp_r },
    { "log", sl_log_n, sl_log_r },
    { "log1p", sl_log1p_n, sl_log1p_r },
    { "tanh", sl_tanh_n, sl_tanh_r },
    { "sigmoid", sl_sigmoid_n, sl_sigmoid_r },
    { "erf", sl_erf_n, sl_erf_r },
    { "sin", sl_sin_n, sl_sin_r },
    { "cos", sl_cos_n, sl_cos_r },
    { "log1p_exp", sl_log1p_exp_n, sl_log1p_exp_r },
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* The same result one at a time, in place, and for every count around a block and a vector. */
static void arrays_equal_scalars(void **unused)
{
    (void)unused;
    enum { MOST = 400 };
    static sl_real x[MOST], y[MOST], z[MOST];
    uint64_t state = 20;
    engine_fill_wild(&state, x, MOST, true);
    for (size_t i = 0; i < MOST; i += 2)
        x[i] *= 50;
    for (size_t k = 0; k < FUNCTIONS; k++)
        for (size_t n = 0; n < MOST; n += n < 40 ? 1 : 43)
            for (int c = 0; c < isa_count; c++) {
                for (size_t i = 0; i < MOST; i++)
                    y[i] = 77;
                memcpy(z, x, sizeof z);
                functions[k].array(isas[c], y, x, n);
                functions[k].array(isas[c], z, z, n);
                for (size_t i = 0; i < MOST; i++) {
                    const sl_real wanted = i < n ? functions[k].inlined(x[i]) : 77;
                    assert_bits(&y[i], &wanted, 1);
                    assert_bits(&z[i], i < n ? &wanted : &x[i], 1);
                }
            }
}

static void run_function(size_t k, sl_isa isa, sl_real *y, const sl_real *x, int piece, size_t n)
{
    if (k < FUNCTIONS)
        functions[k].array(isa, y, x, n);
    else
        sl_pow_n(isa, y, x, (sl_real)(piece % 9) - SL_R(3.5), n);
}

/* Bit patterns in even steps through all exponents of both signs, denormals and NaN among them (in float
 * every 1,237th: 3.5 million), special numbers last; in pieces that end within a vector. */
static void functions_give_the_same_bits_with_every_instruction_set(void **unused)
{
    (void)unused;
    enum { PIECE = 4099 };
    static sl_real x[PIECE], y[SL_ISA_COUNT][PIECE];
    static const double special[] = { 0.0,    1,    0.5,      0.65,     9.01,       10,        88.722839,
                                      104,    89,   0x1p-25,  0x1p-60,  0x1p+22,    8388607.5, 0x1p+24,
                                      1e-310, 1e38, 0x1p-126, 0x1p-149, 0.70710678, INFINITY,  NAN };
    const uint64_t step = ENGINE_DOUBLE ? ((uint64_t)1 << 45) + 1237 : 1237;
    const int pieces = (int)((ENGINE_DOUBLE ? UINT64_MAX : UINT32_MAX) / step / PIECE) + 1;
    uint64_t bits = 0;
    for (int piece = 0; piece <= pieces; piece++) {
        for (size_t i = 0; i < PIECE; i++, bits += step) {
            memcpy(&x[i], &bits, sizeof x[i]); /* little endian, as slope is */
            if (piece == pieces)
                x[i] = (sl_real)((i & 1 ? -1 : 1) * special[i / 2 % (sizeof special / sizeof *special)]);
        }
        for (size_t k = 0; k <= FUNCTIONS; k++)
            for (int c = 0; c < isa_count; c++) {
                run_function(k, isas[c], y[c], x, piece, PIECE);
                for (size_t i = 0; i < PIECE; i++)
                    if (!engine_same(y[c][i], y[0][i]))
                        fail_msg("%s(%a) is %a with instruction set %d, %a without",
                                 k < FUNCTIONS ? functions[k].name : "pow", (double)x[i], (double)y[c][i],
                                 (int)isas[c], (double)y[0][i]);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_follow_the_law_of_lanes),
        cmocka_unit_test(columns_are_chains_in_row_order),
        cmocka_unit_test(norms_maxima_and_what_is_not_finite_follow_the_definition),
        cmocka_unit_test(softmax_and_cross_entropy_follow_the_definition),
        cmocka_unit_test(maxima_and_relu_select_and_never_use_max),
        cmocka_unit_test(arrays_equal_scalars),
        cmocka_unit_test(functions_give_the_same_bits_with_every_instruction_set),
    };
    return cmocka_run_group_tests(tests, find_isas, NULL);
}
