/* vectors.c - fuzz: a file of word vectors. Whatever the bytes are, there are words with finite numbers or a
 * sentence, no more memory is asked for than the bytes justify, and what was read is written and read again
 * as the same. */
#include "place.h"

#include "core/file.h"
#include "text/vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A first vector whose bytes are all letters and marks reads as a line of text. */
static bool fuzz_vectors_printable(const sl_vectors *v)
{
    for (int k = 0; k < sl_vectors_size(v); k++) {
        const float number = (float)sl_vectors_values(v, 0)[k];
        unsigned char byte[sizeof number];
        memcpy(byte, &number, sizeof number);
        for (size_t i = 0; i < sizeof number; i++)
            if ((byte[i] < 0x20 && byte[i] != '\t' && byte[i] != '\r' && byte[i] != '\n') || byte[i] >= 0x7f)
                return false;
    }
    return true;
}

static void fuzz_vectors_again(sl_ctx *ctx, const sl_vectors *v, const char *ending)
{
    if (!strcmp(ending, "bin") && (!sl_vectors_count(v) || fuzz_vectors_printable(v)))
        return;
    char path[128], name[8];
    snprintf(name, sizeof name, "a.%s", ending);
    fuzz_place_folder();
    fuzz_place_path(path, name);
    if (sl_vectors_write(v, path)) { /* a word with a blank, and a binary file */
        if (sl_error(ctx) != SL_EINVAL)
            abort();
        sl_clear(ctx);
        return;
    }
    sl_vectors *again = sl_vectors_read(ctx, path);
    if (!again || sl_vectors_count(again) != sl_vectors_count(v) ||
        sl_vectors_digest(again) != sl_vectors_digest(v))
        abort();
    for (size_t i = 0; i < sl_vectors_count(v); i++)
        if (sl_dictionary_length(&again->words, i) != sl_dictionary_length(&v->words, i))
            abort();
    sl_vectors_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_vectors *v = sl_vectors_parse(ctx, "a", bytes, size);
    if (!v == !sl_error(ctx) || (!v && !strlen(sl_message(ctx))))
        abort();
    if (sl_ctx_peak_bytes(ctx) > (1 << 16) + 64 * size)
        abort();
    for (size_t i = 0; v && i < sl_vectors_count(v); i++) {
        const char *word = sl_dictionary_word(&v->words, i);
        const size_t length = sl_dictionary_length(&v->words, i);
        if (!length || sl_vectors_find_n(v, word, length) != i)
            abort();
        for (int k = 0; k < sl_vectors_size(v); k++)
            if (sl_vectors_values(v, i)[k] - sl_vectors_values(v, i)[k] != 0)
                abort();
    }
    if (v) {
        fuzz_vectors_again(ctx, v, "vec");
        fuzz_vectors_again(ctx, v, "bin");
    }
    sl_vectors_free(v);
    if (sl_error(ctx) == SL_OK && sl_ctx_bytes(ctx))
        abort();
    sl_ctx_free(ctx);
    return 0;
}
