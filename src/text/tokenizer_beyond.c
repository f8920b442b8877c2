/* tokenizer_beyond.c - what the quick loop over ASCII leaves: other letters, entities, emoji, ideographs. */
#include "text/tokenizer_parts.h"

#include <string.h>

size_t sl_tokenizer_next(const sl_tokenizer_place *p, size_t at, uint32_t *c)
{
    const char first = p->text[at];
    if (p->html && (first == '&' || first == '#')) {
        const size_t used = sl_tokenizer_entity(p->text + at, p->length - at, c);
        if (used)
            return used;
    }
    return sl_unicode_read(p->text + at, p->length - at, c);
}

/* Signs that printers and keyboards have for the same thing, as the ASCII that most texts have. */
static const char *beyond_alike(uint32_t c)
{
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x02BC:
    case 0xFF07:
    case 0xB4:
        return "'";
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0xAB:
    case 0xBB:
        return "\"";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
        return "-";
    case 0x2014:
    case 0x2015:
        return "--";
    case 0x2026:
        return "...";
    default:
        return NULL;
    }
}

static bool beyond_apostrophe(uint32_t c)
{
    return c == '\'' || c == '`' || c == 0xB4 || c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0xFF07;
}

static bool beyond_in_word(sl_char_kind kind)
{
    return kind == SL_CHAR_LETTER || kind == SL_CHAR_DIGIT || kind == SL_CHAR_COMBINING;
}

typedef struct {
    uint32_t c[TOKENIZER_WORD];
    size_t count, end; /* end: behind the last character's bytes */
} beyond_word;

static void beyond_add(beyond_word *word, uint32_t c, size_t end)
{
    word->c[word->count++] = c;
    word->end = end;
}

/* Is there an apostrophe at `at`, with a letter behind it? Its bytes; some collections write " #39;s". */
static size_t beyond_contraction(const sl_tokenizer_place *p, size_t at)
{
    uint32_t c, next;
    size_t space = p->html && p->text[at] == ' ' && at + 1 < p->length && p->text[at + 1] == '#';
    const size_t used = sl_tokenizer_next(p, at + space, &c);
    if (!beyond_apostrophe(c) || at + space + used >= p->length)
        return 0;
    sl_tokenizer_next(p, at + space + used, &next);
    return sl_unicode_kind(next) == SL_CHAR_LETTER ? space + used : 0;
}

/* Is there one of , . / - : between two digits? */
static bool beyond_joins(const sl_tokenizer_place *p, size_t at, uint32_t c)
{
    uint32_t next;
    if (c >= 0x80 || !strchr(",./-:", (int)c) || at >= p->length)
        return false;
    sl_tokenizer_next(p, at, &next);
    return sl_unicode_kind(next) == SL_CHAR_DIGIT;
}

static bool beyond_finish(sl_tokenizer_place *p, const beyond_word *word, size_t from, bool number)
{
    char bytes[4 * SL_UNICODE_LONGEST];
    if (number && p->mask_numbers)
        return sl_tokenizer_plain(p, from, word->end, SL_TOKEN_NUMBER, false);
    const size_t length = sl_unicode_fold(word->c, word->count, p->fold, bytes);
    return sl_tokenizer_other(p, bytes, length, from, word->end, number ? SL_TOKEN_NUMBER : SL_TOKEN_WORD);
}

