/* augment.h - what the tests of augmentation share. */
#ifndef TESTS_AUGMENT_H
#define TESTS_AUGMENT_H

#include "data/augment.h"
#include "engine.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, MOST = 4096 };
#define AUGMENT_ALL "elastic alpha=40 sigma=5, rotate 10, scale 0.1, shear 0.1, shift 1, flip, noise 0.05"

static inline sl_augment *augment_made(sl_ctx *ctx, const char *words, sl_shape row)
{
    sl_augment *a = sl_augment_new(ctx, words, row);
    assert_fine(ctx);
    assert_non_null(a);
    return a;
}

static inline const sl_augmentation *augment_word(sl_ctx *ctx, const char *name)
{
    const sl_augmentation *word = sl_augmentation_find(ctx, name, strlen(name));
    assert_non_null(word);
    return word;
}

static inline size_t augment_numbers(sl_shape s)
{
    size_t n = 1;
    for (int i = 0; i < s.rank; i++)
        n *= (size_t)s.dim[i];
    return n;
}

#endif
