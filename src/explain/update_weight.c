/* update_weight.c - the rule and what is done to the gradient before it, weight by weight. What comes out is
 * the engine's own number: a line that does not give it is refused. */
#include "explain/update.h"

#include <math.h>
#include <string.h>

/* "dL/dw*clip + l1*sign(w) + decay*w", for this parameter; NULL: the gradient as it is. */
static const char *weight_gradient(sl_walk *walk, const sl_watched *w, int p, const char *g)
{
    const sl_step *step = w->step;
    const sl_step_part *part = &step->parts[p];
    const bool limit = step->set.clip_value > 0, clip = w->clip<1, l1 = step->set.l1> 0 && part->weight,
               decay = part->decay != 0 && !step->rule->decoupled;
    if (!limit && !clip && !l1 && !decay)
        return NULL;
    return sl_explanation_keep(walk->e, limit ? "min(max(%s, -clip_value), clip_value)%s%s%s" : "%s%s%s%s", g,
                               clip ? "*clip" : "", l1 ? " + l1*sign(w)" : "", decay ? " + decay*w" : "");
}

/* adamw and lion: decay is the rule's own, and where there is none its factor is 1. */
static const char *weight_plain(sl_walk *walk, const char *written)
{
    static const char keep[] = "w*(1 - lr*decay)";
    const char *found = strstr(written, keep);
    return found ? sl_explanation_keep(walk->e, "%.*sw%s", (int)(found - written), written,
                                       found + strlen(keep))
                 : written;
}

static void weight_shared_names(sl_watched *w)
{
    sl_optimizer set = w->step->set;
    const sl_optimizer_word *word;
    w->shared = (sl_written_names){ .count = 0 };
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++)
        sl_written_set(&w->shared, word->name, (double)*sl_optimizer_value(&set, word));
    sl_written_set(&w->shared, "lr", w->lr);
    sl_written_set(&w->shared, "t", w->t);
    sl_written_set(&w->shared, "clip", w->clip);
    for (int i = 0; i < SL_MAX_PRODUCTS; i++)
        if (w->step->rule->product_names[i])
            sl_written_set(&w->shared, w->step->rule->product_names[i], w->product[i]);
}

/* What does not depend on the weight is computed once, before all of them. */
static void weight_find_own(sl_watched *w)
{
    const sl_rule *rule = w->step->rule;
    const char *own[4 + SL_RULE_STATES + SL_WRITTEN_STATEMENTS + 1] = { "w", "g", "lr", "decay" };
    int count = 4;
    for (int i = 0; i < rule->states; i++)
        own[count++] = rule->state_names[i];
    for (int s = 0; s < w->rule.count; s++) {
        w->own[s] = sl_written_has(&w->rule.statement[s], own);
        if (w->own[s])
            own[count++] = w->rule.statement[s].name;
    }
}

static double weight_product(const sl_watched *w, const char *name, double value)
{
    for (int i = 0; i < SL_MAX_PRODUCTS; i++)
        if (w->step->rule->product_names[i] && !strcmp(w->step->rule->product_names[i], name))
            return w->step->product[i]; /* the engine's own */
    return value;
}

static bool weight_any(const sl_watched *w, bool decays)
{
    for (int p = 0; p < w->count; p++)
        if (w->parts[p].w && (!decays || w->step->parts[p].decay != 0))
            return true;
    return false;
}

static void weight_remarks(sl_walk *walk, const sl_watched *w)
{
    const sl_rule *rule = w->step->rule;
    bool still = false; /* biases that learn and do not decay */
    for (int p = 0; p < w->count; p++)
        still = still || (w->parts[p].w && !w->step->parts[p].weight && w->step->parts[p].decay == 0);
    if (weight_any(w, true))
        sl_update_note(walk, sl_explanation_keep(
                                 walk->e, "%s%s",
                                 rule->decoupled ? "decay shrinks the weight itself, and is no term of the "
                                                   "loss"
                                                 : "decay*w is the slope of decay/2*w^2, added to the loss",
                                 still ? "; biases do not decay" : ""));
    if (weight_any(w, true) && !rule->decoupled && strstr(rule->written, "/(sqrt("))
        sl_update_note(walk, "decay is part of g here, so it is divided by the root as g is; adamw's decay "
                             "is not");
}

