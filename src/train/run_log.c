/* run_log.c - what a run says before it starts: every convention, and every default taken. */
#include "train/run.h"

#include <stdio.h>
#include <stddef.h>
#include <string.h>

/* The step size at telling places, in two lines; nothing where it is always the same. */
static void run_log_table(const sl_run *run)
{
    enum { MOST = 7 };
    const sl_step *step = run->trainer->step;
    const size_t an_epoch = run->trainer->steps_an_epoch;
    uint64_t points[MOST];
    char lr[MOST][32], at[MOST][64];
    bool same = true;
    const int count = sl_course_points(&step->course, points, MOST);
    sl_text above, below;
    sl_text_init(&above, run->ctx);
    sl_text_init(&below, run->ctx);
    for (int i = 0; i < count; i++) {
        sl_real_text(lr[i], (sl_real)sl_course_rate(&step->course, (double)step->set.lr, points[i] - 1));
        snprintf(at[i], sizeof at[i], "%llu (%llu)", (unsigned long long)points[i],
                 (unsigned long long)((points[i] - 1) / an_epoch + 1));
        same = same && !strcmp(lr[i], lr[0]);
        const int width = (int)(strlen(lr[i]) > strlen(at[i]) ? strlen(lr[i]) : strlen(at[i]));
        sl_text_add(&above, "  %*s", width, at[i]);
        sl_text_add(&below, "  %*s", width, lr[i]);
    }
    if (!same) {
        sl_log(run->ctx, "            step (epoch)%s", sl_text_string(&above));
        sl_log(run->ctx, "            lr          %s", sl_text_string(&below));
    }
    sl_text_free(&above);
    sl_text_free(&below);
}

/* A schedule that goes by losses: which, and how long it waits; training may be over before. */
static void run_log_plateau(const sl_run *run, sl_text *line)
{
    const sl_trainer *t = run->trainer;
    const double *values = t->step->course.values;
    char number[32];
    sl_text_add(line, ": lr times %s", sl_number_text(number, values[0]));
    sl_text_add(line, " behind more than %s epochs in a row without a %s loss",
                sl_number_text(number, values[1]), t->validation ? "validation" : "train");
    sl_text_add(line, " that is better by %s of the best", sl_number_text(number, values[2]));
    if (t->options.patience > 0 && t->options.patience <= values[1])
        sl_text_add(line,
                    "; but training ends after %d epochs without improvement, before it falls: give a larger "
                    "--patience, or plateau a smaller one",
                    t->options.patience);
}

static void run_log_schedule(const sl_run *run)
{
    const sl_step *step = run->trainer->step;
    const sl_course *course = &step->course;
    char number[32];
    sl_text line;
    sl_text_init(&line, run->ctx);
    sl_text_add(&line, "%s%s", step->set.schedule, run->options.optimizer.schedule ? "" : " (default)");
    if (course->schedule->judged)
        run_log_plateau(run, &line);
    if (course->warmup > 0) {
        sl_text_add(&line, ", behind a warm-up of %s steps", sl_number_text(number, course->warmup));
        if (step->set.warmup < 1)
            sl_text_add(&line, ", %s of all", sl_number_text(number, step->set.warmup));
    }
    for (int i = 0; i < course->schedule->spans && course->by_length;
         i++) /* shares of all, as they came out */
        sl_text_add(&line, ", %s %s step%s", course->schedule->options[i].name,
                    sl_number_text(number, course->values[i]), course->values[i] == 1 ? "" : "s");
    if (course->schedule->ends)
        sl_text_add(&line, ", to the end at %s steps", sl_number_text(number, course->steps));
    sl_log(run->ctx, "schedule    %s", sl_text_string(&line));
    sl_text_free(&line);
    run_log_table(run);
}

static void run_log_batch(const sl_run *run)
{
    const sl_trainer *t = run->trainer;
    const size_t rows = t->train->rows;
    static const char *const orders[] = { "shuffled anew each epoch",
                                          "each row drawn from all, again and again",
                                          "in the order in which they stand" };
    sl_text line;
    sl_text_init(&line, run->ctx);
    sl_text_add(&line, "%d%s", t->options.batch, run->options.batch ? "" : " (default)");
    if (t->options.accumulate > 1)
        sl_text_add(&line, ", %d of them an update", t->options.accumulate);
    sl_text_add(&line, "%s, %zu step%s an epoch, %s%s", t->steps_an_epoch == 1 ? ": all rows" : "",
                t->steps_an_epoch, t->steps_an_epoch == 1 ? "" : "s",
                t->step->whole ? "always in the same order" : orders[t->sampling],
                rows < t->steps_an_epoch * t->batch ? "; the last batch is smaller" : "");
    sl_log(run->ctx, "batch       %s", sl_text_string(&line));
    sl_text_free(&line);
    if (t->sampling == SL_ORDER && sl_data_is_sorted(t->train))
        sl_log(run->ctx,
               "batch       the rows are sorted by their target: a batch then sees one class only, and the "
               "next another: take --sampling shuffle");
}

