/* tokenizer.h - a text becomes tokens: words, numbers, marks. What decides how stands in the model file. */
#ifndef SL_TEXT_TOKENIZER_H
#define SL_TEXT_TOKENIZER_H

#include "core/option.h"

typedef struct {
    double option[SL_MOST_OPTIONS]; /* of sl_tokenizer_options, in their order */
} sl_tokenizer;
extern const sl_option sl_tokenizer_options[7];
/* "case=keep marks=drop" -> a tokenizer; NULL or "": all defaults. SL_EINVAL names the words there are. */
sl_status sl_tokenizer_read(sl_ctx *ctx, const char *words, sl_tokenizer *to);
/* The options that are not the default, in words; nothing is added where all are. */
void sl_tokenizer_describe(const sl_tokenizer *tokenizer, sl_text *text);

typedef enum {
    SL_TOKEN_WORD,
    SL_TOKEN_NUMBER,
    SL_TOKEN_MARK, /* punctuation, a symbol: one character */
    SL_TOKEN_URL,
    SL_TOKEN_BREAK /* of length 0: no n-gram reaches over it (a paragraph's end, another column's text) */
} sl_token_kind;
const char *sl_token_kind_name(sl_token_kind kind); /* "word" */
typedef struct {
    const char *text; /* as vocabularies have it: folded, composed; of `length` bytes, not closed. It lies in
                         the text itself, or in the list's memory */
    size_t length;
    size_t from, to; /* which bytes of the text it was */
    sl_token_kind kind;
} sl_token;

typedef struct { /* what one text was cut into; used again for the next one */
    sl_ctx *ctx;
    sl_token *token;
    size_t count, room;
    char *folded; /* memory for tokens that are not as they stand in the text */
    size_t folded_used, folded_room;
    size_t *moved; /* [count] places in `folded`, while it may still move */
} sl_tokens;
void sl_tokens_init(sl_tokens *tokens, sl_ctx *ctx);
void sl_tokens_free(sl_tokens *tokens);
/* Of valid UTF-8. tokens is emptied first. Any text of at most 2^31 bytes; SL_ENOMEM, and SL_EINVAL where
 * letters beyond ASCII are met in a build without utf8proc. Linear in the text's length. */
sl_status sl_tokenize(const sl_tokenizer *tokenizer, const char *text, size_t length, sl_tokens *tokens);

#endif
