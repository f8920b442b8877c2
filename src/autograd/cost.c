/* cost.c - what a call of an operator costs, for profiles: operations, and bytes of all arrays that its
 * formula reads or writes, once each. A gradient that is added to is read and written. */
#include "autograd/tape.h"

static bool cost_flows_into(const sl_node *n, int i)
{
    return n->x[i] && n->x[i]->learns && !(n->op->has_target && i > 0);
}

/* `values`: backward reads those of the inputs, or what forward left in the scratch for it. */
static void cost_of_elements(const sl_node *n, bool backward, bool values, sl_cost *cost)
{
    size_t most = n->y->count, numbers = n->y->count; /* y, or its gradient */
    for (int i = 0; i < n->op->inputs; i++) {
        if (!n->x[i])
            continue;
        const size_t count = n->x[i]->count;
        most = count > most ? count : most;
        if (!backward)
            numbers += count;
        else if (cost_flows_into(n, i))
            numbers += values && !n->scratch_bytes ? 3 * count : 2 * count;
    }
    cost->flops = (double)most;
    cost->bytes = (double)numbers * sizeof(sl_real) + (double)n->scratch_bytes;
}

void sl_cost_of_sums(const sl_node *n, bool backward, sl_cost *cost)
{
    cost_of_elements(n, backward, false, cost);
}

/* Y [rows, columns] from X [rows, depth], and backward one or two products of the same three sizes. */
void sl_cost_of_product(const sl_node *n, bool backward, sl_cost *cost)
{
    const sl_shape x = n->x[0]->shape, y = n->y->shape;
    const double columns = y.dim[y.rank - 1], depth = x.dim[x.rank - 1],
                 rows = columns > 0 ? (double)n->y->count / columns : 0;
    const int products = backward ? cost_flows_into(n, 0) + cost_flows_into(n, 1) : 1;
    cost->product = true;
    cost->flops = products * 2 * rows * columns * depth;
    cost->bytes = products * (double)sizeof(sl_real) * (rows * depth + depth * columns + rows * columns);
}

/* embedding_bag: of the table only the rows that are named. */
void sl_cost_of_bags(const sl_node *n, bool backward, sl_cost *cost)
{
    const sl_bags *bags = backward ? n->scratch : n->options.bags;
    const double ids = bags->count ? (double)(bags->offsets[bags->count] - bags->offsets[0]) : 0;
    cost->flops = ids * n->y->shape.dim[1];
    cost->bytes = ids * sizeof(int) +
                  (double)sizeof(sl_real) * ((double)n->y->count + cost->flops * (backward ? 2 : 1));
}

sl_cost sl_cost_of(const sl_node *n, bool backward)
{
    sl_cost cost = { 0 };
    if (n->op->cost)
        n->op->cost(n, backward, &cost);
    else
        cost_of_elements(n, backward, true, &cost);
    return cost;
}
