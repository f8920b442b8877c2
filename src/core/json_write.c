/* json_write.c - the writing half of json.h. */
#include "core/json.h"

#include <string.h>

size_t sl_utf8_length(const char *bytes, size_t length)
{
    const unsigned char *b = (const unsigned char *)bytes;
    if (!length)
        return 0;
    if (b[0] < 0x80)
        return 1;
    const size_t wanted = b[0] >= 0xc2 && b[0] <= 0xdf ? 2 : (b[0] & 0xf0) == 0xe0 ? 3 : 4;
    if (b[0] < 0xc2 || b[0] > 0xf4 || length < wanted)
        return 0;
    for (size_t i = 1; i < wanted; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] >= 0xa0) || (b[0] == 0xf0 && b[1] < 0x90) ||
        (b[0] == 0xf4 && b[1] >= 0x90))
        return 0; /* too long a form, a surrogate, beyond U+10FFFF */
    return wanted;
}

void sl_json_put_bytes(sl_text *text, const char *bytes, size_t length)
{
    static const char names[] = "\"\\bfnrt", values[] = "\"\\\b\f\n\r\t";
    sl_text_put(text, "\"");
    size_t at = 0, plain = 0; /* bytes[plain..at) go out as they are */
    while (at < length) {
        const unsigned char c = (unsigned char)bytes[at];
        const size_t step = sl_utf8_length(bytes + at, length - at);
        /* U+0080 to U+009F are control characters too, which some terminals obey */
        const bool control = step == 2 && c == 0xc2 && (unsigned char)bytes[at + 1] < 0xa0;
        if (step && !control && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            at += step;
            continue;
        }
        sl_text_bytes(text, bytes + plain, at - plain);
        const char *value = c ? strchr(values, c) : NULL;
        if (!step)
            sl_text_put(text, "\xef\xbf\xbd"); /* U+FFFD: this was no text */
        else if (value)
            sl_text_bytes(text, (const char[]){ '\\', names[value - values] }, 2);
        else
            sl_text_add(text, "\\u%04x", control ? (unsigned char)bytes[at + 1] : (unsigned)c);
        at += step ? step : 1;
        plain = at;
    }
    sl_text_bytes(text, bytes + plain, at - plain);
    sl_text_put(text, "\"");
}

void sl_json_put_string(sl_text *text, const char *string)
{
    if (string)
        sl_json_put_bytes(text, string, strlen(string));
    else
        sl_text_put(text, "null");
}

static bool json_finite(double value)
{
    return value - value == 0; /* inf - inf and NaN are NaN */
}

void sl_json_put_number(sl_text *text, double value)
{
    if (json_finite(value))
        sl_text_number(text, value);
    else
        sl_text_put(text, "null");
}

void sl_json_put_real(sl_text *text, sl_real value)
{
    if (json_finite((double)value))
        sl_text_real(text, value);
    else
        sl_text_put(text, "null");
}

void sl_json_put_uint64(sl_text *text, uint64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    sl_text_bytes(text, digits + at, sizeof digits - at);
}

void sl_json_put_bool(sl_text *text, bool value)
{
    sl_text_put(text, value ? "true" : "false");
}

void sl_json_key(sl_text *text, bool *first, const char *key)
{
    if (!*first)
        sl_text_put(text, ", ");
    *first = false;
    sl_json_put_string(text, key);
    sl_text_put(text, ": ");
}
