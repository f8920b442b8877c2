/* vocabulary.h - words by their bytes, and n-grams by what they are made of: exact, whatever the hash says.
 */
#ifndef SL_TEXT_VOCABULARY_H
#define SL_TEXT_VOCABULARY_H

#include "core/ctx.h"

/* The same on every machine: buckets of hashed n-grams follow from it, and model files rely on that. */
uint64_t sl_text_hash(const char *bytes, size_t length);
/* Of an n-gram: the hash of its first words with that of the next. */
static inline uint64_t sl_text_hash_join(uint64_t before, uint64_t word)
{
    uint64_t h = (before ^ before >> 29) * UINT64_C(0x9FB21C651E98DF25) + word;
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

typedef struct {
    sl_ctx *ctx;
    char *text; /* one after the other */
    size_t text_room;
    size_t *offset; /* [count + 1] */
    size_t count, room;
    uint64_t *slot; /* [slots], a power of two: the hash's upper half, and the number plus 1; 0: free */
    size_t slots;
} sl_vocabulary;

void sl_vocabulary_init(sl_vocabulary *v, sl_ctx *ctx);
void sl_vocabulary_free(sl_vocabulary *v);
static inline const char *sl_vocabulary_word(const sl_vocabulary *v, size_t number, size_t *length)
{
    *length = v->offset[number + 1] - v->offset[number];
    return v->text + v->offset[number];
}
static inline void sl_vocabulary_prefetch(const sl_vocabulary *v, uint64_t hash)
{
#if defined(__GNUC__)
    if (v->slots)
        __builtin_prefetch(v->slot + ((hash >> 32) & (v->slots - 1)));
#else
    (void)v, (void)hash;
#endif
}
size_t sl_vocabulary_find(const sl_vocabulary *v, uint64_t hash, const char *word, size_t length);
/* Its number, which is new where it was not there; SIZE_MAX: out of memory, or 2^31 words. */
size_t sl_vocabulary_add(sl_vocabulary *v, uint64_t hash, const char *word, size_t length);
sl_status sl_vocabulary_copy(sl_vocabulary *to, sl_ctx *ctx, const sl_vocabulary *from);

/* n-grams: feature `first + i` is feature pair[i].prefix with the word pair[i].word behind it. */
typedef struct {
    int prefix, word;
} sl_pair;
typedef struct {
    int prefix, word, feature; /* feature -1: free */
} sl_pair_slot;
typedef struct {
    sl_ctx *ctx;
    sl_pair *pair; /* [count] */
    size_t count, first;
    sl_pair_slot *slot; /* [1 << bits] */
    int bits;           /* 0: no slots */
} sl_pairs;
void sl_pairs_free(sl_pairs *pairs);
/* Makes the slots; SL_EFORMAT-worthy nonsense (the same pair twice) gives false in *unique. */
sl_status sl_pairs_index(sl_pairs *pairs, bool *unique);
static inline size_t sl_pairs_place(const sl_pairs *pairs, int prefix, int word)
{
    uint64_t h = (uint64_t)(uint32_t)prefix << 32 | (uint32_t)word;
    h = (h ^ h >> 29) * UINT64_C(0x9FB21C651E98DF25);
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return (size_t)(h >> (64 - pairs->bits));
}
static inline void sl_pairs_prefetch(const sl_pairs *pairs, size_t place)
{
#if defined(__GNUC__)
    __builtin_prefetch(pairs->slot + place);
#else
    (void)pairs, (void)place;
#endif
}
static inline int sl_pairs_find(const sl_pairs *pairs, size_t place, int prefix, int word)
{
    for (const size_t mask = ((size_t)1 << pairs->bits) - 1;; place = (place + 1) & mask) {
        const sl_pair_slot *slot = pairs->slot + place;
        if (slot->feature < 0 || (slot->prefix == prefix && slot->word == word))
            return slot->feature;
    }
}

#endif
