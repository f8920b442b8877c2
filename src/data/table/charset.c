/* charset.c - see charset.h */
#include "data/table/charset.h"
#include "core/os.h"
#include "data/table/csv_record.h"

#include <string.h>

enum { CHARSET_BLOCK = SL_PIECE(1 << 16) };

sl_status sl_charset_read(sl_ctx *ctx, const char *word, sl_charset *charset)
{
    static const char *const words[] = { "utf8", "latin1", "windows-1252", "replace" };
    *charset = SL_CHARSET_UTF8;
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (!strcmp(word, words[i])) {
            *charset = (sl_charset)i;
            return SL_OK;
        }
    if (!word)
        return SL_OK;
    sl_fail_word(ctx, "encoding", word, words, sizeof words / sizeof *words);
    return ctx->status;
}

const char *sl_charset_advice(void)
{
    return "save it as UTF-8, or train with --encoding latin1 or windows-1252, which reads files that were "
           "written so; --encoding replace puts U+FFFD in place of such bytes";
}

/* Below 0x800. */
static void charset_put_short(uint32_t c, sl_text *to)
{
    const char two[2] = { (char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)) };
    sl_text_bytes(to, two, 2);
}

static void charset_put_byte(unsigned char byte, sl_text *to)
{
    /* WHATWG's table: what windows-1252 leaves open are the control characters of latin1. */
    static const uint16_t windows[32] = { 0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                          0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                          0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                          0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178 };
    const uint32_t c = byte < 0xa0 ? windows[byte - 0x80] : byte;
    const char three[3] = { (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)),
                            (char)(0x80 | (c & 0x3f)) };
    if (c < 0x800)
        charset_put_short(c, to);
    else
        sl_text_bytes(to, three, 3);
}

static size_t charset_replace(const char *bytes, size_t size, bool last, sl_text *to)
{
    enum { LONGEST = 4 };
    for (size_t at = 0; at < size;) {
        const size_t bad = sl_csv_bad_byte(bytes, at, size);
        sl_text_bytes(to, bytes + at, bad - at);
        if (bad < size && !last && size - bad < LONGEST && bytes[bad]) /* perhaps more of it comes */
            return bad;
        if (bad < size)
            sl_text_bytes(to, "\xef\xbf\xbd", 3);
        at = bad + (bad < size);
    }
    return size;
}

size_t sl_charset_put(sl_charset charset, const char *bytes, size_t size, bool last, sl_text *to)
{
    if (charset == SL_CHARSET_REPLACE)
        return charset_replace(bytes, size, last, to);
    if (charset == SL_CHARSET_UTF8) {
        sl_text_bytes(to, bytes, size);
        return size;
    }
    for (size_t at = 0; at < size;) {
        size_t plain = at;
        while (plain < size && (unsigned char)bytes[plain] < 0x80)
            plain++;
        sl_text_bytes(to, bytes + at, plain - at);
        if (plain < size && charset == SL_CHARSET_LATIN1)
            charset_put_short((unsigned char)bytes[plain], to);
        else if (plain < size)
            charset_put_byte((unsigned char)bytes[plain], to);
        at = plain + (plain < size);
    }
    return size;
}

/* --- a source ----------------------------------------------------------------------------------------- */

typedef struct {
    sl_ctx *ctx;
    sl_source *from;
    sl_charset charset;
    size_t held; /* bytes that wait for the rest of their character */
    bool last;
    char block[CHARSET_BLOCK];
} charset_user;

static sl_status charset_more(void *user, sl_text *to)
{
    charset_user *u = user;
    while (!to->length && !u->last) {
        size_t got;
        if (sl_source_read(u->from, u->block + u->held, CHARSET_BLOCK - u->held, &got))
            return u->ctx->status;
        u->last = got == 0;
        const size_t size = u->held + got, used = sl_charset_put(u->charset, u->block, size, u->last, to);
        u->held = size - used;
        memmove(u->block, u->block + used, u->held);
    }
    return u->ctx->status;
}

static sl_status charset_rewind(void *user)
{
    charset_user *u = user;
    u->held = 0;
    u->last = false;
    return sl_source_rewind(u->from);
}

static sl_status charset_check(void *user)
{
    return sl_source_check(((charset_user *)user)->from);
}

static void charset_free(void *user)
{
    charset_user *u = user;
    sl_source_close(u->from);
    sl_free(u->ctx, u);
}

sl_source *sl_charset_source(sl_ctx *ctx, sl_charset charset, sl_source *from)
{
    static const sl_source_maker maker = { charset_more, charset_rewind, charset_check, charset_free,
                                           SL_LINES_OWN };
    if (!from || charset == SL_CHARSET_UTF8)
        return from;
    charset_user *user = sl_alloc(ctx, sizeof *user);
    if (!user) {
        sl_source_close(from);
        return NULL;
    }
    user->ctx = ctx;
    user->from = from;
    user->charset = charset;
    return sl_source_made(ctx, sl_source_name(from), &maker, user);
}
