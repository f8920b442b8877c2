/* text.c - see text.h */
#include "core/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sl_text_init(sl_text *text, sl_ctx *ctx)
{
    *text = (sl_text){ .ctx = ctx };
}

static bool text_room(sl_text *text, size_t more)
{
    if (text->failed)
        return false;
    if (more >= SIZE_MAX / 4 - text->length) {
        text->failed = true;
        sl_fail(text->ctx, SL_ENOMEM, "out of memory: a text of %zu bytes", text->length);
        return false;
    }
    const size_t wanted = text->length + more + 1;
    if (wanted <= text->capacity)
        return true;
    const size_t capacity = wanted < 64 ? 64 : wanted * 2;
    char *bytes = sl_resize(text->ctx, text->bytes, capacity);
    text->failed = !bytes;
    if (!bytes)
        return false;
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void sl_text_bytes(sl_text *text, const void *bytes, size_t count)
{
    if (!count || !text_room(text, count))
        return;
    memcpy(text->bytes + text->length, bytes, count);
    text->length += count;
    text->bytes[text->length] = 0;
}

void sl_text_put(sl_text *text, const char *string)
{
    sl_text_bytes(text, string, strlen(string));
}

void sl_text_add(sl_text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    if (length > 0 && text_room(text, (size_t)length)) {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void sl_text_number(sl_text *text, double value)
{
    char number[32];
    sl_text_put(text, sl_number_text(number, value));
}

char *sl_real_text(char out[32], sl_real value)
{
#ifdef SL_REAL_DOUBLE
    return sl_number_text(out, value);
#else
    return sl_number_text_float(out, value);
#endif
}

void sl_text_real(sl_text *text, sl_real value)
{
    char number[32];
    sl_text_put(text, sl_real_text(number, value));
}

void sl_text_rounded(sl_text *text, double value)
{
    char number[32];
    double size = value < 0 ? -value : value, scale = 1;
    while (size > 1e-290 && size * scale < 1e5 && scale < 1e290)
        scale *= 10;
    if (size < 1e15)
        size = floor(size * scale + 0.5) / scale;
    sl_number_text(number, size);
    const size_t whole = strspn(number, "0123456789");
    sl_text_put(text, value < 0 ? "-" : "");
    for (size_t i = 0; number[i]; i++) {
        const bool gap = i > 0 && i < whole && (whole - i) % 3 == 0 && !strpbrk(number, "ein");
        sl_text_add(text, gap ? ",%c" : "%c", number[i]);
    }
}

void sl_text_clear(sl_text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = 0;
}

void sl_text_free(sl_text *text)
{
    sl_free(text->ctx, text->bytes);
    sl_text_init(text, text->ctx);
}

const char *sl_text_string(const sl_text *text)
{
    return text->bytes ? text->bytes : "";
}

char *sl_shape_text(char out[96], sl_shape shape)
{
    size_t length = 0;
    out[length++] = '[';
    for (int i = 0; i < shape.rank && i < SL_MAX_DIMS; i++)
        length += (size_t)snprintf(out + length, 96 - length, i ? ", %d" : "%d", shape.dim[i]);
    snprintf(out + length, 96 - length, "]");
    return out;
}

int sl_edit_distance(const char *a, const char *b, int limit)
{
    enum { LONGEST = 48 };
    const size_t m = strlen(a), n = strlen(b);
    if (m > LONGEST || n > LONGEST)
        return limit + 1;
    int row[LONGEST + 1] = { 0 }, above[LONGEST + 1] = { 0 }, over[LONGEST + 1] = { 0 }; /* i, i - 1, i - 2 */
    for (size_t j = 0; j <= n; j++)
        row[j] = (int)j;
    /* Wagner, Fischer 1974; two neighbours that changed places are one mistake: Damerau 1964 */
    for (size_t i = 1; i <= m; i++) {
        memcpy(over, above, sizeof over);
        memcpy(above, row, sizeof above);
        row[0] = (int)i;
        for (size_t j = 1; j <= n; j++) {
            int best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && over[j - 2] + 1 < best)
                best = over[j - 2] + 1;
            row[j] = best;
        }
    }
    return row[n] > limit ? limit + 1 : row[n];
}

/* The same but for the case of ASCII letters? */
static bool text_same_letters(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        const char p = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a;
        const char q = *b >= 'A' && *b <= 'Z' ? (char)(*b - 'A' + 'a') : *b;
        if (p != q)
            return false;
    }
    return *a == *b;
}

const char *sl_nearest_word(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    const int limit = length <= 1 ? 0 : length <= 3 ? 1 : length <= 6 ? 2 : 3;
    const char *nearest = NULL;
    int best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        if (text_same_letters(word, names[i]))
            return names[i];
        const int distance = sl_edit_distance(word, names[i], limit);
        if (distance < best) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

sl_status sl_fail_word(sl_ctx *ctx, const char *what, const char *word, const char *const *names,
                       size_t count)
{
    enum { FAIL_LIST = 1500 }; /* bytes: a table may have thousands of columns */
    sl_text known;
    sl_text_init(&known, ctx);
    for (size_t i = 0; i < count && known.length < FAIL_LIST; i++)
        sl_text_add(&known, i ? ", %s" : "%s", names[i]);
    if (known.length >= FAIL_LIST)
        sl_text_add(&known, " .. (%zu in all)", count);
    const char *nearest = sl_nearest_word(word, names, count);
    const sl_status status =
        nearest
            ? sl_fail(ctx, SL_EINVAL, "unknown %s '%s': did you mean '%s'? There are %s", what, word, nearest,
                      sl_text_string(&known))
            : sl_fail(ctx, SL_EINVAL, "unknown %s '%s': there are %s", what, word, sl_text_string(&known));
    sl_text_free(&known);
    return status;
}

char *sl_count_text(char text[32], uint64_t count)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    int at = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = 0;
    return text;
}

size_t sl_text_fit(const char *from, char *text, size_t room)
{
    const size_t length = strlen(from);
    room = text ? room : 0;
    size_t kept = length < room ? length : room ? room - 1 : 0;
    while (kept && kept < length && ((unsigned char)from[kept] & 0xc0) == 0x80)
        kept--;
    if (room) {
        memcpy(text, from, kept);
        text[kept] = 0;
    }
    return length;
}
