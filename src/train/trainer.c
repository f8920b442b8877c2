/* trainer.c - what a training needs before its first step: data, checks, memory. */
#include "core/sort.h"
#include "train/trainer.h"
#include "core/os.h"
#include "core/random.h"

#include <math.h>
#include <string.h>

enum { TRAINER_SAMPLE = 10000 }; /* train figures are taken on at most so many rows */

/* Class numbers may come without classes (sl_data_from): then the loss says that they are. */
static int trainer_classes(const sl_model *model, const sl_data *data)
{
    return data->classes ? data->classes : sl_model_kinds(model);
}

static sl_status trainer_validation(sl_trainer *t, const sl_data *train)
{
    sl_ctx *ctx = t->ctx;
    const double asked = t->options.validation_fraction;
    const int classes = trainer_classes(t->model, train);
    t->train = train;
    t->validation = t->options.validation;
    if (t->validation) {
        sl_log(ctx, "validation  %zu rows of their own; all training rows are fitted", t->validation->rows);
        return SL_OK;
    }
    if (asked < 0) {
        sl_log(ctx, "validation  none: the best epoch goes by train loss");
        return SL_OK;
    }
    if (!(asked < 1))
        return sl_fail(ctx, SL_EINVAL, "validation is a share of the rows: wants a number between 0 and 1");
    char why[160];
    if (asked == 0 && !sl_data_can_validate(train, classes, why)) {
        if (ctx->status)
            return ctx->status;
        sl_log(ctx, "validation  none (default): %s; the best epoch goes by train loss", why);
        sl_validation_tell(train, classes, 0, why);
        return SL_OK;
    }
    const double fraction = asked > 0 ? asked : 0.1;
    if (!(asked > 0))
        sl_validation_tell(train, classes, fraction, NULL);
    /* The view's functions want a data that may change; splitting only reads it. */
    if (sl_data_split_as((sl_data *)(uintptr_t)train, classes, fraction, &t->own_validation, &t->own_train))
        return ctx->status;
    if (!t->own_validation->rows || !t->own_train->rows)
        return sl_fail(ctx, SL_EINVAL, "validation takes %zu of %zu rows: wants some, and not all",
                       t->own_validation->rows, train->rows);
    t->train = t->own_train;
    t->validation = t->own_validation;
    char number[32];
    sl_log(ctx, "validation  %s of the rows%s, drawn by seed %llu%s: %zu to fit, %zu to validate",
           sl_number_text(number, fraction), asked > 0 ? "" : " (default)",
           (unsigned long long)ctx->options.seed, classes ? " in each class alike" : "", t->train->rows,
           t->validation->rows);
    return SL_OK;
}

typedef struct {
    uint64_t key;
    size_t row;
} trainer_ranked;

static int trainer_compare(const void *a, const void *b)
{
    const trainer_ranked *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->row > y->row) - (x->row < y->row);
}

