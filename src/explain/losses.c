/* losses.c - how the loss went, from step to step, and whether a step went too far. */
#include "explain/step.h"

enum { LOSSES_FIRST = 20, LOSSES_LAST = 10 };

sl_status sl_losses_new(sl_losses *losses, sl_ctx *ctx, int steps)
{
    const size_t count = (size_t)steps + 1;
    *losses = (sl_losses){ .ctx = ctx,
                           .steps = steps,
                           .loss = sl_alloc_array(ctx, count, sizeof(double)),
                           .penalty = sl_alloc_array(ctx, count, sizeof(double)),
                           .downhill = sl_alloc_array(ctx, count, sizeof(double)) };
    return ctx->status;
}

void sl_losses_free(sl_losses *losses)
{
    sl_free(losses->ctx, losses->loss);
    sl_free(losses->ctx, losses->penalty);
    sl_free(losses->ctx, losses->downhill);
    *losses = (sl_losses){ .ctx = losses->ctx };
}

static const char *losses_number(sl_explanation *e, double value)
{
    char number[32];
    return sl_explanation_keep(e, "%s", sl_explained_number(e, number, value, 0));
}

static void losses_change(sl_explanation *e, const char *name, double before, double after)
{
    double *number = sl_arena_take(&e->arena, sizeof *number);
    if (!number)
        return;
    *number = after;
    sl_explanation_add(e,
                       (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                       .numbers = number,
                                       .count = 1,
                                       .name = name,
                                       .value = sl_explanation_keep(e, "%s -> %s", losses_number(e, before),
                                                                    losses_number(e, after)),
                                       .number = after });
}

/* The table is cut in the middle, unless all is asked for. */
static void losses_table(const sl_losses *l, sl_explanation *e)
{
    sl_text text;
    sl_text_init(&text, e->ctx);
    sl_text_put(&text, "    after step  L");
    for (int s = 0; s <= l->steps; s++) {
        if (e->depth <= 2 && l->steps > LOSSES_FIRST + LOSSES_LAST && s == LOSSES_FIRST) {
            s = l->steps - LOSSES_LAST;
            sl_text_add(&text, "\n    .. %d more ..", s - LOSSES_FIRST + 1);
            continue;
        }
        int length = 1;
        for (int rest = s; rest > 9; rest /= 10)
            length++;
        sl_text_put(&text, "\n    ");
        for (int i = length; i < 10; i++)
            sl_text_put(&text, " ");
        sl_text_add(&text, "%d  %s", s, losses_number(e, l->loss[s]));
    }
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLAIN,
                                          .text = sl_explanation_keep(e, "%s", sl_text_string(&text)) });
    sl_text_free(&text);
}

/* Which steps made the loss larger, and why, as far as the slope says it. */
static void losses_rises(const sl_losses *l, sl_explanation *e)
{
    int rose = 0, first = 0, far = 0;
    for (int s = 0; s < l->steps; s++)
        if (l->loss[s + 1] > l->loss[s]) {
            first = rose++ ? first : s;
            far += l->downhill[s] < 0;
        }
    for (int s = 0; s < l->steps; s++)
        if (l->loss[s + 1] - l->loss[s + 1] != 0) {
            sl_explanation_add(
                e, (sl_explained){ .kind = SL_EXPLAINED_NOTE,
                                   .text = sl_explanation_keep(
                                       e,
                                       "from step %d on the loss is %s: the numbers have grown out of "
                                       "range; a smaller lr stays in it",
                                       s + 1, losses_number(e, l->loss[s + 1])) });
            return;
        }
    if (!rose)
        return;
    const char *from = losses_number(e, l->loss[first]), *to = losses_number(e, l->loss[first + 1]);
    const char *text;
    if (l->random)
        text = sl_explanation_keep(e,
                                   "the loss rose from %s to %s in step %d; but each step drops out others, "
                                   "so these losses are not of the same net",
                                   from, to, first + 1);
    else if (l->steps == 1)
        text = far ? sl_explanation_keep(e,
                                         "the step went too far: the loss rose from %s to %s, though it went "
                                         "downhill at first; a smaller lr stays on the slope",
                                         from, to)
                   : sl_explanation_keep(e,
                                         "the loss rose from %s to %s: the step did not follow its slope "
                                         "alone",
                                         from, to);
    else
        text = sl_explanation_keep(
            e, "the loss rose in %d of %d steps, at first in step %d, from %s to %s%s", rose, l->steps,
            first + 1, from, to,
            far == rose && l->loss[l->steps] < 0.01 * l->loss[0] ? ": too far at times, and yet it arrives"
            : far == rose && rose > 1 && rose < l->steps
                ? ": it oscillates, since the steps go downhill, but too far; a smaller lr goes down"
            : far == rose ? ": downhill at first, but too far; a smaller lr stays on the slope"
                          : "");
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

void sl_losses_tell(const sl_losses *l, sl_explanation *e)
{
    const double before = l->penalty[0], after = l->penalty[l->steps];
    losses_change(e, "L", l->loss[0], l->loss[l->steps]);
    if (before > 0 || after > 0)
        losses_change(e, "L + penalty", l->loss[0] + before, l->loss[l->steps] + after);
    if (l->steps > 1)
        losses_table(l, e);
    losses_rises(l, e);
}
