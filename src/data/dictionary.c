/* dictionary.c - see dictionary.h */
#include "core/sort.h"
#include "data/dictionary.h"
#include "core/digest.h"
#include "core/number.h"

#include <string.h>

void sl_dictionary_init(sl_dictionary *dictionary, sl_ctx *ctx)
{
    *dictionary = (sl_dictionary){ .ctx = ctx };
}

void sl_dictionary_free(sl_dictionary *d)
{
    if (!d->ctx)
        return;
    sl_free(d->ctx, d->text);
    sl_free(d->ctx, d->offset);
    sl_free(d->ctx, d->table);
    *d = (sl_dictionary){ .ctx = d->ctx };
}

const char *sl_dictionary_word(const sl_dictionary *d, size_t code)
{
    return d->text + d->offset[code];
}

size_t sl_dictionary_length(const sl_dictionary *d, size_t code)
{
    return d->offset[code + 1] - d->offset[code] - 1;
}

/* The place in the hash table where the word is, or would be. */
static size_t dictionary_slot(const sl_dictionary *d, const char *word, size_t length)
{
    uint64_t hash = sl_digest_bytes(SL_DIGEST_START, word, length);
    size_t slot = (size_t)(hash ^ hash >> 32) & (d->slots - 1);
    while (d->table[slot]) {
        const size_t code = d->table[slot] - 1;
        if (sl_dictionary_length(d, code) == length && !memcmp(sl_dictionary_word(d, code), word, length))
            break;
        slot = (slot + 1) & (d->slots - 1);
    }
    return slot;
}

size_t sl_dictionary_find(const sl_dictionary *d, const char *word, size_t length)
{
    const size_t slot = d->slots ? dictionary_slot(d, word, length) : 0;
    return d->slots && d->table[slot] ? d->table[slot] - 1 : SIZE_MAX;
}

/* An array twice as large, or as large as needed. */
static bool dictionary_grow(sl_ctx *ctx, void *array, size_t *room, size_t wanted, size_t size)
{
    void **at = array;
    if (wanted <= *room)
        return true;
    size_t more = *room ? *room * 2 : 64;
    while (more < wanted)
        more *= 2;
    void *grown = sl_alloc_array(ctx, more, size);
    if (!grown)
        return false;
    if (*at)
        memcpy(grown, *at, *room * size);
    sl_free(ctx, *at);
    *at = grown;
    *room = more;
    return true;
}

static bool dictionary_rehash(sl_dictionary *d, size_t slots)
{
    uint32_t *table = sl_alloc_array(d->ctx, slots, sizeof *table);
    if (!table)
        return false;
    sl_free(d->ctx, d->table);
    d->table = table;
    d->slots = slots;
    for (size_t code = 0; code < d->count; code++)
        table[dictionary_slot(d, sl_dictionary_word(d, code), sl_dictionary_length(d, code))] =
            (uint32_t)code + 1;
    return true;
}

size_t sl_dictionary_add(sl_dictionary *d, const char *word, size_t length)
{
    const size_t found = sl_dictionary_find(d, word, length);
    if (found != SIZE_MAX)
        return found;
    const size_t end = d->count ? d->offset[d->count] : 0;
    if (d->count >= (size_t)1 << 31 ||
        !dictionary_grow(d->ctx, &d->offset, &d->room, d->count + 2, sizeof *d->offset) ||
        !dictionary_grow(d->ctx, &d->text, &d->text_room, end + length + 1, 1) ||
        (d->count * 2 >= d->slots && !dictionary_rehash(d, d->slots ? d->slots * 2 : 16)))
        return SIZE_MAX;
    d->offset[d->count] = end;
    memcpy(d->text + end, word, length);
    d->text[end + length] = 0;
    d->offset[d->count + 1] = end + length + 1;
    d->table[dictionary_slot(d, word, length)] = (uint32_t)d->count + 1;
    return d->count++;
}

typedef struct {
    const char *word;
    size_t length, code;
    double number;
} dictionary_entry;

static int dictionary_by_bytes(const void *a, const void *b)
{
    const dictionary_entry *x = a, *y = b;
    const size_t least = x->length < y->length ? x->length : y->length;
    const int order = memcmp(x->word, y->word, least);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static int dictionary_by_number(const void *a, const void *b)
{
    const dictionary_entry *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                  : dictionary_by_bytes(a, b);
}

sl_status sl_dictionary_sort(sl_dictionary *d, uint32_t *became)
{
    sl_ctx *ctx = d->ctx;
    dictionary_entry *entries = sl_alloc_array(ctx, d->count, sizeof *entries);
    bool numbers = true;
    if (!entries)
        return ctx->status;
    for (size_t code = 0; code < d->count; code++) {
        dictionary_entry *e = &entries[code];
        *e = (dictionary_entry){ sl_dictionary_word(d, code), sl_dictionary_length(d, code), code, 0 };
        numbers = numbers && sl_number_parse(e->word, &e->number);
    }
    sl_sort(entries, d->count, sizeof *entries, numbers ? dictionary_by_number : dictionary_by_bytes);
    sl_dictionary sorted;
    sl_dictionary_init(&sorted, ctx);
    for (size_t i = 0; i < d->count && !ctx->status; i++) {
        sl_dictionary_add(&sorted, entries[i].word, entries[i].length);
        if (became)
            became[entries[i].code] = (uint32_t)i;
    }
    sl_free(ctx, entries);
    if (ctx->status) {
        sl_dictionary_free(&sorted);
        return ctx->status;
    }
    sl_dictionary_free(d);
    *d = sorted;
    return SL_OK;
}

sl_status sl_dictionary_copy(sl_dictionary *to, sl_ctx *ctx, const sl_dictionary *from)
{
    sl_dictionary_init(to, ctx);
    for (size_t code = 0; code < from->count && !ctx->status; code++)
        sl_dictionary_add(to, sl_dictionary_word(from, code), sl_dictionary_length(from, code));
    return ctx->status;
}
