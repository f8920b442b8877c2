/* answer.c - targets as the loss sees them, and outputs in the units of the data: a class with its
 * probability, or a number. */
#include "explain/rows.h"

#include <math.h>
#include <string.h>

enum { ANSWER_NAME = 80, ANSWER_LIST = 12, ANSWER_TERMS = 12 };

typedef struct { /* of one row */
    sl_told_rows *t;
    sl_explanation *e;
    const char *name; /* of the outputs */
    const sl_real *z; /* [width] */
    size_t width;
    const sl_real *p; /* [kinds], or [width] numbers */
    size_t kinds;     /* 0: numbers */
    size_t row;
} answer_row;

static const char *answer_class(const sl_told_rows *t, size_t class_index)
{
    const sl_model *model = t->model;
    const char *name =
        class_index < (size_t)model->classes && model->class_names ? model->class_names[class_index] : NULL;
    return name ? sl_told_clean(t->e, name, strlen(name), ANSWER_NAME)
                : sl_explanation_keep(t->e, "%zu", class_index);
}

static const char *answer_target(const sl_told_rows *t)
{
    const sl_columns *columns = t->data->store->columns;
    return columns && columns->target >= 0
               ? sl_told_clean(t->e, columns->column[columns->target].name,
                               strlen(columns->column[columns->target].name), ANSWER_NAME)
               : "target";
}

/* --- what is true --- */

static void answer_place(sl_explanation *e, const char *what, const char *value)
{
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                          .text = sl_explanation_keep(e, "%s: %s", what, value) });
}

/* "0 setosa, 1 versicolor, 2 virginica" */
static void answer_classes(const sl_told_rows *t, size_t kinds)
{
    sl_text text;
    sl_text_init(&text, t->e->ctx);
    for (size_t c = 0; c < kinds; c++) {
        if (c == ANSWER_LIST) {
            sl_text_add(&text, ", .. %zu more ..", kinds - c);
            break;
        }
        sl_text_add(&text, "%s%zu %s", c ? ", " : "the classes' numbers: ", c, answer_class(t, c));
    }
    sl_told_note(t->e, sl_explanation_keep(t->e, "%s", sl_text_string(&text)));
    sl_text_free(&text);
}

/* Names say nothing where they are the numbers. */
static bool answer_named(const sl_model *model, size_t kinds)
{
    char number[32];
    for (size_t c = 0; c < kinds && c < (size_t)model->classes && model->class_names; c++)
        if (strcmp(model->class_names[c], sl_number_text(number, (double)c)) != 0)
            return true;
    return false;
}

void sl_tell_target(const sl_told_rows *t, size_t r)
{
    sl_explanation *e = t->e;
    const size_t kinds = (size_t)sl_model_kinds(t->model), outputs = t->data->outputs;
    const sl_target *target = &t->model->target;
    char number[32];
    if (!t->y)
        return;
    const sl_real *own = t->targets + r * outputs, *y = t->y->v + r * outputs;
    if (kinds) {
        answer_place(e, answer_target(t), answer_class(t, (size_t)own[0]));
        if (answer_named(t->model, kinds))
            answer_classes(t, kinds);
        sl_told_number(e, sl_told_prepared(t, t->y, 1, r, 0), (double)y[0]);
        return;
    }
    answer_place(e, answer_target(t),
                 outputs == 1 ? sl_number_text(number, (double)own[0]) : sl_explained_list(e, own, outputs));
    for (size_t i = 0; i < outputs; i++) {
        size_t skipped;
        i = sl_explained_next(e, i, outputs, &skipped);
        if (skipped)
            sl_explanation_add(
                e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                   .text = sl_explanation_keep(e, "%zu more like these", skipped) });
        const sl_named named[] = { { "v", (double)own[i] },
                                   { "mean", target->shift },
                                   { "deviation", target->scale } };
        sl_explained_line(e, 2, sl_told_prepared(t, t->y, outputs, r, i),
                          target->way == SL_STANDARD ? "(v - mean)/deviation"
                          : target->way == SL_LOG    ? "(log(v) - mean)/deviation"
                                                     : "v",
                          named, 3, (double)y[i]);
    }
}

/* --- what is answered --- */

static const char *answer_element(const answer_row *a, const char *name, size_t width, size_t i)
{
    return sl_told_element(a->t, name, width, a->row, i);
}

