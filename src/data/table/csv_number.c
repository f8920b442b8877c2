/* csv_number.c - a field as a number. Up to 16 characters without an exponent are put into two words, last
 * character last, the mark is pushed out, and each word is one number of eight digits: no loop, no branch on
 * the text. What then is exact in double arithmetic is done there; all else is brought into the form that
 * core/number.h reads. */
#include "core/number.h"
#include "data/table/csv.h"
#include "kernel/scan.h"

#include <stdio.h>
#include <string.h>

enum {
    NUMBER_KEPT = 800
}; /* digits; no more can decide how a double is rounded, but by not being all zero */

static const double csv_number_powers[] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

static uint32_t csv_number_four(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* text[0..length), 1 to 8 characters, as the last bytes of a word, zeros ('0') before them. */
static uint64_t csv_number_word(const char *text, size_t length)
{
    const unsigned before = 8 * (unsigned)(8 - length);
    uint64_t word;
    if (length >= 4) {
        word = (uint64_t)csv_number_four(text) << before | (uint64_t)csv_number_four(text + length - 4) << 32;
    } else {
        const unsigned char *bytes = (const unsigned char *)text;
        const size_t middle = length / 2;
        word = (bytes[0] | (uint64_t)bytes[middle] << 8 * middle |
                (uint64_t)bytes[length - 1] << 8 * (length - 1))
               << before;
    }
    return word | (UINT64_C(0x3030303030303030) & ((UINT64_C(1) << before) - 1));
}

static bool csv_number_digits(uint64_t word)
{
    const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0), six = UINT64_C(0x0606060606060606);
    return ((word & high) | (((word + six) & high) >> 4)) == UINT64_C(0x3333333333333333);
}

/* Eight digits, the first in the lowest byte: four pairs, then two of these, then all. */
static uint64_t csv_number_eight(uint64_t word)
{
    word -= UINT64_C(0x3030303030303030);
    word = (word * 10 + (word >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    word = (word * 100 + (word >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (word * 10000 + (word >> 32)) & UINT64_C(0xffffffff);
}

/* The word without its character number `place`, those before it moved up; `first` comes in. */
static uint64_t csv_number_without(uint64_t word, unsigned place, uint64_t first)
{
    const uint64_t above = ~UINT64_C(0) << 8 * place << 8;
    return (word & above) | ((word << 8) & ~above) | first;
}

/* Unsigned digits with at most one mark, 1 to 16 characters. False: not that. */
static bool csv_number_short(const char *text, size_t length, char decimal, double *value)
{
    const uint64_t marks = UINT64_C(0x0101010101010101) * (unsigned char)decimal;
    const size_t left = length > 8 ? length - 8 : 0;
    uint64_t high = csv_number_word(text + left, length - left);
    uint64_t low = left ? csv_number_word(text, left) : UINT64_C(0x3030303030303030);
    const uint64_t in_high = scan_zeros(high ^ marks), in_low = left ? scan_zeros(low ^ marks) : 0;
    unsigned fraction = 0;
    if (in_high) {
        const unsigned place = sl_scan_first(in_high) / 8;
        fraction = 7 - place;
        high = csv_number_without(high, place, low >> 56);
        low = low << 8 | '0';
    } else if (in_low) {
        const unsigned place = sl_scan_first(in_low) / 8;
        fraction = 15 - place;
        low = csv_number_without(low, place, '0');
    }
    if (!csv_number_digits(high) || !csv_number_digits(low) || (length == 1 && in_high))
        return false; /* a second mark is no digit */
    const uint64_t all = csv_number_eight(low) * 100000000 + csv_number_eight(high);
    /* sixteen digits, rounded once, or, with a mark, at most fifteen, which are exact */
    *value = fraction ? (double)all / csv_number_powers[fraction] : (double)all;
    return true;
}

/* Any number: its significant digits and a power of ten, without a mark. */
static bool csv_number_long(const char *text, size_t length, char decimal, double *value)
{
    char plain[NUMBER_KEPT + 32];
    size_t at = 0, kept = 0, digits = 0;
    int64_t power = 0, exponent = 0;
    bool mark = false, more = false;
    for (; at < length; at++) {
        const char c = text[at];
        if (c == decimal && !mark) {
            mark = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digits++;
        power -= mark;
        if (kept == 0 && c == '0')
            continue;
        if (kept < NUMBER_KEPT) {
            plain[kept++] = c;
        } else {
            more = more || c != '0';
            power++;
        }
    }
    if (!digits)
        return false;
    if (at < length) {
        if (text[at] != 'e' && text[at] != 'E')
            return false;
        at++;
        const bool minus = at < length && text[at] == '-';
        at += at < length && (text[at] == '-' || text[at] == '+');
        if (at == length)
            return false;
        for (; at < length; at++) {
            if (text[at] < '0' || text[at] > '9')
                return false;
            if (exponent < 1000000000) /* no field is so long that its digits could make up for it */
                exponent = exponent * 10 + (text[at] - '0');
        }
        exponent = minus ? -exponent : exponent;
    }
    power += exponent;
    if (kept == 0)
        plain[kept++] = '0';
    if (more) {
        plain[kept++] = '1';
        power--;
    }
    size_t used;
    const int end = snprintf(plain + kept, sizeof plain - kept, "e%lld", (long long)power);
    return sl_number_scan(plain, kept + (size_t)end, &used, value);
}

static bool csv_number_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool sl_csv_number(const sl_field *field, char decimal, double *value)
{
    const char *text = field->text;
    size_t length = field->length;
    while (length && csv_number_blank(text[length - 1]))
        length--;
    while (length && csv_number_blank(*text)) {
        text++;
        length--;
    }
    const bool minus = length && *text == '-';
    const bool sign = minus || (length && *text == '+');
    text += sign;
    length -= sign;
    double magnitude;
    if (length == 0)
        return false;
    if ((length > 16 || !csv_number_short(text, length, decimal, &magnitude)) &&
        !csv_number_long(text, length, decimal, &magnitude))
        return false;
    *value = minus ? -magnitude : magnitude;
    return true;
}
