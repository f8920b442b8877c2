/* tokenizer_parts.h - what the tokenizer's files share: the place in the text, and the list that grows. */
#ifndef SL_TEXT_TOKENIZER_PARTS_H
#define SL_TEXT_TOKENIZER_PARTS_H

#include "data/data.h"
#include "text/tokenizer.h"
#include "text/unicode.h"

enum {
    TOKENIZER_CASE,
    TOKENIZER_MARKS,
    TOKENIZER_NUMBERS,
    TOKENIZER_URLS,
    TOKENIZER_HTML,
    TOKENIZER_CONTRACTIONS
};
/* The longest word or number in characters, the longest address in bytes: what is longer is cut there. That
 * keeps time linear and vocabularies sane, whatever the text is. */
enum { TOKENIZER_WORD = 255, TOKENIZER_ADDRESS = 2047 };

typedef struct {
    const char *text;
    size_t length, at;
    sl_tokens *out;
    bool fold, marks, mask_numbers, mask_urls, html, split;
    size_t tag_end; /* where the next < or > is that was looked for; length: there is none; 0: not yet */
    size_t mail_from, mail_to; /* the next mail address; SIZE_MAX: there is none */
} sl_tokenizer_place;

/* Any token; text NULL: its bytes were just put behind the folded ones, which may still move. False: out of
 * memory. */
bool sl_tokenizer_put(sl_tokenizer_place *p, const char *text, size_t length, size_t from, size_t to,
                      sl_token_kind kind);
/* A token that is text[from .. to) in lower case where letters are folded (upper: it has capitals), all ASCII
 * or not to be changed. False: out of memory. */
bool sl_tokenizer_plain(sl_tokenizer_place *p, size_t from, size_t to, sl_token_kind kind, bool upper);
/* A token of other bytes than those in the text; copied. */
bool sl_tokenizer_other(sl_tokenizer_place *p, const char *bytes, size_t length, size_t from, size_t to,
                        sl_token_kind kind);
bool sl_tokenizer_break(sl_tokenizer_place *p, size_t from, size_t to);

/* The character at `at`, an entity decoded; returns the bytes it takes. */
size_t sl_tokenizer_next(const sl_tokenizer_place *p, size_t at, uint32_t *c);
/* At p->at is something beyond ASCII or an entity, or a word that has such in it: one token, or none. */
bool sl_tokenizer_beyond(sl_tokenizer_place *p);

/* The entity at text[0], "&lt;" or "&#39;" or "#39;": its bytes and what it stands for; 0: none. */
size_t sl_tokenizer_entity(const char *text, size_t left, uint32_t *c);
/* At p->at is a '<' of so many bytes (an entity): a tag? Returns its bytes, 0: none. ends: a paragraph. */
size_t sl_tokenizer_tag(sl_tokenizer_place *p, size_t opening, bool *ends);

/* Bytes of the address at p->at, which is a letter ("https://...", "www.x.org"); 0: none. */
size_t sl_tokenizer_url(const sl_tokenizer_place *p);
/* Finds the first mail address from p->at on. */
void sl_tokenizer_mail(sl_tokenizer_place *p);

#endif
