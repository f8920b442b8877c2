/* escape.c - see escape.h. */
#include "explain/format/escape.h"

#include <string.h>

/* The character at text: its length in bytes and its number; of what is no UTF-8: 1, and 0. */
static size_t escape_letter(const char *text, size_t length, unsigned *number)
{
    const unsigned char first = (unsigned char)*text;
    const size_t bytes = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    *number = bytes == 1 ? first : first & (0xFFu >> (bytes + 1));
    if ((first >= 0x80 && first < 0xC0) || first >= 0xF8 || bytes > length)
        return *number = 0, 1;
    for (size_t i = 1; i < bytes; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return *number = 0, 1;
        *number = *number << 6 | ((unsigned char)text[i] & 0x3F);
    }
    if (*number < least[bytes] || *number > 0x10FFFF || (*number >= 0xD800 && *number < 0xE000))
        return *number = 0, 1;
    if (*number == 0 || (*number < 32 && *number != '\n') || (*number >= 127 && *number < 160))
        *number = 0;
    return bytes;
}

void sl_escape_html(sl_text *out, const char *text, size_t length)
{
    while (length) {
        unsigned number;
        const size_t bytes = escape_letter(text, length, &number);
        switch (number) {
        case 0:
            sl_text_put(out, "?");
            break;
        case '<':
            sl_text_put(out, "&lt;");
            break;
        case '>':
            sl_text_put(out, "&gt;");
            break;
        case '&':
            sl_text_put(out, "&amp;");
            break;
        case '"':
            sl_text_put(out, "&quot;");
            break;
        case '\'':
            sl_text_put(out, "&#39;");
            break;
        default:
            sl_text_bytes(out, text, bytes);
        }
        text += bytes;
        length -= bytes;
    }
}

void sl_escape_latex(sl_text *out, const char *text, size_t length)
{
    static const struct {
        char sign;
        const char *written;
    } special[] = { { '\\', "\\ensuremath{\\backslash}" },
                    { '~', "\\ensuremath{\\sim}" },
                    { '^', "\\ensuremath{{}^{\\wedge}}" },
                    { '<', "\\ensuremath{<}" },
                    { '>', "\\ensuremath{>}" },
                    { '|', "\\ensuremath{|}" },
                    { '"', "{''}" },
                    { '-', "-{}" }, /* two of them are no dash */
                    { '\n', " " },
                    { 0, "?" } };
    const char *end = text + length;
    while (text < end) {
        unsigned number;
        const size_t bytes = escape_letter(text, (size_t)(end - text), &number);
        const char *written = NULL;
        for (size_t i = 0; i < sizeof special / sizeof *special; i++)
            if (number == (unsigned char)special[i].sign &&
                (number != '-' || (text + 1 < end && text[1] == '-')))
                written = special[i].written;
        if (written) {
            sl_text_put(out, written);
        } else if (number >= 0x180 || (number >= 160 && number < 0xC0)) {
            sl_text_add(out, "[U+%04X]", number);
        } else if (number >= 160) {
            sl_text_put(out, "\\text{");
            sl_text_bytes(out, text, bytes);
            sl_text_put(out, "}");
        } else {
            sl_text_put(out, strchr("_%&#${}", (int)number) ? "\\" : "");
            sl_text_bytes(out, text, 1);
        }
        text += bytes;
    }
}

/* What Markdown would take for its own. */
static bool escape_marks(const char *from, const char *text, const char *end)
{
    const char before = text > from ? text[-1] : ' ', behind = text + 1 < end ? text[1] : ' ';
    if (*text == '_') /* inside of a word it is a letter */
        return before == ' ' || behind == ' ';
    if (*text == ']') /* of a link */
        return behind == '(' || behind == '[' || behind == ':';
    return strchr(text == from ? "\\`*<>|$~&#+-=" : "\\`*<>|$~&", *text) != NULL;
}

void sl_escape_markdown(sl_text *out, const char *text)
{
    const char *from = text, *end = text + strlen(text);
    while (text < end) {
        unsigned number;
        const size_t bytes = escape_letter(text, (size_t)(end - text), &number);
        if (!number || number == '\n') {
            sl_text_put(out, number ? " " : "?");
        } else {
            sl_text_put(out, number < 128 && escape_marks(from, text, end) ? "\\" : "");
            sl_text_bytes(out, text, bytes);
        }
        text += bytes;
    }
}

void sl_escape_code(sl_text *out, const char *text, bool cell)
{
    size_t longest = 0, ticks = 0;
    for (const char *at = text; *at; at++) {
        ticks = *at == '`' ? ticks + 1 : 0;
        longest = ticks > longest ? ticks : longest;
    }
    const bool space = longest > 0;
    for (size_t i = 0; i <= longest; i++)
        sl_text_put(out, "`");
    sl_text_put(out, space ? " " : "");
    for (const char *end = text + strlen(text); text < end;) {
        unsigned number;
        const size_t bytes = escape_letter(text, (size_t)(end - text), &number);
        if (!number || number == '\n')
            sl_text_put(out, number ? " " : "?");
        else {
            sl_text_put(out, cell && number == '|' ? "\\" : "");
            sl_text_bytes(out, text, bytes);
        }
        text += bytes;
    }
    sl_text_put(out, space ? " " : "");
    for (size_t i = 0; i <= longest; i++)
        sl_text_put(out, "`");
}
