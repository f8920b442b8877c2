/* lab_explain.c - see lab.h: a step with every number, linear layers as one, what the net says at a place. */
#include "lab.h"
#include "explain/explain.h"

#include <math.h>
#include <string.h>

/* The net as it stands, with the optimizer's numbers of its last step; steps of it move nothing else. */
static sl_model *step_copy(const lab *l)
{
    const sl_model *model = l->run->model;
    const sl_trainer *t = l->run->trainer;
    sl_model *copy = sl_model_slice(model, 0, model->count);
    if (!copy)
        return NULL;
    sl_optimizer o = t->step->set;
    if (t->steps)
        o.lr = (sl_real)sl_trainer_rate(t);
    o.schedule = NULL;
    o.warmup = 0;
    o.steps = 0;
    if (model->biases_stay)
        sl_model_hold_biases(copy);
    if (!sl_compile(copy, .loss = model->loss_text, .optimizer = o))
        return copy;
    sl_model_free(copy);
    return NULL;
}

static void step_remarks(const lab *l, int count, bool predict, sl_text *text)
{
    const sl_trainer *t = l->run->trainer;
    const sl_optimizer *o = &t->step->set;
    sl_text_add(text, "with a copy of the weights behind step %zu: the training is not moved by it\n",
                t->steps);
    if (predict)
        return;
    if ((size_t)count != t->batch)
        sl_text_add(text, "a step of the training takes %zu rows, this one %d\n", t->batch, count);
    if (t->step->rule->states || t->step->rule->iterate)
        sl_text_add(text, "%s begins anew here, as in its first step: what it has gathered is left out\n",
                    t->step->rule->name);
    if (t->steps && (double)o->lr != sl_trainer_rate(t))
        sl_text_put(text, "lr is that of the last step, by the schedule\n");
}

static bool step_is(const char *word, size_t length, const char *wanted)
{
    return strlen(wanted) == length && !memcmp(word, wanted, length);
}

static sl_status step_tell(lab *l, const sl_data *data, const char *what, size_t length, const char *format,
                           int row, int count, sl_explain_options *options)
{
    const bool predict = step_is(what, length, "predict");
    options->forward = step_is(what, length, "forward");
    options->backward = step_is(what, length, "backward");
    options->update = step_is(what, length, "update");
    if (!predict && !options->forward && !options->backward && !options->update &&
        !step_is(what, length, "all"))
        return sl_fail(l->ctx, SL_EINVAL, "wants all, forward, backward, update or predict");
    sl_text remarks;
    sl_text_init(&remarks, l->ctx);
    step_remarks(l, count, predict, &remarks);
    size_t *rows = sl_alloc_array(l->ctx, (size_t)count, sizeof *rows), lines = 0;
    for (int i = 0; rows && i < count; i++)
        rows[i] = (size_t)row + (size_t)i;
    sl_model *copy = rows ? step_copy(l) : NULL;
    sl_explanation *e =
        copy ? sl_explain_rows(copy, data,
                               &(sl_explain_rows_options){ .rows = rows,
                                                           .count = (size_t)count,
                                                           .predict = predict,
                                                           .remarks = sl_text_string(&remarks),
                                                           .class_weight = l->asked.class_weight,
                                                           .train = l->run->trainer->train },
                               options)
             : NULL;
    const char *written =
        e && !sl_explanation_check(e, &lines) ? sl_explanation_write(e, format, 100, false) : NULL;
    if (written && lab_room(l, 1)) {
        l->numbers[0] = (float)lines;
        sl_text_put(lab_begin(l), written);
    }
    sl_explanation_free(e);
    sl_model_free(copy);
    sl_free(l->ctx, rows);
    sl_text_free(&remarks);
    return l->ctx->status;
}

