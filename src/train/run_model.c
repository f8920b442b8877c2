/* run_model.c - from the settings of a run and its data to the task, the classes, the loss and the layers. */
#include "train/run.h"

#include <stdio.h>
#include <limits.h>
#include <string.h>

/* Whole numbers 0 .. K-1, each once at least and K small: class numbers. Returns K, or 0. */
static int run_class_numbers(const sl_data *data)
{
    enum { MOST = 1000 };
    bool seen[MOST] = { false };
    int classes = 0;
    for (size_t i = 0; i < data->rows && data->outputs == 1; i++) {
        sl_real y;
        if (sl_data_gather(NULL, data, &i, 1, NULL, NULL, &y))
            return 0;
        if (!(y >= 0 && y < MOST && y == (sl_real)(int)y))
            return 0;
        seen[(int)y] = true;
        classes = (int)y + 1 > classes ? (int)y + 1 : classes;
    }
    for (int c = 0; c < classes; c++)
        if (!seen[c])
            return 0;
    return classes;
}

/* Class numbers run from 0 without gaps: a hole is a damaged label (255 makes 256 classes), and with one
 * class there is nothing to learn. */
static sl_status run_check_classes(sl_run *run, int classes)
{
    sl_ctx *ctx = run->ctx;
    const sl_data *data = run->train;
    size_t *rows = sl_alloc(ctx, (size_t)classes * sizeof *rows), first = 0;
    for (size_t i = 0; rows && i < data->rows; i++) {
        sl_real y;
        if (sl_data_gather(NULL, data, &i, 1, NULL, NULL, &y))
            break;
        if (!rows[(int)y]++ && (int)y == classes - 1)
            first = i;
    }
    int held = 0, empty = -1;
    for (int c = 0; rows && c < classes; c++) {
        held += rows[c] > 0;
        empty = empty < 0 && !rows[c] ? c : empty;
    }
    sl_free(ctx, rows);
    if (!ctx->status && held == 1)
        sl_fail(ctx, SL_EINVAL, "%s: all %zu training rows are of class %s: wants two classes or more",
                run->options.data, data->rows, sl_data_class_name(data, classes - 1));
    else if (!ctx->status && empty >= 0)
        sl_fail(
            ctx, SL_EINVAL,
            "%s: the label of row %zu is %s, but no training row has the label %s: classes are numbered from "
            "0 without gaps",
            run->options.data, first, sl_data_class_name(data, classes - 1), sl_data_class_name(data, empty));
    return ctx->status;
}

static sl_status run_set_classes(sl_run *run, int classes)
{
    sl_data *const parts[] = { run->train, run->validation, run->test };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            parts[i]->classes = classes;
    return SL_OK;
}

/* A table without --target: which columns could be one? */
static sl_status run_no_target(const sl_run *run)
{
    enum { SHOWN = 20 };
    const sl_columns *columns = run->train->store->columns;
    sl_text list;
    sl_text_init(&list, run->ctx);
    for (int i = 0; i < columns->count && i < SHOWN; i++)
        sl_text_add(&list, i ? ", %.60s" : "%.60s", columns->column[i].name);
    sl_fail(run->ctx, SL_EINVAL,
            "%s has no targets: it can be predicted, not trained on: --target COLUMN says what is to be "
            "learned, one of its %d columns: %s%s",
            run->options.data, columns->count, sl_text_string(&list), columns->count > SHOWN ? ", .." : "");
    sl_text_free(&list);
    return run->ctx->status;
}

/* The task follows the target; *classes: 0 for regression. */
sl_status sl_run_task(sl_run *run, int *classes)
{
    sl_ctx *ctx = run->ctx;
    const char *task = run->options.task;
    const sl_data *data = run->train;
    if (!data->outputs && data->store->columns)
        return run_no_target(run);
    if (!data->outputs)
        return sl_fail(ctx, SL_EINVAL, "%s has no targets: it can be predicted, not trained on",
                       run->options.data);
    if (task && strcmp(task, "classification") && strcmp(task, "regression"))
        return sl_fail(ctx, SL_EINVAL, "unknown task '%s': there are classification and regression", task);
    *classes = data->classes;
    if (*classes && (!task || strcmp(task, "regression") != 0) && run_check_classes(run, *classes))
        return ctx->status;
    if (!task) {
        const char *chosen = *classes ? "classification" : "regression",
                   *why = *classes ? "the target is a class" : "the target is a number";
        sl_log(ctx, "task        %s (default): %s", chosen, why);
        sl_run_tell_task(run, chosen, why);
        return SL_OK;
    }
    sl_log(ctx, "task        %s, as asked", task);
    if (!strcmp(task, "regression")) {
        *classes = 0;
        return run_set_classes(run, 0);
    }
    if (*classes)
        return SL_OK;
    *classes = run_class_numbers(data);
    if (*classes < 2)
        return sl_fail(ctx, SL_EINVAL,
                       "--task classification: the target is not a class number: wants whole numbers from 0 "
                       "to K-1, each of which occurs");
    return run_set_classes(run, *classes);
}

/* --net lists hidden layers, so a softmax at its end can only be meant for the output: taken at its word it
 * would squeeze all that the output layer sees into one choice. */
