/* optimizers.c - every optimizer on three small nets, all rows at once, at the same cost: the table of
 * docs/optimizers.md. A loss costs 1, a loss with its gradient 3. The same numbers on every machine. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/sort.h"
#include "slope.h"

enum { SEEDS = 5, BUDGET = 6000, NETS = 3 };

static const struct {
    const char *data, *layers;
} nets[NETS] = { { "builtin:xor", "input 2, 4 tanh, 1" },
                 { "builtin:spiral", "input 2, 8 tanh, 8 tanh, 1" },
                 { "builtin:spiral", "input 2, 30 tanh, 28 tanh, 1" } };

static const struct {
    const char *name;
    sl_optimizer optimizer;
} methods[] = {
    { "`sgd`, lr 0.5", { .rule = "sgd", .lr = (sl_real)0.5 } },
    { "`momentum`, lr 0.1", { .rule = "momentum", .lr = (sl_real)0.1 } },
    { "`adam`, lr 0.01", { .rule = "adam", .lr = (sl_real)0.01 } },
    { "`lbfgs`", { .rule = "lbfgs" } },
    { "`newton`", { .rule = "newton" } },
    { "`coordinate_descent`", { .rule = "coordinate_descent" } },
    { "`random_search`", { .rule = "random_search" } },
    { "`simplex`", { .rule = "simplex" } },
    { "`annealing`", { .rule = "annealing" } },
    { "`genetic`", { .rule = "genetic" } },
};
enum { METHODS = sizeof methods / sizeof *methods };

typedef struct {
    sl_model *model;
    sl_tensor *x, *y;
} problem;

static sl_tensor *problem_loss(sl_tape *tape, void *user)
{
    problem *p = user;
    return sl_binary_cross_entropy(tape, sl_forward(tape, p->model, p->x), p->y);
}

static void give_up(const sl_ctx *ctx)
{
    if (sl_error(ctx)) {
        fprintf(stderr, "optimizers: %s\n", sl_message(ctx));
        exit(1);
    }
}

typedef struct {
    double loss; /* when the budget is spent */
    double cost; /* when the loss was first below 0.01; infinite: never */
    double losses, gradients;
} outcome;

/* All rows as tensors; and the weights' tensors, which a step wants. */
static void problem_rows(sl_ctx *ctx, const sl_data *data, problem *p)
{
    const int rows = (int)sl_data_rows(data);
    p->x = sl_tensor_new(ctx, sl_dims(rows, 2), NULL);
    p->y = sl_tensor_new(ctx, sl_dims(rows, 1), NULL);
    for (int i = 0; i < rows && p->x && p->y; i++)
        sl_data_row(data, (size_t)i, sl_values(p->x) + 2 * i, sl_values(p->y) + i);
}

static outcome solve(int net, int method, uint64_t seed)
{
    enum { MOST = 16 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed });
    sl_data *data = sl_data_open(ctx, nets[net].data, NULL);
    problem p = { .model = sl_model_parse(ctx, nets[net].layers) };
    sl_compile(p.model, .loss = "binary_cross_entropy");
    give_up(ctx);
    problem_rows(ctx, data, &p);
    sl_tensor *params[MOST];
    const int count = sl_model_params(p.model);
    for (int i = 0; i < count && i < MOST; i++)
        params[i] = sl_model_param(p.model, i);
    sl_step *step = sl_step_new(ctx, methods[method].optimizer, params, count);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    outcome o = { .cost = INFINITY };
    for (double cost = 0; cost < BUDGET && !sl_step_converged(step);) {
        uint64_t gradients;
        if (sl_step_minimise(step, problem_loss, tape, &p, &o.loss))
            break;
        o.losses = (double)sl_step_evaluations(step, &gradients);
        o.gradients = (double)gradients;
        cost = o.losses + 2 * o.gradients;
        if (o.loss < 0.01 && o.cost == INFINITY)
            o.cost = cost;
    }
    give_up(ctx);
    sl_ctx_free(ctx);
    return o;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void cell(int net, int method)
{
    double loss[SEEDS], cost[SEEDS], losses[SEEDS], gradients[SEEDS];
    int solved = 0;
    for (int s = 0; s < SEEDS; s++) {
        const outcome o = solve(net, method, (uint64_t)s + 1);
        loss[s] = o.loss;
        cost[s] = o.cost;
        losses[s] = o.losses;
        gradients[s] = o.gradients;
        solved += o.cost < INFINITY;
    }
    sl_sort(loss, SEEDS, sizeof *loss, compare);
    sl_sort(cost, SEEDS, sizeof *cost, compare);
    sl_sort(losses, SEEDS, sizeof *losses, compare);
    sl_sort(gradients, SEEDS, sizeof *gradients, compare);
    printf(" | %.0f / %.0f | %.1e | ", losses[SEEDS / 2], gradients[SEEDS / 2], loss[SEEDS / 2]);
    if (solved > SEEDS / 2)
        printf("%.0f (%d of %d)", cost[SEEDS / 2], solved, SEEDS);
    else
        printf("- (%d of %d)", solved, SEEDS);
}

int main(void)
{
    static const char *const titles[NETS] = { "17 weights: XOR, 2-4-1", "105 weights: spiral, 2-8-8-1",
                                              "987 weights: spiral, 2-30-28-1" };
    for (int net = 0; net < NETS; net++) {
        printf("%s**%s**\n\n| method | losses / gradients | loss at the end | cost to 0.01 "
               "|\n|---|---|---|---|\n",
               net ? "\n" : "", titles[net]);
        for (int method = 0; method < METHODS; method++) {
            printf("| %s", methods[method].name);
            cell(net, method);
            printf(" |\n");
            fflush(stdout);
        }
    }
    return 0;
}
