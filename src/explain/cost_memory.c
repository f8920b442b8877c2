/* cost_memory.c - the bytes of a step of training: what formulas say of them, and what is put around it. */
#include "explain/cost.h"

enum { COST_MOST_ROWS = 1 << 24 };

/* "name = formula + {what is beside it: rest}" */
static void cost_bytes(sl_costing *c, const char *name, const char *formula, const char *beside, double times,
                       double n, size_t bytes)
{
    const double counted = (double)sizeof(sl_real) * times * n, rest = (double)bytes - counted;
    const sl_named names[] = { { "R", sizeof(sl_real) }, { "N", n }, { "X", rest } };
    if (rest != 0)
        formula = sl_explanation_keep(c->e, "%s + {%s: X}", formula, beside);
    sl_explained_line(c->e, 2, name, formula, names, 3, (double)bytes);
}

/* Which batch fits: twice as many rows until it does not, then the middle again and again. */
static void cost_fit(sl_costing *c)
{
    sl_ctx *ctx = c->e->ctx;
    const size_t room = c->o->memory;
    char bytes[32], more[32], wanted[32], rows[32];
    int low = 0, high = 1;
    while (high <= COST_MOST_ROWS) {
        const size_t takes = sl_model_step_bytes(c->model, high);
        if (ctx->status || takes > room)
            break;
        low = high;
        high *= 2;
    }
    sl_clear(ctx); /* a batch of which not even the size can be said */
    while (high - low > 1 && high <= COST_MOST_ROWS) {
        const int middle = low + (high - low) / 2;
        const size_t takes = sl_model_step_bytes(c->model, middle);
        const bool fits = !ctx->status && takes <= room;
        sl_clear(ctx);
        low = fits ? middle : low;
        high = fits ? high : middle;
    }
    sl_count_text(wanted, room);
    sl_count_text(rows, (uint64_t)low);
    if (!low) {
        const size_t one = sl_model_step_bytes(c->model, 1);
        sl_cost_note(c, sl_explanation_keep(c->e, "Into %s bytes no step fits: a single row takes %s.",
                                            wanted, sl_count_text(bytes, one)));
        return;
    }
    sl_cost_value(c, "largest batch", low, 0);
    sl_count_text(bytes, sl_model_step_bytes(c->model, low));
    if (high > COST_MOST_ROWS) {
        sl_cost_note(c,
                     sl_explanation_keep(c->e, "Into %s bytes fits a batch of %s rows, %s bytes, and more.",
                                         wanted, rows, bytes));
        return;
    }
    const size_t next = sl_model_step_bytes(c->model, high);
    const bool known = !ctx->status;
    sl_clear(ctx);
    sl_cost_note(c, known
                        ? sl_explanation_keep(c->e,
                                              "Into %s bytes fits a batch of %s rows, %s bytes; one row more "
                                              "takes %s.",
                                              wanted, rows, bytes, sl_count_text(more, next))
                        : sl_explanation_keep(c->e, "Into %s bytes fits a batch of %s rows, %s bytes.",
                                              wanted, rows, bytes));
}

void sl_cost_memory(sl_costing *c)
{
    sl_explanation *e = c->e;
    sl_step_memory m;
    if (e->ctx->status || sl_model_step_memory(c->of, c->batch, &m))
        return;
    const double numbers = (double)c->of->parameters, states = c->step->rule->states;
    double results = 0;
    for (int i = 0; i < c->nodes; i++)
        results += (double)c->node[i]->y->count;
    sl_cost_part(c, sl_explanation_keep(e, "bytes of a step, %d a number", (int)sizeof(sl_real)));
    cost_bytes(c, "weights", "R*N", "lengths, names and shapes", 1, numbers, m.weights);
    cost_bytes(c, "gradients", "R*N", "up to multiples of 64", 1, c->learned, m.gradients);
    cost_bytes(c, "optimizer", states > 0 ? sl_explanation_keep(e, "%d*R*N", (int)states) : "0*R*N",
               "up to multiples of 64, and its tables", states, c->learned, m.optimizer);
    cost_bytes(c, "activations", "R*N",
               "gradients of these results, what backward wants again, and the graph", 1, results,
               m.activations);
    cost_bytes(c, "batch", "R*N", "shapes", 1, (double)(c->x->count + c->y->count), m.batch);
    sl_cost_line(c, "products", "N", &(sl_named){ "N", (double)m.products }, 1);
    const sl_named names[] = { { "w", (double)m.weights },   { "g", (double)m.gradients },
                               { "o", (double)m.optimizer }, { "a", (double)m.activations },
                               { "b", (double)m.batch },     { "p", (double)m.products } };
    sl_cost_line(c, "bytes", "w + g + o + a + b + p", names, 6);
    sl_cost_note(c, "products: packed pieces of matrices, for each thread.");
    sl_cost_note(
        c, sl_explanation_keep(e,
                               "That is what a training allocates, to the byte: weights, gradients and "
                               "optimizer for %s weights, the rest for %s row%s.",
                               sl_count_text((char[32]){ 0 }, c->of->parameters),
                               sl_count_text((char[32]){ 0 }, (uint64_t)c->batch), c->batch == 1 ? "" : "s"));
    if (c->o->memory && !e->ctx->status)
        cost_fit(c);
}
