/* wrong_loss: classes that are learned as numbers. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <string.h>

/* Class numbers run from 0. */
static size_t wrong_kinds(const sl_data *data)
{
    double most = 0;
    for (size_t i = 0; i < data->rows; i++)
        most = sl_case_larger(most, sl_data_target(data, i));
    return (size_t)most + 1;
}

/* Of a training that was refused: what was asked for, without its options. */
static const sl_loss *wrong_asked(const sl_case *c)
{
    const char *words = c->options ? c->options->loss : NULL;
    const size_t length = words ? strcspn(words, " ") : 0;
    const sl_loss *loss = NULL;
    for (size_t i = 0; words && (loss = sl_loss_at(i)); i++) {
        const char *const names[] = { loss->name, loss->alias };
        for (int j = 0; j < 2; j++)
            if (names[j] && strlen(names[j]) == length && !strncmp(names[j], words, length))
                return loss;
    }
    return NULL;
}

static void wrong_look(sl_case *c, sl_draft *draft)
{
    const sl_loss *loss = c->model && c->model->loss ? c->model->loss : wrong_asked(c);
    const sl_data *data = c->train;
    if (!loss || !data || data->outputs != 1 || loss->target != SL_TARGET_NUMBER)
        return;
    const bool asked = c->options && c->options->task && !strcmp(c->options->task, "regression");
    const bool named = data->store->class_names != NULL;
    const size_t classes = c->data.classes;
    if (!classes && !(asked && named)) /* whole numbers may well be counts or marks: nobody said classes */
        return;
    draft->strength = 0.8;
    draft->certain = asked && named; /* amounts and classes have no figure in common to prove it by */
    if (classes)
        sl_text_add(&draft->sentence,
                    "the target is one of %zu classes, and loss %s takes their numbers for amounts", classes,
                    loss->name);
    else
        sl_text_add(&draft->sentence,
                    "the data has classes, and task regression learns their numbers, mean %s, deviation %s, "
                    "as amounts "
                    "with loss %s",
                    sl_case_number(c, c->data.target_mean), sl_case_number(c, c->data.target_deviation),
                    loss->name);
    sl_draft_fact(draft, "classes", (double)(classes ? classes : wrong_kinds(data)), NULL);
    sl_draft_fact(draft, "of the best constant answer's loss gone", sl_case_learned(c), NULL);
    sl_text_put(&draft->otherwise,
                "were the target an amount, an answer between two of its values would be half "
                "right");
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    if (asked)
        sl_fix_text(fix, "task", "classification");
    const size_t kinds = classes ? classes : wrong_kinds(data);
    if (classes || (c->options && c->options->loss)) /* else it follows the task */
        sl_fix_text(fix, "loss", kinds == 2 ? "binary_cross_entropy" : "cross_entropy");
}

const sl_finding_kind sl_finding_wrong_loss = {
    .name = "wrong_loss",
    .summary = "classes are learned as if they were amounts",
    .formula = "the target's kind and the loss's",
    .source = "Bishop 1995, chapter 6",
    .place = 20,
    .look = wrong_look,
};
