/* vectors.c - see vectors.h and slope.h */
#include "text/vectors.h"
#include "core/digest.h"
#include "text/unicode.h"

#include <string.h>

enum { VECTORS_LONGEST = 1024 }; /* bytes of a word that is looked up folded */

sl_vectors *sl_vectors_new(sl_ctx *ctx, int size, size_t room)
{
    sl_vectors *v = sl_alloc(ctx, sizeof *v);
    if (!v)
        return NULL;
    *v = (sl_vectors){ .ctx = ctx, .size = size, .room = room };
    sl_dictionary_init(&v->words, ctx);
    sl_dictionary_init(&v->folded, ctx);
    if (room > SIZE_MAX / sizeof(sl_real) / (size_t)size)
        sl_fail(ctx, SL_ENOMEM, "%zu vectors of %d numbers are more than this machine's memory", room, size);
    else
        v->value = sl_alloc_unset(ctx, room * (size_t)size * sizeof *v->value);
    if (v->value)
        return v;
    sl_vectors_free(v);
    return NULL;
}

void sl_vectors_free(sl_vectors *v)
{
    if (!v)
        return;
    sl_dictionary_free(&v->words);
    sl_dictionary_free(&v->folded);
    sl_free(v->ctx, v->folded_word);
    sl_free(v->ctx, v->value);
    sl_free(v->ctx, v);
}

size_t sl_vectors_fold(const char *word, size_t length, char *to, size_t room)
{
    uint32_t c[SL_UNICODE_WORD] = { 0 };
    char folded[4 * SL_UNICODE_LONGEST];
    size_t count = 0, small = 0;
    while (small < length && (unsigned char)word[small] < 0x80 && (word[small] < 'A' || word[small] > 'Z'))
        small++;
    if (small == length)
        return 0; /* nearly all words */
    for (size_t at = 0; at < length;) {
        if (count == SL_UNICODE_WORD)
            return 0;
        at += sl_unicode_read(word + at, length - at, &c[count++]);
        if (c[count - 1] == SL_CHAR_WRONG)
            return 0;
        if (c[count - 1] >= 0x80 && !sl_unicode_there())
            return 0;
    }
    const size_t bytes = sl_unicode_fold(c, count, true, folded);
    if (!bytes || bytes > room || (bytes == length && memcmp(folded, word, length) == 0))
        return 0;
    memcpy(to, folded, bytes);
    return bytes;
}

/* Keeps the folded word, where that is another one. */
static bool vectors_add_folded(sl_vectors *v, const char *word, size_t length, size_t number)
{
    char folded[VECTORS_LONGEST];
    const size_t bytes = sl_vectors_fold(word, length, folded, sizeof folded), before = v->folded.count;
    if (!bytes)
        return true;
    const size_t code = sl_dictionary_add(&v->folded, folded, bytes);
    if (code == SIZE_MAX)
        return false;
    if (code < before)
        return true; /* the first one counts */
    if (code == v->folded_room) {
        const size_t more = v->folded_room ? v->folded_room * 2 : 64;
        uint32_t *larger = sl_resize(v->ctx, v->folded_word, more * sizeof *larger);
        if (!larger)
            return false;
        v->folded_word = larger;
        v->folded_room = more;
    }
    v->folded_word[code] = (uint32_t)number;
    return true;
}

sl_real *sl_vectors_add(sl_vectors *v, const char *word, size_t length)
{
    const size_t before = v->words.count, number = sl_dictionary_add(&v->words, word, length);
    if (number == SIZE_MAX)
        return NULL;
    v->twice += number < before;
    if (number < before || !vectors_add_folded(v, word, length, number))
        return NULL;
    return v->value + number * (size_t)v->size;
}

size_t sl_vectors_find_n(const sl_vectors *v, const char *word, size_t length)
{
    char folded[VECTORS_LONGEST];
    size_t found = sl_dictionary_find(&v->words, word, length);
    if (found != SIZE_MAX)
        return found;
    const size_t bytes = sl_vectors_fold(word, length, folded, sizeof folded);
    if (bytes) {
        word = folded;
        length = bytes;
        found = sl_dictionary_find(&v->words, word, length);
    }
    if (found == SIZE_MAX) {
        found = sl_dictionary_find(&v->folded, word, length);
        found = found == SIZE_MAX ? found : v->folded_word[found];
    }
    return found;
}

size_t sl_vectors_find(const sl_vectors *v, const char *word)
{
    return v && word ? sl_vectors_find_n(v, word, strlen(word)) : SIZE_MAX;
}

size_t sl_vectors_count(const sl_vectors *v)
{
    return v ? v->words.count : 0;
}

int sl_vectors_size(const sl_vectors *v)
{
    return v ? v->size : 0;
}

const char *sl_vectors_word(const sl_vectors *v, size_t word)
{
    return v && word < v->words.count ? sl_dictionary_word(&v->words, word) : NULL;
}

const sl_real *sl_vectors_values(const sl_vectors *v, size_t word)
{
    return v && word < v->words.count ? v->value + word * (size_t)v->size : NULL;
}

uint64_t sl_vectors_digest(const sl_vectors *v)
{
    return v ? sl_digest_reals(SL_DIGEST_START, v->value, v->words.count * (size_t)v->size) : 0;
}
