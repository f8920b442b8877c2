/* net_pack.c - the layers of --net as a list for sl_model_new. */
#include "model/model.h"

#include <string.h>

/* Where layers first .. last - 1 are copied to; those inside of them behind `*free`, each list with its end.
 */
static void pack_nest(const sl_flat *flat, int first, int last, sl_layer *to, sl_layer **free)
{
    for (int i = first; i < last; i += 1 + flat[i].inner) {
        *to = flat[i].spec;
        if (flat[i].inner) {
            sl_layer *inside = *free;
            to->layers = inside;
            for (int j = i + 1; j < i + 1 + flat[i].inner; j += 1 + flat[j].inner)
                ++*free;
            ++*free;
            pack_nest(flat, i + 1, i + 1 + flat[i].inner, inside, free);
        }
        to++;
    }
}

/* A pointer into the words of another copy. */
static void pack_move(sl_layer *layer, const char *from, const char *to)
{
    const sl_layer_word *word;
    if (layer->name)
        layer->name = to + (layer->name - from);
    for (size_t w = 0; (word = sl_layer_word_at(w)); w++)
        if (word->kind == SL_WORD_TEXT && sl_layer_given(layer, word)) {
            const char **text = sl_layer_text(layer, word);
            *text = to + (*text - from);
        }
}

sl_layer *sl_net_parse(sl_ctx *ctx, const char *net, int more, int *count)
{
    int all, groups = 0;
    char *words;
    *count = 0;
    sl_flat *flat = sl_net_read(ctx, net, &all, &words);
    if (!flat)
        return NULL;
    for (int i = 0; i < all; i++)
        groups += flat[i].inner > 0;
    for (int i = 0; i < all; i += 1 + flat[i].inner)
        ++*count;
    const size_t places = (size_t)all + (size_t)groups + (size_t)more + 1, bytes = strlen(net) + 2;
    sl_layer *block = sl_alloc(ctx, places * sizeof *block + bytes);
    if (block) {
        char *kept = memcpy(block + places, words, bytes);
        for (int i = 0; i < all; i++)
            pack_move(&flat[i].spec, words, kept);
        sl_layer *free = block + *count + more + 1;
        pack_nest(flat, 0, all, block, &free);
    }
    sl_free(ctx, flat);
    sl_free(ctx, words);
    return block;
}
