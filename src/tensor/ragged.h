/* ragged.h - what a batch of texts is beside its numbers: for each row a list of features, of any length. */
#ifndef SL_TENSOR_RAGGED_H
#define SL_TENSOR_RAGGED_H

#include "core/ctx.h"

enum { SL_MOST_VIEWS = 8 };

/* A row's features are numbered from 0 in each view; in `all` those of a view come behind those of the views
 * before it. With one view the two are the same memory. Values are the features' weights; NULL: all 1. */
typedef struct sl_ragged {
    sl_ctx *ctx;
    int views;
    sl_bags all, view[SL_MOST_VIEWS];
    int *ids[SL_MOST_VIEWS + 1]; /* the memory behind: [views] is that of `all`, where there are several */
    size_t *offsets[SL_MOST_VIEWS + 1];
    sl_real *values[SL_MOST_VIEWS + 1];
    size_t id_room[SL_MOST_VIEWS + 1], row_room;
} sl_ragged;

sl_ragged *sl_ragged_new(sl_ctx *ctx, int views);
void sl_ragged_free(sl_ragged *ragged); /* NULL is fine */
/* Begins a batch of so many rows, all lists empty: count is set, offsets [rows + 1] can be written. */
sl_status sl_ragged_begin(sl_ragged *ragged, size_t rows);
/* Room for `ids` features in one view (after sl_ragged_begin); what stands there stays. valued: with values.
 */
sl_status sl_ragged_room(sl_ragged *ragged, int view, size_t ids, bool valued);
/* Once ids, values and offsets of each view are written: makes `all`; size [views]: features a view. */
sl_status sl_ragged_end(sl_ragged *ragged, const size_t *size);

#endif
