/* update_behind.c - what comes behind the rule: rows that are too long are made shorter, and an average of
 * the weights follows them. */
#include "explain/update.h"

#include <math.h>

typedef struct {
    const double *row;
} behind_row;

static int behind_square(const void *user, size_t i, double factors[3])
{
    const behind_row *row = user;
    factors[0] = factors[1] = row->row[i];
    return 2;
}

static void behind_more(sl_explanation *e, size_t skipped, const char *what)
{
    if (skipped)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                              .text = sl_explanation_keep(e, "%zu more %s", skipped, what) });
}

/* Row r: its length, and its weights where that is too much. */
static void behind_norm(sl_walk *walk, const sl_watched *w, int p, size_t r)
{
    sl_explanation *e = walk->e;
    const sl_tensor *t = w->step->params[p];
    const size_t width = sl_shape_row(t->shape);
    const double most = (double)w->step->set.max_norm;
    const behind_row row = { w->parts[p].ruled + r * width };
    const char *name = sl_explanation_keep(e, "|%s[%zu]|", sl_walk_name(walk, t), r);
    double squares = 0;
    for (size_t j = 0; j < width; j++)
        squares += row.row[j] * row.row[j];
    const double norm = sqrt(squares);
    if (norm - norm != 0) {
        sl_update_note(walk, sl_explanation_keep(e, "%s is not finite: it is left as it is", name));
        return;
    }
    sl_explained_total(
        e, name,
        &(sl_explained_sum){
            .count = width, .term = behind_square, .user = &row, .open = "sqrt(", .close = ")" },
        norm);
    for (size_t j = 0; j < width && !e->ctx->status; j++) {
        size_t skipped;
        j = sl_explained_next(e, j, width, &skipped);
        behind_more(e, skipped, "like these");
        const sl_named names[] = { { "w", row.row[j] }, { "max_norm", most }, { "norm", norm } };
        sl_explained_line(e, 2, sl_walk_element(walk, t, r * width + j),
                          norm > most ? "w*max_norm/norm" : "w", names, 3, (double)t->v[r * width + j]);
    }
}

void sl_update_tell_norms(sl_walk *walk, const sl_watched *w, int p)
{
    sl_explanation *e = walk->e;
    const sl_watched_part *part = &w->parts[p];
    const sl_tensor *t = w->step->params[p];
    const size_t width = sl_shape_row(t->shape);
    if (!part->ruled || !width || e->depth < 2)
        return;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                          .name = sl_explanation_keep(e, "|%s[i]|", sl_walk_name(walk, t)),
                                          .text = "sqrt(sum of w^2), over row i" });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                          .name = "w",
                                          .text = "w*max_norm/norm if norm > max_norm, else w" });
    const size_t rows = part->row ? part->rows : t->count / width;
    for (size_t k = 0; k < rows && !e->ctx->status; k++) {
        size_t skipped;
        k = sl_explained_next(e, k, rows, &skipped);
        behind_more(e, skipped, "rows like these");
        behind_norm(walk, w, p, part->row ? part->row[k] : k);
    }
}

static void behind_average(sl_walk *walk, const sl_watched *w, int p, double rate)
{
    sl_explanation *e = walk->e;
    const sl_tensor *t = w->step->params[p];
    const sl_watched_part *part = &w->parts[p];
    const int s = w->step->rule->states;
    const sl_real *after = w->step->state[p * SL_MAX_STATES + s];
    const size_t count = sl_update_elements(w, p);
    for (size_t k = 0; k < count && e->depth >= 2 && !e->ctx->status; k++) {
        size_t skipped;
        k = sl_explained_next(e, k, count, &skipped);
        behind_more(e, skipped, "like these");
        const size_t i = sl_update_element(w, p, k);
        const sl_named names[] = { { "average", part->state[s][i] },
                                   { "rate", rate },
                                   { "w", (double)t->v[i] } };
        sl_explained_line(e, 2, sl_explanation_keep(e, "average of %s", sl_walk_element(walk, t, i)),
                          after[i] == 0 ? "average + rate*(w - average) | 0" : "average + rate*(w - average)",
                          names, 3, (double)after[i]);
    }
    if (e->depth < 2)
        sl_explanation_add(
            e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                               .name = sl_explanation_keep(e, "average of %s", sl_walk_name(walk, t)),
                               .value = sl_explained_list(e, after, t->count) });
}

void sl_update_tell_average(sl_walk *walk, const sl_watched *w)
{
    sl_explanation *e = walk->e;
    const double memory = (double)w->step->set.average;
    if (!(memory > 0) || e->ctx->status)
        return;
    double power = 1;
    for (double i = 0; i < w->t; i++)
        power *= memory;
    const double rate = (1 - memory) / (1 - power);
    const sl_named names[] = { { "memory", memory }, { "t", w->t } };
    sl_update_note(walk, sl_explanation_keep(e, "beside the weights their average is kept, of memory %s",
                                             sl_explained_number(e, (char[32]){ 0 }, memory, 0)));
    sl_explanation_add(
        e,
        (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = "rate", .text = "(1 - memory)/(1 - memory^t)" });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                          .name = "average",
                                          .text = "average + rate*(w - average)" });
    sl_explained_line(e, 2, "rate", "(1 - memory)/(1 - memory^t)", names, 2, rate);
    for (int p = 0; p < w->count; p++)
        if (w->parts[p].w)
            behind_average(walk, w, p, rate);
}
