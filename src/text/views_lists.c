/* views_lists.c - lists of many rows, made by all threads in fixed pieces and joined in their order. */
#include "text/views_parts.h"

#include <string.h>

enum { LISTS_MOST = 64 }; /* rows of a piece */

typedef struct {
    sl_ctx *ctx; /* the worker's, whose memory it is */
    int *id;
    sl_real *value;
    size_t count, room;
} lists_piece;

typedef struct {
    sl_views_lists *lists;
    sl_views_crew *crew;
    sl_views_row *row; /* [workers] */
    lists_piece *piece;
    size_t each; /* rows of a piece, which follow from their number alone */
    bool valued;
    sl_views_make *make;
    void *argument;
} lists_work;

void sl_views_lists_free(sl_views_lists *lists)
{
    if (!lists->ctx)
        return;
    sl_free(lists->ctx, lists->offset);
    sl_free(lists->ctx, lists->id);
    sl_free(lists->ctx, lists->value);
    *lists = (sl_views_lists){ .ctx = lists->ctx };
}

static bool lists_room(sl_ctx *ctx, lists_piece *piece, size_t more, bool valued)
{
    if (piece->count + more <= piece->room)
        return true;
    const size_t room = piece->count + more + piece->room + 1024;
    int *id = sl_resize(ctx, piece->id, room * sizeof *id);
    if (!id)
        return false;
    piece->id = id;
    sl_real *value = valued ? sl_resize(ctx, piece->value, room * sizeof *value) : NULL;
    if (valued && !value)
        return false;
    piece->value = value;
    piece->room = room;
    return true;
}

static void lists_fill(void *argument, size_t task, int worker)
{
    lists_work *work = argument;
    sl_ctx *ctx = sl_views_crew_ctx(work->crew, worker);
    sl_views_row *row = &work->row[worker];
    lists_piece *piece = &work->piece[task];
    piece->ctx = ctx;
    size_t number = task * work->each;
    const size_t end = number + work->each < work->lists->rows ? number + work->each : work->lists->rows;
    for (; number < end && !ctx->status; number++) {
        if (work->make(work->argument, row, worker, number) ||
            !lists_room(ctx, piece, row->features, work->valued))
            return;
        if (row->features)
            memcpy(piece->id + piece->count, row->feature, row->features * sizeof *piece->id);
        if (row->features && work->valued)
            memcpy(piece->value + piece->count, row->value, row->features * sizeof *piece->value);
        piece->count += row->features;
        work->lists->offset[number + 1] = row->features;
    }
}

static void lists_join(void *argument, size_t task, int worker)
{
    (void)worker;
    lists_work *work = argument;
    const lists_piece *piece = &work->piece[task];
    const size_t at = work->lists->offset[task * work->each];
    if (piece->count)
        memcpy(work->lists->id + at, piece->id, piece->count * sizeof *piece->id);
    if (piece->count && work->valued)
        memcpy(work->lists->value + at, piece->value, piece->count * sizeof *piece->value);
}

static sl_status lists_run(lists_work *work, size_t pieces)
{
    sl_views_lists *lists = work->lists;
    sl_ctx *ctx = lists->ctx;
    const size_t workers = (size_t)sl_views_crew_size(work->crew);
    for (size_t w = 0; w < workers; w++)
        sl_views_row_init(&work->row[w], sl_views_crew_ctx(work->crew, (int)w));
    if (sl_views_crew_run(work->crew, pieces, lists_fill, work))
        return SL_ENOMEM;
    for (size_t row = 0; row < lists->rows; row++)
        lists->offset[row + 1] += lists->offset[row];
    const size_t all = lists->offset[lists->rows];
    lists->id = sl_alloc_unset(ctx, (all + 1) * sizeof *lists->id);
    lists->value = work->valued ? sl_alloc_unset(ctx, (all + 1) * sizeof *lists->value) : NULL;
    if (ctx->status)
        return ctx->status;
    return sl_views_crew_run(work->crew, pieces, lists_join, work);
}

sl_status sl_views_lists_make(sl_views_lists *lists, sl_ctx *ctx, sl_views_crew *crew, size_t rows,
                              bool valued, sl_views_make *make, void *argument)
{
    const size_t each = rows >= 256 * LISTS_MOST ? LISTS_MOST : rows / 256 + 1,
                 pieces = (rows + each - 1) / each;
    *lists = (sl_views_lists){ .ctx = ctx, .rows = rows };
    lists_work work = { .lists = lists,
                        .crew = crew,
                        .piece = sl_alloc_array(ctx, pieces, sizeof *work.piece),
                        .each = each,
                        .valued = valued,
                        .make = make,
                        .argument = argument };
    lists->offset = sl_alloc_array(ctx, rows + 1, sizeof *lists->offset);
    work.row = sl_alloc_array(ctx, (size_t)sl_views_crew_size(crew), sizeof *work.row);
    const bool made = !ctx->status && !lists_run(&work, pieces);
    for (int w = 0; work.row && w < sl_views_crew_size(crew); w++)
        if (work.row[w].ctx)
            sl_views_row_free(&work.row[w]);
    for (size_t p = 0; work.piece && p < pieces; p++)
        if (work.piece[p].ctx) {
            sl_free(work.piece[p].ctx, work.piece[p].id);
            sl_free(work.piece[p].ctx, work.piece[p].value);
        }
    sl_free(ctx, work.row);
    sl_free(ctx, work.piece);
    if (!made)
        sl_views_lists_free(lists);
    return made ? SL_OK : SL_ENOMEM;
}