static bool beyond_letters(sl_tokenizer_place *p)
{
    beyond_word word;
    word.count = 0;
    word.end = p->at;
    bool number = false, digits = true;
    size_t at = p->at;
    while (at < p->length && word.count < TOKENIZER_WORD) {
        uint32_t c;
        const size_t used = sl_tokenizer_next(p, at, &c);
        const sl_char_kind kind = sl_unicode_kind(c);
        if (kind == SL_CHAR_UNKNOWN)
            break;
        if (beyond_in_word(kind)) {
            number = word.count ? number : kind == SL_CHAR_DIGIT;
            digits = digits && kind == SL_CHAR_DIGIT;
            beyond_add(&word, c, at + used);
            at += used;
        } else if (word.count && kind == SL_CHAR_IGNORED && c != SL_TEXT_JOIN) {
            at += used;
        } else if (digits && word.count && at == word.end && beyond_joins(p, at + used, c)) {
            beyond_add(&word, c, at + used);
            at += used;
        } else {
            const size_t contraction = word.count && at == word.end ? beyond_contraction(p, at) : 0;
            if (!contraction)
                break;
            digits = false;
            beyond_add(&word, '\'', at + contraction);
            at += contraction;
        }
    }
    const size_t from = p->at;
    p->at = word.end;
    return beyond_finish(p, &word, from, number);
}

static bool beyond_flag(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/* A picture with what belongs to it: skin, hair, the next one behind a joiner; two letters of a flag. What
 * only chooses between black and coloured is left out. */
static bool beyond_symbol(sl_tokenizer_place *p)
{
    enum { JOINER = 0x200D, LONGEST = 16 };
    uint32_t first, c;
    char bytes[4 * LONGEST];
    size_t at = p->at + sl_tokenizer_next(p, p->at, &first), count = 1;
    size_t length = sl_unicode_put(bytes, first), end = at;
    bool joined = false;
    while (at < p->length && count < LONGEST) {
        const size_t used = sl_tokenizer_next(p, at, &c);
        const bool skin = c >= 0x1F3FB && c <= 0x1F3FF,
                   flag = beyond_flag(first) && beyond_flag(c) && count == 1;
        at += used;
        if (c == 0xFE0E || c == 0xFE0F) {
            end = at;
            continue;
        }
        if (c != JOINER && c != 0x20E3 && !skin && !flag && !(joined && sl_unicode_kind(c) == SL_CHAR_SYMBOL))
            break;
        joined = c == JOINER;
        length += sl_unicode_put(bytes + length, c);
        count++;
        end = at;
    }
    const size_t from = p->at;
    p->at = end;
    return sl_tokenizer_other(p, bytes, length, from, end, SL_TOKEN_MARK);
}

static bool beyond_single(sl_tokenizer_place *p, uint32_t c, size_t used, sl_token_kind kind)
{
    char bytes[4 * SL_UNICODE_LONGEST];
    const char *alike = kind == SL_TOKEN_MARK ? beyond_alike(c) : NULL;
    const size_t length = sl_unicode_fold(&c, 1, p->fold, bytes), from = p->at;
    p->at += used;
    return sl_tokenizer_other(p, alike ? alike : bytes, alike ? strlen(alike) : length, from, p->at, kind);
}

bool sl_tokenizer_beyond(sl_tokenizer_place *p)
{
    uint32_t c;
    bool ends;
    const size_t used = sl_tokenizer_next(p, p->at, &c);
    const size_t tag = p->html && c == '<' ? sl_tokenizer_tag(p, used, &ends) : 0;
    if (tag) {
        p->at += tag;
        return !ends || sl_tokenizer_break(p, p->at - tag, p->at);
    }
    switch (sl_unicode_kind(c)) {
    case SL_CHAR_LETTER:
    case SL_CHAR_DIGIT:
    case SL_CHAR_COMBINING:
        return beyond_letters(p);
    case SL_CHAR_IDEOGRAPH:
        return beyond_single(p, c, used, SL_TOKEN_WORD);
    case SL_CHAR_SYMBOL:
        return beyond_symbol(p);
    case SL_CHAR_MARK:
        return beyond_single(p, c, used, SL_TOKEN_MARK);
    case SL_CHAR_UNKNOWN:
        sl_fail(
            p->out->ctx, SL_EINVAL,
            "a text has the character U+%04X at byte %zu: this slope was built without utf8proc, and knows "
            "no letters beyond ASCII (install libutf8proc-dev, and build again)",
            (unsigned)c, p->at);
        return false;
    case SL_CHAR_SPACE:
    case SL_CHAR_IGNORED:
        break;
    }
    p->at += used;
    return true;
}
