/* tokenizer.c - see tokenizer.h; docs/tokenizer.md says the rules. A loop over ASCII, by a table; everything
 * else is in tokenizer_beyond.c. */
#include "text/tokenizer_parts.h"

#include <math.h>
#include <string.h>

const sl_option sl_tokenizer_options[] = {
    { .name = "case", .summary = "capitals become small letters", .choices = "fold|keep", .high = 1 },
    { .name = "marks", .summary = "punctuation is a token of its own", .choices = "keep|drop", .high = 1 },
    { .name = "numbers",
      .summary = "mask: all are the one token <number>",
      .choices = "keep|mask",
      .high = 1 },
    { .name = "urls",
      .summary = "mask: all addresses are the one token <url>",
      .choices = "keep|mask",
      .high = 1 },
    { .name = "html",
      .summary = "tags are left out, entities are what they stand for",
      .choices = "strip|keep",
      .high = 1 },
    { .name = "contractions", .summary = "split: don't is do n't", .choices = "keep|split", .high = 1 },
    { 0 },
};

sl_status sl_tokenizer_read(sl_ctx *ctx, const char *words, sl_tokenizer *to)
{
    *to = (sl_tokenizer){ { 0 } };
    return sl_options_read(ctx, "tokenizer", sl_tokenizer_options, words ? words : "", to->option, NULL);
}

void sl_tokenizer_describe(const sl_tokenizer *tokenizer, sl_text *text)
{
    bool first = true;
    for (size_t i = 0; sl_tokenizer_options[i].name; i++)
        if (tokenizer->option[i] != sl_tokenizer_options[i].normal) {
            char value[160];
            sl_text_add(text, first ? "%s=%s" : " %s=%s", sl_tokenizer_options[i].name,
                        sl_option_value(value, &sl_tokenizer_options[i], tokenizer->option[i]));
            first = false;
        }
}

const char *sl_token_kind_name(sl_token_kind kind)
{
    static const char *const names[] = { "word", "number", "mark", "url", "break" };
    return names[kind];
}

enum { SMALL = 1, CAPITAL = 2, DIGIT = 4, SPACE = 8, MARK = 16, CONTROL = 32, BEYOND = 64, ENTITY = 128 };
#define TOKENIZER_8(x) x, x, x, x, x, x, x, x
#define TOKENIZER_16(x) TOKENIZER_8(x), TOKENIZER_8(x)
static const unsigned char tokenizer_class[256] = {
    TOKENIZER_8(CONTROL),
    CONTROL,
    SPACE,
    SPACE,
    SPACE,
    SPACE,
    SPACE,
    CONTROL,
    CONTROL,
    TOKENIZER_16(CONTROL),
    SPACE,
    MARK,
    MARK,
    ENTITY,
    MARK,
    MARK,
    ENTITY,
    MARK,
    TOKENIZER_8(MARK),
    TOKENIZER_8(DIGIT),
    DIGIT,
    DIGIT,
    MARK,
    MARK,
    MARK,
    MARK,
    MARK,
    MARK,
    MARK,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    TOKENIZER_16(CAPITAL),
    CAPITAL,
    CAPITAL,
    CAPITAL,
    MARK,
    MARK,
    MARK,
    MARK,
    MARK,
    MARK,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    TOKENIZER_16(SMALL),
    SMALL,
    SMALL,
    SMALL,
    MARK,
    MARK,
    MARK,
    MARK,
    CONTROL,
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
    TOKENIZER_16(BEYOND),
};

static inline unsigned tokenizer_at(const sl_tokenizer_place *p, size_t at)
{
    return at < p->length ? tokenizer_class[(unsigned char)p->text[at]] : SPACE;
}

/* "U.S.", "e.g": single letters with a full stop between them; their end, or 0. */
static size_t tokenizer_initials(const sl_tokenizer_place *p)
{
    size_t at = p->at, letters = 0;
    while (letters < 8 && tokenizer_at(p, at) & (SMALL | CAPITAL)) {
        letters++;
        at++;
        if (tokenizer_at(p, at) & (SMALL | CAPITAL | DIGIT | BEYOND))
            return 0;
        if (at >= p->length || p->text[at] != '.')
            break;
        at++;
    }
    return letters > 1 && !(tokenizer_at(p, at) & (SMALL | CAPITAL | DIGIT | BEYOND)) ? at : 0;
}

