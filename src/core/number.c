/* number.c - see number.h and slope.h. Where double arithmetic is exact, it does the work: a whole number
 * below 2^53 times or over 10^k, k <= 22, is one correctly rounded operation (Clinger, "How to read floating
 * point numbers accurately", 1990). The rest is libc's, in a form that no locale can change: it is given
 * digits and an exponent without a radix character, and only digits are taken from what it prints.       */
#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_EXACT_POWER = 22, /* 10^22 is the last power of ten that is a double */
    NUMBER_DIGITS = 800,     /* a double, or the middle of two, has at most 767 significant digits */
    NUMBER_FAST_DIGITS = 19  /* fit 64 bits */
};

static const double number_powers[NUMBER_EXACT_POWER + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* q * 10^power, correctly rounded, for q <= 2^53 and -22 <= power <= 22. */
static double number_scaled(double q, int power)
{
    return power < 0 ? q / number_powers[-power] : q * number_powers[power];
}

static bool number_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- reading ---------------------------------------------------------------------------------------- */

/* The slow way: all significant digits, as one whole number with an exponent, to strtod. Digits behind
 * NUMBER_DIGITS cannot matter but by not being zero, so one 1 stands for them.                          */
static double number_read_slowly(const char *digits, size_t length, int64_t power)
{
    char text[NUMBER_DIGITS + 32];
    int kept = 0;
    bool more = false;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] == '.' || (kept == 0 && digits[i] == '0'))
            continue;
        if (kept < NUMBER_DIGITS) {
            text[kept++] = digits[i];
        } else {
            more = more || digits[i] != '0';
            power++;
        }
    }
    if (kept == 0)
        return 0;
    if (more) {
        text[kept++] = '1';
        power--;
    }
    if (power + kept > 400)
        return HUGE_VAL;
    if (power + kept < -400)
        return 0;
    snprintf(text + kept, sizeof text - (size_t)kept, "e%d", (int)power);
    return strtod(text, NULL);
}

/* The exponent at text[at..length) if one is there; returns where it ends, else `at`. */
static size_t number_exponent(const char *text, size_t at, size_t length, int64_t *exponent)
{
    size_t i = at;
    if (i == length || (text[i] != 'e' && text[i] != 'E'))
        return at;
    i++;
    const bool minus = i < length && text[i] == '-';
    i += i < length && (text[i] == '-' || text[i] == '+');
    if (i == length || !number_is_digit(text[i]))
        return at;
    int64_t value = 0;
    for (; i < length && number_is_digit(text[i]); i++)
        if (value < INT64_C(1000000000000000)) /* no text is so long that this could be made up for */
            value = value * 10 + (text[i] - '0');
    *exponent = minus ? -value : value;
    return i;
}

