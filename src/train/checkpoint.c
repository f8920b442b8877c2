/* checkpoint.c - a training in progress in one file: weights as in a model file, the best ones under "best/",
 * the optimizer's numbers under "state/", the history as float64, the rest as JSON under "training". */
#include "train/trainer.h"
#include "core/os.h"
#include "optim/whole/whole.h"

#include <math.h>
#include <string.h>

/* How many steps the schedule was laid out for; 0: it does not matter. */
static uint64_t checkpoint_course(const sl_trainer *t)
{
    const sl_course *course = &t->step->course;
    return course->by_length ? (uint64_t)course->steps : 0;
}

/* What else must be as it was, in words; "" while all is as usual. */
static void checkpoint_terms(const sl_trainer *t, sl_text *terms)
{
    const sl_fit_options *o = &t->options;
    sl_text_init(terms, t->ctx);
    if (o->accumulate > 1)
        sl_text_add(terms, "accumulate %d", o->accumulate);
    if (t->sampling != SL_SHUFFLE)
        sl_text_add(terms, "%ssampling %s", terms->length ? ", " : "", o->sampling);
    if (t->augment) {
        sl_text_put(terms, terms->length ? ", augment " : "augment ");
        sl_text_put(terms, sl_augment_text(t->augment));
    }
    if (o->class_weight)
        sl_text_add(terms, "%sclass weight %s", terms->length ? ", " : "", o->class_weight);
    if (t->model->target.way != SL_UNSCALED)
        sl_text_add(terms, "%starget scale %s", terms->length ? ", " : "",
                    sl_scaling_word(t->model->target.way));
}

static void checkpoint_training(const sl_trainer *t, sl_text *json)
{
    bool first = true;
    const struct {
        const char *key;
        uint64_t value;
    } counts[] = { { "rows", t->train->rows },
                   { "batch", (uint64_t)t->options.batch },
                   { "seed", t->ctx->options.seed },
                   { "steps", t->steps },
                   { "epoch", t->epoch },
                   { "step_in_epoch", t->step_in_epoch },
                   { "best_epoch", t->best_epoch },
                   { "best_row", (uint64_t)(t->report->best + 1) },
                   { "waited", t->waited },
                   { "schedule_steps", checkpoint_course(t) } };
    sl_text_put(json, "\"training\": {");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        sl_json_key(json, &first, counts[i].key);
        sl_json_put_uint64(json, counts[i].value);
    }
    sl_text terms;
    checkpoint_terms(t, &terms);
    sl_json_key(json, &first, "terms");
    sl_json_put_string(json, sl_text_string(&terms));
    sl_text_free(&terms);
    sl_step_put(t->step, json, &first);
    if (t->step->course.schedule->judged) {
        sl_json_key(json, &first, "schedule_best");
        sl_json_put_number(json, t->step->course.best);
        sl_json_key(json, &first, "schedule_waited");
        sl_json_put_uint64(json, t->step->course.waited);
        sl_json_key(json, &first, "schedule_scale");
        sl_json_put_number(json, t->step->course.scale);
    }
    sl_json_key(json, &first, "best_loss");
    sl_json_put_number(json, t->best_loss);
    sl_json_key(json, &first, "seconds");
    sl_json_put_number(json, sl_trainer_seconds(t));
    sl_json_key(json, &first, "finished");
    sl_json_put_bool(json, t->finished);
    sl_text_put(json, "}");
}

/* Visits the optimizer's numbers: name and memory of each. */
typedef sl_status checkpoint_visit(void *user, const char *name, sl_shape shape, sl_real *state,
                                   size_t count);
static sl_status checkpoint_states(const sl_trainer *t, checkpoint_visit *visit, void *user)
{
    const char *state;
    for (int s = 0; (state = sl_step_state_name(t->step, s)); s++)
        for (int i = 0; i < t->step->count && !t->ctx->status; i++) {
            sl_text name;
            sl_text_init(&name, t->ctx);
            sl_text_add(&name, "state/%s/%s", state, t->model->param_names[i]);
            const sl_tensor *p = t->step->params[i];
            if (!name.failed)
                visit(user, name.bytes, p->shape, t->step->state[i * SL_MAX_STATES + s], p->count);
            sl_text_free(&name);
        }
    return t->ctx->status;
}

