/* number_test.c - reading and printing numbers: hard cases, libc beside it, other locales. */
#define _XOPEN_SOURCE 700 /* mkdtemp, setenv */
#include "core/number.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t number_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double number_made(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float number_made_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t number_next(uint64_t *state) /* xorshift64*: the tests draw the same numbers each time */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* Significant digits of a printed number. */
static int number_digits(const char *text)
{
    int count = 0, zeros = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (count || *text != '0')) {
            count++;
            zeros = *text == '0' ? zeros + 1 : 0;
        }
    return count - zeros;
}

static void number_reads(const char *text, double wanted)
{
    double value = 42;
    if (!sl_number_parse(text, &value))
        fail_msg("'%s' is not read", text);
    if (number_bits(value) != number_bits(wanted))
        fail_msg("'%s' gives %a, wants %a", text, value, wanted);
}

static void number_hard_cases_are_read(void **state)
{
    (void)state;
    number_reads("0.1", 0x1.999999999999ap-4);
    number_reads("1e23", 0x1.52d02c7e14af6p+76);
    number_reads("5e-324", 0x1p-1074);
    number_reads("2.4703282292062328e-324", 0x1p-1074); /* a hair over half of the smallest */
    number_reads("2.4703282292062327e-324", 0);         /* a hair under */
    number_reads("2.2250738585072011e-308", 0x0.fffffffffffffp-1022);
    number_reads("2.2250738585072014e-308", 0x1p-1022);
    number_reads("1.7976931348623157e308", 0x1.fffffffffffffp+1023);
    number_reads("1.7976931348623159e308", number_made(UINT64_C(0x7ff0000000000000)));
    number_reads("-1e999999999999999999999", number_made(UINT64_C(0xfff0000000000000)));
    number_reads("1e-999999999999999999999", 0);
    number_reads("-0", -0.0);
    number_reads("0e999", 0);
    number_reads("9007199254740993", 0x1p53); /* halfway, to even */
    number_reads("9007199254740993.0000000000000000000000000000000000000001", 0x1.0000000000001p53);
    number_reads("9007199254740995", 0x1.0000000000002p53);
    number_reads("1.00000000000000011102230246251565404236316680908203125", 1); /* exactly halfway */
    number_reads("1.00000000000000011102230246251565404236316680908203124", 1);
    number_reads("1.00000000000000011102230246251565404236316680908203126", 0x1.0000000000001p0);
    number_reads(".28", 0.28);
    number_reads("5.", 5);
    number_reads("+1.5E+2", 150);
    number_reads("00000000000000000000000000000000012", 12);
    number_reads("0.00000000000000000000000000000000012", 1.2e-34);
    number_reads("123456789012345678901234567890", 123456789012345678901234567890.0);
    number_reads("inf", number_made(UINT64_C(0x7ff0000000000000)));
    number_reads("-inf", number_made(UINT64_C(0xfff0000000000000)));
    double nan = 0;
    assert_true(sl_number_parse("nan", &nan) && nan != nan);
}

/* Half the smallest number has 1,075 places; its neighbours differ from it far behind the 800th. */
static void number_very_long_texts_are_read(void **state)
{
    (void)state;
    static char text[100100];
    snprintf(text, sizeof text, "%.1075f", 0x1p-1074);
    text[1] = '.'; /* whatever the locale wrote */
    number_reads(text, 0x1p-1074);
    memset(text, '0', 100000); /* 0.000...01e99999: the exponent makes up for the zeros */
    text[1] = '.';
    memcpy(text + 100000, "1e99999", 8);
    number_reads(text, 1);
    strcpy(text, "9007199254740993."); /* halfway, but for a digit behind 2,000 zeros */
    memset(text + 17, '0', 2000);
    text[2017] = 0;
    number_reads(text, 0x1p53);
    text[2016] = '1';
    number_reads(text, 0x1.0000000000001p53);
}