bool sl_number_scan(const char *text, size_t length, size_t *used, double *value)
{
    size_t i = 0;
    const bool minus = length && text[0] == '-';
    i += length && (text[0] == '-' || text[0] == '+');
    const size_t first = i;
    uint64_t q = 0;
    size_t digits = 0, significant = 0, fraction = 0;
    bool point = false;
    for (; i < length; i++) {
        const char c = text[i];
        if (number_is_digit(c)) {
            digits++;
            fraction += point;
            significant += significant || c != '0';
            if (significant <= NUMBER_FAST_DIGITS)
                q = q * 10 + (uint64_t)(c - '0');
        } else if (c == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (!digits)
        return false;
    const size_t last = i;
    int64_t power = 0;
    i = number_exponent(text, i, length, &power);
    power -= (int64_t)fraction;
    double magnitude;
    if (significant <= NUMBER_FAST_DIGITS && q <= (UINT64_C(1) << 53) && power >= -NUMBER_EXACT_POWER &&
        power <= NUMBER_EXACT_POWER)
        magnitude = number_scaled((double)q, (int)power);
    else
        magnitude = number_read_slowly(text + first, last - first, power);
    *value = minus ? -magnitude : magnitude;
    *used = i;
    return true;
}

bool sl_number_parse(const char *text, double *value)
{
    if (!text)
        return false;
    const size_t length = strlen(text);
    size_t used;
    double number;
    if (sl_number_scan(text, length, &used, &number)) {
        if (used == length)
            *value = number;
        return used == length;
    }
    static const struct {
        const char *text;
        double value;
    } words[] = { { "nan", NAN }, { "inf", HUGE_VAL }, { "-inf", -HUGE_VAL } }; /* as they are printed */
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(text, words[i].text)) {
            *value = words[i].value;
            return true;
        }
    return false;
}

bool sl_integer_parse(const char *text, uint64_t *value)
{
    if (!text || !*text)
        return false;
    uint64_t number = 0;
    for (; *text; text++) {
        if (!number_is_digit(*text))
            return false;
        const uint64_t digit = (uint64_t)(*text - '0');
        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *value = number;
    return true;
}

/* --- printing --------------------------------------------------------------------------------------- */

typedef struct {
    char digit[24]; /* '1' .. '9' first; the value is d.ddd * 10^exponent */
    int count, exponent;
} number_decimal;

typedef struct {
    double x;
    bool is_float;
    bool lopsided; /* a power of two: the next smaller number is nearer than the next larger one */
} number_target;

/* "1.3", "-0", "1e-7": plain from 1e-5 up to 1e16. */
static char *number_layout(char text[32], bool minus, const number_decimal *d)
{
    int count = d->count;
    while (count > 1 && d->digit[count - 1] == '0')
        count--;
    const bool plain = d->exponent >= -5 && d->exponent < 16;
    const int point = plain ? d->exponent + 1 : 1; /* digits before it */
    size_t at = 0;
    if (minus)
        text[at++] = '-';
    if (point <= 0)
        text[at++] = '0';
    for (int i = 0; i < point; i++)
        text[at++] = i < count ? d->digit[i] : '0';
    if (count > point) {
        text[at++] = '.';
        int i = point;
        for (; i < 0; i++)
            text[at++] = '0';
        for (; i < count; i++)
            text[at++] = d->digit[i];
    }
    text[at] = 0;
    if (!plain)
        snprintf(text + at, 32 - at, "e%d", d->exponent);
    return text;
}

/* The decimal digits of q. */
static number_decimal number_from_integer(uint64_t q, int power)
{
    number_decimal d;
    char reversed[24];
    int count = 0;
    do
        reversed[count++] = (char)('0' + q % 10);
    while (q /= 10);
    for (int i = 0; i < count; i++)
        d.digit[i] = reversed[count - 1 - i];
    d.count = count;
    d.exponent = count - 1 + power;
    return d;
}

/* x > 0 rounded to `count` digits by libc; the radix character, whatever it is, is skipped. */
static number_decimal number_from_libc(double x, int count)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", count - 1, x);
    number_decimal d = { .count = 0 };
    const char *at = text;
    for (; *at && *at != 'e'; at++)
        if (number_is_digit(*at) && d.count < count)
            d.digit[d.count++] = *at;
    d.exponent = *at ? (int)strtol(at + 1, NULL, 10) : 0;
    return d;
}

/* The next larger decimal of as many digits. */
static number_decimal number_above(number_decimal d)
{
    for (int i = d.count - 1; i >= 0; i--) {
        if (d.digit[i] != '9') {
            d.digit[i]++;
            return d;
        }
        d.digit[i] = '0';
    }
    d.digit[0] = '1';
    d.exponent++;
    return d;
}

static bool number_reads_back(const number_decimal *d, const number_target *target)
{
    char text[48];
    memcpy(text, d->digit, (size_t)d->count);
    snprintf(text + d->count, sizeof text - (size_t)d->count, "e%d", d->exponent - d->count + 1);
    return target->is_float ? strtof(text, NULL) == (float)target->x : strtod(text, NULL) == target->x;
}

/* Count by count through libc: always right, and slow. Beside a power of two the nearest decimal may miss the
 * shorter lower half of the interval, and the next one above it still hit the upper half.              */
static number_decimal number_shortest(const number_target *target, int fewest, int most)
{
    number_decimal d = { .count = 0 };
    for (int count = fewest; count <= most; count++) {
        d = number_from_libc(target->x, count);
        if (count == most || number_reads_back(&d, target))
            break;
        const number_decimal above = number_above(d);
        if (target->lopsided && number_reads_back(&above, target))
            return above;
    }
    return d;
}

/* floor(log10(2^e)): of x = m 2^e with 1 <= m < 2 the decimal exponent, or one less. */
static int number_decimal_exponent(int e)
{
    return (int)(e * 0.30103 + 400) - 400;
}

/* 15 digits: if as few are enough, the ones nearest to x are the only such decimal, and the rounding of the
 * product cannot hide it.                                                                              */
static bool number_fifteen(double x, int e, number_decimal *d)
{
    int power = 14 - number_decimal_exponent(e);
    if (power <= -NUMBER_EXACT_POWER || power > NUMBER_EXACT_POWER)
        return false;
    double scaled = number_scaled(x, power);
    if (scaled >= 999999999999999.5)
        scaled = number_scaled(x, --power);
    const uint64_t q = (uint64_t)(scaled + 0.5);
    *d = number_from_integer(q, -power);
    return number_scaled((double)q, -power) == x;
}

/* A float in double arithmetic: 5 digits and more until they lie inside the interval that is read as x, whose
 * borders are doubles. False where rounding leaves a doubt.                                            */
static bool number_float_digits(const number_target *target, int e, number_decimal *d)
{
    const double x = target->x;
    const uint64_t bits = (uint64_t)(1023 + e - 24) << 52;
    double half; /* the distance to the next larger float, halved */
    memcpy(&half, &bits, sizeof half);
    const double low = x - (target->lopsided ? half / 2 : half), high = x + half;
    const int first = 4 - number_decimal_exponent(e);
    if (first < -NUMBER_EXACT_POWER || first + 5 > NUMBER_EXACT_POWER)
        return false;
    for (int power = first; power < first + 6; power++) {
        const double scaled = number_scaled(x, power);
        uint64_t q = (uint64_t)scaled;
        const double rest = scaled - (double)q;
        if (rest > 0.49999 && rest < 0.50001)
            return false;
        q += rest > 0.5;
        for (uint64_t end = q + target->lopsided; q <= end; q++) {
            const double value = number_scaled((double)q, -power);
            if (value == low || value == high)
                return false;
            if (value > low && value < high) {
                *d = number_from_integer(q, -power);
                return true;
            }
        }
    }
    return false;
}

/* NaN, infinities and whole numbers below `whole`; else NULL. */
static char *number_simple(char text[32], double value, bool minus, double whole)
{
    const double x = minus ? -value : value;
    if (value != value)
        return strcpy(text, "nan");
    if (x == HUGE_VAL)
        return strcpy(text, minus ? "-inf" : "inf");
    if (x >= whole || x != (double)(uint64_t)x)
        return NULL;
    const number_decimal d = number_from_integer((uint64_t)x, 0);
    return number_layout(text, minus, &d);
}

char *sl_number_text(char text[32], double value)
{
    uint64_t bits;
    if (!text)
        return NULL;
    memcpy(&bits, &value, sizeof bits);
    const bool minus = bits >> 63;
    if (number_simple(text, value, minus, 0x1p53))
        return text;
    const int stored = (int)(bits >> 52 & 0x7ff); /* 0: denormal, then 15 digits may be too many */
    const number_target target = { minus ? -value : value, false, (bits & 0xfffffffffffff) == 0 };
    number_decimal d;
    if (stored == 0 || !number_fifteen(target.x, stored - 1023, &d))
        d = number_shortest(&target, stored == 0 ? 1 : 15, 17);
    return number_layout(text, minus, &d);
}

char *sl_number_text_float(char text[32], float value)
{
    uint32_t bits;
    if (!text)
        return NULL;
    memcpy(&bits, &value, sizeof bits);
    const bool minus = bits >> 31;
    if (number_simple(text, (double)value, minus, 0x1p24))
        return text;
    const int stored = (int)(bits >> 23 & 0xff);
    const number_target target = { minus ? -(double)value : (double)value, true, (bits & 0x7fffff) == 0 };
    number_decimal d;
    if (stored == 0 || !number_float_digits(&target, stored - 127, &d))
        d = number_shortest(&target, stored == 0 ? 1 : 6, 9);
    return number_layout(text, minus, &d);
}

char *sl_number_rounded(char text[32], double value, int digits)
{
    const double x = value < 0 ? -value : value;
    if (value == 0)
        return strcpy(text, "0");
    if (number_simple(text, value, value < 0, 0))
        return text;
    const number_decimal d = number_from_libc(x, digits);
    return number_layout(text, value < 0, &d);
}