/* What a method of optim/whole/ keeps, always as float64: search/NAME. NULL: that is scratch. */
static char *checkpoint_search_name(const sl_trainer *t, const sl_whole_array *array, sl_text *name)
{
    sl_text_init(name, t->ctx);
    if (array->name)
        sl_text_add(name, "search/%s", array->name);
    return array->name && !name->failed ? name->bytes : NULL;
}

static void checkpoint_put_search(const sl_trainer *t, sl_safetensors_writer *writer)
{
    const sl_whole *whole = t->step->whole;
    for (int i = 0; whole && i < whole->arrays; i++) {
        const sl_whole_array *array = &whole->array[i];
        sl_text name;
        const char *text = checkpoint_search_name(t, array, &name);
        if (text)
            sl_safetensors_put(writer, text, SL_F64, sl_dims((int)array->rows, (int)array->columns),
                               array->v);
        sl_text_free(&name);
    }
}

static sl_status checkpoint_take_search(const sl_trainer *t, const sl_safetensors *file)
{
    const sl_whole *whole = t->step->whole;
    for (int i = 0; whole && i < whole->arrays && !t->ctx->status; i++) {
        const sl_whole_array *array = &whole->array[i];
        sl_text name;
        const char *text = checkpoint_search_name(t, array, &name);
        const sl_safetensor *found = text ? sl_safetensors_need(file, text) : NULL;
        if (found && (found->dtype != SL_F64 || found->count != array->rows * array->columns))
            sl_fail(t->ctx, SL_EFORMAT, "%s: %s has not the %zu float64 of this training", file->name, text,
                    array->rows * array->columns);
        else if (found)
            memcpy(array->v, found->bytes, found->size);
        sl_text_free(&name);
    }
    if (whole && !t->ctx->status && !sl_whole_sound(whole))
        sl_fail(t->ctx, SL_EFORMAT, "%s: what optimizer %s kept makes no sense: the file is damaged",
                file->name, t->step->rule->name);
    return t->ctx->status;
}

static sl_status checkpoint_put_state(void *user, const char *name, sl_shape shape, sl_real *state,
                                      size_t count)
{
    (void)count;
    sl_safetensors_put(user, name, SL_DTYPE_REAL, shape, state);
    return SL_OK;
}

sl_status sl_trainer_save(sl_trainer *t, bool sync)
{
    sl_ctx *ctx = t->ctx;
    sl_safetensors_writer writer;
    sl_text json;
    sl_arena memory;
    sl_arena_init(&memory, t->ctx);
    sl_text_init(&json, ctx);
    sl_text_put(&json, "{");
    sl_model_describe(t->model, &json);
    sl_text_put(&json, ", ");
    checkpoint_training(t, &json);
    sl_text_put(&json, "}");
    sl_safetensors_begin(&writer, ctx);
    sl_model_put(t->model, &writer, t->model->values, &memory);
    if (t->best_epoch)
        sl_model_put_values(t->model, &writer, "best/", t->best);
    checkpoint_states(t, checkpoint_put_state, &writer);
    checkpoint_put_search(t, &writer);
    if (t->losses.row)
        sl_steps_put(&t->losses, &writer);
    sl_safetensors_put(&writer, "history", SL_F64, sl_dims(t->report->rows, t->report->columns),
                       t->report->values);
    if (!json.failed)
        sl_safetensors_put_metadata(&writer, "slope", sl_text_string(&json));
    sl_safetensors_write(&writer, ctx->status ? NULL : t->options.checkpoint, sync);
    sl_text_free(&json);
    sl_arena_free(&memory);
    return ctx->status;
}

