/* chain.c - the chain rule in a line: where every layer has one unit and there is one row, a weight's
 * gradient is a product of single numbers, dL/dW1 = dL/dy_hat * dy_hat/da1 * da1/dz1 * dz1/dW1. */
#include "explain/step.h"

#include <stdio.h>
#include <string.h>

enum { CHAIN_LONGEST = 130, CHAIN_SHOWN = 4 };

typedef struct {
    sl_named factor[CHAIN_LONGEST];
    char name[CHAIN_LONGEST][8];
    int count;
    const char *times; /* between factors: of many with blanks, so that the line can be broken */
    sl_text rule, formula;
} chain_product;

static bool chain_moves(const sl_node *n)
{
    return !strcmp(n->op->name, "reshape") || !strcmp(n->op->name, "flatten");
}

/* Products and activations alone, of one number each. */
static bool chain_applies(const sl_walk *walk)
{
    const sl_node *loss = walk->count > 1 ? walk->nodes[walk->count - 1] : NULL;
    if (!loss || !(loss->op->element_losses || loss->op->row_losses) || loss->x[0]->count != 1)
        return false;
    for (int i = 0; i + 1 < walk->count; i++) {
        const sl_node *n = walk->nodes[i];
        const bool linear = !strcmp(n->op->name, "linear"), curve = !linear && n->op->slope != NULL;
        if (n->y->count != 1 || n->x[0]->count != 1 || !(linear || curve || chain_moves(n)) ||
            n->y != walk->nodes[i + 1]->x[0])
            return false;
    }
    return walk->count < CHAIN_LONGEST;
}

static void chain_factor(chain_product *p, const char *rule, double value)
{
    snprintf(p->name[p->count], sizeof p->name[0], "f%d", p->count);
    p->factor[p->count] = (sl_named){ p->name[p->count], value };
    sl_text_add(&p->rule, "%s%s", p->count ? " * " : "", rule);
    sl_text_add(&p->formula, "%s%s", p->count ? p->times : "", p->name[p->count]);
    p->count++;
}

static const char *chain_local(sl_walk *walk, const sl_tensor *of, const sl_tensor *by)
{
    return sl_explanation_keep(walk->e, "d%s/d%s", sl_walk_name(walk, of), sl_walk_name(walk, by));
}

/* From the loss to an input of node `last`. */
static void chain_line(sl_walk *walk, int last, int input)
{
    sl_ctx *ctx = walk->e->ctx;
    chain_product p = { .times = walk->count - last > 10 ? " * " : "*" };
    sl_text_init(&p.rule, ctx);
    sl_text_init(&p.formula, ctx);
    const sl_tensor *answer = walk->nodes[walk->count - 1]->x[0];
    chain_factor(&p, sl_walk_slope_name(walk, answer), (double)answer->g[0]);
    for (int i = walk->count - 2; i > last; i--) {
        const sl_node *n = walk->nodes[i];
        if (chain_moves(n))
            continue;
        chain_factor(&p, chain_local(walk, n->y, n->x[0]),
                     !strcmp(n->op->name, "linear") ? (double)n->x[1]->v[0]
                                                    : sl_node_curve_slope(walk, n, 0));
    }
    const sl_node *n = walk->nodes[last];
    const sl_tensor *t = n->x[input];
    chain_factor(&p, chain_local(walk, n->y, t), input == 1 ? (double)n->x[0]->v[0] : 1);
    sl_walk_helper(walk, sl_walk_slope_name(walk, t),
                   sl_explanation_keep(walk->e, "%s", sl_text_string(&p.rule)));
    sl_explained_line(walk->e, 2, sl_walk_slope_name(walk, t), sl_text_string(&p.formula), p.factor, p.count,
                      (double)t->g[0]);
    sl_text_free(&p.rule);
    sl_text_free(&p.formula);
}

static bool chain_asks(const sl_node *n, int input)
{
    return !strcmp(n->op->name, "linear") && sl_walk_flows(n, input);
}

void sl_chain_explain(sl_walk *walk)
{
    if (!chain_applies(walk) || walk->e->ctx->status)
        return;
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                                .text = "the chain rule, from the loss to each weight" });
    int lines = 0, told = 0;
    for (int i = walk->count - 2; i >= 0; i--)
        for (int k = 1; k < 3; k++)
            lines += chain_asks(walk->nodes[i], k);
    for (int i = walk->count - 2; i >= 0; i--)
        for (int k = 1; k < 3; k++) {
            if (!chain_asks(walk->nodes[i], k))
                continue;
            if (walk->e->depth > 2 || lines <= CHAIN_SHOWN || told < CHAIN_SHOWN - 1 || told == lines - 1)
                chain_line(walk, i, k);
            else if (told == CHAIN_SHOWN - 1)
                sl_explanation_add(walk->e,
                                   (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                                   .text = sl_explanation_keep(walk->e, "%d more like these",
                                                                               lines - CHAIN_SHOWN) });
            told++;
        }
}