static sl_status run_check_end(sl_ctx *ctx, const sl_layer *layers, int count)
{
    char words[96];
    const sl_layer *last = NULL;
    while (!last && count--) /* dropout and the like do not matter here */
        last =
            layers[count].units || layers[count].activation || layers[count].layers ? &layers[count] : NULL;
    const sl_op *f = last && last->activation ? sl_op_find(last->activation) : NULL;
    if (!f || !f->activates_rows)
        return SL_OK;
    if (last->units)
        snprintf(words, sizeof words, "%d %s", last->units, f->name);
    else
        snprintf(words, sizeof words, "%s", f->name);
    return sl_fail(
        ctx, SL_EINVAL,
        "--net ends in '%s', but it lists the hidden layers: the output layer comes from the data, "
        "and %s from the loss: leave '%s' out",
        words, f->name, words);
}

/* A larger batch, a longer step: Goyal et al. 2017. */
static sl_status run_scale_lr(const sl_run *run, sl_optimizer *optimizer)
{
    const sl_run_options *o = &run->plan;
    sl_optimizer set;
    if (!o->lr_batch)
        return SL_OK;
    const sl_rule *rule = sl_rule_find(run->ctx, optimizer, &set);
    if (!rule)
        return run->ctx->status;
    if (rule->iterate)
        return sl_fail(run->ctx, SL_EINVAL,
                       "optimizer %s finds the length of its steps itself: leave --lr-batch out", rule->name);
    if (o->lr_batch < 1)
        return sl_fail(run->ctx, SL_EINVAL,
                       "--lr-batch is %d: wants the batch that --lr is meant for, 1 or more", o->lr_batch);
    if (o->batch < 0)
        return sl_fail(run->ctx, SL_EINVAL,
                       "--lr-batch is %d and --batch all: wants the batch that --lr is meant for, and a "
                       "batch of so many rows",
                       o->lr_batch);
    const uint64_t rows =
        (uint64_t)(o->batch ? o->batch : 32) * (uint64_t)(o->accumulate > 1 ? o->accumulate : 1);
    if (rows > run->train->rows)
        return sl_fail(
            run->ctx, SL_EINVAL,
            "--lr-batch is %d, and an update is to have %llu rows, of which there are %zu: wants no "
            "more than all (--batch, --accumulate)",
            o->lr_batch, (unsigned long long)rows, run->train->rows);
    char from[32], to[32];
    optimizer->lr = (sl_real)((double)set.lr * (double)rows / o->lr_batch);
    sl_decided(run->ctx, "lr", sl_real_text(to, optimizer->lr),
               "%s is meant for batches of %d, and an update has %llu rows", sl_real_text(from, set.lr),
               o->lr_batch, (unsigned long long)rows);
    sl_log(run->ctx, "lr          %s, meant for batches of %d, becomes %s with %llu rows an update",
           sl_real_text(from, set.lr), o->lr_batch, sl_real_text(to, optimizer->lr),
           (unsigned long long)rows);
    return SL_OK;
}

/* In place of every activation that the net names, in groups too; a net that names none gets it behind each
 * dense layer. Inner layers lie in the same block. Returns how many there were. */
static int run_activations(sl_layer *layers, int count, const char *activation, bool each_dense)
{
    int found = 0;
    for (int i = 0; i < count && layers[i].type; i++) {
        sl_layer *inside = (sl_layer *)(uintptr_t)layers[i].layers;
        const bool has = layers[i].activation != NULL;
        found += has;
        if (has || (each_dense && !strcmp(layers[i].type, "dense")))
            layers[i].activation = activation;
        if (inside)
            found += run_activations(inside, INT_MAX, activation, each_dense);
    }
    return found;
}

/* The word is one, and there is a layer that it is for. */
static sl_status run_check_activation(sl_ctx *ctx, const char *word, int layers)
{
    const sl_op *f;
    sl_real number;
    if (!word || sl_activation_find(ctx, word, &f, &number) || !f || layers)
        return ctx->status;
    return sl_fail(
        ctx, SL_EINVAL,
        "--activation is %s, and the net has no hidden layers that could have it: say which, as in "
        "--net 128",
        word);
}

/* Losses of a distribution: a table's one column of classes or numbers is none. */
static sl_status run_check_loss(sl_ctx *ctx, const sl_loss *loss, int classes, int outputs)
{
    if (loss->target != SL_TARGET_DISTRIBUTION || outputs >= loss->least_outputs)
        return SL_OK;
    return sl_fail(ctx, SL_EINVAL,
                   "loss %s: the target is a %s, and %s wants a distribution, a probability for each class: "
                   "take %s",
                   loss->name, classes ? "class" : "number", loss->name,
                   classes == 0   ? "mean_squared"
                   : classes == 2 ? "binary_cross_entropy"
                                  : "cross_entropy");
}

