/* progress.c - what a checkpoint keeps of a step beside the numbers of each weight: counts and running
 * products, by name. */
#include "optim/optim.h"

const char *sl_step_state_name(const sl_step *step, int s)
{
    if (s < step->rule->states)
        return step->rule->state_names[s];
    return s == step->rule->states && step->set.average > 0 ? "average" : NULL;
}

enum { PROGRESS_FIXED = 3, PROGRESS_MOST = PROGRESS_FIXED + SL_MAX_PRODUCTS };

typedef struct {
    const char *name;
    double *value;
} progress_product;

/* Those that this step has; returns how many. */
static int progress_products(sl_step *step, progress_product *products)
{
    int count = 0;
    products[count++] = (progress_product){ "beta1_power", &step->beta1_power };
    products[count++] = (progress_product){ "beta2_power", &step->beta2_power };
    if (step->set.average > 0)
        products[count++] = (progress_product){ "average_power", &step->average_power };
    for (int i = 0; i < SL_MAX_PRODUCTS; i++)
        if (step->rule->product_names[i])
            products[count++] = (progress_product){ step->rule->product_names[i], &step->product[i] };
    return count;
}

void sl_step_put(const sl_step *step, sl_text *json, bool *first)
{
    sl_step copy = *step;
    progress_product products[PROGRESS_MOST];
    const int count = progress_products(&copy, products);
    sl_json_key(json, first, "optimizer_steps");
    sl_json_put_uint64(json, step->steps);
    for (int i = 0; i < count; i++) {
        sl_json_key(json, first, products[i].name);
        sl_json_put_number(json, *products[i].value);
    }
    if (step->set.clip_value > 0 || step->set.clip_norm > 0) {
        sl_json_key(json, first, "clipped_steps");
        sl_json_put_uint64(json, step->clipped);
    }
}

bool sl_step_take(sl_step *step, const sl_json *json)
{
    progress_product products[PROGRESS_MOST];
    const int count = progress_products(step, products);
    bool whole = sl_json_whole(sl_json_get(json, "optimizer_steps"), &step->steps);
    for (int i = 0; i < count; i++) {
        *products[i].value = sl_json_number(json, products[i].name, -1);
        whole = whole && *products[i].value >= 0 && *products[i].value <= 1;
    }
    step->clipped = sl_json_uint64(json, "clipped_steps", 0);
    return whole && step->clipped <= step->steps;
}
