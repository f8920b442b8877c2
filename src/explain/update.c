/* update.c - how a step changed the weights: the rule's `written`, weight by weight, with the numbers before
 * it. */
#include "explain/step.h"
#include "optim/optim.h"

#include <string.h>

enum { UPDATE_STEPS = 12, UPDATE_NAMES = 40 };

struct sl_watched {
    sl_ctx *ctx;
    sl_step *step;
    sl_update told; /* what the rule is told for this step */
    double t;       /* its number, from 1 */
    int count;
    double **before; /* [count * (2 + SL_MAX_STATES)]: w, g, states; NULL: not there */
};

static double *update_copy(sl_ctx *ctx, const sl_real *values, size_t n)
{
    double *copy = sl_alloc_array(ctx, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = (double)values[i];
    return copy;
}

sl_watched *sl_update_watch(sl_walk *walk, sl_step *step)
{
    sl_ctx *ctx = walk->e->ctx;
    sl_watched *w = sl_alloc(ctx, sizeof *w);
    if (!w)
        return NULL;
    *w = (sl_watched){ .ctx = ctx, .step = step, .told = sl_update_of(&step->set), .count = step->count };
    w->told.lr = sl_step_lr(step);
    w->t = (double)step->steps + 1;
    w->before = sl_alloc_array(ctx, (size_t)step->count * (2 + SL_MAX_STATES), sizeof *w->before);
    for (int p = 0; p < step->count && w->before; p++) {
        const sl_tensor *t = step->params[p];
        double **before = w->before + (size_t)p * (2 + SL_MAX_STATES);
        if (!t->learns || !t->has_grad)
            continue;
        before[0] = update_copy(ctx, t->v, t->count);
        before[1] = update_copy(ctx, t->g, t->count);
        for (int s = 0; s < step->rule->states; s++)
            before[2 + s] = update_copy(ctx, step->state[p * SL_MAX_STATES + s], t->count);
    }
    return w;
}

void sl_update_forget(sl_watched *w)
{
    if (!w)
        return;
    for (size_t i = 0; w->before && i < (size_t)w->count * (2 + SL_MAX_STATES); i++)
        sl_free(w->ctx, w->before[i]);
    sl_free(w->ctx, w->before);
    sl_free(w->ctx, w);
}

typedef struct {
    sl_named named[UPDATE_NAMES];
    int count;
} update_names;

static void update_set(update_names *names, const char *name, double value)
{
    for (int i = 0; i < names->count; i++)
        if (!strcmp(names->named[i].name, name)) {
            names->named[i].value = value;
            return;
        }
    if (names->count < UPDATE_NAMES)
        names->named[names->count++] = (sl_named){ name, value };
}

/* The numbers of one weight before the step. */
static update_names update_before(const sl_watched *w, int p, size_t i)
{
    const sl_update *u = &w->told;
    update_names names = { .count = 0 };
    double *const *before = w->before + (size_t)p * (2 + SL_MAX_STATES);
    update_set(&names, "w", before[0][i]);
    update_set(&names, "g", before[1][i]);
    for (int s = 0; s < w->step->rule->states; s++)
        update_set(&names, w->step->rule->state_names[s], before[2 + s][i]);
    update_set(&names, "lr", (double)u->lr);
    update_set(&names, "momentum", (double)u->momentum);
    update_set(&names, "beta1", (double)u->beta1);
    update_set(&names, "beta2", (double)u->beta2);
    update_set(&names, "epsilon", (double)u->epsilon);
    update_set(&names, "t", w->t);
    return names;
}

/* One weight: "m = ..; v = ..; w = ..", each a line with what stands before it. */
static void update_weight(sl_walk *walk, const sl_watched *w, int p, size_t i)
{
    const sl_rule *rule = w->step->rule;
    const sl_tensor *t = w->step->params[p];
    update_names names = update_before(w, p, i);
    for (const char *at = rule->written; at && !walk->e->ctx->status;) {
        const char *end = strstr(at, "; "), *equals = strstr(at, " = ");
        const char *name = sl_explanation_keep(walk->e, "%.*s", (int)(equals - at), at);
        const char *formula =
            sl_explanation_keep(walk->e, "%.*s", end ? (int)(end - equals - 3) : 1000, equals + 3);
        const bool weight = !strcmp(name, "w");
        sl_expression read;
        if (sl_expression_read(&read, w->ctx, formula))
            return;
        const double value =
            weight ? (double)t->v[i] : sl_expression_value(&read, names.named, names.count, NULL);
        sl_expression_free(&read);
        const char *element = sl_walk_element(walk, t, i);
        sl_explained_line(walk->e, 2,
                          weight ? element : sl_explanation_keep(walk->e, "%s of %s", name, element), formula,
                          names.named, names.count, value);
        update_set(&names, name, value);
        at = end ? end + 2 : NULL;
    }
}

void sl_update_explain(sl_walk *walk, const sl_watched *w)
{
    const sl_rule *rule = w->step->rule;
    sl_explanation_add(
        walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = rule->name, .text = rule->written });
    for (int p = 0; p < w->count; p++) {
        const sl_tensor *t = w->step->params[p];
        if (!w->before[(size_t)p * (2 + SL_MAX_STATES)]) {
            sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE,
                                                        .text = sl_explanation_keep(
                                                            walk->e, "%s is frozen: it stays as it is",
                                                            sl_walk_name(walk, t)) });
            continue;
        }
        sl_walk_values(walk, t, false);
        for (size_t i = 0; sl_walk_more(walk, t, &i); i++)
            update_weight(walk, w, p, i);
    }
}
