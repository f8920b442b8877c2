/* chosen.c - see chosen.h */
#include "data/chosen.h"
#include "core/bits.h"

enum { CHOSEN_GROUP = 8 }; /* words that share a count: 512 places */

static size_t chosen_words(size_t places)
{
    return places / 64 + (places % 64 != 0);
}

static size_t chosen_groups(size_t places)
{
    return (chosen_words(places) + CHOSEN_GROUP - 1) / CHOSEN_GROUP;
}

sl_chosen *sl_chosen_new(sl_ctx *ctx, size_t places)
{
    sl_chosen *chosen = sl_alloc(ctx, sizeof *chosen);
    if (!chosen)
        return NULL;
    *chosen = (sl_chosen){ .ctx = ctx, .places = places };
    chosen->word = sl_alloc_array(ctx, chosen_words(places), sizeof *chosen->word);
    chosen->before = sl_alloc_array(ctx, chosen_groups(places) + 1, sizeof *chosen->before);
    if (chosen->word && chosen->before)
        return chosen;
    sl_chosen_free(chosen);
    return NULL;
}

void sl_chosen_free(sl_chosen *chosen)
{
    if (!chosen)
        return;
    sl_free(chosen->ctx, chosen->word);
    sl_free(chosen->ctx, chosen->before);
    sl_free(chosen->ctx, chosen);
}

void sl_chosen_close(sl_chosen *chosen)
{
    const size_t words = chosen_words(chosen->places);
    chosen->rows = 0;
    for (size_t w = 0; w < words; w++) {
        if (w % CHOSEN_GROUP == 0)
            chosen->before[w / CHOSEN_GROUP] = chosen->rows;
        chosen->rows += (size_t)sl_bits_count(chosen->word[w]);
    }
    chosen->before[chosen_groups(chosen->places)] = chosen->rows;
}

size_t sl_chosen_at(const sl_chosen *chosen, size_t row)
{
    size_t low = 0, high = chosen_groups(chosen->places); /* before[low] <= row < before[high] */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (chosen->before[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    size_t left = row - chosen->before[low], w = low * CHOSEN_GROUP;
    for (size_t here; left >= (here = (size_t)sl_bits_count(chosen->word[w])); w++)
        left -= here;
    uint64_t word = chosen->word[w];
    while (left--)
        word &= word - 1;
    return w * 64 + (size_t)sl_bits_first(word);
}

size_t sl_chosen_from(const sl_chosen *chosen, size_t place)
{
    const size_t words = chosen_words(chosen->places);
    size_t w = place / 64;
    if (w >= words)
        return chosen->places;
    uint64_t word = chosen->word[w] >> place % 64 << place % 64;
    while (!word && ++w < words)
        word = chosen->word[w];
    return word ? w * 64 + (size_t)sl_bits_first(word) : chosen->places;
}
