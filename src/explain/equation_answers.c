/* equation_answers.c - what the last layer gives, as `slope predict` says it: probabilities, or numbers in
 * the units of the target. */
#include "explain/equation.h"

#include "train/measure.h"

#include <string.h>

sl_status sl_equation_sigmoid(sl_equation *q, sl_element *x)
{
    x->formula = sl_equation_fill(q, "1/(1 + exp(-z))", &(sl_filling){ "z", x->formula }, 1);
    return q->e->ctx->status;
}

/* e to each, over the sum of all; in a form for large numbers all less the largest. */
sl_status sl_equation_softmax(sl_equation *q, const char *prefix, bool logarithm)
{
    sl_ctx *ctx = q->e->ctx;
    sl_text sum, most;
    sl_text_init(&sum, ctx);
    sl_text_init(&most, ctx);
    for (size_t i = 0; i < q->width && !ctx->status; i++) {
        const char *z = sl_equation_define(
            q, sl_equation_name(q, sl_explanation_keep(q->e, "z%zu", i + 1), "z"), q->x[i].formula);
        sl_text_add(&most, "%s%s", i ? ", " : "max(", z);
        q->x[i].formula = z;
    }
    sl_text_put(&most, ")");
    const char *top = q->large && q->width <= 50 ? sl_equation_define(q, sl_equation_name(q, "top", "top"),
                                                                      sl_equation_keep(q, &most))
                                                 : NULL;
    for (size_t i = 0; i < q->width && !ctx->status; i++) {
        if (top)
            q->x[i].formula = sl_explanation_keep(q->e, "%s - %s", q->x[i].formula, top);
        sl_text_add(&sum, "%sexp(%s)", i ? " + " : "", q->x[i].formula);
    }
    const char *all =
        sl_equation_define(q, sl_equation_name(q, sl_explanation_keep(q->e, "sum_%s", prefix), "sum"),
                           sl_equation_keep(q, &sum));
    for (size_t i = 0; i < q->width && !ctx->status; i++)
        q->x[i].formula = logarithm ? sl_explanation_keep(q->e, "%s - log(%s)", q->x[i].formula, all)
                                    : sl_explanation_keep(q->e, "exp(%s)/%s", q->x[i].formula, all);
    sl_text_free(&sum);
    sl_text_free(&most);
    return ctx->status;
}

static const char *answers_class(sl_equation *q, int index)
{
    const char *name = sl_model_class_name(q->model, index);
    return sl_equation_name(
        q, name ? sl_explanation_keep(q->e, "p_%s", name) : sl_explanation_keep(q->e, "p_%d", index),
        sl_explanation_keep(q->e, "p_%d", index));
}

static void answers_add(sl_equation *q, const char *name, const char *formula)
{
    sl_equation_define(q, name, formula);
    if (!q->e->ctx->status)
        q->definitions[q->count - 1].answer = true;
}

/* The two bounds in order, and moved out by the correction; where that is negative they may meet. */
static void answers_bounds(sl_equation *q)
{
    const double correction = q->model->correction;
    char number[32];
    for (size_t i = 0; i + 2 < q->width && !q->e->ctx->status; i += 3) {
        const char *a = sl_equation_define(q, sl_equation_name(q, "bound_a", "a"), q->x[i + 1].formula);
        const char *b = sl_equation_define(q, sl_equation_name(q, "bound_b", "b"), q->x[i + 2].formula);
        sl_equation_number(q, number, correction < 0 ? -correction : correction);
        const char *low = sl_explanation_keep(q->e,
                                              correction > 0   ? "min(%s, %s) - %s"
                                              : correction < 0 ? "min(%s, %s) + %s"
                                                               : "min(%s, %s)",
                                              a, b, number);
        const char *high = sl_explanation_keep(q->e,
                                               correction > 0   ? "max(%s, %s) + %s"
                                               : correction < 0 ? "max(%s, %s) - %s"
                                                                : "max(%s, %s)",
                                               a, b, number);
        q->x[i + 1].formula =
            correction < 0 ? sl_explanation_keep(q->e, "min(%s, (%s + %s)/2)", low, a, b) : low;
        q->x[i + 2].formula =
            correction < 0 ? sl_explanation_keep(q->e, "max(%s, (%s + %s)/2)", high, a, b) : high;
    }
}

static const char *answers_in_units(sl_equation *q, const char *formula)
{
    const sl_target *target = &q->model->target;
    if (target->way == SL_UNSCALED)
        return formula;
    sl_text sum;
    sl_text_init(&sum, q->e->ctx);
    sl_equation_term(q, &sum, target->scale, formula);
    sl_equation_constant(q, &sum, target->shift);
    const char *own = sl_equation_keep(q, &sum);
    sl_text_free(&sum);
    return target->way == SL_LOG ? sl_explanation_keep(q->e, "exp(%s)", own) : own;
}

static void answers_curve(sl_equation *q)
{
    const sl_loss *loss = q->model->loss;
    if (!loss || !loss->predict)
        return;
    if (loss->predict == sl_softmax_rows || (loss->predict == sl_loss_scores && q->width > 1)) {
        sl_equation_softmax(q, "e", false);
        return;
    }
    for (size_t i = 0; i < q->width && !q->e->ctx->status; i++)
        if (loss->predict == sl_loss_sigmoid || loss->predict == sl_loss_scores)
            sl_equation_sigmoid(q, &q->x[i]);
        else if (loss->predict == sl_loss_exp)
            q->x[i].formula = sl_explanation_keep(q->e, "exp(%s)", q->x[i].formula);
        else if (loss->predict == sl_loss_halves)
            q->x[i].formula = sl_equation_fill(q, "(1 + z)/2", &(sl_filling){ "z", q->x[i].formula }, 1);
        else if (loss->predict == sl_loss_step)
            q->x[i].formula = sl_equation_fill(q, "(z >= 0)", &(sl_filling){ "z", q->x[i].formula }, 1);
        else
            sl_fail(q->e->ctx, SL_EINVAL,
                    "explain: what the loss %s makes of outputs is not known as a formula", loss->name);
}

sl_status sl_equation_answers(sl_equation *q)
{
    static const char *const bounds[] = { "y", "y_low", "y_high" };
    sl_ctx *ctx = q->e->ctx;
    const int kinds = sl_model_kinds(q->model);
    q->place = "the answer";
    answers_curve(q);
    if (kinds == 2 && q->width == 1) {
        const char *other = answers_class(q, 0);
        const char *second = answers_class(q, 1);
        answers_add(q, second, q->x[0].formula);
        answers_add(q, other, sl_explanation_keep(q->e, "1 - %s", second));
        return ctx->status;
    }
    const bool bounded = q->model->loss && sl_loss_has_bounds(q->model->loss);
    if (bounded)
        answers_bounds(q);
    for (size_t i = 0; i < q->width && !ctx->status; i++) {
        const char *wanted = bounded && q->width == 3 ? bounds[i]
                             : q->width == 1          ? "y"
                                                      : sl_explanation_keep(q->e, "y%zu", i + 1);
        answers_add(q, kinds ? answers_class(q, (int)i) : sl_equation_name(q, wanted, "y"),
                    kinds ? q->x[i].formula : answers_in_units(q, q->x[i].formula));
    }
    return ctx->status;
}
