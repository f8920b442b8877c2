/* csv_number_test.c - fields as numbers, beside strtod of the C library. */
#include "data/table/csv.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t number_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

/* In a block of exactly its size, so that a sanitizer sees a read beside it. */
static bool number_read(const char *text, char decimal, double *value)
{
    const size_t length = strlen(text);
    char *exact = malloc(length + !length);
    assert_non_null(exact);
    memcpy(exact, text, length);
    const bool read = sl_csv_number(&(sl_field){ .text = exact, .length = length }, decimal, value);
    free(exact);
    return read;
}

static void number_same_bits(double a, double b, const char *text)
{
    if (memcmp(&a, &b, sizeof a))
        fail_msg("'%s' is %.17g, not %.17g", text, b, a);
}

/* Digits, perhaps a mark, perhaps an exponent: all are numbers to strtod too, in the C locale. */
static void number_make(char *text, uint64_t *state)
{
    static const int most[] = { 3, 8, 9, 16, 17, 20, 40, 1000 };
    const int digits = 1 + (int)(number_random(state) % (uint64_t)most[number_random(state) % 8]);
    const int mark = number_random(state) % 4 ? (int)(number_random(state) % (uint64_t)(digits + 1)) : -1;
    const char *signs[] = { "", "", "-", "+" };
    int length = sprintf(text, "%s", signs[number_random(state) % 4]);
    const bool zeros = number_random(state) % 8 == 0;
    for (int i = 0; i <= digits; i++) {
        if (i == mark)
            text[length++] = '.';
        if (i < digits)
            text[length++] = (char)(zeros && i < digits - 1 ? '0' : '0' + number_random(state) % 10);
    }
    text[length] = 0;
    if (number_random(state) % 4 == 0)
        sprintf(text + length, "%c%s%d", "eE"[number_random(state) % 2], number_random(state) % 2 ? "-" : "",
                (int)(number_random(state) % (number_random(state) % 2 ? 30 : 400)));
}

static void number_beside_strtod(int count)
{
    uint64_t state = 5;
    for (int trial = 0; trial < count; trial++) {
        char text[1200], comma[1200], padded[1300];
        double value = 7, wanted;
        number_make(text, &state);
        const char *locale = setlocale(LC_NUMERIC, NULL);
        char kept[64];
        snprintf(kept, sizeof kept, "%s", locale);
        setlocale(LC_NUMERIC, "C");
        wanted = strtod(text, NULL);
        setlocale(LC_NUMERIC, kept);
        assert_true(number_read(text, '.', &value));
        number_same_bits(wanted, value, text);
        strcpy(comma, text);
        if (strchr(comma, '.')) {
            *strchr(comma, '.') = ',';
            assert_false(number_read(text, ',', &value));
            assert_false(number_read(comma, '.', &value));
        }
        value = 7;
        assert_true(number_read(comma, ',', &value));
        number_same_bits(wanted, value, comma);
        snprintf(padded, sizeof padded, " \t%s ", text);
        assert_true(number_read(padded, '.', &value));
        number_same_bits(wanted, value, padded);
        /* one character that belongs to no number makes the whole field none */
        const size_t spoiled = number_random(&state) % strlen(text);
        text[spoiled] = "x. :/'%_"[number_random(&state) % 8];
        char *end;
        const double other = strtod(text, &end);
        const bool is = !*end && end != text && text[0] != ' ' && !strpbrk(text, "xX");
        value = 7;
        if (text[0] != ' ' && text[strlen(text) - 1] != ' ') {
            if (number_read(text, '.', &value) != is)
                fail_msg("'%s' is %sa number", text, is ? "" : "not ");
            if (is)
                number_same_bits(other, value, text);
        }
    }
}

static void number_is_that_of_strtod(void **state)
{
    (void)state;
    number_beside_strtod(200000);
}

static void number_in_a_locale_with_commas(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE")) {
        print_message("skipped: the locale de_DE is not installed\n");
        skip();
    }
    double value;
    assert_true(number_read("1.25e-30", '.', &value) && value == 1.25e-30);
    assert_true(number_read("0.1000000000000000055511151231257827", '.', &value) && value == 0.1);
    setlocale(LC_ALL, "C");
}

static void number_words_are_none(void **state)
{
    (void)state;
    static const char *const none[] = { "",
                                        " ",
                                        "-",
                                        "+",
                                        ".",
                                        "-.",
                                        "e5",
                                        "1e",
                                        "1e+",
                                        "1 2",
                                        "0x10",
                                        "inf",
                                        "nan",
                                        "NaN",
                                        "1.2.3",
                                        "1,234",
                                        "1,5",
                                        "--1",
                                        "+-1",
                                        "1-",
                                        "1.e",
                                        "1e5.0",
                                        "1e5e5",
                                        "1_000",
                                        "1'000",
                                        "12:30",
                                        "1.234,5",
                                        "1234567890123456x",
                                        "x234567890123456",
                                        "\xc2\xa0\x31",
                                        "1/2" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        double value = 7;
        if (number_read(none[i], '.', &value))
            fail_msg("'%s' was taken for %.17g", none[i], value);
    }
    double value;
    assert_false(number_read("1.234,5", ',', &value)); /* marks between thousands */
    assert_false(number_read("1.234", ',', &value));
    assert_true(number_read("1.", '.', &value) && value == 1);
    assert_true(number_read(",5", ',', &value) && value == 0.5);
    assert_true(number_read("-0", '.', &value) && value == 0 && 1 / value < 0);
    assert_true(number_read("9007199254740993", '.', &value) &&
                value == 9007199254740992);   /* 2^53 + 1: to even */
    char tie[1000] = { "9007199254740993." }; /* what a thousand digits decide */
    memset(tie + 17, '0', 900);
    assert_true(number_read(tie, '.', &value) && value == 9007199254740992);
    strcpy(tie + 917, "1");
    assert_true(number_read(tie, '.', &value) && value == 9007199254740994);
    assert_true(number_read("1e400", '.', &value) && value == HUGE_VAL);
    assert_true(number_read("-1e-400", '.', &value) && value == 0);
    assert_true(number_read("1e99999999999999999999", '.', &value) && value == HUGE_VAL);
    assert_true(number_read("1e18446744073709551617", '.', &value) && value == HUGE_VAL); /* 2^64 + 1 */
    assert_true(number_read("0e99999999999999999999", '.', &value) && value == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_is_that_of_strtod),
        cmocka_unit_test(number_in_a_locale_with_commas),
        cmocka_unit_test(number_words_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
