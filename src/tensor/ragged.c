/* ragged.c - see ragged.h */
#include "tensor/tensor.h"

#include <string.h>

sl_ragged *sl_ragged_new(sl_ctx *ctx, int views)
{
    sl_ragged *ragged = sl_alloc(ctx, sizeof *ragged);
    if (ragged) {
        ragged->ctx = ctx;
        ragged->views = views;
    }
    return ragged;
}

void sl_ragged_free(sl_ragged *ragged)
{
    if (!ragged)
        return;
    for (int v = 0; v <= SL_MOST_VIEWS; v++) {
        sl_free(ragged->ctx, ragged->ids[v]);
        sl_free(ragged->ctx, ragged->offsets[v]);
        sl_free(ragged->ctx, ragged->values[v]);
    }
    sl_free(ragged->ctx, ragged);
}

/* Lists of their own: those of each view, and of all where there are several views. */
static int ragged_lists(const sl_ragged *ragged)
{
    return ragged->views > 1 ? ragged->views + 1 : ragged->views;
}

static sl_bags *ragged_bags(sl_ragged *ragged, int list)
{
    return list < ragged->views ? &ragged->view[list] : &ragged->all;
}

sl_status sl_ragged_begin(sl_ragged *ragged, size_t rows)
{
    for (int v = 0; v < ragged_lists(ragged) && rows + 1 > ragged->row_room; v++) {
        size_t *offsets = sl_resize(ragged->ctx, ragged->offsets[v], (rows + 1) * sizeof *offsets);
        if (!offsets)
            return SL_ENOMEM;
        ragged->offsets[v] = offsets;
    }
    ragged->row_room = rows + 1 > ragged->row_room ? rows + 1 : ragged->row_room;
    for (int v = 0; v < ragged_lists(ragged); v++) {
        memset(ragged->offsets[v], 0, (rows + 1) * sizeof *ragged->offsets[v]);
        *ragged_bags(ragged, v) =
            (sl_bags){ .ids = ragged->ids[v], .offsets = ragged->offsets[v], .count = (int)rows };
    }
    return SL_OK;
}

sl_status sl_ragged_room(sl_ragged *ragged, int view, size_t ids, bool valued)
{
    sl_bags *bags = ragged_bags(ragged, view);
    size_t room = ragged->id_room[view];
    if (ids > room || !ragged->ids[view] || (valued && !ragged->values[view])) {
        room = ids > room ? ids + ids / 2 + 16 : room + 16;
        int *more = sl_resize(ragged->ctx, ragged->ids[view], room * sizeof *more);
        if (!more)
            return SL_ENOMEM;
        ragged->ids[view] = more;
        if (valued || ragged->values[view]) {
            sl_real *values = sl_resize(ragged->ctx, ragged->values[view], room * sizeof *values);
            if (!values)
                return SL_ENOMEM;
            ragged->values[view] = values;
        }
        ragged->id_room[view] = room;
    }
    bags->ids = ragged->ids[view];
    bags->values = valued ? ragged->values[view] : NULL;
    return SL_OK;
}

sl_status sl_ragged_end(sl_ragged *ragged, const size_t *size)
{
    const int views = ragged->views;
    bool valued = false;
    if (views == 1) {
        ragged->all = ragged->view[0];
        return SL_OK;
    }
    const size_t rows = (size_t)ragged->view[0].count;
    size_t ids = 0;
    for (int v = 0; v < views; v++) {
        ids += ragged->view[v].offsets[rows];
        valued = valued || ragged->view[v].values;
    }
    if (sl_ragged_room(ragged, views, ids, valued))
        return SL_ENOMEM;
    size_t *offsets = ragged->offsets[views], at = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t before = 0;
        for (int v = 0; v < views; v++) {
            const sl_bags *own = &ragged->view[v];
            for (size_t i = own->offsets[row]; i < own->offsets[row + 1]; i++, at++) {
                ragged->ids[views][at] = own->ids[i] + (int)before;
                if (valued)
                    ragged->values[views][at] = own->values ? own->values[i] : 1;
            }
            before += size[v];
        }
        offsets[row + 1] = at;
    }
    return SL_OK;
}

sl_status sl_set_bags(sl_tensor *x, const sl_bags *bags)
{
    if (!x || x->ctx->status)
        return x ? x->ctx->status : SL_EINVAL;
    sl_ctx *ctx = x->ctx;
    if (x->tape || x->shape.rank != 2)
        return sl_fail(ctx, SL_EINVAL, "sl_set_bags: wants a tensor [rows, n] of sl_tensor_new");
    if (bags && (bags->count != x->shape.dim[0] || !bags->offsets))
        return sl_fail(ctx, SL_ESHAPE, "sl_set_bags: %d lists for %d rows: wants one a row, and offsets",
                       bags->count, x->shape.dim[0]);
    sl_ragged *own = bags ? sl_ragged_new(ctx, 1) : NULL;
    const size_t rows = bags ? (size_t)bags->count : 0, first = bags ? bags->offsets[0] : 0;
    const size_t ids = bags ? bags->offsets[rows] - first : 0;
    for (size_t row = 0; row < rows; row++)
        if (bags->offsets[row + 1] < bags->offsets[row])
            sl_fail(ctx, SL_EINVAL, "sl_set_bags: list %zu ends before it begins: wants offsets that ascend",
                    row);
    if (ids && !bags->ids)
        sl_fail(ctx, SL_EINVAL, "sl_set_bags: the lists have %zu ids, but ids is NULL", ids);
    if (!ctx->status && own && !sl_ragged_begin(own, rows) && !sl_ragged_room(own, 0, ids, bags->values)) {
        if (ids)
            memcpy(own->ids[0], bags->ids + first, ids * sizeof *bags->ids);
        if (ids && bags->values)
            memcpy(own->values[0], bags->values + first, ids * sizeof *bags->values);
        for (size_t row = 0; row <= rows; row++)
            own->offsets[0][row] = bags->offsets[row] - first;
        sl_ragged_end(own, &(size_t){ 0 });
    }
    if (ctx->status) {
        sl_ragged_free(own);
        return ctx->status;
    }
    sl_ragged_free(x->ragged);
    x->ragged = own;
    return SL_OK;
}
