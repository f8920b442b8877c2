/* number.c - fuzz: numbers are read as libc reads them in the C locale, and printed so that they read back.
 */
#include "core/number.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t fuzz_number_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* libc also reads spaces, words and hexadecimal, which we refuse or stop at. */
static bool fuzz_number_ours(const char *text)
{
    const char *digits = text + (*text == '+' || *text == '-');
    return strchr("0123456789.", *digits) && !(digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'));
}

static void fuzz_number_read(const char *text)
{
    size_t used = 0;
    double value = 0;
    const bool read = sl_number_scan(text, strlen(text), &used, &value);
    if (!fuzz_number_ours(text)) {
        if (read && used != (size_t)1 + (*text == '+' || *text == '-')) /* the 0 of 0x */
            abort();
        return;
    }
    char *end;
    const double wanted = strtod(text, &end);
    if (read != (end != text))
        abort();
    if (read && (used != (size_t)(end - text) || fuzz_number_bits(value) != fuzz_number_bits(wanted)))
        abort();
    double parsed;
    if (sl_number_parse(text, &parsed) != (read && !*end))
        abort();
}

static void fuzz_number_print(const uint8_t *data, size_t size)
{
    char text[32];
    double value = 0, back;
    memcpy(&value, data, size < sizeof value ? size : sizeof value);
    if (!sl_number_parse(sl_number_text(text, value), &back) ||
        (value == value && fuzz_number_bits(back) != fuzz_number_bits(value)))
        abort();
    if (strlen(text) >= sizeof text || (value == value && strtod(text, NULL) != value))
        abort();
    float small = 0;
    memcpy(&small, data, size < sizeof small ? size : sizeof small);
    if (small == small && strtof(sl_number_text_float(text, small), NULL) != small)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    fuzz_number_read(text);
    if (size)
        fuzz_number_print(data, size);
    free(text);
    return 0;
}
