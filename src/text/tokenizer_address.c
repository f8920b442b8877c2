/* tokenizer_address.c - addresses of pages and of people, one token each. */
#include "text/tokenizer_parts.h"

#include <string.h>

static bool address_begins(const sl_tokenizer_place *p, const char *with)
{
    const size_t length = strlen(with);
    if (p->length - p->at <= length)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char c = p->text[p->at + i];
        if ((c >= 'A' && c <= 'Z' ? c | 32 : c) != with[i])
            return false;
    }
    return true;
}

static bool address_alnum(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');
}

size_t sl_tokenizer_url(const sl_tokenizer_place *p)
{
    static const char *const begins[] = { "http://", "https://", "ftp://", "www." };
    size_t start = 0;
    for (size_t i = 0; !start && i < sizeof begins / sizeof *begins; i++)
        start = address_begins(p, begins[i]) ? strlen(begins[i]) : 0;
    if (!start || !(address_alnum(p->text[p->at + start]) || (p->text[p->at + start] & 0x80)))
        return 0;
    const char *text = p->text + p->at;
    const size_t left = p->length - p->at;
    size_t end = start;
    while (end < left && end < TOKENIZER_ADDRESS) {
        const unsigned char c = (unsigned char)text[end];
        if (c <= ' ' || c == 0x7F || strchr("<>\"{}|\\^`", c))
            break;
        if (c < 0x80) {
            end++;
            continue;
        }
        uint32_t beyond;
        const size_t used = sl_unicode_read(text + end, left - end, &beyond);
        const sl_char_kind kind = sl_unicode_kind(beyond);
        if (kind != SL_CHAR_LETTER && kind != SL_CHAR_DIGIT && kind != SL_CHAR_COMBINING &&
            kind != SL_CHAR_IDEOGRAPH)
            break;
        end += used;
    }
    while (end > start && strchr(".,;:!?'()[]*_~-&#", text[end - 1])) /* the sentence's, or a bracket's */
        end--;
    return end;
}

/* Local parts have letters, digits, and these. */
static bool address_local(char c)
{
    return address_alnum(c) || (c && strchr("._%+-", c));
}

void sl_tokenizer_mail(sl_tokenizer_place *p)
{
    enum { MAIL_LOCAL = 64, MAIL_DOMAIN = 255 };
    for (size_t from = p->at;;) {
        const char *sign = from < p->length ? memchr(p->text + from, '@', p->length - from) : NULL;
        if (!sign) {
            p->mail_from = p->mail_to = SIZE_MAX;
            return;
        }
        const size_t at = (size_t)(sign - p->text);
        size_t start = at, end = at + 1, dot = 0;
        while (start > p->at && at - start < MAIL_LOCAL && address_local(p->text[start - 1]))
            start--;
        while (start < at && !address_alnum(p->text[start]))
            start++;
        while (end < p->length && end - at < MAIL_DOMAIN &&
               (address_alnum(p->text[end]) || p->text[end] == '-' || p->text[end] == '.'))
            end++;
        while (end > at + 1 && !address_alnum(p->text[end - 1]))
            end--;
        for (size_t i = at + 2; i + 1 < end; i++)
            dot = p->text[i] == '.' ? i : dot;
        if (start < at && dot) {
            p->mail_from = start;
            p->mail_to = end;
            return;
        }
        from = at + 1;
    }
}
