/* sort_test.c - sl_sort against insertion sort; how often it compares; what it does where comparisons
 * contradict. */
#include "core/sort.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { GUARD = 64 }; /* bytes before and behind the elements, which must stay */

static uint64_t drawn = 88172645463325252u; /* xorshift */
static size_t comparisons, unaligned; /* calls of a comparison; of them with an element at a bad place */
static size_t wanted_alignment = 1;

static uint64_t draw(void)
{
    drawn ^= drawn << 13;
    drawn ^= drawn >> 7;
    drawn ^= drawn << 17;
    return drawn;
}

static void count_call(const void *a, const void *b)
{
    comparisons++;
    unaligned += ((uintptr_t)a | (uintptr_t)b) % wanted_alignment != 0;
}

/* An element's first byte is what it is ordered by; the others say which one it is. */
static int by_first_byte(const void *a, const void *b)
{
    const unsigned char x = *(const unsigned char *)a, y = *(const unsigned char *)b;
    count_call(a, b);
    return (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    count_call(a, b);
    return (x > y) - (x < y);
}

/* Room for elements with guards around. */
static unsigned char *elements_new(size_t bytes)
{
    unsigned char *room = malloc(bytes + 2 * GUARD);
    assert_non_null(room);
    memset(room, 0xA5, bytes + 2 * GUARD);
    return room + GUARD;
}

static void elements_free(unsigned char *at, size_t bytes)
{
    for (size_t i = 0; i < GUARD; i++)
        if (at[bytes + i] != 0xA5 || at[(ptrdiff_t)i - GUARD] != 0xA5)
            fail_msg("%zu bytes were sorted, and others beside them changed", bytes);
    free(at - GUARD);
}

static void check_sort(size_t count, size_t size, unsigned keys)
{
    unsigned char *at = elements_new(count * size), *before = malloc(count * size + 1);
    size_t *order = malloc((count + 1) * sizeof *order);
    assert_true(before && order);
    for (size_t i = 0; i < count; i++) {
        unsigned char *e = before + i * size;
        e[0] = (unsigned char)(draw() % keys);
        for (size_t b = 1; b < size; b++)
            e[b] = (unsigned char)(b < 4 ? i >> 8 * (b - 1) : i * 167 + b);
        size_t place = i;
        for (; place && before[order[place - 1] * size] > e[0]; place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
    memcpy(at, before, count * size);
    wanted_alignment = size % 16 ? size & (0 - size) : 16;
    unaligned = 0;
    sl_sort(at, count, size, by_first_byte);
    for (size_t i = 0; i < count; i++)
        if (memcmp(at + i * size, before + order[i] * size, size) != 0)
            fail_msg("%zu elements of %zu bytes with %u keys: at %zu is not the one that was at %zu", count,
                     size, keys, i, order[i]);
    if (unaligned)
        fail_msg("elements of %zu bytes: %zu comparisons saw one that is not aligned to %zu", size, unaligned,
                 wanted_alignment);
    elements_free(at, count * size);
    free(before);
    free(order);
}

static void equals_insertion_sort(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 40; size++) {
        for (size_t count = 0; count <= 20; count++)
            for (unsigned keys = 1; keys <= 27; keys *= 3)
                check_sort(count, size, keys);
        for (int i = 0; i < 8; i++)
            check_sort((size_t)(draw() % 2001), size, (unsigned)(draw() % (i % 2 ? 256 : 8)) + 1);
    }
    check_sort(2000, 40, 3);
}

/* Of the first ones 2 to 20 fit the room, of the last not even one. */
static void equals_insertion_sort_with_large_elements(void **state)
{
    (void)state;
    static const size_t sizes[] = { 400, 1000, 2731, 4096, 4097, 8191, 8192, 8193, 9000, 20000 };
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t count = 0; count <= 120; count += count < 10 ? 1 : 1 + draw() % 30)
            for (unsigned keys = 1; keys <= 256; keys *= 4)
                check_sort(count, sizes[s], keys);
}

/* What the place-th of count numbers is, in shapes that are the worst for some way of sorting. */
static double shaped(int shape, size_t place, size_t count)
{
    const double i = (double)place, n = (double)count;
    switch (shape) {
    case 0:
        return i; /* sorted */
    case 1:
        return 0; /* all equal */
    case 2:
        return -i; /* reversed */
    case 3:
        return i < n / 2 ? i : n - i; /* an organ's pipes */
    case 4:
        return i < n / 2 ? -i : i - n; /* the same upside down */
    case 5:
        return (double)(place % 7); /* teeth of a saw */
    case 6:
        return (double)((place + count / 3) % count); /* turned */
    case 7:
        return (double)(place * 2 % count); /* two that are to be shuffled */
    default:
        return (double)(draw() >> 11);
    }
}

/* Not more than count * log2(count), upwards: what a merge sort needs at most; of sorted ones each pair of
 * neighbours once. */
static void compares_seldom(void **state)
{
    (void)state;
    static const size_t counts[] = { 1, 2, 3, 5, 100, 1024, 1025, 3000, 100000 };
    static const size_t sizes[] = { sizeof(double), 9000 };
    for (size_t s = 0; s < 2; s++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts && counts[c] * sizes[s] < 10000000; c++)
            for (int shape = 0; shape < 10; shape++) {
                const size_t count = counts[c], size = sizes[s];
                unsigned char *at = elements_new(count * size);
                for (size_t i = 0; i < count; i++) {
                    const double number = shaped(shape, i, count);
                    memcpy(at + i * size, &number, sizeof number);
                }
                wanted_alignment = sizeof(double);
                comparisons = unaligned = 0;
                sl_sort(at, count, size, by_number);
                const double most = (double)count * ceil(log2((double)count)) * (s ? 2 : 1);
                const size_t bound = shape < 2 ? count - 1 : (size_t)most;
                if (comparisons > bound)
                    fail_msg("%zu elements of %zu bytes, shape %d: %zu comparisons, wanted at most %zu",
                             count, size, shape, comparisons, bound);
                for (size_t i = 1; i < count; i++)
                    assert_true(by_number(at + (i - 1) * size, at + i * size) <= 0);
                elements_free(at, count * size);
            }
}

static int always_after(const void *a, const void *b)
{
    count_call(a, b);
    return 1;
}

static int always_before(const void *a, const void *b)
{
    count_call(a, b);
    return -1;
}

/* Says something else when asked again. */
static int by_turns(const void *a, const void *b)
{
    count_call(a, b);
    return (int)(comparisons % 2);
}

/* Says anything, but of the same two always the same. */
static int by_whim(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    count_call(a, b);
    return (int)((x * 0x9E3779B97F4A7C15u ^ y * 0xC2B2AE3D27D4EB4Fu) >> 40) % 3 - 1;
}

/* Whatever a comparison says, it ends, and no element is lost or doubled. */
static void survives_contradictions(void **state)
{
    (void)state;
    static int (*const compare[])(const void *, const void *) = { always_after, always_before, by_turns,
                                                                  by_whim, by_number };
    static const size_t sizes[] = { 8, 24, 3000, 9000 };
    for (size_t s = 0; s < 4; s++)
        for (size_t count = 0; count < 3000 / (s < 2 ? 1 : 30); count += 1 + count / 2)
            for (size_t c = 0; c < 5; c++) {
                const size_t size = sizes[s];
                unsigned char *at = elements_new(count * size), *seen = calloc(count + 1, 1);
                assert_non_null(seen);
                for (size_t i = 0; i < count; i++) { /* the last comparison sees every third number as NaN */
                    const uint64_t own = (c == 4 && i % 3 ? UINT64_C(0x7FF8) << 48 : 0) | i;
                    memset(at + i * size, (int)i, size);
                    memcpy(at + i * size, &own, sizeof own);
                }
                wanted_alignment = 8;
                comparisons = 0;
                sl_sort(at, count, size, compare[c]);
                for (size_t i = 0; i < count; i++) {
                    uint64_t own;
                    memcpy(&own, at + i * size, sizeof own);
                    own &= 0xFFFF;
                    if (own >= count || seen[own]++)
                        fail_msg("%zu elements of %zu bytes, comparison %zu: at %zu is not one of them",
                                 count, size, c, i);
                }
                elements_free(at, count * size);
                free(seen);
            }
}

static void nothing_to_sort(void **state)
{
    (void)state;
    comparisons = 0;
    sl_sort(NULL, 0, 8, by_number);
    double one = 1;
    sl_sort(&one, 1, sizeof one, by_number);
    assert_true(one == 1 && comparisons == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_insertion_sort), cmocka_unit_test(equals_insertion_sort_with_large_elements),
        cmocka_unit_test(compares_seldom),       cmocka_unit_test(survives_contradictions),
        cmocka_unit_test(nothing_to_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
