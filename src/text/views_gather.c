/* views_gather.c - the lists of a batch's rows; and of all rows, kept with them. */
#include "text/views_parts.h"

#include <string.h>

typedef struct {
    uint64_t digest; /* of the views */
    int views;
    size_t rows; /* places 0 .. rows-1 of the store */
    sl_views_lists lists[SL_MOST_VIEWS];
} gather_encoded;

static void gather_encoded_free(sl_ctx *ctx, void *memory)
{
    gather_encoded *encoded = memory;
    for (int v = 0; v < encoded->views; v++)
        sl_views_lists_free(&encoded->lists[v]);
    sl_free(ctx, encoded);
}

static const gather_encoded *gather_kept(const sl_views *views, const sl_data *data)
{
    const gather_encoded *encoded = data->store->encoded;
    return encoded && encoded->digest == views->digest && encoded->views == views->count ? encoded : NULL;
}

typedef struct {
    const sl_views *views;
    const sl_data *data;
    const size_t *rows; /* NULL: places of the store */
    int view;
} gather_work;

static sl_status gather_text(void *argument, sl_views_row *row, int worker, size_t number)
{
    (void)worker;
    const gather_work *work = argument;
    const sl_view *view = &work->views->view[work->view];
    const sl_store *store = work->data->store;
    const size_t at = work->rows ? sl_data_at(work->data, work->rows[number]) : number;
    if (sl_views_row_text(row, work->views, store->texts + store->text_offset[at],
                          store->text_offset[at + 1] - store->text_offset[at]))
        return row->ctx->status;
    if (view->kind != VIEWS_CHARACTERS)
        sl_views_row_words(row, view);
    return sl_views_row_features(row, view) || sl_views_row_weigh(row, view) ? row->ctx->status : SL_OK;
}

/* On the threads of ctx, into memory of `keeper`. */
static sl_status gather_lists(sl_ctx *ctx, sl_ctx *keeper, gather_work *work, size_t rows,
                              sl_views_lists *lists)
{
    sl_views_crew *crew = sl_views_crew_new(ctx);
    if (crew && sl_views_lists_make(lists, keeper, crew, rows,
                                    sl_views_weighs(&work->views->view[work->view]), gather_text, work))
        sl_fail(ctx, sl_error(keeper), "%s", sl_message(keeper));
    sl_views_crew_free(crew);
    return ctx->status;
}

/* Of view v: rows that are kept are copied. */
static sl_status gather_copy(const sl_data *data, const size_t *rows, size_t count,
                             const sl_views_lists *from, sl_ragged *to, int v)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t at = sl_data_at(data, rows[i]);
        all += from->offset[at + 1] - from->offset[at];
        to->offsets[v][i + 1] = all;
    }
    if (sl_ragged_room(to, v, all, from->value != NULL))
        return to->ctx->status;
    for (size_t i = 0; i < count; i++) {
        const size_t at = sl_data_at(data, rows[i]), begin = from->offset[at],
                     length = from->offset[at + 1] - begin;
        if (length)
            memcpy(to->ids[v] + to->offsets[v][i], from->id + begin, length * sizeof *from->id);
        if (length && from->value)
            memcpy(to->values[v] + to->offsets[v][i], from->value + begin, length * sizeof *from->value);
    }
    return SL_OK;
}

static sl_status gather_made(const sl_views_lists *from, sl_ragged *to, int v)
{
    const size_t all = from->offset[from->rows];
    if (sl_ragged_room(to, v, all, from->value != NULL))
        return to->ctx->status;
    memcpy(to->offsets[v], from->offset, (from->rows + 1) * sizeof *from->offset);
    if (all)
        memcpy(to->ids[v], from->id, all * sizeof *from->id);
    if (all && from->value)
        memcpy(to->values[v], from->value, all * sizeof *from->value);
    return SL_OK;
}

sl_status sl_views_gather(sl_ctx *ctx, const sl_views *views, const sl_data *data, const size_t *rows,
                          size_t count, sl_ragged *to)
{
    ctx = ctx ? ctx : data->ctx;
    if (!sl_data_has_words(data))
        return sl_fail(ctx, SL_EINVAL, "%s has no texts, which this model reads", data->source);
    if (to->views != views->count || count > INT32_MAX - 1)
        return sl_fail(ctx, SL_EINVAL, "%zu rows of %d views are wanted in a list of %d views", count,
                       views->count, to->views);
    if (sl_ragged_begin(to, count))
        return sl_fail(ctx, SL_ENOMEM, "%s", sl_message(to->ctx));
    const gather_encoded *kept = gather_kept(views, data);
    for (size_t i = 0; i < count && kept; i++)
        kept = sl_data_at(data, rows[i]) < kept->rows ? kept : NULL;
    size_t size[SL_MOST_VIEWS];
    for (int v = 0; v < views->count; v++) {
        size[v] = views->view[v].features;
        sl_views_lists lists = { 0 };
        gather_work work = { views, data, rows, v };
        if (!kept && gather_lists(ctx, ctx, &work, count, &lists))
            return ctx->status;
        const sl_status status =
            kept ? gather_copy(data, rows, count, &kept->lists[v], to, v) : gather_made(&lists, to, v);
        sl_views_lists_free(&lists);
        if (status)
            return sl_fail(ctx, status, "%s", sl_message(to->ctx));
    }
    const sl_status status = sl_ragged_end(to, size);
    return status ? sl_fail(ctx, status, "%s", sl_message(to->ctx)) : SL_OK;
}

sl_status sl_views_encode(sl_ctx *ctx, const sl_views *views, const sl_data *data)
{
    ctx = ctx ? ctx : data->ctx;
    sl_store *store = data->store;
    if (!sl_data_has_words(data))
        return sl_fail(ctx, SL_EINVAL, "%s has no texts, which this model reads", data->source);
    size_t rows = 0;
    for (size_t row = 0; row < data->rows; row++) {
        const size_t at = sl_data_at(data, row);
        rows = at + 1 > rows ? at + 1 : rows;
    }
    const gather_encoded *kept = gather_kept(views, data);
    if (kept && kept->rows >= rows)
        return SL_OK;
    if (store->encoded)
        store->encoded_free(data->ctx, store->encoded);
    store->encoded = NULL;
    gather_encoded *encoded = sl_alloc(data->ctx, sizeof *encoded);
    if (!encoded)
        return sl_fail(ctx, SL_ENOMEM, "%s", sl_message(data->ctx));
    *encoded = (gather_encoded){ .digest = views->digest, .views = views->count, .rows = rows };
    for (int v = 0; v < views->count && !ctx->status; v++) {
        gather_work work = { views, data, NULL, v };
        gather_lists(ctx, data->ctx, &work, rows, &encoded->lists[v]);
    }
    if (ctx->status) {
        gather_encoded_free(data->ctx, encoded);
        return ctx->status;
    }
    store->encoded = encoded;
    store->encoded_free = gather_encoded_free;
    return SL_OK;
}
