/* lab_tell.c - see lab.h: a training in words and numbers. */
#include "lab.h"
#include "core/digest.h"

#include <math.h>
#include <string.h>

void lab_put_text(sl_text *j, bool *first, const char *key, const char *text)
{
    sl_json_key(j, first, key);
    sl_json_put_string(j, text);
}

static void tell_number(sl_text *j, bool *first, const char *key, double value)
{
    sl_json_key(j, first, key);
    sl_json_put_number(j, value);
}

static void tell_whole(sl_text *j, bool *first, const char *key, size_t value)
{
    sl_json_key(j, first, key);
    sl_json_put_uint64(j, value);
}

/* The places of a layer's parameters among all, which lab_weights gives one after the other. */
static void tell_params(const lab *l, sl_text *j, const sl_built *layer)
{
    const sl_model *model = l->run->model;
    sl_text_put(j, "[");
    for (int w = 0; w < layer->wants; w++) {
        size_t at = 0;
        int p = 0;
        while (p < model->param_count && model->params[p] != layer->param[w])
            at += model->params[p++]->count;
        bool first = true;
        sl_text_put(j, w ? ", {" : "{");
        lab_put_text(j, &first, "name", layer->wanted[w].name);
        tell_whole(j, &first, "at", at);
        sl_json_key(j, &first, "shape");
        sl_text_put(j, "[");
        const sl_shape shape = layer->param[w]->shape;
        for (int d = 0; d < shape.rank; d++)
            sl_text_add(j, d ? ", %d" : "%d", shape.dim[d]);
        sl_text_put(j, "]}");
    }
    sl_text_put(j, "]");
}

static void tell_layers(const lab *l, sl_text *j)
{
    const sl_model *model = l->run->model;
    size_t pictures = 0;
    sl_text_put(j, "[");
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        size_t units;
        bool first = true;
        if (!sl_shape_count(layer->out, &units))
            units = 0;
        const bool drawn = pictures + units <= LAB_PICTURES_MOST;
        pictures += drawn ? units : 0;
        sl_text_put(j, i ? ", {" : "{");
        lab_put_text(j, &first, "name", layer->name);
        lab_put_text(j, &first, "type", layer->kind->name);
        lab_put_text(j, &first, "text", layer->text);
        tell_whole(j, &first, "depth", (size_t)layer->depth);
        tell_whole(j, &first, "units", units);
        sl_json_key(j, &first, "activation");
        sl_json_put_string(j, layer->activation ? layer->activation->name : NULL);
        sl_json_key(j, &first, "pictures");
        sl_json_put_bool(j, drawn);
        sl_json_key(j, &first, "params");
        tell_params(l, j, layer);
        sl_text_put(j, "}");
    }
    sl_text_put(j, "]");
}

static void tell_names(sl_text *j, bool *first, const char *key, size_t count, const sl_data *data,
                       const char *(*name)(const sl_data *data, size_t index))
{
    sl_json_key(j, first, key);
    sl_text_put(j, "[");
    for (size_t i = 0; i < count; i++) {
        sl_text_put(j, i ? ", " : "");
        sl_json_put_string(j, name(data, i));
    }
    sl_text_put(j, "]");
}

static const char *tell_input(const sl_data *data, size_t index)
{
    return sl_data_input_name(data, index);
}

static const char *tell_class(const sl_data *data, size_t index)
{
    return sl_data_class_name(data, (int)index);
}

static void tell_rows(const lab *l, sl_text *j)
{
    static const char *const parts[] = { "train", "validation", "test" };
    bool first = true;
    sl_text_put(j, "{");
    for (int i = 0; i < 3; i++) {
        const sl_data *data = sl_run_part(l->run, parts[i]);
        tell_whole(j, &first, parts[i], data ? data->rows : 0);
    }
    sl_text_put(j, "}");
}

/* Each column of the table, with the reason for its type. */
static void tell_columns(const lab *l, sl_text *j)
{
    sl_column_info info;
    sl_text_put(j, "[");
    for (int i = 0; sl_data_column(l->run->train, i, &info); i++) {
        bool first = true;
        sl_text_put(j, i ? ", {" : "{");
        lab_put_text(j, &first, "name", info.name);
        lab_put_text(j, &first, "type", info.type);
        lab_put_text(j, &first, "role", info.role);
        lab_put_text(j, &first, "reason", info.reason);
        sl_json_key(j, &first, "words");
        lab_put_words(l, info.name, j);
        sl_text_put(j, "}");
    }
    sl_text_put(j, "]");
}