void sl_update_tell_rule(sl_walk *walk, sl_watched *w)
{
    sl_explanation *e = walk->e;
    const sl_rule *rule = w->step->rule;
    const char *plain = weight_plain(walk, rule->written);
    if (sl_written_read(&w->rule, e, rule->written) || sl_written_read(&w->plain, e, plain))
        return;
    weight_shared_names(w);
    weight_find_own(w);
    const bool decays = weight_any(w, true);
    for (int p = 0; p < w->count; p++) { /* each formula once, such as the weights' and the biases' */
        const char *formula = w->parts[p].w ? weight_gradient(walk, w, p, "dL/dw") : NULL;
        bool said = false;
        for (int q = 0; formula && q < p; q++) {
            const char *other = w->parts[q].w ? weight_gradient(walk, w, q, "dL/dw") : NULL;
            said = said || (other && !strcmp(other, formula));
        }
        if (formula && !said)
            sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = "g", .text = formula });
    }
    const sl_written *told = decays ? &w->rule : &w->plain;
    for (int s = 0; s < told->count; s++)
        sl_written_tell(&told->statement[s], e);
    if (w->step->set.l1_prox > 0)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                              .name = "w",
                                              .text = "w - sign(w)*min(abs(w), lr*l1_prox)" });
    weight_remarks(walk, w);
    for (int s = 0; s < w->rule.count && !e->ctx->status; s++) {
        const sl_written_statement *statement = &w->rule.statement[s];
        double value;
        if (w->own[s])
            continue;
        const sl_written_way *way = sl_written_value(statement, &w->shared, &value);
        value = weight_product(w, statement->name, value);
        sl_explained_line(e, 2, statement->name, way->formula, w->shared.named, w->shared.count, value);
        sl_written_set(&w->shared, statement->name, value);
    }
}

typedef struct {
    sl_walk *walk;
    sl_watched *w;
    int p;
    const char *gradient; /* NULL: as it is */
    sl_expression read;   /* of it */
    bool prox, longest;   /* what comes behind the rule */
} weight_job;

static void weight_names(const weight_job *job, size_t i, sl_written_names *names)
{
    const sl_watched *w = job->w;
    const sl_watched_part *part = &w->parts[job->p];
    const sl_step_part *place = &w->step->parts[job->p];
    *names = w->shared;
    sl_written_set(names, "w", part->w[i]);
    sl_written_set(names, "g", part->g[i]);
    sl_written_set(names, "decay", (double)place->decay);
    sl_written_set(names, "lr", (double)((sl_real)w->lr * place->scale));
    for (int s = 0; s < w->step->rule->states; s++)
        sl_written_set(names, w->step->rule->state_names[s], part->state[s][i]);
}

/* A state is the engine's own; *settled: which has made it 0. */
static double weight_state(const weight_job *job, const sl_written_statement *statement, size_t i,
                           double value, bool *settled)
{
    const sl_step *step = job->w->step;
    *settled = false;
    for (int s = 0; s < step->rule->states; s++)
        if (statement->last && !strcmp(step->rule->state_names[s], statement->name)) {
            const double own = (double)step->state[job->p * SL_MAX_STATES + s][i];
            *settled = own == 0 && value != 0 && fabs(value) < 0x1p-100;
            return own;
        }
    return value;
}

static void weight_line(const weight_job *job, const char *name, const char *formula,
                        const sl_written_names *names, double value)
{
    sl_explained_line(job->walk->e, 2, name, formula, names->named, names->count, value);
}

