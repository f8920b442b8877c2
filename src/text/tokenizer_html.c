/* tokenizer_html.c - tags and entities of HTML, as they are left in texts that came from web pages. */
#include "text/tokenizer_parts.h"

#include <string.h>

typedef struct {
    const char *name;
    uint32_t c;
} html_entity;

static const html_entity html_entities[] = {
    { "lt", '<' },       { "gt", '>' },        { "amp", '&' },      { "quot", '"' },     { "apos", '\'' },
    { "nbsp", 0xA0 },    { "iexcl", 0xA1 },    { "cent", 0xA2 },    { "pound", 0xA3 },   { "yen", 0xA5 },
    { "sect", 0xA7 },    { "copy", 0xA9 },     { "laquo", 0xAB },   { "shy", 0xAD },     { "reg", 0xAE },
    { "deg", 0xB0 },     { "acute", 0xB4 },    { "middot", 0xB7 },  { "raquo", 0xBB },   { "frac12", 0xBD },
    { "iquest", 0xBF },  { "Agrave", 0xC0 },   { "Aacute", 0xC1 },  { "Acirc", 0xC2 },   { "Atilde", 0xC3 },
    { "Auml", 0xC4 },    { "Aring", 0xC5 },    { "AElig", 0xC6 },   { "Ccedil", 0xC7 },  { "Egrave", 0xC8 },
    { "Eacute", 0xC9 },  { "Ecirc", 0xCA },    { "Euml", 0xCB },    { "Iacute", 0xCD },  { "Ntilde", 0xD1 },
    { "Oacute", 0xD3 },  { "Ouml", 0xD6 },     { "Oslash", 0xD8 },  { "Uacute", 0xDA },  { "Uuml", 0xDC },
    { "szlig", 0xDF },   { "agrave", 0xE0 },   { "aacute", 0xE1 },  { "acirc", 0xE2 },   { "atilde", 0xE3 },
    { "auml", 0xE4 },    { "aring", 0xE5 },    { "aelig", 0xE6 },   { "ccedil", 0xE7 },  { "egrave", 0xE8 },
    { "eacute", 0xE9 },  { "ecirc", 0xEA },    { "euml", 0xEB },    { "igrave", 0xEC },  { "iacute", 0xED },
    { "icirc", 0xEE },   { "iuml", 0xEF },     { "ntilde", 0xF1 },  { "ograve", 0xF2 },  { "oacute", 0xF3 },
    { "ocirc", 0xF4 },   { "otilde", 0xF5 },   { "ouml", 0xF6 },    { "oslash", 0xF8 },  { "ugrave", 0xF9 },
    { "uacute", 0xFA },  { "ucirc", 0xFB },    { "uuml", 0xFC },    { "yacute", 0xFD },  { "ndash", 0x2013 },
    { "mdash", 0x2014 }, { "lsquo", 0x2018 },  { "rsquo", 0x2019 }, { "ldquo", 0x201C }, { "rdquo", 0x201D },
    { "bull", 0x2022 },  { "hellip", 0x2026 }, { "euro", 0x20AC },  { "trade", 0x2122 }, { "hearts", 0x2665 },
};

/* Numbers 128 to 159 mean what Windows has there (HTML standard, "numeric character reference end state"). */
static const uint16_t html_windows[32] = { 0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                           0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                           0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                           0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178 };

/* At text[0] is the #; at least so many digits. */
static size_t html_number(const char *text, size_t left, size_t least, uint32_t *c)
{
    const bool hex = left > 1 && (text[1] | 32) == 'x';
    uint32_t value = 0;
    size_t at = hex ? 2 : 1;
    const size_t first = at;
    for (; at < left && at < first + 7; at++) {
        const char d = text[at];
        uint32_t digit;
        if (d >= '0' && d <= '9')
            digit = (uint32_t)(d - '0');
        else if (hex && (d | 32) >= 'a' && (d | 32) <= 'f')
            digit = (uint32_t)((d | 32) - 'a') + 10;
        else
            break;
        value = value * (hex ? 16 : 10) + digit;
    }
    if (at < first + least || at >= left || text[at] != ';')
        return 0;
    if (value >= 128 && value < 160)
        value = html_windows[value - 128];
    *c = value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? SL_CHAR_WRONG : value;
    return at + 1;
}

