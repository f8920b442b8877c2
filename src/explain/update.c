/* update.c - how a step changed the weights: what it began with, then stage by stage and weight by weight,
 * and what stays as it is. */
#include "explain/update.h"

#include <string.h>

static double *update_copy(sl_ctx *ctx, const sl_real *values, size_t n)
{
    double *copy = sl_alloc_array(ctx, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = (double)values[i];
    return copy;
}

static void update_watch_part(sl_ctx *ctx, const sl_step *step, int p, sl_watched_part *part)
{
    const sl_tensor *t = step->params[p];
    const sl_rows *touched = t->touched;
    if (!t->learns || !(t->has_grad || step->whole))
        return;
    part->w = update_copy(ctx, t->v, t->count);
    part->g = update_copy(ctx, t->g, t->count);
    for (int s = 0; sl_step_state_name(step, s); s++)
        part->state[s] = update_copy(ctx, step->state[p * SL_MAX_STATES + s], t->count);
    if (touched && !touched->all && touched->rows && !step->whole) {
        size_t from = 0;
        part->width = t->count / touched->rows;
        part->row = sl_alloc_array(ctx, touched->rows, sizeof *part->row);
        part->rows = part->row ? sl_rows_list(touched, &from, touched->rows, part->row, touched->rows) : 0;
    }
}

sl_watched *sl_update_watch(sl_walk *walk, sl_step *step)
{
    sl_ctx *ctx = walk->e->ctx;
    sl_watched *w = sl_alloc(ctx, sizeof *w);
    if (!w)
        return NULL;
    *w = (sl_watched){ .ctx = ctx,
                       .step = step,
                       .lr = (double)sl_step_lr(step),
                       .t = (double)step->steps + 1,
                       .clip = 1,
                       .count = step->count };
    memcpy(w->product, step->product, sizeof w->product);
    w->parts = sl_alloc_array(ctx, (size_t)step->count, sizeof *w->parts);
    for (int p = 0; p < step->count && w->parts; p++)
        update_watch_part(ctx, step, p, &w->parts[p]);
    if (!ctx->status)
        return w;
    sl_update_forget(w);
    return NULL;
}

void sl_update_forget(sl_watched *w)
{
    if (!w)
        return;
    for (int p = 0; w->parts && p < w->count; p++) {
        sl_free(w->ctx, w->parts[p].w);
        sl_free(w->ctx, w->parts[p].g);
        sl_free(w->ctx, w->parts[p].row);
        sl_free(w->ctx, w->parts[p].ruled);
        for (int s = 0; s < SL_MAX_STATES; s++)
            sl_free(w->ctx, w->parts[p].state[s]);
    }
    sl_free(w->ctx, w->parts);
    sl_written_free(&w->rule);
    sl_written_free(&w->plain);
    sl_free(w->ctx, w);
}

size_t sl_update_elements(const sl_watched *w, int p)
{
    const sl_watched_part *part = &w->parts[p];
    return part->row ? part->rows * part->width : w->step->params[p]->count;
}

size_t sl_update_element(const sl_watched *w, int p, size_t k)
{
    const sl_watched_part *part = &w->parts[p];
    return part->row ? part->row[k / part->width] * part->width + k % part->width : k;
}

void sl_update_note(sl_walk *walk, const char *text)
{
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

const char *sl_update_param(sl_walk *walk, const sl_watched *w, int p)
{
    const char *name = sl_walk_name(walk, w->step->params[p]); /* of one that is not in the graph: "?" */
    return *name != '?' ? name : walk->model->param_names[p];
}

/* "b1, b2 are frozen: they stay as they are" */
static void update_tell_held(sl_walk *walk, const sl_watched *w, bool learns, const char *why)
{
    sl_text text;
    int count = 0;
    sl_text_init(&text, w->ctx);
    for (int p = 0; p < w->count; p++)
        if (!w->parts[p].w && w->step->params[p]->learns == learns)
            sl_text_add(&text, count++ ? ", %s" : "%s", sl_update_param(walk, w, p));
    if (count)
        sl_update_note(walk, sl_explanation_keep(walk->e, "%s %s %s: %s", sl_text_string(&text),
                                                 count > 1 ? "are" : "is", why,
                                                 count > 1 ? "they stay as they are" : "it stays as it is"));
    sl_text_free(&text);
}

static void update_tell_rest(sl_walk *walk, const sl_watched *w)
{
    update_tell_held(walk, w, false, "frozen");
    update_tell_held(walk, w, true, "without gradient, since the loss does not depend on it");
    for (int p = 0; p < w->count; p++) {
        const sl_watched_part *part = &w->parts[p];
        const size_t rows = part->width ? w->step->params[p]->count / part->width : 0;
        if (part->row && part->rows < rows)
            sl_update_note(walk, sl_explanation_keep(
                                     walk->e, "%s: %zu of %zu rows were in no bag: they stay as they are%s",
                                     sl_update_param(walk, w, p), rows - part->rows, rows,
                                     w->step->rule->states ? ", and so do their states" : ""));
    }
}

static bool update_moved(const sl_watched *w, int p)
{
    const sl_tensor *t = w->step->params[p];
    bool same = true;
    for (size_t i = 0; i < t->count && same; i++)
        same = (double)t->v[i] == w->parts[p].w[i];
    return !same;
}

/* "moved: W1, W2; frozen: b1" */
static void update_tell_moved(sl_walk *walk, const sl_watched *w)
{
    static const char *const kinds[] = { "moved", "unchanged", "frozen", "without gradient" };
    sl_text text;
    sl_text_init(&text, w->ctx);
    for (int kind = 0; kind < 4; kind++) {
        int count = 0;
        for (int p = 0; p < w->count; p++) {
            const int own = w->parts[p].w ? !update_moved(w, p) : w->step->params[p]->learns ? 3 : 2;
            if (own != kind)
                continue;
            if (count++)
                sl_text_put(&text, ", ");
            else
                sl_text_add(&text, text.length ? "; %s: " : "%s: ", kinds[kind]);
            sl_text_put(&text, sl_update_param(walk, w, p));
        }
        if (kind == 0 && !count)
            sl_text_put(&text, "moved: nothing");
    }
    sl_update_note(walk, sl_explanation_keep(walk->e, "%s", sl_text_string(&text)));
    sl_text_free(&text);
}

void sl_update_tell_still(sl_walk *walk, const sl_watched *w)
{
    update_tell_rest(walk, w);
    update_tell_moved(walk, w);
}

double sl_update_downhill(const sl_watched *w)
{
    double sum = 0;
    for (int p = 0; p < w->count; p++)
        for (size_t i = 0; w->parts[p].w && i < w->step->params[p]->count; i++)
            sum += w->parts[p].g[i] * ((double)w->step->params[p]->v[i] - w->parts[p].w[i]);
    return sum;
}

void sl_update_explain(sl_walk *walk, sl_watched *w)
{
    sl_ctx *ctx = w->ctx;
    sl_update_tell_options(walk, w);
    sl_update_tell_rate(walk, w);
    sl_update_tell_clip(walk, w);
    sl_update_tell_rule(walk, w);
    for (int p = 0; p < w->count && !ctx->status; p++)
        if (w->parts[p].w) {
            sl_update_tell_weights(walk, w, p);
            sl_update_tell_norms(walk, w, p);
            sl_walk_values(walk, w->step->params[p], false);
        }
    sl_update_tell_average(walk, w);
    if (w->settled)
        sl_update_note(walk, "a state below 2^-100, about 7.9e-31, becomes 0: smaller ones would slow the "
                             "machine down, and never end");
    sl_update_tell_still(walk, w);
}