sl_status lab_explain(lab *l, const char *words, int row, int count, int depth, int digits)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    char part[16];
    const size_t first = strcspn(words, " ");
    const char *what = words + first + (words[first] != 0);
    const size_t second = strcspn(what, " ");
    const char *format = what + second + (what[second] != 0);
    if (first >= sizeof part || row < 0 || count < 1 || count > 1000)
        return lab_refuse(l, "wants a part, and 1 to 1,000 rows of it");
    memcpy(part, words, first);
    part[first] = 0;
    const sl_data *data = sl_run_part(l->run, part);
    if (!data)
        return lab_refuse(l, "there is no such part");
    if ((size_t)row + (size_t)count > data->rows) /* the last rows there are */
        count = (size_t)row < data->rows ? (int)(data->rows - (size_t)row) : count;
    sl_explain_options options = { .depth = depth, .digits = digits };
    step_tell(l, data, what, second, format, row, count, &options);
    return lab_say(l, SL_OK);
}

sl_status lab_collapse(lab *l, int depth, int digits)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    sl_explanation *e = sl_explain_collapse(l->run->model, depth, digits);
    const char *written = e ? sl_explanation_write(e, "html", 100, false) : NULL;
    if (written)
        sl_text_put(lab_begin(l), written);
    sl_explanation_free(e);
    return lab_say(l, SL_OK);
}

/* --- what it says at a place -----------------------------------------------------------------------------
 */

/* Numbers between , and ; into rows of `features`; how many rows, 0: refused. */
static size_t place_read(sl_ctx *ctx, const char *text, size_t features, sl_real *to, size_t most)
{
    size_t rows = 0, column = 0;
    char number[40];
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",;");
        double value = NAN;
        if (length >= sizeof number || rows == most)
            break;
        memcpy(number, at, length);
        number[length] = 0;
        if (!sl_number_parse(number, &value) || !(fabs(value) <= 1e30)) {
            sl_fail(ctx, SL_EINVAL, "'%.30s' is no number that an input can be", number);
            return 0;
        }
        if (column == features)
            break;
        to[rows * features + column++] = (sl_real)value;
        at += length;
        if (*at != ',') {
            if (column != features)
                break;
            rows++;
            column = 0;
        }
        if (!*at)
            return rows;
    }
    sl_fail(ctx, SL_EINVAL, "a place wants %zu numbers, one for each input, and at most %zu places", features,
            most);
    return 0;
}

static sl_status place_answer(lab *l, const sl_model *model, sl_data *data)
{
    sl_ctx *ctx = l->ctx;
    const size_t rows = data->rows, width = (size_t)sl_prediction_width(model);
    size_t prepared = 0;
    sl_tensor *x =
        sl_shape_count(model->input, &prepared) ? sl_model_inputs(ctx, model, (int)rows, prepared) : NULL;
    size_t *order = sl_alloc_array(ctx, rows, sizeof *order);
    sl_real *answers = sl_alloc_array(ctx, rows * width, sizeof *answers);
    for (size_t i = 0; order && i < rows; i++)
        order[i] = i;
    if (x && order && answers && !sl_model_gather(ctx, model, data, order, rows, false, x, NULL)) {
        sl_tape_reset(l->tape);
        const sl_tensor *said = sl_model_forward(l->tape, model, x);
        if (said && lab_room(l, rows * width)) {
            sl_outputs_to_predictions(model, said->v, rows, answers);
            for (size_t i = 0; i < rows * width; i++)
                l->numbers[i] = (float)answers[i];
        }
    }
    sl_free(ctx, answers);
    sl_free(ctx, order);
    sl_tensor_free(x);
    return ctx->status;
}

sl_status lab_ask(lab *l, const char *rows, bool collapsed)
{
    enum { MOST = 1000 };
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    sl_ctx *ctx = l->ctx;
    const size_t features = l->run->trainer->train->features;
    sl_real *values = sl_alloc_array(ctx, MOST, features * sizeof *values);
    const size_t count = values ? place_read(ctx, rows, features, values, MOST) : 0;
    sl_tensor *raw = count ? sl_tensor_new(ctx, sl_dims((int)count, (int)features), values) : NULL;
    sl_data *data = raw ? sl_data_from(ctx, raw, NULL) : NULL;
    sl_model *few = data && collapsed ? sl_model_collapse(l->run->model) : NULL;
    if (data && !ctx->status)
        place_answer(l, few ? few : l->run->model, data);
    sl_model_free(few);
    sl_data_free(data);
    sl_tensor_free(raw);
    sl_free(ctx, values);
    return lab_say(l, SL_OK);
}