static sl_status checkpoint_take_state(void *user, const char *name, sl_shape shape, sl_real *state,
                                       size_t count)
{
    (void)shape;
    const sl_safetensor *found = sl_safetensors_need(user, name);
    return found ? sl_safetensors_copy_reals(found, state, count) : SL_EFORMAT;
}

static sl_status checkpoint_take_history(sl_trainer *t, const sl_safetensors *file)
{
    const sl_safetensor *history = sl_safetensors_need(file, "history");
    const size_t columns = (size_t)t->report->columns;
    if (!history)
        return t->ctx->status;
    if (history->dtype != SL_F64 || history->shape.rank != 2 || (size_t)history->shape.dim[1] != columns)
        return sl_fail(t->ctx, SL_EFORMAT, "%s: the history has not the %zu columns of this training",
                       file->name, columns);
    double *row = sl_alloc_array(t->ctx, columns, sizeof *row);
    for (int i = 0; i < history->shape.dim[0] && row && !t->ctx->status; i++) {
        memcpy(row, history->bytes + (size_t)i * columns * sizeof *row, columns * sizeof *row);
        sl_report_add_row(t->report, row);
    }
    sl_free(t->ctx, row);
    return t->ctx->status;
}

static bool checkpoint_same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : !a && !b;
}

/* The layers with all their words, and the loss. */
static bool checkpoint_same_net(const sl_model *model, const sl_safetensors *file, const sl_json *description)
{
    sl_model *made = sl_model_take_layers(model->ctx, file->name, sl_json_get(description, "layers"));
    const bool same = made && checkpoint_same_text(made->net, model->net) &&
                      checkpoint_same_text(sl_json_string(description, "loss", NULL), model->loss_text);
    sl_model_free(made);
    return same;
}

/* The file must be of the same training: same layers, loss, rows, batch, seed, rule. */
static sl_status checkpoint_same(const sl_trainer *t, const sl_safetensors *file, const sl_json *description,
                                 const sl_json *training)
{
    const sl_json *rule = sl_json_get(description, "optimizer");
    const struct {
        const char *what;
        uint64_t is, wanted;
    } counts[] = { { "rows", sl_json_uint64(training, "rows", 0), t->train->rows },
                   { "batch", sl_json_uint64(training, "batch", 0), (uint64_t)t->options.batch },
                   { "seed", sl_json_uint64(training, "seed", 0), t->ctx->options.seed },
                   { "a schedule's length of", sl_json_uint64(training, "schedule_steps", 0),
                     checkpoint_course(t) } };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].is != counts[i].wanted)
            return sl_fail(t->ctx, SL_EINVAL,
                           "%s: it was made with %s %llu, and now it is %llu: only the same training can "
                           "be continued",
                           file->name, counts[i].what, (unsigned long long)counts[i].is,
                           (unsigned long long)counts[i].wanted);
    sl_text terms;
    checkpoint_terms(t, &terms);
    const char *is = sl_json_string(training, "terms", "");
    if (strcmp(is, sl_text_string(&terms)) != 0)
        sl_fail(t->ctx, SL_EINVAL,
                "%s: it was made with %s, and now it is %s: only the same training can be continued",
                file->name, *is ? is : "the usual terms",
                terms.length ? sl_text_string(&terms) : "the usual terms");
    sl_text_free(&terms);
    if (t->ctx->status)
        return t->ctx->status;
    if (strcmp(sl_json_string(rule, "rule", ""), t->step->set.rule))
        return sl_fail(t->ctx, SL_EINVAL, "%s: it was made with optimizer %s, and now it is %s", file->name,
                       sl_json_string(rule, "rule", "?"), t->step->set.rule);
    if (strcmp(sl_json_string(rule, "schedule", "constant"), t->step->set.schedule))
        return sl_fail(t->ctx, SL_EINVAL,
                       "%s: it was made with schedule %s, and now it is %s: only the same "
                       "training can be continued",
                       file->name, sl_json_string(rule, "schedule", "constant"), t->step->set.schedule);
    if (!checkpoint_same_net(t->model, file, description))
        return t->ctx->status
                   ? t->ctx->status
                   : sl_fail(
                         t->ctx, SL_EINVAL,
                         "%s: it was made with another net or loss: only the same training can be continued",
                         file->name);
    return SL_OK;
}

