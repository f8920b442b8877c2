/* lab_files.c - see lab.h: the training as files that the command line reads. */
#include "lab.h"

#include <string.h>

/* The net as JSON: how it is built, and its numbers, by the names of the model file. */
static sl_status files_json(lab *l)
{
    const sl_model *model = l->run->model;
    sl_text *j = lab_begin(l);
    bool first = false;
    sl_text_put(j, "{");
    sl_model_describe(model, j);
    sl_json_key(j, &first, "weights");
    sl_text_put(j, "{");
    for (int p = 0; p < model->param_count; p++) {
        const sl_tensor *t = model->params[p];
        bool none = p == 0;
        sl_json_key(j, &none, model->param_names[p]);
        sl_text_put(j, "{\"shape\": [");
        for (int d = 0; d < t->shape.rank; d++)
            sl_text_add(j, d ? ", %d" : "%d", t->shape.dim[d]);
        sl_text_put(j, "], \"values\": [");
        for (size_t i = 0; i < t->count; i++) {
            sl_text_put(j, i ? ", " : "");
            sl_json_put_real(j, t->v[i]);
        }
        sl_text_put(j, "]}");
    }
    sl_text_put(j, "}}");
    return lab_say(l, SL_OK);
}

sl_status lab_keep(lab *l, const char *what)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    if (!strcmp(what, "json"))
        return files_json(l);
    if (!strcmp(what, "model"))
        sl_model_save(l->run->model, "model.safetensors");
    else if (!strcmp(what, "run")) {
        l->run->options.overwrite = true; /* what was kept before */
        sl_run_keep(l->run, "slope-run");
    } else
        return lab_refuse(l, "there is no such file");
    if (lab_say(l, SL_OK))
        return SL_EINVAL;
    sl_text_put(lab_begin(l), "{}");
    return SL_OK;
}
