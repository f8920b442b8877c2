/* registry.c - the encodings of this folder by name. */
#include "data/encoding/encoding.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_encoding sl_encoding_##name;
#include "data/encoding/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_encoding_##name,
static const sl_encoding *const encoding_registry[] = {
#include "data/encoding/index.inc"
    NULL
};
#undef SL_INDEX
enum { ENCODING_COUNT = sizeof encoding_registry / sizeof *encoding_registry - 1 };

const sl_encoding *sl_encoding_at(size_t index)
{
    return index < ENCODING_COUNT ? encoding_registry[index] : NULL;
}

const sl_encoding *sl_encoding_find(sl_ctx *ctx, const char *words, double values[SL_MOST_OPTIONS])
{
    const char *names[ENCODING_COUNT];
    size_t named = 0;
    words += strspn(words, " \t");
    const size_t length = sl_option_name_length(words);
    for (size_t i = 0; i < ENCODING_COUNT; i++) {
        const sl_encoding *kind = encoding_registry[i];
        char place[64] = "encoding ";
        if (strlen(kind->name) == length && !memcmp(kind->name, words, length))
            return sl_options_read(ctx, strncat(place, kind->name, 32), kind->options, words + length, values,
                                   NULL)
                       ? NULL
                       : kind;
        if (!kind->hidden)
            names[named++] = kind->name;
    }
    char *copy = sl_strndup(ctx, words, length < 64 ? length : 64);
    if (copy)
        sl_fail_word(ctx, "encoding", copy, names, named);
    sl_free(ctx, copy);
    return NULL;
}
