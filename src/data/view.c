/* view.c - views: some rows of a data set, which keep the memory of all of them alive. */
#include "data/data.h"

/* As `all`, without its choice of rows and its weights. */
static sl_data *view_like(const sl_data *all, size_t rows, const char *part)
{
    sl_data *view = sl_data_head(all->ctx, all->source, part);
    if (!view)
        return NULL;
    char *source = view->source, *name = view->part;
    *view = *all;
    view->source = source;
    view->part = name;
    view->store->users++;
    view->order = NULL;
    view->chosen = NULL;
    view->weights = NULL;
    view->rows = rows;
    view->owner = all->store->packed ? sl_packed_owner(all->store->packed) : 0;
    return view;
}

sl_data *sl_data_view(const sl_data *all, size_t *order, size_t rows, const char *part)
{
    sl_data *view = view_like(all, rows, part);
    if (!view) {
        sl_free(all->ctx, order);
        return NULL;
    }
    view->order = order;
    view->weights = all->weights ? sl_alloc_array(all->ctx, rows, sizeof *view->weights) : NULL;
    if (all->weights && !view->weights) {
        sl_data_free(view);
        return NULL;
    }
    for (size_t i = 0; i < rows && all->weights; i++)
        view->weights[i] = all->weights[order[i]];
    for (size_t i = 0; i < rows && (all->order || all->chosen); i++)
        order[i] = sl_data_at(all, order[i]);
    return view;
}

/* Rows in memory keep a number each: that is quicker. */
static sl_data *view_ordered(const sl_data *all, sl_chosen *chosen, const char *part)
{
    const size_t rows = chosen->rows;
    size_t *order = sl_alloc_array(all->ctx, rows, sizeof *order);
    for (size_t i = 0, row = 0; i < rows && order; i++, row++)
        order[i] = row = sl_chosen_from(chosen, row);
    sl_chosen_free(chosen);
    return order ? sl_data_view(all, order, rows, part) : NULL;
}

sl_data *sl_data_view_chosen(const sl_data *all, sl_chosen *chosen, const char *part)
{
    sl_ctx *ctx = all->ctx;
    if (!all->store->packed || all->order)
        return view_ordered(all, chosen, part);
    const size_t rows = chosen->rows;
    sl_data *view = view_like(all, rows, part);
    sl_chosen *places = chosen;
    if (view && all->chosen && (places = sl_chosen_new(ctx, all->chosen->places))) {
        for (size_t row = 0, place = 0; row < all->rows; row++, place++) {
            place = sl_chosen_from(all->chosen, place);
            if (sl_chosen_has(chosen, row))
                sl_chosen_add(places, place);
        }
        sl_chosen_close(places);
    }
    if (view && all->weights)
        view->weights = sl_alloc_array(ctx, rows, sizeof *view->weights);
    for (size_t i = 0, row = 0; view && view->weights && i < rows; i++, row++) {
        row = sl_chosen_from(chosen, row);
        view->weights[i] = all->weights[row];
    }
    if (places != chosen)
        sl_chosen_free(chosen);
    if (view)
        view->chosen = places;
    else
        sl_chosen_free(places);
    if (view && places && (view->weights || !all->weights))
        return view;
    sl_data_free(view);
    return NULL;
}

sl_data *sl_data_loaded(const sl_data *packed)
{
    enum { PIECE = 256 };
    sl_ctx *ctx = packed->ctx;
    sl_columns *columns = sl_columns_copy(ctx, packed->store->columns);
    sl_data *copy = columns ? sl_data_new(ctx, &(sl_data_plan){ .source = packed->source,
                                                                .part = packed->part,
                                                                .rows = packed->rows,
                                                                .columns = columns })
                            : NULL;
    if (copy && !sl_data_load(packed, NULL, 0, copy->rows, copy->store->cells) && sl_data_weighted(packed))
        copy->weights = sl_alloc_array(ctx, copy->rows, sizeof *copy->weights);
    for (size_t first = 0; copy && copy->weights && first < copy->rows; first += PIECE) {
        size_t rows[PIECE];
        const size_t count = copy->rows - first < PIECE ? copy->rows - first : PIECE;
        for (size_t i = 0; i < count; i++)
            rows[i] = first + i;
        if (sl_data_gather_weights(packed, rows, count, copy->weights + first))
            break;
    }
    if (copy && !ctx->status)
        return copy;
    sl_data_free(copy);
    return NULL;
}