/* p[c] = exp(z[c] - m)/S, m the largest z. */
static void answer_softmax(const answer_row *a, const bool *shown)
{
    sl_explanation *e = a->e;
    double most = (double)a->z[0], sum = 0;
    for (size_t c = 0; c < a->width; c++)
        most = (double)a->z[c] > most ? (double)a->z[c] : most;
    sl_named named[ANSWER_TERMS + 1];
    char letters[ANSWER_TERMS][4];
    sl_text formula;
    sl_text_init(&formula, e->ctx);
    for (size_t c = 0; c < a->width; c++) {
        sum += sl_exp_d((double)a->z[c] - most);
        if (a->width > ANSWER_TERMS)
            continue;
        letters[c][0] = 'z';
        letters[c][1] = (char)('a' + c);
        letters[c][2] = 0;
        named[c] = (sl_named){ letters[c], (double)a->z[c] };
        sl_text_add(&formula, "%sexp(%s - m)", c ? " + " : "", letters[c]);
    }
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                          .name = "p",
                                          .text = sl_explanation_keep(e, "exp(%s - m)/S", a->name),
                                          .shapes = sl_explanation_keep(e, "[%zu]", a->width) });
    sl_told_note(
        e, "m is the largest of them, which keeps exp small and changes no share; S is the sum of all exp");
    if (a->width <= ANSWER_TERMS) {
        named[a->width] = (sl_named){ "m", most };
        sl_explained_line(e, 2, "S", sl_text_string(&formula), named, (int)a->width + 1, sum);
    } else {
        sl_told_number(e, "S", sum);
    }
    sl_text_free(&formula);
    for (size_t c = 0, left = 0; c < a->width; c++) {
        if (!shown[c]) {
            left++;
            continue;
        }
        if (left)
            sl_explanation_add(e,
                               (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                               .text = sl_explanation_keep(e, "%zu more like these", left) });
        left = 0;
        const sl_named one[] = { { "z", (double)a->z[c] }, { "m", most }, { "S", sum } };
        sl_explained_line(e, 2, answer_element(a, "p", a->width, c), "exp(z - m)/S", one, 3, (double)a->p[c]);
    }
}

/* What one output of so many says of its class. */
static const char *answer_formula(const sl_loss *loss)
{
    return loss->predict == sl_loss_exp                                          ? "exp(z)"
           : loss->predict == sl_loss_step                                       ? "z >= 0"
           : loss->predict == sl_loss_halves                                     ? "(1 + z)/2"
           : loss->predict == sl_loss_sigmoid || loss->predict == sl_loss_scores ? "1/(1 + exp(-z))"
                                                                                 : "z";
}

static void answer_probabilities(const answer_row *a, const bool *shown)
{
    const sl_loss *loss = a->t->model->loss;
    const bool two = a->width == 1 && a->kinds == 2;
    if (a->width > 1 && (loss->predict == sl_softmax_rows || loss->predict == sl_loss_scores)) {
        answer_softmax(a, shown);
        return;
    }
    for (size_t c = 0, left = 0; c < a->kinds; c++) {
        if (!shown[c]) {
            left++;
            continue;
        }
        if (left)
            sl_explanation_add(
                a->e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                      .text = sl_explanation_keep(a->e, "%zu more like these", left) });
        left = 0;
        const char *formula = answer_formula(loss);
        if (two && c == 0)
            formula = !strcmp(formula, "1/(1 + exp(-z))") ? "1/(1 + exp(z))" : "1 - p";
        const sl_named named[] = { { "z", (double)a->z[two ? 0 : c] }, { "p", (double)a->p[a->kinds - 1] } };
        sl_explained_line(a->e, 2, answer_element(a, "p", a->kinds, c), formula, named, 2, (double)a->p[c]);
    }
}

/* The first of the largest. */
static size_t answer_best(const sl_real *p, size_t kinds)
{
    size_t best = 0;
    for (size_t c = 1; c < kinds; c++)
        best = p[c] > p[best] ? c : best;
    return best;
}

static const char *answer_truth(const answer_row *a)
{
    const sl_told_rows *t = a->t;
    return t->targets ? answer_class(t, (size_t)t->targets[a->row * t->data->outputs]) : NULL;
}

static void answer_kind(const answer_row *a, bool after)
{
    const sl_told_rows *t = a->t;
    char number[32], was[32];
    const size_t best = answer_best(a->p, a->kinds);
    const sl_real *before = after && t->before ? t->before + a->row * a->kinds : NULL;
    const char *truth = answer_truth(a);
    bool *shown = sl_alloc_array(a->e->ctx, a->kinds, sizeof *shown);
    if (!shown)
        return;
    for (size_t c = 0; c < a->kinds; c++) {
        size_t skipped;
        c = sl_explained_next(a->e, c, a->kinds, &skipped);
        shown[c] = true;
    }
    shown[best] = true;
    if (truth)
        shown[(size_t)t->targets[a->row * t->data->outputs]] = true;
    /* in a step the softmax or sigmoid stands in the loss, whose p is of the second class */
    const bool told =
        t->model->loss->predict == sl_softmax_rows || t->model->loss->predict == sl_loss_sigmoid;
    if (a->e->depth > 1 && !after && !(t->y && told && !t->infer))
        answer_probabilities(a, shown);
    sl_free(a->e->ctx, shown);
    const char *gone = before ? sl_explanation_keep(a->e, " (%s before)",
                                                    sl_explained_number(a->e, was, (double)before[best], 0))
                              : "";
    sl_told_note(
        a->e, sl_explanation_keep(
                  a->e, "answer: %s, p = %s%s%s%s%s", answer_class(t, best),
                  sl_explained_number(a->e, number, (double)a->p[best], 0), gone, truth ? "; true: " : "",
                  truth ? truth : "",
                  !truth ? ""
                  : (size_t)t->targets[a->row * t->data->outputs] == best
                      ? ""
                      : sl_explanation_keep(
                            a->e, ", p = %s",
                            sl_explained_number(
                                a->e, was, (double)a->p[(size_t)t->targets[a->row * t->data->outputs]], 0))));
}

