/* run_recipe.c - what a table is trained with where nothing was said: found by trials on small public tables
 * and on California housing, docs/tables.md has them. Whoever names a net gets the plain defaults. */
#include "train/run.h"

#include <string.h>

enum { RECIPE_LARGE = 5000, RECIPE_STEPS = 40000 };

typedef struct {
    const char *net;
    double lr;
    int epochs, batch;
} recipe_of_size;

static const recipe_of_size recipe_small = { "32 relu, dropout 0.3", 0.01, 150, 32 },
                            recipe_large = { "128 relu, dropout 0.1, 128 relu, dropout 0.1, 64 relu", 0.002,
                                             60, 128 };

/* Fewer epochs for very many rows. */
static int recipe_epochs(const recipe_of_size *recipe, size_t rows)
{
    const size_t steps = (rows + (size_t)recipe->batch - 1) / (size_t)recipe->batch;
    const size_t most = RECIPE_STEPS / steps > 1 ? RECIPE_STEPS / steps : 1;
    return most < (size_t)recipe->epochs ? (int)most : recipe->epochs;
}

static bool recipe_wanted(const sl_run_options *o)
{
    const sl_optimizer *optimizer = &o->optimizer;
    return !o->net && !optimizer->rule && !optimizer->schedule && !o->loss;
}

/* The rows that training has, before any of them validate. */
static const recipe_of_size *recipe_for(size_t rows)
{
    return rows < RECIPE_LARGE ? &recipe_small : &recipe_large;
}

sl_status sl_run_recipe(sl_run *run, int classes)
{
    sl_run_options *o = &run->plan;
    *o = run->options;
    if (!run->train->store->columns)
        return SL_OK;
    if (!classes && !o->target_scale && (!o->loss || strncmp(o->loss, "poisson", 7) != 0))
        o->target_scale = "standard";
    if (!recipe_wanted(&run->options))
        return SL_OK;
    const recipe_of_size *recipe = recipe_for(run->learning);
    o->net = recipe->net;
    o->optimizer.rule = "adamw";
    o->optimizer.lr = o->optimizer.lr != 0 ? o->optimizer.lr : (sl_real)recipe->lr;
    o->optimizer.decay = o->optimizer.decay != 0 ? o->optimizer.decay : (sl_real)0.1;
    o->batch = o->batch ? o->batch : recipe->batch;
    if (!o->epochs && !o->steps)
        o->epochs = recipe_epochs(recipe, run->train->rows);
    o->optimizer.schedule = "cosine";
    run->refits = run->learning < RECIPE_LARGE && !o->validation && o->interval == 0 && o->patience <= 0 &&
                  run->validation;
    char least[32];
    sl_count_text(least, RECIPE_LARGE);
    sl_log(run->ctx,
           "recipe      %s, adamw, cosine: for a table of %s%s rows%s, since no net, optimizer, schedule or "
           "loss was given",
           recipe->net, run->learning < RECIPE_LARGE ? "fewer than " : "", least,
           run->learning < RECIPE_LARGE ? "" : " or more");
    if (run->refits)
        sl_log(run->ctx,
               "            the validation rows tell how good it is and choose nothing, the best epoch goes "
               "by train loss; in the end the same is learned from all %zu rows, and kept",
               run->learning);
    return SL_OK;
}