static void number_rubbish_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "",     ".",   "-",     "+",        "e5",    "1e",   "1e+",
                                         "0x10", "NaN", "INF",   "infinity", "+inf",  "-nan", " 1",
                                         "1 ",   "1,5", "1.2.3", "--1",      "1_000", "1f",   "١",
                                         ".e1",  "\t1", "1e5.",  "nan(1)" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double value = 42;
        if (sl_number_parse(texts[i], &value) || value != 42)
            fail_msg("'%s' is read as %a", texts[i], value);
    }
    assert_false(sl_number_parse(NULL, &(double){ 0 }));
}

static void number_scan_takes_the_longest_beginning(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t used;
        double value;
    } cases[] = { { "1.5,2", 3, 1.5 }, { "1e", 1, 1 },      { "1e+x", 1, 1 },  { "0x10", 1, 0 },
                  { "1.2.3", 3, 1.2 }, { "-.5e1;", 5, -5 }, { "5.e1", 4, 50 }, { "7 8", 1, 7 },
                  { "3-4", 1, 3 },     { "1e5e5", 3, 1e5 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t used = 0;
        double value = 0;
        assert_true(sl_number_scan(cases[i].text, strlen(cases[i].text), &used, &value));
        assert_int_equal(used, cases[i].used);
        assert_true(value == cases[i].value);
    }
    size_t used;
    double value;
    assert_true(sl_number_scan("12345", 2, &used, &value) && used == 2 && value == 12); /* not past its end */
    assert_true(sl_number_scan("1e5", 2, &used, &value) && used == 1 && value == 1);
    assert_false(sl_number_scan("5", 0, &used, &value));
}