/* The prediction number i of a row: from the outputs back to the units of the data. */
static void answer_number(const answer_row *a, size_t i, const char *label)
{
    const sl_model *model = a->t->model;
    const sl_target *target = &model->target;
    const size_t bound = sl_loss_has_bounds(model->loss) ? i % 3 : 0;
    const char *inner =
        bound ? bound == 1 ? "(min(a, b) - c)" : "(max(a, b) + c)" : answer_formula(model->loss);
    const size_t first = i - bound;
    const double c = model->correction;
    const sl_named named[] = { { "z", (double)a->z[i] },
                               { "a", bound ? (double)a->z[first + 1] : 0 },
                               { "b", bound ? (double)a->z[first + 2] : 0 },
                               { "c", c },
                               { "mean", target->shift },
                               { "deviation", target->scale } };
    if (bound && c < 0 && fabs((double)a->z[first + 1] - (double)a->z[first + 2]) < -2 * c)
        inner = "((a + b)/2)"; /* they would cross */
    const char *formula = target->way == SL_STANDARD ? sl_explanation_keep(a->e, "%s*deviation + mean", inner)
                          : target->way == SL_LOG
                              ? sl_explanation_keep(a->e, "exp(%s*deviation + mean)", inner)
                              : inner;
    sl_explained_line(a->e, 2, answer_element(a, label, 1, 0), formula, named, 6, (double)a->p[i]);
}

static void answer_numbers(const answer_row *a)
{
    const sl_told_rows *t = a->t;
    static const char *const bounds[] = { "prediction", "low", "high" };
    const bool bounded = sl_loss_has_bounds(t->model->loss);
    const size_t each = bounded ? 3 : 1;
    for (size_t i = 0; i < a->width && a->e->depth > 1; i++) {
        size_t skipped;
        i = sl_explained_next(a->e, i, a->width, &skipped);
        if (skipped)
            sl_explanation_add(
                a->e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                      .text = sl_explanation_keep(a->e, "%zu more like these", skipped) });
        answer_number(a, i,
                      bounded        ? bounds[i % 3]
                      : a->width > 1 ? sl_explanation_keep(a->e, "prediction_%zu", i)
                                     : "prediction");
    }
    for (size_t j = 0; j < a->width / each && j < ANSWER_LIST; j++) {
        char number[32], real[32], off[32];
        const double is = (double)a->p[j * each];
        const double truth = t->targets ? (double)t->targets[a->row * t->data->outputs + j] : (double)NAN;
        const char *said = sl_explanation_keep(a->e, "answer: %s", sl_explained_number(a->e, number, is, 0));
        if (t->targets)
            said = sl_explanation_keep(a->e, "%s; true: %s, so it is off by %s", said,
                                       sl_explained_number(a->e, real, truth, 0),
                                       sl_explained_number(a->e, off, is - truth, 0));
        sl_told_note(a->e, said);
    }
}

void sl_tell_answer(void *user, sl_explanation *e, const sl_tensor *output, const char *name, bool after)
{
    sl_told_rows *t = user;
    const size_t width = (size_t)sl_model_outputs(t->model), each = (size_t)sl_prediction_width(t->model);
    sl_real *p = sl_alloc_array(e->ctx, t->count * each, sizeof *p);
    if (!p)
        return;
    sl_outputs_to_predictions(t->model, output->v, t->count, p);
    if (!after)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "answer" });
    for (size_t r = 0; sl_told_more(t, &r); r++) {
        const answer_row a = { .t = t,
                               .e = e,
                               .name = name,
                               .z = output->v + r * width,
                               .width = width,
                               .p = p + r * each,
                               .kinds = (size_t)sl_model_kinds(t->model),
                               .row = r };
        if (a.kinds)
            answer_kind(&a, after);
        else
            answer_numbers(&a);
    }
    if (!t->before && !after)
        t->before = p;
    else
        sl_free(e->ctx, p);
}
