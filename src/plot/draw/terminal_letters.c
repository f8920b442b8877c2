/* terminal_letters.c - how wide a character is, and what stands for one that cannot be shown. */
#include "core/json.h"
#include "plot/draw/terminal.h"

#include <string.h>

typedef struct {
    uint32_t first, last;
} letters_range;

static bool letters_in(const letters_range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* Of these terminals make what they like: line breaks, changes of direction, escapes. */
static bool letters_control(uint32_t code)
{
    static const letters_range controls[] = { { 0, 0x1F },          { 0x7F, 0x9F },     { 0xAD, 0xAD },
                                              { 0x61C, 0x61C },     { 0x200B, 0x200C }, { 0x200E, 0x200F },
                                              { 0x2028, 0x202E },   { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF },
                                              { 0xFFF0, 0xFFFC },   { 0xE000, 0xF8FF }, { 0xE0000, 0xE00FF },
                                              { 0xF0000, 0x10FFFF } };
    return letters_in(controls, sizeof controls / sizeof *controls, code);
}

/* Roughly: accents, vowel signs, joiners. */
static bool letters_mark(uint32_t code)
{
    static const letters_range marks[] = {
        { 0x300, 0x36F },   { 0x483, 0x489 },   { 0x591, 0x5BD },   { 0x5BF, 0x5C7 },     { 0x610, 0x61A },
        { 0x64B, 0x65F },   { 0x670, 0x670 },   { 0x6D6, 0x6DC },   { 0x900, 0x902 },     { 0x93C, 0x93C },
        { 0x941, 0x948 },   { 0x94D, 0x94D },   { 0xE31, 0xE31 },   { 0xE34, 0xE3A },     { 0xE47, 0xE4E },
        { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200D, 0x200D }, { 0x20D0, 0x20FF },   { 0x302A, 0x302D },
        { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0x1F3FB, 0x1F3FF }, { 0xE0100, 0xE01EF }
    };
    return letters_in(marks, sizeof marks / sizeof *marks, code);
}

static bool letters_wide(uint32_t code)
{
    static const letters_range wide[] = { { 0x1100, 0x115F },   { 0x231A, 0x231B },   { 0x2E80, 0x303E },
                                          { 0x3041, 0xA4CF },   { 0xA960, 0xA97F },   { 0xAC00, 0xD7A3 },
                                          { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },
                                          { 0xFFE0, 0xFFE6 },   { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF },
                                          { 0x1F900, 0x1FAFF }, { 0x20000, 0x3FFFD }, { 0x2705, 0x2705 },
                                          { 0x274C, 0x274C } };
    return letters_in(wide, sizeof wide / sizeof *wide, code);
}

/* What our own sentences hold beyond ASCII. */
static const char *letters_plain(uint32_t code)
{
    static const struct {
        uint32_t code;
        const char *plain;
    } known[] = { { 0x2192, "->" }, { 0x2190, "<-" }, { 0x2013, "-" },  { 0x2014, "-" },  { 0x2212, "-" },
                  { 0x2026, ".." }, { 0xD7, "x" },    { 0xB7, "*" },    { 0xB1, "+-" },   { 0xB2, "^2" },
                  { 0xB3, "^3" },   { 0xB0, "deg" },  { 0x2264, "<=" }, { 0x2265, ">=" }, { 0x2018, "'" },
                  { 0x2019, "'" },  { 0x201C, "\"" }, { 0x201D, "\"" }, { 0xA0, " " },    { 0x394, "D" },
                  { 0x2032, "'" },  { 0x3B7, "eta" }, { 0x3C3, "s" },   { 0x221A, "rt" }, { 0x2202, "d" } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].plain;
    return "?";
}

static uint32_t letters_code(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    size_t there = 1;
    while (there < 4 && c[there - 1])
        there++;
    const size_t length = sl_utf8_length(*at, there);
    *at += length ? length : 1;
    if (length < 2)
        return length ? c[0] : 0xFFFD;
    uint32_t code = (uint32_t)c[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (c[i] & 63);
    return code;
}

int sl_letter_next(bool unicode, const char **at, uint32_t codes[4], int *columns)
{
    uint32_t code = letters_code(at);
    *columns = 1;
    if (letters_mark(code)) {
        *columns = 0;
        codes[0] = code;
        return 0;
    }
    if (letters_control(code))
        code = '?';
    codes[0] = code;
    if (unicode) {
        *columns = letters_wide(code) ? 2 : 1;
        return 1;
    }
    if (code < 127)
        return 1;
    const char *plain = letters_plain(code);
    *columns = (int)strlen(plain);
    for (int i = 0; i < *columns; i++)
        codes[i] = (unsigned char)plain[i];
    return *columns;
}

int sl_letters_width(bool unicode, const char *text, const char *end)
{
    int all = 0;
    while (text && *text && (!end || text < end) && all < 1 << 20) {
        uint32_t codes[4];
        int columns;
        sl_letter_next(unicode, &text, codes, &columns);
        all += columns;
    }
    return all;
}
