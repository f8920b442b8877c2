/* update_whole.c - a step of a method that asks for the loss as often as it likes: what it came to. */
#include "explain/update.h"
#include "optim/whole/whole.h"

static const char *whole_change(sl_explanation *e, const double *before, const sl_tensor *t)
{
    sl_real *kept = sl_alloc_array(e->ctx, t->count, sizeof *kept);
    for (size_t i = 0; kept && i < t->count; i++)
        kept[i] = (sl_real)before[i];
    const char *text = kept ? sl_explanation_keep(e, "%s -> %s", sl_explained_list(e, kept, t->count),
                                                  sl_explained_list(e, t->v, t->count))
                            : "";
    sl_free(e->ctx, kept);
    return text;
}

static void whole_tell(sl_walk *walk, const sl_watched *w, uint64_t losses, uint64_t gradients)
{
    sl_explanation *e = walk->e;
    const sl_step *step = w->step;
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                           .text = sl_explanation_keep(e, "%s: %s", step->set.rule, step->rule->summary) });
    const char *with =
        gradients ? sl_explanation_keep(e, ", %llu of them with the gradient", (unsigned long long)gradients)
                  : " and no gradient";
    sl_update_note(
        walk, sl_explanation_keep(e,
                                  "it took %llu loss%s of all rows%s, too many to be followed here: this is "
                                  "what came of them",
                                  (unsigned long long)losses, losses == 1 ? "" : "es", with));
    for (int p = 0; p < w->count; p++)
        if (w->parts[p].w)
            sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                                  .name = sl_update_param(walk, w, p),
                                                  .value = whole_change(e, w->parts[p].w, step->params[p]) });
    if (step->whole->why)
        sl_update_note(walk, sl_explanation_keep(e, "%s has ended: %s", step->rule->name, step->whole->why));
    sl_update_tell_still(walk, w);
}

sl_status sl_update_whole(sl_walk *walk, sl_step *step, bool shown,
                          sl_tensor *(*loss)(sl_tape *tape, void *user), sl_tape *tape, void *user)
{
    uint64_t gradients, more;
    const uint64_t losses = sl_step_evaluations(step, &gradients);
    sl_watched *watched = sl_update_watch(walk, step);
    if (watched && !sl_step_minimise(step, loss, tape, user, NULL) && shown) {
        const uint64_t all = sl_step_evaluations(step, &more);
        whole_tell(walk, watched, all - losses, more - gradients);
    }
    sl_update_forget(watched);
    return walk->e->ctx->status;
}
