/* tape.h - records operators as they run, walks them back. */
#ifndef SL_AUTOGRAD_TAPE_H
#define SL_AUTOGRAD_TAPE_H

#include "core/arena.h"
#include "op/op.h"

typedef struct sl_pack sl_pack;

struct sl_tape {
    sl_ctx *ctx;
    sl_mode mode;
    uint64_t graph;     /* number of the current graph, from 1 */
    bool walked;        /* sl_backward ran: the next operator starts a new graph */
    bool flat;          /* something in this graph has no slope to learn through (op.h: flat) */
    bool spread;        /* set by its user: see sl_tape_spread */
    uint32_t step;      /* of training, for random numbers: counts walks unless the trainer sets it */
    uint32_t first_row; /* of the batch that is worked through in pieces: random numbers follow the row */
    uint32_t randoms;   /* operators in this graph that drew random numbers */
    const char *place;  /* the layer at work, for messages; NULL: the operator's own name */
    sl_node *last;      /* the graph, newest first */
    sl_pack *pack;      /* [packs] weights packed by sl_tape_pack */
    int packs, pack_next;
    uint64_t pack_round; /* counts the calls of sl_tape_pack; 0: nothing is packed */
    sl_arena values;     /* of the current graph */
    sl_arena structs[2]; /* tensors and nodes: of even and odd graphs, so that a tensor of the graph before
                            can still be told from one of now */
};

/* Forgets what sl_tape_pack has made. */
void sl_tape_unpack(sl_tape *tape);
/* What a call costs: by n->op->cost, or its default. */
sl_cost sl_cost_of(const sl_node *n, bool backward);
/* The first operator of this graph whose result is not finite, in the order they ran; NULL: none. */
const sl_node *sl_tape_first_bad(const sl_tape *tape, size_t *element);

#endif
