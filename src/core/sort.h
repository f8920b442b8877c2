/* sort.h - a sort of our own: qsort leaves equal elements in whatever order the C library at hand likes, and
 * may take memory. */
#ifndef SL_CORE_SORT_H
#define SL_CORE_SORT_H

#include <stddef.h>

/* Puts `count` elements of `size` > 0 bytes in order as qsort does, but equal ones stay in the order they
 * had. Takes no memory but about 12 KB of the stack, and cannot fail. Sorted ones take count - 1 comparisons,
 * others at most about count * log2(count), twice as many where elements are near 8 KB or larger. base may be
 * NULL when count is 0. The comparison sees elements at other places than their own, aligned as any type of C
 * needs it: what it says must depend on what they hold alone. Where it contradicts itself (NaN equal to
 * everything) there is no right order; the one that comes is the same on every system. */
void sl_sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
