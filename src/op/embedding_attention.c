/* embedding_attention: s_t = q . T[id_t], a = softmax of s over the bag, Y[i] = sum a_t T[id_t]; empty: 0.
 * da_t = dY[i] . T[id_t], ds_t = a_t (da_t - sum a_u da_u); dq = the sum over the bags of sum_t ds_t T[id_t];
 * dT[row]: bag after bag, over its places all += a_t dY[i], and then all += ds_t q. */
#include "op/embedding.h"

#include <limits.h>

typedef struct {  /* the head of scratch, and what follows it */
    sl_bags bags; /* first; its values are a; places begin at 0 */
    size_t *offsets;
    sl_real *a, *ds, *rows; /* [ids], [ids], [2 count, width] */
    sl_bags both;           /* for dT each bag twice, with a on rows 2i and with ds on 2i + 1 of `rows` */
    void *memory;           /* of sl_bags_add */
} attention_kept;

enum { ATTENTION_PARTS = 8 };
static size_t attention_bytes(const sl_bags *bags, sl_shape table, size_t part[ATTENTION_PARTS])
{
    const size_t count = (size_t)bags->count, ids = count ? bags->offsets[count] - bags->offsets[0] : 0;
    const sl_bags both = { .offsets = (size_t[]){ 0, 2 * ids }, .count = 1, .values = &(sl_real){ 0 } };
    part[0] = (count + 1) * sizeof(size_t);
    part[1] = part[2] = ids * sizeof(sl_real);
    part[3] = 2 * count * (size_t)table.dim[1] * sizeof(sl_real);
    part[4] = (2 * count + 1) * sizeof(size_t);
    part[5] = 2 * ids * sizeof(sl_real);
    part[6] = 2 * ids * sizeof(int);
    part[7] = sl_bags_add_bytes(&both, (size_t)table.dim[0], (size_t)table.dim[1]);
    size_t bytes = sizeof(attention_kept);
    for (int i = 0; i < ATTENTION_PARTS; i++)
        bytes += part[i] += (64 - part[i] % 64) % 64;
    return bytes;
}

static sl_status embedding_attention_shape(sl_node *n, sl_shape *y)
{
    size_t part[ATTENTION_PARTS];
    if (sl_shape_plain_bags(n, y) || sl_shape_columns(n, n->x[1], "query", y->dim[1]))
        return n->ctx->status;
    n->scratch_bytes = attention_bytes(n->options.bags, n->x[0]->shape, part);
    return part[6] / sizeof(int) <= INT_MAX ? SL_OK
                                            : sl_node_fail(n, SL_EINVAL, "more than 2^30 ids: wants fewer");
}

static void embedding_attention_forward(const sl_node *n)
{
    const sl_bags *bags = n->options.bags;
    attention_kept *kept = n->scratch;
    size_t part[ATTENTION_PARTS];
    void *place[ATTENTION_PARTS];
    attention_bytes(bags, n->x[0]->shape, part);
    char *at = (char *)(kept + 1);
    for (int i = 0; i < ATTENTION_PARTS; at += part[i++])
        place[i] = at;
    *kept = (attention_kept){ { 0 }, place[0], place[1], place[2], place[3], { 0 }, place[7] };
    kept->both = (sl_bags){ place[6], place[4], 2 * bags->count, place[5] };
    for (int i = 0; i < bags->count; i++)
        kept->offsets[i] = bags->offsets[i] - bags->offsets[0];
    kept->offsets[bags->count] = bags->count ? bags->offsets[bags->count] - bags->offsets[0] : 0;
    kept->bags = (sl_bags){ .ids = bags->ids && bags->count ? bags->ids + bags->offsets[0] : bags->ids,
                            .offsets = kept->offsets,
                            .count = bags->count,
                            .values = kept->a };
    const size_t width = (size_t)n->y->shape.dim[1];
    sl_bags_attend(n->ctx, kept->a, n->x[1]->v, n->x[0]->v, &kept->bags, width);
    sl_bags_sum(n->ctx, n->y->v, n->x[0]->v, &kept->bags, width, false);
}

static void embedding_attention_backward(const sl_node *n)
{
    const attention_kept *kept = n->scratch;
    sl_tensor *table = n->x[0], *query = n->x[1];
    const size_t width = (size_t)n->y->shape.dim[1];
    sl_bags slopes = kept->bags;
    slopes.values = kept->ds;
    sl_bags_attend_slopes(n->ctx, kept->ds, n->y->g, table->v, &kept->bags, width);
    if (query->learns) {
        sl_bags_sum(n->ctx, kept->rows, table->v, &slopes, width, false);
        sl_add_rows(n->ctx->isa, query->g, kept->rows, (size_t)slopes.count, width);
    }
    if (!table->learns)
        return;
    sl_bags_pair(kept->rows, &kept->both, n->y->g, query->v, &kept->bags, kept->ds, width);
    sl_bags_add(n->ctx, table->g, kept->rows, &kept->both, (size_t)table->shape.dim[0], width, kept->memory,
                table->touched);
}

static void embedding_attention_cost(const sl_node *n, bool backward, sl_cost *cost)
{
    sl_cost_of_bags(n, backward, cost); /* one pass over the rows that are named ... */
    cost->flops *= backward ? 8 : 4;    /* ... of how many */
    cost->bytes *= backward ? 4 : 2;
}

const sl_op sl_op_embedding_attention = {
    .name = "embedding_attention",
    .summary = "means of a table's rows, weighted by how well they fit a query",
    .formula = "y_i = sum_t a_t T[id_t], a = softmax(q . T[id_t]) over bag i",
    .source = "Yang, Yang, Dyer, He, Smola, Hovy, NAACL 2016",
    .inputs = 2,
    .by_rows = true,
    .shape = embedding_attention_shape,
    .forward = embedding_attention_forward,
    .backward = embedding_attention_backward,
    .cost = embedding_attention_cost,
    .trial = { { { { 2, { 7, 5 } }, { 1, { 5 } } }, -1, 1, .bags = &sl_trial_ragged },
               { { { 2, { 7, 18 } }, { 1, { 18 } } }, -1, 1, .bags = &sl_trial_ragged },
               { { { 2, { 70, 1 } }, { 1, { 1 } } }, -1, 1, .bags = &sl_trial_single } },
};

sl_tensor *sl_embedding_attention(sl_tape *tape, sl_tensor *table, sl_tensor *query, const sl_bags *bags)
{
    return sl_apply_bags(tape, &sl_op_embedding_attention, (sl_tensor *[]){ table, query }, bags, false);
}
