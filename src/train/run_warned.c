/* run_warned.c - see warned.h. */
#include "train/warned.h"

enum { WARNED_MOST = 16 };

static sl_status warned_add(sl_run *run, const char *name, const char *sentence)
{
    if (run->warned == WARNED_MOST)
        return SL_OK;
    if (!run->warning && !(run->warning = sl_alloc_array(run->ctx, WARNED_MOST, sizeof *run->warning)))
        return run->ctx->status;
    sl_run_warning *added = &run->warning[run->warned];
    added->name = sl_strdup(run->ctx, name);
    added->sentence = sl_strdup(run->ctx, sentence);
    if (!run->ctx->status) {
        run->warned++;
        return SL_OK;
    }
    sl_free(run->ctx, added->name);
    sl_free(run->ctx, added->sentence);
    *added = (sl_run_warning){ 0 };
    return run->ctx->status;
}

sl_status sl_run_warn(sl_run *run, const char *name, const char *sentence)
{
    if (warned_add(run, name, sentence))
        return run->ctx->status;
    if (run->folder && run->begun && sl_run_write_json(run, "running") != SL_ENOMEM && run->ctx->status)
        sl_clear(run->ctx);
    return run->ctx->status;
}

const char *sl_run_warned(const sl_run *run, int index)
{
    return index >= 0 && index < run->warned ? run->warning[index].name : NULL;
}

void sl_run_put_warnings(const sl_run *run, sl_text *json, bool *first)
{
    if (!run->warned)
        return;
    sl_json_key(json, first, "warnings");
    for (int i = 0; i < run->warned; i++) {
        bool start = true;
        sl_text_put(json, i ? ", {" : "[{");
        sl_json_key(json, &start, "name");
        sl_json_put_string(json, run->warning[i].name);
        sl_json_key(json, &start, "sentence");
        sl_json_put_string(json, run->warning[i].sentence);
        sl_text_put(json, "}");
    }
    sl_text_put(json, "]");
}

sl_status sl_run_take_warnings(sl_run *run, const sl_json *json)
{
    const sl_json *all = sl_json_get(json, "warnings");
    for (const sl_json *e = all && all->kind == SL_JSON_ARRAY ? all->first : NULL; e && !run->ctx->status;
         e = e->next) {
        const char *name = sl_json_string(e, "name", NULL), *sentence = sl_json_string(e, "sentence", NULL);
        if (name && sentence)
            warned_add(run, name, sentence);
    }
    return run->ctx->status;
}

void sl_run_free_warnings(sl_run *run)
{
    for (int i = 0; i < run->warned; i++) {
        sl_free(run->ctx, run->warning[i].name);
        sl_free(run->ctx, run->warning[i].sentence);
    }
    sl_free(run->ctx, run->warning);
}
