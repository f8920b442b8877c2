/* unicode.c - see unicode.h */
#include "text/unicode.h"
#include "core/json.h"

#ifdef SL_HAVE_UTF8PROC
#    include <utf8proc.h>
#endif

size_t sl_unicode_read(const char *text, size_t left, uint32_t *c)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80) {
        *c = byte[0];
        return 1;
    }
    const size_t length = sl_utf8_length(text, left);
    switch (length) {
    case 2:
        *c = (byte[0] & 0x1Fu) << 6 | (byte[1] & 0x3Fu);
        break;
    case 3:
        *c = (byte[0] & 0x0Fu) << 12 | (byte[1] & 0x3Fu) << 6 | (byte[2] & 0x3Fu);
        break;
    case 4:
        *c = (byte[0] & 0x07u) << 18 | (byte[1] & 0x3Fu) << 12 | (byte[2] & 0x3Fu) << 6 | (byte[3] & 0x3Fu);
        break;
    default:
        *c = SL_CHAR_WRONG;
        return 1;
    }
    return length;
}

size_t sl_unicode_put(char to[4], uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static sl_char_kind unicode_ascii(uint32_t c)
{
    if ((c | 32) >= 'a' && (c | 32) <= 'z')
        return SL_CHAR_LETTER;
    if (c >= '0' && c <= '9')
        return SL_CHAR_DIGIT;
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return SL_CHAR_SPACE;
    return c < ' ' || c == 0x7F ? SL_CHAR_IGNORED : SL_CHAR_MARK;
}

static bool unicode_ideograph(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFD);
}

sl_char_kind sl_unicode_kind(uint32_t c)
{
    if (c < 0x80)
        return unicode_ascii(c);
    /* What texts in plain English have, known without a table. */
    if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x3000)
        return SL_CHAR_SPACE;
    if (c < 0xA0 || c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F))
        return SL_CHAR_IGNORED;
    if ((c >= 0x2010 && c <= 0x2027) || c == SL_CHAR_WRONG)
        return SL_CHAR_MARK;
    if (unicode_ideograph(c))
        return SL_CHAR_IDEOGRAPH;
#ifdef SL_HAVE_UTF8PROC
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return SL_CHAR_LETTER;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return SL_CHAR_DIGIT;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return SL_CHAR_COMBINING;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return SL_CHAR_SPACE;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
        return SL_CHAR_IGNORED;
    case UTF8PROC_CATEGORY_SO:
        return SL_CHAR_SYMBOL;
    case UTF8PROC_CATEGORY_SK:
        return c >= 0x1F3FB && c <= 0x1F3FF ? SL_CHAR_SYMBOL : SL_CHAR_MARK;
    default:
        return SL_CHAR_MARK;
    }
#else
    return SL_CHAR_UNKNOWN;
#endif
}

bool sl_unicode_there(void)
{
#ifdef SL_HAVE_UTF8PROC
    return true;
#else
    return false;
#endif
}

#ifdef SL_HAVE_UTF8PROC
/* Accents behind one letter in the order of their classes, those of a class as they came. */
static void unicode_order(utf8proc_int32_t *c, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const utf8proc_int32_t moved = c[i];
        const utf8proc_propval_t order = utf8proc_get_property(moved)->combining_class;
        size_t to = i;
        for (; order && to > 0 && utf8proc_get_property(c[to - 1])->combining_class > order; to--)
            c[to] = c[to - 1];
        c[to] = moved;
    }
}
#endif

size_t sl_unicode_fold(const uint32_t *c, size_t count, bool fold, char *bytes)
{
    size_t length = 0;
#ifdef SL_HAVE_UTF8PROC
    utf8proc_int32_t whole[SL_UNICODE_LONGEST];
    const utf8proc_option_t how = UTF8PROC_COMPOSE | UTF8PROC_STABLE | (fold ? UTF8PROC_CASEFOLD : 0);
    utf8proc_ssize_t used = 0;
    for (size_t i = 0; i < count && i < SL_UNICODE_WORD; i++) {
        int boundary = 0;
        const utf8proc_ssize_t more = utf8proc_decompose_char((utf8proc_int32_t)c[i], whole + used,
                                                              SL_UNICODE_LONGEST - used, how, &boundary);
        if (more < 0 || used + more > SL_UNICODE_LONGEST)
            break; /* cannot be: no character becomes more than 18 */
        used += more;
    }
    unicode_order(whole, (size_t)used);
    used = utf8proc_normalize_utf32(whole, used, how);
    for (utf8proc_ssize_t i = 0; i < used; i++)
        length += sl_unicode_put(bytes + length, (uint32_t)whole[i]);
#else
    for (size_t i = 0; i < count; i++)
        length += sl_unicode_put(bytes + length, fold && c[i] >= 'A' && c[i] <= 'Z' ? c[i] | 32 : c[i]);
#endif
    return length;
}