static void number_integers(void **state)
{
    (void)state;
    uint64_t value = 42;
    assert_true(sl_integer_parse("0", &value) && value == 0);
    assert_true(sl_integer_parse("18446744073709551615", &value) && value == UINT64_MAX);
    assert_true(sl_integer_parse("007", &value) && value == 7);
    static const char *const wrong[] = {
        "", "-1", "+1", "18446744073709551616", "99999999999999999999", "1.0", "1e3", " 1", "0x1"
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(sl_integer_parse(wrong[i], &value));
    assert_false(sl_integer_parse(NULL, &value));
    assert_int_equal(value, 7);
}

static void number_prints(void **state)
{
    (void)state;
    char text[32];
    static const struct {
        double value;
        const char *text;
    } doubles[] = { { 0, "0" },
                    { -0.0, "-0" },
                    { -8, "-8" },
                    { 1.3, "1.3" },
                    { 0.1, "0.1" },
                    { 1e-5, "0.00001" },
                    { 9.5e-6, "9.5e-6" },
                    { 1e-7, "1e-7" },
                    { 123456, "123456" },
                    { 1e15, "1000000000000000" },
                    { 1e16, "1e16" },
                    { 1.5e300, "1.5e300" },
                    { 1e22, "1e22" },
                    { 1e23, "1e23" },
                    { 0x1p-1074, "5e-324" },
                    { 0x0.fffffffffffffp-1022, "2.225073858507201e-308" },
                    { 0x1.fffffffffffffp+1023, "1.7976931348623157e308" },
                    { 9007199254740991, "9007199254740991" },
                    { 0x1p53, "9007199254740992" },
                    { 1.0 / 3, "0.3333333333333333" },
                    { 0.30000000000000004, "0.30000000000000004" },
                    { 0x1p-44, "5.684341886080802e-14" },
                    { 100, "100" },
                    { -12345.678, "-12345.678" } };
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        assert_string_equal(sl_number_text(text, doubles[i].value), doubles[i].text);
    static const struct {
        float value;
        const char *text;
    } floats[] = { { 0.1f, "0.1" },
                   { -0.0f, "-0" },
                   { 1.0f / 3, "0.33333334" },
                   { 16777216, "16777216" },
                   { 1e10f, "10000000000" },
                   { 8.5e-46f, "1e-45" },
                   { 0x1.fffffep127f, "3.4028235e38" },
                   { 0x1p-126f, "1.1754944e-38" },
                   { 0x1p-60f, "8.6736174e-19" },
                   { 1234567.5f, "1234567.5" },
                   { 33554432, "33554432" },
                   { 1e-7f, "1e-7" },
                   { 0.3f, "0.3" },
                   { 0x1p87f, "1.5474251e26" },
                   { 0x1p-96f, "1.2621775e-29" },
                   { 9.5367431640625e-7f, "9.536743e-7" } };
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        assert_string_equal(sl_number_text_float(text, floats[i].value), floats[i].text);
    assert_string_equal(sl_number_text(text, number_made(UINT64_C(0x7ff8000000000000))), "nan");
    assert_string_equal(sl_number_text(text, number_made(UINT64_C(0xfff8000000000000))), "nan");
    assert_string_equal(sl_number_text(text, number_made(UINT64_C(0xfff0000000000000))), "-inf");
    assert_string_equal(sl_number_text_float(text, number_made_float(0x7f800000)), "inf");
    assert_string_equal(sl_number_text_float(text, number_made_float(0x7fc00000)), "nan");
}

/* Beside libc in the C locale: the same digits read alike, and what we print has as few as read back. */
static void number_double_round_trip(double value)
{
    char text[32], other[64];
    double back = 0;
    assert_true(sl_number_parse(sl_number_text(text, value), &back));
    if (number_bits(back) != number_bits(value) || strtod(text, NULL) != value)
        fail_msg("%a is printed as %s, which reads as %a", value, text, back);
    int fewest = 1;
    while (snprintf(other, sizeof other, "%.*e", fewest - 1, value), strtod(other, NULL) != value)
        fewest++;
    if (value != 0 && number_digits(text) > fewest)
        fail_msg("%a is printed as %s, and %s is enough", value, text, other);
    for (int digits = 0; digits < 25; digits += 3) {
        snprintf(other, sizeof other, "%.*e", digits, value);
        number_reads(other, strtod(other, NULL));
    }
}

static void number_float_round_trip(float value)
{
    char text[32], other[64];
    if (strtof(sl_number_text_float(text, value), NULL) != value)
        fail_msg("%a is printed as %s", (double)value, text);
    int fewest = 1;
    while (snprintf(other, sizeof other, "%.*e", fewest - 1, (double)value), strtof(other, NULL) != value)
        fewest++;
    if (value != 0 && number_digits(text) > fewest)
        fail_msg("%a is printed as %s, and %s is enough", (double)value, text, other);
}

static void number_random_round_trips(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = number_next(&seed);
        const double any = number_made(bits), lowest = (double)(bits >> 40);
        if (any - any == 0)
            number_double_round_trip(any);
        number_double_round_trip((i & 1 ? -lowest : lowest) / 1000);
        number_double_round_trip(number_made(bits & UINT64_C(0x7fe0000000000000))); /* powers of two */
        number_double_round_trip(number_made(bits & UINT64_C(0x000fffffffffffff))); /* denormals */
        const float some = number_made_float((uint32_t)bits);
        if (some - some == 0)
            number_float_round_trip(some);
        number_float_round_trip((float)(bits >> 40) * 0x1p-24f);
        number_float_round_trip(number_made_float((uint32_t)bits & 0x7f000000));
        number_float_round_trip(number_made_float((uint32_t)bits & 0x007fffff));
    }
}