sl_status lab_describe(lab *l)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_run *run = l->run;
    const sl_data *train = run->trainer->train;
    const sl_optimizer *o = &run->trainer->step->set;
    sl_text *j = lab_begin(l);
    bool first = true;
    sl_text_put(j, "{");
    lab_put_text(j, &first, "task", sl_model_kinds(run->model) ? "classification" : "regression");
    tell_names(j, &first, "classes", (size_t)train->classes, train, tell_class);
    tell_names(j, &first, "inputs", train->features <= 1000 ? train->features : 0, train, tell_input);
    tell_whole(j, &first, "features", train->features);
    sl_json_key(j, &first, "rows");
    tell_rows(l, j);
    tell_whole(j, &first, "stepsAnEpoch", run->trainer->steps_an_epoch);
    tell_whole(j, &first, "parameters", sl_model_parameters(run->model));
    tell_whole(j, &first, "outputs", (size_t)sl_model_outputs(run->model));
    tell_whole(j, &first, "answers", (size_t)sl_prediction_width(run->model));
    lab_put_text(j, &first, "net", sl_model_net(run->model));
    lab_put_text(j, &first, "loss", sl_model_loss(run->model));
    lab_put_text(j, &first, "optimizer", o->rule);
    tell_number(j, &first, "lr", (double)o->lr);
    tell_whole(j, &first, "batch", run->trainer->batch);
    lab_put_text(j, &first, "preprocessing", sl_model_preprocessing(run->model));
    sl_json_key(j, &first, "flops"); /* of a row forward */
    double flops = 0;
    for (int i = 0; i < run->model->count; i++)
        flops += (double)run->model->layers[i].flops;
    sl_json_put_number(j, flops);
    sl_json_key(j, &first, "axes");
    sl_text_add(j, "[%zu, %zu]", l->axis[0], l->axis[1]);
    sl_json_key(j, &first, "window");
    sl_text_put(j, "[");
    for (int i = 0; i < 4; i++) {
        sl_text_put(j, i ? ", " : "");
        sl_json_put_number(j, i % 2 ? l->to[i / 2] : l->from[i / 2]);
    }
    sl_text_put(j, "]");
    sl_json_key(j, &first, "history");
    sl_text_put(j, "[");
    for (int i = 0; i < run->trainer->report->columns; i++) {
        sl_text_put(j, i ? ", " : "");
        sl_json_put_string(j, run->trainer->report->names[i]);
    }
    sl_text_put(j, sl_model_kinds(run->model) ? ", \"test_loss\", \"test_accuracy\"]"
                                              : ", \"test_loss\", \"test_rmse\"]");
    sl_json_key(j, &first, "columns");
    tell_columns(l, j);
    sl_json_key(j, &first, "seen");
    lab_put_seen(l, j);
    sl_json_key(j, &first, "layers");
    tell_layers(l, j);
    sl_text_put(j, "}");
    return lab_say(l, SL_OK);
}

sl_status lab_state(lab *l)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_trainer *t = l->run->trainer;
    const sl_report *r = t->report;
    char digest[17];
    sl_text *j = lab_begin(l);
    bool first = true;
    sl_text_put(j, "{");
    tell_whole(j, &first, "step", t->steps);
    tell_whole(j, &first, "epoch", t->epoch);
    tell_whole(j, &first, "stepInEpoch", t->step_in_epoch);
    tell_whole(j, &first, "epochs", (size_t)r->rows);
    tell_number(j, &first, "batchLoss", t->steps ? t->last_loss : (double)NAN);
    tell_number(j, &first, "lr", t->steps ? sl_trainer_rate(t) : (double)NAN);
    lab_put_text(j, &first, "digest", sl_digest_text(digest, sl_model_digest(l->run->model)));
    sl_json_key(j, &first, "over");
    sl_json_put_bool(j, sl_run_over(l->run) || l->ended);
    sl_json_key(j, &first, "diverged");
    sl_json_put_bool(j, l->ended == SL_EDIVERGED);
    lab_put_text(j, &first, "message", l->message);
    tell_whole(j, &first, "bestEpoch", t->best_epoch);
    sl_json_key(j, &first, "warnings");
    sl_text_add(j, "[%s]", sl_text_string(&l->warned));
    sl_text_put(j, "}");
    return lab_say(l, SL_OK);
}

