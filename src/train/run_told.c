/* run_told.c - what a run has decided about its rows, task, loss and output, told (core/ctx.h). */
#include "train/run.h"

#include <stdio.h>

void sl_run_tell_parts(const sl_run *run, bool cut, bool has_test)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    if (has_test)
        sl_decided(ctx, "rows to learn from", "the train part", "%s has a train and a test part", o->data);
    if (!o->test && !o->folds)
        sl_decided(ctx, "test", has_test ? "the test part" : "none",
                   has_test ? "%s has one: %zu rows" : "%s has no test part, and none was asked for", o->data,
                   has_test ? run->test->rows : 0);
    else if (has_test && cut)
        sl_decided(ctx, "own test part", "not used", "another one is cut off the train part");
    if (!o->split && !o->group)
        sl_decided(ctx, "split", "random", "no column of times or groups was named; drawn by the seed%s",
                   run->train->classes ? ", in each class alike" : "");
}

/* Of a table its target says more. */
void sl_run_tell_task(const sl_run *run, const char *chosen, const char *why)
{
    const sl_data *data = run->train;
    const sl_columns *columns = data->store->columns;
    if (columns && columns->target >= 0)
        sl_decided(run->ctx, "task", chosen, "column %s: %s", columns->column[columns->target].name,
                   columns->column[columns->target].reason);
    else if (data->classes)
        sl_decided(run->ctx, "task", chosen, "%s, of %d", why, data->classes);
    else
        sl_decided(run->ctx, "task", chosen, "%s", why);
}

/* The loss, the output unit, and the order of the classes. */
void sl_run_tell_loss(const sl_run *run, const sl_rule *rule, const sl_loss *loss, int classes, int outputs)
{
    enum { SHOWN = 10 };
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->plan;
    const char *f = loss->activation ? loss->activation : "linear";
    char chosen[64];
    sl_text names;
    sl_text_init(&names, ctx);
    if (classes && !o->class_weight)
        sl_decided(ctx, "class-weight", "1 each", "the default: a row of any class counts alike");
    if (o->interval != 0)
        sl_decided(ctx, "loss", loss->name, "--interval brings it");
    else if (!o->loss && rule->only_loss)
        sl_decided(ctx, "loss", loss->name, "optimizer %s learns by no other", rule->name);
    else if (!o->loss && classes)
        sl_decided(ctx, "loss", loss->name,
                   classes == 2 ? "the target has 2 classes: one output tells them apart"
                                : "the target has %d classes",
                   classes);
    else if (!o->loss)
        sl_decided(ctx, "loss", loss->name, "the target is a number");
    snprintf(chosen, sizeof chosen, "%d %s", outputs, f);
    if (classes)
        sl_decided(ctx, "output", chosen, "loss %s of %d classes takes %s", loss->name, classes,
                   loss->from_logits ? "logits" : "these");
    else
        sl_decided(ctx, "output", chosen, "loss %s of %zu target%s a row takes numbers as they come",
                   loss->name, run->train->outputs, run->train->outputs == 1 ? "" : "s");
    for (int c = 0; c < classes && c < SHOWN; c++) {
        const char *name = sl_data_class_name(run->train, c);
        if (name)
            sl_text_add(&names, c ? ", %.40s" : "%.40s", name);
        else
            sl_text_add(&names, c ? ", %d" : "%d", c);
    }
    if (classes)
        sl_decided(ctx, "order of classes", classes > SHOWN ? "as they are sorted" : sl_text_string(&names),
                   run->train->store->columns
                       ? "sorted: numbers by size, words by their letters; so stand the outputs"
                       : "as the data number them");
    sl_text_free(&names);
}