/* The middle between two neighbours goes to the even one, and a hair beside it to the near one. */
static void number_halfway_cases(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < 2000; i++) {
        const uint64_t bits = (number_next(&seed) & UINT64_C(0x000fffffffffffff)) | UINT64_C(1076) << 52;
        const double low = number_made(bits), high = number_made(bits + 1); /* 2^53 and up: whole, 2 apart */
        const unsigned long long middle = (unsigned long long)low + 1;
        char text[64];
        snprintf(text, sizeof text, "%llu", middle);
        number_reads(text, bits & 1 ? high : low);
        snprintf(text, sizeof text, "%llu.000000000000000000000001", middle);
        number_reads(text, high);
        snprintf(text, sizeof text, "%llu.999999999999999999999999", middle - 1);
        number_reads(text, low);
    }
}

/* Halfway between two of the smallest numbers, k 2^-1074 and (k + 1) 2^-1074: (2k + 1) 5^1075 10^-1075, up to
 * 767 digits that all count.                                                                          */
static void number_long_halves(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 200; i++) {
        const uint64_t k = number_next(&seed) >> 12 | (i == 0 ? UINT64_C(0xfffffffffffff) : 0);
        unsigned char digits[800] = { 0 }; /* the last one first */
        size_t count = 0;
        for (uint64_t rest = 2 * k + 1; rest; rest /= 10)
            digits[count++] = (unsigned char)(rest % 10);
        for (int times = 0; times < 1075; times++) {
            unsigned carry = 0;
            for (size_t d = 0; d < count || carry; d++) {
                carry += digits[d] * 5u;
                digits[d] = (unsigned char)(carry % 10);
                carry /= 10;
                count = d < count ? count : d + 1;
            }
        }
        char text[900];
        for (size_t d = 0; d < count; d++)
            text[d] = (char)('0' + digits[count - 1 - d]);
        strcpy(text + count, "e-1075");
        number_reads(text, number_made(k + (k & 1))); /* to the even one */
        text[count - 1]++;                            /* from 5 to 6: over the half */
        number_reads(text, number_made(k + 1));
        text[count - 1] = '4';
        number_reads(text, number_made(k));
    }
}

typedef struct {
    char folder[64]; /* with a locale made here; "": none */
} number_place;

/* Into a locale that writes 1,5: the installed one, else one made here. */
static bool number_enter_german(number_place *place)
{
    if (setlocale(LC_ALL, "de_DE.UTF-8"))
        return true;
    char command[256];
    strcpy(place->folder, "/tmp/slope-locale-XXXXXX");
    if (!mkdtemp(place->folder)) {
        place->folder[0] = 0;
        return false;
    }
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1",
             place->folder);
    return !system(command) && !setenv("LOCPATH", place->folder, 1) && setlocale(LC_ALL, "de_DE.UTF-8");
}

static void number_locale_changes_nothing(void **state)
{
    if (!number_enter_german(*state)) {
        print_message("no locale de_DE.UTF-8 here, and localedef cannot make it\n");
        skip();
    }
    char text[32];
    snprintf(text, sizeof text, "%.1f", 1.5);
    assert_string_equal(text, "1,5"); /* the locale is in force */
    double value;
    assert_false(sl_number_parse("1,5", &value));
    number_hard_cases_are_read(state);
    number_very_long_texts_are_read(state);
    number_prints(state);
    number_halfway_cases(state);
}

static int number_leave_german(void **state)
{
    const number_place *place = *state;
    char command[128];
    setlocale(LC_ALL, "C");
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    return place->folder[0] ? system(command) : 0;
}

int main(void)
{
    number_place place = { .folder = "" };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_hard_cases_are_read),
        cmocka_unit_test(number_very_long_texts_are_read),
        cmocka_unit_test(number_rubbish_is_refused),
        cmocka_unit_test(number_scan_takes_the_longest_beginning),
        cmocka_unit_test(number_integers),
        cmocka_unit_test(number_prints),
        cmocka_unit_test(number_random_round_trips),
        cmocka_unit_test(number_halfway_cases),
        cmocka_unit_test(number_long_halves),
        cmocka_unit_test_prestate_setup_teardown(number_locale_changes_nothing, NULL, number_leave_german,
                                                 &place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
