/* json.c - the numbers of an explanation by their names: {"steps": [{"forward": {"z1[0]": 1.5, ..}, ..},
 * ..]}. */
#include "core/json.h"
#include "explain/explanation.h"

#include <string.h>

typedef struct {
    sl_text *out, left; /* left: what is left out of this part */
    const char **taken; /* [size] names of this part, by their hash */
    size_t size;
    const char *place, *line; /* the last heading and line */
    bool first, in_step, in_part;
    int steps;
} json_writer;

/* false: the part has the name already. */
static bool json_take(json_writer *w, const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    size_t at = (size_t)hash & (w->size - 1);
    for (; w->taken[at]; at = (at + 1) & (w->size - 1))
        if (!strcmp(w->taken[at], name))
            return false;
    w->taken[at] = name;
    return true;
}

static void json_close_part(json_writer *w)
{
    if (w->left.length) {
        sl_json_key(w->out, &w->first, "left_out");
        sl_text_add(w->out, "[%s]", sl_text_string(&w->left));
    }
    sl_text_clear(&w->left);
    sl_text_put(w->out, w->in_part ? "}" : "");
    memset(w->taken, 0, w->size * sizeof *w->taken);
    w->first = w->first && !w->in_part;
    w->in_part = false;
}

static void json_open_step(json_writer *w)
{
    if (w->in_step) {
        json_close_part(w);
        sl_text_put(w->out, "}");
    }
    sl_text_put(w->out, w->steps++ ? ", {" : "{");
    w->in_step = w->first = true;
}

static void json_open_part(json_writer *w, const char *name)
{
    json_close_part(w);
    sl_json_key(w->out, &w->first, name);
    sl_text_put(w->out, "{");
    w->in_part = w->first = true;
    w->place = "";
}

/* Its name, and where the part has that already what it is of: "p[0] of dense_2". */
static const char *json_name(json_writer *w, sl_explanation *e, const sl_explained *item)
{
    const char *name = item->name;
    if (item->kind == SL_EXPLAINED_LINE && item->depth > 2)
        name = sl_explanation_keep(e, "%s, %s", w->line, name);
    if (json_take(w, name))
        return name;
    const char *own = sl_explanation_keep(e, "%s of %.*s", name, (int)strcspn(w->place, ":"), w->place);
    for (int i = 2; !json_take(w, own); i++)
        own = sl_explanation_keep(e, "%s (%d)", name, i);
    return own;
}

static void json_item(json_writer *w, sl_explanation *e, const sl_explained *item)
{
    const bool line = item->kind == SL_EXPLAINED_LINE;
    if (!line && item->kind != SL_EXPLAINED_VALUE)
        return;
    const char *name = json_name(w, e, item);
    if (line && item->depth <= 2)
        w->line = name;
    sl_json_key(w->out, &w->first, name);
    if (line) {
        sl_json_put_number(w->out, item->number);
    } else if (!item->numbers) {
        sl_json_put_string(w->out, item->value);
    } else if (item->count == 1) {
        sl_json_put_number(w->out, item->numbers[0]);
    } else {
        for (size_t i = 0; i < item->count; i++) {
            sl_text_put(w->out, i ? ", " : "[");
            sl_json_put_number(w->out, item->numbers[i]);
        }
        sl_text_put(w->out, item->count ? "]" : "[]");
    }
}

void sl_explained_json(sl_explanation *e, sl_text *out)
{
    json_writer w = { .out = out, .size = 64, .place = "", .line = "", .first = true };
    while (w.size < 2 * (size_t)e->count + 2)
        w.size *= 2;
    w.taken = sl_alloc_array(e->ctx, w.size, sizeof *w.taken);
    if (!w.taken)
        return;
    sl_text_init(&w.left, e->ctx);
    sl_text_put(out, "{\"steps\": [");
    for (int i = 0; i < e->count && !e->ctx->status; i++) {
        const sl_explained *item = &e->items[i];
        if (item->kind == SL_EXPLAINED_TITLE || !w.in_step)
            json_open_step(&w);
        if (item->kind == SL_EXPLAINED_PART) {
            json_open_part(&w, item->text);
        } else if (item->kind == SL_EXPLAINED_PLACE) {
            w.place = item->text;
        } else if (item->kind == SL_EXPLAINED_MORE) {
            sl_text_put(&w.left, w.left.length ? ", " : "");
            sl_json_put_string(&w.left, item->text);
        } else {
            json_item(&w, e, item);
        }
    }
    json_close_part(&w);
    sl_text_put(out, w.in_step ? "}]}\n" : "]}\n");
    sl_text_free(&w.left);
    sl_free(e->ctx, w.taken);
}