/* The layers of --net, behind those that the table's columns learn by. */
static sl_layer *run_layers(const sl_run *run, int *count)
{
    const char *net = run->plan.net ? run->plan.net : "linear";
    sl_text words;
    sl_text_init(&words, run->ctx);
    if (run->columns)
        sl_columns_net(run->columns, &words);
    const bool more = strcmp(net, "linear") != 0;
    if (!run->plan.net)
        sl_decided(run->ctx, "net", "linear", "no hidden layers were asked for%s",
                   run->train->store->columns
                       ? ", and a loss, optimizer or schedule was: then a table gets none by itself"
                       : "");
    if (words.length)
        sl_decided(run->ctx, "layers of columns", sl_text_string(&words),
                   "columns of many words learn a vector each");
    if (words.length && more)
        sl_text_put(&words, ", ");
    if (more || !words.length)
        sl_text_put(&words, net);
    sl_layer *layers = words.failed ? NULL : sl_net_parse(run->ctx, sl_text_string(&words), 2, count);
    sl_text_free(&words);
    return layers;
}

/* The loss of --interval: bounds around numbers, in place of any other loss. */
static sl_status run_interval(const sl_run *run, int classes, char word[64])
{
    const sl_run_options *o = &run->plan;
    char number[32];
    if (o->loss)
        return sl_fail(run->ctx, SL_EINVAL,
                       "--interval %s brings its own loss: leave out --loss %s, or --interval",
                       sl_number_text(number, o->interval), o->loss);
    if (classes)
        return sl_fail(
            run->ctx, SL_EINVAL,
            "--interval %s: the target is a class, and bounds are for numbers: the probabilities of "
            "the classes say how sure an answer is: leave it out",
            sl_number_text(number, o->interval));
    snprintf(word, 64, "interval coverage=%s", sl_number_text(number, o->interval));
    return SL_OK;
}

sl_status sl_run_make_model(sl_run *run, int classes)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->plan;
    int count = 0;
    sl_optimizer optimizer = o->optimizer, set;
    const sl_rule *rule = sl_optimizer_spread(ctx, &optimizer) ? NULL : sl_rule_find(ctx, &optimizer, &set);
    if (!rule)
        return ctx->status;
    char interval[64];
    if (o->interval != 0 && run_interval(run, classes, interval))
        return ctx->status;
    const char *loss = o->interval != 0  ? interval
                       : o->loss         ? o->loss
                       : rule->only_loss ? rule->only_loss
                       : classes == 0    ? "mean_squared"
                       : classes == 2    ? "binary_cross_entropy"
                                         : "cross_entropy";
    sl_loss_values values;
    const sl_loss *found = sl_loss_find(ctx, loss, &values);
    const int outputs = found ? sl_loss_outputs(found, classes, run->train->outputs) : 0;
    if (!found || run_check_loss(ctx, found, classes, outputs))
        return ctx->status;
    if (sl_decides(ctx))
        sl_run_tell_loss(run, rule, found, classes, outputs);
    if (sl_run_fit_columns(run))
        return ctx->status;
    sl_layer *layers = run_layers(run, &count);
    if (!layers)
        return ctx->status;
    if (o->activation && !run_activations(layers, count, o->activation, false))
        run_activations(layers, count, o->activation, true);
    const int with = o->activation ? run_activations(layers, count, o->activation, false) : 0;
    if (run_check_activation(ctx, o->activation, with) || run_check_end(ctx, layers, count)) {
        sl_free(ctx, layers);
        return ctx->status;
    }
    layers[count] =
        (sl_layer){ .type = "dense", .name = "output", .units = outputs, .activation = found->activation };
    if (sl_run_text_layers(run, layers, count)) {
        sl_free(ctx, layers);
        return ctx->status;
    }
    run->model = sl_model_new(ctx, layers);
    sl_free(ctx, layers);
    if (!run->model || (run->columns && sl_model_set_columns(run->model, run->columns)))
        return ctx->status;
    if ((o->init && sl_model_set_init(run->model, o->init)) ||
        ((o->weights || o->biases) && sl_model_set_start(run->model, o->weights, o->biases)))
        return ctx->status;
    if (o->weights && !o->biases)
        sl_decided(ctx, "biases", "0, and they stay so", "the weights were given, and no biases");
    if (run_scale_lr(run, &optimizer) || sl_compile(run->model, .loss = loss, .optimizer = optimizer))
        return ctx->status;
    const sl_option *number = found->options; /* its own, where it has one, comes first */
    char own[200] = "", value[160];
    if (number && number->normal != 0 && !(o->interval > 0) && strcmp(number->name, "reduction") != 0 &&
        (double)values.number == number->normal)
        snprintf(own, sizeof own, ", %s %s (default)", number->name,
                 sl_option_value(value, number, number->normal));
    if (*own)
        sl_decided(ctx, "option of the loss", value, "the default of %s, %s", found->name, number->name);
    sl_log(ctx, "loss        %s%s%s: %s%s", run->model->loss_text,
           o->loss || o->interval != 0 ? "" : " (default)", own,
           values.sum ? "sum over rows (figures are means)" : "mean over rows",
           found->from_logits                 ? ", from logits"
           : found->op == &sl_op_mean_squared ? ", without a factor of 1/2"
                                              : "");
    if (found->note)
        sl_log(ctx, "            %s", found->note);
    return SL_OK;
}
