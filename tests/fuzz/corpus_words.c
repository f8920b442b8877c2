/* corpus_words.c - fuzz: a file with a text a line, as `slope vectors` reads it, becomes numbers of words
 * that exist; the first byte picks the tokenizer and how rare a word may be. */
#include "place.h"

#include "text/corpus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const words[] = { "", "case=keep", "marks=drop numbers=mask", "contractions=split" };
    static const char *const names[] = { "a.txt", "a.jsonl", "a.csv", "a.txt.gz" };
    if (!size)
        return 0;
    char path[128];
    const char *name = names[data[0] >> 2 & 3];
    fuzz_place_write(name, data + 1, size - 1);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tokenizer tokenizer;
    sl_corpus corpus;
    sl_tokenizer_read(ctx, words[data[0] & 3], &tokenizer);
    sl_corpus_init(&corpus, ctx, &tokenizer);
    const sl_status status = sl_corpus_read(&corpus, fuzz_place_path(path, name));
    if (status != sl_error(ctx) || (status && !*sl_message(ctx)))
        abort();
    if (!status && !sl_corpus_rank(&corpus, 1 + (data[0] >> 4 & 1)))
        for (size_t i = 0; i < corpus.count; i++)
            if (corpus.id[i] >= 0 && (size_t)corpus.id[i] >= corpus.words.count)
                abort();
    sl_corpus_free(&corpus);
    if (sl_ctx_bytes(ctx) || sl_ctx_peak_bytes(ctx) > (8u << 20) + size * 1032 * 40)
        abort();
    sl_ctx_free(ctx);
    fuzz_place_remove(name);
    return 0;
}
