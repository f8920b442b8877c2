/* dictionary.h - words and their codes: 0, 1, ... in the order in which they were added, or sorted. */
#ifndef SL_DATA_DICTIONARY_H
#define SL_DATA_DICTIONARY_H

#include "core/ctx.h"

typedef struct {
    sl_ctx *ctx;
    char *text;      /* all words behind one another, each closed by a 0 */
    size_t *offset;  /* [count + 1]: where word i begins; it ends one byte (the 0) before the next */
    uint32_t *table; /* hash table of codes + 1; [slots], a power of two */
    size_t count, slots, room, text_room;
} sl_dictionary;

void sl_dictionary_init(sl_dictionary *dictionary, sl_ctx *ctx);
void sl_dictionary_free(sl_dictionary *dictionary); /* a zeroed one is allowed */
/* The code of these bytes; SIZE_MAX: it has no such word. */
size_t sl_dictionary_find(const sl_dictionary *dictionary, const char *word, size_t length);
/* The same, and a new word is added. SIZE_MAX: memory ran out (the context's error), or 2^31 words. */
size_t sl_dictionary_add(sl_dictionary *dictionary, const char *word, size_t length);
const char *sl_dictionary_word(const sl_dictionary *dictionary, size_t code); /* closed by a 0 */
size_t sl_dictionary_length(const sl_dictionary *dictionary, size_t code);    /* of that word, in bytes */
/* Codes in a new order: as numbers where all words are numbers, else by bytes. became [count], or NULL:
 * became[old code] = new code. */
sl_status sl_dictionary_sort(sl_dictionary *dictionary, uint32_t *became);
sl_status sl_dictionary_copy(sl_dictionary *to, sl_ctx *ctx, const sl_dictionary *from);

#endif
