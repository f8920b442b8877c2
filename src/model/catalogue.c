/* catalogue.c - all the words, with their summaries, formulas and sources, from the descriptors themselves.
 */
#include "data/augment/augmentation.h"
#include "data/generator.h"
#include "metric/metric.h"
#include "model/model.h"

#include <string.h>

#define CATALOGUE_FILL(entry)                                                                                \
    (sl_word)                                                                                                \
    {                                                                                                        \
        .name = (entry)->name, .summary = (entry)->summary, .formula = (entry)->formula,                     \
        .source = (entry)->source, .options = (entry)->options                                               \
    }
#define CATALOGUE_KIND(type, at)                                                                             \
    {                                                                                                        \
        const type *entry = at((size_t)index);                                                               \
        if (entry)                                                                                           \
            *word = CATALOGUE_FILL(entry);                                                                   \
        return entry != NULL;                                                                                \
    }

static bool catalogue_activation(int index, sl_word *word)
{
    const sl_op *op;
    for (size_t i = 0; (op = sl_op_at(i)); i++)
        if (sl_op_is_activation(op) && index-- == 0) {
            *word = CATALOGUE_FILL(op);
            return true;
        }
    return false;
}

bool sl_catalogue(const char *kind, int index, sl_word *word)
{
    *word = (sl_word){ 0 };
    if (index < 0 || !kind)
        return false;
    if (!strcmp(kind, "activation"))
        return catalogue_activation(index, word);
    if (!strcmp(kind, "operator"))
        CATALOGUE_KIND(sl_op, sl_op_at)
    if (!strcmp(kind, "layer"))
        CATALOGUE_KIND(sl_layer_kind, sl_layer_kind_at)
    if (!strcmp(kind, "loss"))
        CATALOGUE_KIND(sl_loss, sl_loss_at)
    if (!strcmp(kind, "optimizer"))
        CATALOGUE_KIND(sl_rule, sl_rule_at)
    if (!strcmp(kind, "schedule"))
        CATALOGUE_KIND(sl_schedule, sl_schedule_at)
    if (!strcmp(kind, "init"))
        CATALOGUE_KIND(sl_init, sl_init_at)
    if (!strcmp(kind, "metric"))
        CATALOGUE_KIND(sl_metric, sl_metric_at)
    if (!strcmp(kind, "augmentation"))
        CATALOGUE_KIND(sl_augmentation, sl_augmentation_at)
    if (!strcmp(kind, "data")) {
        const sl_generator *set = sl_generator_at((size_t)index);
        if (set)
            *word = (sl_word){
                .name = set->name, .summary = set->summary, .formula = set->formula, .source = set->source
            };
        return set != NULL;
    }
    return false;
}
