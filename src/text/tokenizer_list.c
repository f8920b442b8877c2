/* tokenizer_list.c - the tokens of a text, in memory that is used again; contractions in two. */
#include "text/tokenizer_parts.h"

#include <string.h>

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

static bool list_grow(sl_tokens *out)
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

static char *list_room(sl_tokens *out, size_t bytes)
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

bool sl_tokenizer_put(sl_tokenizer_place *p, const char *text, size_t length, size_t from, size_t to,
                      sl_token_kind kind)
{
    sl_tokens *out = p->out;
    if (out->count == out->room && !list_grow(out))
        return false;
    out->token[out->count] = (sl_token){ text, length, from, to, kind };
    out->moved[out->count++] = out->folded_used;
    out->folded_used += text ? 0 : length;
    return true;
}

/* Bytes of the ending that is cut off: n't, 's, 'm, 'd, 're, 've, 'll; 0: none. */
static size_t list_ending(const char *word, size_t length)
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
static bool list_split(sl_tokenizer_place *p, sl_token_kind kind)
{
    if (!p->split || kind != SL_TOKEN_WORD)
        return true;
    sl_tokens *out = p->out;
    sl_token whole = out->token[out->count - 1];
    const size_t place = out->moved[out->count - 1];
    const char *text = whole.text ? whole.text : out->folded + place;
    const size_t ending = list_ending(text, whole.length);
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
    if (out->count == out->room && !list_grow(out))
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
        return sl_tokenizer_put(p, "<number>", 8, from, to, kind);
    if (kind == SL_TOKEN_URL && p->mask_urls)
        return sl_tokenizer_put(p, "<url>", 5, from, to, kind);
    if (!upper || !p->fold)
        return sl_tokenizer_put(p, p->text + from, length, from, to, kind) && list_split(p, kind);
    char *folded = list_room(p->out, length);
    if (!folded)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char c = p->text[from + i];
        folded[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    return sl_tokenizer_put(p, NULL, length, from, to, kind) && list_split(p, kind);
}

bool sl_tokenizer_other(sl_tokenizer_place *p, const char *bytes, size_t length, size_t from, size_t to,
                        sl_token_kind kind)
{
    if ((kind == SL_TOKEN_MARK && !p->marks) || !length)
        return true;
    char *folded = list_room(p->out, length);
    if (!folded)
        return false;
    memcpy(folded, bytes, length);
    return sl_tokenizer_put(p, NULL, length, from, to, kind) && list_split(p, kind);
}

bool sl_tokenizer_break(sl_tokenizer_place *p, size_t from, size_t to)
{
    const sl_tokens *out = p->out;
    if (!out->count || out->token[out->count - 1].kind == SL_TOKEN_BREAK)
        return true;
    return sl_tokenizer_put(p, "", 0, from, to, SL_TOKEN_BREAK);
}