sl_status lab_history(lab *l, int from)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_report *r = l->run->trainer->report;
    const int begin = from < 0 ? 0 : from > r->rows ? r->rows : from;
    const size_t columns = (size_t)r->columns + 2;
    if (!lab_room(l, (size_t)(r->rows - begin) * columns))
        return lab_say(l, SL_ENOMEM);
    float *to = l->numbers;
    for (int row = begin; row < r->rows; row++) {
        for (int c = 0; c < r->columns; c++)
            *to++ = (float)r->values[(size_t)row * (size_t)r->columns + (size_t)c];
        const bool known = (size_t)row < l->tested;
        *to++ = known ? (float)l->tests[2 * (size_t)row] : NAN;
        *to++ = known ? (float)l->tests[2 * (size_t)row + 1] : NAN;
    }
    return SL_OK;
}

sl_status lab_figures(lab *l, const char *part)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_data *data = sl_run_part(l->run, part);
    if (!data)
        return lab_refuse(l, "there is no such part");
    sl_report *report = sl_measure_all(l->ctx, l->run->model, data, NULL, data->rows);
    if (!report)
        return lab_say(l, SL_EINVAL);
    sl_text *j = lab_begin(l);
    bool first = true;
    sl_text_put(j, "{");
    for (int c = 0; c < report->columns; c++)
        tell_number(j, &first, report->names[c], report->values[c]);
    sl_json_key(j, &first, "confusion");
    sl_text_put(j, "[");
    for (int truth = 0; truth < report->classes; truth++) {
        sl_text_put(j, truth ? ", [" : "[");
        for (int said = 0; said < report->classes; said++)
            sl_text_add(j, said ? ", %zu" : "%zu", sl_report_confusion(report, truth, said));
        sl_text_put(j, "]");
    }
    sl_text_put(j, "]}");
    sl_report_free(report);
    return lab_say(l, SL_OK);
}

/* --- words ---------------------------------------------------------------------------------------------- */

void lab_put_option(sl_text *j, const sl_option *o)
{
    char text[160];
    bool first = true;
    sl_text_put(j, "{");
    lab_put_text(j, &first, "name", o->name);
    lab_put_text(j, &first, "summary", o->summary);
    tell_number(j, &first, "normal", o->normal);
    tell_number(j, &first, "low", o->low);
    tell_number(j, &first, "high", o->high);
    sl_json_key(j, &first, "whole");
    sl_json_put_bool(j, o->whole);
    lab_put_text(j, &first, "choices", o->choices);
    lab_put_text(j, &first, "range", sl_option_range(text, o));
    lab_put_text(j, &first, "default", sl_option_normal(text, o));
    sl_text_put(j, "}");
}

static void tell_word(sl_text *j, const sl_word *word)
{
    bool first = true;
    sl_text_put(j, "{");
    lab_put_text(j, &first, "name", word->name);
    lab_put_text(j, &first, "summary", word->summary);
    lab_put_text(j, &first, "formula", word->formula);
    lab_put_text(j, &first, "source", word->source);
    lab_put_text(j, &first, "example", word->example);
    sl_json_key(j, &first, "options");
    sl_text_put(j, "[");
    for (const sl_option *o = word->options; o && o->name; o++) {
        sl_text_put(j, o == word->options ? "" : ", ");
        lab_put_option(j, o);
    }
    sl_text_put(j, "]}");
}

sl_status lab_catalogue(lab *l)
{
    static const char *const kinds[] = { "data",      "layer",    "activation", "init",   "loss",
                                         "optimizer", "schedule", "metric",     "finding" };
    sl_text *j = lab_begin(l);
    bool first = true;
    sl_text_put(j, "{");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        sl_word word;
        sl_json_key(j, &first, kinds[k]);
        sl_text_put(j, "[");
        for (int i = 0; sl_catalogue(kinds[k], i, &word); i++) {
            sl_text_put(j, i ? ", " : "");
            tell_word(j, &word);
        }
        sl_text_put(j, "]");
    }
    sl_text_put(j, "}");
    return l->own->status ? lab_say(l, SL_ENOMEM) : SL_OK;
}
