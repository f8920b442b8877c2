/* run_recipe.c - what a table is trained with where nothing was said: found by trials on small public tables,
 * on California housing, and, of texts, on film reviews and news by cross-validation; docs/tables.md and
 * docs/texts.md have them. Whoever names a net gets the plain defaults. */
#include "train/run.h"

#include <stdio.h>
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

/* --- texts ------------------------------------------------------------------------------------------ */

enum {
    RECIPE_FEW = 300,
    RECIPE_SOME = 1000,
    RECIPE_TEXTS = 20000,
    RECIPE_AGAIN = 50000,
    RECIPE_MANY = 100000,
    RECIPE_CLASSES = 1000 /* more are not compared by weight=nb */
};

/* A feature's weight says how much it tells the classes apart; more classes are better told by rare words.
 * With many rows single occurrences are noise, and three words in a row occur often enough to be learned. */
static const char *recipe_views(size_t rows, int classes)
{
    const bool many = rows >= RECIPE_TEXTS;
    if (!classes || classes > RECIPE_CLASSES)
        return many ? "words ngrams=2 weight=tfidf least=2" : "words ngrams=2 weight=tfidf";
    if (classes == 2)
        return many ? "words ngrams=3 weight=nb least=2" : "words ngrams=2 weight=nb";
    return many ? "words ngrams=3 weight=nb alpha=0.3 least=2" : "words ngrams=2 weight=nb alpha=0.3";
}

/* Weights that were counted on the rows of training tell these apart almost alone: whoever looks at them for
 * long no longer heeds the numbers beside them. Targets that are numbers have no such weights. */
static int recipe_text_epochs(size_t rows, bool numbers, int classes)
{
    if (numbers && classes)
        return rows < RECIPE_FEW ? 20 : rows <= RECIPE_SOME ? 6 : 2;
    return rows <= RECIPE_SOME || numbers ? 20 : rows < RECIPE_MANY ? 5 : 3;
}

/* Numbers beside the texts want a hidden layer, which takes smaller steps. */
static void recipe_texts(sl_run *run, int classes)
{
    sl_run_options *o = &run->plan;
    const size_t rows = run->learning;
    const bool numbers = run->train->features > 0;
    o->net = numbers ? "bag 16, 32 relu, dropout 0.3" : "linear";
    o->text = o->text ? o->text : recipe_views(rows, classes);
    o->optimizer.rule = "adagrad";
    o->optimizer.lr = o->optimizer.lr != 0 ? o->optimizer.lr : numbers ? (sl_real)0.05 : (sl_real)0.3;
    o->optimizer.schedule = "polynomial power=1";
    o->batch = o->batch ? o->batch : rows < RECIPE_FEW ? 8 : 32;
    if (!o->epochs && !o->steps)
        o->epochs = recipe_text_epochs(rows, numbers, classes);
    run->refits = rows < RECIPE_AGAIN && !o->validation && o->interval == 0 && o->rows <= 0 &&
                  o->patience <= 0 && run->validation;
    sl_log(run->ctx, "recipe      %s, %s, adagrad, lr falling to 0", o->text, o->net);
    sl_log(run->ctx, "            for texts, since no net, optimizer, schedule or loss was given");
}

/* What the recipe has filled in: where the plan has what was not asked for. */
static void recipe_tell(const sl_run *run, const char *of)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options, *plan = &run->plan;
    char number[32], rows[32], why[160];
    sl_count_text(rows, run->learning);
    snprintf(why, sizeof why, "the recipe for %s of %s rows to learn from", of, rows);
    sl_decided(ctx, "recipe", of, "no net, optimizer, schedule or loss was asked for; %s rows to learn from",
               rows);
    sl_decided(ctx, "net", plan->net, "%s", why);
    sl_decided(ctx, "optimizer", plan->optimizer.rule, "%s", why);
    sl_decided(ctx, "schedule", plan->optimizer.schedule, "%s", why);
    if (o->optimizer.lr == 0)
        sl_decided(ctx, "lr", sl_real_text(number, plan->optimizer.lr), "%s", why);
    if (o->optimizer.decay == 0 && plan->optimizer.decay != 0)
        sl_decided(ctx, "decay", sl_real_text(number, plan->optimizer.decay), "%s", why);
    if (!o->batch)
        sl_decided(ctx, "batch", sl_number_text(number, plan->batch), "%s", why);
    if (!o->epochs && !o->steps)
        sl_decided(ctx, "epochs", sl_number_text(number, plan->epochs), "%s", why);
    if (!o->text && plan->text)
        sl_decided(ctx, "text", plan->text, "%s; %d classes", why, run->train->classes);
    if (run->refits)
        sl_decided(ctx, "learned in the end", "all rows", "%s rows are few: the %zu that validate count too",
                   rows, run->validation->rows);
}

/* --- tables ----------------------------------------------------------------------------------------- */

static void recipe_table(sl_run *run)
{
    sl_run_options *o = &run->plan;
    const recipe_of_size *recipe = recipe_for(run->learning);
    o->net = recipe->net;
    o->optimizer.rule = "adamw";
    o->optimizer.lr = o->optimizer.lr != 0 ? o->optimizer.lr : (sl_real)recipe->lr;
    o->optimizer.decay = o->optimizer.decay != 0 ? o->optimizer.decay : (sl_real)0.1;
    o->batch = o->batch ? o->batch : recipe->batch;
    if (!o->epochs && !o->steps)
        o->epochs = recipe_epochs(recipe, run->train->rows);
    o->optimizer.schedule = "cosine";
    run->refits = run->learning < RECIPE_LARGE && !o->validation && o->interval == 0 && o->rows <= 0 &&
                  o->patience <= 0 && run->validation;
    char least[32];
    sl_count_text(least, RECIPE_LARGE);
    sl_log(run->ctx,
           "recipe      %s, adamw, cosine: for a table of %s%s rows%s, since no net, optimizer, schedule or "
           "loss was given",
           recipe->net, run->learning < RECIPE_LARGE ? "fewer than " : "", least,
           run->learning < RECIPE_LARGE ? "" : " or more");
}

sl_status sl_run_recipe(sl_run *run, int classes)
{
    sl_run_options *o = &run->plan;
    *o = run->options;
    if (!run->train->store->columns)
        return SL_OK;
    if (!classes && !o->target_scale && (!o->loss || strncmp(o->loss, "poisson", 7) != 0))
        o->target_scale = "standard";
    if (o->target_scale && !run->options.target_scale)
        sl_decided(run->ctx, "target-scale", "standard",
                   "the target of a table is a number, and its unit anything");
    if (!recipe_wanted(&run->options))
        return SL_OK;
    if (sl_data_has_words(run->train))
        recipe_texts(run, classes);
    else
        recipe_table(run);
    if (sl_decides(run->ctx))
        recipe_tell(run, sl_data_has_words(run->train)  ? "texts"
                         : run->learning < RECIPE_LARGE ? "small tables"
                                                        : "large tables");
    if (run->refits) {
        sl_log(run->ctx, "            the validation rows tell how good it is and choose nothing;");
        sl_log(run->ctx, "            the best epoch goes by train loss; in the end the same is learned");
        sl_log(run->ctx, "            from all %zu rows, and kept", run->learning);
    }
    return SL_OK;
}
