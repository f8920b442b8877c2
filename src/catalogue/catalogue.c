/* catalogue.c - all the words, with their summaries, formulas, sources and options, from the descriptors
 * themselves. */
#include "diagnose/diagnose.h"
#include "plot/kind.h"
#include "data/augment/augmentation.h"
#include "data/encoding/encoding.h"
#include "data/check/check.h"
#include "data/generator.h"
#include "descend/function.h"
#include "metric/metric.h"
#include "model/model.h"
#include "text/views.h"

#include <string.h>

#define CATALOGUE_FILL(entry)                                                                                \
    (sl_word)                                                                                                \
    {                                                                                                        \
        .name = (entry)->name, .summary = (entry)->summary, .formula = (entry)->formula,                     \
        .source = (entry)->source, .options = (entry)->options                                               \
    }
#define CATALOGUE_OF(kind, type, at)                                                                         \
    static bool catalogue_##kind(size_t index, sl_word *word)                                                \
    {                                                                                                        \
        const type *entry = at(index);                                                                       \
        if (entry)                                                                                           \
            *word = CATALOGUE_FILL(entry);                                                                   \
        return entry != NULL;                                                                                \
    }
CATALOGUE_OF(operator, sl_op, sl_op_at)
CATALOGUE_OF(optimizer, sl_rule, sl_optimizer_at)
CATALOGUE_OF(schedule, sl_schedule, sl_schedule_at)
CATALOGUE_OF(metric, sl_metric, sl_metric_at)
CATALOGUE_OF(augmentation, sl_augmentation, sl_augmentation_at)
CATALOGUE_OF(check, sl_check, sl_check_at)
CATALOGUE_OF(function, sl_landscape, sl_landscape_at)

static bool catalogue_layer(size_t index, sl_word *word)
{
    const sl_layer_kind *kind = sl_layer_kind_at(index);
    if (!kind)
        return false;
    *word = CATALOGUE_FILL(kind);
    word->example = kind->example;
    return true;
}

static bool catalogue_activation(size_t index, sl_word *word)
{
    const sl_op *op;
    for (size_t i = 0; (op = sl_op_at(i)); i++)
        if (sl_op_is_activation(op) && index-- == 0) {
            *word = CATALOGUE_FILL(op);
            return true;
        }
    return false;
}

static bool catalogue_loss(size_t index, sl_word *word)
{
    const sl_loss *loss = sl_loss_at(index);
    if (!loss)
        return false;
    *word = CATALOGUE_FILL(loss);
    word->alias = loss->alias;
    return true;
}

static bool catalogue_init(size_t index, sl_word *word)
{
    const sl_init *init = sl_init_at(index);
    if (!init)
        return false;
    *word = CATALOGUE_FILL(init);
    word->alias = init->alias;
    return true;
}

static bool catalogue_data(size_t index, sl_word *word)
{
    const sl_generator *set = sl_generator_at(index);
    if (!set)
        return false;
    *word = CATALOGUE_FILL(set);
    return true;
}

static bool catalogue_encoding(size_t index, sl_word *word)
{
    const sl_encoding *kind;
    for (size_t i = 0; (kind = sl_encoding_at(i)); i++)
        if (!kind->hidden && index-- == 0) {
            *word = CATALOGUE_FILL(kind);
            return true;
        }
    return false;
}

static bool catalogue_figure(size_t index, sl_word *word)
{
    const sl_figure_kind *figure = sl_figure_kind_at(index);
    if (!figure)
        return false;
    *word = CATALOGUE_FILL(figure);
    word->source = figure->source ? figure->source : "-";
    word->formula = figure->formula ? figure->formula : "-";
    return true;
}

static bool catalogue_view(size_t index, sl_word *word)
{
    return sl_views_catalogue(index, word);
}

static bool catalogue_tokenizer(size_t index, sl_word *word)
{
    *word =
        (sl_word){ .name = "tokenizer",
                   .summary = "cuts a text into words, numbers, marks and addresses",
                   .formula = "Unicode's letters and numbers, folded and composed (NFC); docs/tokenizer.md",
                   .source = "The Unicode Standard, sections 3.11 and 3.13",
                   .options = sl_tokenizer_options };
    return index == 0;
}

static bool catalogue_finding(size_t index, sl_word *word)
{
    const sl_finding_kind *finding = sl_finding_at(index);
    if (!finding)
        return false;
    *word = (sl_word){ .name = finding->name,
                       .summary = finding->summary,
                       .formula = finding->formula,
                       .source = finding->source ? finding->source : "-" };
    return true;
}

static const struct {
    sl_word_kind kind;
    bool (*at)(size_t index, sl_word *word);
} catalogue_kinds[] = {
    { { "layer", "what a net is made of", "--net" }, catalogue_layer },
    { { "activation", "what a unit does with its sum", "--net" }, catalogue_activation },
    { { "init", "how weights begin", "--init" }, catalogue_init },
    { { "loss", "what training makes small", "--loss" }, catalogue_loss },
    { { "optimizer", "how the weights change", "--optimizer" }, catalogue_optimizer },
    { { "schedule", "how the step size goes on", "--schedule" }, catalogue_schedule },
    { { "metric", "how good the answers are", NULL }, catalogue_metric },
    { { "augmentation", "rows changed at random", "--augment" }, catalogue_augmentation },
    { { "encoding", "columns of a table as numbers", "--column" }, catalogue_encoding },
    { { "view", "texts as features", "--text" }, catalogue_view },
    { { "tokenizer", "what a text is cut into", "--tokenizer" }, catalogue_tokenizer },
    { { "check", "looks at the data before the first step", "--skip-check" }, catalogue_check },
    { { "finding", "what goes wrong in a training", "slope diagnose" }, catalogue_finding },
    { { "figure", "what slope plot draws", "slope plot RUN" }, catalogue_figure },
    { { "data", "sets that the program makes itself", "DATA, behind builtin:" }, catalogue_data },
    { { "function", "landscapes to descend on", "slope descend" }, catalogue_function },
    { { "operator", "what the tape records, in the library", NULL }, catalogue_operator },
};

bool sl_catalogue_kind(int index, sl_word_kind *kind)
{
    const bool there = index >= 0 && (size_t)index < sizeof catalogue_kinds / sizeof *catalogue_kinds;
    if (kind)
        *kind = there ? catalogue_kinds[index].kind : (sl_word_kind){ 0 };
    return there;
}

bool sl_catalogue(const char *kind, int index, sl_word *word)
{
    sl_word unwanted = { 0 };
    word = word ? word : &unwanted;
    *word = (sl_word){ 0 };
    for (size_t i = 0; kind && index >= 0 && i < sizeof catalogue_kinds / sizeof *catalogue_kinds; i++)
        if (!strcmp(kind, catalogue_kinds[i].kind.name))
            return catalogue_kinds[i].at((size_t)index, word);
    return false;
}