static int trainer_compare_rows(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Many rows: the TRAINER_SAMPLE with the lowest keyed rank stand for all. The keys are spread evenly, so it
 * is settled by their first bits for all but the few in the bin where the sample ends. They are made anew
 * whenever they are looked at: rows take no memory. */
static sl_status trainer_sample(sl_trainer *t)
{
    enum { BINS = 4096, SHIFT = 64 - 12 };
    sl_ctx *ctx = t->ctx;
    const size_t rows = t->train->rows;
    const uint64_t seed = ctx->options.seed;
    t->sample_count = rows;
    if (rows <= TRAINER_SAMPLE)
        return SL_OK;
    t->sample_count = TRAINER_SAMPLE;
    size_t *bins = sl_alloc_array(ctx, BINS, sizeof *bins);
    t->sample = sl_alloc_array(ctx, TRAINER_SAMPLE, sizeof *t->sample);
    for (size_t i = 0; i < rows && !ctx->status; i++)
        bins[sl_random_bits(seed, SL_FOR_SAMPLE, 0, 0, i) >> SHIFT]++;
    size_t last = 0, before = 0, few = 0, taken = 0;
    while (!ctx->status && before + bins[last] < TRAINER_SAMPLE)
        before += bins[last++];
    trainer_ranked *bin = ctx->status ? NULL : sl_alloc_array(ctx, bins[last], sizeof *bin);
    for (size_t i = 0; i < rows && bin; i++) {
        const uint64_t key = sl_random_bits(seed, SL_FOR_SAMPLE, 0, 0, i);
        if (key >> SHIFT == last)
            bin[few++] = (trainer_ranked){ key, i };
        if (key >> SHIFT < last)
            t->sample[taken++] = i;
    }
    if (bin)
        sl_sort(bin, few, sizeof *bin, trainer_compare);
    for (size_t i = 0; taken < TRAINER_SAMPLE && bin; i++)
        t->sample[taken++] = bin[i].row;
    if (bin)
        sl_sort(t->sample, TRAINER_SAMPLE, sizeof *t->sample, trainer_compare_rows);
    sl_free(ctx, bins);
    sl_free(ctx, bin);
    return ctx->status;
}

static sl_status trainer_report(sl_trainer *t)
{
    sl_report *r = t->report = sl_report_new(t->ctx);
    if (!r)
        return SL_ENOMEM;
    const bool classes = sl_model_kinds(t->model) > 0;
    const char *const columns[] = { "epoch",
                                    "step",
                                    "lr",
                                    "train_loss",
                                    "validation_loss",
                                    classes ? "train_accuracy" : "train_rmse",
                                    classes ? "validation_accuracy" : "validation_rmse" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        sl_report_add_column(r, columns[i]);
    for (int i = 0; i < t->model->count; i++)
        if (t->model->layers[i].wants) {
            sl_text name;
            sl_text_init(&name, t->ctx);
            sl_text_add(&name, "gradient_norm_%s", t->model->layers[i].name);
            if (!name.failed)
                sl_report_add_column(r, sl_text_string(&name));
            sl_text_free(&name);
        }
    if (t->penalised)
        sl_report_add_column(r, "penalised_loss");
    if (t->clips)
        sl_report_add_column(r, "clipped_steps");
    static const char *const curves[] = { "curvature", "stable_lr", "noise_scale" };
    for (int i = 0; i < 3 && t->options.curvature; i++)
        sl_report_add_column(r, curves[i]);
    sl_report_add_column(r, "seconds");
    return t->ctx->status;
}

static sl_status trainer_memory(sl_trainer *t)
{
    sl_ctx *ctx = t->ctx;
    t->step = sl_trainer_make_step(t);
    t->tape = sl_tape_new(ctx, SL_TRAIN);
    if (!t->step || sl_model_batch(ctx, t->model, (int)sl_trainer_piece(t, t->largest), &t->x, &t->y))
        return ctx->status;
    t->rows = sl_alloc_array(ctx, sl_trainer_piece(t, t->largest), sizeof *t->rows);
    sl_order_open(&t->order, ctx, t->train->rows);
    t->best = sl_alloc_array(ctx, t->model->padded, sizeof *t->best);
    t->gradient_norms = sl_alloc_array(ctx, (size_t)t->model->count, sizeof *t->gradient_norms);
    const size_t kinds = (size_t)sl_model_kinds(t->model);
    if (ctx->status)
        return ctx->status;
    t->confusion = sl_alloc_array(ctx, kinds * kinds, sizeof *t->confusion);
    if (ctx->status)
        sl_fail_at(ctx, "the confusion matrix (fewer classes need less)");
    if (!ctx->status)
        sl_reader_open(&t->reader, ctx, t->model, t->train);
    return ctx->status;
}

/* How inputs are prepared follows the training data, once. */
static sl_status trainer_preprocessing(sl_trainer *t)
{
    sl_model *model = t->model;
    const sl_data *train = t->train;
    if (model->divisor != 0)
        return SL_OK;
    if (train->store->columns) { /* fitted anew, though another model has read them */
        sl_columns *columns = sl_data_fit_columns(train, NULL, false);
        if (columns)
            sl_model_set_columns(model, columns);
        sl_columns_free(columns);
        return t->ctx->status;
    }
    if (sl_data_is_bytes(train))
        return sl_model_set_preprocessing(model, 255, "pixels 0 to 255 are divided by 255");
    return sl_model_set_preprocessing(model, 1, "none: inputs are used as they are");
}

/* Texts become features by the rows that are fitted, and all that are seen again and again once. */
static sl_status trainer_texts(sl_trainer *t)
{
    sl_model *model = t->model;
    const bool reads = sl_model_reads_texts(model), words = sl_data_has_words(t->train);
    if (!reads && !words)
        return SL_OK;
    if (!reads)
        return sl_fail(t->ctx, SL_EINVAL,
                       "the training data have texts, and no layer of the net reads them: begin it with "
                       "'bag 64 relu', or with 'embedding 100, mean_pool'");
    if (!model->views && words) {
        sl_views *views =
            sl_views_refit(t->ctx, t->train, t->options.text, t->options.tokenizer,
                           sl_model_text_weight(model), t->options.unlabelled, model->earlier_views);
        if (views)
            sl_model_set_views(model, views);
        sl_views_free(views);
    }
    if (t->ctx->status || !words)
        return t->ctx->status;
    const sl_data *other = t->validation && t->validation->store != t->train->store ? t->validation : NULL;
    return sl_views_encode(t->ctx, model->views, t->train)         ? t->ctx->status
           : other && sl_views_encode(t->ctx, model->views, other) ? t->ctx->status
                                                                   : SL_OK;
}

static sl_status trainer_class_names(sl_model *model, const sl_data *train)
{
    const int kinds = sl_model_kinds(model);
    if (!kinds || model->classes)
        return SL_OK;
    if (train->classes != kinds) /* fewer names than outputs, or none: numbers */
        return sl_model_set_classes(model, kinds, NULL);
    return sl_model_set_classes(model, kinds, train->store->class_names);
}

static sl_status trainer_build(sl_trainer *t, const sl_data *train)
{
    const sl_columns *columns = t->model->columns;
    const sl_shape shape = columns ? (sl_shape){ 1, { (int)columns->width } } : train->shape;
    if (sl_model_build(t->model, shape) || sl_model_check_learning(t->model))
        return t->ctx->status;
    return sl_check_targets(t->ctx, t->model, train, "the training data");
}

/* What a table's columns become follows from the rows that are fitted, and the net's input from that; other
 * rows are cut off only after a look at their targets. */
static sl_status trainer_rows(sl_trainer *t, const sl_data *train)
{
    const bool table = train->store->columns;
    if (!table && trainer_build(t, train))
        return t->ctx->status;
    if (sl_trainer_take_options(t, &t->options) || trainer_validation(t, train) || trainer_preprocessing(t) ||
        trainer_texts(t))
        return t->ctx->status;
    return table ? trainer_build(t, train) : SL_OK;
}

/* Weights that are not all 0 in all rows may be in those of a part. */
static sl_status trainer_weighs(sl_ctx *ctx, const sl_data *data, const char *role)
{
    for (size_t i = 0; data && i < data->rows; i++) {
        sl_real weight = 0;
        sl_data_gather_weights(data, &i, 1, &weight);
        if (weight > 0 || ctx->status)
            return ctx->status;
    }
    return data ? sl_fail(ctx, SL_EINVAL,
                          "all %zu %s rows have weight 0, so none of them counts: take other shares, "
                          "another seed, or leave rows without weight out",
                          data->rows, role)
                : SL_OK;
}

sl_trainer *sl_trainer_new(sl_model *model, const sl_data *train, const sl_fit_options *options)
{
    sl_ctx *ctx = model->ctx;
    if (!model->loss) {
        sl_fail(ctx, SL_EINVAL, "sl_fit: the model has no loss yet: call sl_compile first");
        return NULL;
    }
    sl_trainer *t = sl_alloc(ctx, sizeof *t);
    if (!t)
        return NULL;
    t->ctx = ctx;
    t->model = model;
    t->best_loss = INFINITY;
    t->saved = -1e9;
    t->started = sl_os_seconds();
    const sl_target target = model->target;
    t->options = *options;
    if (sl_check_inputs(ctx, model, train, "the training data") || trainer_rows(t, train) ||
        trainer_class_names(model, train) || sl_trainer_standardise(t, train) || sl_trainer_choose_batch(t) ||
        (t->validation && (sl_check_inputs(ctx, model, t->validation, "the validation data") ||
                           sl_check_targets(ctx, model, t->validation, "the validation data"))) ||
        trainer_weighs(ctx, t->train, "training") || trainer_weighs(ctx, t->validation, "validation") ||
        trainer_sample(t) || trainer_report(t) || trainer_memory(t) || sl_trainer_change_rows(t)) {
        sl_trainer_free(t);
        model->target = target;
        return NULL;
    }
    sl_trainer_tell(t, options);
    return t;
}

sl_status sl_trainer_keep(sl_trainer *t)
{
    enum { MOST = 1 << 20 }; /* numbers of a prediction table */
    sl_ctx *ctx = t->ctx;
    const size_t width = (size_t)sl_prediction_width(t->model),
                 rows = t->validation ? t->validation->rows : 0;
    if (t->sample_count > MOST / width || rows > MOST / width || sl_loss_has_bounds(t->model->loss))
        return SL_OK; /* bounds are corrected afterwards */
    t->keeps = true;
    for (int time = 0; time < 2; time++) {
        sl_measured *part = time ? t->kept : t->now;
        sl_measured_open(&part[0], ctx, t->model, t->train, t->sample_count);
        if (t->validation && !ctx->status)
            sl_measured_open(&part[1], ctx, t->model, t->validation, rows);
    }
    return ctx->status;
}

sl_report *sl_trainer_figures(const sl_trainer *t, int part)
{
    if (part == 1 && !t->validation)
        return NULL;
    if (t->kept_epoch && t->kept_epoch == t->best_epoch)
        return sl_measured_report(t->ctx, t->model, &t->kept[part]);
    return part ? sl_measure_all(t->ctx, t->model, t->validation, NULL, t->validation->rows)
                : sl_measure_all(t->ctx, t->model, t->train, t->sample, t->sample_count);
}

void sl_trainer_free(sl_trainer *t)
{
    if (!t)
        return;
    sl_ctx *ctx = t->ctx;
    sl_step_free(t->step);
    sl_tape_free(t->tape);
    sl_tensor_free(t->x);
    sl_tensor_free(t->y);
    sl_augment_free(t->augment);
    sl_tensor_free(t->row_weights);
    sl_free(ctx, t->class_weights);
    sl_free(ctx, t->rows);
    sl_order_close(&t->order);
    sl_free(ctx, t->sample);
    sl_free(ctx, t->best);
    sl_free(ctx, t->gradient_norms);
    sl_free(ctx, t->confusion);
    for (int part = 0; part < 2; part++) {
        sl_measured_close(&t->now[part], ctx);
        sl_measured_close(&t->kept[part], ctx);
    }
    sl_reader_close(&t->reader);
    sl_steps_close(&t->losses, ctx);
    sl_report_free(t->report);
    sl_data_free(t->own_train);
    sl_data_free(t->own_validation);
    sl_free(ctx, t);
}

double sl_trainer_seconds(const sl_trainer *t)
{
    return t->seconds + (sl_os_seconds() - t->started);
}

double sl_trainer_rate(const sl_trainer *t)
{
    return sl_course_rate(&t->step->course, (double)t->step->set.lr, t->step->steps - 1);
}

void sl_trainer_describe_stop(const sl_trainer *t, sl_text *text)
{
    const sl_fit_options *o = &t->options;
    if (t->adaptive)
        sl_text_add(
            text,
            "after %d epochs without improvement%s, not before 2,000 steps; by then at most 200 epochs "
            "(default)",
            o->patience, t->default_patience ? " (default)" : "");
    else if (o->epochs && o->steps)
        sl_text_add(text, "after %d epochs or %d steps, whichever is first", o->epochs, o->steps);
    else
        sl_text_add(text, "after %d %s%s", o->epochs ? o->epochs : o->steps, o->epochs ? "epoch" : "step",
                    (o->epochs ? o->epochs : o->steps) == 1 ? "" : "s");
    if (!t->adaptive && o->patience > 0)
        sl_text_add(text, ", or after %d epochs without improvement", o->patience);
}
