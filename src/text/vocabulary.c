/* vocabulary.c - see vocabulary.h */
#include "text/vocabulary.h"
#include "core/bits.h"
#include "core/os.h"

#include <string.h>

static inline uint64_t vocabulary_load(const char *bytes, size_t count)
{
    uint64_t word = 0;
    memcpy(&word, bytes, count);
    sl_bits_little(&word, 1, sizeof word);
    return word;
}

uint64_t sl_text_hash(const char *bytes, size_t length)
{
    uint64_t h = (length + 1) * UINT64_C(0x9E3779B97F4A7C15);
    const char *end = bytes + length;
    for (; end - bytes > 8; bytes += 8) {
        h = (h ^ vocabulary_load(bytes, 8)) * UINT64_C(0x9FB21C651E98DF25);
        h ^= h >> 29;
    }
    const size_t left = (size_t)(end - bytes);
    uint64_t last = 0;
    if (length >= 8) /* the last eight bytes, some of them again */
        last = vocabulary_load(end - 8, 8);
    else if (left >= 4)
        last = vocabulary_load(bytes, 4) | vocabulary_load(end - 4, 4) << 32;
    else if (left)
        last = (uint64_t)(unsigned char)bytes[0] | (uint64_t)(unsigned char)bytes[left / 2] << 8 |
               (uint64_t)(unsigned char)end[-1] << 16;
    h = (h ^ last) * UINT64_C(0x9FB21C651E98DF25);
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

void sl_vocabulary_init(sl_vocabulary *v, sl_ctx *ctx)
{
    *v = (sl_vocabulary){ .ctx = ctx };
}

void sl_vocabulary_free(sl_vocabulary *v)
{
    if (!v->ctx)
        return;
    sl_free(v->ctx, v->text);
    sl_free(v->ctx, v->offset);
    sl_free(v->ctx, v->slot);
    *v = (sl_vocabulary){ .ctx = v->ctx };
}

static inline size_t vocabulary_slot(const sl_vocabulary *v, uint64_t hash, const char *word, size_t length)
{
    const uint64_t tag = hash >> 32;
    size_t slot = (size_t)tag & (v->slots - 1);
    for (; v->slot[slot]; slot = (slot + 1) & (v->slots - 1)) {
        if (v->slot[slot] >> 32 != tag)
            continue;
        size_t other;
        const char *found = sl_vocabulary_word(v, (size_t)(uint32_t)v->slot[slot] - 1, &other);
        if (other == length && !memcmp(found, word, length))
            break;
    }
    return slot;
}

size_t sl_vocabulary_find(const sl_vocabulary *v, uint64_t hash, const char *word, size_t length)
{
    if (!v->slots)
        return SIZE_MAX;
    const uint64_t found = v->slot[vocabulary_slot(v, hash, word, length)];
    return found ? (size_t)(uint32_t)found - 1 : SIZE_MAX;
}

/* A block of at least `wanted` elements; *room is how many. */
static bool vocabulary_room(sl_ctx *ctx, void *block, size_t *room, size_t wanted, size_t size)
{
    void **at = block;
    if (wanted <= *room)
        return true;
    const size_t more = wanted + *room + 256;
    void *grown = sl_resize(ctx, *at, more * size);
    if (!grown)
        return false;
    *at = grown;
    *room = more;
    return true;
}

static bool vocabulary_rehash(sl_vocabulary *v, size_t slots)
{
    uint64_t *slot = sl_alloc_array(v->ctx, slots, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < v->slots; i++)
        if (v->slot[i]) {
            size_t to = (size_t)(v->slot[i] >> 32) & (slots - 1);
            while (slot[to])
                to = (to + 1) & (slots - 1);
            slot[to] = v->slot[i];
        }
    sl_free(v->ctx, v->slot);
    v->slot = slot;
    v->slots = slots;
    return true;
}

size_t sl_vocabulary_add(sl_vocabulary *v, uint64_t hash, const char *word, size_t length)
{
    if (v->count * 2 >= v->slots && !vocabulary_rehash(v, v->slots ? v->slots * 2 : 64))
        return SIZE_MAX;
    const size_t slot = vocabulary_slot(v, hash, word, length);
    if (v->slot[slot])
        return (size_t)(uint32_t)v->slot[slot] - 1;
    const size_t end = v->count ? v->offset[v->count] : 0;
    if (v->count >= (size_t)INT32_MAX) {
        sl_fail(v->ctx, SL_EINVAL,
                "a vocabulary of more than %d words: raise least=, or set most=", INT32_MAX);
        return SIZE_MAX;
    }
    if (!vocabulary_room(v->ctx, &v->offset, &v->room, v->count + 2, sizeof *v->offset) ||
        !vocabulary_room(v->ctx, &v->text, &v->text_room, end + length, 1))
        return SIZE_MAX;
    v->offset[0] = 0;
    if (length)
        memcpy(v->text + end, word, length);
    v->offset[v->count + 1] = end + length;
    v->slot[slot] = hash >> 32 << 32 | (uint64_t)(v->count + 1);
    return v->count++;
}

sl_status sl_vocabulary_copy(sl_vocabulary *to, sl_ctx *ctx, const sl_vocabulary *from)
{
    sl_vocabulary_init(to, ctx);
    if (!from->count)
        return SL_OK;
    const size_t bytes = from->offset[from->count];
    to->text = sl_strndup(ctx, from->text, bytes);
    to->offset = sl_alloc_array(ctx, from->count + 1, sizeof *to->offset);
    to->slot = sl_alloc_array(ctx, from->slots, sizeof *to->slot);
    if (!to->text || !to->offset || !to->slot)
        return ctx->status;
    memcpy(to->offset, from->offset, (from->count + 1) * sizeof *to->offset);
    memcpy(to->slot, from->slot, from->slots * sizeof *to->slot);
    to->count = from->count;
    to->room = from->count + 1;
    to->text_room = bytes;
    to->slots = from->slots;
    return SL_OK;
}

void sl_pairs_free(sl_pairs *pairs)
{
    if (!pairs->ctx)
        return;
    sl_free(pairs->ctx, pairs->pair);
    sl_free(pairs->ctx, pairs->slot);
    *pairs = (sl_pairs){ .ctx = pairs->ctx };
}

sl_status sl_pairs_index(sl_pairs *pairs, bool *unique)
{
    enum { AHEAD = 16 };
    *unique = true;
    for (pairs->bits = 4; (size_t)3 << pairs->bits < pairs->count * 4; pairs->bits++) {
    }
    const size_t slots = (size_t)1 << pairs->bits, mask = slots - 1;
    pairs->slot = sl_alloc_unset(pairs->ctx, slots * sizeof *pairs->slot);
    if (!pairs->slot)
        return pairs->ctx->status;
    sl_os_large_pages(pairs->slot, slots * sizeof *pairs->slot);
    memset(pairs->slot, 0xFF, slots * sizeof *pairs->slot);
    for (size_t i = 0; i < pairs->count; i++) {
        if (i + AHEAD < pairs->count) {
            const sl_pair *next = pairs->pair + i + AHEAD;
            sl_pairs_prefetch(pairs, sl_pairs_place(pairs, next->prefix, next->word));
        }
        const sl_pair *pair = pairs->pair + i;
        size_t place = sl_pairs_place(pairs, pair->prefix, pair->word);
        for (; pairs->slot[place].feature >= 0; place = (place + 1) & mask)
            if (pairs->slot[place].prefix == pair->prefix && pairs->slot[place].word == pair->word)
                *unique = false;
        pairs->slot[place] = (sl_pair_slot){ pair->prefix, pair->word, (int)(pairs->first + i) };
    }
    return SL_OK;
}