/* Element i by the rule and l1_prox; shown: with its lines. */
static double weight_value(const weight_job *job, size_t i, bool shown)
{
    sl_watched *w = job->w;
    sl_explanation *e = job->walk->e;
    const sl_tensor *t = w->step->params[job->p];
    const sl_written *written = w->step->parts[job->p].decay != 0 ? &w->rule : &w->plain;
    const char *element = shown ? sl_walk_element(job->walk, t, i) : "";
    sl_written_names names;
    weight_names(job, i, &names);
    if (job->gradient) {
        const double g = sl_expression_value(&job->read, names.named, names.count, NULL);
        if (shown)
            weight_line(job, sl_explanation_keep(e, "g of %s", element), job->gradient, &names, g);
        sl_written_set(&names, "g", g);
    }
    double weight = 0;
    for (int s = 0; s < written->count && !e->ctx->status; s++) {
        const sl_written_statement *statement = &written->statement[s];
        const bool is_weight = !strcmp(statement->name, "w");
        bool settled;
        double value;
        if (!w->own[s])
            continue;
        const sl_written_way *way = sl_written_value(statement, &names, &value);
        value = weight_state(job, statement, i, value, &settled);
        const bool final = is_weight && !job->prox && !job->longest;
        value = final ? (double)t->v[i] : value;
        if (shown)
            weight_line(job, final ? element : sl_explanation_keep(e, "%s of %s", statement->name, element),
                        settled ? "0" : way->formula, &names, value);
        w->settled += shown && settled;
        sl_written_set(&names, statement->name, value);
        weight = is_weight ? value : weight;
    }
    if (!job->prox)
        return weight;
    const double threshold =
                     (double)((sl_real)w->lr * w->step->parts[job->p].scale) * (double)w->step->set.l1_prox,
                 nearer = fabs(weight) > threshold ? weight + (weight > 0 ? -threshold : threshold)
                          : weight == weight       ? 0
                                                   : weight;
    sl_written_set(&names, "w", weight);
    if (shown)
        weight_line(job, job->longest ? sl_explanation_keep(e, "w of %s", element) : element,
                    "w - sign(w)*min(abs(w), lr*l1_prox)", &names, job->longest ? nearer : (double)t->v[i]);
    return nearer;
}

/* A parameter whose lr is not the step's. */
static void weight_rate(const weight_job *job)
{
    const sl_watched *w = job->w;
    const double scale = (double)w->step->parts[job->p].scale;
    const sl_named names[] = { { "lr", w->lr }, { "lr_scale", scale } };
    if (scale != 1)
        sl_explained_line(
            job->walk->e, 2,
            sl_explanation_keep(job->walk->e, "lr of %s", sl_walk_name(job->walk, w->step->params[job->p])),
            "lr*lr_scale", names, 2, w->lr * scale);
}

void sl_update_tell_weights(sl_walk *walk, sl_watched *w, int p)
{
    sl_explanation *e = walk->e;
    sl_watched_part *part = &w->parts[p];
    const sl_step_part *place = &w->step->parts[p];
    const size_t count = sl_update_elements(w, p);
    weight_job job = { .walk = walk,
                       .w = w,
                       .p = p,
                       .gradient = weight_gradient(walk, w, p, "g"),
                       .prox = w->step->set.l1_prox > 0 && place->weight,
                       .longest = w->step->set.max_norm > 0 && place->weight };
    if (job.gradient && sl_expression_read(&job.read, w->ctx, job.gradient))
        return;
    weight_rate(&job);
    for (size_t k = 0; k < count && e->depth >= 2 && !e->ctx->status; k++) {
        size_t skipped;
        k = sl_explained_next(e, k, count, &skipped);
        if (skipped)
            sl_explanation_add(
                e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                   .text = sl_explanation_keep(e, "%zu more like these", skipped) });
        weight_value(&job, sl_update_element(w, p, k), true);
    }
    if (job.longest)
        part->ruled = sl_alloc_array(w->ctx, w->step->params[p]->count, sizeof *part->ruled);
    for (size_t k = 0; part->ruled && k < count; k++)
        part->ruled[sl_update_element(w, p, k)] = weight_value(&job, sl_update_element(w, p, k), false);
    if (job.gradient)
        sl_expression_free(&job.read);
}