size_t sl_tokenizer_entity(const char *text, size_t left, uint32_t *c)
{
    if (left < 4)
        return 0;
    if (text[0] == '#') /* some collections have lost the &; but "#1;" is more likely a rank */
        return html_number(text, left, 2, c);
    if (text[1] == '#') {
        const size_t used = html_number(text + 1, left - 1, 1, c);
        return used ? used + 1 : 0;
    }
    size_t length = 1;
    while (length < left && length < 9 && text[length] != ';')
        length++;
    if (length >= left || text[length] != ';')
        return 0;
    for (size_t i = 0; i < sizeof html_entities / sizeof *html_entities; i++)
        if (strlen(html_entities[i].name) == length - 1 &&
            !memcmp(html_entities[i].name, text + 1, length - 1)) {
            *c = html_entities[i].c;
            return length + 1;
        }
    return 0;
}

/* Elements; those before "a" end a paragraph. Other words between < and > stay as they are: <grin>. */
static const char *const html_elements[] = {
    "br",    "p",          "div",    "hr",    "h1",   "h2",   "h3",     "h4",    "h5",     "h6",
    "ul",    "ol",         "li",     "dl",    "dt",   "dd",   "table",  "tr",    "td",     "th",
    "pre",   "blockquote", "center", "title", "body", "head", "html",   "form",  "a",      "abbr",
    "b",     "big",        "cite",   "code",  "em",   "font", "i",      "img",   "input",  "ins",
    "del",   "kbd",        "link",   "meta",  "q",    "s",    "small",  "span",  "strike", "strong",
    "sub",   "sup",        "tbody",  "thead", "tt",   "u",    "script", "style", "iframe", "object",
    "embed", "param",      "option", "select"
};

static bool html_element(const char *name, size_t length, bool *ends)
{
    *ends = true;
    for (size_t i = 0; i < sizeof html_elements / sizeof *html_elements; i++) {
        if (!strcmp(html_elements[i], "a"))
            *ends = false;
        if (strlen(html_elements[i]) != length)
            continue;
        size_t same = 0;
        while (same < length && (name[same] >= 'A' && name[same] <= 'Z' ? name[same] | 32 : name[same]) ==
                                    html_elements[i][same])
            same++;
        if (same == length)
            return true;
    }
    return false;
}

/* Bytes of the '>' (or '<') at `at`, written as itself or as an entity; 0: there is something else. */
static size_t html_is(const sl_tokenizer_place *p, size_t at, char sign)
{
    if (p->text[at] == sign)
        return 1;
    return p->text[at] == '&' && p->length - at >= 4 &&
                   !memcmp(p->text + at, sign == '>' ? "&gt;" : "&lt;", 4)
               ? 4
               : 0;
}

size_t sl_tokenizer_tag(sl_tokenizer_place *p, size_t opening, bool *ends)
{
    enum { LONGEST = 4096 };
    const char *text = p->text;
    size_t at = p->at + opening;
    *ends = false;
    const bool comment = p->length - at >= 3 && !memcmp(text + at, "!--", 3);
    if (!comment) {
        at += at < p->length && text[at] == '/';
        const size_t name = at;
        while (at < p->length && at < name + 11 &&
               (((text[at] | 32) >= 'a' && (text[at] | 32) <= 'z') || (text[at] >= '0' && text[at] <= '9')))
            at++;
        if (at >= p->length || !html_element(text + name, at - name, ends) ||
            !(text[at] == ' ' || text[at] == '/' || text[at] == '\n' || text[at] == '\t' ||
              html_is(p, at, '>')))
            return 0;
    }
    if (p->tag_end < at) { /* each place is looked at once, whatever the text is made of */
        p->tag_end = at;
        while (p->tag_end < p->length && !html_is(p, p->tag_end, '>') && !html_is(p, p->tag_end, '<'))
            p->tag_end++;
    }
    const size_t close = p->tag_end < p->length ? html_is(p, p->tag_end, '>') : 0;
    return close && p->tag_end - p->at <= LONGEST ? p->tag_end + close - p->at : 0;
}
