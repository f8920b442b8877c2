/* selftest.c - see selftest.h */
#include "selftest.h"
#include "kernel/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 selftest_wide;

static uint32_t selftest_bits(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) >> 32);
}

static uint32_t selftest_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)((uint64_t)selftest_bits(state) * limit >> 32);
}

static float selftest_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t selftest_bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static bool selftest_same(float x, float y)
{
    return (x != x && y != y) || selftest_bits_of(x) == selftest_bits_of(y);
}

/* --- a * b + c in integers ---------------------------------------------------------------------------- */

/* |x| = result * 2^exponent */
static uint64_t selftest_parts(float x, int *exponent)
{
    const uint32_t bits = selftest_bits_of(x);
    const int field = (int)(bits >> 23 & 255);
    *exponent = (field ? field : 1) - 150;
    return (bits & 0x7fffff) | (field ? 0x800000 : 0);
}

static double selftest_power(int exponent) /* of two, within double's normal numbers */
{
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* size * 2^exponent to the nearest float, a tie to the even one */
static float selftest_round(selftest_wide size, int exponent)
{
    int top = exponent;
    for (selftest_wide rest = size >> 1; rest; rest >>= 1)
        top++;
    const int last = top - 23 > -149 ? top - 23 : -149; /* the exponent of the result's last bit */
    const int cut = last - exponent;
    selftest_wide kept = size;
    if (cut > 127) {
        kept = 0;
    } else if (cut > 0) {
        const selftest_wide half = (selftest_wide)1 << (cut - 1);
        const selftest_wide lost = size & (half * 2 - 1);
        kept = size >> cut;
        kept += lost > half || (lost == half && (kept & 1));
    }
    return (float)((double)(uint64_t)kept * selftest_power(cut > 0 ? last : exponent));
}

static float selftest_exact(float a, float b, float c)
{
    const double product = (double)a * (double)b; /* exact */
    if (!(product - product == 0) || !(c - c == 0) || product == 0 || c == 0)
        return (float)(product + (double)c); /* nothing, or one thing, to be rounded */
    int ea, eb, low_exponent, high_exponent;
    uint64_t high = selftest_parts(a, &ea) * selftest_parts(b, &eb);
    uint64_t low = selftest_parts(c, &low_exponent);
    bool high_minus = product < 0, low_minus = c < 0;
    high_exponent = ea + eb;
    if (high_exponent < low_exponent) {
        const uint64_t size = high;
        const int exponent = high_exponent;
        const bool minus = high_minus;
        high = low, high_exponent = low_exponent, high_minus = low_minus;
        low = size, low_exponent = exponent, low_minus = minus;
    }
    if (high_exponent - low_exponent > 75) { /* then only the side on which it lies matters */
        low = 1;
        low_exponent = high_exponent - 75;
    }
    const selftest_wide x = (selftest_wide)high << (high_exponent - low_exponent), y = low;
    if (high_minus == low_minus)
        return (high_minus ? -1.0f : 1.0f) * selftest_round(x + y, low_exponent);
    if (x == y)
        return 0;
    return ((x > y) == high_minus ? -1.0f : 1.0f) * selftest_round(x > y ? x - y : y - x, low_exponent);
}

/* Near a power of two, on either side of it: the product of two such is near one as well, with bits far
 * below. */
static float selftest_near(uint64_t *state, int exponent)
{
    const double unit = selftest_power(-23), step = (double)selftest_below(state, 9) - 4;
    const double size = (1 + step * unit) * selftest_power(exponent);
    return (float)(selftest_below(state, 2) ? size : -size);
}

/* What such a product, of about 2^exponent, is to be added to so that half a unit of the last place is at
 * stake. */
static float selftest_addend(uint64_t *state, int exponent)
{
    const uint32_t sign = selftest_bits(state) << 31;
    if (exponent < -126)
        return selftest_float(sign | selftest_below(state, 1 << 12)); /* denormal */
    return selftest_float(sign | (uint32_t)(exponent + 24 + 127) << 23 | selftest_bits(state) >> 9);
}

/* Any bits; or sums where rounding twice goes wrong. */
static int selftest_fused(uint64_t *state, char *said, size_t size)
{
    for (int i = 0; i < 200000; i++) {
        float a = selftest_float(selftest_bits(state)), b = selftest_float(selftest_bits(state));
        float c = selftest_float(selftest_bits(state));
        if (i % 2) {
            const int base = i % 4 == 1 ? -150 : (int)selftest_below(state, 40) - 44;
            const int exponent = base + (int)selftest_below(state, 5) - 2, half = exponent / 2;
            a = selftest_near(state, half);
            b = selftest_near(state, exponent - half);
            c = selftest_addend(state, base);
        }
        const float found = sl_fused(a, b, c), wanted = selftest_exact(a, b, c);
        if (!selftest_same(found, wanted)) {
            snprintf(said, size, "fused multiply-add %08x * %08x + %08x is %08x, wanted %08x",
                     (unsigned)selftest_bits_of(a), (unsigned)selftest_bits_of(b),
                     (unsigned)selftest_bits_of(c), (unsigned)selftest_bits_of(found),
                     (unsigned)selftest_bits_of(wanted));
            return 1;
        }
    }
    return 0;
}

/* --- products ------------------------------------------------------------------------------------------ */

enum { SELFTEST_MOST = 110 }; /* rows, columns, depth: beyond a task of the thread pool */

/* kind 0: any size in -2..2; 1: with special values among them; 2: few digits, so that sums lie on halves; 3:
 * so small that results are denormal. */
static float selftest_number(uint64_t *state, int kind)
{
    static const uint32_t special[] = { 0,          0x80000000, 1,          0x807fffff, 0x00800000,
                                        0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000,
                                        0x3f800000, 0x3f800001, 0x33800000, 0x4b800001 };
    if (kind > 3)
        return selftest_near(state, kind == 4 ? -12 : -75);
    const uint32_t bits = selftest_bits(state);
    if (kind == 1 && selftest_below(state, 30) == 0)
        return selftest_float(special[selftest_below(state, sizeof special / sizeof *special)]);
    if (kind == 2 && bits % 3 == 0)
        return 0;
    const uint32_t field = kind == 3 ? 40 + bits % 30 : kind == 2 ? 115 + bits % 25 : 120 + bits % 8;
    const uint32_t digits = kind == 2 ? bits & 0x600000 : bits >> 8 & 0x7fffff;
    return selftest_float((bits & 0x80000000) | field << 23 | digits);
}

typedef struct {
    float a[SELFTEST_MOST * SELFTEST_MOST], b[SELFTEST_MOST * SELFTEST_MOST];
    float start[SELFTEST_MOST * SELFTEST_MOST], found[SELFTEST_MOST * SELFTEST_MOST],
        wanted[SELFTEST_MOST * SELFTEST_MOST], bias[SELFTEST_MOST];
} selftest_room;

static int selftest_product(sl_ctx *ctx, selftest_room *room, uint64_t *state, int number, char *said,
                            size_t size)
{
    const int kind = number % 6;
    const size_t most = number % 17 == 0 ? SELFTEST_MOST - 3 : 40;
    const size_t rows = selftest_below(state, (uint32_t)most + 1), spare = selftest_below(state, 4);
    const size_t columns = selftest_below(state, (uint32_t)most + 1);
    const size_t depth = selftest_below(state, (uint32_t)most + 1);
    const bool a_turned = selftest_below(state, 2), b_turned = selftest_below(state, 2);
    sl_product p = { .rows = rows,
                     .columns = columns,
                     .depth = depth,
                     .a = room->a,
                     .a_row = a_turned ? 1 : depth + spare,
                     .a_col = a_turned ? rows + spare : 1,
                     .b = room->b,
                     .b_row = b_turned ? 1 : columns + spare,
                     .b_col = b_turned ? depth + spare : 1,
                     .c_row = columns + spare,
                     .add = selftest_below(state, 2),
                     .bias = selftest_below(state, 2) ? room->bias : NULL,
                     .relu = selftest_below(state, 2) };
    for (size_t i = 0; i < SELFTEST_MOST * SELFTEST_MOST; i++) {
        room->a[i] = selftest_number(state, kind);
        room->b[i] = selftest_number(state, kind);
        room->start[i] =
            kind < 4 ? selftest_number(state, kind) : selftest_addend(state, kind == 4 ? -24 : -150);
    }
    for (size_t j = 0; j < SELFTEST_MOST; j++)
        room->bias[j] = selftest_number(state, kind);
    memcpy(room->wanted, room->start, sizeof room->start);
    memcpy(room->found, room->start, sizeof room->start);
    p.c = room->wanted;
    sl_product_plain(&p);
    p.c = room->found;
    sl_product_run(ctx, &p);
    for (size_t i = 0; i < SELFTEST_MOST * SELFTEST_MOST; i++)
        if (!selftest_same(room->found[i], room->wanted[i])) {
            snprintf(said, size, "%s, product %d: [%u, %u] x [%u, %u]: element %u is %08x, wanted %08x",
                     sl_ctx_isa(ctx), number, (unsigned)rows, (unsigned)depth, (unsigned)depth,
                     (unsigned)columns, (unsigned)i, (unsigned)selftest_bits_of(room->found[i]),
                     (unsigned)selftest_bits_of(room->wanted[i]));
            return 1;
        }
    return 0;
}

int sl_selftest(uint32_t seed, char *said, size_t size)
{
    static const char *const isas[] = { "plain", "simd128", "neon", "avx2", "avx512" };
    uint64_t state = seed;
    if (selftest_fused(&state, said, size))
        return 1;
    selftest_room *room = malloc(sizeof *room);
    if (!room) {
        snprintf(said, size, "out of memory");
        return 1;
    }
    int failed = 0;
    for (size_t i = 0; i < sizeof isas / sizeof *isas && !failed; i++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[i] });
        if (!ctx)
            failed = 1, snprintf(said, size, "%s", sl_message(ctx));
        else if (sl_error(ctx) == SL_OK &&
                 sl_product_reserve(ctx, SELFTEST_MOST, SELFTEST_MOST, SELFTEST_MOST) == SL_OK)
            for (int number = 0; number < 300 && !failed; number++)
                failed = selftest_product(ctx, room, &state, number, said, size);
        sl_ctx_free(ctx);
    }
    free(room);
    return failed;
}
