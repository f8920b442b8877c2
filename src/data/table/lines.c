/* lines.c - see lines.h */
#include "data/table/lines.h"
#include "core/os.h"
#include "data/table/charset.h"
#include "data/table/csv_record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINES_BUFFER = SL_PIECE(1 << 18) };

sl_status sl_lines_open(sl_lines *lines, sl_ctx *ctx, sl_source *from)
{
    *lines = (sl_lines){ .ctx = ctx, .from = from, .capacity = LINES_BUFFER };
    if (from)
        lines->buffer = sl_alloc_unset(ctx, LINES_BUFFER);
    return ctx->status;
}

void sl_lines_close(sl_lines *lines)
{
    sl_source_close(lines->from);
    if (lines->ctx)
        sl_free(lines->ctx, lines->buffer);
    *lines = (sl_lines){ 0 };
}

sl_status sl_lines_rewind(sl_lines *lines)
{
    lines->length = lines->at = 0;
    lines->last = lines->begun = false;
    lines->number = 0;
    return sl_source_rewind(lines->from);
}

sl_status sl_lines_fail(const sl_lines *lines, const char *format, ...)
{
    char sentence[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return sl_fail(lines->ctx, SL_EFORMAT, "%s, line %u: %s", sl_source_name(lines->from),
                   (unsigned)lines->number, sentence);
}

/* More behind what is left, which moves to the begin. */
static sl_status lines_fill(sl_lines *lines)
{
    sl_ctx *ctx = lines->ctx;
    lines->length -= lines->at;
    memmove(lines->buffer, lines->buffer + lines->at, lines->length);
    lines->at = 0;
    if (lines->length == lines->capacity) {
        char *larger = sl_alloc_unset(ctx, lines->capacity * 2);
        if (!larger)
            return ctx->status;
        memcpy(larger, lines->buffer, lines->length);
        sl_free(ctx, lines->buffer);
        lines->buffer = larger;
        lines->capacity *= 2;
    }
    while (!lines->last && lines->length < lines->capacity) {
        size_t got;
        if (sl_source_read(lines->from, lines->buffer + lines->length, lines->capacity - lines->length, &got))
            return ctx->status;
        lines->length += got;
        lines->last = got == 0;
    }
    if (lines->begun)
        return SL_OK;
    lines->begun = true;
    return sl_csv_byte_order(ctx, sl_source_name(lines->from), lines->buffer, lines->length, &lines->at);
}

sl_status sl_row_check(sl_ctx *ctx, const char *name, uint32_t line, const char *text, size_t length)
{
    const size_t bad = sl_csv_bad_byte(text, 0, length);
    char place[40] = "";
    if (bad == length)
        return SL_OK;
    if (line)
        snprintf(place, sizeof place, ", line %u", (unsigned)line);
    return text[bad]
               ? sl_fail(ctx, SL_EFORMAT, "%s%s, byte %zu: the byte 0x%02X is not UTF-8 here: %s", name,
                         place, bad + 1, (unsigned char)text[bad], sl_charset_advice())
               : sl_fail(
                     ctx, SL_EFORMAT,
                     "%s%s, byte %zu: a NUL byte, which no text has: is it UTF-16, or no text? Save it as "
                     "UTF-8; training with --encoding replace takes it for U+FFFD",
                     name, place, bad + 1);
}

bool sl_lines_next(sl_lines *lines, const char **text, size_t *length)
{
    size_t looked = 0;
    const char *end = NULL;
    if (lines->ctx->status || !lines->from)
        return false;
    while (!end) {
        const size_t there = lines->length - lines->at;
        end = there > looked ? memchr(lines->buffer + lines->at + looked, '\n', there - looked) : NULL;
        looked = there;
        if (end || (lines->last && lines->begun))
            break;
        if (there > SL_LINE_MOST) {
            lines->number++;
            sl_lines_fail(lines, "it is longer than 16 MB, which no text is: do lines end with a line feed?");
            return false;
        }
        if (lines_fill(lines))
            return false;
    }
    if (!end && lines->at == lines->length)
        return false;
    *text = lines->buffer + lines->at;
    *length = end ? (size_t)(end - *text) : lines->length - lines->at;
    lines->at += *length + (end != NULL);
    *length -= *length && (*text)[*length - 1] == '\r';
    lines->number++;
    return !sl_row_check(lines->ctx, sl_source_name(lines->from), lines->number, *text, *length);
}

void sl_row_field(sl_text *to, const char *text, size_t length)
{
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    sl_text_put(to, "\"");
    for (const char *end = text + length; text < end;) {
        const char *quote = memchr(text, '"', (size_t)(end - text));
        sl_text_bytes(to, text, (size_t)((quote ? quote + 1 : end) - text));
        if (quote)
            sl_text_put(to, "\"");
        text = quote ? quote + 1 : end;
    }
    sl_text_put(to, "\"");
}
