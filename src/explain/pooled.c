/* pooled.c - texts as the points that a model makes of them: what its last pool or bag gives. */
#include "explain/explain.h"
#include "text/vectors.h"
#include "tensor/tensor.h"

#include <math.h>
#include <string.h>

typedef struct {
    int end;            /* layers 0 .. end - 1 give the point */
    size_t skip, width; /* numbers beside the text stand before it; numbers of a point */
} pooled_part;

/* All that stands behind the first layer that reads, as far as only such layers follow. */
static sl_status pooled_find(sl_ctx *ctx, const sl_model *model, pooled_part *part)
{
    int first = -1, last = -1;
    bool plain = true;
    for (int i = 0; i < model->count; i = model->layers[i].end)
        if (model->layers[i].kind->read) {
            first = first < 0 ? i : first;
            last = i;
        }
    if (last < 0)
        return sl_fail(ctx, SL_EINVAL, "no layer of the model reads texts");
    for (int i = first; i <= last; i = model->layers[i].end)
        plain = plain && model->layers[i].kind->read;
    size_t in, out;
    if (sl_shape_check(ctx, model->layers[first].in, &in) ||
        sl_shape_check(ctx, model->layers[last].out, &out))
        return ctx->status;
    *part = (pooled_part){ model->layers[last].end, plain ? in : 0, out - (plain ? in : 0) };
    return SL_OK;
}

/* Points of rows[0 .. count) of data, [count, part->width]. */
static sl_status pooled_rows(sl_ctx *ctx, const sl_model *model, const sl_data *data, const pooled_part *part,
                             const size_t *rows, size_t count, sl_real *to)
{
    const sl_preparation how = sl_model_preparation(model);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = sl_model_inputs(ctx, model, SL_PIECE, sl_prepared_features(&how, data));
    for (size_t done = 0; x && tape && done < count && !ctx->status; done += SL_PIECE) {
        const size_t piece = count - done < SL_PIECE ? count - done : SL_PIECE;
        if (sl_model_gather(ctx, model, data, rows + done, piece, false, x, NULL))
            break;
        sl_tape_reset(tape);
        const sl_tensor *y = sl_model_forward_to(tape, model, part->end, x);
        for (size_t i = 0; y && i < piece; i++)
            memcpy(to + (done + i) * part->width, y->v + i * (part->skip + part->width) + part->skip,
                   part->width * sizeof *to);
    }
    sl_tensor_free(x);
    sl_tape_free(tape);
    return ctx->status;
}

sl_tensor *sl_pooled(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t first, size_t rows)
{
    pooled_part part;
    if (sl_explain_ready(ctx, model, data, "sl_pooled") || pooled_find(ctx, model, &part))
        return NULL;
    if (first > data->rows || rows > data->rows - first || rows > 1u << 30) {
        sl_fail(ctx, SL_EINVAL, "sl_pooled: rows %zu to %zu: there are %zu", first, first + rows, data->rows);
        return NULL;
    }
    sl_tensor *points = sl_tensor_new(ctx, sl_dims((int)rows, (int)part.width), NULL);
    size_t *which = sl_alloc_array(ctx, rows, sizeof *which);
    for (size_t i = 0; which && i < rows; i++)
        which[i] = first + i;
    const bool done = points && which && !pooled_rows(ctx, model, data, &part, which, rows, points->v);
    sl_free(ctx, which);
    if (done)
        return points;
    sl_tensor_free(points);
    return NULL;
}

sl_status sl_pooled_map(sl_ctx *ctx, const sl_model *model, const sl_data *data, double *xy, double *share)
{
    if (!xy)
        return sl_fail(ctx, SL_EINVAL, "sl_pooled_map: xy is NULL: wants room for two numbers of each row");
    sl_tensor *points = sl_pooled(ctx, model, data, 0, data ? data->rows : 0);
    if (points)
        sl_principal(ctx, points->v, data->rows, (size_t)points->shape.dim[1], 2, xy, share);
    sl_tensor_free(points);
    return sl_error(ctx);
}

static size_t pooled_smallest(const int *list, const bool *used, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++)
        if (!used[i] && (best == count || list[i] < list[best]))
            best = i;
    return best;
}

/* The same features, as often, with the same values; in whatever order. */
static bool pooled_alike(sl_ctx *ctx, const sl_bags *lists)
{
    const size_t *at = lists->offsets, count = at[1] - at[0];
    if (at[2] - at[1] != count)
        return false;
    bool alike = true, *used[2];
    for (int row = 0; row < 2; row++)
        used[row] = sl_alloc_array(ctx, count, sizeof **used);
    for (size_t i = 0; i < count && alike && !ctx->status; i++) {
        size_t place[2];
        for (int row = 0; row < 2; row++) {
            const size_t best = pooled_smallest(lists->ids + at[row], used[row], count);
            used[row][best] = true;
            place[row] = at[row] + best;
        }
        alike = lists->ids[place[0]] == lists->ids[place[1]] &&
                (!lists->values || lists->values[place[0]] == lists->values[place[1]]);
    }
    for (int row = 0; row < 2; row++)
        sl_free(ctx, used[row]);
    return alike;
}

sl_status sl_compare_texts(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t a, size_t b,
                           sl_text_pair *pair)
{
    pooled_part part;
    sl_text_pair unwanted = { 0 };
    pair = pair ? pair : &unwanted;
    if (sl_explain_ready(ctx, model, data, "sl_compare_texts") || pooled_find(ctx, model, &part))
        return sl_error(ctx);
    const size_t rows[] = { a, b };
    if (a >= data->rows || b >= data->rows)
        return sl_fail(ctx, SL_EINVAL, "sl_compare_texts: rows %zu and %zu of %zu", a, b, data->rows);
    const sl_preparation how = sl_model_preparation(model);
    sl_real *points = sl_alloc_array(ctx, 2 * part.width, sizeof *points);
    sl_tensor *x = sl_model_inputs(ctx, model, 2, sl_prepared_features(&how, data));
    if (points && x && !pooled_rows(ctx, model, data, &part, rows, 2, points) &&
        !sl_model_gather(ctx, model, data, rows, 2, false, x, NULL)) {
        double squares[2] = { 0, 0 }, dot = 0, apart = 0;
        for (size_t i = 0; i < part.width; i++) {
            const double u = (double)points[i], v = (double)points[part.width + i];
            squares[0] += u * u;
            squares[1] += v * v;
            dot += u * v;
            apart += (u - v) * (u - v);
        }
        pair->width = (int)part.width;
        pair->distance = sqrt(apart);
        pair->cosine = squares[0] > 0 && squares[1] > 0 ? dot / (sqrt(squares[0]) * sqrt(squares[1])) : NAN;
        pair->same = pooled_alike(ctx, &x->ragged->all);
    }
    sl_free(ctx, points);
    sl_tensor_free(x);
    return ctx->status;
}