/* Layers behind each other without an activation between them are one layer. */
static void run_log_linear(const sl_model *model)
{
    size_t in;
    int dense = 0;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        const bool passes = !layer->wants && layer->kind != &sl_layer_activation && layer->end == i + 1;
        if (layer->kind == &sl_layer_dense && (!layer->activation || i + 1 == model->count))
            dense++;
        else if (!passes)
            return;
    }
    if (dense > 1 && sl_shape_count(model->input, &in))
        sl_log(model->ctx,
               "net         no activation is between its layers: equivalent to one layer of %zu parameters "
               "(slope "
               "show --collapse)",
               (in + 1) * (size_t)sl_model_outputs(model));
}

/* The options of a method that looks at all rows, those at their default too. */
static void run_log_method(const sl_run *run, sl_text *line)
{
    const sl_step *step = run->trainer->step;
    double values[SL_MOST_OPTIONS];
    char value[160];
    if (sl_rule_options(run->ctx, step->rule, step->set.rule, values))
        return;
    for (size_t i = 0; i < sl_options_count(step->rule->options); i++)
        if (values[i] == step->rule->options[i].normal)
            sl_text_add(line, ", %s %s (default)", step->rule->options[i].name,
                        sl_option_value(value, &step->rule->options[i], values[i]));
}

void sl_run_log_settings(const sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    const sl_trainer *t = run->trainer;
    const sl_model *model = run->model;
    char shape[96];
    sl_text line;
    sl_text_init(&line, ctx);
    sl_run_log_columns(run);
    sl_log(ctx, "inputs      %s", sl_model_preprocessing(model));
    if (model->views) {
        sl_text texts;
        sl_text_init(&texts, ctx);
        sl_views_describe(model->views, &texts);
        sl_log(ctx, "texts       %s", sl_text_string(&texts));
        sl_text_free(&texts);
    }
    sl_log(ctx, "net         %s -> %s: %zu parameters", sl_shape_text(shape, model->input), model->net,
           model->parameters);
    run_log_linear(model);
    if (t->augment) {
        sl_augment_describe(t->augment, &line);
        sl_log(ctx,
               "augment     %s: rows that are fitted, anew each epoch; those that measure are as they are",
               sl_text_string(&line));
        sl_text_clear(&line);
    }
    if (o->class_weight)
        sl_log(ctx, "weights     of classes in the loss: %s; figures such as accuracy count rows",
               o->class_weight);
    for (int i = 0; i < model->count; i++)
        if (model->layers[i].wants) {
            const char *init = sl_model_init_of(model, &model->layers[i]);
            sl_text_add(&line, "%s%s %s", line.length ? ", " : "", model->layers[i].name, init);
            if (line.length > 160 && i + 1 < model->count) {
                sl_text_add(&line, ", ... (%d layers)", model->count);
                break;
            }
        }
    const char *likewise = o->init && !strncmp(o->init, "pytorch", 7) ? "likewise" : "0";
    sl_log(ctx, "init        %s%s; biases %s", o->weights ? "weights as given" : sl_text_string(&line),
           o->init || o->weights ? "" : " (default)",
           o->biases    ? "as given"
           : o->weights ? "0, and they stay so"
                        : likewise);
    sl_optimizer given = o->optimizer, set = t->step->set;
    const sl_optimizer_word *word;
    sl_text_clear(&line);
    sl_text_add(&line, "%s%s", set.rule, given.rule ? "" : " (default)");
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++) {
        const sl_real is = *sl_optimizer_value(&set, word);
        if (is == 0)
            continue;
        sl_text_add(&line, ", %s ", word->name);
        sl_text_real(&line, is);
        const bool scaled = o->lr_batch && word->at == offsetof(sl_optimizer, lr);
        sl_text_put(&line, *sl_optimizer_value(&given, word) != 0 || scaled ? "" : " (default)");
        if (!strcmp(word->name, "decay")) /* what it means stands behind it, not behind the last of them */
            sl_text_put(&line, t->step->rule->decoupled ? " of the weights, decoupled"
                                                        : " as L2: decay * w in the gradient");
        if (!strcmp(word->name, "decay") || !strncmp(word->name, "l1", 2))
            sl_text_put(&line, ", not of biases and norms");
    }
    if (t->step->rule->iterate)
        run_log_method(run, &line);
    sl_log(ctx, "optimizer   %s", sl_text_string(&line));
    if (!t->step->rule->iterate)
        run_log_schedule(run);
    run_log_batch(run);
    sl_text_clear(&line);
    sl_trainer_describe_stop(t, &line);
    sl_log(ctx, "stop        %s; the best epoch is kept", sl_text_string(&line));
    sl_log(ctx, "measured    after each epoch in inference mode, on %s%zu training rows%s",
           t->sample ? "" : "all ", t->sample_count, t->sample ? " drawn by the seed" : "");
    sl_log(ctx, "seed        %llu%s; %d thread%s, %s: neither changes a result",
           (unsigned long long)ctx->options.seed, ctx->options.seed == 1 ? " (default)" : "",
           sl_ctx_threads(ctx), sl_ctx_threads(ctx) == 1 ? "" : "s", sl_ctx_isa(ctx));
    sl_log(ctx, "folder      %s", run->folder ? run->folder : "none: nothing is kept");
    sl_text_free(&line);
}
