/* equation.c - a net as one formula, or as a few with names between them, with the numbers of its weights in
 * it; computed on rows beside the net before anything is said. */
#include "explain/equation.h"

#include <string.h>

/* Each answer without names in between, where that stays short: the definitions are then the answers alone.
 */
static void equation_shorten(sl_equation *q)
{
    sl_filling *known = sl_alloc_array(q->e->ctx, (size_t)q->count + 1, sizeof *known);
    bool is_short = known != NULL;
    int count = 0, answers = 0;
    for (int i = 0; i < q->count; i++)
        answers += q->definitions[i].answer;
    is_short = is_short && answers < 3;
    for (int i = 0; i < q->count && is_short; i++) {
        const sl_definition *d = &q->definitions[i];
        const char *formula = sl_equation_fill(q, d->formula, known, count);
        is_short = strlen(formula) <= SL_EQUATION_SHORT && !q->e->ctx->status;
        if (!d->answer)
            known[count++] = (sl_filling){ d->name, formula };
    }
    int kept = 0;
    for (int i = 0; i < q->count && is_short; i++) {
        sl_definition d = q->definitions[i];
        if (!d.answer)
            continue;
        d.formula = sl_equation_fill(q, d.formula, known, count);
        d.place = NULL;
        q->definitions[kept++] = d;
    }
    if (is_short)
        q->count = kept;
    sl_free(q->e->ctx, known);
}

static sl_status equation_ready(sl_ctx *ctx, const sl_model *model)
{
    char have[32], most[32];
    if (ctx->status)
        return ctx->status;
    if (!model->built || !model->loss)
        return sl_fail(
            ctx, SL_EINVAL,
            "sl_explain_equation: the model is not trained: call sl_compile and sl_fit, or load one");
    if (sl_model_reads_texts(model))
        return sl_fail(ctx, SL_EINVAL,
                       "explain: the net reads texts, and an equation would have a number for each of their "
                       "words: slope errors RUN --row N says what the words of a text do");
    if (model->parameters > SL_EQUATION_NUMBERS)
        return sl_fail(
            ctx, SL_EINVAL,
            "explain: the net has %s numbers, and an equation of at most %s is written: slope show "
            "lists the layers, slope explain --forward the arithmetic of a row",
            sl_count_text(have, model->parameters), sl_count_text(most, SL_EQUATION_NUMBERS));
    return SL_OK;
}

/* With the digits of a float; where that loses too much with more; where numbers grow out of range in another
 * form. */
static sl_status equation_try(sl_equation *q, sl_equation_checked *checked)
{
    sl_ctx *ctx = q->e->ctx;
    static const int figures[] = { 0, 10, 17 };
    for (int attempt = 0; attempt < 6; attempt++) {
        q->figures = figures[attempt % 3];
        q->large = attempt > 2;
        q->count = q->variable_count = 0;
        if (sl_equation_inputs(q) || sl_equation_layers(q) || sl_equation_answers(q))
            return ctx->status;
        equation_shorten(q);
        if (sl_equation_check(q, checked))
            return ctx->status;
        if (checked->agrees)
            return SL_OK;
    }
    char off[32], net[32];
    return sl_fail(
        ctx, SL_EINVAL,
        "explain: computed by the equation an answer is %s off from %s, which the net says, so none is "
        "given: its numbers are too large or too small for one, or this is a fault of slope: then please "
        "report it",
        sl_number_text(off, checked->worst), sl_number_text(net, checked->beside));
}

sl_explanation *sl_explain_equation(const sl_model *model, const sl_equation_options *options)
{
    const sl_equation_options none = { 0 }, *o = options ? options : &none;
    if (!model)
        return NULL;
    sl_ctx *ctx = model->ctx;
    const sl_syntax *syntax = ctx->status ? NULL : sl_syntax_find(ctx, o->syntax);
    if (!syntax || equation_ready(ctx, model))
        return NULL;
    sl_explanation *e = sl_explanation_new(ctx, o->depth, o->digits);
    sl_equation q = { .e = e, .model = model, .data = o->data && o->data->rows ? o->data : NULL };
    sl_equation_checked checked;
    if (e && !equation_try(&q, &checked))
        sl_equation_write(&q, syntax, &checked);
    sl_free(ctx, q.variables);
    sl_free(ctx, q.definitions);
    if (!ctx->status)
        return e;
    sl_explanation_free(e);
    return NULL;
}