static bool tokenizer_word(sl_tokenizer_place *p)
{
    const size_t from = p->at, most = p->length - from > TOKENIZER_WORD ? from + TOKENIZER_WORD : p->length;
    const unsigned char first = (unsigned char)p->text[from];
    const bool number = tokenizer_class[first] == DIGIT;
    if (((first | 32) == 'h' || (first | 32) == 'w' || (first | 32) == 'f')) {
        const size_t url = sl_tokenizer_url(p);
        if (url) {
            p->at = from + url;
            return sl_tokenizer_plain(p, from, p->at, SL_TOKEN_URL, true);
        }
    }
    unsigned seen = 0;
    size_t at = from;
    for (;;) {
        unsigned is = 0;
        while (at < most && (is = tokenizer_class[(unsigned char)p->text[at]]) <= DIGIT) {
            seen |= is;
            at++;
        }
        if (at >= most)
            break;
        const char c = p->text[at];
        const unsigned next = tokenizer_at(p, at + 1);
        if (is >= BEYOND || (p->html && c == ' ' && at + 1 < p->length && p->text[at + 1] == '#'))
            return sl_tokenizer_beyond(p);
        if (c == '\'' || c == '`') {
            if (next & BEYOND || (c == '`' && next & (SMALL | CAPITAL)))
                return sl_tokenizer_beyond(p);
            if (!(next & (SMALL | CAPITAL)))
                break;
            seen |= SMALL;
        } else if (number && seen == DIGIT && (c == ',' || c == '.' || c == '/' || c == '-' || c == ':')) {
            if (next & BEYOND)
                return sl_tokenizer_beyond(p);
            if (next != DIGIT)
                break;
        } else {
            if (c == '.' && at == from + 1 && !number) {
                const size_t initials = tokenizer_initials(p);
                seen |= initials ? CAPITAL : 0;
                at = initials ? initials : at;
            }
            break;
        }
        at++;
    }
    p->at = at;
    return sl_tokenizer_plain(p, from, at, number ? SL_TOKEN_NUMBER : SL_TOKEN_WORD, seen & CAPITAL);
}

/* ":)", ";-(": eyes, perhaps a nose, a mouth; its bytes, or 0. */
static size_t tokenizer_face(const char *text, size_t left)
{
    if (left < 2 || (text[0] != ':' && text[0] != ';' && text[0] != '='))
        return 0;
    const size_t mouth = left > 2 && text[1] == '-' ? 2 : 1;
    return text[mouth] == ')' || text[mouth] == '(' ? mouth + 1 : 0;
}

static bool tokenizer_mark(sl_tokenizer_place *p)
{
    const size_t from = p->at;
    const char c = p->text[from];
    bool ends;
    const size_t tag = c == '<' && p->html ? sl_tokenizer_tag(p, 1, &ends) : 0;
    if (tag) {
        p->at += tag;
        return !ends || sl_tokenizer_break(p, from, p->at);
    }
    size_t length = tokenizer_face(p->text + from, p->length - from);
    if (!length) {
        do
            p->at++;
        while (p->at < p->length && p->text[p->at] == c);
        length = p->at - from > 3 ? 3 : p->at - from;
    } else {
        p->at = from + length;
    }
    return !p->marks || sl_tokenizer_put(p, p->text + from, length, from, p->at, SL_TOKEN_MARK);
}

/* White space; an empty line ends a paragraph. */
static bool tokenizer_space(sl_tokenizer_place *p)
{
    const size_t from = p->at;
    int lines = 0;
    while (p->at < p->length && tokenizer_class[(unsigned char)p->text[p->at]] == SPACE)
        lines += p->text[p->at++] == '\n';
    return lines < 2 || sl_tokenizer_break(p, from, p->at);
}

sl_status sl_tokenize(const sl_tokenizer *tokenizer, const char *text, size_t length, sl_tokens *tokens)
{
    const double *option = tokenizer->option;
    sl_tokenizer_place place = { .text = text,
                                 .length = length,
                                 .out = tokens,
                                 .fold = option[TOKENIZER_CASE] == 0,
                                 .marks = option[TOKENIZER_MARKS] == 0,
                                 .mask_numbers = option[TOKENIZER_NUMBERS] != 0,
                                 .mask_urls = option[TOKENIZER_URLS] != 0,
                                 .html = option[TOKENIZER_HTML] == 0,
                                 .split = option[TOKENIZER_CONTRACTIONS] != 0 };
    sl_tokenizer_place *p = &place;
    tokens->count = tokens->folded_used = 0;
    sl_tokenizer_mail(p);
    bool well = true;
    while (well && p->at < length) {
        const unsigned char c = (unsigned char)text[p->at];
        const unsigned is = tokenizer_class[c];
        if (p->at >= p->mail_from) {
            if (p->at == p->mail_from) {
                p->at = p->mail_to;
                well = sl_tokenizer_plain(p, p->mail_from, p->mail_to, SL_TOKEN_URL, true);
            }
            sl_tokenizer_mail(p);
            continue;
        }
        if (is <= DIGIT)
            well = tokenizer_word(p);
        else if (c == ' ')
            p->at++;
        else if (is == MARK || (is == ENTITY && !p->html))
            well = tokenizer_mark(p);
        else if (is == SPACE)
            well = tokenizer_space(p);
        else if (is == BEYOND)
            well = sl_tokenizer_beyond(p);
        else if (is == ENTITY) {
            uint32_t other;
            well = sl_tokenizer_entity(text + p->at, length - p->at, &other) ? sl_tokenizer_beyond(p)
                                                                             : tokenizer_mark(p);
        } else {
            p->at++;
            well = c != SL_TEXT_JOIN || sl_tokenizer_break(p, p->at - 1, p->at);
        }
    }
    if (tokens->count && tokens->token[tokens->count - 1].kind == SL_TOKEN_BREAK)
        tokens->count--;
    for (size_t i = 0; i < tokens->count; i++)
        if (!tokens->token[i].text)
            tokens->token[i].text = tokens->folded + tokens->moved[i];
    return well ? SL_OK : tokens->ctx->status;
}