/* A count that must be there; if not, *whole becomes false. */
static uint64_t checkpoint_count(const sl_json *training, const char *key, bool *whole)
{
    uint64_t count = 0;
    *whole = sl_json_whole(sl_json_get(training, key), &count) && *whole;
    return count;
}

static sl_status checkpoint_take(sl_trainer *t, const sl_safetensors *file, const sl_json *description)
{
    const sl_json *training = sl_json_get(description, "training");
    if (!training)
        return sl_fail(t->ctx, SL_EFORMAT, "%s: a model, not a checkpoint: nothing says where training stood",
                       file->name);
    if (checkpoint_same(t, file, description, training))
        return t->ctx->status;
    bool whole = true;
    t->best_epoch = (size_t)checkpoint_count(training, "best_epoch", &whole);
    if (sl_model_take_values(t->model, file, "", t->model->values) ||
        (t->best_epoch && sl_model_take_values(t->model, file, "best/", t->best)) ||
        checkpoint_states(t, checkpoint_take_state, (void *)(uintptr_t)file) ||
        checkpoint_take_search(t, file) || checkpoint_take_history(t, file) ||
        sl_model_take_target(t->model, file->name, description))
        return t->ctx->status;
    t->steps = (size_t)checkpoint_count(training, "steps", &whole);
    t->epoch = (size_t)checkpoint_count(training, "epoch", &whole);
    t->step_in_epoch = (size_t)checkpoint_count(training, "step_in_epoch", &whole);
    t->waited = (size_t)checkpoint_count(training, "waited", &whole);
    whole = sl_step_take(t->step, training) && whole;
    sl_course *course = &t->step->course;
    course->best = sl_json_number(training, "schedule_best", INFINITY);
    course->waited = sl_json_uint64(training, "schedule_waited", 0);
    course->scale = sl_json_number(training, "schedule_scale", 1);
    t->best_loss = sl_json_number(training, "best_loss", INFINITY);
    t->seconds = sl_json_number(training, "seconds", 0);
    t->finished = sl_json_bool(training, "finished", false);
    const uint64_t best_row = checkpoint_count(training, "best_row", &whole),
                   rows = (uint64_t)t->report->rows;
    if (!whole || !(course->scale >= 0 && course->scale <= 1) || course->waited > rows ||
        t->step_in_epoch >= t->steps_an_epoch || t->epoch != rows || best_row > rows ||
        best_row != t->best_epoch || t->waited > rows || t->step->steps != t->steps || t->steps < t->epoch)
        return sl_fail(t->ctx, SL_EFORMAT, "%s: where training stood makes no sense: the file is damaged",
                       file->name);
    t->report->best = (int)best_row - 1;
    t->saved_steps = t->steps;
    return t->losses.row ? sl_steps_take(&t->losses, file, t->steps) : SL_OK;
}

sl_status sl_trainer_load(sl_trainer *t)
{
    const char *path = t->options.checkpoint;
    if (!path || sl_os_path_kind(path) == SL_PATH_NONE)
        return SL_OK;
    sl_arena arena;
    sl_arena_init(&arena, t->ctx);
    unsigned char *bytes = NULL;
    size_t size;
    if (!sl_file_read(t->ctx, path, &bytes, &size)) {
        const sl_safetensors *file = sl_safetensors_read(&arena, path, bytes, size);
        const sl_json *description = file ? sl_model_description(&arena, file) : NULL;
        if (description)
            checkpoint_take(t, file, description);
    }
    sl_arena_free(&arena);
    sl_free(t->ctx, bytes);
    return t->ctx->status;
}
