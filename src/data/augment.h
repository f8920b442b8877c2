/* augment.h - rows changed at random before each step, from words: see slope.h, and augment/augmentation.h
 * for what a word is.
 *
 * Random numbers: counter (SL_FOR_AUGMENT, a = epoch, b = position in the epoch, index = word << 48 |
 * position / 2^32 << 32 | block). The position counts the rows of an epoch in the order in which training
 * takes them, so results depend neither on the size of batches nor on threads nor on where training was
 * resumed, and a row that is drawn twice is changed in two ways. */
#ifndef SL_DATA_AUGMENT_H
#define SL_DATA_AUGMENT_H

#include "core/text.h"
#include "data/augment/augmentation.h"

/* x [count, features], prepared inputs, in place: rows `first` .. of this epoch (both from 0), on the
 * context's threads. Cannot fail, allocates nothing. */
void sl_augment_rows(sl_augment *augment, uint32_t epoch, size_t first, size_t count, sl_real *x);
/* For logs and files: the words with all their numbers. Reads back as the same. */
void sl_augment_describe(const sl_augment *augment, sl_text *text);
/* One picture moved by this warp alone, in place: for tests. */
void sl_augment_warp(sl_augment *augment, const sl_warp *warp, sl_real *x);
/* The field [height, 2, wide] of one position, borrowed until the next call; NULL: no word bends. */
const sl_real *sl_augment_field(sl_augment *augment, uint32_t epoch, size_t position);

#endif
