/* pack.c - weights that do not change, copied once in the order in which products read them. */
#include "autograd/tape.h"

struct sl_pack {
    const sl_tensor *weights;
    sl_real *values; /* NULL: this one is read as it is */
    size_t size;
    uint64_t round; /* in which it was packed */
};

sl_status sl_tape_pack(sl_tape *tape)
{
    if (!tape || tape->ctx->status)
        return tape ? tape->ctx->status : SL_ENOMEM;
    if (tape->mode != SL_INFER)
        return sl_fail(
            tape->ctx, SL_EINVAL,
            "sl_tape_pack: the tape is SL_TRAIN, and weights change while they are trained: make it "
            "SL_INFER");
    tape->pack_round++;
    return SL_OK;
}

void sl_tape_unpack(sl_tape *tape)
{
    for (int i = 0; i < tape->packs; i++)
        sl_free(tape->ctx, tape->pack[i].values);
    sl_free(tape->ctx, tape->pack);
    tape->pack = NULL;
    tape->packs = tape->pack_next = 0;
}

static sl_pack *pack_add(sl_tape *tape, const sl_tensor *weights)
{
    sl_pack *more = sl_resize(tape->ctx, tape->pack, (size_t)(tape->packs + 1) * sizeof *more);
    if (!more)
        return NULL;
    tape->pack = more;
    more[tape->packs] = (sl_pack){ .weights = weights };
    return &more[tape->packs++];
}

/* Into the memory it had before, when that still fits. */
static void pack_fill(sl_tape *tape, sl_pack *pack, const sl_product *product)
{
    sl_ctx *ctx = tape->ctx;
    const size_t size = sl_product_packed_size(ctx, product);
    if (size != pack->size) {
        sl_free(ctx, pack->values);
        pack->values = sl_alloc_array(ctx, size, sizeof *pack->values);
        pack->size = pack->values ? size : 0;
    }
    if (pack->size)
        sl_product_pack(ctx, product, pack->values);
    pack->round = tape->pack_round;
}

const sl_real *sl_tape_packed(sl_tape *tape, const sl_tensor *weights, const sl_product *product)
{
    if (!tape->pack_round || weights->tape)
        return NULL;
    sl_pack *found = NULL;
    for (int i = 0; i < tape->packs && !found; i++) { /* a model's layers come round in the same order */
        const int at = (tape->pack_next + i) % tape->packs;
        if (tape->pack[at].weights == weights) {
            tape->pack_next = at + 1;
            found = &tape->pack[at];
        }
    }
    if (!found && !(found = pack_add(tape, weights)))
        return NULL;
    if (found->round != tape->pack_round)
        pack_fill(tape, found, product);
    return found->values;
}
