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

/* --- the list --- */

void sl_tokens_init(sl_tokens *tokens, sl_ctx *ctx)
{
    *tokens = (sl_tokens){ .ctx = ctx };
}

void sl_tokens_free(sl_tokens *tokens)
{
    sl_free(tokens->ctx, tokens->token);
    sl_free(tokens->ctx, tokens->folded);
    sl_free(tokens->ctx, tokens->moved);
    *tokens = (sl_tokens){ .ctx = tokens->ctx };
}

static bool tokenizer_grow(sl_tokens *out)
{
    const size_t room = out->room ? out->room * 2 : 512;
    sl_token *token = sl_resize(out->ctx, out->token, room * sizeof *token);
    if (!token)
        return false;
    out->token = token;
    size_t *moved = sl_resize(out->ctx, out->moved, room * sizeof *moved);
    if (!moved)
        return false;
    out->moved = moved;
    out->room = room;
    return true;
}

static char *tokenizer_room(sl_tokens *out, size_t bytes)
{
    if (out->folded_used + bytes > out->folded_room) {
        const size_t room = out->folded_room * 2 + bytes + 1024;
        char *folded = sl_resize(out->ctx, out->folded, room);
        if (!folded)
            return NULL;
        out->folded = folded;
        out->folded_room = room;
    }
    return out->folded + out->folded_used;
}

/* text NULL: what was just put behind the folded bytes. */
static bool tokenizer_put(sl_tokenizer_place *p, const char *text, size_t length, size_t from, size_t to,
                          sl_token_kind kind)
{
    sl_tokens *out = p->out;
    if (out->count == out->room && !tokenizer_grow(out))
        return false;
    out->token[out->count] = (sl_token){ text, length, from, to, kind };
    out->moved[out->count++] = out->folded_used;
    out->folded_used += text ? 0 : length;
    return true;
}

/* Bytes of the ending that is cut off: n't, 's, 'm, 'd, 're, 've, 'll; 0: none. */
static size_t tokenizer_ending(const char *word, size_t length)
{
    static const char *const endings[] = { "n't", "'re", "'ve", "'ll", "'s", "'m", "'d" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t n = strlen(endings[i]);
        size_t same = 0;
        while (length > n && same < n) {
            const char c = word[length - n + same];
            if ((c >= 'A' && c <= 'Z' ? c | 32 : c) != endings[i][same])
                break;
            same++;
        }
        if (same == n)
            return n;
    }
    return 0;
}

/* The token just put in two, where it ends so. In the text its last bytes are the ending's letters, whatever
 * is written for the apostrophe before them. */
static bool tokenizer_cut(sl_tokenizer_place *p)
{
    sl_tokens *out = p->out;
    sl_token whole = out->token[out->count - 1];
    const size_t place = out->moved[out->count - 1];
    const char *text = whole.text ? whole.text : out->folded + place;
    const size_t ending = tokenizer_ending(text, whole.length);
    if (!ending)
        return true;
    const size_t letters = text[whole.length - ending] == '\'' ? ending - 1 : 1;
    size_t cut = whole.to - letters; /* behind the apostrophe */
    if (p->text[cut - 1] == ';') {   /* an entity, of which some have lost the & and got a space */
        while (cut > whole.from + 1 && p->text[cut - 1] != '#' && p->text[cut - 1] != '&')
            cut--;
        cut -= p->text[cut - 1] == '#' && cut - 1 > whole.from && strchr("& ", p->text[cut - 2]) ? 1 : 0;
    } else {
        while ((p->text[cut - 1] & 0xC0) == 0x80)
            cut--;
    }
    cut -= letters == 1 && text[whole.length - ending] != '\'' ? 2 : 1;
    if (cut <= whole.from || cut >= whole.to)
        return true;
    if (out->count == out->room && !tokenizer_grow(out))
        return false;
    const size_t head = whole.length - ending;
    sl_token *token = out->token + out->count - 1;
    token[0].length = head;
    token[0].to = cut;
    token[1] = (sl_token){ whole.text ? whole.text + head : NULL, ending, cut, whole.to, whole.kind };
    out->moved[out->count++] = place + head;
    return true;
}

bool sl_tokenizer_plain(sl_tokenizer_place *p, size_t from, size_t to, sl_token_kind kind, bool upper)
{
    const size_t length = to - from;
    if (kind == SL_TOKEN_NUMBER && p->mask_numbers)
        return tokenizer_put(p, "<number>", 8, from, to, kind);
    if (kind == SL_TOKEN_URL && p->mask_urls)
        return tokenizer_put(p, "<url>", 5, from, to, kind);
    if (!upper || !p->fold)
        return tokenizer_put(p, p->text + from, length, from, to, kind) &&
               (!p->split || kind != SL_TOKEN_WORD || tokenizer_cut(p));
    char *folded = tokenizer_room(p->out, length);
    if (!folded)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char c = p->text[from + i];
        folded[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    return tokenizer_put(p, NULL, length, from, to, kind) &&
           (!p->split || kind != SL_TOKEN_WORD || tokenizer_cut(p));
}

bool sl_tokenizer_other(sl_tokenizer_place *p, const char *bytes, size_t length, size_t from, size_t to,
                        sl_token_kind kind)
{
    if ((kind == SL_TOKEN_MARK && !p->marks) || !length)
        return true;
    char *folded = tokenizer_room(p->out, length);
    if (!folded)
        return false;
    memcpy(folded, bytes, length);
    return tokenizer_put(p, NULL, length, from, to, kind) &&
           (!p->split || kind != SL_TOKEN_WORD || tokenizer_cut(p));
}

bool sl_tokenizer_break(sl_tokenizer_place *p, size_t from, size_t to)
{
    const sl_tokens *out = p->out;
    if (!out->count || out->token[out->count - 1].kind == SL_TOKEN_BREAK)
        return true;
    return tokenizer_put(p, "", 0, from, to, SL_TOKEN_BREAK);
}

/* --- the loop --- */

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
    const size_t tag = c == '<' && p->html ? sl_tokenizer_tag(p, &ends) : 0;
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
    return !p->marks || tokenizer_put(p, p->text + from, length, from, p->at, SL_TOKEN_MARK);
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
