/* vectors_write.c - word vectors into a file: text as word2vec writes it, or (NAME.bin) its binary form. */
#include "core/bits.h"
#include "core/file.h"
#include "text/vectors.h"

#include <string.h>

static bool write_ends_with(const char *path, const char *ending)
{
    const size_t a = strlen(path), b = strlen(ending);
    return a >= b && strcmp(path + a - b, ending) == 0;
}

sl_status sl_vectors_write(const sl_vectors *v, const char *path)
{
    if (!v || v->ctx->status)
        return v ? v->ctx->status : SL_EINVAL;
    sl_ctx *ctx = v->ctx;
    sl_text text;
    if (!path)
        return sl_fail(ctx, SL_EINVAL, "sl_vectors_write: the path is NULL");
    if (write_ends_with(path, ".gz"))
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: word vectors are not packed while they are written: name it .vec, .txt or .bin, and "
            "pack it afterwards",
            path);
    const bool binary = write_ends_with(path, ".bin");
    sl_text_init(&text, ctx);
    sl_text_add(&text, "%zu %d\n", v->words.count, v->size);
    const size_t header = text.length;
    for (size_t word = 0; word < v->words.count && !text.failed; word++) {
        if (binary &&
            memchr(sl_dictionary_word(&v->words, word), ' ', sl_dictionary_length(&v->words, word))) {
            sl_text_free(&text);
            return sl_fail(
                ctx, SL_EINVAL,
                "%s: the word '%s' has a blank in it, where a binary file has words end: name it .vec", path,
                sl_dictionary_word(&v->words, word));
        }
        const sl_real *value = v->value + word * (size_t)v->size;
        sl_text_bytes(&text, sl_dictionary_word(&v->words, word), sl_dictionary_length(&v->words, word));
        if (binary)
            sl_text_bytes(&text, " ", 1);
        for (int i = 0; i < v->size; i++) {
            float x = (float)value[i];
            if (binary) {
                sl_bits_little(&x, 1, sizeof x);
                sl_text_bytes(&text, &x, sizeof x);
                continue;
            }
            char number[33] = " ";
            sl_number_text_float(number + 1, x);
            sl_text_bytes(&text, number, strlen(number));
        }
        sl_text_bytes(&text, "\n", 1);
    }
    const char *bytes = sl_text_string(&text);
    sl_status status;
    if (binary && !text.failed && v->words.count &&
        !sl_vectors_binary(bytes + header, bytes + text.length, (uint64_t)v->size))
        status = sl_fail(
            ctx, SL_EINVAL,
            "%s: the numbers of the word '%s' are the bytes of letters, and would be read as a text: name "
            "it .vec",
            path, sl_dictionary_word(&v->words, 0));
    else
        status = sl_file_write_text(ctx, path, &text, true);
    sl_text_free(&text);
    return status;
}
