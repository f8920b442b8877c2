/* tokenizer.c - fuzz: bytes become tokens, by options that the first byte picks: in order, inside the text,
 * valid UTF-8, the same again; and views of them can be made. */
#include "core/json.h"
#include "text/views.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_tokens(const sl_tokens *tokens, size_t length)
{
    size_t before = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const sl_token *token = &tokens->token[i];
        if (token->from < before || token->to <= token->from || token->to > length)
            abort();
        before = token->to;
        if ((token->length == 0) != (token->kind == SL_TOKEN_BREAK))
            abort();
        for (size_t at = 0, used; at < token->length; at += used)
            if (!(used = sl_utf8_length(token->text + at, token->length - at)))
                abort();
        for (size_t at = 0; at < token->length; at++)
            if ((unsigned char)token->text[at] < 0x20)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const options[] = { "",
                                           "case=keep",
                                           "marks=drop",
                                           "numbers=mask urls=mask",
                                           "html=keep",
                                           "contractions=split",
                                           "case=keep contractions=split",
                                           "html=keep marks=drop" };
    if (!size)
        return 0;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tokenizer tokenizer;
    sl_tokens tokens;
    const char *text = (const char *)data + 1, *words = options[data[0] & 7];
    sl_tokens_init(&tokens, ctx);
    sl_tokenizer_read(ctx, words, &tokenizer);
    if (sl_tokenize(&tokenizer, text, size - 1, &tokens)) {
        if (sl_error(ctx) != SL_EINVAL) /* letters that a build without utf8proc does not know */
            abort();
    } else {
        fuzz_tokens(&tokens, size - 1);
        sl_tokenized *look = sl_tokenize_text(ctx, text, size - 1, words, "words ngrams=3, characters");
        if (!look && tokens.count && sl_error(ctx) != SL_EINVAL)
            abort();
        sl_tokenized_free(look);
    }
    sl_tokens_free(&tokens);
    sl_ctx_free(ctx);
    return 0;
}
